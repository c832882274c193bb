"""What is kept of a show, as text and back: one JSON document, each feature's part under its name.

The types are those that the features say they keep; what doesn't fit them is told and left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from live.show import ShowState

FORMAT = 1


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(ShowState.kinds[_kind(name)].keeps)


def _kind(name: str) -> str:
    """Of a feature, by its name: there may be several of a kind."""
    return name.partition(".")[0]


def text_of(kept: Mapping[str, object], time_s: float) -> str:
    """kept: as `ShowState.save` gives it, at a time of the show in seconds."""
    parts = {name: _adapter(name).dump_python(part, mode="json") for name, part in kept.items()}
    return json.dumps({"format": FORMAT, "time_s": round(time_s, 3), "features": parts}, ensure_ascii=True)


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
