"""Preview is the hand's, once a hand has touched it."""

from __future__ import annotations

import pytest

from live.show import commands as c
from tests.support.shows import small_show
from tests.unit.test_show_state import ANNA, BEN, HAND, RIG, fresh, run


@pytest.fixture(scope="module")
def rig(tmp_path_factory):
    return small_show(tmp_path_factory.mktemp("rig"), RIG)


def test_what_a_hand_puts_on_preview_is_there_when_it_cuts(rig):
    """Cam3 on preview by hand; the lease ends, the machine goes on; the cut goes where the hand meant it to."""
    state, _ = fresh(rig)
    now = run(state, 0.0, 3.0)
    state.apply(c.PreviewSet("duo/duo"), HAND, now)
    now = run(state, now, 12.0, speaking=ANNA)
    switcher = state.mix.switcher
    assert switcher.program == "cam1", "the machine has gone on"
    assert (switcher.preview, switcher.preview_by_hand) == ("duo/duo", True)
    state.apply(c.ProgramCut(), HAND, now)
    assert (switcher.program, switcher.preview, switcher.preview_by_hand) == ("duo/duo", "cam1", False)


def test_the_machines_own_cut_to_what_a_hand_has_on_preview_leaves_it_there(rig):
    state, _ = fresh(rig)
    now = run(state, 0.0, 3.0)
    state.apply(c.PreviewSet("cam1"), HAND, now)
    now = run(state, now, 12.0, speaking=ANNA)
    switcher = state.mix.switcher
    assert (switcher.program, switcher.preview) == ("cam1", "cam1")
    state.apply(c.ProgramCut(), HAND, now)
    assert switcher.program == "cam1", "it is on air already, and nothing else comes"


def test_a_transition_that_takes_preview_gives_it_back_and_so_does_a_release(rig):
    for way, seconds in ((c.ProgramAuto("mix", 0.5), 0.6), (c.DirectorRelease(), 0.0)):
        state, _ = fresh(rig)
        now = run(state, 0.0, 3.0)
        state.apply(c.PreviewSet("cam2"), HAND, now)
        state.apply(way, HAND, now)
        now = run(state, now, seconds)
        assert not state.mix.switcher.preview_by_hand
        run(state, now, 9.0, speaking=ANNA)
        assert state.mix.switcher.program == "cam1"


def test_the_machine_shows_its_move_on_preview_while_no_hand_has_it(rig):
    state, _ = fresh(rig)
    now = run(state, 0.0, 6.0, speaking=ANNA)
    shown = []
    for _ in range(100):
        now = run(state, now, 1 / 30, speaking=BEN)
        if state.mix.proposal is not None:
            shown.append(state.mix.switcher.preview == state.mix.proposal.shot)
    assert shown and all(shown)


def test_taking_the_machines_move_leaves_a_hands_preview_alone(rig):
    state, _ = fresh(rig)
    now = run(state, 0.0, 3.0)
    state.apply(c.DirectorLevel("suggest"), HAND, now)
    state.apply(c.PreviewSet("cam2"), HAND, now)
    while state.mix.proposal is None:
        now = run(state, now, 1 / 30, speaking=ANNA)
    state.apply(c.DirectorTake(), HAND, now)
    assert (state.mix.switcher.program, state.mix.switcher.preview) == ("cam1", "cam2")
    assert state.mix.switcher.preview_by_hand


def test_whose_preview_is_survives_being_taken_up_again(rig):
    state, _ = fresh(rig)
    state.apply(c.PreviewSet("cam2"), HAND, 1.0)
    again, _ = fresh(rig)
    again.restore(state.save(2.0), 0.0)
    assert again.mix.switcher.preview_by_hand and again.mix.switcher.preview == "cam2"
