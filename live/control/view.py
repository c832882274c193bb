"""The state as people see it: what is published, and what follows from it. The console and the multiviews read it.
Pure: no GL, no socket; a hole in the state reads as its default.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from live.control.published import P, Replica
from live.show.authority.published import DirectorStatus, SuggestionStatus
from live.show.cuts.published import (
    NextMove,
    PreviewRehearsal,
    PreviewShot,
    ProgramShot,
    ProgramTransition,
    ShotOnKey,
)
from live.show.feeds.published import AuxStatus, FeedStatus
from live.show.fitness.published import ShotUnfit
from live.show.framing.published import FramingStatus
from live.show.graphics.published import GraphicField, GraphicStatus
from live.show.layers.published import LayerStatus, SceneStatus
from live.show.multiviews.published import MultiviewStatus, WindowStatus
from live.show.players.published import PlayerStatus
from live.show.session.published import Panic, ShowClock, ShowInfo
from live.show.sources.published import SourceStatus


@dataclass(frozen=True)
class View:
    """The state as it is known now. silent: no engine answers, so nothing is about to happen."""

    state: Replica = field(default_factory=Replica)
    silent: bool = False

    def get(self, cls: type[P], *holes: str | int) -> P:
        return self.state.get(cls, *holes)

    def all(self, cls: type[P]) -> tuple[P, ...]:
        return self.state.all(cls)

    # -- what is asked for everywhere ---------------------------------------------------------------------------------

    @property
    def show(self) -> ShowInfo:
        return self.state.get(ShowInfo)

    @property
    def clock(self) -> ShowClock:
        return self.state.get(ShowClock)

    @property
    def program(self) -> str:
        return self.state.get(ProgramShot).shot

    @property
    def preview(self) -> str:
        return self.state.get(PreviewShot).shot

    @property
    def transition(self) -> ProgramTransition:
        return self.state.get(ProgramTransition)

    @property
    def rehearsal(self) -> PreviewRehearsal:
        return self.state.get(PreviewRehearsal)

    @property
    def director(self) -> DirectorStatus:
        return self.state.get(DirectorStatus)

    @property
    def panic(self) -> bool:
        return self.state.get(Panic).on

    # -- what follows from it -----------------------------------------------------------------------------------------

    @property
    def move(self) -> NextMove | None:
        """The machine's next move, if it has one."""
        move = self.state.get(NextMove)
        return move if move.shot and not self.silent else None

    @property
    def machine_acts(self) -> bool:
        """Will the machine do by itself what it proposes?"""
        director = self.director
        return director.level in ("armed", "auto") and not (director.hold_s or director.locked or self.panic)

    @property
    def suggestions(self) -> tuple[SuggestionStatus, ...]:
        """Those that stand, the oldest first."""
        return tuple(s for s in self.state.all(SuggestionStatus) if s.id)

    @property
    def shots(self) -> tuple[ShotOnKey, ...]:
        """Those on the keys, in order."""
        return tuple(s for s in self.state.all(ShotOnKey) if s.id)

    def unfit(self, shot_id: str) -> str:
        """Why a shot on a key is nothing to show; "" while it is fit."""
        shot = next((s for s in self.shots if s.id == shot_id), None)
        return self.state.get(ShotUnfit, shot.key).reason if shot is not None else ""

    def shot(self, key: int) -> ShotOnKey | None:
        return next((s for s in self.shots if s.key == key), None)

    def label(self, shot_id: str) -> str:
        """What people call a shot."""
        return next((s.label for s in self.shots if s.id == shot_id), "") or shot_id

    def source_of(self, shot_id: str) -> str:
        """The source that a shot on a key shows full frame, or ""."""
        return next((s.source for s in self.shots if s.id == shot_id), "")

    def source(self, name: str) -> SourceStatus | None:
        return next((s for s in self.state.all(SourceStatus) if s.name == name), None)

    @property
    def spare_sources(self) -> tuple[SourceStatus, ...]:
        """Sources that no key shows full frame get a tile of their own: those with a picture, and any that are in
        trouble.

        A source of sound alone runs at no frames a second.
        """
        shown = {s.source for s in self.shots}
        spare = (s for s in self.state.all(SourceStatus) if s.name not in shown)
        return tuple(s for s in spare if s.rate_hz > 0 or s.status not in ("live", "starting"))

    @property
    def camera(self) -> str:
        """The camera that the keys move: the one of preview (a source full frame, or a set's camera that an operator
        has), else program's; "" for none."""
        cameras = {f.camera for f in self.state.all(FramingStatus)}
        found = {s.id: s.source or (name if (name := s.id.replace("/", ".")) in cameras else "") for s in self.shots}
        return found.get(self.preview, "") or found.get(self.program, "")

    @property
    def player(self) -> PlayerStatus | None:
        """The player that its key moves: the one that program shows, else preview, else the only one."""
        players = self.state.all(PlayerStatus)
        shown = [self.player_of(self.source_of(on)) for on in (self.program, self.preview)]
        return next(filter(None, shown), players[0] if len(players) == 1 else None)

    def player_of(self, source: str) -> PlayerStatus | None:
        return next((p for p in self.state.all(PlayerStatus) if p.name == source), None)

    def fields(self, graphic: GraphicStatus) -> tuple[GraphicField, ...]:
        """What a graphic says."""
        return tuple(f for f in self.state.all(GraphicField) if f.graphic == graphic.name)

    @property
    def auxiliary_choices(self) -> tuple[str, ...]:
        """What an auxiliary may be told to show: the feeds but auxiliaries, the shots, the sources."""
        own = {a.name for a in self.state.all(AuxStatus)}
        feeds = (f.name for f in self.state.all(FeedStatus) if f.name not in own)
        shots, sources = (s.id for s in self.shots), (s.name for s in self.state.all(SourceStatus))
        return tuple(dict.fromkeys((*feeds, *shots, *sources)))

    @property
    def layers_in_hand(self) -> tuple[LayerStatus, ...]:
        """The layers that a hand is likely to want, from back to front: those of the scene on program, else on
        preview.
        """
        for shot in (self.program, self.preview):
            scene, _, of_scene = shot.partition("/")
            if of_scene and (names := self.state.get(SceneStatus, scene).layers):
                return tuple(self.state.get(LayerStatus, scene, name) for name in names)
        return ()

    def windows(self, multiview: str) -> tuple[WindowStatus, ...]:
        """The windows of a multiview, in order."""
        count = self.state.get(MultiviewStatus, multiview).count
        return tuple(w for w in self.state.all(WindowStatus) if w.multiview == multiview and w.number <= count)


class CountDown:
    """How far the machine's next move is off, between the state's ticks. Time is an argument.

    The whole length of the count-down isn't published: it runs from when this proposal was first seen.
    """

    def __init__(self) -> None:
        self._move: tuple[str, float] | None = None
        self._length_s = 1.0
        self._base: tuple[float, int] = (0.0, 0)  # show time, and the monotonic time it was heard

    def show_time_s(self, time_s: float, now_ns: int) -> float:
        """The show's time now: what was last published, carried on by the local clock, for a second at most."""
        if time_s != self._base[0]:
            self._base = (time_s, now_ns)
        return time_s + min((now_ns - self._base[1]) / 1e9, 1.0)

    def left(self, view: View, now_ns: int) -> tuple[float, float] | None:
        """(seconds left, share of the count-down left), or None when nothing counts down."""
        now_s, move = self.show_time_s(view.clock.time_s, now_ns), view.move
        if move is None or not view.machine_acts:
            self._move = None
            return None
        left_s = max(0.0, move.due_s - now_s)
        if self._move != (move.shot, move.due_s):
            self._move, self._length_s = (move.shot, move.due_s), max(left_s, 0.1)
        return left_s, min(1.0, left_s / self._length_s)
