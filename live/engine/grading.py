"""The colours of sources: what was ordered (pure state), the automatic match, and looks, made by a process of their
own.

The engine asks once a frame for the pictures with their grades. A match measures a few thousand pixels, moves in a
ramp, and is bounded; a look is baked in 0.3 s of another process and taken up when it is ready: nothing here holds the
frame up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

import numpy as np
import numpy.typing as npt

from live.base.errors import LiveError, SceneError
from live.base.readers import NoAnswer
from live.config.keying import ColourConfig
from live.picture.values import Grade, Look, SourceInput
from live.render.files import Put
from live.render.grade import bake, conversion, grade_of, matrix_of, needs_table, watched
from live.show.colour.model import SET, SourceColours

RAMP_S = 1.5  # what a match takes to come in: never a jump on air
MEASURE_S = 2.0  # how often a reference that is followed is measured
WATCH_S = 1.0  # how often a look's file is looked at
LOST_S = 20.0  # a look that isn't made by then never will be; it takes two seconds of a full machine
_STEP = 12  # every so many pixels of luma are measured, both ways
_FEWEST = 60  # measured pixels
F64 = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Statistics:
    """Means and standard deviations of Y', Cb, Cr, codes / 255 of the program."""

    mean: F64
    deviation: F64


def measure(source: SourceInput, grade: Grade | None) -> Statistics | None:
    """Of a grid of pixels; where a matte is opaque, if there is one. None when too few count. Looks are not counted
    in.
    """
    y, u, v = source.planes
    half = _STEP // 2
    u, v = u[::half, ::half], v[::half, ::half]
    y = y[::_STEP, ::_STEP][: u.shape[0], : u.shape[1]]
    counted = np.ones(y.shape, bool)
    if source.matte is not None:
        rows = np.linspace(0, source.matte.shape[0] - 1, y.shape[0]).astype(int)
        columns = np.linspace(0, source.matte.shape[1] - 1, y.shape[1]).astype(int)
        counted = source.matte[np.ix_(rows, columns)] > 200
    if counted.sum() < _FEWEST:
        return None
    m, o = conversion(source.format, grade)
    codes = (
        np.stack([y[counted], u[: y.shape[0], : y.shape[1]][counted], v[: y.shape[0], : y.shape[1]][counted]], -1)
        / 255
        @ m.T
        + o
    )
    return Statistics(codes.mean(axis=0), codes.std(axis=0))


def towards(own: Statistics, reference: Statistics, *, of_set: bool) -> F64:
    """(gain of Y', gain of Cb and Cr, offsets of the three) that brings one's statistics towards another's, within
    bounds.

    The means and deviations of Reinhard et al., Color Transfer between Images, 2001, in Y'CbCr. Talent is not made like
    the set, only lit like it: half of the way, and no contrast.
    """
    ratio = (reference.deviation + 0.01) / (own.deviation + 0.01)
    luma = 1.0 if of_set else float(np.clip(ratio[0], 0.80, 1.25))
    chroma = 1.0 if of_set else float(np.clip(math.sqrt(ratio[1] * ratio[2]), 0.80, 1.25))
    shift = reference.mean - own.mean
    bounds = np.array([0.04, 0.025, 0.025]) if of_set else np.array([0.10, 0.06, 0.06])
    shift = np.clip(shift * (0.5 if of_set else 1.0), -bounds, bounds)
    middle = np.array([own.mean[0], 128 / 255, 128 / 255])  # gains turn about these
    return np.array([luma, chroma, *(middle * (1 - np.array([luma, chroma, chroma])) + shift)])


_NOTHING = np.array([1.0, 1.0, 0.0, 0.0, 0.0])


@dataclass
class _Match:
    """How far a source's match has come: from one correction to another."""

    start: F64
    goal: F64
    since_s: float
    measured_s: float
    orders: int

    def at(self, now_s: float) -> F64:
        t = min(max((now_s - self.since_s) / RAMP_S, 0.0), 1.0)
        return self.start + (self.goal - self.start) * (t * t * (3 - 2 * t))


class Grading:
    """Turns what is ordered into grades. Engine thread only. background: mean codes / 255 of the set that is shown,
    None for none.
    """

    def __init__(
        self,
        orders: dict[str, SourceColours],
        background: Callable[[], F64 | None],
        on_fault: Callable[[LiveError], None],
        *,
        patient: bool,
        put: Put | None = None,
    ) -> None:
        """patient: bake looks at once, in this thread: off line, where every frame must be the same each time. put: who
        looks whether a look was saved; without it the frame does."""
        self._orders = orders
        self._background = background
        self._bench = _Bench(on_fault, patient=patient, put=put)
        self._matches: dict[str, _Match] = {}

    def graded(self, pictures: dict[str, SourceInput], now_s: float) -> dict[str, SourceInput]:
        """The pictures with their grades."""
        self._bench.step(self._orders, now_s)
        plain = {name: grade_of(self._orders[name].config, self._bench.look(name)) for name in pictures}
        return {name: self._with_grade(name, picture, plain, pictures, now_s) for name, picture in pictures.items()}

    def _with_grade(
        self,
        name: str,
        picture: SourceInput,
        plain: Mapping[str, Grade | None],
        pictures: Mapping[str, SourceInput],
        now_s: float,
    ) -> SourceInput:
        orders, match = self._orders[name], self._matches.get(name)
        if orders.reference or match is not None:
            match = self._matched(name, orders, match, picture, plain, pictures, now_s)
        grade = plain[name]
        if match is not None:
            gains = match.at(now_s)
            m, o = matrix_of(orders.config)
            scale = np.diag(gains[[0, 1, 1]])
            grade = Grade(
                tuple((scale @ m).ravel().tolist()),
                tuple((scale @ o + gains[2:]).tolist()),
                grade.look if grade else None,
            )
        return replace(picture, grade=grade) if grade is not None else picture

    def _matched(
        self,
        name: str,
        orders: SourceColours,
        match: _Match | None,
        picture: SourceInput,
        plain: Mapping[str, Grade | None],
        pictures: Mapping[str, SourceInput],
        now_s: float,
    ) -> _Match | None:
        """The match as it stands now; measured anew when it was ordered, or when it follows and it is time."""
        due = (
            match is None
            or match.orders != orders.orders
            or (orders.follow and not orders.locked and now_s - match.measured_s >= MEASURE_S)
        )
        if not due:
            return match
        if not orders.reference:
            goal: F64 | None = _NOTHING
        else:
            goal = self._goal(orders.reference, picture, plain[name], plain, pictures)
        if goal is None:  # the reference, or anybody, is not to be seen now: asked again next frame
            return match
        start = match.at(now_s) if match is not None else _NOTHING
        if match is not None and np.array_equal(goal, _NOTHING) and np.array_equal(start, _NOTHING):
            self._matches.pop(name)
            return None
        self._matches[name] = made = _Match(start, goal, now_s, now_s, orders.orders)
        return made

    def _goal(
        self,
        reference: str,
        picture: SourceInput,
        grade: Grade | None,
        plain: Mapping[str, Grade | None],
        pictures: Mapping[str, SourceInput],
    ) -> F64 | None:
        own = measure(picture, grade)
        if reference == SET:
            mean = self._background()
            other = None if mean is None else Statistics(mean, np.zeros(3))
        else:
            # Whole picture against whole picture: a matte on one side only would compare a person with a room.
            there = pictures.get(reference)
            if there is not None and (there.matte is None) != (picture.matte is None):
                own, there = measure(replace(picture, matte=None), grade), replace(there, matte=None)
            other = measure(there, plain[reference]) if there is not None else None
        return towards(own, other, of_set=reference == SET) if own is not None and other is not None else None

    def needs(self, wanted: set[str]) -> set[str]:
        """The references without which a match of these sources can't be measured now."""
        found = set()
        for name in wanted & set(self._orders):
            orders, match = self._orders[name], self._matches.get(name)
            if orders.reference in self._orders and (match is None or match.orders != orders.orders or orders.follow):
                found.add(orders.reference)
        return found

    def correction(self, name: str, now_s: float) -> F64:
        """What a source's match does now: gains of luma and chroma, offsets of Y', Cb, Cr."""
        match = self._matches.get(name)
        return _NOTHING if match is None else match.at(now_s)

    def close(self) -> None:
        self._bench.close()


class _Job:
    """One look in the making: a process makes it, a thread waits for it, and for the process's end, which takes a tenth
    of a second.
    """

    def __init__(self, key: tuple[Any, ...], now_s: float) -> None:
        self.key, self.begun_s = key, now_s
        self.answers: SimpleQueue[Look | LiveError] = SimpleQueue()
        self._process: Any = None
        self._thread = Thread(target=self._fetch, name="look", daemon=True)
        self._thread.start()

    def _fetch(self) -> None:
        context = get_context("spawn")
        mine, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=_bake_for, args=(theirs, self.key), daemon=True)
        self._process.start()
        theirs.close()
        try:
            self.answers.put(mine.recv())
        except EOFError:  # it was killed
            self.answers.put(
                SceneError(str(self.key[2] or "grade"), "making the look broke off", "save the file again")
            )
        mine.close()
        self._process.join()

    def wait(self, seconds: float) -> None:
        self._thread.join(seconds)

    def give_up(self) -> None:
        """Its file doesn't answer. Waits for nothing."""
        self.answers.put(NoAnswer(self.key[2]))
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        if self._process is not None and self._process.is_alive():
            self._process.terminate()
        self._thread.join(2.0)


class _Saves:
    """When looks were last saved."""

    def __init__(self, put: Put | None) -> None:
        self._put = put
        self._known: dict[Path, tuple[int | None, float]] = {}  # ns, and when that was asked, s

    def at(self, look: Path, now_s: float) -> int | None:
        """ns; None until the disk has said so. Asks it again now and then."""
        known, asked_s = self._known.get(look, (None, -math.inf))
        if now_s - asked_s >= WATCH_S:
            self._known[look] = known, now_s
            if self._put is None:
                self._ask(look)
            else:
                self._put(look, partial(self._ask, look), lambda error: None)
        return self._known[look][0]

    def _ask(self, look: Path) -> None:
        self._known[look] = watched(look), self._known[look][1]


class _Bench:
    """Looks by source, baked when settings or files change: the newest settings first, one process at a time."""

    def __init__(self, on_fault: Callable[[LiveError], None], *, patient: bool, put: Put | None) -> None:
        self._on_fault, self._patient = on_fault, patient
        # By source: of which settings (good or broken), the last good look.
        self._made: dict[str, tuple[tuple[Any, ...], Look | None]] = {}
        self._saves = _Saves(put)
        self.job: _Job | None = None

    def look(self, name: str) -> Look | None:
        return self._made.get(name, ((), None))[1]

    def step(self, orders: Mapping[str, SourceColours], now_s: float) -> None:
        wanted = {name: self._key(c.config, now_s) for name, c in orders.items() if needs_table(c.config)}
        for name in [n for n in self._made if n not in wanted]:
            del self._made[name]
        if self.job is not None and self.job.key[2] is not None and now_s - self.job.begun_s > LOST_S:
            self.job.give_up()
        self._collect(wanted)
        for name, key in wanted.items():
            if key[3] is None or self._made.get(name, ((), None))[0] == key:
                continue
            if self._patient:
                self._take(key, _baked(key), {name: key})
            elif self.job is None:
                self.job = _Job(key, now_s)

    def _key(self, config: ColourConfig, now_s: float) -> tuple[Any, ...]:
        saved = 0 if config.look is None else self._saves.at(config.look, now_s)
        return config.gamma, config.saturation, config.look, saved

    def _collect(self, wanted: Mapping[str, tuple[Any, ...]]) -> None:
        if self.job is None or self.job.answers.empty():
            return
        job, self.job = self.job, None
        self._take(job.key, job.answers.get(), wanted)

    def _take(self, key: tuple[Any, ...], answer: Look | LiveError, wanted: Mapping[str, tuple[Any, ...]]) -> None:
        """A look for every source that wants just it; a broken one leaves them the last good one."""
        if isinstance(answer, LiveError):
            self._on_fault(answer)
        for name, wants in wanted.items():
            if wants == key:
                self._made[name] = key, self.look(name) if isinstance(answer, LiveError) else answer

    def close(self) -> None:
        if self.job is not None:
            self.job.close()


def _baked(key: tuple[Any, ...]) -> Look | LiveError:
    gamma, saturation, look, _ = key
    try:
        return bake(ColourConfig.model_construct(gamma=gamma, saturation=saturation, look=look))
    except LiveError as error:
        return error


def _bake_for(answer: Connection, key: tuple[Any, ...]) -> None:
    """The process: one look, sent back."""
    answer.send(_baked(key))
    answer.close()
