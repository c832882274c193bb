"""What is kept of a show, as text and back: one JSON document, each feature's part under its name.

The types are those that the features say they keep; what doesn't fit them is told and left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from live.show import ShowState

FORMAT = 1
BUSES = ("program", "preview")  # what is kept of them: a shot, and since when


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(ShowState.kinds[_kind(name)].keeps)


def _kind(name: str) -> str:
    """Of a feature, by its name: there may be several of a kind."""
    return name.partition(".")[0]


def text_of(kept: Mapping[str, object], time_s: float, identity: str = "") -> str:
    """kept: as `ShowState.save` gives it, at a time of the show in seconds. identity: of the show."""
    whole = {"format": FORMAT, "show": identity, "time_s": round(time_s, 3), "features": _plain(kept)}
    return json.dumps(whole, ensure_ascii=True)


def _plain(kept: Mapping[str, object]) -> dict[str, Any]:
    return {name: _adapter(name).dump_python(part, mode="json") for name, part in kept.items()}


def identity_in(text: str) -> str:
    """Of the show whose state that is; "" when it says none."""
    try:
        whole = json.loads(text)
    except ValueError:
        return ""
    found = whole.get("show") if isinstance(whole, dict) else None
    return found if isinstance(found, str) and re.fullmatch(r"[0-9a-f]+(\.\d+)?", found) else ""


def missing(kept: Mapping[str, object], now: Mapping[str, object]) -> list[str]:
    """What was kept, and is not there after it was restored: names, each with what it is of."""
    return [f"{of} {name}" for of, before in _plain(kept).items() for name in _gone(before, _plain(now).get(of))]


def _gone(before: Any, after: Any) -> Iterator[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key, value in before.items():
            if key not in after:
                yield key
            elif key in BUSES and value[0] != after[key][0]:
                yield f"{value[0]} ({key})"
            else:
                yield from _gone(value, after[key])


def kept_of(text: str, base: Path) -> tuple[dict[str, object], list[str]]:
    """What `ShowState.restore` takes, and the names of parts that can't be read. base: the rig's folder. Raises
    ValueError when the whole can't be.
    """
    whole = json.loads(text)
    if not isinstance(whole, dict) or whole.get("format") != FORMAT or not isinstance(whole.get("features"), dict):
        raise ValueError("it is no state of a show")
    kept: dict[str, object] = {}
    broken: list[str] = []
    for name, part in whole["features"].items():
        if _kind(name) not in ShowState.kinds:
            continue  # of a version that has more
        try:
            kept[name] = _adapter(name).validate_json(json.dumps(part), context={"base": base})
        except ValidationError:
            broken.append(name)
    return kept, broken
