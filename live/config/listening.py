"""What the operator hears, and whom the operator speaks to: the tables `listening` and `talkback`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from live.base.channels import MOST, Picks
from live.config.base import Name, Wrong
from live.config.check import Known, Table
from live.config.desk import AUXILIARIES, PROGRAM
from live.config.devices import DeviceName, DeviceUse, Pair, lacking
from live.config.strips import GainDb


class ListeningConfig(Table):
    """The operator's loudspeakers or headphones. They carry nothing to anybody else (docs/sound.md)."""

    device: DeviceName | None = Field(
        None, description="its name or a part of it (`live devices`); the system's default when left out"
    )
    channels: Pair = Field((1, 2), strict=False, description="its channels, left and right")
    source: Annotated[str, Field(min_length=1)] = Field(
        PROGRAM,
        description="what is heard while nothing else is asked for: a bus or a strip; /listening/source changes it",
    )
    gain_db: GainDb = Field(0.0, description="at the start; /listening/gain changes it")
    dim_db: Annotated[float, Field(ge=0, le=60)] = Field(20.0, description="how much quieter it is when dimmed")

    @property
    def device_use(self) -> DeviceUse:
        """The sound device that it plays to."""
        return DeviceUse("out", self.device, max(self.channels))

    def cross_check(self, known: Known) -> Iterator[Wrong]:
        strips = {n for table in ("microphones", "groups", "sources") for n in known.names(table)}
        yield from known.need("source", self.source, {*known.rig.buses, *strips}, "bus or strip")

    def inspect(self) -> Iterator[Wrong]:
        """What `live check` finds out by looking for what it names. A show runs with it all the same."""
        yield from lacking(self.device_use)


class TalkbackConfig(Table):
    """The director's own microphone. It is no strip of the desk, so it can't go on air: it is heard on returns only,
    while /talkback/on is 1."""

    source: Name
    channel: Annotated[int, Field(ge=1, le=MOST)] = Field(1, description="the channel of the source that it is")
    to: list[str] = Field(
        list(AUXILIARIES), description="the returns that it goes to when none is named: `aux1`, `aux2`, `minus-NAME`"
    )
    gain_db: GainDb = 0.0

    @property
    def picks(self) -> Picks:
        return (self.channel,)

    def cross_check(self, known: Known) -> Iterator[Wrong]:
        yield from known.need("source", self.source, known.names("sources"), "source")
        returns = [bus for bus in known.rig.buses if bus != PROGRAM]
        for bus in self.to:
            yield from known.need("to", bus, returns, "return")
        same = [m.name for m in known.rig.microphones if m.source == self.source and m.picks in (None, self.picks)]
        if same:
            cause = f"the microphone {same[0]} is the same channel, so that talkback would be on air"
            yield Wrong("channel", cause, "give another channel, or take the microphone out")
