"""Every command with hostile values, through the real engine off line: nothing but a CommandError comes of it, and no
frame is missing.

2,000 messages in `make test`, 100,000 in `make fuzz` (LIVE_FUZZ says how many). What was found once is kept in FOUND.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live.base.errors import CommandError
from live.base.paths import data_dir
from live.engine.offline import OfflineRun
from tests.fuzz.hostile import Hand, parsed, ring
from tests.support.everything import everything
from tests.support.shows import options_of

MESSAGES = int(os.environ.get("LIVE_FUZZ", "2000"))
A_FRAME = 20  # messages between two frames

# Each of these has ended the show, or cost a frame, or was taken for something else.
FOUND: list[tuple[str, list[Any]]] = [
    ("/dsk/1/still", ["~nosuchuser/x"]),
    ("/dsk/1/still", ["x" * 5_000]),
    ("/dsk/1/still", ["a\x00b"]),
    ("/colour/cam1/look", ["~nosuchuser/x"]),
    ("/colour/cam1/look", ["x" * 5_000]),
    ("/director/hold", [10**400]),
    *[("/keying/cam1/mask", ["garbage", ring(Random(n), 32)]) for n in range(30)],
]


class Fuzzed:
    """A running show and what it was sent."""

    def __init__(self, folder: Path) -> None:
        self.options = options_of(folder)
        self.warned: list[str] = []
        self.run = OfflineRun(everything(folder, real=True), self.options, lambda text: None, self.warned.append)

    def send(self, batch: list[tuple[str, list[Any]]]) -> None:
        """A frame's worth of messages, and the frame: no part of it fails, none is shown again, and what is published
        can be sent."""
        engine = self.run.engine
        for address, args in batch:
            command = parsed(address, args)
            if not isinstance(command, CommandError):
                self.run.script.add(self.run.frames, command)
        self.run.frame()
        assert not engine.guard.failing, f"{engine.guard.failing} after {batch!r:.2000}"
        assert engine.frames.repeated == 0
        for name, values in engine.tree.items():
            assert all(isinstance(v, str | int | float) for v in values), name
        assert not (inside := [t for t in self.warned if "can't be carried out" in t]), inside

    def frames(self) -> list[int]:
        """Which were published."""
        return [int(line.split()[0]) for line in self.options.hash.read_text().splitlines()]


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzzed]:
    with pytest.MonkeyPatch.context() as patch:
        data = tmp_path_factory.mktemp("data")  # whoever is enrolled is enrolled there
        (data / "models").symlink_to(data_dir() / "models")
        patch.setenv("LIVE_DATA", str(data))
        made = Fuzzed(tmp_path_factory.mktemp("show"))
        with made.run:
            made.run.frame()
            yield made
        frames = made.frames()
        assert frames == list(range(len(frames))), "a frame is missing"
        for line in made.options.log.read_text(encoding="utf-8").splitlines():
            json.loads(line)


def test_what_was_found_once(fuzzed):
    """What `Fuzzed.send` asserts of each frame, and the fixture of all of them."""
    for address, args in FOUND:
        fuzzed.send([(address, args)])


def test_hostile_commands(fuzzed):
    """What `Fuzzed.send` asserts of each frame, and the fixture of all of them."""
    hand = Hand(fuzzed.run.show)

    @settings(max_examples=max(1, MESSAGES // A_FRAME), deadline=None, database=None)
    @given(st.integers(0, 2**63))
    def send(seed):
        fuzzed.send(hand.batch(seed, A_FRAME))

    send()


@settings(max_examples=max(50, MESSAGES // 10), deadline=None, database=None)
@given(st.text(max_size=60), st.lists(st.one_of(st.text(max_size=9), st.floats(), st.none(), st.binary()), max_size=4))
def test_what_is_no_command_is_an_error_in_words(address, args):
    command = parsed(address, args)
    if isinstance(command, CommandError):
        assert str(command) and "\n" not in str(command)
