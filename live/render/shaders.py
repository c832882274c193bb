"""The one shader loader. A file of `shaders/` holds both stages of a pass, parted by `#ifdef VERTEX` / `#ifdef FRAGMENT`.

`#include "include/x.glsl"` recurses, each file once a stage, and `#line` keeps count, so that a compiler's complaint is told
with the file and the line it is about.
"""

from __future__ import annotations

import re
from contextlib import ExitStack
from pathlib import Path

import moderngl

from live.errors import SceneError
from live.paths import shipped

_INCLUDE = re.compile(r'^\s*#include\s+"([^"]+)"', re.MULTILINE)
# Mesa and AMD write 2:14(7), NVIDIA 2(14): file number, line.
_PLACE = re.compile(r"(?:ERROR: )?(\d+)[:(](\d+)\)?(?:\(\d+\))?")


def expand(path: Path, root: Path, files: list[Path] | None = None) -> tuple[str, list[Path]]:
    """A shader's text with its includes in place, and the files it came from, by the number that `#line` gives them.

    Raises SceneError when a file is missing.
    """
    files = [] if files is None else files
    files.append(path)
    number = len(files) - 1
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise SceneError(f"shader {path.name}", f"{path} can't be read ({error.strerror})", "reinstall the package") from None
    out = [f"#line 1 {number}"]
    for at, line in enumerate(lines, 1):
        match = _INCLUDE.match(line)
        if not match:
            out.append(line)
            continue
        included = root / match[1]
        if included not in files:
            out.append(expand(included, root, files)[0])
        out.append(f"#line {at + 1} {number}")
    return "\n".join(out), files


def told(message: str, files: list[Path]) -> str:
    """The first line of a compiler's message that names a place, with the file's name for its number."""
    for line in message.splitlines():
        match = _PLACE.match(line.strip())
        if match and int(match[1]) < len(files):
            return f"{files[int(match[1])].name}:{match[2]}: {line.strip()[match.end() :].lstrip(' :)')}"
    return next((line for line in message.splitlines() if line.strip()), "unknown")


class Shaders:
    """Programs by file name and switches, compiled once. Owner: the thread of the context."""

    def __init__(self, ctx: moderngl.Context, stack: ExitStack, root: Path | None = None) -> None:
        self._ctx = ctx
        self._stack = stack
        self._root = root or shipped("shaders")
        self._programs: dict[tuple[str, ...], moderngl.Program] = {}

    def program(self, name: str, *switches: str) -> moderngl.Program:
        """The program of `shaders/NAME.glsl`, compiled with each switch defined. Raises SceneError with file and line."""
        key = (name, *switches)
        if key not in self._programs:
            self._programs[key] = self._compile(name, switches)
        return self._programs[key]

    def _compile(self, name: str, switches: tuple[str, ...]) -> moderngl.Program:
        text, files = expand(self._root / f"{name}.glsl", self._root)
        defines = "".join(f"#define {s}\n" for s in switches)
        try:
            program = self._ctx.program(
                vertex_shader=f"#version 330\n#define VERTEX\n{defines}{text}",
                fragment_shader=f"#version 330\n#define FRAGMENT\n{defines}{text}",
            )
        except moderngl.Error as error:
            raise SceneError(f"shader {name}", told(str(error), files), "mend that line") from None
        self._stack.callback(program.release)
        return program
