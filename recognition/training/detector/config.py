"""The configuration of one detector run, read from a TOML file."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recognition.training.config import ConfigError


@dataclass(frozen=True)
class DetectorTrainConfig:
    """Everything that decides the outcome of a run, but for the data's content."""

    data: Path
    """The data folder (with ``detection/``, ``patches/``, ``faces/``)."""
    out: Path
    """The run folder."""
    seed: int = 0
    start: str = "random"
    """``random``, a state dict file (ImageNet ResNet18 or this network), or a run's checkpoint."""
    labels: str = ""
    """A file written by ``detector label`` (boxes of an earlier round); "" takes the boxes that
    came with the data and leaves out the crops whose face box nobody knows yet."""
    photographs: str = ""
    """A folder that ``detector photographs`` filled: no face is in them; "" uses none."""
    size_px: int = 320
    epochs: int = 12
    samples_per_epoch: int = 4096
    batch_size: int = 16
    learning_rate: float = 1.5e-3
    weight_decay: float = 0.05
    warmup_fraction: float = 0.1
    clip_norm: float = 5.0
    ema_decay: float = 0.998
    share_composite: float = 0.35
    """Share of samples made by pasting face crops on pictures without faces."""
    share_collage: float = 0.12
    """Share of samples made of several pictures side by side."""
    share_photograph: float = 0.0
    """Share of samples that show real people and things (needs `photographs`)."""
    share_served: float = 0.25
    """Share of the looks at whole pictures that show all of the picture, as in serving."""
    min_face_px: float = 12.0
    max_face_px: float = 300.0
    """Sides of the faces in a sample, drawn evenly on a log scale."""
    doubt: float = 0.35
    """In pictures that may hold unlabelled faces, a cell without a box that scores above this
    teaches nothing."""
    box_weight: float = 2.0
    empty_weight: float = 1.0
    """Weight of a false face in a picture that is known to have no face."""
    precision: str = "auto"
    device: str = "auto"
    threads: int = 0
    workers: int = 1
    validate_every: int = 1
    mean: tuple[float, float, float] = (0.485, 0.456, 0.406)
    std: tuple[float, float, float] = (0.229, 0.224, 0.225)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        return dataclasses.asdict(self) | {"data": str(self.data), "out": str(self.out)}


def load_config(path: Path, overrides: dict[str, Any] | None = None) -> DetectorTrainConfig:
    """Reads a TOML file; `overrides` (None values ignored) win over it.

    Raises:
        ConfigError: unknown or missing keys.
        FileNotFoundError, tomllib.TOMLDecodeError: no such file, not TOML.
    """
    values: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    values.update({k: v for k, v in (overrides or {}).items() if v is not None})
    known = {f.name for f in dataclasses.fields(DetectorTrainConfig)}
    unknown = sorted(set(values) - known)
    missing = sorted({"data", "out"} - set(values))
    if unknown or missing:
        raise ConfigError(path, unknown, missing)
    for key in ("mean", "std"):
        if key in values:
            values[key] = tuple(values[key])
    return DetectorTrainConfig(
        **values | {"data": Path(values["data"]), "out": Path(values["out"])}
    )
