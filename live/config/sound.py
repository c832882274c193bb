"""The sound desk as a whole: the table `sound`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from live.config.base import Model
from live.config.strips import GainDb

Ceiling = Annotated[float, Field(ge=-30, le=0)]


class SoundConfig(Model):
    """The sound desk as a whole, and what the machine does there."""

    master_db: GainDb = Field(0.0, description="the master fader at the start; /master/gain changes it")
    ceiling_db: Ceiling = Field(
        -1.0, description="no true peak of the program is louder, of full scale; /master/ceiling changes it"
    )
    solo: Literal["monitor", "in place"] = Field(
        "monitor", description="what a strip's solo does: heard in the listening, or in place: alone on air, too"
    )
    target_lufs: Annotated[float, Field(ge=-40, le=-10)] = Field(
        -23.0, description="the loudness that levelling aims at: -23 for television in Europe, -16 and -14 on the net"
    )
    follow: Literal["off", "suggest", "auto"] = Field(
        "auto", description="whether the strips that follow the picture do so by themselves"
    )
    lease_s: Annotated[float, Field(ge=0, le=600)] = Field(
        10.0, description="how long a hand on a strip keeps the machine off it"
    )
