"""What a cog refuses, as data; ``cogs/errors.py`` turns it into words.

::

    Refusal
    ├── NoPictures          the message holds nothing that could be a picture
    ├── PictureGone         the picture was deleted, or its link has run out
    ├── PictureTooSlow      it did not arrive in time
    ├── PictureUnreachable  the file host failed, or is not one that we ask
    ├── LinkRefused         that is no link, or none that we follow
    ├── LinkUnreachable     no picture came from a link, whatever the reason
    ├── NothingHere         there is no picture in the latest messages of the channel
    ├── ChannelUnreadable   the bot may not read the channel it should look through
    ├── ContentHidden       Discord does not show the bot what is in that message
    ├── AlreadyAsking       the member's last request is still being answered
    ├── AskedTooSoon        the member has to wait a little
    ├── StaffOnly           whoever asks may not do that in this server
    ├── OwnerOnly           only the owner of the server may
    ├── NotHere             it works only in a server in which the bot is
    ├── NoApprovalChannel   there is no place in which staff could be asked
    ├── NobodyTaught        the server has taught nobody of that name
    ├── FileTooLarge        a file is larger than is taken
    ├── ToldRefusal         a feature's own, which brings its sentence along
    └── Stopping            the bot is being shut down
"""

from __future__ import annotations


class Refusal(Exception):
    """Root of everything that cogs raise on purpose."""


class ToldRefusal(Refusal):
    """A refusal of one feature, whose ``texts.py`` has the sentence."""

    def sentence(self) -> str:
        """What to tell the member, in the language that is spoken."""
        raise NotImplementedError


class NoPictures(Refusal):
    """There is nothing to look at in the message."""


class PictureGone(Refusal):
    """The file host answered that there is no such file (any more)."""


class PictureTooSlow(Refusal):
    """The download took more than ``limit_s`` seconds."""

    def __init__(self, limit_s: float) -> None:
        super().__init__(f"{limit_s} s")
        self.limit_s = limit_s


class PictureUnreachable(Refusal):
    """The download failed. ``reason`` is for the log, never for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class LinkRefused(Refusal):
    """``what`` is wrong with it: ``"length"``, ``"form"``, ``"scheme"`` or ``"credentials"``."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class LinkUnreachable(Refusal):
    """A link gave no file. ``reason`` is for the log: members learn nothing of our network."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NothingHere(Refusal):
    """None of the newest ``looked_at`` messages has a picture."""

    def __init__(self, looked_at: int) -> None:
        super().__init__(looked_at)
        self.looked_at = looked_at


class ChannelUnreadable(Refusal):
    """The bot is not in this channel, or may not read its history."""


class ContentHidden(Refusal):
    """The message arrived without its pictures, as it does where the bot was not mentioned."""


class AlreadyAsking(Refusal):
    """One request at a time and member."""


class AskedTooSoon(Refusal):
    """The cooldown has ``wait_s`` seconds left."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(f"{wait_s:.1f} s")
        self.wait_s = wait_s


class Stopping(Refusal):
    """No new work is taken."""


class StaffOnly(Refusal):
    """``what`` is for staff: ``"teach"`` (teaching roles) or ``"manage"`` (Manage Server)."""

    def __init__(self, what: str = "teach") -> None:
        super().__init__(what)
        self.what = what


class OwnerOnly(Refusal):
    """Only the owner of the server may do that."""


class NotHere(Refusal):
    """It works only in a server in which the bot is, and remembers things."""


class NoApprovalChannel(Refusal):
    """There is no channel in which staff could be asked, or the bot cannot write there."""


class NobodyTaught(Refusal):
    """``typed`` is nobody whom this server taught."""

    def __init__(self, typed: str) -> None:
        super().__init__(typed)
        self.typed = typed


class FileTooLarge(Refusal):
    """A file of ``actual`` bytes was given where ``limit`` are taken."""

    def __init__(self, *, limit: int, actual: int) -> None:
        super().__init__(f"{actual} > {limit}")
        self.limit = limit
        self.actual = actual
