"""The layers of scenes, by hand: moved, shown, hidden, filled, ordered. Pure; time is an argument.

A number of a layer (where it is, how large, how opaque ...) goes by the scene's file until a hand sets it; then it
stays where the hand put it, whatever the file's moves do, until it is given back. Every change sets off from where the
number is, so nothing ever jumps that was given time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from live.base.easing import eased
from live.config.scene import Layer, LayerPosition, SceneConfig
from live.picture.values import LayerView
from live.stage.poses import placed_by_file

RECT = ("x", "y", "width", "height")
CROP = ("crop_x", "crop_y", "crop_width", "crop_height")
NUMBERS = (*RECT, *CROP, "rotation", "opacity")
WAYS = ("fade", "left", "right", "top", "bottom")
Way = Literal["fade", "left", "right", "top", "bottom"]

MOST_POSITIONS = 32  # that a hand may keep of one scene, beside those of its file
_SMALLEST = 0.01  # of the source or of the frame: what is left of a side that is made smaller than nothing
_BEYOND = 0.06  # of the frame: how far past its edge a layer starts from, for its border and shadow

# The operator's crop of a source for a shape: shares of the source.
Framed = Callable[[str, float], tuple[float, float, float, float]]


@dataclass(frozen=True)
class Course:
    """A number on its way. to: None to go back to what the file says, which may move itself."""

    start: float
    to: float | None
    since_s: float
    seconds: float

    def at(self, own: float, now_s: float) -> float:
        """own: what the file says at this moment."""
        to = own if self.to is None else self.to
        if self.seconds <= 0 or self.over(now_s):
            return to
        return self.start + (to - self.start) * eased("in_out", max(0.0, now_s - self.since_s) / self.seconds)

    def over(self, now_s: float) -> bool:
        return now_s >= self.since_s + self.seconds

    def moved(self, now_s: float) -> Course:
        """With its time as an age; and back again."""
        return replace(self, since_s=now_s - self.since_s)


_SHOWN, _HIDDEN = Course(1.0, 1.0, 0.0, 0.0), Course(0.0, 0.0, 0.0, 0.0)


@dataclass
class LayerHand:
    """What a hand has done to one layer. by_machine: its source was put there by the machine."""

    courses: dict[str, Course] = field(default_factory=dict)
    shown: Course = _SHOWN
    way: Way = "fade"
    source: str | None = None
    by_machine: bool = False

    @property
    def touched(self) -> bool:
        return bool(self.courses) or self.shown != _SHOWN or self.source is not None

    @property
    def on(self) -> bool:
        return self.shown.to == 1.0


@dataclass(frozen=True)
class Position:
    """An arrangement that was kept: by layer, its numbers (None: as the file has it) and whether it was shown; and the
    order.
    """

    numbers: Mapping[str, Mapping[str, float | None]]
    shown: Mapping[str, bool]
    order: tuple[str, ...] = ()


@dataclass(frozen=True)
class KeptLayer:
    """A LayerHand; since_s of a course is an age here."""

    courses: Mapping[str, Course]
    shown: Course
    way: Way
    source: str | None
    by_machine: bool = False


@dataclass(frozen=True)
class KeptScene:
    """The layers by name; their order from back to front; the positions that were kept."""

    layers: Mapping[str, KeptLayer]
    order: tuple[str, ...]
    positions: Mapping[str, Position]


class SceneLayers:
    """The layers of one scene under a hand. framed: what an operator shows of a source. frame: width / height of the
    program.
    """

    def __init__(self, config: SceneConfig, filled: Mapping[str, str], framed: Framed, frame: float) -> None:
        self._filled, self._framed, self._frame = filled, framed, frame
        self._layers: dict[str, Layer] = {}  # by what commands call them, in the file's order
        self._hands: dict[str, LayerHand] = {}
        self._order: list[str] = []  # from back to front
        self.kept: dict[str, Position] = {}
        self.changes = 0  # made by hand, or by another file
        self.take(config)

    def take(self, config: SceneConfig) -> None:
        """The scene is another now: layers that are still there stay as the hand has them."""
        self.changes += 1
        by_file = self._order == list(self._layers)
        self._layers = {layer.label: layer for layer in config.layers}
        self._numbers = {name: n for n, name in enumerate(self._layers)}
        untouched = {name: LayerHand(shown=_SHOWN if layer.shown else _HIDDEN) for name, layer in self._layers.items()}
        self._hands = {name: self._hands.get(name, hand) for name, hand in untouched.items()}
        if by_file or set(self._order) != set(self._layers):
            self._order = list(self._layers)
        self.kept = {n: p for n, p in self.kept.items() if set(p.numbers) <= set(self._layers)}
        self._by_file = {name: _position(layers) for name, layers in config.positions.items()}
        self.kept |= self._by_file

    def save(self, now_s: float) -> KeptScene:
        layers = {
            name: KeptLayer(
                {n: course.moved(now_s) for n, course in hand.courses.items()},
                hand.shown.moved(now_s),
                hand.way,
                hand.source,
                hand.by_machine,
            )
            for name, hand in self._hands.items()
        }
        return KeptScene(layers, tuple(self._order), dict(self.kept))

    def restore(self, kept: KeptScene, now_s: float) -> None:
        """As it was; layers that the scene no longer has are left out."""
        self.changes += 1
        for name, was in kept.layers.items():
            if name in self._hands:
                courses = {n: course.moved(now_s) for n, course in was.courses.items() if n in NUMBERS}
                shown = was.shown.moved(now_s)
                self._hands[name] = LayerHand(courses, shown, was.way, was.source, was.by_machine)
        if set(kept.order) == set(self._order):
            self._order = list(kept.order)
        positions = {n: p for n, p in kept.positions.items() if set(p.numbers) <= set(self._layers)}
        self.kept = self._by_file | positions

    @property
    def names(self) -> list[str]:
        """From back to front."""
        return list(self._order)

    def layer(self, name: str) -> Layer:
        return self._layers[name]

    def on(self, name: str) -> bool:
        return self._hands[name].on

    def source(self, name: str) -> str | None:
        """Whom a layer shows."""
        return self._hands[name].source or self._filled.get(self._layers[name].place)

    def sources(self) -> list[str]:
        """Whom the layers show, those that are hidden, too."""
        return [source for name in self._order if (source := self.source(name)) is not None]

    def standing_at(self, place: str) -> list[str]:
        """Whom the layers of a place show."""
        return [s for n in self._order if self._layers[n].place == place and (s := self.source(n)) is not None]

    def seen(self, source: str, now_s: float) -> float:
        """How far a source is shown, 0 to 1, by the layer that shows most of it; 1 where no layer has it."""
        return max(
            (hand.shown.at(1.0, now_s) for name, hand in self._hands.items() if self.source(name) == source),
            default=1.0,
        )

    @property
    def touched(self) -> bool:
        return self._order != list(self._layers) or any(hand.touched for hand in self._hands.values())

    def moves(self, now_s: float) -> bool:
        """Is a layer on its way by hand?"""
        hands = self._hands.values()
        return any(not c.over(now_s) for hand in hands for c in (hand.shown, *hand.courses.values()))

    # -- the hand -----------------------------------------------------------------------------------------------------

    def set(self, name: str, to: Mapping[str, float | None], *, t_s: float, now_s: float, seconds: float = 0.0) -> None:
        """Bring numbers to values, or back to the file's (None). t_s: seconds since the shot was taken that is seen."""
        self.changes += 1
        courses, at = self._hands[name].courses, self.numbers(name, t_s, now_s)
        courses |= {
            n: Course(at[n], value, now_s, seconds) for n, value in to.items() if n in courses or value is not None
        }

    def scale(self, name: str, factor: float, *, t_s: float, now_s: float, seconds: float = 0.0) -> None:
        """So many times as large as the file has it, about its middle where that is going."""
        own, courses = (
            dict(zip(RECT, placed_by_file(0, self._layers[name], t_s).rect, strict=True)),
            self._hands[name].courses,
        )
        heading = {n: own[n] if (c := courses.get(n)) is None or c.to is None else c.to for n in RECT}
        w, h = own["width"] * factor, own["height"] * factor
        x, y = heading["x"] + (heading["width"] - w) / 2, heading["y"] + (heading["height"] - h) / 2
        self.set(name, dict(zip(RECT, (x, y, w, h), strict=True)), t_s=t_s, now_s=now_s, seconds=seconds)

    def show(self, name: str, on: bool, *, now_s: float, seconds: float = 0.0, way: Way = "fade") -> None:
        """Half-way in, it goes on the way it came: another would make it jump."""
        self.changes += 1
        hand = self._hands[name]
        amount = hand.shown.at(1.0, now_s)
        if amount in (0.0, 1.0):
            hand.way = way
        hand.shown = Course(amount, float(on), now_s, seconds)

    def filled_by_hand(self, name: str) -> bool:
        """Has a hand said what a layer shows?"""
        return self._hands[name].source is not None and not self._hands[name].by_machine

    def fill(self, name: str, source: str, *, by_machine: bool = False) -> None:
        self.changes += 1
        self._hands[name].source, self._hands[name].by_machine = source, by_machine

    def order(self, name: str, place: int) -> None:
        """place: 1 at the back."""
        self.changes += 1
        self._order.remove(name)
        self._order.insert(place - 1, name)

    def reset(self, name: str, *, t_s: float, now_s: float, seconds: float = 0.0) -> None:
        """Give a layer back to the file."""
        self.changes += 1
        self.set(name, dict.fromkeys(NUMBERS), t_s=t_s, now_s=now_s, seconds=seconds)
        self.show(name, self._layers[name].shown, now_s=now_s, seconds=seconds)
        self._hands[name].source, self._hands[name].by_machine = None, False
        self.order(name, self._numbers[name] + 1)

    def keep(self, position: str) -> None:
        """Keep where every layer is going under a name, as long as the show runs."""
        self.changes += 1
        heading = {
            name: {n: c.to if (c := hand.courses.get(n)) is not None else None for n in NUMBERS}
            for name, hand in self._hands.items()
        }
        self.kept[position] = Position(
            heading, {name: hand.on for name, hand in self._hands.items()}, tuple(self._order)
        )

    def recall(self, position: str, *, t_s: float, now_s: float, seconds: float = 0.0) -> None:
        """Bring every layer that the position names to where it was kept."""
        self.changes += 1
        kept = self.kept[position]
        for name, numbers in kept.numbers.items():
            self.set(name, numbers, t_s=t_s, now_s=now_s, seconds=seconds)
        for name, on in kept.shown.items():
            if on != self.on(name):
                self.show(name, on, now_s=now_s, seconds=seconds)
        if set(kept.order) == set(self._order):
            self._order = list(kept.order)

    # -- what is seen -------------------------------------------------------------------------------------------------

    def step(self, now_s: float) -> None:
        """What has come back to the file is the file's again."""
        for hand in self._hands.values():
            hand.courses = {n: c for n, c in hand.courses.items() if c.to is not None or not c.over(now_s)}
            if hand.on and hand.shown.over(now_s):
                hand.shown = _SHOWN

    def views(self, t_s: float, now_s: float) -> tuple[LayerView, ...] | None:
        """Every layer that is to be seen, from back to front; None when no hand has changed anything."""
        if not self.touched:
            return None
        return tuple(view for name in self._order if (view := self.view(name, t_s, now_s)) is not None)

    def view(self, name: str, t_s: float, now_s: float) -> LayerView | None:
        """One layer; None while it is hidden."""
        hand, at = self._hands[name], self.numbers(name, t_s, now_s)
        amount = hand.shown.at(1.0, now_s)
        if amount <= 0:
            return None
        rect = at["x"], at["y"], at["width"], at["height"]
        opacity = at["opacity"]
        if hand.way == "fade":
            opacity *= amount
        else:
            rect = _slid(rect, hand.way, amount)
        has_crop = self._layers[name].crop is not None or any(n in hand.courses for n in CROP)
        crop = _inside((at["crop_x"], at["crop_y"], at["crop_width"], at["crop_height"])) if has_crop else None
        return LayerView(self._numbers[name], rect, at["rotation"], min(max(opacity, 0.0), 1.0), crop, hand.source)

    def amount(self, name: str, now_s: float) -> float:
        """How far a layer is shown, 0 to 1."""
        return self._hands[name].shown.at(1.0, now_s)

    def numbers(self, name: str, t_s: float, now_s: float) -> dict[str, float]:
        """Every number as it is now: by the file, or on its course."""
        layer, courses = self._layers[name], self._hands[name].courses
        pose = placed_by_file(0, layer, t_s)
        own = dict(zip((*RECT, "rotation", "opacity"), (*pose.rect, pose.rotation_deg, pose.opacity), strict=True))
        at = {n: courses[n].at(v, now_s) if n in courses else v for n, v in own.items()}
        at["width"], at["height"] = max(at["width"], _SMALLEST), max(at["height"], _SMALLEST)
        crop, source = pose.crop, self.source(name)
        if crop is None:  # what the operator shows in it, which goes by its shape
            crop = self._framed(source, self._frame * at["width"] / at["height"]) if source else (0.0, 0.0, 1.0, 1.0)
        return at | {n: courses[n].at(v, now_s) if n in courses else v for n, v in zip(CROP, crop, strict=True)}


def _slid(rect: tuple[float, float, float, float], way: Way, amount: float) -> tuple[float, float, float, float]:
    """A layer on its way in from beyond an edge: amount 0 outside, 1 in its place."""
    x, y, w, h = rect
    away = eased("in_out", 1 - amount)
    dx = {"left": -(x + w + _BEYOND), "right": 1 - x + _BEYOND}.get(way, 0.0)
    dy = {"top": -(y + h + _BEYOND), "bottom": 1 - y + _BEYOND}.get(way, 0.0)
    return x + dx * away, y + dy * away, w, h


def _inside(crop: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """The nearest crop that is one."""
    x, y = (min(max(v, 0.0), 1 - _SMALLEST) for v in crop[:2])
    return x, y, min(max(crop[2], _SMALLEST), 1 - x), min(max(crop[3], _SMALLEST), 1 - y)


def _position(layers: Mapping[str, LayerPosition]) -> Position:
    """One that the scene's file has."""
    numbers: dict[str, dict[str, float | None]] = {}
    for name, to in layers.items():
        numbers[name] = dict(zip(RECT, to.rect, strict=True)) if to.rect is not None else {}
        numbers[name] |= dict(zip(CROP, to.crop, strict=True)) if to.crop is not None else {}
        numbers[name] |= {n: v for n, v in (("rotation", to.rotation_deg), ("opacity", to.opacity)) if v is not None}
    return Position(numbers, {name: to.shown for name, to in layers.items() if to.shown is not None})
