"""Speech activity from levels: voices, noise, bleed, pauses."""

from __future__ import annotations

import math

import numpy as np
import pytest

from live.ears.activity import HANGOVER_S, SpeechActivity

FRAME_S = 1 / 30
NOISE_DB, VOICE_DB = -62.0, -24.0


def run(activity: SpeechActivity, frames: list[dict[str, float]], start_s: float = 0.0) -> list[dict[str, bool]]:
    return [activity.step(start_s + i * FRAME_S, levels) for i, levels in enumerate(frames)]


def share(steps: list[dict[str, bool]], mic: str) -> float:
    return sum(step[mic] for step in steps) / len(steps)


def noise(rng: np.random.Generator, count: int, level_db: float = NOISE_DB) -> list[float]:
    return list(level_db + rng.normal(0, 1.5, count))


def voice(rng: np.random.Generator, count: int, level_db: float = VOICE_DB) -> list[float]:
    """Syllables of 0.2 s with gaps of 0.1 s, as levels."""
    return [level_db + rng.normal(0, 3) if i % 9 < 6 else NOISE_DB + rng.normal(0, 1.5) for i in range(count)]


def test_a_voice_opens_its_microphone_soon_and_keeps_it_open_between_words() -> None:
    rng = np.random.default_rng(1)
    levels = noise(rng, 90) + voice(rng, 150) + noise(rng, 60)
    steps = run(SpeechActivity(["anna"]), [{"anna": level} for level in levels])
    assert share(steps[:90], "anna") == 0
    assert all(step["anna"] for step in steps[93:240]), "open within 0.1 s and no gap between the words"
    closed = next(i for i in range(240, 300) if not steps[i]["anna"])
    assert (closed - 240) * FRAME_S < HANGOVER_S + 0.6


def test_a_voice_in_the_first_second_counts() -> None:
    steps = run(SpeechActivity(["anna"]), [{"anna": level} for level in voice(np.random.default_rng(2), 60)])
    assert share(steps[4:], "anna") == 1


def test_a_click_is_no_voice() -> None:
    frames = [{"anna": NOISE_DB}] * 30 + [{"anna": -10.0}] + [{"anna": -70.0}] * 30
    assert share(run(SpeechActivity(["anna"]), frames), "anna") < 0.25


def test_steady_noise_is_learned_however_loud() -> None:
    rng = np.random.default_rng(3)
    activity = SpeechActivity(["anna"])
    fan = run(activity, [{"anna": level} for level in noise(rng, 600, -40)])
    assert share(fan[-120:], "anna") == 0
    over_the_fan = [{"anna": max(level, -40.0)} for level in voice(rng, 60, -20)]
    assert share(run(activity, over_the_fan, 20.0)[4:], "anna") > 0.9


@pytest.mark.parametrize("bleed_db", [-10.0, -14.0, -20.0])
def test_bleed_is_not_speech(bleed_db: float) -> None:
    rng = np.random.default_rng(4)
    levels = noise(rng, 60) + voice(rng, 240)
    frames = [{"anna": level, "ben": max(level + bleed_db, NOISE_DB + rng.normal(0, 1.5))} for level in levels]
    steps = run(SpeechActivity(["anna", "ben"]), frames)
    assert share(steps[65:], "anna") > 0.98
    assert share(steps, "ben") == 0


def test_two_who_speak_at_once_are_both_heard() -> None:
    rng = np.random.default_rng(5)
    frames = [{"anna": a, "ben": b} for a, b in zip(voice(rng, 150, -24), voice(rng, 150, -28), strict=True)]
    steps = run(SpeechActivity(["anna", "ben"]), frames)
    assert share(steps[5:], "anna") > 0.95 and share(steps[5:], "ben") > 0.95


@pytest.mark.parametrize("level", [-math.inf, math.nan, -300.0])
def test_digital_silence_and_no_number_are_silence(level: float) -> None:
    activity = SpeechActivity(["anna"])
    assert share(run(activity, [{"anna": level}] * 90), "anna") == 0
    assert share(run(activity, [{}] * 30, 3.0), "anna") == 0
    assert math.isfinite(activity.floor_db("anna"))
    assert share(run(activity, [{"anna": VOICE_DB}] * 30, 4.0)[3:], "anna") == 1


def test_no_microphones() -> None:
    assert SpeechActivity([]).step(0.0, {}) == {}


def test_same_levels_same_answer() -> None:
    frames = [{"anna": level} for level in voice(np.random.default_rng(6), 300)]
    assert run(SpeechActivity(["anna"]), frames) == run(SpeechActivity(["anna"]), frames)
