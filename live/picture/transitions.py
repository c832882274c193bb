"""Every transition there is, in one table: commands, rigs, docs and the renderer go by it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Kind:
    """family: how it is drawn (live/render/transition.py). file: it needs a file, so it has to be set up in the rig
    first."""

    name: str
    family: str
    doc: str
    file: bool = False


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("cut", "cut", "at once"),
        Kind("mix", "mix", "one dissolves into the other"),
        Kind("dip", "dip", "through a colour"),
        Kind("wipe", "wipe", "from left to right"),
        Kind("wipe_left", "wipe", "from right to left"),
        Kind("wipe_down", "wipe", "from top to bottom"),
        Kind("wipe_up", "wipe", "from bottom to top"),
        Kind("diagonal", "wipe", "from the top left corner, a slanting edge"),
        Kind("diagonal_left", "wipe", "from the top right corner, a slanting edge"),
        Kind("corner_top_left", "wipe", "a box from the top left corner"),
        Kind("corner_top_right", "wipe", "a box from the top right corner"),
        Kind("corner_bottom_left", "wipe", "a box from the bottom left corner"),
        Kind("corner_bottom_right", "wipe", "a box from the bottom right corner"),
        Kind("box_top", "wipe", "a box from the middle of the top edge"),
        Kind("box_right", "wipe", "a box from the middle of the right edge"),
        Kind("box_bottom", "wipe", "a box from the middle of the bottom edge"),
        Kind("box_left", "wipe", "a box from the middle of the left edge"),
        Kind("barn_doors", "wipe", "from the upright middle line to both sides"),
        Kind("barn_doors_flat", "wipe", "from the level middle line up and down"),
        Kind("split", "wipe", "from both sides to the upright middle line"),
        Kind("split_flat", "wipe", "from above and below to the level middle line"),
        Kind("box", "wipe", "a box from the middle"),
        Kind("circle", "wipe", "an iris from the middle"),
        Kind("diamond", "wipe", "a diamond from the middle"),
        Kind("four_boxes", "wipe", "boxes from all four corners"),
        Kind("clock", "wipe", "a hand that goes round from twelve"),
        Kind("clock_double", "wipe", "two hands that go round from twelve and six"),
        Kind("fan", "wipe", "opens to both sides from twelve"),
        Kind("blinds", "wipe", "upright slats"),
        Kind("blinds_flat", "wipe", "level slats"),
        Kind("matrix", "wipe", "squares in a scattered order"),
        Kind("spiral", "wipe", "squares along a spiral to the middle"),
        Kind("push_left", "push", "the new picture pushes the old one out to the left"),
        Kind("push_right", "push", "the new picture pushes the old one out to the right"),
        Kind("push_up", "push", "the new picture pushes the old one out at the top"),
        Kind("push_down", "push", "the new picture pushes the old one out at the bottom"),
        Kind("squeeze_left", "squeeze", "the old picture is squeezed away to the left"),
        Kind("squeeze_right", "squeeze", "the old picture is squeezed away to the right"),
        Kind("squeeze_up", "squeeze", "the old picture is squeezed away upwards"),
        Kind("squeeze_down", "squeeze", "the old picture is squeezed away downwards"),
        Kind("picture", "wipe", "a wipe along a grey picture: dark comes first", file=True),
        Kind("stinger", "stinger", "a film with alpha runs over the change", file=True),
    )
}
WIPES = tuple(k.name for k in KINDS.values() if k.family == "wipe" and not k.file)
BUILT_IN = tuple(k.name for k in KINDS.values() if not k.file)


@dataclass(frozen=True)
class Style:
    """How a transition is drawn.

    softness and border: shares of the way that the edge goes, 0 to 0.5. colour: of the border, and of what a dip goes
    through.
    reverse: the shape runs the other way (an iris that closes). path: the grey picture of a picture wipe.
    """

    softness: float = 0.03
    border: float = 0.0
    colour: str = "#000000"
    reverse: bool = False
    path: Path | None = None
