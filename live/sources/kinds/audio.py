"""A sound device of this machine: an interface, a desk, a headset, with all its channels."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt
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
from live.sound.device_time import Aligner, DeviceTime
from live.sound.devices import Device, devices, find
from live.sound.pulse_input import MOST_PLACES, PulseInput
from live.sources.device_board import DeviceTold
from live.sources.reader import Event, Readable, Reader, SoundEvent, Waiting

BLOCK_S = 0.01  # of a callback
COMING_S = 12.0  # until its first block: a sound server that rested takes some seconds to wake
WATCH_S = 0.5  # how often the sound server is asked whether it is still this device
SETTLE_S = 1.0  # after its first block
LOOK_S = 0.25  # between two looks for what comes
GONE_S = 1.0  # a device that gives nothing for so long is gone: one that hears nothing still gives silence
TELL_NS = NS // 2  # between two looks at how it does
_BLOCKS = 200  # that may wait, two seconds: past that the oldest go, and are counted


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
    hold_s = 0.0

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


class Capture:
    """An open input. The callback is a thread of PortAudio's, or the one that reads from the sound server: it copies
    and leaves; whoever reads waits.

    lost: blocks that nobody fetched; overruns: how often the system lost some before us.
    """

    def __init__(self, device: Device, channels: int) -> None:
        """Raises DeviceError."""
        self._device, self._channels = device, channels
        self._clock = MonotonicClock()
        self._waiting: deque[tuple[int, npt.NDArray[np.float32]]] = deque(maxlen=_BLOCKS)
        self._there = threading.Event()
        self.lost = self.overruns = self._began_ns = self._watched_ns = 0
        self._input: PulseInput | PortAudioInput
        block = round(device.rate_hz * BLOCK_S)
        if device.server and len(device.places) == device.channels <= MOST_PLACES:
            self._input = PulseInput(device, block, self._hear)
        else:
            self._input = PortAudioInput(device, channels, block, self._hear, self._overrun)
        self.rate_hz = self._input.rate_hz

    def _hear(self, samples: npt.NDArray[np.float32], age_s: float) -> None:
        now_ns = self._clock.now_ns()
        self.lost += len(self._waiting) == _BLOCKS
        self._began_ns = self._began_ns or now_ns
        self._waiting.append((now_ns - round(age_s * NS), samples[:, : self._channels]))
        self._there.set()

    def _overrun(self) -> None:
        self.overruns += 1

    def blocks(self) -> Iterator[tuple[int, npt.NDArray[np.float32]] | None]:
        """(when its first sample was captured, samples (n, channels)) of each; None now and then while nothing comes.
        Raises DeviceError when the device has gone."""
        patience_s, settled, waited_s = COMING_S, False, 0.0
        while True:
            if not self._waiting:
                self._there.clear()
                if not self._waiting and not self._there.wait(LOOK_S):
                    waited_s += LOOK_S
                    if waited_s >= patience_s:
                        cause = "gives nothing" if patience_s == COMING_S else "gives nothing any more"
                        raise DeviceError(self._device.name, cause, "plug it in again; it comes back by itself")
                    yield None
                continue
            waited_s = 0.0
            block = self._waiting.popleft()
            self._watch(block[0])
            # What a server held back while it woke comes in a burst whose times say nothing: it goes.
            settled = settled or (patience_s == GONE_S and self._clock.now_ns() - self._began_ns > SETTLE_S * NS)
            patience_s = GONE_S
            if settled:
                yield block

    def _watch(self, now_ns: int) -> None:
        """Is it still the device that was asked for? Raises DeviceError when the sound server has taken another."""
        if not self._device.server or now_ns < self._watched_ns + WATCH_S * NS:
            return
        from live.sound.devices import connected

        self._watched_ns = now_ns
        now = connected(os.getpid(), "in")
        if now is not None and self._device.id not in now:
            raise DeviceError(self._device.name, "has gone", "plug it in again; it comes back by itself")

    def __enter__(self) -> Capture:
        return self

    def __exit__(self, *_: object) -> None:
        self._input.close()


class PortAudioInput:
    """An open input of PortAudio's, which calls from a thread of its own."""

    def __init__(
        self,
        device: Device,
        channels: int,
        block: int,
        hear: Callable[[npt.NDArray[np.float32], float], None],
        overrun: Callable[[], None],
    ) -> None:
        """block: samples in each. hear: called with samples (n, channels) and the age of the first one in s. overrun:
        called when the system lost some before. Raises DeviceError."""
        from live.sound.devices import door, portaudio

        self._hear, self._overrun, self._least_s = hear, overrun, block / device.rate_hz
        if device.server:
            os.environ["PULSE_SOURCE"] = device.id  # what PortAudio's door to the server leads to, in this process
        self._sounddevice = sounddevice = portaudio()
        try:
            # PortAudio looks for devices once: a door that was shut then would stay so.
            sounddevice._terminate()
            sounddevice._initialize()
            self._stream = sounddevice.InputStream(
                device=door(sounddevice) if device.server else device.index,
                channels=channels,
                samplerate=device.rate_hz,
                blocksize=block,
                dtype="float32",
                latency="low",
                callback=self._called,
            )
            self._stream.start()
        except (sounddevice.PortAudioError, ValueError) as error:
            text = str(error.args[0] if error.args else error)
            action = "close what else uses it, or allow this program to record (`live doctor`)"
            raise DeviceError(device.name, f"can't be opened ({text})", action) from error
        self.rate_hz = float(self._stream.samplerate)

    def _called(self, data: npt.NDArray[np.float32], count: int, time: Any, status: Any) -> None:
        age_s = time.currentTime - time.inputBufferAdcTime
        if status.input_overflow:
            self._overrun()
        # Some doors don't say: it is as old as it is long, at least.
        self._hear(data.copy(), age_s if 0 < age_s < 1 else self._least_s)

    def close(self) -> None:
        try:
            self._stream.abort()
            self._stream.close()
        except self._sounddevice.PortAudioError:  # it has gone already
            pass
