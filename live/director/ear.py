"""What the director remembers of who spoke when."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, replace

from live.director.cost import Moment
from live.sound.hearing import Hearing

SAME_TURN_S = 0.3  # a pause no longer than this is inside a turn
DEAF_AFTER_S = 1.0
FLOOR_S = 0.3
FORGET_S = 10.0
BEATS = 8  # enough for the longest delay at any tempo
FRAME_S = 0.045
_EPS_S = 1e-6


@dataclass(frozen=True)
class _Stretch:
    """From start_s on it was so. moment.run_s is that of its start."""

    start_s: float
    moment: Moment
    in_pause: bool


class Ear:
    """What was heard in the last keep_s seconds, and beyond the last of it the guess that it goes on. Pure; times in
    seconds, rising."""

    def __init__(self, keep_s: float) -> None:
        self._keep_s = keep_s
        self._past: deque[_Stretch] = deque()
        self._beats: deque[float] = deque(maxlen=BEATS)
        self._turn: dict[str, tuple[float, float]] = {}  # person -> when their turn began, when they were last heard
        self._same_since_s = 0.0
        self._last_s = float("-inf")
        self._floor: str | None = None  # who last had the floor: spoke alone for longer than a back-channel begins
        self._changes, self._changes_s = 0.0, 0.0  # of the floor, forgotten over FORGET_S, and as of when
        self.last_speaker: str | None = None
        self.has_heard_speech = False

    def hear(self, now_s: float, hearing: Hearing) -> bool:
        """What is heard now. True when it is another thing than before. What was before a gap (the director was off) is
        forgotten."""
        if self._past and now_s - self._last_s > DEAF_AFTER_S:
            self._past.clear()
            self._turn.clear()
        self._last_s = now_s
        self._hear_beat(hearing.beat_s)
        speakers = (
            frozenset() if hearing.music else frozenset(person for person, is_on in hearing.speaking.items() if is_on)
        )
        last = self._past[-1] if self._past else None
        is_new = last is None or last.moment.speakers != speakers or last.moment.music != hearing.music
        self._hear_turns(now_s, speakers)
        if is_new:
            self._same_since_s = now_s
        is_new = is_new or (last is not None and last.in_pause != hearing.in_pause)
        if is_new:
            self._past.append(
                _Stretch(now_s, Moment(speakers, now_s - self._since_s(speakers), hearing.music), hearing.in_pause)
            )
        while len(self._past) > 1 and self._past[1].start_s <= now_s - self._keep_s:
            self._past.popleft()
        return is_new

    def at(self, t_s: float) -> Moment:
        """The moment at t_s. After the last one heard: the same people, longer."""
        stretch = next((s for s in reversed(self._past) if s.start_s <= t_s + _EPS_S), self._past[0])
        return _later(stretch, t_s)

    def between(
        self, start_s: float, end_s: float, marks_s: tuple[float, float] = (0.0, 0.0)
    ) -> list[tuple[Moment, float]]:
        """The moments from start_s to end_s and how long each was, seconds.

        marks_s: run lengths of overlap and of silence from which on they are another moment (they count as long).
        """
        found = []
        edges = [s.start_s for s in self._past if start_s < s.start_s < end_s]
        for begin_s, until_s in zip([start_s, *edges], [*edges, end_s], strict=True):
            moment = self.at(begin_s)
            mark_s = 0.0 if len(moment.speakers) == 1 or moment.music else marks_s[0 if moment.speakers else 1]
            split_s = begin_s + mark_s - moment.run_s
            if begin_s + _EPS_S < split_s < until_s - _EPS_S:
                found.append((moment, split_s - begin_s))
                begin_s, moment = split_s, replace(moment, run_s=mark_s)
            if until_s > begin_s:
                found.append((moment, until_s - begin_s))
        return found

    def pause_after(self, t_s: float, limit_s: float) -> float:
        """The first time from t_s on, as far as it is known, at which nobody is in the middle of a word; limit_s when
        there is none before it."""
        for stretch, following in zip(self._past, [*list(self._past)[1:], None], strict=True):
            end_s = following.start_s if following else float("inf")
            if stretch.in_pause and end_s > t_s + _EPS_S:
                return min(limit_s, max(t_s, stretch.start_s))
        return max(t_s, limit_s)

    def beat_after(self, t_s: float, limit_s: float) -> float:
        """The first beat from t_s (or just before: no frame falls right on a beat) to limit_s; t_s when none is known
        there."""
        return max(t_s, next((beat_s for beat_s in self._beats if t_s - FRAME_S <= beat_s <= limit_s), t_s))

    def changes(self, now_s: float) -> float:
        """How often the floor has changed lately; what was FORGET_S ago counts a third."""
        return self._changes * math.exp((self._changes_s - now_s) / FORGET_S)

    def _hear_beat(self, beat_s: float | None) -> None:
        if beat_s is None:
            return
        while self._beats and beat_s < self._beats[-1] + 0.1:  # the same beat, expected anew
            self._beats.pop()
        self._beats.append(beat_s)

    def _hear_turns(self, now_s: float, speakers: frozenset[str]) -> None:
        for person in speakers:
            began_s, heard_s = self._turn.get(person, (now_s, now_s))
            self._turn[person] = (began_s if now_s - heard_s <= SAME_TURN_S + _EPS_S else now_s, now_s)
        if len(speakers) == 1:
            (self.last_speaker,) = speakers
            if self.last_speaker != self._floor and now_s - self._turn[self.last_speaker][0] >= FLOOR_S - _EPS_S:
                self._floor = self.last_speaker
                self._changes, self._changes_s = self.changes(now_s) + 1, now_s
        self.has_heard_speech = self.has_heard_speech or bool(speakers)

    def _since_s(self, speakers: frozenset[str]) -> float:
        """Since when it has been as it is now."""
        if len(speakers) != 1:
            return self._same_since_s
        (speaker,) = speakers
        return self._turn[speaker][0]


def _later(stretch: _Stretch, t_s: float) -> Moment:
    """A stretch's moment at t_s."""
    return replace(stretch.moment, run_s=max(0.0, stretch.moment.run_s + t_s - stretch.start_s))
