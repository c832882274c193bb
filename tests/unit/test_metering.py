"""The meters in the show: commands, state, the log, and what they give cause to say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import live.show.commands  # noqa: F401  (registers them)
from live.base.hand import Hand
from live.control.registry import parse
from live.show import ShowState
from live.show.metering.published import LoudnessStatus, SoundWarnings, StripMeter, StripSpeech, metering
from live.show.metering.warnings import CLIPS_S, LONG_S, Warnings
from live.sound.hearing import Hearing
from live.sound.metering import Level, Loudness, Metered
from tests.support.shows import SMALL, small_show

HAND = Hand("osc 127.0.0.1:1", "127.0.0.1")
RIG = (
    SMALL
    + """
[[sources]]
name = "cam1"
kind = "pattern"
[[microphones]]
name = "mic1"
source = "cam1"
[[people]]
name = "anna"

microphone = "mic1"
[sound]
target_lufs = -16.0
"""
)
LOUD = Loudness(-15.0, -16.2, -16.04, 4.0, -1.23)


@pytest.fixture
def show(tmp_path: Path) -> tuple[ShowState, list[dict[str, Any]]]:
    lines: list[dict[str, Any]] = []
    state = ShowState(small_show(tmp_path, RIG), lambda kind, by, **more: lines.append({"kind": kind, **more}))
    return state, lines


def step(state: ShowState, now_s: float, metered: Metered) -> None:
    state.step(now_s, 0.1, hearing=Hearing({"anna": True}), faces={}, aspects={}, metered=metered)


def test_hands_begin_and_clear(show: tuple[ShowState, list[dict[str, Any]]]) -> None:
    state, _ = show
    begun = state.sound.orders().meters
    assert (begun.begun, begun.cleared) == (1, 0), "the show's start begins the measure"
    state.apply(parse("/loudness/reset", []), HAND, 1.0)
    state.apply(parse("/meters/clear", []), HAND, 1.0)
    told = state.sound.orders().meters
    assert (told.begun, told.cleared) == (2, 1)


def test_what_is_published(show: tuple[ShowState, list[dict[str, Any]]]) -> None:
    state, _ = show
    level = Level(-20.04, -12.0, -9.0, 3, None, (0.0, 4.21, 0.0, 0.0, 0.0, 0.0))
    step(state, 1.0, Metered(4800, {"mic1": level}, {"mic1": -21.77}, Level(), LOUD))
    values = list(metering(state, 1.0))
    assert StripMeter("mic1", -20.0, -12.0, -9.0, True, 1.0, 0.0, 4.2, 0.0, 0.0) in values
    assert StripSpeech("mic1", -21.8) in values
    assert LoudnessStatus(-15.0, -16.2, -16.0, 4.0, -1.2, -16.0) in values
    assert SoundWarnings(("anna clips",)) in values


@pytest.mark.parametrize(
    ("leader", "automix_db", "ducking_db", "words"),
    [
        ("", 0.0, 0.0, ""),
        ("", 3.0, 0.0, "automix -3 dB: shared"),
        ("mic2", 7.2, 0.0, "automix -7 dB: Ben leads"),
        ("mic1", 0.1, 0.0, "leads the automix"),
        ("mic2", 20.0, 12.0, "automix -20 dB: Ben leads; ducked by 12 dB: somebody speaks"),
    ],
)
def test_automix_and_ducking_say_what_they_do(
    tmp_path: Path, leader: str, automix_db: float, ducking_db: float, words: str
) -> None:
    two = """
[[microphones]]
name = "mic2"
source = "cam1"
[[people]]
name = "ben"
  title = "Ben"
microphone = "mic2"
"""
    state = ShowState(small_show(tmp_path, RIG + two), lambda kind, by, **more: None)
    turned = (0.0, 0.0, 0.0, 0.0, automix_db, ducking_db)
    step(state, 1.0, Metered(4800, {"mic1": Level(reduction=turned)}, leader=leader))
    meter = next(value for value in metering(state, 1.0) if isinstance(value, StripMeter))
    assert (meter.automix_db, meter.ducking_db, meter.riding) == (automix_db, ducking_db, words)


def test_a_line_a_minute(show: tuple[ShowState, list[dict[str, Any]]]) -> None:
    state, lines = show
    for second in range(1, 150):
        step(state, float(second), Metered(second, {}, {}, Level(), LOUD))
    figures = {"short_lufs": -16.2, "integrated_lufs": -16.0, "range_lu": 4.0, "true_peak_db": -1.2}
    assert [line for line in lines if line["kind"] == "loudness"] == [{"kind": "loudness", **figures}] * 2
    assert state.metering.figures() == figures


def test_nothing_is_said_of_silence(show: tuple[ShowState, list[dict[str, Any]]]) -> None:
    state, lines = show
    for second in range(1, 200):
        step(state, float(second), Metered(second))
    assert not [line for line in lines if line["kind"] in ("loudness", "sound")]
    assert not state.metering.figures()


def said(warnings: Warnings, now_s: float, loudness: Loudness = LOUD, **more: Any) -> list[str]:
    """One look."""
    settings = {"target_lufs": -16.0, "ceiling_db": -1.0, "speaking": True, "labels": {"mic1": "Anna"}, "judged": {}}
    levels = more.pop("strips", {})
    return list(warnings.step(now_s, Metered(1, levels, {}, Level(), loudness), **settings | more))


def over(seconds: range, warnings: Warnings, short_lufs: float, **more: Any) -> list[tuple[int, str]]:
    return [(t, text) for t in seconds for text in said(warnings, t, replace(LOUD, short_lufs=short_lufs), **more)]


def test_over_the_target_once_and_when_it_is_over() -> None:
    warnings = Warnings()
    assert over(range(30), warnings, -11.6) == [(LONG_S, "program is 4 LU over target (-11.6 LUFS, target -16)")]
    assert over(range(30, 60), warnings, -12.5) == [], "neither far off nor near"
    assert over(range(60, 90), warnings, -15.0) == [
        (70, "program is 4 LU over target (-11.6 LUFS, target -16): no longer")
    ]


def test_a_shout_is_nothing() -> None:
    warnings = Warnings()
    for start in range(0, 100, 20):
        assert not over(range(start, start + 8), warnings, -8.0)
        assert not over(range(start + 8, start + 20), warnings, -16.0)


def test_under_the_target_only_while_somebody_speaks() -> None:
    warnings = Warnings()
    assert not over(range(60), warnings, -30.0, speaking=False)
    assert over(range(60, 90), warnings, -22.0) == [(70, "program is 6 LU under target (-22.0 LUFS, target -16)")]


def test_true_peak() -> None:
    warnings = Warnings()
    assert not said(warnings, 0, replace(LOUD, true_peak_db=-0.8)), "within what a meter may read too much"
    assert said(warnings, 1, replace(LOUD, true_peak_db=-0.4)) == ["true peak over ceiling (-0.4 of -1.0 dB)"]
    assert not said(warnings, 2, replace(LOUD, true_peak_db=0.4))


def test_clips_are_told_once_a_spell() -> None:
    warnings = Warnings()
    assert said(warnings, 0, strips={"mic1": Level(clips=2)}) == ["Anna clips"]
    assert not said(warnings, 5, strips={"mic1": Level(clips=9)})
    assert not said(warnings, 5 + CLIPS_S - 1, strips={"mic1": Level(clips=9)})
    assert said(warnings, 5 + CLIPS_S, strips={"mic1": Level(clips=9)}) == ["Anna clips: no longer"]
    assert not said(warnings, 30, strips={"mic1": Level(clips=0)}), "a hand cleared it"
    assert said(warnings, 31, strips={"mic1": Level(clips=1)}) == ["Anna clips"]


def test_sides_that_cancel() -> None:
    warnings = Warnings()
    told = [t for n in range(10) for t in said(warnings, n, judged={"program": Level(phase=-0.92)})]
    assert told == ["program: sides cancel (phase -0.9)"]
    assert not [t for n in range(10, 20) for t in said(warnings, n, judged={"program": Level(phase=None)})], "silent"
    assert [t for n in range(20, 30) for t in said(warnings, n, judged={"program": Level(phase=0.4)})] == [
        "program: sides cancel (phase -0.9): no longer"
    ]
