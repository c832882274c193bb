"""The holder of a show's features: builds them, carries commands out, gives each its frame.

Order within a frame: commands first (each raises the epoch of its domain), then holds that end, then proposals, then
acts. So a human's command is on the frame it came with, and nothing that was decided before it can follow it.
"""

from __future__ import annotations

import importlib
import typing
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from live.base.errors import CommandError
from live.base.guard import Guard, unguarded
from live.base.hand import Hand
from live.config.load import Show
from live.control.registry import Command, spec_of, to_message
from live.director.authority import Authority, Key
from live.picture.values import Face, Sight
from live.show.asks import Asks
from live.show.feature import Feature, Frame
from live.show.handling import carry_out
from live.show.undo import Change, Changes, differences, taken_back
from live.sound.hearing import Hearing
from live.sound.metering import UNMETERED, Metered

AUTO = "director"  # who acts, in the log, where the machine does

LogLine = Callable[..., None]  # (kind, by, **fields)


class Holder:
    """What features there are a subclass says, by its annotations: `name: FeatureClass`, in the order in which they are
    built and have their turn in a frame. The folder of the class holds its handlers. Engine thread only.
    """

    kinds: typing.ClassVar[dict[str, type[Feature[Any]]]]

    def __init_subclass__(cls) -> None:
        hints = typing.get_type_hints(cls)
        cls.kinds = {n: kind for n, kind in hints.items() if isinstance(kind, type) and issubclass(kind, Feature)}
        for kind in cls.kinds.values():
            importlib.import_module(f"live.show.{kind.room}.handlers")

    def __init__(
        self,
        show: Show,
        log: LogLine,
        *,
        lookahead_s: float | None = None,
        guard: Guard | None = None,
        asks: Asks | None = None,
    ) -> None:
        """lookahead_s: how far ahead of program the director hears; as the delay allows when left out. asks: who finds
        the files that hands name.
        """
        self.show, self.rig, self.log = show, show.rig, log
        self.asks = asks or Asks(show.places)
        self.guard = guard or unguarded()
        self.lookahead_s = lookahead_s
        self.features: dict[str, Feature[Any]] = {}
        for name, kind in self.kinds.items():
            self.features[name] = feature = kind.build(typing.cast("ShowState", self))
            setattr(self, name, feature)
        self.authority = Authority({key: level for f in self._all for key, level in f.levels().items()})
        self.undo = Changes()
        self.changes = 0  # by hands and machine: whoever keeps the state sees that it is another
        self._lease_s = {domain: seconds for f in self._all for domain, seconds in f.leases_s.items()}
        self._owners = {key: f for f in self._all for key in f.levels()}
        self._known: dict[str, Collection[str]] = {}
        for feature in self._all:
            assert not self._known.keys() & feature.known().keys(), f"{feature} knows what another does"
            self._known |= feature.known()
        self._known["domain"] = self.authority.domains

    def add(self, name: str, feature: Feature[Any]) -> None:
        """One more of a kind, under a name of its own ("mix.foyer"): it has its turn, its authority and its part of
        what is kept. What commands may call it by, whoever adds it says.
        """
        self.features[name] = feature
        self._lease_s |= feature.leases_s
        self.adopt(feature)

    def adopt(self, feature: Feature[Any]) -> None:
        """It has come by more authority keys: those are at the level that it says."""
        self.authority.add({key: level for key, level in feature.levels().items() if key not in self._owners})
        self._owners |= dict.fromkeys(feature.levels(), feature)

    def abandon(self, key: Key) -> None:
        """What a key was about is gone."""
        self.authority.drop(key)
        del self._owners[key]

    @property
    def _all(self) -> Collection[Feature[Any]]:
        return self.features.values()

    # -- the hand ------------------------------------------------------------------------------------------------------

    def apply(self, command: Command, hand: Hand, now_s: float) -> None:
        """Carry out a human's command, now. Raises CommandError when it names something that isn't there; nothing
        changed then.
        """
        self.check(command)
        desk = spec_of(command).desk
        if desk in self._known["domain"]:
            self.authority.check(desk, hand, now_s=now_s)
        self.changes += 1
        with self._remembered(command, hand, now_s):
            touched = self._carried_out(command, hand, now_s)
        for key in self._domain_keys(command) if touched is None else touched:
            self.authority.human(key, now_s=now_s, lease_s=self._lease_s[key[0]])
            self._owners[key].touched(key, desk)

    @contextmanager
    def _remembered(self, command: Command, hand: Hand, now_s: float) -> Iterator[None]:
        """What it changes can be taken back, where its feature lets it; what it can't do changes nothing."""
        room = type(command).__module__.split(".")[2]
        name, feature = next(((n, f) for n, f in self.features.items() if f.room == room and f.undoes), ("", None))
        address = to_message(command)[0]
        going_on = None if feature is None else self.undo.going_on(hand, address, now_s)
        spec = spec_of(command)
        is_one_value = spec.fader and len(spec.value_args) == 1  # a fader on its way has nothing new to remember
        if feature is None or (going_on is not None and is_one_value):
            yield
            return
        before = feature.save(now_s)
        yield
        found = differences(before, feature.save(now_s), feature.undoes, feature.stays)
        if going_on is not None:  # one address, and other values: a title and what stands under it
            going_on.add(found)
            return
        self.undo.note(Change(name, hand.host, hand.who, address, spec.desk, found, now_s))

    def take_back(self, hand: Hand, now_s: float) -> Change:
        """Set again what the last change of whoever sits there had found. Raises CommandError when there is none, or
        when it isn't theirs to set.
        """
        change = self.undo.newest_of(hand)
        if change.desk in self._known["domain"]:
            self.authority.check(change.desk, hand, now_s=now_s)
        feature = self.features[change.feature]
        feature.restore(taken_back(feature.save(now_s), change), now_s)
        self.undo.forget(change)
        return change

    def _carried_out(self, command: Command, hand: Hand, now_s: float) -> Sequence[Key] | None:
        """A bug in carrying it out is the command's: whoever sent it is told, and the frame goes on."""
        try:
            return carry_out(typing.cast("ShowState", self), command, hand, now_s)
        except CommandError:
            raise
        except Exception as error:
            with self.guard("carrying out"):
                raise
            cause = f"can't be carried out ({type(error).__name__})"
            raise CommandError(to_message(command)[0], cause, "the show log has the trace") from None

    def _domain_keys(self, command: Command) -> list[Key]:
        """The keys that a hand on a command's domain touches: the one that the command names, or all there is."""
        spec = spec_of(command)
        target = next((getattr(command, a.name) for a in spec.args if a.in_address), None)
        return [key for key in self._owners if key[0] == spec.domain and target in (None, key[1])]

    def check(self, command: Command) -> None:
        """Is there everything that a command names? Raises CommandError."""
        for arg in spec_of(command).args:
            value, known = getattr(command, arg.name), self._known.get(arg.arg.of)
            if known is not None and value is not None and value not in known:
                raise CommandError(
                    to_message(command)[0],
                    f"no {arg.arg.of} is called {value!r:.60}",
                    f"one of: {', '.join(known) or 'none'}",
                )

    # -- what is kept -------------------------------------------------------------------------------------------------

    def save(self, now_s: float) -> dict[str, object]:
        """What is kept of each feature, by its name. Nothing in it changes later: another thread may write it down."""
        return {name: kept for name, f in self.features.items() if (kept := f.save(now_s)) is not None}

    def restore(self, kept: Mapping[str, object], now_s: float) -> None:
        """Be as it was when that was saved, as far as the rig still has it."""
        for name, feature in self.features.items():
            if name in kept:
                with self.guard(f"{name} resumed"):
                    feature.restore(kept[name], now_s)

    # -- the frame -----------------------------------------------------------------------------------------------------

    def commanded(self, now_s: float) -> None:
        """After this frame's commands: what a player does of itself from the frame of a cut on."""
        for feature in self._all:
            with self.guard(feature.room):
                feature.commanded(now_s)

    def step(
        self,
        now_s: float,
        dt_s: float,
        *,
        hearing: Hearing,
        faces: Mapping[str, tuple[Face, ...]],
        aspects: Mapping[str, float],
        dead: Collection[str] = (),
        deaf: bool = False,
        blind: Collection[str] = (),
        metered: Metered = UNMETERED,
        sights: Mapping[str, Sight] | None = None,
        unready: Collection[str] = (),
    ) -> None:
        """One frame of automation, after this frame's commands; the arguments are a Frame's."""
        frame = Frame(now_s, dt_s, hearing, faces, aspects, dead, deaf, blind, metered, sights or {}, unready)
        for feature in self._all:
            with self.guard(feature.room):  # each by itself: what one can't do, the others still do
                feature.step(frame)

    def let_go(self, keys: Iterable[Key], now_s: float) -> None:
        """A natural boundary for these keys: holds on them whose lease is over end."""
        with self.guard("holds"):
            for key in self.authority.step(now_s, boundaries=list(keys)):
                self.log("state", AUTO, released="/".join(key))

    def demote(self, key: Key, reason: str) -> None:
        """A lost sensor. Only a human raises the level again, but for one that was slow at the start of a show."""
        self.authority.demote(key, reason=reason)
        level = self.authority.view(key, now_s=0.0).level.value
        self.log("state", AUTO, demoted="/".join(key), level=level, reason=reason)

    def recover(self, key: Key, reason: str) -> None:
        """What it was lowered for was slow at the start of the show, and has come."""
        if self.authority.recover(key, reason=reason):
            level = self.authority.view(key, now_s=0.0).level.value
            self.log("state", AUTO, recovered="/".join(key), level=level, reason=reason)


if typing.TYPE_CHECKING:
    from live.show import ShowState
