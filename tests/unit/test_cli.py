"""The command line as a program: what it prints, where, and how it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from live import cli
from live.cli.app import app

VERBS = Path(cli.__file__).parent


def live(*args: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "live", *map(str, args)]
    return subprocess.run(argv, capture_output=True, text=True, env={**os.environ, **env}, timeout=60)


def test_every_file_of_the_room_is_a_verb_that_is_registered() -> None:
    files = {p.stem for p in VERBS.glob("*.py")} - {"__init__", "app", "common", "resume"}
    commands = {c.callback.__name__ for c in app.registered_commands if c.callback is not None}
    assert files == commands | {str(g.name) for g in app.registered_groups}


def test_a_fault_is_one_line_and_ends_with_2(tmp_path: Path) -> None:
    done = live("why", tmp_path / "none.jsonl")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1 and "none.jsonl" in done.stderr and not done.stdout


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_terminal_that_lacks_a_letter_gets_its_escape(tmp_path: Path, encoding: str) -> None:
    """As a pipe of Windows does: cp1252."""
    done = live("check", tmp_path / "演播室.toml", PYTHONIOENCODING=encoding)
    assert done.returncode == 2
    assert r"\u6f14\u64ad\u5ba4.toml" in done.stdout and "Traceback" not in done.stderr
