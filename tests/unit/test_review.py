"""A log read back, and what it comes to: on logs small enough to count by hand."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from live.base.errors import LogError
from live.review.figures import following, hands, lengths, overriding, shares, turns
from live.review.log import read_log
from live.review.loudness import Loudness
from live.review.page import page, review
from live.sound.hearing import LATENCY_S
from tests.support.logs import SHOTS, cut, end, line, log_of, speech, start, written

# -- reading ----------------------------------------------------------------------------------------------------------


def test_a_log_cut_short_by_a_kill_is_read_up_to_there(tmp_path: Path) -> None:
    path = written(tmp_path, start(), cut(60, "wide", "cam1"), speech(70, "anna"))
    path.write_bytes(path.read_bytes() + b'{"frame": 80, "kind": "cut", "by"')
    log = read_log(path)
    assert (log.frames, log.end, len(log.lines)) == (71, None, 3)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no `start` line"),
        ("hello\n", "damaged"),
        ("[1, 2]\n", "damaged"),
        ('{"frame": 0}\n{}\n', "line 1 (no kind)"),
        ('{"frame": 0, "t_s": 0, "kind": "start", "by": "live"}\n', "line 1 (start)"),
        ('{"frame": -4, "t_s": 0, "kind": "cut", "by": "x", "from": "a", "to": "b"}\n', "line 1 (cut)"),
    ],
)
def test_what_is_no_log_is_refused_in_plain_words(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "show.jsonl"
    path.write_text(text)
    with pytest.raises(LogError) as caught:
        read_log(path)
    assert words in str(caught.value) and str(path) in str(caught.value)


def test_a_damaged_line_in_the_middle_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, start(), cut(60, "wide", "cam1"))
    path.write_bytes(
        path.read_bytes() + b"\x00\xff garbage\n" + b'{"frame": 90, "t_s": 3.0, "kind": "note", "by": "x"}\n'
    )
    with pytest.raises(LogError, match="line 3 is damaged"):
        read_log(path)


@pytest.mark.parametrize("path", ["missing.jsonl", "."])
def test_a_log_that_cant_be_opened_is_said(tmp_path: Path, path: str) -> None:
    with pytest.raises(LogError, match="can't be read"):
        read_log(tmp_path / path)


def test_shots_follow_one_another_without_gaps(tmp_path: Path) -> None:
    cuts = (
        cut(0, "wide", "cam1"),
        cut(60, "cam1", "cam2"),
        cut(90, "cam2", "cam2", "script"),
        cut(150, "cam2", "wide", "script"),
    )
    spans = log_of(tmp_path, start(), *cuts, end(200)).spans()
    assert [(s.start, s.end, s.shot.id, s.is_hand) for s in spans] == [
        (0, 60, "cam1", False),
        (60, 150, "cam2", False),
        (150, 200, "wide", True),
    ]


def test_a_show_without_a_cut_is_one_shot(tmp_path: Path) -> None:
    (span,) = log_of(tmp_path, start(program="cam2"), end(45)).spans()
    assert (span.start, span.end, span.shot.label, span.cut) == (0, 45, "Ben's camera", None)


@pytest.mark.parametrize(("ended_at", "frames"), [(None, 30), (130, 30), (115, 15)])
def test_a_transition_is_as_long_as_it_ran(tmp_path: Path, ended_at: int | None, frames: int) -> None:
    more = [cut(ended_at, "wide", "cam1", "script")] if ended_at else []
    log = log_of(tmp_path, start(), cut(100, "wide", "cam1", "script", transition="mix", seconds=1.0), *more, end(300))
    assert [(s.start, s.transition) for s in log.spans()] == [(0, 0), (100, frames)]


def test_speech_is_put_on_the_time_of_the_program(tmp_path: Path) -> None:
    log = log_of(
        tmp_path, start(delay_s=0.5), speech(30, "anna"), speech(60, "anna", "ben"), speech(90, "ben"), end(120)
    )
    assert log.speech() == {"anna": [(45, 105)], "ben": [(75, 120)]}


def test_speech_of_a_live_show_began_before_it_was_known(tmp_path: Path) -> None:
    log = log_of(tmp_path, start(offline=False), speech(30, "anna"), speech(60), end(120))
    late = round(LATENCY_S * 30)
    assert log.speech()["anna"] == [(30 - late, 60 - late)]


# -- figures ----------------------------------------------------------------------------------------------------------


def test_screen_and_speech_time_of_each_person(tmp_path: Path) -> None:
    log = log_of(
        tmp_path,
        start(),
        cut(60, "wide", "cam1"),
        cut(180, "cam1", "cam2"),
        speech(0, "anna"),
        speech(150, "ben"),
        speech(210),
        end(240),
    )
    anna, ben = shares(log)
    assert (anna.speech_s, anna.alone_s, anna.wide_s) == (5.0, 4.0, 2.0)
    assert (ben.speech_s, ben.alone_s, ben.wide_s) == (2.0, 2.0, 2.0)
    assert anna.speech_share == pytest.approx(5 / 7) and anna.screen_share == pytest.approx(4 / 6)
    assert anna.fairness == pytest.approx((4 / 6) / (5 / 7))


def test_close_up_visible_and_wrong(tmp_path: Path) -> None:
    # anna alone for 300 frames: 60 wide, 120 in close-up, 120 on ben; both for 60, which count for nothing
    log = log_of(
        tmp_path,
        start(),
        speech(0, "anna"),
        cut(60, "wide", "cam1"),
        cut(180, "cam1", "cam2"),
        speech(300, "anna", "ben"),
        end(360),
    )
    found = following(log)
    assert (found.close_up, found.visible, found.wrong) == pytest.approx((0.4, 0.6, 0.4))
    assert (found.turns, found.latency_s) == (1, 2.0)


def test_a_group_shot_shows_those_in_it(tmp_path: Path) -> None:
    three = [
        *SHOTS,
        {"id": "pair", "label": "Pair", "role": "group", "person": None, "people": ["ben"], "source": None},
    ]
    log = log_of(tmp_path, start(shots=three), speech(0, "anna"), cut(60, "wide", "pair"), speech(120, "ben"), end(180))
    found = following(log)
    assert (found.close_up, found.visible, found.wrong) == pytest.approx((0.0, 2 / 3, 1 / 3))
    assert [s.wide_s for s in shares(log)] == [2.0, 6.0]


def test_a_turn_that_is_never_shown_counts_with_its_whole_length(tmp_path: Path) -> None:
    found = following(log_of(tmp_path, start(), speech(30, "ben"), speech(150), end(300)))
    assert found.latencies_s == (4.0,)


def test_nothing_is_claimed_about_a_show_in_which_nobody_spoke(tmp_path: Path) -> None:
    log = log_of(tmp_path, start(), cut(60, "wide", "cam1"), end(120))
    assert following(log).close_up is None
    assert [s.fairness for s in shares(log)] == [None, None]


def test_short_pauses_are_inside_a_turn() -> None:
    alone = np.array([0] * 60 + [-1] * 9 + [0] * 40 + [-1] * 10 + [0] * 100 + [1] * 89)
    assert turns(alone, 30.0) == [(0, 109), (119, 219)]


def test_log_normal_shots_are_told_from_others(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)

    def of(shots_s: np.ndarray) -> bool:
        frames = np.cumsum(np.maximum(1, np.round(shots_s * 30))).astype(int)
        rows = [cut(int(f), ("wide", "cam1")[i % 2], ("cam1", "wide")[i % 2]) for i, f in enumerate(frames)]
        found = lengths(log_of(tmp_path, start(), *rows, end(int(frames[-1]) + 30)))
        assert found is not None and len(found.shots_s) == len(frames)
        return found.is_log_normal

    assert of(np.exp(rng.normal(math.log(4), 0.9, 200)))
    assert not of(np.concatenate((np.full(100, 2.0), np.full(100, 20.0))) + rng.uniform(0, 0.2, 200))


def test_the_last_shot_is_no_length(tmp_path: Path) -> None:
    found = lengths(log_of(tmp_path, start(), cut(60, "wide", "cam1"), cut(150, "cam1", "cam2"), end(9000)))
    assert found is not None and found.shots_s == (2.0, 3.0)
    assert lengths(log_of(tmp_path, start(), cut(60, "wide", "cam1"), end(9000))) is None


def proposal(frame: int, to: str, due_s: float) -> dict:
    return line(
        frame,
        "proposal",
        to=to,
        due_s=due_s,
        reason="r",
        cost=1.0,
        runner_up=None,
        runner_up_cost=None,
        stay_cost=2.0,
        terms={},
    )


def test_a_hand_against_the_machine_is_told_from_a_hand(tmp_path: Path) -> None:
    log = log_of(
        tmp_path,
        start(),
        cut(30, "wide", "cam2", "script"),  # nobody proposed anything
        proposal(100, "cam1", 4.0),
        cut(110, "cam2", "wide", "script"),  # to another shot than proposed
        proposal(200, "cam1", 7.0),
        cut(205, "wide", "cam1", "script"),  # the very shot
        cut(300, "cam1", "cam2"),
        cut(330, "cam2", "wide", "script"),  # off the machine's shot a second after
        cut(500, "wide", "cam1"),
        cut(590, "cam1", "cam2", "script"),  # long after
        end(900),
    )
    assert [c.frame for c in overriding(log)] == [110, 330]


def test_what_followed_an_override(tmp_path: Path) -> None:
    veto = line(60, "override", "osc 10.0.0.9:5000", vetoed="cam1", reason="r")
    hold = line(200, "command", "script", address="/director/hold", args=[8.0])
    log = log_of(
        tmp_path,
        start(),
        veto,
        cut(120, "wide", "cam2"),
        hold,
        cut(410, "cam2", "cam1"),
        cut(440, "cam1", "wide"),
        end(600),
    )
    found = hands(log)
    assert found.vetoes == 1
    assert [(o.frame, o.what, o.after) for o in found.overrides] == [
        (60, "vetoed Anna's camera", ("machine to Ben's camera after 2.0 s", "machine to Ben's camera after 2.0 s")),
        (200, "held the cuts 8 s", ("no cut", "machine to Anna's camera after 7.0 s (and 1 more)")),
    ]


# -- loudness ----------------------------------------------------------------------------------------------------------


def measured(frame: int, short_lufs: float, integrated_lufs: float) -> dict[str, Any]:
    figures = {"short_lufs": short_lufs, "integrated_lufs": integrated_lufs, "range_lu": 4.0, "true_peak_db": -0.4}
    return line(frame, "loudness", "live", **figures)


def test_loudness_by_the_log_where_there_is_no_recording(tmp_path: Path) -> None:
    whole = {"short_lufs": -18.0, "integrated_lufs": -19.4, "range_lu": 5.5, "true_peak_db": -0.6}
    lines = [start(target_lufs=-23.0), measured(1800, -20.0, -20.5), measured(3600, -18.0, -19.5)]
    said = line(2000, "sound", "live", message="program is 4 LU over target (-19.0 LUFS, target -23)")
    found = review(log_of(tmp_path, *lines, said, end(3900, loudness=whole)))
    assert found.loudness == Loudness(-19.4, 5.5, -0.6, ((60.0, -20.0), (120.0, -18.0)))
    text = page(found)
    assert "-19.4 LUFS (dashed)" in text and "Target -23 LUFS (green): 3.6 LU over target" in text
    assert "program is 4 LU over target (-19.0 LUFS, target -23)" in text
    killed = review(log_of(tmp_path, *lines))
    assert killed.loudness is not None and killed.loudness.integrated_lufs == -19.5
    assert review(log_of(tmp_path, start(), end(300))).loudness is None


def test_within_one_lu_the_target_is_reached(tmp_path: Path) -> None:
    lines = start(target_lufs=-23.0), measured(1800, -23.0, -22.2)
    assert "Target -23 LUFS (green): reached" in page(review(log_of(tmp_path, *lines)))
