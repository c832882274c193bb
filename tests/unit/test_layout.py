"""The layout shows the system: imports go inward, and what is dangerous or costly stays in its room."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import live

ROOT = Path(live.__file__).parent

# What everything stands on, innermost first: a module here may import those before it.
FOUNDATION = (
    "base",
    "picture",
    "shm",
    "sound",
    "config",
    "stage",
    "playout",
    "workers",
    "showlog",
    "fetch",
)

# The rooms and what each may import beside the foundation. A room that makes or takes pictures or sound knows no other
# room: they meet in the engine, which is the only one that knows them all.
ROOMS: dict[str, set[str]] = {
    "sources": set(),
    "vision": set(),
    "audio": set(),
    "render": set(),
    "framing": set(),
    "director": set(),
    "ears": set(),
    "outputs": set(),
    "control": {"show"},
    "arrays": {"control", "show"},
    "captions": set(),
    "engine": {
        "arrays",
        "multiview",
        "sources",
        "vision",
        "audio",
        "render",
        "framing",
        "director",
        "ears",
        "outputs",
        "captions",
        "control",
        "console",
        "show",
    },
    "console": {"control", "show"},
    "multiview": {"control", "show"},
    "review": {"director"},
    "learn": {"director", "review"},
    "sync": {"control", "show"},
    "show": {"control", "director", "framing", "ears"},
    "bench": {"render", "vision", "demo"},
    "devices": {"sources"},
    "device_levels": {"sources"},
    "demo_material": set(),
    "demo": {"demo_material"},
    "doctor": {"devices", "sources"},
    "reference": {"control", "console", "show"},
}
OUTERMOST = {"cli", "__main__"}


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(ROOT.rglob("*.py")):
        if "_shipped" in path.parts:
            continue
        parts = path.relative_to(ROOT.parent).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Dotted names of everything a file imports, also inside functions. Each file is read once for all tests."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written in full"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(name: str) -> str:
    return (name.split(".") + [""])[1]


MODULES = list(modules())

# A program of its own, started as a file: it imports nothing of the package, not even the clock.
STANDALONE = {"live.outputs.sender"}


def test_every_module_is_in_the_table() -> None:
    assert len(MODULES) > 20
    unknown = {room(m) for m, _ in MODULES} - set(FOUNDATION) - set(ROOMS) - OUTERMOST - {""}
    assert not unknown, f"new rooms: say in this test what they may import: {unknown}"


@pytest.mark.parametrize(("module", "path"), MODULES, ids=[m for m, _ in MODULES])
def test_imports_go_inward(module: str, path: Path) -> None:
    here = room(module)
    if here in OUTERMOST or here == "":
        return
    inner = FOUNDATION[: FOUNDATION.index(here)] if here in FOUNDATION else FOUNDATION
    allowed = {here, "", *inner, *ROOMS.get(here, set())}
    for name in imports(path):
        if name.split(".")[0] == "live":
            target = room(name)
            known = target in FOUNDATION or target in ROOMS or target in OUTERMOST
            assert not known or target in allowed, f"{module} imports {name}: {here} may not know {target}"


# Who may touch a library. GL has one owner; decoders and models crash in processes of their own.
OWNERS = {
    "moderngl": {"render", "console"},
    "pyglet": {"console"},
    "imgui_bundle": {"console"},
    "mediapipe": {"vision"},
    "dlib": {"vision"},
    "sounddevice": {"sound"},
    "opentimelineio": {"review"},
    "aiohttp": {"control"},
    "typer": {"cli"},
    "trimesh": {"render"},
    "faster_whisper": {"captions"},
    "ctranslate2": {"captions"},
    "skia": {"render", "picture", "multiview"},
    "time": {"base"},
    "datetime": {"base"},
}


@pytest.mark.parametrize(("library", "owners"), OWNERS.items(), ids=OWNERS)
def test_a_library_stays_in_its_rooms(library: str, owners: set[str]) -> None:
    users = {
        module
        for module, path in MODULES
        if module not in STANDALONE and any(name.split(".")[0] == library for name in imports(path))
    }
    assert {room(m) for m in users} <= owners, users


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("live.engine.live", {"pyglet", "mediapipe", "imgui_bundle", "matplotlib", "scipy.signal"}),
        ("live.console.app", {"mediapipe", "av", "trimesh"}),
        ("live.cli", {"mediapipe", "pyglet", "moderngl", "av", "cv2", "numpy", "pydantic"}),
        ("live.fetch", {"numpy", "pydantic", "cv2"}),
        (
            "live.show",
            {"cv2", "av", "moderngl", "skia", "mediapipe", "scipy", "trimesh", "live.render", "live.engine"},
        ),
    ],
)
def test_a_process_loads_only_what_it_needs(module: str, heavy: set[str]) -> None:
    """Start-up time and memory, and a crash less: each of these is imported in a process of its own."""
    code = f"import sys, {module}; print(*sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_what_checks_a_rig_is_built_when_one_is_read() -> None:
    """Building the checks of every table costs each process that knows of them 60 ms."""
    code = """
import live.show
from live.config.base import Model
todo, built = [Model], []
while todo:
    todo += (cls := todo.pop()).__subclasses__()
    built += [cls.__module__] if cls.__dict__.get("__pydantic_complete__") else []
print(*built)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    built = done.stdout.split()
    large = {f"live.config.{name}" for name in ("rig", "scene", "template", "style", "keying", "source", "output")}
    assert not [module for module in built if module in large or ".kinds." in module]


def test_standalone_programs_import_nothing_of_the_package() -> None:
    for module, path in MODULES:
        if module in STANDALONE:
            assert not [name for name in imports(path) if name.split(".")[0] == "live"]
