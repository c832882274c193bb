"""A file that somebody is writing is held: another run keeps off it, and can tell a show on air from one that was cut
short. The system lets go of it when the process ends, however it ends.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

_FAR = 1 << 40  # where Windows locks: far behind all that is read and written


class Held:
    """A file, held until it is closed. Raises OSError when somebody else holds it (or can't be held at all)."""

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_RDWR)
        try:
            _lock(self._fd)
        except OSError:
            os.close(self._fd)
            raise

    def close(self) -> None:
        os.close(self._fd)


def is_held(path: Path) -> bool:
    """Does another open `Held` hold it? A file that isn't there is not held."""
    try:
        Held(path).close()
    except (BlockingIOError, PermissionError):
        return path.is_file() and os.access(path, os.W_OK)
    except OSError:
        return False
    return False


if sys.platform == "win32":  # read from its documents, not tried
    import msvcrt

    def _lock(fd: int) -> None:
        os.lseek(fd, _FAR, os.SEEK_SET)
        msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
