"""Native libraries tell the terminal how they start. A director's terminal is not the place for it."""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet() -> Iterator[None]:
    """Nothing that native code writes to standard error comes through meanwhile. Python's own exceptions do: they are raised."""
    kept = os.dup(2)
    _silence()
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        atexit.unregister(_silence)
        atexit.register(_silence)  # it has a word to say at the very end, too


def _silence() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
