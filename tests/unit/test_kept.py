"""What is kept of a show, and that it comes back; and that a command which is refused has changed nothing."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from live.base.errors import CommandError
from live.config.keying import MOST_MASKS
from live.control.registry import parse, to_message
from live.director.authority import Level
from live.engine.keeper import Keeper, kept_text, resumed
from live.playout import Start
from live.shm.memory import ring_name
from live.shm.notes import NoteBlock
from live.show.cuts.mix import CUTS
from live.show.dsk.model import MOST_GRABS
from live.show.handling import HANDLERS
from live.show.keeping import kept_of, text_of
from live.show.layers.model import MOST_POSITIONS
from live.show.people.model import MOST_ASKED
from live.showlog import state_beside
from tests.support.everything import HAND, carried_out, commands, do, everything, example, fresh

SLOW = settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))


class Rig:
    """A show whose repr is short: hypothesis writes it down with every example."""

    def __init__(self, show):
        self.show = show


@pytest.fixture(scope="module")
def rig(tmp_path_factory):
    return Rig(everything(tmp_path_factory.mktemp("kept")))


@pytest.fixture
def show(rig):
    return rig.show


def again(state, now_s, base):
    """Another run of the same show that takes up where the first one was."""
    kept, broken = kept_of(text_of(state.save(now_s), now_s), base)
    assert not broken
    other = fresh(state.show)
    other.restore(kept, 0.0)
    return other


def rounded(text):
    """Times are differences: the last digits may go."""
    return json.loads(text, parse_float=lambda s: round(float(s), 6))


@SLOW
@given(st.lists(commands(carried_out()), max_size=30))
def test_a_show_that_is_taken_up_again_is_as_it_was(rig, sent):
    state, now_s = fresh(rig.show), 100.0
    for command in sent:
        do(state, command, now_s)
        now_s += 0.1
    other = again(state, now_s, rig.show.path.parent)
    assert rounded(text_of(other.save(0.0), 0.0))["features"] == rounded(text_of(state.save(now_s), 0.0))["features"]
    assert other.mix.switcher.on_air == state.mix.switcher.on_air
    mine, theirs = state.mix.picture(now_s), other.mix.picture(0.0)
    assert [g.name for g in theirs.graphics] == [g.name for g in mine.graphics] and theirs.keys == mine.keys
    assert theirs.progress == pytest.approx(mine.progress) and theirs.black == mine.black


def test_shot_levels_and_keys_come_back(show):
    state = fresh(show)
    for address, *args in [
        ("/program/cut", "vt"),
        ("/director/level", "suggest"),
        ("/director/hold",),
        ("/dsk/2/on",),
        ("/graphics/lower/set", "title", "Dr Berg"),
        ("/graphics/lower/show",),
        ("/players/vt/play",),
        ("/microphones/mic1/mute", 1),
        ("/framing/cam2/crop", 0.4, 0.5, 2.0),
        ("/layers/duo/left/hide", 0.0),
        ("/keying/cam1/plate",),
        ("/colour/cam1/set", "gain", 1.5),
    ]:
        assert do(state, parse(address, args), 50.0) is None
    other = again(state, 53.0, show.path.parent)
    assert other.mix.switcher.program == "vt" and other.keys.all["2"].on
    held = other.authority.view(CUTS, now_s=0.0)
    assert held.level is Level.SUGGEST and held.held and held.hold_left_s is None
    assert other.graphics["lower"].fields["title"] == "Dr Berg" and other.graphics["lower"].visible
    assert other.players.all["vt"].place(0.0).at_s == pytest.approx(3.0), "it goes on where it was"
    assert other.sound.strips["mic1"].muted and other.cameras.crops["cam2"].zoom == 2.0
    assert other.colours.all["cam1"].config.gain == 1.5 and not other.layers["duo"].on("left")
    assert other.keyers.orders["cam1"].plates == 0, "an empty picture is not taken again: somebody may be in it"


def test_a_frame_of_another_shape_leaves_an_operator_what_it_was_told(show):
    state = fresh(show)
    do(state, parse("/framing/cam1/size", ["cu"]), 0.0)
    do(state, parse("/framing/cam1/subject", ["anna"]), 0.0)
    state.cameras._refit("cam1", keep=False)
    assert (state.cameras.operators["cam1"].size, state.cameras.operators["cam1"].wanted) == ("cu", "anna")


def test_what_a_changed_rig_no_longer_has_is_left_out(show):
    state = fresh(show)
    kept = state.save(0.0)
    kept["mix"] = replace(kept["mix"], program=("gone", 1.0), banned={"gone": 5.0})
    kept["players"] = replace(kept["players"], all={"vt": (Start(clip=9), 0.0), "gone": (Start(), 0.0)})
    state.restore(kept, 0.0)
    assert state.mix.switcher.program == "cam1" and not state.mix.banned
    assert state.players.all["vt"].start.clip == 0


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 99, "features": {}}', '{"format": 1}', "null", "\0" * 9])
def test_a_broken_file_is_told_and_changes_nothing(show, text):
    state = fresh(show)
    before = text_of(state.save(0.0), 0.0)
    (error,) = resumed(state, text, Path("show.state.json"))
    assert "the show starts as the rig says" in str(error)
    assert text_of(state.save(0.0), 0.0) == before


def test_one_broken_part_costs_that_part(show):
    state = fresh(show)
    do(state, parse("/program/cut", ["cam2"]), 1.0)
    whole = json.loads(text_of(state.save(2.0), 2.0))
    whole["features"]["sound"]["strips"]["mic1"]["gain_db"] = "loud"
    whole["features"]["of a later version"] = 3
    other = fresh(show)
    (error,) = resumed(other, json.dumps(whole), Path("show.state.json"))
    assert "sound" in str(error) and other.mix.switcher.program == "cam2"


def test_the_file_is_written_and_read(show, tmp_path):
    state = fresh(show)
    keeper = Keeper(state_beside(tmp_path / "show.jsonl"), pytest.fail)
    keeper.step(state, 0.0)
    do(state, parse("/program/cut", ["cam2"]), 0.1)
    keeper.step(state, 0.3)
    keeper.close()
    other = fresh(show)
    assert resumed(other, kept_text(tmp_path / "show.state.json"), tmp_path) == []
    assert other.mix.switcher.program == "cam2"
    assert "can't be read" in str(kept_text(tmp_path / "none.json"))


# -- nothing that a hand sends changes half a show -----------------------------------------------------------------

PATHS = ["~nosuchuser/x", "~", "../../etc/passwd", "/dev/zero"]
BAD = ["", "a" * 300, "a" * 5000, "\0", "\ud800", "١", "²", "nan", "x" * 65536, *PATHS]
TEXTS = st.sampled_from(BAD) | st.text(max_size=20)
NUMBERS = st.floats() | st.sampled_from([math.nan, math.inf, -math.inf, 1e308, -1.0, 0.0, 1e9, 2.0**70])


def hostile(spec, arg):
    """What a parser would let through, and what it would not."""
    good = commands([spec]).map(lambda c: getattr(c, arg.name))
    if arg.type is str:
        return good | TEXTS
    if arg.type is int:
        return good | st.integers(-(2**40), 2**40)
    return good | NUMBERS if arg.type is float else good


@settings(deadline=None, max_examples=600, suppress_health_check=list(HealthCheck))
@given(commands(carried_out(), hostile), st.lists(commands(carried_out()), max_size=3))
def test_a_command_gives_its_result_or_is_refused_and_then_nothing_has_changed(rig, command, before):
    state = fresh(rig.show)
    for other in before:
        do(state, other, 1.0)
    kept, names = state.save(2.0), list(state.keys.grabs)
    try:
        state.apply(parse(*to_message(command)), HAND, 2.0)
    except CommandError:
        assert state.save(2.0) == kept and state.keys.grabs == names


def test_every_command_is_carried_out_by_a_handler():
    assert {spec.cls for spec in carried_out()} <= set(HANDLERS)


@pytest.mark.parametrize(
    "spec", [s for s in carried_out() if any(a.type is str for a in s.args)], ids=lambda s: s.address
)
def test_no_text_is_carried_out_by_halves(show, spec):
    good = {a.name: example(a) for a in spec.args}
    for arg in spec.args:
        for text in BAD if arg.type is str else ():
            state = fresh(show)
            kept = state.save(2.0)
            try:
                state.apply(parse(*to_message(spec.cls(**good | {arg.name: text}))), HAND, 2.0)
            except CommandError:
                assert state.save(2.0) == kept


# -- what a hand may let grow has a limit ----------------------------------------------------------------------------

CORNERS = " ".join(f"0.{n:016d},0.{99 - n:016d}" for n in range(32))[:1000].rsplit(" ", 1)[0]


def refused(state, address, args, words):
    before = state.save(1.0)
    error = do(state, parse(address, args), 1.0)
    assert error is not None and words in str(error) and state.save(1.0) == before


def test_so_many_masks_reach_their_keyer_and_no_more(show):
    state = fresh(show)
    for _ in range(MOST_MASKS):
        assert do(state, parse("/keying/cam1/mask", ["garbage", CORNERS]), 1.0) is None
    refused(state, "/keying/cam1/mask", ["garbage", CORNERS], "unmask one")
    note = NoteBlock(ring_name("tst"), create=True)
    try:
        note.write(state.keyers.orders["cam1"].model_dump_json())
    finally:
        note.close()


def test_so_many_positions_of_a_scene(show):
    state = fresh(show)
    for n in range(MOST_POSITIONS):
        assert do(state, parse("/layers/duo/save", [f"p{n}"]), 1.0) is None
    refused(state, "/layers/duo/save", ["one more"], "save over one")
    assert do(state, parse("/layers/duo/save", ["p0"]), 1.0) is None


def test_so_many_stills_and_enrolments_may_wait(show):
    state = fresh(show)
    for n in range(MOST_GRABS):
        assert do(state, parse("/stills/grab", [f"s{n}"]), 1.0) is None
    refused(state, "/stills/grab", ["more"], "grab it again")
    for n in range(MOST_ASKED):
        assert do(state, parse(f"/people/p{n}/enrol", ["cam1"]), 1.0) is None
    refused(state, "/people/more/enrol", ["cam1"], "ask again")
    assert len(state.keys.grabs) == MOST_GRABS and len(state.people.asked) == MOST_ASKED
