"""A stream of the sound server with the channels that its device has, each for itself, through libpulse's simple
interface.

PortAudio's way to the server goes by ALSA, which names channels after loudspeakers. An interface names its own by
numbers (aux0, aux1, ...), and the server mixes from the one to the other: four such channels were silent all of them
(PulseAudio 16), ten were two of ten (PipeWire 0.3: moved by two). Here the server is given the device's own names, and
nothing is mixed.
"""

from __future__ import annotations

import ctypes
import threading
from abc import abstractmethod
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_size_t, c_uint8, c_uint32, c_uint64, c_void_p
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from live.base.advice import advice
from live.base.errors import DeviceError
from live.sound.devices import TO_PLAY, TO_RECORD, Device

_LIBRARY = "libpulse-simple.so.0"
_PLAYBACK, _RECORD, _FLOAT32LE = 1, 2, 5  # PA_STREAM_PLAYBACK, PA_STREAM_RECORD, PA_SAMPLE_FLOAT32LE
MOST_PLACES = 32  # PA_CHANNELS_MAX
ANY = 0xFFFFFFFF
_MOST_STUCK = 3  # threads that devices which give or take nothing may hold


class _Spec(Structure):
    _fields_ = (("format", c_int), ("rate", c_uint32), ("channels", c_uint8))


class _Map(Structure):
    _fields_ = (("channels", c_uint8), ("map", c_int * MOST_PLACES))


class Buffer(Structure):
    """pa_buffer_attr, in bytes; ANY where the server chooses."""

    _fields_ = tuple((name, c_uint32) for name in ("maxlength", "tlength", "prebuf", "minreq", "fragsize"))


def _library() -> Any:
    """Raises DeviceError."""
    try:
        found: Any = ctypes.CDLL(_LIBRARY)
    except OSError as error:
        raise DeviceError("sound", f"libpulse can't be loaded ({error})", advice("sound")) from error
    found.pa_simple_new.restype = c_void_p
    found.pa_simple_new.argtypes = (
        *(c_char_p, c_char_p, c_int, c_char_p, c_char_p),
        *(POINTER(_Spec), POINTER(_Map), POINTER(Buffer), POINTER(c_int)),
    )
    for move in (found.pa_simple_read, found.pa_simple_write):
        move.argtypes = (c_void_p, c_void_p, c_size_t, POINTER(c_int))
    found.pa_simple_get_latency.restype = c_uint64
    found.pa_simple_get_latency.argtypes = (c_void_p, POINTER(c_int))
    found.pa_simple_free.restype, found.pa_simple_free.argtypes = None, (c_void_p,)
    found.pa_strerror = ctypes.CDLL("libpulse.so.0").pa_strerror
    found.pa_strerror.restype, found.pa_strerror.argtypes = c_char_p, (c_int,)
    return found


class PulseStream:
    """An open stream. A thread of its own carries block after block, and ends when the server ends the stream.

    stuck: threads of this process whose device gives or takes nothing: they can be ended only with the process.
    """

    stuck: ClassVar[int] = 0

    def __init__(self, device: Device, buffer: Buffer) -> None:
        """Raises DeviceError."""
        self._pulse, self._error = _library(), c_int(0)
        self.rate_hz, recorded = device.rate_hz, device.way == "in"
        spec = _Spec(_FLOAT32LE, round(device.rate_hz), device.channels)
        places = _Map(device.channels, (c_int * MOST_PLACES)(*device.places))
        kind, name = (_RECORD, b"capture") if recorded else (_PLAYBACK, b"playback")
        where = (None, b"live", kind, device.id.encode(), name)
        self._stream = self._pulse.pa_simple_new(*where, byref(spec), byref(places), byref(buffer), byref(self._error))
        if not self._stream:
            words = self._pulse.pa_strerror(self._error).decode(errors="replace")
            raise DeviceError(device.name, f"can't be opened ({words})", TO_RECORD if recorded else TO_PLAY)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"sound {device.way}", daemon=True)
        self._thread.start()

    @property
    def active(self) -> bool:
        """False when the server has ended the stream."""
        return self._thread.is_alive()

    def _run(self) -> None:
        while not self._closing.is_set() and self._carry():
            pass
        self._pulse.pa_simple_free(self._stream)

    @abstractmethod
    def _carry(self) -> bool:
        """One block, on the stream's thread; False when the server has ended the stream."""

    def _late_s(self) -> float:
        """How late what comes next is heard, or how old it is."""
        return float(self._pulse.pa_simple_get_latency(self._stream, byref(self._error))) / 1e6

    def _moved(self, move: Any, samples: npt.NDArray[np.float32]) -> bool:
        return bool(move(self._stream, samples.ctypes.data, samples.nbytes, byref(self._error)) >= 0)

    def close(self) -> None:
        """It ends with its next block. One whose device gives or takes none can't be ended; of too many of those the
        process rids itself."""
        self._closing.set()
        self._thread.join(0.5)
        if self._thread.is_alive():
            PulseStream.stuck += 1
            if PulseStream.stuck > _MOST_STUCK:
                raise SystemExit(1)
