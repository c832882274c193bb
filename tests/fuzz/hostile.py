"""What a hand might send a show that has something of everything (tests/support/everything.py)."""

from __future__ import annotations

import math
from random import Random
from typing import Any

from live.base.errors import CommandError
from live.config.load import Show
from live.control.registry import ArgSpec, all_commands, parse

WORDS = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "x" * 5_000,
    "y" * 65_536,
    "~",
    "~nosuchuser/x",
    "~root",
    "/etc/passwd",
    "/dev/zero",
    "/proc/self/mem",
    "../../../../etc/passwd",
    ".",
    "..",
    "a.png/",
    "a.png",
    "a.mp4",
    "score.json",
    "\ud800",
    "\udfff\ud800",
    "line\nbreak",
    "\r\n\x1b[31m",
    "%s%n{0}{x}${y}",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "نص عربي",
    "देवनागरी",
    "日本語テキスト",
    "👩‍👩‍👧‍👦",
    "e\u0301" * 200,
    "\u202e gnirts",
    "1",
    "-1",
    "1e999",
    "nan",
    "true",
    "none",
    "all",
    "auto",
    "#12345g",
    "#ffffff",
    "0,0 1,0 1,1",
    "0,0 " * 400,
    "nan,nan inf,0 1,1",
)
NUMBERS = (
    0,
    1,
    -1,
    0.5,
    1.5,
    -0.0,
    2,
    3.7,
    1e-320,
    1e308,
    -1e308,
    math.nan,
    math.inf,
    -math.inf,
    2**31,
    -(2**31),
    2**63,
    2**70,
    10**400,
    True,
    False,
)
# What arguments that no table describes take.
FITTING = {
    "colour": ("#ffffff", "#12ab9f"),
    "name": (
        "kelvin",
        "gain",
        "x",
        "scale",
        "opacity",
        "rotation",
        "softness",
        "wrap",
        "talk",
        "interview",
        "kept",
        "mine",
    ),
    "parameter": ("min_shot_s", "max_shot_s", "from_wide_s", "cut_s"),
    "field": ("title", "subtitle", "home", "text"),
    "text": ("words", "4", "00:10", *WORDS),
    "still": ("a.png", *WORDS),
    "reference": ("set", "none", "cam1", "cam2"),
    "layout": ("4", "2+4", "1+5", "own"),
    "shows": ("cam1", "program", "clock", "source:cam1", "empty"),
    "which": ("last", "all"),
    "size": ("cu", "mcu", "ms", "wide"),
    "cue": ("goal",),
    "group": ("stage", "none"),
    "rule": ("off", "source", "shot:cam1,duo/duo", "shot:", "shot:nowhere"),
}
ODD = (None, b"", b"\x00\xff" * 40, [], [1, ["x"]], {}, {"a": 1}, (1, 2), 3 + 4j)


def names_of(show: Show) -> dict[str, list[str]]:
    """What there is, by the kind of name that an argument takes."""
    rig = show.rig
    shots = [s.id for s in show.all_shots]
    sources = [s.name for s in rig.sources]
    return {
        "shot": shots,
        "source": sources,
        "picture": [*sources, *shots, "foyer", "wall"],
        "camera": [*sources, "studio.left"],
        "graphic": [g.name for g in rig.graphics],
        "transition": ["mix", "dip", "wipe", "torn", "cut", "circle"],
        "dsk": ["1", "2", "3", "4"],
        "player": ["vt"],
        "feed": list(rig.feeds),
        "auxiliary": ["foyer"],
        "shot, source or feed": [*shots, *rig.feeds],
        "domain": ["cuts", "framing", "graphics", "sound"],
        "microphone": ["mic1", "mic2"],
        "strip": list(rig.strips),
        "preset": list(show.presets),
        "multiview": ["wall"],
        "scene": ["duo", "studio"],
        "layer": ["left", "right", "background"],
        "subject": ["1", "One", "left", "anna"],
    }


def ring(rng: Random, count: int) -> str:
    """A polygon of so many corners."""
    turns = (n * math.tau / count for n in range(count))
    return " ".join(f"{0.5 + 0.4 * math.cos(a):.6f},{0.5 + rng.uniform(0.1, 0.4) * math.sin(a):.6f}" for a in turns)


class Hand:
    """Sends any command: with what fits, with what doesn't, with both; sometimes what is no command at all."""

    def __init__(self, show: Show) -> None:
        self._names = names_of(show)
        self._specs = all_commands()

    def batch(self, seed: int, count: int) -> list[tuple[str, list[Any]]]:
        """(address, arguments) of so many messages, the same for the same seed."""
        rng = Random(seed)
        return [self._message(rng) for _ in range(count)]

    def _message(self, rng: Random) -> tuple[str, list[Any]]:
        if rng.random() < 0.04:
            return rng.choice(WORDS), [self._hostile(rng) for _ in range(rng.randrange(3))]
        spec = rng.choice(self._specs)
        address = spec.address
        for arg in spec.args:
            if arg.in_address:
                value = self._fitting(rng, arg) if rng.random() < 0.93 else rng.choice(WORDS)
                address = address.replace(f"<{arg.name}>", str(value))
        args = [self._fitting(rng, a) if rng.random() < 0.75 else self._hostile(rng) for a in spec.value_args]
        if args and rng.random() < 0.2:
            del args[rng.randrange(len(args)) :]
        if rng.random() < 0.05:
            args += [self._hostile(rng) for _ in range(rng.randint(1, 3))]
        return address, args

    def _hostile(self, rng: Random) -> Any:
        kind = rng.randrange(5)
        if kind == 0:
            return "".join(chr(rng.randrange(1, 0x3000)) for _ in range(rng.randrange(40)))
        if kind == 1:
            return rng.uniform(-1e6, 1e6)
        return rng.choice((WORDS, NUMBERS, ODD)[kind - 2])

    def _fitting(self, rng: Random, arg: ArgSpec) -> Any:
        """What the argument is likely to take: so that what lies behind the checks is reached."""
        if arg.arg.choices:
            return rng.choice(arg.arg.choices)
        if arg.arg.of in self._names:
            return rng.choice(self._names[arg.arg.of])
        if arg.name == "points":
            return ring(rng, rng.choice((3, 4, 32)))
        if arg.type is str:
            return rng.choice(FITTING.get(arg.name, WORDS))
        low = -10.0 if arg.arg.low is None else arg.arg.low
        high = 10.0 if arg.arg.high is None else arg.arg.high
        value = rng.choice((low, high, rng.uniform(low, high)))
        return round(value) if arg.type is int else value


def parsed(address: str, args: list[Any]) -> Any:
    """A command as a surface makes it, or the CommandError that it gives back. Anything else raises."""
    try:
        return parse(address, args)
    except CommandError as error:
        return error
