"""What a run can't do as it was asked is refused before it starts, or said at its end."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.nginx import wait_for
from tests.support.shows import PATTERNS, write_rig

ROOT = Path(__file__).resolve().parents[2]


def live(*args, **more):
    return subprocess.run(
        [sys.executable, "-m", "live", *map(str, args)], capture_output=True, text=True, timeout=90, cwd=ROOT, **more
    )


@pytest.mark.parametrize("record", ["{tmp}", "{tmp}/rig.toml/a.mp4"])
def test_a_recording_that_can_not_be_is_refused(tmp_path, record):
    run = live(
        "run",
        write_rig(tmp_path, PATTERNS),
        "--headless",
        "--seconds",
        1,
        "--osc-port",
        0,
        "--record",
        record.format(tmp=tmp_path),
    )
    assert run.returncode == 2 and len(run.stderr.splitlines()) == 1 and str(tmp_path) in run.stderr


def test_a_script_with_bad_lines_is_refused_line_by_line(tmp_path):
    script = tmp_path / "commands.jsonl"
    script.write_text(
        '{"frame": 1, "address": "/program/cut"}\nnonsense\n{"frame": 2}\n{"frame": 3, "address": "/no/such"}\n'
    )
    run = live(
        "run", write_rig(tmp_path, PATTERNS), "--headless", "--seconds", 1, "--osc-port", 0, "--commands", script
    )
    assert run.returncode == 2
    assert [line.split(": ")[1] for line in run.stderr.splitlines()] == ["line 2", "line 3", "line 4"]


def test_a_fault_on_air_is_on_the_terminal_and_counted(tmp_path):
    script = tmp_path / "commands.jsonl"
    script.write_text('{"frame": 1, "address": "/program/cut", "args": ["nowhere"]}\n')
    run = live("run", write_rig(tmp_path, PATTERNS), "--offline", "--seconds", 1, "--commands", script)
    assert run.returncode == 0 and "1 faults" in run.stdout
    assert "no shot is called 'nowhere'" in run.stderr


@pytest.mark.skipif(os.name != "posix", reason="process groups")
def test_an_interrupt_before_the_show_leaves_no_process_and_no_recording(tmp_path):
    argv = [sys.executable, "-m", "live", "run", str(write_rig(tmp_path, PATTERNS)), "--headless", "--osc-port", "0"]
    argv += ["--record", str(tmp_path / "show.mp4")]
    show = subprocess.Popen(
        argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, start_new_session=True
    )
    assert show.stdout is not None
    assert "OSC on" in show.stdout.readline()
    os.killpg(show.pid, signal.SIGINT)  # what Ctrl-C does: the engine and all its workers get it
    out, err = show.communicate(timeout=60)
    assert show.returncode == 1 and "stopped before the show began" in out
    assert "Traceback" not in err
    assert not list(tmp_path.glob("*.mp4"))
    wait_for(lambda: not _group_alive(show.pid), 10, "the workers to be gone")


def _group_alive(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
