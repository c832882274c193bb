"""The demo's cameras and microphones, made from the material that `live models` fetches.

Three files stand in for a studio with two guests: a portrait (NASA), a man talking in a car (a test sequence of 176 x
144) and a reader (CC0). Made once, into the data folder: a portrait with a soft background and room around it, the man
at 640 x 360 running to and fro without a seam, and the reading shared out to two microphones that take turns.

Everything here is deterministic and runs in the process that calls it.
"""

from __future__ import annotations

import hashlib
import os
import wave
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import numpy.typing as npt

from live import fetch
from live.base.errors import ModelError
from live.base.paths import asset_path

F32 = npt.NDArray[np.float32]
U8 = npt.NDArray[np.uint8]
Say = Callable[[str], None]

PORTRAIT, GUEST, VOICE_A, VOICE_B = "demo_portrait.png", "demo_guest.mp4", "demo_voice_a.wav", "demo_voice_b.wav"
_RECIPE = "demo.recipe"  # which version of this file made them
WIDTH, HEIGHT = 1280, 720
GUEST_SIZE = (640, 360)  # more would be drawn out of 176 x 144 for nothing


def make(say: Say = print) -> None:
    """Fetch what is missing and make the four files, unless they are there already, made by this version. Raises
    ModelError."""
    if _ready():
        return
    sources = dict(zip(fetch.DEMO, fetch.ensure(fetch.DEMO, say=say), strict=True))
    say("   making the demo's cameras and microphones from it (once, some seconds)")
    try:
        _in_place(PORTRAIT, lambda path: _write_portrait(sources["astronaut.png"], path))
        _in_place(GUEST, lambda path: _write_guest(sources["carphone_pristine.mp4"], path))
        _write_voices(sources["two_cities.wav"])
        asset_path(_RECIPE).write_text(_recipe())
    except (OSError, av.FFmpegError) as error:
        raise ModelError(
            "demo material", str(error), "free some space in the data folder, or set LIVE_DATA to another one"
        ) from error


def _ready() -> bool:
    """All four are there and whole (the recipe is written last)."""
    names = (PORTRAIT, GUEST, VOICE_A, VOICE_B)
    return (
        all(asset_path(n).is_file() for n in names)
        and asset_path(_RECIPE).is_file()
        and asset_path(_RECIPE).read_text() == _recipe()
    )


def _recipe() -> str:
    return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()


def _in_place(name: str, write: Callable[[Path], None]) -> None:
    """Write beside it, then rename: a file under its name is whole."""
    path = asset_path(name)
    temp = path.with_name(f".{os.getpid()}.{name}")
    try:
        write(temp)
        os.replace(temp, path)
    finally:
        temp.unlink(missing_ok=True)


# --- camera 1 -------------------------------------------------------------------------------------------------------

# Around the sitter in the 512 x 512 portrait, with some air: what stays sharp.
_HEAD = ((227, 98), (100, 104))  # centre, half axes
_BODY = (
    (120, 175),
    (100, 205),
    (20, 255),
    (8, 420),
    (8, 512),
    (508, 512),
    (508, 350),
    (400, 330),
    (365, 300),
    (350, 245),
    (320, 190),
)


def _write_portrait(source: Path, path: Path) -> None:
    """The portrait as a long lens sees it, at 16:9 with headroom: a flag and a rocket in focus end up in the matte."""
    image = cv2.imread(str(source), cv2.IMREAD_COLOR)
    height = 604  # the sitter's head is then 0.28 of the picture, as the guest's
    width = height * 16 // 9
    top = height - image.shape[0]
    left = width // 2 - _HEAD[0][0]
    border = (top, 0, left, width - left - image.shape[1])
    keep = np.zeros(image.shape[:2], np.uint8)
    cv2.ellipse(keep, _HEAD[0], _HEAD[1], 0, 0, 360, 255, -1)
    cv2.fillPoly(keep, [np.array(_BODY, np.int32)], 255)
    sharp = cv2.copyMakeBorder(keep, *border, cv2.BORDER_CONSTANT, value=0).astype(np.float32) / 255
    canvas = cv2.copyMakeBorder(image, *border, cv2.BORDER_REPLICATE).astype(np.float32)
    known = cv2.copyMakeBorder(255 - keep, *border, cv2.BORDER_REPLICATE).astype(np.float32)[..., None] / 255
    # Blur the background alone: what the sitter covers has no weight, so that no orange bleeds into it.
    weight = cv2.GaussianBlur(known, (0, 0), 22)[..., None] + 1e-3
    soft = cv2.GaussianBlur(canvas * known, (0, 0), 22) / weight
    alpha = cv2.GaussianBlur(sharp, (0, 0), 6)[..., None]
    out = cv2.resize(canvas * alpha + soft * (1 - alpha), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    ok, data = cv2.imencode(".png", np.clip(out, 0, 255).astype(np.uint8))
    assert ok
    path.write_bytes(data.tobytes())


# --- camera 2 -------------------------------------------------------------------------------------------------------


def _write_guest(source: Path, path: Path) -> None:
    """H.264 at 640 x 360, 30 frames a second, no sound: forward, then backward, so that the loop has no seam."""
    with av.open(str(source)) as container:
        small = [f.to_ndarray(format="bgr24") for f in container.decode(video=0)]
    frames = small + small[-2:0:-1]
    rate = Fraction(30)
    with av.open(str(path), "w", format="mp4") as out:
        stream = out.add_stream("libx264", rate=rate, options={"preset": "veryfast", "crf": "19", "g": "30"})
        stream.width, stream.height, stream.pix_fmt = *GUEST_SIZE, "yuv420p"
        stream.thread_count = 2
        for n, image in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(_wide(image), format="bgr24")
            frame.pts, frame.time_base = n, 1 / rate
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


def _wide(image: U8) -> U8:
    """One frame (144, 176, 3) with square pixels, its edges drawn out to 16:9, then enlarged.

    Headroom and width make a close picture a usual one. What is added below is jacket drawn on downwards: in the set
    the desk hides it, and without it the guest would sit too low.
    """
    image = cv2.resize(image[:, 2:], (190, 144), interpolation=cv2.INTER_CUBIC)  # the two left columns are black
    height, width = 220, 391
    top, left = 40, (width - 190) // 2 + 5
    image[-8:] = cv2.GaussianBlur(image[-8:], (0, 0), sigmaX=1.5, sigmaY=3)
    canvas = cv2.copyMakeBorder(image, top, height - top - 144, left, width - left - 190, cv2.BORDER_REPLICATE)
    soft = cv2.GaussianBlur(canvas, (0, 0), sigmaX=3, sigmaY=10)
    x, y = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)[:, None]
    inside = np.minimum(np.minimum(x - left, left + 190 - x), y - top)  # pixels from the picture's edge, > 0 inside
    alpha = np.clip((inside - 4) / 9, 0, 1)[..., None]
    shade = np.clip(1 - (y - top - 136) / 60, 0.25, 1)[..., None]  # what was drawn on below falls into shadow
    mixed = ((canvas * alpha + soft * (1 - alpha)) * shade).astype(np.uint8)
    return cv2.resize(mixed, GUEST_SIZE, interpolation=cv2.INTER_CUBIC)


# --- microphones ----------------------------------------------------------------------------------------------------

_BLOCK_S = 0.01
_SPEECH_DB = -42.0  # a block louder than this is speech; the recording's own floor is at -60
_PAUSE_S = 0.3
_TURN_S = 3.2  # the pause that ends a turn is the first after this
_NOISE_DB = -65.0
_GAIN_DB = 9.0
_FADE_S = 0.02


def turns(samples: F32, rate_hz: int) -> list[int]:
    """Where a reader's sound is handed from one microphone to the other: sample numbers in the middle of pauses.

    samples are (n,) in -1..1. Turns are at least _TURN_S long; the last one takes the rest.
    """
    block = int(rate_hz * _BLOCK_S)
    whole = samples[: len(samples) // block * block].reshape(-1, block)
    level_db = 20 * np.log10(np.sqrt((whole**2).mean(axis=1)) + 1e-9)
    speech = np.flatnonzero(level_db > _SPEECH_DB)
    cuts, start = [], 0
    for a, b in zip(speech.tolist(), speech[1:].tolist(), strict=False):
        middle = (a + b) // 2 * block
        if (
            (b - a) * _BLOCK_S >= _PAUSE_S
            and middle - start >= _TURN_S * rate_hz
            and len(samples) - middle >= _TURN_S * rate_hz
        ):
            cuts.append(middle)
            start = middle
    return cuts


def _write_voices(source: Path) -> None:
    with wave.open(str(source)) as file:
        rate_hz = file.getframerate()
        samples: F32 = np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(np.float32) / np.float32(
            32768
        )
    first = np.zeros(len(samples), np.float32)
    for start, end in _turns_of_first(turns(samples, rate_hz), len(samples)):
        first[start:end] = 1
    fade = int(rate_hz * _FADE_S)
    first = np.convolve(first, np.full(fade, 1 / fade, np.float32), "same")
    rng = np.random.default_rng(1)
    for name, share in ((VOICE_A, first), (VOICE_B, 1 - first)):
        noise = rng.normal(0, 10 ** (_NOISE_DB / 20), len(samples)).astype(np.float32)
        sound = np.clip(samples * share * 10 ** (_GAIN_DB / 20) + noise, -0.99, 0.99)
        _in_place(name, lambda path, s=sound: _write_wav(path, s, rate_hz))  # type: ignore[misc]


def _turns_of_first(cuts: list[int], end: int) -> Iterator[tuple[int, int]]:
    edges = [0, *cuts, end]
    yield from list(zip(edges, edges[1:], strict=False))[::2]


def _write_wav(path: Path, samples: F32, rate_hz: int) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes((samples * 32767).astype(np.int16).tobytes())
