"""`live learn`: from the logs of a director's shows to a style of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from live.base.errors import OutputError
from live.config.load import load_style
from live.config.style import Style, shipped_styles, style_file
from live.learn.fit import HeldOut, Say, fit, held_out
from live.learn.habits import Shown, habits
from live.learn.material import Lesson, lessons
from live.learn.replay import replay
from live.learn.words import as_toml, prediction, sentences

DEFAULT = "talk"


def learn(logs: Sequence[Path], *, out: Path | None, name: str | None, say: Say) -> Style:
    """Fit a style to the shows of these logs, say what was learnt and how well it predicts, and write it. Raises
    LogError, OutputError."""
    shows = lessons(logs)
    name = name or (out.stem if out else "mine")
    target = out or Path(f"{name}.toml")
    _check(name, target)
    default = load_style(style_file(DEFAULT, Path()))
    minutes = sum(show.seconds for show in shows) / 60
    undone = sum(show.undone for show in shows)
    say(
        f"{len(shows)} show{'s' * (len(shows) > 1)}, {minutes:.0f} minutes, {sum(len(s.cuts) for s in shows)} cuts"
        + _undone(undone)
    )
    found = held_out(shows, default, say)
    style = fit(shows, default).model_copy(update={"title": name})
    _tell(shows, default, found, say)
    _write(
        target,
        as_toml(style, default, f"Learnt from {len(shows)} show{'s' * (len(shows) > 1)} of {minutes:.0f} minutes."),
    )
    say(f"written: {target} (director.style in a rig; in the folder `styles` beside the rig it can be had on air)")
    return style


def _undone(count: int) -> str:
    return (
        f"; {count} cut{'s' * (count > 1)} of the machine's that a hand undid {'are' if count > 1 else 'is'} left out"
        if count
        else ""
    )


def _tell(shows: Sequence[Lesson], default: Style, found: HeldOut, say: Say) -> None:
    yours = habits([Shown(x, x.on_air, x.cuts) for x in shows])
    usual = habits([Shown(x, made.on_air, made.cuts) for x in shows for made in [replay(x, default)]])
    for line in sentences(yours, usual, default, DEFAULT):
        say(line)
    for line in prediction(found, DEFAULT):
        say(line)


def _check(name: str, target: Path) -> None:
    """Before the work, not after it."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name):
        raise OutputError("--name", f"{name!r:.60} is no name for a style", "use lower-case letters, digits, - and _")
    if name in shipped_styles():
        raise OutputError("--name", f"a style that ships is called {name}", "give another name")
    if target.is_dir() or not target.parent.is_dir():
        raise OutputError(str(target), "can't be written there", "give a file in a folder that is there")


def _write(target: Path, text: str) -> None:
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(str(target), f"can't be written ({error.strerror})", "give another place") from None
