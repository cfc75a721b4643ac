"""What every face detector promises."""

from __future__ import annotations

from typing import Protocol

from recognition.types import Detection, RgbImage


class FaceDetector(Protocol):
    """Finds faces in a picture. Implementations are safe to call from several threads at once."""

    @property
    def name(self) -> str:
        """Short stable name, for logs and tables: ``"neural"``, ``"cascade:lbp.xml"``."""
        ...

    def detect(self, image: RgbImage) -> list[Detection]:
        """All faces in `image`, best score first.

        Args:
            image: RGB ``uint8 (H, W, 3)``, any size from 1 x 1.

        Returns:
            Detections with boxes in pixels of `image`, clipped to it, overlaps already merged.
            The same picture always gives the same list. An empty list where there is no face.
        """
        ...
