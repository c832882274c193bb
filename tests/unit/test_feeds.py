"""Feeds and outputs, without pictures: names, who wants what, what an encoder that loses pictures says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from live.base.clock import NS
from live.base.errors import CommandError, ConfigError
from live.base.hand import Hand
from live.config.feeds import BUILT_IN_FEEDS
from live.config.load import load_show
from live.control.published import Replica
from live.control.view import View
from live.engine.feeds import FEED_SLOTS, Feeds
from live.engine.options import RunOptions
from live.engine.outputs import feeds_used
from live.engine.record import start_record
from live.outputs.behind import FROM, QUIET_NS, Behind
from live.outputs.kinds.file import FileOutput
from live.outputs.kinds.tracks import TracksOutput
from live.picture.format import PictureFormat
from live.picture.planes import fitted_planes
from live.show import ShowState
from live.show import commands as c
from live.show.feeds.model import FeedDesk
from live.show.feeds.published import AuxStatus, FeedStatus
from live.show.outputs.published import OutputStatus
from tests.support import logs
from tests.support.logs import log_of
from tests.support.shows import PATTERNS, small_show, write_rig

HAND = Hand("osc 127.0.0.1:1", "127.0.0.1")


AUX = """
[[auxiliaries]]
name = "foyer"
"title" = "Foyer"
shows = "cam2"
[[auxiliaries]]
name = "monitor"
"""
RECORDINGS = """
[[outputs]]
name = "show"
kind = "file"
path = "show.mp4"
[[outputs]]
name = "clean"
kind = "file"
path = "clean.mp4"
feed = "clean"
[[outputs]]
name = "cam1"
kind = "iso"
source = "cam1"
path = "cam1.mp4"
"""


def state_of(folder: Path) -> tuple[ShowState, list[tuple]]:
    lines: list[tuple] = []
    return ShowState(small_show(folder, PATTERNS + AUX), lambda *a, **more: lines.append((a, more))), lines


def test_every_feed_has_a_name_a_size_and_a_rate(tmp_path):
    rig = small_show(tmp_path, PATTERNS + AUX + RECORDINGS).rig
    assert list(rig.feeds)[: len(BUILT_IN_FEEDS)] == list(BUILT_IN_FEEDS) and {"foyer", "monitor"} <= set(rig.feeds)
    assert all((p.width, p.height, p.rate) == (320, 184, 30) for p in rig.feeds.values())
    assert feeds_used(rig.outputs) == ["program", "clean"]


def test_what_is_recorded_from_the_command_line(tmp_path):
    show = small_show(tmp_path)
    extra = RunOptions(record=tmp_path / "a.mp4", feeds=(("clean", tmp_path / "b.mp4"),)).extra_outputs(show)
    assert [(o.feed, o.path.name) for o in extra if isinstance(o, FileOutput)] == [
        ("program", "a.mp4"),
        ("clean", "b.mp4"),
    ]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            RECORDINGS.replace('feed = "clean"', 'feed = "clan"'),
            "outputs[clean].feed: no feed is called clan; one of: clean, fill",
        ),
        (
            '[[auxiliaries]]\nname = "a"\nshows = "cam9"',
            "auxiliaries[a].shows: no shot, source or feed is called cam9; one of: cam1",
        ),
        (
            '[[auxiliaries]]\nname = "clean"',
            "auxiliaries[clean].name: clean is the name of a feed that every show has; give it another",
        ),
        ('[[auxiliaries]]\nname = "a"\n[[auxiliaries]]\nname = "a"', "auxiliaries: the name a is used twice"),
        (
            '[[auxiliaries]]\nname = "a"\n[[auxiliaries]]\nname = "b"\nshows = "a"',
            "auxiliaries[b].shows: no shot, source or feed is called a",
        ),
    ],
)
def test_a_wrong_name_is_named_with_the_right_ones(tmp_path, more, said):
    with pytest.raises(ConfigError) as error:
        load_show(write_rig(tmp_path, PATTERNS + more))
    assert said in str(error.value)


def test_a_feed_is_wanted_for_as_long_as_somebody_asks(tmp_path):
    desk = FeedDesk(small_show(tmp_path, PATTERNS + AUX))
    desk.want("clean", 3.0)
    desk.want("clean", 2.0)  # another viewer, who asks for less
    assert desk.wanted(2.9) == {"clean"} and desk.wanted(3.0) == set()


def test_an_auxiliary_is_set_on_the_frame_of_the_command(tmp_path):
    state, _ = state_of(tmp_path)
    foyer = state.feeds.auxes["foyer"]
    assert (foyer.shows, state.feeds.auxes["monitor"].shows) == ("cam2", "program")
    state.apply(c.AuxSet("foyer", "duo/duo"), HAND, 7.0)
    assert (foyer.shows, foyer.since_s) == ("duo/duo", 7.0)
    for command, said in (
        (c.AuxSet("foyer", "nothing"), "no shot, source or feed is called 'nothing'; one of: program, clean"),
        (c.AuxSet("foyer", "monitor"), "no shot, source or feed is called 'monitor'"),
        (c.AuxSet("hall", "cam1"), "no auxiliary is called 'hall'; one of: foyer, monitor"),
        (c.FeedsWant("clan"), "no feed is called 'clan'"),
    ):
        with pytest.raises(CommandError, match=said):
            state.apply(command, HAND, 8.0)
    assert foyer.shows == "duo/duo"


def test_any_feed_may_get_an_encoder_while_the_show_runs(tmp_path):
    feeds = Feeds(small_show(tmp_path, PATTERNS + AUX))
    try:
        assert {feeds.ring(name).slots for name in feeds.names} == {FEED_SLOTS}
        feeds.use("clean")
        assert feeds.used == {"clean"}
        feeds.release("clean")
        assert not feeds.used
        assert feeds.ring("foyer").capacity == 320 * 184 * 3 // 2 and "foyer" in feeds.names
    finally:
        feeds.close()


def test_a_multiview_of_another_size_is_fitted_into_an_auxiliary():
    small, large = PictureFormat(16, 16), PictureFormat(64, 32)
    picture, frame = (fmt.planes(np.full(fmt.size, 200, np.uint8)) for fmt in (small, large))
    fitted_planes(picture, frame)
    y, u, _ = frame
    assert (y[:, 16:48] == 200).all() and (y[:, :16] == 16).all() and (y[:, 48:] == 16).all()
    assert (u[:, 8:24] == 200).all() and (u[:, :8] == 128).all()
    fitted_planes((), frame)
    assert (y == 16).all() and (u == 128).all(), "none yet: black"
    same = large.planes(np.full(large.size, 90, np.uint8))
    fitted_planes(same, frame)
    assert all((a == b).all() for a, b in zip(same, frame, strict=True))


def test_what_the_console_shows_of_feeds():
    state = {
        "/state/aux/foyer": ("cam2", "Foyer"),
        "/state/feeds/program": (1,),
        "/state/feeds/clean": (0,),
        "/state/feeds/foyer": (1,),
        "/state/shots/1": ("duo/duo", "Duo", ""),
        "/state/outputs/rec/status": ("live", "recording", "file", "clean"),
    }
    shown = View(Replica(state))
    assert shown.all(AuxStatus) == (AuxStatus("foyer", "cam2", "Foyer"),)
    assert shown.all(FeedStatus) == (FeedStatus("program", True), FeedStatus("clean", False), FeedStatus("foyer", True))
    assert (
        shown.auxiliary_choices[:2] == ("program", "clean")
        and "duo/duo" in shown.auxiliary_choices
        and "foyer" not in shown.auxiliary_choices
    )
    assert shown.get(OutputStatus, "rec").feed == "clean"


def test_an_encoder_that_loses_pictures_says_it_at_the_beginning_and_at_the_end():
    behind, said = Behind(), []
    for second in range(60):
        lost = min(30 * second, 600)  # for twenty seconds
        said += [text] if (text := behind.step(lost, second * NS)) else []
    assert said == ["can't keep up: pictures are lost, the one before is repeated", "keeps up again: 600 pictures lost"]
    assert behind.step(600 + FROM, 100 * NS).startswith("can't keep up"), "the next time it is news again"
    assert behind.total(600 + FROM) == f"{600 + FROM} pictures lost in all, the one before repeated"


def test_a_picture_lost_now_and_then_is_counted_but_no_news():
    behind = Behind(40)  # by an encoder before this one
    assert [behind.step(40 + n, n * 2 * QUIET_NS) for n in range(30)] == [""] * 30
    assert behind.total(41) == "1 picture lost in all, the one before repeated" and behind.total(40) == ""


def test_a_recording_of_another_feed_is_not_taken_for_the_programs_afterwards(tmp_path):
    show = small_show(tmp_path, PATTERNS + RECORDINGS)
    outputs = start_record(show, [show.rig.outputs[1], show.rig.outputs[0], show.rig.outputs[2]], "7f3a90c2")["outputs"]
    assert [(o["name"], o.get("feed"), o.get("source")) for o in outputs] == [
        ("clean", "clean", None),
        ("show", "program", None),
        ("cam1", None, "cam1"),
    ]
    tracks = TracksOutput.model_construct(name="tracks", kind="tracks", path=tmp_path / "show.wav")
    outputs += start_record(show, [tracks], "7f3a90c2")["outputs"]
    unfaded = {"name": "stays", "kind": "file", "path": "stays.mp4", "feed": "unfaded"}
    before_there_were_feeds = {"name": "old", "kind": "file", "path": "old.mp4"}
    log = log_of(tmp_path, logs.start(outputs=[unfaded, *outputs, before_there_were_feeds]), logs.end(30))
    assert [o.name for o in log.recordings()] == ["show", "old", "stays"]
