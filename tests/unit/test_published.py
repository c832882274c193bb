"""What is published goes to OSC and JSON and comes back the same, whatever it is."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live.control.osc import decode, encode
from live.control.published import (
    FieldSpec,
    Published,
    PublishedSpec,
    Replica,
    all_published,
    as_json,
    find,
    unit_of,
)
from live.control.state import StateTree
from live.show.cuts.published import NextMove, ProgramTransition, ShotOnKey
from live.show.sound.published import SILENCE_DB, MicrophoneStatus

# Every path that 0.1.0 published, holes as *, and the OSC types of its values: recorded from a show with everything,
# and out of its docs/state.md. What comes of later versions goes to the end of a path's values.
OF_0_1_0 = """
authority/*/owner s, aux/* ss, captions/latency fff, captions/lines ss, captions/partial s, captions/visible i,
colour/*/grade ffffff, colour/*/look s, colour/*/match siifffff,
director/hold f, director/level s, director/locked i, director/never s..., director/next ssffsf, director/style ss,
director/style/* f, director/styles s..., director/why s, drops iiiii, dsk/* ifsis, error s, feeds/* i, frame i,
framing/*/crop fff, framing/*/held s..., framing/*/hold i, framing/*/level s,
graphics/*/field/* s, graphics/*/visible i,
keying/*/key sss, keying/*/masks i, keying/*/numbers sf..., keying/*/screen s, late i,
layers/* s..., layers/*/*/crop ffff, layers/*/*/look ff, layers/*/*/rect ffff, layers/*/*/shown if, layers/*/*/source s,
layers/*/positions s..., microphones/*/gain f, microphones/*/level fi, microphones/*/mute i,
multiviews/* sisi, multiviews/*/made ii, multiviews/*/window/* ssssffff, outputs/*/status ssss,
people/*/seen s, people/*/speaking i, people/enrolled s..., people/said s,
players/* sisffi, players/*/clips s..., players/*/cue sf, players/*/cues s..., players/*/gain f, players/*/loop i,
players/*/next s, preview/rehearsal isf, preview/shot s,
program/ftb if, program/setting sf, program/shot s, program/tbar f, program/transition sfs, program/transitions s...,
rings/feed/* siif, rings/glances ss..., rings/preview s, rings/program s, rings/source/* s, shots/* sss,
show/delay f, show/panic i, show/rate f, show/time f, show/timecode s, show/title s,
sources/*/label s, sources/*/status sfs, sources/*/tally s, suggestions/* isssi, workers/* ii
"""

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
NAME = st.from_regex(r"[a-z0-9_.-]{1,12}", fullmatch=True)
ONE: dict[type, st.SearchStrategy[Any]] = {
    str: TEXT,
    bool: st.booleans(),
    int: st.integers(-(2**31), 2**31 - 1),
    float: st.floats(width=32, allow_nan=False, allow_infinity=False),
}


def one(kind: type) -> st.SearchStrategy[Any]:
    return ONE[kind] if kind in ONE else st.sampled_from(list(kind))  # type: ignore[call-overload]


def of(field: FieldSpec) -> st.SearchStrategy[Any]:
    if field.in_address:
        return NAME if field.type is str else st.integers(1, 99)
    if field.pair:
        return st.lists(st.tuples(*(one(t) for t in field.pair)), max_size=4).map(tuple)
    return st.lists(one(field.type), max_size=4).map(tuple) if field.many else one(field.type)


def examples(spec: PublishedSpec) -> st.SearchStrategy[Published]:
    every = [*spec.holes, *(f for part in spec.parts for f in part.fields)]
    return st.fixed_dictionaries({f.name: of(f) for f in every}).map(lambda given: spec.cls(**given))


SPECS = all_published()
EVERY = st.sampled_from(SPECS).flatmap(examples)


def holes(value: Published) -> tuple[Any, ...]:
    return tuple(getattr(value, hole.name) for s in SPECS if s.cls is type(value) for hole in s.holes)


def put(*values: Published) -> StateTree:
    tree = StateTree()
    for value in values:
        tree.put(value)
    return tree


def back(value: Published, messages: dict[str, Any]) -> Published:
    replica = Replica(messages)
    spec = next(s for s in SPECS if s.cls is type(value))
    return replica.get(spec.cls, *holes(value))


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.cls.__name__)
def test_every_one_goes_through_osc_and_back(spec: PublishedSpec) -> None:
    @settings(max_examples=30)
    @given(examples(spec))
    def there_and_back(value: Published) -> None:
        messages = dict(put(value).items())
        assert all(type(v) in (str, int, float) for values in messages.values() for v in values)
        assert back(value, messages) == value
        assert back(value, dict(m for p, v in messages.items() for m in decode(encode(p, *v)))) == value

    there_and_back()


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.cls.__name__)
def test_every_one_goes_through_json_and_back(spec: PublishedSpec) -> None:
    @settings(max_examples=30)
    @given(examples(spec))
    def there_and_back(value: Published) -> None:
        named: dict[str, Any] = {}
        for path, values in put(value).items():
            named |= json.loads(json.dumps(as_json(path, values)))
        made = spec.cls(*holes(value), **{name: frozen(v) for name, v in named.items()})
        assert made == value

    there_and_back()


def frozen(value: Any) -> Any:
    return tuple(frozen(v) for v in value) if isinstance(value, list) else value


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.cls.__name__)
def test_every_one_is_documented(spec: PublishedSpec) -> None:
    assert spec.doc.endswith(".")
    assert all(f.arg.doc for part in spec.parts for f in part.fields), "a value without a word about it"


def test_every_path_of_0_1_0_is_there_and_has_its_values_where_they_were() -> None:
    now = {
        re.sub(r"<\w+>", "*", part.address): "".join(field.osc_type for field in part.fields)
        for spec in SPECS
        for part in spec.parts
    }
    before = [entry.split() for entry in OF_0_1_0.replace("\n", " ").split(",")]
    assert len(before) > 80
    assert {path: now.get(f"/state/{path}", "")[: len(types)] for path, types in before} == dict(before)


def test_no_address_and_no_class_is_there_twice() -> None:
    addresses = [part.address for spec in SPECS for part in spec.parts]
    assert len(set(addresses)) == len(addresses)
    names = [spec.cls.__name__ for spec in SPECS]
    assert len(set(names)) == len(names)


@given(EVERY, EVERY)
def test_only_the_paths_that_changed_are_sent_and_only_once(one: Published, other: Published) -> None:
    tree = put(one)
    first = tree.take_changes()
    tree.put(one)
    assert not tree.take_changes()
    tree.put(other)
    changed = tree.take_changes()
    assert all(first.get(path) != values for path, values in changed.items())
    assert dict(tree.items()) == first | changed


def test_a_value_of_which_a_part_changed_sends_that_part() -> None:
    tree = put(MicrophoneStatus("mic1", -20.0))
    tree.take_changes()
    tree.put(MicrophoneStatus("mic1", -20.0, muted=True))
    assert tree.take_changes() == {"/state/microphones/mic1/mute": (1,)}


def test_what_was_never_heard_reads_as_its_default() -> None:
    replica = Replica()
    assert replica.get(ProgramTransition) == ProgramTransition("cut", 0.0, "")
    assert replica.get(MicrophoneStatus, "mic1").level_db == SILENCE_DB
    assert replica.all(MicrophoneStatus) == () and MicrophoneStatus not in replica


def test_what_came_in_pieces_is_put_together() -> None:
    replica = Replica({"/state/microphones/mic1/level": (-20.5, 1)})
    replica.update([("/state/microphones/mic1/mute", (1,)), ("/state/microphones/mic1/gain", ("loud",))])
    assert replica.all(MicrophoneStatus) == (MicrophoneStatus("mic1", -20.5, True, 0.0, True),)


def test_numbered_ones_come_in_the_order_of_their_numbers() -> None:
    replica = Replica({f"/state/shots/{n}": (f"s{n}", "", "") for n in (10, 2, 1)})
    assert [shot.key for shot in replica.all(ShotOnKey)] == [1, 2, 10]


def test_a_client_of_before_and_one_of_later_get_along() -> None:
    replica = Replica({"/state/director/next": ("cam1", "because"), "/state/program/transition": ("mix", 0.5, "a", 7)})
    assert replica.get(NextMove) == NextMove("cam1", "because")
    assert replica.get(ProgramTransition) == ProgramTransition("mix", 0.5, "a")
    replica.clear()
    assert NextMove not in replica and not replica.paths


ODD = st.one_of(st.integers(), st.floats(), st.text(max_size=5), st.none(), st.booleans(), st.binary(max_size=3))


@given(EVERY, st.lists(ODD, max_size=9).map(tuple))
def test_whatever_comes_it_has_the_right_types(value: Published, values: tuple[Any, ...]) -> None:
    spec = next(s for s in SPECS if s.cls is type(value))
    for path in spec.paths(value):
        replica = Replica({path: values})
        read = replica.get(spec.cls, *holes(value))
        for part in spec.parts:
            for field in part.fields:
                kind = tuple if field.many else field.type
                assert isinstance(getattr(read, field.name), kind)


@given(st.text(max_size=40), st.lists(TEXT, max_size=6).map("/".join))
def test_a_path_that_is_nothing_is_nothing(text: str, tail: str) -> None:
    for path in (text, f"/state/{tail}"):
        found = find(path)
        assert found is None or Replica({path: ()}).get(found[0].cls, *found[2]) is not None


def test_names_carry_units() -> None:
    gain = next(f for s in SPECS if s.cls is MicrophoneStatus for p in s.parts for f in p.fields if f.name == "gain_db")
    assert gain.unit == "dB" and unit_of("left_s", gain.arg) == "s" and unit_of("shots", gain.arg) == ""


def test_a_whole_number_in_a_float_s_place_is_sent_as_a_float() -> None:
    (values,) = dict(put(ProgramTransition("mix", 1)).items()).values()
    assert [type(v) for v in values] == [str, float, str]
