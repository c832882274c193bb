"""The one shader loader. A file of `shaders/` holds both stages of a pass, parted by `#ifdef VERTEX` / `#ifdef
FRAGMENT`.

`#include "include/x.glsl"` recurses, each file once a stage, and `#line` keeps count, so that a compiler's complaint is
told with the file and the line it is about.

A file that is saved on air is compiled between frames, one program a frame; who draws holds a `Pass` and draws with the
new program from the next frame on, once all that use the file are there. Until then, and when one of them isn't valid,
everything stays as it was.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import moderngl

from live.base.errors import SceneError
from live.base.files import read_file, words_of
from live.base.paths import shaders_dir

_INCLUDE = re.compile(r'^\s*#include\s+"([^"]+)"', re.MULTILINE)
_PLACE = re.compile(r"\d+[:(](\d+)\)?(?:\(\d+\))?")  # Mesa and AMD write 0:14(7), NVIDIA 0(14): string number, line
LIGHT = "LIGHT"  # the switch of a pass whose target holds light instead of codes
_FILE = 10_000  # line 20014 is line 14 of the third file: Mesa forgets the string number that #line could carry instead


def expand(path: Path, root: Path, files: list[Path] | None = None) -> tuple[str, list[Path]]:
    """A shader's text with its includes in place, and the files it came from, in the order `#line` numbers them.

    Raises SceneError when a file is missing, or no text.
    """
    files = [] if files is None else files
    start = len(files) * _FILE
    files.append(path)
    try:
        lines = read_file(path, 1_000_000).decode("utf-8").splitlines()
    except OSError as error:
        where = f"{files[0].name} asks for {path.name}" if files[0] != path else path.name
        raise SceneError(
            f"shader {where}", f"{path} can't be read ({words_of(error)})", "reinstall the package"
        ) from None
    except UnicodeDecodeError as error:
        broken = error.object[: error.start].count(b"\n") + 1
        raise SceneError(
            f"shader {files[0].stem}", f"{path.name}:{broken}: is no UTF-8 text", "save it as UTF-8"
        ) from None
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


def in_words(message: str, files: list[Path]) -> tuple[str, str]:
    """The first line of a compiler's message that names a place, with the file and its own line; and what to do."""
    for line in message.splitlines():
        match = _PLACE.search(line)
        if match and int(match[1]) // _FILE < len(files):
            file, at = files[int(match[1]) // _FILE], int(match[1]) % _FILE
            return f"{file.name}:{at}: {line[match.end() :].lstrip(' :')}", "mend that line"
    lines = [line.strip() for line in message.splitlines() if line.strip()] or ["unknown"]
    return ": ".join(dict.fromkeys((lines[0], lines[-1]))), "mend the shader"  # of a linker: what failed, headings, why


@dataclass(frozen=True)
class Source:
    """A pass as its files have it: its text with the includes in place, what is added to it for light, and the files
    that the lines are of.
    """

    text: str
    light: str
    files: tuple[Path, ...]


def read_source(name: str, root: Path) -> Source:
    """Any thread. Raises SceneError when a file is missing."""
    text, files = expand(root / f"{name}.glsl", root)
    # What turns the colour that a pass gives from codes into light, after its own main. The include guards itself:
    # another of it may stand in a branch that isn't taken.
    include = (
        expand(root / "include" / "light.glsl", root, files)[0] if (root / "include" / "light.glsl").exists() else ""
    )
    light = (
        f"#ifdef FRAGMENT\n#undef main\n{include}\nvoid main() {{ pass_main(); colour = in_light(colour); }}\n#endif"
    )
    return Source(text, light, tuple(files))


def read_users(path: Path, root: Path) -> dict[str, Source]:
    """Every pass that uses a file, itself or as an include, by name. Any thread. Raises SceneError when a file is
    missing.
    """
    found = {p.stem: read_source(p.stem, root) for p in sorted(root.glob("*.glsl"))}
    return {name: source for name, source in found.items() if path in source.files}


class Pass:
    """A program, as it was saved last. Who draws holds this, never the program itself. version: how often it was
    exchanged.
    """

    def __init__(self, program: moderngl.Program) -> None:
        self.program, self.version = program, 0
        self._samplers: tuple[str, ...] = ()

    def __contains__(self, name: str) -> bool:
        return name in self.program

    def __setitem__(self, name: str, value: Any) -> None:
        self.program[name] = value

    def bind(self, *names: str) -> Pass:
        """Give each sampler its unit, in this order, in this program and in those that come after it."""
        self._samplers = names
        for unit, name in enumerate(names):
            if name in self.program:
                self.program[name] = unit
        return self

    def exchange(self, program: moderngl.Program) -> None:
        self.program.release()
        self.program, self.version = program, self.version + 1
        self.bind(*self._samplers)


PassKey = tuple[str, tuple[str, ...]]  # a pass and its switches


@dataclass
class _Saved:
    """A file that was saved: the passes that use it, and what of them is compiled so far."""

    path: Path
    sources: Mapping[str, Source]
    todo: list[PassKey]
    made: dict[PassKey, moderngl.Program] = field(default_factory=dict)


@dataclass(frozen=True)
class Taken:
    """A saved file is in use. passes: by name; programs: how many were compiled."""

    path: Path
    passes: frozenset[str]
    programs: int


class Shaders:
    """Programs by file name and switches, compiled once. Owner: the thread of the context."""

    def __init__(self, ctx: moderngl.Context, stack: ExitStack, root: Path | None = None) -> None:
        self._ctx = ctx
        self._stack = stack
        self.root = root or shaders_dir()
        self._passes: dict[PassKey, Pass] = {}
        # By name: what is in use, and last what the show began with. Read here, so that no frame has to.
        self._sources = {p.stem: [read_source(p.stem, self.root)] for p in sorted(self.root.glob("*.glsl"))}
        self._types: dict[str, dict[str, tuple[Any, ...]]] = {}  # by pass: of the uniforms and attributes it began with
        self._saved: deque[_Saved] = deque()
        self.taken = 0  # saved files so far
        self.said: deque[SceneError] = deque(maxlen=20)  # of variants that can't be had of what was saved

    @property
    def files(self) -> list[Path]:
        """What the passes are made of now."""
        return list(dict.fromkeys(path for newest, *_ in self._sources.values() for path in newest.files))

    def program(self, name: str, *switches: str) -> Pass:
        """The pass of `shaders/NAME.glsl`, compiled with each switch defined. Raises SceneError with file and line."""
        key = name, switches
        if key not in self._passes:
            self._passes[key] = Pass(self._first(name, switches))
        return self._passes[key]

    def _first(self, name: str, switches: tuple[str, ...]) -> moderngl.Program:
        """A variant that nobody has asked for yet, of what is in use; where that has a fault, of what the show began
        with.
        """
        if name not in self._sources:
            raise SceneError(f"shader {name}", f"{self.root / name}.glsl isn't there", "reinstall the package")
        *saved, start = self._sources[name]
        program = self._compile(name, switches, start)
        self._types.setdefault(name, {}).update(_types(program))
        for source in saved:
            try:
                newer = self._compile(name, switches, source)
                self._check(name, newer, source)
            except SceneError as error:
                self.said.append(error)
            else:
                program.release()
                program = newer
        return program

    def take(self, path: Path, sources: Mapping[str, Source]) -> None:
        """A file was saved: have the passes that use it compiled by `step`."""
        known: list[PassKey] = [key for key in self._passes if key[0] in sources]
        plain: list[PassKey] = [(name, ()) for name in sources]  # whether used or not: to know more of what is valid
        self._saved.append(_Saved(path, sources, list(dict.fromkeys([*known, *plain]))))

    @property
    def busy(self) -> bool:
        """Is there something to compile?"""
        return bool(self._saved)

    def step(self) -> Taken | None:
        """Compile one program, or exchange those that are ready. Raises SceneError for a file that can't be used:
        nothing is changed then.
        """
        if not self._saved:
            return None
        saved = self._saved[0]
        try:
            if saved.todo:
                name, switches = saved.todo[0]
                program = self._compile(name, switches, saved.sources[name])
                saved.made[saved.todo.pop(0)] = program
                self._check(name, program, saved.sources[name])
        except SceneError as error:
            self._saved.popleft()
            for program in saved.made.values():
                program.release()
            if f"{saved.path.name}:" in str(error):
                raise
            # The compiler noticed it in another file, which nobody has touched.
            raise SceneError(
                error.subject, f"{error.cause} (since {saved.path.name} was saved)", error.action
            ) from None
        return None if saved.todo else self._exchange(self._saved.popleft())

    def _exchange(self, saved: _Saved) -> Taken:
        for key, program in saved.made.items():
            if key in self._passes:
                self._passes[key].exchange(program)
            else:
                program.release()
        for name, source in saved.sources.items():
            start = self._sources.get(name, [source])[-1]
            self._sources[name] = [source] if source == start else [source, start]
        self.taken += 1
        return Taken(saved.path, frozenset(saved.sources), len(saved.made))

    def _check(self, name: str, program: moderngl.Program, source: Source) -> None:
        """What the painters set must be of the type that they set."""
        known = self._types.get(name, {})
        for member, is_now in _types(program).items():
            if known.get(member, is_now) != is_now:
                where = _declared(member, source)
                raise SceneError(
                    f"shader {name}", f"{where}: {member} is of another type than before", "leave its type as it was"
                )

    def _compile(self, name: str, switches: tuple[str, ...], source: Source) -> moderngl.Program:
        text = f"{source.text}\n{source.light}" if LIGHT in switches else source.text
        defines = "".join(f"#define {s}\n" for s in switches)
        renamed = "#define main pass_main\n" if LIGHT in switches else ""
        try:
            program = self._ctx.program(
                vertex_shader=f"#version 330\n#define VERTEX\n{defines}{text}",
                fragment_shader=f"#version 330\n#define FRAGMENT\n{renamed}{defines}{text}",
            )
        except moderngl.Error as error:
            raise SceneError(f"shader {name}", *in_words(str(error), list(source.files))) from None
        self._stack.callback(program.release)
        return program


def _types(program: moderngl.Program) -> dict[str, tuple[Any, ...]]:
    """Of uniforms and attributes, by name."""
    members: Iterable[tuple[str, Any]] = ((name, program[name]) for name in program)
    return {
        name: (type(m).__name__, m.gl_type, m.array_length)
        for name, m in members
        if isinstance(m, moderngl.Uniform | moderngl.Attribute)
    }


def _declared(member: str, source: Source) -> str:
    """The file and line that declares a name."""
    at = 0
    for line in source.text.splitlines():
        if line.startswith("#line "):
            at = int(line.split()[1]) - 1  # of the line after it
            continue
        at += 1
        if re.search(rf"^\s*(uniform|in)\s+\w+\s+{member}\b", line):
            return f"{source.files[at // _FILE].name}:{at % _FILE}"
    return source.files[0].name
