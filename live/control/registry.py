"""A command is defined once: a frozen dataclass with typed, documented fields, registered under its OSC address.

Every way in (OSC, the console's keys, a script file, later HTTP and MIDI) parses to the same object and enqueues it;
nothing but the engine carries it out. The command reference in docs/commands.md is written from here.
"""

from __future__ import annotations

import math
import re
import types
import typing
from collections.abc import Callable, Iterator
from dataclasses import MISSING, dataclass, fields
from typing import Annotated, Any, TypeVar

from live.base.errors import CommandError


@dataclass(frozen=True)
class Arg:
    """What a field means: shown in the reference, checked when a command is parsed. `of` names what kind of name it
    is.
    """

    doc: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    of: str = ""  # shot, source, graphic: checked by the engine, which knows the show. subject: a number or a name


@dataclass(frozen=True)
class Command:
    """Base of every command."""


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
    args: tuple[ArgSpec, ...]
    domain: str  # the domain a hand on it puts on hold; "" for none
    pattern: re.Pattern[str]

    @property
    def value_args(self) -> list[ArgSpec]:
        return [a for a in self.args if not a.in_address]

    @property
    def desk(self) -> str:
        """The domain whose ownership token a hand needs for it."""
        part = self.address.split("/")[1]
        return "cuts" if part in ("preview", "program", "director") else part

    @property
    def signature(self) -> str:
        """`/program/auto [s f]`"""
        needed = " ".join(a.osc_type for a in self.value_args if a.default is MISSING)
        extra = " ".join(a.osc_type for a in self.value_args if a.default is not MISSING)
        return " ".join(p for p in (self.address, needed, f"[{extra}]" if extra else "") if p)


C = TypeVar("C", bound=type[Command])
_BY_CLASS: dict[type[Command], CommandSpec] = {}
_LITERAL: dict[str, CommandSpec] = {}
_TEMPLATES: list[CommandSpec] = []


def command(address: str, *, domain: str = "") -> Callable[[C], C]:
    """Register a frozen dataclass under an address. `<name>` in the address fills the field of that name."""

    def register(cls: C) -> C:
        holes = re.findall(r"<(\w+)>", address)
        pattern = re.compile("^" + re.sub(r"<(\w+)>", r"(?P<\1>[^/]+)", address) + "$")
        hints = typing.get_type_hints(cls, include_extras=True)
        spec = CommandSpec(address, (cls.__doc__ or "").strip(), cls, tuple(_args(cls, hints, holes)), domain, pattern)
        assert address not in _LITERAL and all(s.address != address for s in _TEMPLATES), f"{address} is defined twice"
        _BY_CLASS[cls] = spec
        if holes:
            _TEMPLATES.append(spec)
        else:
            _LITERAL[address] = spec
        return cls

    return register


def _args(cls: type, hints: dict[str, Any], holes: list[str]) -> Iterator[ArgSpec]:
    for field in fields(cls):
        hint = hints[field.name]
        base, arg = hint, Arg("")
        if typing.get_origin(hint) is Annotated:
            base, *meta = typing.get_args(hint)
            arg = next(m for m in meta if isinstance(m, Arg))
        if isinstance(base, types.UnionType):
            base = next(t for t in typing.get_args(base) if t is not type(None))
        yield ArgSpec(field.name, base, arg, field.default, field.name in holes)


def spec_of(cmd: Command) -> CommandSpec:
    return _BY_CLASS[type(cmd)]


def all_commands() -> list[CommandSpec]:
    """Every command, in the order of definition."""
    import live.show.commands  # noqa: F401  (registers them)

    return list(_BY_CLASS.values())


def find(address: str) -> tuple[CommandSpec, dict[str, str]]:
    """The command of an address, and what its holes say. Raises CommandError."""
    import live.show.commands  # noqa: F401

    if spec := _LITERAL.get(address):
        return spec, {}
    for spec in _TEMPLATES:
        if match := spec.pattern.match(address):
            return spec, match.groupdict()
    raise CommandError(address[:80], "no such command", "see docs/commands.md")


def parse(address: str, args: list[Any] | tuple[Any, ...]) -> Command:
    """A typed command from an address and plain values. Raises CommandError that says what was expected."""
    spec, holes = find(address)
    wanted = spec.value_args
    if len(args) > len(wanted):
        raise CommandError(address, f"{len(args)} arguments", f"expected {spec.signature}")
    values: dict[str, Any] = dict(holes)
    for i, arg in enumerate(wanted):
        if i < len(args):
            values[arg.name] = _value(address, spec, arg, args[i])
        elif arg.default is MISSING:
            raise CommandError(address, f"argument {i + 1} ({arg.name}) is missing", f"expected {spec.signature}")
    return spec.cls(**values)


def _value(address: str, spec: CommandSpec, arg: ArgSpec, value: Any) -> Any:
    def wrong(cause: str) -> CommandError:
        return CommandError(address, f"{arg.name} {cause}", f"expected {spec.signature}: {arg.arg.doc}")

    if arg.type is str:
        if arg.arg.of == "subject" and isinstance(value, (int, float)) and value % 1 == 0:
            value = str(int(value))  # a track's number or a name: surfaces send either
        if not isinstance(value, str):
            raise wrong(f"is {value!r:.40}, not text")
        if arg.arg.choices and value not in arg.arg.choices:
            raise CommandError(address, f"{arg.name} is {value!r:.40}", f"one of: {', '.join(arg.arg.choices)}")
        return value
    if isinstance(value, str) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise wrong(f"is {value!r:.40}, not a number")
    low, high = arg.arg.low, arg.arg.high
    if (low is not None and value < low) or (high is not None and value > high):
        raise wrong(
            f"is {value:g}, outside {low:g} to {high:g}" if high is not None else f"is {value:g}, under {low:g}"
        )
    return arg.type(value)


def to_message(cmd: Command) -> tuple[str, list[Any]]:
    """The address and arguments that parse back to this command."""
    spec = spec_of(cmd)
    address = re.sub(r"<(\w+)>", lambda m: getattr(cmd, m.group(1)), spec.address)
    values = [getattr(cmd, a.name) for a in spec.value_args]
    while values and values[-1] is None:
        values.pop()
    return address, values
