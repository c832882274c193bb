"""A stinger made by arithmetic: clear, but for a white flash, with a 1 kHz blip that begins with it."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

from live.base.samples import SAMPLE_RATE

SIZE = (320, 184)
BLIP_S = 0.1


def sting(path: Path, *, blip_s: float = 0.5, seconds: float = 1.0, rate: int = 30) -> Path:
    """A QuickTime film with alpha: flash and blip begin at blip_s and are over BLIP_S later."""
    with av.open(str(path), "w", format="mov") as out:
        pictures = out.add_stream("qtrle", rate=rate)
        pictures.width, pictures.height, pictures.pix_fmt = *SIZE, "argb"
        sound = out.add_stream("pcm_s16le", rate=SAMPLE_RATE, layout="stereo")
        for n in range(round(seconds * rate)):
            lit = round(blip_s * rate) <= n < round((blip_s + BLIP_S) * rate)
            picture = np.full((SIZE[1], SIZE[0], 4), 255 if lit else 0, np.uint8)
            out.mux(pictures.encode(av.VideoFrame.from_ndarray(picture, format="argb")))
        out.mux(pictures.encode(None))
        t_s = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
        blip = 0.5 * np.sin(2 * np.pi * 1000 * (t_s - blip_s)) * ((t_s >= blip_s) & (t_s < blip_s + BLIP_S))
        both = np.repeat(np.rint(blip * 32767).astype(np.int16)[:, None], 2, axis=1).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(both, format="s16", layout="stereo")
        frame.sample_rate, frame.pts = SAMPLE_RATE, 0
        out.mux(sound.encode(frame))
        out.mux(sound.encode(None))
    return path


def flash_and_blip_s(recording: Path) -> tuple[list[float], list[float]]:
    """When white pictures begin, and when a loud sound begins after silence, in a recording's own time."""
    flashes: list[float] = []
    blips: list[float] = []
    lit, quiet_until_s = False, -1.0
    with av.open(str(recording)) as file:
        for picture in file.decode(video=0):
            luma = np.frombuffer(picture.planes[0], np.uint8).reshape(-1, picture.planes[0].line_size)[
                :, : picture.width
            ]
            white = float(luma.mean()) > 200
            if white and not lit:
                flashes.append(float(picture.time or 0.0))
            lit = white
    with av.open(str(recording)) as file:
        for block in file.decode(audio=0):
            samples, start_s = block.to_ndarray()[0], float(block.time or 0.0)
            for at in np.flatnonzero(abs(samples) > 0.1):
                t_s = start_s + float(at) / SAMPLE_RATE
                if t_s > quiet_until_s:
                    blips.append(t_s)
                quiet_until_s = t_s + 0.05
    return flashes, blips
