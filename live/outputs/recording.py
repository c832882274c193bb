"""Where a recording goes: no file is ever overwritten, and none begun on a full disk."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from live.base.errors import OutputError
from live.base.files import free_name
from live.config.base import Wrong

LOW_DISK_BYTES = 32 << 20
TRIAL_BYTES = 4 << 20


def room_for(path: Path) -> str:
    """Make the folder of a recording. Raises OSError when it can't be made, OutputError when its disk is full. Returns
    what is odd about it, or "": some shares say that nothing is free, and take everything.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        free = shutil.disk_usage(path.parent).free
    except OSError as error:
        return f"how much room is left for {path.name} can't be known ({error.strerror})"
    if free == 0 and _takes(path.parent):
        return f"the disk of {path.name} says that nothing is free, and takes what is written all the same"
    if free < LOW_DISK_BYTES:
        raise OutputError(
            path.name, f"the disk has {free >> 20} MB left", "make room; recording goes on in a new file then"
        )
    return ""


def inspect(path: Path, *suffixes: str) -> Iterator[Wrong]:
    """What is wrong with where an output is to record, before the show."""
    if path.suffix.lower() not in suffixes:
        yield Wrong("path", f"{path.name} is recorded as {suffixes[0][1:].upper()}", f"let it end in {suffixes[0]}")
    if path.is_dir():
        yield Wrong("path", f"{path} is a folder", "give the name of a file in it")
    folder = path.parent
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        yield Wrong("path", f"nothing can be written to {there} ({error.strerror})", "give a folder of yours")
        return
    if there != folder:
        words = f"the folder {folder} isn't there"
        if there == folder.parent:
            yield Wrong("path", f"{words}; the show makes it", "see that no disk is missing", mild=True)
        else:
            yield Wrong("path", words, "make it, or plug in the disk that has it")
        return
    try:
        room_for(path)
    except OutputError as error:
        yield Wrong("path", error.cause, "make room, or give another disk")


class StillThere:
    """Is a file that is being written still where it was begun?"""

    def __init__(self, path: Path, fd: int) -> None:
        self._path, self._fd, self._was_there = path, fd, True

    def check(self) -> str:
        """Now and then: that it was moved away, once; else "". Raises OutputError when it was deleted: nobody would
        ever find what is written on."""
        here = os.fstat(self._fd)
        try:
            is_there = os.path.samestat(here, self._path.stat())
        except OSError:
            is_there = False
        if not is_there and here.st_nlink == 0:
            raise OutputError(self._path.name, "was deleted while it was recorded", "recording goes on in a new file")
        went, self._was_there = self._was_there and not is_there, is_there
        return f"{self._path} was moved away; recording goes on in it, wherever it is now" if went else ""


def _takes(folder: Path) -> bool:
    """Is a file of some size taken there?"""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(TRIAL_BYTES))
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        return False
    return True


def next_path(path: Path, *, fresh: bool, say: Callable[[str], None]) -> Path:
    """The name of the next file of a recording. fresh: it is the first of this show: a file of the same name is renamed
    to the first free `NAME.old.N`; later ones are `NAME.2` and so on. Raises OSError, and OutputError as `room_for`.
    """
    room_for(path)
    if not (path.is_file() and path.stat().st_size):
        return path
    if not fresh:
        return free_name(path, ".", 2)
    kept = free_name(path, ".old.", 1)
    path.rename(kept)
    say(f"{path.name} was there already and is now {kept.name}")
    return path
