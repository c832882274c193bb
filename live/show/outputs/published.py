"""What is published of the outputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from live.control.published import Field, Published, published

# closed: all of it was delivered; failed: it ended, but not well; stopped: by a hand, or not started yet.
STATES = ("connecting", "live", "retrying", "closed", "failed", "stopped")
ASLEEP = ("", "closed", "stopped")  # of these there is nothing to be said
MESSAGE_LENGTH = 120  # characters of what an output said


@published("outputs/<name>/status")
@dataclass(frozen=True)
class OutputStatus(Published):
    """An output."""

    name: str
    state: Annotated[str, Field("how it does", choices=STATES)] = ""
    message: Annotated[str, Field("the last thing it said")] = ""
    kind: Annotated[str, Field("its kind, as the rig says: file, rtmp, iso, tracks, test, audio")] = ""
    feed: Annotated[str, Field("the feed that it takes; of an iso its source, of a device its bus")] = "program"
    bus: Annotated[str, Field("the bus of the sound desk that it takes; none of an iso")] = ""
    since_s: Annotated[float, Field("show time from which on it has been in that state")] = 0.0


@published("outputs/<name>/device")
@dataclass(frozen=True)
class DeviceStatus(Published):
    """The sound device of an output that plays to one."""

    name: str
    latency_ms: Annotated[float, Field("how long after it came in a sound is heard there")] = 0.0
    buffer_ms: Annotated[float, Field("what waits to be played")] = 0.0
    x_runs: Annotated[int, Field("how often it found nothing to play, since it was started")] = 0
    drift_ppm: Annotated[float, Field("how much faster its clock runs than the machine's")] = 0.0
