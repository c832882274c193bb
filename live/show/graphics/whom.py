"""Whom the picture of a shot shows now, and where in it: by faces where somebody looks for them, else by the rig.

Pure; time is an argument. Owner: the engine's thread.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from live.framing.subjects import is_usable
from live.picture.values import Crop, Face, ShotView, Sight
from live.show.feature import Frame
from live.show.fitness.judge import AWAY_S, BARE, IN_PASSING, LEFT_S, NEAR_EDGE
from live.show.fitness.windows import Window, windows

if TYPE_CHECKING:
    from live.show import ShowState

EVERY = 3  # frames for which an answer counts, where no new look at a source comes between
GONE_S = 1.0  # a face that isn't found for less is somebody who looked aside
STALE_S = 3.0  # who looked last so long ago doesn't look any more
ELSEWHERE_S = 2.0  # who was known by their face at a camera that isn't theirs isn't at their own


@dataclass(frozen=True)
class Shown:
    """people: whom a picture shows, from left to right. sure: is that seen, or the rig's word where nobody has to look?
    Otherwise it is what ought to be there, and nobody has looked yet.
    """

    people: tuple[str, ...] = ()
    sure: bool = True


@dataclass
class _Looks:
    """What is known of one source by looking: the faces of the last look that found some."""

    looked_s: float = -math.inf
    seen_s: float = -math.inf
    faces: Sequence[Face] = ()
    seats: dict[int, str] = field(default_factory=dict)  # by track, who was there when everybody was last


class Whom:
    """Goes by what the sources' faces say, and answers for any shot."""

    def __init__(self, state: ShowState) -> None:
        self._state = state
        self._looks: dict[str, _Looks] = {}
        self._known: dict[str, tuple[str, float]] = {}  # by person, where their face was known last, and when
        self._watched = {s.name for s in state.rig.sources if s.faces}
        self._now_s = 0.0
        self._dead: frozenset[str] = frozenset()
        self._blind: frozenset[str] = frozenset()
        self._sights: Mapping[str, Sight] = {}
        self._frames = self._seated = 0
        self._answers: dict[Hashable, Shown] = {}  # for some frames, or until a hand does something: 0.1 ms each

    def look(self, frame: Frame) -> None:
        """Once a frame."""
        now_s = self._now_s = frame.now_s
        self._frames += 1
        if frame.faces or self._frames % EVERY == 0 or self._dead != frozenset(frame.dead):
            self._answers.clear()
        self._dead, self._blind, self._sights = frozenset(frame.dead), frozenset(frame.blind), frame.sights
        if self._seated != self._state.people.seated:  # a face of before may be somebody else's name now
            self._seated = self._state.people.seated
            for looks in self._looks.values():
                looks.seats.clear()
        for source, faces in frame.faces.items():
            looks = self._looks.setdefault(source, _Looks())
            looks.looked_s = now_s
            usable = [face for face in faces if is_usable(face)]
            if usable:
                looks.faces, looks.seen_s = usable, now_s
            self._known |= {face.person: (source, now_s) for face in usable if face.person}

    def shown(self, shot_id: str, *, now: bool = False) -> Shown:
        """Whom a shot shows. now: only those whose faces are seen at this moment, and not those who may have turned
        away.
        """
        key = shot_id, now, self._state.changes, *self._state.mix.switcher.on_air
        if key not in self._answers:
            self._answers[key] = self._shown(shot_id, now=now)
        return self._answers[key]

    def _shown(self, shot_id: str, *, now: bool) -> Shown:
        state, shot = self._state, self._state.mix.shots[shot_id]
        found: dict[str, float] = {}
        seen = self._windows(shot_id)
        about = state.mix.subjects[shot_id]
        for window in seen:
            if not about or window.source in about:
                for person, x, y in self._in_source(window.source, now=now):
                    if (at_x := _across(window, x, y)) is not None:
                        found.setdefault(person, at_x)
        own = {window.source for window in seen}
        for source in (name for name in state.mix.seen[shot_id] if name not in own):  # in this order, not a set's
            if shot.config is None or state.show.scenes[shot.scene or ""].set is None:
                for person, x, _ in self._in_source(source, now=now):  # within another picture: it is about there
                    found.setdefault(person, x)
        sure = not any(self._is_unsure(source) for source in state.mix.seen[shot_id])
        return Shown(tuple(sorted(found, key=lambda person: found[person])), sure)

    def may_show(self, shot_id: str, person: str) -> bool:
        """May somebody be in a shot, for all that is known? Of who sits nowhere and was never known, nobody can say."""
        shown = self.shown(shot_id)
        return person in shown.people or not shown.sure or not self.is_known(person)

    @property
    def faces(self) -> Collection[str]:
        """Everybody whose face was known in this show."""
        return self._known.keys()

    def is_known(self, person: str) -> bool:
        """Can it be told at all where somebody is: by where they sit, or since their face was known?"""
        return person in self._known or any(p.seen_by for p in self._state.show.people if p.name == person)

    def is_nothing(self, shot_id: str) -> bool:
        """Is a shot nothing to stay on: without a signal, or not fit to be seen?"""
        needed = self._state.mix.needs(shot_id)
        unfit = self._state.fitness.unfit.get(shot_id)
        dead = bool(needed) and self._dead >= set(needed)
        return dead or (unfit is not None and unfit.fault not in IN_PASSING)

    # -- in a source ---------------------------------------------------------------------------------------------------

    def _is_unsure(self, source: str) -> bool:
        """Ought somebody to be looking there, and isn't, or not yet?"""
        looks = self._looks.get(source)
        watched = source in self._watched or looks is not None
        late = looks is None or self._now_s - looks.looked_s > STALE_S
        return watched and source not in self._dead and (late or source in self._blind)

    def _in_source(self, source: str, *, now: bool) -> Iterator[tuple[str, float, float | None]]:
        """(person, x, y) of who is in a source's picture: the middle of a face, shares of the picture; y None for who
        is somewhere in it.
        """
        covered = self._sights.get(source, Sight()).covered
        if source in self._dead or (covered is not None and covered < BARE):
            return
        seated = [p for p in self._state.show.people if source in p.seen_by]
        seats = [p.name for p in seated if self._elsewhere(p.name) in ("", source, *p.seen_by)]
        looks = self._looks.get(source)
        if looks is None or self._is_unsure(source):
            yield from ((person, (n + 0.5) / len(seats), None) for n, person in enumerate(seats))
        elif self._now_s - looks.seen_s <= (GONE_S if now else self._patience_s(looks, covered)):
            for face, person in self._who(looks, seats):
                yield person, face.x + face.width / 2, face.y + face.height / 2

    @staticmethod
    def _patience_s(looks: _Looks, covered: float | None) -> float:
        """How long somebody is still there whose face isn't found: who is cut out has turned away; who was at the edge
        has left by it.
        """
        if covered is not None:
            return math.inf
        middles = (face.x + face.width / 2 for face in looks.faces)
        return AWAY_S if any(NEAR_EDGE < x < 1 - NEAR_EDGE for x in middles) else LEFT_S

    def _elsewhere(self, person: str) -> str:
        """Where somebody was known by their face just now; "" for nowhere."""
        source, at_s = self._known.get(person, ("", -math.inf))
        return source if self._now_s - at_s <= ELSEWHERE_S else ""

    def _who(self, looks: _Looks, seats: list[str]) -> list[tuple[Face, str]]:
        """Whose faces they are: those that are known, then those of who sits there, from left to right. Others are
        nobody's.
        """
        known = [(face, face.person) for face in looks.faces if face.person]
        taken = {person for _, person in known}
        free = [person for person in seats if person not in taken]
        others = sorted((f for f in looks.faces if not f.person), key=lambda f: -f.width * f.height)[: len(free)]
        others.sort(key=lambda f: f.x + f.width / 2)
        if len(others) == len(free):
            everybody = known + list(zip(others, free, strict=True))
            looks.seats = {face.track: person for face, person in everybody if face.track}
            return everybody
        return known + list(self._some_of(looks, others, free))

    @staticmethod
    def _some_of(looks: _Looks, faces: list[Face], seats: list[str]) -> Iterator[tuple[Face, str]]:
        """Not everybody who sits there is seen: by their track, else by which part of the picture it is."""
        left = list(seats)
        for face in faces:
            x = face.x + face.width / 2
            person = looks.seats.get(face.track, "") if face.track else ""
            if person not in left:
                person = min(left, key=lambda p: abs((seats.index(p) + 0.5) / len(seats) - x))
            left.remove(person)
            yield face, person

    # -- in the frame --------------------------------------------------------------------------------------------------

    def _windows(self, shot_id: str) -> list[Window]:
        """What of which source is seen where in a shot; of one that isn't on air, when all its moves are over."""
        state, now_s = self._state, self._now_s
        on_air = shot_id in state.mix.switcher.on_air
        views = (view for view in state.mix.switcher.views(now_s)[:2] if view is not None and view.shot == shot_id)
        view = next(views, None) or ShotView(shot_id, 600.0)

        def crop_of(source: str) -> Crop:
            return state.cameras.shown(source, on_air=on_air)

        posed = state.layers.laid(state.cameras.posed(view), now_s)
        return windows(state.show, state.mix.shots[shot_id], posed, crop_of, state.cameras.aspects)


def _across(window: Window, x: float, y: float | None) -> float | None:
    """Where a point of a source is across the frame; None where it isn't in the window. y: None for who is somewhere
    in the picture.
    """
    part, place = window.part, window.place
    if y is None:
        return place.x + x * place.w
    u, v = (x - part.x) / part.w, (y - part.y) / part.h
    return place.x + u * place.w if 0 <= u <= 1 and 0 <= v <= 1 else None
