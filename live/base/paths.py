"""Where things are: what ships with the package, and what is fetched to the user's own folder."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parents[1]


def shipped(folder: str) -> Path:
    """`shaders`, `scenes`, `rigs`, `styles`, `sounds` or `graphics`: beside the package in a checkout, inside it in a
    built wheel."""
    inside = _PACKAGE / "_shipped" / folder
    return inside if inside.is_dir() else _PACKAGE.parent / folder


def shaders_dir() -> Path:
    """The shaders. LIVE_SHADERS overrides those that ship: a copy to work on."""
    override = os.environ.get("LIVE_SHADERS")
    return Path(override) if override else shipped("shaders")


def data_dir() -> Path:
    """Models and demo material. LIVE_DATA overrides it (a stick, a shared folder)."""
    override = os.environ.get("LIVE_DATA")
    return Path(override) if override else Path(platformdirs.user_data_dir("live", appauthor=False))


def model_path(name: str) -> Path:
    """A model file by name, whether it is there or not."""
    return data_dir() / "models" / name


def asset_path(name: str) -> Path:
    """A piece of demo material by name, whether it is there or not."""
    return data_dir() / "assets" / name
