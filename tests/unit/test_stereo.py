"""Sound that becomes another on the way: a camera's recording or a stream of what was broadcast."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from live.base.samples import SAMPLE_RATE
from live.config.picture import PictureConfig
from live.sound.film_sound import FilmSound
from live.sources import open_reader
from live.sources.kinds.media import MediaSource
from live.sources.reader import SoundEvent
from tests.support.media import changing_sound


@pytest.fixture
def broadcast(tmp_path: Path) -> Path:
    return changing_sound(tmp_path / "broadcast.ts")


def peaks(samples: np.ndarray) -> list[float]:
    """Of the middle of each second."""
    return [float(np.abs(samples[int(s * SAMPLE_RATE) :][: SAMPLE_RATE // 5]).max()) for s in (0.4, 1.4)]


EXPECTED = pytest.approx([0.5, 0.5], rel=0.1)  # one channel is as loud on both sides as it is


def test_a_source_goes_on(broadcast: Path) -> None:
    config = MediaSource.model_validate(
        {"name": "cam", "kind": "media", "path": str(broadcast)}, context={"base": broadcast.parent}
    )
    events = list(open_reader(config, PictureConfig(width=320, height=184, rate_hz=30), 1).events())
    samples = np.concatenate([e.samples for e in events if isinstance(e, SoundEvent)])
    assert len(samples) == pytest.approx(2 * SAMPLE_RATE, rel=0.03)
    assert peaks(samples[:, 0]) == EXPECTED


def test_a_film_is_read_whole(broadcast: Path) -> None:
    assert peaks(FilmSound(broadcast).read()[:, 1]) == EXPECTED
