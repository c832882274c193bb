"""Pictures, sound and status in shared memory: the one way they cross a process.

A `FrameRing` has N slots. The writer never waits: it fills the next slot and moves the count. A reader takes the newest
whole frame, or the one with a given index, looks at it in place (no copy), and asks `intact()` when it is done: if the
writer came round meanwhile, what was read is not to be used. Every overwrite and skip can be counted from the index.

Memory order: the stores are made by numpy on aligned 64-bit words; x86-64 keeps their order, and the slot's begin/end
counts (a seqlock) catch a torn read on machines that don't, except in a window of nanoseconds.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from multiprocessing import resource_tracker, shared_memory

import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]
LARGEST_MATTE = 540  # lines


class Matrix(IntEnum):
    """YUV <-> RGB matrix."""

    BT601 = 0
    BT709 = 1


class Range(IntEnum):
    """Code range: limited is Y 16-235, C 16-240; full is 0-255."""

    LIMITED = 0
    FULL = 1


class Layout(IntEnum):
    I420 = 0  # planar Y, U, V 4:2:0, 8 bit, planes tightly packed, top row first
    GRAY8 = 1  # one plane of 8 bit: a matte (0 transparent, 255 opaque)
    KEYED = 2  # I420, then its matte (0 transparent, 255 opaque) at `matte_size`


@dataclass(frozen=True)
class PictureFormat:
    """Size and coding of one picture. Width and height are even for I420."""

    width: int
    height: int
    matrix: Matrix = Matrix.BT709
    range: Range = Range.LIMITED
    layout: Layout = Layout.I420

    @property
    def size(self) -> int:
        """Bytes of one picture."""
        pixels = self.width * self.height
        if self.layout is Layout.GRAY8:
            return pixels
        matte = self.matte_size
        return pixels * 3 // 2 + (matte[0] * matte[1] if self.layout is Layout.KEYED else 0)

    @property
    def matte_size(self) -> tuple[int, int]:
        """(width, height) of a keyed picture's matte: the picture's own up to 540 lines, a half or a quarter of it
        beyond.

        A network saw 144 lines, and chroma has half the lines of luma: what more of them would show, one has to look
        for.
        """
        width, height = self.width, self.height
        while height > LARGEST_MATTE:
            width, height = width // 2, height // 2
        return width, height

    def planes(self, data: U8) -> tuple[U8, ...]:
        """Views (height, width) of the planes in a flat buffer: (Y, U, V), (A,) or (Y, U, V, A)."""
        w, h = self.width, self.height
        y = data[: w * h].reshape(h, w)
        if self.layout is Layout.GRAY8:
            return (y,)
        c = w * h // 4
        u = data[w * h : w * h + c].reshape(h // 2, w // 2)
        v = data[w * h + c : w * h + 2 * c].reshape(h // 2, w // 2)
        if self.layout is Layout.I420:
            return y, u, v
        width, height = self.matte_size
        return y, u, v, data[w * h * 3 // 2 :][: width * height].reshape(height, width)


def ring_name(kind: str) -> str:
    """A shared-memory name nobody else has. Short: macOS allows 30 characters."""
    return f"live-{kind[:12]}-{secrets.token_hex(4)}"


@contextmanager
def _untracked() -> Iterator[None]:
    """Attach without telling the resource tracker (Python < 3.13 has no track=False).

    A console started by hand has a tracker of its own, which would unlink the engine's memory when the console ends.
    """
    register = resource_tracker.register
    resource_tracker.register = lambda name, rtype: None if rtype == "shared_memory" else register(name, rtype)
    try:
        yield
    finally:
        resource_tracker.register = register


def _open(name: str, size: int | None) -> shared_memory.SharedMemory:
    if size is not None:
        return shared_memory.SharedMemory(name, create=True, size=size)
    if sys.version_info >= (3, 13):
        return shared_memory.SharedMemory(name, track=False)
    with _untracked():
        return shared_memory.SharedMemory(name)


class _Shared:
    """A named piece of shared memory; the creator unlinks it, everyone closes it."""

    def __init__(self, name: str, size: int | None) -> None:
        self.name = name
        self.owner = size is not None
        self._memory = _open(name, size)

    def _views(self) -> None:
        """Drop every numpy view of the memory (subclasses), so that it can be closed."""

    def close(self) -> None:
        """Unmap, and unlink if this side created it. Views that others still hold keep the mapping until they go."""
        self._views()
        if self.owner:
            self._memory.unlink()
            self.owner = False
        try:
            self._memory.close()
        except BufferError:  # a caller still holds a view; the mapping ends with the process
            self._memory.close = lambda: None  # type: ignore[method-assign]


_SAFE = 3  # slots that the writer may come to while a frame is used: never handed out as old frames
_HEADER = 64
_META = 128
_MAGIC = 0x4C495645_0001


class Frame:
    """One picture in a ring, seen in place.

    index: the ring's own count, 1 for the first frame ever. seq: the number of the *source* frame it belongs to (equal
    to index in a source ring; in a matte ring it names the picture the matte was made from). capture_ns: monotonic time
    the picture was captured. pts_ns: the medium's own time. aux: four numbers that belong to the picture (a matte's
    box).
    """

    __slots__ = ("_meta", "aux", "capture_ns", "data", "format", "index", "pts_ns", "seq")

    def __init__(self, index: int, meta: npt.NDArray[np.int64], data: U8) -> None:
        self.index = index
        self._meta = meta
        self.seq = int(meta[2])
        self.capture_ns = int(meta[3])
        self.pts_ns = int(meta[4])
        self.format = PictureFormat(
            int(meta[5]), int(meta[6]), Matrix(int(meta[7])), Range(int(meta[8])), Layout(int(meta[9]))
        )
        self.aux = tuple(int(v) for v in meta[10:14])
        self.data = data[: self.format.size]

    @property
    def planes(self) -> tuple[U8, ...]:
        return self.format.planes(self.data)

    def intact(self) -> bool:
        """True while the writer has not started to overwrite this frame."""
        return int(self._meta[0]) == self.index


class FrameRing(_Shared):
    """N slots of at most `capacity` bytes each. One writer, any number of readers.

    Untouched pages of a slot cost nothing, so the capacity may be generous.
    """

    def __init__(self, name: str, *, capacity: int | None = None, slots: int = 8) -> None:
        """Create it (capacity given) or attach to it by name."""
        stride = 0 if capacity is None else _META + (capacity + 63) // 64 * 64
        super().__init__(name, None if capacity is None else _HEADER + slots * stride)
        buf = self._memory.buf
        self._head = np.ndarray(8, np.int64, buf)
        if capacity is not None:
            self._head[:] = (_MAGIC, 0, slots, capacity, stride, 0, 0, 0)
        if int(self._head[0]) != _MAGIC:
            raise ValueError(f"{name} is not a frame ring of this version")
        self.slots, self.capacity, stride = (int(v) for v in self._head[2:5])
        self._meta = [np.ndarray(16, np.int64, buf, _HEADER + i * stride) for i in range(self.slots)]
        self._data = [np.ndarray(self.capacity, np.uint8, buf, _HEADER + i * stride + _META) for i in range(self.slots)]

    def _views(self) -> None:
        self._head, self._meta, self._data = np.zeros(8, np.int64), [], []

    @property
    def count(self) -> int:
        """Index of the newest frame; 0 before the first."""
        return int(self._head[1])

    def slot(self, size: int) -> U8:
        """The buffer of the next frame, to fill and then `commit`. Writer only."""
        if size > self.capacity:
            raise ValueError(f"{self.name}: a picture of {size} bytes in slots of {self.capacity}")
        index = self.count + 1
        self._meta[index % self.slots][0] = index  # readers of the old content see it go
        return self._data[index % self.slots][:size]

    def commit(
        self,
        fmt: PictureFormat,
        *,
        capture_ns: int,
        pts_ns: int = 0,
        seq: int | None = None,
        aux: tuple[int, int, int, int] = (0, 0, 0, 0),
    ) -> int:
        """Publish the slot that was filled; returns its index. Writer only."""
        index = self.count + 1
        self._meta[index % self.slots][1:14] = (
            index,
            index if seq is None else seq,
            capture_ns,
            pts_ns,
            fmt.width,
            fmt.height,
            fmt.matrix,
            fmt.range,
            fmt.layout,
            *aux,
        )
        self._head[1] = index
        return index

    def at(self, index: int) -> Frame | None:
        """The frame with this index, or None when it is gone or not there yet."""
        if not 0 < index <= self.count:
            return None
        meta = self._meta[index % self.slots]
        if int(meta[0]) != index or int(meta[1]) != index:
            return None
        return Frame(index, meta, self._data[index % self.slots])

    def newest(self) -> Frame | None:
        """The newest whole frame; None before the first."""
        index = self.count
        return self.at(index) or self.at(index - 1)

    def before(self, time_ns: int) -> Frame | None:
        """The newest whole frame captured no later than this; while none is that old, the oldest there is. None before
        the first.

        What a delayed program shows. A ring for it needs slots for the delay and some more, since the writer goes on
        meanwhile.
        """
        newest = self.count
        for index in range(newest, max(0, newest - self.slots + _SAFE), -1):
            if int(self._meta[index % self.slots][3]) <= time_ns and (frame := self.at(index)) is not None:
                return frame
        return self.at(max(1, newest - self.slots + _SAFE + 1))


class NoteBlock(_Shared):
    """A text from one process to another: the newest counts, nobody waits. One writer, one reader."""

    _CAPACITY = 16_384

    def __init__(self, name: str, *, create: bool = False) -> None:
        super().__init__(name, _HEADER + self._CAPACITY if create else None)
        self._head = np.ndarray(3, np.int64, self._memory.buf)  # count when begun, count when done, bytes
        self._text = np.ndarray(self._CAPACITY, np.uint8, self._memory.buf, _HEADER)
        if create:
            self._head[:] = 0

    def _views(self) -> None:
        self._head, self._text = np.zeros(3, np.int64), np.zeros(0, np.uint8)

    def write(self, text: str) -> None:
        """Raises ValueError for more than 16 kB."""
        data = np.frombuffer(text.encode(), np.uint8)
        if len(data) > self._CAPACITY:
            raise ValueError(f"{self.name}: a note of {len(data)} bytes")
        self._head[0] += 1
        self._text[: len(data)] = data
        self._head[2] = len(data)
        self._head[1] = self._head[0]

    def read(self, after: int) -> tuple[int, str] | None:
        """(count, text) of the newest note, if it is younger than `after` and whole; None otherwise: ask again
        later.
        """
        done = int(self._head[1])
        if done == after:
            return None
        text = self._text[: int(self._head[2])].tobytes()
        return (done, text.decode()) if int(self._head[0]) == done else None


SAMPLE_RATE = 48_000
CHANNELS = 2
_SOUND_FRAMES = 4 * SAMPLE_RATE


def sample_at(time_ns: int) -> int:
    """Number of the sample captured at a monotonic time. All rings share this time line, so sound needs no other
    sync.
    """
    return time_ns * SAMPLE_RATE // 1_000_000_000


def time_of_sample(sample: int) -> int:
    """Monotonic ns of a sample number."""
    return sample * 1_000_000_000 // SAMPLE_RATE


class SoundRing(_Shared):
    """4 s of sound: float32 stereo at 48 kHz, addressed by absolute sample number (see `sample_at`). One writer.

    A writer may run ahead of the present (a file is decoded early). A gap it jumps over reads as silence.
    """

    def __init__(self, name: str, *, create: bool = False) -> None:
        super().__init__(name, _HEADER + _SOUND_FRAMES * CHANNELS * 4 if create else None)
        self._head = np.ndarray(8, np.int64, self._memory.buf)
        self._data = np.ndarray((_SOUND_FRAMES, CHANNELS), np.float32, self._memory.buf, _HEADER)
        if create:
            self._head[:] = 0

    def _views(self) -> None:
        self._head, self._data = np.zeros(8, np.int64), np.zeros((0, CHANNELS), np.float32)

    @property
    def end(self) -> int:
        """Sample number after the last one written; 0 before the first write."""
        return int(self._head[1])

    def write(self, start: int, samples: npt.NDArray[np.float32]) -> None:
        """Put samples (n, 2) at an absolute sample number; what overlaps the past of the ring is dropped."""
        end = self.end
        if end and start > end:  # a gap: silence, at most one ring of it
            self._put(
                max(end, start - _SOUND_FRAMES), np.zeros((min(start - end, _SOUND_FRAMES), CHANNELS), np.float32)
            )
        skip = max(0, end - start) if end else 0
        if skip >= len(samples):
            return
        self._put(start + skip, samples[skip:][-_SOUND_FRAMES:])
        self._head[1] = start + len(samples)

    def _put(self, start: int, samples: npt.NDArray[np.float32]) -> None:
        i = start % _SOUND_FRAMES
        first = min(len(samples), _SOUND_FRAMES - i)
        self._data[i : i + first] = samples[:first]
        self._data[: len(samples) - first] = samples[first:]

    def read(self, start: int, count: int) -> tuple[npt.NDArray[np.float32], int]:
        """A copy (count, 2) from an absolute sample number, and how many of them had been written (the rest is
        silence).
        """
        out = np.zeros((count, CHANNELS), np.float32)
        end = self.end
        low, high = max(start, end - _SOUND_FRAMES), min(start + count, end)
        n = high - low
        if n <= 0:
            return out, 0
        i = low % _SOUND_FRAMES
        first = min(n, _SOUND_FRAMES - i)
        out[low - start : low - start + first] = self._data[i : i + first]
        out[low - start + first : low - start + n] = self._data[: n - first]
        return out, n


class WorkerState(IntEnum):
    STARTING = 0
    RUNNING = 1
    RETRYING = 3  # could not open; waiting for the next try
    ENDED = 4  # did what it was asked to do


VALUES = 128
_STATUS = np.dtype(
    [
        ("heartbeat_ns", "<i8"),
        ("stop", "<i8"),
        ("state", "<i8"),
        ("frames", "<i8"),
        ("drops", "<i8"),
        ("restarts", "<i8"),
        ("rate_hz", "<f8"),
        ("values", "<f8", (VALUES,)),
        ("message_count", "<i8"),
        ("message", "S400"),
    ]
)


class StatusBlock(_Shared):
    """What a worker and the supervisor tell each other without ever waiting: plain words in shared memory.

    Written by the worker: heartbeat_ns, state, frames, drops, values (its own meaning), message. Written by the engine:
    stop (1 = end now), rate_hz (0 = full speed; a rate the worker may save work down to; below 0: nobody needs it),
    restarts.
    """

    def __init__(self, name: str, *, create: bool = False) -> None:
        super().__init__(name, _STATUS.itemsize if create else None)
        self._row = np.ndarray(1, _STATUS, self._memory.buf)
        if create:
            self._row[:] = np.zeros(1, _STATUS)

    def _views(self) -> None:
        self._row = np.zeros(1, _STATUS)

    def get(self, field: str) -> int | float:
        return self._row[field][0].item()

    def set(self, **fields: int | float) -> None:
        for field, value in fields.items():
            self._row[field][0] = value

    def add(self, field: str, amount: int = 1) -> None:
        self._row[field][0] += amount

    @property
    def values(self) -> npt.NDArray[np.float64]:
        """128 floats (view) for figures that belong to the worker's kind."""
        return self._row["values"][0]

    def say(self, text: str) -> None:
        """Leave a message for the show log; the engine logs it once per `say`."""
        self._row["message"][0] = text.encode("utf-8", "replace")[:399]
        self._row["message_count"][0] += 1

    @property
    def message(self) -> tuple[int, str]:
        """(how many messages so far, the last one)."""
        return int(self._row["message_count"][0]), self._row["message"][0].decode("utf-8", "replace")
