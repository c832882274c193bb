"""A sound device of this machine: an interface, a desk, a headset, with all its channels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from live.base.channels import MOST
from live.base.clock import NS, MonotonicClock
from live.base.errors import DeviceError, ManyDevicesError, SourceError
from live.base.priority import realtime
from live.base.samples import time_of_sample
from live.config.base import Wrong
from live.config.devices import DeviceUse
from live.config.kinds import SOURCES
from live.config.picture import PictureConfig
from live.config.source import Source
from live.sound.capture import Capture
from live.sound.device_time import Aligner, DeviceTime
from live.sound.devices import devices, find
from live.sources.device_board import DeviceTold
from live.sources.reader import Event, Readable, Reader, SoundEvent, Waiting

TELL_NS = NS // 2  # between two looks at how it does


@SOURCES.register
class AudioSource(Source, Readable):
    """A sound device: an interface, a mixing desk, a USB microphone. `[[microphones]]` say who is on which channel."""

    kind: Literal["audio"]
    device: Annotated[str, Field(min_length=1, max_length=200)] | None = Field(
        None, description="its name or a part of it (`live devices`); the system's default when left out"
    )
    channels: Annotated[int, Field(ge=1, le=MOST)] | None = Field(
        None, description="how many of its channels are opened; all of them when left out"
    )

    @property
    def has_picture(self) -> bool:
        return False

    @property
    def most_channels(self) -> int:
        return self.channels or MOST

    @property
    def device_use(self) -> DeviceUse:
        return DeviceUse("in", self.device, self.channels or 1)

    def channels_found(self) -> int | None:
        found = find(self.device, devices("in"), self.name).channels
        return min(self.channels or found, found)

    def inspect(self) -> Iterator[Wrong]:
        try:
            found = devices("in")
            device = find(self.device, found, self.name)
            if self.channels is not None and self.channels > device.channels:
                cause = f"{device.name} has {device.channels} channels"
                yield Wrong("channels", cause, "give as many as it has, or leave it out for all")
        except DeviceError as error:
            action = f"{error.action}; until it is there, silence stands for it"
            yield Wrong("device", error.cause, action, mild=not isinstance(error, ManyDevicesError))

    def reader(self, picture: PictureConfig, seed: int) -> Reader:
        return AudioReader(self)


class AudioReader:
    """Blocks as PortAudio gives them, resampled from the device's clock to the show's."""

    realtime = True
    loop = False
    stamped = True

    def __init__(self, config: AudioSource) -> None:
        self._config = config

    def events(self) -> Iterator[Event]:
        name = self._config.name
        try:
            device = find(self._config.device, devices("in"), name)
            channels = min(self._config.channels or device.channels, device.channels)
            # Its callback and who reads from it come before pictures: a block that is late is lost to whoever listens.
            with realtime(passed_on=True), Capture(device, channels) as capture:
                time, aligner = DeviceTime(capture.rate_hz), Aligner(capture.rate_hz, channels)
                telling = Telling(channels)
                for heard in capture.blocks():
                    if heard is None:
                        yield Waiting()
                        continue
                    time_ns, block = heard
                    if (told := telling.step(capture, time, time_ns, len(block))) is not None:
                        yield told
                    smooth_ns = time.at(time_ns, len(block))
                    start, samples = aligner.put(block, smooth_ns, time.rate_hz)
                    if len(samples):
                        yield SoundEvent(time_of_sample(start), samples, start)
        except DeviceError as error:
            raise SourceError(name, error.cause, error.action) from error


class Telling:
    """Twice a second: how the device does."""

    def __init__(self, channels: int) -> None:
        self._channels = channels
        self._clock = MonotonicClock()
        self._next_ns = 0
        self._ages_ms: list[float] = []

    def step(self, capture: Capture, time: DeviceTime, time_ns: int, count: int) -> DeviceTold | None:
        """With every block, which began at a time."""
        now_ns = self._clock.now_ns()
        self._ages_ms.append((now_ns - time_ns) / 1e6 - 1e3 * count / capture.rate_hz)
        if now_ns < self._next_ns:
            return None
        self._next_ns, ages_ms, self._ages_ms = now_ns + TELL_NS, self._ages_ms, []
        buffered_ms = max(0.0, sum(ages_ms) / len(ages_ms))
        return DeviceTold(self._channels, capture.lost, capture.overruns, time.jumps, time.mean_ppm, buffered_ms)
