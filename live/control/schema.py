"""Commands and state as one JSON document, for whoever builds a surface: `live schema` prints it."""

from __future__ import annotations

import inspect
from dataclasses import MISSING
from typing import Any

import live.show.commands  # noqa: F401  (registers them)
from live import __version__
from live.control.published import FieldSpec, PartSpec, PublishedSpec, all_published, type_name, unit_of
from live.control.registry import Arg, ArgSpec, CommandSpec, all_commands


def schema() -> dict[str, Any]:
    """Plain values, in an order that stays: by address. What isn't limited, named or set has no key."""
    commands = sorted(all_commands(), key=lambda spec: spec.address)
    parts = [(spec, part) for spec in all_published() for part in spec.parts]
    state = sorted((_state(spec, part) for spec, part in parts), key=lambda entry: str(entry["address"]))
    return {"live": __version__, "commands": [_command(spec) for spec in commands], "state": state}


def _command(spec: CommandSpec) -> dict[str, Any]:
    given = {"domain": spec.domain, "desk": spec.desk, "prefix": spec.prefix}
    return {
        "address": spec.address,
        "doc": inspect.cleandoc(spec.doc),
        **{key: value for key, value in given.items() if value},
        "args": [_arg(arg) for arg in spec.args if f"<{arg.name}>" not in spec.prefix],
    }


def _arg(spec: ArgSpec) -> dict[str, Any]:
    about = _about(spec.name, spec.type, spec.arg)
    about |= {"in_address": True} if spec.in_address else {"osc": spec.osc_type}
    if spec.default is MISSING:
        about["required"] = True
    elif spec.default is not None:
        about["default"] = spec.default
    return about


def _state(spec: PublishedSpec, part: PartSpec) -> dict[str, Any]:
    holes = [{"name": hole.name, "type": type_name(hole.type)} for hole in spec.holes]
    return {
        "address": part.address,
        "of": spec.cls.__name__,
        "doc": spec.doc,
        **({"in_address": holes} if holes else {}),
        "values": [_value(field) for field in part.fields],
    }


def _value(field: FieldSpec) -> dict[str, Any]:
    about = _about(field.name, field.type, field.arg) | {"osc": field.osc_type}
    if field.choices:
        about["choices"] = list(field.choices)
    if field.many:
        about |= {"type": "array", "items": [type_name(t) for t in field.pair] or type_name(field.type)}
    else:
        about["default"] = field.default
    return about


def _about(name: str, kind: type, arg: Arg) -> dict[str, Any]:
    about: dict[str, Any] = {"name": name, "type": type_name(kind), "doc": arg.doc}
    given = {"unit": unit_of(name, arg), "low": arg.low, "high": arg.high, "of": arg.of, "choices": list(arg.choices)}
    return about | {key: value for key, value in given.items() if value or value == 0}
