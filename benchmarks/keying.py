"""How clean the edges of keyed people are on the footage beside the checkout, before and after what is done to them.

    python benchmarks/keying.py [FOLDER]     prints a table; writes side-by-side pictures into the folder

- tint: how much of the screen's hue is in the colour of the edge, codes of chroma, weighted with how much it is seen. 0
is none.
- left: how much of what was behind is in the colour of the edge, as a share of it; 0 none, 1 all. In and behind are the
means of what is
  surely one or the other, a twelfth of the picture's height around.

"As it came" is the same key over the camera's own colours.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from live.config.keying import KeyerConfig, KeyerKind, KeyerOrders
from live.config.picture import PictureConfig
from live.picture.codes import codes_from_rgb
from live.picture.format import U8, Layout, PictureFormat
from live.shm.frame_ring import Frame
from live.sources import open_reader
from live.sources.kinds.media import MediaSource
from live.sources.reader import PictureEvent, play
from live.vision.chroma import find
from live.vision.keyer import Keyer

PEOPLE = Path(__file__).resolve().parents[2] / "shared" / "footage" / "people"
CLIPS: dict[str, KeyerKind] = {
    "bbaf2n.mpg": "chroma",
    "swiz3n.mpg": "chroma",
    "asl_book.mkv": "ai",
    "asl_student.mkv": "ai",
    "asl_walk.mkv": "ai",
}
AT = (5, 20, 40)  # pictures of a clip that are looked at
_EDGE = (13, 242)  # alpha, of 255
_BEHIND = ((0.10, 0.12, 0.16), (0.75, 0.60, 0.40))  # what people are laid over in the pictures

F32 = npt.NDArray[np.float32]


def pictures(clip: str) -> list[tuple[PictureFormat, U8]]:
    """Those that are looked at, as the source's worker gives them: planes of a flat buffer."""
    source = MediaSource(name="cam", kind="media", path=str(PEOPLE / clip))  # type: ignore[arg-type]
    found: list[tuple[PictureFormat, U8]] = []
    for n, event in enumerate(e for e in play(open_reader(source, PictureConfig(), 1)) if isinstance(e, PictureEvent)):
        if n in AT:
            found.append((event.format, np.zeros(event.format.size, np.uint8)))
            event.write(found[-1][1])
        if n >= max(AT):
            break
    return found


def keyed(keyer: Keyer, fmt: PictureFormat, data: U8) -> tuple[U8, ...]:
    """Y, U, V and A."""
    meta = np.array(
        [1, 1, 1, 0, 0, fmt.width, fmt.height, fmt.matrix, fmt.range, fmt.layout, 0, 0, 0, 0, 0, 0], np.int64
    )
    into = PictureFormat(fmt.width, fmt.height, fmt.matrix, fmt.range, Layout.KEYED)
    out = into.planes(np.zeros(into.size, np.uint8))
    keyer.key(Frame(1, meta, data), None, out)
    return out


def tint(colours: tuple[U8, ...], alpha: U8, screen: tuple[float, float]) -> float:
    """See above. screen: its Cb and Cr, codes. alpha at chroma's size."""
    u, v = (p.astype(np.float32) - 128 for p in colours[1:3])
    eu, ev = screen[0] - 128, screen[1] - 128
    along = np.maximum(u * eu + v * ev, 0) / float(np.hypot(eu, ev))
    band = (alpha >= _EDGE[0]) & (alpha <= _EDGE[1])
    return float((along[band] * alpha[band]).sum() / max(1.0, float(alpha[band].sum(dtype=float))))


def left(colours: tuple[U8, ...], camera: tuple[U8, ...], alpha: U8) -> float:
    """See above. camera: the planes as they came. alpha at chroma's size."""
    size = alpha.shape[::-1]

    def at(planes: tuple[U8, ...]) -> F32:
        return np.dstack([cv2.resize(p, size, interpolation=cv2.INTER_AREA) for p in planes[:3]]).astype(np.float32)

    window = 2 * (alpha.shape[0] // 24) + 1

    def mean_of(sure: npt.NDArray[np.bool_]) -> tuple[F32, F32]:
        weight = cv2.blur(sure.astype(np.float32), (window, window))
        return cv2.blur(at(camera) * sure[..., None], (window, window)) / np.maximum(weight, 1e-6)[..., None], weight

    (inside, a), (behind, b) = mean_of(alpha > 250), mean_of(alpha < 5)
    band = (alpha >= _EDGE[0]) & (alpha <= _EDGE[1]) & (a > 0.02) & (b > 0.02)
    apart = (behind - inside)[band]
    # Where the two are alike nobody sees anything.
    weight = alpha[band].astype(np.float32) * (np.square(apart).sum(axis=1) > 30**2)
    share = (((at(colours) - inside)[band] * apart).sum(axis=1) * weight).sum() / max(
        1e-6, float((np.square(apart).sum(axis=1) * weight).sum())
    )
    return float(share)


def figures(clip: str) -> dict[str, tuple[float, float]]:
    """By figure, as it came and as it is drawn; means over the pictures looked at."""
    key = CLIPS[clip]
    raw = Keyer("cam", KeyerOrders(key=key, keyer=KeyerConfig(clean=False, spill=0.0)), print)
    clean = Keyer("cam", KeyerOrders(key=key), print)
    rows: dict[str, list[tuple[float, float]]] = {}
    for fmt, data in pictures(clip):
        camera, before, after = fmt.planes(data), keyed(raw, fmt, data), keyed(clean, fmt, data)
        alpha = cv2.resize(after[3], (fmt.width // 2, fmt.height // 2), interpolation=cv2.INTER_AREA)
        rows.setdefault("left", []).append((left(camera, camera, alpha), left(after, camera, alpha)))
        screen = find(camera) if key == "chroma" else None
        if screen is not None:
            rows.setdefault("tint", []).append(
                (tint(before, alpha, (screen.u, screen.v)), tint(after, alpha, (screen.u, screen.v)))
            )
    return {name: (float(np.mean([b for b, _ in r])), float(np.mean([a for _, a in r]))) for name, r in rows.items()}


def _rgb(planes: tuple[U8, ...], fmt: PictureFormat) -> F32:
    size = (fmt.width, fmt.height)
    codes = (
        np.dstack([cv2.resize(p, size, interpolation=cv2.INTER_LINEAR) for p in planes[:3]]).astype(np.float32) / 255
    )
    m, o = codes_from_rgb(fmt.matrix, fmt.range)
    return np.clip((codes - o) @ np.linalg.inv(m).T, 0, 1).astype(np.float32)


def side_by_side(clip: str) -> U8:
    """The camera's picture; keyed as it came, and clean, over dark; clean over light; the matte. B'G'R'."""
    fmt, data = pictures(clip)[1]
    raw = keyed(Keyer("cam", KeyerOrders(key=CLIPS[clip], keyer=KeyerConfig(clean=False, spill=0.0)), print), fmt, data)
    clean = keyed(Keyer("cam", KeyerOrders(key=CLIPS[clip]), print), fmt, data)
    alpha = cv2.resize(clean[3], (fmt.width, fmt.height))[..., None].astype(np.float32) / 255

    def over(planes: tuple[U8, ...], behind: tuple[float, float, float]) -> F32:
        return _rgb(planes, fmt) * alpha + np.array(behind, np.float32) * (1 - alpha)

    shown = [
        _rgb(fmt.planes(data), fmt),
        over(raw, _BEHIND[0]),
        over(clean, _BEHIND[0]),
        over(clean, _BEHIND[1]),
        np.repeat(alpha, 3, axis=2),
    ]
    return np.rint(255 * np.hstack(shown)[..., ::-1]).astype(np.uint8)


def main(folder: Path | None) -> None:
    print(
        "| clip | key | left, as it came | left, clean | tint, as it came | tint, clean |\n| --- | --- | --- | "
        "--- | --- | --- |"
    )
    for clip, key in CLIPS.items():
        found = figures(clip)
        cells = [
            f"{value:.2f}" if name == "left" else f"{value:.1f}"
            for name in ("left", "tint")
            for value in found.get(name, ())
        ]
        print(f"| {clip} | {key} | " + " | ".join([*cells, "", ""][:4]) + " |")
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(folder / f"{Path(clip).stem}.png"), side_by_side(clip))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
