"""An output of the sound server."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from live.base.clock import NS, MonotonicClock
from live.sound.devices import Device
from live.sound.pulse import ANY, Buffer, PulseStream

Take = Callable[[int, int], npt.NDArray[np.float32]]  # (samples, when the first is heard in ns) -> (n, channels)

BLOCKS = 3  # that the server holds


class PulseOutput(PulseStream):
    """An open output: it asks for a block whenever the server has room for one. x_runs: how often it came too late with
    one."""

    def __init__(self, device: Device, block: int, take: Take) -> None:
        """block: samples in each. take: called by the stream's thread. Raises DeviceError."""
        self._take, self._block, self._clock, self.x_runs = take, block, MonotonicClock(), 0
        self._late_after_ns, self._done_ns = BLOCKS * round(block * NS / device.rate_hz), 0
        size = 4 * block * device.channels
        super().__init__(device, Buffer(ANY, BLOCKS * size, size, size, ANY))

    def _carry(self) -> bool:
        now_ns = self._clock.now_ns()  # before the call: after it this thread may wait for the interpreter
        late_ns = round(self._late_s() * NS)
        self.x_runs += 0 < self._done_ns < now_ns - self._late_after_ns
        samples = np.ascontiguousarray(self._take(self._block, now_ns + late_ns), np.float32)
        if not self._moved(self._pulse.pa_simple_write, samples):
            return False
        self._done_ns = self._clock.now_ns()
        return True
