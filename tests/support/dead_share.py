"""A folder that stops answering, as a share does whose server is gone: a file system is mounted over it that nobody
serves. Linux, as root; tests are left out elsewhere."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

_DETACH = 2


@contextmanager
def unanswered(folder: Path) -> Iterator[None]:
    """Whoever looks at something in the folder hangs, until the end; then its files are there again."""
    if sys.platform != "linux":
        pytest.skip("only Linux can be made to hang")
    try:
        server = os.open("/dev/fuse", os.O_RDWR)
    except OSError:
        pytest.skip("there is no /dev/fuse")
    libc = ctypes.CDLL(None, use_errno=True)
    options = f"fd={server},rootmode=40000,user_id=0,group_id=0".encode()
    if libc.mount(b"dead", os.fsencode(folder), b"fuse", 0, options):
        os.close(server)
        pytest.skip(f"can't mount: {os.strerror(ctypes.get_errno())}")
    try:
        yield
    finally:
        libc.umount2(os.fsencode(folder), _DETACH)
        with suppress(OSError):
            os.close(server)  # whoever hangs is told that the share is gone
