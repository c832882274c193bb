"""The sound desk: what its strips are set to, where hands and machine have led; and who is heard to speak. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from live.config.desk import DeskOrders, MasterOrders, MeterOrders, StripOrders
from live.config.presets import Preset
from live.config.strips import StripRules, StripSettings, changed
from live.show.feature import Feature, Frame

if TYPE_CHECKING:
    from live.show import ShowState

Kind = Literal["microphone", "player", "group"]


@dataclass(frozen=True)
class KeptDesk:
    """By strip: its settings and its rules; the master."""

    strips: Mapping[str, StripSettings]
    rules: Mapping[str, StripRules]
    master: MasterOrders


class SoundDesk(Feature[KeptDesk]):
    """strips, rules: by strip, in the order of the desk: microphones, players that are mixed by themselves, groups.
    presets: by name. kinds: what each strip is.
    """

    def __init__(self, state: ShowState) -> None:
        self._state, rig = state, state.rig
        self.presets: dict[str, Preset] = dict(state.show.presets)
        given = rig.strips
        self.strips = {name: strip.settings(self.presets) for name, strip in given.items()}
        self.rules = {name: strip.rules for name, strip in given.items()}
        microphones, groups = {m.name for m in rig.microphones}, {g.name for g in rig.groups}
        self.kinds: dict[str, Kind] = {
            n: "microphone" if n in microphones else "group" if n in groups else "player" for n in given
        }
        self.labels = {n: _label(state, n) for n in given}
        self.master = MasterOrders(rig.sound.master_db, False, rig.sound.ceiling_db)
        self.delays_ms: Mapping[str, float] | None = None  # by source, as sync wants it
        self.meters = MeterOrders(begun=1)
        self._orders: DeskOrders | None = None
        self._spoke: list[str] = []

    @classmethod
    def build(cls, state: ShowState) -> SoundDesk:
        return cls(state)

    def save(self, now_s: float) -> KeptDesk:
        return KeptDesk(dict(self.strips), dict(self.rules), self.master)

    def restore(self, kept: KeptDesk, now_s: float) -> None:
        groups = {g.name for g in self._state.rig.groups}
        for name in self.strips:
            self.strips[name] = kept.strips.get(name, self.strips[name])
            rules = kept.rules.get(name, self.rules[name])
            self.rules[name] = rules if rules.group in (None, *groups) else self.rules[name]
        self.order_master(kept.master)

    def known(self) -> Mapping[str, Collection[str]]:
        microphones = [m.name for m in self._state.rig.microphones]
        return {"microphone": microphones, "strip": self.strips, "preset": self.presets}

    # -- what is set ---------------------------------------------------------------------------------------------------

    def set(self, strip: str, path: tuple[str, ...], value: object) -> None:
        """One setting of a strip, to a value that is fit for it."""
        self.put(strip, changed(self.strips[strip], path, value))

    def put(self, strip: str, settings: StripSettings) -> None:
        self.strips[strip], self._orders = settings, None

    def rule(self, strip: str, **rules: Any) -> None:
        """What the machine does with a strip: values that are fit for it."""
        self.rules[strip], self._orders = self.rules[strip].model_copy(update=rules), None

    def order_master(self, master: MasterOrders) -> None:
        self.master, self._orders = master, None

    def order_delays(self, delays_ms: Mapping[str, float]) -> None:
        """How much later than they came the sounds of sources are mixed."""
        if delays_ms != self.delays_ms:
            self.delays_ms, self._orders = delays_ms, None

    def order_meters(self, meters: MeterOrders) -> None:
        self.meters, self._orders = meters, None

    @property
    def faders(self) -> dict[str, tuple[float, bool]]:
        """By microphone, its gain in dB and whether it is muted."""
        return {m.name: (s.gain_db, s.muted) for m in self._state.rig.microphones for s in [self.strips[m.name]]}

    def orders(self) -> DeskOrders:
        """What the mixer is to do: the same object until something changes."""
        if self._orders is None:
            strips = {name: self._order(name) for name in self.strips}
            groups = {g.name: strips.pop(g.name) for g in self._state.rig.groups}
            delays_ms = self.delays_ms or {}
            self._orders = DeskOrders(strips, groups, self.master, delays_ms=delays_ms, meters=self.meters)
        return self._orders

    def _order(self, name: str) -> StripOrders:
        rules = self.rules[name]
        return StripOrders(
            self.strips[name],
            group=rules.group or "",
            automix=rules.automix,
            duck_db=rules.duck_db,
            denoise=rules.denoise,
        )

    def step(self, frame: Frame) -> None:
        """Who speaks goes into the log on every change: what reports, recuts and learning go by."""
        speaking = sorted(person for person, is_on in frame.hearing.speaking.items() if is_on)
        if speaking != self._spoke:
            self._spoke = speaking
            self._state.log("speech", "live", speaking=speaking)


def _label(state: ShowState, strip: str) -> str:
    """What people call a strip: whoever wears the microphone, the player's title."""
    worn = [p.label for p in state.rig.people if p.microphone == strip]
    title = next((s.label for s in state.rig.players if s.name == strip), strip)
    return worn[0] if len(worn) == 1 else title
