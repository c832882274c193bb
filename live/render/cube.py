"""Looks from `.cube` files: a 1D table, a 3D table, or a 1D shaper before a 3D table.

Format: Adobe's Cube LUT Specification 1.0 (DOMAIN_MIN, DOMAIN_MAX), and what DaVinci Resolve writes
(LUT_1D_INPUT_RANGE, LUT_3D_INPUT_RANGE, both tables in one file). Red runs fastest.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from live.base.errors import SceneError
from live.base.files import read_file, words_of

_LARGEST_3D, _LARGEST_1D = 129, 65536
_LARGEST = 150_000_000  # bytes: 129 x 129 x 129 rows and some
F32 = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Table:
    """values: (n, 3) of a 1D table, (n, n, n, 3) by blue, green, red of a 3D one. low, high: the inputs of its first
    and last entry.
    """

    values: F32
    low: F32
    high: F32

    def __call__(self, rgb: F32) -> F32:
        """R'G'B' (..., 3) through the table, linear between its entries; what is beyond its domain is taken for its
        edge.
        """
        n = self.values.shape[0]
        at = np.clip((rgb - self.low) / (self.high - self.low), 0, 1) * np.float32(n - 1)
        first = np.minimum(at.astype(np.int32), n - 2)
        share = at - first
        if self.values.ndim == 2:
            return np.stack([self._line(first[..., c], share[..., c], c) for c in range(3)], -1)
        out = np.zeros_like(rgb)
        for corner in range(8):
            step = np.array([corner & 1, corner >> 1 & 1, corner >> 2], np.int32)
            r, g, b = np.moveaxis(first + step, -1, 0)
            weight = np.where(step, share, 1 - share).prod(axis=-1, dtype=np.float32)
            out += weight[..., None] * self.values[b, g, r]
        return out

    def _line(self, first: npt.NDArray[np.int32], share: F32, channel: int) -> F32:
        values = self.values[:, channel]
        return values[first] * (1 - share) + values[first + 1] * share


@dataclass(frozen=True)
class Cube:
    """The tables of a file, in the order they are gone through."""

    tables: tuple[Table, ...]

    def __call__(self, rgb: F32) -> F32:
        for table in self.tables:
            rgb = table(rgb)
        return rgb


def read_cube(path: Path) -> Cube:
    """Raises SceneError that names the file and the line."""
    try:
        lines = read_file(path, _LARGEST).decode("utf-8-sig", "replace").splitlines()
    except OSError as error:
        raise SceneError(str(path), f"can't be read ({words_of(error)})", "give the path of a .cube file") from None
    return _Reader(path).read(lines)


class _Reader:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._sizes: dict[str, int] = {}
        self._domain: dict[str, list[float]] = {}
        self._rows: list[list[float]] = []

    def read(self, lines: list[str]) -> Cube:
        for number, line in enumerate(lines, 1):
            words = line.split("#", 1)[0].split()
            if not words:
                continue
            if words[0][0].isalpha() and words[0].lower() not in ("nan", "inf"):
                self._keyword(number, words)
            else:
                self._rows.append(self._numbers(number, words, 3))
        return self._cube(len(lines))

    def _fault(self, line: int, cause: str, action: str) -> SceneError:
        return SceneError(f"{self._path}:{line}", cause, action)

    def _keyword(self, line: int, words: list[str]) -> None:
        key, rest = words[0].upper(), words[1:]
        if key == "TITLE":
            return
        if key in ("LUT_1D_SIZE", "LUT_3D_SIZE"):
            largest = _LARGEST_1D if key == "LUT_1D_SIZE" else _LARGEST_3D
            if len(rest) != 1 or not rest[0].isdecimal() or len(rest[0]) > 6 or not 2 <= int(rest[0]) <= largest:
                raise self._fault(line, f"{key} is {' '.join(rest)!r:.40}", f"a whole number from 2 to {largest}")
            self._sizes[key] = int(rest[0])
        elif key in ("DOMAIN_MIN", "DOMAIN_MAX"):
            self._domain[key] = self._numbers(line, rest, 3)
        elif key in ("LUT_1D_INPUT_RANGE", "LUT_3D_INPUT_RANGE"):
            self._domain[key] = self._numbers(line, rest, 2)
        else:
            raise self._fault(line, f"{words[0]!r:.40} is no word of a .cube file", "export the look again")

    def _numbers(self, line: int, words: list[str], count: int) -> list[float]:
        try:
            values = [float(w) for w in words]
        except ValueError:
            values = []
        if len(values) != count or not np.isfinite(values).all():
            raise self._fault(line, f"{' '.join(words)!r:.60}", f"should be {count} numbers")
        return values

    def _cube(self, last_line: int) -> Cube:
        n1, n3 = self._sizes.get("LUT_1D_SIZE", 0), self._sizes.get("LUT_3D_SIZE", 0)
        wanted = n1 + n3**3
        if not wanted:
            raise self._fault(last_line, "has neither LUT_1D_SIZE nor LUT_3D_SIZE", "export the look again")
        if len(self._rows) != wanted:
            raise self._fault(
                last_line,
                f"{len(self._rows)} rows of numbers, not {wanted}",
                "the file is cut off, or says a wrong size",
            )
        rows = np.array(self._rows, np.float32)
        tables = []
        if n1:
            tables.append(Table(rows[:n1], *self._ends("LUT_1D_INPUT_RANGE", last_line)))
        if n3:
            # A file with both has its domain for the first of them.
            tables.append(
                Table(rows[n1:].reshape(n3, n3, n3, 3), *self._ends("LUT_3D_INPUT_RANGE", last_line, plain=bool(n1)))
            )
        return Cube(tuple(tables))

    def _ends(self, key: str, last_line: int, *, plain: bool = False) -> tuple[F32, F32]:
        if key in self._domain:
            low, high = ([v] * 3 for v in self._domain[key])
        elif plain:
            low, high = [0.0] * 3, [1.0] * 3
        else:
            low, high = self._domain.get("DOMAIN_MIN", [0.0] * 3), self._domain.get("DOMAIN_MAX", [1.0] * 3)
        if any(a >= b for a, b in zip(low, high, strict=True)):
            raise self._fault(
                last_line, f"its domain starts at {low} and ends at {high}", "its maximum must be over its minimum"
            )
        return np.array(low, np.float32), np.array(high, np.float32)
