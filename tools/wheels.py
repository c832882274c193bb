"""Does everything that the program stands on have wheels for a system? Asks the package index, installs nothing.

    python tools/wheels.py              Windows, macOS (Apple and Intel), Linux; Python 3.12 and 3.13
    python tools/wheels.py win_amd64    only systems whose name holds this

Run it with the Python of an environment in which the package is installed: what the packages themselves need is read
there, with the markers (sys_platform == ...) as they are on the other system.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from importlib import metadata

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PACKAGE = "live-show"
EXTRAS = ("captions", "people", "srt")
PYTHONS = ("3.12", "3.13")
MACOS = ("14_0", "13_0", "12_0", "11_0", "10_15", "10_13", "10_9")
# By name: the tags of wheels that run there, and what markers see.
SYSTEMS: dict[str, tuple[list[str], dict[str, str]]] = {
    "win_amd64": (["win_amd64"], {"sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64"}),
    "macos_arm64": (
        [f"macosx_{v}_{kind}" for v in MACOS for kind in ("arm64", "universal2")],
        {"sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64"},
    ),
    "macos_x86_64": (
        [f"macosx_{v}_{kind}" for v in MACOS for kind in ("x86_64", "universal2")],
        {"sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "x86_64"},
    ),
    "linux_x86_64": (
        [f"manylinux_2_{glibc}_x86_64" for glibc in (35, 34, 31, 28, 27, 24, 17)] + ["manylinux2014_x86_64"],
        {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64"},
    ),
}


def closure(environment: dict[str, str]) -> list[Requirement]:
    """Everything that the package needs there, and what that needs, as far as it is installed here to be read."""
    found: dict[str, Requirement] = {}
    todo = [(Requirement(f"{PACKAGE}[{','.join(EXTRAS)}]"))]
    while todo:
        asked = todo.pop()
        try:
            needs = metadata.requires(asked.name) or []
        except metadata.PackageNotFoundError:
            continue
        for need in map(Requirement, needs):
            name = canonicalize_name(need.name)
            extras = asked.extras or {""}
            if name in found or not (
                need.marker is None or any(need.marker.evaluate(environment | {"extra": e}) for e in extras)
            ):
                continue
            found[name] = need
            todo.append(need)
    return sorted(found.values(), key=lambda need: need.name.lower())


def without_wheel(needs: list[Requirement], tags: list[str], python: str) -> list[str]:
    """The names of those that have none: what pip says of all at once, then without the one that it stumbled on."""
    lacking: list[str] = []
    while True:
        wanted = [f"{need.name}{need.specifier}" for need in needs if need.name not in lacking]
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--no-deps", "--ignore-installed"]
                + ["--only-binary", ":all:", "--python-version", python, "--implementation", "cp", "--target", folder]
                + [argument for tag in tags for argument in ("--platform", tag)]
                + wanted,
                capture_output=True,
                text=True,
            )
        if done.returncode == 0:
            return lacking
        stumbled = [need.name for need in needs if f"for {need.name}" in done.stderr and need.name not in lacking]
        if not stumbled:
            raise SystemExit(done.stderr)
        lacking += stumbled


def main(wanted: str = "") -> int:
    lacks = False
    for name, (tags, environment) in SYSTEMS.items():
        if wanted not in name:
            continue
        for python in PYTHONS:
            needs = closure(environment | {"python_version": python, "python_full_version": f"{python}.0"})
            lacking = without_wheel(needs, tags, python)
            lacks = lacks or bool(lacking)
            print(f"{name:14} {python}: {len(needs)} packages, no wheel: {', '.join(lacking) or 'none'}", flush=True)
    return 1 if lacks else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
