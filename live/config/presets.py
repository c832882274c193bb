"""Presets of a strip: what is done to a sound, as one TOML file each in the folder `sounds`."""

from __future__ import annotations

from pathlib import Path

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
