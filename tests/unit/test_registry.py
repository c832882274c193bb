import math

import pytest
from hypothesis import example as such_as
from hypothesis import given
from hypothesis import strategies as st

from live.base.errors import CommandError
from live.control.registry import IMPULSE, LONGEST, MISSING, all_commands, heard, parse, to_message
from live.show import commands as c


def example(arg):
    if arg.type is str:
        return arg.arg.choices[0] if arg.arg.choices else "name"
    low = 0 if arg.arg.low is None else arg.arg.low
    return arg.type(low if arg.arg.high is None else (low + arg.arg.high) / 2)


@pytest.mark.parametrize("spec", all_commands(), ids=lambda s: s.address)
def test_every_command_goes_to_a_message_and_back(spec):
    command = spec.cls(**{a.name: example(a) for a in spec.args})
    address, args = to_message(command)
    assert parse(address, args) == command


@pytest.mark.parametrize("spec", all_commands(), ids=lambda s: s.address)
def test_every_command_is_documented(spec):
    assert spec.doc.endswith(".")
    assert all(a.arg.doc for a in spec.value_args), "an argument without a word about it"


@pytest.mark.parametrize(
    ("address", "args", "words"),
    [
        ("/program/cutt", [], "no such command"),
        ("/preview/set", [], "argument 1 (shot) is missing"),
        ("/preview/set", [3], "not text"),
        ("/preview/set", ["a", "b"], "2 arguments"),
        ("/director/level", ["full"], "one of: off, suggest, armed, auto"),
        ("/program/auto", ["mix", -1.0], "outside 0 to 10"),
        ("/program/auto", ["mix", math.nan], "not a number"),
        ("/framing/cam1/crop", [0.5, 0.5], "argument 3 (zoom) is missing"),
        ("/framing/cam1/crop", [0.5, 0.5, "big"], "not a number"),
        ("/graphics//show", [], "no such command"),
    ],
)
def test_a_bad_message_says_what_was_expected(address, args, words):
    with pytest.raises(CommandError) as error:
        parse(address, args)
    assert words in str(error.value)


def test_left_out_arguments_take_their_defaults():
    assert parse("/program/auto", []) == c.ProgramAuto(None, None)
    assert parse("/program/cut", []) == c.ProgramCut(None)
    assert parse("/framing/cam1/crop", [0, 1, 2]) == c.FramingCrop("cam1", 0.0, 1.0, 2.0)


ANYTHING = st.one_of(
    st.integers(),
    st.floats(),
    st.booleans(),
    st.text(max_size=20),
    st.text(st.characters(categories=("Cc", "Cs")), max_size=3),
    st.none(),
    st.binary(max_size=8),
    st.just(IMPULSE),
)


@given(st.text(max_size=60), st.lists(ANYTHING, max_size=5))
@such_as("/x", [10**400])
@such_as("/x", [-(10**5000)])
@such_as("/\ud800", ["\ud800"])
def test_whatever_comes_it_is_a_command_or_a_command_error(address, args):
    for where in (address, "/program/auto", "/framing/x/crop", "/subscribe", "/framing/x/subject", "/show/marker"):
        for take in (parse, heard):
            try:
                take(where, args)
            except CommandError as error:
                str(error).encode()


BUTTONS = [True, 1, 1.0, IMPULSE]
RELEASED = [False, 0, 0.0]


@pytest.mark.parametrize("pressed", BUTTONS)
@pytest.mark.parametrize(
    ("address", "does"),
    [
        ("/show/panic", c.ShowPanic()),
        ("/director/take", c.DirectorTake()),
        ("/captions/clear", c.CaptionsClear()),
        ("/program/cut", c.ProgramCut()),
        ("/program/auto", c.ProgramAuto()),
        ("/dsk/1/on", c.DskOn("1")),
        ("/graphics/lower/show", c.GraphicShow("lower")),
        ("/show/marker", c.ShowMarker()),
    ],
)
def test_a_pressed_button_does_it_once_and_when_it_is_let_go_no_second_time(address, does, pressed):
    assert heard(address, [pressed]) == does
    for released in RELEASED:
        assert heard(address, [released]) != does


@pytest.mark.parametrize("released", RELEASED)
@pytest.mark.parametrize(
    ("address", "does"),
    [
        ("/program/cut", None),
        ("/director/take", None),
        ("/dsk/1/auto", None),
        ("/suggestions/take", None),
        ("/dsk/1/off", None),
        ("/dsk/2/on", c.DskOff("2")),
        ("/graphics/lower/show", c.GraphicHide("lower")),
        ("/captions/show", c.CaptionsHide()),
        ("/director/hold", c.DirectorRelease()),
        ("/director/lock", c.DirectorUnlock()),
        ("/framing/cam1/lock", c.FramingUnlock("cam1")),
        ("/program/ftb", c.ProgramFtb(False)),
        ("/dsk/1/tie", c.DskTie("1", False)),
    ],
)
def test_what_a_button_that_is_let_go_means(address, does, released):
    assert heard(address, [released]) == does


def test_a_suggestion_has_no_number_0():
    """It would be a button that is let go."""
    assert heard("/suggestions/take", [7]) == c.SuggestionTake(7) and heard("/suggestions/take", [0]) is None
    with pytest.raises(CommandError, match="outside 1 to"):
        parse("/suggestions/take", [0])


def test_one_number_more_than_a_command_takes_is_a_button():
    assert heard("/program/cut", ["cam1", 1.0]) == c.ProgramCut("cam1")
    assert heard("/program/cut", ["cam1", 0.0]) is None
    assert heard("/preview/set", ["cam1", True]) == c.PreviewSet("cam1")
    assert heard("/dsk/1/tie", [1, 1]) == c.DskTie("1", True)
    with pytest.raises(CommandError, match="3 arguments"):
        heard("/program/cut", ["cam1", 1.0, 1.0])


def test_a_number_that_a_command_takes_is_no_button():
    assert heard("/players/vt/play", [2.0]) == c.PlayerPlay("vt", "2")
    assert heard("/players/vt/play", [True]) == c.PlayerPlay("vt")
    assert heard("/director/hold", [8.0]) == c.DirectorHold(8.0)
    assert heard("/director/hold", [True]) == c.DirectorHold()
    assert heard("/layers/pip/inset/show", [0.0]) == c.LayerShow("pip", "inset", 0.0)
    assert heard("/program/ftb", [True]) == c.ProgramFtb(True)
    assert heard("/program/ftb", [IMPULSE]) == c.ProgramFtb()
    assert parse("/dsk/1/auto", [0.0]) == c.DskAuto("1", 0.0), "a script and a log mean what they say"


@pytest.mark.parametrize("spec", [s for s in all_commands() if s.release], ids=lambda s: s.address)
def test_what_undoes_a_command_is_a_command_of_the_same_thing(spec):
    holes = {a.name: "name" for a in spec.args if a.in_address}
    undone = heard(to_message(spec.cls(**holes))[0], [0.0])
    assert undone is not None and all(getattr(undone, name) == value for name, value in holes.items())


def test_capitals_and_a_slash_at_the_end_do_no_harm():
    for address in ("/Program/CUT", "/program/cut/", "/PROGRAM/cut//"):
        assert parse(address, ["cam1"]) == c.ProgramCut("cam1")
    assert parse("/Graphics/Lower/Show", []) == c.GraphicShow("lower")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["x" * (LONGEST + 1)], "401 characters long, 400 at most"),
        (["a\0b"], r"no text (U+0000)"),
        (["\ud800"], r"no text (U+D800)"),
        (["\x1b[2J"], r"no text (U+001B)"),
    ],
)
def test_a_text_has_a_limit_and_only_what_can_be_shown(args, words):
    with pytest.raises(CommandError) as error:
        parse("/show/marker", args)
    assert words in str(error.value)
    assert parse("/show/marker", ["two\nlines"]) == c.ShowMarker("two\nlines")
    with pytest.raises(CommandError):
        parse(f"/people/{args[0]}/enrol", ["cam1"])


@pytest.mark.parametrize(
    ("address", "args"),
    [("/graphics/lower/row", [2.5]), ("/microphones/a/gain", [True]), ("/subscribe", [True]), ("/program/tbar", ["1"])],
)
def test_a_number_is_never_taken_for_another(address, args):
    with pytest.raises(CommandError):
        heard(address, args)


def test_what_is_left_out_in_the_middle_takes_its_default():
    assert parse("/program/auto", [None, 1.5]) == c.ProgramAuto(None, 1.5)
    assert parse(*to_message(c.ProgramAuto(None, 1.5))) == c.ProgramAuto(None, 1.5)
    with pytest.raises(CommandError, match="not text"):
        parse("/preview/set", [None])


@pytest.mark.parametrize("spec", all_commands(), ids=lambda s: s.address)
def test_a_hand_that_puts_a_domain_on_hold_needs_its_token(spec):
    assert spec.desk in ("", "cuts", "framing", "graphics", "sound") and spec.domain in ("", spec.desk)
    hurry = (c.ShowPanic, c.ShowEnd, c.ScenarioPick)  # a scenario may cut
    assert spec.urgent == (spec.desk == "cuts" or spec.cls in hurry)
    assert spec.desk or spec.address.split("/")[1] not in ("program", "preview", "director", "framing", "graphics")


def test_a_fader_is_a_number_and_no_switch():
    faders = [s for s in all_commands() if s.fader]
    assert {s.address for s in faders} >= {"/microphones/<name>/gain", "/framing/<camera>/crop"}
    assert all(any(a.type is float for a in s.value_args) and not s.urgent for s in faders)


def test_signatures_read_like_the_reference():
    by_address = {s.address: s.signature for s in all_commands()}
    assert by_address["/program/auto"] == "/program/auto [s f]"
    assert by_address["/framing/<camera>/crop"] == "/framing/<camera>/crop f f f"
    assert all(
        a.default is MISSING or a.default is None or isinstance(a.default, a.type)
        for s in all_commands()
        for a in s.args
    )
