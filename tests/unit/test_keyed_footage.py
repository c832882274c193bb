"""Edges of keyed people on real footage: the figures of benchmarks/keying.py don't get worse."""

from __future__ import annotations

import pytest

from benchmarks.keying import CLIPS, figures
from live.base.paths import model_path
from live.vision.keyer import MATTE_MODEL
from tests.support.footage import needs_footage

# By clip: the most of what was behind in the colour of an edge, and of the screen's hue, codes. swiz3n has a pale
# screen, unevenly lit.
BOUNDS = {"bbaf2n.mpg": (0.12, 1.5), "swiz3n.mpg": (0.33, 1.0)} | {
    f"asl_{who}.mkv": (0.16, 0.0) for who in ("book", "student", "walk")
}


@needs_footage
@pytest.mark.parametrize("clip", CLIPS)
def test_edges_stay_clean(clip: str) -> None:
    if CLIPS[clip] == "ai" and not model_path(MATTE_MODEL).is_file():
        pytest.skip(f"{MATTE_MODEL} was not fetched")
    found, (most_left, most_tint) = figures(clip), BOUNDS[clip]
    before, after = found["left"]
    assert after <= most_left and after < before / 2, found
    if "tint" in found:
        before, after = found["tint"]
        assert after <= most_tint and after < before / 8, found
