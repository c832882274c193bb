"""What the meters publish: ten times a second what moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from live.control.published import Field, Published, published
from live.sound.metering import FLOOR_DB, SILENCE_LUFS, Level

if TYPE_CHECKING:
    from live.show import ShowState

PHASE = "correlation of its two sides: 1 the same, 0 nothing in common, -1 they cancel; 1 where there is one side only"


@published("strips/<strip>")
@dataclass(frozen=True)
class StripMeter(Published):
    """How loud a strip is before its fader: a microphone and a player after what is done to their sound, a group as it
    comes out."""

    strip: str
    rms_db: Annotated[float, Field("over 300 ms, of full scale", at="meter")] = FLOOR_DB
    peak_db: Annotated[float, Field("over 100 ms, of full scale", at="meter")] = FLOOR_DB
    hold_db: Annotated[float, Field("the highest peak of two seconds", at="meter")] = FLOOR_DB
    clipped: Annotated[bool, Field("it was at full scale as it came, since /meters/clear", at="meter")] = False
    phase: Annotated[float, Field(PHASE, at="meter")] = 1.0
    gate_db: Annotated[float, Field("how much the gate turns it down", at="reduction")] = 0.0
    compressor_db: Annotated[float, Field("how much the compressor does", at="reduction")] = 0.0
    deesser_db: Annotated[float, Field("how much the de-esser does", at="reduction")] = 0.0
    limiter_db: Annotated[float, Field("how much the limiter does", at="reduction")] = 0.0
    automix_db: Annotated[float, Field("how much the automix does", at="reduction")] = 0.0
    ducking_db: Annotated[float, Field("how much ducking does", at="reduction")] = 0.0
    riding: Annotated[str, Field("what automix and ducking do to it, and why", at="riding")] = ""


@published("strips/<strip>")
@dataclass(frozen=True)
class StripSpeech(Published):
    """How loud a voice is."""

    strip: str
    speech_lufs: Annotated[
        float,
        Field("over the last three seconds in which they spoke, before the fader; -70 until they have", at="speech"),
    ] = SILENCE_LUFS


@published("master")
@dataclass(frozen=True)
class ProgramMeter(Published):
    """How loud the program is."""

    rms_db: Annotated[float, Field("over 300 ms, of full scale", at="meter")] = FLOOR_DB
    peak_db: Annotated[float, Field("over 100 ms, of full scale", at="meter")] = FLOOR_DB
    hold_db: Annotated[float, Field("the highest peak of two seconds", at="meter")] = FLOOR_DB
    phase: Annotated[float, Field(PHASE, at="meter")] = 1.0


@published("loudness")
@dataclass(frozen=True)
class LoudnessStatus(Published):
    """Loudness of the program, by EBU R 128. What is silent reads -70."""

    momentary_lufs: Annotated[float, Field("over 400 ms")] = SILENCE_LUFS
    short_lufs: Annotated[float, Field("over 3 s")] = SILENCE_LUFS
    integrated_lufs: Annotated[float, Field("since the show's start, or /loudness/reset")] = SILENCE_LUFS
    range_lu: Annotated[float, Field("the loudness range since then")] = 0.0
    true_peak_db: Annotated[float, Field("the highest since then, of full scale")] = SILENCE_LUFS
    target_lufs: Annotated[float, Field("what the rig aims at", at="target")] = -23.0


@published("loudness/warnings")
@dataclass(frozen=True)
class SoundWarnings(Published):
    """What the meters give cause to say now."""

    lines: Annotated[tuple[str, ...], Field("a line each")] = ()


def metering(state: ShowState, now_s: float) -> Iterator[Published]:
    metered = state.metering.metered
    for name, level in metered.strips.items():
        gate, compressor, deesser, limiter, automix, ducking = (round(db, 1) for db in level.reduction)
        riding = _riding(name, level, state)
        yield StripMeter(
            name,
            *_levels(level),
            level.clips > 0,
            _phase(level),
            gate,
            compressor,
            deesser,
            limiter,
            automix,
            ducking,
            riding,
        )
    for name, lufs in metered.speech_lufs.items():
        yield StripSpeech(name, round(lufs, 1))
    yield ProgramMeter(*_levels(metered.program), _phase(metered.program))
    of = metered.loudness
    yield LoudnessStatus(
        round(of.momentary_lufs, 1),
        round(of.short_lufs, 1),
        round(of.integrated_lufs, 1),
        round(of.range_lu, 1),
        round(of.true_peak_db, 1),
        state.rig.sound.target_lufs,
    )
    yield SoundWarnings(state.metering.warnings)


def _riding(name: str, level: Level, state: ShowState) -> str:
    """What turns a strip down by itself, in words."""
    automix_db, ducking_db = level.reduction[-2:]
    leader = state.metering.metered.leader
    words = []
    if leader == name:
        words.append("leads the automix")
    elif automix_db >= 1:
        words.append(f"automix -{automix_db:.0f} dB: {f'{state.sound.labels[leader]} leads' if leader else 'shared'}")
    if ducking_db >= 1:
        words.append(f"ducked by {ducking_db:.0f} dB: somebody speaks")
    return "; ".join(words)


def metering_goes_by(state: ShowState, now_s: float) -> object:
    return state.metering.metered.until, state.metering.warnings


def _levels(level: Level) -> tuple[float, float, float]:
    return round(level.rms_db, 1), round(level.peak_db, 1), round(level.hold_db, 1)


def _phase(level: Level) -> float:
    return 1.0 if level.phase is None else round(level.phase, 2)
