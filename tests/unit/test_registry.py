import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.base.errors import CommandError
from live.control.registry import MISSING, all_commands, parse, to_message
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


@given(
    st.text(max_size=60),
    st.lists(st.one_of(st.integers(), st.floats(), st.text(max_size=20), st.none(), st.binary(max_size=8)), max_size=5),
)
def test_whatever_comes_it_is_a_command_or_a_command_error(address, args):
    for where in (address, "/program/auto", "/framing/x/crop", "/subscribe"):
        try:
            parse(where, args)
        except CommandError:
            continue


def test_signatures_read_like_the_reference():
    by_address = {s.address: s.signature for s in all_commands()}
    assert by_address["/program/auto"] == "/program/auto [s f]"
    assert by_address["/framing/<camera>/crop"] == "/framing/<camera>/crop f f f"
    assert all(
        a.default is MISSING or a.default is None or isinstance(a.default, a.type)
        for s in all_commands()
        for a in s.args
    )
