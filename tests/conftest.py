"""What every room's tests share: where the data lies, the catalog, pictures made on the fly."""

from __future__ import annotations

import gc
import io
import os
import warnings
from collections.abc import Callable
from pathlib import Path

with warnings.catch_warnings():
    # discord.py imports audioop, which Python 3.13 drops; here once, before any test module.
    warnings.simplefilter("ignore", DeprecationWarning)
    import discord  # noqa: F401

import pytest
from PIL import Image, ImageDraw

from catalog import Catalog

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module", autouse=True)
def _rested() -> None:
    """The garbage collector does not look again through what all test modules hold: at a million
    objects it stops a bot for a second, and that would be measured as its own.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The catalog that is shipped."""
    return Catalog.load(ROOT / "data" / "characters.json")


@pytest.fixture(scope="session")
def samples() -> list[Path]:
    """The pictures drawn for this project."""
    return sorted((ROOT / "data" / "samples").glob("*.png"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The shared data folder; the test is skipped, with this reason, where there is none."""
    folder = Path(os.environ.get("ANIWHOIS_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no shared data at {folder} (set ANIWHOIS_DATA)")
    return folder


@pytest.fixture(scope="session")
def picture() -> Callable[..., bytes]:
    """Makes small pictures: ``picture()``, ``picture("JPEG", mode="CMYK")``; `boxes` are red."""

    def make(
        suffix: str = "PNG",
        *,
        size: tuple[int, int] = (96, 64),
        mode: str = "RGB",
        boxes: tuple[tuple[int, int, int, int], ...] = (),
    ) -> bytes:
        image = Image.new("RGB", size, (240, 240, 240))
        pen = ImageDraw.Draw(image)
        for box in boxes:
            pen.rectangle(box, fill=(200, 30, 30))
        out = io.BytesIO()
        image.convert(mode).save(out, suffix)
        return out.getvalue()

    return make
