"""What the sound desk publishes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, make_dataclass
from typing import TYPE_CHECKING, Annotated, Any

from live.config.strips import Setting, settings_of, value_of
from live.control.published import Field, Published, published
from live.show.authority.published import REASON_LENGTH
from live.show.sound.automatic import FOLLOW, LEVELLING

if TYPE_CHECKING:
    from live.show import ShowState

SILENCE_DB = -90.0
LEVELS = ("off", "suggest", "auto")
CHECKED = ("waiting", "ready", "taken", "dropped")


@published("microphones/<name>")
@dataclass(frozen=True)
class MicrophoneStatus(Published):
    """A microphone."""

    name: str
    level_db: Annotated[float, Field("of full scale, after gain and mute; 0 is the most", at="level")] = SILENCE_DB
    speaking: Annotated[bool, Field("somebody speaks into it", at="level")] = False
    gain_db: Annotated[float, Field("how much it is raised", at="gain")] = 0.0
    muted: Annotated[bool, Field("nobody hears it", at="mute")] = False


@published("strips/<strip>")
@dataclass(frozen=True)
class StripStatus(Published):
    """A strip of the sound desk, in the order in which a desk has them; and what the machine does there."""

    strip: str
    number: Annotated[int, Field("its place on the desk, from 1 on")] = 0
    kind: Annotated[str, Field("what it is of", choices=("microphone", "player", "group"))] = "microphone"
    label: Annotated[str, Field("what people call it")] = ""
    group: Annotated[str, Field('the group that it goes through; "" for none', at="group")] = ""
    solo: Annotated[bool, Field("it is alone on air: solo in place", at="solo")] = False
    follow: Annotated[str, Field("the rule by which it follows the picture", at="follow")] = "off"
    follow_level: Annotated[str, Field("how far the machine may go there", choices=LEVELS, at="follow")] = "off"
    open: Annotated[bool, Field("it is open, as far as the picture goes", at="open")] = True
    levelling: Annotated[str, Field("how far levelling may go", choices=LEVELS, at="levelling")] = "off"
    trim_db: Annotated[float, Field("what levelling has added to the fader", at="levelling")] = 0.0
    automix: Annotated[bool, Field("it shares the gain with others", at="automix")] = False
    duck_db: Annotated[float, Field("how much it is turned down while somebody speaks", at="duck")] = 0.0
    denoise: Annotated[bool, Field("its noise is suppressed", at="denoise")] = False
    hold_s: Annotated[float, Field("how long a hand keeps the machine off; 0: not, -1: until released", at="hold")] = (
        0.0
    )
    why: Annotated[str, Field("what the machine did here last", at="why")] = ""


@published("sound/solo")
@dataclass(frozen=True)
class SoloStatus(Published):
    """What a strip's solo does."""

    in_place: Annotated[bool, Field("it changes the air; else it is heard by who listens (afl)")] = False


@published("master")
@dataclass(frozen=True)
class MasterStatus(Published):
    """The program's own fader, and its limiter."""

    gain_db: Annotated[float, Field("how much the program is raised", at="gain")] = 0.0
    muted: Annotated[bool, Field("nobody hears it", at="mute")] = False
    ceiling_db: Annotated[float, Field("no true peak is louder, of full scale", at="ceiling")] = -1.0


@published("presets")
@dataclass(frozen=True)
class PresetNames(Published):
    """What a strip's sound may be given."""

    names: Annotated[tuple[str, ...], Field("their names")] = ()


@published("sound/check")
@dataclass(frozen=True)
class CheckStatus(Published):
    """The sound check."""

    running: Annotated[bool, Field("there is one")] = False
    waiting: Annotated[tuple[str, ...], Field("the microphones whose owners are still to speak")] = ()


@published("sound/check/<strip>")
@dataclass(frozen=True)
class CheckedStrip(Published):
    """A microphone in the sound check."""

    strip: str
    status: Annotated[str, Field('how far it is; "" when it has no part in one', choices=("", *CHECKED))] = ""
    spoken_s: Annotated[int, Field("how long its owner has spoken, alone")] = 0
    text: Annotated[str, Field("what is proposed, and why")] = ""


# -- a strip's settings ------------------------------------------------------------------------------------------------


def field_of(setting: Setting) -> str:
    """What a setting is called in `StripSound`: `compressor_threshold_db`."""
    return "_".join(setting.path)


def _at(setting: Setting) -> str:
    """One path for each section, each band; a strip's own have theirs."""
    return "/".join(setting.path[:-1]) or setting.words


def _value_field(setting: Setting) -> tuple[str, Any, Any]:
    doc = Field(setting.about, setting.low, setting.high, setting.choices, at=_at(setting))
    return field_of(setting), Annotated[setting.type, doc], field(default=setting.default)


# Everything that a strip is set to: a value for each of `settings_of()`, in the same order.
StripSound = make_dataclass(
    "StripSound", [("strip", str), *map(_value_field, settings_of())], bases=(Published,), frozen=True
)
StripSound.__doc__ = "What a strip is set to (docs/sound.md)."
StripSound.__module__ = __name__
published("strips/<strip>")(StripSound)


def microphones(state: ShowState, levels_db: Mapping[str, float], speaking: Mapping[str, bool]) -> Iterator[Published]:
    """levels_db: of each; speaking: people."""
    voices = {m for p in state.show.people if speaking.get(p.name, False) for m in p.worn}
    for name, (gain_db, muted) in state.sound.faders.items():
        level_db = round(float(levels_db.get(name, SILENCE_DB)), 1)
        yield MicrophoneStatus(name, level_db, name in voices, round(gain_db, 1), muted)


def strip(name: str, state: ShowState, now_s: float) -> Iterator[Published]:
    desk = state.sound
    number, rules = list(desk.strips).index(name) + 1, desk.rules[name]
    orders = desk.order(name)
    follow, levelling = _levels(name, state, now_s)
    yield StripStatus(
        name,
        number,
        desk.kinds[name],
        desk.labels[name],
        rules.group or "",
        name in desk.solo,
        rules.follow,
        follow,
        desk.open[name],
        levelling,
        orders.trim_db,
        orders.automix,
        orders.duck_db,
        orders.denoise,
        desk.hold_left_s(name, now_s),
        desk.why[name][:REASON_LENGTH],
    )
    yield StripSound(name, *(_out(value_of(desk.strips[name], s.path)) for s in settings_of()))


def _levels(name: str, state: ShowState, now_s: float) -> tuple[str, str]:
    """How far the machine may go in following and in levelling."""
    desk = state.sound
    follow = desk.view(name, FOLLOW, now_s).level.value
    return follow, desk.view(name, LEVELLING, now_s).level.value if name in desk.levellers else "off"


def _out(value: float | bool | str) -> float | bool | str:
    return round(value, 3) if isinstance(value, float) else value


def strip_goes_by(name: str, state: ShowState, now_s: float) -> object:
    desk = state.sound
    return (
        desk.order(name),
        desk.rules[name],
        name in desk.solo,
        desk.hold_left_s(name, now_s),
        _levels(name, state, now_s),
    )


def master(state: ShowState, now_s: float) -> Iterator[Published]:
    out = state.sound.master
    yield MasterStatus(out.gain_db, out.muted, out.ceiling_db)
    yield PresetNames(tuple(sorted(state.sound.presets)))
    yield SoloStatus(state.sound.in_place)


def master_goes_by(state: ShowState, now_s: float) -> object:
    return state.sound.master, list(state.sound.presets), state.sound.in_place


def check(state: ShowState, now_s: float) -> Iterator[Published]:
    now = state.sound.check
    yield CheckStatus(now is not None, tuple(now.waiting()) if now is not None else ())
    for name in state.sound.levellers:
        place = now.places.get(name) if now is not None else None
        if place is None:
            yield CheckedStrip(name)
            continue
        status = place.done or ("ready" if place.proposal is not None else "waiting")
        words = "; ".join(place.proposal.words) if place.proposal is not None else ""
        yield CheckedStrip(name, status, int(place.spoken_s), words[:REASON_LENGTH])


def check_goes_by(state: ShowState, now_s: float) -> object:
    now = state.sound.check
    return now and [(int(p.spoken_s), p.proposal, p.done) for p in now.places.values()]
