"""What is published of what the operator hears."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from live.control.published import Field, Published, published
from live.show.outputs.published import STATES

if TYPE_CHECKING:
    from live.show import ShowState


@published("listening")
@dataclass(frozen=True)
class ListeningStatus(Published):
    """What the operator hears ([sound.md](sound.md))."""

    source: Annotated[str, Field("the bus or strip that is heard while no strip is asked for", at="source")] = "program"
    heard: Annotated[tuple[str, ...], Field("the buses and strips that are heard now", at="heard")] = ()
    gain_db: Annotated[float, Field("how much it is raised", at="gain")] = 0.0
    dimmed: Annotated[bool, Field("by a hand", at="dim")] = False
    muted: Annotated[bool, Field("nothing is heard", at="mute")] = False
    mono: Annotated[bool, Field("both sides are heard as one", at="mono")] = False


@published("strips/<strip>")
@dataclass(frozen=True)
class StripListened(Published):
    """Whether the operator hears a strip by itself."""

    strip: str
    pfl: Annotated[bool, Field("before its fader", at="pfl")] = False
    afl: Annotated[bool, Field("after its fader", at="afl")] = False


@published("talkback")
@dataclass(frozen=True)
class TalkbackStatus(Published):
    """To whom the operator speaks."""

    there: Annotated[bool, Field("the rig has a talkback microphone", at="there")] = False
    to: Annotated[tuple[str, ...], Field("the returns that it is open to", at="to")] = ()


@published("listening/device")
@dataclass(frozen=True)
class ListeningDevice(Published):
    """The device that the operator hears by."""

    state: Annotated[str, Field("how it does", choices=STATES)] = ""
    message: Annotated[str, Field("the last thing it said")] = ""
    latency_ms: Annotated[float, Field("how long after it came in a sound is heard there")] = 0.0
    buffer_ms: Annotated[float, Field("what waits to be played")] = 0.0
    x_runs: Annotated[int, Field("how often it found nothing to play, since it was started")] = 0
    drift_ppm: Annotated[float, Field("how much faster its clock runs than the machine's")] = 0.0


def listening(state: ShowState, now_s: float) -> Iterator[Published]:
    at = state.listening
    heard = at.heard
    names = (*at.pfl, *at.afl) or (at.source,)
    yield ListeningStatus(
        at.source, names if heard.gain_db is not None else (), at.gain_db, at.dimmed, at.muted, at.mono
    )
    for strip in state.sound.strips:
        yield StripListened(strip, strip in at.pfl, strip in at.afl)
    yield TalkbackStatus(at.talkback is not None, at.talks_to)


def listening_goes_by(state: ShowState, now_s: float) -> object:
    at = state.listening
    return at.save(now_s), at.talks_to
