"""What all tests share: which of them need the machine to themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# The same examples each time, and none of them timed: two cores and software GL are slow company.
settings.register_profile("live", derandomize=True, deadline=None)
settings.load_profile("live")

_ALONE = {"show", "faults"}  # whole shows and killed workers: folders whose tests run against the clock


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.relative_to(here).parts[0] in _ALONE:
            item.add_marker(pytest.mark.realtime)
