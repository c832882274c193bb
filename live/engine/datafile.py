"""Fields of a graphic from a JSON or CSV file."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from live.base.errors import SceneError
from live.base.files import read_file, words_of
from live.config.base import MOST_TEXT

_LONGEST = 2_000_000  # bytes: what is larger is no data for a graphic
_TITLES = ("title", "name"), ("subtitle", "line")
_SHEET_ERRORS = {"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}


def read_fields(path: Path, fields: Iterable[str], places: Mapping[str, str], row: int) -> dict[str, str]:
    """What the file says for these fields; those that it doesn't mention are left out.

    places: field -> where in the data. JSON: keys and numbers parted by dots. CSV: a column's heading; row 1 is the
    first under it. Raises SceneError with the line of the fault.
    """
    text = _text(path)
    wanted = {field: places.get(field, field) for field in fields}
    is_table = path.suffix.lower() in (".csv", ".tsv", ".txt")
    data = _csv(path, text, row, wanted) if is_table else _json(path, text)
    found = {field: _at(data, _folded(place) if is_table else place) for field, place in wanted.items()}
    for field, value in found.items():
        _check(path, field, value)
    return {field: value for field, value in found.items() if value is not None}


def _text(path: Path) -> str:
    """What a file says, in any of the ways in which tables are saved. Raises SceneError."""
    try:
        raw = read_file(path, _LONGEST)
        # Excel's "Unicode text" is UTF-16, and says so.
        utf16 = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
        return raw.decode("utf-16" if utf16 else "utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except OSError as error:
        raise SceneError(str(path), f"can't be read ({words_of(error)})", "save it again") from None
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        right = "save it as UTF-8 (Excel: CSV UTF-8)"
        raise SceneError(f"{path}:{line}", "is no UTF-8 text", right) from None


def read_titles(path: Path) -> list[tuple[str, str]]:
    """(name, what they are) of every row of a CSV file that has a name: its columns title (or name), subtitle (or
    line). Raises SceneError with the line of the fault.
    """
    given, rows, first = _table(path, _text(path))
    headings = [_folded(h) for h in given]
    title, subtitle = (next((headings.index(h) for h in names if h in headings), None) for names in _TITLES)
    if title is None:
        cause = f"no column is called {' or '.join(_TITLES[0])}; its headings are {_listed(given)}"
        raise SceneError(f"{path}:{first}", cause, "call the column of the names title")
    found = []
    for cells in rows:
        texts = [cells[n].strip() if n is not None and n < len(cells) else "" for n in (title, subtitle)]
        for field, text in zip(("the name", "what they are"), texts, strict=True):
            _check(path, field, text)
        if texts[0]:
            found.append((texts[0], texts[1]))
    return found


def _check(path: Path, field: str, value: str | None) -> None:
    """Raises SceneError for what nobody wants on air."""
    if value is not None and len(value) > MOST_TEXT:
        cause = f"{field} has {len(value)} characters, which no picture holds"
        raise SceneError(str(path), cause, f"give {MOST_TEXT} at most")
    if value in _SHEET_ERRORS:
        raise SceneError(str(path), f"{field} is {value}, an error of the spreadsheet", "mend that cell, and save it")


def _json(path: Path, text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise SceneError(f"{path}:{error.lineno}", f"not JSON ({error.msg})", "mend that line") from None
    except (ValueError, RecursionError):  # a number of thousands of digits, brackets within brackets without end
        raise SceneError(str(path), "not JSON that anybody can read", "write it anew") from None


def _csv(path: Path, text: str, row: int, wanted: Mapping[str, str]) -> dict[str, str]:
    """A row by its headings, folded."""
    given, rows, first = _table(path, text)
    headings = [_folded(h) for h in given]
    if row > len(rows):
        raise SceneError(f"{path}:{first + len(rows)}", f"has no row {row}", f"give 1 to {len(rows)}")
    if wanted and not any(_folded(place) in headings for place in wanted.values()):
        right = f"call columns by the graphic's fields: {', '.join(wanted.values())}"
        raise SceneError(f"{path}:{first}", f"no column fits a field; its headings are {_listed(given)}", right)
    return dict(zip(headings, (c.strip() for c in rows[row - 1]), strict=False))


def _table(path: Path, text: str) -> tuple[list[str], list[list[str]], int]:
    """(headings, the rows under them, the line of the heading) of a CSV file. Raises SceneError."""
    said = re.match(r"sep=(.)\n", text)  # Excel's word for what parts its columns
    separator = said[1] if said else _separator(text)
    skipped = 1 if said else 0
    rows, at = [], 1 + skipped
    lines = csv.reader(io.StringIO(text[said.end() :] if said else text), delimiter=separator, strict=True)
    try:
        for cells in lines:
            at = lines.line_num + skipped + 1  # where the next row begins: that is where a quote was opened for ever
            if any(c.strip() for c in cells):
                rows.append(cells)
    except csv.Error as error:
        raise SceneError(
            f"{path}:{at}", f"not CSV ({error})", "mend that line: a quote in a quoted text is doubled"
        ) from None
    if not rows:
        raise SceneError(f"{path}:{1 + skipped}", "has no heading", "write the columns' names in its first line")
    return rows[0], rows[1:], 1 + skipped


def _listed(headings: Iterable[str]) -> str:
    return ", ".join(h.strip() for h in headings)[:120]


def _separator(text: str) -> str:
    """What parts the columns of the heading: a comma, semicolon or tab that stands outside quotes; the commonest."""
    heading = re.sub(r'"(?:[^"]|"")*"', "", text).split("\n", 1)[0]
    return max(",;\t", key=heading.count)


def _folded(heading: str) -> str:
    """A heading as it is compared: Excel's users write `Title `, and TITLE."""
    return " ".join(heading.split()).casefold()


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
