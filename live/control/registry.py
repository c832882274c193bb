"""A command is defined once: a class of typed, documented fields, registered under its OSC address.

Every way in (OSC, a websocket, the console's keys, a script file) parses to the same object and enqueues it; nothing
but the engine carries it out. The command reference in docs/commands.md is written from here.

Features register their commands in `live/show/*/commands.py`; whoever needs all of them imports `live.show.commands`.
"""

from __future__ import annotations

import math
import re
import types
import typing
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from functools import cached_property
from typing import Annotated, Any, ClassVar, TypeVar, dataclass_transform

from live.base.errors import CommandError

C = TypeVar("C", bound="type[Command]")

NUMBERED = ("subject", "seat")  # kinds of names that may be numbers, too: surfaces send either

IMPULSE = object()  # an argument that is no value: a button was pressed (OSC's type I)
LONGEST = 400  # characters of a text argument that declares no other limit
_LARGEST = 1e15  # a number beyond it is no number of a clip or a track


@dataclass(frozen=True)
class Arg:
    """What a field means: shown in the reference, checked when a command is parsed. `of` names what kind of name it
    is. longest: characters of a text.
    """

    doc: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    of: str = ""  # shot, source, graphic: checked by the engine, which knows the show. subject: a number or a name
    longest: int = LONGEST
    unit: str = ""  # where the field's name doesn't end in it


class Command:
    """Base of every command: a frozen value, a dataclass by `command`.

    What `dataclass` would write and compile for each of a hundred classes is here once for all: a third of a
    millisecond a class, in the start of every process that knows the commands.
    """

    __dataclass_fields__: ClassVar[dict[str, Any]]

    def __init__(self, *values: Any, **named: Any) -> None:
        known = self.__dataclass_fields__
        in_order = [name for name, about in known.items() if not about.kw_only]
        given = dict(zip(in_order, values, strict=False))
        if len(values) > len(in_order) or named.keys() & given or not named.keys() <= known.keys():
            raise TypeError(f"{type(self).__name__} takes {', '.join(known) or 'nothing'}, not {values} and {named}")
        given |= named
        for name, about in known.items():
            value = given.get(name, about.default)
            if value is MISSING:
                raise TypeError(f"{type(self).__name__}: {name} is missing")
            self.__dict__[name] = value

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError(f"{name} of {self}")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"{name} of {self}")

    def __eq__(self, other: object) -> bool:
        return self.__dict__ == other.__dict__ if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash((type(self), *self.__dict__.values()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.__dict__.items())})"


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def of_commands(cls: C) -> C:
    """A class of fields that several commands have, and no command itself."""
    dataclass(init=False, repr=False, eq=False)(cls)
    return cls


@dataclass(frozen=True)
class ArgSpec:
    name: str
    type: type
    arg: Arg
    default: Any  # MISSING when it must be given
    in_address: bool

    @property
    def osc_type(self) -> str:
        return {str: "s", float: "f", int: "i", bool: "i"}[self.type]


@dataclass(frozen=True)
class CommandSpec:
    address: str
    doc: str
    cls: type[Command]
    domain: str  # the domain a hand on it puts on hold; "" for none
    desk: str  # the domain whose ownership token a hand needs for it; "" for none
    urgent: bool  # never waits behind what isn't: the buses, the director, panic
    fader: bool  # says where something is to be, all of it: of two in a row only the second counts
    release: str | None  # what a button's 0 means; see `command`
    prefix: str  # before the address of another than the first of what there may be several of; see `command`

    @cached_property
    def args(self) -> tuple[ArgSpec, ...]:
        """Its fields. Read from the class when somebody asks: a process that starts has a hundred and eighty commands,
        and uses few of them.
        """
        hints = typing.get_type_hints(self.cls, include_extras=True)
        return tuple(_args(self.cls, hints, re.findall(r"<(\w+)>", self.prefix + self.address)))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Of its address, with a group for each hole."""
        return _pattern(self.address)

    @cached_property
    def pattern_of_others(self) -> re.Pattern[str]:
        """The same behind the prefix."""
        return _pattern(self.prefix + self.address)

    @property
    def value_args(self) -> list[ArgSpec]:
        return [a for a in self.args if not a.in_address]

    @property
    def signature(self) -> str:
        """`/program/auto [s f]`"""
        needed = " ".join(a.osc_type for a in self.value_args if a.default is MISSING)
        extra = " ".join(a.osc_type for a in self.value_args if a.default is not MISSING)
        return " ".join(p for p in (self.address, needed, f"[{extra}]" if extra else "") if p)


_BY_CLASS: dict[type[Command], CommandSpec] = {}
_LITERAL: dict[str, CommandSpec] = {}
_TEMPLATES: dict[str, list[CommandSpec]] = {}  # by their first word
_OTHERS: dict[str, list[CommandSpec]] = {}  # those with a prefix, by its first word


def _pattern(address: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"<(\w+)>", r"(?P<\1>[^/]+)", address) + r"\Z")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def command(
    address: str,
    *,
    domain: str = "",
    desk: str = "",
    urgent: bool = False,
    fader: bool = False,
    release: str | None = None,
    prefix: str = "",
) -> Callable[[C], C]:
    """Register a class under an address, and make a frozen dataclass of it. `<name>` in the address fills the field of
    that name.

    release: what it means when a button that sends this address is let go (0, false). The address of what undoes it, or
    "" for nothing. Left out: nothing, or the number 0 where a number is what the command takes first.

    prefix: "/mixes/<mix>" for a command that says by its field `mix`, which has a default, which one of several it is
    for: the address alone means the default, any other has its name in what stands before it.
    """

    def register(cls: C) -> C:
        dataclass(init=False, repr=False, eq=False)(cls)
        spec = CommandSpec(
            address,
            (cls.__doc__ or "").strip(),
            cls,
            domain,
            desk or domain,
            urgent or "cuts" in (desk, domain),
            fader,
            release,
            prefix,
        )
        assert all(s.address != address for s in _BY_CLASS.values()), f"{address} is defined twice"
        _BY_CLASS[cls] = spec
        if prefix:
            _OTHERS.setdefault(_first_word(prefix), []).append(spec)
        if "<" in address:
            _TEMPLATES.setdefault(_first_word(address), []).append(spec)
        else:
            _LITERAL[address] = spec
        return cls

    return register


def _args(cls: type, hints: dict[str, Any], holes: list[str]) -> Iterator[ArgSpec]:
    for about in fields(cls):
        hint = hints[about.name]
        base, arg = hint, Arg("")
        if typing.get_origin(hint) is Annotated:
            base, *meta = typing.get_args(hint)
            arg = next(m for m in meta if isinstance(m, Arg))
        if isinstance(base, types.UnionType):
            base = next(t for t in typing.get_args(base) if t is not type(None))
        yield ArgSpec(about.name, base, arg, about.default, about.name in holes)


def spec_of(cmd: Command) -> CommandSpec:
    return _BY_CLASS[type(cmd)]


def all_commands() -> list[CommandSpec]:
    """Every command that was registered, in the order of definition."""
    return list(_BY_CLASS.values())


def find(address: str) -> tuple[CommandSpec, dict[str, str]]:
    """The command of an address, and what its holes say. Capitals and a slash at the end do no harm: no command and no
    name has them. Raises CommandError.
    """
    found = _find(address) or _find(address.rstrip("/")) or _find(address.rstrip("/").lower())
    if found is None:
        raise CommandError(readable(address), "no such command", "see docs/commands.md")
    return found


def _find(address: str) -> tuple[CommandSpec, dict[str, str]] | None:
    if spec := _LITERAL.get(address):
        return spec, {}
    for spec in _TEMPLATES.get(_first_word(address), ()):
        if match := spec.pattern.match(address):
            return spec, match.groupdict()
    for spec in _OTHERS.get(_first_word(address), ()):
        if match := spec.pattern_of_others.match(address):
            return spec, match.groupdict()
    return None


def _first_word(address: str) -> str:
    return address[1:].partition("/")[0]


def parse(address: str, args: Sequence[Any]) -> Command:
    """A typed command from an address and plain values, exactly as the reference says. Raises CommandError that says
    what was expected.
    """
    return _made(address, *find(address), args)


def heard(address: str, args: Sequence[Any]) -> Command | None:
    """What a surface means: as `parse`, and one number more than the command takes, or a bool alone, is a button.

    Pressed (not 0, true, an impulse) it does the command without it. Let go (0, false) it does what the command
    declares as its release: most often nothing, which is None. Raises CommandError.
    """
    spec, holes = find(address)
    if args and args[-1] is IMPULSE:
        return _made(address, spec, holes, args[:-1])
    if (pressed := _button(spec, args)) is None:
        return _made(address, spec, holes, args)
    if pressed:
        return _made(address, spec, holes, args[:-1])
    if not spec.release:
        return None
    prefix = spec.prefix if holes.keys() & set(re.findall(r"<(\w+)>", spec.prefix)) else ""
    return parse(re.sub(r"<(\w+)>", lambda m: holes[m.group(1)], prefix + spec.release), [])


def _button(spec: CommandSpec, args: Sequence[Any]) -> bool | None:
    """Is the last argument a button's, and is it pressed? None when it is no button's."""
    if not args or not isinstance(args[-1], bool | int | float):
        return None
    wanted, last = spec.value_args, args[-1]
    if len(args) == len(wanted) + 1:
        return bool(last)
    if len(args) != 1 or any(a.default is MISSING for a in wanted):
        return None
    first = wanted[0]
    if isinstance(last, bool):
        return None if first.type is bool else last
    if first.type is str and first.arg.of not in NUMBERED:
        return bool(last)
    return False if last == 0 and spec.release is not None else None


def _made(address: str, spec: CommandSpec, holes: dict[str, str], args: Sequence[Any]) -> Command:
    wanted = spec.value_args
    if len(args) > len(wanted):
        raise CommandError(readable(address), f"{len(args)} arguments", f"expected {spec.signature}")
    values: dict[str, Any] = {a.name: _value(address, spec, a, holes[a.name]) for a in spec.args if a.name in holes}
    for i, arg in enumerate(wanted):
        if i < len(args) and not (args[i] is None and arg.default is not MISSING):
            values[arg.name] = _value(address, spec, arg, args[i])
        elif arg.default is MISSING:
            raise CommandError(
                readable(address), f"argument {i + 1} ({arg.name}) is missing", f"expected {spec.signature}"
            )
    return spec.cls(**values)


def _value(address: str, spec: CommandSpec, arg: ArgSpec, value: Any) -> Any:
    def wrong(cause: str) -> CommandError:
        return CommandError(
            readable(address), f"{arg.name} {cause}", f"expected {spec.signature}: {arg.arg.doc or arg.name}"
        )

    if arg.type is str:
        text = _text(arg.arg, value, wrong)
        if arg.arg.choices and text not in arg.arg.choices:
            raise CommandError(
                readable(address), f"{arg.name} is {text!r:.40}", f"one of: {', '.join(arg.arg.choices)}"
            )
        return text
    number = isinstance(value, int | float) and (arg.type is bool or not isinstance(value, bool))
    if not number or abs(value) > _LARGEST or not math.isfinite(value):
        raise wrong(f"is {_shown(value)}, not a number")
    low, high = arg.arg.low, arg.arg.high
    if (low is not None and value < low) or (high is not None and value > high):
        raise wrong(
            f"is {value:g}, outside {low:g} to {high:g}" if high is not None else f"is {value:g}, under {low:g}"
        )
    if arg.type is int and value % 1:
        raise wrong(f"is {value:g}, not a whole number")
    return arg.type(value)


def _text(arg: Arg, value: Any, wrong: Callable[[str], CommandError]) -> str:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number and arg.of in NUMBERED and abs(value) < _LARGEST and value % 1 == 0:
        value = str(int(value))
    if not isinstance(value, str):
        raise wrong(f"is {_shown(value)}, not text")
    if len(value) > arg.longest:
        raise wrong(f"is {len(value)} characters long, {arg.longest} at most")
    if (bad := next((c for c in value if not _may_stand(c)), None)) is not None:
        raise wrong(f"has a character that is no text (U+{ord(bad):04X})")
    return value


def _may_stand(character: str) -> bool:
    """No control characters but a new line and a tab, and no half of a surrogate pair: nothing can show or keep one."""
    return character in "\n\t" or unicodedata.category(character) not in ("Cc", "Cs")


def _shown(value: Any) -> str:
    huge = isinstance(value, int) and abs(value) > _LARGEST  # Python refuses to write out one of thousands of digits
    return "a number without end" if huge else readable(repr(value))[:40]


def readable(text: str) -> str:
    """What somebody sent, as it may stand in a log and on a terminal: 80 characters at most."""
    return "".join(c if _may_stand(c) and c not in "\n\t" else "?" for c in text[:80])


def to_message(cmd: Command) -> tuple[str, list[Any]]:
    """The address and arguments that parse back to this command."""
    spec = spec_of(cmd)
    another = any(getattr(cmd, a.name) != a.default for a in spec.args if f"<{a.name}>" in spec.prefix)
    address = (spec.prefix if another else "") + spec.address
    address = re.sub(r"<(\w+)>", lambda m: str(getattr(cmd, m.group(1))), address)
    values = [getattr(cmd, a.name) for a in spec.value_args]
    while values and values[-1] is None:
        values.pop()
    return address, values
