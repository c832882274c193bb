"""What every output of a rig has, whatever its kind, and what the show asks of a kind; and the encoder they share."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from live.config.base import Model, Name, Wrong
from live.config.check import Known, Table
from live.config.desk import PROGRAM
from live.config.devices import DeviceUse

BusName = Annotated[str, Field(min_length=1)]
FeedName = Annotated[str, Field(min_length=1, description="which feed (docs/outputs.md)")]


@dataclass(frozen=True)
class Carries:
    """What goes out by an output: a feed and a bus of the sound desk, or else the clean picture of one source, or a bus
    alone. Which keys lie over the picture is the feed's matter (`clean` has none). With a source goes the sound of the
    microphone of whoever sits there. All outputs of one feed and bus share an encode; a source's has its own.
    """

    feed: str = ""
    source: str = ""
    bus: str = ""

    @property
    def name(self) -> str:
        return self.feed or self.source or self.bus


class Output(Table):
    """An output. Its kind says where it goes."""

    lamp: ClassVar[str] = ""  # what the lamp of all of its kind says

    kind: str
    name: Name
    auto_start: bool = Field(
        True, description="it runs from the start of the show; else a hand starts it (`/outputs/<name>/start`)"
    )

    @property
    @abstractmethod
    def carries(self) -> Carries: ...

    @property
    def file(self) -> Path | None:
        """What it leaves behind."""
        return None

    @property
    def device_use(self) -> DeviceUse | None:
        """The sound device that it plays to, if it does."""
        return None

    def inspect(self) -> Iterator[Wrong]:
        """What `live check` finds out by looking for what it names. A show runs with it all the same."""
        yield from ()


class FeedOutput(Output):
    """An output of a feed."""

    feed: FeedName = "program"
    bus: BusName = Field(
        PROGRAM, description="its sound: `program`, `aux1`, `aux2`, or `minus-NAME`, everybody but that microphone"
    )

    @property
    def carries(self) -> Carries:
        return Carries(feed=self.feed, bus=self.bus)

    def cross_check(self, known: Known) -> Iterator[Wrong]:
        yield from known.need("feed", self.feed, known.feeds, "feed")
        yield from known.need("bus", self.bus, known.rig.buses, "bus")


class EncoderConfig(Model):
    """The one encode that every output shares: H.264 and AAC."""

    preset: Literal["ultrafast", "superfast", "veryfast", "faster", "fast", "medium"] = "ultrafast"
    video_kbps: Annotated[int, Field(ge=100, le=100_000)] = 4500
    audio_kbps: Annotated[int, Field(ge=32, le=512)] = 128
    keyframe_s: Annotated[float, Field(gt=0, le=10)] = 2.0
