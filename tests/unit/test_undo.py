"""Taking back what a hand has set: what comes back, what stays, whose it is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live.base.errors import CommandError
from live.base.hand import Hand
from live.control.registry import Command
from live.show import ShowState
from live.show import commands as c
from live.show.colour.published import colour
from live.show.feeds.published import auxiliaries
from live.show.graphics.published import graphics
from live.show.keying.published import keying
from live.show.layers.published import scene_layers
from live.show.multiviews.published import multiviews
from live.show.styles.published import style
from live.show.undo import MOST
from tests.support.everything import carried_out, commands, do, everything, fresh

HERE, ELSEWHERE = Hand("osc 127.0.0.1:1", "127.0.0.1"), Hand("osc 10.0.0.7:1", "10.0.0.7")


@pytest.fixture(scope="module")
def show(tmp_path_factory):
    return everything(tmp_path_factory.mktemp("undo"))


def send(state: ShowState, now_s: float, *commands: Command, hand: Hand = HERE) -> None:
    for command in commands:
        state.apply(command, hand, now_s)


def told(state: ShowState) -> list[object]:
    """What surfaces hear of it, and what orders the mixer is given."""
    features = (colour(state, lambda name: ()), keying(state, {}), auxiliaries(state, 5.0), multiviews(state, 5.0))
    more = (style(state, 5.0), graphics(state, 5.0), *(scene_layers(s, state, 5.0) for s in state.layers.scenes))
    return [*(value for feature in (*features, *more) for value in feature), state.sound.orders()]


def kept(state: ShowState) -> dict[str, Any]:
    """What can be taken back, of each feature."""
    found = {}
    for name, feature in state.features.items():
        saved = feature.save(5.0)
        found |= {f"{name}.{part}": getattr(saved, part) for part in feature.undoes}
    return found


@pytest.mark.parametrize(
    "command",
    [
        c.ColourSet("cam1", "gain", 1.5),
        c.KeyingSet("cam1", "wrap", 0.5),
        c.LayerMove("duo", "left", 0.0, 0.0, 0.4, 0.4),
        c.LayerHide("duo", "left", 0.0),
        c.LayerSource("duo", "left", "cam2"),
        c.LayerOrder("duo", "left", 2),
        c.LayersSave("duo", "mine"),
        c.AuxSet("foyer", "cam2"),
        c.MultiviewWindow("wall", 1, "cam2"),
        c.DirectorStyle("concert"),
        c.MicrophoneGain("mic1", -6.0),
        c.GraphicSet("lower", "title", "Other"),
    ],
    ids=lambda command: type(command).__name__,
)
def test_a_setting_comes_back(show, command):
    state = fresh(show)
    before = kept(state)
    published = told(state)
    send(state, 5.0, command)
    assert kept(state) != before and told(state) != published
    send(state, 5.0, c.ShowUndo())
    assert kept(state) == before and told(state) == published
    with pytest.raises(CommandError, match="nothing that you have set"):
        send(state, 6.0, c.ShowUndo())


def test_one_after_the_other_the_newest_first_and_nothing_else(show):
    state = fresh(show)
    send(state, 1.0, c.ColourSet("cam1", "gain", 1.5))
    send(state, 3.0, c.ColourSet("cam1", "gamma", 1.2))
    send(state, 5.0, c.AuxSet("foyer", "cam2"))
    send(state, 6.0, c.ShowUndo())
    assert state.feeds.auxes["foyer"].shows == "program" and state.colours.all["cam1"].config.gamma == 1.2
    send(state, 6.5, c.ShowUndo())
    assert (state.colours.all["cam1"].config.gamma, state.colours.all["cam1"].config.gain) == (1.0, 1.5)


def test_a_faders_way_is_one_change(show):
    state = fresh(show)
    for n in range(40):
        send(state, 1.0 + n / 25, c.MicrophoneGain("mic1", -n / 2), c.MicrophoneGain("mic2", -n / 4))
    send(state, 4.0, c.MicrophoneGain("mic1", -60.0))
    send(state, 4.1, c.ShowUndo())
    assert state.sound.strips["mic1"].gain_db == -19.5
    send(state, 4.2, c.ShowUndo(), c.ShowUndo())
    assert (state.sound.strips["mic1"].gain_db, state.sound.strips["mic2"].gain_db) == (0.0, 0.0)


@pytest.mark.parametrize(
    "sent",
    [
        (c.GraphicSet("lower", "title", "Other"), c.GraphicSet("lower", "subtitle", "Mayor")),
        (c.ColourSet("cam1", "gain", 1.5), c.ColourSet("cam1", "gamma", 1.2), c.ColourSet("cam1", "gain", 1.7)),
        (c.LayerSet("duo", "left", "x", 0.1), c.LayerSet("duo", "left", "y", 0.2), c.LayerSet("duo", "left", "x", 0.3)),
        (c.TitlesAdd("Ann", "Mayor"), c.TitlesAdd("Bob", "Baker")),
    ],
    ids=lambda sent: type(sent[0]).__name__,
)
def test_what_one_address_sets_at_once_comes_back_as_a_whole(show, sent):
    """A title and what stands under it; a scenario's lines."""
    state = fresh(show)
    before = kept(state)
    for n, command in enumerate(sent):
        send(state, 5.0 + n / 10, command)
    send(state, 5.5, c.ShowUndo())
    assert kept(state) == before
    with pytest.raises(CommandError, match="nothing that you have set"):
        send(state, 6.0, c.ShowUndo())


def test_others_take_back_their_own_only(show):
    state = fresh(show)
    send(state, 1.0, c.ColourSet("cam1", "gain", 1.5))
    send(state, 2.0, c.ColourSet("cam1", "gamma", 1.2), hand=ELSEWHERE)
    send(state, 3.0, c.ShowUndo())  # another value of the same source: theirs stays
    assert (state.colours.all["cam1"].config.gamma, state.colours.all["cam1"].config.gain) == (1.2, 1.0)
    send(state, 4.0, c.ColourSet("cam1", "gain", 2.0))
    send(state, 5.0, c.ColourSet("cam1", "gain", 3.0), hand=ELSEWHERE)
    with pytest.raises(CommandError, match="osc 10.0.0.7:1 has changed /colour/cam1/set since"):
        send(state, 6.0, c.ShowUndo())
    assert state.colours.all["cam1"].config.gain == 3.0


def test_what_is_on_air_stays(show):
    state = fresh(show)
    send(state, 1.0, c.ProgramCut("cam2"), c.DskOn("1"), c.GraphicShow("lower"), c.ProgramFtb(True))
    with pytest.raises(CommandError, match="nothing that you have set"):
        send(state, 2.0, c.ShowUndo())
    send(state, 3.0, c.GraphicSet("lower", "title", "Other"), c.ShowUndo())
    assert state.graphics["lower"].visible and state.mix.switcher.program == "cam2" and state.keys.all["1"].on


def test_no_more_than_so_many_are_remembered(show):
    state = fresh(show)
    for n in range(MOST + 10):
        send(state, 10.0 * n, c.MicrophoneGain("mic1", -n / 10))
    for _ in range(MOST):
        send(state, 5000.0, c.ShowUndo())
    assert state.sound.strips["mic1"].gain_db == pytest.approx(-0.9)
    with pytest.raises(CommandError):
        send(state, 5000.0, c.ShowUndo())


SETTINGS = [s for s in carried_out() if not s.address.startswith(("/show/", "/suggestions"))]


@settings(max_examples=60, deadline=None)
@given(st.lists(commands(SETTINGS), min_size=1, max_size=12))
def test_whatever_was_sent_nothing_on_air_goes_with_it(show, sent):
    """Every change of a hand is taken back, and after each the buses, keys and graphics are as they were."""
    state = fresh(show)
    for n, command in enumerate(sent):
        do(state, command, 2.0 * n)
    now_s = 2.0 * len(sent)
    for _ in range(len(sent)):
        before = on_air(state, now_s)
        try:
            state.apply(c.ShowUndo(), HERE, now_s)
        except CommandError as error:
            assert "nothing that you have set" in str(error)
            break
        assert on_air(state, now_s) == before
    else:
        with pytest.raises(CommandError):
            state.apply(c.ShowUndo(), HERE, now_s)


def on_air(state: ShowState, now_s: float) -> tuple[object, ...]:
    mix, keys = state.mix.save(now_s), state.keys.save(now_s)
    shown = {name: (g.visible, g.amount) for name, g in state.graphics.items()}
    return mix.program, mix.preview, mix.transition, mix.black, keys, shown, state.players.save(now_s)
