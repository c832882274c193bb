"""Pictures in shared memory.

A `FrameRing` has N slots. The writer never waits: it fills the next slot and moves the count. A reader takes the newest
whole frame, or the one with a given index, looks at it in place (no copy), and asks `intact()` after its last look: if
the writer came round meanwhile, what was read is not used, and the picture before stays. Every overwrite and skip can
be counted from the index.

Memory order: the stores are made by numpy on aligned 64-bit words; x86-64 keeps their order, and the slot's begin/end
counts (a seqlock) catch a torn read on machines that don't, except in a window of nanoseconds.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from live.picture.format import U8, Layout, Matrix, PictureFormat, Range
from live.shm.memory import _HEADER, _Shared

_SAFE = 3  # slots that the writer may come to while a frame is used: never handed out as old frames


_META = 128


_MAGIC = 0x4C495645_0001


class Frame:
    """One picture in a ring, seen in place.

    index: the ring's own count, 1 for the first frame ever. seq: the number of the *source* frame it belongs to (equal
    to index in a source ring; in a matte ring it names the picture the matte was made from). capture_ns: monotonic time
    the picture was captured. pts_ns: the medium's own time. aux: four numbers that belong to the picture (a matte's
    box). cut: Y, U, V and A of a picture that is cut out, not multiplied; its planes are
    those over black.
    """

    __slots__ = ("_meta", "aux", "capture_ns", "cut", "data", "format", "index", "pts_ns", "seq")

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
        self.cut: tuple[U8, U8, U8, U8] | None = None
        if self.format.layout is Layout.CUT:
            self.cut = self.format.cut(data)
            self.format = replace(self.format, layout=Layout.I420)
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
        """Publish the slot that was filled; returns its index. Writer only. Raises ValueError for a picture that is no
        picture: every reader counts on sides of 2 at least, a matte's on 1."""
        if min(fmt.width, fmt.height) < (1 if fmt.layout is Layout.GRAY8 else 2):
            raise ValueError(f"{self.name}: a picture of {fmt.width} x {fmt.height}")
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
        frame = Frame(index, meta, self._data[index % self.slots])
        return frame if frame.intact() else None

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
