"""Enrolled people: what is kept, where, for whose eyes; and the rules by which a name is put to a face."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import numpy as np
import pytest

from live.base import enrolled as people
from live.base.enrolled import LENGTH, Enrolled, Vector
from live.base.errors import PeopleError
from live.picture.values import Face
from live.shm.memory import ring_name
from live.shm.status import StatusBlock
from live.vision import recognise
from live.vision.recognise import Recognition, named
from live.vision.telling import BOARD, publish_faces, read_faces


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIVE_DATA", str(tmp_path))
    return tmp_path


def vector(n: int, off: float = 0.0) -> Vector:
    """Person n's; two are 1.0 apart. off: how far from their best look, away from everybody."""
    v = np.zeros(LENGTH, np.float32)
    v[n], v[100 + n] = np.sqrt(0.5), off
    return v


def face(track: int, x: float = 0.4, width: float = 0.1, yaw: float = 0.0) -> Face:
    return Face(x, 0.3, width, width, 0.9, track, yaw)


# -- what is kept -----------------------------------------------------------------------------------------------------


def test_who_is_added_is_kept_for_the_owner_only(data: Path) -> None:
    people.add("anna", [vector(1), vector(1, 0.1)], "Anna Berg")
    file = data / "people" / "anna.json"
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [p.name for p in file.parent.iterdir()] == ["anna.json"]
    anna = people.load("anna")
    assert (anna.label, anna.vectors.shape) == ("Anna Berg", (2, LENGTH))
    assert people.names() == ["anna"]


def test_more_looks_are_added_up_to_a_limit() -> None:
    people.add("anna", [vector(1)], "Anna Berg")
    for i in range(people.MOST):
        people.add("anna", [vector(1, i / 100)])
    anna = people.load("anna")
    assert len(anna.vectors) == people.MOST and anna.title == "Anna Berg"
    assert anna.vectors[-1] == pytest.approx(vector(1, (people.MOST - 1) / 100), abs=1e-4)


def test_who_is_removed_is_gone(data: Path) -> None:
    people.add("anna", [vector(1)])
    before = people.stamp()
    people.remove("anna")
    assert list((data / "people").iterdir()) == [] and people.names() == [] and people.stamp() != before
    with pytest.raises(PeopleError, match="live people list"):
        people.remove("anna")


@pytest.mark.parametrize("name", ["", "Anna", "../x", "a b", "x" * 41, "é"])
def test_a_name_is_no_path(name: str, data: Path) -> None:
    with pytest.raises(PeopleError, match="lower-case letters"):
        people.add(name, [vector(1)])
    assert not (data / "people").exists()


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", '{"kind": "other", "vectors": [[1]]}', '{"kind": "dlib-resnet-v1", "vectors": [[1, 2]]}']
)
def test_a_damaged_file_says_what_to_do(text: str, data: Path) -> None:
    people.add("anna", [vector(1)])
    (data / "people" / "anna.json").write_text(text)
    with pytest.raises(PeopleError, match="live people remove anna"):
        people.load("anna")


# -- whose face it is -------------------------------------------------------------------------------------------------

ANNA, BEN = Enrolled("anna", np.stack([vector(1)])), Enrolled("ben", np.stack([vector(2)]))


def test_the_nearest_is_named_unless_two_are_alike() -> None:
    assert people.nearest(vector(1, 0.3), [ANNA, BEN]).name == "anna"
    twin = Enrolled("twin", np.stack([vector(1, 0.03)]))
    assert people.nearest(vector(1), [ANNA, twin, BEN]).name == ""
    assert people.nearest(vector(1), []) == people.Match("", float("inf"))


def desk(*enrolled: Enrolled) -> Recognition:
    r = Recognition()
    r.enrolled(enrolled)
    return r


def live(r: Recognition, start_s: float, end_s: float, faces: list[Face], who: dict[int, Vector]) -> list[float]:
    """Five looks a second at the same faces; returns when the network was asked."""
    asked = []
    for i in range(round((end_s - start_s) * 5)):
        now_s = start_s + i / 5
        r.see(now_s, "cam", faces)
        if (wanted := r.next(now_s, {"cam": 1280})) is not None:
            asked.append(now_s)
            r.learn(now_s, "cam", wanted[1].track, who[wanted[1].track])
    return asked


def test_a_sure_look_names_at_once_and_is_repeated_seldom() -> None:
    r = desk(ANNA, BEN)
    asked = live(r, 0.0, 40.0, [face(1)], {1: vector(1, 0.2)})
    assert r.known() == {"cam": {1: (1, "anna")}}
    assert asked == pytest.approx([0.0, recognise.SELDOM_S, 2 * recognise.SELDOM_S], abs=0.21)


def test_an_unsure_look_names_on_the_second() -> None:
    r = desk(ANNA, BEN)
    who = {1: vector(1, 0.45)}
    live(r, 0.0, 0.2, [face(1)], who)
    assert r.known() == {"cam": {}}
    live(r, 0.2, 3.0, [face(1)], who)
    assert r.known() == {"cam": {1: (1, "anna")}}


def test_a_stranger_stays_one_and_is_asked_less_and_less() -> None:
    r = desk(ANNA, BEN)
    asked = live(r, 0.0, 60.0, [face(1)], {1: vector(3)})
    assert r.known() == {"cam": {}}
    assert len([t for t in asked if t < 10]) == 5 and len(asked) <= 9


def test_one_look_at_a_time_even_in_a_crowd() -> None:
    asked = live(
        desk(ANNA), 0.0, 6.0, [face(n, 0.1 * n) for n in range(1, 9)], {n: vector(n + 10) for n in range(1, 9)}
    )
    assert min(b - a for a, b in zip(asked, asked[1:], strict=False)) >= recognise.EVERY_S - 1e-6
    assert len(asked) >= 12


@pytest.mark.parametrize("bad", [face(1, yaw=0.95), face(1, width=0.03), Face(0.4, 0.3, 0.1, 0.1, 0.9)])
def test_who_is_seen_badly_is_not_looked_at(bad: Face) -> None:
    assert live(desk(ANNA), 0.0, 5.0, [bad], {0: vector(1), 1: vector(1)}) == []


def test_a_track_that_comes_back_as_somebody_else_loses_the_name() -> None:
    r = desk(ANNA, BEN)
    live(r, 0.0, 2.0, [face(1)], {1: vector(1)})
    r.see(60.0, "cam", [face(1)])
    assert r.known() == {"cam": {}}  # not before they are looked at
    live(r, 60.0, 61.0, [face(1)], {1: vector(2)})
    assert r.known() == {"cam": {1: (1, "ben")}}


def test_who_comes_back_under_another_number_gets_the_old_one() -> None:
    r = desk()
    live(r, 0.0, 2.0, [face(1), face(2, 0.7)], {1: vector(5), 2: vector(6)})
    live(r, 30.0, 32.0, [face(3)], {3: vector(5, 0.2)})
    assert r.known() == {"cam": {3: (1, "")}}
    assert [f.track for f in named([face(3), face(2)], r.known()["cam"])] == [1, 2]


def test_who_is_removed_is_named_no_more_and_who_is_enrolled_is_named_without_a_look() -> None:
    r = desk(ANNA)
    live(r, 0.0, 2.0, [face(1), face(2, 0.7)], {1: vector(1), 2: vector(2)})
    r.enrolled([BEN])
    assert r.known() == {"cam": {2: (2, "ben")}}


# -- between processes ------------------------------------------------------------------------------------------------


def test_faces_cross_a_process_as_they_are() -> None:
    status = StatusBlock(ring_name("t"), create=True, board=BOARD)
    try:
        assert read_faces(status) == (0.0, ())
        faces = tuple(Face(0.1 * n, 0.2, 0.1, 0.15, 0.9, n, -0.5, 0.25) for n in range(1, 9))
        publish_faces(status, faces, 2_500_000_000)
        assert read_faces(status) == (2.5, faces)
        publish_faces(status, faces[:1] + faces * 2, 3_000_000_000)
        assert len(read_faces(status)[1]) == 8
        status.board["time_s"] = 0.0  # being written
        assert read_faces(status) == (0.0, ())
    finally:
        status.close()
