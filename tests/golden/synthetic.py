"""Pictures made by arithmetic, and small shows to draw them in: what the render tests look at."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import numpy as np

from live.config.load import Show, load_show
from live.picture.format import U8, Matrix, PictureFormat, Range
from live.picture.values import Picture, SourceInput
from live.render import Renderer

SIZE = (320, 180)
_TAGS = count(1)
PROGRAM = PictureFormat(*SIZE)
CAMERA = PictureFormat(320, 240, Matrix.BT601, Range.FULL)

_RIG = """
picture = {{ width = {width}, height = {height}, rate_hz = 30.0 }}
sources = [
  {{ name = "anna", title = "Anna", kind = "pattern", key = "ai" }},
  {{ name = "ben", title = "Ben", kind = "pattern", key = "ai" }},
  {{ name = "view", title = "Blick ins Tal", kind = "pattern" }},
]
scenes = [
  {{ name = "studio", {path} talent = {{ left = "anna", right = "ben" }} }},
  {{ name = "duo", talent = {{ left = "anna", right = "ben", pip = "view" }} }},
]
"""


def small_show(folder: Path, *, size: tuple[int, int] = SIZE, studio: Path | None = None) -> Show:
    """Three sources, the scenes that ship. studio: another folder for the studio scene."""
    path = f'path = "{studio}",' if studio else ""
    rig = folder / "rig.toml"
    rig.write_text(_RIG.format(width=size[0], height=size[1], path=path), encoding="utf-8")
    return load_show(rig)


def planes_of(rgb: np.ndarray, fmt: PictureFormat) -> tuple[U8, ...]:
    """R'G'B' (h, w, 3), 0..1, as planes. The constants are those printed in BT.601 and BT.709, not the renderer's
    own."""
    kr, kb = (0.299, 0.114) if fmt.matrix is Matrix.BT601 else (0.2126, 0.0722)
    y_span, c_span, black = (219, 224, 16) if fmt.range is Range.LIMITED else (255, 255, 0)
    luma = kr * rgb[..., 0] + (1 - kr - kb) * rgb[..., 1] + kb * rgb[..., 2]
    cb, cr = (rgb[..., 2] - luma) / (2 - 2 * kb), (rgb[..., 0] - luma) / (2 - 2 * kr)

    def small(c: np.ndarray) -> np.ndarray:
        return c.reshape(c.shape[0] // 2, 2, c.shape[1] // 2, 2).mean(axis=(1, 3))

    coded = (black + y_span * luma, 128 + c_span * small(cb), 128 + c_span * small(cr))
    return tuple(np.clip(np.rint(c), 0, 255).astype(np.uint8) for c in coded)


def person(name: str, shirt: tuple[float, float, float], seq: int = 1, fmt: PictureFormat = CAMERA) -> SourceInput:
    """Head and shoulders before a bright room, cut out: ellipses with a soft edge of three pixels, whose colours are
    clean."""
    x, y = np.meshgrid((np.arange(fmt.width) + 0.5) / fmt.height, (np.arange(fmt.height) + 0.5) / fmt.height)
    middle = fmt.width / fmt.height / 2

    def ellipse(cy: float, rx: float, ry: float) -> np.ndarray:
        distance = (np.hypot((x - middle) / rx, (y - cy) / ry) - 1) * min(rx, ry) * fmt.height
        return np.clip(0.5 - distance / 3, 0, 1)

    head, body = ellipse(0.30, 0.11, 0.15), ellipse(0.95, 0.30, 0.48)
    rgb = np.stack([0.80 + 0.15 * y, 0.85 + 0.10 * x / 2, 0.90 + 0 * x], -1)
    stripes = 0.85 + 0.15 * np.sign(np.sin(y * 60))
    for amount, colour in ((body, np.array(shirt) * stripes[..., None]), (head, np.array([0.85, 0.62, 0.50]))):
        rgb = rgb + (colour - rgb) * amount[..., None]
    # Without the room.
    own = np.where(head[..., None] > 0, np.array([0.85, 0.62, 0.50]), np.array(shirt) * stripes[..., None])
    matte = np.rint(255 * np.maximum(head, body)).astype(np.uint8)
    rows, columns = np.flatnonzero(matte.max(axis=1)), np.flatnonzero(matte.max(axis=0))
    box = (columns[0] / fmt.width, rows[0] / fmt.height, (columns[-1] + 1) / fmt.width, (rows[-1] + 1) / fmt.height)
    place = tuple(float(b) for b in box)
    # type: ignore[arg-type]
    return SourceInput(name, seq, fmt, planes_of(rgb, fmt), matte, place, fill=planes_of(own, fmt))


def view(fmt: PictureFormat = PROGRAM, seq: int = 1) -> SourceInput:
    """A landscape of gradients, discs and a fine grid."""
    x, y = np.meshgrid(np.linspace(0, 1, fmt.width), np.linspace(0, 1, fmt.height))
    rgb = np.stack([0.2 + 0.6 * x, 0.3 + 0.5 * y, 0.8 - 0.5 * x * y], -1)
    rgb[np.hypot((x - 0.3) * 16 / 9, y - 0.4) < 0.15] = (1.0, 0.9, 0.1)
    rgb[np.hypot((x - 0.75) * 16 / 9, y - 0.7) < 0.1] = (0.9, 0.1, 0.2)
    rgb[(y > 0.8) & ((np.arange(fmt.width) // 4 % 2)[None, :] == 0)] = (0.05, 0.05, 0.05)
    return SourceInput("view", seq, fmt, planes_of(rgb, fmt))


def inputs() -> dict[str, SourceInput]:
    return {"anna": person("anna", (0.9, 0.5, 0.1)), "ben": person("ben", (0.15, 0.35, 0.3)), "view": view()}


def drawn(renderer: Renderer, picture: Picture, sources: dict[str, SourceInput], size: tuple[int, int] = SIZE) -> U8:
    """One frame, I420 flat, whatever the depth of the readback."""
    out = np.zeros(PictureFormat(*size).size, np.uint8)
    first = next(_TAGS)
    renderer.draw(picture, sources, first)
    while renderer.finish(out) != first:
        renderer.draw(picture, sources, next(_TAGS))
    return out
