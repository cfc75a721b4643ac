"""Eight-bit copies: when they are used, and that they compute nearly the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recognition.embedding.embedder import open_embedder
from recognition.errors import WeightsCorrupt
from recognition.factory import WEIGHTS
from recognition.images import decode_picture
from recognition.manifest import load_manifest
from recognition.quantization import multiplies_bytes, pick_runtime

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("flags\t\t: fpu avx2 avx512_vnni", True),
        ("flags\t\t: fpu avx2 avx_vnni", True),
        ("Features\t: fp asimd asimddp", True),
        ("flags\t\t: fpu avx2", False),
        ("model name\t: avx512_vnni", False),
    ],
)
def test_a_processor_is_asked_for_dot_products_of_bytes(
    line: str, wanted: bool, tmp_path: Path
) -> None:
    file = tmp_path / "cpuinfo"
    file.write_text(f"processor : 0\n{line}\n")
    assert multiplies_bytes(file) is wanted


def test_auto_takes_bytes_where_they_pay(monkeypatch: pytest.MonkeyPatch) -> None:
    for able, wanted in ((True, "int8"), (False, "onnx")):
        monkeypatch.setattr("recognition.quantization.multiplies_bytes", lambda able=able: able)
        assert pick_runtime("auto") == wanted
    assert pick_runtime("torch") == "torch"
    with pytest.raises(ValueError, match="abacus"):
        pick_runtime("abacus")


def test_the_eight_bit_embedding_is_nearly_the_exact_one(tmp_path: Path) -> None:
    entry = load_manifest(WEIGHTS)["embedding"]
    image = decode_picture((ROOT / "data/samples/friends.png").read_bytes())
    size = entry["input"]["size_px"]
    crops = [image[y : y + size, x : x + size] for y in (60, 200) for x in (40, 300, 500)]
    exact, bytewise = (
        open_embedder(WEIGHTS, entry, runtime=runtime, threads=1, cache=tmp_path)
        for runtime in ("onnx", "int8")
    )
    cosines = (exact.embed_crops(crops) * bytewise.embed_crops(crops)).sum(axis=1)
    assert cosines.min() > 0.98
    assert cosines.min() < 1 - 1e-6, "the eight-bit copy was not used"
    again = open_embedder(WEIGHTS, entry, runtime="int8", threads=1, cache=tmp_path)
    assert np.array_equal(again.embed_crops(crops), bytewise.embed_crops(crops))
    other = entry | {"ranges": entry["ranges"] | {"sha256": "0" * 64}}
    with pytest.raises(WeightsCorrupt):
        open_embedder(WEIGHTS, other, runtime="int8", threads=1, cache=tmp_path)
