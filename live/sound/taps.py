"""What is heard on a device: which channels of which rings, and how loud. The order, and whoever reads by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from live.base.channels import Picks, Samples
from live.base.samples import SAMPLE_RATE, sample_at
from live.shm.sound_ring import SoundRing
from live.sound.limiter import soft_clip

AWAY = SAMPLE_RATE  # a ring that nobody writes to for so long isn't waited for
RAMP = SAMPLE_RATE // 50  # 20 ms, over which what is heard changes
OFF_DB = -120.0  # and what is less isn't heard


@dataclass(frozen=True)
class Tap:
    """Some sound: channels of a ring."""

    ring: str
    picks: Picks = None
    gain_db: float = 0.0


@dataclass(frozen=True)
class PlayOrders:
    """What a device plays. gain_db: of all of it. mono: both sides alike, to hear what cancels. at_least_ns: how late
    it is heard at the least, so that it goes with a picture. direct: it comes from the sources themselves, sooner than
    from the mixer.
    """

    taps: tuple[Tap, ...] = ()
    gain_db: float = 0.0
    mono: bool = False
    at_least_ns: int = 0
    direct: bool = False


def _factor(gain_db: float) -> float:
    return 0.0 if gain_db <= OFF_DB else float(10 ** (gain_db / 20))


@dataclass(eq=False)
class _Heard:
    """A tap with its ring. The gain goes from where it is to where it is wanted."""

    tap: Tap
    ring: SoundRing | None
    gain: float
    wanted: float


class Taps:
    """Sums what is heard. One thread. attach: gives the ring of a name; raises FileNotFoundError."""

    def __init__(self, attach: Callable[[str], SoundRing] = SoundRing) -> None:
        self._attach = attach
        self._heard: dict[Tap, _Heard] = {}  # by tap at 0 dB
        self._gain, self._orders = 1.0, PlayOrders()
        self._look_at = 0

    def set(self, orders: PlayOrders) -> None:
        """From the next samples on."""
        wanted = {replace(tap, gain_db=0.0): _factor(tap.gain_db) for tap in orders.taps}
        for key, gain in wanted.items():
            if key not in self._heard:
                self._heard[key] = _Heard(key, self._ring(key.ring), 0.0, gain)
        for key, heard in self._heard.items():
            heard.wanted = wanted.get(key, 0.0)
        self._orders = orders

    def _ring(self, name: str) -> SoundRing | None:
        try:
            return self._attach(name)
        except FileNotFoundError:
            return None

    def end(self, now_ns: int) -> int:
        """Number of the sample up to which everything that is wanted has come. What is away isn't waited for; where
        all of it is, silence has come."""
        now = sample_at(now_ns)
        if now >= self._look_at:
            self._look_at = now + SAMPLE_RATE
            for heard in self._heard.values():
                heard.ring = heard.ring or self._ring(heard.tap.ring)
        ends = [heard.ring.end for heard in self._heard.values() if heard.ring is not None and heard.wanted]
        return min((end for end in ends if now - end < AWAY), default=now)

    def read(self, start: int, count: int) -> Samples:
        """Samples (count, 2) float32 from a number on; finite, within full scale where it is a sum."""
        out = np.zeros((count, 2), np.float32)
        if not count:
            return out
        for key, heard in list(self._heard.items()):
            if heard.ring is not None and (heard.gain or heard.wanted):
                samples, _ = heard.ring.read(start, count, heard.tap.picks)
                out += np.nan_to_num(samples, posinf=0.0, neginf=0.0) * _ramped(heard.gain, heard.wanted, count)
            heard.gain = _moved(heard.gain, heard.wanted, count)
            if not heard.gain and not heard.wanted:
                if heard.ring is not None:
                    heard.ring.close()
                del self._heard[key]
        wanted = _factor(self._orders.gain_db)
        out *= _ramped(self._gain, wanted, count)
        self._gain = _moved(self._gain, wanted, count)
        if self._orders.mono:
            out[:] = out.mean(1, keepdims=True)
        return soft_clip(out) if len(self._heard) > 1 or self._gain > 1 else out

    def close(self) -> None:
        for heard in self._heard.values():
            if heard.ring is not None:
                heard.ring.close()


def _moved(gain: float, wanted: float, count: int) -> float:
    """Where a gain has come to after so many samples."""
    most = max(1.0, gain, wanted) * count / RAMP
    return gain + min(most, max(-most, wanted - gain))


def _ramped(gain: float, wanted: float, count: int) -> Samples | np.float32:
    if gain == wanted:
        return np.float32(gain)
    most = max(1.0, gain, wanted) * np.arange(count, dtype=np.float32) / RAMP
    ramp = gain + np.clip(wanted - gain, -most, most)
    return np.asarray(ramp[:, None], np.float32)
