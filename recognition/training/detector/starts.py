"""Networks to start from: ImageNet's, an earlier run's, or the shipped one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from recognition.detection.network import FaceNetwork, load_imagenet_start
from recognition.detection.runtimes import load_network
from recognition.manifest import load_manifest, section, verified_file
from recognition.training.detector.config import DetectorTrainConfig
from recognition.training.detector.data import draw_sample, normalise
from recognition.training.detector.material import Material
from recognition.training.starts import StartUnavailable, read_state, unfold_norms

CHECKPOINT = "checkpoint.pt"
SECTION = "detector"


def _averaged(payload: Mapping[str, Any]) -> dict[str, Tensor]:
    prefix = "module."
    return {
        k.removeprefix(prefix): v for k, v in payload["average"].items() if k.startswith(prefix)
    }


def load_run(path: Path) -> tuple[FaceNetwork, dict[str, Any]]:
    """A trained network in evaluation mode, and the configuration it was trained with.

    Args:
        path: a run folder (its averaged network is taken), or a weights folder.

    Raises:
        FileNotFoundError, WeightsMissing: neither is there.
        WeightsCorrupt: the weights folder's file is another one than its manifest names.
    """
    if (path / CHECKPOINT).is_file():
        payload = torch.load(path / CHECKPOINT, map_location="cpu", weights_only=True)
        network = FaceNetwork()
        network.load_state_dict(_averaged(payload))
        return network.eval(), payload["config"] | {"epoch": payload["epoch"]}
    entry = section(load_manifest(path), SECTION, path)
    network = load_network(verified_file(path, entry), int(entry["width"]))
    used = {"mean": entry["mean"], "std": entry["std"]}
    return network, json.loads(json.dumps(entry.get("recipe", {}))) | used


def apply_start(network: FaceNetwork, config: DetectorTrainConfig, material: Material) -> None:
    """Fills `network` with the configured start. Raises StartUnavailable."""
    if config.start == "random":
        return
    try:
        state: Mapping[str, Any] = read_state(Path(config.start))
    except FileNotFoundError as cause:
        raise StartUnavailable(config.start, "no such file") from cause
    if "average" in state:
        network.load_state_dict(_averaged(state))
    elif "out.weight" in state:
        counters = {k: v for k, v in network.state_dict().items() if k.endswith("_tracked")}
        network.load_state_dict(counters | {k: v.float() for k, v in state.items()})
    else:
        try:
            load_imagenet_start(network, state)
        except ValueError as cause:
            raise StartUnavailable(config.start, str(cause)) from cause
        rng = np.random.default_rng(config.seed)
        some = [draw_sample(material, config, rng).image for _ in range(32)]
        unfold_norms(network, normalise(some, config.mean, config.std))
