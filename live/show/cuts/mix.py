"""A mix: program and preview, the director who cuts between the shots, and what a hand and the machine do there.

A show may have several of these (`ShowState.mixes`, by name); `ShowState.mix` is the first. The authority key says
which it is. Keys, graphics and players' levels go with the first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from live.config.edits import Item, RigKey
from live.config.load import Shot, Show
from live.config.scene import SceneConfig
from live.config.within import Made
from live.control.registry import to_message
from live.director.authority import Key, Level
from live.director.cost import Candidate
from live.director.director import Director
from live.director.proposal import Proposal
from live.director.words import why
from live.picture.transitions import Style
from live.picture.values import Crop, GraphicView, KeyView, Picture, ShotView
from live.show.authority.sensors import Sensors
from live.show.cuts.candidates import candidates, crop_iou, several_views, standing_in, subject_of
from live.show.cuts.commands import ProgramCut
from live.show.cuts.return_shot import ReturnShot, Way
from live.show.cuts.shot_rows import shot_rows
from live.show.cuts.switcher import DRESSED, Bar, FadeToBlack, Setting, Switcher, Transition, prepared
from live.show.feature import Feature, Frame
from live.show.fitness.judge import IN_PASSING, Fault
from live.show.holder import AUTO
from live.show.names import FIRST_MIX
from live.show.within import made_now
from live.sound.hearing import LATENCY_S, Hearing

if TYPE_CHECKING:
    from live.show import ShowState

CUTS: Key = ("cuts", FIRST_MIX)
UNHEARD = "no microphone is heard"  # why the director is trusted less
AFTER_PLAYED_S = 5.0  # the ears need so long to forget what was played
SOUNDS_DB = -50.0
PATIENCE_S = 3.0  # a hold that is over waits so long for a pause between words


@dataclass(frozen=True)
class KeptTransition:
    """One that runs: since how many seconds, how long it takes, and where a hand holds it."""

    name: str
    to: str
    age_s: float
    seconds: float
    position: float | None


@dataclass(frozen=True)
class KeptMix:
    """program, preview: shot and for how many seconds it has been there. transition, rehearsal: those that run. looks:
    the style of each transition that a hand may dress. banned: shot -> for how many seconds more.
    """

    program: tuple[str, float]
    preview: tuple[str, float]
    setting: Setting
    bar: Bar
    transition: KeptTransition | None
    rehearsing: bool
    rehearsal: KeptTransition | None
    looks: Mapping[str, Style]
    black: FadeToBlack
    banned: Mapping[str, float]
    why: str
    preview_by_hand: bool = False
    silence: str | None = None  # the shot for when nobody speaks


class Mix(Feature[KeptMix]):
    """What is on which bus, and why. shots: every shot by its id; standing: what is seen in each, sources and other
    pictures by their names; seen: the sources that each really shows, those within other pictures too; subjects: what
    stands in the place that a shot is of.
    """

    def __init__(self, state: ShowState, key: Key = CUTS, beside: Mix | None = None) -> None:
        """beside: the first mix, whose shots it has, for any other one."""
        show, rig = state.show, state.rig
        self._state, self._show, self._rig, self.key = state, show, rig, key
        self.leases_s = {key[0]: rig.director.lease_s}
        self.shots: dict[str, Shot] = {s.id: s for s in show.all_shots} if beside is None else beside.shots
        row = [s.id for s in show.row]
        start = rig.start or row[0]
        ready, setting = prepared(rig.transitions), Setting(rig.transition)
        self.switcher = Switcher(start, next((s for s in row if s != start), start), ready=ready, setting=setting)
        self.black = FadeToBlack()
        self.standing: dict[str, list[str]] = {} if beside is None else beside.standing
        self.seen: dict[str, list[str]] = {} if beside is None else beside.seen
        self.subjects: dict[str, list[str]] = {} if beside is None else beside.subjects
        if beside is None:
            self.standing |= {shot.id: standing_in(show, shot) for shot in self.shots.values()}
            self.seen |= {shot: show.sources_in(names) for shot, names in self.standing.items()}
            self.subjects |= {shot.id: subject_of(show, shot) for shot in self.shots.values()}
        self.silence = rig.director.silence
        self.director: Director = self._director(state)
        self._several = several_views(show, self.director.candidates, self.seen)
        self.return_shot = ReturnShot(self.seen, lambda shot: shot in self.director.shots, start)
        self.proposal: Proposal | None = None
        self.why = ""
        self.waits = ""  # what the next move waits for, though it is due
        self.banned: dict[str, float] = {}  # shot -> until when the director leaves it alone
        self._sensors = Sensors()
        self._due_back_s = 0.0
        self._bound = ""  # what keeps the machine from cutting: its level, a hand
        self._played_s = -AFTER_PLAYED_S  # when a film or a jingle was last heard

    def _director(self, state: ShowState) -> Director:
        show, lookahead_s = state.show, state.lookahead_s
        if lookahead_s is None:
            lookahead_s = max(0.0, self._rig.picture.delay_s - LATENCY_S)  # what is heard before program shows it
        return Director(
            self._candidates(),
            show.style,
            lookahead_s=lookahead_s,
            preview_s=self._rig.director.preview_s,
            labels={s.id: s.label for s in show.all_shots} | {p.name: p.label for p in self._rig.people},
            crop_iou=crop_iou(show, lambda: state.cameras.crops),
        )

    def _candidates(self, made: Made | None = None) -> list[Candidate]:
        """made: what pictures are made of, where it isn't what the rig says."""
        subjects = {s: self._show.sources_in(names, made) for s, names in self.subjects.items() if names}
        return candidates(self._show, self.seen, self._state.fitness.on_call, self.silence, subjects)

    @property
    def name(self) -> str:
        return self.key[1]

    def tie(self, seconds: float) -> None:
        """What is tied to a transition of program comes and goes with it."""
        if self.name == FIRST_MIX:
            self._state.keys.tie(seconds)

    @classmethod
    def build(cls, state: ShowState) -> Mix:
        return cls(state)

    def save(self, now_s: float) -> KeptMix:
        s = self.switcher
        return KeptMix(
            (s.program, now_s - s.program_since_s),
            (s.preview, now_s - s.preview_since_s),
            replace(s.setting),
            replace(s.bar),
            _kept(s.transition, now_s),
            s.rehearsing,
            _kept(s.rehearsal, now_s),
            {name: s.ready[name].style for name in DRESSED},
            replace(self.black),
            {shot: until_s - now_s for shot, until_s in self.banned.items()},
            self.why,
            s.preview_by_hand,
            self.silence,
        )

    @classmethod
    def rig_keys(cls, kept: KeptMix, show: Show) -> Iterator[RigKey]:
        """The shot for silence, the transition that is set, and how those look that the rig has, or that are set."""
        own, setting = {t.name: t for t in show.rig.transitions}, kept.setting
        yield RigKey(("transition",), setting.name)
        yield RigKey(("director", "silence"), kept.silence)
        for name, look in prepared(show.rig.transitions).items():
            at, new = ("transitions", Item(name)), {"name": name, "kind": look.kind}
            if look.kind != "stinger":
                given = setting.seconds if name == setting.name and setting.seconds is not None else look.seconds
                yield RigKey((*at, "seconds"), given, new)
            if (style := kept.looks.get(name)) is not None:
                why = "" if name in (*own, setting.name, "dip") else "the edge of the wipes that are not set"
                values = {
                    "softness": style.softness,
                    "border": style.border,
                    "colour": style.colour,
                    "reverse": style.reverse,
                }
                yield from (RigKey((*at, key), value, new, cannot=why) for key, value in values.items())

    def restore(self, kept: KeptMix, now_s: float) -> None:
        s = self.switcher
        for name, style in kept.looks.items():
            if name in DRESSED:
                s.ready[name] = replace(s.ready[name], style=style)
        (program, program_s), (preview, preview_s) = kept.program, kept.preview
        if program in self.shots:
            s.program, s.program_since_s = program, now_s - program_s
        if preview in self.shots:
            s.preview, s.preview_since_s = preview, now_s - preview_s
            s.preview_by_hand = kept.preview_by_hand
        if kept.setting.name in s.ready:
            s.setting = replace(kept.setting)
        s.bar, s.rehearsing, self.black = replace(kept.bar), kept.rehearsing, replace(kept.black)
        s.transition, s.rehearsal = self._again(kept.transition, now_s), self._again(kept.rehearsal, now_s)
        self.banned = {shot: now_s + left_s for shot, left_s in kept.banned.items() if shot in self.shots}
        self.why = kept.why
        if kept.silence is None or kept.silence in self.shots:
            self.silence_on(kept.silence)

    def _again(self, kept: KeptTransition | None, now_s: float) -> Transition | None:
        if kept is None or kept.name not in self.switcher.ready or kept.to not in self.shots:
            return None
        look = self.switcher.ready[kept.name]
        return Transition(look, kept.to, now_s - kept.age_s, kept.seconds, kept.position)

    def known(self) -> Mapping[str, Collection[str]]:
        shots = {"shot": self.shots, "source": self._show.pictures}
        return shots | {"transition": self.switcher.ready, "mix": self._state.mixes}

    def levels(self) -> Mapping[Key, Level]:
        return {self.key: Level(self._rig.director.level)}

    def touched(self, key: Key, desk: str) -> None:
        self.proposal = None
        if desk == key[0]:  # a hand on the clip itself leaves the way back open
            self.return_shot.call_off()

    # -- the machine ---------------------------------------------------------------------------------------------------

    def commanded(self, now_s: float) -> None:
        """One that is taken plays from the frame of the cut on; one that is over makes way for the shot before."""
        state = self._state
        way = self.return_shot.step(now_s - self._rig.picture.delay_s, self.switcher.heading(), state.players)
        if way is not None:
            self._come_back(way, now_s)

    def step(self, frame: Frame) -> None:
        guard, now_s = self._state.guard, frame.now_s
        with guard("switcher"):
            self._step_switcher(now_s)
        if self._is_boundary(now_s, frame.hearing):
            self._state.let_go([self.key], now_s)
        if self._sensors.lost(now_s, "microphones", away=frame.deaf):
            self.demote(UNHEARD)
        if self._sensors.came("microphones"):
            self._state.recover(self.key, UNHEARD)
        with guard("director"):
            self._direct(now_s, self._present(frame), frame.dead)
        if guard("director").failed:  # what it proposed before may not be what it would now
            self.proposal = None
        self.black.step(frame.dt_s)

    def _step_switcher(self, now_s: float) -> None:
        """The transition that runs goes on, and ends."""
        rehearsed = self.switcher.rehearsing
        if (ended_on := self.switcher.step(now_s)) is not None:
            self._state.log("state", AUTO, program=ended_on)
        if rehearsed and not self.switcher.rehearsing:
            self._state.log("state", AUTO, rehearsal=False, reason="it has been seen to its end")

    def demote(self, reason: str) -> None:
        """A director that hears nobody is trusted less."""
        self._state.demote(self.key, reason)
        self.proposal = None

    def _is_boundary(self, now_s: float, hearing: Hearing) -> bool:
        """A hold ends between words, so that the machine doesn't come back in the middle of one; but it does come
        back.
        """
        busy = self.switcher.transition is not None or self.switcher.rehearsing
        old_enough = now_s - self.switcher.program_since_s >= self.director.style.min_shot_s and not busy
        overdue = self._overdue_s(now_s) > PATIENCE_S
        return old_enough and (hearing.in_pause or overdue)

    def _overdue_s(self, now_s: float) -> float:
        """How long a hold on the cuts has been waiting for its natural boundary."""
        held = self._state.authority.view(self.key, now_s=now_s)
        if not held.held or held.hold_left_s != 0.0:
            self._due_back_s = now_s
        return now_s - self._due_back_s

    def _direct(self, now_s: float, hearing: Hearing, dead: Collection[str]) -> None:
        """The director always listens, so that it knows who has been speaking when it is let go; it is only heard when
        it may be.
        """
        view = self._state.authority.view(self.key, now_s=now_s)
        available, unfit = self._available(now_s, dead)
        proposal = self.director.step(
            now_s,
            hearing=hearing,
            on_air=self.switcher.program,
            on_air_since_s=self.switcher.program_since_s,
            epoch=view.epoch,
            available=available,
            unfit=unfit,
            lead_s=self._rig.director.veto_s if view.level is Level.ARMED else None,
            weights=self._state.people.weights,
            views=self._state.people.views(self._several, available, now_s),
            news=self._state.news.shots(self, now_s),
            silence=self.silence or "",
        )
        # While a hand tries the next transition out, the machine touches neither bus; and it lets a clip end.
        busy = self.switcher.transition is not None or self.switcher.rehearsing or self._rolls_on_air(now_s)
        bound = "locked" if view.locked else "held" if view.held else "busy" if busy else view.level.value
        bound = Level.OFF.value if view.level is Level.OFF else bound
        if bound != self._bound:
            self._bound = bound
            self._state.log("state", AUTO, machine=bound)
        if view.level is Level.OFF or view.held or view.locked or busy:
            self.proposal = None
            return
        before, self.proposal = self.proposal, proposal
        if proposal is not None and (before is None or before.decided_s != proposal.decided_s):
            self._log_proposal(proposal)
        # Whoever cuts sees the next move before it happens; on preview only where no hand has put anything.
        if proposal is not None and view.level in (Level.ARMED, Level.AUTO) and not self.switcher.preview_by_hand:
            self.switcher.set_preview(proposal.shot, now_s)
        self._act(now_s)

    def _rolls_on_air(self, now_s: float) -> bool:
        """Does a clip run, toward its end, in a shot that only a hand can have taken? The director lets it end."""
        shot, due_s = self.switcher.program, now_s - self._rig.picture.delay_s
        seen = [source for source in self.seen[shot] if self.share(shot, source)]
        return shot not in self.director.shots and any(self._state.players.rolls(source, due_s) for source in seen)

    def _present(self, frame: Frame) -> Hearing:
        """What is heard of those who are in the show, and who count. Music is the room's: while a film or a jingle
        plays, what comes back from its loudspeakers is none."""
        hearing, waiting = self._state.people.counted(frame.hearing), self._state.fitness.waiting
        if self._is_played(frame):
            self._played_s = frame.now_s
        if hearing.music and frame.now_s - self._played_s < AFTER_PLAYED_S:
            hearing = replace(hearing, music=False, beat_s=None)
        if not waiting:
            return hearing
        return replace(hearing, speaking={p: on and p not in waiting for p, on in hearing.speaking.items()})

    def _is_played(self, frame: Frame) -> bool:
        """Does a player play, or a microphone sound that is what is played?"""
        sound, due_s = self._state.sound, frame.now_s - self._rig.picture.delay_s
        players = self._state.players.all
        heard = [n for n in self._rig.heard_players if n in players and not sound.strips[n].muted]
        if any(players[n].place(due_s).status == "playing" for n in heard):
            return True
        levels = (frame.metered.strips.get(n) for n in self._rig.played if not sound.strips[n].muted)
        return any(level is not None and level.rms_db > SOUNDS_DB for level in levels)

    def _available(self, now_s: float, dead: Collection[str]) -> tuple[list[str], str]:
        """The shots worth cutting to: with signal, fit to be seen, and not banned by a hand (rather a banned one than
        none, and what is on air is on air); and why what is on air isn't one of them, "" while it is, or nothing better
        is there.
        """
        self.banned = {shot: until_s for shot, until_s in self.banned.items() if now_s < until_s}
        here = self.switcher.program
        alive = [s for s in self.shots if not (needed := self.needs(s)) or set(needed) - set(dead)]
        liked = [s for s in alive if s not in self.banned or s == here] or alive
        unfit = self._state.fitness.unfit
        bad = {s: unfit[s].severity if s in unfit else 0 for s in liked}
        if here in unfit and (unfit[here].fault in IN_PASSING or self._is_hands(here)):
            bad[here] = 0
        least = min((bad[s] for s in liked if s in self.director.shots), default=0)
        leaves = bad.get(here, 0) > least
        return [s for s in liked if bad[s] <= least or s == here], unfit[here].reason if leaves else ""

    def _is_hands(self, shot: str) -> bool:
        """One that the director doesn't use: a hand that takes it knows what it is. But who waits, waits."""
        return shot not in self.director.shots and self._state.fitness.unfit[shot].fault is not Fault.ON_CALL

    def _act(self, now_s: float) -> None:
        p, waited, self.waits = self.proposal, self.waits, ""
        if p is None or now_s < p.due_s or not self._state.authority.may_act(self.key, p.epoch, now_s=now_s):
            return
        with self._state.guard("titles kept"):
            self.waits = self._state.graphics.waits_for(p.shot) if self.name == FIRST_MIX else ""
        if self.waits:
            if not waited:
                self._state.log("wait", AUTO, to=p.shot, reason=self.waits)
            return
        before, to = self.switcher.cut(p.shot, now_s, by_hand=False)
        self.log_cut(AUTO, before, to, p.reason, p)
        self.proposal = None

    def _log_proposal(self, p: Proposal) -> None:
        self._state.log(
            "proposal",
            AUTO,
            to=p.shot,
            due_s=round(p.due_s, 3),
            reason=p.reason,
            cost=round(p.cost, 3),
            runner_up=p.runner_up,
            runner_up_cost=None if p.runner_up_cost is None else round(p.runner_up_cost, 3),
            stay_cost=round(p.stay_cost, 3),
            terms=_rounded(p.terms),
            runner_up_terms=_rounded(p.runner_up_terms),
            idiom=p.idiom,
        )

    def log_cut(
        self, by: str, before: str, to: str, reason: str, proposal: Proposal | None = None, **more: Any
    ) -> None:
        cost = None if proposal is None else round(proposal.cost, 3)
        runner_up = None if proposal is None else proposal.runner_up
        said = "" if proposal is None else why(proposal, self.director.words.shots)
        if by != AUTO:
            more["epoch"] = self._state.authority.epoch(self.key)
        fields = {"from": before, "to": to, "reason": reason, "cost": cost, "runner_up": runner_up}
        if proposal is not None:
            more |= {
                "decided_s": round(proposal.decided_s, 3),
                "terms": _rounded(proposal.terms),
                "idiom": proposal.idiom,
            }
            more["why"] = said
        self._state.changes += 1
        self._state.log("cut", by, **fields, **more)
        if by != AUTO:
            self._state.fitness.aired(to)
        if self.name == FIRST_MIX:
            with self._state.guard("titles left"):
                self._state.graphics.leave(to, by, hard=self.switcher.transition is None)
        self.why = f"{'machine' if by == AUTO else 'by hand'}: {self.shots[to].label}" + (
            f" - {said}" if said and by == AUTO else ""
        )

    def _come_back(self, way: Way, now_s: float) -> None:
        """The clip that a hand took is over: to the shot before, unless the hand has other plans."""
        view = self._state.authority.view(self.key, now_s=now_s)
        title = self._rig.source(way.player).label
        kept = view.locked or self.switcher.rehearsing or (view.held and view.hold_left_s is None)
        if self._state.session.panic or kept or self.switcher.transition is not None:
            return
        if view.level is Level.OFF:
            address, args = to_message(ProgramCut(way.back, mix=self.name))
            text, does = f"Back to {self.shots[way.back].label}", ((address, tuple(args)),)
            shown = self.switcher.program
            self._state.wheel.suggestions.offer(
                now_s,
                domain=self.key[0],
                target=way.player,
                text=text,
                reason=f"{title} has ended",
                does=does,
                stands_s=10.0,
                still=lambda: "" if self.switcher.program == shown else "program shows something else by now",
            )
            return
        before, to = self.switcher.cut(way.back, now_s, by_hand=False)
        self.log_cut(AUTO, before, to, f"{title} has ended")
        self.proposal = None

    # -- what is seen --------------------------------------------------------------------------------------------------

    def take_scene(self, name: str, scene: SceneConfig) -> None:
        """A scene was saved: its shots are what it says now."""
        self._show.scenes[name] = scene
        self._state.layers.take(name, scene)
        self.shots |= {shot.id: shot for shot in self._show.all_shots if shot.scene == name}
        self.refilled(name)

    def reseated(self) -> None:
        """People have other seats: shots show others."""
        self.shots |= {shot.id: shot for shot in self._show.all_shots}
        self.recast()

    def silence_on(self, shot: str | None) -> None:
        """The shot for when nobody speaks is this one; None: as the style has it."""
        self.silence = shot
        self._recast()

    def recast(self) -> None:
        """Whom the shots show, or who is in the show, has changed: for every mix."""
        changed = [mix._recast() for mix in self._state.mixes.values()]
        if any(changed):
            self._state.log("shots", AUTO, shots=shot_rows(self._show, self.director.candidates))

    def _recast(self) -> bool:
        """For this one. Has anything changed?"""
        found = self._candidates(made_now(self._state))
        if found == list(self.director.candidates):
            return False
        self.director.recast(found)
        self._several = several_views(self._show, found, self.seen)
        self.proposal = None
        return True

    def refilled(self, scene: str) -> None:
        """Other pictures stand in a scene's layers: its shots show those."""
        layers = self._state.layers[scene]
        shots = [shot for shot in self.shots.values() if shot.scene == scene]
        self.standing |= {shot.id: standing_in(self._show, shot, layers.sources()) for shot in shots}
        self.subjects |= {shot.id: subject_of(self._show, shot, layers.standing_at) for shot in shots}
        self.look_through()
        self.recast()  # the same pictures may stand in other places

    def look_through(self) -> None:
        """Pictures that stand in shots show something else: so do those shots."""
        made = made_now(self._state)
        before = dict(self.seen)
        self.seen |= {shot: self._show.sources_in(names, made) for shot, names in self.standing.items()}
        if self.seen != before:
            self.recast()

    def needs(self, shot: str) -> list[str]:
        """The sources without all of which a shot is not worth showing: `Show.needed_by`, but whatever stands in the
        place that it is of now.
        """
        names = self.subjects[shot]
        return self._show.sources_in(names, made_now(self._state)) if names else self._show.needed_by(self.shots[shot])

    def share(self, shot: str, source: str) -> float:
        """How far a source of a shot is seen in it, 0 to 1, by itself or within another picture."""
        layers = self._state.layers
        if source in self.standing[shot]:
            return layers.share(shot, source)
        made = made_now(self._state)
        shares = (layers.share(shot, n) for n in self.standing[shot] if source in self._show.sources_in([n], made))
        return max(shares, default=0.0)

    def shares(self, now_s: float) -> dict[str, float]:
        """How much of program each player is that is on it: all of it, a part in a transition, or as far as its layer
        or its key is in.
        """
        progress = self.switcher.views(now_s)[3]
        shares: dict[str, float] = {}
        for shot in self.switcher.on_air:
            share = (
                1.0
                if self.switcher.transition is None
                else progress
                if shot == self.switcher.transition.to
                else 1.0 - progress
            )
            for source in self.seen[shot]:
                if source in self._state.players.all and (seen := self.share(shot, source)):
                    shares[source] = min(1.0, shares.get(source, 0.0) + share * seen)
        for dsk in self._state.keys.all.values():
            if dsk.source in self._state.players.all and (dsk.on or dsk.amount > 0):
                shares[dsk.source] = max(shares.get(dsk.source, 0.0), dsk.amount)
        return shares

    def picture(self, now_s: float) -> Picture:
        """The program picture of this instant."""
        shot, to, kind, progress = self.switcher.views(now_s)
        style = self.switcher.transition.look.style if self.switcher.transition else Style()
        state, guard = self._state, self._state.guard
        graphics: tuple[GraphicView, ...] = ()
        keys: tuple[KeyView, ...] = ()
        with guard("graphics seen"):
            graphics = state.graphics.views()
        with guard("captions seen"):
            graphics += state.captions.views(graphics)
        with guard("keys seen"):
            keys = state.keys.views()
        shot, to = self._posed(shot, now_s), None if to is None else self._posed(to, now_s)
        return Picture(shot, to, kind, progress, graphics, self._crops(), style, keys=keys, black=self.black.amount)

    def _crops(self) -> tuple[tuple[str, Crop], ...]:
        return tuple(self._state.cameras.crops.items())

    def _posed(self, view: ShotView, now_s: float) -> ShotView:
        """A shot as the operators and hands have it; as its file says when that fails."""
        posed = view
        with self._state.guard("shot posed"):
            posed = self._state.layers.laid(self._state.cameras.posed(view), now_s)
        return posed

    def preview_picture(self, now_s: float) -> Picture:
        """What is on preview; during a rehearsal, what program would be."""
        if self.switcher.rehearsing:
            shot, to, kind, progress = self.switcher.views(now_s, rehearsed=True)
            style = self.switcher.rehearsal.look.style if self.switcher.rehearsal else Style()
            shot, to = self._posed(shot, now_s), None if to is None else self._posed(to, now_s)
            return Picture(shot, to, kind, progress, crops=self._crops(), style=style)
        graphics: tuple[GraphicView, ...] = ()
        with self._state.guard("graphics previewed"):
            graphics = self._state.graphics.previewed() if self.name == FIRST_MIX else ()
        return Picture(self._posed(ShotView(self.switcher.preview), now_s), graphics=graphics, crops=self._crops())

    def picture_of(self, shot: str, since_s: float, now_s: float) -> Picture:
        """A shot by itself, as it would be on program since then."""
        return Picture(self._posed(ShotView(shot, now_s - since_s), now_s), crops=self._crops())

    def sources_on_air(self) -> set[str]:
        """What program shows: full frame, in a layer, in a set, by a key."""
        shown = ((shot, source) for shot in self.switcher.on_air for source in self.seen[shot])
        return {source for shot, source in shown if self.share(shot, source)} | self._state.keys.sources()

    def tally(self, source: str) -> str:
        """program, preview or nothing, for a source."""
        if source in self.sources_on_air():
            return "program"
        return "preview" if source in self.seen[self.switcher.preview] else ""


def _rounded(terms: Iterable[tuple[str, float]]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in terms}


def _kept(running: Transition | None, now_s: float) -> KeptTransition | None:
    if running is None:
        return None
    return KeptTransition(running.look.name, running.to, now_s - running.start_s, running.seconds, running.position)
