"""What a channel strip of the sound desk is set to: the one place where its settings, their units and their limits are.

A microphone, a player and a group each have a strip. The rig's tables, the commands under `/strips/`, the state, the
presets and the console's controls all come from these models; `live/audio/rack.py` does what they say.
"""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, Field, model_validator

from live.config.base import Model, Name, Wrong
from live.config.check import Known, Table

MOST_MICROPHONES = 64
MOST_GROUPS = 16

GainDb = Annotated[float, Field(ge=-60, le=24)]
Hz = Annotated[float, Field(ge=20, le=20_000)]
ThresholdDb = Annotated[float, Field(ge=-80, le=0)]  # of full scale
AttackMs = Annotated[float, Field(ge=0.5, le=200)]  # of times see live/audio/dynamics.py
HoldMs = Annotated[float, Field(ge=0, le=2_000)]
ReleaseMs = Annotated[float, Field(ge=20, le=2_000)]


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


Shape = Literal["bell", "low_shelf", "high_shelf"]
_SHAPE, _HZ = "what of the sound it raises", "its middle; of a shelf where half of the gain is reached"


class Band(Model):
    """One band of the equaliser (the Audio EQ Cookbook's filters)."""

    shape: Shape = Field("bell", description=_SHAPE)
    hz: Hz = Field(1_000.0, description=_HZ)
    gain_db: Annotated[float, Field(ge=-18, le=18)] = Field(0.0, description="how much it raises")
    q: Annotated[float, Field(ge=0.1, le=10)] = Field(0.7, description="how narrow it is")


class LowBand(Band):
    """Below everything."""

    shape: Shape = Field("low_shelf", description=_SHAPE)
    hz: Hz = Field(100.0, description=_HZ)


class LowMidBand(Band):
    """The chest, and the room."""

    hz: Hz = Field(400.0, description=_HZ)


class HighMidBand(Band):
    """What makes words clear."""

    hz: Hz = Field(2_500.0, description=_HZ)


class HighBand(Band):
    """The air above."""

    shape: Shape = Field("high_shelf", description=_SHAPE)
    hz: Hz = Field(8_000.0, description=_HZ)


class Equaliser(Section):
    """Four bands."""

    low: LowBand = Field(default_factory=LowBand)
    low_mid: LowMidBand = Field(default_factory=LowMidBand)
    high_mid: HighMidBand = Field(default_factory=HighMidBand)
    high: HighBand = Field(default_factory=HighBand)


class Gate(Section):
    """Turns down what is quieter than a voice: an expander, downwards."""

    threshold_db: ThresholdDb = Field(-45.0, description="what is louder opens it")
    range_db: Annotated[float, Field(ge=0, le=60)] = Field(20.0, description="how far it closes at most")
    ratio: Annotated[float, Field(ge=1, le=20)] = Field(4.0, description="dB out for each dB under the threshold")
    attack_ms: AttackMs = Field(1.0, description="how fast it opens")
    hold_ms: HoldMs = Field(150.0, description="how long it stays open after the last that was loud enough")
    release_ms: ReleaseMs = Field(200.0, description="how fast it closes")


class Compressor(Section):
    """Turns down what is louder than the threshold."""

    threshold_db: ThresholdDb = Field(-20.0, description="what is louder is turned down")
    ratio: Annotated[float, Field(ge=1, le=20)] = Field(3.0, description="dB in for each dB out over the threshold")
    knee_db: Annotated[float, Field(ge=0, le=24)] = Field(6.0, description="how wide the bend at the threshold is")
    attack_ms: AttackMs = Field(10.0, description="how fast it turns down")
    release_ms: ReleaseMs = Field(150.0, description="how fast it lets go")
    makeup_db: Annotated[float, Field(ge=0, le=24)] = Field(0.0, description="how much louder all of it is afterwards")


class DeEsser(Section):
    """Turns the hiss of an s down, and nothing else."""

    hz: Annotated[float, Field(ge=2_000, le=12_000)] = Field(6_000.0, description="what is above it is judged")
    threshold_db: ThresholdDb = Field(-35.0, description="hiss that is louder is turned down")
    range_db: Annotated[float, Field(ge=0, le=24)] = Field(10.0, description="how far it turns down at most")


class StripLimiter(Section):
    """Nothing of this strip is louder."""

    ceiling_db: Annotated[float, Field(ge=-30, le=0)] = Field(-6.0, description="of full scale")
    release_ms: ReleaseMs = Field(100.0, description="how fast it lets go")


class Processing(Model):
    """What is done to a sound before its fader: all that a preset holds and that copy and paste carry."""

    polarity: bool = Field(False, description="turned over or not")
    highpass: HighPass = Field(default_factory=HighPass)
    gate: Gate = Field(default_factory=Gate)
    eq: Equaliser = Field(default_factory=Equaliser)
    compressor: Compressor = Field(default_factory=Compressor)
    deesser: DeEsser = Field(default_factory=DeEsser)
    limiter: StripLimiter = Field(default_factory=StripLimiter)


class Send(Model):
    """How much of a strip goes to an auxiliary bus."""

    on: bool = Field(False, description="sent there or not")
    gain_db: GainDb = Field(0.0, description="how much of it")
    before: bool = Field(False, description="taken before the fader and the mute: what a performer hears")


class StripSettings(Processing):
    """A whole strip."""

    gain_db: GainDb = Field(0.0, description="its fader")
    muted: bool = Field(False, description="nobody hears it, and nothing but a hand opens it")
    pan: Annotated[float, Field(ge=-1, le=1)] = Field(
        0.0, description="where a mono sound is heard, and the balance of a stereo one: -1 left, 1 right"
    )
    delay_ms: Annotated[float, Field(ge=0, le=1_000)] = Field(0.0, description="later than it came")
    aux1: Send = Field(default_factory=Send)
    aux2: Send = Field(default_factory=Send)


Levelling = Literal["off", "suggest", "auto"]
FOLLOW_RULE = r"off|source|shot:[^\s,]+(,[^\s,]+)*"
Seconds = Annotated[float, Field(ge=0.02, le=10)]
DuckDb = Annotated[float, Field(ge=0, le=40)]


class StripRules(Model):
    """What the machine does with a strip, where it may (docs/sound.md)."""

    group: Name | None = Field(None, description="the group that it goes through; straight to the program otherwise")
    follow: Annotated[str, Field(pattern=rf"^({FOLLOW_RULE})$", max_length=200)] = Field(
        "off",
        description=(
            "when it is open: always (off), while its picture is seen on program (source), or while one of some shots "
            "is (shot:studio/left,cam2)"
        ),
    )
    ramp_in_s: Seconds = Field(0.1, description="how fast it opens, where it follows the picture")
    ramp_out_s: Seconds = Field(0.4, description="how fast it closes")
    down_db: Annotated[float, Field(ge=-60, le=0)] = Field(
        -60.0, description="how far it is turned down while it isn't seen; -60 closes it"
    )
    levelling: Levelling = Field(
        "off", description="brought to the loudness that [sound] aims at: by itself, or as a suggestion"
    )
    automix: bool = Field(False, description="it shares the gain with the other open microphones that do")
    duck_db: DuckDb = Field(0.0, description="how much quieter it gets while somebody speaks; 0: not at all")
    denoise: bool = Field(False, description="noise suppression")


class StripConfig(StripSettings, StripRules):
    """A strip as a rig gives it. Keys beside a preset win over it."""

    preset: str | None = Field(None, description="what is done to its sound, to begin with (docs/sound.md)")

    def settings(self, presets: Mapping[str, Processing]) -> StripSettings:
        """What it starts with. Raises KeyError for a preset that isn't there."""
        base = StripSettings() if self.preset is None else loaded(presets[self.preset])
        return laid_over(base, self)

    @property
    def rules(self) -> StripRules:
        return StripRules.model_construct(**{key: getattr(self, key) for key in StripRules.model_fields})


def strip_faults(known: Known, rules: StripRules, at: str = "") -> Iterator[Wrong]:
    """Names in a strip's rules that aren't there. at: where in its table they stand, "strip."."""
    yield from known.need(f"{at}group", rules.group, known.names("groups"), "group")
    if known.shots is not None:
        for shot in shots_of(rules.follow):
            yield from known.need(f"{at}follow", shot, known.shots, "shot")


def shots_of(follow: str) -> list[str]:
    """The shots that a rule names."""
    return follow.removeprefix("shot:").split(",") if follow.startswith("shot:") else []


class GroupConfig(StripConfig, Table):
    """Strips that are mixed as one: a fader and a strip over all of them."""

    name: Name

    def cross_check(self, known: Known) -> Iterator[Wrong]:
        if self.group is not None:
            yield Wrong("group", "a group goes straight to the program", "leave it out")
        if self.follow == "source":
            yield Wrong("follow", "a group has no picture of its own", "name shots: shot:studio/wide,cam2")
        yield from strip_faults(known, self)


# -- a strip's settings, one by one -----------------------------------------------------------------------------------

S = TypeVar("S", bound=Model)


@dataclass(frozen=True)
class Setting:
    """One number, switch or word of a strip. path: ("compressor", "threshold_db"). about: what it is, for people."""

    path: tuple[str, ...]
    type: type[float] | type[bool] | type[str]
    low: float | None
    high: float | None
    choices: tuple[str, ...]
    default: float | bool | str
    about: str

    @property
    def words(self) -> str:
        """As an address has it, without the unit: `compressor/threshold`."""
        *section, name = self.path
        plain = _PLAIN.get(name, name.removesuffix("_db").removesuffix("_ms").removesuffix("_s"))
        return "/".join([*section, plain])

    @property
    def section(self) -> str:
        """What it is a part of, for people; "" for the strip itself."""
        return ", ".join(_TITLES.get(word, word.replace("_", " ")) for word in self.path[:-1])


_PLAIN = {"muted": "mute"}
_TITLES = {
    "highpass": "high-pass",
    "eq": "equaliser",
    "deesser": "de-esser",
    "aux1": "send to auxiliary 1",
    "aux2": "send to auxiliary 2",
    "low_mid": "lower middle",
    "high_mid": "upper middle",
}


@cache
def settings_of(model: type[BaseModel] = StripSettings) -> tuple[Setting, ...]:
    """Everything of a strip that can be set: its own first, then section by section."""
    return tuple(sorted(_settings(model, ()), key=lambda s: len(s.path) > 1))


def _settings(model: type[BaseModel], path: tuple[str, ...]) -> Iterator[Setting]:
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _settings(kind, (*path, name))
            continue
        choices = typing.get_args(kind) if typing.get_origin(kind) is Literal else ()
        low, high = limits_of(model, name)
        plain = str if choices else typing.cast("type[float]", kind)
        yield Setting((*path, name), plain, low, high, choices, field.default, field.description or "")


def limits_of(model: type[BaseModel], name: str) -> tuple[float | None, float | None]:
    """From where to where a number of a model may be."""
    found = model.model_fields[name].metadata
    low, high = (
        next((getattr(m, key) for m in found if getattr(m, key, None) is not None), None) for key in ("ge", "le")
    )
    return low, high


def value_of(settings: Model, path: tuple[str, ...]) -> float | bool | str:
    """What is set there."""
    here: Any = settings
    for name in path:
        here = getattr(here, name)
    return typing.cast("float | bool | str", here)


def changed(settings: S, path: tuple[str, ...], value: object) -> S:
    """Settings with one of them changed, to a value that is fit for it."""
    name, *rest = path
    if rest:
        value = changed(getattr(settings, name), tuple(rest), value)
    return settings.model_copy(update={name: value})


def loaded(preset: Processing, onto: StripSettings | None = None) -> StripSettings:
    """A strip with another processing: its faders and sends stay."""
    processing = {key: getattr(preset, key) for key in Processing.model_fields}
    return (onto or StripSettings()).model_copy(update=processing)


def laid_over(base: S, given: Model) -> S:
    """Settings with what a file gives instead, key by key: what it doesn't say stays as it is in base."""
    update: dict[str, Any] = {}
    for key in given.model_fields_set & set(type(base).model_fields):
        below, value = getattr(base, key), getattr(given, key)
        update[key] = laid_over(below, value) if isinstance(below, Model) and isinstance(value, Model) else value
    return base.model_copy(update=update)
