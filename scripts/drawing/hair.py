"""Hair: a dome, a fringe cut into locks, sides, and what hangs behind the head."""

import math
from collections.abc import Sequence

from drawing.colour import ink, light, shade
from drawing.fringe import crown_shade, fringe_shade, fringe_shape, shine, strands
from drawing.look import Look
from drawing.svg import Point, clip, curve, ellipse, fade, group, line, num, path

_OUTLINE = 2.6


def back(look: Look) -> str:
    """Behind neck and body."""
    inside, edge = shade(look.hair.colour, 0.34), ink(look.hair.colour)
    style = {"stroke": edge, "stroke_width": _OUTLINE, "stroke_linejoin": "round"}
    tail = ""
    if look.hair.back == "ponytail":
        tail = "".join(
            (
                path(_TAIL, look.hair.colour, **style),
                path(_TAIL_SHADE, shade(look.hair.colour, 0.24), opacity="0.8"),
                line(_TAIL_STRANDS, edge, 2, opacity="0.6"),
                ellipse(92, -122, 15, 19, look.hair.accent, **style),
            )
        )
    if look.hair.back == "bun":
        tail = "".join(
            (
                path("M-40,-160 C-84,-236 84,-236 40,-160 Z", look.hair.colour, **style),
                line("M-34,-178 C-24,-204 20,-212 36,-190 M-14,-168 C-8,-188 16,-190 22,-176",
                     edge, 2, opacity="0.6"),
                ellipse(0, -168, 40, 9, look.hair.accent, **style),
            )
        )  # fmt: skip
    strands = line(_LONG_STRANDS, edge, 2, opacity="0.5") if look.hair.back == "wavy" else ""
    return tail + path(_BACKS[look.hair.back], inside, **style) + strands


def front(look: Look) -> str:
    """Dome, fringe and the locks beside the face, with cel shade and highlights."""
    hair, key = look.hair, look.key
    edge, dark = ink(hair.colour), shade(hair.colour, 0.24)
    shape = fringe_shape(look)
    return "\n".join(
        (
            clip(f"{key}-fringe", path(shape)),
            fade(f"{key}-hair", ((0, light(hair.colour, 0.14)), (1, hair.colour))),
            *(_lock(lock, f"url(#{key}-hair)", dark, edge) for lock in _both(SIDES[hair.sides])),
            path(shape, f"url(#{key}-hair)", stroke=edge, stroke_width=_OUTLINE,
                 stroke_linejoin="round"),
            group(*fringe_shade(look, dark), crown_shade(dark), clip_path=f"url(#{key}-fringe)"),
            strands(look, edge),
            group(shine(light(hair.colour, 0.5)), clip_path=f"url(#{key}-fringe)"),
        )
    )  # fmt: skip


def tufts(look: Look, *, outlined: bool) -> str:
    """Spikes that stand off the dome: once with an outline before the dome, once bare after it."""
    edge = ink(look.hair.colour)
    inset = 0.0 if outlined else 2.0
    d = ""
    for degrees, length, lean in _TUFTS:
        angle = math.radians(degrees)
        sin, cos = math.sin(angle), math.cos(angle)
        x, y = 104 * sin, -62 - 106 * cos
        tip = (
            x + (length - inset * 2) * math.sin(angle + lean),
            y - (length - inset * 2) * math.cos(angle + lean),
        )
        wide = 30 - inset
        left = (x - wide * cos - 8 * sin, y - wide * sin + 8 * cos)
        right = (x + wide * cos - 8 * sin, y + wide * sin + 8 * cos)
        d += curve(
            "M#,# Q#,# #,# Q#,# #,# Z ",
            *left,
            *(x - wide * 0.5 * cos + 6 * sin, y - wide * 0.5 * sin - 6 * cos, *tip),
            *(x + wide * 0.7 * cos + 4 * sin, y + wide * 0.7 * sin - 4 * cos, *right),
        )
    if outlined:
        return path(
            d, look.hair.colour, stroke=edge, stroke_width=2 * _OUTLINE, stroke_linejoin="round"
        )
    return path(d, light(look.hair.colour, 0.10))


# Degrees from the crown, length in head units, lean in radians.
_TUFTS = (
    (-78, 26, -0.5), (-54, 34, -0.4), (-30, 36, -0.3), (-4, 38, 0.5), (22, 40, 0.5),
    (46, 34, 0.6), (72, 28, 0.6),
)  # fmt: skip

Lock = tuple[Point, Point, Point, float]  # outer root, inner root, tip, sideways bend

SIDES: dict[str, tuple[Lock, ...]] = {
    "short": (((-112, -50), (-80, -56), (-92, 66), -8),),
    "bob": (
        ((-114, -60), (-84, -50), (-104, 126), -34),
        ((-108, -60), (-74, -56), (-66, 108), -20),
    ),
    "long": (
        ((-116, -60), (-90, -50), (-118, 250), -26),
        ((-108, -56), (-76, -56), (-80, 190), -16),
    ),
    "cropped": (((-112, -50), (-84, -56), (-95, 34), -4),),
}

_LONG_STRANDS = (
    "M-112,110 Q-140,200 -132,300 M112,110 Q140,200 132,300 M-96,160 L-104,330 M96,160 L104,330"
)
_TAIL = (
    "M76,-136 C150,-176 222,-100 204,10 C198,70 214,110 236,140 C206,138 184,124 172,100"
    " C172,130 178,148 186,166 C140,136 112,66 118,0 C120,-44 100,-84 80,-106 Z"
)
_TAIL_SHADE = (
    "M172,100 C172,130 178,148 186,166 C140,136 112,66 118,0 C120,-44 100,-84 80,-106"
    " C130,-80 150,-30 146,10 C144,50 156,84 172,100 Z"
)
_TAIL_STRANDS = "M96,-128 C150,-130 180,-60 172,10 M110,-138 C176,-140 200,-60 190,30"
_BACKS: dict[str, str] = {
    "bob": (
        "M-112,-60 C-142,10 -140,84 -122,134 L-110,118 L-102,140 L-88,120 L-78,134 L-62,108"
        " Q0,122 62,108 L78,134 L88,120 L102,140 L110,118 L122,134 C140,84 142,10 112,-60 Z"
    ),
    "short": (
        "M-110,-60 C-128,0 -124,64 -104,100 L-94,86 L-84,108 L-70,90 Q0,104 70,90 L84,108 L94,86"
        " L104,100 C124,64 128,0 110,-60 Z"
    ),
    "wavy": (
        "M-112,-60 C-150,0 -126,60 -148,110 C-172,160 -136,200 -160,250 C-176,290 -146,320"
        " -156,352 L-128,334 L-112,356 L-84,330 L84,330 L112,356 L128,334 L156,352 C146,320"
        " 176,290 160,250 C136,200 172,160 148,110 C126,60 150,0 112,-60 Z"
    ),
    "cropped": (
        "M-108,-60 C-120,0 -112,44 -96,74 L-86,64 L-76,80 L76,80 L86,64 L96,74 C112,44 120,0"
        " 108,-60 Z"
    ),
    "bun": (
        "M-108,-60 C-124,0 -116,54 -98,84 L-86,72 L-78,90 L-66,80 L66,80 L78,90 L86,72 L98,84"
        " C116,54 124,0 108,-60 Z"
    ),
}
_BACKS["ponytail"] = _BACKS["short"]


def _both(locks: Sequence[Lock]) -> list[Lock]:
    """The left locks and their mirror images."""
    mirrored = [
        ((-a[0], a[1]), (-b[0], b[1]), (-tip[0] * 0.96, tip[1] + 5), -bend)
        for a, b, tip, bend in locks
    ]
    return [*locks, *mirrored]


def _lock(lock: Lock, fill: str, dark: str, edge: str) -> str:
    (ox, oy), (ix, iy), (tx, ty), bend = lock
    middle = (oy + ty) / 2
    outer = curve(
        "M#,# C#,# #,# #,#", ox, oy, ox + bend, middle - 30, ox + bend, middle + 40, tx, ty
    )
    inner = curve(" C#,# #,# #,# Z", ix + bend * 0.7, middle + 40, ix + bend * 0.2, middle, ix, iy)
    part = curve(
        "M#,# C#,# #,# #,# C#,# #,# #,# Z",
        *(tx, ty, ix + bend * 0.7, middle + 40, ix + bend * 0.2, middle, ix, iy),
        *(ix + bend * 0.2 - 8, middle - 20, (ox + ix) / 2 + bend * 0.8, middle + 20, tx, ty),
    )
    whole = outer + inner
    strand = curve(
        "M#,# Q#,# #,#",
        *((ox + ix) / 2, oy + 40, (ox + ix) / 2 + bend * 0.8, middle),
        *((tx + (ox + ix) / 2 + bend) / 2, middle + (ty - middle) * 0.55),
    )
    return "".join(
        (
            path(whole, fill, stroke=edge, stroke_width=_OUTLINE, stroke_linejoin="round"),
            path(part, dark, opacity="0.8"),
            line(strand, edge, 1.6, opacity="0.55"),
        )
    )


def braid(look: Look, side: int) -> str:
    """One plait that falls over the shoulder: drawn over the body."""
    hair = look.hair
    edge, dark = ink(hair.colour), shade(hair.colour, 0.24)
    style = {"stroke": edge, "stroke_width": 2.2, "stroke_linejoin": "round"}
    links = []
    for i in range(8):
        x, y, size = side * (100 + 3.2 * i), 92 + 24 * i, 1 - 0.035 * i
        strand = "M0,22 C-24,14 -26,-10 -16,-22 C-2,-18 8,-4 6,14 Z"
        for flip, fill in ((side, hair.colour), (-side, dark)):
            place = f"translate({num(x)} {num(y)}) scale({flip * size:.3f} {size:.3f})"
            links.append(path(strand, fill, transform=place, **style))
    x, y = side * 125, 92 + 24 * 8 - 2
    tip = "M-11,0 Q-22,34 -4,62 Q2,50 6,60 Q22,34 11,0 Z"
    return "".join(
        (
            *links,
            path(tip, hair.colour, transform=f"translate({x} {y})", **style),
            ellipse(x, y - 2, 14, 8, hair.accent, **style),
        )
    )
