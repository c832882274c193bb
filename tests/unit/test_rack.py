"""The channel strips' processing against what their settings say, in figures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from live.audio.dynamics import HOP
from live.audio.rack import Rack, Reduction, Samples
from live.base.samples import SAMPLE_RATE
from live.config.strips import Processing, settings_of

Array = npt.NDArray[np.float64]

BLOCK = SAMPLE_RATE // 50
ALL: dict[str, Any] = {
    "polarity": True,
    "highpass": {"hz": 100.0},
    "gate": {"threshold_db": -40.0},
    "eq": {
        "low": {"shape": "low_shelf", "hz": 120.0, "gain_db": -3.0},
        "high_mid": {"hz": 3000.0, "gain_db": 4.0},
    },
    "compressor": {"threshold_db": -24.0, "ratio": 4.0, "makeup_db": 6.0},
    "deesser": {"threshold_db": -40.0},
    "limiter": {"ceiling_db": -6.0},
}


def processing(**sections: Any) -> Processing:
    return Processing.model_validate(sections)


def rack(**sections: Any) -> Rack:
    made = Rack(["a"])
    made.set({"a": processing(**sections)})
    return made


def both(x: Array) -> Samples:
    """As a mono microphone comes."""
    return np.stack((x, x), 1).astype(np.float32)


def sine(hz: float, level_db: float, seconds: float = 0.5) -> Array:
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return 10 ** (level_db / 20) * np.sin(2 * np.pi * hz * time)


def run(through: Rack, sound: Samples, sizes: Iterable[int] = (BLOCK,)) -> Samples:
    """Through the rack in blocks of these sizes, over and over."""
    out, start, sizes = [], 0, list(sizes)
    while start < len(sound):
        block = sound[start : start + sizes[len(out) % len(sizes)]]
        out.append(through.process({"a": block})["a"])
        start += len(block)
    return np.concatenate(out)


def level_db(x: Array) -> float:
    """Of a steady sine: what its peak would be."""
    return float(20 * np.log10(np.sqrt(2 * np.mean(np.square(x, dtype=np.float64)))))


def voice(seconds: float = 2.0, seed: int = 1) -> Array:
    """Something like syllables, with hiss."""
    rng = np.random.default_rng(seed)
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    syllables = np.clip(np.sin(2 * np.pi * 3 * time), 0, 1) * rng.uniform(0.1, 1)
    tone = sum(np.sin(2 * np.pi * 140 * n * time) / n for n in range(1, 12))
    return syllables * (0.3 * tone + 0.1 * rng.standard_normal(len(time))) + 1e-3 * rng.standard_normal(len(time))


# -- in and out -------------------------------------------------------------------------------------------------------


def test_a_strip_with_everything_off_gives_the_very_same_array_back() -> None:
    block = both(voice(0.1))
    assert rack().process({"a": block})["a"] is block


def test_a_strip_that_was_switched_off_is_out_of_the_way_again() -> None:
    through = rack(**ALL)
    run(through, both(voice(0.5)))
    through.set({"a": Processing()})
    run(through, both(voice(0.1)))
    block = both(voice(0.02))
    assert through.process({"a": block})["a"] is block


def test_an_unknown_strip_is_refused() -> None:
    with pytest.raises(KeyError):
        rack().set({"nobody": Processing()})


@pytest.mark.parametrize("sizes", [[800], [1601, 1602, 1602, 1601, 1602], [7, 1, 960, 16, 31], [96_000]])
def test_how_long_blocks_are_changes_nothing(sizes: list[int]) -> None:
    sound = both(voice())
    assert np.abs(run(rack(**ALL), sound, sizes) - run(rack(**ALL), sound)).max() < 1e-6


def test_nor_does_it_while_settings_change() -> None:
    sound = both(voice(1.0))

    def changed(sizes: list[int]) -> Samples:
        through = rack(**ALL)
        parts = [run(through, sound[:24_000], sizes)]
        through.set({"a": processing(eq={"low": {"gain_db": 6.0}}, compressor={"threshold_db": -40.0})})
        parts.append(run(through, sound[24_000:24_300], sizes))
        through.set({"a": processing(highpass={"hz": 300.0}, limiter={"ceiling_db": -20.0})})
        return np.concatenate([*parts, run(through, sound[24_300:], sizes)])

    assert np.abs(changed([960]) - changed([7, 1601, 50])).max() < 1e-6


def test_strips_do_not_mix_and_their_company_changes_nothing() -> None:
    names = [f"m{n}" for n in range(5)]
    sounds = {name: both(voice(0.5, seed)) for seed, name in enumerate(names)}
    sounds["m3"] = sounds["m3"] * np.float32([1.0, 0.5])
    asked = {"m0": processing(**ALL), "m1": processing(eq=ALL["eq"]), "m3": processing(**ALL), "m4": Processing()}
    together = Rack(names)
    together.set(asked)
    out = together.process(sounds)
    for name in asked:
        alone = Rack([name])
        alone.set({name: asked[name]})
        assert np.array_equal(out[name], alone.process({name: sounds[name]})[name])
    assert out["m2"] is sounds["m2"] and out["m4"] is sounds["m4"]


def test_polarity_turns_over() -> None:
    block = both(voice(0.1))
    assert np.array_equal(run(rack(polarity=True), block), -block)


def test_a_mono_microphone_stays_mono_and_becomes_stereo_without_a_seam() -> None:
    left = voice(3.0)
    right = left.copy()
    right[48_000:60_000] = voice(0.25, seed=5)
    out = run(rack(**ALL), np.stack((left, right), 1).astype(np.float32))
    assert np.array_equal(out[:48_000, 0], out[:48_000, 1])
    assert np.abs(out[120_000:, 0] - out[120_000:, 1]).max() < 1e-6


def test_dynamics_are_linked() -> None:
    sound = both(voice()) * np.float32([1.0, 0.25])
    out = run(rack(**{k: ALL[k] for k in ("gate", "compressor", "deesser")}), sound)
    loud = np.abs(sound[:, 0]) > 1e-3
    assert np.allclose(out[loud, 1] / out[loud, 0], 0.25, atol=1e-4)


def test_what_is_no_number_resets_the_strip_and_only_it() -> None:
    said: list[str] = []
    through = Rack(["a", "b"], said.append)
    through.set({"a": processing(**ALL), "b": processing(**ALL)})
    good, bad = both(voice(0.02)), both(voice(0.02))
    bad[100] = np.nan
    out = through.process({"a": bad, "b": good})
    assert np.isfinite(out["a"]).all() and np.abs(out["b"]).max() > 0 and through.resets == 1
    assert np.abs(through.process({"a": good, "b": good})["a"]).max() > 0 and through.resets == 1
    through.process({"a": bad, "b": good})
    assert through.resets == 2 and len(said) == 1 and "strip a" in said[0]


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_whatever_is_set_what_comes_out_is_finite_and_the_same_in_any_blocks(data: st.DataObject) -> None:
    """Every setting to its limits, loud and broken sound, changed on the way."""
    asked = [Processing.model_validate(data.draw(tables())) for _ in range(2)]
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    sound = (rng.standard_normal((6000, 2)) * rng.choice([0.0, 1e-4, 1.0, 16.0], (6000, 1))).astype(np.float32)
    sizes = data.draw(st.lists(st.integers(1, 2000), min_size=1, max_size=5))

    def out(sizes: list[int]) -> Samples:
        through = Rack(["a"])
        through.set({"a": asked[0]})
        first = run(through, sound[:3000], sizes)
        through.set({"a": asked[1]})
        return np.concatenate((first, run(through, sound[3000:], sizes)))

    got = out(sizes)
    assert np.isfinite(got).all()
    assert np.allclose(got, out([6000]), rtol=1e-4, atol=1e-4)


def tables() -> st.SearchStrategy[dict[str, Any]]:
    """Tables of a strip, each number at one of its limits or somewhere between."""

    def number(low: float, high: float) -> st.SearchStrategy[float]:
        return st.sampled_from([low, high]) | st.floats(low, high)

    def of(model: type[BaseModel]) -> st.SearchStrategy[dict[str, Any]]:
        fields: dict[str, st.SearchStrategy[Any]] = {}
        for setting in settings_of(model):
            if len(setting.path) > 1:
                section = model.model_fields[setting.path[0]].annotation
                assert isinstance(section, type)
                fields[setting.path[0]] = of(section)
            elif setting.choices:
                fields[setting.path[0]] = st.sampled_from(setting.choices)
            elif setting.low is None or setting.high is None:
                fields[setting.path[0]] = st.booleans()
            else:
                fields[setting.path[0]] = number(setting.low, setting.high)
        return st.fixed_dictionaries(fields)

    return of(Processing)


# -- filters ----------------------------------------------------------------------------------------------------------


def cookbook(shape: str, hz: float, gain_db: float, q: float, at: Array) -> Array:
    """The analogue prototype's response in dB, at the frequency that the bilinear transform leads to."""
    s = 1j * np.tan(np.pi * at / SAMPLE_RATE) / np.tan(np.pi * hz / SAMPLE_RATE)
    a = 10 ** (gain_db / 40)
    root = np.sqrt(a) / q
    h = {
        "highpass": lambda: s**2 / (s**2 + s / q + 1),
        "bell": lambda: (s**2 + s * a / q + 1) / (s**2 + s / (a * q) + 1),
        "low_shelf": lambda: a * (s**2 + root * s + a) / (a * s**2 + root * s + 1),
        "high_shelf": lambda: a * (a * s**2 + root * s + 1) / (s**2 + root * s + a),
    }[shape]()
    return 20 * np.log10(np.abs(h))


FILTERS = [
    ("highpass", 20.0, 0.0, 0.5**0.5),
    ("highpass", 80.0, 0.0, 0.5**0.5),
    ("highpass", 600.0, 0.0, 0.5**0.5),
    ("bell", 60.0, 18.0, 0.1),
    ("bell", 1000.0, -18.0, 10.0),
    ("bell", 2500.0, 3.0, 0.7),
    ("bell", 16_000.0, -9.0, 1.4),
    ("low_shelf", 100.0, -12.0, 0.7),
    ("low_shelf", 500.0, 9.0, 2.0),
    ("high_shelf", 8000.0, 12.0, 0.7),
    ("high_shelf", 3000.0, -6.0, 0.4),
]


def filtering(shape: str, hz: float, gain_db: float, q: float) -> Rack:
    if shape == "highpass":
        return rack(highpass={"hz": hz})
    return rack(eq={"high_mid": {"shape": shape, "hz": hz, "gain_db": gain_db, "q": q}})


@pytest.mark.parametrize("asked", FILTERS, ids=str)
def test_an_impulse_has_the_response_of_the_settings(asked: tuple[str, float, float, float]) -> None:
    impulse = np.zeros(2 * SAMPLE_RATE)
    impulse[0] = 1
    spectrum = np.abs(np.fft.rfft(run(filtering(*asked), both(impulse), [SAMPLE_RATE])[:, 0].astype(np.float64)))
    at = np.fft.rfftfreq(len(impulse), 1 / SAMPLE_RATE)
    heard = (at >= 20) & (at <= 20_000)
    wanted = cookbook(*asked, at[heard])
    audible = wanted > -60
    assert np.abs(20 * np.log10(spectrum[heard]) - wanted)[audible].max() < 0.2


@pytest.mark.parametrize("asked", FILTERS, ids=str)
def test_sines_come_out_as_loud_as_the_settings_say(asked: tuple[str, float, float, float]) -> None:
    for hz in (50.0, 100.0, 400.0, 1000.0, 5000.0, 15_000.0):
        out = run(filtering(*asked), both(sine(hz, -20.0, 1.0)), [SAMPLE_RATE])[SAMPLE_RATE // 2 :, 0]
        wanted = -20 + cookbook(*asked, np.array([hz]))[0]
        assert wanted < -80 or abs(level_db(out) - wanted) < 0.2


def test_bands_add_up() -> None:
    bands = {
        "low": ("low_shelf", 100.0, 4.0, 0.7),
        "low_mid": ("bell", 300.0, -5.0, 1.0),
        "high_mid": ("bell", 3000.0, 6.0, 2.0),
        "high": ("high_shelf", 9000.0, -3.0, 0.7),
    }
    through = rack(
        highpass={"hz": 90.0},
        eq={name: dict(zip(("shape", "hz", "gain_db", "q"), band, strict=True)) for name, band in bands.items()},
    )
    impulse = np.zeros(SAMPLE_RATE)
    impulse[0] = 1
    at = np.fft.rfftfreq(SAMPLE_RATE, 1 / SAMPLE_RATE)[20:20_000]
    got = 20 * np.log10(np.abs(np.fft.rfft(run(through, both(impulse))[:, 0])))[20:20_000]
    wanted = cookbook("highpass", 90.0, 0.0, 0.5**0.5, at) + sum(cookbook(*band, at) for band in bands.values())
    assert np.abs(got - wanted).max() < 0.2


# -- static curves ----------------------------------------------------------------------------------------------------

LEVELS = [-70.0, -60.0, -52.0, -45.0, -40.0, -33.0, -27.0, -23.0, -20.0, -17.0, -12.0, -6.0, -1.0]


def compressed(level: float, threshold: float, ratio: float, knee: float, makeup: float) -> float:
    over = level - threshold
    bent = (over + knee / 2) ** 2 / (2 * knee) if abs(over) < knee / 2 else max(over, 0)
    return level - (1 - 1 / ratio) * bent + makeup


def curve(hz: float = 1000.0, **sections: Any) -> dict[float, float]:
    """Level in -> level out, when it has settled: a strip for each."""
    through = Rack([str(level) for level in LEVELS])
    through.set(dict.fromkeys(through.names, processing(**sections)))
    sounds = {str(level): both(sine(hz, level, 1.5)) for level in LEVELS}
    out = [
        through.process({name: sound[start : start + BLOCK] for name, sound in sounds.items()})
        for start in range(0, SAMPLE_RATE * 3 // 2, BLOCK)
    ]
    return {
        level: level_db(np.concatenate([blocks[str(level)] for blocks in out])[SAMPLE_RATE:, 0]) for level in LEVELS
    }


@pytest.mark.parametrize("hz", [60.0, 1000.0, 9000.0])
@pytest.mark.parametrize("asked", [(-20.0, 3.0, 6.0, 0.0), (-30.0, 20.0, 0.0, 6.0), (-12.0, 2.0, 24.0, 3.0)])
def test_the_compressor_keeps_to_its_curve(asked: tuple[float, float, float, float], hz: float) -> None:
    threshold, ratio, knee, makeup = asked
    given = {"threshold_db": threshold, "ratio": ratio, "knee_db": knee, "makeup_db": makeup}
    for level, out in curve(hz, compressor=given).items():
        assert abs(out - compressed(level, *asked)) < 0.5


@pytest.mark.parametrize("asked", [(-45.0, 20.0, 4.0), (-30.0, 60.0, 20.0), (-40.0, 10.0, 2.0)])
def test_the_gate_keeps_to_its_curve(asked: tuple[float, float, float]) -> None:
    threshold, most, ratio = asked
    given = {"threshold_db": threshold, "range_db": most, "ratio": ratio, "hold_ms": 10.0}
    for level, out in curve(gate=given).items():
        closed = min(max(threshold - level, 0) * (ratio - 1), most)
        assert abs(out - (level - closed)) < 0.5


@pytest.mark.parametrize("hz", [60.0, 997.0, 9000.0])
@pytest.mark.parametrize("ceiling", [-20.0, -6.0])
def test_the_limiter_keeps_to_its_curve(ceiling: float, hz: float) -> None:
    for level, out in curve(hz, limiter={"ceiling_db": ceiling}).items():
        assert abs(out - min(level, ceiling)) < 0.5


def test_nothing_is_above_the_ceiling_not_even_an_onset() -> None:
    rng = np.random.default_rng(3)
    loud = rng.standard_normal(SAMPLE_RATE) * (np.arange(SAMPLE_RATE) // 4800 % 2) * 3
    loud[0] = loud[777] = 16.0
    out = run(rack(limiter={"ceiling_db": -10.0, "release_ms": 20.0}), both(loud))
    assert np.abs(out).max() <= 10 ** (-10 / 20) * (1 + 1e-6)


def test_the_deesser_turns_only_what_is_above_down_and_by_no_more_than_its_range() -> None:
    given = {"hz": 5000.0, "threshold_db": -40.0, "range_db": 9.0}
    mixed = sine(300.0, -12.0, 1.0) + sine(14_000.0, -20.0, 1.0)
    out = run(rack(deesser=given), both(mixed))[SAMPLE_RATE // 2 :, 0]
    spectrum = 20 * np.log10(np.abs(np.fft.rfft(out)) * 2 / len(out) + 1e-12)
    assert abs(spectrum[150] - -12) < 0.1
    assert abs(spectrum[7000] - -29) < 0.2
    quiet = run(rack(deesser=given), both(sine(300.0, -6.0, 1.0) + sine(14_000.0, -50.0, 1.0)))[SAMPLE_RATE // 2 :, 0]
    spectrum = 20 * np.log10(np.abs(np.fft.rfft(quiet)) * 2 / len(quiet) + 1e-12)
    assert abs(spectrum[150] - -6) < 0.01 and abs(spectrum[7000] - -50) < 0.01


@pytest.mark.parametrize("hz", [500.0, 2500.0, 3500.0, 5000.0, 7000.0, 10_000.0])
def test_the_deesser_at_work_is_a_crossover_with_its_upper_half_turned_down(hz: float) -> None:
    out = run(rack(deesser={"hz": 5000.0, "threshold_db": -80.0, "range_db": 12.0}), both(sine(hz, -6.0, 1.0)))
    w = (np.tan(np.pi * hz / SAMPLE_RATE) / np.tan(np.pi * 5000 / SAMPLE_RATE)) ** 4
    wanted = 20 * np.log10((1 + 10 ** (-12 / 20) * w) / (1 + w))
    assert abs(level_db(out[SAMPLE_RATE // 2 :, 0]) - (-6 + wanted)) < 0.2


# -- times ------------------------------------------------------------------------------------------------------------


def gains(through: Rack, levels: list[tuple[float, float]], hz: float = 3000.0) -> Array:
    """What is done to a sine that goes through these (level, seconds), in dB a sample. It is a complex one, so to say:
    its two sides are a quarter apart, so that there is always a level.
    """
    parts = [np.full(int(seconds * SAMPLE_RATE), 10 ** (level / 20)) for level, seconds in levels]
    amplitude = np.concatenate(parts)
    turn = 2 * np.pi * hz * np.arange(len(amplitude)) / SAMPLE_RATE
    sides = np.stack((amplitude * np.cos(turn), amplitude * np.sin(turn)), 1).astype(np.float32)
    out = run(through, sides, [4800])
    return 20 * np.log10(np.hypot(*out.T.astype(np.float64)) / np.hypot(*sides.T.astype(np.float64)))


def time_ms(gain: Array, step: int) -> float:
    """From a step on until 63 % of the change in dB has been made."""
    start, end = gain[step - 1], gain[-1]
    part = (gain[step:] - start) / (end - start)
    return float(np.argmax(part >= 1 - np.exp(-1)) + 1) / SAMPLE_RATE * 1000


STEPS = [24_000 + n for n in range(1, HOP, 4)]  # where in a hop it falls moves it by a hop: 0.33 ms


@pytest.mark.parametrize("attack", [0.5, 1.0, 3.0, 10.0, 50.0])
def test_the_compressors_attack(attack: float) -> None:
    took = []
    for step in STEPS:
        through = rack(compressor={"threshold_db": -30.0, "ratio": 4.0, "attack_ms": attack})
        gain = gains(through, [(-40.0, step / SAMPLE_RATE), (-10.0, 0.6)])
        took.append(time_ms(gain, step))
    assert np.mean(took) == pytest.approx(attack, rel=0.1) and np.ptp(took) < 0.35


@pytest.mark.parametrize("release", [30.0, 150.0, 800.0])
def test_the_compressors_release(release: float) -> None:
    for step in STEPS:
        through = rack(compressor={"threshold_db": -30.0, "ratio": 4.0, "release_ms": release})
        gain = gains(through, [(-10.0, step / SAMPLE_RATE), (-40.0, 8 * release / 1000)])
        assert time_ms(gain, step) == pytest.approx(release, rel=0.1)


@pytest.mark.parametrize("release", [30.0, 100.0, 500.0])
def test_the_limiters_release(release: float) -> None:
    through = rack(limiter={"ceiling_db": -20.0, "release_ms": release})
    gain = gains(through, [(-4.0, 0.5), (-30.0, 8 * release / 1000)])
    assert time_ms(gain, 24_000) == pytest.approx(release, rel=0.1)


@pytest.mark.parametrize("attack", [0.5, 1.0, 5.0, 20.0])
def test_the_gates_attack(attack: float) -> None:
    took = []
    for step in STEPS:
        gain = gains(rack(gate={"attack_ms": attack}), [(-60.0, step / SAMPLE_RATE), (-20.0, 0.5)])
        took.append(time_ms(gain, step))
    assert np.mean(took) == pytest.approx(attack, rel=0.1) and np.ptp(took) < 0.35


@pytest.mark.parametrize(("hold", "release"), [(20.0, 30.0), (150.0, 200.0), (500.0, 60.0)])
def test_the_gates_hold_and_release(hold: float, release: float) -> None:
    gain = gains(rack(gate={"hold_ms": hold, "release_ms": release}), [(-20.0, 0.5), (-70.0, hold / 1000 + 2)])
    step = 24_000
    closes = int(np.argmax(gain[step:] < -0.2)) / SAMPLE_RATE * 1000
    assert closes == pytest.approx(hold, rel=0.1, abs=2)
    assert time_ms(gain, step) == pytest.approx(hold + release, rel=0.1)


def test_a_gate_stays_open_between_words() -> None:
    words = [(-20.0, 0.2), (-60.0, 0.14)] * 4
    assert gains(rack(gate={"hold_ms": 150.0}), words)[9600:].min() > -0.1


# -- no clicks --------------------------------------------------------------------------------------------------------

CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "polarity": ({}, {"polarity": True}),
    "highpass on": ({}, {"highpass": {"hz": 200.0}}),
    "highpass moved": ({"highpass": {"hz": 40.0}}, {"highpass": {"hz": 600.0}}),
    "eq on": ({}, {"eq": {"low": {"shape": "low_shelf", "gain_db": 18.0}, "high": {"gain_db": -18.0}}}),
    "eq moved": ({"eq": {"low": {"gain_db": -18.0}}}, {"eq": {"low": {"gain_db": 18.0}}}),
    "gate on": ({}, {"gate": {"threshold_db": 0.0, "range_db": 60.0, "release_ms": 20.0}}),
    "compressor on": ({}, {"compressor": {"threshold_db": -60.0, "ratio": 20.0, "attack_ms": 1.0}}),
    "makeup moved": ({"compressor": {"threshold_db": 0.0}}, {"compressor": {"threshold_db": 0.0, "makeup_db": 24.0}}),
    "threshold moved": (
        {"compressor": {"threshold_db": 0.0, "attack_ms": 1.0}},
        {"compressor": {"threshold_db": -70.0, "attack_ms": 1.0}},
    ),
    "deesser on": ({}, {"deesser": {"threshold_db": -80.0, "range_db": 24.0}}),
    "limiter on": ({}, {"limiter": {"ceiling_db": -30.0}}),
    "all": ({}, ALL),
}


def splash_db(out: Array) -> float:
    """The greatest energy above 6 kHz of any 5 ms, of full scale: a click has a broad spectrum, a ramp over 20 ms has
    none there.
    """
    spectrum = np.abs(np.fft.rfft(np.lib.stride_tricks.sliding_window_view(out, 256)[::64] * np.hanning(256), axis=1))
    return float(20 * np.log10(np.sqrt((spectrum[:, 32:] ** 2).sum(1)).max() / 64 + 1e-12))


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("back", [False, True])
def test_no_change_clicks(change: str, back: bool) -> None:
    before, after = (processing(**s) for s in CHANGES[change])
    if back:
        before, after = after, before
    through = Rack(["a"])
    through.set({"a": before})
    sound = both(sine(220.0, -12.0, 1.0))
    settled = run(through, sound[:24_137])
    through.set({"a": after})
    out = np.concatenate((settled, run(through, sound[24_137:])))[:, 0].astype(np.float64)
    assert splash_db(out[20_000:]) < -75


def test_what_a_click_is_would_be_seen() -> None:
    out = sine(220.0, -12.0, 1.0)
    out[24_137:] *= 0.5
    assert splash_db(out[20_000:]) > -60


def test_a_hand_that_turns_a_knob_does_not_click_either() -> None:
    through = rack()
    sound = both(sine(220.0, -12.0, 2.0))
    out = []
    for n, start in enumerate(range(0, len(sound), BLOCK)):
        through.set({"a": processing(eq={"low_mid": {"hz": 300.0, "gain_db": float(n % 36) - 18}})})
        out.append(through.process({"a": sound[start : start + BLOCK]})["a"])
    assert splash_db(np.concatenate(out)[:, 0].astype(np.float64)) < -70


def test_the_meters_show_what_each_section_takes_away() -> None:
    through = rack(compressor={"threshold_db": -30.0, "ratio": 20.0, "knee_db": 0.0}, limiter={"ceiling_db": -6.0})
    run(through, both(sine(1000.0, -10.0)))
    shown = through.reduction["a"]
    assert shown.compressor == pytest.approx(19.0, abs=0.2) and shown.gate == shown.deesser == shown.limiter == 0
    through.set({"a": Processing()})
    run(through, both(sine(1000.0, -10.0, 0.1)))
    assert through.reduction["a"] == Reduction()
