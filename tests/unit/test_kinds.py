"""Kinds of sources and outputs: each is one module, found by itself; nothing else names it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import Literal

import pytest

import live
from live.config.clips import PlayerConfig
from live.config.kinds import OUTPUTS, SOURCES, Kinds, lamp_of
from live.config.source import Source
from live.outputs.own import Worked
from live.outputs.targets import Targeted
from live.sources.reader import Readable

ROOT = Path(live.__file__).parent


@pytest.mark.parametrize(("kinds", "room"), [(SOURCES, "sources"), (OUTPUTS, "outputs")])
def test_every_module_of_the_folder_is_a_kind_by_its_name(kinds: Kinds, room: str) -> None:
    files = {p.stem for p in (ROOT / room / "kinds").glob("*.py")} - {"__init__"}
    assert set(kinds.all) == files
    for word, cls in kinds.all.items():
        assert cls.__module__ == f"live.{room}.kinds.{word}" and cls.__doc__


def test_every_kind_can_be_read_or_written() -> None:
    assert all(issubclass(cls, Readable | PlayerConfig) for cls in SOURCES.all.values())
    assert all(issubclass(cls, Targeted | Worked) for cls in OUTPUTS.all.values())


def test_a_word_that_is_taken_is_refused() -> None:
    class Other(Source):
        kind: Literal["media"]

    with pytest.raises(ValueError, match="the kind media is taken by MediaSource"):
        SOURCES.register(Other)
    assert SOURCES.all["media"] is not Other


def test_nothing_but_the_command_line_and_the_iso_names_a_kind() -> None:
    """`--record` and `--isos` make outputs of a kind, and tracks are written in the same process off line; whoever else
    wants to know something asks the kind."""
    allowed = {"engine/options.py", "engine/offline_tracks.py", "outputs/kinds/iso.py"}
    users = set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and ".kinds." in f"{node.module}.":
                if node.module != "live.config.kinds":
                    users.add(path.relative_to(ROOT).as_posix())
    assert users == allowed


def test_every_kind_of_output_has_a_lamp_of_its_own() -> None:
    assert [lamp_of(kind) for kind in ("file", "rtmp", "iso", "test")] == ["REC", "ON AIR", "ISO", "TEST"]
    assert len({lamp_of(kind) for kind in OUTPUTS.all}) == len(OUTPUTS.all)
    assert lamp_of("later") == "LATER", "a kind of a later Live"


def test_an_output_of_every_kind_may_wait_for_a_hand() -> None:
    assert all(cls.model_fields["auto_start"].default is True for cls in OUTPUTS.all.values())


def test_reading_a_rig_loads_nothing_heavy() -> None:
    heavy = {"cv2", "av", "skia", "moderngl", "mediapipe", "sounddevice", "trimesh"}
    code = f"import sys, live.config.load; print(*sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
