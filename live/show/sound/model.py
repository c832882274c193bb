"""The sound desk: what its strips are set to, where hands and machine have led; and who is heard to speak. Pure; time
is an argument.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from live.config.desk import LATENCY_S, DeskOrders, MasterOrders, MeterOrders, StripOrders
from live.config.edits import At, Item, RigKey
from live.config.load import Show
from live.config.presets import Preset
from live.config.strips import StripRules, StripSettings, changed, shots_of
from live.director.authority import AuthorityView, Key, Level
from live.show.feature import Feature, Frame
from live.show.holder import AUTO
from live.show.sound.automatic import (
    AUTOMIX,
    BY_FADER,
    CHECK,
    DENOISE,
    DUCKING,
    FOLLOW,
    LEVELLING,
    SOUND,
    Kind,
    key_of,
    keys_of,
    level_of,
    of_kind,
)
from live.show.sound.check import Place, SoundCheck
from live.show.sound.following import Seen, Wish, opening, wish
from live.show.sound.levelling import Leveller, Move

if TYPE_CHECKING:
    from live.show import ShowState

CHECK_STANDS_S = 120.0  # how long what a sound check proposes stands among the suggestions


@dataclass(frozen=True)
class KeptDesk:
    """By strip: its settings, its rules, whether it is open, and what levelling has added; the master; solo."""

    strips: Mapping[str, StripSettings]
    rules: Mapping[str, StripRules]
    master: MasterOrders
    open: Mapping[str, bool] = field(default_factory=dict)
    trims_db: Mapping[str, float] = field(default_factory=dict)
    solo: tuple[str, ...] = ()
    in_place: bool = False


class SoundDesk(Feature[KeptDesk]):
    """strips, rules: by strip, in the order of the desk: microphones, players that are mixed by themselves, groups.
    presets: by name. kinds: what each strip is. pictures: the sources that its sound belongs to. open: is it, by the
    picture? why: of each strip, what the machine did there last. in_place: does a solo change the air? solo: the
    strips that are alone there. check: the sound check that runs.
    """

    undoes = ("strips", "rules", "master")

    def __init__(self, state: ShowState) -> None:
        self._state, rig = state, state.rig
        self.leases_s = {SOUND: rig.sound.lease_s}
        self.presets: dict[str, Preset] = dict(state.show.presets)
        given = rig.strips
        self.strips = {name: strip.settings(self.presets) for name, strip in given.items()}
        self.rules = {name: strip.rules for name, strip in given.items()}
        microphones, groups = {m.name for m in rig.microphones}, {g.name for g in rig.groups}
        self.kinds: dict[str, Kind] = {
            n: "microphone" if n in microphones else "group" if n in groups else "player" for n in given
        }
        self._shot_labels = {s.name: s.label for s in rig.sources} | {s.id: s.label for s in state.show.all_shots}
        self.reseated()
        self.master = MasterOrders(rig.sound.master_db, False, rig.sound.ceiling_db)
        self.delays_ms: Mapping[str, float] = {}  # by source, as sync wants it
        self.meters = MeterOrders(begun=1)
        self.open = dict.fromkeys(given, True)
        self._waits_s = dict.fromkeys(given, 0.0)
        # The sound that goes with a picture is mixed so much later; of a delayed program it has been mixed by then.
        self._with_picture_s = max(0.0, LATENCY_S - rig.picture.delay_s)
        self.why = dict.fromkeys(given, "")
        self.levellers = {m.name: Leveller() for m in rig.microphones}
        self.solo: frozenset[str] = frozenset()
        self.in_place = rig.sound.solo == "in place"
        self.check: SoundCheck | None = None
        self.stored: list[tuple[str, Preset]] = []  # presets that are to be written to the disk
        self._begun = False
        self._working: dict[str, tuple[bool, float, bool]] = {}  # automix, ducking in dB, noise suppression
        self._looked = -1  # when that was looked at last, in changes
        self._orders: DeskOrders | None = None
        self._ordered: dict[str, StripOrders] = {}
        self._spoke: list[str] = []

    @classmethod
    def build(cls, state: ShowState) -> SoundDesk:
        return cls(state)

    def reseated(self) -> None:
        """Whose each strip is, and which pictures it belongs to, as people sit now."""
        state = self._state
        self.labels = {n: _label(state, n) for n in self.strips}
        self.pictures = {n: _pictures(state, n) for n in self.strips}
        self._voices = {m.name: [p.name for p in state.show.people if m.name in p.worn] for m in state.rig.microphones}

    def save(self, now_s: float) -> KeptDesk:
        trims_db = {name: round(leveller.trim_db, 1) for name, leveller in self.levellers.items()}
        solo = tuple(sorted(self.solo))
        return KeptDesk(
            dict(self.strips), dict(self.rules), self.master, dict(self.open), trims_db, solo, self.in_place
        )

    def restore(self, kept: KeptDesk, now_s: float) -> None:
        groups = {g.name for g in self._state.rig.groups}
        for name in self.strips:
            self.strips[name] = kept.strips.get(name, self.strips[name])
            rules = kept.rules.get(name, self.rules[name])
            if rules.group in (None, *groups) and set(shots_of(rules.follow)) <= self._state.mix.shots.keys():
                self.rules[name] = rules
            self.open[name] = kept.open.get(name, self.open[name])
        for name, leveller in self.levellers.items():
            leveller.put(kept.trims_db.get(name, 0.0))
        self.solo, self.in_place = frozenset(kept.solo) & self.strips.keys(), kept.in_place
        self.master, self._begun, self._looked, self._orders = kept.master, True, -1, None

    @classmethod
    def rig_keys(cls, kept: KeptDesk, show: Show) -> Iterator[RigKey]:
        tables = {m.name: "microphones" for m in show.rig.microphones} | {g.name: "groups" for g in show.rig.groups}
        for name, settings in kept.strips.items():
            values = settings.model_dump() | kept.rules[name].model_dump()
            at: At = (tables.get(name, "sources"), Item(name))
            if name not in tables:  # a player has its gain in its own table
                yield RigKey((*at, "gain_db"), values.pop("gain_db"))
                at = (*at, "strip")
            yield from (RigKey((*at, key), value) for key, value in values.items())
        yield RigKey(("sound", "master_db"), kept.master.gain_db)
        yield RigKey(("sound", "ceiling_db"), kept.master.ceiling_db)
        yield RigKey(("sound", "solo"), "in place" if kept.in_place else "monitor")
        yield RigKey(("sound", "muted"), kept.master.muted, cannot="the master's mute: a show begins with sound")

    def known(self) -> Mapping[str, Collection[str]]:
        return {"microphone": self.levellers, "strip": self.strips, "preset": self.presets}

    def levels(self) -> Mapping[Key, Level]:
        follow = Level(self._state.rig.sound.follow)
        return {
            key_of(name, what): level_of(rules, what, follow)
            for name, rules in self.rules.items()
            for what in of_kind(self.kinds[name])
        }

    # -- what is set ---------------------------------------------------------------------------------------------------

    def hand(self, strip: str, path: tuple[str, ...], value: object) -> list[Key]:
        """A hand on one setting of a strip, a value that is fit for it. Gives the keys that it touches: whoever moves a
        fader has it for a while. One who opens a muted strip wants to hear it.
        """
        self.put(strip, changed(self.strips[strip], path, value))
        if path == ("muted",) and not value:
            self.put_open(strip, True)
        return self.fader_keys(strip) if path in (("gain_db",), ("muted",)) else []

    def fader_keys(self, strip: str) -> list[Key]:
        """What of the machine a hand on a strip's fader keeps off."""
        return keys_of(strip, self.kinds[strip], BY_FADER)

    def keys(self, strip: str) -> list[Key]:
        return keys_of(strip, self.kinds[strip])

    def put(self, strip: str, settings: StripSettings) -> None:
        self.strips[strip], self._orders = settings, None

    def rule(self, strip: str, **rules: Any) -> None:
        """What the machine does with a strip: values that are fit for it."""
        self.rules[strip], self._orders, self._looked = self.rules[strip].model_copy(update=rules), None, -1

    def put_open(self, strip: str, is_open: bool, wait_s: float = 0.0) -> None:
        """wait_s: so much later than the order."""
        self.open[strip], self._waits_s[strip], self._orders = is_open, wait_s, None

    def asking(self, what: str) -> list[str]:
        """The strips whose rules ask for an automation."""
        return [name for name, rules in self.rules.items() if level_of(rules, what, Level.AUTO) is not Level.OFF]

    def store(self, name: str, preset: Preset) -> None:
        """A preset, from now on and in the rig's folder."""
        self.presets[name] = preset
        self.stored.append((name, preset))

    def order_master(self, master: MasterOrders) -> None:
        self.master, self._orders = master, None

    def order_delays(self, delays_ms: Mapping[str, float]) -> None:
        """How much later than they came the sounds of sources are mixed."""
        if delays_ms != self.delays_ms:
            self.delays_ms, self._orders = delays_ms, None

    def order_meters(self, meters: MeterOrders) -> None:
        self.meters, self._orders = meters, None

    def put_solo(self, solo: Collection[str]) -> None:
        """Nothing else is on air; with none, all of it."""
        self.solo, self._orders = frozenset(solo), None

    @property
    def faders(self) -> dict[str, tuple[float, bool]]:
        """By microphone, its gain in dB and whether it is muted."""
        return {name: (self.strips[name].gain_db, self.strips[name].muted) for name in self.levellers}

    def view(self, strip: str, what: str, now_s: float) -> AuthorityView:
        return self._state.authority.view(key_of(strip, what), now_s=now_s)

    # -- what the mixer is told ----------------------------------------------------------------------------------------

    def orders(self) -> DeskOrders:
        """What the mixer is to do: the same object until something changes."""
        if self._orders is None:
            strips = {name: self.order(name) for name in self.strips}
            groups = {g.name: strips.pop(g.name) for g in self._state.rig.groups}
            self._orders = DeskOrders(
                strips, groups, self.master, solo=self.solo, delays_ms=self.delays_ms, meters=self.meters
            )
        return self._orders

    def order(self, name: str) -> StripOrders:
        """What the mixer is to do with one of them: the same object until that changes."""
        rules, leveller = self.rules[name], self.levellers.get(name)
        automix, duck_db, denoise = self._working.get(name, (False, 0.0, False))
        is_open, ramp_s = opening(rules, self.open[name])
        made = StripOrders(
            self.strips[name],
            group=rules.group or "",
            trim_db=round(leveller.trim_db, 1) if leveller is not None else 0.0,
            open=is_open,
            ramp_s=ramp_s,
            wait_s=self._waits_s[name],
            automix=automix,
            duck_db=duck_db,
            denoise=denoise,
        )
        if made != self._ordered.get(name):
            self._ordered[name] = made
        return self._ordered[name]

    # -- the machine ---------------------------------------------------------------------------------------------------

    def commanded(self, now_s: float) -> None:
        """What follows the picture does so on the frame of a hand's cut."""
        self._look(now_s)
        following = [name for name, rules in self.rules.items() if rules.follow != "off"]
        if following:
            mix = self._state.mix
            seen = Seen(mix.switcher.on_air, mix.sources_on_air())
            for name in following:
                self._follow(name, wish(self.rules[name], self.pictures[name], seen, self._shot_labels), now_s)
        self._begun = True

    def _look(self, now_s: float) -> None:
        """What the quick automations may do: the mixer carries them out, where their level lets them."""
        if self._looked == self._state.changes:
            return
        self._looked = self._state.changes
        working = {}
        for name, rules in self.rules.items():
            automix, ducking, denoise = (
                wanted and self._may(name, what, now_s)
                for wanted, what in ((rules.automix, AUTOMIX), (rules.duck_db > 0, DUCKING), (rules.denoise, DENOISE))
            )
            working[name] = automix, rules.duck_db if ducking else 0.0, denoise
        if working != self._working:
            self._working, self._orders = working, None

    def _may(self, strip: str, what: str, now_s: float) -> bool:
        """A hand on the fader doesn't keep these off, a lock does."""
        view = self.view(strip, what, now_s)
        return view.level is Level.AUTO and not view.locked

    def _follow(self, name: str, wanted: Wish, now_s: float) -> None:
        key = key_of(name, FOLLOW)
        if wanted.open == self.open[name] or self.strips[name].muted:
            self._state.wheel.suggestions.withdraw(*key)
            return
        view = self._state.authority.view(key, now_s=now_s)
        if not self._begun and view.level is Level.AUTO:
            self.put_open(name, wanted.open)  # as it is when the show starts: nobody did anything
        elif self._state.authority.may_act(key, view.epoch, now_s=now_s):
            self.put_open(name, wanted.open, self._with_picture_s)
            self._acted(name, f"{self.labels[name]} {'opened' if wanted.open else 'closed'}: {wanted.reason}")
            self._state.log("desk", AUTO, strip=name, open=wanted.open, reason=self.why[name])
        elif view.level is Level.SUGGEST and not view.held and not view.locked:
            self._state.wheel.suggestions.offer(
                now_s,
                domain=key[0],
                target=key[1],
                text=f"{'Open' if wanted.open else 'Close'} {self.labels[name]}",
                reason=wanted.reason,
                does=((f"/strips/{name}/open", (int(wanted.open),)),),
            )

    def _acted(self, strip: str, why: str) -> None:
        self.why[strip] = why
        self._state.changes += 1

    def step(self, frame: Frame) -> None:
        self._tell_who_speaks(frame)
        speaking = {name: any(frame.hearing.speaking.get(p, False) for p in who) for name, who in self._voices.items()}
        self._end_holds(frame, speaking)
        for name, leveller in self.levellers.items():
            self._level(name, leveller, speaking[name], frame)
        if self.check is not None:
            self._listen(self.check, [name for name, is_on in speaking.items() if is_on], frame)

    def _tell_who_speaks(self, frame: Frame) -> None:
        """Who speaks goes into the log on every change: what reports, recuts and learning go by."""
        speaking = sorted(person for person, is_on in frame.hearing.speaking.items() if is_on)
        if speaking != self._spoke:
            self._spoke = speaking
            self._state.log("speech", "live", speaking=speaking)

    def _end_holds(self, frame: Frame, speaking: Mapping[str, bool]) -> None:
        """A hold on a strip ends between words, so that nobody is closed in the middle of one."""
        quiet = [name for name in self.strips if frame.hearing.in_pause or not speaking.get(name, False)]
        self._state.let_go((key for name in quiet for key in self.fader_keys(name)), frame.now_s)

    def _level(self, name: str, leveller: Leveller, speaking: bool, frame: Frame) -> None:
        """Levelling of a voice. A muted strip is never touched, nor one that nobody levels."""
        if self.rules[name].levelling == "off" and not leveller.trim_db:
            return
        key = key_of(name, LEVELLING)
        view = self._state.authority.view(key, now_s=frame.now_s)
        free = not view.held and not view.locked and not self.strips[name].muted
        if not free or view.level is Level.OFF:
            leveller.stop()
            return
        move = leveller.listen(
            frame.dt_s,
            speaking=speaking,
            came_lufs=frame.metered.speech_lufs.get(name),
            gain_db=self.strips[name].gain_db,
            target_lufs=self._state.rig.sound.target_lufs,
        )
        if move is not None:
            self._moved(name, leveller, move, view, frame.now_s)
        before = round(leveller.trim_db, 1)
        if leveller.glide(frame.dt_s, speaking=speaking) and round(leveller.trim_db, 1) != before:
            self._orders = None

    def _moved(self, name: str, leveller: Leveller, move: Move, view: AuthorityView, now_s: float) -> None:
        key, why = key_of(name, LEVELLING), move.words(self.labels[name])
        if move.by_db and self._state.authority.may_act(key, view.epoch, now_s=now_s):
            leveller.take(move)
            self._acted(name, why)
            self._state.log("desk", AUTO, strip=name, trim_db=move.by_db, reason=why)
            return
        # What the machine may not do, or not do alone, the hand's fader can.
        by_db = round(move.by_db or -move.off_db, 1)
        before_db = self.strips[name].gain_db
        gain_db = round(min(24.0, max(-60.0, before_db + by_db)), 1)

        def still() -> str:
            """What speaks against it by now."""
            strip = self.strips[name]
            return "it is muted" if strip.muted else "a hand has set it" if strip.gain_db != before_db else ""

        self._state.wheel.suggestions.withdraw(*key)
        self._state.wheel.suggestions.offer(
            now_s,
            domain=key[0],
            target=key[1],
            text=f"{self.labels[name]}: {by_db:+g} dB",
            reason=why,
            does=((f"/strips/{name}/gain", (gain_db,)),),
            still=still,
        )

    # -- the sound check -----------------------------------------------------------------------------------------------

    def begin_check(self) -> bool:
        """Of the microphones that somebody wears and that are open; False when there are none."""
        worn = [name for name, who in self._voices.items() if who and not self.strips[name].muted]
        self.end_check()
        self.check = SoundCheck(worn, self._state.rig.sound.target_lufs) if worn else None
        return self.check is not None

    def end_check(self) -> None:
        for name in self.check.places if self.check is not None else ():
            self.withdraw_check(name)
        self.check = None

    def withdraw_check(self, strip: str) -> None:
        self._state.wheel.suggestions.withdraw(*key_of(strip, CHECK))

    def _listen(self, check: SoundCheck, speaking: list[str], frame: Frame) -> None:
        metered = frame.metered
        ready = check.listen(
            frame.dt_s,
            speaking=speaking,
            until=metered.until,
            levels=metered.strips,
            speech_lufs=metered.speech_lufs,
            settings=self.strips,
        )
        for name in ready:
            self._propose(name, check.places[name], frame.now_s)

    def _propose(self, name: str, place: Place, now_s: float) -> None:
        """What the sound check found for a strip."""
        assert place.proposal is not None
        domain, target = key_of(name, CHECK)
        reason = "; ".join(place.proposal.words) or "it is right as it is"
        self._acted(name, f"{self.labels[name]}: {reason}")
        self._state.log("desk", AUTO, strip=name, check=self.labels[name], reason=reason)
        if not place.proposal.does(name):
            place.done = "taken"
            return
        self._state.wheel.suggestions.offer(
            now_s,
            domain=domain,
            target=target,
            text=f"Set {self.labels[name]}",
            reason=reason,
            does=(("/sound/check/take", (name,)),),
            stands_s=CHECK_STANDS_S,
        )

    def hold_left_s(self, strip: str, now_s: float) -> float:
        """How long a hand keeps the machine off a strip's fader: 0 for not, -1 until it is released."""
        view = self.view(strip, FOLLOW, now_s)
        if view.locked or view.hold_left_s is None:
            return -1.0
        return math.ceil(view.hold_left_s) if view.held else 0.0


def _label(state: ShowState, strip: str) -> str:
    """What people call a strip: whoever wears the microphone, the player's title."""
    worn = [p.label for p in state.show.people if strip in p.worn]
    title = next((s.label for s in state.rig.players if s.name == strip), strip)
    return worn[0] if len(worn) == 1 else title


def _pictures(state: ShowState, strip: str) -> list[str]:
    """The sources that a strip's sound belongs to: its own, and the cameras of those who wear the microphone."""
    cameras = [c for p in state.show.people if strip in p.worn for c in p.seen_by]
    own = [m.source for m in state.rig.microphones if m.name == strip] or [strip]
    return [name for name in dict.fromkeys([*cameras, *own]) if name in state.show.pictures]
