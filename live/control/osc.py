"""OSC 1.0 as bytes: messages out of datagrams, datagrams out of messages. Pure.

Written here and not taken from python-osc, which drops an argument of a type that it doesn't know and hands over the
rest: `/program/cut` with a symbol became a cut to preview. A message is understood whole, or refused whole.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from live.base.errors import CommandError
from live.control.registry import IMPULSE, readable

_DEPTH = 8  # bundles in bundles: a datagram that nests deeper is not ours
_MAX_BUNDLE = 1400  # bytes: one Ethernet frame, no fragments
_LARGEST_FLOAT = 3.4e38  # that 32 bits hold
_NOW = b"#bundle\0" + b"\0" * 7 + b"\x01"

_NUMBERS: dict[str, struct.Struct] = {
    "i": struct.Struct(">i"),
    "h": struct.Struct(">q"),
    "f": struct.Struct(">f"),
    "d": struct.Struct(">d"),
}
_PLAIN = {"T": True, "F": False, "I": IMPULSE}
_NO_ARGUMENT = {"N": "nil", "b": "a blob", "t": "a time tag", "[": "an array", "r": "a colour", "m": "MIDI"}


class Message(NamedTuple):
    address: str
    args: tuple[Any, ...]


def decode(data: bytes) -> list[Message | CommandError]:
    """The messages of a datagram, in order, time tags ignored; a CommandError for one that can't be taken as it is.

    Raises ValueError for anything that isn't OSC; then nothing of the datagram counts.
    """
    return list(_messages(data, 0))


def _messages(data: bytes, depth: int) -> Iterator[Message | CommandError]:
    if not data.startswith(b"#bundle\0"):
        yield _message(data)
        return
    if depth > _DEPTH:
        raise ValueError("bundles nested too deep")
    at = 16  # after the word and the time tag
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big", signed=True)
        if size <= 0 or size % 4 or at + 4 + size > len(data):
            raise ValueError(f"a bundle element of {size} bytes")
        yield from _messages(data[at + 4 : at + 4 + size], depth + 1)
        at += 4 + size


def _message(data: bytes) -> Message | CommandError:
    if not data.startswith(b"/"):
        raise ValueError("neither an OSC message nor a bundle")
    raw, at = _string(data, 0)
    address = raw.decode("utf-8", "replace")
    if at >= len(data):
        return Message(address, ())
    tags, at = _string(data, at)
    if not tags.startswith(b","):
        return CommandError(readable(address), "has no type tags", "send OSC 1.0")
    args: list[Any] = []
    for tag in tags[1:].decode("latin-1"):
        if tag in _NUMBERS:
            (value,) = _unpacked(_NUMBERS[tag], data, at)
            at += _NUMBERS[tag].size
            args.append(value)
        elif tag in "sS":
            text, at = _string(data, at)
            try:
                args.append(text.decode())
            except UnicodeDecodeError:
                return CommandError(readable(address), f"argument {len(args) + 1} is no UTF-8", "send text as UTF-8")
        elif tag == "c":
            (code,) = _unpacked(_NUMBERS["i"], data, at)
            at += 4
            args.append(chr(code) if 0 <= code <= 0x10FFFF else "")
        elif tag in _PLAIN:
            args.append(_PLAIN[tag])
        else:
            what = _NO_ARGUMENT.get(tag, f"of a type that nobody knows ({readable(tag)!r})")
            return CommandError(
                readable(address), f"argument {len(args) + 1} is {what}", "send text (s), numbers (i, f, h, d), T or F"
            )
    return Message(address, tuple(args))


def _string(data: bytes, at: int) -> tuple[bytes, int]:
    """The text that begins here, and where what follows begins."""
    end = data.find(b"\0", at)
    if end < 0:
        raise ValueError("a text without an end")
    return data[at:end], (end + 4) & ~3


def _unpacked(kind: struct.Struct, data: bytes, at: int) -> tuple[Any, ...]:
    try:
        return kind.unpack_from(data, at)
    except struct.error as error:
        raise ValueError(f"an argument is cut off: {error}") from None


def encode(address: str, *args: Any) -> bytes:
    """One message: int as i (h where it needs to be), float as f, str as s, bool as T or F."""
    tags, parts = ",", b""
    for arg in args:
        tag, data = _packed(arg)
        tags += tag
        parts += data
    return _padded(address) + _padded(tags) + parts


def _packed(arg: Any) -> tuple[str, bytes]:
    if isinstance(arg, bool):
        return ("T" if arg else "F"), b""
    if isinstance(arg, int):
        kind = "i" if -(1 << 31) <= arg < 1 << 31 else "h"
        return kind, _NUMBERS[kind].pack(arg)
    if isinstance(arg, float):
        kind = "d" if math.isfinite(arg) and abs(arg) > _LARGEST_FLOAT else "f"
        return kind, _NUMBERS[kind].pack(arg)
    return "s", _padded(arg)


def _padded(text: str) -> bytes:
    data = text.encode("utf-8", "replace").replace(b"\0", b"?")
    return data + b"\0" * (4 - len(data) % 4)


def bundle(messages: Sequence[bytes]) -> bytes:
    """Messages that belong together."""
    return _NOW + b"".join(len(m).to_bytes(4, "big") + m for m in messages)


def state_bundles(frame: int, messages: Iterable[bytes]) -> list[bytes]:
    """Bundles that each start with /state/frame and fit an Ethernet frame."""
    head = encode("/state/frame", frame)
    start = 16 + 4 + len(head)
    out: list[bytes] = []
    inside, size = [head], start
    for message in messages:
        if len(inside) > 1 and size + len(message) + 4 > _MAX_BUNDLE:
            out.append(bundle(inside))
            inside, size = [head], start
        inside.append(message)
        size += len(message) + 4
    out.append(bundle(inside))
    return out
