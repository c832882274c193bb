"""Paint the background of the flat virtual set: `python scenes/anchor/make_backdrop.py` writes backdrop.jpg beside this
file."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

WIDTH, HEIGHT = 1920, 1080


def main() -> None:
    x, y = np.meshgrid(np.linspace(0, 1, WIDTH), np.linspace(0, 1, HEIGHT))
    glow = np.exp(-(((x - 0.62) / 0.42) ** 2 + ((y - 0.38) / 0.55) ** 2))  # behind the person
    bands = np.zeros_like(x)
    for at, width, strength in ((0.10, 0.055, 0.5), (0.24, 0.02, 0.35), (0.82, 0.08, 0.45), (0.95, 0.025, 0.3)):
        bands += strength * np.exp(-(((x - at + 0.16 * (y - 0.5)) / width) ** 2)) * (0.35 + 0.65 * y)
    light = 0.10 + 0.42 * glow + 0.22 * bands
    floor = np.clip((y - 0.86) / 0.004, 0, 1)
    light = light * (1 - 0.45 * floor * (0.4 + 0.6 * y))
    rgb = np.stack([0.16 + 0.62 * light, 0.24 + 0.86 * light, 0.36 + 1.05 * light], -1) * (
        0.25 + 0.9 * light[..., None]
    )
    rgb += np.random.default_rng(1).normal(0, 0.004, (HEIGHT, WIDTH, 1))  # smooth light would show steps in 8 bit
    bgr = np.rint(255 * np.clip(rgb[..., ::-1], 0, 1)).astype(np.uint8)
    cv2.imwrite(str(Path(__file__).with_name("backdrop.jpg")), bgr, [cv2.IMWRITE_JPEG_QUALITY, 82])


if __name__ == "__main__":
    main()
