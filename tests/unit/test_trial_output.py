"""An output that goes nowhere and measures."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.config.output import EncoderConfig
from live.outputs.encoder import Encoder
from live.outputs.kinds.file import FileOutput
from live.outputs.kinds.test import Measure, TrialOutput
from live.outputs.targets import AUDIO, VIDEO, Coded, TargetState
from tests.feed import FORMAT, SMALL, blips

BASES = (Fraction(1, 30), Fraction(1, 48000))


def test_what_it_says_is_what_a_file_would_hold(tmp_path: Path) -> None:
    """The same twelve seconds into a file: their sizes, but for the container's own bytes, agree."""
    said: list[str] = []
    outputs = [
        TrialOutput(name="trial", kind="test"),
        FileOutput(name="file", kind="file", path=tmp_path / "a.mp4"),
    ]
    encoder = Encoder(SMALL, EncoderConfig(), outputs, lambda m: said.append(str(m)), patient=True)
    noise = np.random.default_rng(1).integers(16, 236, FORMAT.size, np.uint8)
    for n in range(360):
        encoder.video(np.roll(noise, 97 * n), n)
        encoder.audio(blips(n * 1600, 1600))
    encoder.close()
    trial = encoder.targets[0]
    assert (trial.state, trial.dropped) == (TargetState.CLOSED, 0)
    words = [line.removeprefix("trial: ") for line in said if line.startswith("trial: ")]
    rate = (tmp_path / "a.mp4").stat().st_size * 8 / 12 / 1e6
    assert words[0] == "live: measuring" and words[-1] == "closed: closed"
    assert words[-2].startswith("12.0 s took "), words
    assert float(words[-2].split()[3]) / 1000 == pytest.approx(rate, abs=0.06), (words, rate)
    lately = [float(w.split()[2]) / 1000 for w in words if "takes" in w]
    assert lately and all(v == pytest.approx(rate, abs=0.6) for v in lately), (words, rate)


def test_a_rate_that_stands_is_said_once() -> None:
    measure = Measure(BASES)
    told = []
    for n in range(30 * 21):
        if measure.take(Coded(VIDEO, bytes(12_500), n, n, 1, n == 0)):  # 30 x 100 kbit
            told.append(measure.lately)
    assert told == ["takes 3000 kb/s"] * 4  # the target says only what is new


@given(st.lists(st.tuples(st.sampled_from((VIDEO, AUDIO)), st.integers(0, 20), st.integers(0, 5000)), max_size=60))
def test_no_bit_is_lost_or_counted_twice(packets: list[tuple[int, int, int]]) -> None:
    """In whatever order packets come, with seconds of silence between them."""
    measure = Measure(BASES)
    for stream, second, size in packets:
        measure.take(Coded(stream, bytes(size), int(second / BASES[stream]), 0, 1, False))
    frames = sum(stream == VIDEO for stream, _, _ in packets)
    mean = 8 * sum(size for _, _, size in packets) / max(1.0, frames / 30) / 1000
    assert measure.in_all.startswith(f"{frames / 30:.1f} s took ") and measure.frames == frames
    assert float(measure.in_all.split()[3]) == pytest.approx(mean, rel=0.06, abs=0.6)
