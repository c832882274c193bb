"""Draw docs/pictures/transitions.jpg: every transition without a file at 0.3, 0.5 and 0.8 of its way, from one of the
demo's cameras to the other.

python tools/transitions_picture.py docs/pictures/transitions.jpg    # after `live models`, `live demo`
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import av
import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from live.base.paths import asset_path
from live.config.load import load_show
from live.picture.format import U8, PictureFormat
from live.picture.transitions import KINDS, WIPES, Style
from live.picture.values import Picture, ShotView, SourceInput
from live.render import Renderer

SIZE, SHOWN = (480, 272), (120, 68)
PLACES = (0.3, 0.5, 0.8)
COLUMNS, GAP, TITLE = 4, 6, 24
EDGE = Style(softness=0.1, border=0.05, colour="#f0a030")
DIP = Style(colour="#14213d")
RIG = """
picture = {{ width = {}, height = {} }}
sources = [{{ name = "a", kind = "pattern" }}, {{ name = "b", kind = "pattern" }}]
"""


def camera(name: str, file: Path) -> SourceInput:
    """The first picture of a file, filling the frame."""
    with av.open(str(file)) as container:
        rgb = next(container.decode(video=0)).to_ndarray(format="rgb24")
    height, width = rgb.shape[:2]
    scale = max(SIZE[0] / width, SIZE[1] / height)
    rgb = cv2.resize(rgb, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
    y, x = (rgb.shape[0] - SIZE[1]) // 2, (rgb.shape[1] - SIZE[0]) // 2
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb[y : y + SIZE[1], x : x + SIZE[0]]), format="rgb24")
    planes = frame.reformat(format="yuv420p", dst_colorspace="ITU709").to_ndarray().reshape(-1)
    fmt = PictureFormat(*SIZE)
    return SourceInput(name, 1, fmt, fmt.planes(planes))


def drawn(renderer: Renderer, inputs: dict[str, SourceInput], kind: str, progress: float, tag: int) -> U8:
    style = EDGE if kind in WIPES else DIP if kind == "dip" else Style()
    out = np.empty(PictureFormat(*SIZE).size, np.uint8)
    renderer.draw(Picture(ShotView("a"), ShotView("b"), kind, progress, style=style), inputs, tag)
    while renderer.finish(out) != tag:
        pass
    frame = av.VideoFrame.from_ndarray(out.reshape(SIZE[1] * 3 // 2, SIZE[0]), format="yuv420p")
    bgr = frame.reformat(format="bgr24", src_colorspace="ITU709").to_ndarray()
    return np.asarray(cv2.resize(bgr, SHOWN, interpolation=cv2.INTER_AREA), np.uint8)


def main() -> None:
    kinds = [name for name, kind in KINDS.items() if name != "cut" and not kind.file]
    cell = len(PLACES) * (SHOWN[0] + 2) + GAP, TITLE + SHOWN[1] + 2
    page = np.full((-(-len(kinds) // COLUMNS) * cell[1] + GAP, COLUMNS * cell[0] + GAP, 3), 24, np.uint8)
    inputs = {"a": camera("a", asset_path("demo_portrait.png")), "b": camera("b", asset_path("demo_guest.mp4"))}
    with tempfile.TemporaryDirectory() as folder:
        rig = Path(folder) / "rig.toml"
        rig.write_text(RIG.format(*SIZE), encoding="utf-8")
        renderer = Renderer(load_show(rig), on_fault=print, software=True)
        for n, kind in enumerate(kinds):
            x, y = GAP + n % COLUMNS * cell[0], n // COLUMNS * cell[1]
            cv2.putText(page, kind, (x + 2, y + 16), cv2.FONT_HERSHEY_SIMPLEX, 0.42, (236, 236, 236), 1, cv2.LINE_AA)
            for place, progress in enumerate(PLACES):
                left = x + place * (SHOWN[0] + 2)
                picture = drawn(renderer, inputs, kind, progress, n * len(PLACES) + place + 1)
                page[y + TITLE : y + TITLE + SHOWN[1], left : left + SHOWN[0]] = picture
        renderer.close()
    cv2.imwrite(sys.argv[1], page, [cv2.IMWRITE_JPEG_QUALITY, 78])


if __name__ == "__main__":
    main()
