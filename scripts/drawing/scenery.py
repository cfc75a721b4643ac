"""Backgrounds and foregrounds. Chance is seeded: one picture is always the same picture."""

import math
from collections.abc import Sequence
from random import Random

from drawing.colour import mix
from drawing.svg import curve, ellipse, fade, glow, group, line, move, path, rect

Box = tuple[int, int, int, int]  # x0, y0, x1, y1 in pixels


def night_with_pylons(w: float, h: float) -> str:
    """A wide evening sky, a great moon, and power lines over a dark plain."""
    chance = Random(2)
    stars = "".join(
        ellipse(chance.uniform(0, w), chance.uniform(0, h * 0.62), r, r, "#ffffff",
                opacity=f"{chance.uniform(0.35, 0.95):.2f}")
        for r in (chance.choice((1.2, 1.6, 2.4)) for _ in range(70))
    )  # fmt: skip
    ground = h * 0.80
    wires = "".join(
        line(
            curve("M#,# Q#,# #,#", -20, y, w / 2, y + sag, w + 20, y - 40), "#1b1d44", 2.6
        )
        for y, sag in ((h * 0.47, 90), (h * 0.51, 96), (h * 0.55, 104))
    )  # fmt: skip
    return "".join(
        (
            fade("sky", ((0, "#141a4d"), (0.45, "#3a3f8f"), (0.72, "#b56a9c"), (0.86, "#ffb37a"))),
            glow("moon", "#fff6dc", "#fff6dc", inner_opacity=0.55, outer_opacity=0),
            rect(0, 0, w, h, "url(#sky)"),
            stars,
            ellipse(w * 0.66, h * 0.28, 380, 380, "url(#moon)"),
            ellipse(w * 0.66, h * 0.28, 215, 215, "#fff3d2"),
            *(ellipse(w * 0.66 + x, h * 0.28 + y, r, r * 0.9, "#f1dfb4")
              for x, y, r in ((120, -90, 34), (150, 30, 22), (70, -150, 16), (178, -30, 12))),
            path(move((0, ground), (w * 0.2, ground - 26), (w * 0.45, ground - 8),
                      (w * 0.75, ground - 34), (w, ground - 12), (w, h), (0, h)), "#34285e"),
            *(_pylon(x, ground + 8, size) for x, size in ((w * 0.09, 1.0), (w * 0.92, 1.15))),
            wires,
        )
    )  # fmt: skip


def _pylon(x: float, y: float, size: float) -> str:
    frame = (
        "M-46,0 L-10,-380 M46,0 L10,-380 M-38,-90 L30,-170 M38,-90 L-30,-170 M-30,-170 L22,-250"
        " M30,-170 L-22,-250 M-10,-380 L0,-410 L10,-380 M-90,-300 L90,-300 M-74,-350 L74,-350"
        " M-90,-300 L-12,-330 M90,-300 L12,-330"
    )
    return group(
        line(frame, "#1b1d44", 5), transform=f"translate({x:.1f} {y:.1f}) scale({size:.2f})"
    )


def spring_park(w: float, h: float) -> str:
    """Sky, hills, and cherry trees that frame the picture."""
    return "".join(
        (
            fade("sky", ((0, "#6fb9f0"), (0.6, "#c9e9fb"), (1, "#fff4e4"))),
            rect(0, 0, w, h, "url(#sky)"),
            *(_cloud(x, y, s) for x, y, s in
              ((w * 0.22, 120, 1.0), (w * 0.60, 74, 0.8), (w * 0.86, 190, 1.1))),
            path(curve("M0,# C#,# #,# #,# L#,# L0,# Z", h * 0.62, w * 0.25, h * 0.5, w * 0.5,
                       h * 0.66, w, h * 0.54, w, h, h), "#a9d8a0"),
            path(curve("M0,# C#,# #,# #,# L#,# L0,# Z", h * 0.74, w * 0.3, h * 0.66, w * 0.7,
                       h * 0.76, w, h * 0.66, w, h, h), "#7fc184"),
            _branch(w, 1, 11),
            _branch(w, -1, 12),
        )
    )  # fmt: skip


def petals(w: float, h: float, count: int, seed: int, *, avoid: Sequence[Box]) -> str:
    """At most ``count`` loose cherry petals in the air, none of them on a face."""
    chance = Random(seed)
    shape = "M0,-8 C7,-6 7,4 0,9 C-7,4 -7,-6 0,-8 Z"
    drawn = []
    for _ in range(count):
        x, y, turn = chance.uniform(0, w), chance.uniform(0, h), chance.uniform(0, 360)
        size, colour = chance.uniform(0.7, 1.3), chance.choice(("#ffd3e0", "#ffc0d3", "#fff0f5"))
        if any(x0 - 20 < x < x1 + 20 and y0 - 20 < y < y1 + 20 for x0, y0, x1, y1 in avoid):
            continue
        place = f"translate({x:.1f} {y:.1f}) rotate({turn:.0f}) scale({size:.2f})"
        drawn.append(path(shape, colour, transform=place))
    return "".join(drawn)


def _cloud(x: float, y: float, size: float) -> str:
    puffs = ((-80, 8, 50, 26), (-36, -12, 56, 40), (24, -20, 62, 46), (78, 4, 52, 30))
    top = "".join(ellipse(px, py, rx, ry, "#ffffff") for px, py, rx, ry in puffs)
    base = ellipse(0, 22, 128, 16, "#e4f1fb")
    return group(
        top, base, transform=f"translate({x:.1f} {y:.1f}) scale({size:.2f})", opacity="0.9"
    )


def _branch(w: float, side: int, seed: int) -> str:
    """Blossoms along a branch that reaches in from the left (1) or the right (-1) edge."""
    chance = Random(seed)
    wood = "M-20,40 C60,30 150,60 250,30 C300,20 330,24 360,10 M120,46 C160,80 190,96 240,110"
    blossoms = []
    for i in range(72):
        t = i / 72
        x = -10 + 370 * t + chance.uniform(-26, 26)
        y = 42 - 28 * t + chance.gauss(0, 30 * (1.15 - t))
        size = chance.uniform(9, 19)
        colour = mix("#ffb7cd", "#fff1f6", chance.random())
        blossoms.append(_blossom(x, y, size, colour, chance.uniform(0, 72)))
    for i in range(16):
        x, y = 130 + 8 * i + chance.uniform(-14, 14), 56 + 4 * i + chance.uniform(-14, 14)
        blossoms.append(_blossom(x, y, chance.uniform(8, 15), "#ffd0de", chance.uniform(0, 72)))
    place = f"translate({0 if side > 0 else w:.0f} 0) scale({side} 1)"
    return group(line(wood, "#6b4a4f", 9), *blossoms, transform=place)


def _blossom(x: float, y: float, size: float, colour: str, turn: float) -> str:
    steps = []
    for i in range(5):
        a, b = math.radians(turn + 72 * i), math.radians(turn + 72 * (i + 1))
        steps.append(
            curve("C#,# #,# #,#", *(v for angle, r in ((a + 0.25, 1.3), (b - 0.25, 1.3), (b, 0.45))
                                    for v in (x + size * r * math.cos(angle),
                                              y + size * r * math.sin(angle))))
        )  # fmt: skip
    first = math.radians(turn)
    start = curve("M#,#", x + size * 0.45 * math.cos(first), y + size * 0.45 * math.sin(first))
    return path(start + " ".join(steps) + "Z", colour) + ellipse(
        x, y, size * 0.22, size * 0.22, "#e57896"
    )


def rainy_street(w: float, h: float) -> str:
    """An evening street out of focus: house fronts, windows, lamps and their glow."""
    chance = Random(5)
    houses = []
    for i, x in enumerate(range(-40, int(w), 170)):
        top = h * chance.uniform(0.16, 0.34)
        wall = mix("#39486f", "#57476f", chance.random())
        houses.append(rect(x, top, 158, h, wall))
        for row in range(5):
            for column in range(3):
                lit = chance.random() < 0.45
                houses.append(
                    rect(x + 20 + column * 44, top + 36 + row * 74, 28, 44,
                         "#ffd98a" if lit else "#2c385c", rx=3, opacity="0.85")
                )  # fmt: skip
        houses.append(rect(x - 4, top - 10, 166, 14, "#2b3557" if i % 2 else "#3b335c"))
    lamps = []
    for _ in range(16):
        x, y, r = chance.uniform(0, w), chance.uniform(h * 0.45, h * 0.95), chance.uniform(16, 46)
        colour = chance.choice(("#ffcf7d", "#ff9f7a", "#8fd6ff", "#ffd9f0"))
        lamps.append(ellipse(x, y, r, r, colour, opacity=f"{chance.uniform(0.18, 0.42):.2f}"))
    return "".join(
        (
            fade("sky", ((0, "#2c3a68"), (1, "#8f7aa8"))),
            rect(0, 0, w, h, "url(#sky)"),
            *houses,
            fade("haze", ((0, "#5d6a99", 0.35), (1, "#a58cb5", 0.75))),
            rect(0, 0, w, h, "url(#haze)"),
            *lamps,
        )
    )


def rain(w: float, h: float, count: int, seed: int) -> str:
    """Slanting drops."""
    chance = Random(seed)
    d = ""
    for _ in range(count):
        x, y, length = chance.uniform(0, w), chance.uniform(0, h), chance.uniform(14, 44)
        d += curve("M#,# L#,# ", x, y, x - length * 0.22, y + length)
    return line(d, "#dfeaff", 1.8, opacity="0.55")


def umbrella_canopy(x: float, y: float, reach: float, colour: str) -> str:
    """Seen from the front, its tip at (x, y): eight ribs, scalloped rim, inside in shadow."""
    edge, dark = mix(colour, "#1c1230", 0.7), mix(colour, "#2a2052", 0.35)
    drop = reach * 0.44
    ribs = [-1.0, -0.62, -0.22, 0.22, 0.62, 1.0]
    rim = "".join(
        curve(" Q#,# #,#", x + (a + b) / 2 * reach, y + drop - 26, x + a * reach, y + drop)
        for a, b in zip(ribs[-2::-1], ribs[:0:-1], strict=True)
    )
    dome = curve("M#,# C#,# #,# #,# C#,# #,# #,#", x - reach, y + drop, x - reach * 0.9, y + 20,
                 x - reach * 0.4, y, x, y, x + reach * 0.4, y, x + reach * 0.9, y + 20,
                 x + reach, y + drop)  # fmt: skip
    under = curve("M#,# Q#,# #,# Q#,# #,# Z", x - reach, y + drop, x, y + drop - 70, x + reach,
                  y + drop, x, y + drop + 26, x - reach, y + drop)  # fmt: skip
    panels = "".join(
        line(curve("M#,# Q#,# #,#", x, y, x + rib * reach * 0.72, y + 30,
                   x + rib * reach, y + drop),
             edge, 2.4)
        for rib in ribs[1:-1]
    )  # fmt: skip
    bright = curve("M#,# C#,# #,# #,# L#,# Q#,# #,# Z", x, y, x - reach * 0.3, y + 2,
                   x - reach * 0.6,
                   y + 20, x - reach * 0.62, y + drop, x - reach * 0.22, y + drop,
                   x - reach * 0.16, y + 30, x, y)  # fmt: skip
    return "".join(
        (
            path(under, mix(colour, "#1c1838", 0.62)),
            path(dome + rim + " Z", colour, stroke=edge, stroke_width=3.2, stroke_linejoin="round"),
            path(bright, "#ffffff", opacity="0.16"),
            panels,
            line(curve("M#,# V#", x, y, y - 22), dark, 9),
        )
    )


def umbrella_handle(x: float, top: float, bottom: float) -> str:
    """The stick, drawn behind the people."""
    stick = curve("M#,# V#", x, top, bottom)
    return line(stick, "#2b2238", 10) + line(stick, "#9a8f9f", 5)


def sleeve_and_fist(x: float, y: float, sleeve: str, skin: str, side: int) -> str:
    """A hand round the stick at (x, y), its arm coming from below on ``side`` (-1 left)."""
    edge, tone = mix(sleeve, "#1c1230", 0.72), mix(skin, "#5a2436", 0.7)
    arm = "M-34,20 C-60,90 -120,170 -170,250 L-60,300 C-10,200 20,110 34,38 Z"
    cuff = "M-40,14 L38,34 L30,62 L-50,40 Z"
    fist = (
        "M-30,-34 C-38,-20 -38,14 -30,24 C-12,34 20,36 32,26 C40,8 38,-26 28,-36 C10,-44"
        " -18,-42 -30,-34 Z"
    )
    fingers = (
        "M-31,-18 C-12,-14 14,-14 33,-18 M-35,-2 C-12,2 14,2 36,-2 M-33,12 C-12,16 14,16 35,12"
    )
    thumb = "M-28,-30 C-10,-36 16,-32 22,-22 C16,-14 -6,-14 -22,-18 Z"
    return group(
        path(arm, sleeve, stroke=edge, stroke_width=3, stroke_linejoin="round"),
        path("M6,60 C-10,130 -60,220 -96,284 L-60,300 C-10,200 20,110 34,38 Z",
             mix(sleeve, "#2a2052", 0.2)),
        path(fist, skin, stroke=tone, stroke_width=2.6),
        line(fingers, tone, 2),
        path(thumb, skin, stroke=tone, stroke_width=2),
        path(cuff, mix(sleeve, "#2a2052", 0.2), stroke=edge, stroke_width=2.8),
        transform=f"translate({x:.1f} {y:.1f}) scale({-side} 1)",
    )  # fmt: skip
