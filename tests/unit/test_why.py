"""One line for each act of the machine, out of the log."""

from __future__ import annotations

from pathlib import Path

from live.review.why import explained
from tests.support.logs import cut, end, line, log_of, speech, start


def test_every_act_is_one_sentence_with_its_time(tmp_path: Path) -> None:
    log = log_of(
        tmp_path,
        start(),
        speech(10, "anna"),
        cut(60, "wide", "cam1", why="Anna speaks and we are on the wide shot; to stay was the second choice"),
        cut(90, "cam1", "cam2", "osc 127.0.0.1:5", transition="mix", seconds=1.0),
        cut(150, "cam2", "wide"),
        cut(180, "wide", "cam1", "osc 127.0.0.1:5", reason="taken by hand: Anna speaks"),
        line(200, "override", "osc 127.0.0.1:5", vetoed="wide", reason="nobody speaks"),
        line(210, "state", demoted="cuts/program", level="armed", reason="no microphone is heard"),
        line(240, "state", graphic="lower", reason="it has been on long enough to be read"),
        line(250, "suggestion", "osc 127.0.0.1:5", taken="Name Anna", reason="Anna is on air"),
        end(300),
    )
    assert explained(log) == [
        "00:00:02:00  Cut to Anna's camera: Anna speaks and we are on the wide shot; to stay was the second choice.",
        "00:00:03:00  A hand put Ben's camera on air with a mix of 1 s.",
        "00:00:05:00  Cut to Wide: because.",
        "00:00:06:00  A hand took the machine's cut to Anna's camera: Anna speaks.",
        "00:00:06:20  A hand stopped the cut to Wide: nobody speaks.",
        "00:00:07:00  The machine was lowered to armed: no microphone is heard.",
        "00:00:08:00  Lower was taken off: it has been on long enough to be read.",
        '00:00:08:10  A hand took the suggestion "Name Anna": Anna is on air.',
    ]


def test_one_moment_and_the_last_few(tmp_path: Path) -> None:
    log = log_of(tmp_path, start(), *(cut(30 * n, "wide", "cam1", reason=f"number {n}") for n in range(1, 6)), end(300))
    assert explained(log, at_s=3.5) == ["00:00:03:00  Cut to Anna's camera: number 3."]
    assert [text[-9:] for text in explained(log, count=2)] == ["number 4.", "number 5."]
    assert explained(log, at_s=0.5) == []
