"""While a show is on air the machine doesn't go to sleep, and its screen stays on. One seam for the three systems:
Linux has been tried; macOS and Windows are written by their documents.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

SETTLE_S = 0.1  # one that is refused has ended by then
_CONTINUOUS, _SYSTEM, _DISPLAY = 0x80000000, 0x1, 0x2  # Windows' ES_*


def order(platform: str, process: int) -> list[str] | None:
    """The program that keeps the machine awake as long as it runs. It ends with its standard input, or with the process
    of that number: a show that is killed leaves nothing behind. None where there is none."""
    if platform == "linux":
        what = "--what=sleep:idle:handle-lid-switch"
        return ["systemd-inhibit", what, "--who=Live", "--why=a show is on air", "--mode=block", "cat"]
    return ["caffeinate", "-dims", "-w", str(process)] if platform == "darwin" else None


@contextmanager
def awake() -> Iterator[str]:
    """Keep it awake within. Gives "", or why it may sleep all the same. Windows: by the thread that is in it."""
    if sys.platform == "win32":
        import ctypes

        state = ctypes.windll.kernel32.SetThreadExecutionState
        told = "" if state(_CONTINUOUS | _SYSTEM | _DISPLAY) else "Windows refuses it"
        try:
            yield told
        finally:
            state(_CONTINUOUS)
        return
    command = order(sys.platform, os.getpid())
    if command is None or shutil.which(command[0]) is None:
        yield f"{command[0] if command else 'a way to say so'} isn't there"
        return
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as keeper:
        try:
            yield _refused(keeper)
        finally:
            if keeper.stdin is not None:
                keeper.stdin.close()
            keeper.terminate()


def _refused(keeper: subprocess.Popen[bytes]) -> str:
    """Why it has ended already; "" when it runs."""
    try:
        keeper.wait(SETTLE_S)
    except subprocess.TimeoutExpired:
        return ""
    said = keeper.stderr.read().decode(errors="replace").strip() if keeper.stderr is not None else ""
    return said.splitlines()[0] if said else "the system refuses it"
