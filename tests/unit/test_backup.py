"""Who stands in for a source: time is an argument."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import numpy as np
import pytest

from live.base.clock import NS
from live.base.samples import sample_at
from live.picture.format import PictureFormat
from live.shm.frame_ring import FrameRing
from live.shm.memory import ring_name
from live.shm.sound_ring import SoundRing
from live.sources.backup import Backup, BackupSpec, OnDuty
from live.sources.sight import PictureSight

FORMAT = PictureFormat(64, 32)
AFTER = 2 * NS


def test_one_that_gives_is_shown() -> None:
    duty = OnDuty(AFTER, 0)
    for now in range(0, 10 * NS, NS // 25):
        assert duty.gave(now) and not duty.is_missed(now)


def test_one_that_is_back_has_to_give_for_three_seconds_without_a_break() -> None:
    duty = OnDuty(AFTER, 0)
    assert not duty.is_missed(AFTER - 1) and duty.is_missed(AFTER)
    shown = [now for now in range(10 * NS, 20 * NS, NS // 25) if now // NS != 12 and duty.gave(now)]
    assert shown[0] == 16 * NS, "from second 13 on it gave without a break"


class House:
    """A source and two that may stand in for it."""

    def __init__(self, stack: ExitStack) -> None:
        self.rings = {
            name: (FrameRing(ring_name("t"), capacity=FORMAT.size), SoundRing(ring_name("t"), create=True))
            for name in ("cam", "path2", "card")
        }
        for ring, sound in self.rings.values():
            stack.callback(ring.close)
            stack.callback(sound.close)
        self.said: list[tuple[str, bool]] = []
        among = [BackupSpec(n, self.rings[n][0].name, self.rings[n][1].name) for n in ("path2", "card")]
        seen, say = PictureSight(), lambda words, over: self.said.append((words, over))
        self.backup = Backup(among, AFTER, *self.rings["cam"], seen, say, 10 * NS)

    def gives(self, name: str, now_ns: int) -> None:
        ring, sound = self.rings[name]
        luma = {"path2": 100, "card": 50}[name]
        ring.slot(FORMAT.size)[:] = luma
        ring.commit(FORMAT, capture_ns=now_ns)
        sound.write(sample_at(now_ns), np.full((1920, 2), luma / 255, np.float32))

    def luma(self) -> int:
        newest = self.rings["cam"][0].newest()
        return int(newest.planes[0].mean()) if newest is not None else -1


@pytest.fixture
def house() -> Iterator[House]:
    with ExitStack() as stack:
        yield House(stack)


def test_the_first_that_gives_stands_in_with_picture_and_sound(house: House) -> None:
    for n in range(300):
        now = 10 * NS + n * NS // 25
        house.gives("card", now)
        if n < 150:
            house.gives("path2", now)
        house.backup.step(now)
        if n == 45:
            assert house.luma() == -1 and not house.said
        if n == 100:
            assert house.luma() == 100
            heard, count = house.rings["cam"][1].read(sample_at(now - NS), 4800)
            assert count == 4800 and np.allclose(heard, 100 / 255)
    assert house.luma() == 50
    assert house.said == [
        ("nothing has come for 2 s: path2 stands in for it", False),
        ("card stands in for it, instead of path2", False),
    ]
    assert house.backup.standing_in
    back = 22 * NS
    assert not house.backup.gave(back)
    while not house.backup.gave(back):
        back += NS // 25
    assert back == 25 * NS
    assert house.said[-1] == ("it is back; card stood in for it", True)


def test_while_nobody_gives_nothing_is_said(house: House) -> None:
    house.backup.step(60 * NS)
    assert not house.said and house.luma() == -1
