"""The heavy half: bytes in, faces with vectors out. Stateless, so it can run anywhere."""

from __future__ import annotations

import time

from recognition.detection.base import FaceDetector
from recognition.embedding.embedder import Embedder
from recognition.images import DEFAULT_LIMITS, PictureLimits, decode_picture
from recognition.types import EncodedPicture, FaceEncoding, Mode

MAX_FACES = 64
"""Faces embedded of one picture, the surest first: a poster of hundreds must not block others."""


class PictureEncoder:
    """Decode, detect, embed. Safe to call from several threads at once."""

    def __init__(
        self, detector: FaceDetector, embedder: Embedder, limits: PictureLimits = DEFAULT_LIMITS
    ) -> None:
        self.detector = detector
        self.embedder = embedder
        self.limits = limits

    @property
    def model_id(self) -> str:
        return self.embedder.model_id

    def encode(self, picture: bytes, mode: Mode = Mode.AUTO) -> EncodedPicture:
        """Encodes one picture; the same bytes always give the same result.

        Args:
            picture: a file's bytes; see `decode_picture` for formats and limits.
            mode: ``FACES`` looks for faces; ``WHOLE`` embeds the picture as one, in several views;
                ``AUTO`` looks for faces and embeds the whole only where there is none.

        Raises:
            PictureError: the picture cannot be used.
        """
        watch = [time.perf_counter()]
        image = decode_picture(picture, self.limits)
        watch.append(time.perf_counter())
        found = self.detector.detect(image) if mode is not Mode.WHOLE else []
        found = sorted(found[:MAX_FACES], key=lambda d: (d.box.center, -d.score))
        watch.append(time.perf_counter())
        embeddings = self.embedder.embed_faces(image, [d.box for d in found])
        faces = tuple(
            FaceEncoding(d.box, d.score, e) for d, e in zip(found, embeddings, strict=True)
        )
        wants_whole = mode is Mode.WHOLE or (mode is Mode.AUTO and not faces)
        whole = self.embedder.embed_whole(image) if wants_whole else ()
        watch.append(time.perf_counter())
        spans = [(after - before) * 1e3 for before, after in zip(watch, watch[1:], strict=False)]
        return EncodedPicture(
            (image.shape[1], image.shape[0]),
            faces,
            whole,
            self.model_id,
            dict(zip(("decode", "detect", "embed"), spans, strict=True)),
            image,
        )
