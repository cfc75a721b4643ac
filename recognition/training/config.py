"""The configuration of one embedding run, read from a TOML file."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Stage:
    """Some epochs at one input size (progressive resizing)."""

    size_px: int
    epochs: int


@dataclass(frozen=True)
class TrainConfig:
    """Everything that decides the outcome of a run, but for the data's content.

    The stages share one one-cycle learning rate schedule over all their steps.
    """

    data: Path
    """ImageFolder: one sub-folder a character. With a ``faces.csv`` (columns ``file``, ``split``)
    its split is used; without one, `val_fraction` of each folder is set aside."""
    out: Path
    """The run folder."""
    splits: tuple[str, ...] = ("train",)
    """What is trained on; see `recognition.training.material` for the splits there are."""
    leave_out: tuple[str, ...] = ()
    """Characters that are not trained on, to be measured as people never seen."""
    without_fold: int | None = None
    """The fold of pictures that is not trained on, of the characters that have no validation
    pictures; see `recognition.training.material`."""
    seed: int = 0
    backbone: str = "resnet34"
    dimension: int = 512
    start: str = "random"
    """``random``, ``imagenet`` (torchvision's download) or the path of a state dict file."""
    frozen: tuple[str, ...] = ()
    """Children of the trunk (``layer1``, ...) that stay as the start has them, norms too. With
    the stem and two layers frozen a step takes two thirds of its time."""
    stages: tuple[Stage, ...] = (Stage(64, 14), Stage(96, 10), Stage(112, 6))
    batch_size: int = 64
    learning_rate: float = 1e-3
    optimizer: str = "adamw"
    """``adamw`` or ``adam``, whose weight decay is an L2 term of the loss."""
    weight_decay: float = 0.05
    warmup_fraction: float = 0.15
    clip_norm: float = 1.0
    loss: str = "cosface"
    """``cosface`` (Wang et al. 2018), ``arcface`` (Deng et al. 2019) or ``softmax``."""
    margin: float = 0.25
    scale: float = 24.0
    balance: float = 0.5
    """A class of n pictures is drawn in proportion to n ** (1 - balance)."""
    dropout: float = 0.0
    """Share of the pooled features that is dropped in training (Srivastava et al. 2014)."""
    ema_decay: float = 0.995
    teachers: tuple[Path, ...] = ()
    """Run folders of trained networks that this one shall also agree with: their mean
    probabilities are a second, soft label of every picture, unnamed ones too (distillation, Hinton
    et al. 2015)."""
    distil_weight: float = 1.0
    distil_scale: float = 16.0
    """Inverse temperature of teachers' and student's probabilities there."""
    val_fraction: float = 0.1
    precision: str = "auto"
    """``fp32``, ``bf16`` or ``auto``: bf16 where the processor multiplies it in hardware."""
    device: str = "auto"
    """``cpu``, ``cuda`` or ``auto``."""
    threads: int = 0
    """torch's threads; 0 leaves torch's own choice."""
    workers: int = 1
    """Processes that augment."""
    mean: tuple[float, float, float] = (0.485, 0.456, 0.406)
    std: tuple[float, float, float] = (0.229, 0.224, 0.225)
    augment: str = "full"
    """``full`` (`recognition.training.augment`), ``simple`` (shift and mirror, as the old web app
    did) or ``none``."""
    outliers: Path | None = None
    """Folder of faces of unnamed people (``prepare`` makes one). Two views of one of them shall be
    nearer to each other than to any other of them and to any character: instance discrimination
    (Chen et al. 2020, *SimCLR*), with the characters' directions as further negatives."""
    outlier_share: float = 0.25
    """Outliers a batch, as a share of `batch_size`."""
    outlier_scale: float = 12.0
    """Inverse temperature of that comparison."""
    outlier_weight: float = 0.3
    grey: float = 0.15
    """Share of pictures trained on in grey. Teachers see them in colour, and so tell what is to be
    seen in grey as well (learning from privileged information, Lopez-Paz et al. 2016)."""

    @property
    def epochs(self) -> int:
        return sum(stage.epochs for stage in self.stages)

    def size_at(self, epoch: int) -> int:
        """Input side in pixels at `epoch` (0-based)."""
        for stage in self.stages:
            if epoch < stage.epochs:
                return stage.size_px
            epoch -= stage.epochs
        return self.stages[-1].size_px

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        plain = dataclasses.asdict(self)
        plain["data"], plain["out"] = str(self.data), str(self.out)
        plain["teachers"] = [str(run) for run in self.teachers]
        plain["outliers"] = str(self.outliers) if self.outliers else None
        return plain


@dataclass
class ConfigError(Exception):
    """The configuration names a key that does not exist or lacks one that must."""

    path: Path
    unknown: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.path}: unknown keys {self.unknown}, missing keys {self.missing}"


def load_config(path: Path, overrides: dict[str, Any] | None = None) -> TrainConfig:
    """Reads a TOML file; `overrides` (None values ignored) win over it.

    Raises:
        ConfigError: unknown or missing keys.
        FileNotFoundError, tomllib.TOMLDecodeError: no such file, not TOML.
    """
    values: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    values.update({k: v for k, v in (overrides or {}).items() if v is not None})
    known = {f.name for f in dataclasses.fields(TrainConfig)}
    unknown = sorted(set(values) - known)
    missing = sorted({"data", "out"} - set(values))
    if unknown or missing:
        raise ConfigError(path, unknown, missing)
    return config_from_dict(values)


def config_from_dict(values: dict[str, Any]) -> TrainConfig:
    """The inverse of `TrainConfig.to_dict`."""
    values = dict(values)
    if "stages" in values:
        values["stages"] = tuple(Stage(**stage) for stage in values["stages"])
    for key in ("mean", "std", "splits", "leave_out", "frozen"):
        if key in values:
            values[key] = tuple(values[key])
    values["teachers"] = tuple(Path(run) for run in values.get("teachers", ()))
    for key in ("data", "out", "outliers"):
        if values.get(key) is not None:
            values[key] = Path(values[key])
    return TrainConfig(**values)
