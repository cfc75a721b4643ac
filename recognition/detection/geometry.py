"""Boxes and pictures as plain arrays: borders, letterbox, suppression. NumPy and OpenCV only."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognition.types import RgbImage

Boxes = NDArray[np.float32]
"""``float32 (n, 4)``: x0, y0, x1, y1 in pixels."""

BORDER_NOISE = 12
"""Largest difference (0 to 255) from its median at which a line still counts as one colour."""
EDGE_NOISE = 0.01
"""Share of a line's pixels that may have another colour, and it is border still."""
LEAST_CONTENT = 0.3
"""Share of width and height that trimming must leave; else the picture is no bordered one."""


def content_window(image: RgbImage) -> tuple[int, int, int, int]:
    """Where the picture is inside black bars or a one-coloured border: ``(x0, y0, x1, y1)``.

    Rows and columns at the edges go while nearly all of their pixels have the colour of the
    picture's corner. Half-open, at least `LEAST_CONTENT` of either side; a picture without a border
    gives ``(0, 0, W, H)``. Only as much of a bar goes as leaves a margin of 2 % beside the content:
    a drawing on white keeps its outline.
    """
    h, w = image.shape[:2]
    if min(h, w) < 16:
        return 0, 0, w, h
    step_y, step_x = max(1, h // 512), max(1, w // 512)
    sample = np.ascontiguousarray(image[::step_y, ::step_x])
    colour = np.median(_corners(sample), axis=0)
    lowest, highest = np.ceil(colour - BORDER_NOISE), np.floor(colour + BORDER_NOISE)
    busy = cv2.inRange(sample, np.maximum(lowest, 0), np.minimum(highest, 255)) == 0
    rows = np.flatnonzero(busy.mean(1) > EDGE_NOISE)
    columns = np.flatnonzero(busy.mean(0) > EDGE_NOISE)
    if not len(rows) or not len(columns):
        return 0, 0, w, h
    margin_y, margin_x = max(1, h // 50), max(1, w // 50)
    y0 = max(0, int(rows[0]) * step_y - margin_y)
    y1 = min(h, (int(rows[-1]) + 1) * step_y + margin_y)
    x0 = max(0, int(columns[0]) * step_x - margin_x)
    x1 = min(w, (int(columns[-1]) + 1) * step_x + margin_x)
    if y1 - y0 < LEAST_CONTENT * h or x1 - x0 < LEAST_CONTENT * w:
        return 0, 0, w, h
    return x0, y0, x1, y1


def _corners(sample: RgbImage) -> RgbImage:
    """The pixels of the four corners (an eighth of each side), ``(n, 3)``."""
    h, w = sample.shape[:2]
    b, a = max(1, h // 32), max(1, w // 32)
    corners = (sample[:b, :a], sample[:b, -a:], sample[-b:, :a], sample[-b:, -a:])
    return np.concatenate([c.reshape(-1, 3) for c in corners])


@dataclass(frozen=True, slots=True)
class Letterbox:
    """A picture inside a canvas: pixel ``p`` of the picture lies at ``p * (fx, fy)``.

    The picture is in the canvas's upper left corner, so no offset is needed.
    """

    fx: float
    fy: float
    inside: tuple[int, int]
    """Width and height of the picture on the canvas, px."""

    def to_picture(self, boxes: Boxes) -> Boxes:
        """Boxes from canvas pixels to picture pixels."""
        factors = np.array([self.fx, self.fy, self.fx, self.fy], np.float32)
        return (boxes / factors).astype(np.float32)

    def to_canvas(self, boxes: Boxes) -> Boxes:
        """Boxes from picture pixels to canvas pixels."""
        out: Boxes = boxes * np.array([self.fx, self.fy, self.fx, self.fy], np.float32)
        return out


def halved(image: RgbImage, least_px: int) -> tuple[RgbImage, int]:
    """`image` halved as often as its longer side stays at least `least_px`; one odd line is lost.

    Averaging two by two is far quicker than any other shrinking, and what follows has less to do.

    Returns:
        The small picture, and how many times smaller it is.
    """
    times = 1
    while max(image.shape[:2]) // 2 >= least_px:
        h, w = image.shape[0] // 2, image.shape[1] // 2
        if not h or not w:
            break
        image = cv2.resize(image[: 2 * h, : 2 * w], (w, h), interpolation=cv2.INTER_AREA)
        times *= 2
    return image, times


def letterbox(image: RgbImage, side: int, multiple: int, fill: int) -> tuple[RgbImage, Letterbox]:
    """`image` scaled so that its longer side is `side` px, on a canvas of multiples of `multiple`.

    Args:
        image: ``uint8 (H, W, 3)``.
        side: wanted length of the longer side, px.
        multiple: height and width of the canvas are multiples of this.
        fill: grey value of the rest of the canvas.
    """
    h, w = image.shape[:2]
    factor = side / max(h, w)
    iw, ih = max(1, round(w * factor)), max(1, round(h * factor))
    if (iw, ih) != (w, h):
        how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
        image = cv2.resize(image, (iw, ih), interpolation=how)
    cw, ch = -(-iw // multiple) * multiple, -(-ih // multiple) * multiple
    canvas = np.full((ch, cw, 3), fill, np.uint8)
    canvas[:ih, :iw] = image
    return canvas, Letterbox(iw / w, ih / h, (iw, ih))


def box_areas(boxes: Boxes) -> NDArray[np.float32]:
    """Square pixels of each box: ``float32 (n,)``."""
    extent = np.maximum(boxes[:, 2:] - boxes[:, :2], np.float32(0))
    out: NDArray[np.float32] = extent[:, 0] * extent[:, 1]
    return out


def iou_matrix(a: Boxes, b: Boxes) -> NDArray[np.float32]:
    """Intersection over union of every box of `a` with every box of `b`: ``float32 (n, m)``."""
    lo = np.maximum(a[:, None, :2], b[None, :, :2])
    hi = np.minimum(a[:, None, 2:], b[None, :, 2:])
    extent = np.maximum(hi - lo, np.float32(0))
    inter = extent[..., 0] * extent[..., 1]
    union = box_areas(a)[:, None] + box_areas(b)[None] - inter
    out: NDArray[np.float32] = inter / np.maximum(union, np.float32(1e-9))
    return out


def merge(
    boxes: Boxes, scores: NDArray[np.float32], iou: float, *, inside: float = 0.85
) -> tuple[Boxes, NDArray[np.float32]]:
    """Greedy non-maximum suppression in which the suppressed vote on the survivor's sides.

    The best box suppresses all that overlap it by more than `iou`, or that lie inside it (or hold
    it) to `inside` of the smaller area while at least a fifth as large; the survivor becomes the
    mean of those with IoU 0.6 or more, weighted by score. Ties go to the earlier box. Source of
    the voting: Gidaris and Komodakis 2015.

    Returns:
        Boxes and scores, best first.
    """
    order = np.argsort(-scores, kind="stable")
    boxes, scores = boxes[order], scores[order]
    areas = box_areas(boxes)
    alive = np.ones(len(boxes), bool)
    out, kept = [], []
    for i in range(len(boxes)):
        if not alive[i]:
            continue
        overlap = iou_matrix(boxes[i : i + 1], boxes)[0]
        smaller, larger = np.minimum(areas, areas[i]), np.maximum(areas, areas[i])
        inter = overlap * (areas + areas[i]) / (1 + overlap)
        nested = (inter > inside * np.maximum(smaller, 1e-9)) & (smaller > 0.2 * larger)
        voters = alive & (overlap >= 0.6)
        voters[i] = True
        weight = scores[voters, None]
        out.append((boxes[voters] * weight).sum(0) / np.maximum(weight.sum(), 1e-9))
        kept.append(scores[i])
        alive &= ~((overlap > iou) | nested)
    return np.array(out, np.float32).reshape(-1, 4), np.array(kept, np.float32)
