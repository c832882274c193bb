"""The show's cameras: an operator for each, what it may touch, and where it stands. Pure; time is an argument. Engine
thread only.

Authority over a camera is per axis: ("framing", "cam1/pan"), ".../tilt", ".../zoom". A hand on one leaves the others to
the machine.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from live.config.edits import Item, RigKey
from live.config.load import Shot, Show
from live.config.scene import TalentPlace
from live.director.authority import Authority, AuthorityView, Key, Level
from live.framing.heads import DigitalCrop
from live.framing.operator import AXES, Operator
from live.picture.values import Crop, Face, Pose, ShotView
from live.show.authority.sensors import Sensors
from live.show.cuts.mix import CUTS
from live.show.feature import Feature, Frame
from live.show.framing.set_camera import SetCamera

if TYPE_CHECKING:
    from live.show import ShowState

FRAMING = "framing"


def axis_keys(camera: str, axes: Iterable[str] = AXES) -> list[Key]:
    """The authority keys of some axes of a camera."""
    return [(FRAMING, f"{camera}/{axis}") for axis in axes]


def camera_of(shot_id: str) -> str:
    """What the camera of a scene's shot is called in commands and in the state: `studio/left` is `studio.left`."""
    return shot_id.replace("/", ".")


@dataclass
class _InSet:
    """A camera in a set: of which shot, who is in its place, from where it is seen, and from where the renderer is
    ready to show it.
    """

    shot: Shot
    place: TalentPlace
    source: str
    pose: Pose | None = None
    ready: Pose | None = None


@dataclass(frozen=True)
class Wish:
    """A camera on air can't show what it ought to, and may not be moved there while it is seen."""

    camera: str
    reason: str


@dataclass(frozen=True)
class KeptCamera:
    """size, wanted: what its operator was told. framed: is its crop shown, where it is a source's?"""

    size: str
    wanted: int | str
    crop: Crop
    framed: bool


@dataclass(frozen=True)
class KeptCameras:
    """By camera."""

    all: Mapping[str, KeptCamera]


class Cameras(Feature[KeptCameras]):
    """Every camera of a show by name: one for each source with a picture, and one for each shot of a set that has a
    size.

    crops: where those of the sources stand that an operator or a hand has framed.
    """

    def __init__(self, state: ShowState) -> None:
        show = state.show
        self._state, self._rig = state, show.rig
        self.leases_s = {FRAMING: show.rig.framing.lease_s}
        self._sensors = Sensors()
        self._watched = {s.name for s in show.rig.sources if s.faces}
        self._program_aspect = show.rig.picture.width / show.rig.picture.height
        self._in_sets = _in_sets(show)
        self._crops_in = {shot.id: _cropped(show, shot) for shot in show.all_shots}
        self._labels = {s.name: s.label for s in show.rig.sources} | {
            name: set_.shot.label for name, set_ in self._in_sets.items()
        }
        self.names = [*show.pictures, *self._in_sets]
        self.aspects = dict.fromkeys(show.pictures, self._program_aspect)
        self.operators = {name: self._operator(name) for name in self.names}
        self.crops: dict[str, Crop] = {}
        for source in show.rig.sources:
            if source.frame is not None and source.name in self.operators:
                self.hand(source.name, Crop(*source.frame))

    def _operator(self, name: str) -> Operator:
        ahead_s, set_ = self._rig.picture.delay_s, self._in_sets.get(name)
        if set_ is None:
            return Operator(
                name,
                self._rig.source(name).shot_size,
                DigitalCrop(self.aspects[name], self._program_aspect),
                ahead_s=ahead_s,
            )
        assert set_.shot.config is not None and set_.shot.config.size is not None
        head = SetCamera(set_.shot.config, set_.place, self.aspects[set_.source], self._program_aspect)
        return Operator(name, set_.shot.config.size, head, ahead_s=ahead_s)

    def source_of(self, name: str) -> str:
        """Whose picture a camera frames."""
        return self._in_sets[name].source if name in self._in_sets else name

    def known(self) -> Mapping[str, Collection[str]]:
        return {"camera": self.names}

    def levels(self) -> dict[Key, Level]:
        """The keys of all axes."""
        level = Level(self._rig.framing.level)
        return {
            key: level if self.source_of(name) in self._watched else Level.OFF
            for name in self.names
            for key in axis_keys(name)
        }

    @classmethod
    def build(cls, state: ShowState) -> Cameras:
        return cls(state)

    def save(self, now_s: float) -> KeptCameras:
        return KeptCameras({name: self._kept(name) for name in self.names})

    def _kept(self, name: str) -> KeptCamera:
        operator = self.operators[name]
        return KeptCamera(operator.size, operator.wanted, operator.crop, name in self.crops)

    @classmethod
    def rig_keys(cls, kept: KeptCameras, show: Show) -> Iterator[RigKey]:
        shots = {camera_of(shot.id): shot for shot in show.all_shots if shot.config is not None}
        for name, camera in kept.all.items():
            subject = camera.wanted if isinstance(camera.wanted, str) else None
            yield RigKey(("sources", Item(name), "subject"), subject, cannot=f"whom {name} frames")
            if (shot := shots.get(name)) is not None and shot.config is not None:
                yield RigKey(("shots", Item(shot.config.name), "size"), camera.size, scene=shot.scene or "")
            else:
                yield RigKey(("sources", Item(name), "shot_size"), camera.size)
                by_hand = camera.framed and not show.rig.source(name).faces  # else an operator has framed it
                crop = (camera.crop.x, camera.crop.y, camera.crop.zoom) if by_hand else None
                yield RigKey(("sources", Item(name), "frame"), crop)

    def restore(self, kept: KeptCameras, now_s: float) -> None:
        """Each stands where it stood; the machine goes on from there where it may."""
        for name, was in kept.all.items():
            if name in self.operators:
                self._instruct(name, was.size, was.wanted)
                if was.crop != self.operators[name].crop:
                    self.operators[name].set_by_hand(was.crop)
                if was.framed:
                    self.show_hand(name)

    def _instruct(self, name: str, size: str, wanted: int | str) -> None:
        """What a hand has told an operator, where that isn't what it does anyway."""
        operator = self.operators[name]
        if size != operator.size:
            operator.set_size(size)
        if wanted != operator.wanted:
            operator.set_subject(wanted)

    def step(self, frame: Frame) -> None:
        state, now_s = self._state, frame.now_s
        state.let_go(self.levels(), now_s)
        self._check_sensors(now_s, frame.blind)
        self._operate(now_s, frame.dt_s, frame.faces, frame.aspects)
        if not state.session.panic:
            self._offer_way_out(now_s)

    def _check_sensors(self, now_s: float, blind: Collection[str]) -> None:
        """An operator that sees nobody is trusted less: one level down, once for each loss."""
        for camera in self.operators:
            source = self.source_of(camera)
            why = f"nobody looks at the pictures of {source} any more"
            if self._sensors.lost(now_s, camera, away=source in blind):
                for key in axis_keys(camera):
                    self._state.demote(key, why)
            if self._sensors.came(camera):
                for key in axis_keys(camera):
                    self._state.recover(key, why)

    def _offer_way_out(self, now_s: float) -> None:
        """An operator who can't show on air what it ought to would be cut away from: to a shot of everybody."""
        on_air = self._state.mix.switcher.on_air
        for wish in self.wishes():
            wide = next((s for s in self._state.show.row if s.role == "wide" and s.id not in on_air), None)
            if wide is None:
                return
            text, does = f"Cut away to {wide.label}", (("/program/cut", (wide.id,)),)
            self._state.wheel.suggestions.offer(
                now_s,
                domain=CUTS[0],
                target=wish.camera,
                text=text,
                reason=wish.reason,
                does=does,
                stands_s=5.0,
                still=partial(self._still, wish),
            )

    def _still(self, wish: Wish) -> str:
        """What speaks against a wish by now."""
        if not self._is_seen(wish.camera):
            return f"{self._labels[wish.camera]} is not on air"
        return "" if wish in self.wishes() else f"{self._labels[wish.camera]} shows what it ought to again"

    def _is_seen(self, name: str) -> bool:
        """Is what a camera frames on program, of whom it is meant to be?"""
        mix, set_ = self._state.mix, self._in_sets.get(name)
        if set_ is not None:
            return mix.switcher.heading() == set_.shot.id
        return name in self._crops_in[mix.switcher.heading()] and mix.share(mix.switcher.heading(), name) > 0

    def _operate(
        self, now_s: float, dt_s: float, faces: Mapping[str, tuple[Face, ...]], aspects: Mapping[str, float]
    ) -> None:
        """One frame of every operator: still on air, reframed off air; an axis that a hand or a panic has stands where
        it is.

        faces: by source, only when new. aspects: width / height by source.
        """
        on_air, authority = self._state.mix.switcher.on_air, self._state.authority
        cropped = {source for shot in on_air for source in self._crops_in[shot]}
        changed = {s for s, aspect in aspects.items() if s in self.aspects and abs(aspect - self.aspects[s]) > 1e-3}
        self.aspects |= {s: aspects[s] for s in changed}
        for name in self.names:
            source, set_ = self.source_of(name), self._in_sets.get(name)
            free = self.free_axes(name, now_s, authority)
            if source in changed:
                self._refit(name, keep=len(free) < len(AXES))
            seen = source in cropped if set_ is None else set_.shot.id in on_air
            crop = self.operators[name].step(now_s, dt_s, faces.get(source), on_air=seen, free=free)
            if set_ is None:
                if free:
                    self.crops[name] = crop
            elif self.operators[name].asked_by_hand and (wanted := self._wanted(name)) is not None:
                set_.pose = wanted  # at once: it is drawn as a moving camera is until its plate is made

    def _refit(self, name: str, *, keep: bool) -> None:
        """Its first picture, or another format: framed anew, from where a hand put it if one has."""
        before = self.operators[name]
        self.operators[name] = self._operator(name)
        self._instruct(name, before.size, before.wanted)
        if keep and before.crop != before.head.home:
            self.operators[name].set_by_hand(before.crop)

    def hand(self, name: str, crop: Crop) -> None:
        """A human frames it."""
        self.operators[name].set_by_hand(crop)
        self.show_hand(name)

    def show_hand(self, name: str) -> None:
        """What a hand did to a source's camera is seen on this very frame."""
        if name not in self._in_sets:
            self.crops[name] = self.operators[name].crop

    def shown(self, name: str, *, on_air: bool) -> Crop:
        """What is seen of a source now; off air, what the first frame after a cut would show."""
        operator = self.operators.get(name)
        if operator is None or name not in self.crops:
            return self.crops.get(name, Crop())
        return self.crops[name] if on_air else operator.on_cut

    def settled(self, name: str) -> bool:
        """Would a source stand still after a cut to it?"""
        return name not in self.crops or self.operators[name].settled

    def wishes(self) -> list[Wish]:
        """What the operators of cameras on air would want to be cut away from for."""
        found = []
        for name, operator in self.operators.items():
            if operator.wish and self._is_seen(name) and not (operator.wish == "lost" and self._is_there(name)):
                told = {
                    "lost": "{who} left the frame of {camera}",
                    "moved": "{who} moved further than {camera} may follow on air",
                }[operator.wish]
                found.append(Wish(name, told.format(who=self._who(name), camera=self._labels[name])))
        return found

    def _is_there(self, name: str) -> bool:
        """Is the one who sits before a camera in its picture all the same? A face that was lost for a moment is another
        one to the operator.
        """
        seated = [p.name for p in self._state.show.people if self.source_of(name) in p.seen_by]
        whom, subject = self._state.graphics.whom, self.operators[name].subject
        who = subject.person if subject is not None and subject.person else seated[0] if len(seated) == 1 else ""
        return bool(who) and who in whom.shown(self._state.mix.switcher.heading()).people

    def _who(self, name: str) -> str:
        """Whom a camera frames, in words: by their face, else by whose camera it is."""
        subject, people = self.operators[name].subject, {p.name: p.label for p in self._rig.people}
        if subject is not None and subject.person:
            return people.get(subject.person, subject.person)
        seated = [p.label for p in self._state.show.people if self.source_of(name) in p.seen_by]
        return seated[0] if len(seated) == 1 else "The subject"

    # -- cameras in sets ----------------------------------------------------------------------------------------------

    def posed(self, view: ShotView) -> ShotView:
        """A shot with its camera where it stands now."""
        set_ = self._in_sets.get(camera_of(view.shot))
        return view if set_ is None or set_.pose is None else replace(view, pose=set_.pose)

    def next_pose(self, on_air: Collection[str], preview: str) -> ShotView | None:
        """A shot whose camera is to stand elsewhere, for the renderer to prepare; the one on preview first. One on air
        only where a hand has it."""
        for name, set_ in sorted(self._in_sets.items(), key=lambda item: item[1].shot.id != preview):
            wanted = self._wanted(name)
            if (
                wanted is not None
                and wanted != set_.ready
                and (self.operators[name].asked_by_hand or set_.shot.id not in on_air)
            ):
                return ShotView(set_.shot.id, 0.0, wanted)
        return None

    def _wanted(self, name: str) -> Pose | None:
        """From where a shot of a set ought to be seen; None while its camera has never left its own place."""
        operator = self.operators[name]
        assert isinstance(operator.head, SetCamera)
        moved = self._in_sets[name].pose is not None or operator.crop != operator.head.home
        return operator.head.pose if moved else None

    def stand(self, view: ShotView) -> None:
        """The renderer is ready: from the next frame on the shot is seen from there."""
        set_ = self._in_sets[camera_of(view.shot)]
        set_.pose = set_.ready = view.pose

    # -- who has it ---------------------------------------------------------------------------------------------------

    def free_axes(self, name: str, now_s: float, authority: Authority) -> frozenset[str]:
        """The axes that the machine may move now."""
        views = ((axis, authority.view(key, now_s=now_s)) for axis, key in zip(AXES, axis_keys(name), strict=True))
        return frozenset(axis for axis, view in views if view.level is Level.AUTO and not view.held and not view.locked)

    def view(self, name: str, now_s: float, authority: Authority) -> tuple[AuthorityView, list[str]]:
        """A camera in one line: the strictest of its axes, and which axes a hand has."""
        views = [authority.view(key, now_s=now_s) for key in axis_keys(name)]
        held = [axis for axis, view in zip(AXES, views, strict=True) if view.held or view.locked]
        return max(views, key=_strictness), held


def _strictness(view: AuthorityView) -> tuple[bool, bool, bool, float]:
    left_s = float("inf") if view.hold_left_s is None else view.hold_left_s
    return view.level is Level.OFF, view.locked, view.held, left_s


def _cropped(show: Show, shot: Shot) -> list[str]:
    """The sources whose crop is seen in a shot: who stands in a set is seen whole."""
    if shot.source is not None:
        return [shot.source]
    talent = show.talent(shot.scene or "")
    return [talent[layer.place] for layer in show.scenes[shot.scene or ""].layers if layer.place in talent]


def _in_sets(show: Show) -> dict[str, _InSet]:
    found = {}
    for shot in show.all_shots:
        scene = show.scenes.get(shot.scene or "")
        if shot.config is None or shot.config.size is None or scene is None or scene.set is None:
            continue
        source = show.talent(shot.scene or "").get(shot.config.of or "")
        if source in show.source_names:
            place = next(t for t in scene.set.talent if t.name == shot.config.of)
            found[camera_of(shot.id)] = _InSet(shot, place, source)
    return found
