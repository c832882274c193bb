"""The people of a show: where they sit, how much each counts, who is said from outside to speak, whose face is to be
known. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from live.config.edits import Item, RigKey
from live.config.load import Show
from live.config.people import Person
from live.config.within import way
from live.show.feature import Feature, Frame
from live.show.holder import AUTO
from live.show.people.places import SpeakerPlaces
from live.show.people.views import Views
from live.show.within import made_now
from live.sound.hearing import Hearing

if TYPE_CHECKING:
    from live.show import ShowState


MOST_ASKED = 8  # that may wait: whoever recognises takes them one by one
TOLD_S = 3.0  # that somebody speaks holds for so long after it was last said


@dataclass(frozen=True)
class KeptPeople:
    """By person. seats: "" for none."""

    seats: Mapping[str, str]
    weights: Mapping[str, float]


class People(Feature[KeptPeople]):
    """asked: (name, source) to be enrolled; the engine takes them. seats: by person; seated: rises when somebody has
    another one, and everybody who goes by who sits where looks again. weights: by person.
    """

    undoes = ("seats", "weights")

    def __init__(self, state: ShowState) -> None:
        self._state = state
        self.asked: list[tuple[str, str]] = []
        self.seats: dict[str, str] = {p.name: p.seat or "" for p in state.rig.people}
        self.weights: dict[str, float] = {p.name: p.weight for p in state.rig.people}
        self.seated = 0
        self._moved: set[str] = set()  # since the frame before
        self._places = {seat.name for seat in state.rig.seats}
        self._told_until_s: dict[str, float] = {}
        self._views = Views()
        self._layouts = {use.name: SpeakerPlaces() for use in state.rig.scenes if use.speakers}

    @classmethod
    def build(cls, state: ShowState) -> People:
        return cls(state)

    def save(self, now_s: float) -> KeptPeople:
        return KeptPeople(dict(self.seats), dict(self.weights))

    @classmethod
    def rig_keys(cls, kept: KeptPeople, show: Show) -> Iterator[RigKey]:
        for name, seat in kept.seats.items():
            yield RigKey(("people", Item(name), "seat"), seat or None)
            yield RigKey(("people", Item(name), "weight"), kept.weights[name])

    def restore(self, kept: KeptPeople, now_s: float) -> None:
        there = {name: seat for name, seat in kept.seats.items() if name in self.seats and seat in {"", *self._places}}
        self._sit(self.seats | there)
        self.weights |= {name: kept.weights[name] for name in self.weights.keys() & kept.weights.keys()}

    def known(self) -> Mapping[str, Collection[str]]:
        return {"person": self.seats, "seat": self._places}

    # -- seats ---------------------------------------------------------------------------------------------------------

    def sit(self, person: str, seat: str) -> None:
        """Somebody has this seat from now on, and nobody else has it. "": none."""
        others = {name: "" for name, theirs in self.seats.items() if seat and theirs == seat}
        self._sit(self.seats | others | {person: seat})

    def _sit(self, seats: dict[str, str]) -> None:
        if seats == self.seats:
            return
        self._moved |= {name for name, seat in seats.items() if seat != self.seats[name]}
        self.seats = seats
        state = self._state
        state.show.people[:] = state.rig.seated(seats)
        self.seated += 1
        state.fitness.reseated()
        state.mix.reseated()
        state.sound.reseated()
        state.sync.reseated()
        state.captions.reseated(state.show.people)

    # -- who is seen how, and how much each counts --------------------------------------------------------------------

    def step(self, frame: Frame) -> None:
        self._views.step(frame.now_s, frame.faces, self._state.show.people)
        if self._layouts:
            self._lay_out(frame)
        self._moved.clear()

    def _lay_out(self, frame: Frame) -> None:
        """Who speaks stands in the layouts that are filled by it."""
        waiting = self._state.fitness.waiting
        there = {p.name: p for p in self._state.show.people if p.seen_by and p.name not in waiting}
        speaking = [name for name, on in self.counted(frame.hearing).speaking.items() if on and name in there]
        for use in self._state.rig.scenes:
            if (layout := self._layouts.get(use.name)) is None:
                continue
            places = use.speakers if self._may_change(use.name, frame.now_s) else ()
            free = {place: names for place in places if (names := self._free(use.name, place))}
            layers = self._state.layers[use.name]
            shown = {place: _before([layers.source(n) for n in names], there) for place, names in free.items()}
            seen = _before([layers.source(name) for name in layers.names if layers.on(name)], there)
            seen = seen.union(*shown.values())
            for place, person in layout.step(frame.now_s, speaking, seen, shown, self._moved & there.keys()).items():
                self._place(use.name, place, free[place], there[person], frame.now_s)

    def _may_change(self, scene: str, now_s: float) -> bool:
        """May the machine put somebody else into a layout? On air that is a cut; never after a panic."""
        state = self._state
        shots, made = {shot.id for shot in state.mix.shots.values() if shot.scene == scene}, made_now(state)
        on_air = [mix for mix in state.mixes.values() if any(way(s, shots, made) for s in mix.switcher.on_air)]
        may_cut = all(state.authority.may_act(m.key, state.authority.epoch(m.key), now_s=now_s) for m in on_air)
        return may_cut and not state.session.panic

    def _free(self, scene: str, place: str) -> list[str]:
        """The layers at a layout's place but those that a hand has filled."""
        layers, config = self._state.layers[scene], self._state.show.scenes[scene]
        names = [layer.label for layer in config.layers if layer.place == place]
        return [name for name in names if not layers.filled_by_hand(name)]

    def _place(self, scene: str, place: str, names: Sequence[str], person: Person, now_s: float) -> None:
        """Somebody stands in a layout's place from now on, in the layers of these names."""
        source = self.camera(person, now_s)
        for name in names:
            self._state.layers[scene].fill(name, source, by_machine=True)
        self._state.mix.refilled(scene)
        self._state.mix.recast()
        self._state.log("state", AUTO, scene=scene, place=place, person=person.name, source=source)

    def camera(self, person: Person, now_s: float) -> str:
        """The camera that sees somebody best; "" without any."""
        return min(person.seen_by, key=lambda camera: self._views.of(person.name, camera, now_s), default="")

    def views(
        self, several: Mapping[str, Sequence[tuple[str, str]]], available: Collection[str], now_s: float
    ) -> dict[str, float]:
        """By shot, how badly its person is seen, against the one of theirs that can be had and sees them best. several:
        by person, the shots that show them and the source that does.
        """
        found: dict[str, float] = {}
        for person, shots in several.items():
            seen = {shot: self._views.of(person, source, now_s) for shot, source in shots if shot in available}
            best = min(seen.values(), default=0.0)
            found |= {shot: turn - best for shot, turn in seen.items()}
        return found

    def counted(self, hearing: Hearing) -> Hearing:
        """What of it the director goes by: who counts nothing isn't heard."""
        if 0.0 not in self.weights.values():
            return hearing
        speaking = {name: on for name, on in hearing.speaking.items() if self.weights.get(name, 1.0)}
        return replace(hearing, speaking=speaking)

    # -- who speaks, by what somebody else says ------------------------------------------------------------------------

    def tell(self, person: str, speaks: bool, now_s: float) -> None:
        if speaks:
            self._told_until_s[person] = now_s + TOLD_S
        else:
            self._told_until_s.pop(person, None)

    def told(self, now_s: float) -> list[str]:
        """Those of whom it is said that they speak."""
        self._told_until_s = {name: until_s for name, until_s in self._told_until_s.items() if now_s < until_s}
        return list(self._told_until_s)

    def heard(self, hearing: Hearing, now_s: float) -> Hearing:
        """What the ears heard, and what they were told."""
        told = self.told(now_s)
        return replace(hearing, speaking={**hearing.speaking, **dict.fromkeys(told, True)}) if told else hearing


def _before(sources: Collection[str | None], people: Mapping[str, Person]) -> set[str]:
    """Who of some people sits before some sources."""
    return {name for name, person in people.items() if not set(person.seen_by).isdisjoint(sources)}
