"""What plays goes down while somebody speaks."""

from __future__ import annotations

import numpy as np
import pytest

from live.audio.desk import Desk, Strip
from live.audio.ducking import ATTACK_S, HOLD_S, RELEASE_S, Ducker
from live.audio.mixer import BLOCK, Samples
from live.base.samples import SAMPLE_RATE
from live.config.desk import PROGRAM, DeskOrders, StripOrders
from live.config.strips import StripSettings
from tests.support.bleed import AHEAD, heard, model, needs_model, recording
from tests.support.footage import needs_footage

BLOCK_S = BLOCK / SAMPLE_RATE
FROM_S = 5  # of the conversation


def ducked(speech: str, depth_db: float = 12.0) -> np.ndarray:
    """Gain in dB at the end of each block; speech: a letter a block, "x" while somebody speaks."""
    ducker, out = Ducker(), []
    for letter in speech:
        gains = ducker.step({"music": depth_db}, speaks=letter == "x")
        out.append(20 * np.log10(gains["music"][-1, 0]) if gains else 0.0)
    return np.array(out)


def test_it_goes_down_holds_and_comes_back() -> None:
    silent = "." * 100
    gain_db = ducked("x" * 50 + silent)
    assert gain_db[round(ATTACK_S / BLOCK_S) + 1] == pytest.approx(-12, abs=0.1)
    still = 50 + round(HOLD_S / BLOCK_S) - 2
    assert gain_db[still] == pytest.approx(-12, abs=0.1)
    assert gain_db[still + round(RELEASE_S / BLOCK_S) // 2] == pytest.approx(-6, abs=0.8)
    assert gain_db[-1] == 0.0


def test_gaps_between_words_are_held_over() -> None:
    gain_db = ducked("x" * 20 + ("." * 20 + "x" * 5) * 4)
    assert gain_db[10:].max() == pytest.approx(-12, abs=0.1)


def test_nothing_is_touched_while_nobody_speaks() -> None:
    assert Ducker().step({"music": 12.0}, speaks=False) == {}
    assert Ducker().step({}, speaks=True) == {}


def test_a_hand_on_the_depth_is_followed_without_a_jump() -> None:
    ducker = Ducker()
    curves = []
    for block in range(60):
        depth_db = 6.0 if block < 20 else 24.0 if block < 40 else 0.0
        gains = ducker.step({"music": depth_db}, speaks=True)
        curves.append(gains.get("music", np.ones((BLOCK, 1), np.float32)))
    gain = np.concatenate(curves)[:, 0]
    assert np.abs(np.diff(gain)).max() < 1e-3
    assert 20 * np.log10(gain[39 * BLOCK]) == pytest.approx(-24, abs=0.1)
    assert gain[-1] > 0.999


# -- in the desk ------------------------------------------------------------------------------------------------------

TONE = (0.1 * np.sin(2 * np.pi * 440 * np.arange(10 * SAMPLE_RATE) / SAMPLE_RATE)).astype(np.float32)


def program(depth_db: float, *, muted: bool = False, group: str = "") -> np.ndarray:
    """What is heard of a tone beside a voice: the tone is on the right side, the voice on the left."""
    anna = recording()[FROM_S * SAMPLE_RATE : 13 * SAMPLE_RATE]  # quiet to begin with
    told = heard([anna], model())
    sounds = {"anna": anna, "music": TONE}

    def read(source: str, start: int, count: int) -> Samples:
        found = sounds[source][max(0, start) : max(0, start + count)]
        found = np.concatenate((np.zeros(count - len(found), np.float32), found))
        return np.repeat(found[:, None], 2, 1)

    desk = Desk([Strip("anna", "anna"), Strip("music", "music")], read, 0, groups=["band"], listened=["anna"])
    voice = StripOrders(settings=StripSettings(muted=muted, pan=-1.0))
    music = StripOrders(settings=StripSettings(pan=1.0), group=group, duck_db=0.0 if group else depth_db)
    desk.set(DeskOrders(strips={"anna": voice, "music": music}, groups={"band": StripOrders(duck_db=depth_db)}))
    out = []
    for block in range(len(told)):
        for one in told[block + AHEAD : block + AHEAD + 1]:
            desk.rider.hear(one)
        out.append(desk.step()[PROGRAM][:, 1])
    return np.concatenate(out)


def levels_db(sound: np.ndarray) -> np.ndarray:
    blocks = sound[: len(sound) // BLOCK * BLOCK].reshape(-1, BLOCK)
    return 20 * np.log10(np.sqrt(np.mean(blocks**2, 1)) + 1e-9) - 20 * np.log10(0.1 / np.sqrt(2))


@needs_footage
@needs_model
@pytest.mark.parametrize("group", ["", "band"])
def test_music_is_down_before_the_first_word_and_back_after_the_last(group: str) -> None:
    heard_db = levels_db(program(12.0, group=group))
    onset = int((6.77 - FROM_S) / BLOCK_S)  # of the first word
    assert heard_db[20 : onset - 8].min() > -0.1
    assert heard_db[onset] < -1.5  # on the way: the listener knew of the word before it was mixed
    assert heard_db[onset + 10] == pytest.approx(-12, abs=0.3)


@needs_footage
@needs_model
def test_a_muted_voice_ducks_nothing() -> None:
    assert levels_db(program(12.0, muted=True))[20:].min() > -0.1


@needs_footage
@needs_model
def test_without_it_nothing_is_touched() -> None:
    assert levels_db(program(0.0))[20:].min() > -0.1
