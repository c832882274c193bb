"""Reading a file that somebody named: only a real file, never more of it than is sensible, faults in words."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

# Nothing that a show names is read whole beyond this; films and recordings are never read whole.
LARGEST_BYTES = 256_000_000

_WORDS = {
    errno.ELOOP: "a link that leads to itself",
    errno.ENAMETOOLONG: "its name is too long",
    errno.EISDIR: "is a folder",
}


def read_file(path: Path, most_bytes: int = LARGEST_BYTES) -> bytes:
    """All of a file. Raises OSError, its `strerror` in words, also for a folder, a pipe or a device, which would be
    waited for or never end, and for more than `most_bytes`. May hang on a share that is gone: see base/readers.py.
    """
    data = read_start(path, most_bytes + 1)
    if len(data) > most_bytes:
        raise OSError(errno.EFBIG, f"over {most_bytes} bytes are too many")
    return data


def read_start(path: Path, count: int = 4096) -> bytes:
    """The first bytes of a file, as read_file."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(path, flags)  # of a pipe this would wait for whoever writes, without O_NONBLOCK
    except ValueError:  # NUL, or letters that no file system knows
        raise OSError(errno.EINVAL, "no name for a file") from None
    with open(handle, "rb") as file:
        found = os.fstat(handle)
        if stat.S_ISDIR(found.st_mode):
            raise OSError(errno.EISDIR, "is a folder")
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "is no file but a pipe or a device")
        return file.read(count)


def words_of(error: OSError) -> str:
    """What the system says, as a director would."""
    return _WORDS.get(error.errno or 0, error.strerror or type(error).__name__)


def kind_of(path: Path) -> str:
    """What there is: "file", "folder", "other" (a pipe, a device), "loop" (a link that leads to itself), or "" for
    nothing that can be had. Never raises. May hang on a share that is gone.
    """
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError) as error:
        return "loop" if getattr(error, "errno", None) == errno.ELOOP else ""
    return "file" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else "other"


def free_name(path: Path, mark: str, number: int) -> Path:
    """The first name that no file has: NAME.old.1.mp4 for (NAME.mp4, ".old.", 1), and so on."""
    while (free := path.with_name(f"{path.stem}{mark}{number}{path.suffix}")).exists():
        number += 1
    return free
