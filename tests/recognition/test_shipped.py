"""The weights that are shipped: whole, consistent, and as good as the floor says."""

from __future__ import annotations

import csv
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest

from recognition.embedding.embedder import open_embedder
from recognition.encoder import PictureEncoder
from recognition.errors import WeightsCorrupt, WeightsMissing
from recognition.factory import (
    make_decider,
    open_detector,
    open_encoder,
    open_gallery,
    open_recognizer,
)
from recognition.manifest import load_manifest, verified_file
from recognition.types import Box, Match, Mode

ROOT = Path(__file__).resolve().parents[2]
WEIGHTS = ROOT / "weights"
OLD_APP = {
    "asuka_langley_soryu",
    "ayanami_rei",
    "kirisaki_chitoge",
    "onodera_kosaki",
    "saber",
    "tobiichi_origami",
    "tohsaka_rin",
    "tokisaki_kurumi",
}


@pytest.fixture(scope="module")
def encoder() -> PictureEncoder:
    return open_encoder(WEIGHTS)


def test_every_file_is_the_one_the_manifest_promises() -> None:
    manifest = load_manifest(WEIGHTS)
    for name in ("detector", "embedding", "gallery", "background"):
        entry = manifest[name]
        assert verified_file(WEIGHTS, entry).stat().st_size == entry["bytes"]
        assert entry["licence"]
    assert manifest["gallery"]["model_id"] == manifest["embedding"]["model_id"]
    assert 0.5 <= manifest["decision"]["faces"]["threshold"] < 1
    assert manifest["background"]["model_id"] == manifest["embedding"]["model_id"]
    assert manifest["decision"]["rule"]
    folds = manifest["decision"]["folds"]
    assert manifest["decision"]["faces"]["threshold"] >= folds["threshold"]
    assert manifest["decision"]["faces"]["taught_bonus"] == folds["taught_bonus"] > 0


def test_every_character_of_the_catalog_is_known() -> None:
    import json

    listed = json.loads((ROOT / "data" / "characters.json").read_text("utf-8"))["characters"]
    known = {c.id for c in open_gallery(WEIGHTS)}
    assert known == {c["id"] for c in listed}
    assert len(known) == 94
    assert known >= OLD_APP


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    shutil.copytree(WEIGHTS, tmp_path / "w", ignore=shutil.ignore_patterns("downloads"))
    file = tmp_path / "w" / "gallery.safetensors"
    sound = file.read_bytes()
    file.write_bytes(sound[:-1] + bytes([sound[-1] ^ 1]))
    with pytest.raises(WeightsCorrupt):
        open_recognizer(tmp_path / "w")
    file.unlink()
    with pytest.raises(WeightsMissing):
        open_recognizer(tmp_path / "w")
    with pytest.raises(WeightsMissing):
        open_recognizer(tmp_path / "nowhere")


def test_both_runtimes_give_the_same_vectors(tmp_path: Path) -> None:
    entry = load_manifest(WEIGHTS)["embedding"]
    size = entry["input"]["size_px"]
    rng = np.random.default_rng(0)
    crops = [rng.integers(0, 256, (size, size, 3), dtype=np.uint8) for _ in range(3)]
    onnx, torch = (
        open_embedder(WEIGHTS, entry, runtime=runtime, threads=1, cache=tmp_path)
        for runtime in ("onnx", "torch")
    )
    a, b = onnx.embed_crops(crops), torch.embed_crops(crops)
    assert a.shape == (3, 512)
    assert np.allclose(np.linalg.norm(a, axis=1), 1, atol=1e-5)
    assert np.abs(a - b).max() < 1e-4
    mirrored = onnx.embed_crops([np.ascontiguousarray(c[:, ::-1]) for c in crops])
    assert np.abs(a - mirrored).max() < 1e-4
    with pytest.raises(ValueError):
        open_embedder(WEIGHTS, entry, runtime="abacus", threads=1, cache=tmp_path)


def test_one_picture_gives_one_answer(encoder: PictureEncoder, samples: list[Path]) -> None:
    decide = make_decider(WEIGHTS)
    for path in samples:
        data = path.read_bytes()
        first, second = (decide(encoder.encode(data), Mode.AUTO) for _ in range(2))
        assert first.faces == second.faces


def test_every_drawn_face_is_found(encoder: PictureEncoder, samples: list[Path]) -> None:
    truth = boxes_of(ROOT / "data" / "samples" / "faces.csv")
    assert max(len(boxes) for boxes in truth.values()) >= 3
    for path in samples:
        found = [face.box for face in encoder.encode(path.read_bytes()).faces]
        wanted = [box for box, _ in truth[path.name]]
        assert all(max(w.iou(f) for f in found) >= 0.3 for w in wanted), path.name
        assert len(found) == len(wanted), path.name
        assert found == sorted(found, key=lambda b: b.center[0]), "numbered from left to right"


def test_auto_judges_the_whole_only_where_there_is_no_face(
    encoder: PictureEncoder, samples: list[Path], picture: object
) -> None:
    data = samples[0].read_bytes()
    assert encoder.encode(data, Mode.AUTO).whole == ()
    assert encoder.encode(data, Mode.FACES).whole == ()
    whole = encoder.encode(data, Mode.WHOLE)
    assert len(whole.whole) == 5
    assert whole.faces == ()
    empty = encoder.encode(picture("PNG"), Mode.AUTO)  # type: ignore[operator]
    assert empty.faces == ()
    assert empty.whole


def test_our_cascade_is_shipped_and_refused_when_changed(tmp_path: Path) -> None:
    detector = open_detector("cascade")
    assert detector.detect(np.zeros((64, 64, 3), np.uint8)) == []
    shutil.copytree(WEIGHTS, tmp_path / "w", ignore=shutil.ignore_patterns("downloads"))
    path = tmp_path / "w" / "cascade.xml"
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(WeightsCorrupt) as caught:
        open_detector("cascade", tmp_path / "w")
    assert caught.value.path == path


def test_the_old_cascade_has_to_be_fetched_and_any_cascade_can_be_named(tmp_path: Path) -> None:
    import cv2

    shutil.copytree(WEIGHTS, tmp_path / "w", ignore=shutil.ignore_patterns("downloads"))
    with pytest.raises(WeightsMissing):
        open_detector("upstream", tmp_path / "w")
    bundled = Path(cv2.data.haarcascades) / "haarcascade_frontalface_default.xml"
    detector = open_detector(str(bundled))
    assert detector.detect(np.zeros((64, 64, 3), np.uint8)) == []


@pytest.mark.shared
def test_the_fetched_cascade_finds_faces(tmp_path: Path, shared_data: Path) -> None:
    weights = tmp_path / "w"
    shutil.copytree(WEIGHTS, weights, ignore=shutil.ignore_patterns("downloads"))
    (weights / "downloads").mkdir()
    upstream = shared_data.parent / "weights" / "lbpcascade_animeface.xml"
    shutil.copy(upstream, weights / "downloads")
    encoder = open_encoder(weights, detector="upstream")
    picture = (shared_data / "seed_pictures" / "neon.jpg").read_bytes()
    assert len(encoder.encode(picture).faces) >= 2


def boxes_of(table: Path) -> dict[str, list[tuple[Box, str]]]:
    """File → (box, name) of a ``faces.csv``."""
    out: dict[str, list[tuple[Box, str]]] = {}
    with table.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            box = Box(*(float(row[k]) for k in ("x0", "y0", "x1", "y1")))
            out.setdefault(row["file"], []).append(
                (box, row.get("character") or row.get("name", ""))
            )
    return out


@pytest.mark.shared
def test_nine_of_ten_seed_faces_are_found_and_the_pilots_named(
    encoder: PictureEncoder, shared_data: Path
) -> None:
    decide = make_decider(WEIGHTS)
    folder = shared_data / "seed_pictures"
    found = total = wrong = 0
    for file, truth in boxes_of(folder / "faces.csv").items():
        faces = decide(encoder.encode((folder / file).read_bytes())).faces
        for box, name in truth:
            total += 1
            best = max(faces, key=lambda face: box.iou(face.box), default=None)
            if best is None or box.iou(best.box) < 0.3:
                continue
            found += 1
            named = best.decision.name if isinstance(best.decision, Match) else None
            wrong += named not in (name, None)
            if file == "neon.jpg":
                assert named == name
    assert total == 10
    assert found >= 9
    assert wrong == 0


@pytest.mark.shared
def test_nine_of_ten_unseen_faces_have_the_right_nearest_character(
    encoder: PictureEncoder, shared_data: Path
) -> None:
    """The floor of the shipped embedding on the val split, through the serving runtime."""
    from recognition.embedding.preprocess import whole_square
    from recognition.training.data import load_faces

    faces = load_faces(shared_data / "faces", "val")
    size = encoder.embedder.spec.size_px
    vectors = encoder.embedder.embed_crops([whole_square(i, size) for i in faces.images])
    gallery = open_gallery(WEIGHTS)
    nearest = gallery.cosines(vectors).argmax(axis=1)
    right = [
        gallery.characters[n].id == faces.classes[label]
        for n, label in zip(nearest, faces.labels, strict=True)
    ]
    assert len(right) == 475
    assert np.mean(right) >= 0.90


@pytest.mark.shared
def test_photographs_of_people_and_things_get_no_name(
    encoder: PictureEncoder, shared_data: Path
) -> None:
    decide = make_decider(WEIGHTS)
    with zipfile.ZipFile(shared_data / "strangers" / "photos.zip") as archive:
        names = [name for name in archive.namelist() if not name.endswith("/")]
        answers = [decide(encoder.encode(archive.read(name))) for name in names]
    named = [
        name
        for name, answer in zip(names, answers, strict=True)
        for judged in (*answer.faces, *([answer.whole] if answer.whole else []))
        if isinstance(judged.decision, Match)
    ]
    assert len(names) == 69
    assert named == []
