"""The pictures and fonts that graphics, keys and wipes are made of, each as it was last valid.

A file is read when it is first asked for. Whoever watches it reads it again on a thread of its own, when it is saved,
and hands it over here: what can't be read never gets this far.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import skia

from live.base.errors import SceneError
from live.base.quiet import quiet_opencv
from live.picture.format import U8
from live.picture.text import Font, read_font
from live.render.ramps import Grey

_KEPT = 32
quiet_opencv()

Key = tuple[str, Path]  # a kind and a file


def read_picture(path: Path) -> skia.Image:
    """Decoded. Any thread. Raises SceneError when it can't be read, or is cut off."""
    fault = SceneError(f"picture {path.name}", "can't be read, or is cut off", "save it again, as PNG or JPEG")
    try:
        data = path.read_bytes()
        image = skia.Image.MakeFromEncoded(skia.Data.MakeWithCopy(data))
        if image is None or not whole(data):
            raise fault
        return image.convert(colorType=skia.kRGBA_8888_ColorType, alphaType=skia.kPremul_AlphaType)
    except (RuntimeError, ValueError, OSError):
        raise fault from None


def whole(data: bytes) -> bool:
    """Is all of it there? Skia fills up what isn't, and OpenCV does so with a JPEG."""
    if data.startswith(b"\xff\xd8"):
        return b"\xff\xd9" in data[-4096:]
    if data.startswith(b"\x89PNG"):
        return decoded(data, cv2.IMREAD_UNCHANGED) is not None
    return True


def decoded(data: bytes, how: int) -> U8 | None:
    """What OpenCV makes of a picture file; None when it can't be read, is empty, or says that it is larger than any
    picture.
    """
    try:
        # type: ignore[assignment]
        image: U8 | None = cv2.imdecode(np.frombuffer(data, np.uint8), how) if data else None
    except cv2.error:
        return None
    return image


def read_grey(path: Path) -> Grey:
    """The picture of a wipe, 8 or 16 bit grey, at its own size. Any thread. Raises SceneError when it can't be read."""
    try:
        data = path.read_bytes()
        grey = decoded(data, cv2.IMREAD_GRAYSCALE | cv2.IMREAD_ANYDEPTH) if whole(data) else None
    except OSError:
        grey = None
    if grey is None:
        raise SceneError(
            f"wipe {path.name}", "can't be read as a picture", "save it as PNG, 8 or 16 bit grey; a mix stands in"
        )
    return np.asarray(grey)


PICTURE, GREY, FONT = "picture", "grey", "font"
READERS: dict[str, Callable[[Path], Any]] = {PICTURE: read_picture, GREY: read_grey, FONT: read_font}


class Files:
    """Owner: the render thread. asked: how many different files were asked for so far; taken: how many were
    exchanged.
    """

    def __init__(self) -> None:
        self._made: OrderedDict[Key, Any] = OrderedDict()  # or the SceneError that says why not
        self._versions: dict[Path, int] = {}
        self.asked = self.taken = 0

    def picture(self, path: Path) -> skia.Image:
        return self._get(PICTURE, path)

    def grey(self, path: Path) -> Grey:
        return self._get(GREY, path)

    def font(self, path: Path) -> Font:
        return self._get(FONT, path)

    def version(self, path: Path | None) -> int:
        """How often a file was exchanged."""
        return self._versions.get(path, 0) if path is not None else 0

    @property
    def used(self) -> list[Key]:
        """What was asked for last."""
        return list(self._made)

    def take(self, kind: str, path: Path, made: Any) -> None:
        """A file was saved, and is valid."""
        self._made[kind, path] = made
        self._versions[path] = self.version(path) + 1
        self.taken += 1

    def _get(self, kind: str, path: Path) -> Any:
        """Raises SceneError when the file has never been valid."""
        key = kind, path
        if key not in self._made:
            try:
                self._made[key] = READERS[kind](path)
            except SceneError as error:
                self._made[key] = error
            self.asked += 1
            if len(self._made) > _KEPT:
                self._made.popitem(last=False)
        self._made.move_to_end(key)
        made = self._made[key]
        if isinstance(made, SceneError):
            raise made.with_traceback(None)
        return made
