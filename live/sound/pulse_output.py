"""An output of the sound server with the channels that it has, each for itself, through libpulse's simple interface:
what `PulseInput` is for what comes in, and for the same reason."""

from __future__ import annotations

import threading
from collections.abc import Callable
from ctypes import byref, c_int

import numpy as np
import numpy.typing as npt

from live.base.clock import NS, MonotonicClock
from live.base.errors import DeviceError
from live.sound.devices import Device
from live.sound.pulse_input import ANY, FLOAT32LE, MOST_PLACES, MOST_STUCK, Buffer, Map, Spec, library

Take = Callable[[int, int], npt.NDArray[np.float32]]  # (samples, when the first is heard in ns) -> (n, channels)

_PLAYBACK = 1  # PA_STREAM_PLAYBACK
BLOCKS = 3  # that the server holds


class PulseOutput:
    """An open output. A thread of its own asks for blocks whenever the server has room for one, and ends when the
    server ends the stream. x_runs: how often it came too late with one. stuck: threads of this process whose device
    takes nothing: they can be ended only with the process.
    """

    stuck = 0

    def __init__(self, device: Device, block: int, take: Take) -> None:
        """block: samples in each. take: called by the thread. Raises DeviceError."""
        self._pulse, self._block, self._take, self._clock = library(), block, take, MonotonicClock()
        self.rate_hz, self.x_runs = device.rate_hz, 0
        spec = Spec(FLOAT32LE, round(device.rate_hz), device.channels)
        places = Map(device.channels, (c_int * MOST_PLACES)(*device.places))
        size, error = 4 * block * device.channels, c_int(0)
        buffer = Buffer(ANY, BLOCKS * size, size, size, ANY)
        where = (None, b"live", _PLAYBACK, device.id.encode(), b"playback")
        self._stream = self._pulse.pa_simple_new(*where, byref(spec), byref(places), byref(buffer), byref(error))
        if not self._stream:
            words = self._pulse.pa_strerror(error).decode(errors="replace")
            raise DeviceError(device.name, f"can't be opened ({words})", "close what else uses it")
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sound output", daemon=True)
        self._thread.start()

    @property
    def active(self) -> bool:
        """False when the server has ended the stream."""
        return self._thread.is_alive()

    def _run(self) -> None:
        error, length_ns = c_int(0), round(self._block * NS / self.rate_hz)
        done_ns = self._clock.now_ns()
        while not self._closing.is_set():
            now_ns = self._clock.now_ns()  # before the call: after it this thread may wait for the interpreter
            late_us = self._pulse.pa_simple_get_latency(self._stream, byref(error))  # of what comes next
            self.x_runs += now_ns - done_ns > BLOCKS * length_ns
            samples = np.ascontiguousarray(self._take(self._block, now_ns + 1_000 * late_us), np.float32)
            if self._pulse.pa_simple_write(self._stream, samples.ctypes.data, samples.nbytes, byref(error)) < 0:
                break
            done_ns = self._clock.now_ns()
        self._pulse.pa_simple_free(self._stream)

    def close(self) -> None:
        """It ends with its next block. One that takes none can't be ended; of too many of those the process rids
        itself."""
        self._closing.set()
        self._thread.join(0.5)
        if self._thread.is_alive():
            PulseOutput.stuck += 1
            if PulseOutput.stuck > MOST_STUCK:
                raise SystemExit(1)
