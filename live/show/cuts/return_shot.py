"""The shot that comes back by itself when a clip that a hand has taken is over (`at_end = "back"`). Pure; time is an
argument.

It is the hand's own take brought to its end: any later hand on the cuts calls it off, and so do a panic, a lock and a
hold until released. While the director's level is off the machine touches no bus: the way back is then a suggestion.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from live.show.players.model import Players


@dataclass(frozen=True)
class Way:
    """Which player has to end, in which shot, and what comes then."""

    player: str
    shot: str
    back: str


class ReturnShot:
    """Watches what program is, and the players in it. shows: the sources of each shot."""

    def __init__(self, shows: Mapping[str, list[str]], is_directors: Callable[[str], bool], program: str) -> None:
        """is_directors: may the director choose that shot by itself? Then it finds its own way out."""
        self._shows, self._is_directors = shows, is_directors
        self._program = program
        self._way: Way | None = None
        self._taken: Way | None = None  # of the shot on program, called off or not
        self._ran = False  # the clip has been running since it was taken

    def call_off(self) -> None:
        """A hand was on the cuts."""
        self._way = None

    def step(self, now_s: float, program: str, players: Players) -> Way | None:
        """After this frame's commands; program: what it is, or is becoming. The way back, on the frame that the clip
        has ended on.
        """
        before, self._program = self._program, program
        if program != before:
            # Of a clip: where that came from.
            back = self._taken.back if self._taken is not None and self._taken.shot == before else before
            self._way = self._taken = self._found(program, back, players)
            self._ran = False
        if (way := self._way) is None:
            return None
        status = players.all[way.player].place(now_s).status
        self._ran |= status == "playing"
        if status != "ended" or not self._ran:
            return None
        self._way = None
        return way

    def _found(self, shot: str, back: str, players: Players) -> Way | None:
        if self._is_directors(shot):
            return None
        names = [s for s in self._shows[shot] if s in players.all and players.all[s].config.at_end == "back"]
        return Way(names[0], shot, back) if names else None
