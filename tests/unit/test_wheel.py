"""Tokens between directors, suggestions for a human, shots left alone, sensors lost: the whole of it through
commands."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live.base.errors import CommandError
from live.base.hand import Hand
from live.director.authority import TOKEN_S, Level
from live.director.suggestions import LIMIT, STANDS_S, Suggestions
from live.picture.values import Face
from live.show import ShowState
from live.show import commands as c
from live.show.authority.sensors import EARLY_S, LOST_S
from live.show.cuts.mix import CUTS, PATIENCE_S
from live.sound.hearing import Hearing
from tests.support.shows import SMALL, small_show

RIG = (
    SMALL
    + """
shots = ["cam1", "cam2", "duo/duo"]
start = "duo/duo"
[[sources]]
name = "cam1"
kind = "pattern"
[[sources]]
name = "cam2"
kind = "pattern"
[[sources]]
name = "roaming"
kind = "pattern"
[[microphones]]
name = "mic1"
source = "cam1"
[[people]]
name = "anna"
title="Anna Berg"
line = "Mayor"
microphone = "mic1"
camera = "cam1"
[[people]]
name = "ben"
title="Ben"
[[scenes]]
name = "duo"
talent = { left = "roaming", right = "roaming" }
[[graphics]]
name = "lower"
off_after_s = 3.0
fields = { title = "", subtitle = "" }
"""
)
DT_S = 0.1
LOCAL, REMOTE, OTHER = (Hand(f"osc {host}:4000", host) for host in ("127.0.0.1", "10.0.0.5", "10.0.0.6"))
SILENT = Hearing({"anna": False, "ben": False})


class Log(list):
    def __call__(self, kind, by, **more):
        self.append({"kind": kind, "by": by, **more})


@pytest.fixture(scope="module")
def rig(tmp_path_factory):
    return small_show(tmp_path_factory.mktemp("rig"), RIG)


@pytest.fixture
def show(rig):
    log = Log()
    state = ShowState(rig, log)
    state.lines = log
    state.apply(c.DirectorLevel("off"), LOCAL, 0.0)
    return state


def run(state, now_s, seconds, hearing=SILENT, **more):
    for n in range(round(seconds / DT_S)):
        state.step(
            now_s + n * DT_S,
            DT_S,
            hearing=hearing,
            faces=more.get("faces", {}),
            aspects={},
            deaf=more.get("deaf", False),
        )
    return now_s + seconds


# -- tokens


def test_a_token_keeps_other_hands_off_a_domain_and_only_that(show):
    show.apply(c.AuthorityClaim("cuts"), REMOTE, 0.0)
    with pytest.raises(CommandError, match=r"10\.0\.0\.5:4000 has the cuts"):
        show.apply(c.ProgramCut("cam1"), OTHER, 1.0)
    assert show.mix.switcher.program == "duo/duo"
    show.apply(c.GraphicShow("lower"), OTHER, 1.0)
    show.apply(c.ProgramCut("cam1"), REMOTE, 1.0)
    assert show.mix.switcher.program == "cam1" and show.graphics["lower"].visible


@pytest.mark.parametrize("command", [c.PersonSeat("anna"), c.PersonWeight("anna", 2.0), c.PersonOnCall("anna")])
def test_who_counts_and_who_sits_where_is_for_whoever_has_the_cuts(show, command):
    show.apply(c.AuthorityClaim("cuts"), REMOTE, 0.0)
    with pytest.raises(CommandError, match=r"10\.0\.0\.5:4000 has the cuts"):
        show.apply(command, OTHER, 1.0)
    show.apply(command, REMOTE, 1.0)
    show.apply(c.PersonSpeaks("anna"), OTHER, 1.0)
    assert show.people.told(1.0) == ["anna"], "a conference system says what is the case"


def test_who_sits_at_the_show_wins_a_tie_and_the_other_does_not(show):
    show.apply(c.AuthorityClaim("cuts"), REMOTE, 0.0)
    with pytest.raises(CommandError, match="ask them to yield"):
        show.apply(c.AuthorityClaim("cuts"), OTHER, 1.0)
    show.apply(c.AuthorityClaim("cuts"), LOCAL, 1.0)
    with pytest.raises(CommandError, match=r"127\.0\.0\.1:4000 has the cuts"):
        show.apply(c.AuthorityClaim("cuts"), REMOTE, 2.0)
    show.apply(c.AuthorityYield("cuts"), LOCAL, 3.0)
    show.apply(c.ProgramCut("cam1"), OTHER, 3.0)
    assert show.mix.switcher.program == "cam1"


def test_an_owner_who_has_gone_quiet_loses_the_token(show):
    show.apply(c.AuthorityClaim("cuts"), REMOTE, 0.0)
    show.apply(c.PreviewSet("cam2"), REMOTE, 30.0)  # a sign of life
    with pytest.raises(CommandError):
        show.apply(c.ProgramCut("cam1"), OTHER, 30.0 + TOKEN_S - 0.1)
    show.apply(c.ProgramCut("cam1"), OTHER, 30.0 + TOKEN_S)
    assert show.mix.switcher.program == "cam1"


def test_panic_is_everybodys_whoever_has_the_token(show):
    show.apply(c.AuthorityClaim("cuts"), REMOTE, 0.0)
    show.apply(c.ShowPanic(), OTHER, 1.0)
    assert show.session.panic and show.authority.view(CUTS, now_s=1.0).level is Level.OFF


def test_a_domain_that_is_not_there_is_named(show):
    with pytest.raises(CommandError, match="no domain is called 'weather'.*one of: cuts, framing, graphics"):
        show.apply(c.AuthorityClaim("weather"), LOCAL, 0.0)


@pytest.mark.parametrize(
    ("host", "local"),
    [("", True), ("127.0.0.1", True), ("::1", True), ("::ffff:127.0.0.1", True), ("10.0.0.5", False), ("::2", False)],
)
def test_who_is_at_this_machine(host, local):
    assert Hand("somebody", host).local is local


# -- names to approve


def test_a_name_is_suggested_once_its_person_is_on_air_and_shown_only_by_a_human(show):
    show.apply(c.ProgramCut("cam1"), LOCAL, 0.0)
    now = run(show, 0.0, 0.9)
    assert not show.wheel.suggestions.standing
    now = run(show, now, 3.0)
    (offered,) = show.wheel.suggestions.standing
    assert offered.text == "Name Anna Berg" and "has not been named" in offered.reason
    assert not show.graphics["lower"].visible, "it only suggests"
    show.apply(c.SuggestionTake(), LOCAL, now)
    assert show.graphics["lower"].visible and show.graphics["lower"].fields == {
        "title": "Anna Berg",
        "subtitle": "Mayor",
    }
    now = run(show, now, 2.9)
    assert show.graphics["lower"].visible
    now = run(show, now, 0.5)
    assert not show.graphics["lower"].visible, "it has been on long enough"
    run(show, now, 60.0)
    assert not show.wheel.suggestions.standing, "she has been named"


def test_a_graphic_that_a_hand_touches_after_a_suggestion_stays(show):
    show.apply(c.ProgramCut("cam1"), LOCAL, 0.0)
    now = run(show, 0.0, 2.0)
    show.apply(c.SuggestionTake(), LOCAL, now)
    now = run(show, now, 1.0)
    show.apply(c.GraphicSet("lower", "title", "Dr Berg"), LOCAL, now)
    run(show, now, 30.0)
    assert show.graphics["lower"].visible


def test_a_name_is_withdrawn_when_its_person_leaves_the_air(show):
    show.apply(c.ProgramCut("cam1"), LOCAL, 0.0)
    now = run(show, 0.0, 2.0)
    show.apply(c.ProgramCut("cam2"), LOCAL, now)
    run(show, now, 0.2)
    assert not show.wheel.suggestions.standing


def test_a_dropped_name_is_not_suggested_again_until_its_time(show):
    show.apply(c.ProgramCut("cam1"), LOCAL, 0.0)
    now = run(show, 0.0, 2.0)
    show.apply(c.SuggestionDrop(0, 1.0), LOCAL, now)
    now = run(show, now, 58.0)
    assert not show.wheel.suggestions.standing
    run(show, now, 4.0)
    assert [s.text for s in show.wheel.suggestions.standing] == ["Name Anna Berg"]


def test_a_recognised_face_is_a_name_to_approve(show):
    show.apply(c.ProgramCut("roaming"), LOCAL, 0.0)
    run(
        show, 0.0, 2.0, faces={"roaming": (Face(0.4, 0.2, 0.1, 0.2, 0.9, person="ben"), Face(0.7, 0.3, 0.05, 0.1, 0.9))}
    )
    assert [s.text for s in show.wheel.suggestions.standing] == ["Name Ben"]


def test_a_graphic_whose_level_is_off_is_not_suggested(show):
    show.apply(c.GraphicLevel("lower", "off"), LOCAL, 0.0)
    show.apply(c.ProgramCut("cam1"), LOCAL, 0.0)
    run(show, 0.0, 5.0)
    assert not show.wheel.suggestions.standing


def test_panic_suggests_nothing(show):
    show.apply(c.ProgramCut("cam1"), LOCAL, 0.0)
    show.apply(c.ShowPanic(), LOCAL, 0.0)
    run(show, 0.0, 5.0)
    assert not show.wheel.suggestions.standing


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.floats(0, 30)), max_size=60))
@settings(max_examples=100, deadline=None)
def test_the_queue_stays_short_and_nothing_stands_too_long(offers):
    queue, now_s, made = Suggestions(), 0.0, {}
    for text, wait_s in offers:
        now_s += wait_s
        queue.step(now_s)
        if (s := queue.offer(now_s, domain="graphics", target="lower", text=text, reason="r", does=())) is not None:
            made[s.id] = now_s
        assert len(queue.standing) <= LIMIT
        assert len({s.text for s in queue.standing}) == len(queue.standing)
        assert all(now_s - made[s.id] <= STANDS_S for s in queue.standing)


# -- never this again


def test_a_banned_shot_is_left_alone_until_its_time(rig):
    state = ShowState(rig, Log())
    anna = Hearing({"anna": True, "ben": False})
    state.apply(c.DirectorNever(0.5, "cam1"), LOCAL, 0.0)
    now = 0.0
    while now < 29.0:
        state.step(now, DT_S, hearing=anna, faces={}, aspects={})
        assert state.mix.switcher.program != "cam1" and (
            state.mix.proposal is None or state.mix.proposal.shot != "cam1"
        )
        now += DT_S
    run(state, now, 5.0, anna)
    assert state.mix.switcher.program == "cam1"


def test_never_takes_what_is_proposed_and_says_so_when_nothing_is(rig):
    state = ShowState(rig, log := Log())
    with pytest.raises(CommandError, match="proposes nothing now.*name a shot"):
        state.apply(c.DirectorNever(), LOCAL, 0.0)
    now, anna = 0.0, Hearing({"anna": True, "ben": False})
    while state.mix.proposal is None:
        state.step(now, DT_S, hearing=anna, faces={}, aspects={})
        now += DT_S
        assert now < 10
    shot = state.mix.proposal.shot
    state.apply(c.DirectorNever(10.0), LOCAL, now)
    assert state.mix.proposal is None and shot in state.mix.banned
    assert log[-1]["kind"] == "override" and log[-1]["vetoed"] == shot


# -- sensors, locks, boundaries


def test_a_director_that_hears_nobody_is_lowered_once_and_never_raised(rig):
    state = ShowState(rig, log := Log())
    now = run(state, EARLY_S, LOST_S - 0.2, deaf=True)
    assert state.authority.view(CUTS, now_s=now).level is Level.AUTO
    now = run(state, now, 10.0, deaf=True)
    assert state.authority.view(CUTS, now_s=now).level is Level.ARMED
    now = run(state, now, 10.0)
    assert state.authority.view(CUTS, now_s=now).level is Level.ARMED, "only a human raises it"
    now = run(state, now, 10.0, deaf=True)
    assert state.authority.view(CUTS, now_s=now).level is Level.SUGGEST, "lost again"
    assert [line["reason"] for line in log if "demoted" in line] == ["no microphone is heard"] * 2


@pytest.mark.parametrize("hand", [False, True])
def test_what_was_only_slow_at_the_start_brings_the_level_back_unless_a_hand_set_one(rig, hand):
    state = ShowState(rig, log := Log())
    now = run(state, 0.0, 4.0, deaf=True)
    assert state.authority.view(CUTS, now_s=now).level is Level.ARMED
    if hand:
        state.apply(c.DirectorLevel("suggest"), LOCAL, now)
    now = run(state, now, 1.0)
    view = state.authority.view(CUTS, now_s=now)
    assert view.level is (Level.SUGGEST if hand else Level.AUTO)
    assert ("slow to come" in view.why) is not hand and ([line for line in log if "recovered" in line] == []) is hand
    now = run(state, now + 60.0, 4.0, deaf=True)
    now = run(state, now, 10.0)
    lower = Level.OFF if hand else Level.ARMED
    assert state.authority.view(CUTS, now_s=now).level is lower, "one that was lost in the show stays lost"


def test_a_lock_outlasts_levels_and_releases(rig):
    state = ShowState(rig, Log())
    state.apply(c.DirectorLock(), LOCAL, 0.0)
    state.apply(c.DirectorLevel("auto"), LOCAL, 0.0)
    state.apply(c.DirectorRelease(), LOCAL, 0.0)
    now = run(state, 0.0, 20.0, Hearing({"anna": True, "ben": False}))
    assert state.mix.switcher.program == "duo/duo" and state.mix.proposal is None
    state.apply(c.DirectorUnlock(), LOCAL, now)
    run(state, now, 5.0, Hearing({"anna": True, "ben": False}))
    assert state.mix.switcher.program == "cam1"


def test_a_hold_ends_between_words_but_does_end(rig):
    for in_pause, ends_after_s in ((True, 0.0), (False, PATIENCE_S)):
        state = ShowState(rig, Log())
        state.apply(c.DirectorHold(4.0), LOCAL, 0.0)  # the lease of a hand on the cuts is 5 s
        hearing = Hearing({"anna": True, "ben": False}, in_pause)
        now = run(state, 0.0, 5.0 + ends_after_s - 0.2, hearing)
        assert state.authority.view(CUTS, now_s=now).held
        now = run(state, now, 0.6, hearing)
        assert not state.authority.view(CUTS, now_s=now).held


def test_an_operator_that_sees_nobody_is_lowered_and_only_where_it_sees_nobody(rig):
    state = ShowState(rig, log := Log())
    for axis in ("pan", "tilt", "zoom"):
        for camera in ("cam1", "cam2"):
            state.authority.set_level(("framing", f"{camera}/{axis}"), Level.AUTO, now_s=0.0)
    for n in range(40):
        state.step(n * DT_S, DT_S, hearing=SILENT, faces={}, aspects={}, blind={"cam1"})
    for camera, level in (("cam1", Level.ARMED), ("cam2", Level.AUTO)):
        assert {
            state.authority.view(("framing", f"{camera}/{axis}"), now_s=4.0).level for axis in ("pan", "tilt", "zoom")
        } == {level}
    assert "nobody looks at the pictures of cam1" in log[-1]["reason"]


def test_a_camera_that_lost_its_subject_on_air_offers_a_way_out(rig):
    state = ShowState(rig, Log())
    state.apply(c.DirectorLevel("off"), LOCAL, 0.0)
    for axis in ("pan", "tilt", "zoom"):
        state.authority.set_level(("framing", f"cam1/{axis}"), Level.AUTO, now_s=0.0)
    face = Face(0.45, 0.3, 0.1, 0.2, 0.9, track=1)
    now = 0.0
    for n in range(30):  # framed off air, then cut to
        state.step(now, DT_S, hearing=SILENT, faces={"cam1": (face,)} if n % 2 == 0 else {}, aspects={})
        now += DT_S
    state.apply(c.ProgramCut("cam1"), LOCAL, now)
    while not any(s.domain == "cuts" for s in state.wheel.suggestions.standing):
        state.step(now, DT_S, hearing=SILENT, faces={"cam1": ()}, aspects={})
        now += DT_S
        assert now < 20
    (offered,) = [s for s in state.wheel.suggestions.standing if s.domain == "cuts"]
    assert (
        offered.text == "Cut away to duo"
        or offered.text.startswith("Cut away to ")
        and "left the frame" in offered.reason
    )
    state.apply(c.SuggestionTake(offered.id), LOCAL, now)
    assert state.mix.switcher.program == "duo/duo"
