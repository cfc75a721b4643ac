"""What one person looks like: the parameters of a drawing, and where its face is."""

import math
from dataclasses import dataclass, field

HAIR_TOP, BROW, CHIN, HALF_FACE = -178.0, -54.0, 128.0, 95.0
_NECK = 140.0  # the head tilts around this height


@dataclass(frozen=True)
class Eyes:
    """``width`` and ``height`` in head units; ``glance`` moves the iris sideways (-1 to 1)."""

    colour: str
    width: float = 58.0
    height: float = 64.0
    apart: float = 47.0
    slant: float = 0.0
    glance: float = 0.0


@dataclass(frozen=True)
class Hair:
    """``fringe``, ``sides`` and ``back`` name shapes of ``fringe.py`` and ``hair.py``."""

    colour: str
    fringe: str
    sides: str
    back: str
    extras: tuple[str, ...] = ()
    accent: str = "#ffffff"


@dataclass(frozen=True)
class Outfit:
    kind: str
    main: str
    second: str
    accent: str


@dataclass(frozen=True)
class Look:
    """One person. ``turn`` (-1 to 1) moves the features sideways, ``tilt`` is in degrees;
    ``build`` is the width of the shoulders, 1 for a broad man.
    """

    key: str
    name: str
    hair: Hair
    eyes: Eyes
    outfit: Outfit
    skin: str = "#ffe6d6"
    mouth: str = "smile"
    brows: float = 0.0
    blush: float = 0.5
    turn: float = 0.0
    tilt: float = 0.0
    build: float = 0.86
    extras: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Placed:
    """A person in a picture: eye line at (``x``, ``y``) pixels, ``scale`` pixels per head unit."""

    look: Look
    x: float
    y: float
    scale: float

    def face_box(self) -> tuple[int, int, int, int]:
        """Ear to ear, hairline to chin: half-open, pixels. Follows the tilt of the head.

        The hairline lies a third of the way from the brows to the top of the hair.
        """
        top = BROW + (HAIR_TOP - BROW) / 3
        half_w, half_h = HALF_FACE, (CHIN - top) / 2
        angle = math.radians(self.look.tilt)
        sin, cos = math.sin(angle), math.cos(angle)
        # The box of the tilted ellipse that fills the upright box, turned around the neck.
        dy = (CHIN + top) / 2 - _NECK
        centre_x, centre_y = -dy * sin, _NECK + dy * cos
        wide = math.hypot(half_w * cos, half_h * sin)
        high = math.hypot(half_w * sin, half_h * cos)
        x, y, s = self.x, self.y, self.scale
        return (
            round(x + s * (centre_x - wide)),
            round(y + s * (centre_y - high)),
            round(x + s * (centre_x + wide)),
            round(y + s * (centre_y + high)),
        )


def head_turn(look: Look) -> str:
    """The SVG transform that tilts the head around the neck."""
    return f"rotate({look.tilt:.1f} 0 {_NECK:.0f})"
