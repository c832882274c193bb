"""The motion of an operator's hand: springs, a median against jitter, a dead zone with a dwell.

Pure: time steps come as arguments, in seconds. Owner: the engine's thread. Source: the project's reference on
directing, where the critically damped spring behind a median, a dead zone and a dwell was the calmest of six paths. On
air ours is of the third
order: a spring of the second starts to pull at once and lets go at once, and both jerks are seen
(benchmarks/framing.py).
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

SUBSTEP_S = 1 / 120  # a limited glide has no closed form: small steps make it independent of the frame rate


@dataclass
class Axis:
    """One axis of a camera, in any unit: sprung off air, gliding on air."""

    position: float
    speed: float = 0.0
    accel: float = 0.0

    def spring(self, goal: float, dt_s: float, *, omega: float) -> float:
        """Critically damped, for moves that nobody sees. Exact for a goal that stands still, whatever dt_s: two half
        steps are one step. Settles to 5 % in about 4.7 / omega s."""
        d = self.position - goal
        q = (self.speed + omega * d) * dt_s
        decay = math.exp(-omega * dt_s)
        self.speed, self.accel = (self.speed - omega * q) * decay, 0.0
        self.position = goal + (d + q) * decay
        return self.position

    def glide(self, goal: float, dt_s: float, *, omega: float, max_speed: float, max_accel: float) -> float:
        """Third order, all three poles at omega: acceleration begins and ends at nothing. Settles to 5 % in about 6.3 /
        omega s.

        Never faster than max_speed (per s), never faster into speed than max_accel (per s^2). The pull is that of a
        goal no further than 3 max_speed / omega: such a glide cruises at max_speed, and brakes in time by itself.
        """
        steps = max(1, math.ceil(dt_s / SUBSTEP_S - 1e-9))
        h_s, reach = dt_s / steps, 3 * max_speed / omega
        for _ in range(steps):
            ahead = max(-reach, min(reach, goal - self.position))
            jerk = omega * (omega * (omega * ahead - 3 * self.speed) - 3 * self.accel)
            self.accel = max(-max_accel, min(max_accel, self.accel + jerk * h_s))
            speed = max(-max_speed, min(max_speed, self.speed + self.accel * h_s))
            self.position += (self.speed + speed) / 2 * h_s
            self.speed = speed
        return self.position

    def stop(self, position: float | None = None) -> None:
        """Stand still, here or there."""
        self.speed = self.accel = 0.0
        if position is not None:
            self.position = position


@dataclass
class Median:
    """The median of the last `size` values that aren't older than max_age_s."""

    size: int = 8
    max_age_s: float = 0.6
    _values: deque[tuple[float, tuple[float, ...]]] = field(default_factory=deque)

    def add(self, now_s: float, values: tuple[float, ...]) -> tuple[float, ...]:
        """Take values in; the median of each column. With an even count the lower of the middle two: a value that
        really was."""
        self._values.append((now_s, values))
        while len(self._values) > self.size or now_s - self._values[0][0] > self.max_age_s:
            self._values.popleft()
        columns = zip(*(v for _, v in self._values), strict=True)
        return tuple(sorted(column)[(len(self._values) - 1) // 2] for column in columns)

    def clear(self) -> None:
        self._values.clear()


@dataclass
class DeadZone:
    """Still until the error has been beyond `outer` for dwell_s; then moving until it is within `inner`."""

    outer: float = 0.08
    inner: float = 0.01
    dwell_s: float = 0.5
    moving: bool = False
    _outside_s: float = 0.0

    def step(self, error: float, dt_s: float) -> bool:
        """Is it time to move? error: as a share of the crop's width, not negative."""
        if self.moving:
            self.moving = error > self.inner
            self._outside_s = 0.0
        else:
            self._outside_s = self._outside_s + dt_s if error > self.outer else 0.0
            self.moving = self._outside_s >= self.dwell_s - 1e-9 and error > self.outer
        return self.moving

    def reset(self, *, moving: bool = False) -> None:
        self.moving, self._outside_s = moving, 0.0
