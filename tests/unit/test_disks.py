"""How long there is room for: what is said of a disk that fills, and of one that doesn't."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.outputs.disks import MARKS_MIN, Room, free_of
from live.outputs.recording import LOW_DISK_BYTES
from tests.support.running import RunningShow
from tests.support.shows import PATTERNS, write_rig

GB, MB = 10**9, 10**6


def told(free: list[int], every_s: float = 2.0) -> list[tuple[str, bool]]:
    room = Room()
    return [said for n, bytes_free in enumerate(free) if (said := room.look(n * every_s, bytes_free)) is not None]


def test_each_mark_is_told_once_and_what_can_be_done():
    """A disk that fills at 1 MB/s with 70 minutes of room."""
    said = told([LOW_DISK_BYTES + 70 * 60 * MB - 2 * MB * n for n in range(2100)])
    minutes = [float(text.split()[2]) / (60 if "seconds" in text else 1) for text, well in said if not well]
    assert minutes == pytest.approx(list(MARKS_MIN), abs=0.1) and not any(well for _, well in said)
    assert said[0][0] == "room for 60 more minutes (3.6 GB, 1.0 MB/s); make room, or stop one".replace(
        "60 more minutes", "60 minutes more"
    )


def test_a_disk_that_does_not_fill_is_no_news():
    assert told([GB] * 100) == [] and told([GB + n * MB for n in range(100)]) == []
    assert told([500 * GB - n * MB for n in range(1000)]) == [], "days of it"


def test_room_that_was_made_is_told_and_the_next_time_too():
    full = [LOW_DISK_BYTES + 100 * MB - 2 * MB * n for n in range(20)]
    said = told([*full, *[80 * GB] * 30, *full])
    assert [well for _, well in said] == [False, True, False]
    assert "room again: 80.0 GB" in said[1][0]


@given(st.lists(st.integers(0, 10**13), max_size=60))
def test_whatever_a_disk_says_it_never_nags(free):
    said = told(free)
    marks = [well for _, well in said]
    runs = "".join("W" if well else "x" for well in marks).split("W")
    assert all(len(run) <= len(MARKS_MIN) for run in runs)


def test_files_are_told_by_their_disk(tmp_path: Path):
    files = {"show": tmp_path / "not yet" / "show.mp4", "log": tmp_path / "show.jsonl"}
    (what, free), *more = free_of(files).items()
    assert what == "show, log" and free > 0 and not more


@pytest.mark.realtime
def test_a_show_that_records_has_its_disks_watched(tmp_path: Path):
    with RunningShow(write_rig(tmp_path, PATTERNS), tmp_path) as show:
        show.wait_on_air()
        pid, _ = show.wait(lambda s: s.get("workers/disks"))
        assert pid > 0, "somebody watches them"
