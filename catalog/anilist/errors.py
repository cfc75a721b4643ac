"""Why AniList had no answer. Errors carry data; the sentences are the caller's.

::

    CatalogError
    └── AniListUnavailable          base of all below: go on with what is known here
        ├── AniListBusy             wait_s: its limit is spent, ours or theirs
        ├── AniListResting          wait_s: it failed so often that it is left alone for a while
        ├── AniListUnreachable      reason: no connection, or not within the time allowed
        ├── AniListRefused          status: an answer that is none, such as 403 or 500
        └── AniListMalformed        where: an answer of another shape than its schema promises
"""

from catalog.errors import CatalogError


class AniListUnavailable(CatalogError):
    """AniList cannot be asked, or did not answer. Never a reason to refuse a member anything."""


class AniListBusy(AniListUnavailable):
    """No request may go out for ``wait_s`` seconds."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(f"{wait_s:.1f} s")
        self.wait_s = wait_s


class AniListResting(AniListUnavailable):
    """The breaker is open for another ``wait_s`` seconds."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(f"{wait_s:.1f} s")
        self.wait_s = wait_s


class AniListUnreachable(AniListUnavailable):
    """There was no answer. ``reason`` is for the log, never for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class AniListRefused(AniListUnavailable):
    """The HTTP ``status`` says no; 403 is how AniList tells that it is switched off."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class AniListMalformed(AniListUnavailable):
    """``where`` is the way to the first value of the wrong shape, such as ``data.Page``."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where
