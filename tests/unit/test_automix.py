"""Gain sharing: one gain for all open microphones, the right one leads, and what is no voice moves nothing."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live.audio.automix import Automix
from live.audio.desk import Desk, Strip
from live.audio.listener import Heard
from live.audio.mixer import BLOCK, Samples
from live.audio.sidechain import HOPS, Voices
from live.base.samples import SAMPLE_RATE
from live.config.desk import PROGRAM, DeskOrders, StripOrders
from live.config.strips import StripSettings
from tests.support.bleed import (
    AHEAD,
    NAMES,
    Mixed,
    at_microphones,
    automixed,
    disturbed,
    heard,
    model,
    needs_model,
    voices,
)
from tests.support.footage import needs_footage, turns
from tests.support.noises import OWN, ROOM, Sound

FROM_S, TO_S = 6.0, 19.0  # of the conversation: eight turns, some of them into the other's word
BLEEDS_DB = (-6, -12, -18)


def cut(sounds: list[Sound], start_s: float = FROM_S, end_s: float = TO_S) -> list[Sound]:
    return [s[int(start_s * SAMPLE_RATE) : int(end_s * SAMPLE_RATE)] for s in sounds]


@cache
def spoken(bleed_db: float, noise: str = "", level_db: float = 0.0) -> tuple[tuple[Sound, ...], tuple[Heard, ...]]:
    """The conversation at the two microphones; with a noise, the end of a turn of Anna's, who is then disturbed."""
    sounds = at_microphones(bleed_db)
    if noise:
        sounds = cut(disturbed(sounds, noise, 11.7, level_db=level_db, bleed_db=bleed_db), 10.0, 14.0)
    else:
        sounds = cut(sounds)
    return tuple(sounds), tuple(heard(sounds, model()))


def mixed(bleed_db: float, *, ahead: int = AHEAD) -> tuple[tuple[Sound, ...], Mixed]:
    sounds, told = spoken(bleed_db)
    return sounds, automixed(sounds, told, ahead=ahead)


def in_db(values: np.ndarray) -> np.ndarray:
    return 20 * np.log10(np.maximum(values, 1e-9))


def solo(row: int) -> list[tuple[int, int]]:
    """Samples of the cut in which one of them speaks alone, after who came before has had time to finish."""
    who = sorted({t[2] for t in turns()})[row]
    spans = []
    for start_s, end_s, speaker in turns():
        others = [(a, b) for a, b, other in turns() if other != who]
        start_s = max([start_s, *(b for a, b in others if a <= start_s < b)])
        end_s = min([end_s, *(a for a, b in others if start_s < a < end_s)])
        if speaker == who and end_s - start_s > 0.3 and start_s >= FROM_S and end_s <= TO_S:
            spans.append((int((start_s - FROM_S) * SAMPLE_RATE), int((end_s - FROM_S) * SAMPLE_RATE)))
    return spans


# -- with bleed -------------------------------------------------------------------------------------------------------


@needs_footage
@needs_model
@pytest.mark.parametrize("bleed_db", BLEEDS_DB)
def test_the_total_gain_is_that_of_one_microphone(bleed_db: float) -> None:
    total_db = mixed(bleed_db)[1].total_db[BLOCK:]
    assert -1.0 < total_db.min() and total_db.max() < 0.01


@needs_footage
@needs_model
@pytest.mark.parametrize("bleed_db", BLEEDS_DB)
def test_a_voice_is_as_loud_as_at_its_own_microphone(bleed_db: float) -> None:
    sounds, result = mixed(bleed_db)
    program = sum(g * s[: len(g)] for g, s in zip(result.gains, sounds, strict=True))
    for row in (0, 1):
        for start, end in solo(row):
            own = np.sqrt(np.mean(sounds[row][start:end] ** 2))
            assert abs(float(in_db(np.sqrt(np.mean(program[start:end] ** 2)) / own))) < 1.0


@needs_footage
@needs_model
@pytest.mark.parametrize("ahead", [AHEAD, 0])
@pytest.mark.parametrize("bleed_db", BLEEDS_DB)
def test_the_right_microphone_leads(bleed_db: float, ahead: int) -> None:
    _, result = mixed(bleed_db, ahead=ahead)
    for row in (0, 1):
        right = [np.mean(result.gains[row, a:b] > result.gains[1 - row, a:b]) for a, b in solo(row)]
        assert min(right) > 0.8
        assert np.mean(right) > 0.92


@needs_footage
@needs_model
@pytest.mark.parametrize("bleed_db", BLEEDS_DB)
def test_no_onset_is_chopped(bleed_db: float) -> None:
    _, result = mixed(bleed_db)
    owners = sorted({t[2] for t in turns()})
    for start_s, end_s, who in turns():
        if FROM_S <= start_s < TO_S - 0.5:
            row, start = owners.index(who), int(start_s * SAMPLE_RATE)
            voice = voices()[row][start : int(end_s * SAMPLE_RATE)]
            onset = start + int(np.flatnonzero(np.abs(voice) > 10 ** (-35 / 20))[0]) - int(FROM_S * SAMPLE_RATE)
            after_5_ms = result.gains[row, onset + SAMPLE_RATE // 200 :][: SAMPLE_RATE // 10]
            assert in_db(after_5_ms).min() > -8.0, f"{who} at {start_s} s"


# -- noises -----------------------------------------------------------------------------------------------------------


@needs_model
@pytest.mark.parametrize("noise", ["applause", "door", *OWN])  # people who laugh are voices to the model
def test_what_is_no_voice_opens_nothing(noise: str) -> None:
    rng = np.random.default_rng(5)
    hiss = [rng.normal(0, 10 ** (-62 / 20), int(2.5 * SAMPLE_RATE)).astype(np.float32) for _ in NAMES]
    sounds = disturbed(hiss, noise, 1.0, level_db=-6, bleed_db=-12)
    gains = automixed(sounds, heard(sounds, model())).gains[:, BLOCK:]
    assert float(np.ptp(in_db(gains), 1).max()) < 0.1


@needs_footage
@needs_model
@pytest.mark.parametrize("noise", [*ROOM, *OWN])
def test_noise_takes_little_from_who_speaks(noise: str) -> None:
    sounds, told = spoken(-18, noise, -14)
    quiet, quiet_told = spoken(-18, "breath", -100)
    voice = np.sqrt(np.convolve(quiet[0] ** 2, np.ones(BLOCK) / BLOCK, "same"))[: len(told) * BLOCK]
    lost_db = in_db(automixed(sounds, told).gains[0]) - in_db(automixed(quiet, quiet_told).gains[0])
    during = slice(int(1.69 * SAMPLE_RATE), int(3.5 * SAMPLE_RATE))
    at_words = lost_db[during][voice[during] > 10 ** (-38 / 20)]
    assert np.percentile(at_words, 5) > (-3.0 if noise == "laughter" else -1.2)
    assert at_words.min() > -6.5


# -- hands ------------------------------------------------------------------------------------------------------------


@needs_footage
@needs_model
def test_a_muted_microphone_leaves_its_share_to_the_others() -> None:
    sounds, told = spoken(-12)
    muted = StripOrders(settings=StripSettings(muted=True), automix=True)
    orders = {
        0: DeskOrders(strips={name: StripOrders(automix=True) for name in NAMES}),
        200: DeskOrders(strips={"anna": muted, "ben": StripOrders(automix=True)}),
    }
    gains = automixed(sounds, told, orders=orders).gains
    assert gains[1, 202 * BLOCK :].min() > 0.99


@needs_footage
@needs_model
def test_switched_off_it_lets_go_without_a_click_and_touches_nothing_afterwards() -> None:
    sounds, told = spoken(-12)
    on = DeskOrders(strips={name: StripOrders(automix=True) for name in NAMES})
    gains = automixed(sounds, told, orders={0: on, 200: DeskOrders()}).gains
    assert (gains[:, 201 * BLOCK :] == 1.0).all()
    assert np.abs(np.diff(gains[:, 199 * BLOCK : 202 * BLOCK])).max() < 0.02


def test_without_a_speech_model_levels_lead() -> None:
    rng = np.random.default_rng(3)
    sounds = [rng.normal(0, 0.001, 3 * SAMPLE_RATE).astype(np.float32) for _ in NAMES]
    sounds[1][SAMPLE_RATE : 2 * SAMPLE_RATE] *= 100
    result = automixed(sounds, heard(sounds, None))
    assert in_db(result.gains[1, SAMPLE_RATE + 480 : 2 * SAMPLE_RATE]).min() > -3.1
    assert result.leaders[-1] == "ben"
    assert in_db(result.gains[0, 2 * SAMPLE_RATE - 1]) < -19


# -- any sound --------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 6))
def test_gains_add_up_to_one_whatever_is_heard(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    names = [f"m{n}" for n in range(count)]
    automix, members = Automix(names), set(names[: rng.integers(2, count + 1)])
    for step in range(12):
        audible = rng.random(count) > 0.2
        audible[0] = True
        said = Voices(
            level_db=rng.uniform(-120, 10, (count, HOPS)),
            speaks=rng.random(count) > 0.4,
            coming=rng.random(count) > 0.4,
            sure=rng.random(count) > 0.5,
            loud_db=rng.uniform(-120, 10, count),
            floor_db=rng.uniform(-100, -20, count),
            sound=rng.normal(0, rng.random(), (count, 480)),
        )
        gains = automix.step(said, members, audible)
        assert set(gains) <= members
        if step:
            powers = [
                gains[name][-1, 0] ** 2 if name in gains else 1.0 for name in members if audible[names.index(name)]
            ]
            assert all(np.isfinite(g).all() for g in gains.values())
            assert sum(powers) == pytest.approx(1.0, abs=0.2)


# -- in the desk ------------------------------------------------------------------------------------------------------


@needs_footage
@needs_model
@pytest.mark.parametrize("delay_ms", [0.0, 240.0])
def test_the_desk_mixes_by_what_the_listener_hears_ahead(delay_ms: float) -> None:
    sounds, told = spoken(-12)
    stereo = dict(zip(NAMES, (np.repeat(s[:, None], 2, 1) for s in sounds), strict=True))

    def read(source: str, start: int, count: int) -> Samples:
        found = stereo[source][max(0, start) : max(0, start + count)]
        return np.concatenate((np.zeros((count - len(found), 2), np.float32), found))

    settings = StripSettings(delay_ms=delay_ms)
    desk = Desk([Strip(name, name) for name in NAMES], read, 0, listened=NAMES)
    desk.set(DeskOrders(strips={name: StripOrders(settings=settings, automix=True) for name in NAMES}))
    leaders = []
    for block in range(400):
        for one in told[block + AHEAD : block + AHEAD + 1]:
            desk.rider.hear(one)
        assert np.isfinite(desk.step()[PROGRAM]).all()
        leaders.append(desk.rider.leader)
    late = round(delay_ms / 1000 * SAMPLE_RATE)
    for row, name in enumerate(NAMES):
        for start, end in solo(row):
            span = leaders[(start + late) // BLOCK : (end + late) // BLOCK]
            assert span.count(name) >= 0.8 * len(span)
