"""The presets of a strip that ship."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from live.base.paths import shipped
from live.config.strips import Processing

FILES = sorted(shipped("sounds").glob("*.toml"))


def test_the_usual_ones_ship() -> None:
    assert {f.stem for f in FILES} >= {"voice-lapel", "voice-hand-held", "voice-headset", "music", "room"}


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_a_preset_is_a_processing_with_a_title(file: Path) -> None:
    preset = tomllib.loads(file.read_text())
    assert preset.pop("title") and preset.pop("about").endswith(".")
    read = Processing.model_validate(preset)
    assert all(getattr(read, section).on for section in preset)
    if file.stem.startswith("voice"):
        assert set(preset) == {"highpass", "gate", "eq", "compressor", "deesser", "limiter"}
