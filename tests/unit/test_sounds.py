"""The presets of a strip that ship."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from live.base.paths import shipped
from live.config.presets import Preset
from live.config.strips import Section

FILES = sorted(shipped("sounds").glob("*.toml"))


def test_the_usual_ones_ship() -> None:
    assert {f.stem for f in FILES} >= {"voice-lapel", "voice-hand-held", "voice-headset", "music", "room"}


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_a_preset_is_a_processing_with_a_title(file: Path) -> None:
    preset = Preset.model_validate(tomllib.loads(file.read_text()))
    assert preset.title and preset.about.endswith(".")
    on = {name for name, section in preset if isinstance(section, Section) and section.on}
    assert on == preset.model_fields_set - {"title", "about"}
    if file.stem.startswith("voice"):
        assert on == {"highpass", "gate", "eq", "compressor", "deesser", "limiter"}
