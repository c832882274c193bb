"""The show's sound on a device's clock: one lateness for minutes, no click at any fault, buffers that shrink."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live.base.samples import SAMPLE_RATE, sample_at
from live.sound.feeder import FADE, SAFE, SOON, Feeder, Queue

NS = 1_000_000_000
TONE_HZ = 997.0
LEVEL = 0.25
STEEPEST = LEVEL * 2 * np.pi * TONE_HZ / SAMPLE_RATE  # of the tone, from one sample to the next
START_NS = 100 * NS


class Simulated:
    """A device of a rate that is a little off, fed from a ring that a mixer writes 20 ms at a time, 120 ms behind."""

    def __init__(
        self, rate_hz: int = 48_000, ppm: float = 0.0, *, block_s: float = 0.005, at_least_ns: int = 0
    ) -> None:
        self.rate_hz, self.true_hz = rate_hz, rate_hz * (1 + ppm * 1e-6)
        self.block = round(rate_hz * block_s)
        self.behind_ns, self.step = 120_000_000, 960
        self.lead_ns = 15_000_000  # from the callback to the ear
        self.shift_ns = 0
        self.feeder, self.queue = Feeder(rate_hz, 1, at_least_ns=at_least_ns), Queue(1)
        self.heard: list[np.ndarray] = []
        self.asleep_until_ns = self.dead_until_ns = 0
        self.buffers_s: list[float] = []
        self._rng = random.Random(7)
        self._at = 0
        self._reports: list[tuple[int, int, int]] = []

    @property
    def now_ns(self) -> int:
        """Of the callback that comes next."""
        return START_NS + self.shift_ns + round(self._at * NS / self.true_hz)

    def end(self) -> int:
        """As far as the mixer has written."""
        written = sample_at(self.now_ns - self.behind_ns)
        if self.now_ns < self.dead_until_ns:
            written = min(written, self._written)
        self._written = written - written % self.step
        return self._written

    def run(self, seconds: float) -> None:
        until = self._at + seconds * self.true_hz
        while self._at < until:
            out, missing = self.queue.take(self.block)
            self.heard.append(out[:, 0])
            jitter_ns = round(abs(self._rng.gauss(0, 1e6)))
            self._reports.append((self.now_ns + self.lead_ns + jitter_ns, self.block, missing))
            self._at += self.block
            if self.now_ns >= self.asleep_until_ns:
                self._feed()

    def _feed(self) -> None:
        for report in self._reports:
            self.feeder.played(*report)
        self._reports.clear()
        start, count = self.feeder.wanted(self.end(), self.now_ns)
        tone = LEVEL * np.sin(2 * np.pi * TONE_HZ * (start + np.arange(count)) / SAMPLE_RATE)
        self.queue.put(self.feeder.put(tone.astype(np.float32)[:, None]))
        self.buffers_s.append(self.feeder.buffer_ns / NS)

    def samples(self, last_s: float) -> np.ndarray:
        heard = np.concatenate(self.heard)
        return heard[-round(last_s * self.rate_hz) :]

    def lateness_ms(self, last_s: float) -> np.ndarray:
        """Of the tone, every tenth of a second, by its phase, less what the feeder says of it; within a turn of it."""
        samples = self.samples(last_s)
        first_s = (START_NS + self.shift_ns + self.lead_ns) / NS + (self._at - len(samples)) / self.true_hz
        t = first_s + np.arange(len(samples)) / self.true_hz - self.feeder.lateness_ns / NS
        turned = samples * np.exp(-2j * np.pi * TONE_HZ * t)
        tenth = self.rate_hz // 10
        means = turned[: len(turned) // tenth * tenth].reshape(-1, tenth).mean(1)
        assert np.abs(means).min() > 0.45 * LEVEL, "not the whole tone"
        return -np.unwrap(np.angle(means * 1j)) / (2 * np.pi * TONE_HZ) * 1e3


@pytest.mark.parametrize(("rate_hz", "ppm"), [(48_000, 300), (48_000, -300), (44_100, -120), (96_000, 80)])
def test_a_device_that_is_off_hears_everything_at_one_lateness(rate_hz, ppm):
    device = Simulated(rate_hz, ppm)
    device.run(60)
    late = device.lateness_ms(20)
    assert np.ptp(late) < 0.5 and np.abs(late).max() < 1.5, "half of the callbacks' jitter is all that it may be off"
    assert device.feeder.x_runs == 0
    assert device.feeder.time.drift_ppm == pytest.approx(ppm, abs=40)
    assert np.abs(np.diff(device.samples(50))).max() < STEEPEST * 48_000 / rate_hz * 1.05, "it clicks"


def test_the_lateness_is_as_small_as_the_mixer_and_the_device_let_it_be():
    device = Simulated()
    device.run(60)
    behind_ms = (device.behind_ns + device.lead_ns) / 1e6 + 20 + 5 + 5  # a mixer's block, one of ours, soxr's
    assert device.feeder.lateness_ns / 1e6 < behind_ms + 1e3 * SAFE.least_s + 6
    assert device.feeder.x_runs == 0


def test_it_goes_with_a_picture_that_is_later():
    device = Simulated(at_least_ns=600_000_000)
    device.run(30)
    assert device.feeder.lateness_ns == 600_000_000 and device.feeder.x_runs == 0
    assert max(device.buffers_s) < 0.04, "an operator's hand would be heard late"


def test_a_process_that_slept_is_heard_once_and_its_buffer_shrinks_again():
    device = Simulated(at_least_ns=400_000_000)
    device.run(20)
    device.asleep_until_ns = device.now_ns + 60_000_000
    device.run(2)
    assert device.feeder.x_runs == 1
    grown = max(device.buffers_s[-200:])
    device.asleep_until_ns = device.now_ns + 50_000_000
    device.run(200)
    assert device.feeder.x_runs == 1, "it has more in hand now"
    assert grown > 0.045 and max(device.buffers_s[-400:]) < grown - 0.008
    assert np.abs(device.lateness_ms(1)).max() < 1.5
    assert np.abs(np.diff(device.samples(220))).max() < STEEPEST + LEVEL / FADE * 1.1, "it clicks"


def test_a_mixer_that_comes_later_is_waited_for_and_not_for_ever():
    device = Simulated()
    device.run(60)
    device.behind_ns += 15_000_000
    device.run(5)
    assert device.feeder.x_runs == 0, "so much is in hand"
    device.behind_ns -= 15_000_000
    device.run(5)
    before_ns = device.feeder.lateness_ns
    device.behind_ns += 55_000_000
    device.run(5)
    later_ns = device.feeder.lateness_ns
    assert 20_000_000 < later_ns - before_ns < 50_000_000 and 1 <= device.feeder.x_runs <= 3
    device.behind_ns -= 55_000_000
    device.run(240)
    assert device.feeder.lateness_ns < before_ns + 16_000_000, "what grew under load shrinks again"
    assert np.abs(np.diff(device.samples(300))).max() < STEEPEST + LEVEL / FADE * 1.1, "it clicks"


def test_a_mixer_that_was_away_leaves_the_lateness_as_it_was():
    device = Simulated()
    device.run(30)
    before_ns = device.feeder.lateness_ns
    device.dead_until_ns = device.now_ns + 1_500_000_000
    device.run(5)
    assert device.feeder.x_runs == 1 and abs(device.feeder.lateness_ns - before_ns) < 5_000_000
    assert np.abs(device.lateness_ms(1)).max() < 1.5
    assert np.abs(np.diff(device.samples(30))).max() < STEEPEST + LEVEL / FADE * 1.1, "it clicks"


@pytest.mark.parametrize("jump_ms", [50, 400])
def test_a_device_that_jumps_is_caught_up_with_and_does_not_click(jump_ms):
    device = Simulated(ppm=40)
    device.run(30)
    device.shift_ns = jump_ms * 1_000_000
    device.run(10)
    assert device.feeder.time.jumps == 1
    assert np.abs(device.lateness_ms(1)).max() < 1.5
    assert np.abs(np.diff(device.samples(38))).max() < STEEPEST + LEVEL / FADE * 1.1


def test_what_comes_sooner_is_heard_sooner():
    """From the program to a microphone itself, and back."""
    device = Simulated()
    device.run(10)
    device.behind_ns, device.step = 10_000_000, 240
    device.feeder.begin_again(SOON)
    device.run(15)
    direct_ns = device.feeder.lateness_ns
    assert direct_ns / 1e6 < 10 + 15 + 5 + 5 + 5 + 1e3 * SOON.least_s + 2
    device.behind_ns, device.step = 120_000_000, 960
    device.feeder.begin_again()
    device.run(10)
    assert device.feeder.lateness_ns - direct_ns > 110_000_000
    assert device.feeder.x_runs == 0, "nobody promised anything while it changed"
    assert np.abs(np.diff(device.samples(34))).max() < STEEPEST + LEVEL / FADE * 1.1


def test_what_comes_much_later_all_of_a_sudden_is_heard_again():
    device = Simulated()
    device.run(10)
    before_ns = device.feeder.lateness_ns
    device.behind_ns += 700_000_000
    device.run(10)
    assert device.feeder.lateness_ns - before_ns > 650_000_000
    assert np.abs(device.lateness_ms(1)).max() < 1.5


def test_what_came_much_later_for_a_moment_is_caught_up_with():
    device = Simulated()
    device.behind_ns += 400_000_000  # as it wakes
    device.run(2)
    device.behind_ns -= 400_000_000
    device.run(20)
    assert device.feeder.lateness_ns < 220_000_000 and device.feeder.x_runs == 0
    assert np.abs(np.diff(device.samples(20))).max() < STEEPEST + LEVEL / FADE * 1.1, "it clicks"


TROUBLE = st.sampled_from(("sleeps", "mixer away", "mixer later", "jumps", "something else"))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(TROUBLE, st.integers(1, 900)), min_size=1, max_size=6), st.sampled_from((-250, 0, 250)))
def test_whatever_happens_nothing_clicks_and_it_is_on_time_again(troubles, ppm):
    device = Simulated(ppm=ppm)
    device.run(5)
    for trouble, ms in troubles:
        if trouble == "sleeps":
            device.asleep_until_ns = device.now_ns + ms * 1_000_000
        elif trouble == "mixer away":
            device.dead_until_ns = device.now_ns + ms * 1_000_000
        elif trouble == "mixer later":
            device.behind_ns = 120_000_000 + ms * 200_000
        elif trouble == "jumps":
            device.shift_ns += ms * 1_000_000
        else:
            device.feeder.begin_again()
        device.run(1.5)
    device.run(8)
    assert np.abs(device.lateness_ms(0.5)).max() < 4, "within what is being bent"
    assert np.abs(np.diff(np.concatenate(device.heard))).max() < STEEPEST + LEVEL / FADE * 2, "it clicks"
    needed_ns = device.behind_ns + device.lead_ns
    assert needed_ns < device.feeder.lateness_ns < needed_ns + 300_000_000


def test_the_queue_gives_what_there_is_and_fades_what_is_missing():
    queue = Queue(2)
    assert queue.take(10)[1] == 10
    queue.put(np.full((1000, 2), 0.5, np.float32))
    out, missing = queue.take(400)
    assert not missing and out[0, 0] == 0 and out[-1, 0] == 0.5 and np.abs(np.diff(out[:, 0])).max() < 0.5 / FADE * 1.1
    out, missing = queue.take(1000)
    assert missing == 400 and out[599, 0] == 0.5 and out[-1, 0] == 0
    assert np.abs(np.diff(out[:, 0])).max() < 0.5 / FADE * 1.1
    assert queue.take(10)[1] == 10 and not queue.take(10)[0].any()
