"""A sound device as an output: a hall's loudspeakers, a headset, an interface's outputs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from live.config.base import Wrong
from live.config.check import Known
from live.config.desk import PROGRAM
from live.config.devices import DeviceName, DeviceUse, Pair, lacking
from live.config.kinds import OUTPUTS
from live.config.output import BusName, Carries, Output
from live.outputs.own import Worked, Workplace


@OUTPUTS.register
class AudioOutput(Output, Worked):
    """A sound device that plays a bus of the sound desk, as mixed: a fade to black leaves it. The program is heard with
    its picture (`picture.delay_s`), the other buses as soon as they are mixed."""

    lamp: ClassVar[str] = "SOUND OUT"
    main: ClassVar[str] = "live.outputs.speaker:main"
    does: ClassVar[str] = "device"
    nice: ClassVar[int] = 1
    patience: ClassVar[int] = 2

    kind: Literal["audio"]
    device: DeviceName | None = Field(
        None, description="its name or a part of it (`live devices`); the system's default when left out"
    )
    channels: Pair = Field(
        (1, 2), strict=False, description="its channels, left and right; one twice: both sides there"
    )
    bus: BusName = Field(
        PROGRAM, description="what it plays: `program`, `aux1`, `aux2`, or `minus-NAME`, everybody but that microphone"
    )

    @property
    def carries(self) -> Carries:
        return Carries(bus=self.bus)

    @property
    def device_use(self) -> DeviceUse:
        return DeviceUse("out", self.device, max(self.channels))

    def cross_check(self, known: Known) -> Iterator[Wrong]:
        yield from known.need("bus", self.bus, known.rig.buses, "bus")

    def inspect(self) -> Iterator[Wrong]:
        yield from lacking(self.device_use)

    def spec(self, at: Workplace) -> object:
        from live.outputs.speaker import SpeakerSpec
        from live.sound.taps import PlayOrders, Tap

        with_picture_ns = at.delay_ns if self.bus == PROGRAM else 0
        plays = PlayOrders((Tap(at.buses[self.bus]),), at_least_ns=with_picture_ns)
        return SpeakerSpec(self.name, self.device, self.channels, plays)
