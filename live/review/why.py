"""Why the machine did what it did: its acts in a log, each in one line that can be read aloud."""

from __future__ import annotations

from collections.abc import Iterator

from live.base.clock import timecode
from live.review.log import DIRECTOR, Cut, Line, Override, ShowLog


def acts(log: ShowLog) -> list[tuple[int, str]]:
    """(program frame, sentence) of everything the machine did, and of the hands that stopped it, in order."""
    return [(line.frame, sentence) for line in log.lines for sentence in _sentence(log, line)]


def explained(log: ShowLog, *, count: int | None = None, at_s: float | None = None) -> list[str]:
    """The last `count` acts (all when None), each with its time code; with at_s the last before that show time, whoever
    did it."""
    found = acts(log)
    if at_s is not None:
        before = [act for act in found if act[0] <= at_s * log.rate]
        return [_line(log, *act) for act in before[-1:]]
    return [_line(log, *act) for act in (found if count is None else found[-count:])]


def _line(log: ShowLog, frame: int, sentence: str) -> str:
    return f"{timecode(frame, log.rate)}  {sentence}"


def _sentence(log: ShowLog, line: Line) -> Iterator[str]:
    said = line.model_extra or {}
    if isinstance(line, Cut):
        label = log.shot(line.to).label
        if line.by == DIRECTOR:
            yield f"Cut to {label}: {said.get('why') or line.reason}."
        else:
            how = f" with a {line.transition} of {line.seconds:g} s" if line.transition != "cut" else ""
            taken = line.reason.removeprefix("taken by hand: ")
            yield (
                f"A hand took the machine's cut to {label}: {taken}."
                if taken != line.reason
                else f"A hand put {label} on air{how}."
            )
    elif isinstance(line, Override):
        yield f"A hand stopped the cut to {log.shot(line.vetoed).label}: {line.reason}."
    elif "demoted" in said:
        yield f"The machine was lowered to {said.get('level')}: {said.get('reason')}."
    elif "graphic" in said and line.by == DIRECTOR:
        yield f"{str(said['graphic']).capitalize()} was taken off: {said.get('reason')}."
    elif line.kind == "wait":
        yield f"The cut to {log.shot(str(said.get('to'))).label} {said.get('reason')}."
    elif line.kind == "suggestion" and "taken" in said:
        yield f'A hand took the suggestion "{said["taken"]}": {said.get("reason")}.'
