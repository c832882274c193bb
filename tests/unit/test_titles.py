"""Names and pictures: whose a title is, when a cut waits for it or takes it along, what is proposed, what is held."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.base.errors import CommandError, SceneError
from live.base.hand import Hand
from live.base.paths import shipped
from live.config.graphics import GraphicConfig
from live.config.load import load_file
from live.config.people import Person
from live.config.template import Template
from live.control.registry import parse
from live.engine.datafile import read_titles
from live.picture.values import Face
from live.show import ShowState
from live.show.cuts.published import move
from live.show.graphics.belongs import Named, folded, named_by
from live.show.graphics.published import TitleStatus, graphics, titles
from live.show.graphics.titles import Titles
from live.show.graphics.whom import Shown
from live.sound.hearing import Hearing
from tests.support.shows import SMALL, small_show

RIG = (
    SMALL
    + """
shots = ["cam1", "cam2", "duo/duo", "cam3"]
start = "cam1"
[[sources]]
name = "cam1"
kind = "pattern"
faces = true
[[sources]]
name = "cam2"
kind = "pattern"
faces = true
[[sources]]
name = "cam3"
kind = "pattern"
faces = true
[[microphones]]
name = "mic1"
source = "cam1"
[[microphones]]
name = "mic2"
source = "cam2"
[[people]]
name = "anna"
title="Anna Berg"
line = "Mayor"
microphone = "mic1"
camera = "cam1"
[[people]]
name = "ben"
title="Ben Roth"
microphone = "mic2"
camera = "cam2"
[[scenes]]
name = "duo"
talent = { left = "cam1", right = "cam2" }
[[graphics]]
name = "lower"
[[graphics]]
name = "pair"
template = "two_names"
[[graphics]]
name = "score"
template = "score"
"""
)
DT_S = 0.1
HAND = Hand("osc 127.0.0.1:1", "127.0.0.1")
LEFT, MIDDLE, RIGHT = (Face(x, 0.3, 0.1, 0.2, 0.9, track=n) for n, x in enumerate((0.2, 0.45, 0.7), 1))
HERE = {"cam1": (MIDDLE,), "cam2": (MIDDLE,), "cam3": ()}
BEN = Hearing({"anna": False, "ben": True})
SILENT = Hearing({"anna": False, "ben": False})


@pytest.fixture(scope="module")
def rig(tmp_path_factory):
    return small_show(tmp_path_factory.mktemp("titles"), RIG)


class Run:
    """A show by frames: what is seen and heard stays until it is said otherwise."""

    def __init__(self, rig: Any, *, level: str = "off", style: dict[str, float] | None = None) -> None:
        self.log: list[dict[str, Any]] = []
        self.state = ShowState(rig, lambda kind, by, **more: self.log.append({"kind": kind, "by": by, **more}))
        self.now_s, self.faces, self.hearing = 0.0, dict(HERE), SILENT
        self.send("/director/level", level)
        for name, value in (style or {}).items():
            self.send("/director/style/set", name, value)

    def send(self, address: str, *args: Any) -> None:
        self.state.apply(parse(address, args), HAND, self.now_s)

    def go(self, seconds: float, dead: tuple[str, ...] = ()) -> Run:
        for _ in range(round(seconds / DT_S)):
            more = {"hearing": self.hearing, "faces": self.faces, "aspects": {}, "dead": dead}
            self.state.step(self.now_s, DT_S, **more)
            self.now_s += DT_S
        return self

    @property
    def program(self) -> str:
        return self.state.mix.switcher.program

    def on(self, name: str = "lower") -> bool:
        return self.state.graphics[name].visible

    def title(self, text: str = "Anna Berg") -> None:
        self.send("/graphics/lower/set", "title", text)
        self.send("/graphics/lower/show")

    def said(self, kind: str) -> list[str]:
        return [str(line.get("reason") or line.get("message")) for line in self.log if line["kind"] == kind]

    @property
    def proposed(self) -> list[str]:
        return [s.text for s in self.state.wheel.suggestions.standing if s.domain == "graphics"]


# -- the machine's cuts


def test_the_machine_waits_with_a_cut_away_from_whose_name_stands_there(rig):
    run = Run(rig, level="auto").go(3.0)
    run.title()
    run.hearing = BEN
    run.go(8.0)
    assert run.program == "cam1" and run.on()
    (status,) = move(run.state, run.now_s)
    assert status.shot == "cam2" and status.reason.startswith("waits: Anna Berg stands under the picture; ")
    assert run.said("wait") == ["waits: Anna Berg stands under the picture"], "said once"
    run.send("/graphics/lower/hide")
    run.go(0.5)
    assert run.program == "cam2"


def test_a_name_that_stays_goes_off_with_the_cut_after_the_styles_time(rig):
    run = Run(rig, level="auto", style={"title_s": 6.0}).go(3.0)
    run.title()
    run.hearing = BEN
    run.go(5.5)
    assert run.program == "cam1" and run.on()
    run.go(1.0)
    assert run.program == "cam2" and not run.on() and run.state.graphics["lower"].amount == 0.0
    assert "Ben Roth" in [line for line in run.log if line.get("graphic") == "lower"][-1]["reason"]


def test_a_style_that_does_not_wait_gives_the_reader_time_all_the_same(rig):
    run = Run(rig, level="auto", style={"waits_for_title": 0}).go(3.0)
    run.hearing = BEN
    run.go(0.2)
    run.title()
    run.go(2.4)
    assert run.program == "cam1" and run.on()
    run.go(1.0)
    assert run.program == "cam2" and not run.on()


def test_a_title_that_belongs_to_nobody_holds_up_nothing_and_stays(rig):
    run = Run(rig, level="auto").go(3.0)
    run.title("The evening")
    run.hearing = BEN
    run.go(4.0)
    assert run.program == "cam2" and run.on()


@pytest.mark.parametrize(("tie", "waits"), [("anna", True), ("nobody", False), (None, False)])
def test_whom_a_title_belongs_to_can_be_said(rig, tie, waits):
    run = Run(rig, level="auto").go(3.0)
    run.send("/graphics/lower/person", *([tie] if tie else []))
    run.title("The Mayor")
    run.hearing = BEN
    run.go(4.0)
    assert (run.program == "cam1") is waits


def test_a_source_without_a_signal_is_left_at_once(rig):
    run = Run(rig, level="auto").go(3.0)
    run.title()
    run.go(1.0)
    run.go(0.5, dead=("cam1",))
    assert run.program != "cam1" and not run.on()


def test_where_the_machine_may_not_take_it_off_only_a_hand_ends_the_wait(rig):
    run = Run(rig, level="auto", style={"title_s": 3.0}).go(3.0)
    run.send("/graphics/lower/level", "off")
    run.title()
    run.hearing = BEN
    run.go(8.0)
    assert run.program == "cam1" and run.on() and "only a hand may take that off" in run.state.mix.waits
    run.send("/program/cut", "cam2")
    assert not run.on(), "the hand's own cut"


@pytest.mark.parametrize(("level", "waits"), [(None, False), ("suggest", False), ("off", True)])
def test_a_panic_that_is_over_leaves_no_name_that_holds_up_the_cuts_for_good(rig, level, waits):
    """Only the cuts' level was raised again; what a hand had switched off before the panic stays its own."""
    run = Run(rig, level="auto", style={"title_s": 3.0}).go(3.0)
    if level is not None:
        run.send("/graphics/lower/level", level)
    run.send("/show/panic")
    run.title()
    run.hearing = BEN
    run.go(5.0)
    assert run.program == "cam1" and run.on()
    run.send("/director/level", "auto")
    run.go(8.0)
    assert (run.program == "cam1") is waits and run.on() is waits


# -- the hand's cuts


@pytest.mark.parametrize(("shot", "stays"), [("cam2", False), ("duo/duo", False), ("cam3", False), ("cam1", True)])
def test_a_hands_cut_takes_a_name_along_unless_its_person_is_there(rig, shot, stays):
    run = Run(rig).go(2.0)
    run.title()
    run.go(1.0)
    run.send("/program/cut", shot)
    assert run.on() is stays
    assert (run.state.graphics["lower"].amount > 0) is stays, "off on the frame of the cut"


def test_the_name_of_somebody_without_a_camera_stays_through_cuts_and_holds_up_none(tmp_path):
    """Nobody can tell where they are until their face is known somewhere."""
    people = '[[microphones]]\nname = "mic3"\nsource = "cam3"\n[[people]]\nname = "petra"\nmicrophone = "mic3"\n'
    run = Run(small_show(tmp_path, RIG + people), level="auto").go(3.0)
    run.title("petra")
    run.hearing = BEN
    run.go(3.0)
    assert run.program == "cam2" and run.on()
    run.send("/program/cut", "cam1")
    assert run.on()
    run.faces["cam1"] = (Face(0.45, 0.3, 0.1, 0.2, 0.9, person="petra"),)
    run.go(0.5)
    run.send("/program/cut", "cam2")
    assert not run.on()


def test_with_a_transition_a_name_leaves_as_it_came(rig):
    run = Run(rig).go(2.0)
    run.title()
    run.go(1.0)
    run.send("/preview/set", "cam2")
    run.send("/program/auto", "mix", 1.0)
    assert not run.on() and run.state.graphics["lower"].amount == 1.0
    run.go(0.5)
    assert run.state.graphics["lower"].amount == 0.0


# -- what the hand is told


@pytest.mark.parametrize(
    ("shot", "faces", "words"),
    [
        ("cam1", {}, ""),
        ("cam2", {}, "it names Anna Berg, and the picture shows Ben Roth"),
        ("duo/duo", {}, "it names Anna Berg alone, and the picture shows Anna Berg and Ben Roth"),
        ("cam1", {"cam1": ()}, "it names Anna Berg, and nobody is seen in the picture"),
        ("cam3", {}, "it names Anna Berg, and nobody is seen in the picture"),
        ("duo/duo", {"cam2": ()}, ""),
    ],
)
def test_a_hand_puts_a_name_where_it_likes_and_is_told(rig, shot, faces, words):
    run = Run(rig)
    run.faces |= faces
    run.send("/program/cut", shot)
    run.go(3.0)
    run.title()
    run.go(1.0)
    assert run.on(), "the hand wins"
    status = next(
        s for s in graphics(run.state, run.now_s) if getattr(s, "name", "") == "lower" and hasattr(s, "wrong")
    )
    assert status.wrong == words and status.people == ("anna",)
    assert ("lower" in run.state.faults) is bool(words)
    assert run.said("fault") == ([f"lower: {words}; show whom it names, or take it off"] if words else [])


def test_what_was_said_of_a_graphic_is_over_when_that_is_removed(rig):
    run = Run(rig)
    run.state.graphics.add(GraphicConfig(name="extra"))
    run.send("/graphics/extra/set", "title", "Ben Roth")
    run.send("/graphics/extra/show")
    run.go(2.0)
    assert [(f.subject, f.over) for f in run.state.faults.faults] == [("extra", False)]
    run.state.graphics.remove("extra")
    assert [(f.subject, f.over) for f in run.state.faults.faults] == [("extra", True)]
    assert not run.state.graphics.wrong, "nor is it told of the next one of that name"


def test_nothing_is_said_where_nobody_has_looked_yet(rig):
    run = Run(rig)
    run.faces = {}
    run.title("Ben Roth")
    run.go(2.0)
    assert run.said("fault") == [] and run.proposed == []


def test_two_names_go_by_where_their_people_are(rig):
    run = Run(rig)
    run.send("/program/cut", "duo/duo")
    run.go(3.0)
    for field, text in (("left_title", "Ben Roth"), ("right_title", "Anna Berg")):
        run.send("/graphics/pair/set", field, text)
    run.send("/graphics/pair/show")
    run.go(1.0)
    assert run.state.graphics.wrong["pair"].endswith("from left to right there are Anna Berg and Ben Roth")
    for field, text in (("left_title", "Anna Berg"), ("right_title", "Ben Roth")):
        run.send("/graphics/pair/set", field, text)
    run.send("/graphics/pair/take")
    run.go(1.0)
    assert not run.state.graphics.wrong


# -- what is proposed


def test_nobody_is_named_over_an_empty_chair(rig):
    run = Run(rig)
    run.faces["cam1"] = ()
    run.go(10.0)
    assert run.proposed == []
    run.faces["cam1"] = (MIDDLE,)
    run.go(1.0)
    assert run.proposed == ["Name Anna Berg"]


def test_a_name_that_is_not_true_any_more_is_taken_back_and_says_why(rig):
    run = Run(rig).go(3.0)
    assert run.proposed == ["Name Anna Berg"]
    run.faces["cam1"] = ()
    run.go(1.5)
    assert run.proposed == [] and run.said("suggestion") == ["program shows nobody now"]


def test_a_proposal_is_checked_again_when_it_is_taken(rig):
    run = Run(rig).go(3.0)
    run.send("/program/cut", "cam2")  # on the very frame
    with pytest.raises(CommandError, match='"Name Anna Berg" is not true any more: program shows Ben Roth now'):
        run.send("/suggestions/take")
    assert not run.on() and run.state.graphics["lower"].fields["title"] == ""


def test_two_who_are_seen_are_named_together_each_at_their_side(rig):
    run = Run(rig)
    run.send("/program/cut", "duo/duo")
    run.go(3.0)
    assert run.proposed == ["Name Anna Berg and Ben Roth"]
    run.send("/suggestions/take")
    said = run.state.graphics["pair"].fields
    assert run.on("pair") and (said["left_title"], said["left_subtitle"]) == ("Anna Berg", "Mayor")
    assert (said["right_title"], said["right_subtitle"]) == ("Ben Roth", "")


def test_the_machines_own_name_goes_when_its_person_does(rig):
    run = Run(rig).go(3.0)
    run.send("/suggestions/take")
    run.go(2.0)
    assert run.on()
    run.faces["cam1"] = (Face(0.89, 0.3, 0.1, 0.2, 0.9, track=2),)
    run.go(0.5)
    run.faces["cam1"] = ()
    run.go(3.0)
    assert not run.on(), "she has left by the edge"


# -- who is where


@pytest.mark.parametrize(
    ("faces", "shown"),
    [
        ((LEFT, RIGHT), ("carl", "dora")),
        ((RIGHT, LEFT), ("carl", "dora")),
        ((RIGHT,), ("dora",)),
        ((LEFT,), ("carl",)),
        ((), ()),
        ((Face(0.7, 0.3, 0.1, 0.2, 0.9, person="carl"), LEFT), ("dora", "carl")),
    ],
)
def test_two_before_one_camera_are_known_by_their_side_and_by_their_faces(tmp_path, faces, shown):
    people = '[[people]]\nname = "carl"\ncamera = "cam3"\n[[people]]\nname = "dora"\ncamera = "cam3"\n'
    run = Run(small_show(tmp_path, RIG + people))
    run.faces["cam3"] = faces
    run.go(0.5)
    assert run.state.graphics.whom.shown("cam3") == Shown(shown)


def test_who_is_known_by_their_face_elsewhere_does_not_sit_here(rig):
    run = Run(rig)
    run.faces |= {"cam3": (Face(0.4, 0.3, 0.1, 0.2, 0.9, person="anna"),)}
    run.go(1.0)
    assert run.state.graphics.whom.shown("cam3").people == ("anna",)
    assert run.state.graphics.whom.shown("cam1").people == ()


def test_who_stands_outside_the_crop_is_not_seen(rig):
    run = Run(rig)
    run.send("/framing/cam1/crop", 0.85, 0.4, 4.0)
    run.go(1.0)
    assert run.state.graphics.whom.shown("cam1") == Shown(())


def test_who_is_seen_within_another_picture_is_named_in_its_order(tmp_path):
    """The same show gives the same picture each time, whatever the order of a set of names."""
    order = (3, 6, 2, 5, 1, 4)
    (tmp_path / "six").mkdir()
    layers = "".join(f'[[layers]]\nplace = "p{n}"\nrect = [0.0, 0.0, 0.3, 0.3]\n' for n in order)
    (tmp_path / "six" / "scene.toml").write_text(layers + '[[shots]]\nname = "all"\n')
    talent = ", ".join(f'p{n} = "cam{n}"' for n in order)
    text = SMALL + "".join(
        f'[[sources]]\nname = "cam{n}"\nkind = "pattern"\n[[people]]\nname = "person{n}"\ncamera = "cam{n}"\n'
        for n in range(1, 7)
    )
    text += f'[[scenes]]\nname = "six"\npath = "six"\ntalent = {{ {talent} }}\n'
    text += '[[scenes]]\nname = "duo"\ntalent = { left = "six/all" }\n'
    state = ShowState(small_show(tmp_path, text), lambda kind, by, **more: None)
    assert state.graphics.whom.shown("duo/duo").people == tuple(f"person{n}" for n in order)


THREE = "".join(f'[[seats]]\nname = "{n}"\ncamera = "cam3"\n' for n in "123") + (
    '[[people]]\nname = "carl"\nseat = "1"\n[[people]]\nname = "dora"\nseat = "2"\n[[people]]\nname = "emil"\n'
)


def test_who_has_another_seat_is_not_known_by_where_they_sat(tmp_path):
    run = Run(small_show(tmp_path, RIG + THREE))
    whom = run.state.graphics.whom
    run.faces["cam3"] = (LEFT, RIGHT)
    run.go(0.5)
    assert whom.shown("cam3").people == ("carl", "dora")
    run.send("/people/dora/seat", "3")
    run.send("/people/emil/seat", "2")
    run.faces["cam3"] = (RIGHT,)
    run.go(0.5)
    assert whom.shown("cam3").people == ("emil",), "by the side again, until all three have been seen"


def test_of_faces_that_come_and_go_only_the_last_are_remembered(tmp_path):
    run = Run(small_show(tmp_path, RIG + THREE))
    for n in range(40):
        run.faces["cam3"] = (LEFT, Face(0.7, 0.3, 0.1, 0.2, 0.9, track=10 + n))
        run.go(0.1)
        run.state.graphics.whom.shown("cam3")
    assert len(run.state.graphics.whom._looks["cam3"].seats) == 2


# -- what is held, and seen before


def test_what_is_written_on_air_is_held_until_it_is_taken(rig):
    run = Run(rig).go(1.0)
    run.title()
    run.go(1.0)
    run.send("/graphics/lower/set", "title", "Dr Berg")
    run.go(0.1)
    on, next_ = (
        dict(run.state.mix.picture(run.now_s).graphics[0].fields),
        run.state.mix.preview_picture(run.now_s).graphics,
    )
    assert on["title"] == "Anna Berg" and [dict(g.fields)["title"] for g in next_] == ["Dr Berg"]
    run.send("/graphics/lower/take")
    assert dict(run.state.mix.picture(run.now_s).graphics[0].fields)["title"] == "Dr Berg", "on the next frame"
    assert run.state.mix.preview_picture(run.now_s).graphics == ()


def test_what_is_off_is_seen_on_preview_until_it_is_shown_or_hidden(rig):
    run = Run(rig).go(1.0)
    run.send("/graphics/lower/set", "title", "Anna Berg")
    assert [g.name for g in run.state.mix.preview_picture(run.now_s).graphics] == ["lower"]
    assert run.state.mix.picture(run.now_s).graphics == ()
    run.send("/graphics/lower/hide")
    assert run.state.mix.preview_picture(run.now_s).graphics == ()
    run.send("/graphics/lower/preview", 1)
    run.send("/graphics/lower/show")
    run.go(0.2)
    assert run.state.mix.preview_picture(run.now_s).graphics == ()


def test_a_score_is_live_and_a_name_is_if_the_hand_says_so(rig):
    run = Run(rig).go(1.0)
    run.send("/graphics/score/show")
    run.title()
    run.go(1.0)
    run.send("/graphics/score/set", "home_points", "1")
    assert run.state.graphics["score"].fields["home_points"] == "1"
    run.send("/graphics/lower/set", "title", "Dr Berg")
    assert run.state.graphics["lower"].fields["title"] == "Anna Berg"
    run.send("/graphics/lower/live", 1)
    assert run.state.graphics["lower"].fields["title"] == "Dr Berg"


def test_show_puts_on_what_was_written_and_a_name_that_leaves_does_not_change_on_its_way(rig):
    run = Run(rig).go(1.0)
    run.title()
    run.go(1.0)
    run.send("/graphics/lower/hide")
    run.send("/graphics/lower/set", "title", "Ben Roth")
    run.go(0.1)
    assert run.state.graphics["lower"].fields["title"] == "Anna Berg" and run.state.graphics["lower"].amount > 0
    run.send("/graphics/lower/show")
    assert run.state.graphics["lower"].fields["title"] == "Ben Roth"
    with pytest.raises(CommandError, match="not on air"):
        run.send("/graphics/score/take")


def test_undo_takes_back_what_was_written_and_nothing_that_is_on_air(rig):
    run = Run(rig).go(1.0)
    run.title()
    run.go(2.0)
    run.send("/graphics/lower/set", "title", "Dr Berg")
    run.go(2.0)
    run.send("/graphics/lower/take")
    run.go(2.0)
    run.send("/show/undo")
    lower = run.state.graphics["lower"]
    assert (lower.fields["title"], lower.written["title"], lower.visible) == ("Dr Berg", "Anna Berg", True)


# -- the queue


def test_names_are_seen_on_preview_one_after_the_other_and_shown(rig):
    run = Run(rig).go(1.0)
    run.send("/titles/add", "Carl Voss", "Guest")
    for name in ("Anna Berg", "Ben Roth", "Carl Voss"):
        run.send("/titles/next")
        (seen,) = run.state.mix.preview_picture(run.now_s).graphics
        assert dict(seen.fields)["title"] == name
    with pytest.raises(CommandError, match="that was the last name"):
        run.send("/titles/next")
    assert not run.on()
    run.send("/titles/show")
    assert run.on() and run.state.graphics["lower"].fields == {"title": "Carl Voss", "subtitle": "Guest"}
    run.go(1.0)
    run.send("/titles/cue", 1)
    assert run.state.graphics["lower"].fields["title"] == "Carl Voss", "on air it is held"
    run.send("/titles/show")
    assert run.state.graphics["lower"].fields == {"title": "Anna Berg", "subtitle": "Mayor"}
    run.send("/titles/clear")
    assert not run.on()
    with pytest.raises(CommandError, match="comes from the people of the rig"):
        run.send("/titles/remove", 1)
    run.send("/titles/remove", 3)
    assert [s.title for s in titles(run.state, 0.0) if isinstance(s, TitleStatus)] == ["Anna Berg", "Ben Roth", ""]


@given(st.lists(st.tuples(st.sampled_from(["add", "remove", "at", "file"]), st.integers(0, 6)), max_size=40))
def test_the_name_in_hand_stays_in_hand_whatever_comes_and_goes(steps):
    queue = Titles([Person(name="anna"), Person(name="ben")])
    for what, n in steps:
        before, removed = queue.current, None
        if what == "add":
            queue.add(f"typed {n}", "")
        elif what == "remove":
            removed = queue.all[n - 1] if 0 < n <= len(queue.all) else None
            queue.remove(n)
        elif what == "at":
            queue.at = min(n, len(queue.all))
            before = None
        else:
            queue.heard((f"file {i}", "") for i in range(n))
        assert 0 <= queue.at <= len(queue.all)
        if before is not None and before in queue.all and before != removed:
            assert queue.current == before


@pytest.mark.parametrize(
    ("in_hand", "rows", "found"),
    [
        ("Eva", ("Dora", "Eva"), "Eva"),
        ("Eva", ("Carl", "Dora", "Eva"), "Eva"),
        ("Eva", ("Carl", "Dora"), None),
        ("typed", ("Carl", "Dora", "Eva"), "typed"),
        ("Ben Roth", ("Carl",), "Ben Roth"),
    ],
)
def test_the_name_in_hand_is_kept_and_not_its_number(rig, in_hand, rows, found):
    """The file is read a moment after a show was taken up, and may have been saved meanwhile."""
    run, again = Run(rig), Run(rig)
    queue, resumed = run.state.graphics.titles, again.state.graphics.titles
    queue.heard((name, "") for name in ("Dora", "Eva"))
    queue.add("typed", "")
    queue.at = [title.title for title in queue.all].index(in_hand) + 1
    for _ in range(2):  # it is cut short again before the file is read
        again.state.restore(run.state.save(0.0), 0.0)
        run.state.restore(again.state.save(0.0), 0.0)
        assert resumed.current is None or resumed.current.title == in_hand
    resumed.heard((name, "") for name in rows)
    assert (resumed.current.title if resumed.current else None) == found
    resumed.heard((name, "") for name in ("Eva", *rows))
    assert (resumed.current.title if resumed.current else None) == found, "once told, it isn't looked for any more"


def test_a_name_that_a_hand_takes_before_the_file_is_read_stays_in_hand(rig):
    run, again = Run(rig), Run(rig)
    run.state.graphics.titles.heard([("Dora", "")])
    run.send("/titles/cue", 3)
    again.state.restore(run.state.save(0.0), 0.0)
    again.send("/titles/next")
    again.state.graphics.titles.heard([("Dora", "")])
    assert again.state.graphics.titles.at == 1


def test_names_come_from_a_table(tmp_path):
    file = tmp_path / "guests.csv"
    file.write_text("Name;Line\nAnna Berg;Mayor\n;nobody\nZoë;\n", "utf-8-sig")
    assert read_titles(file) == [("Anna Berg", "Mayor"), ("Zoë", "")]
    file.write_text("who,what\na,b\n")
    with pytest.raises(SceneError, match=r"guests.csv:1: no column is called title or name; .* who, what"):
        read_titles(file)


# -- whom a text names


def test_a_name_is_known_in_any_writing_and_only_where_a_template_names_people():
    people = {folded("Zoë Brontë"): "zoe"}
    shipped_ones = {f.parent.name: load_file(f, Template) for f in shipped("graphics").glob("*/template.toml")}
    lower, title = shipped_ones["lower_third"], shipped_ones["title"]
    assert named_by(lower, {"title": "ZOE\u0308  bronte\u0308"}, None, people) == Named(("zoe",), 1)
    assert named_by(lower, {"title": "Zoe"}, None, people).people == []
    assert named_by(lower, {"title": "Dr. Zoë Brontë, Leeds"}, None, people | {"zoë": "other"}).people == ["zoe"]
    assert named_by(lower, {"title": "Zoë Brontësaurus"}, None, people).people == []
    assert named_by(title, {"title": "Zoë Brontë"}, None, people).people == []
    assert named_by(None, {"title": "Zoë Brontë"}, None, people) == Named(("zoe",), 1)
    assert named_by(lower, {"title": "Dr Brontë"}, "zoe", people) == Named(("zoe",), 1)


def test_who_is_enrolled_and_not_in_the_rig_is_named_once(rig):
    run = Run(rig)
    run.send("/program/cut", "cam3")
    run.faces["cam3"] = (Face(0.4, 0.3, 0.1, 0.2, 0.9, person="eva-sand"),)
    run.go(3.0)
    assert run.proposed == ["Name Eva Sand"]
    run.send("/suggestions/take")
    run.go(30.0)
    assert not run.on() and run.proposed == []


def test_auto_with_a_cut_takes_a_name_off_at_once(rig):
    run = Run(rig).go(2.0)
    run.title()
    run.go(1.0)
    run.send("/preview/set", "cam2")
    run.send("/program/auto", "cut")
    assert run.program == "cam2" and run.state.graphics["lower"].amount == 0.0


def test_a_data_file_is_live_and_another_row_of_it_is_held(tmp_path):
    (tmp_path / "who.csv").write_text("title\nAnna\nBen\n")
    run = Run(small_show(tmp_path, RIG + '[[graphics]]\nname = "fed"\ndata = "who.csv"\n'))
    fed = run.state.graphics["fed"]
    run.send("/graphics/fed/show")
    run.state.graphics.heard("fed", {"title": "Anna"})
    assert fed.fields["title"] == "Anna", "what comes first is no change"
    run.go(1.0)
    run.state.graphics.heard("fed", {"title": "Anna B."})
    assert fed.fields["title"] == "Anna B."
    run.send("/graphics/fed/row", 2)
    run.state.graphics.heard("fed", {"title": "Ben"})
    assert fed.fields["title"] == "Anna B." and fed.held
    run.send("/graphics/fed/take")
    assert fed.fields["title"] == "Ben"


def test_the_machines_own_name_makes_way_for_a_cut_once_it_could_be_read(rig):
    run = Run(rig, level="auto").go(3.0)
    run.send("/suggestions/take")
    run.hearing = BEN
    run.go(3.2)
    assert run.program == "cam1" and run.on(), "the reader's time"
    run.go(1.0)
    assert run.program == "cam2" and not run.on()
    assert [line for line in run.log if line.get("graphic") == "lower"][-1]["reason"].startswith("it could be read")


def test_nobody_is_named_whom_the_machine_is_about_to_leave(rig):
    run = Run(rig, level="suggest")
    run.hearing = BEN
    run.go(5.0)
    assert run.state.mix.proposal is not None and run.proposed == []
