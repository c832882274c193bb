"""What is told of a show bit by bit is what would be told of the whole: nothing is polled, and no change is missed."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from live.control.state import StateTree
from live.engine.engine import Engine
from live.engine.publishing import FEATURES, Publishing
from tests.support.shows import PATTERNS, play, small_show

RIG = (
    PATTERNS
    + """
[[transitions]]
name = "soft"
kind = "dip"
[[keys]]
source = "cam2"
tied = true
[[keys]]
graphic = "lower"
[[auxiliaries]]
name = "foyer"
[[multiviews]]
name = "mv"
[[scenes]]
name = "pip"
talent = { main = "cam1", inset = "cam2" }
"""
)
HANDS = [
    ("/program/cut", ["cam2"]),
    ("/program/cut", []),
    ("/program/auto", ["mix", 0.3]),
    ("/program/auto", ["cut"]),
    ("/program/tbar", [0.5]),
    ("/program/tbar", [1.0]),
    ("/program/tbar", [0.0]),
    ("/program/ftb", [0.2]),
    ("/program/transition", ["soft", 0.7]),
    ("/preview/set", ["duo/duo"]),
    ("/preview/set", ["pip/pip"]),
    ("/preview/transition", []),
    ("/director/level", ["auto"]),
    ("/director/level", ["off"]),
    ("/director/hold", []),
    ("/director/hold", [0.5]),
    ("/director/release", []),
    ("/director/lock", []),
    ("/director/unlock", []),
    ("/director/style", ["debate"]),
    ("/director/never", [0.01, "cam2"]),
    ("/dsk/1/auto", [0.2]),
    ("/dsk/2/auto", []),
    ("/dsk/1/tie", [0]),
    ("/graphics/lower/show", []),
    ("/graphics/lower/hide", []),
    ("/graphics/lower/set", ["title", "Zoë"]),
    ("/microphones/mic1/mute", [1]),
    ("/aux/foyer/set", ["cam2"]),
    ("/multiview/mv/layout", ["4"]),
    ("/multiview/mv/window", [1, "cam2"]),
    ("/layers/pip/inset/hide", [0.2]),
    ("/layers/pip/inset/show", []),
    ("/layers/pip/inset/set", ["x", 0.1]),
    ("/layers/pip/inset/move", [0.1, 0.1, 0.5, 0.5, 0.3]),
    ("/layers/pip/inset/source", ["cam1"]),
    ("/layers/pip/inset/order", [1]),
    ("/layers/pip/inset/reset", []),
    ("/layers/pip/save", ["mine"]),
    ("/framing/cam1/crop", [0.4, 0.5, 1.5]),
    ("/framing/cam1/release", []),
    ("/authority/graphics/claim", []),
    ("/authority/graphics/yield", []),
    ("/show/panic", []),
]


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_that_a_hand_or_the_machine_does_is_missed(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(seed)
    rows = [(frame, *rng.choice(HANDS)) for frame in sorted(rng.choices(range(240), k=90))]
    stale: list[tuple[int, str]] = []
    looks = 0

    def checked(self: Publishing, engine: Engine) -> None:
        nonlocal looks
        lines = engine.log.lines
        news = lines != self._heard
        update(self, engine)
        whole = StateTree()
        for feature in self._features:
            if news or feature.every == 1:
                for value in feature.publish(engine.state, engine.now_s):
                    whole.put(value)
        told = dict(self._tree.items())
        stale.extend((engine.frame_number, path) for path, values in whole.items() if told.get(path) != values)
        looks += news

    update = Publishing.update
    monkeypatch.setattr(Publishing, "update", checked)
    lines, _ = play(tmp_path, small_show(tmp_path, RIG), 8.0, *rows)
    commands = [line for line in lines if line["kind"] == "command"]
    assert len(commands) > 60 and looks > 40, "most of what was sent was carried out"
    assert not stale


def test_a_frame_without_news_makes_nothing_that_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    def counted(self: StateTree, value: object) -> None:
        made.append(1)
        put(self, value)  # type: ignore[arg-type]

    def seen(self: Publishing, engine: Engine) -> None:
        before = len(made)
        update(self, engine)
        frames.append(len(made) - before)

    put, update, frames = StateTree.put, Publishing.update, list[int]()
    monkeypatch.setattr(StateTree, "put", counted)
    monkeypatch.setattr(Publishing, "update", seen)
    play(tmp_path, small_show(tmp_path, RIG), 3.0, (0, "/director/level", ["off"]))
    assert frames[0] > 60, "the whole of it once"
    assert sorted(frames[40:])[len(frames[40:]) // 2] < 10, "then what moves, in turns"


def test_the_table_names_every_publisher_once() -> None:
    names = [feature.publish.__name__ for feature in FEATURES]
    assert len(set(names)) == len(names)
