"""AniList's markup to Discord's, cut to a length without ever opening a spoiler.

AniList writes Markdown with a few signs of its own (anilist.co, "Markdown Guide"): ``~!spoiler!~``
over any number of lines, ``__bold__``, ``img220(url)``, and leftovers of HTML. It is read into runs
of equal style first; cutting and writing runs cannot break a mark, as there is none in them.
"""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

# Nothing that is thrown away may take the beginning or the end of a spoiler with it.
_PLAIN = r"(?:(?!~!|!~)[^()\s])*"
_TAG = re.compile(r"<(/?)([a-zA-Z]+)(?:(?!~!|!~)[^<>])*>")
_MEDIA = re.compile(rf"\b(?:img\d*%?|youtube|webm)\({_PLAIN}(?:\({_PLAIN}\){_PLAIN})?\)")
_LINK = re.compile(rf"!?\[([^\[\]]*)\]\({_PLAIN}(?:\({_PLAIN}\){_PLAIN})?\)")
_TAGS = {"b": "**", "strong": "**", "i": "*", "em": "*", "br": "\n", "p": "\n"}
_TOKEN = re.compile(r"~!|!~|~{3,}(?!!)|\*{1,3}|_{1,3}|\n+|[^~!*_\n]+|.")
# "!~!" can end a spoiler or begin one; where another end follows, it begins one.
_BEGINS = re.compile(r"!+~!(?=(?:(?!~!|!~).)*!~)", re.DOTALL)
_SPECIAL = re.compile(r"([\\*_~|`<>#\[\]])")
_CUT_BACK = 40
"""Characters given up to end at a space."""


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one style, without any marks."""

    text: str
    bold: bool = False
    italic: bool = False
    spoiler: bool = False


def discord_text(markup: str, longest: int) -> str:
    """AniList's markup as Discord's, at most `longest` UTF-16 units, ``…`` where it was cut.

    Spoilers stay ``||hidden||``, bold and italic stay, links keep their text; everything else is
    escaped, so that it can neither format nor link nor mention. A spoiler that is never closed
    hides the rest.

    >>> discord_text("__Age:__ 17~! and a ghost!~", 100)
    '**Age:** 17|| and a ghost||'
    """
    return write(read(markup), longest)


def plain_text(text: str, longest: int) -> str:
    """Text that means nothing but itself, escaped and cut as `discord_text` does."""
    return write((Run(" ".join(text.split())),), longest)


def read(markup: str) -> tuple[Run, ...]:
    """The runs of AniList's markup."""
    text = html.unescape(markup).replace("\r\n", "\n").replace("\u200b", "")
    text = _TAG.sub(lambda tag: _TAGS.get(tag[2].lower(), ""), text)
    text = _LINK.sub(r"\1", _MEDIA.sub("", text))
    text = _BEGINS.sub("~!", text).strip()
    style = Run("")
    runs: list[Run] = []
    for before, token, after in _in_context(_TOKEN.findall(text)):
        match token:
            case "~!":
                style = replace(style, spoiler=True)
            case "!~":
                style = replace(style, spoiler=False)
            case "*" | "**" | "***" | "_" | "__" | "___" if _is_mark(before, token, after, style):
                both = len(token) == 3
                style = replace(
                    style,
                    bold=style.bold ^ (both or len(token) == 2),
                    italic=style.italic ^ (both or len(token) == 1),
                )
            case _ if token.startswith("~~~"):
                pass  # "centred"
            case _ if token.startswith("\n"):
                style = replace(style, bold=False, italic=False)  # no mark reaches over a line
                runs.append(replace(style, text=token[:2]))
            case _:
                runs.append(replace(style, text=token))
    return tuple(_merged(runs))


def write(runs: Sequence[Run], longest: int) -> str:
    """Runs in Discord's Markdown, see `discord_text`."""
    whole = _rendered(runs)
    if _length(whole) <= longest:
        return whole
    least, most = 0, min(sum(len(run.text) for run in runs), longest)
    while least < most:  # the longest beginning that fits, in characters of text
        middle = (least + most + 1) // 2
        if _length(_rendered(_cut(runs, middle))) <= longest:
            least = middle
        else:
            most = middle - 1
    shortened = _rendered(_cut(runs, least)) if least else ""
    return shortened if _length(shortened) <= longest else ""


def _in_context(tokens: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Every token between its neighbours; outside of the text are line breaks."""
    edged = ["\n", *tokens, "\n"]
    return zip(edged, tokens, edged[2:], strict=False)


def _is_mark(before: str, token: str, after: str, style: Run) -> bool:
    """Whether ``*`` or ``_`` opens or closes something, and is not just written there."""
    if token[0] == "_" and before[-1].isalnum() and after[0].isalnum():
        return False  # snake_case
    is_open = style.italic if len(token) == 1 else style.bold
    return not (before[-1] if is_open else after[0]).isspace()


def _merged(runs: Iterable[Run]) -> Iterator[Run]:
    """Neighbours of one style as one run; no empty ones."""
    filled = (run for run in runs if run.text)
    for style, group in itertools.groupby(filled, key=lambda run: replace(run, text="")):
        yield replace(style, text="".join(run.text for run in group))


def _cut(runs: Sequence[Run], characters: int) -> list[Run]:
    """The first `characters` of text, at the last space before where one is near."""
    kept: list[Run] = []
    for run in runs:
        if characters <= 0:
            break
        kept.append(replace(run, text=run.text[:characters]))
        characters -= len(run.text)
    if not kept:
        return []
    last = kept[-1].text
    space = max(last.rfind(" "), last.rfind("\n"))
    if space > len(last) - _CUT_BACK and space > 0:
        last = last[:space]
    kept[-1] = replace(kept[-1], text=last.rstrip() + "…")
    return kept


def _rendered(runs: Sequence[Run]) -> str:
    out = ""
    for hidden, group in itertools.groupby(runs, key=lambda run: run.spoiler):
        text = _styled(list(group))
        if hidden and text.strip():
            # Bars that touch the bars before would close them; blanks inside are kept as they are.
            text = f"||{text}||"
        out += text
    return out.strip()


def _styled(runs: Sequence[Run]) -> str:
    out = ""
    for run in runs:
        mark = "***" if run.bold and run.italic else "**" if run.bold else "*" if run.italic else ""
        text = _escaped(run.text)
        core = text.strip()
        if mark and core:
            start = text.index(core)
            text = f"{text[:start]}{mark}{core}{mark}{text[start + len(core) :]}"
        touching = out and text and not (out[-1].isspace() or text[0].isspace())
        out += f"\u200b{text}" if touching and mark and out.endswith("*") else text
    return out


def _escaped(text: str) -> str:
    text = _SPECIAL.sub(r"\\\1", text)
    return text.replace("@", "@\u200b").replace("://", ":\u200b//")


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
