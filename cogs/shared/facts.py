"""What ``/about`` tells of this installation, read once by ``bot.py``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Facts:
    """``measured`` is what the weights' manifest says of the shipped network; see
    ``docs/recognition.md``. Shares are 0 to 1.
    """

    version: str = "unknown"
    model_id: str = "unknown"
    measured: Mapping[str, Any] = field(default_factory=dict)
