"""Sensors that were lost: what the machine goes by and no longer gets. Pure; time is an argument."""

from __future__ import annotations

import math

LOST_S = 2.0  # away for so long it is lost; a shorter gap is nothing


class Sensors:
    """Says once of each loss that it is one."""

    def __init__(self) -> None:
        self._since_s: dict[str, float] = {}

    def lost(self, now_s: float, sensor: str, *, away: bool) -> bool:
        """Is this the moment at which a sensor that is away counts as lost?"""
        if not away:
            self._since_s.pop(sensor, None)
            return False
        since_s = self._since_s.setdefault(sensor, now_s)
        if now_s - since_s < LOST_S:  # inf once it was said
            return False
        self._since_s[sensor] = math.inf
        return True
