"""Glasses, clips, ribbons: what makes a stranger somebody."""

from drawing.colour import ink, light, shade
from drawing.look import Look
from drawing.svg import ellipse, group, line, path, tag


def interface_clips(look: Look) -> str:
    """Two white clips in the hair above the temples."""
    one = "".join(
        (
            path("M-12,-26 L10,-30 L17,-4 L9,24 L-10,22 L-16,-2 Z", "#f7f8fc", stroke="#2a2f4a",
                 stroke_width=2.6, stroke_linejoin="round"),
            path("M-6,-18 L6,-20 L10,-4 L5,14 L-5,13 L-9,-2 Z", "#2a3350"),
            path("M-1,-13 L4,-14 L7,-4 L3,7 L-1,6 Z", "#b9c6e8"),
            line("M13,-4 L9,20", "#c8cede", 2),
        )
    )  # fmt: skip
    return "".join(
        group(one, transform=f"translate({side * 92} -98) scale({side} 1) rotate(24)")
        for side in (-1, 1)
    )


def glasses(look: Look) -> str:
    """Thin frames around both eyes."""
    frame = look.hair.accent
    shift = f"translate({8 * look.turn:.1f} 0)"
    parts = [line("M-9,2 Q0,-5 9,2 M-88,0 L-96,-4 M88,0 L96,-4", frame, 3)]
    for side in (-1, 1):
        parts.append(
            tag("rect", x=side * 48 - 38, y=-35, width=76, height=74, rx=26, fill="#ffffff",
                fill_opacity="0.10", stroke=frame, stroke_width=2.8)
        )  # fmt: skip
        parts.append(line(f"M{side * 48 - 26},-18 l12,-10", "#ffffff", 3, opacity="0.8"))
    return group(*parts, transform=shift)


def hairband(look: Look) -> str:
    """A cloth band over the dome."""
    colour = look.hair.accent
    band = (
        "M-108,-70 C-96,-150 -50,-178 0,-178 C50,-178 96,-150 108,-70 L100,-62 C84,-132"
        " 46,-152 0,-152 C-46,-152 -84,-132 -100,-62 Z"
    )
    return path(band, colour, stroke=ink(colour), stroke_width=2.6) + line(
        "M-88,-112 C-68,-154 -30,-166 0,-166", light(colour), 4, opacity="0.7"
    )


def hairpins(look: Look) -> str:
    """Two crossed pins above the left temple."""
    colour = look.hair.accent
    return line("M-86,-88 L-52,-66 M-82,-62 L-56,-92", ink(colour), 9) + line(
        "M-86,-88 L-52,-66 M-82,-62 L-56,-92", colour, 5
    )


def flower(look: Look) -> str:
    """A five-petalled blossom above the right temple."""
    colour = look.hair.accent
    petals = [
        ellipse(0, -15, 10, 14, colour, stroke=ink(colour), stroke_width=2,
                transform=f"rotate({angle})")
        for angle in range(0, 360, 72)
    ]  # fmt: skip
    return group(*petals, ellipse(0, 0, 6, 6, "#ffd54a"), transform="translate(86 -92) rotate(12)")


def freckles(look: Look) -> str:
    """A few dots under the eyes."""
    dots = ((-66, 42), (-56, 47), (-46, 41), (46, 41), (56, 47), (66, 42), (-40, 50), (40, 50))
    colour = shade(look.skin, 0.38)
    return "".join(ellipse(x + 8 * look.turn, y, 1.9, 1.9, colour) for x, y in dots)
