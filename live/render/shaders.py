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
_PLACE = re.compile(r"\d+[:(](\d+)\)?(?:\(\d+\))?")  # Mesa and AMD write 0:14(7), NVIDIA 0(14): string number, line
LIGHT = "LIGHT"  # the switch of a pass whose target holds light instead of codes
_FILE = 10_000  # line 20014 is line 14 of the third file: Mesa forgets the string number that #line could carry instead


def expand(path: Path, root: Path, files: list[Path] | None = None) -> tuple[str, list[Path]]:
    """A shader's text with its includes in place, and the files it came from, in the order `#line` numbers them.

    Raises SceneError when a file is missing.
    """
    files = [] if files is None else files
    start = len(files) * _FILE
    files.append(path)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise SceneError(f"shader {path.name}", f"{path} can't be read ({error.strerror})", "reinstall the package") from None
    out = [f"#line {start + 1}"]
    for at, line in enumerate(lines, 1):
        match = _INCLUDE.match(line)
        if not match:
            out.append(line)
            continue
        included = root / match[1]
        if included not in files:
            out.append(expand(included, root, files)[0])
        out.append(f"#line {start + at + 1}")
    return "\n".join(out), files


def told(message: str, files: list[Path]) -> str:
    """The first line of a compiler's message that names a place, with the file and its own line."""
    for line in message.splitlines():
        match = _PLACE.search(line)
        if match and int(match[1]) // _FILE < len(files):
            file, at = files[int(match[1]) // _FILE], int(match[1]) % _FILE
            return f"{file.name}:{at}: {line[match.end() :].lstrip(' :')}"
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
        if LIGHT in switches:
            text = f"{text}\n{self._wrapped(files)}"
        defines = "".join(f"#define {s}\n" for s in switches)
        renamed = "#define main pass_main\n" if LIGHT in switches else ""
        try:
            program = self._ctx.program(
                vertex_shader=f"#version 330\n#define VERTEX\n{defines}{text}",
                fragment_shader=f"#version 330\n#define FRAGMENT\n{renamed}{defines}{text}",
            )
        except moderngl.Error as error:
            raise SceneError(f"shader {name}", told(str(error), files), "mend that line") from None
        self._stack.callback(program.release)
        return program

    def _wrapped(self, files: list[Path]) -> str:
        """What turns the colour that a pass gives from codes into light, after its own main."""
        light = self._root / "include" / "light.glsl"
        include = expand(light, self._root, files)[0]  # it guards itself: another include of it may stand in a branch that isn't taken
        return f"#ifdef FRAGMENT\n#undef main\n{include}\nvoid main() {{ pass_main(); colour = in_light(colour); }}\n#endif"
