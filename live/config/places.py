"""Which files may be named, and by whom: a rig names what it likes, a hand only what belongs to the show."""

from __future__ import annotations

import itertools
import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from live.base.errors import SceneError
from live.base.files import words_of

_LONGEST = 1000  # letters; systems end between 260 and 4096 bytes
_LONGEST_PART = 255  # bytes
_MISSING = "no such file"


def named(name: str, base: Path) -> Path:
    """The path that a name means, `~` being the user's folder. Touches no disk, so `..` counts without regard to
    links. Raises ValueError, in words, for what can be no file's name.
    """
    if len(name) > _LONGEST:
        raise ValueError(f"{name[:30]!r}... is too long for a file's name ({len(name)} letters)")
    try:
        parts = os.fsencode(name).split(os.fsencode(os.sep))
    except UnicodeEncodeError:
        raise ValueError(f"{name!r:.60} is no name for a file") from None
    if "\0" in name or not name.strip():
        raise ValueError(f"{name!r:.60} is no name for a file")
    if max(map(len, parts)) > _LONGEST_PART:
        raise ValueError(f"{name[:30]!r}... is too long for a file's name")
    if name == "~" or name.startswith("~/"):
        name = os.path.expanduser("~") + name[1:]
    elif name.startswith("~") and "/" in name:
        raise ValueError(f"{name!r:.60} names another user's folder; give the whole path")
    return Path(os.path.abspath(base / name))


def slip(name: str) -> str:
    """What may be wrong with a name that nothing is called by: a path of Windows in double quotes, where TOML reads its
    backslashes. "" for nothing.
    """
    if (odd := next((c for c in name if c < " "), "")) == "":
        return ""
    return f"it has a control character ({odd!r}); write / instead of \\, or put the path in single quotes"


class NoSuchFile(SceneError):
    """Nothing of that name is there."""


@dataclass(frozen=True)
class Places:
    """The files that a hand, a graphic's field or its data may name.

    base: the rig's folder, which relative names belong to. folders: where they may lie, with all that is below. files:
    what the rig itself names, wherever it lies.
    """

    base: Path
    folders: tuple[Path, ...]
    files: frozenset[Path]

    def meant(self, name: str, *beside: Path) -> list[Path]:
        """The paths that a name may mean, in order; beside: folders that it is looked for in first. Touches no disk.
        Raises ValueError, with what to do, when it can mean none.
        """
        found = list(dict.fromkeys(named(name, folder) for folder in (*beside, self.base)))
        allowed = [path for path in found if self._within(path, self.folders, self.files)]
        if not allowed:
            raise ValueError(f"{name!r:.60} lies outside the show's folders; put it beside the rig, in {self.base}")
        return allowed

    def find(self, paths: Iterable[Path]) -> Path:
        """The first of these, as `meant` gives them, that is a file, in either Unicode form of its name. Reads the
        disk. Raises SceneError when none is, and for a link that leads out of the show's folders.
        """
        paths = list(paths)
        cause = _MISSING
        for path in itertools.chain.from_iterable(map(_forms, paths)):
            try:
                mode = os.stat(path).st_mode
            except OSError as error:
                cause = cause if isinstance(error, FileNotFoundError) else words_of(error)
                continue
            if not stat.S_ISREG(mode):
                cause = "is a folder" if stat.S_ISDIR(mode) else "is no file but a pipe or a device"
            elif self._leads_out(path):
                cause = "is a link out of the show's folders"
            else:
                return path
        kind = NoSuchFile if cause == _MISSING else SceneError
        raise kind(str(paths[0]), cause, f"give a file of {self.base}")

    def _leads_out(self, path: Path) -> bool:
        real = Path(os.path.realpath(path))
        folders = (Path(os.path.realpath(folder)) for folder in self.folders)
        return path not in self.files and not self._within(
            real, folders, {Path(os.path.realpath(f)) for f in self.files}
        )

    @staticmethod
    def _within(path: Path, folders: Iterable[Path], files: Iterable[Path]) -> bool:
        return path in files or any(path.is_relative_to(folder) for folder in folders)


def _forms(path: Path) -> Iterator[Path]:
    """A name as it was typed, and in the Unicode form that another system writes."""
    yield path
    for form in ("NFC", "NFD"):
        if (other := unicodedata.normalize(form, str(path))) != str(path):
            yield Path(other)
