"""The director hears two people through a real sound card, as it does from files: a conversation, each on a channel of
their own, played by another program in real time.
"""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from live.base.clock import MonotonicClock
from live.base.samples import SAMPLE_RATE
from live.config.load import load_show
from live.sync.media import look
from tests.support.footage import needs_footage, prepare, turns
from tests.support.pulse import SERVERS, Pulse, pulse
from tests.support.running import RunningShow
from tests.support.shows import SMALL, of_kind, play, write_rig

BEGIN_S, LONG_S = 5.5, 18.5  # of the conversation: before it somebody clears their throat
LEAD_S = 4.0  # of silence, about what a show on air has had until somebody plays
CLOSE_S = 0.6  # a cut from the card and the same one from files, on the median
RIG = (
    'start = "cam1"\n'
    + SMALL
    + """
[director]
level = "auto"
[[sources]]
name = "cam1"
kind = "pattern"
blip = false
[[sources]]
name = "cam2"
kind = "pattern"
blip = false
[[microphones]]
name = "mic1"
{one}
[[microphones]]
name = "mic2"
{two}
[[people]]
name = "anna"
microphone = "mic1"
camera = "cam1"
[[people]]
name = "ben"
microphone = "mic2"
camera = "cam2"
"""
)


def voices(folder: Path) -> np.ndarray:
    """(n, 2) at 48 kHz, a voice on each side."""
    prepare(folder)
    sides = []
    for n in (1, 2):
        with wave.open(str(folder / f"voice{n}.wav")) as file:
            rate = file.getframerate()
            samples = np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(np.float32) / 32768
        at = np.arange(round(len(samples) * SAMPLE_RATE / rate)) * rate / SAMPLE_RATE
        sides.append(np.interp(at, np.arange(len(samples)), samples))
    both = np.stack(sides, 1)[round(BEGIN_S * SAMPLE_RATE) :].astype(np.float32)
    return both[: round(LONG_S * SAMPLE_RATE)]


def write_wav(path: Path, samples: np.ndarray) -> None:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(SAMPLE_RATE)
        out.writeframes((np.clip(samples, -1, 1) * 32767).astype(np.int16).tobytes())


def decisions(lines: list[dict], begun_s: float) -> tuple[list[tuple[float, str]], list[tuple[float, str]]]:
    """(when, to which camera) of every cut, and (when, who) of everyone who began to speak, since the conversation
    did."""
    cuts = [(round(c["t_s"] - begun_s, 2), c["to"]) for c in of_kind(lines, "cut")]
    heard, before = [], set[str]()
    for line in of_kind(lines, "speech"):
        heard += [(round(line["t_s"] - begun_s, 2), who) for who in sorted(set(line["speaking"]) - before)]
        before = set(line["speaking"])
    return [c for c in cuts if c[0] > 0], [h for h in heard if h[0] > 0]


def begun_s(recording: Path, said: np.ndarray) -> float:
    """When the conversation began, by the show's time: where its sound is in the program's."""
    seen = look(str(recording), MonotonicClock())
    program, one = seen.samples[::10], said.mean(1)[::10]
    size = 1 << (len(program) + len(one)).bit_length()
    match = np.fft.irfft(np.fft.rfft(program, size) * np.conj(np.fft.rfft(one, size)), size)
    at = int(match[: len(program)].argmax())
    return seen.sound_start_s + at * 10 / SAMPLE_RATE


def latencies_s(heard: list[tuple[float, str]]) -> list[float]:
    """From where a turn was annotated to when its speaker was heard."""
    names = dict(zip(sorted({t[2] for t in turns()}), ("anna", "ben"), strict=True))
    found = []
    for start_s, _, who in turns():
        at = start_s - BEGIN_S
        after = [t - at for t, name in heard if name == names[who] and -0.3 < t - at < 0.8]
        found += after[:1]
    return found


@needs_footage
@pytest.mark.realtime
@pytest.mark.timeout(170)
@pytest.mark.parametrize("kind", SERVERS[:1])
def test_a_card_directs_as_the_files_do(tmp_path, kind: type[Pulse]):
    said = voices(tmp_path / "voices")
    before = np.zeros((round(LEAD_S * SAMPLE_RATE), 2), np.float32)
    write_wav(tmp_path / "both.wav", np.concatenate((before, said)))
    film = f'[[sources]]\nname = "desk"\nkind = "media"\npath = "{tmp_path / "both.wav"}"\nloop = false\n'
    channels = {"one": 'source = "desk"\nchannel = 1', "two": 'source = "desk"\nchannel = 2'}
    rig = RIG.format(**channels)
    off = tmp_path / "off"
    off.mkdir()
    lines, _ = play(off, load_show(write_rig(off, rig + film)), LEAD_S + LONG_S)
    cuts_off, heard_off = decisions(lines, LEAD_S)

    raw = tmp_path / "both.raw"
    np.concatenate((np.zeros((SAMPLE_RATE, 2), np.float32), said)).tofile(raw)
    with pulse(tmp_path, kind) as server:
        server.add_card("desk", 2)
        card = '[[sources]]\nname = "desk"\nkind = "audio"\ndevice = "desk"\n'
        with RunningShow(write_rig(tmp_path, rig + card), tmp_path, "--record", str(tmp_path / "show.mp4")) as show:
            show.wait_on_air()
            show.wait(lambda s: s.get("sources/desk/status") and s.get("sources/desk/status")[0] == "live")
            show.send("/director/level", "auto")
            server.play("desk", raw, 2)
            for _ in range(2):  # it listens for 20 s at a time
                show.wait_frames(round((1 + LONG_S + 1.5) / 2 * 30))
            lines = show.end()
    begun = begun_s(tmp_path / "show.mp4", said)
    cuts, heard = decisions(lines, begun)
    print(f"cuts: files {cuts_off}\n      card  {cuts}")
    off_s, on_s = latencies_s(heard_off), latencies_s(heard)
    print(f"heard after: files {np.round(off_s, 2)} (median {np.median(off_s):.2f} s)")
    print(f"             card  {np.round(on_s, 2)} (median {np.median(on_s):.2f} s)")
    assert len(cuts_off) >= 3
    cuts = [c for c in cuts if c[0] < LONG_S]
    assert [to for _, to in cuts] == [to for _, to in cuts_off]
    # When between two words it cuts goes by pauses and by what was cut before: some tenths of a second.
    assert np.median([abs(a - b) for (a, _), (b, _) in zip(cuts, cuts_off, strict=True)]) < CLOSE_S
    assert abs(np.median(on_s) - np.median(off_s)) < 0.15
