"""What a channel strip of the sound desk is set to: the one place where its settings, their units and their limits are.

A microphone, a player and a group each have a strip. The rig's tables, the commands under `/strips/`, the state, the
presets and the console's controls all come from these models; `live/audio/rack.py` does what they say.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from live.config.base import Model

GainDb = Annotated[float, Field(ge=-60, le=24)]
Hz = Annotated[float, Field(ge=20, le=20_000)]
ThresholdDb = Annotated[float, Field(ge=-80, le=0)]  # of full scale
Ms = Annotated[float, Field(ge=0.1, le=2_000)]


class Section(Model):
    """A part of a strip. Off it costs nothing. One that a file gives is on, unless it says `on = false`."""

    on: bool = Field(False, description="in the way of the sound or not")

    @model_validator(mode="before")
    @classmethod
    def _given(cls, value: Any) -> Any:
        return {"on": True, **value} if isinstance(value, dict) and value else value


class HighPass(Section):
    """Takes away what is below a voice: steps, wind, a table that is knocked at. 12 dB an octave."""

    hz: Annotated[float, Field(ge=20, le=600)] = Field(80.0, description="where it is 3 dB down")


class Band(Model):
    """One band of the equaliser (the Audio EQ Cookbook's filters)."""

    shape: Literal["bell", "low_shelf", "high_shelf"] = "bell"
    hz: Hz = 1_000.0
    gain_db: Annotated[float, Field(ge=-18, le=18)] = 0.0
    q: Annotated[float, Field(ge=0.1, le=10)] = Field(0.7, description="how narrow it is")


class Equaliser(Section):
    """Four bands."""

    low: Band = Band(shape="low_shelf", hz=100.0)
    low_mid: Band = Band(hz=400.0)
    high_mid: Band = Band(hz=2_500.0)
    high: Band = Band(shape="high_shelf", hz=8_000.0)


class Gate(Section):
    """Turns down what is quieter than a voice: an expander, downwards."""

    threshold_db: ThresholdDb = Field(-45.0, description="what is louder opens it")
    range_db: Annotated[float, Field(ge=0, le=60)] = Field(20.0, description="how far it closes at most")
    ratio: Annotated[float, Field(ge=1, le=20)] = Field(4.0, description="dB out for each dB under the threshold")
    attack_ms: Ms = 1.0
    hold_ms: Ms = 150.0
    release_ms: Ms = 200.0


class Compressor(Section):
    """Turns down what is louder than the threshold."""

    threshold_db: ThresholdDb = -20.0
    ratio: Annotated[float, Field(ge=1, le=20)] = 3.0
    knee_db: Annotated[float, Field(ge=0, le=24)] = Field(6.0, description="how wide the bend at the threshold is")
    attack_ms: Ms = 10.0
    release_ms: Ms = 150.0
    makeup_db: Annotated[float, Field(ge=0, le=24)] = 0.0


class DeEsser(Section):
    """Turns the hiss of an s down, and nothing else."""

    hz: Annotated[float, Field(ge=2_000, le=12_000)] = Field(6_000.0, description="what is above it is judged")
    threshold_db: ThresholdDb = -35.0
    range_db: Annotated[float, Field(ge=0, le=24)] = Field(10.0, description="how far it turns down at most")


class StripLimiter(Section):
    """Nothing of this strip is louder."""

    ceiling_db: Annotated[float, Field(ge=-30, le=0)] = -6.0
    release_ms: Ms = 100.0


class Processing(Model):
    """What is done to a sound before its fader: all that a preset holds and that copy and paste carry."""

    polarity: bool = Field(False, description="turned over")
    highpass: HighPass = HighPass()
    gate: Gate = Gate()
    eq: Equaliser = Equaliser()
    compressor: Compressor = Compressor()
    deesser: DeEsser = DeEsser()
    limiter: StripLimiter = StripLimiter()


class Send(Model):
    """How much of a strip goes to an auxiliary bus."""

    on: bool = False
    gain_db: GainDb = 0.0
    before: bool = Field(False, description="taken before the fader and the mute: what a performer hears")


class StripSettings(Processing):
    """A whole strip."""

    gain_db: GainDb = Field(0.0, description="the fader")
    muted: bool = Field(False, description="nobody hears it")
    pan: Annotated[float, Field(ge=-1, le=1)] = Field(
        0.0, description="where a mono sound is heard, and the balance of a stereo one: -1 left, 1 right"
    )
    delay_ms: Annotated[float, Field(ge=0, le=1_000)] = Field(0.0, description="later than it came")
    aux1: Send = Send()
    aux2: Send = Send()
