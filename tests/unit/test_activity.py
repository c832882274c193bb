"""Speech activity from levels and probabilities: voices, noise, bleed, pauses, drop-outs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live.ears.activity import HANGOVER_S, SILENCE_DB, SpeechActivity

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


def two_mics(
    rng: np.random.Generator,
    anna: list[float],
    ben: list[float],
    bleed_db: tuple[float, float],
    ben_gain_db: float = 0.0,
) -> list[dict]:
    """Levels of two microphones from two voices: powers add, each voice leaks into the other's microphone, noise under
    all of it."""
    power = np.array([10 ** (np.array(v) / 10) for v in (anna, ben)])
    heard = np.array([power[0] + power[1] * 10 ** (bleed_db[0] / 10), power[1] + power[0] * 10 ** (bleed_db[1] / 10)])
    levels = 10 * np.log10(heard + 10 ** (np.array([noise(rng, len(anna)), noise(rng, len(anna))]) / 10))
    return [{"anna": float(a), "ben": float(b + ben_gain_db)} for a, b in levels.T]


def quiet(count: int) -> list[float]:
    return [-150.0] * count


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.floats(-25, -12), st.floats(-25, -12), st.floats(-34, -18), st.floats(-3, 3))
def test_a_voice_that_leaks_never_opens_another_microphone(
    seed: int, to_anna: float, to_ben: float, loud_db: float, gain_db: float
) -> None:
    rng = np.random.default_rng(seed)
    talk = noise(rng, 60) + voice(rng, 300, loud_db) + noise(rng, 30)
    steps = run(SpeechActivity(["anna", "ben"]), two_mics(rng, talk, quiet(len(talk)), (to_anna, to_ben), gain_db))
    assert share(steps, "ben") == 0
    assert share(steps[65:360], "anna") > 0.97


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.floats(-25, -15), st.floats(-3, 3))
def test_two_who_really_speak_at_once_open_both_also_after_each_has_spoken_alone(
    seed: int, bleed_db: float, louder_db: float
) -> None:
    rng = np.random.default_rng(seed)
    both = voice(rng, 240, -26 + louder_db)
    anna = noise(rng, 60) + voice(rng, 240, -26) + quiet(240) + voice(rng, 240, -26)
    ben = noise(rng, 60) + quiet(240) + voice(rng, 240, -26 + louder_db) + both
    steps = run(SpeechActivity(["anna", "ben"]), two_mics(rng, anna, ben, (bleed_db, bleed_db)))
    together = steps[550:]
    assert share(together, "anna") > 0.9 and share(together, "ben") > 0.9
    assert share(steps[330:540], "anna") == 0, "the hangover is over"


def test_a_microphone_that_is_turned_up_far_is_soon_judged_by_what_is_usual_for_it() -> None:
    """Anna's voice is 17 dB weaker at Ben's microphone, which is turned up by 14: it reads nearly what hers does."""
    rng = np.random.default_rng(7)
    anna = noise(rng, 30) + voice(rng, 600) + quiet(300) + voice(rng, 150)
    ben = quiet(30 + 600) + voice(rng, 300) + quiet(150)
    steps = run(SpeechActivity(["anna", "ben"]), two_mics(rng, anna, ben, (-17.0, -17.0), 14.0))
    assert share(steps[400:630], "ben") == 0, "learnt from some seconds of her speech"
    assert share(steps[640:930], "ben") > 0.9 and share(steps[645:930], "anna") == 0
    assert share(steps[950:], "ben") == 0 and share(steps[950:], "anna") > 0.9


def test_what_is_known_of_two_microphones_outlasts_that_nobody_wears_one() -> None:
    """As two people swap seats: one of them has none in between."""
    rng = np.random.default_rng(7)
    anna = noise(rng, 30) + voice(rng, 600) + quiet(300) + voice(rng, 150)
    ben = quiet(30 + 600) + voice(rng, 300) + quiet(150)
    frames = two_mics(rng, anna, ben, (-17.0, -17.0), 14.0)
    activity = SpeechActivity(["anna", "ben"])
    run(activity, frames[:930])
    activity.worn({"anna": "ben"})
    activity.worn({"anna": "ben", "ben": "anna"})
    steps = run(activity, frames[930:], 930 * FRAME_S)
    assert share(steps[20:], "ben") == 0 and share(steps[20:], "anna") > 0.9


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.floats(0.2, 0.4), st.integers(100, 250))
def test_a_drop_out_is_no_silence_and_lets_no_bleed_in(seed: int, seconds: float, at: int) -> None:
    rng = np.random.default_rng(seed)
    talk = noise(rng, 60) + voice(rng, 300)
    frames = two_mics(rng, talk, quiet(360), (-20.0, -18.0))
    for frame in frames[at : at + round(seconds / FRAME_S)]:
        frame["anna"] = SILENCE_DB
    steps = run(SpeechActivity(["anna", "ben"]), frames)
    assert share(steps[65:], "anna") > 0.98 and share(steps, "ben") == 0


def test_what_is_loud_but_no_speech_opens_nothing_once_somebody_can_tell() -> None:
    rng = np.random.default_rng(8)
    chair = [
        {"anna": level} for level in noise(rng, 60) + [-20.0 + rng.normal(0, 4) for _ in range(45)] + noise(rng, 60)
    ]
    assert share(run(SpeechActivity(["anna"]), chair), "anna") > 0.2, "the level alone can't tell"
    activity = SpeechActivity(["anna"])
    assert not any(activity.step(i * FRAME_S, levels, {"anna": 0.2})["anna"] for i, levels in enumerate(chair))


def test_who_can_tell_opens_at_once_and_for_a_soft_voice() -> None:
    activity = SpeechActivity(["anna"])
    for i in range(60):
        activity.step(i * FRAME_S, {"anna": -62.0}, {"anna": 0.01})
    assert activity.step(2.0, {"anna": -52.0}, {"anna": 0.8})["anna"], (
        "10 dB over the noise, under what the level alone believes"
    )
    assert activity.step(2.0 + FRAME_S, {"anna": -54.0}, {"anna": 0.4})["anna"]


def test_who_falls_silent_while_another_speaks_has_handed_over() -> None:
    rng = np.random.default_rng(9)
    anna = noise(rng, 60) + voice(rng, 180) + quiet(90)
    ben = quiet(240) + voice(rng, 90)
    steps = run(SpeechActivity(["anna", "ben"]), two_mics(rng, anna, ben, (-18.0, -18.0)))
    alone = next(i for i in range(240, 330) if steps[i] == {"anna": False, "ben": True})
    assert (alone - 240) * FRAME_S <= 0.31


def test_a_microphone_apart_is_held_against_no_other() -> None:
    rng = np.random.default_rng(10)
    frames = [{"anna": level, "room": level - 20} for level in noise(rng, 60) + voice(rng, 90, -14)]
    assert share(run(SpeechActivity(["anna", "room"], apart=["room"]), frames)[66:], "room") > 0.9
    assert share(run(SpeechActivity(["anna", "room"]), frames)[66:], "room") == 0


def test_between_words() -> None:
    activity = SpeechActivity(["anna"])
    levels = [-62.0] * 30 + [-24.0] * 15 + [-60.0] * 3 + [-24.0] * 15 + [-62.0] * 30
    between = []
    for i, level in enumerate(levels):
        activity.step(i * FRAME_S, {"anna": level})
        between.append(activity.between_words(i * FRAME_S))
    assert all(between[:30]) and not any(between[33:45])
    assert between[47] and not any(between[50:63]) and all(between[66:])


def test_no_microphones() -> None:
    assert SpeechActivity([]).step(0.0, {}) == {}


def test_same_levels_same_answer() -> None:
    frames = [{"anna": level} for level in voice(np.random.default_rng(6), 300)]
    assert run(SpeechActivity(["anna"]), frames) == run(SpeechActivity(["anna"]), frames)


# -- noises with a voice in them ---------------------------------------------------------------------------------------


def opened_at(*parts: tuple[float, float, float]) -> float | None:
    """When a microphone opens, seconds after the first of some parts begins: (seconds, level in dB, how sure the model
    is); after three seconds of a quiet room."""
    activity, frame = SpeechActivity(["mic"]), 0
    for seconds, level_db, sure in ((3.0, -62.0, 0.0), *parts):
        for _ in range(round(seconds * 30)):
            frame += 1
            if activity.step(frame / 30, {"mic": level_db}, {"mic": sure})["mic"]:
                return frame / 30 - 3.0
    return None


def test_the_voice_at_the_end_of_a_cough_is_no_word() -> None:
    assert opened_at((0.23, -20.0, 0.1), (0.15, -28.0, 0.95), (1.0, -62.0, 0.1)) is None


def test_a_word_that_the_model_knows_in_time_is_one() -> None:
    opened = opened_at((0.12, -24.0, 0.2), (1.0, -24.0, 0.95))
    assert opened is not None and opened < 0.2


def test_a_voice_that_is_louder_than_the_noise_before_it_opens_at_once() -> None:
    opened = opened_at((0.3, -45.0, 0.1), (1.0, -24.0, 0.95))  # a breath, then a word
    assert opened is not None and opened < 0.4


def test_a_voice_in_a_noise_opens_within_half_a_second() -> None:
    opened = opened_at((0.2, -24.0, 0.1), (1.0, -24.0, 0.95))
    assert opened is not None and 0.3 < opened < 0.6
