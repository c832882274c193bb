"""A show log, read afterwards: typed lines, and what they say together (shots, speech).

A log whose last line was cut short by a kill is read up to there. Anything else that is not a show log is a LogError
that names the line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from live.base.errors import LogError
from live.sound.hearing import LATENCY_S

DIRECTOR = "director"
Bools = npt.NDArray[np.bool_]


class Line(BaseModel):
    """What every line has. frame: of the program. t_s: show time. by: who."""

    model_config = ConfigDict(extra="allow", frozen=True, populate_by_name=True)

    frame: int = Field(ge=0)
    t_s: float
    kind: str
    by: str


L = TypeVar("L", bound=Line)


class PersonLine(BaseModel):
    name: str
    label: str
    camera: str | None = None  # the first that shows them, at the start


class ShotLine(BaseModel):
    id: str
    label: str
    role: str
    person: str | None = None
    people: list[str] = []
    lacks: list[str] = []  # of a wide shot: who isn't in it
    source: str | None = None
    camera: str | None = None  # the one source that it is of


class SourceLine(BaseModel):
    name: str
    label: str
    kind: str


class OutputLine(BaseModel):
    name: str
    kind: str
    path: Path | None = None
    source: str | None = None
    feed: str = "program"  # "" for one of sound alone
    show: str = ""  # whose file it is, where that is another show: a recut names the isos that it was made from


class Start(Line):
    """The show as it was set up. show: its identity (live/base/identity.py); "" in logs of 0.1.0. begun: by the clock
    on the wall. files_s: the time in media files when the clock started."""

    show: str = ""
    title: str
    rig: Path
    rate: str = Field(pattern=r"^[1-9]\d*/[1-9]\d*$")
    picture: dict[str, Any]
    delay_s: float = 0.0
    seed: int = 1
    style: str | None = None
    program: str | None = None
    people: list[PersonLine]
    shots: list[ShotLine]
    sources: list[SourceLine]
    outputs: list[OutputLine] = []
    offline: bool = False
    begun: str = ""
    files_s: float = 0.0
    target_lufs: float | None = None


class Shots(Line):
    """People have other seats: whom each shot shows from here on."""

    shots: list[ShotLine]


class Cut(Line):
    before: str = Field(alias="from")
    to: str
    reason: str = ""
    cost: float | None = None
    runner_up: str | None = None
    terms: dict[str, float] = {}
    transition: str = "cut"
    seconds: float = 0.0


class Proposal(Line):
    to: str
    due_s: float
    reason: str
    cost: float
    runner_up: str | None = None
    runner_up_cost: float | None = None
    stay_cost: float | None = None
    terms: dict[str, float] = {}


class Override(Line):
    vetoed: str = ""
    reason: str = ""


class Command(Line):
    address: str
    args: list[Any] = []


class Speech(Line):
    speaking: list[str]


class Marker(Line):
    text: str = ""


class Loudness(BaseModel):
    """The program's, as the desk's meters had it."""

    short_lufs: float
    integrated_lufs: float
    range_lu: float
    true_peak_db: float


class Measured(Line, Loudness):
    """Once a minute."""


class Said(Line):
    """What the meters gave cause to say."""

    message: str = ""


class Problem(Line):
    subject: str = ""
    message: str = ""


class End(Line):
    frames: int
    made: int = 0
    late: int = 0
    cpu_ms: dict[str, float] = {}
    memory_mb: dict[str, float] = {}
    figures: dict[str, Any] = {}
    loudness: Loudness | None = None


_RECORDING = re.compile(r"^live: recording (.+)$")
_KINDS: dict[str, type[Line]] = {
    "start": Start,
    "shots": Shots,
    "cut": Cut,
    "proposal": Proposal,
    "override": Override,
    "command": Command,
    "speech": Speech,
    "marker": Marker,
    "loudness": Measured,
    "sound": Said,
    "fault": Problem,
    "end": End,
}


@dataclass(frozen=True)
class Span:
    """One shot on program: frames start to end (not included). by: who cut to it; cut: None for the shot the show began
    with. transition: how many of its first frames are the transition to it."""

    start: int
    end: int
    shot: ShotLine
    by: str
    cut: Cut | None = None
    transition: int = 0

    @property
    def frames(self) -> int:
        return self.end - self.start

    @property
    def is_hand(self) -> bool:
        return self.cut is not None and self.by != DIRECTOR


@dataclass(frozen=True)
class ShowLog:
    """A whole log. frames: of the program, from 0."""

    path: Path
    start: Start
    lines: list[Line]
    end: End | None
    rate: Fraction = field(init=False)
    frames: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rate", Fraction(self.start.rate))
        last = max((line.frame for line in self.lines), default=0) + 1
        object.__setattr__(self, "frames", max(last, self.end.frames if self.end else 0))

    def of(self, kind: type[L]) -> list[L]:
        return [line for line in self.lines if type(line) is kind]

    @property
    def seconds(self) -> float:
        return float(self.frames / self.rate)

    @property
    def delay_frames(self) -> int:
        """By how many frames program shows later than the log's `speech` says it. A live show knows of a voice
        LATENCY_S after it began; one that was made off line waits for nothing."""
        known_s = 0.0 if self.start.offline else LATENCY_S
        return round((self.start.delay_s - known_s) * self.rate)

    def label(self, person: str) -> str:
        return next((p.label for p in self.start.people if p.name == person), person)

    def shot(self, shot_id: str, frame: int = 0) -> ShotLine:
        """As it was from a frame of the program on."""
        told = next((line for line in reversed(self.of(Shots)) if line.frame <= frame), self.start)
        known = next((s for s in told.shots if s.id == shot_id), None)
        return known or ShotLine(id=shot_id, label=shot_id, role="none")

    def spans(self) -> list[Span]:
        """Every shot that was on program, in order, without gaps. A transition belongs to the shot that comes."""
        cuts = [c for c in self.of(Cut) if c.frame < self.frames]
        here = self.start.program or (cuts[0].before if cuts else self.start.shots[0].id)
        begins: list[tuple[int, str, Cut | None]] = [(0, here, None)]
        for cut in cuts:
            if cut.to != begins[-1][1]:
                begins = [b for b in begins if b[0] < cut.frame] + [(cut.frame, cut.to, cut)]
        ends = [b[0] for b in begins[1:]] + [self.frames]
        acts = [c.frame for c in cuts]
        found = []
        for (begin, shot, why), end in zip(begins, ends, strict=True):
            length = round(why.seconds * self.rate) if why is not None and why.transition != "cut" else 0
            # Another cut, also to the same shot, ends a transition.
            settled = next((frame for frame in acts if frame > begin), end)
            found.append(
                Span(begin, end, self.shot(shot, begin), why.by if why else "live", why, min(length, settled - begin))
            )
        return found

    def speech(self) -> dict[str, list[tuple[int, int]]]:
        """Who spoke when, by person: program frames (first, after the last) of what was heard then."""
        found: dict[str, list[tuple[int, int]]] = {p.name: [] for p in self.start.people}
        since: dict[str, int] = {}
        for line in self.of(Speech):
            at = max(0, min(line.frame + self.delay_frames, self.frames))
            for person in [p for p in since if p not in line.speaking]:
                found.setdefault(person, []).append((since.pop(person), at))
            for person in line.speaking:
                since.setdefault(person, at)
        for person, at in since.items():
            found.setdefault(person, []).append((at, self.frames))
        return {person: [(a, b) for a, b in spans if b > a] for person, spans in found.items()}

    def speaking(self) -> tuple[list[str], Bools]:
        """The people, and frames x people: who spoke in what program showed."""
        spans = self.speech()
        people = list(spans)
        found = np.zeros((self.frames, len(people)), bool)
        for i, person in enumerate(people):
            for first, after in spans[person]:
                found[first:after, i] = True
        return people, found

    def recordings(self) -> list[OutputLine]:
        """The recordings of the program; those that stay through a fade to black come last."""
        return [
            o
            for feed in ("program", "unfaded")
            for o in self.start.outputs
            if o.path and not o.source and o.feed == feed
        ]

    def files(self, output: OutputLine) -> list[Path]:
        """The files that an output wrote in this show, in order: more than one when it was broken off by a fault."""
        assert output.path is not None
        found = [output.path]
        for line in self.lines:
            said = line.model_extra or {}
            if (
                line.kind == "state"
                and said.get("output") == output.name
                and (match := _RECORDING.match(str(said.get("message", ""))))
            ):
                found.append(output.path.with_name(match[1]))
        return list(dict.fromkeys(found))

    def isos(self) -> list[OutputLine]:
        return [o for o in self.start.outputs if o.path and o.source]


def read_log(path: Path) -> ShowLog:
    """Read a show log. Raises LogError."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise LogError(
            str(path), f"can't be read ({error.strerror})", "give the log of a show (`live run --log FILE`)"
        ) from None
    lines = list(_lines(path, raw))
    start = next((line for line in lines if isinstance(line, Start)), None)
    if start is None:
        raise LogError(str(path), "has no `start` line", "give the log of a show (`live run --log FILE`)")
    end = next((line for line in reversed(lines) if isinstance(line, End)), None)
    return ShowLog(path, start, lines, end)


def _lines(path: Path, raw: bytes) -> Iterator[Line]:
    rows = raw.split(b"\n")
    last = max((i for i, row in enumerate(rows) if row.strip()), default=-1)
    for number, row in enumerate(rows[: last + 1], 1):
        if not row.strip():
            continue
        try:
            value = json.loads(row.decode("utf-8"))
            if not isinstance(value, dict):
                raise ValueError("no JSON object")
            yield _KINDS.get(str(value.get("kind")), Line).model_validate(value)
        except ValidationError as error:
            where = ".".join(str(p) for p in error.errors()[0]["loc"])
            cause = f"line {number} ({value.get('kind', 'no kind')}): {where}: {error.errors()[0]['msg'].lower()}"
            raise LogError(str(path), cause, "give the log of a show of this version") from None
        except ValueError as error:
            if number == last + 1 and number > 1:
                return  # cut short by a kill
            raise LogError(
                str(path), f"line {number} is damaged ({str(error)[:60]})", "mend or remove that line"
            ) from None
