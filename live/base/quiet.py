"""Native libraries tell the terminal how they start. A director's terminal is not the place for it."""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet() -> Iterator[None]:
    """Nothing that native code writes to standard error comes through meanwhile. Python's own exceptions do: they are
    raised."""
    kept = os.dup(2)
    _silence()
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        atexit.unregister(_silence)
        atexit.register(_silence)  # it has a word to say at the very end, too


def quiet_opencv() -> None:
    """Once a process: what OpenCV can't read or open is told by us, with its name, not by some lines of its own.
    Version 5 has moved the switch."""
    import cv2

    if hasattr(cv2, "setLogLevel"):
        cv2.setLogLevel(0)
    else:
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


def _silence() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
