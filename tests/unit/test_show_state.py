"""The hand wins: every interleaving of commands and automation, on the virtual clock."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live.base.errors import CommandError
from live.base.hand import Hand
from live.control.registry import Command, all_commands
from live.director.authority import Level
from live.picture.values import Crop, Face
from live.show import ShowState
from live.show import commands as c
from live.show.cuts.mix import CUTS
from live.show.handling import HANDLERS
from live.show.holder import AUTO
from live.sound.hearing import Hearing
from tests.support.shows import SMALL, small_show

HAND = Hand("osc 127.0.0.1:1", "127.0.0.1")


RIG = (
    SMALL
    + """
shots = ["cam1", "cam2", "duo/duo"]
start = "duo/duo"
[[sources]]
name = "cam1"
kind = "pattern"
faces = true
[[sources]]
name = "cam2"
kind = "pattern"
faces = true
[[sources]]
name = "spare"
kind = "pattern"
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
[[scenes]]
name = "duo"
talent = { left = "spare", right = "spare" }
[[graphics]]
name = "lower"
fields = { title = "a", subtitle = "b" }
"""
)
DT_S = 1 / 30


class Log(list):
    def __call__(self, kind, by, **more):
        self.append({"kind": kind, "by": by, **more})


@pytest.fixture(scope="module")
def rig(tmp_path_factory):
    return small_show(tmp_path_factory.mktemp("rig"), RIG)


def fresh(rig):
    log = Log()
    return ShowState(rig, log), log


def step(state, now_s, **more):
    speaking = more.pop("speaking", {"anna": False, "ben": False})
    state.step(now_s, DT_S, hearing=Hearing(speaking), faces=more.pop("faces", {}), aspects={}, **more)


def run(state, start_s, seconds, **more):
    """Steps of one frame; returns the time after the last."""
    n = round(seconds / DT_S)
    for i in range(n):
        step(state, start_s + i * DT_S, **more)
    return start_s + n * DT_S


ANNA = {"anna": True, "ben": False}
BEN = {"anna": False, "ben": True}


def test_the_machine_cuts_to_who_speaks_and_says_why(rig):
    state, log = fresh(rig)
    run(state, 0.0, 6.0, speaking=ANNA)
    cuts = [line for line in log if line["kind"] == "cut"]
    assert [(k["to"], k["by"]) for k in cuts] == [("cam1", AUTO)]
    assert cuts[0]["reason"] and cuts[0]["cost"] is not None
    assert any(line["kind"] == "proposal" for line in log[: log.index(cuts[0])]), "it was not shown before it happened"


def test_a_hand_on_the_cuts_keeps_the_machine_off_until_the_lease_ends(rig):
    state, log = fresh(rig)
    now = run(state, 0.0, 2.5)
    state.apply(c.ProgramCut("cam2"), HAND, now)
    end = run(state, now, 4.9, speaking=ANNA)
    assert state.mix.switcher.program == "cam2" and not [k for k in log if k["kind"] == "cut" and k["by"] == AUTO]
    run(state, end, 3.0, speaking=ANNA)
    assert state.mix.switcher.program == "cam1", "after the lease the machine goes on"


def test_a_hold_without_end_lasts_until_it_is_released(rig):
    state, _ = fresh(rig)
    state.apply(c.DirectorHold(), HAND, 0.0)
    now = run(state, 0.0, 60.0, speaking=ANNA)
    assert state.mix.switcher.program == "duo/duo"
    state.apply(c.DirectorRelease(), HAND, now)
    run(state, now, 4.0, speaking=ANNA)
    assert state.mix.switcher.program == "cam1"


def test_panic_freezes_everything_and_the_picture_stays(rig):
    state, log = fresh(rig)
    now = run(state, 0.0, 6.0, speaking=ANNA)
    state.apply(c.ShowPanic(), HAND, now)
    crops, program = dict(state.cameras.crops), state.mix.switcher.program
    now = run(state, now, 30.0, speaking=BEN, faces={"cam1": (Face(0.1, 0.1, 0.1, 0.2, 0.9),)})
    assert state.mix.switcher.program == program and state.cameras.crops == crops and state.mix.proposal is None
    state.apply(c.DirectorLevel("auto"), HAND, now)
    run(state, now, 4.0, speaking=BEN)
    assert state.mix.switcher.program == "cam2", "a level set by hand starts it again"


def test_suggest_proposes_and_never_acts_but_a_hand_may_take_it(rig):
    state, log = fresh(rig)
    state.apply(c.DirectorLevel("suggest"), HAND, 0.0)
    now = run(state, 0.0, 10.0, speaking=ANNA)
    assert (
        state.mix.proposal is not None and state.mix.proposal.shot == "cam1" and state.mix.switcher.program == "duo/duo"
    )
    state.apply(c.DirectorTake(), HAND, now)
    assert state.mix.switcher.program == "cam1"
    assert [k["by"] for k in log if k["kind"] == "cut"] == [HAND.who]


def test_a_veto_drops_the_proposal(rig):
    state, log = fresh(rig)
    state.apply(c.DirectorLevel("armed"), HAND, 0.0)
    now = 0.0
    while state.mix.proposal is None:
        step(state, now, speaking=ANNA)
        now += DT_S
    state.apply(c.DirectorVeto(), HAND, now)
    run(state, now, 4.0, speaking=ANNA)
    assert state.mix.switcher.program == "duo/duo" and [k for k in log if k["kind"] == "override"]


def test_a_shot_whose_camera_is_dead_is_not_proposed(rig):
    state, _ = fresh(rig)
    run(state, 0.0, 8.0, speaking=ANNA, dead={"cam1"})
    assert state.mix.switcher.program != "cam1"


def test_framing_by_hand_stands_until_its_lease_is_over(rig):
    state, _ = fresh(rig)
    state.apply(c.FramingCrop("cam1", 0.3, 0.4, 2.0), HAND, 0.0)
    assert dict(state.mix.picture(0.0).crops)["cam1"] == Crop(0.3, 0.4, 2.0)
    now = run(state, 0.0, 9.0, faces={"cam1": (Face(0.7, 0.2, 0.1, 0.2, 0.9),)})
    assert state.cameras.crops["cam1"] == Crop(0.3, 0.4, 2.0)
    run(state, now, 5.0, faces={"cam1": (Face(0.7, 0.2, 0.1, 0.2, 0.9),)})
    assert state.cameras.crops["cam1"] != Crop(0.3, 0.4, 2.0)


def test_a_wipes_border_and_a_dip_have_colours_of_their_own(rig):
    state, _ = fresh(rig)
    state.apply(c.ProgramDip("#ffffff"), HAND, 0.0)
    state.apply(c.ProgramWipe(0.1, 0.02, "#ffd000"), HAND, 0.0)
    ready = state.mix.switcher.ready
    assert (ready["dip"].style.colour, ready["circle"].style.colour, ready["circle"].style.border) == (
        "#ffffff",
        "#ffd000",
        0.02,
    )
    for command in (c.ProgramDip("white"), c.ProgramWipe(0.1, 0.0, "#12")):
        with pytest.raises(CommandError, match="no colour; write it as #rrggbb"):
            state.apply(command, HAND, 0.0)


NOTHING_TO_TAKE = {
    "/show/undo": "nothing that you have set",
    "/director/take": "proposes nothing",
    "/suggestions/take": "nothing is suggested",
    "/suggestions/drop": "nothing is suggested",
    "/graphics/<name>/person": "no person is called",
    "/graphics/<name>/take": "it is not on air",
    "/titles/previous": "that was the first name",
    "/titles/remove": "comes from the people",
    "/director/style/set": "min_shot_s",  # 0 is under its range
    "/dsk/<number>/on": "holds nothing",
    "/dsk/<number>/auto": "holds nothing",
    "/dsk/<number>/still": "no still is called",
    "/graphics/<name>/row": "no data file",
    "/outputs/<name>/start": "no output is called",
    "/outputs/<name>/stop": "no output is called",
    "/aux/<name>/set": "no auxiliary is called",
    "/multiview/<name>/layout": "no multiview is called",
    "/multiview/<name>/window": "no multiview is called",
    "/layers/<scene>/<layer>/set": "give -4 to 8",
    "/layers/<scene>/<layer>/crop": "beyond the source",
    "/layers/<scene>/recall": "no position",
    "/strips/<strip>/group": "no group is called",
    "/strips/<strip>/preset": "no preset is called",
    "/strips/<strip>/pfl": "no table [listening]",
    "/strips/<strip>/afl": "no table [listening]",
    "/strips/<strip>/solo": "no table [listening]",
    "/sound/check": "nobody wears a microphone",
    "/sound/check/take": "proposes nothing there now",
    "/sound/check/drop": "proposes nothing there now",
    "/strips/<strip>/follow": "is no rule",
    "/strips/<strip>/open": "follows no picture",
    "/faults/seen": "there is no fault of",
    "/sources/<source>/news": "no source of news is called",
    "/scenario/<name>": "no scenario is called",
    "/people/<name>/seat": "no person is called",
    "/people/<name>/on_call": "no person is called",
    "/people/<name>/weight": "no person is called",
    "/people/<name>/speaking": "no person is called",
}
# This rig has no keyers, looks, captions, players, nobody who listens; their own tests carry these out.
LACKING = ("/keying/", "/colour/", "/captions/", "/players/", "/listening/", "/talkback/")
THE_SERVERS_OWN = ("/subscribe", "/unsubscribe")


def test_nudges_move_a_crop_from_where_it_is_and_keep_it_in_the_picture(rig):
    state, _ = fresh(rig)
    state.apply(c.FramingCrop("cam1", 0.5, 0.5, 2.0), HAND, 0.0)
    state.apply(c.FramingNudge("cam1", 0.1, 0.0, 1.0), HAND, 0.1)
    assert state.cameras.crops["cam1"].x == pytest.approx(0.55) and state.cameras.crops["cam1"].zoom == pytest.approx(
        2.0
    )
    for n in range(100):
        state.apply(c.FramingNudge("cam1", 0.1, 0.1, 1.0), HAND, 0.2 + n)
    assert state.cameras.crops["cam1"].x == pytest.approx(0.75) and state.cameras.crops["cam1"].y == pytest.approx(0.75)
    for n in range(100):
        state.apply(c.FramingNudge("cam1", 0.0, 0.0, 0.5), HAND, 101 + n)
    assert state.cameras.crops["cam1"].zoom == pytest.approx(1.0)


@pytest.mark.parametrize(
    "spec", [s for s in all_commands() if s.address not in THE_SERVERS_OWN], ids=lambda s: s.address
)
def test_every_command_of_the_registry_is_carried_out_or_says_what_it_lacks(spec, rig):
    state, _ = fresh(rig)
    assert spec.cls in HANDLERS
    names = {
        "shot": "cam1",
        "source": "cam1",
        "picture": "cam1",
        "mix": "program",
        "camera": "cam1",
        "graphic": "lower",
        "domain": "cuts",
        "transition": "mix",
        "style": "talk",
    }
    names |= {"strip": "mic1", "microphone": "mic1", "dsk": "1", "feed": "clean", "scene": "duo", "layer": "pip"}
    names |= {"bus or strip": "aux1", "return": "aux1"}
    values = {}
    for arg in spec.args:
        if arg.name == "field":
            values[arg.name] = "title"
        elif arg.name == "colour":
            values[arg.name] = "#ffffff"
        elif arg.type is str:
            values[arg.name] = names.get(arg.arg.of) or (arg.arg.choices[0] if arg.arg.choices else "text")
        else:
            values[arg.name] = arg.type(arg.arg.low or 0)
    try:
        state.apply(spec.cls(**values), HAND, 0.0)
    except CommandError as error:
        assert error.action and (spec.address.startswith(LACKING) or NOTHING_TO_TAKE[spec.address] in str(error))


COMMANDS: list[Command] = [
    c.ProgramCut("cam1"),
    c.ProgramCut("cam2"),
    c.ProgramCut(),
    c.ProgramAuto("mix", 0.3),
    c.ProgramAuto("wipe", 1.0),
    c.PreviewSet("duo/duo"),
    c.DirectorLevel("auto"),
    c.DirectorLevel("armed"),
    c.DirectorLevel("suggest"),
    c.DirectorLevel("off"),
    c.DirectorHold(1.0),
    c.DirectorHold(),
    c.DirectorRelease(),
    c.DirectorTake(),
    c.DirectorVeto(),
    c.ShowPanic(),
    c.FramingCrop("cam1", 0.5, 0.5, 2.0),
]
EVENTS = st.one_of(
    st.sampled_from(COMMANDS),
    st.tuples(st.booleans(), st.booleans(), st.integers(1, 120)),
    st.sampled_from(["cam1 dies", "cam1 lives"]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(EVENTS, min_size=1, max_size=25))
def test_no_interleaving_lets_an_old_decision_follow_a_hand(rig, events):
    """After any command on the cuts: what it asked for shows at once, and no automatic cut follows while a hand holds
    them, at a level that doesn't act, or under the minimum shot."""
    state, log = fresh(rig)
    now, dead, speaking = 0.0, set(), ANNA
    for event in events:
        if isinstance(event, str):
            dead = {"cam1"} if event == "cam1 dies" else set()
        elif isinstance(event, tuple):
            speaking = {"anna": event[0], "ben": event[1]}
            for _ in range(event[2]):
                view, before = state.authority.view(CUTS, now_s=now), len(log)
                age_s, program = now - state.mix.switcher.program_since_s, state.mix.switcher.program
                step(state, now, speaking=speaking, dead=dead)
                if any(line["kind"] == "cut" for line in log[before:]):
                    released = not state.authority.view(CUTS, now_s=now).held
                    assert (not view.held or released) and view.level in (Level.ARMED, Level.AUTO)
                    lost = set(rig.needed_by(state.mix.shots[program])) <= dead
                    assert age_s >= rig.style.min_shot_s - 1e-6 or lost
                now += DT_S
        else:
            try:
                state.apply(event, HAND, now)
            except CommandError:
                continue
            if isinstance(event, c.ProgramCut) and event.shot:
                assert state.mix.picture(now).shot.shot == event.shot and state.mix.picture(now).to is None
            if isinstance(event, c.ShowPanic):
                assert state.authority.view(CUTS, now_s=now).level is Level.OFF and state.mix.proposal is None
