"""Where the strips of the desk go: faders, groups, auxiliaries, mix-minus, solo. For any orders, and any change of
them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live.audio.desk import Desk, Strip
from live.audio.mixer import BLOCK, RAMP, Mixer, factor, panned
from live.base.samples import SAMPLE_RATE
from live.config.desk import LISTEN, MINUS, PROGRAM, DeskOrders, MasterOrders, StripOrders
from live.config.strips import Send, StripSettings
from live.sound.limiter import LOOKAHEAD

NAMES = ("anna", "ben", "cleo", "music")
GROUPS = ("voices", "band")
BUSES = (PROGRAM, "aux1", "aux2", *(f"{MINUS}{name}" for name in NAMES))
QUIET = 0.002  # of a tone: so that no limiter has anything to do


def tones(block: int, amplitude: float = QUIET) -> dict[str, np.ndarray]:
    """A low tone in each strip: between two samples nothing of it moves far."""
    at = np.arange(block * BLOCK, (block + 1) * BLOCK) / SAMPLE_RATE
    sides = {
        n: (np.sin(2 * np.pi * 60 * (i + 1) * at), np.cos(2 * np.pi * 50 * (i + 1) * at)) for i, n in enumerate(NAMES)
    }
    return {n: (amplitude * np.stack(both, 1)).astype(np.float32) for n, both in sides.items()}


sends = st.builds(Send, on=st.booleans(), gain_db=st.floats(-40, 6), before=st.booleans())
strips = st.builds(
    StripOrders,
    settings=st.builds(
        StripSettings, gain_db=st.floats(-60, 6), muted=st.booleans(), pan=st.floats(-1, 1), aux1=sends, aux2=sends
    ),
    group=st.sampled_from(("", *GROUPS)),
    trim_db=st.floats(-6, 6),
    open=st.floats(0, 1),
    ramp_s=st.floats(0, 0.1),
)
orders = st.builds(
    DeskOrders,
    strips=st.fixed_dictionaries(dict.fromkeys(NAMES, strips)),
    groups=st.fixed_dictionaries(dict.fromkeys(GROUPS, strips)),
    master=st.builds(MasterOrders, gain_db=st.floats(-60, 6), muted=st.booleans()),
    solo=st.frozensets(st.sampled_from((*NAMES, *GROUPS)), max_size=2),
)


def settled(given: DeskOrders, mono: frozenset[str] = frozenset()) -> dict[str, np.ndarray]:
    """Every bus when everything has got where it goes."""
    mixer = Mixer()
    mixer.set(replace(given, buses=frozenset(BUSES)))
    for _ in range(8):
        mixed = mixer.mix(tones(0), mono=mono)
    return {bus: np.roll(samples, -LOOKAHEAD, 0) for bus, samples in mixed.items()}


def strip_factor(of: StripOrders, *, mono: bool) -> np.ndarray:
    level = factor(of.settings.gain_db + of.trim_db, of.settings.muted) * of.open
    return level * np.array(panned(of.settings.pan, mono=mono))


def expected(given: DeskOrders, mono: frozenset[str], without: str = "") -> np.ndarray:
    """The program before its master, by the sum that it is."""
    total = np.zeros((BLOCK, 2))
    for name, block in tones(0).items():
        of = given.strips[name]
        heard = not given.solo or name in given.solo or of.group in given.solo
        if name == without or not heard:
            continue
        part = block * strip_factor(of, mono=name in mono)
        total += part * strip_factor(given.groups[of.group], mono=False) if of.group else part
    return total


@settings(max_examples=60, deadline=None)
@given(orders, st.frozensets(st.sampled_from(NAMES)))
def test_the_program_is_the_sum_of_the_strips_through_their_faders(given: DeskOrders, mono: frozenset[str]) -> None:
    mixed = settled(given, mono)
    master = factor(given.master.gain_db, given.master.muted)
    np.testing.assert_allclose(mixed[PROGRAM], expected(given, mono) * master, atol=1e-7)
    for name in NAMES:
        np.testing.assert_allclose(mixed[MINUS + name], expected(given, mono, without=name), atol=1e-7)


@settings(max_examples=40, deadline=None)
@given(orders)
def test_an_auxiliary_is_what_is_sent_to_it(given: DeskOrders) -> None:
    mixed = settled(given)
    for bus in ("aux1", "aux2"):
        total = np.zeros((BLOCK, 2))
        groups = {name: np.zeros((BLOCK, 2)) for name in GROUPS}
        for name, block in tones(0).items():
            of = given.strips[name]
            after = block * strip_factor(of, mono=False)
            total += sent(getattr(of.settings, bus), block, after)
            if of.group and (not given.solo or name in given.solo or of.group in given.solo):
                groups[of.group] += after
        for name, block in groups.items():
            of = given.groups[name]
            total += sent(getattr(of.settings, bus), block, block * strip_factor(of, mono=False))
        np.testing.assert_allclose(mixed[bus], total, atol=1e-7)


def sent(send: Send, before: np.ndarray, after: np.ndarray) -> np.ndarray:
    return (before if send.before else after) * (factor(send.gain_db) if send.on else 0.0)


MOVING = 7  # factors that a sound goes through, each of which may move: strip, open, route, send, group, open, master


def most(given: DeskOrders, name: str) -> float:
    """The largest factor that a strip may have on its way to any bus."""
    of = given.strips[name]
    ways = [1.0, strip_factor(replace(of, open=1.0), mono=False).max()]
    ways += [w * strip_factor(replace(g, open=1.0), mono=False).max() for w in ways for g in given.groups.values()]
    return max(ways) * max(1.0, factor(given.master.gain_db), *(factor(s.gain_db) for s in all_sends(given)))


def all_sends(given: DeskOrders) -> list[Send]:
    return [s for of in (*given.strips.values(), *given.groups.values()) for s in (of.settings.aux1, of.settings.aux2)]


@settings(max_examples=60, deadline=None)
@given(st.lists(orders, min_size=2, max_size=5), st.integers(1, 7))
def test_no_change_of_any_kind_clicks(changes: list[DeskOrders], every: int) -> None:
    """Of sounds that stand still, all that moves is what the desk does: within RAMP at the quickest (`open` here as
    quick), so from one sample to the next no bus moves further than that explains."""
    still = dict.fromkeys(NAMES, np.full((BLOCK, 2), QUIET, np.float32))
    mixer, heard = Mixer(), {bus: [] for bus in BUSES}
    changes = [
        replace(
            change,
            buses=frozenset(BUSES),
            strips={n: replace(s, ramp_s=0.02) for n, s in change.strips.items()},
            groups={n: replace(s, ramp_s=0.02) for n, s in change.groups.items()},
        )
        for change in changes
    ]
    for block in range(every * len(changes)):
        if block % every == 0:
            mixer.set(changes[block // every])
        for bus, samples in mixer.mix(still).items():
            heard[bus].append(samples)
    swing = sum(QUIET * max(most(change, name) for change in changes) for name in NAMES)
    for bus, blocks in heard.items():
        jump = np.abs(np.diff(np.concatenate(blocks)[BLOCK:], axis=0)).max()  # it begins with what nobody heard
        assert jump <= MOVING * swing / RAMP + 1e-7, f"{bus} jumps by {jump}"


def test_a_mono_sound_keeps_its_power_and_is_as_loud_as_it_came_in_the_middle() -> None:
    for pan in np.linspace(-1, 1, 21):
        left, right = panned(pan, mono=True)
        assert left**2 + right**2 == pytest.approx(2.0)
    assert panned(0.0, mono=True) == panned(0.0, mono=False) == (1.0, 1.0)
    assert panned(-1.0, mono=True) == pytest.approx((2**0.5, 0.0)) and panned(1.0, mono=True)[0] == pytest.approx(0.0)
    assert panned(1.0, mono=False) == pytest.approx((0.0, 1.0)) and panned(-0.5, mono=False)[0] == 1.0


def test_a_bus_that_nobody_takes_is_not_made() -> None:
    mixer, sent = Mixer(), DeskOrders({"anna": StripOrders(StripSettings(aux1=Send(on=True), aux2=Send(on=True)))})
    mixer.set(replace(sent, buses=frozenset({"aux2"})))
    assert set(mixer.mix({"anna": tones(0)["anna"]})) == {PROGRAM, "aux2"}
    mixer.set(sent)
    assert set(mixer.mix({"anna": tones(1)["anna"]})) == {PROGRAM}


def test_a_bus_that_is_taken_in_mid_show_swells_in() -> None:
    mixer, ones = Mixer(), {"anna": np.full((BLOCK, 2), 0.1, np.float32)}
    mixer.set(DeskOrders({"anna": StripOrders()}))
    mixer.mix(ones)
    mixer.set(DeskOrders({"anna": StripOrders()}, buses=frozenset({"minus-ben"})))
    heard = np.concatenate([mixer.mix(ones)["minus-ben"] for _ in range(3)])[:, 0]
    assert np.abs(np.diff(heard)).max() < 0.11 / RAMP and heard[-1] == ones["anna"][0, 0]


def test_a_group_that_is_not_there_is_the_program() -> None:
    mixer = Mixer()
    mixer.set(DeskOrders({"anna": StripOrders(group="nobody")}))
    mixed = mixer.mix({"anna": tones(0)["anna"]})[PROGRAM]
    np.testing.assert_array_equal(mixed[LOOKAHEAD:], tones(0)["anna"][:-LOOKAHEAD])


def test_it_opens_in_the_time_that_it_is_told() -> None:
    mixer, ones = Mixer(), {"anna": np.full((BLOCK, 2), 0.1, np.float32)}
    mixer.set(DeskOrders({"anna": StripOrders(open=0.0)}))
    mixer.mix(ones)
    mixer.set(DeskOrders({"anna": StripOrders(open=1.0, ramp_s=0.1)}))
    opening = np.concatenate([mixer.mix(ones)[PROGRAM][:, 0] for _ in range(7)])[LOOKAHEAD:][: 6 * BLOCK]
    np.testing.assert_allclose(opening[:4800], 0.1 * np.arange(4800) / 4800, atol=1e-6)
    np.testing.assert_array_equal(opening[4800:], ones["anna"][:, 0])


def test_what_is_listened_to_is_before_or_after_its_fader_and_the_program_does_not_notice() -> None:
    strips = {n: StripOrders(StripSettings(gain_db=-20.0, pan=1.0)) for n in ("anna", "ben")}
    for listening, factors in (({"pfl": frozenset({"anna"})}, (1.0, 1.0)), ({"afl": frozenset({"anna"})}, (0.0, 0.1))):
        mixer = Mixer()
        mixer.set(DeskOrders(strips, buses=frozenset({LISTEN}), **listening))
        for _ in range(3):
            mixed = {bus: np.roll(s, -LOOKAHEAD, 0) for bus, s in mixer.mix(tones(0)).items()}
        np.testing.assert_allclose(mixed[LISTEN], tones(0)["anna"] * factors, atol=1e-8)
        both = (tones(0)["anna"] + tones(0)["ben"]) * (0.0, 0.1)
        np.testing.assert_allclose(mixed[PROGRAM], both, atol=1e-8)


def test_the_director_talks_where_he_is_told_to_and_nowhere_else() -> None:
    mixer, voice = Mixer(), np.full((BLOCK, 2), 0.1, np.float32)
    taken = frozenset({"aux1", "minus-anna"})
    mixer.set(DeskOrders(talkback={"minus-anna": 0.0, "minus-nobody": 0.0}, buses=taken))
    for _ in range(3):
        mixed = mixer.mix({}, talk=voice)
    assert not mixed[PROGRAM].any() and not mixed["aux1"].any()
    np.testing.assert_array_equal(mixed["minus-anna"], voice)


def test_a_strip_that_comes_later_fades_in() -> None:
    mixer, ones = Mixer(), {"anna": np.full((BLOCK, 2), 0.1, np.float32)}
    mixer.set(DeskOrders())
    mixer.mix({})
    mixer.set(DeskOrders({"anna": StripOrders()}))
    assert np.abs(np.diff(mixer.mix(ones)[PROGRAM][:, 0])).max() < 0.11 / RAMP


def test_a_desk_with_groups_is_silent_until_it_has_orders() -> None:
    """A mixer is on its way before the engine has said anything."""
    sound = np.full((BLOCK, 2), QUIET, np.float32)
    desk = Desk((Strip("anna", "anna"),), lambda source, start, count: sound[:count], 0, groups=GROUPS)
    assert not desk.step()[PROGRAM].any()
    desk.set(DeskOrders({"anna": StripOrders(group="voices")}, dict.fromkeys(GROUPS, StripOrders())))
    assert [desk.step()[PROGRAM] for _ in range(5)][-1] == pytest.approx(QUIET)
