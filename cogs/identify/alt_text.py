"""Says who is where, for people who do not see the picture."""

from __future__ import annotations

from cogs.identify.wording import length, shortened
from recognition.types import Box, Decision, Match, Recognition

MAX_ALT_TEXT = 1024
_ROOM_FOR_REST = 40
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
        f"{number}: {_name(face.decision)}, {_place(face.box, recognition.size, rows)}"
        for number, face in enumerate(recognition.faces, 1)
    ]
    text = "; ".join(parts)
    shown = len(parts)
    while length(text) > MAX_ALT_TEXT - (_ROOM_FOR_REST if shown < len(parts) else 0):
        shown -= 1
        text = "; ".join(parts[:shown])
    return text if shown == len(parts) else f"{text}; and {len(parts) - shown} more"


def _without_faces(recognition: Recognition) -> str:
    if recognition.whole is None:
        return "No face found."
    return f"No single face; the picture as a whole: {_name(recognition.whole.decision)}"


def _name(decision: Decision) -> str:
    if isinstance(decision, Match):
        return shortened(" ".join(decision.name.split()), 100)
    return "unknown"


def _place(box: Box, size: tuple[int, int], rows: bool) -> str:
    x, y = box.center
    column = ("left", "middle", "right")[_third(x, size[0])]
    row = ("top ", "", "bottom ")[_third(y, size[1])] if rows else ""
    return row + column


def _third(at: float, whole: int) -> int:
    return min(2, max(0, int(3 * at / max(1, whole))))
