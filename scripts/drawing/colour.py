"""Colours as ``#rrggbb`` and the three shades that cel shading is made of."""


def mix(a: str, b: str, share: float) -> str:
    """``a`` with ``share`` (0 to 1) of ``b`` stirred in."""
    channels = zip(_channels(a), _channels(b), strict=True)
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in channels)


def shade(colour: str, share: float = 0.22) -> str:
    """In shadow: darker and a little bluer, as painters do it."""
    return mix(colour, "#2a2052", share)


def light(colour: str, share: float = 0.5) -> str:
    return mix(colour, "#ffffff", share)


def ink(colour: str) -> str:
    """The outline of an area of this colour: its own hue, almost black."""
    return mix(colour, "#1c1230", 0.72)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
