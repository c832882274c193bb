"""Scenarios: several commands in one frame, as the rig has them."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from live.base.errors import CommandError
from live.base.hand import Hand
from live.cli.app import app
from live.control.registry import parse, to_message
from live.control.typed import typed
from live.show import ShowState
from live.show.keeping import kept_of, text_of
from live.show.scenarios.check import scenario_faults
from tests.support.shows import PATTERNS, of_kind, play, small_show, write_rig

HAND = Hand("osc 127.0.0.1:1", "127.0.0.1")
PEOPLE = """
[[seats]]
name = "3"
camera = "cam2"
[[people]]
name = "ben"
"""
QA = """
[scenarios.qa]
do = [
    "/director/style debate",
    "/people/ben/seat 3",
    "/people/ben/weight 2",
    "/microphones/mic1/mute 1",
    "/graphics/lower/set title 'Anna Berg'",
    "/program/cut duo/duo",
]
[scenarios.back]
do = ["/director/style talk"]
"""
RIG = PATTERNS + PEOPLE + QA


def state_of(folder: Path, text: str = RIG) -> ShowState:
    return ShowState(small_show(folder, text), lambda kind, by, **fields: None)


def pick(state: ShowState, name: str) -> None:
    state.apply(parse(f"/scenario/{name}", []), HAND, 0.0)


# -- a line -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("/people/ben/seat 3", ("/people/ben/seat", ["3"])),
        ("/people/ben/weight 2", ("/people/ben/weight", [2.0])),
        ("/graphics/lower/set title 'Anna \"B\" Berg'", ("/graphics/lower/set", ["title", 'Anna "B" Berg'])),
        ("/graphics/lower/set title 12", ("/graphics/lower/set", ["title", "12"])),
        ("  /program/cut  ", ("/program/cut", [])),
    ],
)
def test_a_line_is_a_command(line: str, message: tuple[str, list]) -> None:
    address, args = to_message(typed(line))
    assert (address, args[: len(message[1])]) == message


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "is empty"),
        ("/graphics/lower/set title 'Anna", "no closing quotation"),
        ("/no/such", "no such command"),
        ("/people/ben/weight two", "not a number"),
        ("/people/ben/weight 1 2", "2 arguments"),
    ],
)
def test_a_line_that_is_none_says_why(line: str, words: str) -> None:
    with pytest.raises(CommandError) as error:
        typed(line)
    assert words in error.value.cause and error.value.action


# -- picked -----------------------------------------------------------------------------------------------------------


def test_all_of_it_changes_at_once(tmp_path: Path) -> None:
    state = state_of(tmp_path)
    pick(state, "qa")
    assert state.styles.name == "debate" and state.people.seats == {"ben": "3"}
    assert state.people.weights == {"ben": 2.0} and state.sound.strips["mic1"].muted
    assert state.mix.switcher.program == "duo/duo" and state.scenarios.picked == "qa"


def test_one_with_a_wrong_line_changes_nothing(tmp_path: Path) -> None:
    state = state_of(tmp_path, RIG.replace("/people/ben/seat 3", "/people/ben/seat 4"))
    with pytest.raises(CommandError, match=r"line 2: no seat is called '4'"):
        pick(state, "qa")
    assert state.styles.name == "talk" and state.scenarios.picked == ""


def test_what_cannot_be_done_now_is_told_and_the_rest_is_done(tmp_path: Path) -> None:
    state = state_of(tmp_path, RIG.replace("/people/ben/weight 2", "/director/take"))
    with pytest.raises(CommandError, match="1 of 6 lines were not done: /director/take"):
        pick(state, "qa")
    assert state.mix.switcher.program == "duo/duo" and state.scenarios.picked == "qa"


@pytest.mark.parametrize("line", ["/scenario/qa", "/subscribe 9100"])
def test_a_scenario_picks_no_other_and_does_nothing_of_a_surface(tmp_path: Path, line: str) -> None:
    state = state_of(tmp_path, RIG.replace("/director/style talk", line))
    with pytest.raises(CommandError, match="nothing that a scenario can do"):
        pick(state, "back")


def test_the_one_that_was_picked_is_kept(tmp_path: Path) -> None:
    state = state_of(tmp_path)
    pick(state, "qa")
    kept, broken = kept_of(text_of(state.save(1.0), 1.0), tmp_path)
    again = state_of(tmp_path)
    again.restore(kept, 0.0)
    assert not broken and again.scenarios.picked == "qa"


def test_it_is_on_its_own_frame(tmp_path: Path) -> None:
    lines, _ = play(tmp_path, small_show(tmp_path, RIG), 0.5, (6, "/scenario/qa", []))
    (cut,) = of_kind(lines, "cut")
    assert (cut["frame"], cut["to"], cut["by"]) == (6, "duo/duo", "script")


def test_of_one_that_could_not_be_done_whole_the_log_has_what_was_done(tmp_path: Path) -> None:
    text = RIG.replace("/people/ben/weight 2", "/director/take")
    lines, _ = play(tmp_path, small_show(tmp_path, text), 0.5, (6, "/scenario/qa", []))
    told = [(line["frame"], line["address"]) for line in of_kind(lines, "command")]
    addresses = ("/director/style", "/people/ben/seat", "/microphones/mic1/mute", "/graphics/lower/set", "/program/cut")
    assert told == [(6, address) for address in addresses]


def test_one_that_was_done_whole_is_logged_once(tmp_path: Path) -> None:
    lines, _ = play(tmp_path, small_show(tmp_path, RIG), 0.5, (6, "/scenario/qa", []))
    assert [line["address"] for line in of_kind(lines, "command")] == ["/scenario/qa"]


# -- checked ----------------------------------------------------------------------------------------------------------


def test_check_names_the_line(tmp_path: Path) -> None:
    path = write_rig(tmp_path, RIG.replace("/people/ben/seat 3", "/people/ben/seet 3"))
    said = CliRunner().invoke(app, ["check", str(path)]).output
    number = next(n for n, line in enumerate(path.read_text().splitlines(), 1) if "seet" in line)
    assert f"rig.toml:{number}: scenarios.qa.do[2]: /people/ben/seet 3: no such command" in said


def test_what_only_fails_at_the_start_is_a_doubt(tmp_path: Path) -> None:
    faults, doubts = scenario_faults(small_show(tmp_path, RIG.replace("/people/ben/weight 2", "/director/take")))
    assert not faults and [d.key for d in doubts] == ["scenarios.qa.do[3]"]
