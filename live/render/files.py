"""The pictures and fonts that graphics, keys and wipes are made of, each as it was last valid.

A file is read when it is first asked for, on air by threads beside the frame (OpenCV lets go of the interpreter while
it decodes; Skia doesn't, 290 ms of a 4K PNG). Whoever watches it has it read again when it is saved, and hands it over
here: what can't be read never gets this far.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import skia

from live.base.errors import LiveError, SceneError
from live.base.files import read_file
from live.base.readers import NoAnswer
from live.picture.decoding import ReadBytes, decoded_file
from live.picture.format import U8
from live.picture.text import Font, read_font
from live.render.ramps import Grey, fitted

_KEPT, _KEPT_BYTES = 32, 200_000_000

Named = Path | str  # a file, or what a graphic's field says
FileKey = tuple[str, Named]  # a kind and a file


class NotYet(LiveError):
    """A file is being read: ask again on the next frame."""

    def __init__(self, path: Named) -> None:
        super().__init__(str(path), "is being read")


def read_picture(path: Path, within: tuple[int, int] | None = None, read: ReadBytes = read_file) -> skia.Image:
    """Decoded, premultiplied, no larger than (width, height) where that is given: what is shown never is. Any thread.
    Raises SceneError when it can't be read, or is cut off.
    """
    image = decoded_file(f"picture {path.name}", path, read)
    rgba = _premultiplied(image)
    if within is not None and (scale := min(within[0] / rgba.shape[1], within[1] / rgba.shape[0])) < 1:
        size = max(1, round(rgba.shape[1] * scale)), max(1, round(rgba.shape[0] * scale))
        rgba = cv2.resize(rgba, size, interpolation=cv2.INTER_AREA)
    return skia.Image.fromarray(
        np.ascontiguousarray(rgba), colorType=skia.kRGBA_8888_ColorType, alphaType=skia.kPremul_AlphaType
    )


def _premultiplied(image: Any) -> U8:
    """R'G'B'A of what OpenCV decoded."""
    if image.dtype == np.uint16:
        image = cv2.convertScaleAbs(image, alpha=1 / 257)
    if image.ndim == 2 or image.shape[2] == 3:
        return np.asarray(cv2.cvtColor(image, cv2.COLOR_GRAY2RGBA if image.ndim == 2 else cv2.COLOR_BGR2RGBA))
    b, g, r, alpha = cv2.split(image)
    return np.asarray(cv2.merge([*(cv2.multiply(c, alpha, scale=1 / 255) for c in (r, g, b)), alpha]))


def read_grey(path: Path, within: tuple[int, int] | None = None, read: ReadBytes = read_file) -> Grey:
    """The picture of a wipe, 8 or 16 bit grey, at its own size, or at that which is given. Any thread. Raises
    SceneError when it can't be read.
    """
    try:
        grey = decoded_file(f"wipe {path.name}", path, read, how=cv2.IMREAD_GRAYSCALE | cv2.IMREAD_ANYDEPTH)
    except SceneError as error:
        action = "save it as PNG, 8 or 16 bit grey; a mix stands in"
        raise SceneError(error.subject, error.cause, action) from None
    return grey if within is None else fitted(grey, within)


PICTURE, GREY, FONT = "picture", "grey", "font"
READERS: dict[str, Callable[..., Any]] = {PICTURE: read_picture, GREY: read_grey, FONT: read_font}

# Has something done with a file, on another thread: (path, work, what to call when the file doesn't answer).
Put = Callable[[Path, Callable[[], None], Callable[[NoAnswer], None]], object]


class Files:
    """Owner: the render thread, but for `read`. asked: how many different files were asked for so far; taken: how many
    were exchanged.

    size: (width, height) of the program; no picture is kept larger. find: the file that a graphic's field names; raises
    LiveError. put: who reads; without it, whoever asks.
    """

    def __init__(
        self,
        size: tuple[int, int] | None = None,
        find: Callable[[str], Path] = Path,
        put: Put | None = None,
    ) -> None:
        self._size, self._find, self._put = size, find, put
        self._made: OrderedDict[FileKey, Any] = OrderedDict()  # or the LiveError that says why not, or NotYet
        self._found: dict[FileKey, Path] = {}
        self._ready: deque[tuple[FileKey, Path | None, Any]] = deque()
        self._versions: dict[Named, int] = {}
        self.asked = self.taken = 0

    def picture(self, of: Named) -> skia.Image:
        return self._get(PICTURE, of)

    def grey(self, path: Path) -> Grey:
        made: Grey = self._get(GREY, path)
        return made

    def font(self, path: Path) -> Font:
        made: Font = self._get(FONT, path)
        return made

    def version(self, of: Named | None) -> int:
        """How often a file was exchanged."""
        return self._versions.get(of, 0) if of is not None else 0

    @property
    def used(self) -> list[tuple[str, Path]]:
        """What was asked for last, as far as it is there."""
        paths = [(kind, of if isinstance(of, Path) else self._found.get((kind, of))) for kind, of in self._made]
        return list(dict.fromkeys((kind, path) for kind, path in paths if path is not None))

    def read(self, kind: str, path: Path) -> Any:
        """As it is kept here. Any thread. Raises LiveError."""
        return READERS[kind](path) if kind == FONT else READERS[kind](path, self._size)

    def take(self, kind: str, path: Path, made: Any) -> None:
        """A file was saved, and is valid."""
        for key in [k for k in self._made if k == (kind, path) or (k[0] == kind and self._found.get(k) == path)]:
            self._made[key] = made
            self._versions[key[1]] = self.version(key[1]) + 1
        self.taken += 1

    def hold(self, kind: str, path: Path, made: Any) -> None:
        """A file was read before anybody asks for it."""
        if (kind, path) in self._made:
            self.take(kind, path, made)
        else:
            self._keep((kind, path), made)

    def collect(self) -> None:
        """Take up what was read since, once a frame."""
        while self._ready:
            key, path, made = self._ready.popleft()
            if path is not None and isinstance(key[1], str):
                self._found[key] = path
                self.asked += 1
            if key not in self._made:
                continue
            if not isinstance(self._made[key], NotYet):  # it didn't answer at first
                self._versions[key[1]] = self.version(key[1]) + 1
                self.taken += 1
            self._made[key] = made
            self._bound()

    def _get(self, kind: str, of: Named) -> Any:
        """Raises SceneError when the file has never been valid, NotYet while it is being read."""
        key = kind, of
        if key not in self._made:
            self._keep(key, NotYet(of))
            path = of if isinstance(of, Path) else Path("/") / of
            if self._put is None:
                self._read(key)
                self.collect()
            else:
                self._put(path, partial(self._read, key), lambda error: self._ready.append((key, None, error)))
        self._made.move_to_end(key)
        made = self._made[key]
        if isinstance(made, LiveError):
            raise made.with_traceback(None)
        return made

    def _read(self, key: FileKey) -> None:
        kind, of = key
        path = None
        try:
            path = of if isinstance(of, Path) else self._find(of)
            made = self.read(kind, path)
        except LiveError as error:
            made = error
        self._ready.append((key, path, made))

    def _keep(self, key: FileKey, made: Any) -> None:
        self._made[key] = made
        self.asked += 1
        self._bound()

    def _bound(self) -> None:
        while len(self._made) > _KEPT or (len(self._made) > 1 and sum(map(_bytes, self._made.values())) > _KEPT_BYTES):
            key, _ = self._made.popitem(last=False)
            self._found.pop(key, None)


def _bytes(made: Any) -> int:
    if isinstance(made, skia.Image):
        return int(made.width() * made.height() * 4)
    return made.nbytes if isinstance(made, np.ndarray) else 0
