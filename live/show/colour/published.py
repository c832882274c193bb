"""What is published of how sources are graded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from live.control.published import Field, Published, published

if TYPE_CHECKING:
    from live.show import ShowState


@published("colour/<source>")
@dataclass(frozen=True)
class ColourStatus(Published):
    """The colours of a source."""

    source: str
    kelvin: Annotated[float, Field("the white of its light", unit="K", at="grade")] = 6500.0
    tint: Annotated[float, Field("towards magenta; under 0 towards green", at="grade")] = 0.0
    lift: Annotated[float, Field("of the dark parts", at="grade")] = 0.0
    gamma: Annotated[float, Field("of the middle", at="grade")] = 1.0
    gain: Annotated[float, Field("of the bright parts", at="grade")] = 1.0
    saturation: Annotated[float, Field("of all colours", at="grade")] = 1.0
    look: Annotated[str, Field('the file of its look; "" for none', at="look")] = ""
    like: Annotated[str, Field('what it is matched to; "" for nothing', at="match")] = ""
    follows: Annotated[bool, Field("the match goes on", at="match")] = False
    locked: Annotated[bool, Field("a hand locked the match", at="match")] = False
    luma_gain: Annotated[float, Field("of the brightness, that the match does now", at="match")] = 1.0
    chroma_gain: Annotated[float, Field("of the colours, that the match does now", at="match")] = 1.0
    luma_offset: Annotated[float, Field("of Y' that the match does now", at="match")] = 0.0
    cb_offset: Annotated[float, Field("of Cb that the match does now", at="match")] = 0.0
    cr_offset: Annotated[float, Field("of Cr that the match does now", at="match")] = 0.0

    @property
    def grade(self) -> tuple[float, float, float, float, float, float]:
        """The controls in their order."""
        return self.kelvin, self.tint, self.lift, self.gamma, self.gain, self.saturation


Correction = Callable[[str], Sequence[float]]  # what the match of a source does now


def colour(state: ShowState, correction: Correction) -> Iterator[Published]:
    for name, colours in state.colours.all.items():
        c, look = colours.config, colours.config.look
        yield ColourStatus(
            name,
            c.kelvin,
            c.tint,
            c.lift,
            c.gamma,
            c.gain,
            c.saturation,
            look.name if look else "",
            colours.reference,
            colours.follow,
            colours.locked,
            *(round(v, 3) for v in correction(name)),
        )


def colour_goes_by(state: ShowState, correction: Correction) -> object:
    colours = state.colours.all
    return [(c.config, c.reference, c.follow, c.locked, correction(name)) for name, c in colours.items()]
