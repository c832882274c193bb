"""The picture behind a flat scene: read from a file once, at the program's size and in its codes; each canvas keeps it
as a plate of its own size.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2

from live.base.files import read_file
from live.picture.colour import yuva_from_rgba
from live.picture.decoding import ReadBytes, decoded_file
from live.picture.format import U8
from live.render.painter import Kept, Painter


def read_backdrop(path: Path, size: tuple[int, int], read: ReadBytes = read_file) -> U8:
    """The program's codes and A (height, width, 4), opaque, of this size: the picture scaled to fill it, what sticks
    out cut off evenly. Any thread; its colours are converted here (18 ms at 1080p), so that no frame has to. Raises
    SceneError when it can't be read, or is cut off.
    """
    image = decoded_file(f"picture {path.name}", path, read, how=cv2.IMREAD_COLOR)
    (height, width), (w, h) = image.shape[:2], size
    scale = max(w / width, h / height)
    part_w, part_h = min(width, round(w / scale)), min(height, round(h / scale))
    x, y = (width - part_w) // 2, (height - part_h) // 2
    filled = cv2.resize(
        image[y : y + part_h, x : x + part_w], size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    )
    return yuva_from_rgba(cv2.cvtColor(filled, cv2.COLOR_BGR2RGBA))


class Backdrops:
    """The backgrounds of one canvas. pictures: by scene, as read_backdrop gives them, exchanged for another when the
    scene or its picture is saved. Owner: the render thread."""

    def __init__(self, painter: Painter[Any], size: tuple[int, int], pictures: Mapping[str, U8]) -> None:
        self._painter, self._size, self._pictures = painter, size, pictures
        self._kept: dict[str, tuple[U8, Kept]] = {}

    def get(self, scene: str) -> Kept | None:
        """The painter's plate of a scene's background; None when it has no picture."""
        picture = self._pictures.get(scene)
        of, kept = self._kept.get(scene, (None, None))
        if of is not picture:
            if kept is not None:
                kept.close()
                del self._kept[scene]
            if picture is not None:
                fits = picture.shape[1::-1] == self._size
                packed = picture if fits else cv2.resize(picture, self._size, interpolation=cv2.INTER_AREA)
                self._kept[scene] = picture, self._painter.keep_plate(packed)
        return self._kept[scene][1] if picture is not None else None

    def close(self) -> None:
        for _, kept in self._kept.values():
            kept.close()
        self._kept.clear()
