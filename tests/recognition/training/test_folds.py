"""Every character is once a stranger, every picture of a little-known one once unseen."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from recognition.training.config import TrainConfig
from recognition.training.data import FOLDS, MATERIAL
from recognition.training.five_pictures import BONUSES, MAX_KNOWN_LOST
from recognition.training.folds import KNOWN, VECTORS, _crops, _role, fold_config
from recognition.training.silence import MAX_LEFT_OUT_NAMED, measure_silence
from recognition.training.unseen import measure_folds

HALVES = ("fitting", "measuring")
COLUMNS = "file,character,name,series,split,kind,drawing,fold"


def material(root: Path) -> TrainConfig:
    """Ten characters of twelve crops; the odd ones have validation crops, the even ones folds."""
    lines = [COLUMNS]
    for c in range(10):
        for i in range(12):
            split = "val" if c % 2 and i < 2 else "train"
            fold = "" if c % 2 else str(i % FOLDS)
            lines.append(f"{c}-{i}.webp,c{c},C,S,{split},face,{len(lines)},{fold}")
        lines.append(f"whole-{c}.webp,c{c},C,S,train,whole,{len(lines)},")
    (root / MATERIAL).write_text("\n".join(lines))
    return TrainConfig(data=root, out=root / "runs")


def test_everything_is_left_out_once(tmp_path: Path) -> None:
    base = material(tmp_path)
    gone: Counter[str] = Counter()
    unseen: Counter[str] = Counter()
    for fold in range(FOLDS):
        config = fold_config(base, fold)
        gone.update(config.leave_out)
        for face in _crops(tmp_path):
            assert face.kind == "face"
            if _role(face, config) == KNOWN and face.split == "train":
                unseen[face.path.name] += 1
    assert gone == Counter({f"c{c}": 1 for c in range(10)})
    assert all(n == 1 for n in unseen.values())
    assert unseen.keys() <= {f"{c}-{i}.webp" for c in range(0, 10, 2) for i in range(12)}
    assert len(unseen) > 30  # but for those whose character is left out in the same fold


@pytest.fixture(scope="module")
def networks(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Path], list[Path]]:
    """Vector files of five good networks and of five blind ones."""
    root = tmp_path_factory.mktemp("folds")
    base = material(root)
    good, blind = ([root / f"{kind}-{fold}" for fold in range(FOLDS)] for kind in "gb")
    rng = np.random.default_rng(0)
    direction = {f"c{c}": np.eye(64, dtype=np.float32)[c] for c in range(10)}
    for fold in range(FOLDS):
        config = fold_config(base, fold)
        faces = _crops(root)
        who = np.array([face.character for face in faces])
        for files, scale in ((good, 0.05), (blind, 0.6)):
            noise = rng.normal(0, scale, (len(who), 64)).astype(np.float32)
            vectors = np.stack([direction[c] for c in who]) + noise
            strange = np.eye(64, dtype=np.float32)[40:50]
            files[fold].mkdir()
            kinds = [f"{k}_strangers_{h}" for k in ("random", "named") for h in HALVES]
            np.savez(
                files[fold] / VECTORS,
                vector=(vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype("f2"),
                character=who,
                role=np.array([_role(face, config) for face in faces]),
                **dict.fromkeys((*kinds, "tight"), strange),
            )
    return [f / VECTORS for f in good], [f / VECTORS for f in blind]


def test_figures_tell_a_good_network_from_a_blind_one(
    networks: tuple[list[Path], list[Path]],
) -> None:
    sees, guesses = (measure_folds(files) for files in networks)
    assert sees["of_fewer"]["top1"] == 1 > 0.6 > guesses["of_fewer"]["top1"]
    assert sees["strangers"]["look_alikes"]["auroc"] == 1
    assert sees["strangers"]["random"]["named_at_90_percent_of_known"] == 0
    assert guesses["strangers"]["random"]["auroc"] < 0.9
    assert sees["five_pictures"]["without_bonus"]["top1_among_the_ten"] == 1
    assert guesses["five_pictures"]["without_bonus"]["top1_among_the_ten"] < 0.8


def test_the_bonus_goes_as_far_as_the_known_can_bear(
    networks: tuple[list[Path], list[Path]],
) -> None:
    for files in networks:
        figures = measure_folds(files)["five_pictures"]
        plain, lifted = figures["without_bonus"], figures["with_bonus"]
        assert 0 <= figures["taught_bonus"] <= max(BONUSES)
        lost = lifted["known_top1_before"] - lifted["known_top1_after"]
        assert lost <= MAX_KNOWN_LOST or figures["taught_bonus"] == 0
        assert lifted["top1_among_all"] >= plain["top1_among_all"]
    assert measure_folds(networks[0])["five_pictures"]["taught_bonus"] == max(BONUSES)


def test_the_left_out_choose_a_threshold(networks: tuple[list[Path], list[Path]]) -> None:
    good, blind = (measure_silence(files, "made up") for files in networks)
    assert good["threshold"] <= blind["threshold"]
    assert good["networks"] == FOLDS
    for silence in (good, blind):
        rows = np.array(silence["curve"])
        assert (np.diff(rows[:, 0]) > 0).all()
        assert (np.diff(rows[:, 1:], axis=0) <= 0).all(), "higher thresholds name fewer"
        above = rows[rows[:, 0] >= silence["threshold"], -1]
        below = rows[rows[:, 0] < silence["threshold"], -1]
        assert (above <= MAX_LEFT_OUT_NAMED).all()
        assert (below > MAX_LEFT_OUT_NAMED).all()
    known_right = np.array(good["curve"])[9, 1]
    assert known_right > 0.9
