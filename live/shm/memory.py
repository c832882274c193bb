"""A named piece of shared memory: the one way pictures, sound and status cross a process."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker, shared_memory


def ring_name(kind: str) -> str:
    """A shared-memory name nobody else has. Short: macOS allows 30 characters."""
    return f"live-{kind[:12]}-{secrets.token_hex(4)}"


@contextmanager
def _untracked() -> Iterator[None]:
    """Attach without telling the resource tracker (Python < 3.13 has no track=False).

    A console started by hand has a tracker of its own, which would unlink the engine's memory when the console ends.
    """
    register = resource_tracker.register
    resource_tracker.register = lambda name, rtype: None if rtype == "shared_memory" else register(name, rtype)
    try:
        yield
    finally:
        resource_tracker.register = register


def _open(name: str, size: int | None) -> shared_memory.SharedMemory:
    if size is not None:
        return shared_memory.SharedMemory(name, create=True, size=size)
    if sys.version_info >= (3, 13):
        return shared_memory.SharedMemory(name, track=False)
    with _untracked():
        return shared_memory.SharedMemory(name)


class _Shared:
    """A named piece of shared memory; the creator unlinks it, everyone closes it."""

    def __init__(self, name: str, size: int | None) -> None:
        self.name = name
        self.owner = size is not None
        self._memory = _open(name, size)

    def _views(self) -> None:
        """Drop every numpy view of the memory (subclasses), so that it can be closed."""

    def close(self) -> None:
        """Unmap, and unlink if this side created it. Views that others still hold keep the mapping until they go."""
        self._views()
        if self.owner:
            self._memory.unlink()
            self.owner = False
        try:
            self._memory.close()
        except BufferError:  # a caller still holds a view; the mapping ends with the process
            self._memory.close = lambda: None  # type: ignore[method-assign]


_HEADER = 64
