"""Thumbnails: which shot is drawn small, and when."""

import pytest

from live.base.clock import NS
from live.base.paths import shipped
from live.director.proposal import Proposal
from live.engine.thumbnails import Thumbnails, thumbnailed
from live.picture.format import PictureFormat
from live.shm.frame_ring import FrameRing
from live.shm.memory import ring_name
from live.show import ShowState
from tests.support.shows import PATTERNS, small_show

RIG = PATTERNS.replace('["duo/duo", "cam1", "cam2"]', '["cam1", "duo/duo", "second/duo", "cam2"]') + (
    '[[scenes]]\nname = "second"\npath = "DUO"\ntalent = { left = "cam2", right = "cam1" }\n'
)


@pytest.fixture
def state(tmp_path):
    return ShowState(small_show(tmp_path, RIG.replace("DUO", str(shipped("scenes") / "duo"))), lambda *a, **k: None)


@pytest.fixture
def ring():
    made = FrameRing(ring_name("test"), capacity=480 * 480 * 3 // 2, slots=4)
    yield made
    made.close()


def due(thumbnails, frames):
    """Who is due in each of these frames, nothing being drawn."""
    found = []
    for number in frames:
        thumbnails.choose(number, number / 30)
        found.append(thumbnails.due)
    return found


def test_shots_that_are_made_up_are_glanced_at(state):
    assert thumbnailed(state.show) == ["duo/duo", "second/duo"]


def test_one_a_second_and_only_while_somebody_looks(state, ring):
    thumbnails = Thumbnails(ring, state, PictureFormat(320, 184))
    state.mix.switcher.set_preview("cam2", 0.0)
    assert due(thumbnails, range(90)) == [None] * 90
    state.session.want_preview_until_s = 60.0
    assert [n for n, shot in enumerate(due(thumbnails, range(90))) if shot] == [0, 30, 60]


def test_what_is_on_a_bus_is_seen_there(state, ring):
    thumbnails = Thumbnails(ring, state, PictureFormat(320, 184))
    state.session.want_preview_until_s = 60.0
    state.mix.switcher.cut("duo/duo", 0.0)
    state.mix.switcher.set_preview("second/duo", 0.0)
    assert due(thumbnails, [0, 30, 60]) == [None] * 3
    state.mix.switcher.set_preview("cam1", 0.0)
    assert due(thumbnails, [90]) == ["second/duo"]


def test_without_time_it_is_due_again(state, ring):
    thumbnails = Thumbnails(ring, state, PictureFormat(320, 184))
    state.session.want_preview_until_s = 60.0
    state.mix.switcher.set_preview("cam2", 0.0)
    first = due(thumbnails, [0])[0]
    thumbnails.draw(None, 0, 0, {}, has_time=False, whole=lambda: True)
    assert ring.count == 0 and thumbnails.due is None
    assert due(thumbnails, [30]) == [first]


def test_off_line_there_are_none(state):
    thumbnails = Thumbnails(None, state, PictureFormat(320, 184))
    state.session.want_preview_until_s = 60.0
    assert due(thumbnails, [0]) == [None]
    thumbnails.draw(None, 0, NS, {}, has_time=True, whole=lambda: True)


def test_the_machines_next_move_has_a_fresh_picture(state, ring):
    thumbnails = Thumbnails(ring, state, PictureFormat(320, 184))
    state.session.want_preview_until_s = 60.0
    state.mix.switcher.set_preview("cam2", 0.0)
    state.mix.proposal = Proposal("second/duo", 0.0, 5.0, "why", 0.0, None, None, 0.0, 0, ())
    assert [n for n, shot in enumerate(due(thumbnails, range(24))) if shot == "second/duo"] == [0, 6, 12, 18]
    state.mix.switcher.set_preview("second/duo", 0.0)
    assert due(thumbnails, [30]) == ["duo/duo"], "on a bus it is seen there"
