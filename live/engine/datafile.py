"""Fields of a graphic from a JSON or CSV file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from live.base.errors import SceneError
from live.base.files import read_file, words_of

_LONGEST = 2_000_000  # bytes: what is larger is no data for a graphic


def read_fields(path: Path, fields: Iterable[str], places: Mapping[str, str], row: int) -> dict[str, str]:
    """What the file says for these fields; those that it doesn't mention are left out.

    places: field -> where in the data. JSON: keys and numbers parted by dots. CSV: a column's heading; row 1 is the
    first under it. Raises SceneError with the line of the fault.
    """
    try:
        raw = read_file(path, _LONGEST)
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise SceneError(str(path), f"can't be read ({words_of(error)})", "save it again") from None
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise SceneError(f"{path}:{line}", "is no UTF-8 text", "save it as UTF-8") from None
    data = _csv(path, text, row) if path.suffix.lower() in (".csv", ".tsv") else _json(path, text)
    found = {field: _at(data, places.get(field, field)) for field in fields}
    return {field: value for field, value in found.items() if value is not None}


def _json(path: Path, text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise SceneError(f"{path}:{error.lineno}", f"not JSON ({error.msg})", "mend that line") from None
    except (ValueError, RecursionError):  # a number of thousands of digits, brackets within brackets without end
        raise SceneError(str(path), "not JSON that anybody can read", "write it anew") from None


def _csv(path: Path, text: str, row: int) -> dict[str, str]:
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    rows, lines, at = [], csv.reader(io.StringIO(text), delimiter=separator, strict=True), 1
    try:
        for cells in lines:
            at = lines.line_num + 1  # where the next row begins: that is where a quote was opened that nothing closes
            if any(c.strip() for c in cells):
                rows.append(cells)
    except csv.Error as error:
        raise SceneError(
            f"{path}:{at}", f"not CSV ({error})", "mend that line: a quote in a quoted text is doubled"
        ) from None
    if not rows:
        raise SceneError(f"{path}:1", "has no heading", "write the columns' names in its first line")
    if row >= len(rows):
        raise SceneError(f"{path}:{len(rows)}", f"has no row {row}", f"give 1 to {len(rows) - 1}")
    return dict(zip((h.strip() for h in rows[0]), (c.strip() for c in rows[row]), strict=False))


def _at(data: Any, place: str) -> str | None:
    """Text at a place; None when there is nothing, or no text."""
    here = data
    if isinstance(data, dict) and place in data:
        here = data[place]
    else:
        for part in place.split("."):
            if isinstance(here, dict) and part in here:
                here = here[part]
            elif isinstance(here, list) and part in map(str, range(len(here))):
                here = here[int(part)]
            else:
                return None
    if isinstance(here, list) and all(isinstance(i, str | int | float) for i in here):
        return " | ".join(str(i) for i in here)  # a ticker's lines
    if isinstance(here, bool) or not isinstance(here, str | int | float):
        return None
    return str(here)
