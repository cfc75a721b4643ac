"""The fringe and the dome above it: their outline, and light and shadow on them."""

from itertools import pairwise

from drawing.look import HAIR_TOP, Look
from drawing.svg import Point, curve, num, path

_LEFT, _RIGHT = (-110.0, 12.0), (110.0, 12.0)

# From left to right: tip, notch, tip, notch … tip. Eyes lie at y = 0, brows at -54.
FRINGES: dict[str, tuple[Point, ...]] = {
    "layered": (
        (-98, 34), (-80, -50), (-66, -10), (-50, -74), (-36, -20), (-20, -78), (7, 24),
        (20, -76), (40, -22), (54, -70), (70, -8), (82, -48), (99, 38),
    ),
    "straight": (
        (-98, 22), (-84, -52), (-72, -36), (-58, -66), (-44, -34), (-28, -70), (-12, -36),
        (2, -72), (16, -34), (32, -70), (46, -36), (60, -64), (74, -34), (86, -50), (99, 24),
    ),
    "swept": (
        (-99, 24), (-84, -46), (-76, -16), (-62, -70), (-56, -30), (-36, -112), (2, -30),
        (8, -72), (42, -26), (50, -66), (80, -14), (86, -44), (100, 30),
    ),
    "tousled": (
        (-100, 16), (-88, -44), (-80, -16), (-64, -72), (-44, -22), (-30, -78), (-10, -30),
        (6, -78), (34, -14), (46, -70), (70, -24), (80, -48), (101, 18),
    ),
    "parted": (
        (-100, 26), (-86, -40), (-72, -24), (-52, -76), (-38, -42), (4, -118), (38, -40),
        (52, -78), (72, -22), (86, -42), (100, 26),
    ),
}  # fmt: skip


def fringe_shape(look: Look) -> str:
    """The closed outline of dome and fringe."""
    teeth = (_LEFT, *FRINGES[look.hair.fringe], _RIGHT)
    d = curve(
        "M#,# C-130,-84 -100,# 0,# C100,# 130,-84 #,#",
        *(*_LEFT, HAIR_TOP, HAIR_TOP, HAIR_TOP, *_RIGHT),
    )
    right_to_left = teeth[::-1]
    for i, (start, end) in enumerate(pairwise(right_to_left)):
        # Corners alternate: the right end is a root, then tip, notch, tip … and the left root.
        root, tip = (start, end) if i % 2 == 0 else (end, start)
        d += curve(" Q#,# #,#", *_leaf_control(root, tip), *end)
    return d + " Z"


def _leaf_control(root: Point, tip: Point) -> Point:
    """A lock leaves its root downwards and only then leans to its tip."""
    return root[0] + 0.10 * (tip[0] - root[0]), root[1] + 0.62 * (tip[1] - root[1])


def fringe_shade(look: Look, dark: str) -> list[str]:
    """The darker right third of every lock."""
    teeth = (_LEFT, *FRINGES[look.hair.fringe], _RIGHT)
    shapes = []
    for left, tip, right in zip(teeth[:-2:2], teeth[1::2], teeth[2::2], strict=True):
        width = right[0] - left[0]
        up = 34 + 0.25 * (tip[1] - right[1])
        inner = (right[0] - 0.55 * width + 0.25 * (tip[0] - right[0]), (right[1] + tip[1]) / 2)
        shapes.append(
            path(
                curve(
                    "M#,# Q#,# #,# Q#,# #,# Z",
                    *(*right, *_leaf_control(right, tip), *tip),
                    *(*inner, right[0] * 0.97, right[1] - up),
                ),
                dark,
                opacity="0.85",
            )
        )
    return shapes


def crown_shade(dark: str) -> str:
    """The far side of the dome lies in shadow."""
    return path("M60,-190 C96,-140 102,-60 92,20 L130,20 L130,-190 Z", dark, opacity="0.55")


def strands(look: Look, edge: str) -> str:
    """Tapered lines from every notch towards the crown."""
    d = ""
    for x, y in FRINGES[look.hair.fringe][1::2]:
        top_y = max(-162.0, y - 86)
        top_x = x * (0.62 if top_y > -162 else 0.4)
        bend_x = x * 1.04
        d += curve(
            "M#,# Q#,# #,# Q#,# #,# Z ",
            *(x - 1.6, y, bend_x - 0.8, y - 46, top_x, top_y, bend_x + 1.4, y - 44, x + 1.6, y),
        )
    return path(d, edge, opacity="0.75")


def shine(colour: str) -> str:
    """The ring of light, broken in the middle, with a jagged lower edge."""
    bands = ""
    for start, end, teeth in ((-86, -18, 5), (14, 74, 4)):
        step = (end - start) / teeth
        top = [(x, _ring(x) - 5) for x in _steps(start, end, teeth * 2)]
        low = []
        for i in range(teeth, 0, -1):
            x = start + i * step
            deep = 15 if i % 2 else 24
            low += [(x, _ring(x) + 3), (x - step / 2, _ring(x - step / 2) + deep)]
        points = top + low
        bands += "M" + " L".join(f"{num(x)},{num(y)}" for x, y in points) + " Z "
    return path(bands, colour, opacity="0.75", stroke=colour, stroke_width=1.5,
                stroke_linejoin="round")  # fmt: skip


def _ring(x: float) -> float:
    return -130 + 0.0042 * x * x


def _steps(start: float, end: float, count: int) -> list[float]:
    return [start + (end - start) * i / count for i in range(count + 1)]
