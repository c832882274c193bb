"""Two speakers side by side whose truth is known: one clip plays while the other stands still, turn by turn.

Made from two clips of people before a blue screen (footage beside the checkout): a camera each, and either a microphone
each, which hears the other one a little later and weaker, or one microphone for the room. `python -m
tests.support.speakers FOLDER [--room]` lays the rig out to be run by hand.
"""

from __future__ import annotations

import sys
import wave
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from tests.support.footage import FOOTAGE

RATE_HZ = 16_000
FPS = 25
BLEED_DB = -15.0
BLEED_SAMPLES = 48  # 3 ms: a metre
NOISE_DB = -58.0
LEAD_S = 1.5  # of silence before the first turn


@dataclass(frozen=True)
class Clip:
    """Pictures (I420 arrays) and sound (RATE_HZ, mono) of somebody speaking, without the silence before and after."""

    pictures: list[np.ndarray]
    sound: np.ndarray


@dataclass(frozen=True)
class Turn:
    person: str
    start_s: float
    end_s: float


CLIPS = {"anna": ("bbaf2n.mpg", 0.96, 2.04), "ben": ("swiz3n.mpg", 0.60, 2.76)}  # file, where the words begin and end
CAMERAS = {"anna": "cam1", "ben": "cam2"}
# Who, how often the clip is played, silence after it (s): answers at once and after a breath, a short turn and long
# ones.
PLAN = (
    ("anna", 4, 0.3),
    ("ben", 2, 0.0),
    ("anna", 5, 0.6),
    ("ben", 3, 0.2),
    ("anna", 3, 0.0),
    ("ben", 2, 0.5),
    ("anna", 4, 0.16),
    ("ben", 2, 0.4),
)


def clip(person: str) -> Clip:
    name, start_s, end_s = CLIPS[person]
    with av.open(str(FOOTAGE / "people" / name)) as file:
        pictures = [f.to_ndarray(format="yuv420p") for f in file.decode(video=0)]
    with av.open(str(FOOTAGE / "people" / name)) as file:
        to_mono = av.AudioResampler("flt", "mono", RATE_HZ)
        sound = np.concatenate([b.to_ndarray()[0] for f in file.decode(audio=0) for b in to_mono.resample(f)])
    first, last = round(start_s * FPS), round(end_s * FPS)
    return Clip(pictures[first:last], sound[first * RATE_HZ // FPS : last * RATE_HZ // FPS] * 0.5)


def prepare(folder: Path, *, room: bool = False, delay_s: float = 0.0, seed: int = 1) -> tuple[Path, list[Turn]]:
    """Write the rig and its media; returns the rig's path and the turns."""
    folder.mkdir(parents=True, exist_ok=True)
    clips = {person: clip(person) for person in CLIPS}
    pictures: dict[str, list[np.ndarray]] = {person: [] for person in CLIPS}
    turns = []

    def wait(seconds: float) -> None:
        for person, shown in pictures.items():
            shown += [shown[-1] if shown else clips[person].pictures[0]] * round(seconds * FPS)

    wait(LEAD_S)
    for person, times, pause_s in PLAN:
        start = len(pictures[person])
        for name, shown in pictures.items():
            shown += (
                clips[person].pictures * times
                if name == person
                else [shown[-1]] * (len(clips[person].pictures) * times)
            )
        turns.append(Turn(person, start / FPS, len(pictures[person]) / FPS))
        wait(pause_s)
    wait(1.0)

    for person, shown in pictures.items():
        _write_video(folder / f"{CAMERAS[person]}.mkv", shown)
        cv2.imwrite(str(folder / f"{CAMERAS[person]}.png"), cv2.cvtColor(shown[0], cv2.COLOR_YUV2BGR_I420))
    voices = {person: np.zeros(len(pictures[person]) * RATE_HZ // FPS, np.float32) for person in CLIPS}
    for turn in turns:
        sound, start = clips[turn.person].sound, round(turn.start_s * FPS) * RATE_HZ // FPS
        count = round((turn.end_s - turn.start_s) * FPS) * RATE_HZ // FPS
        voices[turn.person][start : start + count] = np.tile(sound, 1 + count // len(sound))[:count]
    rng = np.random.default_rng(seed)
    for name, heard in (_room(voices) if room else _worn(voices)).items():
        _write_sound(
            folder / f"{name}.wav", heard + rng.normal(0, 10 ** (NOISE_DB / 20), len(heard)).astype(np.float32)
        )
    rig = folder / ("room.toml" if room else "worn.toml")
    rig.write_text(_rig(room=room, delay_s=delay_s))
    return rig, turns


def _worn(voices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """A microphone each: one's own voice, and the other's."""
    heard = {}
    for person, voice in voices.items():
        (other,) = (v for name, v in voices.items() if name != person)
        heard[person] = voice + 10 ** (BLEED_DB / 20) * np.concatenate(
            (np.zeros(BLEED_SAMPLES, np.float32), other[:-BLEED_SAMPLES])
        )
    return heard


def _room(voices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {"room": 0.7 * np.sum(list(voices.values()), axis=0)}


def _write_video(path: Path, pictures: list[np.ndarray]) -> None:
    height, width = pictures[0].shape[0] * 2 // 3, pictures[0].shape[1]
    with av.open(str(path), "w") as out:
        stream = out.add_stream(
            "libx264", rate=Fraction(FPS), options={"preset": "ultrafast", "crf": "16", "threads": "1"}
        )
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for picture in pictures:
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="yuv420p")))
        out.mux(stream.encode())


def _write_sound(path: Path, samples: np.ndarray) -> None:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes((np.clip(samples, -1, 1) * 32767).astype(np.int16).tobytes())


def _rig(*, room: bool, delay_s: float) -> str:
    microphones = ["room"] if room else list(CLIPS)
    parts = [
        'title = "Speakers"\nstart = "duo/duo"\nshots = ["duo/duo", "cam1", "cam2"]\n',
        f"[picture]\nwidth = 320\nheight = 184\nrate_hz = 25\ndelay_s = {delay_s}\n",
        *(
            f'[[sources]]\nname = "{c}"\nkind = "media"\npath = "{c}.mkv"\nloop = false\nfaces = {str(room).lower()}\n'
            for c in CAMERAS.values()
        ),
        # A camera that a scene shows is no close-up by itself: the wide shot is made of stills.
        *(f'[[sources]]\nname = "{c}-wide"\nkind = "still"\npath = "{c}.png"\n' for c in CAMERAS.values()),
        *(f'[[sources]]\nname = "{m}-mic"\nkind = "media"\npath = "{m}.wav"\nloop = false\n' for m in microphones),
        *(f'[[microphones]]\nname = "{m}"\nsource = "{m}-mic"\n' for m in microphones),
        *(
            f'[[people]]\nname = "{p}"\ncamera = "{c}"\n' + ("" if room else f'microphone = "{p}"\n')
            for p, c in CAMERAS.items()
        ),
        '[[scenes]]\nname = "duo"\ntalent = { left = "cam1-wide", right = "cam2-wide" }\n',
    ]
    return "\n".join(parts)


if __name__ == "__main__":
    print(prepare(Path(sys.argv[1]), room="--room" in sys.argv)[0])
