"""Slow levelling: a voice is brought towards the loudness that the show aims at, a little at a time. Pure; time is an
argument.

It goes by speech only, and moves only while its owner speaks: what is turned up in a pause is the room. Steps are small
and far apart, so that nobody hears them, and a whisper in an argument stays one.
"""

from __future__ import annotations

from dataclasses import dataclass

MOST_DB = 6.0  # either way
STEP_DB = 2.0  # at once
LEAST_DB = 0.5  # a smaller step is none
NEAR_DB = 1.5  # so near it is left alone
SPEED_DB_S = 0.5
SPEECH_S = 4.0  # of speech between two steps
# Of speech: how long a voice is remembered. The loudness of three seconds goes up and down by 3 dB with what is said;
# going by that alone, levelling ran after every sentence.
MEMORY_S = 15.0


@dataclass(frozen=True)
class Move:
    """One step. off_db: how far the voice is over its target (under it below 0). by_db: 0 when levelling has given all
    that it may."""

    off_db: float
    by_db: float

    def words(self, who: str) -> str:
        side = "over" if self.off_db > 0 else "under"
        what = f"{self.by_db:+.1f} dB".replace(".0 dB", " dB") if self.by_db else f"{MOST_DB:g} dB is all it may do"
        return f"{who} is {abs(self.off_db):.0f} dB {side} target: {what}"


class Leveller:
    """Of one strip. trim_db: what is added to its fader."""

    def __init__(self) -> None:
        self.trim_db = self._goal_db = 0.0
        self._spoke_s = self._known_s = 0.0
        self._came_lufs = 0.0

    def put(self, trim_db: float) -> None:
        """It is there, and on the way nowhere."""
        self.trim_db = self._goal_db = trim_db

    def stop(self) -> None:
        """A hand has it: it stays where it is."""
        self._goal_db, self._spoke_s = self.trim_db, 0.0

    def listen(
        self, dt_s: float, *, speaking: bool, came_lufs: float | None, gain_db: float, target_lufs: float
    ) -> Move | None:
        """One frame. came_lufs: of the voice before its fader, over three seconds; None while it isn't known. gain_db:
        of the fader. Gives the next step, when one is due; whoever may takes it by `take`.
        """
        if not speaking or came_lufs is None:
            return None
        self._spoke_s += dt_s
        self._known_s = min(MEMORY_S, self._known_s + dt_s)
        self._came_lufs += (came_lufs - self._came_lufs) * dt_s / self._known_s
        if self._spoke_s < SPEECH_S or self._goal_db != self.trim_db:
            return None
        off_db = self._came_lufs + gain_db + self.trim_db - target_lufs
        if abs(off_db) <= NEAR_DB:
            return None
        goal_db = min(MOST_DB, max(-MOST_DB, self.trim_db - min(STEP_DB, max(-STEP_DB, off_db))))
        by_db = round(goal_db - self.trim_db, 1)
        if abs(by_db) < LEAST_DB and abs(off_db) < STEP_DB + NEAR_DB:
            return None
        self._spoke_s = 0.0
        return Move(off_db, by_db if abs(by_db) >= LEAST_DB else 0.0)

    def take(self, move: Move) -> None:
        self._goal_db = round(self.trim_db + move.by_db, 1)

    def glide(self, dt_s: float, *, speaking: bool) -> bool:
        """One frame on the way there. Has it moved?"""
        if not speaking or self._goal_db == self.trim_db:
            return False
        step_db, left_db = SPEED_DB_S * dt_s, self._goal_db - self.trim_db
        arrives = abs(left_db) <= step_db
        self.trim_db = self._goal_db if arrives else self.trim_db + (step_db if left_db > 0 else -step_db)
        return True
