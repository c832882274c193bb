"""Which show `live run --resume` takes up, and the offer to take one up."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import typer

from live.base.errors import OutputError
from live.base.identity import new_identity, next_part
from live.cli.app import LAST, say


def to_resume(wanted: str, log: Path | None) -> Path:
    """The file of the state. wanted: it, or the log beside it, or LAST. Raises OutputError."""
    from live.review.shows import Ending, newest
    from live.showlog import state_beside

    if wanted != LAST:
        path = Path(wanted)
        return state_beside(path) if path.suffix == ".jsonl" else path
    if log is None:
        raise OutputError("--resume", "which show?", "add its --log, or give the file FILE.state.json beside it")
    last = newest(log)
    if last is None:
        raise OutputError(str(log), "there is no log of a show to take up", "leave --resume out")
    if last.ending is Ending.ON_AIR:
        raise OutputError(str(last.path), "this show is on air", "end it, or give another log")
    if last.ending is Ending.ENDED:
        why = "this show ended as it should: there is nothing to take up"
        raise OutputError(str(last.path), why, f"leave --resume out, or give {state_beside(last.path)} all the same")
    if last.state is None:
        raise OutputError(str(state_beside(last.path)), "is not there: its state is lost", "leave --resume out")
    return last.state


def offered(log: Path | None) -> Path | None:
    """Where the last show of this log was cut short: somebody at the keyboard is asked whether to take it up. Where
    nobody is, it is said how."""
    from live.review.shows import newest

    last = newest(log) if log is not None and log.is_file() else None
    if last is None or not last.resumable:
        return None
    say(f"the last show was cut short: {last.path}, begun {last.begun or 'off line'}")
    if sys.stdin.isatty() and typer.confirm("take it up where it was?", default=True):
        return last.state
    say("it is kept; `live shows` tells how to take it up")
    return None


def identity_of(resume: Path | None) -> str:
    """Of a run: the next part of the show that it takes up."""
    from live.engine.keeper import kept_text
    from live.show.keeping import identity_in

    text = kept_text(resume) if resume is not None else ""
    was = identity_in(text) if isinstance(text, str) else ""
    return next_part(was) if was else new_identity()


def log_of(state: Path) -> Path:
    """The log that a show's state belongs to: that of its first part."""
    name = re.sub(r"(\.\d+)?\.state\.json$", "", state.name)
    return state.with_name(f"{name}.jsonl")
