"""What is published of the sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from live.control.published import Field, Published, published

if TYPE_CHECKING:
    from live.show import ShowState

MESSAGE_LENGTH = 120  # characters of what a source said


@published("sources/<name>")
@dataclass(frozen=True)
class SourceStatus(Published):
    """A source."""

    name: str
    label: Annotated[str, Field("for people", at="label")] = ""
    status: Annotated[
        str, Field("how it does", choices=("starting", "live", "stalled", "retrying", "ended"), at="status")
    ] = "starting"
    rate_hz: Annotated[float, Field("pictures a second; 0 of one that is sound alone", at="status")] = 0.0
    message: Annotated[str, Field("what is wrong with it", at="status")] = ""
    delay_ms: Annotated[
        float, Field("its sound is mixed so much later than its picture asks for, by hand", at="delay")
    ] = 0.0
    moved_ms: Annotated[float, Field("how much later than it came its sound is mixed, all in all", at="delay")] = 0.0
    picture_ms: Annotated[
        float, Field("how old its pictures are when program shows them; 0 while nobody knows", at="delay")
    ] = 0.0
    tally: Annotated[str, Field("the bus it is on", choices=("program", "preview", ""), at="tally")] = ""

    @property
    def title(self) -> str:
        return self.label or self.name

    @property
    def healthy(self) -> bool:
        return self.status == "live"


@published("sources/<name>/sound")
@dataclass(frozen=True)
class SoundDeviceStatus(Published):
    """How the sound device of a source does, counted since it was opened last; all 0 while it isn't there. Of a source
    of kind `audio`.
    """

    name: str
    channels: Annotated[int, Field("that are taken in", at="channels")] = 0
    lost: Annotated[int, Field("blocks of 10 ms that nobody fetched in time", at="lost")] = 0
    overruns: Annotated[int, Field("how often the system lost sound of it before us: x-runs", at="lost")] = 0
    jumps: Annotated[int, Field("how often its clock jumped", at="clock")] = 0
    drift_ppm: Annotated[float, Field("how much faster it runs than it says, millionths", at="clock")] = 0.0
    buffered_ms: Annotated[
        float, Field("how old its sound is when it is handed on: what lies in the device and the system", at="buffered")
    ] = 0.0


@published("sources/<name>/stream")
@dataclass(frozen=True)
class StreamStatus(Published):
    """How a stream comes, counted since it was opened last; all 0 while it doesn't. Of a source of kind `network`."""

    name: str
    held_ms: Annotated[
        float, Field("how long what comes the shortest way is held, so that uneven arrival doesn't show", at="held")
    ] = 0.0
    late: Annotated[int, Field("pictures and blocks of sound that came after they were due", at="late")] = 0
    jumps: Annotated[int, Field("how often its time line was laid anew", at="late")] = 0
    width: Annotated[int, Field("of its pictures, px", at="size")] = 0
    height: Annotated[int, Field("of its pictures, px", at="size")] = 0


@published("sources/<name>/camera")
@dataclass(frozen=True)
class CameraStatus(Published):
    """Which camera a source of kind `camera` has; "" while it isn't there."""

    name: str
    device: Annotated[str, Field("what it is called", at="device")] = ""
    mode: Annotated[str, Field("how it gives its pictures: size, rate, format", at="mode")] = ""


def delays_of(state: ShowState, source: str) -> tuple[float, float, float]:
    """delay_ms, moved_ms and picture_ms of a source; of one that came on air, nothing."""
    if source not in state.sync.by_hand_ms:
        return 0.0, 0.0, 0.0
    by_hand_ms = state.sync.by_hand_ms[source]
    return round(by_hand_ms, 1), round(state.sync.moved_ms(source), 1), round(state.sync.age_ms(source), 1)
