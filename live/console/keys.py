"""The console's keys: one table. Each entry names commands of the registry; `check()` parses every one of them.

Why these keys: Space is the biggest key and the commonest act. Backspace is panic: one quick key, in a corner that is
found in the dark, nowhere near the keys of cutting; hit by mistake it costs nothing, because the picture on air stays
and a level set by hand starts the machine again. F12 does the same and, as every function key, works while a title is
being typed. Shift makes a digit go straight to air; so do F1-F9. D switches the machine off, and back to the level it
had: one key never gives it more authority than it had before. Esc does nothing, and no key ends the show.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import live.show.commands  # noqa: F401  (registers them)
from live.console.pressed import Press, Pressed
from live.control.registry import Command, parse
from live.control.view import View
from live.show.framing.published import FramingStatus
from live.show.graphics.published import GraphicStatus

Step = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True)
class Key:
    """One line of the table.

    keys: names of the keys that do it. numbered: keys stand for shot 1, 2, ... in order. steps: address and arguments;
    `{shot}`, `{graphic}`, `{level}`, `{camera}` (the source that preview shows full frame, else program) and `{player}`
    are filled in when it is pressed. is_on: of a key that switches something on (its first step) and off (its second),
    from what is shown. needs: whether the key means anything now. repeats: it goes on while it is held.
    """

    cap: str  # as it is printed on the keyboard
    keys: tuple[str, ...]
    does: str
    steps: tuple[Step, ...]
    shift: bool = False
    numbered: bool = False
    is_on: Callable[[View], bool] | None = None
    needs: Callable[[View], bool] | None = None
    repeats: bool = False


_DIGITS = tuple("123456789")
_PAD = tuple(f"pad_{n}" for n in _DIGITS)
_FUNCTION = tuple(f"f{n}" for n in _DIGITS)


def _is_off(view: View) -> bool:
    return view.director.level == "off"


def _is_locked(view: View) -> bool:
    return view.director.locked


def _something_suggested(view: View) -> bool:
    return bool(view.suggestions)


def _first_visible(view: View) -> bool:
    return any(g.visible for g in view.all(GraphicStatus)[:1])


def _operator_is_off(view: View) -> bool:
    return view.get(FramingStatus, view.camera).level == "off"


def _player_runs(view: View) -> bool:
    return view.player is not None and view.player.running


def _nudge(cap: str, name: str, does: str, *by: float) -> Key:
    return Key(cap, (name,), f"camera: {does}", (("/framing/{camera}/nudge", by),), repeats=True)


_CUT_TO: tuple[Step, ...] = (("/program/cut", ("{shot}",)),)

KEYS: tuple[Key, ...] = (
    Key("1 - 9", _DIGITS + _PAD, "shot on preview", (("/preview/set", ("{shot}",)),), numbered=True),
    Key("Shift 1 - 9", _DIGITS + _PAD, "cut to shot", _CUT_TO, shift=True, numbered=True),
    Key("F1 - F9", _FUNCTION, "cut to shot", _CUT_TO, numbered=True),
    Key("Space", ("space",), "cut", (("/program/cut", ()),)),
    Key("Enter", ("enter",), "mix, 1 s", (("/program/auto", ("mix", 1.0)),)),
    Key("W", ("w",), "wipe, 1 s", (("/program/auto", ("wipe", 1.0)),)),
    Key("A", ("a",), "the transition that is set, at its rate", (("/program/auto", ()),)),
    Key("P", ("p",), "try the next transition out on preview; again: no", (("/preview/transition", ()),)),
    Key("F10", ("f10",), "fade to black; again: back", (("/program/ftb", ()),)),
    Key("T", ("t",), "take the machine's move now", (("/director/take", ()),)),
    Key("V", ("v",), "veto the machine's move", (("/director/veto", ()),)),
    Key("N", ("n",), "never this again, for 10 minutes", (("/director/never", (10.0,)),)),
    Key("Y", ("y",), "yes: take the oldest suggestion", (("/suggestions/take", ()),), needs=_something_suggested),
    Key("X", ("x",), "no: drop the oldest suggestion", (("/suggestions/drop", ()),), needs=_something_suggested),
    Key("H", ("h",), "hold: the machine keeps off", (("/director/hold", ()),)),
    Key("R", ("r",), "release the hold", (("/director/release", ()),)),
    Key(
        "K",
        ("k",),
        "lock the cuts; again: unlock",
        (("/director/lock", ()), ("/director/unlock", ())),
        is_on=_is_locked,
    ),
    Key(
        "D",
        ("d",),
        "director off; again: back on",
        (("/director/level", ("off",)), ("/director/level", ("{level}",))),
        is_on=_is_off,
    ),
    Key(
        "L",
        ("l",),
        "lower third on / off",
        (("/graphics/{graphic}/show", ()), ("/graphics/{graphic}/hide", ())),
        is_on=_first_visible,
    ),
    Key(
        "O",
        ("o",),
        "player: play; again: pause",
        (("/players/{player}/play", ()), ("/players/{player}/pause", ())),
        is_on=_player_runs,
    ),
    _nudge("Left", "left_arrow", "crop to the left", -0.03, 0.0),
    _nudge("Right", "right_arrow", "crop to the right", 0.03, 0.0),
    _nudge("Up", "up_arrow", "crop up", 0.0, -0.03),
    _nudge("Down", "down_arrow", "crop down", 0.0, 0.03),
    _nudge("+", "plus", "closer", 0.0, 0.0, 1.05),
    _nudge("-", "minus", "wider", 0.0, 0.0, 0.95),
    Key("B", ("b",), "camera: back to the operator", (("/framing/{camera}/release", ()),)),
    Key(
        "G",
        ("g",),
        "camera: operator off / on",
        (("/framing/{camera}/level", ("off",)), ("/framing/{camera}/level", ("auto",))),
        is_on=_operator_is_off,
    ),
    Key("Backspace, F12", ("backspace", "f12"), "PANIC: freeze the machine", (("/show/panic", ()),)),
)


def _fill(step: Step, values: dict[str, str]) -> Step:
    address, args = step
    for hole, value in values.items():
        address = address.replace(f"{{{hole}}}", value)
    return address, tuple(values.get(a[1:-1], a) if isinstance(a, str) and a.startswith("{") else a for a in args)


def check() -> list[Command]:
    """Every step of the table as the command it is. Raises CommandError for one that names no command."""
    values = {"shot": "shot", "graphic": "graphic", "level": "auto", "camera": "camera", "player": "player"}
    return [parse(*_fill(step, values)) for key in KEYS for step in key.steps]


check()  # a key that names a command that isn't there fails when the console starts, not when it is pressed

_BY_PRESS = {(name, key.shift): (key, i % 9 + 1) for key in KEYS for i, name in enumerate(key.keys)}


def message_for(
    press: Press, view: View, last_level: str, pressed: Pressed | None = None, now_s: float = 0.0
) -> Step | None:
    """The message a key sends now, or None when it means nothing here. last_level: the level `D` goes back to. pressed:
    what was pressed a moment ago, and now_s on its clock.
    """
    # Shift matters to the digits only: held a moment too long, it doesn't keep a cut or a panic from happening.
    found = _BY_PRESS.get((press.name, press.shift)) or _BY_PRESS.get((press.name, False))
    if found is None:
        return None
    key, position = found
    if press.again and not key.repeats or key.needs is not None and not key.needs(view):
        return None
    shot = view.shot(position) if key.numbered else None
    values = {
        "shot": shot.id if shot else "",
        "graphic": next((g.name for g in view.all(GraphicStatus)), ""),
        "level": last_level,
        "camera": view.camera,
        "player": view.player.name if view.player else "",
    }
    if any(not values[hole] for hole in _holes(key)):
        return None
    step = key.steps[0]
    if key.is_on is not None:
        on, about = key.is_on(view), " ".join([key.cap, *(values[hole] for hole in _holes(key) if hole != "level")])
        step = key.steps[0 if (pressed.turn(about, on, now_s) if pressed else not on) else 1]
    return _fill(step, values)


def _holes(key: Key) -> list[str]:
    """What has to be known for a key to mean anything."""
    words = [word for address, args in key.steps for word in (address, *map(str, args))]
    return [hole for hole in ("shot", "graphic", "level", "camera", "player") if any(f"{{{hole}}}" in w for w in words)]
