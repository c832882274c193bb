"""The format of rig files. One of an older format is read as it is; `live upgrade` writes it anew, comments and all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from live.base.errors import ConfigError, Fault
from live.config.faults import Document, read_toml

FORMAT = 1  # of rigs today; those of 0.1.0 say none, which is 0


def unknown_format(document: Document) -> Iterator[Fault]:
    """Nothing of a rig that a later Live has written can be trusted to mean what it seems to: this is its one fault."""
    said = document.raw.get("format")
    if said is None:
        return
    if not isinstance(said, int) or isinstance(said, bool) or said < 1:
        yield document.fault(("format",), f"is {said!r:.60}, which is none", f"give {FORMAT}, or leave it out")
    elif said > FORMAT:
        right = f"run it with the Live that it was made for; this one reads formats up to {FORMAT}"
        yield document.fault(("format",), f"is {said}, which is newer than this Live", right)


def upgraded(text: str, said: int) -> str:
    """A rig's text in today's format. said: the format that it has."""
    for step in _STEPS[said:]:
        text = step(text)
    return text


def upgrade(path: Path) -> int:
    """Bring a rig file up to today's format; gives the one that it had. The old file is kept as NAME.format0.toml. A
    rig that is up to date is left alone. Raises ConfigError, and OSError when it can't be written.
    """
    faults: list[Fault] = []
    document = read_toml(path, faults)
    faults += unknown_format(document) if document else []
    if document is None or faults:
        raise ConfigError(faults)
    said = int(document.raw.get("format", 0))
    if said < FORMAT:
        new = path.with_name(f".{path.name}.new")
        new.write_text(upgraded(document.text, said), encoding="utf-8", newline="")
        os.replace(path, kept_as(path, said))
        os.replace(new, path)
    return said


def kept_as(path: Path, said: int) -> Path:
    """Where the old file of an upgrade is."""
    return path.with_name(f"{path.stem}.format{said}{path.suffix}")


def _says_its_format(text: str) -> str:
    """0 to 1: nothing but the number, before the first key or table, and under what is said of the whole file."""
    lines = text.splitlines(keepends=True)
    head = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
    if head and head < len(lines) and not lines[head].strip():
        return "".join([*lines[: head + 1], "format = 1\n", *lines[head + 1 :]])
    return "".join(["format = 1\n", "\n" if lines and lines[0].strip().startswith("[") else "", *lines])


_STEPS: tuple[Callable[[str], str], ...] = (_says_its_format,)  # one for each format, from the first on
