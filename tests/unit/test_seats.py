"""People with several cameras and microphones, and the seats that they take on air."""

from __future__ import annotations

from pathlib import Path

import pytest

from live.base.errors import CommandError, ConfigError
from live.base.hand import Hand
from live.config.load import Show, load_show
from live.control.registry import heard, parse
from live.show import ShowState
from live.show.keeping import kept_of, text_of
from live.sound.hearing import Hearing
from tests.support.shows import SMALL, small_show, write_rig

HAND = Hand("osc 127.0.0.1:1", "127.0.0.1")

RIG = SMALL + "".join(
    f'[[sources]]\nname = "cam{n}"\nkind = "pattern"\n[[microphones]]\nname = "mic{n}"\nsource = "cam{n}"\n'
    for n in (1, 2, 3)
)
TABLE = (
    RIG
    + """
[[seats]]
name = "1"
camera = "cam1"
microphone = "mic1"
[[seats]]
name = "2"
cameras = ["cam2"]
microphones = ["mic2"]
[[people]]
name = "anna"
seat = "1"
[[people]]
name = "ben"
seat = "2"
microphone = "mic3"
"""
)


@pytest.fixture
def show(tmp_path: Path) -> Show:
    return small_show(tmp_path, TABLE)


class Told:
    def __init__(self) -> None:
        self.lines: list[tuple[str, dict]] = []

    def __call__(self, kind: str, by: str, **fields: object) -> None:
        self.lines.append((kind, fields))

    def of(self, kind: str) -> list[dict]:
        return [fields for k, fields in self.lines if k == kind]


def people(show: Show) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    return {p.name: (p.seen_by, p.worn) for p in show.people}


def close_ups(state: ShowState) -> dict[str, str]:
    return {c.shot: c.person for c in state.mix.director._candidates if c.role == "close_up"}


def send(state: ShowState, address: str, *args: object) -> None:
    state.apply(parse(address, args), HAND, 0.0)


# -- the rig ----------------------------------------------------------------------------------------------------------


def test_one_word_and_several_say_the_same(tmp_path: Path) -> None:
    person = '[[people]]\nname = "anna"\ncamera = "cam1"\ncameras = ["cam3", "cam1"]\nmicrophones = ["mic2", "mic1"]\n'
    show = small_show(tmp_path, RIG + person)
    assert people(show) == {"anna": (("cam1", "cam3"), ("mic2", "mic1"))}
    assert {s.id: s.person for s in show.row} == {"cam1": "anna", "cam2": None, "cam3": "anna"}


def test_who_sits_somewhere_has_what_is_there_besides_their_own(show: Show) -> None:
    assert people(show) == {"anna": (("cam1",), ("mic1",)), "ben": (("cam2",), ("mic3", "mic2"))}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ('[[people]]\nname = "anna"\ncameras = ["cam9"]\n', "no source is called cam9"),
        ('[[people]]\nname = "anna"\nmicrophones = ["mic9"]\n', "no microphone is called mic9"),
        ('[[people]]\nname = "anna"\nseat = "9"\n', "no seat is called 9"),
        ('[[seats]]\nname = "1"\ncamera = "cam9"\n', "no source is called cam9"),
        ('[[seats]]\nname = "1"\n[[seats]]\nname = "1"\n', "used twice"),
        (
            '[[seats]]\nname = "1"\n[[people]]\nname = "anna"\nseat = "1"\n[[people]]\nname = "ben"\nseat = "1"\n',
            "anna sits in 1",
        ),
        ('[[people]]\nname = "anna"\nweight = 9\n', "weight"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, wrong: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        load_show(write_rig(tmp_path, RIG + wrong))


def test_a_source_is_watched_for_lips_where_anybody_without_a_microphone_may_sit(tmp_path: Path) -> None:
    seats = '[[seats]]\nname = "1"\ncamera = "cam1"\n[[people]]\nname = "anna"\nmicrophone = "mic1"\n'
    sources = RIG.replace('"pattern"', '"pattern"\nfaces = true')
    heard_there = small_show(tmp_path, sources + seats)
    assert heard_there.rig.face_search(heard_there.rig.source("cam1")).lips is False
    not_heard = small_show(tmp_path, sources + seats + '[[people]]\nname = "ben"\n')
    assert not_heard.rig.face_search(not_heard.rig.source("cam1")).lips is True


# -- on air -----------------------------------------------------------------------------------------------------------


def test_who_takes_a_seat_is_seen_and_heard_there(show: Show) -> None:
    told = Told()
    state = ShowState(show, told)
    assert close_ups(state) == {"cam1": "anna", "cam2": "ben"}
    send(state, "/people/anna/seat", "2")  # where ben sits
    assert people(show) == {"anna": (("cam2",), ("mic2",)), "ben": ((), ("mic3",))}
    assert close_ups(state) == {"cam2": "anna"}
    send(state, "/people/ben/seat", 1)  # surfaces send numbers
    assert close_ups(state) == {"cam1": "ben", "cam2": "anna"}
    assert state.sound.labels["mic1"] == "ben" and state.sound.pictures["mic2"] == ["cam2"]
    shots = {row["id"]: row["person"] for row in told.of("shots")[-1]["shots"]}
    assert shots == {"cam1": "ben", "cam2": "anna", "cam3": None}


def test_a_seat_is_left_without_one(show: Show) -> None:
    state = ShowState(show, Told())
    state.apply(heard("/people/anna/seat", []), HAND, 0.0)  # type: ignore[arg-type]
    assert state.people.seats == {"anna": "", "ben": "2"} and close_ups(state) == {"cam2": "ben"}


def test_a_number_is_a_seat_and_no_button() -> None:
    assert heard("/people/ben/seat", [3]) == heard("/people/ben/seat", ["3"])


def test_a_seat_that_is_not_there_changes_nothing(show: Show) -> None:
    state = ShowState(show, Told())
    with pytest.raises(CommandError, match="no seat is called '9'"):
        send(state, "/people/anna/seat", "9")
    assert state.people.seats == {"anna": "1", "ben": "2"} and state.people.seated == 0


def test_seats_are_kept_and_can_be_taken_back(show: Show, tmp_path: Path) -> None:
    state = ShowState(show, Told())
    send(state, "/people/anna/seat", "2")
    send(state, "/people/anna/weight", 2.0)
    kept, broken = kept_of(text_of(state.save(1.0), 1.0), tmp_path)
    assert not broken
    again = ShowState(small_show(tmp_path, TABLE), Told())
    again.restore(kept, 0.0)
    assert again.people.seats == {"anna": "2", "ben": ""} and again.people.weights == {"anna": 2.0, "ben": 1.0}
    assert close_ups(again) == {"cam2": "anna"}
    send(state, "/show/undo")
    send(state, "/show/undo")
    assert state.people.seats == {"anna": "1", "ben": "2"} and people(show)["anna"] == (("cam1",), ("mic1",))


# -- what somebody else says ------------------------------------------------------------------------------------------


def test_who_is_said_to_speak_speaks_until_nobody_says_so_any_more(show: Show) -> None:
    state = ShowState(show, Told())
    hearing = Hearing({"anna": False, "ben": True})
    state.apply(heard("/people/anna/speaking", [1]), HAND, 10.0)  # type: ignore[arg-type]
    assert state.people.heard(hearing, 12.9).speaking == {"anna": True, "ben": True}
    assert state.people.heard(hearing, 13.1).speaking == {"anna": False, "ben": True}, "the sender fell silent"
    state.apply(heard("/people/anna/speaking", []), HAND, 20.0)  # type: ignore[arg-type]
    state.apply(heard("/people/anna/speaking", [0]), HAND, 20.5)  # type: ignore[arg-type]
    assert state.people.heard(hearing, 20.6) is hearing
