"""Players in a show: what a take, a clip's end and a hand make of them, and what the director leaves alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from live.base.errors import CommandError
from live.base.hand import Hand
from live.console.keys import message_for
from live.console.pressed import Press
from live.control.published import Replica
from live.control.registry import parse
from live.control.state import StateTree
from live.control.view import View
from live.show import ShowState
from live.show.cuts.published import ShotOnKey, buses
from live.show.players.published import player_status, players
from live.sound.hearing import Hearing
from tests.support.shows import SMALL, small_show

HAND = Hand("osc 127.0.0.1:1", "127.0.0.1")


RIG = (
    SMALL
    + """
shots = ["cam1", "cam2", "vt", "bed"]
start = "cam1"
[[sources]]
name = "cam1"
kind = "pattern"
[[sources]]
name = "cam2"
kind = "pattern"
[[sources]]
name = "vt"
kind = "player"
play_on_take = true
clips = [
    { path = "a.mp4", title = "Opener", cues = [{ name = "goal", at_s = 6.0 }] },
    { path = "b.mp4", title = "Story" },
    { path = "c.mp4", title = "Broken" },
]
[[sources]]
name = "bed"
kind = "player"
after = "loop"
sound = "always"
gain_db = -6.0
clips = [{ path = "d.mp4" }]
[[microphones]]
name = "mic1"
source = "cam1"
[[microphones]]
name = "mic2"
source = "cam2"
[[people]]
name = "anna"
microphone = "mic1"
camera = "cam1"
[[people]]
name = "ben"
microphone = "mic2"
camera = "cam2"
"""
)
LENGTHS = {"vt": (10.0, 20.0, 0.0), "bed": (4.0,)}
DT_S = 1 / 30


class Desk:
    """A show's state, a frame at a time, as the engine runs it."""

    def __init__(self, folder: Path, text: str = RIG) -> None:
        self.log: list[dict[str, Any]] = []
        self.state = ShowState(
            small_show(folder, text), lambda kind, by, **more: self.log.append({"kind": kind, "by": by, **more})
        )
        self.state.players.know(LENGTHS)
        self.frame = 0

    def send(self, address: str, *args: Any) -> None:
        self.state.apply(parse(address, list(args)), HAND, self.now_s)

    @property
    def now_s(self) -> float:
        return self.frame / 30

    def run(self, seconds: float, speaking: str = "") -> None:
        for _ in range(round(seconds * 30)):
            self.state.commanded(self.now_s)
            self.state.step(
                self.now_s,
                DT_S,
                hearing=Hearing({"anna": speaking == "anna", "ben": speaking == "ben"}),
                faces={},
                aspects={},
            )
            self.frame += 1

    def place(self, name: str = "vt") -> tuple[str, int, float]:
        here = self.state.players.all[name].place(self.now_s)
        return here.status, here.clip, round(here.at_s, 3)

    @property
    def level(self) -> float:
        return self.state.players.all["vt"].note.level


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_it_plays_from_the_frame_of_the_take_on(desk: Desk) -> None:
    desk.run(1.0)
    assert desk.place() == ("cued", 0, 0.0) and desk.level == 0.0
    desk.send("/program/cut", "vt")
    desk.run(DT_S)
    start = desk.state.players.all["vt"].start
    assert (start.status, start.since_s) == ("playing", 1.0) and desk.level == 1.0
    desk.run(2.0)
    assert desk.place()[2] == pytest.approx(2.0 + DT_S, abs=1e-3)


def test_it_plays_from_the_frame_on_that_a_transition_begins_and_is_heard_as_far_as_it_is_seen(desk: Desk) -> None:
    desk.send("/preview/set", "vt")
    desk.run(1.0)
    desk.send("/program/auto", "wipe", 1.0)
    desk.run(DT_S)
    assert desk.state.players.all["vt"].start.since_s == 1.0 and desk.level == 0.0
    desk.run(0.5)
    assert desk.level == pytest.approx(0.5, abs=0.04)
    desk.run(0.6)
    assert desk.level == 1.0


def test_behind_a_layer_that_a_hand_took_off_it_neither_plays_nor_is_heard(tmp_path: Path) -> None:
    text = (
        RIG.replace('"bed"]', '"bed", "duo/duo"]')
        + '[[scenes]]\nname = "duo"\ntalent = { left = "cam1", right = "vt" }\n'
    )
    desk = Desk(tmp_path, text)
    desk.send("/layers/duo/right/hide", 0.0)
    desk.run(DT_S)
    desk.send("/program/cut", "duo/duo")
    desk.run(1.0)
    assert desk.place() == ("cued", 0, 0.0) and desk.level == 0.0
    desk.send("/layers/duo/right/show", 1.0)
    desk.run(0.5)
    assert desk.place()[0] == "playing" and desk.level == pytest.approx(0.5, abs=0.1)
    desk.run(0.6)
    assert desk.level == 1.0
    desk.send("/layers/duo/right/hide", 0.0)
    desk.run(2 * DT_S)
    assert desk.level == 0.0


def test_what_is_asked_for_in_every_frame_is_made_when_the_files_are_known(desk: Desk) -> None:
    player = desk.state.players.all["vt"]
    reel, titles = player.reel, player_status("vt", player, 0.0).clips
    desk.state.players.know(LENGTHS)
    assert player.reel is reel and player_status("vt", player, 1.0).clips is titles
    desk.state.players.know({"vt": (10.0, 20.0, 5.0)})
    assert player.reel.lengths_s == (10.0, 20.0, 5.0)
    assert player_status("vt", player, 0.0).clips == ("Opener", "Story", "Broken")


def test_off_air_a_clip_runs_on_and_makes_place_when_it_has_ended(desk: Desk) -> None:
    desk.send("/program/cut", "vt")
    desk.run(2.0)
    desk.send("/program/cut", "cam1")
    desk.run(3.0)
    assert desk.place() == ("playing", 0, 5.0) and desk.level == 0.0
    desk.run(5.1)
    assert desk.place() == ("cued", 1, 0.0)


def test_a_player_is_heard_as_the_rig_says(desk: Desk) -> None:
    desk.run(0.1)
    bed, sound = desk.state.players.all["bed"], desk.state.sound
    assert (bed.note.level, bed.gain_db, sound.orders().strips["bed"].settings.gain_db) == (1.0, -6.0, -6.0)
    desk.send("/players/bed/gain", 0.0)
    desk.run(0.1)
    assert (bed.note.level, bed.gain_db, sound.orders().strips["bed"].settings.gain_db) == (1.0, 0.0, 0.0)


def test_a_player_that_a_microphone_stands_for_makes_its_gain_itself(tmp_path: Path) -> None:
    rig = RIG.replace('name = "mic1"\nsource = "cam1"', 'name = "mic1"\nsource = "bed"')
    desk = Desk(tmp_path, rig)
    desk.run(0.1)
    bed = desk.state.players.all["bed"]
    assert "bed" not in desk.state.sound.strips and bed.note.level == pytest.approx(10 ** (-6 / 20))
    desk.send("/players/bed/gain", 0.0)
    desk.run(0.1)
    assert bed.note.level == 1.0


def test_the_director_lets_a_clip_end_that_a_hand_took(desk: Desk) -> None:
    desk.send("/program/cut", "vt")
    desk.run(9.9, speaking="ben")
    assert desk.state.mix.switcher.program == "vt", "well after the lease of 5 s"
    desk.run(3.0, speaking="ben")
    assert desk.state.mix.switcher.program == "cam2", "and comes back by itself, to who speaks"


def test_a_loop_does_not_keep_the_director_away_for_ever(desk: Desk) -> None:
    desk.send("/players/bed/play")
    desk.send("/program/cut", "bed")
    desk.run(12.0, speaking="ben")
    assert desk.state.mix.switcher.program == "cam2"


def test_a_hand_on_the_clip_on_air_is_a_hand_on_the_cuts(desk: Desk) -> None:
    desk.send("/program/cut", "vt")
    desk.run(6.0, speaking="ben")
    desk.send("/players/vt/pause")
    desk.run(4.5, speaking="ben")
    assert desk.state.mix.switcher.program == "vt", "a still picture that is talked about stays for a lease"
    desk.run(5.0, speaking="ben")
    assert desk.state.mix.switcher.program == "cam2"
    before = desk.state.authority.epoch(("cuts", "program"))
    desk.send("/players/vt/stop")
    assert desk.state.authority.epoch(("cuts", "program")) == before, "off air it is nobody's business"


BACK = RIG.replace("play_on_take = true", 'play_on_take = true\nat_end = "back"')


@pytest.mark.parametrize("level", ["auto", "armed", "suggest"])
def test_the_shot_before_comes_back_on_the_frame_after_the_last_one(tmp_path: Path, level: str) -> None:
    desk = Desk(tmp_path, BACK)
    desk.send("/director/level", level)
    desk.send("/program/cut", "cam2")
    desk.run(1.0)
    desk.send("/preview/set", "vt")
    desk.send("/program/cut")
    desk.send("/preview/set", "bed")
    desk.run(10.0)
    assert desk.state.mix.switcher.program == "vt"
    desk.run(DT_S)
    assert desk.state.mix.switcher.program == "cam2"
    (cut,) = [line for line in desk.log if line["kind"] == "cut" and line["by"] == "director"]
    assert (cut["from"], cut["to"], cut["reason"]) == ("vt", "cam2", "vt has ended")


def test_from_clip_to_clip_the_way_back_is_to_the_shot_before_them(tmp_path: Path) -> None:
    desk = Desk(tmp_path, BACK.replace('after = "loop"', 'at_end = "back"\nplay_on_take = true'))
    desk.send("/director/level", "suggest")
    desk.send("/program/cut", "cam2")
    for clip in ("vt", "bed"):
        desk.run(1.0)
        desk.send("/program/cut", clip)
    desk.run(4.0 + DT_S)
    assert desk.state.mix.switcher.program == "cam2"


@pytest.mark.parametrize(
    "hand",
    [("/director/hold",), ("/director/lock",), ("/show/panic",), ("/preview/set", "bed"), ("/director/level", "off")],
)
def test_a_hand_calls_the_way_back_off(tmp_path: Path, hand: tuple[str, ...]) -> None:
    desk = Desk(tmp_path, BACK)
    desk.send("/director/level", "suggest")
    desk.send("/program/cut", "vt")
    desk.run(3.0)
    desk.send(*hand)
    desk.run(9.0)
    assert desk.state.mix.switcher.program == "vt"
    offered = [s.text for s in desk.state.wheel.suggestions.standing]
    assert offered == (["Back to cam1"] if hand == ("/director/level", "off") else [])


def test_a_hand_on_the_clip_leaves_the_way_back_open(tmp_path: Path) -> None:
    desk = Desk(tmp_path, BACK)
    desk.send("/director/level", "suggest")
    desk.send("/program/cut", "vt")
    desk.run(3.0)
    desk.send("/players/vt/pause")
    desk.run(2.0)
    desk.send("/players/vt/play")
    desk.run(7.2)
    assert desk.state.mix.switcher.program == "cam1"


def test_commands_by_title_number_and_cue(desk: Desk) -> None:
    desk.send("/players/vt/play", "Story")
    assert desk.place() == ("playing", 1, 0.0)
    desk.send("/players/vt/cue", 1)
    assert desk.place() == ("cued", 0, 0.0)
    desk.send("/players/vt/cue", "goal")
    assert desk.place() == ("cued", 0, 6.0)
    desk.send("/players/vt/play")
    desk.run(1.0)
    assert desk.place() == ("playing", 0, 7.0)
    desk.send("/players/vt/next")
    assert desk.place() == ("playing", 1, 0.0)
    desk.send("/players/vt/goto", "goal")
    assert desk.place() == ("playing", 0, 6.0)
    desk.send("/players/vt/seek", 3.0)
    desk.send("/players/vt/loop", 1)
    desk.run(8.0)
    assert desk.place() == ("playing", 0, 1.0)
    desk.send("/players/vt/previous")
    assert desk.place() == ("playing", 1, 0.0), "the clip that can't be played is passed over"


@pytest.mark.parametrize(
    ("address", "args", "says"),
    [
        ("/players/vt/play", ["Nothing"], "1 Opener, 2 Story"),
        ("/players/vt/play", [9], "no clip is called '9'"),
        ("/players/vt/cue", ["Broken"], "c.mp4 can't be played"),
        ("/players/vt/goto", ["home"], "one of: goal"),
        ("/players/tape/play", [], "one of: vt, bed"),
    ],
)
def test_what_is_not_there_is_refused_and_nothing_changes(desk: Desk, address: str, args: list[Any], says: str) -> None:
    before = desk.state.players.all["vt"].start
    with pytest.raises(CommandError, match=says):
        desk.send(address, *args)
    assert desk.state.players.all["vt"].start == before


def test_a_player_without_anything_to_play_says_so(desk: Desk) -> None:
    desk.state.players.know({"vt": (0.0, 0.0, 0.0)})
    with pytest.raises(CommandError, match="none of its clips can be played"):
        desk.send("/players/vt/play")
    desk.run(0.5)
    assert desk.place()[0] == "empty"


def test_what_people_see_of_it(desk: Desk) -> None:
    desk.send("/players/vt/play")
    desk.run(2.5)
    seen = player_status("vt", desk.state.players.all["vt"], desk.now_s)
    assert (seen.status, seen.clip, seen.title, seen.at_s, seen.left_s) == ("playing", 1, "Opener", 2.5, 7.5)
    assert seen.clips == ("Opener", "Story", "Broken (can't be played)")
    assert (seen.countdown, seen.next, seen.cue, seen.cue_in_s, seen.cues) == ("-0:08", "Story", "goal", 3.5, ("goal",))
    assert seen.near_end and seen.running and not seen.loop


def test_two_commands_of_one_frame_both_count(desk: Desk) -> None:
    """The worker is told where they lead, not each of them: none can be lost on the way."""
    desk.send("/players/vt/cue", "Story")
    desk.send("/players/vt/play")
    desk.run(DT_S)
    assert desk.state.players.notes(0)["vt"].start == desk.state.players.all["vt"].start
    assert desk.place()[:2] == ("playing", 1)


def test_the_players_key_and_its_tile(desk: Desk) -> None:
    """O plays the player on program, else the one on preview; again, it pauses it."""

    def view() -> View:
        tree, state = StateTree(), desk.state
        for n, s in enumerate(state.show.row, 1):
            tree.put(ShotOnKey(n, s.id, s.label, s.source or ""))
        for value in (*buses(state, desk.now_s), *players(state, desk.now_s)):
            tree.put(value)
        return View(Replica(dict(tree.items())))

    assert message_for(Press("o"), view(), "auto") is None, "two players, and neither is seen"
    desk.send("/preview/set", "vt")
    assert message_for(Press("o"), view(), "auto") == ("/players/vt/play", ())
    desk.send("/players/vt/play")
    desk.run(1.0)
    assert message_for(Press("o"), view(), "auto") == ("/players/vt/pause", ())
    seen = view().player_of("vt")
    assert seen is not None and seen.countdown == "-0:09" and view().player_of("cam1") is None
    desk.send("/program/cut", "bed")
    assert message_for(Press("o"), view(), "auto") == ("/players/bed/play", ())


def test_in_a_delayed_program_the_shot_before_comes_back_when_the_clip_has_been_seen_to_its_end(tmp_path: Path) -> None:
    desk = Desk(tmp_path, BACK.replace("rate_hz = 30", "rate_hz = 30\ndelay_s = 0.5"))
    desk.send("/director/level", "suggest")
    desk.send("/program/cut", "vt")
    desk.run(10.4)
    assert desk.state.mix.switcher.program == "vt"
    desk.run(0.2)
    assert desk.state.mix.switcher.program == "cam1"
