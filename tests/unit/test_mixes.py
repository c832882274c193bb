"""A second mix in a show: program, preview and a director of its own, over the same shots."""

from __future__ import annotations

import json

import pytest

from live.base.errors import CommandError
from live.base.hand import Hand
from live.control.published import Replica
from live.control.registry import heard, parse, to_message
from live.control.state import StateTree
from live.director.authority import Level
from live.show import ShowState
from live.show import commands as c
from live.show.authority.published import DirectorStatus, director
from live.show.cuts.published import LastCut, ProgramShot, TransitionSetting, buses, cuts
from live.show.keeping import kept_of, text_of
from live.sound.hearing import Hearing
from tests.support.shows import PATTERNS, small_show

HAND = Hand("osc 127.0.0.1:1", "127.0.0.1")


@pytest.fixture
def state(tmp_path) -> ShowState:
    state = ShowState(small_show(tmp_path, PATTERNS), lambda *a, **more: None)
    state.add_mix("foyer")
    return state


def do(state: ShowState, address: str, *args: object, now_s: float = 1.0) -> None:
    state.apply(parse(address, args), HAND, now_s)


def step(state: ShowState, now_s: float) -> None:
    state.commanded(now_s)
    state.step(now_s, 0.04, hearing=Hearing(), faces={}, aspects={})


def published(state: ShowState, now_s: float = 1.0) -> Replica:
    tree = StateTree()
    for publish in (buses, cuts, director):
        for value in publish(state, now_s):
            tree.put(value)
    return Replica({path: list(values) for path, values in tree.items()})


def test_a_cut_in_one_leaves_the_other_alone(state):
    before = state.save(1.0)["mix"]
    do(state, "/mixes/foyer/program/cut", "duo/duo")
    do(state, "/mixes/foyer/preview/set", "cam1")
    assert state.mixes["foyer"].switcher.program == "duo/duo" and state.save(1.0)["mix"] == before
    do(state, "/program/cut", "cam2")
    assert (state.mix.switcher.program, state.mixes["foyer"].switcher.program) == ("cam2", "duo/duo")
    do(state, "/mixes/program/program/cut", "cam1")  # the first, by its name
    assert state.mix.switcher.program == "cam1"


def test_a_hand_holds_its_own_directors_cuts_only(state):
    do(state, "/mixes/foyer/director/level", "auto")
    do(state, "/mixes/foyer/program/cut", "cam2")
    views = {name: state.authority.view(mix.key, now_s=1.0) for name, mix in state.mixes.items()}
    assert views["foyer"].held and not views["program"].held
    assert views["foyer"].level is Level.AUTO and views["program"].level is Level(state.rig.director.level)
    do(state, "/mixes/foyer/director/lock")
    assert state.authority.view(("cuts", "foyer"), now_s=1.0).locked
    assert not state.authority.view(("cuts", "program"), now_s=1.0).locked
    do(state, "/show/panic")
    assert state.authority.view(("cuts", "foyer"), now_s=1.0).level is Level.OFF


def test_a_transition_runs_in_its_own_mix(state):
    do(state, "/mixes/foyer/preview/set", "cam2")
    do(state, "/mixes/foyer/program/auto", "mix", 1.0)
    for n in range(10):
        step(state, 1.0 + n / 25)
    assert state.mixes["foyer"].switcher.transition is not None and state.mix.switcher.transition is None
    for n in range(10, 40):
        step(state, 1.0 + n / 25)
    assert state.mixes["foyer"].switcher.program == "cam2"


def test_each_publishes_its_own(state):
    do(state, "/mixes/foyer/program/cut", "duo/duo")
    do(state, "/mixes/foyer/program/transition", "dip", 2.0)
    do(state, "/mixes/foyer/director/level", "suggest")
    replica = published(state)
    assert replica.paths["/state/mixes/foyer/program/shot"] == ("duo/duo",)
    assert replica.paths["/state/program/shot"] == ("cam1",)
    assert (replica.get(ProgramShot).shot, replica.get(ProgramShot, "foyer").shot) == ("cam1", "duo/duo")
    assert replica.get(TransitionSetting, "foyer").rate_s == 2.0 and replica.get(TransitionSetting).name == "mix"
    assert replica.get(DirectorStatus, "foyer").level == "suggest" and "by hand" in replica.get(LastCut, "foyer").why
    assert replica.get(ProgramShot, "nowhere") == ProgramShot(mix="nowhere")


def test_another_mix_has_its_name_in_the_address_and_nothing_else_changes():
    command = parse("/mixes/foyer/program/cut", ["cam1"])
    assert command == c.ProgramCut("cam1", mix="foyer") != c.ProgramCut("cam1")
    assert to_message(command) == ("/mixes/foyer/program/cut", ["cam1"])
    assert to_message(c.ProgramCut("cam1")) == ("/program/cut", ["cam1"])
    assert heard("/mixes/foyer/director/lock", [1.0]) == c.DirectorLock(mix="foyer")
    assert heard("/mixes/foyer/director/lock", [0.0]) == c.DirectorUnlock(mix="foyer")
    assert heard("/director/lock", [0.0]) == c.DirectorUnlock()


def test_there_is_no_mix_of_that_name(state):
    with pytest.raises(CommandError, match="no mix is called 'nowhere'; one of: program, foyer"):
        do(state, "/mixes/nowhere/program/cut", "cam1")
    with pytest.raises(CommandError, match="no such command"):
        parse("/mixes/foyer/show/panic", [])


def test_what_is_kept_of_it_comes_back(state, tmp_path):
    do(state, "/mixes/foyer/program/cut", "cam2")
    text = text_of(state.save(2.0), 2.0)
    assert "mix.foyer" in json.loads(text)["features"]
    other = ShowState(small_show(tmp_path, PATTERNS), lambda *a, **more: None)
    kept, broken = kept_of(text, tmp_path)
    other.restore(kept, 0.0)  # a show without it
    other.add_mix("foyer")
    other.restore(kept, 0.0)
    assert not broken and other.mixes["foyer"].switcher.program == "cam2" and other.mix.switcher.program == "cam1"
