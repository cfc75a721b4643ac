"""Head without hair: skin, ears, eyes, brows, nose, mouth."""

from drawing.colour import ink, light, mix, shade
from drawing.look import BROW, Look
from drawing.svg import clip, curve, ellipse, fade, group, line, path, tag

_OUTLINE = 2.6


def outline(look: Look) -> str:
    """The shape of the face; the chin follows the turn of the head."""
    c = 7 * look.turn
    return curve(
        "M-93,-46 C-96,-4 -95,30 -87,56 C-79,82 #,108 #,125 Q#,130 #,125"
        " C#,108 79,82 87,56 C95,30 96,-4 93,-46 C90,-130 -90,-130 -93,-46 Z",
        *(c - 44, c - 11, c, c + 11, c + 44),
    )


def skin(look: Look) -> str:
    """Ears and face, with the shadow of the hair's side on the cheek."""
    tone, dark, ink_ = look.skin, shade(look.skin, 0.17), ink(look.skin)
    away = -1 if look.turn > 0 else 1
    ears = "".join(
        group(
            path(
                "M88,-6 C102,-22 116,-8 112,14 C109,34 98,46 86,44 Z",
                tone,
                stroke=ink_,
                stroke_width=_OUTLINE,
            ),
            line("M94,-2 C104,-8 107,4 103,14 M96,10 Q101,16 96,28", dark, 2.4),
            transform=f"scale({side} 1)",
        )
        for side in (-1, 1)
    )
    cheek = f"M{away * 98},-60 C{away * 70},0 {away * 84},50 {away * 52},96 L{away * 100},110 Z"
    return "\n".join(
        (
            clip(f"{look.key}-face", path(outline(look))),
            ears,
            path(outline(look), tone, stroke=ink_, stroke_width=_OUTLINE),
            path(cheek, dark, opacity="0.55", clip_path=f"url(#{look.key}-face)"),
        )
    )


def features(look: Look) -> str:
    """Blush, nose, mouth and both eyes."""
    shift = 8 * look.turn
    eyes = "".join(_eye(look, side) for side in (-1, 1))
    return group(
        _blush(look), _nose(look), _mouth(look), eyes, transform=f"translate({shift:.1f} 0)"
    )


def brows(look: Look) -> str:
    """Drawn last, over the fringe, as anime does it. ``look.brows`` > 0 frowns, < 0 worries."""
    colour = ink(look.hair.colour)
    shift, lean = 8 * look.turn, 9 * look.brows
    one = curve(
        "M-25,# Q0,# 27,# Q2,# -25,# Z", 3 + lean, -12 + lean / 2, 1 - lean, -6 + lean / 2, 3 + lean
    )
    apart = look.eyes.apart
    return "".join(
        path(
            one,
            colour,
            stroke=colour,
            stroke_width=1.6,
            opacity="0.85",
            transform=f"translate({shift + side * apart:.1f} {BROW:.0f}) scale({side} 1)",
        )
        for side in (-1, 1)
    )


def _eye(look: Look, side: int) -> str:
    eyes = look.eyes
    far = 1 - 0.10 * max(0.0, side * look.turn)
    sx, sy = far * eyes.width / 58, eyes.height / 64
    place = f"translate({side * eyes.apart:.1f} 0) rotate({-side * eyes.slant:.1f})"
    lid_colour = mix(ink(look.hair.colour), "#140c1c", 0.5)
    white = (
        "M-28,9 C-25,-20 -8,-34 8,-33 C22,-32 30,-16 29,2 C28,17 21,28 8,31 C-8,33 -23,25 -28,9 Z"
    )
    upper = (
        "M-31,2 C-26,-24 -9,-41 9,-41 C23,-41 33,-30 35,-15 L43,-20 C41,-9 37,-1 30,8"
        " C31,-8 25,-24 8,-27 C-8,-29 -22,-16 -29,1 Z"
    )
    name = f"{look.key}-eye{'l' if side < 0 else 'r'}"
    return group(
        clip(name, path(white, transform=f"scale({side} 1)")),
        path(white, "#ffffff", transform=f"scale({side} 1)"),
        group(_iris(look, name), clip_path=f"url(#{name})"),
        group(
            path(upper, lid_colour),
            line("M28,12 C25,24 17,31 5,33", lid_colour, 2.2),
            line("M34,-18 L44,-27 M30,-26 L37,-35", lid_colour, 2.6),
            line("M-22,-36 C-10,-50 16,-54 30,-38", shade(look.skin, 0.45), 1.8),
            transform=f"scale({side} 1)",
        ),
        transform=f"{place} scale({sx:.3f} {sy:.3f})",
    )


def _iris(look: Look, name: str) -> str:
    colour = look.eyes.colour
    x = 5 * look.eyes.glance
    deep = mix(colour, "#12081e", 0.72)
    return "".join(
        (
            fade(
                f"{name}-iris",
                (
                    (0, deep),
                    (0.38, mix(colour, "#12081e", 0.28)),
                    (0.7, colour),
                    (1, light(colour)),
                ),
            ),
            ellipse(x, 0, 22.5, 33, f"url(#{name}-iris)", stroke=deep, stroke_width=2.6),
            ellipse(x, 19, 14, 9.5, light(colour, 0.55), opacity="0.65"),
            ellipse(x, -1, 9.5, 14, deep),
            path("M-34,-40 H34 V-14 C20,-24 -16,-24 -34,-6 Z", "#2b1d4a", opacity="0.30"),
            ellipse(x - 8, -13, 7.4, 9.4, "#ffffff", transform=f"rotate(-14 {x - 8:.1f} -13)"),
            ellipse(x + 9, 13, 3.6, 4.2, "#ffffff", opacity="0.95"),
        )
    )


def _blush(look: Look) -> str:
    if not look.blush:
        return ""
    colour = mix(look.skin, "#ff4f63", 0.62)
    spots = []
    for side in (-1, 1):
        x = side * 58
        spots.append(ellipse(x, 48, 23, 11, colour, opacity=f"{0.42 * look.blush:.2f}"))
        dashes = " ".join(f"M{x + d},44 l-5,9" for d in (-9, 1, 11))
        spots.append(line(dashes, colour, 1.8, opacity=f"{0.9 * look.blush:.2f}"))
    return "".join(spots)


def _nose(look: Look) -> str:
    lean = -3 if look.turn < 0 else 3
    dark = shade(look.skin, 0.22)
    side = curve("M#,53 Q#,59 #,63 L#,62 Z", lean, lean * 2.4, lean * 1.7, -lean * 0.4)
    tip = curve("M#,62.5 L#,63", -lean * 0.5, lean * 1.3)
    return path(side, dark) + line(tip, shade(look.skin, 0.55), 1.8)


def _mouth(look: Look) -> str:
    edge = mix(look.skin, "#5b1526", 0.78)
    lip = line("M-6,102 Q0,104 6,102", shade(look.skin, 0.25), 2)
    if look.mouth == "open":
        inside = "M-21,83 Q0,88 21,83 C20,100 10,109 0,109 C-10,109 -20,100 -21,83 Z"
        name = f"{look.key}-mouth"
        return "".join(
            (
                clip(name, path(inside)),
                path(inside, "#8e2740"),
                group(
                    ellipse(0, 108, 13, 9, "#f07f86"),
                    tag("rect", x=-14, y=80, width=28, height=9.5, rx=3, fill="#ffffff"),
                    clip_path=f"url(#{name})",
                ),
                path(inside, stroke=edge, stroke_width=2.4, stroke_linejoin="round"),
            )
        )
    if look.mouth == "calm":
        return line("M-11,90 Q-4,88.5 0,90 Q4,88.5 11,90", edge, 2.4) + lip
    return line("M-17,87 C-8,96 8,96 17,87 M-19,85 L-16,88 M19,85 L16,88", edge, 2.5) + lip
