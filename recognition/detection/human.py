"""Real people are no anime faces: a second opinion on what the network found.

The network has hardly seen a photograph of a person, and takes some for drawings. OpenCV's cascade
for human faces (Viola and Jones 2001; Lienhart 2000), looked through at the found place alone,
tells most of them apart in a few milliseconds: on a photographed face dozens of its windows agree,
on a drawn one hardly any.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from recognition.detection.cascade import ThreadedCascade
from recognition.types import Box, RgbImage

CASCADES = Path(cv2.__file__).parent / "data"
"""Where the wheels of OpenCV keep their cascades."""
LOOK_PX = 112
"""The found face with its surroundings is brought to this side."""
MARGIN = 0.45
"""Surroundings on each side, as a part of the face's side."""


class HumanFaces:
    """Counts windows that look like a human face. Safe to call from several threads at once."""

    def __init__(self, cascade: str) -> None:
        """Reads a cascade that comes with OpenCV.

        Args:
            cascade: file name in `CASCADES`.

        Raises:
            WeightsMissing: this OpenCV comes without it.
        """
        self._cascade = ThreadedCascade(CASCADES / cascade)

    def votes(self, image: RgbImage, box: Box) -> int:
        """How many windows around `box` (pixels of `image`) look like a human face."""
        reach = max(box.width, box.height) * (0.5 + MARGIN)
        x, y = box.center
        x0, y0 = max(0, round(x - reach)), max(0, round(y - reach))
        part = image[y0 : max(y0 + 1, round(y + reach)), x0 : max(x0 + 1, round(x + reach))]
        factor = LOOK_PX / max(1.0, 2 * reach)
        grey = cv2.cvtColor(part, cv2.COLOR_RGB2GRAY)
        if factor < 0.7:
            grey = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
            factor, x0, y0, x, y = 1.0, 0, 0, (x - x0) * factor, (y - y0) * factor
        matrix = np.array(
            [
                [factor, 0, LOOK_PX / 2 - (x - x0) * factor],
                [0, factor, LOOK_PX / 2 - (y - y0) * factor],
            ]
        )
        look = cv2.warpAffine(grey, matrix, (LOOK_PX, LOOK_PX), borderMode=cv2.BORDER_REPLICATE)
        least = LOOK_PX // 3
        found = self._cascade.get().detectMultiScale(
            look, scaleFactor=1.1, minNeighbors=0, minSize=(least, least)
        )
        return len(found)
