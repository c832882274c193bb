"""Sound that becomes another on the way: a camera's recording or a stream of what was broadcast."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.base.errors import ConfigError
from live.base.samples import SAMPLE_RATE
from live.config.load import inspected
from live.config.picture import PictureConfig
from live.sound.film_sound import FilmSound
from live.sound.steady import Steady
from live.sources import open_reader
from live.sources.container import FileReader
from live.sources.kinds.media import MediaSource
from live.sources.reader import SoundEvent
from tests.support.media import changing_sound
from tests.support.shows import SMALL, small_show


@pytest.fixture
def broadcast(tmp_path: Path) -> Path:
    return changing_sound(tmp_path / "broadcast.ts")


def peaks(samples: np.ndarray) -> list[float]:
    """Of the middle of each second."""
    return [float(np.abs(samples[int(s * SAMPLE_RATE) :][: SAMPLE_RATE // 5]).max()) for s in (0.4, 1.4)]


EXPECTED = pytest.approx([0.5, 0.5], rel=0.1)  # one channel is as loud on both sides as it is


def test_a_source_goes_on(broadcast: Path) -> None:
    config = MediaSource.model_validate(
        {"name": "cam", "kind": "media", "path": str(broadcast)}, context={"base": broadcast.parent}
    )
    events = list(open_reader(config, PictureConfig(width=320, height=184, rate_hz=30), 1).events())
    samples = np.concatenate([e.samples for e in events if isinstance(e, SoundEvent)])
    assert len(samples) == pytest.approx(2 * SAMPLE_RATE, rel=0.03)
    assert peaks(samples[:, 0]) == EXPECTED


def test_a_film_is_read_whole(broadcast: Path) -> None:
    assert peaks(FilmSound(broadcast).read()[:, 1]) == EXPECTED


# What each loudspeaker's channel is heard with on the left and on the right, ITU-R BS.775-3, annex 4, table 2.
SIDES = {
    "FL": (1.0, 0.0),
    "FR": (0.0, 1.0),
    "FC": (0.7071, 0.7071),
    "LFE": (0.0, 0.0),
    **dict.fromkeys(("BL", "SL"), (0.7071, 0.0)),
    **dict.fromkeys(("BR", "SR"), (0.0, 0.7071)),
}
LAYOUTS = ["mono", "stereo", "3.0", "quad", "5.0", "5.1", "5.1(side)", "7.1"]


def tones(path: Path, layout: str, rate: int, codec: str = "pcm_s16le") -> list[str]:
    """A file with a tone of its own on each channel, 1000, 1200 ... Hz; the channels' names."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream(codec, rate=rate, layout=layout)
        names = [channel.name for channel in av.AudioLayout(layout).channels]
        t = np.arange(rate) / rate
        waves = np.stack([0.1 * np.sin(2 * np.pi * (1000 + 200 * n) * t) for n in range(len(names))], 1)
        for begin in range(0, rate, rate // 50):
            block = (waves[begin : begin + rate // 50] * 32767).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(block.reshape(1, -1), format="s16", layout=layout)
            frame.sample_rate, frame.pts, frame.time_base = rate, begin, Fraction(1, rate)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return names


def heard(path: Path, *, downmix: bool = True) -> np.ndarray:
    """The sound as it lies in a ring: a hole is silence."""
    out = np.zeros((SAMPLE_RATE + 4800, 1), np.float32)
    reader = FileReader("f", path, PictureConfig(), loop=False, downmix=downmix)
    for event in reader.events():
        assert isinstance(event, SoundEvent)
        if out.shape[1] != event.samples.shape[1]:
            out = np.zeros((len(out), event.samples.shape[1]), np.float32)
        at = round(event.pts_ns * SAMPLE_RATE / 1e9)
        out[at : at + len(event.samples)] = event.samples
    return out


def levels(samples: np.ndarray, count: int) -> np.ndarray:
    """(channels, tones): how loud each tone is on each channel, against what it was made with."""
    part = samples[9600:33_600]
    t = np.arange(len(part)) / SAMPLE_RATE
    turned = np.stack([np.exp(-2j * np.pi * (1000 + 200 * n) * t) for n in range(count)])
    return np.abs(part.T @ turned.T) * 2 / len(part) / 0.1


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000, 192_000])
def test_what_a_file_brings_is_mixed_down_as_the_trade_does(tmp_path: Path, layout: str, rate: int) -> None:
    names = tones(tmp_path / "f.wav", layout, rate)
    samples = heard(tmp_path / "f.wav")
    sides = [(1.0, 1.0)] if layout == "mono" else [SIDES[name] for name in names]
    assert levels(samples, len(names)) == pytest.approx(np.array(sides).T, abs=0.01)
    # In the middle nothing is missing, and nothing clicks: what is above the tones is silent.
    spectrum = np.abs(np.fft.rfft(samples[1000:-6000, 0] * np.hanning(len(samples) - 7000)))
    above = round(3_200 / SAMPLE_RATE * (len(samples) - 7000))
    assert spectrum[above:].max() < spectrum.max() * 2e-3


def test_channels_are_kept_where_microphones_pick_from_them(tmp_path: Path) -> None:
    names = tones(tmp_path / "recorder.wav", "5.1", 48_000)
    assert levels(heard(tmp_path / "recorder.wav", downmix=False), 6) == pytest.approx(np.eye(6), abs=0.01)
    rig = (
        SMALL
        + f"""
[[sources]]
name = "desk"
kind = "media"
path = "{tmp_path / "recorder.wav"}"
downmix = false
[[sources]]
name = "black"
kind = "colour"
[[microphones]]
name = "anna"
source = "desk"
channel = {len(names)}
"""
    )
    assert inspected(small_show(tmp_path, rig)) == ([], [])
    faults, _ = inspected(small_show(tmp_path, rig.replace("channel = 6", "channel = 7")))
    assert ["desk has 6 channels, and channel 7 is silent"] == [f.cause for f in faults]
    faults, _ = inspected(small_show(tmp_path, rig.replace('"desk"\nchannel = 6', '"black"')))
    assert ["black gives no sound"] == [f.cause for f in faults]
    with pytest.raises(ConfigError, match="desk has 2 channels, and channel 6 is silent"):
        small_show(tmp_path, rig.replace("downmix = false\n", ""))


@pytest.mark.parametrize("suffix", ["mkv", "flv"])
def test_time_stamps_of_whole_milliseconds_leave_no_holes(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"f.{suffix}"
    tones(path, "stereo", 44_100, "flac" if suffix == "mkv" else "pcm_s16le")
    samples = heard(path)[:, 0]
    inside = samples[2000:-8000]
    spectrum = np.abs(np.fft.rfft(inside * np.hanning(len(inside))))
    assert spectrum[round(3_200 / SAMPLE_RATE * len(inside)) :].max() < spectrum.max() * 2e-3


@given(st.lists(st.floats(-20e6, 20e6), min_size=1, max_size=200), st.integers(0, 10**15))
def test_blocks_follow_each_other_unless_something_was_left_out(jitter_ns: list[float], start_ns: int) -> None:
    steady, length_ns = Steady(), 960 * 1e9 / SAMPLE_RATE
    first = steady.at(start_ns, 960)
    for n, late_ns in enumerate(jitter_ns, 1):
        assert steady.at(int(start_ns + n * length_ns + late_ns), 960) == pytest.approx(first + n * length_ns, abs=2)
    after_ns = int(start_ns + (len(jitter_ns) + 5) * length_ns)
    assert steady.at(after_ns, 960) == after_ns
