"""Which show a file belongs to: its log, its recordings and its isos say the same word.

A show that was cut short and taken up again goes on in a second part (`7f3a90c2.2`), whose files are its own.
"""

from __future__ import annotations

import hashlib
import secrets


def new_identity() -> str:
    """Of a show that begins."""
    return secrets.token_hex(4)


def identity_made_of(*what: str) -> str:
    """Of a show off line: the same show is the same files, byte for byte."""
    return hashlib.sha256("\0".join(what).encode("utf-8", "surrogatepass")).hexdigest()[:8]


def show_of(identity: str) -> str:
    """The show that a part belongs to."""
    return identity.partition(".")[0]


def part_of(identity: str) -> int:
    """1 for the part that a show began with."""
    number = identity.partition(".")[2]
    return int(number) if number.isdecimal() else 1


def next_part(identity: str) -> str:
    """Of the run that takes a show up again."""
    return f"{show_of(identity)}.{part_of(identity) + 1}"
