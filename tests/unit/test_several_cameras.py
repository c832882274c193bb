"""Several cameras for one person, and people who count more than others: what the director makes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from live.base.hand import Hand
from live.config.people import Person
from live.config.style import Style, styled
from live.control.registry import parse
from live.director.cost import Candidate
from live.director.director import Director
from live.picture.values import Face
from live.show import ShowState
from live.show.people.views import LOST_S, UNKNOWN, Views, whose
from live.sound.hearing import Hearing
from tests.support.shows import SMALL, small_show
from tests.unit.test_director import FRAME_S, LABELS, STUDIO, Cut, Speech, shots, turns

ANNA2 = Candidate("cam3", "close_up", "anna")
TALK = Style()


def play(
    seconds: float,
    speech: Speech,
    *,
    on_air: str = "wide",
    style: Style = TALK,
    weights: Mapping[str, float] | None = None,
    views: Callable[[float], Mapping[str, float]] = lambda now_s: {},
) -> list[Cut]:
    director = Director((*STUDIO, ANNA2), style, labels=LABELS | {"cam1": "Camera 1", "cam3": "Camera 3"})
    cuts: list[Cut] = []
    since_s = 0.0
    for i in range(round(seconds / FRAME_S)):
        now_s = i * FRAME_S
        hearing = Hearing(dict.fromkeys(speech(now_s), True))
        proposal = director.step(
            now_s,
            hearing=hearing,
            on_air=on_air,
            on_air_since_s=since_s,
            epoch=0,
            weights=weights,
            views=views(now_s),
        )
        if proposal and now_s >= proposal.due_s:
            cuts.append(Cut(now_s, proposal.shot, now_s - since_s, proposal))
            on_air, since_s = proposal.shot, now_s
    return cuts


# -- views ------------------------------------------------------------------------------------------------------------


def test_it_goes_to_the_camera_that_they_look_into() -> None:
    for best, other in (("cam1", "cam3"), ("cam3", "cam1")):
        cuts = play(6.0, turns((2.0, 6.0, "anna")), views=lambda now_s, other=other: {other: 1.0})
        assert shots(cuts) == [best]


def test_with_no_better_view_the_first_camera_is_taken() -> None:
    assert shots(play(6.0, turns((2.0, 6.0, "anna")))) == ["cam1"]


def test_who_turns_away_while_speaking_is_seen_by_the_other_camera_and_it_says_why() -> None:
    cuts = play(
        12.0,
        turns((0.0, 12.0, "anna")),
        on_air="cam1",
        views=lambda now_s: {"cam1": 1.0} if now_s >= 5.0 else {"cam3": 1.0},
    )
    assert shots(cuts) == ["cam3"] and cuts[0].at_s == pytest.approx(5.3, abs=0.3)
    assert cuts[0].proposal.reason == "Anna has turned away from Camera 1, so Anna (Camera 3)"


def test_a_turn_by_half_moves_nothing() -> None:
    assert not play(12.0, turns((0.0, 12.0, "anna")), on_air="cam1", views=lambda now_s: {"cam1": 0.5})


def test_a_view_counts_for_nothing_in_a_rig_with_one_camera_each() -> None:
    speech = turns((2.0, 5.0, "anna"), (5.0, 9.0, "ben"))
    plain = play(9.0, speech)
    assert shots(plain) == shots(play(9.0, speech, views=lambda now_s: {}))


# -- weights ----------------------------------------------------------------------------------------------------------


def first_cut_to(cuts: list[Cut], shot: str) -> float:
    return next((cut.at_s for cut in cuts if cut.shot == shot), float("inf"))


def test_who_counts_more_comes_sooner_and_who_counts_less_later() -> None:
    speech = turns((0.0, 6.0, "anna"), (6.0, 12.0, "ben"))
    at_s = [first_cut_to(play(12.0, speech, on_air="cam1", weights={"ben": w}), "cam2") for w in (2.0, 1.0, 0.8, 0.6)]
    assert at_s[0] <= at_s[1] < at_s[2] < at_s[3]


def test_who_counts_more_is_not_left_while_they_speak() -> None:
    style = styled(TALK, {"reaction_every_s": 5, "reaction_after_s": 5, "change": 1.0, "max_shot_s": 6})
    speech = turns((0.0, 40.0, "anna"), (12.0, 14.5, "ben"))
    assert play(40.0, speech, on_air="cam1", style=style)
    assert not play(40.0, speech, on_air="cam1", style=style, weights={"anna": 3.0})


def test_who_counts_more_is_left_when_another_has_the_floor() -> None:
    cuts = play(12.0, turns((0.0, 6.0, "anna"), (6.0, 12.0, "ben")), on_air="cam1", weights={"anna": 3.0})
    assert shots(cuts) == ["cam2"] and cuts[0].at_s < 8.5


# -- what each camera sees --------------------------------------------------------------------------------------------

ANNA, BEN = Person(name="anna", cameras=["cam1", "cam3"]), Person(name="ben", camera="cam3")


def face(x: float = 0.4, yaw: float = 0.0, person: str = "") -> Face:
    return Face(x, 0.3, 0.1, 0.15, 0.9, 1, yaw, person=person)


def test_a_camera_that_nobody_looks_at_is_half_as_good_and_one_that_finds_nobody_is_bad() -> None:
    views = Views()
    assert views.of("anna", "cam1", 0.0) == UNKNOWN
    views.step(0.0, {"cam1": (face(yaw=-0.8),), "cam3": ()}, [ANNA])
    assert views.of("anna", "cam1", 0.1) == pytest.approx(0.8)
    assert views.of("anna", "cam3", 0.1) == 1.0
    assert views.of("anna", "cam1", LOST_S + 0.1) == 1.0


def test_a_glance_is_no_turn() -> None:
    views = Views()
    for i in range(10):
        views.step(i / 5, {"cam1": (face(),)}, [ANNA])
    views.step(2.0, {"cam1": (face(yaw=1.0),)}, [ANNA])
    assert views.of("anna", "cam1", 2.0) < 0.35
    for i in range(1, 10):
        views.step(2.0 + i / 5, {"cam1": (face(yaw=1.0),)}, [ANNA])
    assert views.of("anna", "cam1", 3.8) > 0.9


def test_two_of_one_camera_are_told_apart_by_name_and_by_place() -> None:
    left, right = face(0.2), face(0.6)
    assert whose(["anna", "ben"], [right, left]) == {"anna": left, "ben": right}
    assert whose(["anna", "ben"], [left]) == {}, "whose it is nobody knows"
    known = face(0.2, person="ben")
    assert whose(["anna", "ben"], [known, right]) == {"ben": known, "anna": right}
    assert whose(["anna"], [face(0.1, person="carla")]) == {}


# -- a whole show -----------------------------------------------------------------------------------------------------

RIG = SMALL + (
    "".join(f'[[sources]]\nname = "cam{n}"\nkind = "pattern"\nfaces = true\n' for n in (1, 2, 3))
    + '[[people]]\nname = "anna"\ncameras = ["cam1", "cam3"]\n[[people]]\nname = "ben"\ncamera = "cam2"\n'
)


def test_the_show_goes_by_the_faces_and_by_who_is_said_to_speak(tmp_path: Path) -> None:
    state = ShowState(small_show(tmp_path, RIG), lambda kind, by, **fields: None)
    assert state.mix.switcher.program == "cam1"
    hand = Hand("script")
    for i in range(300):
        now_s = i / 30
        if i % 15 == 0:
            state.apply(parse("/people/ben/speaking" if now_s < 5 else "/people/anna/speaking", []), hand, now_s)
        looks = {"cam1": (face(yaw=1.0),), "cam2": (face(),), "cam3": (face(yaw=0.1),)} if i % 6 == 0 else {}
        hearing = state.people.heard(Hearing({"anna": False, "ben": False}), now_s)
        state.step(now_s, 1 / 30, hearing=hearing, faces=looks, aspects={})
        if now_s == 5.0:
            assert state.mix.switcher.program == "cam2"
    assert state.mix.switcher.program == "cam3"
    assert "Anna" in state.mix.why or "anna" in state.mix.why
