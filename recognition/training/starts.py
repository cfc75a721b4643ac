"""Where a run starts from: random weights, torchvision's ImageNet weights, or a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import safetensors.torch
import torch
from torch import Tensor, nn

from recognition.embedding.networks import EmbeddingNetwork, load_imagenet_start
from recognition.torchvision_ops import torchvision


class StartUnavailable(Exception):
    """The start could not be read; ``start`` is what was asked for, the cause tells why."""

    def __init__(self, start: str, hint: str) -> None:
        super().__init__(f"start {start!r}: {hint}")
        self.start = start
        self.hint = hint


def read_state(path: Path) -> dict[str, Tensor]:
    """A state dict from ``.safetensors`` or ``.pth`` (read without unpickling objects).

    Raises:
        FileNotFoundError: no such file.
    """
    if path.suffix == ".safetensors":
        return safetensors.torch.load_file(path)
    state: dict[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    return state


def imagenet_state() -> Mapping[str, Tensor]:
    """torchvision's ImageNet ResNet34; downloaded once (83 MB), its hash checked by torchvision.

    Raises:
        StartUnavailable: the download server cannot be reached and nothing is cached.
    """
    weights = torchvision.models.ResNet34_Weights.IMAGENET1K_V1
    try:
        state: Mapping[str, Tensor] = weights.get_state_dict(progress=True, check_hash=True)
    except OSError as cause:  # URLError is one
        raise StartUnavailable(
            "imagenet", f"cannot download {weights.url}; give the path of a state dict instead"
        ) from cause
    return state


def apply_start(
    network: EmbeddingNetwork, start: str, calibration: Tensor | None = None
) -> list[str]:
    """Fills `network` with the start named by the configuration.

    Args:
        network: changed in place.
        start: ``random``, ``imagenet`` or a file: an ImageNet ResNet (torchvision keys, perhaps
            partial) or a state dict of this very network.
        calibration: normalised pictures ``(n, 3, S, S)``, needed when the file's batch norms were
            folded into weights and biases (see `unfold_norms`).

    Returns:
        Names of the tensors that kept their random start.

    Raises:
        StartUnavailable: no such file, no connection, or nothing in it fits.
    """
    if start == "random":
        return sorted(network.state_dict())
    if start == "imagenet":
        return load_imagenet_start(network, imagenet_state())
    try:
        state = read_state(Path(start))
    except FileNotFoundError as cause:
        raise StartUnavailable(start, "no such file") from cause
    if "project.weight" in state:
        network.load_state_dict(state)
        return []
    try:
        kept = load_imagenet_start(network, state)
    except ValueError as cause:
        raise StartUnavailable(start, str(cause)) from cause
    if calibration is not None:
        unfold_norms(network, calibration)
    return kept


def _is_folded(norm: nn.BatchNorm2d) -> bool:
    assert norm.running_mean is not None
    assert norm.running_var is not None
    neutral = bool((norm.running_mean == 0).all() and (norm.running_var == 1).all())
    return neutral and bool((norm.bias != 0).any())


@torch.no_grad()
def unfold_norms(network: nn.Module, pictures: Tensor) -> int:
    """Gives folded batch norms real statistics without changing what the network computes.

    Some published files fold each batch norm into the convolution before it and leave an identity
    with a bias. In training mode such a layer would normalise by the batch all the same, and the
    pretrained function would be lost in the first step. Measuring mean and spread of its input on
    `pictures` and putting them into both the statistics and the affine part keeps the function.

    Returns:
        How many layers were given statistics.
    """
    folded = [m for m in network.modules() if isinstance(m, nn.BatchNorm2d) and _is_folded(m)]
    seen: dict[nn.BatchNorm2d, tuple[Tensor, Tensor]] = {}

    def measure(module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        assert isinstance(module, nn.BatchNorm2d)
        seen[module] = inputs[0].mean((0, 2, 3)), inputs[0].var((0, 2, 3))

    hooks = [m.register_forward_pre_hook(measure) for m in folded]
    was_training = network.training
    network.eval()
    network(pictures)
    network.train(was_training)
    for hook in hooks:
        hook.remove()
    for norm, (mean, var) in seen.items():
        assert norm.running_mean is not None
        assert norm.running_var is not None
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(var)
        norm.bias.add_(norm.weight * mean)
        norm.weight.mul_((var + norm.eps).sqrt())
    return len(seen)
