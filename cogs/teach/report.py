"""What a lesson came to, in words."""

from __future__ import annotations

from collections.abc import Mapping

from cogs.teach import texts
from teaching.lessons import Report

_ALIKE = 0.5
"""A cosine from which it helps to know whom somebody new resembles."""


def told(report: Report, problems: Mapping[int, str], *, channel_id: int | None = None) -> str:
    """The answer to a lesson; indices of pictures are shown counted from 1.

    Args:
        problems: picture's index → why it could not be used.
        channel_id: where staff are asked; None: it was learned.
    """
    name, used = report.subject.name, len(report.used)
    if report.lesson is None:
        lines = [texts.nothing_new(name)]
    elif channel_id is None:
        # The store knows vectors that the gallery's means hide; they count as known already.
        lines = [texts.learned(name, report.lesson.exemplars, report.looks)]
    else:
        lines = [texts.proposed(name, used, channel_id)]
    left_out = report.left_out
    lines += [
        texts.outlier(one.index + 1, one.nearest.character.name, left_out=one.index in left_out)
        for one in report.outliers
        if channel_id is None
    ]
    lines += [texts.problem(index + 1, text) for index, text in sorted(problems.items())]
    for one in report.duplicates:
        number = one.index + 1
        known = one.of is None
        lines.append(texts.known_already(number) if known else texts.same_as(number, one.of + 1))  # type: ignore[operator]
    nearest = report.nearest
    if report.lesson is not None and nearest is not None and nearest.cosine >= _ALIKE:
        lines.append(texts.resembles(nearest.character.name))
    return "\n".join(lines)
