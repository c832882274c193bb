"""The show: every command carried out, every automatic act passed through authority. Pure; time is an argument.

Order within a frame: commands first (each raises the epoch of its domain), then holds that end, then proposals, then
acts. So a human's command is on the frame it came with, and nothing that was decided before it can follow it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from live.base.errors import CommandError
from live.base.guard import Guard, unguarded
from live.config.load import Show
from live.config.scene import SceneConfig
from live.control.registry import Command, spec_of, to_message
from live.director.authority import Authority, Hand, Key, Level
from live.director.director import Director, Proposal
from live.director.suggestions import Suggestion, Suggestions
from live.director.words import why
from live.picture.transitions import Style
from live.picture.values import Face, GraphicView, KeyView, Picture, ShotView
from live.show.authority.sensors import Sensors
from live.show.captions.model import CaptionDesk
from live.show.colour.model import colours_of
from live.show.cuts.candidates import candidates, crop_iou, seen_in
from live.show.cuts.return_shot import Comeback, Way
from live.show.cuts.switcher import FadeToBlack, Setting, Switcher, prepared
from live.show.dsk.model import Keys
from live.show.feeds.model import FeedDesk
from live.show.framing.cameras import Cameras, axis_keys
from live.show.graphics.model import Graphics
from live.show.graphics.namer import Prompter
from live.show.layers.desk import LayerDesk
from live.show.multiviews.model import MultiviewDesk
from live.show.players.model import players_of
from live.sound.hearing import LATENCY_S, Hearing

CUTS = ("cuts", "program")
AUTO = "director"
PATIENCE_S = 3.0  # a hold that is over waits so long for a pause between words

LogLine = Callable[..., None]  # (kind, by, **fields)


def hand_of(by: str) -> Hand:
    """Who a command's `by` is ("osc 10.0.0.5:4000", "script"), and whether they sit at this machine."""
    host = by.removeprefix("osc ").rsplit(":", 1)[0] if by.startswith("osc ") else ""
    return Hand(by, not host or host == "::1" or host.startswith("127."))


class ShowState:
    """Everything a show is at one instant, but for pictures and sound. Owned by the engine's thread."""

    def __init__(
        self, show: Show, log: LogLine, *, lookahead_s: float | None = None, guard: Guard | None = None
    ) -> None:
        """lookahead_s: how far ahead of program the director hears; as the delay allows when left out."""
        self.show = show
        self.log = log
        self.guard = guard or unguarded()
        self.rig = show.rig
        self.shots = {s.id: s for s in show.all_shots}
        row = [s.id for s in show.row]
        start = self.rig.start or row[0]
        ready, setting = prepared(self.rig.transitions), Setting(self.rig.transition)
        self.switcher = Switcher(start, next((s for s in row if s != start), start), ready=ready, setting=setting)
        self.black = FadeToBlack()
        self.stills_dir = self.rig.stills or show.path.parent / "stills"
        self.grabs: list[str] = []  # names for the next program picture
        self.graphics = Graphics(self.rig.graphics, show.templates)
        self.keys = Keys(self.rig.keys, self.graphics)
        self.captions = CaptionDesk(self.rig, show.templates)
        self.feeds = FeedDesk(show)
        self.multiviews = MultiviewDesk(show, self.shots)
        self.cameras = Cameras(show)
        self.framed, self.crops = show.pictures, self.cameras.crops
        self.layers = LayerDesk(show, self.switcher, self.crops)
        keys = {CUTS: Level(self.rig.director.level)}
        keys |= self.cameras.levels
        keys |= {("graphics", g): Level.SUGGEST for g in self.graphics}
        self.authority = Authority(keys)
        self._lease_s = {"cuts": self.rig.director.lease_s, "framing": self.rig.framing.lease_s, "graphics": 0.0}
        if lookahead_s is None:
            lookahead_s = max(0.0, self.rig.picture.delay_s - LATENCY_S)  # what is heard before program shows it
        labels = {s.id: s.label for s in show.all_shots} | {p.name: p.label for p in self.rig.people}
        self.colours = colours_of(show)
        self.players = players_of(self.rig)
        self.faders = {m.name: (m.gain_db, m.muted) for m in self.rig.microphones}  # gain in dB, muted
        self.keyers = {s.name: s.orders for s in self.rig.sources if s.key != "none"}  # what each keyer is told
        self.seen = {shot.id: seen_in(show, shot) for shot in self.shots.values()}
        self.director = Director(
            candidates(show, self.seen),
            show.style,
            lookahead_s=lookahead_s,
            preview_s=self.rig.director.preview_s,
            labels=labels,
            crop_iou=crop_iou(show, self.crops),
        )
        self.style = Path(self.rig.director.style).stem
        self.comeback = Comeback(self.players, self.seen, self.director.shots.__contains__, start)
        self.proposal: Proposal | None = None
        self.why = ""
        self._spoke: list[str] = []
        self.suggestions = Suggestions()
        self._prompter = Prompter(show, self.suggestions)
        self._off_s: dict[
            str, tuple[float, int | None]
        ] = {}  # graphic -> when the machine takes it off, and in which epoch
        self.banned: dict[str, float] = {}  # shot -> until when the director leaves it alone
        self._sensors = Sensors()
        self.panic = False
        self.ended = False
        self.want_preview_until_s = -1.0
        self.enrolments: list[tuple[str, str]] = []  # (name, source) to be enrolled; the engine takes them
        self._due_back_s = 0.0

    # -- the hand -----------------------------------------------------------------------------------------------------

    def apply(self, command: Command, by: str, now_s: float) -> None:
        """Carry out a human's command, now. Raises CommandError when it names something that isn't there; nothing
        changed then.
        """
        self._check_names(command)
        if (desk := spec_of(command).desk) in self.authority.domains:
            self.authority.check(desk, hand_of(by), now_s=now_s)
        from live.show.handlers import carry_out  # the hands know the state; the state only hands commands on

        touched = carry_out(self, command, by, now_s)
        for key in self._domain_keys(command) if touched is None else touched:
            self.authority.human(key, now_s=now_s, lease_s=self._lease_s[key[0]])
            if key == CUTS:
                self.proposal = None
                if spec_of(command).desk == "cuts":  # a hand on the clip itself leaves the way back open
                    self.comeback.call_off()

    def _domain_keys(self, command: Command) -> list[Key]:
        """The keys that a hand on a command's domain touches: the one that the command names."""
        spec = spec_of(command)
        if not spec.domain or spec.domain == "cuts":
            return [CUTS] if spec.domain else []
        target = next(a.name for a in spec.args if a.in_address)
        return [(spec.domain, getattr(command, target))]

    def _check_names(self, command: Command) -> None:
        spec = spec_of(command)
        known: dict[str, Collection[str]] = {
            "shot": self.shots,
            "source": self.framed,
            "camera": self.cameras.names,
            "graphic": self.graphics,
            "transition": self.switcher.ready,
            "dsk": self.keys.all,
            "player": self.players.all,
            "feed": self.feeds.names,
            "auxiliary": self.feeds.auxes,
            "shot, source or feed": self.feeds.shown,
            "domain": self.authority.domains,
            "microphone": self.faders,
            "multiview": self.multiviews.names,
            "scene": self.layers.scenes,
        }
        for arg in spec.args:
            value = getattr(command, arg.name)
            if arg.arg.of in known and value is not None and value not in known[arg.arg.of]:
                names = ", ".join(known[arg.arg.of]) or "none"
                raise CommandError(
                    to_message(command)[0], f"no {arg.arg.of} is called {value!r:.60}", f"one of: {names}"
                )

    def log_cut(
        self, by: str, before: str, to: str, reason: str, proposal: Proposal | None = None, **more: Any
    ) -> None:
        cost = None if proposal is None else round(proposal.cost, 3)
        runner_up = None if proposal is None else proposal.runner_up
        said = "" if proposal is None else why(proposal, self.director.words.shots)
        if by != AUTO:
            more["epoch"] = self.authority.epoch(CUTS)
        fields = {"from": before, "to": to, "reason": reason, "cost": cost, "runner_up": runner_up}
        if proposal is not None:
            more |= {
                "decided_s": round(proposal.decided_s, 3),
                "terms": _rounded(proposal.terms),
                "idiom": proposal.idiom,
            }
            more["why"] = said
        self.log("cut", by, **fields, **more)
        self.why = f"{'machine' if by == AUTO else 'by hand'}: {self.shots[to].label}" + (
            f" - {said}" if said and by == AUTO else ""
        )

    # -- the machine --------------------------------------------------------------------------------------------------

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
    ) -> None:
        """One frame of automation, after this frame's commands.

        faces: by source, only when new. aspects: width / height by source. dead: sources without a signal. deaf: no
        microphone is heard.
        blind: sources whose pictures nobody looks at any more.
        """
        guard = self.guard  # each part by itself: what one can't do, the others still do
        with guard("cuts"):
            self._step_cuts(now_s)
        with guard("authority"):
            self._step_holds(now_s, hearing)
            self._log_speech(hearing)
            self._check_sensors(now_s, deaf, blind)
        with guard("director"):
            self._direct(now_s, hearing, dead)
        if guard("director").failed:  # what it proposed before may not be what it would now
            self.proposal = None
        with guard("framing"):
            self._frame(now_s, dt_s, faces, aspects)
        with guard("suggestions"):
            self._suggest(now_s, faces)
        with guard("layers"):
            self.layers.step(now_s, aspects)
        with guard("graphics"):
            self.graphics.step(dt_s)
        with guard("keys"):
            self.keys.step(dt_s)
        with guard("black"):
            self.black.step(dt_s)

    def _step_cuts(self, now_s: float) -> None:
        """The transition that runs goes on, and ends."""
        rehearsed = self.switcher.rehearsing
        if (ended_on := self.switcher.step(now_s)) is not None:
            self.log("state", AUTO, program=ended_on)
        if rehearsed and not self.switcher.rehearsing:
            self.log("state", AUTO, rehearsal=False, reason="it has been seen to its end")

    def _step_holds(self, now_s: float, hearing: Hearing) -> None:
        """Holds that end."""
        busy = self.switcher.transition is not None or self.switcher.rehearsing
        old_enough = now_s - self.switcher.program_since_s >= self.director.style.min_shot_s and not busy
        # A hold ends between words, so that the machine doesn't come back in the middle of one; but it does come back.
        overdue = self._overdue_s(now_s) > PATIENCE_S
        boundaries = [CUTS] if old_enough and (hearing.in_pause or overdue) else []
        boundaries += list(self.cameras.levels) + [("graphics", g) for g in self.graphics]
        for key in self.authority.step(now_s, boundaries=boundaries):
            self.log("state", AUTO, released="/".join(key))

    def _overdue_s(self, now_s: float) -> float:
        """How long a hold on the cuts has been waiting for its natural boundary."""
        held = self.authority.view(CUTS, now_s=now_s)
        if not held.held or held.hold_left_s != 0.0:
            self._due_back_s = now_s
        return now_s - self._due_back_s

    def _check_sensors(self, now_s: float, deaf: bool, blind: Collection[str]) -> None:
        """A director that hears nobody is trusted less, and so is an operator that sees nobody: one level down, once
        for each loss.
        """
        if self._sensors.lost(now_s, "microphones", away=deaf):
            self.demote(CUTS, "no microphone is heard")
        for camera in self.cameras.operators:
            source = self.cameras.source_of(camera)
            if self._sensors.lost(now_s, camera, away=source in blind):
                for key in axis_keys(camera):
                    self.demote(key, f"nobody looks at the pictures of {source} any more")

    def demote(self, key: Key, reason: str) -> None:
        """A lost sensor. Only a human raises the level again."""
        self.authority.demote(key, reason=reason)
        self.log(
            "state", AUTO, demoted="/".join(key), level=self.authority.view(key, now_s=0.0).level.value, reason=reason
        )
        if key == CUTS:
            self.proposal = None

    def _suggest(self, now_s: float, faces: Mapping[str, tuple[Face, ...]]) -> None:
        """Offer what a human may want, and take off what a human let the machine show."""
        self.suggestions.step(now_s)
        if not self.panic:
            shot, since_s = self.shots[self.switcher.program], self.switcher.program_since_s
            self._prompter.step(
                now_s, shot=shot, since_s=since_s, faces=faces, graphics=self.graphics, allowed=self._may_suggest
            )
            self._offer_way_out(now_s)
        for name, (off_s, epoch) in list(self._off_s.items()):
            view = self.authority.view(("graphics", name), now_s=now_s)
            if epoch is None and not view.held:
                self._off_s[name] = (off_s, view.epoch)
            elif epoch is not None and (epoch != view.epoch or now_s >= off_s):
                del self._off_s[name]
                if epoch == view.epoch and self.graphics[name].visible:
                    self.graphics[name].visible = False
                    self.log("state", AUTO, graphic=name, reason="it has been on long enough to be read")

    def _offer_way_out(self, now_s: float) -> None:
        """An operator who can't show on air what it ought to would be cut away from: to a shot of everybody."""
        for wish in self.cameras.wishes():
            wide = next((s for s in self.show.row if s.role == "wide" and s.id not in self.switcher.on_air), None)
            if wide is None:
                return
            text, does = f"Cut away to {wide.label}", (("/program/cut", (wide.id,)),)
            self.suggestions.offer(
                now_s, domain="cuts", target=wish.camera, text=text, reason=wish.reason, does=does, stands_s=5.0
            )

    def _may_suggest(self, graphic: str, now_s: float) -> bool:
        view = self.authority.view(("graphics", graphic), now_s=now_s)
        return view.level is not Level.OFF and not view.held and not view.locked

    def suggested(self, taken: Suggestion, now_s: float) -> None:
        """A suggestion was taken: a graphic that it showed goes off by itself, unless a hand touches it."""
        seconds = next((g.off_after_s for g in self.rig.graphics if g.name == taken.target), 0.0)
        if taken.domain == "graphics" and seconds:
            self._off_s[taken.target] = (now_s + seconds, None)

    def _log_speech(self, hearing: Hearing) -> None:
        """Who speaks, on every change: what reports, recuts and learning go by."""
        speaking = sorted(person for person, is_on in hearing.speaking.items() if is_on)
        if speaking != self._spoke:
            self._spoke = speaking
            self.log("speech", "live", speaking=speaking)

    def _direct(self, now_s: float, hearing: Hearing, dead: Collection[str]) -> None:
        """The director always listens, so that it knows who has been speaking when it is let go; it is only heard when
        it may be.
        """
        view = self.authority.view(CUTS, now_s=now_s)
        available = self._available(now_s, dead)
        proposal = self.director.step(
            now_s,
            hearing=hearing,
            on_air=self.switcher.program,
            on_air_since_s=self.switcher.program_since_s,
            epoch=view.epoch,
            available=available,
            lead_s=self.rig.director.veto_s if view.level is Level.ARMED else None,
        )
        # While a hand tries the next transition out, the machine touches neither bus; and it lets a clip end.
        busy = self.switcher.transition is not None or self.switcher.rehearsing or self._rolls_on_air(now_s)
        if view.level is Level.OFF or view.held or view.locked or busy:
            self.proposal = None
            return
        before, self.proposal = self.proposal, proposal
        if proposal is not None and (before is None or before.decided_s != proposal.decided_s):
            self._log_proposal(proposal)
        if proposal is not None and view.level in (Level.ARMED, Level.AUTO):
            self.switcher.set_preview(proposal.shot, now_s)  # the human sees the next move before it happens
        self._act(now_s)

    def _rolls_on_air(self, now_s: float) -> bool:
        """Does a clip run, toward its end, in a shot that only a hand can have taken? The director lets it end."""
        shot, due_s = self.switcher.program, now_s - self.rig.picture.delay_s
        seen = [source for source in self.seen[shot] if self.layers.share(shot, source)]
        return shot not in self.director.shots and any(self.players.rolls(source, due_s) for source in seen)

    def _available(self, now_s: float, dead: Collection[str]) -> list[str]:
        """The shots worth cutting to: with signal, and not banned by a hand (rather a banned one than none, and what is
        on air is on air).
        """
        self.banned = {shot: until_s for shot, until_s in self.banned.items() if now_s < until_s}
        alive = [
            s for s, shot in self.shots.items() if not (needed := self.show.needed_by(shot)) or set(needed) - set(dead)
        ]
        liked = [s for s in alive if s not in self.banned or s == self.switcher.program]
        return liked or alive

    def _act(self, now_s: float) -> None:
        p = self.proposal
        if p is None or now_s < p.due_s or not self.authority.may_act(CUTS, p.epoch, now_s=now_s):
            return
        before, to = self.switcher.cut(p.shot, now_s)
        self.log_cut(AUTO, before, to, p.reason, p)
        self.proposal = None

    def _log_proposal(self, p: Proposal) -> None:
        self.log(
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

    def _frame(
        self, now_s: float, dt_s: float, faces: Mapping[str, tuple[Face, ...]], aspects: Mapping[str, float]
    ) -> None:
        """The operators' turn: still on air, reframed off air."""
        self.cameras.step(now_s, dt_s, faces, aspects, on_air=self.switcher.on_air, authority=self.authority)

    def take_scene(self, name: str, scene: SceneConfig) -> None:
        """A scene was saved: its shots are what it says now."""
        self.show.scenes[name] = scene
        self.layers.take(name, scene)
        self.shots |= {shot.id: shot for shot in self.show.all_shots if shot.scene == name}
        self.refilled(name)

    def refilled(self, scene: str) -> None:
        """Other sources stand in a scene's layers: its shots show those."""
        flat = self.layers[scene].sources()
        self.seen |= {shot.id: seen_in(self.show, shot, flat) for shot in self.shots.values() if shot.scene == scene}

    def roll(self, now_s: float) -> None:
        """The players' turn, after this frame's commands: one that is taken plays from the frame of the cut on."""
        if (way := self.comeback.step(now_s - self.rig.picture.delay_s, self.switcher.heading())) is not None:
            self._come_back(way, now_s)
        self.players.step(now_s, self._shares(now_s))

    def _come_back(self, way: Way, now_s: float) -> None:
        """The clip that a hand took is over: to the shot before, unless the hand has other plans."""
        view = self.authority.view(CUTS, now_s=now_s)
        title = self.rig.source(way.player).label
        kept = view.locked or self.switcher.rehearsing or (view.held and view.hold_left_s is None)
        if self.panic or kept or self.switcher.transition is not None:
            return
        if view.level is Level.OFF:
            text, does = f"Back to {self.shots[way.back].label}", (("/program/cut", (way.back,)),)
            self.suggestions.offer(
                now_s,
                domain="cuts",
                target=way.player,
                text=text,
                reason=f"{title} has ended",
                does=does,
                stands_s=10.0,
            )
            return
        before, to = self.switcher.cut(way.back, now_s)
        self.log_cut(AUTO, before, to, f"{title} has ended")
        self.proposal = None

    def _shares(self, now_s: float) -> dict[str, float]:
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
                if source in self.players.all and (seen := self.layers.share(shot, source)):
                    shares[source] = min(1.0, shares.get(source, 0.0) + share * seen)
        for dsk in self.keys.all.values():
            if dsk.source in self.players.all and (dsk.on or dsk.amount > 0):
                shares[dsk.source] = max(shares.get(dsk.source, 0.0), dsk.amount)
        return shares

    # -- what is seen -------------------------------------------------------------------------------------------------

    def picture(self, now_s: float) -> Picture:
        """The program picture of this instant."""
        shot, to, kind, progress = self.switcher.views(now_s)
        style = self.switcher.transition.look.style if self.switcher.transition else Style()
        graphics: tuple[GraphicView, ...] = ()
        keys: tuple[KeyView, ...] = ()
        with self.guard("graphics seen"):
            graphics = self.graphics.views()
        with self.guard("captions seen"):
            graphics += self.captions.views(graphics)
        with self.guard("keys seen"):
            keys = self.keys.views()
        shot, to = self._posed(shot, now_s), None if to is None else self._posed(to, now_s)
        crops = tuple(self.crops.items())
        return Picture(shot, to, kind, progress, graphics, crops, style, keys=keys, black=self.black.amount)

    def _posed(self, view: ShotView, now_s: float) -> ShotView:
        """A shot as the operators and hands have it; as its file says when that fails."""
        posed = view
        with self.guard("shot posed"):
            posed = self.layers.laid(self.cameras.posed(view), now_s)
        return posed

    def preview_picture(self, now_s: float) -> Picture:
        """What is on preview; during a rehearsal, what program would be."""
        if self.switcher.rehearsing:
            shot, to, kind, progress = self.switcher.views(now_s, rehearsed=True)
            style = self.switcher.rehearsal.look.style if self.switcher.rehearsal else Style()
            shot, to = self._posed(shot, now_s), None if to is None else self._posed(to, now_s)
            return Picture(shot, to, kind, progress, crops=tuple(self.crops.items()), style=style)
        return Picture(self._posed(ShotView(self.switcher.preview), now_s), crops=tuple(self.crops.items()))

    def picture_of(self, shot: str, since_s: float, now_s: float) -> Picture:
        """A shot by itself, as it would be on program since then."""
        return Picture(self._posed(ShotView(shot, now_s - since_s), now_s), crops=tuple(self.crops.items()))

    def tally(self, source: str) -> str:
        """program, preview or nothing, for a source."""
        if (
            any(source in self.seen[shot] and self.layers.share(shot, source) for shot in self.switcher.on_air)
            or source in self.keys.sources()
        ):
            return "program"
        return "preview" if source in self.seen[self.switcher.preview] else ""


def _rounded(terms: Iterable[tuple[str, float]]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in terms}
