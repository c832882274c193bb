"""Everything that features publish: registered by the import of this module."""

from __future__ import annotations

import importlib
import pkgutil
from importlib.util import find_spec

import live.show

for _feature in pkgutil.iter_modules(live.show.__path__):
    _module = f"live.show.{_feature.name}.published"
    if _feature.ispkg and find_spec(_module) is not None:
        importlib.import_module(_module)
