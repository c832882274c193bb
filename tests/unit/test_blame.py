"""Why the speaker wasn't in the picture: by whose doing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from live.review.blame import CAUSES
from live.review.figures import following
from tests.support.logs import cut, end, line, log_of, speech, start

CLOSE = [  # no wide shot: who isn't on air isn't seen
    {"id": "cam1", "label": "Anna's camera", "role": "close_up", "person": "anna", "source": "cam1"},
    {"id": "cam2", "label": "Ben's camera", "role": "close_up", "person": "ben", "source": "cam2"},
]


def told(folder: Path, *lines: dict[str, Any], **more: Any) -> dict[str, float]:
    """Anna's camera for ten seconds, of which Ben speaks the last six; what of these six is whose doing, seconds."""
    rows = [speech(0, "anna"), speech(120, "ben"), *lines]
    first = start(program="cam1", shots=CLOSE, **more)
    log = log_of(folder, first, *sorted(rows, key=lambda row: row["frame"]), end(300))
    found = following(log)
    assert found.wrong is not None and sum(found.wrong_by.values()) == pytest.approx(found.wrong)
    assert found.latency_s is not None and sum(found.latency_by_s.values()) == pytest.approx(found.latency_s)
    return {cause: round(share * 10, 2) for cause, share in found.wrong_by.items() if share}


def machine(frame: int, word: str) -> dict[str, Any]:
    return line(frame, "state", machine=word)


def test_what_nothing_else_explains_is_the_styles(tmp_path: Path) -> None:
    assert told(tmp_path) == {"style": 6.0}
    assert told(tmp_path, machine(0, "auto"), cut(210, "cam1", "cam2")) == {"style": 3.0}


def test_a_hand_that_holds_the_cuts_and_a_level_that_lets_it_only_suggest(tmp_path: Path) -> None:
    held = told(tmp_path, machine(0, "auto"), machine(90, "held"), machine(180, "auto"))
    assert held == {"hand": 2.0, "style": 4.0}
    assert told(tmp_path, machine(0, "suggest")) == {"level": 6.0}
    assert told(tmp_path, machine(0, "off"), machine(210, "locked")) == {"level": 3.0, "hand": 3.0}


def test_armed_it_is_the_level_while_a_cut_to_the_speaker_stands_to_be_vetoed(tmp_path: Path) -> None:
    proposal = line(135, "proposal", to="cam2", due_s=6.5, reason="Ben", cost=1.0)
    found = told(tmp_path, machine(0, "armed"), proposal, cut(195, "cam1", "cam2"))
    assert found == {"style": 0.5, "level": 2.0}
    assert told(tmp_path, machine(0, "auto"), proposal) == {"style": 6.0}, "auto waits for nobody"


def test_late_frames_are_the_machines(tmp_path: Path) -> None:
    assert told(tmp_path, line(210, "late", "live", ms=80.0)) == {"load": 2.0, "style": 4.0}


def test_who_has_no_shot_that_is_fit_cannot_be_shown(tmp_path: Path) -> None:
    gone = line(120, "state", shot="cam2", unfit="nobody is in the picture")
    assert told(tmp_path, gone, line(180, "state", shot="cam2", unfit="")) == {"cameras": 2.0, "style": 4.0}


def test_who_gets_a_seat_with_a_camera_can_be_shown_from_then_on(tmp_path: Path) -> None:
    nobody = {**CLOSE[1], "role": "none", "person": None}
    seated = line(180, "shots", shots=CLOSE)
    assert told(tmp_path, line(0, "shots", shots=[CLOSE[0], nobody]), seated) == {"cameras": 2.0, "style": 4.0}
    assert told(tmp_path, line(180, "shots", shots=[CLOSE[0], nobody])) == {"cameras": 4.0, "style": 2.0}


def test_a_word_thrown_in_is_the_ears_and_so_is_the_beginning_of_a_turn_live(tmp_path: Path) -> None:
    words = [speech(270, "anna"), speech(285, "ben")]
    assert told(tmp_path, *words) == {"style": 5.0, "ears": 0.5}
    live = told(tmp_path, offline=False)
    assert live["ears"] > 0 and live["ears"] < 0.5 and set(live) == {"ears", "style"}


def test_what_comes_first_holds(tmp_path: Path) -> None:
    everything = [machine(0, "held"), line(210, "late", "live", ms=80.0), line(0, "state", shot="cam2", unfit="black")]
    assert told(tmp_path, *everything) == {"hand": 6.0}
    assert list(CAUSES)[-1] == "style"
