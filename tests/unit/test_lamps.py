"""The lamps of the outputs: one for each kind, which says the worst."""

from __future__ import annotations

import pytest

from live.show.outputs.lamps import lamps
from live.show.outputs.published import STATES, OutputStatus


def outputs(*found: tuple[str, str]) -> list[OutputStatus]:
    return [OutputStatus(f"{kind}{n}", state, kind=kind) for n, (kind, state) in enumerate(found)]


def said(*found: tuple[str, str]) -> dict[str, str]:
    return {lamp.word: lamp.text for lamp in lamps(outputs(*found))}


def test_recordings_and_streams_have_a_lamp_also_in_a_show_without_any() -> None:
    assert said() == {"REC": "REC off", "ON AIR": "ON AIR off"}
    assert not any(lamp.lit or lamp.trouble for lamp in lamps([]))


def test_isos_leave_the_lamps_of_recordings_and_streams_where_they_are() -> None:
    found = lamps(outputs(*[("iso", "live")] * 12, ("file", "live"), ("rtmp", "live"), ("tracks", "live")))
    assert [lamp.text for lamp in found] == ["REC", "ON AIR", "ISO 12", "TRACKS"]


@pytest.mark.parametrize("state", [s for s in STATES if s in ("failed", "retrying", "connecting")])
def test_one_in_trouble_among_many_that_run_is_said(state: str) -> None:
    [_, air, *_] = lamps(outputs(("rtmp", "live"), ("rtmp", state), ("rtmp", "live")))
    assert (air.text, air.lit, air.trouble) == (f"ON AIR 1 of 3 {state}", True, state)


def test_the_worst_of_several_troubles() -> None:
    assert said(("rtmp", "connecting"), ("rtmp", "retrying"), ("rtmp", "failed"))["ON AIR"] == "ON AIR 1 of 3 failed"
    assert said(("rtmp", "retrying"))["ON AIR"] == "ON AIR retrying"


def test_what_a_hand_has_stopped_is_no_trouble_and_not_lit() -> None:
    [rec, _] = lamps(outputs(("file", "stopped"), ("file", "closed")))
    assert (rec.text, rec.lit, rec.trouble) == ("REC off", False, "")
    assert said(("file", "live"), ("file", "stopped"))["REC"] == "REC 1 of 2"
