"""What tests of framing share: faces at places, and operators run for a while."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hypothesis import settings
from hypothesis import strategies as st

from live.framing.heads import DigitalCrop
from live.framing.operator import AXES, Operator
from live.framing.shots import Box, Fit, aim_at, crop_for
from live.picture.values import Crop, Face

WIDE = 16 / 9
FRAME_S = 1 / 30
quick = settings(max_examples=50, deadline=None)
ASPECTS = st.sampled_from([(WIDE, WIDE), (4 / 3, WIDE), (9 / 16, WIDE), (WIDE, 9 / 16), (2.39, WIDE), (WIDE, 1.0)])


def face_at(x: float, y: float = 0.4, height: float = 0.2, aspect: float = WIDE) -> Face:
    """A face whose middle is at x, y; its box is square in pixels, as the detector's is."""
    width = height / aspect
    return Face(x - width / 2, y - height / 2, width, height, 0.9)


def faces(aspect: float) -> st.SearchStrategy[Face]:
    return st.builds(lambda x, y, h: face_at(x, y, h, aspect), st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 0.9))


def box_of(crop: Crop, *aspects: float) -> Box:
    return Fit(*aspects).box(crop)


def of_one(face: Face, size: str, *aspects: float, lead: float = 0.0) -> Crop:
    return crop_for(aim_at([face], aspects[0], lead=lead), size, Fit(*aspects))


def in_picture(box: Box) -> Box:
    return Box(max(box.x0, 0.0), max(box.y0, 0.0), min(box.x1, 1.0), min(box.y1, 1.0))


def make(size: str = "mcu", *aspects: float, ahead_s: float = 0.0) -> Operator:
    return Operator("cam1", size, DigitalCrop(*(aspects or (WIDE, WIDE))), ahead_s=ahead_s)


def assert_inside(crop: Crop, aspects: tuple[float, float]) -> None:
    box = box_of(crop, *aspects)
    assert min(box.x0, box.y0) >= -1e-9 and max(box.x1, box.y1) <= 1 + 1e-9
    assert crop.zoom >= 1


Look = Callable[[float], Sequence[Face] | None]


def run(
    operator: Operator, seconds: float, look: Look, *, on_air: bool, start_s: float = 0.0, free: bool = True
) -> list[Crop]:
    times_s = [start_s + i * FRAME_S for i in range(round(seconds / FRAME_S))]
    return [operator.step(t, FRAME_S, look(t), on_air=on_air, free=AXES if free else ()) for t in times_s]


def settled(x: float = 0.35, size: str = "mcu") -> Operator:
    """An operator who has framed a face at x off air, by time 0."""
    operator = make(size)
    run(operator, 3, lambda _: [face_at(x)], on_air=False, start_s=-3)
    return operator


def person(x: float, track: int, height: float = 0.15, **more: object) -> Face:
    f = face_at(x, height=height)
    return Face(f.x, f.y, f.width, f.height, 0.9, track, **more)  # type: ignore[arg-type]
