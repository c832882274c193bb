"""Presets of a strip: what is done to a sound, as one TOML file each in the folder `sounds`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import Field

from live.base.paths import shipped
from live.config.strips import Processing


class Preset(Processing):
    """What is done to a sound: the keys and sections of a strip, without its faders and sends."""

    title: str = Field("", max_length=60, description="what it is called on the console")
    about: str = Field("", max_length=200, description="what it is for, in a line")


def sounds_beside(rig: Path) -> Path:
    """The folder of a rig's own presets."""
    return rig.parent / "sounds"


def preset_files(rig: Path) -> dict[str, Path]:
    """Name -> file of the presets that ship, and of those in the folder `sounds` beside a rig."""
    return {f.stem: f for folder in (shipped("sounds"), sounds_beside(rig)) for f in sorted(folder.glob("*.toml"))}


def preset_of(processing: Processing, title: str = "") -> Preset:
    """What is done to a sound, as a preset."""
    title = "".join(character for character in title if character.isprintable())
    return Preset.model_construct(title=title, **{key: getattr(processing, key) for key in Processing.model_fields})


def text_of(preset: Preset) -> str:
    """As a file that reads back to the same: what is as usual is left out."""
    return "\n".join(_lines(preset.model_dump(), Preset().model_dump(), "")) + "\n"


def _lines(values: dict[str, Any], usual: dict[str, Any], table: str) -> Iterator[str]:
    different = {key: value for key, value in values.items() if value != usual[key]}
    plain = {key: value for key, value in different.items() if not isinstance(value, dict)}
    if table and different:
        yield f"\n[{table}]"
        if "on" in values and not values["on"]:
            plain = {"on": False, **plain}
        if not plain and "on" in values:
            plain = {"on": values["on"]}
    for key, value in plain.items():
        yield f"{key} = {_toml(value)}"
    for key, value in different.items():
        if isinstance(value, dict):
            yield from _lines(value, usual[key], f"{table}.{key}" if table else key)


def _toml(value: str | float | bool) -> str:
    """JSON's texts and numbers are TOML's, too."""
    return json.dumps(value, ensure_ascii=False)
