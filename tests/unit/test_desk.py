"""The desk: strips out of sources, delays, groups with a rack of their own, live and off line alike."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live.audio.desk import Desk, Strip
from live.audio.mixer import BLOCK, Samples
from live.base.samples import SAMPLE_RATE
from live.config.desk import PROGRAM, DeskOrders, MasterOrders, StripOrders
from live.config.strips import Compressor, StripSettings

LONG = 3 * SAMPLE_RATE
RNG = np.random.default_rng(3)
SOURCES = {
    "stereo": (0.1 * RNG.normal(0, 1, (LONG, 2))).astype(np.float32),
    "mono": (0.1 * RNG.normal(0, 1, (LONG, 1))).astype(np.float32),
    "slow": np.repeat(0.1 * np.sin(2 * np.pi * 50 * np.arange(LONG) / SAMPLE_RATE), 2)
    .reshape(-1, 2)
    .astype(np.float32),
}


def read(source: str, start: int, count: int) -> Samples:
    """Silence before 0, and after the end."""
    samples = SOURCES[source]
    out = np.zeros((count, samples.shape[1]), np.float32)
    low, high = max(0, start), min(len(samples), start + count)
    if low < high:
        out[low - start : high - start] = samples[low:high]
    return out


def made(desk: Desk, blocks: int, bus: str = PROGRAM) -> Samples:
    return np.concatenate([desk.step()[bus] for _ in range(blocks)])


def desk_of(*sources: str, start: int = 0, orders: DeskOrders | None = None, **more: object) -> Desk:
    desk = Desk([Strip(s, s) for s in sources], read, start, **more)  # type: ignore[arg-type]
    desk.set(orders or DeskOrders({s: StripOrders() for s in sources}))
    return desk


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 50_000))
def test_a_sample_keeps_its_number_and_its_bits_wherever_the_desk_begins(start: int) -> None:
    np.testing.assert_array_equal(made(desk_of("stereo", start=start), 5), SOURCES["stereo"][start : start + 5 * BLOCK])


@given(st.floats(0, 1000), st.floats(-80, 1000))
def test_a_delay_is_to_the_sample(delay_ms: float, of_source_ms: float) -> None:
    strip = StripOrders(StripSettings(delay_ms=delay_ms))
    orders = DeskOrders({"stereo": strip}, delays_ms={"stereo": of_source_ms, "other": 7.0})
    late = min(96_000, round((delay_ms + of_source_ms) * 48))
    out = made(desk_of("stereo", start=100_000, orders=orders), 3)
    np.testing.assert_array_equal(out, SOURCES["stereo"][100_000 - late :][: 3 * BLOCK])


def test_a_source_that_is_mixed_earlier_is_read_ahead() -> None:
    orders = DeskOrders({"stereo": StripOrders()}, delays_ms={"stereo": -40.0})
    out = made(desk_of("stereo", start=9600, orders=orders), 3)
    np.testing.assert_array_equal(out, SOURCES["stereo"][9600 + 1920 :][: 3 * BLOCK])


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(0, 1000), min_size=2, max_size=6))
def test_a_delay_changes_without_a_click(delays_ms: list[float]) -> None:
    """Of a strip, and of a group."""
    steepest = np.abs(np.diff(SOURCES["slow"], axis=0)).max()
    for is_group in (False, True):
        desk, heard = desk_of("slow", groups=("all",)), []
        desk.set(DeskOrders({"slow": StripOrders(group="all")}, {"all": StripOrders()}))
        made(desk, 52)
        for delay_ms in delays_ms:
            late, plain = StripOrders(StripSettings(delay_ms=delay_ms)), StripOrders()
            strip = replace(plain if is_group else late, group="all")
            desk.set(DeskOrders({"slow": strip}, {"all": late if is_group else plain}))
            heard.append(made(desk, 2))
        # What is cross-faded moves by the sound's own steps, and by what both differ in over a block.
        assert np.abs(np.diff(np.concatenate(heard), axis=0)).max() < steepest + 0.2 / BLOCK * 1.1


def test_where_nothing_is_yet_nothing_comes() -> None:
    def late(source: str, start: int, count: int) -> Samples | None:
        return None if start < 0 else read(source, start, count)

    desk = Desk([Strip("stereo", "stereo")], late, 0)
    desk.set(DeskOrders({"stereo": StripOrders()}, delays_ms={"stereo": 22.5}))
    out = made(desk, 3)
    assert not out[:1080].any()
    np.testing.assert_array_equal(out[2 * BLOCK :], SOURCES["stereo"][2 * BLOCK - 1080 : 3 * BLOCK - 1080])


def test_a_group_is_delayed_as_a_strip_is() -> None:
    group = StripOrders(StripSettings(delay_ms=100.0))
    orders = DeskOrders({"stereo": StripOrders(group="all")}, {"all": group})
    out = made(desk_of("stereo", start=0, orders=orders, groups=("all",)), 10)
    np.testing.assert_array_equal(out[4800:], SOURCES["stereo"][: 10 * BLOCK - 4800])


def test_broken_samples_count_as_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = SOURCES["stereo"].copy()
    broken[1100:1200], broken[1300], broken[1400] = np.nan, np.inf, 1e38  # and 30, which is no sound either
    broken[1500] = 30.0
    monkeypatch.setitem(SOURCES, "broken", broken)
    program = made(desk_of("broken", "slow"), 4)
    assert np.isfinite(program).all()
    np.testing.assert_allclose(program[1150], SOURCES["slow"][1150], atol=1e-6)
    np.testing.assert_array_equal(program[2200:], (SOURCES["stereo"] + SOURCES["slow"])[2200 : 4 * BLOCK])


def test_one_channel_is_panned_as_one_and_two_as_two() -> None:
    right = StripOrders(StripSettings(pan=1.0))
    for source, expected in (("mono", (0.0, 2**0.5)), ("stereo", (0.0, 1.0))):
        out = made(desk_of(source, orders=DeskOrders({source: right})), 3)
        np.testing.assert_allclose(out, SOURCES[source][: 3 * BLOCK] * expected, atol=1e-6)


def test_a_group_with_a_compressor_is_another_without_the_guest() -> None:
    """Everybody but the guest goes through the group as if the guest were not there."""
    squeezed = StripOrders(StripSettings(compressor=Compressor(on=True, threshold_db=-40.0, ratio=10.0)))
    strips = {name: StripOrders(group="all") for name in ("stereo", "slow")}
    orders = DeskOrders(strips, {"all": squeezed}, buses=frozenset({"minus-stereo"}))
    desk = desk_of("stereo", "slow", orders=orders, groups=("all",))
    alone = desk_of("slow", orders=DeskOrders({"slow": strips["slow"]}, {"all": squeezed}), groups=("all",))
    blocks = [desk.step() for _ in range(20)]
    minus = np.concatenate([block["minus-stereo"] for block in blocks])
    np.testing.assert_allclose(minus, made(alone, 20), atol=1e-6)
    assert np.abs(np.concatenate([block[PROGRAM] for block in blocks]) - minus).max() > 0.01


def test_one_that_begins_later_goes_on_as_the_other() -> None:
    """As one that was killed and started again does: with the filters and levels of a second before."""
    settings = StripSettings(compressor=Compressor(on=True, threshold_db=-30.0), pan=0.3, gain_db=12.0)
    orders = DeskOrders({"stereo": StripOrders(settings)}, master=MasterOrders(ceiling_db=-12.0))
    whole = made(desk_of("stereo", orders=orders), 120)
    later = desk_of("stereo", start=80 * BLOCK, orders=orders, warm=50)
    np.testing.assert_allclose(made(later, 40), whole[80 * BLOCK :], atol=1e-3)
