"""Which shots are fit to be seen, and who waits to be brought in. Pure; time is an argument. Engine thread only.

What is wrong with a shot comes from what vision, the sources and the geometry know already: nothing is looked at for
it. A third of the shots is judged in each frame.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from live.config.load import Shot
from live.director.cost import Candidate
from live.picture.values import Crop, Face, ShotView, Sight
from live.show.feature import Feature, Frame
from live.show.fitness.judge import (
    ALIKE,
    BARE,
    BLACK_S,
    FROZEN_S,
    UP_S,
    Fault,
    Presence,
    Standing,
    Unfit,
    cropped,
    ends_inside,
    is_still_there,
    left_by_the_top,
)
from live.show.fitness.windows import Window, windows
from live.show.holder import AUTO

if TYPE_CHECKING:
    from live.show import ShowState

EVERY = 3  # frames between two looks at a shot
BLIND_S = 2.0  # since the last look at a source: what is seen there isn't known any more


@dataclass(frozen=True)
class KeptFitness:
    """Who waits."""

    people_on_call: tuple[str, ...]
    sources_on_call: tuple[str, ...]


@dataclass
class _Looked:
    """The newest look for faces in a source, and when it was. tracked: by track, where a face was last, and when."""

    faces: tuple[Face, ...] = ()
    at_s: float = -BLIND_S
    tracked: Mapping[int, tuple[Face, float]] = field(default_factory=dict)


class Fitness(Feature[KeptFitness]):
    """unfit: by shot, those that are nothing to show. people_on_call, sources_on_call: who waits, as hands say."""

    def __init__(self, state: ShowState) -> None:
        self._state, self._show = state, state.show
        self.people_on_call = {p.name for p in state.rig.people if p.on_call}
        self.sources_on_call = {s.name for s in state.rig.sources if s.on_call}
        self.unfit: dict[str, Unfit] = {}
        self.changes = 0
        self._may_freeze = {s.name for s in state.rig.sources if s.may_freeze}
        self._labels = {s.name: s.label for s in state.rig.sources}
        self._standing: dict[str, Standing] = {}
        self._presence: dict[tuple[str, str], Presence] = {}
        self._looked: dict[str, _Looked] = {}
        self._row = [shot.id for shot in self._show.row]  # a saved scene has the same shots
        self._turn = 0
        self._on_call: frozenset[str] | None = None  # None: not asked for since it changed
        self._waiting: frozenset[str] | None = None

    @classmethod
    def build(cls, state: ShowState) -> Fitness:
        return cls(state)

    def save(self, now_s: float) -> KeptFitness:
        return KeptFitness(tuple(sorted(self.people_on_call)), tuple(sorted(self.sources_on_call)))

    def restore(self, kept: KeptFitness, now_s: float) -> None:
        people, sources = {p.name for p in self._state.rig.people}, {s.name for s in self._state.rig.sources}
        self.people_on_call, self.sources_on_call = {*kept.people_on_call} & people, {*kept.sources_on_call} & sources
        self._recast()

    # -- who waits -----------------------------------------------------------------------------------------------------

    @property
    def on_call(self) -> frozenset[str]:
        """The sources that show somebody who waits, and nobody else."""
        if self._on_call is None:
            people = self._show.people
            theirs = {camera for p in people if p.name in self.people_on_call for camera in p.seen_by}
            others = {camera for p in people if p.name not in self.people_on_call for camera in p.seen_by}
            self._on_call = frozenset(self.sources_on_call | (theirs - others))
        return self._on_call

    @property
    def waiting(self) -> frozenset[str]:
        """The people who wait."""
        if self._waiting is None:
            away = self.on_call
            remote = {p.name for p in self._show.people if p.seen_by and set(p.seen_by) <= away}
            self._waiting = frozenset(self.people_on_call | remote)
        return self._waiting

    def reseated(self) -> None:
        """People have other seats, or others wait: who that is, and before which sources, is asked anew."""
        self._on_call = self._waiting = None

    def wait_for(self, waiting: set[str], name: str, on: bool) -> None:
        """waiting: people_on_call or sources_on_call. By hand."""
        (waiting.add if on else waiting.discard)(name)
        self._recast()

    def aired(self, shot: str) -> None:
        """A hand has put a shot on program: whoever it shows is brought in."""
        shown = set(self._state.mix.seen[shot])
        if not shown & self.on_call:
            return
        self.sources_on_call -= shown
        self.people_on_call -= {p.name for p in self._show.people if not shown.isdisjoint(p.seen_by)}
        self._recast()

    def _recast(self) -> None:
        self.changes += 1
        self.reseated()
        self._state.mix.recast()

    # -- what is fit ---------------------------------------------------------------------------------------------------

    def reason(self, shot: str) -> str:
        """Why a shot is nothing to show; "" while it is fit."""
        found = self.unfit.get(shot)
        return "" if found is None else found.reason

    def step(self, frame: Frame) -> None:
        for source, faces in frame.faces.items():
            known = {
                track: (face, at_s)
                for track, (face, at_s) in self._tracked(source).items()
                if frame.now_s - at_s < UP_S[1] and not is_still_there(face, faces)
            }
            known |= {face.track: (face, frame.now_s) for face in faces if face.track}
            self._looked[source] = _Looked(faces, frame.now_s, known)
        self._turn = (self._turn + 1) % EVERY
        for shot in self._row[self._turn :: EVERY]:
            self._judge(self._state.mix.shots[shot], frame)

    def _judge(self, shot: Shot, frame: Frame) -> None:
        standing = self._standing.setdefault(shot.id, Standing())
        before = self.unfit.get(shot.id)
        now = standing.step(frame.now_s, dict(self._found(shot, frame)))
        if now is None:
            self.unfit.pop(shot.id, None)
        else:
            self.unfit[shot.id] = now
        if (before.reason if before else "") != (now.reason if now else ""):
            self.changes += 1
            self._state.log("state", AUTO, shot=shot.id, unfit=now.reason if now else "")

    def _found(self, shot: Shot, frame: Frame) -> Iterator[tuple[Fault, str]]:
        """What is wrong with a shot at this instant."""
        mix = self._state.mix
        seen, on_call = mix.seen[shot.id], self.on_call
        if waiting := [source for source in seen if source in on_call]:
            yield Fault.ON_CALL, f"{self._who(waiting[0])} waits to be brought in"
        used = mix.director.candidate(shot.id)
        if used is None:  # a film, a slide: whoever takes it knows what it is
            return
        on_air = shot.id in mix.switcher.on_air
        t_s = frame.now_s - mix.switcher.program_since_s if shot.id == mix.switcher.program else 0.0
        view = self._state.layers.laid(self._state.cameras.posed(ShotView(shot.id, t_s)), frame.now_s)

        def crop_of(source: str) -> Crop:
            return self._state.cameras.shown(source, on_air=on_air)

        found = windows(self._show, shot, view, crop_of, self._state.cameras.aspects)
        whose = {camera for p in self._show.people if p.name in used.people for camera in p.seen_by}
        shown = {w.source for w in found} & whose if used.role == "close_up" else {w.source for w in found}
        yield from self._of_sources(shown, frame.sights)
        if shot.id in frame.unready:
            yield Fault.PLATE, "its set isn't drawn yet"
        if not on_air and not all(self._state.cameras.settled(w.source) for w in found if w.card is None):
            yield Fault.MOVING, "its camera is still moving"
        yield from self._of_people(shot, used, found, frame)

    def _of_sources(self, seen: Collection[str], sights: Mapping[str, Sight]) -> Iterator[tuple[Fault, str]]:
        cameras = {camera for p in self._show.people for camera in p.seen_by}
        for source in sorted(seen):
            sight = sights.get(source, Sight())
            if sight.black_s >= BLACK_S:
                yield Fault.BLACK, f"{self._labels[source]} is black"
            elif sight.covered is not None and sight.covered < BARE:
                continue  # nobody is cut out of it: there is nothing to move
            elif sight.still_s >= FROZEN_S and source in self._may_freeze and source in cameras:
                yield Fault.FROZEN, f"{self._labels[source]} stands still"

    def _of_people(self, shot: Shot, used: Candidate, found: list[Window], frame: Frame) -> Iterator[tuple[Fault, str]]:
        """Of those who ought to be seen in a shot."""
        people = (p for p in self._show.people if used.role == "wide" or p.name in used.people)
        whose = {camera for p in people for camera in p.seen_by}
        theirs = [window for window in found if window.source in whose]
        sources = dict.fromkeys(window.source for window in theirs)
        gone = [w.source for w in theirs if not self._is_there(shot, w, frame)]
        in_set = shot.scene is not None and self._show.scenes[shot.scene].set is not None
        if gone and len(set(gone)) == len(sources):
            yield Fault.EMPTY, "nobody is in the picture"
        elif gone and not in_set:  # a window with nobody in it; in a set there is an empty place
            yield Fault.EMPTY, f"{self._who(gone[0])} isn't in the picture"
        faces = [
            (face, w.part) for w in theirs if self._is_watched(w.source, frame) for face in self._looked[w.source].faces
        ]
        if cropped(faces, all_of_them=used.role != "close_up"):
            yield Fault.CROPPED, "a face is cut by the edge of the picture"
        elif any(self._stood_up(w, frame) for w in theirs):
            yield Fault.CROPPED, "somebody's head is out of the picture"
        for w in theirs:
            if w.card is not None and ends_inside(w.card, frame.sights.get(w.source, Sight()).cut):
                yield Fault.EDGE, f"{self._who(w.source)} ends at the edge of their own picture"
                return

    def _is_there(self, shot: Shot, window: Window, frame: Frame) -> bool:
        """Is somebody in a window of a shot, as far as that is known?"""
        watched, source = self._is_watched(window.source, frame), window.source
        covered = frame.sights.get(source, Sight()).covered
        if not watched and covered is None:
            return True
        presence = self._presence.setdefault((shot.id, source), Presence(frame.now_s))
        there = presence.look(frame.now_s, self._looked[source].faces if watched else (), window.part, covered)
        # Whether faces are large enough to be found, in a camera of several people, isn't known before one was.
        several = len(self._before(source)) > 1
        return there or (several and presence.at is None and covered is None)

    def _tracked(self, source: str) -> Mapping[int, tuple[Face, float]]:
        looked = self._looked.get(source)
        return {} if looked is None else looked.tracked

    def _stood_up(self, window: Window, frame: Frame) -> bool:
        """Has somebody stood up there, so that their body is seen without its head? Of those as large as the rest."""
        if not self._is_watched(window.source, frame):
            return False
        looked = self._looked[window.source]
        largest = max((face.height for face in looked.faces), default=0.0)
        gone = [face for face, at_s in looked.tracked.values() if UP_S[0] <= frame.now_s - at_s < UP_S[1]]
        return any(left_by_the_top(f, window.part) and f.height >= ALIKE * largest for f in gone)

    def _is_watched(self, source: str, frame: Frame) -> bool:
        looked = self._looked.get(source)
        return looked is not None and source not in frame.blind and frame.now_s - looked.at_s < BLIND_S

    def _who(self, source: str) -> str:
        """Who sits before a source; several, and what is nobody's, by the source's own name."""
        seated = self._before(source)
        return seated[0] if len(seated) == 1 else self._labels[source]

    def _before(self, source: str) -> list[str]:
        """What they are called who sit before a source."""
        return [p.label for p in self._show.people if source in p.seen_by]
