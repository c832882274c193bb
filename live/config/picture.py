"""The program picture: the table `picture`."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

from pydantic import Field

from live.config.base import Model

_NTSC = {23.976: Fraction(24000, 1001), 29.97: Fraction(30000, 1001), 59.94: Fraction(60000, 1001)}


class PictureConfig(Model):
    """The program picture. BT.709, limited range, 4:2:0, 8 bit."""

    width: Annotated[int, Field(ge=64, le=3840, multiple_of=8)] = 1280
    height: Annotated[int, Field(ge=64, le=2160, multiple_of=2)] = 720
    rate_hz: Annotated[float, Field(gt=0, le=120)] = 30.0
    delay_s: Annotated[float, Field(ge=0, le=1)] = Field(
        0.0,
        description=(
            "program behind the cameras: the machine hears what comes; 0.5 makes its cuts land on the word. The "
            "multiview is as late"
        ),
    )

    @property
    def rate(self) -> Fraction:
        """Frames a second, exact: 29.97 means 30000/1001."""
        return _NTSC.get(round(self.rate_hz, 3), Fraction(self.rate_hz).limit_denominator(1001))
