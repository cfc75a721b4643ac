"""Copies of a picture are known again, other pictures of the same people are not."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recognition.detection.base import FaceDetector
from recognition.evaluation.copying import KINDS, make_copy
from recognition.factory import open_detector
from recognition.images import decode_picture
from recognition.likeness import Fingerprint, FingerprintBroken, Lookout, take_fingerprint
from recognition.likeness.patches import PATCH_PX, correlations, patch_bits
from recognition.likeness.regions import embedded, trimmed
from recognition.reveal import BLUR_PART, blurred, fitted
from recognition.types import Box, RgbImage


@pytest.fixture(scope="module")
def detector() -> FaceDetector:
    return open_detector()


@pytest.fixture(scope="module")
def pictures(samples: list[Path]) -> dict[str, RgbImage]:
    """All by one hand; hundreds more are measured by ``python -m recognition evaluate copies``."""
    return {path.stem: fitted(decode_picture(path.read_bytes()), 600) for path in samples}


@pytest.fixture(scope="module")
def lookout(detector: FaceDetector, pictures: dict[str, RgbImage]) -> Lookout:
    """Looks out for all of them."""
    return lookout_for(detector, *pictures.values())


def boxes_in(detector: FaceDetector, image: RgbImage) -> list[Box]:
    return [one.box for one in detector.detect(image)]


def lookout_for(detector: FaceDetector, *images: RgbImage) -> Lookout:
    prints = []
    for image in images:
        prints.append(take_fingerprint(image, boxes_in(detector, image)))
        prints.append(take_fingerprint(blurred(image, BLUR_PART), ()))
    return Lookout(prints)


def test_bits_tell_correlations() -> None:
    generator = np.random.default_rng(1)
    one = generator.normal(size=(40, PATCH_PX, PATCH_PX))
    other = 0.9 * one + 0.436 * generator.normal(size=one.shape)
    found = np.diagonal(correlations(patch_bits(one), patch_bits(other)))
    assert abs(float(found.mean()) - 0.9) < 0.02
    brighter = 3 * one + 50
    assert np.diagonal(correlations(patch_bits(one), patch_bits(brighter))).min() > 0.999
    assert abs(float(correlations(patch_bits(one[:20]), patch_bits(one[20:])).mean())) < 0.05


@pytest.mark.parametrize("kind", KINDS)
def test_a_copy_is_known_again(
    kind: str, detector: FaceDetector, pictures: dict[str, RgbImage], lookout: Lookout
) -> None:
    tried = 0
    for number, (name, image) in enumerate(pictures.items()):
        face = max(boxes_in(detector, image), key=lambda box: box.area, default=None)
        copy = make_copy(kind, image, face, name)
        if copy is None:
            continue
        tried += 1
        sighting = lookout.find(copy, boxes_in(detector, copy))
        assert sighting is not None, name
        assert sighting.index // 2 == number, name
    assert tried


def test_other_pictures_are_let_through(
    detector: FaceDetector, pictures: dict[str, RgbImage]
) -> None:
    """All samples are by one hand, which makes them alike."""
    for name, image in pictures.items():
        others = [one for other, one in pictures.items() if other != name]
        assert lookout_for(detector, *others).find(image, boxes_in(detector, image)) is None, name


def test_a_face_cut_out_and_mirrored_is_known_among_other_things(
    detector: FaceDetector, samples: list[Path]
) -> None:
    image = decode_picture(next(p for p in samples if p.stem == "friends").read_bytes())
    lookout = lookout_for(detector, image)
    for box in boxes_in(detector, image):
        cut = make_copy("face_mirrored", image, box, "x")
        assert cut is not None
        canvas = np.full((600, 800, 3), 240, np.uint8)
        canvas[100 : 100 + cut.shape[0], 300 : 300 + cut.shape[1]] = cut
        assert lookout.find(canvas, boxes_in(detector, canvas)) is not None


@pytest.mark.parametrize("shade", [0, 255])
def test_pictures_without_anything_to_see_are_nobodys_copy(
    shade: int, pictures: dict[str, RgbImage], lookout: Lookout
) -> None:
    plain = np.full((64, 100, 3), shade, np.uint8)
    lookout = Lookout([*lookout.prints, take_fingerprint(plain, [])])
    assert lookout.find(plain, []) is None
    assert lookout.find(np.full((1, 1, 3), shade, np.uint8), []) is None
    assert Lookout([]).find(pictures["friends"], []) is None


def test_a_print_survives_the_store_and_is_small(
    detector: FaceDetector, pictures: dict[str, RgbImage]
) -> None:
    image = pictures["friends"]
    print_ = take_fingerprint(image, boxes_in(detector, image))
    data = print_.to_bytes()
    assert len(data) < 20_000
    again = Fingerprint.from_bytes(data)
    assert again.to_bytes() == data
    assert Lookout([again]).find(image, boxes_in(detector, image)) is not None
    # The same picture gives the same print: two processes agree.
    assert take_fingerprint(image, boxes_in(detector, image)).to_bytes() == data


@pytest.mark.parametrize("damage", [lambda d: b"", lambda d: d[:-1], lambda d: b"XXXX" + d[4:]])
def test_what_is_no_print_is_refused(damage: object) -> None:
    data = take_fingerprint(np.zeros((20, 20, 3), np.uint8), []).to_bytes()
    with pytest.raises(FingerprintBroken):
        Fingerprint.from_bytes(damage(data))  # type: ignore[operator]


def test_bars_and_backgrounds_are_found() -> None:
    inner = np.random.default_rng(2).integers(0, 255, (60, 80), dtype=np.uint8)
    barred = np.zeros((100, 120), np.uint8)
    barred[20:80, 20:100] = inner
    assert trimmed(barred) == (20, 20, 100, 80)
    assert trimmed(inner) is None
    page = np.full((300, 400), 250, np.uint8)
    page[100:200, 150:300] = np.tile(inner, (2, 2))[:100, :150]
    found = embedded(page)
    assert found is not None
    assert Box(*found).iou(Box(150, 100, 300, 200)) > 0.9


def test_a_file_of_another_format_is_the_same_picture(
    detector: FaceDetector, pictures: dict[str, RgbImage]
) -> None:
    image = pictures["friends"]
    lookout = lookout_for(detector, image)
    for suffix in ("WEBP", "GIF", "PNG", "AVIF"):
        out = io.BytesIO()
        Image.fromarray(image).save(out, suffix)
        again = decode_picture(out.getvalue())
        assert lookout.find(again, boxes_in(detector, again)) is not None, suffix
