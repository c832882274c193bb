"""What the machine does on the sound desk: sound follows picture, voices are levelled, and a hand wins over both."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.audio.mixer import BLOCK, Mixer
from live.base.errors import CommandError
from live.base.hand import Hand
from live.base.samples import SAMPLE_RATE
from live.config.desk import LATENCY_S, PROGRAM, DeskOrders, StripOrders
from live.control.registry import Command, parse
from live.director.authority import Level
from live.show import ShowState
from live.show import commands as c
from live.show.holder import AUTO
from live.show.sound.levelling import MOST_DB, SPEECH_S, Leveller
from live.show.sound.published import StripStatus, strip
from live.sound.hearing import Hearing
from live.sound.limiter import LOOKAHEAD
from live.sound.metering import Metered
from tests.support.shows import SMALL, small_show

HAND = Hand("osc 127.0.0.1:1", "127.0.0.1")
DT_S = 0.1
RIG = (
    SMALL
    + """
shots = ["cam1", "cam2", "duo/duo"]
start = "cam1"
[director]
level = "off"
[sound]
lease_s = 2.0
[[sources]]
name = "cam1"
kind = "pattern"
[[sources]]
name = "cam2"
kind = "pattern"
 title = "Studio B"
[[sources]]
name = "desk"
kind = "audio"
[[microphones]]
name = "room1"
source = "cam1"
follow = "source"
[[microphones]]
name = "room2"
source = "cam2"
follow = "source"
down_db = -20.0
ramp_in_s = 0.2
[[microphones]]
name = "lapel"
source = "desk"
follow = "source"
levelling = "auto"
[[microphones]]
name = "band"
source = "desk"
follow = "shot:duo/duo,cam2"
automix = true
denoise = true
[[people]]
name = "anna"
 title = "Anna"
microphone = "lapel"
camera = "cam2"
[[scenes]]
name = "duo"
talent = { left = "cam1", right = "cam2" }
"""
)


class Show:
    """A show's state, a frame at a time, as the engine runs it."""

    def __init__(self, folder: Path, text: str = RIG) -> None:
        self.log: list[dict[str, Any]] = []
        self.state = ShowState(small_show(folder, text), self)
        self.now_s = 0.0
        self.speech_lufs: dict[str, float] = {}
        self.run()

    def __call__(self, kind: str, by: str, **more: Any) -> None:
        self.log.append({"kind": kind, "by": by, **more})

    def send(self, address: str, *args: Any) -> None:
        self.state.apply(parse(address, list(args)), HAND, self.now_s)

    def run(self, seconds: float = DT_S, speaking: str = "") -> None:
        for _ in range(round(seconds / DT_S)):
            self.state.commanded(self.now_s)
            self.state.step(
                self.now_s,
                DT_S,
                hearing=Hearing({"anna": speaking == "anna"}, not speaking),
                faces={},
                aspects={},
                metered=Metered(speech_lufs=self.speech_lufs),
            )
            self.now_s = round(self.now_s + DT_S, 9)

    @property
    def open(self) -> dict[str, float]:
        return {name: round(orders.open, 3) for name, orders in self.state.sound.orders().strips.items()}

    @property
    def said(self) -> list[str]:
        return [line["reason"] for line in self.log if line["kind"] == "desk"]


@pytest.fixture
def show(tmp_path: Path) -> Show:
    return Show(tmp_path)


# -- sound follows picture ---------------------------------------------------------------------------------------------


def test_a_show_begins_with_what_is_seen_open_and_says_nothing(show):
    assert show.open == {"room1": 1.0, "room2": 0.1, "lapel": 0.0, "band": 0.0} and not show.said


def test_a_cut_opens_what_it_shows_on_its_own_frame_and_closes_the_rest_in_words(show):
    show.send("/program/cut", "cam2")
    show.state.commanded(show.now_s)
    orders = show.state.sound.orders().strips
    assert show.open == {"room1": 0.0, "room2": 1.0, "lapel": 1.0, "band": 1.0}
    assert (orders["room2"].ramp_s, orders["room1"].ramp_s) == (0.2, 0.4)
    assert "room2 opened: Studio B is on program" in show.said and "room1 closed: cam1 is not on program" in show.said
    assert "Anna opened: Studio B is on program" in show.said, "it belongs to the camera of whoever wears it"


def test_the_ramp_begins_with_the_picture_and_not_where_the_mixer_is():
    orders = StripOrders(open=1.0, ramp_s=0.1, wait_s=LATENCY_S)
    mixer, ones = Mixer(), np.ones((BLOCK, 2), np.float32)
    mixer.set(DeskOrders({"room": replace(orders, open=0.0)}))
    assert not mixer.mix({"room": ones})[PROGRAM].any()
    mixer.set(DeskOrders({"room": orders}))
    heard = 0.5 * ones
    gains = []
    for _ in range(15):
        mixer.set(DeskOrders({"room": orders}))  # as often as anything else changes
        gains.append(mixer.mix({"room": heard})[PROGRAM][:, 0] / 0.5)
    gain, wait, ramp = np.concatenate(gains)[LOOKAHEAD:], round(LATENCY_S * SAMPLE_RATE), round(0.1 * SAMPLE_RATE)
    assert not gain[:wait].any() and gain[wait + ramp // 2] == pytest.approx(0.5, abs=0.01)
    assert gain[wait + ramp :] == pytest.approx(1.0) and np.abs(np.diff(gain)).max() < 2 / ramp


def test_what_a_hand_opens_does_not_wait(show):
    show.send("/strips/lapel/open", 1)
    assert show.state.sound.orders().strips["lapel"].wait_s == 0.0
    show.send("/program/cut", "cam2")
    show.run()
    assert show.state.sound.orders().strips["room2"].wait_s == LATENCY_S


def test_a_transition_opens_when_it_begins_and_closes_when_it_is_over(show):
    show.send("/preview/set", "cam2")
    show.send("/program/auto", "mix", 1.0)
    show.run()
    assert show.open["room1"] == show.open["room2"] == 1.0
    show.run(1.5)
    assert (show.open["room1"], show.open["room2"]) == (0.0, 1.0)


def test_a_source_in_a_layer_or_a_key_is_on_program_too(show):
    show.send("/program/cut", "duo/duo")
    show.run()
    assert set(show.open.values()) == {1.0}
    show.send("/layers/duo/right/hide", 0.0)
    show.run()
    assert show.open == {"room1": 1.0, "room2": 0.1, "lapel": 0.0, "band": 1.0}, "the shot is on, the camera not"


def test_a_muted_strip_is_never_touched(show):
    show.send("/strips/room2/mute", 1)
    show.run(5.0)
    before = show.state.sound.orders().strips["room2"]
    show.send("/program/cut", "cam2")
    show.run(5.0)
    assert show.state.sound.orders().strips["room2"] == before
    show.send("/strips/room2/mute", 0)
    show.run()
    assert show.open["room2"] == 1.0


def test_a_hand_keeps_the_machine_off_a_strip_for_its_lease(show):
    show.send("/program/cut", "cam2")
    show.run()
    show.send("/strips/room2/gain", -3.0)
    show.send("/program/cut", "cam1")
    show.run(1.9)
    assert show.open["room2"] == 1.0 and show.open["lapel"] == 0.0, "the hand has one strip, the machine the others"
    show.run(0.3)
    assert show.open["room2"] == 0.1


def test_a_hold_ends_between_words(show):
    show.send("/program/cut", "cam2")
    show.run()
    show.send("/strips/lapel/gain", -3.0)
    show.send("/program/cut", "cam1")
    show.run(4.0, speaking="anna")
    assert show.open["lapel"] == 1.0, "nobody is closed in the middle of a word"
    show.run(2 * DT_S)
    assert show.open["lapel"] == 0.0


def test_opened_and_closed_by_hand(show):
    show.send("/strips/lapel/open", 1)
    show.run(1.5)
    assert show.open["lapel"] == 1.0
    show.run(1.0)
    assert show.open["lapel"] == 0.0, "and the machine goes on"
    show.send("/strips/lapel/follow", "off")
    show.run()
    assert show.open["lapel"] == 1.0
    with pytest.raises(CommandError, match="follows no picture"):
        show.send("/strips/lapel/open", 0)


def test_unmuting_is_opening(show):
    show.send("/strips/lapel/mute", 1)
    show.send("/strips/lapel/mute", 0)
    show.run()
    assert show.open["lapel"] == 1.0


def test_suggested_only(show):
    show.send("/sound/follow/level", "suggest")
    show.send("/program/cut", "cam2")
    show.run()
    assert show.open["lapel"] == 0.0
    texts = {s.text: s for s in show.state.wheel.suggestions.standing}
    assert texts["Open Anna"].reason == "Studio B is on program"
    show.send("/suggestions/take", texts["Open Anna"].id)
    show.run()
    assert show.open["lapel"] == 1.0
    show.send("/program/cut", "cam1")
    show.run()
    assert "Open room2" not in {s.text for s in show.state.wheel.suggestions.standing}, "its reason is gone"


def test_panic_and_lock_leave_everything_as_it_is(show):
    show.send("/show/panic")
    before = show.open
    show.send("/program/cut", "cam2")
    show.run(5.0)
    assert show.open == before
    assert not any(o.automix or o.denoise for o in show.state.sound.orders().strips.values())
    for what in ("follow", "automix", "denoise"):
        show.send(f"/sound/{what}/level", "auto")
    show.send("/strips/room1/lock")
    show.run()
    assert show.open == {"room1": 1.0, "room2": 1.0, "lapel": 1.0, "band": 1.0}
    band = show.state.sound.orders().strips["band"]
    assert band.automix and band.denoise
    show.send("/strips/room1/unlock")
    show.run()
    assert show.open["room1"] == 0.0


def test_rules_that_are_none(show):
    for rule, cause in (("cam1", "no rule"), ("shot:nowhere", "no shot is called"), ("shot:", "no rule")):
        with pytest.raises(CommandError, match=cause):
            show.send("/strips/lapel/follow", rule)
    with pytest.raises(CommandError, match="no picture goes with it"):
        show.send("/strips/band/follow", "source")
    with pytest.raises(CommandError, match="nothing to suggest"):
        show.send("/sound/automix/level", "suggest")


def test_what_a_console_needs_of_it(show):
    show.send("/strips/room2/gain", 0.0)
    told = {n: next(p for p in strip(n, show.state, show.now_s) if isinstance(p, StripStatus)) for n in show.open}
    assert (told["room2"].follow, told["room2"].follow_level, told["room2"].open) == ("source", "auto", False)
    assert told["room2"].hold_s == 2.0 and told["room1"].hold_s == 0.0
    show.state.commanded(show.now_s)
    assert told["lapel"].levelling == "auto" and told["band"].automix and told["band"].denoise


# -- levelling ---------------------------------------------------------------------------------------------------------


def test_a_voice_is_brought_to_the_target_slowly_and_in_words(show):
    show.send("/program/cut", "cam2")
    show.speech_lufs["lapel"] = -28.0
    show.run(SPEECH_S + DT_S, speaking="anna")
    assert show.said[-1] == "Anna is 5 dB under target: +2 dB"
    before = show.state.sound.orders().strips["lapel"].trim_db
    show.run(2.0)
    assert show.state.sound.orders().strips["lapel"].trim_db == before < 0.3, "nothing is turned up in a pause"
    show.run(30.0, speaking="anna")
    assert show.state.sound.orders().strips["lapel"].trim_db == pytest.approx(4.0)
    assert [why for why in show.said if "target" in why] == [
        "Anna is 5 dB under target: +2 dB",
        "Anna is 3 dB under target: +2 dB",
    ]


def test_levelling_goes_by_the_hands_fader_and_waits_for_its_lease(show):
    show.send("/program/cut", "cam2")
    show.speech_lufs["lapel"] = -23.0
    show.run(20.0, speaking="anna")
    assert show.state.sound.orders().strips["lapel"].trim_db == 0.0
    show.send("/strips/lapel/gain", 6.0)
    show.run(2.5, speaking="anna")
    assert show.state.sound.orders().strips["lapel"].trim_db == 0.0
    show.run(DT_S)
    show.run(30.0, speaking="anna")
    assert show.state.sound.orders().strips["lapel"].trim_db < -4.0


def test_a_muted_voice_is_not_levelled(show):
    show.send("/strips/lapel/mute", 1)
    show.speech_lufs["lapel"] = -40.0
    show.run(4.0)
    show.run(30.0, speaking="anna")
    assert show.state.sound.orders().strips["lapel"].trim_db == 0.0 and not any("target" in why for why in show.said)


def test_a_suggested_level_is_the_very_fader(show):
    show.send("/strips/lapel/levelling", "suggest")
    show.speech_lufs["lapel"] = -20.0
    show.run(5.0, speaking="anna")
    (suggested,) = show.state.wheel.suggestions.standing
    assert (suggested.text, suggested.reason) == ("Anna: -2 dB", "Anna is 3 dB over target: -2 dB")
    show.send("/suggestions/take")
    assert show.state.sound.strips["lapel"].gain_db == -2.0


def test_only_microphones_are_levelled(tmp_path):
    show = Show(tmp_path, RIG + '[[groups]]\nname = "all"\n')
    for what, value in (("levelling", "auto"), ("automix", 1), ("denoise", 1)):
        with pytest.raises(CommandError, match="all is no microphone"):
            show.send(f"/strips/all/{what}", value)


@given(
    st.lists(
        st.tuples(st.booleans(), st.floats(-70, 0), st.sampled_from(("listen", "stop", "put"))),
        min_size=1,
        max_size=300,
    )
)
def test_levelling_stays_within_its_bounds_and_is_slow(steps):
    leveller = Leveller()
    for speaking, loudness, what in steps:
        before = leveller.trim_db
        move = leveller.listen(0.5, speaking=speaking, came_lufs=loudness, gain_db=0.0, target_lufs=-23.0)
        if move is not None and what != "stop":
            assert move.by_db == 0 or (move.by_db > 0) == (move.off_db < 0)
            assert abs(move.by_db) <= 2.0
            leveller.take(move)
        if what == "stop":
            leveller.stop()
        moved = leveller.glide(0.5, speaking=speaking)
        assert abs(leveller.trim_db) <= MOST_DB + 1e-9 and abs(leveller.trim_db - before) <= 0.25 + 1e-9
        assert speaking or not moved


def test_levelling_ends_near_its_target_and_stays_there():
    leveller, voice = Leveller(), -26.0
    for _ in range(1200):
        move = leveller.listen(DT_S, speaking=True, came_lufs=voice, gain_db=0.0, target_lufs=-23.0)
        if move is not None:
            leveller.take(move)
        leveller.glide(DT_S, speaking=True)
    assert abs(voice + leveller.trim_db + 23.0) <= 1.5


def test_it_does_not_run_after_every_sentence():
    """A voice of real speech: at its target, and 3 dB louder and softer by what is said, for minutes."""
    leveller, moves = Leveller(), 0
    for n in range(3000):
        came = -23.0 + 3.0 * np.sin(2 * np.pi * n * DT_S / 9.0)
        move = leveller.listen(DT_S, speaking=True, came_lufs=came, gain_db=0.0, target_lufs=-23.0)
        if move is not None:
            leveller.take(move)
            moves += 1
        leveller.glide(DT_S, speaking=True)
    assert moves <= 2 and abs(leveller.trim_db) <= 2.0


def test_what_levelling_may_not_do_alone_is_suggested(show):
    show.speech_lufs["lapel"] = -38.0
    show.run(60.0, speaking="anna")
    assert show.state.sound.orders().strips["lapel"].trim_db == MOST_DB
    (suggested,) = show.state.wheel.suggestions.standing
    assert suggested.reason == "Anna is 9 dB under target: 6 dB is all it may do"
    show.send("/suggestions/take")
    assert show.state.sound.strips["lapel"].gain_db == 9.0


# -- a hand wins -------------------------------------------------------------------------------------------------------


def _command(dice: random.Random) -> Command:
    name = dice.choice(("room1", "room2", "lapel", "band"))
    return dice.choice(
        (
            lambda: c.ProgramCut(dice.choice(("cam1", "cam2", "duo/duo"))),
            lambda: c.ProgramCut(dice.choice(("cam1", "cam2", "duo/duo"))),
            lambda: c.ProgramAuto("mix", 0.3),
            lambda: c.StripGain(name, -3.0),  # type: ignore[attr-defined]
            lambda: c.StripMute(name, dice.random() < 0.5),  # type: ignore[attr-defined]
            lambda: c.StripOpen(name, dice.random() < 0.5),
            lambda: c.StripLock(name),
            lambda: c.StripUnlock(name),
            lambda: c.StripRelease(name),
            lambda: c.SoundLevel("follow", dice.choice(("auto", "auto", "suggest", "off"))),
            lambda: c.StripLevelling("lapel", dice.choice(("auto", "auto", "suggest", "off"))),
            lambda: c.SuggestionTake(),
            lambda: c.ShowPanic(),
        )
    )()


class Watch(Show):
    """Reads the log as it is written, and holds the machine to its promise."""

    def __init__(self, show: Any) -> None:
        self.acts = 0
        self.hand_s: dict[tuple[str, str], float] = {}
        self.log, self.now_s, self.speech_lufs = [], 0.0, {"lapel": -35.0}
        self.state = ShowState(show, self)
        self.run()

    def __call__(self, kind: str, by: str, **more: Any) -> None:
        if kind != "desk" or by != AUTO:
            return
        self.acts += 1
        name, desk = more["strip"], self.state.sound
        what = "follow" if "open" in more else "levelling"
        view = desk.view(name, what, self.now_s)
        assert not desk.strips[name].muted, "never a muted one"
        assert view.level is Level.AUTO and not view.held and not view.locked
        assert self.now_s >= self.hand_s.get((name, what), -9.0) + 2.0 - 1e-9, "a hand has it"
        assert more["reason"]

    def hand(self, command: Command) -> None:
        desk = self.state.sound
        trims = {name: leveller.trim_db for name, leveller in desk.levellers.items()}
        try:
            self.state.apply(command, HAND, self.now_s)
        except CommandError:
            assert isinstance(command, c.SuggestionTake)
            return
        if isinstance(command, (c.StripGain, c.StripMute)):  # type: ignore[attr-defined]
            self.hand_s |= dict.fromkeys(((command.strip, "follow"), (command.strip, "levelling")), self.now_s)
        if isinstance(command, c.StripOpen):
            self.hand_s[command.strip, "follow"] = self.now_s
        if isinstance(command, c.StripRelease):
            self.hand_s = {key: at_s for key, at_s in self.hand_s.items() if key[0] != command.strip}
        self.state.commanded(self.now_s)
        if isinstance(command, c.StripOpen):
            assert desk.open[command.strip] == command.on, "on the very frame of the hand"
        assert {name: leveller.trim_db for name, leveller in desk.levellers.items()} == trims


@pytest.fixture(scope="module")
def rig(tmp_path_factory):
    return small_show(tmp_path_factory.mktemp("rig"), RIG)


@pytest.mark.parametrize("seed", range(2))
def test_the_machine_never_acts_over_a_hand_on_a_strip(rig, seed):
    dice, acts = random.Random(seed), 0
    for _ in range(60):
        watch = Watch(rig)
        for _ in range(60):
            while dice.random() < 0.15:
                watch.hand(_command(dice))
            watch.run(speaking="anna" if dice.random() < 0.8 else "")
        acts += watch.acts
    assert acts > 60, "a machine that never acts would pass"
