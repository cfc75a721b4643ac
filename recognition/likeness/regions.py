"""Where in a picture another one may lie: inside bars, inside a screenshot."""

from __future__ import annotations

import cv2
import numpy as np

from recognition.likeness.patches import Grey

Rectangle = tuple[float, float, float, float]
_SAME_GREY = 12
_LEAST_PART, _LEAST_LEFT = 0.15, 0.06
"""Parts of a side that something on a background, and what is left of a barred picture, has to
have."""


def trimmed(grey: Grey) -> Rectangle | None:
    """The picture without bars of one shade along its edges; None where there are none."""
    h, w = grey.shape
    busy_rows = np.ptp(grey, axis=1) > 2 * _SAME_GREY
    busy_columns = np.ptp(grey, axis=0) > 2 * _SAME_GREY
    if not busy_rows.any() or not busy_columns.any():
        return None
    y0, y1 = int(busy_rows.argmax()), h - int(busy_rows[::-1].argmax())
    # Columns are judged within the rows that are left: bars on all sides meet in the corners.
    busy_columns = np.ptp(grey[y0:y1], axis=0) > 2 * _SAME_GREY
    x0, x1 = int(busy_columns.argmax()), w - int(busy_columns[::-1].argmax())
    if (x1 - x0) < _LEAST_LEFT * w or (y1 - y0) < _LEAST_LEFT * h:
        return None
    if x0 + y0 + (w - x1) + (h - y1) < 0.02 * (w + h):
        return None
    return float(x0), float(y0), float(x1), float(y1)


def embedded(grey: Grey) -> Rectangle | None:
    """The largest thing on a plain background, as in a screenshot of a chat; None without one."""
    h, w = grey.shape
    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    shade = int(np.bincount(edge, minlength=256).argmax())
    other = (np.abs(grey.astype(np.int16) - shade) > _SAME_GREY).astype(np.uint8)
    # Letters are thin and lie apart: what is opened away here is text, what is left is a picture.
    other = cv2.morphologyEx(other, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    other = cv2.morphologyEx(other, cv2.MORPH_OPEN, np.ones((23, 23), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(np.asarray(other, np.uint8))
    if count < 2:
        return None
    x, y, width, height, _ = stats[1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())]
    if width < _LEAST_PART * w or height < _LEAST_PART * h or width * height > 0.97 * w * h:
        return None
    return float(x), float(y), float(x + width), float(y + height)
