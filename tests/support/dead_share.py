"""Disks that are in trouble. A folder stops answering, as a share does whose server is gone, when a file system is
mounted over it that nobody serves. Linux, as root; tests are left out elsewhere."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_DETACH = 2


@contextmanager
def unanswered(folder: Path) -> Iterator[None]:
    """Whoever looks at something in the folder hangs, until the end; then its files are there again."""
    try:
        server = os.open("/dev/fuse", os.O_RDWR)
    except OSError:
        pytest.skip("there is no /dev/fuse")
    try:
        with _mounted(folder, b"fuse", f"fd={server},rootmode=40000,user_id=0,group_id=0"):
            yield
    finally:
        os.close(server)  # whoever hangs is told that the share is gone


@contextmanager
def full_disk(folder: Path) -> Iterator[None]:
    """A disk on which next to nothing has room."""
    with _mounted(folder, b"tmpfs", "size=4k"):
        yield


@contextmanager
def _mounted(folder: Path, kind: bytes, options: str) -> Iterator[None]:
    if sys.platform != "linux":
        pytest.skip("Linux alone mounts so")
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"test", os.fsencode(folder), kind, 0, options.encode()):
        pytest.skip(f"can't mount: {os.strerror(ctypes.get_errno())}")
    try:
        yield
    finally:
        libc.umount2(os.fsencode(folder), _DETACH)
