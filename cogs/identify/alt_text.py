"""Says who is where, for people who do not see the picture."""

from __future__ import annotations

from cogs.identify import texts
from cogs.identify.wording import length, shortened
from cogs.shared.language import _
from recognition.types import Box, Decision, Match, Recognition

MAX_ALT_TEXT = 1024
_ROWS_FROM = 4


def alt_text(recognition: Recognition) -> str:
    """``"1: Ayanami Rei, left; 2: unknown, right"``; at most 1,024 characters, no markdown.

    From four faces on, top and bottom are told apart too. Without faces it says so, and what the
    whole picture was taken for.
    """
    if not recognition.faces:
        return _without_faces(recognition)
    rows = len(recognition.faces) >= _ROWS_FROM
    parts = [
        texts.alt_face(number, _name(face.decision), _place(face.box, recognition.size, rows=rows))
        for number, face in enumerate(recognition.faces, 1)
    ]
    text = "; ".join(parts)
    shown = len(parts)
    while length(text) > MAX_ALT_TEXT:
        shown -= 1
        text = texts.alt_more("; ".join(parts[:shown]), len(parts) - shown)
    return text


def _without_faces(recognition: Recognition) -> str:
    if recognition.whole is None:
        return _(texts.ALT_NO_FACE)
    return texts.alt_whole(_name(recognition.whole.decision))


def _name(decision: Decision) -> str:
    if isinstance(decision, Match):
        return shortened(" ".join(decision.name.split()), 100)
    return _(texts.UNKNOWN)


def _place(box: Box, size: tuple[int, int], *, rows: bool) -> str:
    x, y = box.center
    columns = texts.PLACES[_third(y, size[1])] if rows else texts.COLUMNS
    return _(columns[_third(x, size[0])])


def _third(at: float, whole: int) -> int:
    return min(2, max(0, int(3 * at / max(1, whole))))
