"""What the operator hears, and to whom the operator speaks. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from live.config.desk import LISTEN, MINUS, PROGRAM, DeskOrders
from live.config.edits import RigKey
from live.config.load import Show
from live.show.feature import Feature

if TYPE_CHECKING:
    from live.show import ShowState


@dataclass(frozen=True)
class KeptListening:
    """What is listened to, and how. Talkback is closed in a show that is taken up again."""

    source: str
    pfl: tuple[str, ...]
    afl: tuple[str, ...]
    gain_db: float
    dimmed: bool
    muted: bool
    mono: bool


@dataclass(frozen=True)
class Heard:
    """What is heard. direct: strips as they come in; buses: of the mixer, LISTEN where a strip is heard after its fader
    or a group before it. gain_db: of all of it, as dimmed; None for nothing."""

    direct: tuple[str, ...]
    buses: tuple[str, ...]
    gain_db: float | None
    mono: bool


class Listening(Feature[KeptListening]):
    """pfl, afl: the strips that are heard before and after their faders, in the order in which they were asked for.
    talks_to: the buses that talkback is open to.
    """

    def __init__(self, state: ShowState) -> None:
        self._state, rig = state, state.rig
        self.config, self.talkback = rig.listening, rig.talkback
        self.source = rig.listening.source if rig.listening else PROGRAM
        self.gain_db = rig.listening.gain_db if rig.listening else 0.0
        self.pfl: list[str] = []
        self.afl: list[str] = []
        self.dimmed = self.muted = self.mono = False
        self.talks_to: tuple[str, ...] = ()
        self._returns = {bus.removeprefix(MINUS): bus for bus in rig.buses if bus != PROGRAM}
        self._orders: tuple[DeskOrders, DeskOrders] | None = None  # without what is asked for here, and with it

    @classmethod
    def build(cls, state: ShowState) -> Listening:
        return cls(state)

    def save(self, now_s: float) -> KeptListening:
        return KeptListening(
            self.source, tuple(self.pfl), tuple(self.afl), self.gain_db, self.dimmed, self.muted, self.mono
        )

    @classmethod
    def rig_keys(cls, kept: KeptListening, show: Show) -> Iterator[RigKey]:
        if show.rig.listening is not None:
            yield RigKey(("listening", "source"), kept.source)
            yield RigKey(("listening", "gain_db"), kept.gain_db)

    def restore(self, kept: KeptListening, now_s: float) -> None:
        strips = self._state.sound.strips
        if kept.source in self.known()["bus or strip"]:
            self.source = kept.source
        self.pfl, self.afl = [n for n in kept.pfl if n in strips], [n for n in kept.afl if n in strips]
        self.gain_db, self.dimmed, self.muted, self.mono = kept.gain_db, kept.dimmed, kept.muted, kept.mono
        self._orders = None

    def known(self) -> Mapping[str, Collection[str]]:
        return {
            "bus or strip": [*self._state.rig.buses, *self._state.sound.strips],
            "return": ["", *self._returns, *self._returns.values()],
        }

    # -- what is set ---------------------------------------------------------------------------------------------------

    def listen_to(self, name: str) -> None:
        """A bus or a strip."""
        self.source, self._orders = name, None

    def engage(self, strips: list[str], strip: str, on: bool) -> None:
        """Into self.pfl or self.afl, or out of it."""
        if (strip in strips) != on:
            (strips.append if on else strips.remove)(strip)
        self._orders = None

    def clear(self) -> None:
        self.pfl.clear()
        self.afl.clear()
        self._orders = None

    def talk(self, on: bool, who: str) -> None:
        """To one return, or to those of the rig; "" closes all of them."""
        assert self.talkback is not None
        buses = [self._returns.get(who, who)] if who else self.talkback.to
        kept = [bus for bus in self.talks_to if bus not in buses]
        self.talks_to = tuple([*kept, *buses] if on else kept if who else ())
        self._orders = None

    # -- what comes of it ----------------------------------------------------------------------------------------------

    @property
    def heard(self) -> Heard:
        """What the operator hears now."""
        before = self._before
        direct = tuple(strip for strip in before if self._state.sound.kinds[strip] != "group")
        buses = [LISTEN] if self.afl or len(direct) < len(before) else []
        if not before and not self.afl:
            buses = [self.source]
        quieter = self.config.dim_db if self.config and (self.dimmed or self.talks_to) else 0.0
        return Heard(direct, tuple(buses), None if self.muted else self.gain_db - quieter, self.mono)

    def orders(self, desk: DeskOrders) -> DeskOrders:
        """What the mixer is to do, with what is asked for here: the same object until something changes."""
        if self._orders is None or self._orders[0] is not desk:
            talks = dict.fromkeys(self.talks_to, self.talkback.gain_db) if self.talkback else {}
            groups = [n for n in self._before if self._state.sound.kinds[n] == "group"]
            self._orders = desk, replace(desk, pfl=frozenset(groups), afl=frozenset(self.afl), talkback=talks)
        return self._orders[1]

    @property
    def _before(self) -> list[str]:
        """The strips that are heard before their faders."""
        return self.pfl or ([] if self.afl or self.source in self._state.rig.buses else [self.source])
