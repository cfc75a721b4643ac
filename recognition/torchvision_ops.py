"""Makes ``import torchvision`` work beside a CPU build of torch.

The Linux wheel of torchvision on PyPI is linked against CUDA. Beside a CPU torch its compiled
operators cannot be loaded, and torchvision then fails at import because it registers fake kernels
for operators that nobody has declared ("operator torchvision::nms does not exist"). Declaring the
two schemas first is enough: models and transforms v2 are plain Python. The operators stay without
a kernel, so calling them is an error; nothing in this project does.

Import torchvision like this, everywhere::

    from recognition.torchvision_ops import torchvision
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
from pathlib import Path

import torch

_SCHEMAS = {
    "nms": "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms": "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
}


def _operators_load() -> bool:
    """Whether torchvision's compiled library is there and fits the installed torch."""
    spec = importlib.util.find_spec("torchvision")
    if spec is None or spec.origin is None:
        return False
    package = Path(spec.origin).parent
    for suffix in importlib.machinery.EXTENSION_SUFFIXES:
        library = package / f"_C{suffix}"
        if not library.exists():
            continue
        try:
            torch.ops.load_library(str(library))  # type: ignore[no-untyped-call]
        except OSError:
            return False
        return True
    return False


def _declare_missing() -> torch.library.Library | None:
    if _operators_load():
        return None
    library = torch.library.Library("torchvision", "FRAGMENT")  # type: ignore[no-untyped-call]
    for schema in _SCHEMAS.values():
        library.define(schema)  # type: ignore[no-untyped-call]
    return library


#: Keeps the declared schemas alive: torch forgets them when the library object goes. None where
#: torchvision brought its own operators.
declared = _declare_missing()

import torchvision  # noqa: E402

__all__ = ["declared", "torchvision"]
