"""The configuration of one cascade run, read from a TOML file."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recognition.training.cascade.boosting import StageRule
from recognition.training.config import ConfigError


@dataclass(frozen=True)
class CascadeConfig:
    """Everything that decides the outcome of a run, but for the data's content."""

    data: Path = Path("../shared/data")
    """The data folder (with ``detection/``, ``patches/``, ``faces/``, ``whole/``)."""
    out: Path = Path("runs/cascade")
    """The run folder."""
    labels: Path = Path("runs/cascade-labels.jsonl")
    """Where our neural detector saw faces; made where it is missing."""
    photographs: Path = Path("runs/photographs")
    """Photographs without drawn faces, see `detector.photographs`; left out where missing."""
    photograph_copies: int = 2
    """How often each is among the pictures that negatives come from."""
    seed: int = 0
    window_px: int = 24
    """Side of the window, px."""
    context: float = 1.4
    """Side of the window, as a multiple of the face box's mean side."""
    shift_up: float = 0.05
    """So far lies the window's centre above the box's, as a part of the window's side."""
    stages: int = 16
    min_hit_rate: float = 0.992
    max_false_alarm: float = 0.4
    first_stumps: int = 5
    """Most stumps of the first stage, which looks at every window and must be quick ..."""
    growth: float = 1.6
    """... of each further one, so many times more ..."""
    max_stumps: int = 180
    """... up to this number."""
    nested: bool = True
    """Whether a stage begins with the stumps of the one before; they count extra."""
    last_stumps: int = 250
    """Stumps of the last stage, whose sum orders what is found."""
    last_hit_rate: float = 0.98
    smoothing: float = 2e-3
    """See `StageRule`."""
    features: int = 2400
    """So many features, drawn anew for each stage, compete; 0 takes all that fit the window."""
    features_per_round: int = 500
    """So many of them, drawn anew for each stump."""
    positives: int = 14000
    negatives: int = 10000
    """Windows of either kind for each stage."""
    least_negatives: int = 1500
    """Where fewer are found in `passes` over all pictures, this stage is the last."""
    false_alarm_target: float = 2e-7
    """The next stage is the last one when so few of the scanned windows pass."""
    passes: int = 2
    crop_copies: int = 2
    picture_copies: int = 6
    """Changed copies of each face, from a crop and from a whole picture."""
    turn_deg: float = 6.0
    """Standard deviation of the turn."""
    scale_jitter: float = 0.035
    shift_jitter: float = 0.025
    """Standard deviations of the window's (log) side and of its place, in parts of its side."""
    equalize: bool = False
    """Whether the histogram is equalised before looking; the detector does the same."""
    threads: int = 1

    def stage_rule(self, stage: int, *, last: bool) -> StageRule:
        """When the stage with this number is finished."""
        most = min(round(self.first_stumps * self.growth**stage), self.max_stumps)
        return StageRule(
            self.last_hit_rate if last else self.min_hit_rate,
            self.max_false_alarm,
            self.last_stumps if last else 1,
            self.last_stumps if last else most,
            self.smoothing,
            self.features_per_round,
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        values = dataclasses.asdict(self)
        return {k: str(v) if isinstance(v, Path) else v for k, v in values.items()}


def load_config(path: Path | None, overrides: dict[str, Any] | None = None) -> CascadeConfig:
    """Reads a TOML file (None: the defaults); `overrides` (None values ignored) win over it.

    Raises:
        ConfigError: unknown keys.
        FileNotFoundError, tomllib.TOMLDecodeError: no such file, not TOML.
    """
    values: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8")) if path else {}
    values.update({k: v for k, v in (overrides or {}).items() if v is not None})
    unknown = sorted(set(values) - {f.name for f in dataclasses.fields(CascadeConfig)})
    if unknown:
        raise ConfigError(path or Path(), unknown, [])
    for key in ("data", "out", "labels", "photographs"):
        if key in values:
            values[key] = Path(values[key])
    return CascadeConfig(**values)
