"""The motion of an operator's hand: a critically damped spring, a median against jitter, a dead zone with a dwell.

Pure: time steps come as arguments, in seconds. Owner: the engine's thread. Source: the project's reference on directing, where
this path was measured on a synthetic track: still 89 % of the time, RMS jerk 1.6 where an exponential average has 17.8.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

OMEGA_HZ = 4.0  # settles to 5 % in about 4.7 / omega s
SUBSTEP_S = 1 / 120  # a limited spring has no closed form: small steps make it independent of the frame rate


@dataclass
class Spring:
    """Position and speed of one axis, in any unit."""

    position: float
    speed: float = 0.0

    def step(self, goal: float, dt_s: float, *, omega: float = OMEGA_HZ) -> float:
        """Exact for a goal that stands still, whatever dt_s: two half steps are one step."""
        d = self.position - goal
        q = (self.speed + omega * d) * dt_s
        decay = math.exp(-omega * dt_s)
        self.speed = (self.speed - omega * q) * decay
        self.position = goal + (d + q) * decay
        return self.position

    def step_limited(self, goal: float, dt_s: float, *, max_speed: float, max_accel: float, omega: float = OMEGA_HZ) -> float:
        """Never faster than max_speed (per s), never faster into speed than max_accel (per s^2).

        The pull is that of a goal no further than 2 max_speed / omega: such a spring can't exceed max_speed, and brakes in time
        by itself (at omega = 4 and 0.35 W/s it never brakes harder than 0.52 W/s^2).
        """
        steps = max(1, math.ceil(dt_s / SUBSTEP_S - 1e-9))
        h_s, reach = dt_s / steps, 2 * max_speed / omega
        for _ in range(steps):
            start, speed = self.position, self.speed
            self.step(start + max(-reach, min(reach, goal - start)), h_s, omega=omega)
            wanted = max(-max_speed, min(max_speed, self.speed))
            allowed = max(speed - max_accel * h_s, min(speed + max_accel * h_s, wanted))
            if allowed != self.speed:
                self.speed = allowed
                self.position = start + (speed + allowed) / 2 * h_s
        return self.position

    def stop(self, position: float | None = None) -> None:
        """Stand still, here or there."""
        self.speed = 0.0
        if position is not None:
            self.position = position


@dataclass
class Median:
    """The median of the last `size` values that aren't older than max_age_s."""

    size: int = 8
    max_age_s: float = 0.6
    _values: deque[tuple[float, tuple[float, ...]]] = field(default_factory=deque)

    def add(self, now_s: float, values: tuple[float, ...]) -> tuple[float, ...]:
        """Take values in; the median of each column. With an even count the lower of the middle two: a value that really was."""
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

    outer: float = 0.05
    inner: float = 0.01
    dwell_s: float = 0.3
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
