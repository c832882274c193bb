"""An open input of a sound device: blocks with the time at which they were captured."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from live.base.clock import NS, MonotonicClock
from live.base.errors import DeviceError
from live.sound.devices import TO_RECORD, Device, PortStream, connected
from live.sound.pulse import MOST_PLACES
from live.sound.pulse_input import PulseInput

BLOCK_S = 0.01  # of a callback
COMING_S = 12.0  # until its first block: a sound server that rested takes some seconds to wake
WATCH_S = 0.5  # how often the sound server is asked whether it is still this device
SETTLE_S = 1.0  # after its first block
LOOK_S = 0.25  # between two looks for what comes
GONE_S = 1.0  # a device that gives nothing for so long is gone: one that hears nothing still gives silence
_BLOCKS = 200  # that may wait, two seconds: past that the oldest go, and are counted


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
        self._watched_ns = now_ns
        now = connected(os.getpid(), "in")
        if now is not None and self._device.id not in now:
            raise DeviceError(self._device.name, "has gone", "plug it in again; it comes back by itself")

    def __enter__(self) -> Capture:
        return self

    def __exit__(self, *_: object) -> None:
        self._input.close()


class PortAudioInput(PortStream):
    """An open input of PortAudio's."""

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
        self._hear, self._overrun, self._least_s = hear, overrun, block / device.rate_hz
        super().__init__(device, channels, block, self._called, TO_RECORD)

    def _called(self, data: npt.NDArray[np.float32], count: int, time: Any, status: Any) -> None:
        age_s = time.currentTime - time.inputBufferAdcTime
        if status.input_overflow:
            self._overrun()
        # Some doors don't say: it is as old as it is long, at least.
        self._hear(data.copy(), age_s if 0 < age_s < 1 else self._least_s)
