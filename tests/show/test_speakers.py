"""A speaker's truth by construction: the right close-up is on program soon after each turn begins, every time."""

from __future__ import annotations

from pathlib import Path

import pytest

from live.config.load import load_show
from tests.support.footage import needs_footage
from tests.support.shows import of_kind, play
from tests.support.speakers import CAMERAS, Turn, prepare

WITHIN_S = 0.6
# Live, with one microphone for the room: a voice is known at once, but a mouth may stand open for the first sound of a
# word, and whose voice it is shows only when lips move.
LIPS_LIVE_WITHIN_S = 0.9


def latencies_s(lines: list[dict], turns: list[Turn], delay_s: float) -> list[float]:
    """For each turn, how long after its beginning (as the program shows it) its speaker's close-up came; never:
    infinity."""
    cuts = [(0.0, "duo/duo")] + [(c["t_s"], c["to"]) for c in of_kind(lines, "cut")]
    found = []
    for turn in turns:
        start_s, end_s = turn.start_s + delay_s, turn.end_s + delay_s
        on_air = [
            (max(t, start_s), shot)
            for (t, shot), (end, _) in zip(cuts, [*cuts[1:], (1e9, "")], strict=True)
            if end > start_s and t < end_s
        ]
        found.append(next((round(t - start_s, 3) for t, shot in on_air if shot == CAMERAS[turn.person]), float("inf")))
    return found


@needs_footage
@pytest.mark.timeout(600)  # 40 s of show off line, with lips to look at: a minute on two busy cores
@pytest.mark.parametrize("delay_s", [0.0, 0.5])
@pytest.mark.parametrize("room", [False, True], ids=["a microphone each", "one for the room"])
def test_the_right_close_up_comes_soon_every_time(tmp_path: Path, room: bool, delay_s: float) -> None:
    rig, turns = prepare(tmp_path / "rig", room=room, delay_s=delay_s)
    lines, _ = play(tmp_path, load_show(rig), turns[-1].end_s + delay_s + 0.5)
    waits = latencies_s(lines, turns, delay_s)
    print("latencies:", " ".join(f"{w:.2f}" for w in waits))
    assert max(waits) <= (LIPS_LIVE_WITHIN_S if room and not delay_s else WITHIN_S), waits
