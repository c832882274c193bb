"""Multi-track WAV: read back by others (scipy, ffprobe), whole at any moment."""

from __future__ import annotations

import json
import struct
import subprocess
import xml.etree.ElementTree as ET
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.io import wavfile

from live.outputs.wav import Bits, Origin, WavFile, packed_24

# scipy says of every chunk that it doesn't know that it doesn't.
pytestmark = pytest.mark.filterwarnings("ignore::scipy.io.wavfile.WavFileWarning")

FIRST = 3600 * 48_000 + 7
TRACKS = ("anna", "ben & co", "stage", "stage", "program", "program")


def origin(tracks: tuple[str, ...] = TRACKS) -> Origin:
    return Origin("Täglich <live>", tracks, FIRST, Fraction(30000, 1001), datetime(2026, 11, 29, 20, 15, 1))


def noise(count: int, channels: int = len(TRACKS)) -> np.ndarray:
    return np.random.default_rng(count).uniform(-1, 1, (count, channels)).astype(np.float32)


def chunks(data: bytes) -> dict[bytes, bytes]:
    found, at = {}, 12
    while at + 8 <= len(data):
        size = struct.unpack_from("<I", data, at + 4)[0]
        found[data[at : at + 4]] = data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    return found


@pytest.mark.parametrize("bits", (24, 32))
@pytest.mark.parametrize("limit", ((1 << 32) - 1, 4000), ids=("riff", "rf64"))
def test_read_back_by_others(tmp_path: Path, bits: Bits, limit: int) -> None:
    path, sound = tmp_path / "a.wav", noise(4801)
    file = WavFile(path, origin(), bits, riff_limit=limit)
    for start in range(0, len(sound), 1000):
        file.write(sound[start : start + 1000])
    file.close()
    assert path.read_bytes()[:4] == (b"RIFF" if limit > 4000 else b"RF64")
    told = json.loads(
        subprocess.run(
            ["ffprobe", "-v", "error", "-of", "json", "-show_streams", "-show_format", str(path)],
            check=True,
            capture_output=True,
        ).stdout
    )
    stream, tags = told["streams"][0], told["format"]["tags"]
    assert (stream["channels"], stream["sample_rate"]) == (6, "48000")
    assert (stream["codec_name"], stream["duration_ts"]) == ("pcm_s24le" if bits == 24 else "pcm_f32le", 4801)
    assert tags["time_reference"] == str(FIRST)
    assert (tags["date"], tags["creation_time"], tags["encoded_by"]) == ("2026-11-29", "20:15:01", "Live")
    rate, read = wavfile.read(path)
    assert rate == 48_000 and read.shape == (4801, 6)
    heard = read / (1 << 31) if bits == 24 else read
    np.testing.assert_allclose(heard, sound, atol=2.0**-23 if bits == 24 else 0)


def test_names_of_the_tracks(tmp_path: Path) -> None:
    file = WavFile(tmp_path / "a.wav", origin(), 24)
    file.close()
    xml = ET.fromstring(chunks((tmp_path / "a.wav").read_bytes())[b"iXML"].decode())
    assert [t.findtext("NAME") for t in xml.iter("TRACK")] == list(TRACKS)
    assert [t.findtext("INTERLEAVE_INDEX") for t in xml.iter("TRACK")] == list("123456")
    assert xml.findtext("PROJECT") == "Täglich <live>" and xml.findtext("SPEED/TIMECODE_RATE") == "30000/1001"
    assert xml.findtext("SPEED/TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO") == str(FIRST)


@pytest.mark.parametrize("limit", ((1 << 32) - 1, 4000), ids=("riff", "rf64"))
def test_whole_after_every_keep(tmp_path: Path, limit: int) -> None:
    """What was written since then may be there or not: a reader goes by the header."""
    path, sound = tmp_path / "a.wav", noise(3000, 2)
    file = WavFile(path, origin(("anna", "ben")), 24, riff_limit=limit)
    file.write(sound[:2000])
    file.keep()
    file.write(sound[2000:])
    left = tmp_path / "killed.wav"
    left.write_bytes(path.read_bytes())
    seconds = subprocess.run(
        ["ffprobe", "-v", "error", "-of", "csv=p=0", "-show_entries", "stream=duration_ts", str(left)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert int(seconds) >= 2000  # libav goes on to the end of a file that is longer than it says
    assert len(wavfile.read(left)[1]) == 2000 if limit > 4000 else True
    file.close()
    assert len(wavfile.read(path)[1]) == 3000


def test_an_odd_number_of_bytes_is_filled_up(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    file = WavFile(path, origin(("anna",)), 24)
    file.write(noise(3, 1))
    file.close()
    data = path.read_bytes()
    assert len(data) % 2 == 0 and struct.unpack_from("<I", data, 4)[0] == len(data) - 8
    assert len(wavfile.read(path)[1]) == 3


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_text("mine")
    with pytest.raises(FileExistsError):
        WavFile(path, origin(), 24)
    assert path.read_text() == "mine"


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(-(1 << 23), (1 << 23) - 1), min_size=1, max_size=64))
def test_24_bits_come_back_bit_for_bit(numbers: list[int]) -> None:
    packed = packed_24((np.array(numbers, np.float64) / (1 << 23)).astype(np.float32)[:, None])
    back = [int.from_bytes(packed[n : n + 3], "little", signed=True) for n in range(0, len(packed), 3)]
    assert back == numbers


def test_what_is_too_loud_is_cut_off() -> None:
    assert packed_24(np.array([[2.0], [-2.0]], np.float32)) == b"\xff\xff\x7f\x00\x00\x80"
