"""The features of a show: a folder each."""

from __future__ import annotations

import importlib
import pkgutil
from importlib.util import find_spec

import live.show


def load(name: str) -> None:
    """Import the module of this name of every feature that has one: what it registers is known from then on."""
    for feature in pkgutil.iter_modules(live.show.__path__):
        module = f"live.show.{feature.name}.{name}"
        if feature.ispkg and find_spec(module) is not None:
            importlib.import_module(module)
