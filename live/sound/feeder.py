"""The show's sound on a device's own clock: what `Aligner` does, the other way round.

A device plays its samples when its clock says so. `Feeder` resamples the show's so that sample n is heard a constant
time, its `lateness`, after its own; the ratio follows the device's drift, slowly enough not to be heard. `Queue` holds
what a callback takes. Lateness and queue are as small as the machine lets them be: they grow when something was
missing, and shrink again when nothing has been for a while. Pure cores: time is an argument.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from live.base.channels import Samples
from live.base.samples import SAMPLE_RATE, sample_at, time_of_sample
from live.sound.device_time import BEND, BREAK_NS, FADE, NS, PULL_S, DeviceTime, faded_on

LISTEN_S = 0.06  # at the beginning, to see how late what is heard comes
SHRINK_S = 0.008  # at a time, at most, and half of what is too much; it is bent away
PLENTY_S, SOON_S = 0.022, 4.0  # in hand at the worst moment: so much more than is kept, and less comes soon
MUCH_S = 0.08  # and so much is no buffer: it is jumped over
GROW_S = 0.005  # at least, when something was missing
LEAST_AHEAD_S, MOST_AHEAD_S = 0.03, 0.25  # in the queue where there is time: an operator's hand isn't heard sooner
OUTAGE_S = 0.1  # who gives nothing for so long is away, which no lateness mends
TOO_LATE_S = 0.3  # what comes all the time, and too late for so long, comes later than it did
CALM_S, LONGEST_CALM_S = 1.0, 60.0  # without a gap until it shrinks: twice as long each time, and after each gap
_MANY = 1 << 60
_WIDEST = 1.02  # ratios that the resampler is made for, around the nominal one
_HELD = 240  # samples that soxr's variable rate keeps to itself: 5 ms (measured, soxr 1.0)


class Spare(NamedTuple):
    """What is in hand against a machine that is late: first_s until it is known how little is enough, then least_s at
    the worst moment."""

    first_s: float
    least_s: float


SOON = Spare(0.01, 0.003)  # whoever hears themselves
SAFE = Spare(0.04, 0.025)  # what is 0.12 s behind anyway: a gap that an audience hears is worse than 25 ms more


class Queue:
    """Samples between whoever makes them and the callback that plays them, float32 (n, channels). `put` belongs to one
    thread, `take` to another; neither waits. Where something is missing the sound is faded out, and in again after it.
    """

    def __init__(self, channels: int) -> None:
        self._channels = channels
        self._blocks: deque[Samples] = deque()
        self._rest = np.zeros((0, channels), np.float32)
        self._last = np.zeros((FADE, channels), np.float32)  # as it was played: a fade goes on from it
        self._tail = self._rest  # what is left of such a fade
        self._in = 0  # samples since it was silent, up to FADE

    def put(self, samples: Samples) -> None:
        if len(samples):
            self._blocks.append(samples)

    def take(self, count: int) -> tuple[Samples, int]:
        """(samples (count, channels), how many of them were missing)."""
        there, n = [self._rest], len(self._rest)
        while n < count and self._blocks:
            there.append(self._blocks.popleft())
            n += len(there[-1])
        block = np.concatenate(there)
        got, self._rest = block[:count], block[count:]
        if self._in < FADE and len(got):
            gain = np.minimum((np.arange(len(got), dtype=np.float32) + self._in) / FADE, 1)
            got, self._in = got * gain[:, None], min(FADE, self._in + len(got))
        missing = count - len(got)
        if not missing and not len(self._tail):
            self._last = got[-FADE:] if count >= FADE else np.concatenate((self._last, got))[-FADE:]
            return got, 0
        return self._faded(got, missing), missing

    def _faded(self, got: Samples, missing: int) -> Samples:
        """What there is, and how it goes out before something that is missing."""
        count = len(got) + missing
        out = np.concatenate((got, np.zeros((missing, self._channels), np.float32)))
        going, self._tail = self._tail[:count], self._tail[count:]
        out[: len(going)] += going
        if missing and self._in:
            going = faded_on(np.concatenate((self._last, out[: len(got)])))
            out[len(got) : len(got) + len(going)] += going[:missing]
            self._tail = going[missing:]
            self._in = 0
        self._last = np.concatenate((self._last, out))[-FADE:]
        return out


class Feeder:
    """Samples of the show made into a device's. tell(ns): told of every break in the time line, with its size.

    lateness_ns: how long after its own time a sample is heard; at_least_ns: it is no less. x_runs: how often the
    device found nothing to play. Call `played` for every block that was taken, then `wanted` and `put`.
    """

    def __init__(
        self,
        rate_hz: float,
        channels: int,
        *,
        at_least_ns: int = 0,
        spare: Spare = SAFE,
        tell: Callable[[int], None] = lambda ns: None,
    ) -> None:
        import soxr  # only who plays to a device needs it

        self.time = DeviceTime(rate_hz)
        self.at_least_ns = at_least_ns
        self.lateness_ns = 0
        self.x_runs = 0
        self._rate_hz, self._channels, self._tell = rate_hz, channels, tell
        self._make: Callable[[], Any] = lambda: soxr.ResampleStream(
            SAMPLE_RATE * _WIDEST, rate_hz, channels, quality="HQ", vr=True
        )
        self._stream: Any = None  # None: nothing was promised
        self._next = 0  # number of the show's sample that is taken in next
        self._expected = 0.0  # the device's sample that it becomes
        self._made = 0  # the device's samples that were made so far, or could not be
        self._taken = 0  # of them, those that were played
        self._heard_ns = 0  # when the next one that is taken is heard
        self._ratio = 1.0  # the show's samples to one of the device's, as bent
        self._before = self._none()  # comes before what is made next: how the last sound dies away
        self._last = np.zeros((FADE, channels), np.float32)
        self._faded = 0  # samples since the last break, until they have come in
        self._spare, self._ahead_s = spare, LEAST_AHEAD_S
        self._capped = False  # there was more to be had, and it had time
        self._gap = 0  # samples that were missing, not made up for yet
        self._late_from = (0, 0, 0)  # since when it comes, but too late, and when it came last, ns; up to which sample
        self._needs: deque[tuple[int, int]] = deque()  # (when, the lateness that would have done), ns
        # Since it has been calm: the least that was in the queue, and that was there and not taken in.
        self._calm_s, self._calm_from_ns, self._least, self._left = CALM_S, 0, _MANY, _MANY

    # -- what the device says -----------------------------------------------------------------------------------------

    def played(self, heard_ns: int, count: int, missing: int) -> None:
        """The device has taken a block, whose first sample is heard at a time; so many of it were missing."""
        self._heard_ns = self.time.at(heard_ns, count) + round(count * NS / self.time.rate_hz)
        self._taken += count
        if self._stream is None:
            self._made = max(self._made, self._taken)
            return
        self._made += missing
        self._expected += missing
        self.x_runs += missing > 0 and self._gap == 0
        self._gap += missing
        self._least = min(self._least, self._made - self._taken)

    @property
    def buffer_ns(self) -> int:
        """What is made and not taken yet."""
        return max(0, round((self._made - self._taken) * NS / self._rate_hz))

    # -- what it is given ---------------------------------------------------------------------------------------------

    def begin_again(self, spare: Spare = SAFE) -> None:
        """What is heard is another now, that may come sooner or later: the lateness is found anew."""
        self._spare = spare
        self._stream = None
        self._needs.clear()
        self._before = self._dying()

    def wanted(self, end: int, now_ns: int) -> tuple[int, int]:
        """(number of the first, how many) of the show's samples that are to be put now; those before `end` are there.
        The count may be 0."""
        end = min(end, sample_at(now_ns))
        if not self._heard_ns or not end or (self._stream is None and not self._begun(end, now_ns)):
            return 0, 0
        if self._gap and end > self._next:
            self._make_up(now_ns)
        offset_ns = round((self._expected - self._due(self._next)) * NS / self._rate_hz)
        self._shrink(now_ns, offset_ns)
        if abs(offset_ns) > BREAK_NS:
            self._tell(offset_ns)
            self._before = self._dying()
            self._restart()
            offset_ns = 0
        bend = max(-BEND, min(BEND, offset_ns / NS / PULL_S))
        self._ratio = SAMPLE_RATE / self.time.rate_hz * (1 + bend)
        room = int((self._ahead_s - self.buffer_ns / NS) * SAMPLE_RATE)
        self._capped = end - self._next > room
        self._left = min(self._left, max(0, end - self._next - max(0, room)))
        self._look_for_lateness(end, now_ns)
        return self._next, 0 if self._stream is None else max(0, min(room, end - self._next))

    def put(self, samples: Samples) -> Samples:
        """The device's samples (m, channels) that are ready, from those that were wanted, (n, channels); m may be 0."""
        out, self._before = self._before, self._none()
        if len(samples):
            self._stream.set_io_ratio(self._ratio * self._rate_hz, self._rate_hz, len(samples))
            self._next += len(samples)
            self._expected += len(samples) / self._ratio
            made = self._stream.resample_chunk(np.ascontiguousarray(samples, np.float32))
            out = np.concatenate((out, self._come_in(made)))
        self._made += len(out)
        self._last = np.concatenate((self._last, out))[-FADE:]
        return out

    # -- the time line ------------------------------------------------------------------------------------------------

    def _due(self, sample: int) -> float:
        """Which of the device's samples a sample of the show is to be."""
        due_ns = time_of_sample(sample) + self.lateness_ns - self._heard_ns
        return self._taken + due_ns * self._rate_hz / NS

    def _begun(self, end: int, now_ns: int) -> bool:
        """Begin, as soon as it is known how late what is heard comes."""
        need_ns = self._heard_ns - time_of_sample(end)
        self._needs.append((now_ns, need_ns))
        if now_ns - self._needs[0][0] < LISTEN_S * NS:
            return False
        held_s = _HELD / SAMPLE_RATE
        most_ns = max(need for _, need in self._needs)
        self.lateness_ns = max(self.at_least_ns, most_ns + round((self._spare.first_s + held_s) * NS))
        self._calm_s, self._gap = CALM_S, 0
        self._be_calm(now_ns)
        self._late_from = now_ns, now_ns, end
        self._restart()
        return True

    def _restart(self) -> None:
        """From what is due when the device has played what it has."""
        self._stream = self._make()
        self._stream.set_io_ratio(SAMPLE_RATE, self._rate_hz)
        at = self._made + len(self._before)
        at_ns = self._heard_ns + round((at - self._taken) * NS / self._rate_hz)
        self._next = sample_at(at_ns - self.lateness_ns)
        self._expected, self._faded = float(at), 0

    def _look_for_lateness(self, end: int, now_ns: int) -> None:
        since_ns, moved_ns, before = self._late_from
        if end > self._next or (end == before and now_ns - moved_ns > OUTAGE_S * NS):
            self._late_from = now_ns, now_ns, end  # in time; or it doesn't come at all
            return
        self._late_from = since_ns, moved_ns if end == before else now_ns, end
        if now_ns - since_ns > TOO_LATE_S * NS:
            self.begin_again(self._spare)

    def _make_up(self, now_ns: int) -> None:
        """Something was missing. Was it because it comes later than before, everything is later from now on; was it
        there and we slept, there is more in the queue."""
        gap_s, self._gap = self._gap / self._rate_hz, 0
        self._be_calm(now_ns)
        self._calm_s = min(2 * self._calm_s, LONGEST_CALM_S)
        if gap_s > OUTAGE_S:
            return
        grow_s = max(GROW_S, gap_s)
        if self._capped:
            self._ahead_s = min(self._ahead_s + grow_s, MOST_AHEAD_S)
            return
        wait = round((grow_s - gap_s) * self._rate_hz)
        self.lateness_ns += round(gap_s * NS + wait * NS / self._rate_hz)
        dying = self._dying()
        silence = np.zeros((max(0, wait - len(dying)), self._channels), np.float32)
        self._before = np.concatenate((self._before, dying, silence))
        self._expected += len(dying) + len(silence)
        self._faded = 0

    def _shrink(self, now_ns: int, offset_ns: int) -> None:
        """Nothing has been missing for a while: what was always in hand can be less. What is still being bent away
        will be."""
        in_queue_s = self._least / self._rate_hz
        spare_s = in_queue_s + self._left / SAMPLE_RATE - max(0, offset_ns) / NS
        least_s = self._spare.least_s
        soon = spare_s > least_s + PLENTY_S
        calm_s = min(self._calm_s, max(SOON_S, self._calm_s / 3)) if soon else self._calm_s
        if now_ns - self._calm_from_ns < calm_s * NS:
            return
        less_s = min(SHRINK_S, (spare_s - least_s) / 2) if spare_s < MUCH_S else spare_s - self._spare.first_s
        if less_s > 0:
            self.lateness_ns = max(self.at_least_ns, self.lateness_ns - round(less_s * NS))
        less_s = min(SHRINK_S, (in_queue_s - SOON.least_s) / 2)
        self._ahead_s = max(LEAST_AHEAD_S, self._ahead_s - max(0.0, less_s))
        self._calm_s = self._calm_s if soon else min(2 * self._calm_s, LONGEST_CALM_S)
        self._be_calm(now_ns)

    def _be_calm(self, now_ns: int) -> None:
        self._calm_from_ns, self._least, self._left = now_ns, _MANY, _MANY

    # -- no clicks ----------------------------------------------------------------------------------------------------

    def _none(self) -> Samples:
        return np.zeros((0, self._channels), np.float32)

    def _dying(self) -> Samples:
        """How what was made last goes out; nothing where it has gone out already."""
        return faded_on(self._last) if self._made > self._taken else self._none()

    def _come_in(self, made: Samples) -> Samples:
        """What begins after a break comes in from silence."""
        if self._faded >= FADE or not len(made):
            return made
        gain = np.clip((np.arange(len(made), dtype=np.float32) + self._faded) / FADE, 0, 1)
        self._faded += len(made)
        return np.asarray(made * gain[:, None], np.float32)
