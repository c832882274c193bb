"""The next transition, tried out on preview: program knows nothing of it, nothing automatic goes through meanwhile, and
the hand wins."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live.base.errors import CommandError
from live.base.hand import Hand
from live.config.multiviews import Kind
from live.control.published import Replica
from live.control.view import View
from live.multiview.cards import card
from live.picture.values import ShotView
from live.show import ShowState
from live.show import commands as c
from live.show.cuts.switcher import Switcher
from live.show.holder import AUTO
from live.show.multiviews.published import WindowStatus
from live.sound.hearing import Hearing
from tests.support.shows import SMALL, play, small_show

HAND = Hand("osc 127.0.0.1:1", "127.0.0.1")


SHOTS = ("a", "b", "c")
Act = tuple[str, Any]
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("preview"), st.sampled_from(SHOTS)),
        st.tuples(st.just("cut"), st.sampled_from((None, *SHOTS))),
        st.tuples(st.just("auto"), st.sampled_from((None, "mix", "circle", "cut", "sting"))),
        st.tuples(st.just("bar"), st.sampled_from((0.0, 0.3, 0.7, 1.0))),
        st.tuples(st.just("rehearse"), st.booleans()),
        st.tuples(st.just("wait"), st.sampled_from((0.1, 0.5, 2.0))),
    ),
    max_size=30,
)


def switcher() -> Switcher:
    made = Switcher("a", "b")
    made.ready["sting"] = replace(made.ready["mix"], name="sting", kind="stinger", seconds=0.8)
    return made


def carried_out(s: Switcher, act: Act, now_s: float) -> float:
    """One act, and the frame after it; returns the time then."""
    what, value = act
    if what == "preview":
        s.set_preview(value, now_s)
    elif what == "cut":
        s.cut(value, now_s)
    elif what == "auto":
        s.auto(value, None, now_s)
    elif what == "bar":
        s.move_bar(value, now_s)
    elif what == "rehearse":
        s.rehearse(value)
    now_s += value if what == "wait" else 0.04
    s.step(now_s)
    return now_s


@settings(max_examples=500)
@given(ACTS)
def test_whatever_is_done_program_only_changes_by_a_cut_while_it_is_rehearsed(acts: list[Act]) -> None:
    s, now_s = switcher(), 0.0
    for act in acts:
        rehearsing, program = s.rehearsing, s.program
        now_s = carried_out(s, act, now_s)
        if rehearsing and act[0] != "cut":
            assert s.program == program and s.views(now_s)[1] is None
        if s.rehearsing:
            assert s.transition is None and s.on_air == [s.program] and s.heading() == s.program
        else:
            assert s.rehearsal is None
        if act[0] == "cut":
            assert not s.rehearsing and s.transition is None
        if s.rehearsal is not None:
            assert s.rehearsal.to == s.preview
        for running in (s.transition, s.rehearsal):
            assert running is None or running.position is None or running.look.family != "stinger"


@settings(max_examples=300)
@given(ACTS)
def test_from_anywhere_a_rehearsal_can_be_left_and_a_cut_is_on_air_at_once(acts: list[Act]) -> None:
    s, now_s = switcher(), 0.0
    for act in acts:
        now_s = carried_out(s, act, now_s)
    s.rehearse(False)
    assert not s.rehearsing and s.rehearsal is None
    s.cut("c", now_s)
    assert s.on_air == ["c"]


@settings(max_examples=300)
@given(ACTS)
def test_what_is_rehearsed_is_what_would_be_on_air(acts: list[Act]) -> None:
    """The same acts on one switcher for real and on another as a rehearsal: the same pictures, until it is over."""
    real, tried = switcher(), switcher()
    tried.rehearse(True)
    now_s = 0.0
    for act in acts:
        if act[0] in ("cut", "rehearse", "preview") or act == ("auto", "cut"):
            continue
        carried_out(real, act, now_s)
        now_s = carried_out(tried, act, now_s)
        if not tried.rehearsing:
            assert real.transition is None and real.program == "b"
            break
        assert real.views(now_s) == tried.views(now_s, rehearsed=True)


def test_one_that_has_been_seen_to_its_end_is_over_and_the_next_is_real() -> None:
    s = switcher()
    assert s.rehearse(True) and s.auto("mix", 1.0, 0.0)
    assert s.step(1.0) is None and not s.rehearsing
    assert (s.program, s.preview) == ("a", "b")
    assert s.auto("mix", 1.0, 2.0) and s.step(3.0) == "b"


def test_a_cut_as_transition_is_tried_out_without_going_on_air() -> None:
    s = switcher()
    s.rehearse(True)
    assert s.auto("cut", None, 0.0) and s.views(0.5, rehearsed=True)[1:3] == (ShotView("b", 0.5), "cut")
    assert s.step(1.0) is None and s.program == "a" and not s.rehearsing


def test_the_bar_brought_back_stays_in_rehearsal_and_at_its_end_counts_from_there() -> None:
    s = switcher()
    s.rehearse(True)
    s.move_bar(0.6, 0.0)
    s.move_bar(0.0, 0.1)
    assert s.rehearsing and s.rehearsal is None
    s.move_bar(1.0, 0.2)
    s.step(0.2)
    assert not s.rehearsing and s.program == "a"
    assert s.move_bar(0.5, 0.3) and s.transition is not None and s.transition.progress(0.3) == 0.5


def test_a_rehearsal_left_under_the_bar_leaves_it_meaning_nothing() -> None:
    s = switcher()
    s.rehearse(True)
    s.move_bar(0.6, 0.0)
    s.rehearse(False)
    assert not s.move_bar(0.8, 0.1) and s.transition is None


def test_what_runs_on_program_cant_become_a_rehearsal() -> None:
    s = switcher()
    s.auto("mix", 1.0, 0.0)
    assert not s.rehearse(True) and s.transition is not None


RIG = (
    SMALL
    + """
shots = ["cam1", "cam2"]
start = "cam1"
[director]
min_shot_s = 0.5
lease_s = 0.5
preview_s = 0.1
[[sources]]
name = "cam1"
kind = "pattern"
[[sources]]
name = "cam2"
kind = "pattern"
[[microphones]]
name = "mic2"
source = "cam2"
[[people]]
name = "ben"
microphone = "mic2"
camera = "cam2"
[[keys]]
source = "cam2"
tied = true
"""
)


class Machine:
    """A director that wants to go to cam2: Ben, who sits there, talks."""

    def __init__(self, folder: Path) -> None:
        self.lines: list[tuple[str, str]] = []
        self.state = ShowState(small_show(folder, RIG), lambda kind, by, **more: self.lines.append((kind, by)))
        self.now_s = 0.0

    def wait(self, seconds: float) -> None:
        for _ in range(round(seconds * 10)):
            self.state.step(self.now_s, 0.1, hearing=Hearing({"ben": True}, True), faces={}, aspects={})
            self.now_s += 0.1

    def hand(self, command: c.Command) -> None:
        self.state.apply(command, HAND, self.now_s)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_machine_touches_neither_bus_and_is_back_afterwards(machine: Machine) -> None:
    machine.hand(c.PreviewTransition(True))
    preview = machine.state.mix.switcher.preview
    machine.wait(20.0)  # long after the lease
    assert machine.state.mix.proposal is None and (
        machine.state.mix.switcher.program,
        machine.state.mix.switcher.preview,
    ) == (
        "cam1",
        preview,
    )
    assert not [line for line in machine.lines if line == ("cut", AUTO)]
    machine.hand(c.PreviewTransition())
    assert not machine.state.mix.switcher.rehearsing
    machine.wait(10.0)
    assert ("cut", AUTO) in machine.lines and machine.state.mix.switcher.program == "cam2"


def test_it_is_seen_on_preview_and_nothing_of_it_is_on_program(machine: Machine) -> None:
    machine.hand(c.DirectorLevel("off"))
    machine.hand(c.PreviewTransition(True))
    machine.hand(c.ProgramAuto("circle", 2.0))
    machine.wait(1.0)
    state = machine.state
    tried, program = state.mix.preview_picture(machine.now_s), state.mix.picture(machine.now_s)
    assert tried.to is not None and (tried.shot.shot, tried.to.shot, tried.transition) == ("cam1", "cam2", "circle")
    assert (program.shot.shot, program.to) == ("cam1", None)
    assert (state.mix.tally("cam1"), state.mix.tally("cam2")) == ("program", "preview")
    assert not state.keys.all["1"].on, "a tied key goes along with a real transition only"
    assert not [line for line in machine.lines if line[0] == "cut"]
    machine.wait(2.0)
    assert not state.mix.switcher.rehearsing and state.mix.tally("cam2") == "preview"


def test_a_hand_that_cuts_is_on_air_at_once(machine: Machine) -> None:
    machine.hand(c.PreviewTransition(True))
    machine.hand(c.ProgramAuto("mix", 2.0))
    machine.wait(0.5)
    machine.hand(c.ProgramCut("cam2"))
    assert machine.state.mix.picture(machine.now_s).shot.shot == "cam2" and not machine.state.mix.switcher.rehearsing


def test_it_is_refused_while_a_transition_runs(machine: Machine) -> None:
    machine.hand(c.ProgramAuto("mix", 2.0))
    with pytest.raises(CommandError, match="a transition runs"):
        machine.hand(c.PreviewTransition(True))
    machine.hand(c.PreviewTransition(False))
    assert machine.state.mix.switcher.transition is None or not machine.state.mix.switcher.rehearsing


def test_people_see_that_it_is_a_rehearsal() -> None:
    state = {"/state/preview/rehearsal": (1, "mix", 0.25), "/state/preview/shot": ("cam2",)}
    view, bare = View(Replica(state)), View()
    assert view.rehearsal.on and view.rehearsal.progress == 0.25
    assert not bare.rehearsal.on
    window = WindowStatus("mv", 1, Kind.PREVIEW, "", "Preview", "", 0, 0, 1, 1)
    tile = card(window, view, count_down=None, stalled_s=0.0, marks=False, voices={})
    assert (tile.title, tile.progress, tile.tally) == ("rehearsal: cam2", 0.25, "preview")


def test_a_rehearsal_changes_no_program_frame(tmp_path: Path) -> None:
    show = small_show(tmp_path)
    _, plain = play(tmp_path, show, 2.0)
    lines, tried = play(tmp_path, show, 2.0, (10, "/preview/transition", [1]), (12, "/program/auto", ["mix", 1.0]))
    assert plain == tried
    assert [line["rehearsal"] for line in lines if "rehearsal" in line] == [True, False]
