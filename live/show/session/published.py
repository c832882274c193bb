"""What the show itself publishes: its name and clock, its faults, its processes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from live.control.published import Field, Published, published

FAILING_LENGTH = 200  # characters
SAVED_LENGTH = 400

if TYPE_CHECKING:
    from live.show import ShowState


@published("frame")
@dataclass(frozen=True)
class FrameNumber(Published):
    """The program frame that what comes with it belongs to: the first of every bundle."""

    number: Annotated[int, Field("of the program frame, from 0", low=0)] = 0


@published("show")
@dataclass(frozen=True)
class ShowInfo(Published):
    """What stays as it is for the whole show."""

    title: Annotated[str, Field("what it is called", at="title")] = ""
    rate_hz: Annotated[float, Field("program frames a second", at="rate")] = 0.0
    delay_s: Annotated[float, Field("how far program is behind the cameras", at="delay")] = 0.0


@published("show")
@dataclass(frozen=True)
class ShowClock(Published):
    """The show's own time."""

    time_s: Annotated[float, Field("how long it has run", at="time")] = 0.0
    timecode: Annotated[str, Field("HH:MM:SS:FF", at="timecode")] = "--:--:--:--"


@published("show/panic")
@dataclass(frozen=True)
class Panic(Published):
    """The machine is frozen."""

    on: Annotated[bool, Field("after a panic, until a level is set by hand")] = False


@published("rig/saved")
@dataclass(frozen=True)
class RigSaved(Published):
    """The settings that hands have changed, in the rig's file (/rig/save)."""

    text: Annotated[str, Field("what came of it last, in words; empty before")] = ""
    busy: Annotated[bool, Field("it is being written", at="busy")] = False


@published("surfaces/<name>")
@dataclass(frozen=True)
class SurfaceState(Published):
    """A way in and out: OSC, a websocket."""

    name: str
    clients: Annotated[int, Field("who get the state from it", low=0)] = 0
    refused: Annotated[int, Field("commands that found no room in their sender's queue", low=0)] = 0
    dropped: Annotated[int, Field("messages that came too fast to be read", low=0)] = 0
    bad: Annotated[int, Field("messages that were none", low=0)] = 0


@published("arrays/<name>")
@dataclass(frozen=True)
class ArrayStatus(Published):
    """A ceiling array that says where somebody talks."""

    name: str
    connected: Annotated[bool, Field("it is there")] = False
    bad: Annotated[int, Field("messages of it that were none", low=0)] = 0


@published("late")
@dataclass(frozen=True)
class LateFrames(Published):
    """Frames that were late or skipped."""

    count: Annotated[int, Field("so far", low=0)] = 0


@published("error")
@dataclass(frozen=True)
class LastFault(Published):
    """The last fault."""

    text: Annotated[str, Field("in one line")] = ""


@published("faults")
@dataclass(frozen=True)
class CodeFaults(Published):
    """Where the program's own code failed: the part shows what it made last, the rest goes on."""

    failures: Annotated[int, Field("so far", low=0)] = 0
    repeated: Annotated[int, Field("program frames that were shown again because none could be made", low=0)] = 0
    parts: Annotated[str, Field("those that fail now, with commas between them")] = ""


@published("drops")
@dataclass(frozen=True)
class Drops(Published):
    """What was lost so far."""

    datagrams: Annotated[int, Field("datagrams, in a flood")] = 0
    no_osc: Annotated[int, Field("datagrams that were no OSC")] = 0
    unpaired: Annotated[int, Field("mattes without their picture")] = 0
    torn: Annotated[int, Field("pictures overwritten while they were drawn")] = 0
    log_lines: Annotated[int, Field("lines of the show log")] = 0


@published("workers/<name>")
@dataclass(frozen=True)
class WorkerProcess(Published):
    """A process beside the engine."""

    name: str
    pid: Annotated[int, Field("its process id; 0 while it is being started again")] = 0
    restarts: Annotated[int, Field("how often it was started again")] = 0


def session(state: ShowState, now_s: float) -> Iterator[Published]:
    yield Panic(state.session.panic)
    yield RigSaved(state.session.saved[:SAVED_LENGTH], state.session.saving)
