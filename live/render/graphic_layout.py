"""Where the parts of a graphic lie in the frame, and what each is like on its way in and out. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from live.base.easing import Ease, eased
from live.config.template import BoxPart, ImagePart, Keyframe, PartConfig, Template, TextPart, filled

_SAFE = {"title": 0.05, "action": 0.035, "none": 0.0}  # EBU R 95


@dataclass(frozen=True)
class Box:
    """Pixels of the frame; may lie beyond its edges."""

    x: float
    y: float
    w: float
    h: float

    def joined(self, other: Box) -> Box:
        x, y = min(self.x, other.x), min(self.y, other.y)
        return Box(x, y, max(self.x + self.w, other.x + other.w) - x, max(self.y + self.h, other.y + other.h) - y)


@dataclass(frozen=True)
class Pose:
    """What a part is like at an instant: opacity and how much is uncovered (0 to 1), and how far off its place
    (pixels)."""

    opacity: float
    reveal: float
    dx: float
    dy: float


Measure = Callable[[TextPart, str, float], tuple[float, float]]  # a text within a width: width and height, pixels


class Layout:
    """The places of a template's parts for what its fields say. measure: of a text part."""

    def __init__(self, template: Template, fields: dict[str, str], size: tuple[int, int], measure: Measure) -> None:
        self._template, self._fields, self._size, self._measure = template, fields, size, measure
        self._parts = {p.name: p for p in template.parts}
        self._boxes: dict[str, Box] = {}
        self.unit = size[1] / 100

    def drawn(self, part: PartConfig) -> bool:
        """Is there anything of it?"""
        if part.when is not None and not self._fields.get(part.when, "").strip():
            return False
        if part.is_empty(self._fields):
            return False
        return not isinstance(part, BoxPart) or not part.around or any(self.drawn(self._parts[n]) for n in part.around)

    def box(self, part: PartConfig) -> Box:
        """Its place. A part that isn't drawn has no height: what stands above it comes down."""
        if part.name not in self._boxes:
            self._boxes[part.name] = (
                self._around(part) if isinstance(part, BoxPart) and part.around else self._placed(part)
            )
        return self._boxes[part.name]

    def _around(self, part: BoxPart) -> Box:
        inner: Box | None = None
        for name in part.around:
            if self.drawn(other := self._parts[name]):
                inner = self.box(other) if inner is None else inner.joined(self.box(other))
        if inner is None:
            return Box(0, 0, 0, 0)
        left, top, right, bottom = (p * self.unit for p in part.pad)
        w = part.strip * self.unit if part.strip else inner.w + left + right
        return Box(inner.x - left, inner.y - top, w, inner.h + top + bottom)

    def _placed(self, part: PartConfig) -> Box:
        width, height = self._size
        edge_x, edge_y = width * _SAFE[self._template.safe], height * _SAFE[self._template.safe]
        w, h = self._extent(part, width - 2 * edge_x)
        if not self.drawn(part):
            h = 0.0
        x, y, anchor = part.x * self.unit, part.y * self.unit, part.anchor
        left = edge_x + x if "left" in anchor else width - edge_x - x - w if "right" in anchor else (width - w) / 2 + x
        top = edge_y + y if "top" in anchor else height - edge_y - y - h if "bottom" in anchor else (height - h) / 2 + y
        if part.above is not None:
            top = self.box(self._parts[part.above]).y - y - h
        return Box(left, top, w, h)

    def _extent(self, part: PartConfig, safe_w: float) -> tuple[float, float]:
        if isinstance(part, ImagePart):
            return part.w * self.unit, part.h * self.unit
        w = part.wide * safe_w if part.wide is not None else part.w * self.unit
        if not isinstance(part, TextPart):
            return w, part.h * self.unit
        text_w, text_h = self._measure(part, filled(part.text, self._fields), w)
        return w if part.fixed or part.lines > 1 else min(w, text_w), max(part.h * self.unit, text_h)


def _value(keys: list[tuple[float, float, Ease]], at: float, rest: float) -> float:
    """Of one property, between its keyframes (at, value, ease)."""
    if not keys:
        return rest
    if at <= keys[0][0]:
        return keys[0][1]
    for (start, a, _), (end, b, ease) in zip(keys, keys[1:], strict=False):
        if at < end:
            return a + (b - a) * eased(ease, (at - start) / (end - start))
    return keys[-1][1]


def pose(part: PartConfig, amount: float, leaving: bool, unit: float) -> Pose:
    """Of a part, when its graphic has come in so far (0 to 1)."""
    if amount >= 1:
        return Pose(part.opacity, 1.0, 0.0, 0.0)
    keys: list[Keyframe] = part.enter or [Keyframe(at=0.0, opacity=0.0), Keyframe(at=1.0, opacity=1.0)]
    at, begin = amount, False
    if leaving and part.leave:
        keys, at, begin = part.leave, 1 - amount, True

    def value(name: str, rest: float) -> float:
        points: list[tuple[float, float, Ease]] = [
            (k.at, float(getattr(k, name)), k.ease) for k in keys if getattr(k, name) is not None
        ]
        if begin and points and points[0][0] > 0:
            points.insert(0, (0.0, rest, "linear"))
        return _value(points, at, rest)

    opacity, reveal = min(max(value("opacity", 1.0), 0.0), 1.0), min(max(value("reveal", 1.0), 0.0), 1.0)
    return Pose(opacity * part.opacity, reveal, value("x", 0.0) * unit, value("y", 0.0) * unit)
