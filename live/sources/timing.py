"""When the pictures and the sound of a file are due, where its time stamps don't go on as they should. Pure.

A recording that was joined of several begins anew in its middle (MPEG-TS); some times are missing, or are what a
demuxer guessed of them (MPEG-PS, raw H.264).
"""

from __future__ import annotations

from live.base.clock import NS

_BACK_NS = NS  # times that go back by so much begin anew
_AHEAD_NS = 10 * NS  # and so do those of a broadcast that leap so far
_PLAUSIBLE_NS = 2 * NS


class Joins:
    """By how much a file's times are put on, join by join; the same for its picture and its sound, whichever comes to
    it first, so that they stay together."""

    def __init__(self) -> None:
        self._by_ns: list[int] = []

    def at(self, number: int, by_ns: int) -> int:
        """What is put on after so many joins; by_ns: what would fit."""
        if number < len(self._by_ns) and abs(self._by_ns[number] - by_ns) < _PLAUSIBLE_NS:
            return self._by_ns[number]
        self._by_ns[number:] = [by_ns]
        return by_ns


class Timing:
    """One stream's times, one after the other."""

    def __init__(self, joins: Joins | None = None, *, leaps: bool = False, pictures: bool = True) -> None:
        """leaps: time stamps that leap ahead are a join, as in a broadcast, and no gap. pictures: one is never due
        before the one before it."""
        self._joins, self._leaps, self._pictures = joins or Joins(), leaps, pictures
        self._by_ns = self._number = 0
        self._last_ns: int | None = None
        self._due_ns = 0

    def at(self, pts_ns: int | None, length_ns: int) -> int:
        """When a picture, or a block of sound, of that length is due that says pts_ns; None for one that says
        nothing."""
        at_ns = self._due_ns if pts_ns is None else pts_ns + self._by_ns
        if pts_ns is not None and self._last_ns is not None:
            if at_ns < self._last_ns - _BACK_NS or (self._leaps and at_ns > self._last_ns + _AHEAD_NS):
                self._by_ns = self._joins.at(self._number, self._due_ns - pts_ns)
                self._number += 1
                at_ns = pts_ns + self._by_ns
            if self._pictures and at_ns <= self._last_ns:
                at_ns = self._last_ns + length_ns
        self._last_ns, self._due_ns = at_ns, at_ns + length_ns
        return at_ns
