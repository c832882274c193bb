"""A source's sound is moved to the sample, and changes of it don't click."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from live.audio.moved import Moved

BLOCK = 960
SECOND = 48_000


def tone(start: int, count: int) -> np.ndarray:
    return (0.25 * np.sin(2 * np.pi * 440 * np.arange(start, start + count) / SECOND)).astype(np.float32)[:, None]


def reader(source: str, start: int, count: int) -> np.ndarray:
    return tone(start, count)


@given(st.floats(-80, 1000))
def test_it_is_moved_to_the_sample(ms):
    moved = Moved(reader)
    moved.set({"cam": ms})
    moved.read("cam", 0, BLOCK)  # faded to
    got = moved.read("cam", BLOCK, BLOCK)
    assert (got == tone(BLOCK - round(ms * 48), BLOCK)).all()
    assert (moved.read("other", BLOCK, BLOCK) == tone(BLOCK, BLOCK)).all()


@given(st.lists(st.floats(-80, 500), min_size=1, max_size=8))
def test_no_change_clicks(delays_ms):
    moved, blocks = Moved(reader), [tone(-BLOCK, BLOCK)]
    for n, ms in enumerate([*delays_ms, 0.0]):
        moved.set({"cam": ms})
        blocks += [moved.read("cam", (2 * n + k) * BLOCK, BLOCK) for k in (0, 1)]
    steps = np.abs(np.diff(np.concatenate(blocks)[:, 0]))
    assert steps.max() < 0.25 * 2 * np.pi * 440 / SECOND * 1.15, "steeper than the tone itself, by more than a fade"


def test_where_nothing_is_yet_nothing_comes():
    moved = Moved(lambda source, start, count: None if start < 0 else tone(start, count))
    moved.set({"cam": 10.0})
    assert moved.read("cam", 0, BLOCK) is None
    assert (moved.read("cam", BLOCK, BLOCK) == tone(BLOCK - 480, BLOCK)).all()
