"""The state tree, read into what people see: the console, the multiviews. Pure: no GL, no socket; a hole in the tree
reads as its default.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from live.control.cameras import Camera, cameras
from live.control.multiviews import Multiview, multiviews
from live.control.players import Player, players

State = Mapping[str, tuple[Any, ...]]

SILENCE_DB = -90.0


def text(state: State, path: str, at: int = 0, default: str = "") -> str:
    args = state.get(path, ())
    return args[at] if at < len(args) and isinstance(args[at], str) else default


def number(state: State, path: str, at: int = 0, default: float = 0.0) -> float:
    args = state.get(path, ())
    value = args[at] if at < len(args) else None
    return float(value) if isinstance(value, (int, float)) else default


@dataclass(frozen=True)
class Shot:
    """A shot on the keys. key: 1 for the first. source: the source it shows full frame, or ""."""

    key: int
    id: str
    label: str
    source: str


@dataclass(frozen=True)
class Source:
    """status: starting, live, stalled, retrying or ended. ring: name of its frame ring, or ""."""

    name: str
    label: str
    status: str
    rate_hz: float
    message: str
    ring: str

    @property
    def healthy(self) -> bool:
        return self.status == "live"


@dataclass(frozen=True)
class Microphone:
    name: str
    level_db: float  # dBFS, rms
    speaking: bool
    gain_db: float = 0.0
    muted: bool = False


@dataclass(frozen=True)
class Graphic:
    name: str
    visible: bool
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Output:
    name: str
    state: str
    message: str
    kind: str  # file, rtmp or iso
    feed: str = "program"  # an iso's source


@dataclass(frozen=True)
class Framing:
    """The operator of one source. hold_s: as for the cuts."""

    source: str
    level: str
    hold_s: float


@dataclass(frozen=True)
class Move:
    """The machine's next move. due_s: show time at which it will be done, if the machine may act."""

    shot: str
    reason: str
    due_s: float
    cost: float
    runner_up: str
    runner_up_cost: float


@dataclass(frozen=True)
class DownstreamKey:
    """One of the four keys over program. holds: a graphic, a still or a source, "" for nothing."""

    number: int
    on: bool
    holds: str
    title: str
    tied: bool  # it goes along with the next transition


@dataclass(frozen=True)
class Aux:
    """An auxiliary: what it shows, and whether somebody or some output takes it."""

    name: str
    label: str
    shows: str
    made: bool


@dataclass(frozen=True)
class Layer:
    """A layer of a scene. x, y, width, height: shares of the frame."""

    scene: str
    name: str
    shown: bool
    source: str
    x: float
    y: float
    width: float
    height: float
    opacity: float


@dataclass(frozen=True)
class Suggestion:
    """What the machine would do if a human said yes."""

    id: int
    text: str
    reason: str
    left_s: float


@dataclass(frozen=True)
class View:
    """Everything the console shows, at one moment."""

    title: str
    timecode: str
    frame: int
    rate_hz: float
    time_s: float
    delay_s: float  # program behind the cameras
    panic: bool
    late: int
    error: str
    shots: tuple[Shot, ...]
    program: str
    preview: str
    transition: str
    progress: float
    leaving: str  # the shot that a transition takes off program, or ""
    level: str
    hold_s: float  # seconds left; 0 none; -1 until released
    locked: bool
    style: str
    styles: tuple[str, ...]  # what it may be
    setting: str  # the transition that /program/auto does
    setting_s: float  # how long it takes
    transitions: tuple[str, ...]  # that the rig made ready, besides the kinds
    tbar: float  # 0 to 1
    black: bool  # going to black, or there
    keys: tuple[DownstreamKey, ...]
    auxes: tuple[Aux, ...]
    feeds: tuple[tuple[str, bool], ...]  # every feed, and whether it is made
    layers: tuple[Layer, ...]  # of every scene, from back to front
    positions: tuple[tuple[str, str], ...]  # that layers may be brought to: scene, name
    captions: bool | None  # shown over program; None: the rig has none
    owner: str  # who has taken the cuts for their own, or ""
    never: tuple[str, ...]  # shots the director leaves alone
    move: Move | None
    why: str
    suggestions: tuple[Suggestion, ...]
    sources: tuple[Source, ...]
    microphones: tuple[Microphone, ...]
    speaking: tuple[str, ...]  # people
    graphics: tuple[Graphic, ...]
    outputs: tuple[Output, ...]
    framing: tuple[Framing, ...]
    players: tuple[Player, ...]
    cameras: tuple[Camera, ...]
    multiviews: tuple[Multiview, ...]
    program_ring: str
    preview_ring: str
    glances_ring: str
    glanced: tuple[str, ...]  # the shots that there are glances of, in the order of their numbers
    rehearsing: bool  # the next transition is tried out on preview
    rehearsed: float  # how far it has come there, 0 to 1

    def shot(self, key: int) -> Shot | None:
        return self.shots[key - 1] if 0 < key <= len(self.shots) else None

    @property
    def auxiliary_choices(self) -> tuple[str, ...]:
        """What an auxiliary may be told to show: the feeds but auxiliaries, the shots, the sources."""
        own = {a.name for a in self.auxes}
        feeds = (name for name, _ in self.feeds if name not in own)
        return tuple(dict.fromkeys((*feeds, *(s.id for s in self.shots), *(s.name for s in self.sources))))

    @property
    def layers_in_hand(self) -> tuple[Layer, ...]:
        """The layers that a hand is likely to want: those of the scene on program, else on preview."""
        for shot in (self.program, self.preview):
            if "/" in shot and (
                found := tuple(layer for layer in self.layers if layer.scene == shot.partition("/")[0])
            ):
                return found
        return ()

    def label(self, shot_id: str) -> str:
        """What people call a shot."""
        return next((s.label for s in self.shots if s.id == shot_id), shot_id)

    @property
    def camera(self) -> str:
        """The camera that the keys move: the one of preview (a source full frame, or a set's camera that an operator
        has), else program's; "" for none."""
        cameras = {f.source for f in self.framing}
        found = {s.id: s.source or (name if (name := s.id.replace("/", ".")) in cameras else "") for s in self.shots}
        return found.get(self.preview, "") or found.get(self.program, "")

    @property
    def player(self) -> Player | None:
        """The player that its key moves: the one that program shows, else preview, else the only one."""
        by_name = {p.name: p for p in self.players}
        shown = [
            s.source for on in (self.program, self.preview) for s in self.shots if s.id == on and s.source in by_name
        ]
        return by_name[shown[0]] if shown else self.players[0] if len(self.players) == 1 else None

    def player_of(self, source: str) -> Player | None:
        return next((p for p in self.players if p.name == source), None)

    def source(self, name: str) -> Source | None:
        return next((s for s in self.sources if s.name == name), None)

    @property
    def machine_acts(self) -> bool:
        """Will the machine do by itself what it proposes?"""
        return self.level in ("armed", "auto") and not self.hold_s and not self.locked and not self.panic

    @property
    def spare_sources(self) -> tuple[Source, ...]:
        """Sources that no key shows full frame get a tile of their own: those with a picture, and any that are in
        trouble.

        A source of sound alone runs at no frames a second.
        """
        shown = {s.source for s in self.shots}
        return tuple(
            s for s in self.sources if s.name not in shown and (s.rate_hz > 0 or s.status not in ("live", "starting"))
        )


def _groups(state: State) -> dict[str, dict[str, list[str]]]:
    """kind -> name -> what is known of it: {"sources": {"cam1": ["status", "label"]}}, in the order of arrival."""
    groups: dict[str, dict[str, list[str]]] = {}
    for path in state:
        parts = path.split("/", 4)
        if len(parts) > 4:
            groups.setdefault(parts[2], {}).setdefault(parts[3], []).append(parts[4])
    return groups


def _shots(state: State) -> Iterator[Shot]:
    key = 1
    while shot_id := text(state, path := f"/state/shots/{key}"):
        yield Shot(key, shot_id, text(state, path, 1) or shot_id, text(state, path, 2))
        key += 1


def _source(state: State, name: str) -> Source:
    at = f"/state/sources/{name}"
    return Source(
        name,
        text(state, f"{at}/label") or name,
        text(state, f"{at}/status", default="starting"),
        number(state, f"{at}/status", 1),
        text(state, f"{at}/status", 2),
        text(state, f"/state/rings/source/{name}"),
    )


def _graphic(state: State, name: str, known: list[str]) -> Graphic:
    at = f"/state/graphics/{name}"
    fields = tuple((k.removeprefix("field/"), text(state, f"{at}/{k}")) for k in known if k.startswith("field/"))
    return Graphic(name, number(state, f"{at}/visible") != 0, fields)


def _framing(state: State, name: str) -> Framing:
    at = f"/state/framing/{name}"
    return Framing(name, text(state, f"{at}/level"), number(state, f"{at}/hold"))


def _microphone(state: State, name: str) -> Microphone:
    at = f"/state/microphones/{name}/level"
    gain, mute = f"/state/microphones/{name}/gain", f"/state/microphones/{name}/mute"
    return Microphone(
        name, number(state, at, 0, SILENCE_DB), number(state, at, 1) != 0, number(state, gain), number(state, mute) != 0
    )


def _move(state: State) -> Move | None:
    at = "/state/director/next"
    if not (shot := text(state, at)):
        return None
    return Move(
        shot, text(state, at, 1), number(state, at, 2), number(state, at, 3), text(state, at, 4), number(state, at, 5)
    )


def _numbered(state: State, kind: str) -> Iterator[int]:
    """1, 2, ... as far as the tree has /state/<kind>/<n>."""
    return itertools.takewhile(lambda n: f"/state/{kind}/{n}" in state, itertools.count(1))


def _key(state: State, n: int) -> DownstreamKey:
    at = f"/state/dsk/{n}"
    return DownstreamKey(n, number(state, at) != 0, text(state, at, 2), text(state, at, 4), number(state, at, 3) != 0)


def _feeds(state: State) -> Iterator[tuple[str, bool]]:
    for path in state:
        if path.startswith("/state/feeds/"):
            yield path.rsplit("/", 1)[1], number(state, path) != 0


def _auxes(state: State) -> Iterator[Aux]:
    for path in state:
        if path.startswith("/state/aux/"):
            name = path.rsplit("/", 1)[1]
            yield Aux(name, text(state, path, 1), text(state, path), number(state, f"/state/feeds/{name}") != 0)


def _layers(state: State, scenes: Iterable[str]) -> Iterator[Layer]:
    for scene in scenes:
        for name in state.get(f"/state/layers/{scene}", ()):
            at = f"/state/layers/{scene}/{name}"
            x, y, width, height = (number(state, f"{at}/rect", i) for i in range(4))
            shown = number(state, f"{at}/shown") != 0
            yield Layer(
                scene,
                str(name),
                shown,
                text(state, f"{at}/source"),
                x,
                y,
                width,
                height,
                number(state, f"{at}/look", 1),
            )


def _suggestions(state: State) -> Iterator[Suggestion]:
    for n in _numbered(state, "suggestions"):
        at = f"/state/suggestions/{n}"
        if suggestion_id := int(number(state, at)):
            yield Suggestion(suggestion_id, text(state, at, 2), text(state, at, 3), number(state, at, 4))


def read(state: State) -> View:
    """The whole view of a state tree."""
    groups = _groups(state)
    source_names = dict.fromkeys([*groups.get("sources", {}), *_ring_sources(state)])
    people = [n for n in groups.get("people", {}) if number(state, f"/state/people/{n}/speaking")]
    outputs = [(n, f"/state/outputs/{n}/status") for n in groups.get("outputs", {})]
    return View(
        title=text(state, "/state/show/title"),
        timecode=text(state, "/state/show/timecode", default="--:--:--:--"),
        frame=int(number(state, "/state/frame")),
        rate_hz=number(state, "/state/show/rate"),
        time_s=number(state, "/state/show/time"),
        delay_s=number(state, "/state/show/delay"),
        panic=number(state, "/state/show/panic") != 0,
        late=int(number(state, "/state/late")),
        error=text(state, "/state/error"),
        shots=tuple(_shots(state)),
        program=text(state, "/state/program/shot"),
        preview=text(state, "/state/preview/shot"),
        transition=text(state, "/state/program/transition", default="cut"),
        progress=number(state, "/state/program/transition", 1),
        leaving=text(state, "/state/program/transition", 2),
        level=text(state, "/state/director/level"),
        hold_s=number(state, "/state/director/hold"),
        locked=number(state, "/state/director/locked") != 0,
        style=text(state, "/state/director/style"),
        styles=tuple(s for s in state.get("/state/director/styles", ()) if isinstance(s, str)),
        setting=text(state, "/state/program/setting"),
        setting_s=number(state, "/state/program/setting", 1),
        transitions=tuple(t for t in state.get("/state/program/transitions", ()) if isinstance(t, str)),
        tbar=number(state, "/state/program/tbar"),
        black=number(state, "/state/program/ftb") != 0,
        keys=tuple(_key(state, n) for n in _numbered(state, "dsk")),
        auxes=tuple(_auxes(state)),
        feeds=tuple(_feeds(state)),
        layers=tuple(_layers(state, groups.get("layers", {}))),
        positions=tuple(
            (n, str(p)) for n in groups.get("layers", {}) for p in state.get(f"/state/layers/{n}/positions", ())
        ),
        captions=number(state, "/state/captions/visible") != 0 if "/state/captions/visible" in state else None,
        owner=text(state, "/state/authority/cuts/owner"),
        never=tuple(s for s in state.get("/state/director/never", ()) if isinstance(s, str)),
        move=_move(state),
        why=text(state, "/state/director/why"),
        suggestions=tuple(_suggestions(state)),
        sources=tuple(_source(state, n) for n in source_names),
        microphones=tuple(_microphone(state, n) for n in groups.get("microphones", {})),
        speaking=tuple(people),
        graphics=tuple(_graphic(state, n, known) for n, known in groups.get("graphics", {}).items()),
        outputs=tuple(
            Output(n, text(state, at), text(state, at, 1), text(state, at, 2), text(state, at, 3, "program"))
            for n, at in outputs
        ),
        framing=tuple(_framing(state, n) for n in groups.get("framing", {})),
        players=players(state),
        cameras=cameras(state),
        multiviews=multiviews(state),
        program_ring=text(state, "/state/rings/program"),
        preview_ring=text(state, "/state/rings/preview"),
        glances_ring=text(state, "/state/rings/glances"),
        glanced=tuple(s for s in state.get("/state/rings/glances", ())[1:] if isinstance(s, str)),
        rehearsing=number(state, "/state/preview/rehearsal") != 0,
        rehearsed=number(state, "/state/preview/rehearsal", 2),
    )


def _ring_sources(state: State) -> Iterator[str]:
    prefix = "/state/rings/source/"
    return (path.removeprefix(prefix) for path in state if path.startswith(prefix))


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
        now_s = self.show_time_s(view.time_s, now_ns)
        if view.move is None or not view.machine_acts:
            self._move = None
            return None
        left_s = max(0.0, view.move.due_s - now_s)
        if self._move != (view.move.shot, view.move.due_s):
            self._move, self._length_s = (view.move.shot, view.move.due_s), max(left_s, 0.1)
        return left_s, min(1.0, left_s / self._length_s)
