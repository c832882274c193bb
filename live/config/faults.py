"""Reading a TOML file into a model, and what is wrong with it in words: which key, what, and what would be right."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from live.base.errors import Fault
from live.base.files import read_file, words_of
from live.base.readers import NoAnswer, within
from live.config.lines import line_of

M = TypeVar("M", bound=BaseModel)
_LONGEST = 10_000_000  # bytes: what is larger was written by no hand


def folder_of(path: Path) -> Path:
    """What the names in a file are relative to."""
    return Path(os.path.realpath(path.parent))


def read_toml(path: Path, faults: list[Fault]) -> dict[str, Any] | None:
    """What a TOML file says; None, and one fault, when it can't be read."""
    try:
        text = within(path, partial(read_file, path, _LONGEST)).decode("utf-8-sig")
    except NoAnswer as error:
        faults.append(Fault(str(path), "-", error.cause, error.action))
        return None
    except OSError as error:
        faults.append(Fault(str(path), "-", f"can't be read ({words_of(error)})", "give the path of a TOML file"))
        return None
    except UnicodeDecodeError:
        faults.append(Fault(str(path), "-", "is no text", "give the path of a TOML file"))
        return None
    if not text.strip():
        faults.append(Fault(str(path), "-", "the file is empty", "see docs/rigs.md for a small one"))
        return None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = re.search(r" \(at line (\d+), column \d+\)$", str(error))  # the end of the file has no number
        cause = str(error)[: where.start()] if where else str(error)
        faults.append(Fault(str(path), "-", f"not TOML: {cause}", "mend that line", int(where[1]) if where else 0))
        return None
    except (ValueError, RecursionError):  # a number of thousands of digits, brackets within brackets without end
        faults.append(Fault(str(path), "-", "not TOML that anybody can read", "give a file that was written by hand"))
        return None


def in_words(error: ValidationError, raw: Any) -> tuple[str, str]:
    """The first thing wrong in what was to become a model: which key is what, and what would be right."""
    fault = _fault(Path(), raw, error.errors(include_url=False)[0])
    return f"{fault.key} {fault.cause}", fault.right


def read_model(
    path: Path, raw: dict[str, Any] | None, model: type[M], faults: list[Fault], *, lines: bool = False
) -> M | None:
    if raw is None:
        return None
    try:
        return model.model_validate(raw, context={"base": folder_of(path)})
    except ValidationError as error:
        found = [_fault(path, raw, e) for e in error.errors(include_url=False)]
        if lines:
            text = within(path, partial(read_file, path, _LONGEST)).decode("utf-8-sig", "replace")
            found = [
                replace(f, line=line_of(text, _place(raw, e["loc"])))
                for f, e in zip(found, error.errors(include_url=False), strict=True)
            ]
        faults += found
        return None


def _key(raw: Any, loc: tuple[int | str, ...]) -> str:
    """`sources[cam1].path` from pydantic's location; the tags of a union are left out."""
    out, here = "", raw
    for part in _place(raw, loc):
        if isinstance(part, int):
            here = here[part] if isinstance(here, list) and part < len(here) else None
            out = f"{out}[{here.get('name', part) if isinstance(here, dict) else part}]"
        else:
            out = f"{out}.{part}" if out else str(part)
            here = here.get(part) if isinstance(here, dict) else None
    return out or "-"


def _place(raw: Any, loc: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Pydantic's location without the tags of unions."""
    out: tuple[int | str, ...] = ()
    here = raw
    for part in loc:
        if isinstance(here, dict) and out and isinstance(out[-1], int) and part == here.get("kind"):
            here = dict(here, kind=None)  # the tag comes once; a key may have the same name
            continue
        out = (*out, part)
        if isinstance(here, list):
            here = here[part] if isinstance(part, int) and part < len(here) else None
        else:
            here = here.get(part) if isinstance(here, dict) else None
    return out


_RIGHT = {
    "extra_forbidden": ("unknown key", "remove it, or check the spelling (docs/rigs.md, docs/scenes.md)"),
    "missing": ("missing", "add it (docs/rigs.md, docs/scenes.md)"),
}


# Pydantic's words for what would be right, where ours are plainer.
_PLAIN = {
    "model_type": "should be a table",
    "model_attributes_type": "should be a table",
    "dict_type": "should be a table",
    "list_type": "should be a list",
    "string_type": "should be text",
    "bool_type": "should be true or false",
    "int_type": "should be a whole number",
    "int_from_float": "should be a whole number",
    "float_type": "should be a number",
    "too_short": "should have at least {min_length}",
    "literal_error": "should be one of {expected}",
    "greater_than_equal": "should be {ge:g} or more",
    "less_than_equal": "should be {le:g} or less",
    "greater_than": "should be over {gt:g}",
    "less_than": "should be under {lt:g}",
    "multiple_of": "should be a multiple of {multiple_of:g}",
    "string_pattern_mismatch": "should look like {pattern}",
}


def _fault(path: Path, raw: Any, error: Any) -> Fault:
    key = _key(raw, error["loc"])
    if error["type"] in _RIGHT:
        return Fault(str(path), key, *_RIGHT[error["type"]])
    message = error["msg"].removeprefix("Value error, ")
    if error["type"] == "value_error":
        cause, _, right = message.partition("; ")
        return Fault(str(path), key, cause, right or "give one that is there")
    if error["type"] in ("union_tag_invalid", "union_tag_not_found"):
        tags = error.get("ctx", {}).get("expected_tags", "'media', 'player', 'still', 'pattern', 'webcam', 'network'")
        return Fault(str(path), f"{key}.kind", "missing or unknown kind", f"one of {tags}")
    kind = type(error["input"]).__name__
    what = {
        "dict": "table",
        "str": "text",
        "int": "number",
        "float": "number",
        "list": "list",
        "bool": "true or false",
    }.get(kind, kind)
    got = f"is {repr(error['input'])[:60]} ({what})" if kind != "dict" else "is a table"
    return Fault(
        str(path),
        key,
        got,
        _PLAIN.get(error["type"], "").format(**error.get("ctx", {})) or message[0].lower() + message[1:],
    )
