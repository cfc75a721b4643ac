"""The training road on made-up pictures: it learns, stops, and ends where it would have."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from recognition.embedding.networks import EmbeddingNetwork, load_imagenet_start
from recognition.embedding.preprocess import whole_square
from recognition.torchvision_ops import torchvision
from recognition.training import loop
from recognition.training.config import ConfigError, Stage, TrainConfig, load_config
from recognition.training.data import list_faces, load_faces, load_outliers
from recognition.training.embed import normalised
from recognition.training.objective import Teachers, instance_loss, make_head
from recognition.training.starts import StartUnavailable, apply_start, unfold_norms
from recognition.training.stream import (
    Place,
    TrainingView,
    batches,
    n_batches,
    n_unnamed,
    some_grey,
)
from recognition.training.vectors import load_trained

CONFIGS = Path("recognition/training/configs")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three "characters": colours with noise, twelve pictures each."""
    root = tmp_path_factory.mktemp("faces")
    rng = np.random.default_rng(0)
    for name, colour in (("red", (200, 40, 40)), ("green", (40, 200, 40)), ("blue", (40, 40, 200))):
        (root / name).mkdir()
        for i in range(12):
            noise = rng.normal(0, 20, (40, 36, 3)) + np.array(colour)
            Image.fromarray(noise.clip(0, 255).astype(np.uint8)).save(root / name / f"{i:02}.png")
    return root


def tiny(folder: Path, out: Path, **changes: object) -> TrainConfig:
    values: dict[str, object] = {
        "data": folder,
        "out": out,
        "backbone": "resnet9",
        "dimension": 16,
        "stages": (Stage(8, 1), Stage(12, 1)),
        "batch_size": 8,
        "workers": 0,
        "precision": "fp32",
        "device": "cpu",
        "ema_decay": 0.5,
    }
    return TrainConfig(**(values | changes))  # type: ignore[arg-type]


def test_a_run_leaves_everything_needed_to_read_it(folder: Path, tmp_path: Path) -> None:
    checkpoint = loop.train(tiny(folder, tmp_path))
    rows = [json.loads(line) for line in (tmp_path / "metrics.jsonl").read_text().splitlines()]
    assert [row["size_px"] for row in rows] == [8, 12]
    assert 0 <= rows[-1]["val_top1"] <= 1
    assert (tmp_path / "curves.png").stat().st_size > 1000
    assert json.loads((tmp_path / "config.json").read_text())["backbone"] == "resnet9"
    assert checkpoint.is_file()
    trained = load_trained(tmp_path)
    vectors = trained.embed(load_faces(folder, "val").images)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_an_interrupted_run_ends_where_it_would_have(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    straight = loop.train(tiny(folder, tmp_path / "straight"))

    def power_cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(loop, "SAVE_EVERY_S", 0.0)
        patch.setattr(loop, "plot_curves", power_cut)  # after the first epoch's checkpoint
        with pytest.raises(KeyboardInterrupt):
            loop.train(tiny(folder, tmp_path / "cut"))
    resumed = loop.train(tiny(folder, tmp_path / "cut"))
    a, b = (torch.load(p, weights_only=True)["average"] for p in (straight, resumed))
    assert all(torch.allclose(a[key].float(), b[key].float(), atol=1e-5) for key in a)


def test_unnamed_faces_shall_be_near_themselves_and_far_from_all_others(folder: Path) -> None:
    head = make_head(tiny(folder, folder), 3)
    directions = nn.functional.normalize(head.W.detach(), dim=0).T
    apart = torch.linalg.qr(torch.randn(16, 16, generator=torch.Generator().manual_seed(0)))[0]
    pairs = apart[:4].repeat_interleave(2, dim=0)
    good = instance_loss(head, pairs, scale=12.0)
    assert instance_loss(head, apart[:8], scale=12.0) > good + 1  # views that differ
    assert instance_loss(head, apart[:1].repeat(8, 1), scale=12.0) > good + 1  # all alike
    on_a_class = directions[:1].repeat(2, 1)
    assert instance_loss(head, torch.cat([on_a_class, pairs[2:]]), scale=12.0) > good


def test_characters_and_splits_can_be_left_out(folder: Path) -> None:
    faces = load_faces(folder, "train", "val", leave_out=["red"])
    assert "red" not in faces.classes
    assert len(faces) == len(load_faces(folder, "train", leave_out=["red"])) + len(
        load_faces(folder, "val", leave_out=["red"])
    )


def test_draws_depend_on_seed_and_place_alone(folder: Path) -> None:
    faces = load_faces(folder, "train")
    config = tiny(folder, folder)
    first, second = TrainingView(faces, config), TrainingView(faces, config)
    assert (first[Place(0, 3)][0] == second[Place(0, 3)][0]).all()
    shapes = {first[Place(epoch, 3)][0].shape for epoch in (0, 1)}
    assert shapes == {(8, 8, 3), (12, 12, 3)}
    of_epoch = [
        [first[Place(0, i)][1] for i in range(16)],
        [first[Place(1, i)][1] for i in range(16)],
    ]
    assert of_epoch[0] != of_epoch[1]


def test_unnamed_faces_follow_in_pairs_and_a_run_goes_on_where_it_was(folder: Path) -> None:
    faces = load_faces(folder, "train")
    unnamed = load_outliers(folder / "red")
    config = tiny(folder, folder, workers=1, outlier_share=0.5)
    view = TrainingView(faces, config, unnamed)
    every = list(batches(view))
    assert len(every) == 2 * n_batches(faces, config)
    assert {(len(b.pictures), len(b.labels)) for b in every} == {(8 + n_unnamed(config), 8)}
    drawn = view._draw(0, True)
    assert (drawn[::2] == drawn[1::2]).all()
    resumed = list(batches(view, first_epoch=1))
    assert len(resumed) == n_batches(faces, config)
    assert torch.equal(resumed[0].pictures, every[len(resumed)].pictures)


def test_a_student_is_told_where_it_disagrees_with_its_teachers(
    folder: Path, tmp_path: Path
) -> None:
    loop.train(tiny(folder, tmp_path / "teacher"))
    trained = load_trained(tmp_path / "teacher")
    images = load_faces(folder, "train").images
    teachers = Teachers([tmp_path / "teacher"], trained.classes, 16.0, torch.device("cpu"))
    crops = torch.from_numpy(np.stack([whole_square(image, 12) for image in images]))
    pictures = normalised(crops, trained.spec)
    probabilities = teachers.probabilities(pictures)
    assert torch.allclose(probabilities.sum(1), torch.ones(len(images)))
    head = make_head(trained.config, 3)
    vectors = trained.network(pictures).detach()
    with torch.no_grad():
        head.W.copy_(torch.from_numpy(trained.directions))
    assert float(teachers.loss(head, vectors, probabilities).detach()) == pytest.approx(0, abs=1e-4)
    assert float(teachers.loss(head, vectors.roll(12, 0), probabilities).detach()) > 0.05
    student = tiny(folder, tmp_path / "student", teachers=(tmp_path / "teacher",))
    assert loop.train(student).is_file()
    with pytest.raises(ValueError, match="other characters"):
        Teachers(student.teachers, ["somebody"], 16.0, torch.device("cpu"))


def test_a_student_sees_in_grey_what_its_teachers_see_in_colour(
    folder: Path, tmp_path: Path
) -> None:
    faces = load_faces(folder, "train")
    alone, taught = (
        tiny(folder, tmp_path, grey=1.0, augment="full", teachers=teachers)
        for teachers in ((), (tmp_path / "teacher",))
    )
    shown = [next(batches(TrainingView(faces, config))).pictures for config in (alone, taught)]
    colours = [float(one.float().std(dim=3).mean()) for one in shown]
    assert colours[0] < colours[1] / 2, "what is left of it comes from tints, noise and bars"
    pictures = shown[1]
    dice = torch.Generator().manual_seed(0)
    grey = some_grey(pictures, 0.5, dice)
    lost = (grey[..., :1] == grey).all(dim=(1, 2, 3))
    assert 0 < int(lost.sum()) < len(lost)
    assert torch.equal(grey[~lost], pictures[~lost])
    expected = pictures[lost].float().numpy() @ np.array([0.299, 0.587, 0.114])
    assert np.abs(grey[lost][..., 0].numpy() - expected).max() <= 0.51


def test_without_a_table_every_tenth_picture_is_set_aside(folder: Path) -> None:
    rows = list_faces(folder)
    assert sum(row.split == "val" for row in rows) == 3
    with pytest.raises(FileNotFoundError):
        list_faces(folder / "red")


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("resnet*.toml")), ids=lambda p: p.stem)
def test_shipped_configurations_can_be_read(path: Path) -> None:
    assert load_config(path, {"seed": 3}).seed == 3


def test_a_misspelt_key_is_named(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text('data = "d"\nlearning_rat = 1\n')
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path / "c.toml")
    assert caught.value.unknown == ["learning_rat"]
    assert caught.value.missing == ["out"]


@pytest.mark.parametrize("backbone", ["resnet34", "resnet18"])
def test_a_shallower_imagenet_start_keeps_its_function(backbone: str) -> None:
    torch.manual_seed(0)
    shallow = torchvision.models.resnet18(weights=None).eval()
    state = {k: v for k, v in shallow.state_dict().items() if not k.startswith(("layer4", "fc"))}
    network = EmbeddingNetwork(backbone).eval()
    kept = load_imagenet_start(network, state)
    assert all(key.startswith(("layer", "fc")) for key in kept)

    def up_to_layer3(trunk: nn.Module, x: torch.Tensor) -> torch.Tensor:
        for name in ("conv1", "bn1", "relu", "maxpool", "layer1", "layer2", "layer3"):
            x = trunk.get_submodule(name)(x)
        return x

    x = torch.rand(2, 3, 64, 64)
    with torch.no_grad():
        wanted, got = up_to_layer3(shallow, x), up_to_layer3(network.trunk, x)
    assert torch.allclose(wanted, got, atol=1e-5)


def test_unfolding_norms_keeps_the_function_and_gives_statistics() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU()).eval()
    norm = network[1]
    assert isinstance(norm, nn.BatchNorm2d)
    nn.init.normal_(norm.bias)
    norm.eps = 0.0
    x = torch.rand(4, 3, 16, 16)
    with torch.no_grad():
        before = network(x)
    assert unfold_norms(network, x) == 1
    with torch.no_grad():
        assert torch.allclose(network(x), before, atol=1e-4)
    assert norm.running_mean is not None
    assert norm.running_mean.abs().max() > 0
    assert unfold_norms(network, x) == 0


def test_starts_that_cannot_be_had_are_told(tmp_path: Path) -> None:
    network = EmbeddingNetwork("resnet34")
    with pytest.raises(StartUnavailable):
        apply_start(network, str(tmp_path / "none.pth"))
    torch.save({"other.weight": torch.zeros(3)}, tmp_path / "other.pth")
    with pytest.raises(StartUnavailable):
        apply_start(network, str(tmp_path / "other.pth"))
