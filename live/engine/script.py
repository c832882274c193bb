"""Commands from a file: JSON lines {"frame": 210, "address": "/graphics/lower/show", "args": []}, each acting on its
frame.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Mapping
from pathlib import Path

import live.show.commands  # noqa: F401  (registers them)
from live.base.errors import CommandError, ConfigError, Fault
from live.base.hand import Hand
from live.control.published import Values
from live.control.registry import Command, parse
from live.control.state import StateTree
from live.control.surface import Incoming

_SCRIPT = Hand("script")


class Script:
    """A surface that nobody sits at. The commands of a frame, each given out once; those of skipped frames come with
    the next one made.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[int, int, Command]] = []  # a heap: frame, which of them all, command
        self._count = 0

    def add(self, frame: int, command: Command) -> None:
        """Do this on a frame, after what was added for it before."""
        self._count += 1
        heapq.heappush(self._waiting, (frame, self._count, command))

    def poll(self, frame: int, now_ns: int) -> list[Incoming]:
        found = []
        while self._waiting and self._waiting[0][0] <= frame:
            found.append(Incoming(heapq.heappop(self._waiting)[2], _SCRIPT, now_ns))
        return found

    def answer(self, incoming: Incoming, error: CommandError) -> None:
        """Nobody waits for one: it is in the log."""

    def publish(self, frame: int, changes: Mapping[str, Values], tree: StateTree) -> None:
        """Nobody looks."""


def load_script(path: Path) -> Script:
    """Read a script. Raises ConfigError with every bad line."""
    faults: list[Fault] = []
    script = Script()
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([Fault(str(path), "-", f"can't be read ({error})", "give a file of JSON lines")]) from None
    for n, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            frame, address, args = row["frame"], row["address"], row.get("args", [])
            if not isinstance(frame, int) or frame < 0 or not isinstance(args, list):
                raise ValueError("frame must be a whole number, args a list")
            script.add(frame, parse(address, args))
        except CommandError as error:
            faults.append(Fault(str(path), f"line {n}", f"{error.subject}: {error.cause}", error.action))
        except KeyError as error:
            faults.append(
                Fault(
                    str(path), f"line {n}", f"{error} is missing", 'write {"frame": 0, "address": "/...", "args": []}'
                )
            )
        except (ValueError, TypeError, RecursionError) as error:
            faults.append(
                Fault(
                    str(path), f"line {n}", f"no command ({error})", 'write {"frame": 0, "address": "/...", "args": []}'
                )
            )
    if faults:
        raise ConfigError(faults)
    return script
