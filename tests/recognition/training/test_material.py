"""No drawing stands on both sides of a split, however it was cut."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from recognition.training.data import MATERIAL
from recognition.training.material import Item, _dealt, _one_side, _Whole, unseen_wholes
from recognition.training.overlap import (
    MAYBE,
    SAME,
    coarse_correlations,
    face_patches,
    same_drawing,
)
from recognition.types import Box, RgbImage


def drawing(seed: int) -> RgbImage:
    """Blobs: a smooth picture ``uint8 (200, 200, 3)`` unlike that of any other seed."""
    rough = np.random.default_rng(seed).integers(0, 256, (12, 12, 3), dtype=np.uint8)
    smooth: RgbImage = cv2.resize(rough, (200, 200), interpolation=cv2.INTER_CUBIC)
    return smooth


def test_a_drawing_is_recognised_though_cut_scaled_and_boxed_otherwise() -> None:
    box = Box(60, 60, 140, 140)
    patch, _ = face_patches(drawing(1), box)
    smaller = cv2.resize(drawing(1), None, None, 0.6, 0.6, cv2.INTER_AREA)[20:110, 20:110]
    moved = Box(60 * 0.6 - 20 + 3, 60 * 0.6 - 20 - 2, 140 * 0.6 - 20 + 5, 140 * 0.6 - 20 + 1)
    other, windows = face_patches(smaller, moved)
    assert same_drawing(patch, windows) >= SAME
    assert coarse_correlations([patch, other])[0, 1] >= MAYBE
    stranger, windows = face_patches(drawing(2), box)
    assert same_drawing(patch, windows) < SAME
    assert coarse_correlations([patch, stranger])[0, 1] < MAYBE


def item(file: str, split: str, kind: str = "face") -> Item:
    return Item(file, "rei", "Ayanami Rei", "Evangelion", split, kind)


def whole(file: str) -> _Whole:
    return _Whole(item(file, "train", "whole"), [], item(f"{file}.png", "train", "framed"))


def test_one_drawing_has_one_side() -> None:
    def splits(faces: list[Item], wholes: list[_Whole]) -> set[str]:
        return {i.split for i in _one_side(faces, wholes)}

    assert splits([item("a", "val"), item("b", "train")], [whole("c")]) == {
        "val",
        "unused",
        "whole_val",
    }
    assert splits([item("a", "train")], []) == {"train"}
    sides = [splits([item("a", "train")], [whole(f"{i}.webp")]) for i in range(60)]
    held = sum(side == {"whole_val", "unused"} for side in sides)
    assert all(side in ({"train"}, {"whole_val", "unused"}) for side in sides)
    assert 3 <= held <= 25  # about every fifth


def test_folds_keep_drawings_together_and_leave_out_who_has_validation_crops() -> None:
    numbered = [replace(item(f"{i}", "train"), drawing=i // 2) for i in range(14)]
    folds = [one.fold for one in _dealt(numbered)]
    assert folds == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 0, 0, 1, 1]
    assert {one.fold for one in _dealt([*numbered, item("x", "val")])} == {None}


def test_a_network_is_not_measured_on_drawings_that_it_has_seen(tmp_path: Path) -> None:
    rows = [
        ("face of a, training", "train", "face", 1),
        ("whole of a", "whole_val", "whole", 1),
        ("face of b, validation", "val", "face", 2),
        ("whole of b", "whole_val", "whole", 2),
        ("whole of c", "train", "whole", 3),
        ("face cut from c", "train", "framed", 3),
        ("whole of d", "whole_val", "whole", 4),
    ]
    lines = ["file,character,name,series,split,kind,drawing"]
    lines += [f"{file.replace(',', '')},rei,Rei,s,{s},{k},{d}" for file, s, k, d in rows]
    (tmp_path / MATERIAL).write_text("\n".join(lines))

    def names(*trained_on: str) -> list[str]:
        return [path.name for path, _ in unseen_wholes(tmp_path, trained_on)]

    assert names() == ["whole of b", "whole of c", "whole of d"]
    assert names("train") == ["whole of b", "whole of d"]
