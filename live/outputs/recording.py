"""Where a recording goes: no file is ever overwritten, and none begun on a full disk."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from live.base.errors import OutputError

LOW_DISK_BYTES = 32 << 20


def next_path(path: Path, *, fresh: bool, say: Callable[[str], None]) -> Path:
    """The name of the next file of a recording. fresh: it is the first of this show: a file of the same name is renamed
    to the first free `NAME.old.N`; later ones are `NAME.2` and so on. Raises OutputError when the folder or the disk
    will not do.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(path.parent).free
    if free < LOW_DISK_BYTES:
        raise OutputError(
            path.name, f"the disk has {free >> 20} MB left", "make room; recording goes on in a new file then"
        )
    if not (path.is_file() and path.stat().st_size):
        return path
    if not fresh:
        return _free_name(path, ".", 2)
    kept = _free_name(path, ".old.", 1)
    path.rename(kept)
    say(f"{path.name} was there already and is now {kept.name}")
    return path


def _free_name(path: Path, mark: str, number: int) -> Path:
    while (candidate := path.with_name(f"{path.stem}{mark}{number}{path.suffix}")).exists():
        number += 1
    return candidate
