"""A show that has one of everything that a hand can change, and commands for it out of the registry."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from hypothesis import strategies as st

import live.show.commands  # noqa: F401  (registers them)
from live.base.errors import CommandError
from live.base.hand import Hand
from live.config.load import Show
from live.control.registry import MISSING, ArgSpec, Command, CommandSpec, all_commands
from live.show import ShowState
from live.sound.hearing import Hearing
from tests.support.media import film
from tests.support.shows import SMALL, small_show

HAND = Hand("osc 127.0.0.1:1", "127.0.0.1")
LENGTHS = {"vt": (10.0, 20.0)}
DT_S = 0.1

RIG = (
    SMALL
    + """
shots = ["cam1", "cam2", "vt", "duo/duo", "pip/pip", "studio/left"]
start = "cam1"
[framing]
level = "auto"
[captions]
[[sources]]
name = "cam1"
kind = "pattern"
key = "chroma"
faces = true
[[sources]]
name = "cam2"
kind = "pattern"
[[sources]]
name = "vt"
kind = "player"
clips = [
    { path = "a.mp4", title = "Opener", cues = [{ name = "goal", at_s = 6.0 }] },
    { path = "b.mp4", title = "Story" },
]
[[microphones]]
name = "mic1"
source = "cam1"
group = "stage"
follow = "source"
levelling = "auto"
automix = true
[[microphones]]
name = "mic2"
source = "cam2"
preset = "own"
[[groups]]
name = "stage"
[[people]]
name = "anna"
microphone = "mic1"
camera = "cam1"
[[people]]
name = "ben"
seat = "2"
[[seats]]
name = "2"
cameras = ["cam2"]
microphones = ["mic2"]
[[seats]]
name = "3"
cameras = ["cam1", "cam2"]
[[scenes]]
name = "duo"
talent = { left = "cam1", right = "cam2" }
[[scenes]]
name = "pip"
talent = { main = "cam1", inset = "cam2" }
[[scenes]]
name = "studio"
talent = { left = "cam1", right = "cam2" }
[[graphics]]
name = "lower"
template = "lower_third"
fields = { title = "One", subtitle = "Two" }
[[graphics]]
name = "bug"
template = "bug"
data = "bug.csv"
[listening]
device = "phones"
[talkback]
source = "vt"
channel = 2
[[keys]]
graphic = "bug"
[[keys]]
source = "cam1"
[[auxiliaries]]
name = "foyer"
shows = "program"
[[auxiliaries]]
name = "stage"
shows = "cam1"
[[multiviews]]
name = "wall"
[[sources]]
name = "still"
kind = "still"
path = "a.png"
[[graphics]]
name = "clock"
template = "clock"
[[graphics]]
name = "score"
template = "score"
data = "score.json"
[[graphics]]
name = "ticker"
template = "ticker"
[[keys]]
still = "a.png"
tied = true
[[transitions]]
name = "torn"
kind = "picture"
path = "wipe.png"
"""
)


def everything(folder: Path, *, real: bool = False) -> Show:
    """The show, in a folder of its own. real: its pictures and films can be shown; else they are only there."""
    for name in ("a.mp4", "b.mp4", "a.png", "wipe.png"):
        (folder / name).write_bytes(b"")
    (folder / "bug.csv").write_text("text\nLive\n" if real else "", encoding="utf-8")
    (folder / "score.json").write_text('{"home": "A", "away": "B"}', encoding="utf-8")
    (folder / "stills").mkdir(exist_ok=True)
    (folder / "stills" / "logo.png").write_bytes(b"")
    (folder / "sounds").mkdir(exist_ok=True)
    (folder / "sounds" / "own.toml").write_text("[highpass]\nhz = 90.0\n")
    if real:
        rng = np.random.default_rng(7)
        for name, shape in (("a.png", (48, 80, 4)), ("stills/logo.png", (48, 80, 4)), ("wipe.png", (48, 80))):
            cv2.imwrite(str(folder / name), rng.integers(0, 255, shape, np.uint8))
        for name in ("a.mp4", "b.mp4"):
            film(folder / name, 30)
    return small_show(folder, _quick(RIG) if real else RIG)


def _quick(rig: str) -> str:
    """Small, and without what takes a network: thousands of frames are made of it."""
    for slow, quick in (
        ("width = 320\nheight = 184", "width = 160\nheight = 96"),
        ("[captions]\n", ""),
        ("faces = true\n", ""),
    ):
        assert slow in rig
        rig = rig.replace(slow, quick)
    return rig


def fresh(show: Show) -> ShowState:
    state = ShowState(show, lambda *_, **__: None)
    state.players.know(LENGTHS)
    return state


def do(state: ShowState, command: Command, now_s: float) -> CommandError | None:
    """Carry it out, and the frame it came with."""
    error = None
    try:
        state.apply(command, HAND, now_s)
    except CommandError as refused:
        error = refused
    state.commanded(now_s)
    state.step(now_s, DT_S, hearing=Hearing(), faces={}, aspects={})
    return error


# What the names of a kind are in this show; others are tried elsewhere.
NAMES = {
    "shot": ["cam1", "cam2", "vt", "duo/duo", "pip/pip", "studio/left"],
    "source": ["cam1", "cam2"],
    "mix": ["program"],
    "picture": ["cam1", "cam2", "foyer", "pip/pip", "wall"],
    "camera": ["cam1", "cam2", "studio.left"],
    "graphic": ["lower", "bug"],
    "transition": ["mix", "cut", "dip"],
    "dsk": ["1", "2", "3"],
    "player": ["vt"],
    "feed": ["program", "clean"],
    "auxiliary": ["foyer", "stage"],
    "shot, source or feed": ["program", "cam2", "duo/duo", "foyer", "stage"],
    "domain": ["cuts", "framing", "graphics", "sound"],
    "microphone": ["mic1", "mic2"],
    "strip": ["mic1", "mic2", "vt", "stage"],
    "preset": ["own"],
    "multiview": ["wall"],
    "scene": ["duo", "pip"],
    "layer": ["left", "right", "main", "inset"],
    "style": ["talk", "concert"],
    "subject": ["1", "2", "goal", "Story"],
    "still": ["logo"],
}
WORDS = [
    "a",
    "stage",
    "source",
    "shot:cam1,vt",
    "logo",
    "title",
    "own",
    "2+4",
    "cam1",
    "#102030",
    "0,0 1,0 1,1",
    "anna",
    "set",
    "none",
    "",
]


def _good(spec: CommandSpec, arg: ArgSpec) -> st.SearchStrategy[Any]:
    if arg.type is str:
        return st.sampled_from(list(arg.arg.choices) or NAMES.get(arg.arg.of) or WORDS)
    low, high = arg.arg.low or 0.0, 1.0 if arg.arg.high is None else arg.arg.high
    if arg.type is bool:
        return st.booleans()
    if arg.type is int:
        return st.integers(int(low), int(min(high, low + 9)))
    return st.floats(low, high, allow_nan=False)


def commands(specs: list[CommandSpec], values: Any = _good) -> st.SearchStrategy[Command]:
    """Commands of these kinds; values: what an argument may be."""

    def made(spec: CommandSpec) -> st.SearchStrategy[Command]:
        given = {a.name: values(spec, a) for a in spec.args}
        left_out = {
            n: v | st.none() for a in spec.args if a.default is not MISSING for n, v in [(a.name, given[a.name])]
        }
        # None stands for "left out": the default.
        return st.fixed_dictionaries(given | left_out).map(
            lambda kw: spec.cls(**{n: v for n, v in kw.items() if v is not None})
        )

    return st.sampled_from(specs).flatmap(made)


def carried_out() -> list[CommandSpec]:
    """Those that the show carries out: not those that a surface keeps for itself."""
    return [s for s in all_commands() if s.address not in ("/subscribe", "/unsubscribe")]


def example(arg: ArgSpec) -> Any:
    """One good value."""
    if arg.type is str:
        return (list(arg.arg.choices) or NAMES.get(arg.arg.of) or WORDS)[0]
    low = arg.arg.low or 0.0
    return arg.type(low if arg.arg.high is None else (low + arg.arg.high) / 2)
