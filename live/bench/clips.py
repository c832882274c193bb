"""The material that everybody is measured on: raw I420 clips and stills, made here, the same every time.

Cost hardly depends on what a picture shows, but a key has to have something to key: a figure that moves before a green
screen, with the soft matte that belongs to it; and a room with structure for the second camera.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]

FRAMES = {720: 150, 1080: 80}
LOOP = 20  # different pictures, over and over
GREEN = (0, 200, 40)  # RGB
MATTE = (256, 144)  # of the supplied matte: what a segmenter gives
LOWER_THIRD = (900, 120)
SEED = 1


@dataclass(frozen=True)
class Clips:
    """Where the files are. Raw I420 at 30 frames a second, BT.709 limited; matte.gray is 8 bit, 256x144."""

    folder: Path

    def raw(self, name: str, height: int) -> Path:
        return self.folder / f"{name}_{height}.yuv"

    @property
    def matte(self) -> Path:
        return self.folder / "matte.gray"

    @property
    def background(self) -> Path:
        return self.folder / "background.png"

    @property
    def lower_third(self) -> Path:
        return self.folder / "lower_third.png"


def make(folder: Path) -> Clips:
    """Write every file: about 1.4 GB."""
    folder.mkdir(parents=True, exist_ok=True)
    clips = Clips(folder)
    for height, frames in FRAMES.items():
        size = (height * 16 // 9, height)
        room = _room(size)
        with clips.raw("cam1", height).open("wb") as green, clips.raw("cam2", height).open("wb") as plain:
            pairs: list[tuple[bytes, bytes]] = []
            for n in range(LOOP):
                person, alpha = _person(size, n)
                before_green = _i420(_over(person, alpha, np.full_like(person, GREEN)))
                in_room = _i420(_over(person[:, ::-1], alpha[:, ::-1], np.roll(room, 2 * n, axis=1)))
                pairs.append((before_green.tobytes(), in_room.tobytes()))
            for n in range(frames):
                green.write(pairs[n % LOOP][0])
                plain.write(pairs[n % LOOP][1])
    with clips.matte.open("wb") as matte:
        for n in range(FRAMES[720]):
            matte.write((_person(MATTE, n % LOOP)[1] * 255).astype(np.uint8).tobytes())
    cv2.imwrite(str(clips.background), cv2.cvtColor(_room((1280, 720))[:, ::-1], cv2.COLOR_RGB2BGR))
    cv2.imwrite(str(clips.lower_third), _strap())
    return clips


def _person(size: tuple[int, int], n: int) -> tuple[U8, npt.NDArray[np.float32]]:
    """A figure (head, shoulders, textured clothes) that sways: RGB (height, width, 3) and its matte 0 to 1."""
    width, height = size
    x = width * (0.5 + 0.06 * np.sin(n / 12))
    mask = np.zeros((height, width), np.uint8)
    cv2.ellipse(
        mask,
        (round(x), round(height * 0.32)),
        (round(height * 0.11), round(height * 0.15)),
        0,
        0,
        360,
        255,
        -1,
        cv2.LINE_AA,
    )
    cv2.ellipse(
        mask,
        (round(x), round(height * 0.98)),
        (round(height * 0.36), round(height * 0.48)),
        0,
        0,
        360,
        255,
        -1,
        cv2.LINE_AA,
    )
    soft = cv2.GaussianBlur(mask, (0, 0), height / 240).astype(np.float32) / 255
    rows, columns = np.mgrid[0:height, 0:width]
    rgb = np.stack(
        [150 + 40 * np.sin(columns / 23), 105 + 30 * np.sin(rows / 17), 90 + 20 * np.sin((rows + columns) / 31)], -1
    )
    return np.clip(rgb, 0, 255).astype(np.uint8), soft


def _room(size: tuple[int, int]) -> U8:
    width, height = size
    noise = np.random.default_rng(SEED).integers(30, 200, (height // 40, width // 40, 3), np.uint8)
    return cv2.resize(noise, size, interpolation=cv2.INTER_CUBIC)


def _over(front: U8, alpha: npt.NDArray[np.float32], back: U8) -> U8:
    a = alpha[..., None]
    return (front * a + back * (1 - a)).astype(np.uint8)


def _i420(rgb: U8) -> U8:
    """BT.709 limited: the exact matrix, as floats."""
    r, g, b = (rgb[..., i].astype(np.float32) for i in range(3))
    y = 16 + 0.1826 * r + 0.6142 * g + 0.0620 * b
    u, v = 128 - 0.1006 * r - 0.3386 * g + 0.4392 * b, 128 + 0.4392 * r - 0.3989 * g - 0.0403 * b
    half = (rgb.shape[1] // 2, rgb.shape[0] // 2)
    planes = [y, cv2.resize(u, half, interpolation=cv2.INTER_AREA), cv2.resize(v, half, interpolation=cv2.INTER_AREA)]
    return np.concatenate([np.clip(p.round(), 0, 255).astype(np.uint8).ravel() for p in planes])


def _strap() -> U8:
    """A lower third, BGRA."""
    width, height = LOWER_THIRD
    strap = np.zeros((height, width, 4), np.uint8)
    strap[...] = (120, 40, 20, 200)
    strap[:, :12] = (0, 180, 255, 255)
    cv2.putText(strap, "Anna Berg", (40, 55), cv2.FONT_HERSHEY_DUPLEX, 1.4, (255, 255, 255, 255), 2, cv2.LINE_AA)
    cv2.putText(strap, "Reporter", (40, 100), cv2.FONT_HERSHEY_DUPLEX, 0.9, (220, 220, 220, 255), 1, cv2.LINE_AA)
    return strap
