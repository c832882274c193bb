"""A source that is one colour."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from live.base.errors import ConfigError
from live.config.picture import PictureConfig
from live.sources import open_reader
from live.sources.reader import PictureEvent
from tests.support.shows import SMALL, small_show

RIG = SMALL + '[[sources]]\nname = "wall"\nkind = "colour"\n'


@pytest.mark.parametrize(
    ("fill", "codes"),
    [("", (16, 128, 128)), ("#ffffff", (235, 128, 128)), ("#ff0000", (63, 102, 240)), ("#00ff00", (173, 42, 26))],
)
def test_it_has_the_codes_of_its_colour(tmp_path: Path, fill: str, codes: tuple[int, ...]) -> None:
    """100 % colours of BT.709 in limited range, as ITU-R BT.709 gives them."""
    show = small_show(tmp_path, RIG + (f'fill = "{fill}"\n' if fill else ""))
    source = show.rig.sources[0]
    reader = open_reader(source, PictureConfig(width=64, height=64), 1)
    for event in islice(reader.events(), 2):
        assert isinstance(event, PictureEvent)
        out = np.full(event.format.size, 99, np.uint8)
        event.write(out)
        assert [np.unique(plane).tolist() for plane in event.format.planes(out)] == [[c] for c in codes]
    assert event.pts_ns == 500_000_000


def test_it_can_be_shown_by_its_name(tmp_path: Path) -> None:
    assert [(s.id, s.source) for s in small_show(tmp_path, RIG).row] == [("wall", "wall")]


def test_what_is_no_colour_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"sources\[wall\].fill: is 'red' \(text\)"):
        small_show(tmp_path, RIG + 'fill = "red"\n')
