"""Each source's sound with its picture: how late it is mixed, by hand and by how old its picture is there. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from statistics import fmean
from typing import TYPE_CHECKING

from live.config.clips import PlayerConfig
from live.config.edits import Item, RigKey
from live.config.load import Show
from live.config.source import EARLIEST_MS, LATEST_MS
from live.show.feature import Feature

if TYPE_CHECKING:
    from live.show import ShowState

ENOUGH = 15  # pictures until their age is believed
MEMORY = 90  # pictures that its mean is over, once it has seen so many
STEADY_MS = 4.0  # what is less is left alone: every change is a fade of 20 ms
WAIT_S = 3.0  # between two changes
OLDEST_MS = 1_500.0  # a picture that was held back for longer says nothing of the way that pictures take


@dataclass
class PictureAge:
    """How old a source's pictures are when program first shows them: the mean, in ms. seq: of the last one."""

    mean_ms: float = 0.0
    count: int = 0
    seq: int = -1

    def saw(self, seq: int, age_ms: float) -> None:
        """A picture on a program frame. One that was shown before is no news."""
        if seq == self.seq:
            return
        follows, self.seq = seq > self.seq >= 0, seq
        if not follows or not 0 <= age_ms <= OLDEST_MS:
            return
        self.count = min(self.count + 1, MEMORY)
        self.mean_ms += (age_ms - self.mean_ms) / self.count

    @property
    def known(self) -> bool:
        return self.count >= ENOUGH


@dataclass
class _Moved:
    """How late a source's sound is because of its picture, ms, and since when, seconds of the show."""

    by_ms: float = 0.0
    at_s: float | None = None


@dataclass(frozen=True)
class KeptDelays:
    """By source, in ms, as hands have set it."""

    by_hand_ms: Mapping[str, float] = field(default_factory=dict)


class Sync(Feature[KeptDelays]):
    """by_hand_ms: by source, how much later than its picture asks for its sound is mixed. ages: of pictures, by source.

    The encoders lay sound of one age under every program frame; pictures are of many ages, since some are keyed, some
    come slowly. So a source's sound is moved by what its own picture is older or younger than that; the sound of a
    device goes with the cameras of those who wear its microphones, all its channels together, lest a room's bleed
    sound double.
    """

    def __init__(self, state: ShowState) -> None:
        self._state, rig = state, state.rig
        self.by_hand_ms = {s.name: s.sound_delay_ms for s in rig.sources}
        self._held_ms = {s.name: s.picture_delay_ms for s in rig.sources}
        self.ages: dict[str, PictureAge] = {
            s.name: PictureAge() for s in rig.sources if s.has_picture and not isinstance(s, PlayerConfig)
        }
        self.reseated()
        self._moved = {name: _Moved() for name in self._goes_with}
        self._order()

    @classmethod
    def build(cls, state: ShowState) -> Sync:
        return cls(state)

    def reseated(self) -> None:
        """The pictures that sounds go with, as people sit now."""
        sources = [s.name for s in self._state.rig.sources if not isinstance(s, PlayerConfig)]
        self._goes_with = {source: self._cameras_of(source) for source in sources}

    def _cameras_of(self, source: str) -> tuple[str, ...]:
        """The sources whose pictures a source's sound goes with: its own, those of its microphones' owners, or all."""
        if source in self.ages:
            return (source,)
        own = {m.name for m in self._state.rig.microphones if m.source == source}
        people = [p for p in self._state.show.people if own.intersection(p.worn)]
        return tuple(dict.fromkeys(c for p in people for c in p.seen_by if c in self.ages)) or tuple(self.ages)

    def save(self, now_s: float) -> KeptDelays:
        return KeptDelays(dict(self.by_hand_ms))

    @classmethod
    def rig_keys(cls, kept: KeptDelays, show: Show) -> Iterator[RigKey]:
        for name, by_ms in kept.by_hand_ms.items():
            yield RigKey(("sources", Item(name), "sound_delay_ms"), by_ms)

    def restore(self, kept: KeptDelays, now_s: float) -> None:
        for name in self.by_hand_ms.keys() & kept.by_hand_ms.keys():
            self.by_hand_ms[name] = min(max(kept.by_hand_ms[name], EARLIEST_MS), LATEST_MS)
        self._order()

    def delay(self, source: str, ms: float) -> None:
        """By hand."""
        self.by_hand_ms[source] = ms
        self._order()

    def saw(self, source: str, seq: int, age_ms: float) -> None:
        """A source's picture on a program frame, and how old it was when the frame was due."""
        if (age := self.ages.get(source)) is not None:
            age.saw(seq, age_ms)

    def settle(self, now_s: float, sound_age_ms: float) -> None:
        """Once a frame. sound_age_ms: how old the sound is that goes with a program frame by itself."""
        changed = False
        for source, moved in self._moved.items():
            if moved.at_s is not None and now_s - moved.at_s < WAIT_S:
                continue
            due_ms = self._due_ms(source, sound_age_ms)
            if due_ms is not None and abs(due_ms - moved.by_ms) > (STEADY_MS if moved.at_s is not None else 0.5):
                moved.by_ms, moved.at_s, changed = due_ms, now_s, True
        if changed:
            self._order()

    def _due_ms(self, source: str, sound_age_ms: float) -> float | None:
        """How much later than by itself the sound is due; None while nothing is known."""
        known = [self.ages[c].mean_ms - self._held_ms[c] for c in self._goes_with[source] if self.ages[c].known]
        if not known:  # its own camera was on no bus so far: as those that were
            known = [age.mean_ms - self._held_ms[c] for c, age in self.ages.items() if age.known]
        return fmean(known) - sound_age_ms if known else None

    def moved_ms(self, source: str) -> float:
        """How much later a source's sound is mixed than it came, all in all."""
        moved = self._moved.get(source)
        wanted_ms = self.by_hand_ms[source] + (moved.by_ms if moved is not None else 0.0)
        return min(max(wanted_ms, EARLIEST_MS), LATEST_MS)

    def age_ms(self, source: str) -> float:
        """How old its pictures are on program; 0 while nobody knows."""
        age = self.ages.get(source)
        return age.mean_ms if age is not None and age.known else 0.0

    def _order(self) -> None:
        delays = {source: self.moved_ms(source) for source in self.by_hand_ms}
        self._state.sound.order_delays({source: ms for source, ms in delays.items() if ms})
