"""Commands from a file: JSON lines {"frame": 210, "address": "/graphics/lower/show", "args": []}, each acting on its
frame.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

from live.base.errors import CommandError, ConfigError, Fault
from live.control.registry import Command, parse


class Script:
    """The commands of a frame, each given out once; those of skipped frames come with the next one made."""

    def __init__(self, commands: dict[int, list[Command]] | None = None) -> None:
        self._by_frame = dict(sorted((commands or {}).items()))

    def __call__(self, frame: int) -> list[Command]:
        due = [f for f in self._by_frame if f <= frame]
        return [command for f in due for command in self._by_frame.pop(f)]


def load_script(path: Path) -> Script:
    """Read a script. Raises ConfigError with every bad line."""
    faults: list[Fault] = []
    commands: dict[int, list[Command]] = defaultdict(list)
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
            commands[frame].append(parse(address, args))
        except CommandError as error:
            faults.append(Fault(str(path), f"line {n}", f"{error.subject}: {error.cause}", error.action))
        except KeyError as error:
            faults.append(
                Fault(
                    str(path), f"line {n}", f"{error} is missing", 'write {"frame": 0, "address": "/...", "args": []}'
                )
            )
        except (ValueError, TypeError) as error:
            faults.append(
                Fault(
                    str(path), f"line {n}", f"no command ({error})", 'write {"frame": 0, "address": "/...", "args": []}'
                )
            )
    if faults:
        raise ConfigError(faults)
    return Script(commands)
