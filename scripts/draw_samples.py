"""Draws ``data/samples``: the pictures a fresh checkout has, made from parameters, by nobody else.

    python scripts/draw_samples.py              # writes *.svg, faces.csv and *.png
    python scripts/draw_samples.py --out DIR --svg-only

The SVG is the source and comes out the same byte for byte; the PNG is its picture (``resvg_py``,
from requirements-dev.txt). ``faces.csv`` has the true face boxes, computed from the parameters:
half-open, pixels, hairline to chin and ear to ear; ``name`` is empty for people who are nobody.
"""

import argparse
import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from drawing import scenery
from drawing.look import Eyes, Hair, Look, Outfit, Placed
from drawing.person import draw
from drawing.svg import tag

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "samples"


@dataclass(frozen=True)
class Picture:
    """``backdrop`` and ``foreground`` return SVG for a canvas of ``width`` × ``height`` pixels."""

    name: str
    title: str
    width: int
    height: int
    people: tuple[Placed, ...]
    backdrop: Callable[[], str]
    foreground: Callable[[], str]


# A fan drawing of our own, so that the demo has somebody to name.
REI = Look(
    key="rei",
    name="Ayanami Rei",
    hair=Hair("#a5c4ee", "layered", "bob", "bob"),
    eyes=Eyes("#c8202f", width=42, height=49, apart=48),
    outfit=Outfit("suit", "#eef1f8", "#2b2f45", "#e8762c"),
    skin="#ffe9dd",
    mouth="calm",
    blush=0.0,
    turn=-0.8,
    tilt=-1,
    extras=("interface_clips",),
)

# Strangers: invented for these pictures, in colours that nobody we know wears together.
OLIVE = Look(
    key="olive",
    name="",
    hair=Hair("#75822f", "straight", "short", "ponytail", accent="#ff8f6b"),
    eyes=Eyes("#8a4a2a"),
    outfit=Outfit("hoodie", "#f3b23e", "#ffffff", "#ffffff"),
    mouth="open",
    tilt=-4,
    turn=0.5,
    extras=("hairpins", "freckles"),
)
NAVY = Look(
    key="navy",
    name="",
    hair=Hair("#46507a", "tousled", "cropped", "cropped", ("tufts",), accent="#33384d"),
    eyes=Eyes("#8a5a34", width=60, height=63),
    outfit=Outfit("blazer", "#3f5a8a", "#324a75", "#b8383f"),
    skin="#ffe0cb",
    blush=0,
    brows=0.2,
    tilt=2,
    build=0.96,
    extras=("glasses",),
)
CORAL = Look(
    key="coral",
    name="",
    hair=Hair("#ea967f", "swept", "long", "wavy", ("braids",), accent="#4fb0d8"),
    eyes=Eyes("#7a52c8"),
    outfit=Outfit("sailor", "#fafbff", "#3b6ea8", "#d8485a"),
    skin="#dfa983",
    tilt=3,
    turn=-0.5,
    extras=("hairband",),
)
CHESTNUT = Look(
    key="chestnut",
    name="",
    hair=Hair("#a8653c", "parted", "short", "bun", accent="#f2c14e"),
    eyes=Eyes("#3c9a62"),
    outfit=Outfit("coat", "#c8553d", "#ffffff", "#f3e3c3"),
    mouth="open",
    blush=0.8,
    tilt=4,
    turn=0.5,
    extras=("flower",),
)
SAGE = Look(
    key="sage",
    name="",
    hair=Hair("#5f7f76", "parted", "cropped", "cropped", ("tufts",)),
    eyes=Eyes("#8a5a34", width=56, height=56),
    outfit=Outfit("coat", "#4a5a72", "#ffffff", "#d9a441"),
    skin="#f6d3b8",
    mouth="smile",
    blush=0.35,
    build=0.96,
    tilt=-3,
    turn=-0.5,
)

# Drawn in this order: the one in the middle stands behind the other two.
FRIENDS = (
    Placed(NAVY, 600, 318, 0.95),
    Placed(OLIVE, 238, 372, 0.95),
    Placed(CORAL, 962, 368, 0.95),
)

PICTURES = (
    Picture(
        "portrait",
        "A girl with short light-blue hair and red eyes in a white pilot suit, under the moon",
        900,
        1000,
        (Placed(REI, 450, 450, 1.25),),
        lambda: scenery.night_with_pylons(900, 1000),
        lambda: "",
    ),
    Picture(
        "friends",
        "Three friends side by side under cherry blossoms",
        1200,
        800,
        FRIENDS,
        lambda: scenery.spring_park(1200, 800),
        lambda: scenery.petals(1200, 800, 40, 21, avoid=[p.face_box() for p in FRIENDS]),
    ),
    Picture(
        "umbrella",
        "Two people in coats share an umbrella on a rainy evening",
        1100,
        900,
        (Placed(CHESTNUT, 352, 470, 1.0), Placed(SAGE, 752, 440, 1.05)),
        lambda: (
            scenery.rainy_street(1100, 900)
            + scenery.rain(1100, 900, 150, seed=31)
            + scenery.umbrella_handle(548, 150, 900)
        ),
        lambda: (
            scenery.umbrella_canopy(548, 40, 500, "#e2605f")
            + scenery.sleeve_and_fist(548, 742, SAGE.outfit.main, SAGE.skin, 1)
            + scenery.rain(1100, 900, 40, seed=32)
        ),
    ),
)


def svg_of(picture: Picture) -> str:
    """The whole picture as one SVG document."""
    w, h = picture.width, picture.height
    return (
        tag(
            "svg",
            tag("title", picture.title),
            tag("desc", "Drawn for AniWhois by scripts/draw_samples.py. MIT licence."),
            picture.backdrop(),
            *(draw(placed) for placed in picture.people),
            picture.foreground(),
            xmlns="http://www.w3.org/2000/svg",
            width=w,
            height=h,
            viewBox=f"0 0 {w} {h}",
        )
        + "\n"
    )


def faces_csv() -> str:
    """The true boxes of all pictures, people from left to right."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("file", "x0", "y0", "x1", "y1", "name"))
    for picture in PICTURES:
        for placed in sorted(picture.people, key=lambda placed: placed.x):
            writer.writerow((f"{picture.name}.png", *placed.face_box(), placed.look.name))
    return text.getvalue()


def png_of(svg: str) -> bytes:
    """The picture of ``svg`` at its own size, packed as tightly as PNG allows."""
    import resvg_py
    from PIL import Image

    raw = resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True)
    packed = io.BytesIO()
    Image.open(io.BytesIO(bytes(raw))).convert("RGB").save(packed, "PNG", optimize=True)
    return packed.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=SAMPLES, help="folder to write into")
    parser.add_argument("--svg-only", action="store_true", help="skip the PNG files")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "faces.csv").write_text(faces_csv(), encoding="utf-8", newline="\n")
    for picture in PICTURES:
        svg = svg_of(picture)
        path = options.out / f"{picture.name}.svg"
        path.write_text(svg, encoding="utf-8", newline="\n")
        print(path)
        if not options.svg_only:
            path.with_suffix(".png").write_bytes(png_of(svg))
            print(path.with_suffix(".png"))


if __name__ == "__main__":
    main()
