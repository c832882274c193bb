"""A sound device has a clock of its own. These two bring its samples onto the show's time line, for hours.

`DeviceTime` says when a block was captured, by the machine's clock: callbacks come early and late by milliseconds, the
device's rate is steady, so the times are smoothed by a delay-locked loop (F. Adriaensen, Using a DLL to filter time,
2005). `Aligner` resamples the blocks so that sample n of what comes out is sample n of the show (`sample_at`); its
ratio follows the drift, slowly enough not to be heard. Pure cores: time is an argument.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from live.base.channels import Samples
from live.base.samples import SAMPLE_RATE

NS = 1_000_000_000
BANDWIDTH_HZ = 0.08  # of the loop: a jitter of 10 ms moves the smoothed time by less than 0.3 ms
FAST_HZ, FAST_S = 0.5, 3.0  # at the beginning, to find the rate
MEAN_S = 20.0  # from then on the mean says more than the loop
STEADY_S = 0.004  # an error up to here says something of the rate
JUMP_NS = 30_000_000  # a time so far off is no jitter: the device has jumped, or the machine has slept
OFF_S, OFF_BLOCKS = 0.006, 12  # so far off for so many blocks is none, either
BREAK_NS = 15_000_000  # an offset that is not bent away but jumped over
BEND = 2e-3  # the ratio is bent by no more than this to bring an offset back: 3.5 cents, which nobody hears
PULL_S = 4.0  # an offset is brought back over this time
FADE = 240  # samples, 5 ms: where the time line had to be broken, sound goes out and comes in again over so many
_WIDEST = 1.02  # ratios that the resampler is made for, around the nominal one


class DeviceTime:
    """When each block of a device was captured. rate_hz: as found so far."""

    def __init__(self, rate_hz: float) -> None:
        self._nominal_hz = rate_hz
        self.jumps = 0
        self._next_s: float | None = None  # when the next block is due
        self._per_sample_s = 1 / rate_hz
        self._age_s = 0.0
        self._first_s, self._count = 0.0, 0  # of the first block, and samples since
        self._off = 0  # blocks in a row that were off to one side: above 0 late, under 0 early

    def _jumped(self, error_s: float) -> bool:
        """Far off once, or off to the same side for a while: jitter is neither."""
        if abs(error_s) < OFF_S:
            self._off = 0
        elif (error_s > 0) != (self._off > 0):
            self._off = 1 if error_s > 0 else -1
        else:
            self._off += 1 if error_s > 0 else -1
        return abs(error_s) > JUMP_NS / NS or abs(self._off) > OFF_BLOCKS

    @property
    def rate_hz(self) -> float:
        """Of the device, by the machine's clock."""
        return 1 / self._per_sample_s

    @property
    def drift_ppm(self) -> float:
        """How much faster than it says."""
        return (self.rate_hz / self._nominal_hz - 1) * 1e6

    @property
    def mean_ppm(self) -> float:
        """The same, over all the time since it began or jumped: what people are told. drift_ppm follows the lateness of
        a busy machine by some hundred millionths."""
        if self._next_s is None or self._age_s < MEAN_S:
            return self.drift_ppm
        return (self._count / (self._next_s - self._first_s) / self._nominal_hz - 1) * 1e6

    def at(self, time_ns: int, count: int) -> int:
        """Of a block of `count` samples that came with this time: the smoothed time of its first sample, ns."""
        time_s, length_s = time_ns / NS, count * self._per_sample_s
        if self._next_s is not None and self._jumped(time_s - self._next_s):
            self.jumps += 1  # its clock runs as fast as before
            self._next_s, self._off = None, 0
        if self._next_s is None:
            self._next_s, self._first_s, self._count = time_s + length_s, time_s, count
            return time_ns
        here_s = self._next_s
        error_s = time_s - here_s
        bandwidth_hz = FAST_HZ if self._age_s < FAST_S else BANDWIDTH_HZ
        omega = min(0.5, 2 * math.pi * bandwidth_hz * length_s)
        self._next_s = here_s + length_s + math.sqrt(2) * omega * error_s
        # What is more is a jump that comes about: no news of the rate.
        steady_s = min(max(error_s, -STEADY_S), STEADY_S)
        per_sample_s = self._per_sample_s + omega * omega * steady_s / count
        limit_s = 1e-3 / self._nominal_hz  # no card is 1000 ppm off
        self._per_sample_s = min(max(per_sample_s, 1 / self._nominal_hz - limit_s), 1 / self._nominal_hz + limit_s)
        self._age_s += length_s
        self._count += count
        return round(here_s * NS)


class Aligner:
    """A device's blocks as samples of the show. tell(ns): told of every break in the time line, with its size.

    offset_ns: how far what comes out is from where it belongs, at the last block; ratio: input samples per output
    sample, as bent.
    """

    def __init__(self, rate_hz: float, channels: int, tell: Callable[[int], None] = lambda ns: None) -> None:
        import soxr  # only who reads a device needs it

        self._nominal = rate_hz / SAMPLE_RATE
        self._channels, self._tell = channels, tell
        self._make: Callable[[], Any] = lambda: soxr.ResampleStream(
            self._nominal * _WIDEST * SAMPLE_RATE, SAMPLE_RATE, channels, quality="HQ", vr=True
        )
        self._stream: Any = None
        self._expected = 0.0  # where the next block's first sample comes out (what the resampler still holds included)
        self._next = 0  # number of the show's sample that comes out next
        self._last = np.zeros((FADE, channels), np.float32)  # what came out: where the time line breaks it is faded
        self._faded = 0  # samples since such a break, until they have come in from silence
        self.ratio = self._nominal
        self.offset_ns = 0

    def put(self, block: Samples, time_ns: int, rate_hz: float) -> tuple[int, Samples]:
        """Take in a block (n, channels) whose first sample was captured at a time, from a device that runs at so many
        samples a second; gives (number of the first sample, samples (m, channels)) that are ready, m may be 0."""
        due = time_ns * SAMPLE_RATE / NS
        broken = np.zeros((0, self._channels), np.float32)
        start = self._next
        if self._stream is None:
            self._restart(due)
            start = self._next
        else:
            self.offset_ns = round((self._expected - due) * NS / SAMPLE_RATE)
            if abs(self.offset_ns) > BREAK_NS:
                self._tell(self.offset_ns)
                broken = faded_on(self._last)
                start = self._next
                after = self._next + len(broken)
                self._restart(max(due, after))
                gap = self._next - after
                if gap > 0:  # silence up to there
                    gap = min(gap, 4 * SAMPLE_RATE)
                    broken = np.concatenate((broken, np.zeros((gap, self._channels), np.float32)))
        wanted = rate_hz / SAMPLE_RATE
        bend = max(-BEND, min(BEND, self.offset_ns / NS / PULL_S))
        self.ratio = wanted * (1 + bend)
        self._stream.set_io_ratio(self.ratio * SAMPLE_RATE, SAMPLE_RATE, len(block))
        self._expected += len(block) / self.ratio
        ready = self._stream.resample_chunk(np.ascontiguousarray(block, np.float32))
        if self._faded < FADE and len(ready):
            gain = np.minimum((np.arange(len(ready), dtype=np.float32) + self._faded) / FADE, 1)
            self._faded += len(ready)
            ready = ready * gain[:, None]
        out = np.concatenate((broken, ready)) if len(broken) else ready
        self._next = start + len(out)
        self._last = np.concatenate((self._last, out))[-FADE:]
        return start, out

    def _restart(self, due: float) -> None:
        self._stream = self._make()
        self._stream.set_io_ratio(self._nominal * SAMPLE_RATE, SAMPLE_RATE)
        self._next = round(due)
        self._expected = float(self._next)
        self._faded = self.offset_ns = 0


def faded_on(before: Samples) -> Samples:
    """Sound (5 ms) that goes on from what came before and dies away: the same backwards, so that nothing clicks."""
    tail = before[-FADE:][::-1]
    return np.asarray(tail * np.linspace(1, 0, len(tail), endpoint=False, dtype=np.float32)[:, None], np.float32)
