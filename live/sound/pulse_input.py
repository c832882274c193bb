"""An input of the sound server with the channels that it has, each for itself, through libpulse's simple interface.

PortAudio's way to the server goes by ALSA, which names channels after loudspeakers. An interface names its own by
numbers (aux0, aux1, ...), and the server mixes from the one to the other: four such channels were silent all of them
(PulseAudio 16), ten were two of ten (PipeWire 0.3: moved by two). Here the server is given the device's own names, and
nothing is mixed.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_size_t, c_uint8, c_uint32, c_uint64, c_void_p
from typing import Any

import numpy as np
import numpy.typing as npt

from live.base.advice import advice
from live.base.errors import DeviceError
from live.sound.devices import Device

Hear = Callable[[npt.NDArray[np.float32], float], None]  # (samples (n, channels), age of the first one in s)

_LIBRARY = "libpulse-simple.so.0"
_RECORD, FLOAT32LE = 2, 5  # PA_STREAM_RECORD, PA_SAMPLE_FLOAT32LE
MOST_PLACES = 32  # PA_CHANNELS_MAX
ANY = 0xFFFFFFFF
MOST_STUCK = 3  # threads that a device which gives nothing may hold


class Spec(Structure):
    _fields_ = (("format", c_int), ("rate", c_uint32), ("channels", c_uint8))


class Map(Structure):
    _fields_ = (("channels", c_uint8), ("map", c_int * MOST_PLACES))


class Buffer(Structure):
    _fields_ = tuple((name, c_uint32) for name in ("maxlength", "tlength", "prebuf", "minreq", "fragsize"))


def library() -> Any:
    """Raises DeviceError."""
    try:
        found: Any = ctypes.CDLL(_LIBRARY)
    except OSError as error:
        raise DeviceError("sound", f"libpulse can't be loaded ({error})", advice("sound")) from error
    found.pa_simple_new.restype = c_void_p
    found.pa_simple_new.argtypes = (
        *(c_char_p, c_char_p, c_int, c_char_p, c_char_p),
        *(POINTER(Spec), POINTER(Map), POINTER(Buffer), POINTER(c_int)),
    )
    for move in (found.pa_simple_read, found.pa_simple_write):
        move.argtypes = (c_void_p, c_void_p, c_size_t, POINTER(c_int))
    found.pa_simple_get_latency.restype = c_uint64
    found.pa_simple_get_latency.argtypes = (c_void_p, POINTER(c_int))
    found.pa_simple_free.restype, found.pa_simple_free.argtypes = None, (c_void_p,)
    found.pa_strerror = ctypes.CDLL("libpulse.so.0").pa_strerror
    found.pa_strerror.restype, found.pa_strerror.argtypes = c_char_p, (c_int,)
    return found


class PulseInput:
    """An open input. A thread of its own reads blocks and hands them on; it ends when the server ends the stream.

    stuck: threads of this process whose device gives nothing: they can be ended only with the process.
    """

    stuck = 0

    def __init__(self, device: Device, block: int, hear: Hear) -> None:
        """block: samples in each. hear: called by the thread. Raises DeviceError."""
        self._pulse, self._block, self._hear = library(), block, hear
        self._channels, self.rate_hz = device.channels, device.rate_hz
        spec = Spec(FLOAT32LE, round(device.rate_hz), device.channels)
        places = Map(device.channels, (c_int * MOST_PLACES)(*device.places))
        size = 4 * block * device.channels
        buffer, error = Buffer(ANY, ANY, ANY, ANY, size), c_int(0)
        self._stream = self._pulse.pa_simple_new(
            None,
            b"live",
            _RECORD,
            device.id.encode(),
            b"capture",
            byref(spec),
            byref(places),
            byref(buffer),
            byref(error),
        )
        if not self._stream:
            action = "close what else uses it, or allow this program to record (`live doctor`)"
            raise DeviceError(device.name, f"can't be opened ({self._words(error)})", action)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sound input", daemon=True)
        self._thread.start()

    def _words(self, error: c_int) -> str:
        return str(self._pulse.pa_strerror(error).decode(errors="replace"))

    def _run(self) -> None:
        error = c_int(0)
        while not self._closing.is_set():
            samples = np.empty((self._block, self._channels), np.float32)
            if self._pulse.pa_simple_read(self._stream, samples.ctypes.data, samples.nbytes, byref(error)) < 0:
                break
            late_us = self._pulse.pa_simple_get_latency(self._stream, byref(error))  # of what comes next
            self._hear(samples, late_us / 1e6 + self._block / self.rate_hz)
        self._pulse.pa_simple_free(self._stream)

    def close(self) -> None:
        """It ends with its next block. One that gives none can't be ended; of too many of those the process rids
        itself."""
        self._closing.set()
        self._thread.join(0.5)
        if self._thread.is_alive():
            PulseInput.stuck += 1
            if PulseInput.stuck > MOST_STUCK:
                raise SystemExit(1)
