"""An hour of sound devices whose clocks are off, on the virtual clock: in step to the end, without a click."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.devices import TONE_HZ, Simulated, listen

HOUR_S = 3600.0


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("rate_hz", "ppm", "jumps_s"),
    [
        (48_000, 300, {}),
        (44_100, -120, {}),
        (48_000, 20, {600.0 * n: 0.05 * (1 if n % 2 else -1) for n in range(1, 6)}),
    ],
    ids=["300 ppm off", "44.1 kHz", "jumps by 50 ms"],
)
def test_an_hour(rate_hz, ppm, jumps_s):
    heard = listen(Simulated(rate_hz, ppm), rate_hz, HOUR_S, jumps_s)
    rest, offset, ratio = map(np.array, (heard.rest_db, heard.offset_ms, heard.ratio_ppm))
    late = np.unwrap(heard.late_ms, period=1e3 / TONE_HZ)
    around = [n for jump in jumps_s for n in range(int(jump) - 2, int(jump) + 4)]
    steady = np.setdiff1d(np.arange(10, len(late)), around)
    worst = sorted(rest[np.array(around)])[-3:] if around else []
    print(
        f"{rate_hz} Hz, {ppm} ppm: {len(late)} s, late within {np.ptp(late[steady]):.2f} ms, off "
        f"{np.abs(offset[steady]).max():.2f} ms, {rest[steady].max():.0f} dB beside the tone "
        f"(where it jumps {worst}), ratio {ratio[steady][-600:].mean():.1f} +- {ratio[steady][-600:].std():.0f} ppm"
    )
    assert heard.holes == 0
    assert np.abs(offset[steady]).max() < 10.0 and np.abs(offset).max() < 60.0
    assert rest[steady].max() < -60.0, "a click"
    assert rest.max() < -40.0, "a click where it jumps"
    assert jumps_s or np.ptp(late[steady]) < 2.0, "it drifts"
    assert abs(ratio[steady][-600:].mean() - ppm) < 10.0, "the ratio doesn't converge"
    assert np.abs(ratio[steady][-600:] - ppm).max() < 400.0, "0.7 cents, which nobody hears"
