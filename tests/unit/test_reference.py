from pathlib import Path

import pytest

from live.reference import pages, renewed

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("name", pages())
def test_the_reference_is_what_the_code_says(name):
    page = (DOCS / name).read_text(encoding="utf-8")
    assert page == renewed(page, pages()[name]), "run: python -m live.reference docs"
