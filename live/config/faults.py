"""Reading a TOML file into a model, and what is wrong with it in words: which key, what, and what would be right."""

from __future__ import annotations

import os
import re
import tomllib
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from live.base.errors import Fault
from live.base.files import read_file, words_of
from live.base.readers import NoAnswer, within
from live.config.base import COLOUR, COLOUR_ALPHA, LANGUAGE, NAME, PICTURE_NAME
from live.config.kinds import Kinds
from live.config.lines import Place, line_of, places

M = TypeVar("M", bound=BaseModel)
NOTHING: Mapping[Path, str] = {}
_LONGEST = 10_000_000  # bytes: what is larger was written by no hand


def folder_of(path: Path) -> Path:
    """What the names in a file are relative to."""
    return Path(os.path.realpath(path.parent))


@dataclass(frozen=True)
class Document:
    """A TOML file that could be read: its text, and what it says."""

    path: Path
    text: str
    raw: dict[str, Any]

    @cached_property
    def _lines(self) -> dict[Place, int]:
        return places(self.text)

    @property
    def names(self) -> dict[str, set[str]]:
        """Every name that it gives, by table, in faulty tables too."""
        tables = {key: value for key, value in self.raw.items() if isinstance(value, list)}
        return {key: {str(v.get("name")) for v in value if isinstance(v, dict)} for key, value in tables.items()}

    def place(self, key: str) -> Place:
        """The path of a key that is given in words, `sources[cam1].keyer` or `windows[2]`: what a list holds goes by
        its name, or by which it is, from 1 on.
        """
        out: Place = ()
        here: Any = self.raw
        for part in key.split(".") if key else ():
            name, _, item = part.partition("[")
            out, here = (*out, name), here.get(name) if isinstance(here, dict) else None
            if item:
                number = _number(here, item.removesuffix("]"))
                out, here = (*out, number), here[number] if isinstance(here, list) and number < len(here) else None
        return out

    def fault(self, place: Place, cause: str, right: str) -> Fault:
        """Something wrong at a key, given by its path: ("sources", 2, "path")."""
        return Fault(str(self.path), _key(self.raw, place), cause, right, line_of(self._lines, place))


def _number(items: Any, name: str) -> int:
    names = [str(i.get("name", n)) if isinstance(i, dict) else str(n) for n, i in enumerate(items or (), 1)]
    return names.index(name) if name in names else max(0, int(name) - 1 if name.isdecimal() else 0)


def read_toml(path: Path, faults: list[Fault], instead: Mapping[Path, str] = NOTHING) -> Document | None:
    """What a TOML file says; None, and one fault, when it can't be read. instead: what is to be read in place of some
    files."""
    try:
        if path in instead:
            return Document(path, instead[path], tomllib.loads(instead[path]))
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
        return Document(path, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        where = re.search(r" \(at line (\d+), column \d+\)$", str(error))  # the end of the file has no number
        cause = str(error)[: where.start()] if where else str(error)
        number = int(where[1]) if where else 0
        line = text.splitlines()[number - 1] if 0 < number <= text.count("\n") + 1 else ""
        if re.search(r'"[^"]*\\', line):  # what escapes mean, nobody who writes a path of Windows thinks of
            cause, right = "a \\ in double quotes is no \\ (TOML)", "write / instead, or put the text in single quotes"
            faults.append(Fault(str(path), "-", cause, right, number))
        else:
            faults.append(Fault(str(path), "-", f"not TOML: {cause}", "mend that line", number))
        return None
    except (ValueError, RecursionError):  # a number of thousands of digits, brackets within brackets without end
        faults.append(Fault(str(path), "-", "not TOML that anybody can read", "give a file that was written by hand"))
        return None


def in_words(error: ValidationError, raw: Any) -> tuple[str, str]:
    """The first thing wrong in what was to become a model: which key is what, and what would be right."""
    fault = _fault(Document(Path(), "", raw), None, error.errors(include_url=False)[0])
    return f"{fault.key} {fault.cause}", fault.right


def read_model(document: Document | None, model: type[M], faults: list[Fault]) -> M | None:
    """A file as a model; None when it can't be one, and then every fault of it."""
    if document is None:
        return None
    try:
        return model.model_validate(document.raw, context={"base": folder_of(document.path)})
    except ValidationError as error:
        faults += [_fault(document, model, e) for e in error.errors(include_url=False)]
        return None


def rest_of(document: Document, model: type[M]) -> tuple[M, dict[str, Any]] | None:
    """What a model is without the tables and keys that are faulty, and what it was made from; None when too little is
    left.
    """
    raw = document.raw
    for _ in range(3):
        try:
            return model.model_validate(raw, context={"base": folder_of(document.path)}), raw
        except ValidationError as error:
            raw = _without(raw, [e["loc"] for e in error.errors()])
    return None


def _without(raw: dict[str, Any], places: list[Place]) -> dict[str, Any]:
    items = {(p[0], p[1]) for p in places if len(p) > 1 and isinstance(p[1], int)}
    whole = {p[0] for p in places if len(p) == 1 or not isinstance(p[1], int)}
    kept: dict[str, Any] = {}
    for key, value in raw.items():
        if isinstance(value, list) and key in whole and all(isinstance(v, dict) for v in value):
            # The list itself is at fault: names used twice.
            kept[key] = list({v.get("name"): v for v in value}.values())
        elif isinstance(value, list):
            kept[key] = [v for i, v in enumerate(value) if (key, i) not in items]
        elif key not in whole:
            kept[key] = value
    return kept


def _key(raw: Any, place: Place) -> str:
    """`sources[cam1].path` from a place."""
    out, here = "", raw
    for part in place:
        if isinstance(part, int):
            here = here[part] if isinstance(here, list) and part < len(here) else None
            out = f"{out}[{here.get('name', part + 1) if isinstance(here, dict) else part + 1}]"
        else:
            out = f"{out}.{part}" if out else str(part)
            here = here.get(part) if isinstance(here, dict) else None
    return out or "-"


def _place(raw: Any, loc: Place) -> Place:
    """Pydantic's location without the tags of unions."""
    out: Place = ()
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


_TYPES = {
    "dict": "table",
    "str": "text",
    "int": "number",
    "float": "number",
    "list": "list",
    "bool": "true or false",
}
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
    "is_instance_of": "should be text",
    "too_short": "should have at least {min_length}",
    "literal_error": "should be one of {expected}",
    "greater_than_equal": "should be {ge:g} or more",
    "less_than_equal": "should be {le:g} or less",
    "greater_than": "should be over {gt:g}",
    "less_than": "should be under {lt:g}",
    "multiple_of": "should be a multiple of {multiple_of:g}",
    "string_too_long": "should have {max_length} characters at most",
    "string_too_short": "should have {min_length} characters at least",
}


def _fault(document: Document, model: type[BaseModel] | None, error: Any) -> Fault:
    place = _place(document.raw, error["loc"])
    if error["type"] in _RIGHT:
        return document.fault(place, *_RIGHT[error["type"]])
    message = error["msg"].removeprefix("Value error, ")
    if error["type"] == "value_error":
        cause, _, right = message.partition("; ")
        return document.fault(place, cause, right or "give one that is there")
    if error["type"] in ("union_tag_invalid", "union_tag_not_found"):
        kinds = ", ".join(_kinds_at(model, place))
        return document.fault((*place, "kind"), "missing or unknown kind", f"one of: {kinds}")
    return document.fault(place, *_of_type(error, message))


# What is meant by the patterns of fields: nobody should have to read one.
OTHERWISE = "should be one of what docs/rigs.md has for it"
PATTERNS = {
    NAME: "should be lower-case letters (a to z), digits, - and _, and begin with a letter or a digit",
    PICTURE_NAME: "should be a name, or scene/shot, of lower-case letters (a to z), digits, - and _",
    COLOUR: "should be a colour: # and six digits or letters from a to f, as #e8ecf0",
    COLOUR_ALPHA: "should be a colour: # and six or eight digits or letters from a to f, as #e8ecf0 or #e8ecf080",
    LANGUAGE: "should be a language's code: two or three letters, as en",
}


def _of_type(error: Any, message: str) -> tuple[str, str]:
    """What a value is, and what it should be, by pydantic's sort of error."""
    kind = type(error["input"]).__name__
    got = f"is {repr(error['input'])[:60]} ({_TYPES.get(kind, kind)})" if kind != "dict" else "is a table"
    right = _PLAIN.get(error["type"], "").format(**error.get("ctx", {}))
    if error["type"] == "string_pattern_mismatch":
        right = PATTERNS.get(error["ctx"]["pattern"], OTHERWISE)
    return got, right or message[0].lower() + message[1:]


def _kinds_at(annotation: Any, place: Place) -> list[str]:
    """The kinds that a table at a place of a model may have."""
    found: list[Any] = [annotation]
    for part in place:
        if isinstance(part, str):
            inner = [m for a in found for m in models_in(a)]
            found = [m.model_fields[part].annotation for m in inner if part in m.model_fields]
    kinds = [m.model_fields["kind"] for a in found for m in models_in(a) if "kind" in m.model_fields]
    words: list[Any] = [kind.annotation for kind in kinds]
    return sorted({str(word) for literal in words for word in typing.get_args(literal)})


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """The models that a type is made of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    for kinds in getattr(annotation, "__metadata__", ()):
        if isinstance(kinds, Kinds):
            return list(kinds.all.values())
    return [m for arg in typing.get_args(annotation) for m in models_in(arg)]
