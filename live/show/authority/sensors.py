"""Sensors that were lost: what the machine goes by and no longer gets. Pure; time is an argument."""

from __future__ import annotations

import math

LOST_S = 2.0  # away for so long it is lost; a shorter gap is nothing
EARLY_S = 15.0  # what is away so soon in a show is on its way: a sound device takes 4 s, a model on a full machine 10


class Sensors:
    """Says once of each loss that it is one."""

    def __init__(self) -> None:
        self._since_s: dict[str, float] = {}
        self._slow: set[str] = set()  # lost at the start of the show
        self._come: set[str] = set()

    def lost(self, now_s: float, sensor: str, *, away: bool) -> bool:
        """Is this the moment at which a sensor that is away counts as lost?"""
        if not away:
            self._since_s.pop(sensor, None)
            if sensor in self._slow:
                self._slow.discard(sensor)
                self._come.add(sensor)
            return False
        since_s = self._since_s.setdefault(sensor, now_s)
        if now_s - since_s < LOST_S:  # inf once it was said
            return False
        self._since_s[sensor] = math.inf
        if since_s < EARLY_S:
            self._slow.add(sensor)
        return True

    def came(self, sensor: str) -> bool:
        """Is this the moment at which one that was only slow at the start of the show is there?"""
        come = sensor in self._come
        self._come.discard(sensor)
        return come
