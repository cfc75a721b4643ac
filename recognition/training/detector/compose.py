"""Pictures made for training: pasted faces, collages, and backgrounds without a face."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from recognition.training.detector.geometry import (
    Matrix,
    keep_visible,
    look,
    map_boxes,
    random_angle,
    turn_and_scale,
    warp,
)
from recognition.training.detector.lifelike import bend, modelled_head, somebody
from recognition.training.detector.material import Boxes, Labelled, Material
from recognition.training.detector.photographs import Photographs
from recognition.types import RgbImage


def background(patches: list[RgbImage], size_px: int, rng: Generator) -> RgbImage:
    """A square picture without a face: patches side by side, enlarged, or plain colours."""
    if rng.random() < 0.12:
        corners = rng.integers(0, 256, (2, 2, 3)).astype(np.uint8)
        smooth: RgbImage = cv2.resize(corners, (size_px, size_px), interpolation=cv2.INTER_LINEAR)
        return smooth
    across = int(rng.choice([1, 1, 2, 2, 3, 4, 6]))
    edges = np.linspace(0, size_px, across + 1).round().astype(int)
    out = np.empty((size_px, size_px, 3), np.uint8)
    for y0, y1 in zip(edges[:-1], edges[1:], strict=True):
        for x0, x1 in zip(edges[:-1], edges[1:], strict=True):
            patch = _telling_patch(patches, rng)
            if rng.random() < 0.5:
                patch = patch[:, ::-1]
            how = cv2.INTER_AREA if patch.shape[0] > y1 - y0 else cv2.INTER_CUBIC
            out[y0:y1, x0:x1] = cv2.resize(patch, (int(x1 - x0), int(y1 - y0)), interpolation=how)
    return out


def _telling_patch(patches: list[RgbImage], rng: Generator) -> RgbImage:
    """Many patches are one flat colour: of four, the first with something on it."""
    patch = patches[0]
    for _ in range(4):
        patch = patches[int(rng.integers(len(patches)))]
        if patch[::4, ::4].std() > 18:
            break
    return patch


def paste(
    canvas: RgbImage,
    crop: Labelled,
    face_px: float,
    center: tuple[float, float],
    rng: Generator,
) -> tuple[Boxes, NDArray[np.float32]]:
    """Pastes a crop into `canvas` (changed in place) so that its face is `face_px` wide.

    Returns:
        The box of the face ``(1, 4)`` and the opacity ``float32 (H, W)`` of what was pasted.
    """
    h, w = crop.image.shape[:2]
    matrix = _placement(crop.boxes[0], face_px, center, rng)
    mask = np.zeros((h, w), np.float32)
    shape = rng.random()
    if shape < 0.45:  # an ellipse around face and hair
        axes = (max(1, int(w * 0.47)), max(1, int(h * 0.48)))
        cv2.ellipse(mask, (w // 2, h // 2), axes, 0, 0, 360, 1.0, -1)
        soft = 0.03 * max(h, w)
    elif shape < 0.75:
        edge = max(1, round(0.04 * max(h, w)))
        mask[edge : h - edge, edge : w - edge] = 1
        soft = 0.04 * max(h, w)
    else:
        mask[:] = 1
        soft = 0.0
    if soft:
        mask = cv2.GaussianBlur(mask, (0, 0), soft)
    return map_boxes(crop.boxes, matrix), _blend(canvas, crop.image, mask, matrix)


def _placement(
    box: NDArray[np.float32], side_px: float, center: tuple[float, float], rng: Generator
) -> Matrix:
    """A map that brings `box` to `center` with a side of `side_px`, turned, mirrored, stretched."""
    x0, y0, x1, y1 = (float(v) for v in box)
    side = max(4.0, float(np.sqrt((x1 - x0) * (y1 - y0))))
    matrix = turn_and_scale(
        side_px / side, random_angle(rng), bool(rng.random() < 0.5), float(rng.uniform(0.93, 1.07))
    )
    matrix[:, 2] = np.array(center) - matrix[:, :2] @ np.array([x0 + x1, y0 + y1]) / 2
    return matrix


def _blend(
    canvas: RgbImage, image: RgbImage, mask: NDArray[np.float32], matrix: Matrix
) -> NDArray[np.float32]:
    """Lays `image` over `canvas` (in place) through `matrix`; its opacity there ``(H, W)``."""
    size = (canvas.shape[1], canvas.shape[0])
    picture = warp(image, matrix, size, np.zeros(3, np.int64)).astype(np.float32)
    opacity: NDArray[np.float32] = cv2.warpAffine(mask, matrix, size, flags=cv2.INTER_LINEAR)
    alpha = opacity[..., None]
    canvas[:] = (canvas * (1 - alpha) + picture * alpha + 0.5).astype(np.uint8)
    return opacity


def paste_lifelike(
    canvas: RgbImage, portrait: RgbImage, more: Photographs, side_px: float, rng: Generator
) -> NDArray[np.float32]:
    """Puts a photographed or modelled person into `canvas` (in place); its opacity ``(H, W)``."""
    if rng.random() < 0.65:
        real = more.portrait(rng) if rng.random() < 0.8 else None
        if real is None:
            image = somebody(portrait, rng)
        else:
            x0, y0, x1, y1 = (round(float(v)) for v in real[1][0])
            image = somebody(real[0], rng, (x0, y0, x1, y1))
        mask = np.ones(image.shape[:2], np.float32)
        if rng.random() < 0.5:
            edge = max(1, image.shape[0] // 16)
            mask[:edge] = mask[-edge:] = mask[:, :edge] = mask[:, -edge:] = 0
            mask = cv2.GaussianBlur(mask, (0, 0), edge / 2).astype(np.float32)
    else:
        image, mask = modelled_head(int(np.clip(side_px, 24, 160)), rng)
    h, w = image.shape[:2]
    size = canvas.shape[0]
    center = (float(rng.uniform(0, size)), float(rng.uniform(0, size)))
    box = np.array([0, 0, w, h], np.float32)
    return _blend(canvas, image, mask, _placement(box, side_px, center, rng))


def composite(material: Material, size_px: int, rng: Generator, max_face_px: float) -> Labelled:
    """Face crops on a background: every size, angle, overlap and count, a complete ground truth."""
    canvas = background(material.patches, size_px, rng)
    if rng.random() < 0.15:
        shown = material.photographs[int(rng.integers(len(material.photographs)))]
        whole = Labelled(bend(shown, rng), np.zeros((0, 4), np.float32))
        canvas = look(whole, (size_px, size_px), rng, (0.0, 0.0)).image
    if rng.random() < 0.5:  # people who are no anime people, below the faces
        for _ in range(int(rng.integers(1, 5))):
            side = float(np.exp(rng.uniform(np.log(24), np.log(size_px))))
            paste_lifelike(canvas, material.photographs[0], material.real, side, rng)
    if rng.random() < 0.2 or not material.crops:
        return Labelled(canvas, np.zeros((0, 4), np.float32), complete=True)
    count = int(rng.choice([1, 1, 1, 2, 2, 3, 4, 6, 9, 14]))
    return _with_faces(canvas, material.crops, count, rng, max_face_px)


def photograph(material: Material, size_px: int, rng: Generator, max_face_px: float) -> Labelled:
    """Real people and things, one picture or several; now and then drawn faces lie on them."""
    canvas = np.full((size_px, size_px, 3), int(rng.integers(256)), np.uint8)
    parts = int(rng.choice([1, 1, 1, 2, 3]))
    edges = np.linspace(0, size_px, parts + 1).round().astype(int)
    for y0, y1 in zip(edges[:-1], edges[1:], strict=True):
        for x0, x1 in zip(edges[:-1], edges[1:], strict=True):
            image, real_faces = material.real.draw(rng)
            if rng.random() < 0.3:
                image = bend(image, rng)
            size = (x1 - x0, y1 - y0)
            shown = Labelled(image, real_faces)  # the faces only say where to look closely
            canvas[y0:y1, x0:x1] = look(shown, size, rng, (14.0, 0.9 * min(size))).image
    if rng.random() < 0.65 or not material.crops:
        return Labelled(canvas, np.zeros((0, 4), np.float32), complete=True)
    count = int(rng.choice([1, 1, 2, 3]))
    return _with_faces(canvas, material.crops, count, rng, max_face_px)


def _with_faces(
    canvas: RgbImage, crops: list[Labelled], count: int, rng: Generator, max_face_px: float
) -> Labelled:
    """Pastes `count` crops of random size on a square canvas without a face."""
    size_px = canvas.shape[0]
    largest = min(max_face_px, size_px * 1.1 / np.sqrt(count))
    sides = np.sort(np.exp(rng.uniform(np.log(13), np.log(max(18, largest)), count)))[::-1]
    boxes: list[Boxes] = []
    covered: list[NDArray[np.float32]] = []
    for side in sides:
        crop = crops[int(rng.integers(len(crops)))]
        if len(crop.boxes) != 1 or len(crop.ignore):
            continue
        place = (float(rng.uniform(0, size_px)), float(rng.uniform(0, size_px)))
        box, opacity = paste(canvas, crop, float(side), place, rng)
        covered = [_mean_inside(opacity, b[0]) + c for b, c in zip(boxes, covered, strict=True)]
        boxes.append(box)
        covered.append(np.zeros((), np.float32))
    if not boxes:
        return Labelled(canvas, np.zeros((0, 4), np.float32), complete=True)
    every = np.vstack(boxes)
    hidden = np.array(covered) > 0.45
    good, cut = keep_visible(every[~hidden], (size_px, size_px), 7.0)
    limit = np.full(4, size_px, np.float32)
    under = np.clip(every[hidden], 0, limit).astype(np.float32)
    return Labelled(canvas, good, np.vstack([cut, under]), complete=True)


def _mean_inside(values: NDArray[np.float32], box: NDArray[np.float32]) -> NDArray[np.float32]:
    x0, y0, x1, y1 = (max(0, round(float(v))) for v in box)
    inside = values[y0:y1, x0:x1]
    return np.float32(inside.mean() if inside.size else 0.0)  # type: ignore[return-value]


def collage(material: Material, size_px: int, rng: Generator) -> Labelled:
    """Several pictures side by side, with or without gutters, as in manga pages and collages."""
    out = np.full(
        (size_px, size_px, 3), int(rng.choice([0, 255, int(rng.integers(256))])), np.uint8
    )
    gutter = int(rng.choice([0, 0, 2, 6]))
    boxes, ignore = [np.zeros((0, 4), np.float32)], [np.zeros((0, 4), np.float32)]
    complete = True
    rows = int(rng.integers(1, 4))
    y_edges = _cuts(rows, size_px, rng)
    for y0, y1 in zip(y_edges[:-1], y_edges[1:], strict=True):
        x_edges = _cuts(int(rng.integers(1 if rows > 1 else 2, 4)), size_px, rng)
        for x0, x1 in zip(x_edges[:-1], x_edges[1:], strict=True):
            w, h = x1 - x0 - gutter, y1 - y0 - gutter
            if min(w, h) < 24:
                continue
            item = material.pictures[int(rng.integers(len(material.pictures)))]
            part = look(item, (w, h), rng, (14.0, max(20.0, 0.9 * min(w, h))))
            out[y0 : y0 + h, x0 : x0 + w] = part.image
            shift = np.array([x0, y0, x0, y0], np.float32)
            boxes.append(part.boxes + shift)
            ignore.append(part.ignore + shift)
            complete &= part.complete
    return Labelled(out, np.vstack(boxes), np.vstack(ignore), complete)


def _cuts(parts: int, size_px: int, rng: Generator) -> list[int]:
    even = np.arange(1, parts) / parts + rng.uniform(-0.25, 0.25, parts - 1) / parts
    return [0, *(even * size_px).round().astype(int).tolist(), size_px]
