"""Enrolled people: whom the machine may know by their face. Kept in the user's own folder, by the user's command, and
nowhere else.

What is kept of a face is not a picture but some vectors of 128 numbers, one file a person, readable by its owner only.
Whoever is removed is gone with their file. Names are what lower thirds go by; recognising only ever proposes one.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from live.base.errors import ModelError, PeopleError
from live.base.paths import data_dir

Vector = npt.NDArray[np.float32]
LENGTH = 128
KIND = "dlib-resnet-v1"  # of vectors: those of another network mean nothing to this one
MOST = 20  # vectors of a person; the oldest go
NAME = re.compile(r"^[a-z0-9][a-z0-9_-]{0,39}$")
SURE, LIKELY = 0.42, 0.47  # distance up to which one look is enough, and two looks are
APART = 0.06  # the second nearest person must be so much farther away
EXTRA = ModelError("people", "dlib, which knows faces again, is not installed", "pip install 'live-show[people]'")


@dataclass(frozen=True, eq=False)
class Enrolled:
    """A person whose face is known. vectors: float32 (n, 128). title: what a lower third says; the name when empty."""

    name: str
    vectors: Vector
    title: str = ""

    @property
    def label(self) -> str:
        return self.title or self.name


def folder() -> Path:
    """Where they are kept."""
    return data_dir() / "people"


def path_of(name: str) -> Path:
    """The file of a person. Raises PeopleError for what can't be a name."""
    if not NAME.match(name):
        raise PeopleError(
            f"{name!r:.60}", "is no name for a person", "use lower-case letters, digits, - and _, 40 at most"
        )
    return folder() / f"{name}.json"


def names() -> list[str]:
    """Everybody's, in order."""
    return sorted(p.stem for p in folder().glob("*.json")) if folder().is_dir() else []


def load(name: str) -> Enrolled:
    """Raises PeopleError when they are not enrolled or their file can't be read."""
    path = path_of(name)
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        vectors = np.array(said["vectors"], np.float32)
        if said["kind"] != KIND or vectors.ndim != 2 or vectors.shape[1] != LENGTH or not len(vectors):
            raise ValueError("another kind of vectors")
        return Enrolled(name, vectors, str(said.get("title", "")))
    except FileNotFoundError:
        raise PeopleError(name, "nobody of that name is enrolled", "run `live people list`") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PeopleError(
            name,
            f"{path.name} can't be read ({str(error)[:80]})",
            f"run `live people remove {name}` and enrol them again",
        ) from None


def add(name: str, vectors: Iterable[Vector], title: str = "") -> Enrolled:
    """Enrol somebody, or add to what is known of them. The file is theirs whole or not at all. Raises PeopleError."""
    path = path_of(name)
    try:
        before: Enrolled | None = load(name) if path.exists() else None
        known = np.concatenate(
            [*([before.vectors] if before else []), np.stack([np.asarray(v, np.float32) for v in vectors])]
        )[-MOST:]
        person = Enrolled(name, known, title or (before.title if before else ""))
        _write(path, person)
    except OSError as error:
        raise PeopleError(
            name,
            f"can't be kept in {folder()} ({error.strerror or error})",
            "mend that, or set LIVE_DATA to another folder",
        ) from None
    return person


def _write(path: Path, person: Enrolled) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, temp = tempfile.mkstemp(dir=path.parent, prefix=f".{person.name}.")  # mode 600 from its first byte on
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(
                {
                    "kind": KIND,
                    "title": person.title,
                    "vectors": [[round(float(v), 5) for v in row] for row in person.vectors],
                },
                file,
            )
        os.replace(temp, path)
    except BaseException:
        Path(temp).unlink(missing_ok=True)
        raise


def remove(name: str) -> None:
    """Forget somebody. Raises PeopleError when they are not enrolled."""
    try:
        path_of(name).unlink()
    except FileNotFoundError:
        raise PeopleError(name, "nobody of that name is enrolled", "run `live people list`") from None
    except OSError as error:
        raise PeopleError(
            name, f"can't be removed ({error.strerror or error})", f"delete {path_of(name)} by hand"
        ) from None


def stamp() -> tuple[tuple[str, int], ...]:
    """Changes when somebody is enrolled or removed: (name, time of the file) of everybody. Costs one look at the
    folder."""
    found = []
    for path in sorted(folder().glob("*.json")) if folder().is_dir() else []:
        try:
            found.append((path.stem, path.stat().st_mtime_ns))
        except FileNotFoundError:  # removed since the glob
            continue
    return tuple(found)


@dataclass(frozen=True)
class Match:
    """Who a face is most like, and how far from them; "" when nobody is enrolled or two are alike."""

    name: str
    distance: float


def nearest(vector: Vector, people: Sequence[Enrolled]) -> Match:
    """The enrolled person that a face is most like, by their nearest vector."""
    ranked = sorted((float(np.linalg.norm(p.vectors - vector, axis=1).min()), p.name) for p in people)
    if not ranked or (len(ranked) > 1 and ranked[1][0] - ranked[0][0] < APART):
        return Match("", ranked[0][0] if ranked else float("inf"))
    return Match(ranked[0][1], ranked[0][0])
