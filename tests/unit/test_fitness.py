"""Which shots are fit to be seen: what is wrong with one at an instant, whether it lasts, and what the machine makes of
it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.base.hand import Hand
from live.picture.format import Matrix, PictureFormat, Range
from live.picture.values import Crop, Face, ShotView, Sight
from live.show import ShowState
from live.show import commands as c
from live.show.fitness.judge import (
    AWAY_S,
    GLANCE_S,
    LEFT_S,
    PATIENCE_S,
    Fault,
    Presence,
    Standing,
    cropped,
    ends_inside,
    is_cropped,
    within,
)
from live.show.fitness.windows import windows
from live.show.holder import AUTO
from live.sound.hearing import Hearing
from live.sound.metering import Level, Metered
from live.sources.sight import PictureSight
from live.stage.geometry import WHOLE, Rect
from live.vision.outline import outline_of
from tests.support.shows import SMALL, small_show

HAND = Hand("osc 127.0.0.1:1", "127.0.0.1")
DT_S = 1 / 30
MIDDLE = Face(0.42, 0.25, 0.16, 0.3, 0.9, 1)

RIG = (
    SMALL
    + """
shots = ["cam1", "cam2", "hall/all", "duo/both", "split/both", "guest"]
start = "hall/all"
"""
    + "".join(f'[[sources]]\nname = "cam{n}"\nkind = "pattern"\nfaces = true\n' for n in (1, 2, 3))
    + """
[[sources]]
name = "guest"
kind = "pattern"
faces = true
on_call = true
"""
    + "".join(
        f'[[microphones]]\nname = "mic{n}"\nsource = "{cam}"\n[[people]]\nname = "{name}"\n title = "{name.title()}"\n'
        f'microphone = "mic{n}"\ncamera = "{cam}"\n'
        for n, name, cam in ((1, "anna", "cam1"), (2, "ben", "cam2"), (3, "dora", "guest"))
    )
    + "".join(
        f'[[scenes]]\nname = "{name}"\npath = "{name}"\ntalent = {{ {talent} }}\n'
        for name, talent in (
            ("hall", 'one = "cam3"'),
            ("duo", 'one = "cam1", two = "guest"'),
            ("split", 'one = "cam1", two = "cam2"'),
        )
    )
)
FLAT = """
[[layers]]
place = "one"
rect = [0.0, 0.0, 0.5, 1.0]
[[layers]]
place = "two"
rect = [0.5, 0.0, 0.5, 1.0]
[[shots]]
name = "both"
role = "wide"
"""
WHOLE_HALL = '[[layers]]\nplace = "one"\n[[shots]]\nname = "all"\nrole = "wide"\n'


@pytest.fixture(scope="module")
def show(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rig")
    for scene, text in (("hall", WHOLE_HALL), ("duo", FLAT), ("split", FLAT.replace('"wide"', '"auto"'))):
        (folder / scene).mkdir()
        (folder / scene / "scene.toml").write_text(text)
    return small_show(folder, RIG)


class Show:
    """A show on a clock of its own, with a face in every camera until something else is said."""

    def __init__(self, show) -> None:
        self.log: list[dict] = []
        self.state = ShowState(show, lambda kind, by, **more: self.log.append({"kind": kind, "by": by, **more}))
        self.now_s = 0.0
        self.faces = dict.fromkeys(("cam1", "cam2", "cam3", "guest"), (MIDDLE,))
        self.sights: dict[str, Sight] = {}
        self.unready: tuple[str, ...] = ()

    def run(self, seconds: float, *speaking: str) -> None:
        for _ in range(round(seconds / DT_S)):
            self.now_s += DT_S
            speak = {name: name in speaking for name in ("anna", "ben", "dora")}
            self.state.step(
                self.now_s,
                DT_S,
                hearing=Hearing(speak),
                faces=self.faces,
                aspects={},
                sights=self.sights,
                unready=self.unready,
            )

    def reason(self, shot: str) -> str:
        return self.state.fitness.reason(shot)

    @property
    def program(self) -> str:
        return self.state.mix.switcher.program

    def cuts(self) -> list[dict]:
        return [line for line in self.log if line["kind"] == "cut" and line["by"] == AUTO]

    def do(self, command) -> None:
        self.state.apply(command, HAND, self.now_s)


# -- one shot at an instant --------------------------------------------------------------------------------------------


def test_a_face_is_in_the_picture_as_far_as_its_box_is():
    assert within(MIDDLE, WHOLE) == 1.0
    assert within(MIDDLE, Rect(0.5, 0.0, 0.5, 1.0)) == pytest.approx(0.5)
    assert within(Face(0.9, 0.2, 0.2, 0.3, 0.9), WHOLE) == pytest.approx(0.5), "it sticks out of its own picture"
    assert within(Face(0.5, 0.5, 0.0, 0.0, 0.9), WHOLE) == 0.0


def test_a_frame_through_the_eyes_crops_and_one_that_cuts_the_crown_or_the_chin_does_not():
    """Eyes are a quarter down a face's box: an ECU leaves crown and chin out, and that is what it is for."""
    face = Face(0.4, 0.4, 0.2, 0.4, 0.9)
    assert not is_cropped(face, Rect(0.3, 0.42, 0.4, 0.36)), "an ECU"
    assert is_cropped(face, Rect(0.3, 0.5, 0.4, 0.36)), "the upper edge through the eyes"
    assert is_cropped(face, Rect(0.3, 0.1, 0.4, 0.4)), "the lower edge through the eyes"
    assert is_cropped(face, Rect(0.52, 0.2, 0.4, 0.8)), "an eye is missing"
    assert not is_cropped(face, Rect(0.44, 0.2, 0.4, 0.8)), "an ear is"


def test_of_a_close_up_it_is_the_largest_face_that_counts():
    passer_by = Face(0.97, 0.3, 0.06, 0.1, 0.9)
    assert not cropped([(MIDDLE, WHOLE), (passer_by, WHOLE)], all_of_them=False)
    neighbour = Face(0.93, 0.25, 0.16, 0.3, 0.9)
    assert cropped([(MIDDLE, WHOLE), (neighbour, WHOLE)], all_of_them=True), "one of two in a two-shot"


def test_a_card_that_ends_inside_the_frame_shows_its_edge_only_where_somebody_goes_on_beyond_it():
    inside = Rect(0.2, 0.2, 0.5, 0.9)
    assert not ends_inside(inside, (0.0, 0.0, 0.0)), "nobody touches the edge of their picture"
    assert ends_inside(inside, (0.5, 0.0, 0.0)) and ends_inside(inside, (0.0, 0.6, 0.0))
    assert not ends_inside(inside, (0.2, 0.2, 0.0)), "elbows, where a desk is as a rule"
    assert ends_inside(inside, (0.0, 0.0, 0.1)), "a head that its own camera cuts"
    assert not ends_inside(Rect(-0.1, -0.1, 1.2, 1.2), (1.0, 1.0, 1.0)), "all edges are beyond the frame"


# -- whether it lasts --------------------------------------------------------------------------------------------------


def gone_after_s(faces: list[tuple[Face, ...]], covered: float | None = None, step_s: float = 0.2) -> float | None:
    """How long after the first look without a face nobody is said to be there."""
    presence, first = Presence(0.0), None
    for n, look in enumerate(faces):
        now_s = n * step_s
        seen = any(within(f, WHOLE) >= 0.5 for f in look)
        first = None if seen else now_s if first is None else first
        if not presence.look(now_s, look, WHOLE, covered):
            assert first is not None
            return now_s - first
    return None


def test_who_leaves_by_the_edge_is_gone_sooner_than_whose_face_vanishes_in_the_middle():
    at_edge = Face(0.88, 0.25, 0.16, 0.3, 0.9, 1)
    assert gone_after_s([(at_edge,)] * 5 + [()] * 60) == pytest.approx(LEFT_S, abs=0.3)
    assert gone_after_s([(MIDDLE,)] * 5 + [()] * 60) == pytest.approx(AWAY_S, abs=0.3), "they look at their notes"
    assert gone_after_s([(MIDDLE,)] * 5 + [()] * 8 + [(MIDDLE,)] * 60) is None, "leant out for a moment"


def test_somebody_who_is_cut_out_and_shows_no_face_has_turned_away():
    assert gone_after_s([(MIDDLE,)] * 5 + [()] * 200, covered=0.2) is None
    assert gone_after_s([(MIDDLE,)] * 5 + [()] * 60, covered=0.001) == pytest.approx(GLANCE_S, abs=0.3)


def test_who_is_seen_beside_the_frame_is_not_in_it():
    presence, part = Presence(0.0), Rect(0.3, 0.0, 0.4, 1.0)
    assert presence.look(0.0, (MIDDLE,), part, 0.3)
    beside = Face(0.8, 0.25, 0.16, 0.3, 0.9, 1)
    assert [presence.look(t_s, (beside,), part, 0.3) for t_s in (0.5, 1.0, 1.5, 2.0)] == [True, False, False, False]
    other = Face(0.8, 0.25, 0.16, 0.3, 0.9, 2)  # their neighbour, while they look down
    presence = Presence(0.0)
    assert presence.look(0.0, (MIDDLE, other), part, None)
    assert all(presence.look(t_s, (other,), part, None) for t_s in (0.5, 1.0, 1.5, 2.0, 2.5, 3.0))


def test_who_was_not_looked_for_has_not_left_meanwhile():
    presence = Presence(0.0)
    assert presence.look(0.0, (MIDDLE,), WHOLE, None)
    looks = [presence.look(60.0 + t_s / 10, (), WHOLE, None) for t_s in range(80)]
    assert sum(looks) / 10 == pytest.approx(AWAY_S, abs=0.15), "turned away, as at any other time"


@given(st.lists(st.tuples(st.sampled_from(list(Fault)), st.booleans()), max_size=80))
def test_a_fault_counts_after_its_patience_and_is_over_after_its_patience(steps):
    """Whatever comes in whatever order: nothing counts that wasn't there, nothing lasts that has been over for longer
    than its patience, and of several the worst is told."""
    standing, last_s = Standing(), dict.fromkeys(Fault, float("-inf"))
    on: set[Fault] = set()
    for n, (fault, is_on) in enumerate(steps):
        now_s = n * 0.1
        (on.add if is_on else on.discard)(fault)
        last_s |= dict.fromkeys(on, now_s)
        found = standing.step(now_s, {f: f.value for f in on})
        at_once = [f for f in Fault if f in on and f not in PATIENCE_S]
        if at_once:
            assert found is not None and list(Fault).index(found.fault) <= list(Fault).index(at_once[0])
        if found is not None:
            assert now_s - last_s[found.fault] <= PATIENCE_S.get(found.fault, (0, 0))[1] + 1e-6


# -- what is black, what stands still ----------------------------------------------------------------------------------

FMT = PictureFormat(320, 192, Matrix.BT709, Range.LIMITED)


def look_at(pictures, rate_hz: float = 5.0) -> PictureSight:
    sight = PictureSight()
    for n, luma in enumerate(pictures):
        sight.look(luma, FMT, round(n * 1e9 / rate_hz))
    return sight


def test_a_lens_cap_is_black_and_a_dark_stage_is_not():
    dice = np.random.default_rng(1)
    cap = [np.clip(dice.normal(18, 4, (192, 320)), 0, 255).astype(np.uint8) for _ in range(11)]
    assert look_at(cap).black_s == pytest.approx(2.0)
    stage = [p.copy() for p in cap]
    for picture in stage:
        picture[90:110, 150:170] = 60  # a lit face, far away
    assert look_at(stage).black_s == 0.0
    assert look_at([*cap, *stage[:1]]).black_s == 0.0, "the light goes on"


def test_a_repeated_picture_stands_still_and_a_person_who_holds_still_does_not():
    dice = np.random.default_rng(2)
    picture = dice.integers(40, 200, (192, 320), dtype=np.uint8)
    assert look_at([picture] * 31).still_s == pytest.approx(6.0)
    pulse = [np.clip(picture.astype(int) + (n // 10 % 2), 0, 255).astype(np.uint8) for n in range(31)]
    assert look_at(pulse).still_s == pytest.approx(6.0), "an encoder's key pictures differ by a code"
    living = []
    for n in range(31):
        moved = picture.copy()
        moved[64:96, 96:128] = np.roll(picture[64:96, 96:128], n % 3, axis=1) // 2 + 20 * (n % 2)
        living.append(moved)
    assert look_at(living).still_s < 0.5


def test_an_outline_tells_where_somebody_goes_on_beyond_the_picture():
    alpha = np.zeros((180, 320), np.uint8)
    alpha[60:, 100:200] = 255
    found = outline_of(alpha)
    assert found.cut == (0.0, 0.0, 0.0) and found.covered == pytest.approx(0.208, abs=0.01)
    alpha[90:, :150] = 255
    alpha[:90, 140:160] = 255
    left, right, top = outline_of(alpha).cut
    assert (left, right) == (0.5, 0.0) and top == pytest.approx(20 / 320)


# -- where things are in a shot ----------------------------------------------------------------------------------------


def test_windows_are_what_the_crop_and_the_layers_show(show):
    shots = {shot.id: shot for shot in show.all_shots}
    (whole,) = windows(show, shots["cam1"], ShotView("cam1"), lambda s: Crop(0.5, 0.5, 2.0), {"cam1": 320 / 184})
    assert whole.part.tuple == pytest.approx((0.25, 0.25, 0.5, 0.5)) and whole.place == WHOLE
    one, two = windows(show, shots["split/both"], ShotView("split/both"), lambda s: Crop(), {})
    assert (one.source, two.source) == ("cam1", "cam2")
    assert two.place.tuple == pytest.approx((0.5, 0.0, 0.5, 1.0)) and two.part.w == pytest.approx(0.489, abs=0.01)


# -- a show ------------------------------------------------------------------------------------------------------------


def test_the_machine_leaves_an_empty_picture_and_says_why(show):
    run = Show(show)
    run.run(4.0, "anna")
    assert run.program == "cam1" and not run.reason("cam1")
    run.faces["cam1"] = (Face(0.9, 0.25, 0.16, 0.3, 0.9, 1),)
    run.run(0.4, "anna")
    run.faces["cam1"] = ()
    run.run(1.5, "anna")
    assert run.program == "cam1", "somebody who leans out for a moment is waited for"
    run.run(3.0, "anna")
    assert run.program != "cam1" and "nobody is in the picture" in run.cuts()[-1]["reason"]
    assert {"kind": "state", "by": AUTO, "shot": "cam1", "unfit": "nobody is in the picture"} in run.log
    run.faces["cam1"] = (MIDDLE,)
    run.run(4.0, "anna")
    assert run.program == "cam1" and not run.reason("cam1")


def test_a_shot_that_is_nothing_to_show_is_never_proposed_while_another_is_fit(show):
    run = Show(show)
    run.faces["cam2"] = ()
    run.run(8.0, "anna")
    assert run.reason("cam2") and "Ben isn't in the picture" in run.reason("split/both")
    run.run(12.0, "ben")
    assert not [line for line in run.log if line["kind"] == "proposal" and line["to"] in ("cam2", "split/both")]


def test_where_nothing_is_fit_it_goes_by_who_speaks_as_ever(show):
    run = Show(show)
    run.faces, run.sights["cam3"] = dict.fromkeys(run.faces, ()), Sight(black_s=9.0)
    run.run(10.0, "anna")
    assert run.reason("cam1") and run.reason("cam2")
    run.run(6.0, "ben")
    assert run.program == "cam2"


def test_a_source_without_faces_looked_for_is_fit(show):
    run = Show(show)
    run.faces = {}
    run.run(10.0, "anna")
    assert run.program == "cam1" and not run.state.fitness.unfit.keys() - {"duo/both", "guest"}


def test_black_is_left_and_what_a_hand_puts_on_air_stays_for_its_lease(show):
    run = Show(show)
    run.run(4.0, "anna")
    run.sights["cam1"] = Sight(black_s=2.0)
    run.run(1.5, "anna")
    assert run.program != "cam1" and "cam1 is black" in run.cuts()[-1]["reason"]
    run.do(c.ProgramCut("cam1"))
    run.run(4.8, "anna")
    assert run.program == "cam1", "hands may air anything"
    run.run(5.0, "anna")
    assert run.program != "cam1"


def test_a_picture_that_stands_still_is_frozen_where_a_camera_gives_it(show):
    run = Show(show)
    run.sights["cam1"] = Sight(still_s=60.0)
    run.run(1.0)
    assert not run.reason("cam1"), "a test pattern stands by its nature"
    run.state.fitness._may_freeze = {"cam1"}
    run.run(1.0)
    assert run.reason("cam1") == "cam1 stands still"
    assert not run.reason("cam3"), "nobody sits there: it may be slides"


def test_a_plate_that_is_not_there_is_waited_for_and_not_left(show):
    run = Show(show)
    run.unready = ("cam1",)
    run.run(6.0, "anna")
    assert run.program != "cam1" and run.reason("cam1") == "its set isn't drawn yet"
    run.unready = ()
    run.run(4.0, "anna")
    assert run.program == "cam1"
    run.unready = ("cam1",)
    run.run(4.0, "anna")
    assert run.program == "cam1", "what is on air isn't left for it"


def test_what_is_wrong_is_published_on_the_key_of_the_shot(show):
    from live.show.fitness.published import ShotUnfit, SourceWaits, fitness

    run = Show(show)
    run.run(0.5)
    values = list(fitness(run.state, run.now_s))
    assert ShotUnfit(4, "Dora waits to be brought in") in values and ShotUnfit(1, "") in values
    assert SourceWaits("guest", True) in values


# -- who waits to be brought in ----------------------------------------------------------------------------------------


def test_nobody_who_waits_is_aired_by_the_machine_and_their_voice_moves_nothing(show):
    run = Show(show)
    run.run(4.0, "anna")
    assert run.program == "cam1"
    before = len(run.cuts())
    run.run(10.0, "anna", "dora")
    run.run(10.0, "dora")
    assert not {"duo/both", "guest"} & {cut["to"] for cut in run.cuts()} and len(run.cuts()) <= before + 1
    run.do(c.SourceOnCall("guest", False))
    run.run(8.0, "dora")
    assert run.program == "guest", "brought in, and heard"


def test_a_hands_cut_brings_in_whoever_it_shows(show):
    run = Show(show)
    run.run(2.0)
    assert run.state.fitness.waiting == {"dora"}
    run.do(c.ProgramCut("duo/both"))
    assert not run.state.fitness.waiting and not run.reason("cam1")
    run.do(c.PersonOnCall("dora"))
    assert run.state.fitness.waiting == {"dora"}, "and out again"
    run.run(12.0, "anna")
    assert run.program == "cam1", "the machine doesn't stay with somebody who waits"


def test_who_is_brought_in_has_not_been_away_for_as_long_as_they_waited(show):
    run = Show(show)
    run.do(c.SourceOnCall("guest", False))
    run.run(2.0)
    run.do(c.SourceOnCall("guest", True))
    run.run(20.0)
    run.do(c.SourceOnCall("guest", False))
    run.faces["guest"] = ()  # they look at their notes just then
    run.run(2.0)
    assert not run.reason("guest")
    run.run(6.0)
    assert run.reason("guest") == "nobody is in the picture"


def test_who_is_sent_out_while_they_are_on_air_is_left(show):
    run = Show(show)
    run.run(1.0)
    run.do(c.ProgramCut("guest"))
    run.run(7.0, "anna")
    run.do(c.ProgramCut("duo/both"))
    run.do(c.SourceOnCall("guest", True))
    run.run(7.0)
    assert run.program not in ("guest", "duo/both") and "Dora waits to be brought in" in run.cuts()[-1]["reason"]


def test_who_waits_is_kept(show):
    run = Show(show)
    run.do(c.SourceOnCall("guest", False))
    run.do(c.PersonOnCall("ben", True))
    again = Show(show)
    again.state.restore(run.state.save(1.0), 0.0)
    assert again.state.fitness.waiting == {"ben"}
    assert "cam2" not in again.state.mix.director.shots and "duo/both" in again.state.mix.director.shots


def test_who_waits_is_looked_up_again_when_a_hand_or_a_seat_changes_it_and_no_oftener(tmp_path):
    text = RIG.replace("on_call = true", "") + '[[seats]]\nname = "far"\ncamera = "cam3"\n'
    for scene, layers in (("hall", WHOLE_HALL), ("duo", FLAT), ("split", FLAT)):
        (tmp_path / scene).mkdir()
        (tmp_path / scene / "scene.toml").write_text(layers)
    run = Show(small_show(tmp_path, text))
    fitness = run.state.fitness
    run.do(c.PersonOnCall("dora"))
    assert (fitness.on_call, fitness.waiting) == ({"guest"}, {"dora"})
    found = fitness.on_call, fitness.waiting
    run.run(1.0, "anna")
    assert fitness.on_call is found[0] and fitness.waiting is found[1]
    run.do(c.PersonSeat("dora", "far"))
    assert fitness.on_call == {"guest", "cam3"} and run.state.mix.director.candidate("hall/all") is None
    run.do(c.PersonSeat("dora"))
    run.do(c.PersonOnCall("dora"))
    assert not fitness.on_call and not fitness.waiting


# -- whom a shot shows -------------------------------------------------------------------------------------------------


def roles(run: Show) -> dict[str, str]:
    director = run.state.mix.director
    return {shot: director.candidate(shot).role for shot in director.shots}  # type: ignore[union-attr]


def test_the_wide_shot_is_the_one_that_shows_everybody_who_is_in_the_show(show):
    run = Show(show)
    assert roles(run) == {"hall/all": "wide", "split/both": "wide", "cam1": "close_up", "cam2": "close_up"}
    run.do(c.SourceOnCall("guest", False))
    found = roles(run)
    assert found["hall/all"] == "wide", "a camera that nobody sits before looks at all of them"
    assert found["split/both"] == "group" == found["duo/both"], "made as wide shots, they show two of three"
    assert found["guest"] == "close_up", "a camera that only a layout shows is a close-up by itself"


def test_of_shots_that_lack_somebody_the_first_that_shows_most_is_the_wide_one(tmp_path):
    for scene in ("duo", "split"):
        (tmp_path / scene).mkdir()
        (tmp_path / scene / "scene.toml").write_text(FLAT)
    text = RIG.replace("on_call = true", "").replace('"hall/all", "duo/both"', '"duo/both"').replace("hall/all", "cam1")
    text = text.replace('[[scenes]]\nname = "hall"\npath = "hall"\ntalent = { one = "cam3" }\n', "")
    director = Show(small_show(tmp_path, text)).state.mix.director
    wide, other = director.candidate("duo/both"), director.candidate("split/both")
    assert wide is not None and other is not None
    assert (wide.role, wide.lacks) == ("wide", {"ben"}), "no answer to his voice"
    assert (other.role, other.group) == ("group", {"anna", "ben"})


def test_a_picture_beside_somebody_whom_nobody_knows_is_neither_a_wide_shot_nor_a_close_up(tmp_path):
    """A remote guest who is none of the rig's people, side by side with the host."""
    for scene, text in (("hall", WHOLE_HALL), ("duo", FLAT), ("split", FLAT)):
        (tmp_path / scene).mkdir()
        (tmp_path / scene / "scene.toml").write_text(text)
    nobody = RIG.replace('camera = "guest"', "").replace("on_call = true", "")
    director = Show(small_show(tmp_path, nobody)).state.mix.director
    assert director.candidate("duo/both") is None and director.candidate("split/both").role == "wide"  # type: ignore[union-attr]


def test_music_goes_to_nobody_who_waits(show):
    run = Show(show)
    for _ in range(300):
        run.now_s += DT_S
        run.state.step(run.now_s, DT_S, hearing=Hearing({}, music=True), faces=run.faces, aspects={})
    assert run.program in ("hall/all", "split/both")


def test_what_a_film_plays_is_not_the_rooms_music(show, tmp_path):
    """A file that nobody wears is a film; its loudspeakers in the room bring nothing but itself."""
    film = RIG + '[[sources]]\nname = "trailer"\nkind = "media"\npath = "trailer.wav"\n'
    film += '[[microphones]]\nname = "trailer"\nsource = "trailer"\n'
    for scene, text in (("hall", WHOLE_HALL), ("duo", FLAT), ("split", FLAT)):
        (tmp_path / scene).mkdir()
        (tmp_path / scene / "scene.toml").write_text(text)
    (tmp_path / "trailer.wav").write_bytes(b"")
    run = Show(small_show(tmp_path, film))
    assert run.state.rig.played == {"trailer"}
    sounds = Metered(strips={"trailer": Level(rms_db=-20.0)})
    run.run(4.0, "anna")
    for metered, seconds in ((sounds, 12.0), (Metered(), 4.0), (Metered(), 8.0)):
        before = len(run.cuts())
        for _ in range(round(seconds / DT_S)):
            run.now_s += DT_S
            run.state.step(
                run.now_s, DT_S, hearing=Hearing({}, music=True), faces=run.faces, aspects={}, metered=metered
            )
        reasons = [cut["reason"] for cut in run.cuts()[before:]]
        assert bool([r for r in reasons if "music" in r]) == (seconds == 8.0), "only once it has been over for a while"


def test_a_camera_in_trouble_condemns_the_shots_that_show_it_and_no_close_up_of_somebody_else(show):
    run = Show(show)
    run.sights["cam1"] = Sight(black_s=9.0)
    run.run(1.0)
    assert run.reason("cam1") and run.reason("split/both") and not run.reason("cam2")
    run.state.fitness._may_freeze = {"cam1"}
    run.sights["cam1"] = Sight(still_s=60.0, covered=0.0)
    run.run(3.0)
    assert "stands still" not in run.reason("cam1"), "an empty screen has nothing that moves"


def test_who_stands_up_leaves_a_body_without_a_head(show):
    """In a picture of two: the upper edge of it takes a head, and the shot with it."""
    run = Show(show)
    rising = Face(0.6, 0.05, 0.16, 0.3, 0.9, 2)
    run.faces["cam1"] = (MIDDLE, Face(0.6, 0.3, 0.16, 0.3, 0.9, 2))
    run.run(1.0)
    run.faces["cam1"] = (MIDDLE, rising)
    run.run(0.5)
    run.faces["cam1"] = (MIDDLE,)
    run.run(0.5)
    assert not run.reason("cam1")
    run.run(1.5)
    assert run.reason("cam1") == "somebody's head is out of the picture"
    run.faces["cam1"] = (MIDDLE, rising)
    run.run(1.5)
    assert not run.reason("cam1")
    run.faces["cam1"] = (MIDDLE,)
    run.run(10.0)
    assert not run.reason("cam1"), "they have gone for good"


def test_who_goes_on_under_another_number_has_not_stood_up(show):
    """A hand before a face near the upper edge: its track is lost, and another one begins in its place."""
    run = Show(show)
    tall = Face(0.6, 0.05, 0.16, 0.3, 0.9, 2)
    run.faces["cam1"] = (MIDDLE, tall)
    run.run(2.0)
    run.faces["cam1"] = (MIDDLE,)
    run.run(0.6)
    run.faces["cam1"] = (MIDDLE, Face(0.62, 0.1, 0.16, 0.3, 0.9, 3))
    run.run(0.5)
    run.faces["cam1"] = (MIDDLE, Face(0.75, 0.2, 0.16, 0.3, 0.9, 3))
    for _ in range(9):
        run.run(1.0)
        assert not run.reason("cam1")
