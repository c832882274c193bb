"""The still store: program pictures into a folder. Owner: the engine; writing runs on a thread of its own."""

from __future__ import annotations

import queue
import threading
from collections import deque
from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np

from live.base.errors import LiveError, OutputError
from live.base.files import words_of
from live.picture.codes import codes_from_rgb
from live.picture.format import U8, Matrix, PictureFormat, Range
from live.picture.planes import nudged


class StillStore:
    """Program pictures into a folder, as PNG. Writing takes its time on a thread of its own; `grab` never waits."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: deque[str | LiveError] = deque(maxlen=20)  # what was written, and what could not be
        self._todo: queue.Queue[tuple[Path, U8, PictureFormat] | None] = queue.Queue(maxsize=4)
        self._thread: threading.Thread | None = None

    def grab(self, name: str, data: U8, fmt: PictureFormat) -> None:
        """Keep this picture (flat I420; it is copied)."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._write, name="stills", daemon=True)
            self._thread.start()
        try:
            self._todo.put_nowait((self.folder / f"{name}.png", data.copy(), fmt))
        except queue.Full:
            cause = "four pictures are still being written"
            self.said.append(OutputError("stills", cause, f"grab it again in a moment, or see to {self.folder}"))

    def _write(self) -> None:
        while (job := self._todo.get()) is not None:
            path, data, fmt = job
            try:
                _save(path, cv2.imencode(".png", bgr_of(data, fmt))[1].tobytes())
                self.said.append(str(path))
            except (OSError, cv2.error) as error:
                cause = words_of(error) if isinstance(error, OSError) else "can't be made a PNG"
                self.said.append(OutputError(f"still {path.name}", cause, f"see to {path.parent}"))

    def close(self) -> None:
        """Waits for what is being written, but not for a disk that doesn't answer."""
        if self._thread is not None:
            with suppress(queue.Full):
                self._todo.put(None, timeout=1.0)
            self._thread.join(5.0)


def _save(path: Path, data: bytes) -> None:
    """All of it or nothing: a key may show this very still, and a full disk leaves no half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.half")
    try:
        half.write_bytes(data)
        half.replace(path)
    except OSError:
        half.unlink(missing_ok=True)
        raise


def bgr_of(data: U8, fmt: PictureFormat) -> U8:
    """(height, width, 3), 8 bit, of a program picture (BT.709, limited range)."""
    y, u, v = fmt.planes(data)
    size = (fmt.width, fmt.height)
    # Chroma lies left of where OpenCV has it.
    full = (cv2.resize(nudged(p, 0.25), size, interpolation=cv2.INTER_LINEAR) for p in (u, v))
    packed = cv2.merge((y, *full))
    m, o = codes_from_rgb(Matrix.BT709, Range.LIMITED)
    back = np.linalg.inv(m)[::-1]  # blue first
    return np.asarray(cv2.transform(packed, np.hstack([back, (-255 * back @ o)[:, None]]).astype(np.float32)), np.uint8)
