"""Puts one person together, from back to front."""

from drawing import extras, face, fringe, hair, outfit
from drawing.colour import shade
from drawing.look import Placed, head_turn
from drawing.svg import group, path

_EXTRAS = {
    "interface_clips": extras.interface_clips,
    "glasses": extras.glasses,
    "hairband": extras.hairband,
    "hairpins": extras.hairpins,
    "flower": extras.flower,
    "freckles": extras.freckles,
}
_UNDER_FRINGE = ("freckles",)


def draw(placed: Placed) -> str:
    """The person at its place in the picture."""
    look = placed.look
    head = head_turn(look)
    spiky = "tufts" in look.hair.extras
    fringe_shadow = path(
        fringe.fringe_shape(look),
        shade(look.skin, 0.24),
        transform="translate(3 13)",
        clip_path=f"url(#{look.key}-face)",
    )
    return group(
        group(hair.back(look), transform=head),
        outfit.body(look),
        group(
            face.skin(look),
            fringe_shadow,
            *(_EXTRAS[name](look) for name in look.extras if name in _UNDER_FRINGE),
            face.features(look),
            hair.tufts(look, outlined=True) if spiky else "",
            hair.front(look),
            hair.tufts(look, outlined=False) if spiky else "",
            face.brows(look),
            *(_EXTRAS[name](look) for name in look.extras if name not in _UNDER_FRINGE),
            transform=head,
        ),
        *(hair.braid(look, side) for side in (-1, 1) if "braids" in look.hair.extras),
        id=look.key,
        transform=f"translate({placed.x:.1f} {placed.y:.1f}) scale({placed.scale:.3f})",
    )
