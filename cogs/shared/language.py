"""Which language is spoken, and every sentence in it.

English is the language of the code: a sentence is written where it is said, inside `_` or
`ngettext`, and its translations lie in ``data/locales/<locale>/aniwhois.po``. Discord's library
gives each interaction and each event a task of its own, so the language is a context variable that
is set once where such a task begins (``cogs/shared/speech.py``), and every task started from there
inherits it. It is the member's own language; what everybody reads is said `in_public`.
"""

from __future__ import annotations

import contextlib
import contextvars
import functools
import gettext
import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).parents[2] / "data" / "locales"
DOMAIN = "aniwhois"
ENGLISH = "en-US"
LANGUAGES = {
    ENGLISH: "English",
    "ja": "日本語",
    "de": "Deutsch",
    "es-ES": "Español",
    "fr": "Français",
    "pt-BR": "Português",
}
"""Discord's locale of each language we speak, and its own name for itself."""
_NEAREST = {"en-GB": ENGLISH, "es-419": "es-ES"}

_spoken: contextvars.ContextVar[str] = contextvars.ContextVar("spoken", default=ENGLISH)
_public: contextvars.ContextVar[str] = contextvars.ContextVar("public", default=ENGLISH)


def supported(locale: str | None) -> str:
    """The language we speak to somebody with this locale of Discord; English where we have none."""
    locale = _NEAREST.get(locale or "", locale or "")
    return locale if locale in LANGUAGES else ENGLISH


def spoken() -> str:
    """The language of the current task, a key of `LANGUAGES`."""
    return _spoken.get()


def speak(locale: str | None, public: str | None = None) -> None:
    """From here on the current task, and every task it starts, speaks this language.

    Args:
        locale: of the one who is spoken to.
        public: of what everybody reads, where that is another one.
    """
    _spoken.set(supported(locale))
    _public.set(supported(public or locale))


def in_public() -> contextlib.AbstractContextManager[None]:
    """``with in_public():`` speaks the language of what everybody reads here."""
    return speaking(_public.get())


@contextlib.contextmanager
def speaking(locale: str | None) -> Iterator[None]:
    """Speaks another language for as long as the block lasts."""
    token = _spoken.set(supported(locale))
    try:
        yield
    finally:
        _spoken.reset(token)


def _(message: str) -> str:
    """The sentence in the spoken language, filled in afterwards: ``_("{who}!").format(…)``."""
    return translations(spoken()).gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    """The sentence for `n` of something in the spoken language, to be filled in afterwards."""
    return translations(spoken()).ngettext(one, many, n)


def pgettext(context: str, message: str) -> str:
    """The word in the spoken language, where it means something of its own in this context."""
    return translations(spoken()).pgettext(context, message)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for it
    """Marks a sentence for translation where it is not said yet: `_` says it later."""
    return message


def babel_locale() -> str:
    """The spoken language as Babel calls it. Its English is that of the code: day before month."""
    return "en_GB" if spoken() == ENGLISH else spoken().replace("-", "_")


@functools.cache
def translations(locale: str) -> gettext.NullTranslations:
    """The catalog of one language, read once. English is what stands in the code."""
    if locale == ENGLISH:
        return gettext.NullTranslations()
    with (LOCALES / locale / f"{DOMAIN}.po").open("rb") as lines:
        catalog = read_po(lines, locale=locale.replace("-", "_"))
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
