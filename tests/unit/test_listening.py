"""What the operator hears: the program until something else is asked for; talkback that never goes on air."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from live.base.errors import CommandError, ConfigError
from live.base.hand import Hand
from live.config.desk import LISTEN, PROGRAM
from live.control.registry import Command
from live.show import ShowState
from live.show.listening import commands as c
from live.show.listening.published import ListeningStatus, StripListened, TalkbackStatus, listening
from live.sound.taps import OFF_DB, PlayOrders, Tap, Taps
from tests.support.everything import everything, fresh
from tests.support.shows import SMALL, small_show

HAND = Hand("osc 127.0.0.1:1", "127.0.0.1")


@pytest.fixture
def state(tmp_path: Path) -> ShowState:
    return fresh(everything(tmp_path))


def do(state: ShowState, *commands: Command) -> None:
    for command in commands:
        state.apply(command, HAND, 0.0)


def test_the_program_is_heard_until_something_else_is_asked_for(state):
    desk = state.listening
    assert (desk.heard.buses, desk.heard.direct, desk.heard.gain_db) == ((PROGRAM,), (), 0.0)
    do(state, c.ListeningSource("aux2"))
    assert desk.heard.buses == ("aux2",)
    do(state, c.StripPfl("mic1", True), c.StripPfl("vt", True))
    assert (desk.heard.buses, desk.heard.direct) == ((), ("mic1", "vt")), "as they come in, before the mixer"
    do(state, c.StripPfl("mic1", False), c.StripPfl("vt", False))
    assert desk.heard.buses == ("aux2",), "back to what was heard before"


def test_a_strip_after_its_fader_and_a_group_come_from_the_mixer(state):
    desk = state.listening
    do(state, c.StripPfl("stage", True), c.StripAfl("mic2", True))
    assert (desk.heard.buses, desk.heard.direct) == ((LISTEN,), ())
    orders = desk.orders(state.sound.orders())
    assert (orders.pfl, orders.afl) == ({"stage"}, {"mic2"})
    do(state, c.StripPfl("mic1", True))
    assert (desk.heard.buses, desk.heard.direct) == ((LISTEN,), ("mic1",)), "they add up"
    do(state, c.ListeningClear())
    assert desk.heard.buses == (PROGRAM,) and not desk.orders(state.sound.orders()).afl


def test_a_strip_may_be_what_is_listened_to(state):
    do(state, c.ListeningSource("mic2"))
    assert state.listening.heard.direct == ("mic2",)
    do(state, c.ListeningSource("stage"))
    assert state.listening.heard.buses == (LISTEN,) and state.listening.orders(state.sound.orders()).pfl == {"stage"}


def test_orders_are_the_same_object_until_something_changes(state):
    orders = state.listening.orders(state.sound.orders())
    assert state.listening.orders(state.sound.orders()) is orders
    do(state, c.StripAfl("mic1", True))
    assert state.listening.orders(state.sound.orders()) is not orders


def test_gain_dim_mute_and_mono(state):
    desk = state.listening
    do(state, c.ListeningGain(-6.0), c.ListeningMono(True))
    assert desk.heard.gain_db == -6.0 and desk.heard.mono
    do(state, c.ListeningDim(True))
    assert desk.heard.gain_db == -26.0
    do(state, c.ListeningMute(True))
    assert desk.heard.gain_db is None


def test_talkback_goes_to_returns_only_and_dims(state):
    desk = state.listening
    do(state, c.TalkbackOn(True))
    assert desk.talks_to == ("aux1", "aux2") and desk.heard.gain_db == -20.0
    do(state, c.TalkbackOn(False, "aux1"))
    assert desk.talks_to == ("aux2",)
    do(state, c.TalkbackOn(True, "mic2"))
    assert dict(desk.orders(state.sound.orders()).talkback) == {"aux2": 0.0, "minus-mic2": 0.0}
    with pytest.raises(CommandError, match="no return is called 'program'"):
        do(state, c.TalkbackOn(True, "program"))
    do(state, c.TalkbackOn(False))
    assert not desk.talks_to and desk.heard.gain_db == 0.0


def test_it_is_kept_and_talkback_is_closed_then(state, tmp_path):
    do(state, c.ListeningSource("aux1"), c.StripPfl("mic1", True), c.ListeningGain(3.0), c.TalkbackOn(True))
    kept = state.listening.save(0.0)
    again = fresh(everything(tmp_path))
    again.listening.restore(kept, 0.0)
    assert again.listening.save(0.0) == kept and not again.listening.talks_to


def test_what_is_published(state):
    do(state, c.StripAfl("mic2", True), c.TalkbackOn(True, "aux1"))
    told = list(listening(state, 0.0))
    assert ListeningStatus("program", ("mic2",), 0.0, False, False, False) in told
    assert StripListened("mic2", False, True) in told and StripListened("mic1", False, False) in told
    assert TalkbackStatus(True, ("aux1",)) in told


def test_without_the_tables_it_is_said(tmp_path):
    bare = ShowState(small_show(tmp_path), lambda *_, **__: None)
    for command, table in ((c.ListeningDim(True), "listening"), (c.TalkbackOn(True), "talkback")):
        with pytest.raises(CommandError, match=rf"no table \[{table}\]; give it one"):
            do(bare, command)


def test_a_talkback_that_would_be_on_air_is_refused(tmp_path):
    rig = SMALL + '[[sources]]\nname = "a"\nkind = "audio"\n[[microphones]]\nname = "m"\nsource = "a"\nchannel = 2\n'
    small_show(tmp_path, rig + '[talkback]\nsource = "a"\nchannel = 1\n')
    with pytest.raises(ConfigError, match="would be on air"):
        small_show(tmp_path, rig + '[talkback]\nsource = "a"\nchannel = 2\n')
    with pytest.raises(ConfigError, match="no return is called program"):
        small_show(tmp_path, rig + '[talkback]\nsource = "a"\nto = ["program"]\n')


# -- the sound of it ---------------------------------------------------------------------------------------------------


class Ring:
    """A ring that is full of one value."""

    def __init__(self, value: float, end: int = 0) -> None:
        self.value, self.end = value, end

    def read(self, start, count, picks=None):
        return np.full((count, 2), self.value, np.float32), count

    def close(self):
        pass


def taps(**values: float) -> Taps:
    rings = {name: Ring(value, 48_000) for name, value in values.items()}
    return Taps(lambda name: rings[name])  # type: ignore[arg-type, return-value]


def test_what_is_heard_changes_in_ramps_and_adds_up():
    heard = taps(a=0.2, b=0.3)
    heard.set(PlayOrders((Tap("a"),)))
    heard.read(0, 4800)
    heard.set(PlayOrders((Tap("a"), Tap("b"))))
    out = np.concatenate([heard.read(0, 240) for _ in range(10)])[:, 0]
    assert out[0] == pytest.approx(0.2) and out[-1] == pytest.approx(0.5)
    assert np.abs(np.diff(out)).max() < 0.3 / 900
    heard.set(PlayOrders((Tap("b"),), gain_db=OFF_DB))
    out = np.concatenate([heard.read(0, 100) for _ in range(30)])[:, 0]
    assert out[-1] == 0 and np.abs(np.diff(out)).max() < 1 / 900


def test_what_is_away_is_not_waited_for():
    heard = Taps(lambda name: {"a": Ring(0.1, 100_000), "b": Ring(0.1, 50_000)}[name])  # type: ignore
    heard.set(PlayOrders((Tap("a"), Tap("b"))))
    now_ns = 100_500 * 1_000_000_000 // 48_000
    assert heard.end(now_ns) == 100_000
    heard.set(PlayOrders((Tap("b"),)))
    heard.read(0, 4800)
    assert heard.end(now_ns) == 100_500, "silence"


def test_what_is_not_finite_is_silent_and_a_sum_stays_within_full_scale():
    heard = taps(a=float("nan"), b=0.9, c=0.9)
    heard.set(PlayOrders((Tap("a"), Tap("b"), Tap("c"))))
    heard.read(0, 4800)
    out = heard.read(0, 480)
    assert np.isfinite(out).all() and 0.9 < out.max() < 1
