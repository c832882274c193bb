"""An input of the sound server."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from live.sound.devices import Device
from live.sound.pulse import ANY, Buffer, PulseStream

Hear = Callable[[npt.NDArray[np.float32], float], None]  # (samples (n, channels), age of the first one in s)


class PulseInput(PulseStream):
    """An open input: blocks are handed on as they come."""

    def __init__(self, device: Device, block: int, hear: Hear) -> None:
        """block: samples in each. hear: called by the stream's thread. Raises DeviceError."""
        self._hear, self._shape = hear, (block, device.channels)
        super().__init__(device, Buffer(ANY, ANY, ANY, ANY, 4 * block * device.channels))

    def _carry(self) -> bool:
        samples = np.empty(self._shape, np.float32)
        if not self._moved(self._pulse.pa_simple_read, samples):
            return False
        self._hear(samples, self._late_s() + len(samples) / self.rate_hz)
        return True
