"""The recursions that all filters of the desk share."""

from __future__ import annotations

import numpy as np
from scipy.signal import sosfilt

from live.audio.filters import highpass, recursions, settle


def test_the_inner_loop_is_scipys_own() -> None:
    rng = np.random.default_rng(1)
    sos, x = np.stack((highpass(80.0), highpass(3000.0))), rng.normal(0, 1, (3, 960))
    state = rng.normal(0, 0.1, (2, 3, 2))
    kept = state.copy()
    expected, after = sosfilt(sos, x, zi=state)
    got, left = recursions()[1](sos, x, zi=state)
    np.testing.assert_array_equal(got, expected)
    np.testing.assert_array_equal(left, after)
    np.testing.assert_array_equal(state, kept)


def test_what_has_ended_leaves_nothing_behind() -> None:
    """Numbers of 1e-308 would cost a hundred times as much as others."""
    run, sos = recursions()[1], np.stack((highpass(80.0), highpass(3000.0)))
    y, state = run(sos, np.ones((2, 960)), zi=np.zeros((2, 2, 2)))
    for _ in range(30):
        y, state = run(sos, np.zeros((2, 960)), zi=state)
        settle(state)
    assert not state.any() and not y.any()
