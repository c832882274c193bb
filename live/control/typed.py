"""A command as a person writes it in a line: `/people/ben/seat 3`, `/graphics/lower/set title 'Anna Berg'`."""

from __future__ import annotations

import shlex
from contextlib import suppress
from typing import Any

from live.base.errors import CommandError
from live.control.registry import ArgSpec, Command, find, parse, readable


def typed(line: str) -> Command:
    """What a line says. What is a number, and what a text, the command says. Raises CommandError."""
    try:
        address, *words = shlex.split(line)
    except ValueError as error:
        right = "write /address value value; what holds a blank in single quotes"
        cause = "is empty" if not line.strip() else f"can't be read ({str(error).lower()})"
        raise CommandError(readable(line), cause, right) from None
    wanted = find(address)[0].value_args
    return parse(address, [_value(wanted[n] if n < len(wanted) else None, word) for n, word in enumerate(words)])


def _value(arg: ArgSpec | None, word: str) -> Any:
    if arg is not None and arg.type is not str:
        with suppress(ValueError):
            return float(word)
    return word
