"""What systems do in their own ways about processes, on the one that the tests run on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from live.base import processes
from live.base.priority import realtime

posix = pytest.mark.skipif(os.name != "posix", reason="signals and nice are POSIX")


def _run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@posix
def test_a_child_started_meanwhile_never_hears_ctrl_c() -> None:
    child = "import signal; print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ()))"
    with processes.unheard_interrupts():
        assert _run(child) == "True"
    assert _run(child) == "False"


@posix
def test_whoever_steps_back_comes_after_others() -> None:
    look = "print(os.nice(0))"
    code = f"import os; from live.base.priority import step_back; step_back(0); {look}; step_back(5); {look}"
    before, after = map(int, _run(code).split())
    assert after == min(19, before + 5)


def test_realtime_ends_with_its_scope() -> None:
    if not hasattr(os, "sched_getscheduler"):
        pytest.skip("Linux")
    before = os.sched_getscheduler(0)
    with realtime() as first:
        assert (os.sched_getscheduler(0) != before) is first
    assert os.sched_getscheduler(0) == before


def test_a_show_ends_by_every_signal_that_asks_for_it() -> None:
    assert signal.SIGINT in processes.ENDS and signal.SIGTERM in processes.ENDS and len(processes.ENDS) == 3


def test_what_a_process_uses() -> None:
    used = processes.cpu_s(os.getpid())
    if sys.platform != "linux":
        assert used is None
        return
    assert used is not None and used > 0
    memory_mb = processes.memory_mb(os.getpid())
    assert memory_mb is None or 1 < memory_mb < 100_000  # None: a kernel without smaps_rollup


def test_a_process_that_has_ended_uses_nothing() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
    assert processes.cpu_s(child.pid) is None and processes.memory_mb(child.pid) is None


def test_children_count_once_they_have_ended() -> None:
    before = processes.children_cpu_s()
    _run("sum(range(3_000_000))")
    assert processes.children_cpu_s() > before + 0.01
