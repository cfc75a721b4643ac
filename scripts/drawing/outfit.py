"""Neck, shoulders and clothes down to the edge of the picture. The neck starts under the chin."""

from collections.abc import Callable

from drawing.colour import ink, light, shade
from drawing.face import outline
from drawing.look import Look
from drawing.svg import clip, curve, ellipse, group, line, path, rect

_OUTLINE = 2.8
_TORSO = (
    "M-40,172 C-70,190 -118,196 -150,212 C-186,230 -196,280 -204,340 C-212,410 -220,500 -224,640"
    "L224,640 C220,500 212,410 204,340 C196,280 186,230 150,212 C118,196 70,190 40,172"
    " C30,206 -30,206 -40,172 Z"
)
_ARMPITS = "M-138,330 C-142,400 -146,500 -146,640 M138,330 C142,400 146,500 146,640"


def body(look: Look) -> str:
    """Neck with the shadow of the chin, then the clothes."""
    key, tone, edge = look.key, look.skin, ink(look.skin)
    neck = (
        "M-37,84 C-36,130 -38,152 -44,172 C-62,186 -92,192 -120,204 L120,204 C92,192 62,186"
        " 44,172 C38,152 36,130 37,84 Z"
    )
    shadow = path(outline(look), shade(tone, 0.24), transform="translate(0 26)",
                  clip_path=f"url(#{key}-neck)")  # fmt: skip
    return "\n".join(
        (
            clip(f"{key}-neck", path(neck, transform="translate(0 -26)")),
            path(neck, tone, stroke=edge, stroke_width=_OUTLINE),
            shadow,
            line("M-20,196 Q-6,202 -2,208 M20,196 Q6,202 2,208", shade(tone, 0.35), 2),
            group(
                _OUTFITS[look.outfit.kind](look),
                transform=f"translate(0 16) scale({look.build:.2f} 0.90)",
            ),
        )
    )


def _torso(look: Look, colour: str) -> str:
    """The garment's body in ``colour`` with the shade of the far side and the sleeves' seams."""
    edge, dark = ink(colour), shade(colour, 0.20)
    key = look.key
    return "".join(
        (
            clip(f"{key}-torso", path(_TORSO)),
            path(_TORSO, colour, stroke=edge, stroke_width=_OUTLINE),
            group(
                path("M226,200 C170,230 176,330 170,640 L230,640 Z", dark),
                path("M146,330 C120,420 128,520 120,640 L150,640 C148,520 150,420 146,330 Z", dark),
                path("M-146,340 C-132,430 -134,540 -132,640 L-148,640 Z", dark),
                clip_path=f"url(#{key}-torso)",
            ),
            line(_ARMPITS, edge, 2.4),
        )
    )


def _suit(look: Look) -> str:
    """A pilot's tight suit: hard collar, shoulder plates, chest piece."""
    o = look.outfit
    edge = ink(o.second)
    grey = shade(o.main, 0.14)
    plates = "".join(
        group(
            path(
                "M118,196 C158,204 196,226 206,290 C190,306 160,306 140,296 C148,262 140,226"
                " 118,196 Z",
                 o.main, stroke=edge, stroke_width=_OUTLINE),
            path(
                "M150,208 C184,222 200,250 204,288 C198,296 188,300 178,300 C182,262 172,230"
                " 150,208 Z", grey),
            path("M82,186 C98,200 110,240 112,300 L134,300 C134,250 124,212 106,192 Z", o.accent,
                 stroke=edge, stroke_width=2.4),
            path("M70,184 C86,206 94,250 94,310 L112,300 C110,240 98,200 82,186 Z", o.second),
            transform=f"scale({side} 1)",
        )
        for side in (-1, 1)
    )  # fmt: skip
    collar = (
        path(
            "M-52,150 C-50,176 -46,196 -30,214 L30,214 C46,196 50,176 52,150 L40,140 C38,160"
            " 20,178 0,178"
             " C-20,178 -38,160 -40,140 Z", o.main, stroke=edge, stroke_width=_OUTLINE)
        + path("M-40,140 C-38,160 -20,178 0,178 C20,178 38,160 40,140 L45,148 C42,172 22,190 0,190"
               " C-22,190 -42,172 -45,148 Z", "#a8283a", stroke=edge, stroke_width=2.2)
        + rect(-13, 194, 26, 18, o.second, rx=4)
    )  # fmt: skip
    chest = (
        path("M-66,226 C-40,240 40,240 66,226 L76,330 C50,352 -50,352 -76,330 Z", grey,
             stroke=edge, stroke_width=2.4)
        + path("M-40,252 H40 L34,300 H-34 Z", o.main, stroke=edge, stroke_width=2.4)
        + rect(-26, 264, 20, 24, o.second, rx=3) + rect(6, 264, 20, 24, o.second, rx=3)
        + line("M-76,330 C-90,420 -90,520 -84,640 M76,330 C90,420 90,520 84,640", edge, 2.4)
        + line("M0,352 V640", shade(o.main, 0.3), 2.4)
    )  # fmt: skip
    return _torso(look, o.main) + chest + plates + collar


def _sailor(look: Look) -> str:
    """School uniform: wide collar with two stripes and a neckerchief."""
    o = look.outfit
    edge = ink(o.second)
    collar = (
        "M-46,170 C-90,186 -128,194 -146,206 C-130,254 -60,282 0,330 C60,282 130,254 146,206"
        " C128,194 90,186 46,170 C36,214 16,258 0,276 C-16,258 -36,214 -46,170 Z"
    )
    stripes = (
        "M-130,214 C-112,252 -50,276 0,316 C50,276 112,252 130,214 M-118,214 C-100,244"
        " -46,266 0,302 C46,266 100,244 118,214"
    )
    knot = (
        "M-18,308 L18,308 L22,334 L-22,334 Z M-18,334 C-40,380 -44,420 -36,452 L-8,420 L0,340"
        " Z M18,334 C40,380 44,420 36,452 L8,420 L0,340 Z"
    )
    return "".join(
        (
            _torso(look, o.main),
            path("M-52,166 L0,284 L52,166 C30,196 -30,196 -52,166 Z", look.skin),
            path("M-30,238 H30 L0,288 Z", o.main, stroke=edge, stroke_width=2),
            path(collar, o.second, stroke=edge, stroke_width=_OUTLINE),
            line(stripes, light(o.main, 0.6), 3),
            path(knot, o.accent, stroke=ink(o.accent), stroke_width=2.6, stroke_linejoin="round"),
        )
    )


def _blazer(look: Look) -> str:
    """Shirt, tie and jacket with lapels."""
    o = look.outfit
    edge, white = ink(o.main), "#fbfbff"
    shirt = "M-44,168 L-70,200 L0,420 L70,200 L44,168 C30,204 -30,204 -44,168 Z"
    tie = "M-14,206 L14,206 L10,226 L24,380 L0,408 L-24,380 L-10,226 Z"
    lapel = "M-52,174 L-96,196 L-92,264 L-112,268 L-8,440 L-2,418 C-40,330 -60,250 -52,174 Z"
    wings = "M-44,160 L-58,196 L-22,236 L0,204 Z"
    return "".join(
        (
            _torso(look, o.main),
            path(shirt, white, stroke="#5a5f80", stroke_width=2),
            path("M14,210 L44,176 L66,206 L22,350 Z", "#d9dcef"),
            path(tie, o.accent, stroke=ink(o.accent), stroke_width=2.4),
            path("M-12,260 L16,250 L18,272 L-14,284 Z M-16,310 L20,298 L22,320 L-18,334 Z",
                 light(o.accent, 0.45)),
            *(path(lapel, o.second, stroke=edge, stroke_width=_OUTLINE, transform=f"scale({s} 1)")
              for s in (-1, 1)),
            *(path(wings, white, stroke="#5a5f80", stroke_width=2.4, transform=f"scale({s} 1)")
              for s in (-1, 1)),
            ellipse(0, 470, 7, 7, "#e8c66a", stroke=edge, stroke_width=2),
        )
    )  # fmt: skip


def _hoodie(look: Look) -> str:
    """A soft hood round the neck, cords, a big pocket."""
    o = look.outfit
    edge, dark = ink(o.main), shade(o.main, 0.22)
    hood = (
        "M-56,150 C-112,158 -134,192 -126,224 C-92,252 -36,262 0,292 C36,262 92,252 126,224"
        " C134,192 112,158 56,150 C54,190 30,214 0,230 C-30,214 -54,190 -56,150 Z"
    )
    lining = (
        "M-56,150 C-54,190 -30,214 0,230 C30,214 54,190 56,150 L68,156 C64,204 38,232 0,250"
        " C-38,232 -64,204 -68,156 Z"
    )
    return "".join(
        (
            _torso(look, o.main),
            path("M-44,170 L0,236 L44,170 C30,206 -30,206 -44,170 Z", o.second, stroke=edge,
                 stroke_width=2),
            path(hood, o.main, stroke=edge, stroke_width=_OUTLINE),
            path("M126,224 C92,252 36,262 0,292 L0,274 C40,248 90,236 124,204 Z", dark),
            path(lining, dark, stroke=edge, stroke_width=2.2),
            *(line(curve("M#,252 C#,290 #,310 #,338", s * 26, s * 30, s * 22, s * 26), c, w)
              for s in (-1, 1) for c, w in ((edge, 8), (o.accent, 4.6))),
            path("M-90,470 C-60,456 60,456 90,470 L104,600 H-104 Z", dark, stroke=edge,
                 stroke_width=2.4),
        )
    )  # fmt: skip


def _coat(look: Look) -> str:
    """A raincoat or duffle coat with toggles and a scarf."""
    o = look.outfit
    edge, scarf = ink(o.main), o.accent
    wrap = (
        "M-60,142 C-76,166 -78,194 -60,212 C-30,234 30,234 60,212 C78,194 76,166 60,142"
        " C40,176 -40,176 -60,142 Z"
    )
    tail = "M20,214 C44,260 50,320 44,380 L88,372 C92,310 84,250 62,206 Z"
    return "".join(
        (
            _torso(look, o.main),
            line("M0,220 C2,360 2,500 0,640", edge, 2.6),
            *(line(f"M-34,{y} H34", edge, 7) + line(f"M-34,{y} H34", "#e9d3a6", 4)
              + rect(-14, y - 7, 28, 14, "#8a5a35", rx=6, stroke=edge, stroke_width=2)
              for y in (320, 410, 500)),
            path(tail, shade(scarf, 0.16), stroke=ink(scarf), stroke_width=_OUTLINE),
            line("M50,356 L48,378 M62,356 L61,376 M75,354 L75,374", ink(scarf), 2),
            path(wrap, scarf, stroke=ink(scarf), stroke_width=_OUTLINE),
            path("M60,212 C78,194 76,166 60,142 C58,172 40,200 -6,226 C24,230 44,224 60,212 Z",
                 shade(scarf, 0.20)),
            line("M-62,168 C-40,200 10,204 40,190 M-58,192 C-40,212 -16,216 0,214", ink(scarf), 2,
                 opacity="0.6"),
        )
    )  # fmt: skip


_OUTFITS: dict[str, Callable[[Look], str]] = {
    "suit": _suit,
    "sailor": _sailor,
    "blazer": _blazer,
    "hoodie": _hoodie,
    "coat": _coat,
}
