"""What all tests share: which of them need the machine to themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

_ALONE = {"show", "faults"}  # whole shows and killed workers: folders whose tests run against the clock


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.relative_to(here).parts[0] in _ALONE:
            item.add_marker(pytest.mark.realtime)
