"""Writing into a TOML file what its author would have written: keys change, comments and order stay.

tomlkit is loaded when something is written, never to read.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from live.base.paths import data_dir


class Item(str):
    """What a list holds, by its name."""

    __slots__ = ()


At = tuple[str | int, ...]


@dataclass(frozen=True)
class RigKey:
    """A key of a rig, or of the file of one of its scenes, and what it is to say.

    at: ("microphones", Item("anna"), "gain_db"), ("keys", 0, "still"); the number after a list's last is one more.
    value: as TOML has it, or a path; None leaves the key out. new: what an item says besides, where there is none of
    its name yet. scene: of whose file it is; "" for the rig's own. cannot: what it is, and why no file can say it.
    """

    at: At
    value: Any
    new: Mapping[str, Any] = field(default_factory=dict)
    scene: str = ""
    cannot: str = ""


def as_written(value: Any, base: Path) -> Any:
    """A value as a file in the folder `base` has it: numbers as a person reads them, paths as they are named there."""
    if isinstance(value, float):
        return round(value, 4) + 0.0  # no minus before a zero
    if isinstance(value, Path):
        return _named(value, base)
    if isinstance(value, Mapping):
        return {str(k): as_written(v, base) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [as_written(v, base) for v in value]
    return value


def _named(path: Path, base: Path) -> str:
    assets = data_dir() / "assets"
    if path.is_relative_to(assets):
        return f"@assets/{path.relative_to(assets).as_posix()}"
    return path.relative_to(base).as_posix() if path.is_relative_to(base) else path.as_posix()


def edited(text: str, keys: Iterable[RigKey]) -> str:
    """A TOML file's text with other values for some keys, each `as_written`. Raises ValueError when that can't be done
    to this file."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    document, wanted = tomlkit.parse(text.replace("\r\n", "\n")), tomllib.loads(text)
    for key in keys:
        _put(wanted, key, key.at)
        try:
            _put(document, key, key.at)
        except TOMLKitError as error:
            raise ValueError(f"{'.'.join(map(str, key.at))}: {error}") from None
    new = tomlkit.dumps(document)
    if tomllib.loads(new) != wanted:
        raise ValueError("its tables stand in an order that can't be kept")
    return new.replace("\n", "\r\n") if "\r\n" in text else new


def _put(table: Any, key: RigKey, at: At) -> None:
    """Into a document, or into what it says as plain tables: both come out the same."""
    name, rest = str(at[0]), at[1:]
    if not rest:
        _set(table, name, key.value)
    elif isinstance(rest[0], Item | int):
        if name not in table:
            _set(table, name, [])
        _put(_item(table, name, rest[0], key.new), key, rest[1:])
    else:
        if name not in table and key.value is not None:
            _set(table, name, {})
        if name in table:
            _put(table[name], key, rest)


def _item(table: Any, name: str, which: Item | int | str, new: Mapping[str, Any]) -> Any:
    """What a list holds; added at its end if it isn't there."""
    found = table[name]
    for n, item in enumerate(found):
        if n == which or (isinstance(which, Item) and which in (item.get("name"), item.get("place"))):
            return item
    if type(found) is list:
        found.append(dict(new))
    else:
        _append(found, new)
    return found[-1]


def _set(table: Any, name: str, value: Any) -> None:
    """A table that is there keeps what else it says."""
    if value is None:
        table.pop(name, None)
    elif isinstance(value, Mapping) and value and name in table:
        for inner, one in value.items():
            _set(table[name], inner, one)
    elif type(table) is dict:
        table[name] = _without_none(value)
    else:
        _write(table, name, _without_none(value))


def _without_none(value: Any) -> Any:
    return {k: _without_none(v) for k, v in value.items() if v is not None} if isinstance(value, Mapping) else value


# -- in a document of tomlkit -----------------------------------------------------------------------------------------


def _write(table: Any, name: str, value: Any) -> None:
    """The place and the comment of an old value stay; a new key comes under the last one, before the space and the
    comments that belong to what follows. Of the whole file's tables a new one is the last."""
    import tomlkit
    from tomlkit.items import AoT, InlineTable, Table

    if name in table and not isinstance(table[name], AoT):
        table[name] = tomlkit.value(_text(value))
        return
    table.pop(name, None)
    whole = isinstance(table, tomlkit.TOMLDocument)
    if whole and value in ({}, []):
        table.append(name, tomlkit.table() if value == {} else tomlkit.aot())
        return
    new = tomlkit.value(_text(value))
    container = table if whole else table.value
    pairs = [(n, key, item) for n, (key, item) in enumerate(container.body) if key is not None]
    below = max((n + 1 for n, key, item in pairs if key.is_dotted() or not isinstance(item, AoT | Table)), default=0)
    if isinstance(table, InlineTable) or below >= len(container.body):
        table.append(name, new)
    else:  # tomlkit itself would put it below those comments
        container._insert_at(below, name, new)


def _append(found: Any, new: Mapping[str, Any]) -> None:
    import tomlkit
    from tomlkit.items import AoT

    if not isinstance(found, AoT):
        found.append(tomlkit.value(_text(_without_none(new))))
        return
    table = tomlkit.table()
    for name, value in new.items():
        table.append(name, tomlkit.value(_text(value)))
    if not len(found) or not found[-1].as_string().endswith("\n\n"):
        table.trivia.indent = "\n"
    found.append(table)


def _text(value: Any) -> str:
    """JSON's texts and numbers are TOML's, too."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(k)} = {_text(v)}" for k, v in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(_text, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return name if name and all(c.isascii() and (c.isalnum() or c in "_-") for c in name) else _text(name)
