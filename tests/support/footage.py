"""A rig over real footage that lies beside the checkout: three people at three cameras, two voices with their truth.

The footage is data to test with; it is never part of the project. Tests that use it skip when it is absent.
`python -m tests.support.footage FOLDER` lays the rig out to be run by hand.
"""

from __future__ import annotations

import sys
import wave
from pathlib import Path

import numpy as np
import pytest

FOOTAGE = Path(__file__).resolve().parents[3] / "shared" / "footage"
RATE_HZ = 16_000

needs_footage = pytest.mark.skipif(not FOOTAGE.is_dir(), reason=f"no footage beside the checkout ({FOOTAGE.name}/)")

RIG = """\
title = "Footage"
start = "studio/wide"
shots = ["studio/wide", "studio/left", "studio/right", "cam1", "cam2", "cam3"]

[[sources]]
name = "cam1"
kind = "media"
path = "{people}/asl_book.mkv"
key = "ai"
faces = true

[[sources]]
name = "cam2"
kind = "media"
path = "{people}/asl_student.mkv"
key = "ai"
faces = true

[[sources]]
name = "cam3"
kind = "media"
path = "{people}/asl_walk.mkv"
key = "ai"
faces = true

[[sources]]
name = "voice1"
kind = "media"
path = "voice1.wav"

[[sources]]
name = "voice2"
kind = "media"
path = "voice2.wav"

[[microphones]]
name = "mic1"
source = "voice1"

[[microphones]]
name = "mic2"
source = "voice2"

[[people]]
name = "anna"
title = "Anna"
microphone = "mic1"
camera = "cam1"

[[people]]
name = "ben"
title = "Ben"
microphone = "mic2"
camera = "cam2"

[[scenes]]
name = "studio"
talent = {{ left = "cam1", right = "cam2", middle = "cam3" }}

[[scenes]]
name = "duo"
talent = {{ left = "cam1", right = "cam2" }}

[[graphics]]
name = "lower"
fields = {{ title = "Anna Berg", subtitle = "Camera 1" }}

[control]
osc_port = {osc_port}
{more}
"""


def turns() -> list[tuple[float, float, str]]:
    """(start s, end s, speaker) of the conversation, as annotated."""
    rows = (FOOTAGE / "speech" / "conversation_2spk.rttm").read_text().split("\n")
    fields = [r.split() for r in rows if r.startswith("SPEAKER")]
    return [(float(f[3]), float(f[3]) + float(f[4]), f[7]) for f in fields]


def prepare(folder: Path, *, osc_port: int = 9000, more: str = "") -> Path:
    """Write the rig and its two microphone files to a folder; returns the rig's path."""
    folder.mkdir(parents=True, exist_ok=True)
    with wave.open(str(FOOTAGE / "speech" / "conversation_2spk.wav")) as file:
        assert file.getframerate() == RATE_HZ and file.getnchannels() == 1
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    speakers = sorted({t[2] for t in turns()})
    for n, speaker in enumerate(speakers, 1):
        # A microphone of one's own: the speaker's turns, and the room 40 dB below in between.
        gain = np.full(len(samples), 0.01, np.float32)
        for start_s, end_s, who in turns():
            if who == speaker:
                gain[int(start_s * RATE_HZ) : int(end_s * RATE_HZ)] = 1.0
        with wave.open(str(folder / f"voice{n}.wav"), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE_HZ)
            out.writeframes((samples * gain).astype(np.int16).tobytes())
    rig = folder / "footage.toml"
    rig.write_text(RIG.format(people=FOOTAGE / "people", osc_port=osc_port, more=more))
    return rig


if __name__ == "__main__":
    print(prepare(Path(sys.argv[1])))
