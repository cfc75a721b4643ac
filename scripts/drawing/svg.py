"""The few SVG words we need. Every number is written with one decimal, so output is stable."""

from collections.abc import Iterable

Point = tuple[float, float]


def num(value: float) -> str:
    """One decimal, without a trailing ``.0`` or a negative zero."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def tag(name: str, /, *children: str, **attributes: object) -> str:
    """``<name …>children</name>``; ``stroke_width=2`` becomes ``stroke-width="2"``."""
    parts = [f"<{name}"]
    for key, value in attributes.items():
        if value is not None:
            written = num(value) if isinstance(value, float | int) else value
            parts.append(f' {key.rstrip("_").replace("_", "-")}="{written}"')
    if not children:
        return "".join(parts) + "/>"
    return "".join(parts) + ">" + "\n".join(children) + f"</{name}>"


def group(*children: str, **attributes: object) -> str:
    return tag("g", *(child for child in children if child), **attributes)


def path(d: str, fill: str = "none", **attributes: object) -> str:
    return tag("path", d=d, fill=fill, **attributes)


def line(d: str, colour: str, width: float, **attributes: object) -> str:
    """An open stroke with round ends."""
    ends = {"stroke_linecap": "round", "stroke_linejoin": "round"}
    return path(d, stroke=colour, stroke_width=width, **ends, **attributes)


def ellipse(cx: float, cy: float, rx: float, ry: float, fill: str, **attributes: object) -> str:
    return tag("ellipse", cx=cx, cy=cy, rx=rx, ry=ry, fill=fill, **attributes)


def rect(x: float, y: float, w: float, h: float, fill: str, **attributes: object) -> str:
    return tag("rect", x=x, y=y, width=w, height=h, fill=fill, **attributes)


def move(*points: Point, closed: bool = True) -> str:
    """A polygon or polyline through ``points``."""
    steps = " L".join(f"{num(x)},{num(y)}" for x, y in points)
    return f"M{steps}" + (" Z" if closed else "")


def curve(template: str, *values: float) -> str:
    """``template`` with every ``#`` replaced by the next number."""
    pieces = template.split("#")
    if len(pieces) != len(values) + 1:
        raise ValueError((template, len(values)))
    out = [pieces[0]]
    for value, piece in zip(values, pieces[1:], strict=True):
        out += [num(value), piece]
    return "".join(out)


def clip(name: str, *shapes: str) -> str:
    return tag("clipPath", *shapes, id=name)


def fade(
    name: str,
    stops: Iterable[tuple[float, str] | tuple[float, str, float]],
    *,
    across: bool = False,
) -> str:
    """A linear gradient, downwards or ``across``; stops are (offset 0–1, colour[, opacity])."""
    written = []
    for stop in stops:
        opacity = f"{stop[2]:.2f}" if len(stop) == 3 else None
        written.append(
            tag("stop", offset=f"{stop[0]:.2f}", stop_color=stop[1], stop_opacity=opacity)
        )
    end = {"x2": 1, "y2": 0} if across else {"x2": 0, "y2": 1}
    return tag("linearGradient", *written, id=name, x1=0, y1=0, **end)


def glow(name: str, inner: str, outer: str, *, inner_opacity: float, outer_opacity: float) -> str:
    """A radial gradient from ``inner`` to ``outer``."""
    return tag(
        "radialGradient",
        tag("stop", offset="0", stop_color=inner, stop_opacity=f"{inner_opacity:.2f}"),
        tag("stop", offset="1", stop_color=outer, stop_opacity=f"{outer_opacity:.2f}"),
        id=name,
    )
