"""Who stands in for a source: time is an argument."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing

import numpy as np
import pytest

from live.base.clock import NS, MonotonicClock
from live.base.errors import DeviceError, SourceError
from live.base.samples import SAMPLE_RATE, sample_at
from live.config.picture import PictureConfig
from live.picture.format import PictureFormat
from live.shm.frame_ring import FrameRing
from live.shm.memory import ring_name
from live.shm.sound_ring import SoundRing
from live.shm.status import StatusBlock
from live.sources import open_reader
from live.sources.backup import Backup, BackupSpec, OnDuty
from live.sources.kinds.network import NetworkSource
from live.sources.reader import Event, SoundEvent, Streamed, Waiting
from live.sources.sight import PictureSight
from live.sources.streaming import _Screen, attended
from live.sources.worker import _show
from live.workers import WorkerContext

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
        self.kept, self._among = (10 * NS, 0), among
        self.start()

    def start(self, gave_ns: int | None = None) -> None:
        """A worker, after the one before."""

        def say(words: str, over: bool) -> None:
            self.said.append((words, over))

        def keep(gave_ns: int, stands_in: int) -> None:
            self.kept = (gave_ns, stands_in)

        if gave_ns is not None:
            keep(gave_ns, 0)
        self.backup = Backup(self._among, AFTER, *self.rings["cam"], PictureSight(), say, *self.kept, keep)

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


def screen_of(house: House) -> _Screen:
    reader = open_reader(NetworkSource(name="cam", kind="network", url="udp://127.0.0.1:1"), PictureConfig(), 1)
    assert isinstance(reader, Streamed)
    return _Screen(reader, *house.rings["cam"], PictureSight(), house.backup)


def hum(now_ns: int) -> SoundEvent:
    return SoundEvent(now_ns, np.full((1920, 1), 0.9, np.float32))


def level_of(house: House, now_ns: int) -> float:
    return float(np.abs(house.rings["cam"][1].read(sample_at(now_ns - NS), 4800)[0]).mean())


@pytest.mark.parametrize("pictured", [False, True])
def test_sound_counts_where_a_source_has_never_given_pictures(house: House, pictured: bool) -> None:
    screen = screen_of(house)
    if pictured:
        house.backup.gave(10 * NS)
    levels = []
    for n in range(250):
        now = 10 * NS + n * NS // 25
        house.gives("path2", now)
        if n >= 75:
            screen.take(hum(now), now)
        house.backup.step(now)
        levels.append(level_of(house, now))
    assert abs(levels[99] - 100 / 255) < 1e-3, "who stands in is heard alone"
    assert house.backup.standing_in is pictured
    assert abs(levels[-1] - (100 / 255 if pictured else 0.9)) < 1e-2


def test_where_nobody_can_stand_in_who_is_back_is_shown_at_once(house: House) -> None:
    house.backup.step(60 * NS)
    assert house.backup.gave(61 * NS) and house.backup.heard(61 * NS)


class Hums:
    """A device with sound only, whose times are the machine's."""

    realtime, loop, stamped = True, False, True

    def events(self) -> Iterator[SoundEvent]:
        now_ns = MonotonicClock().now_ns()
        yield from (hum(now_ns + n * NS // 25) for n in range(3))


def test_a_devices_sound_is_not_mixed_with_that_of_who_stands_in(house: House) -> None:
    now_ns = MonotonicClock().now_ns()
    house.gives("path2", now_ns)
    house.backup.step(now_ns)
    assert house.backup.standing_in
    with closing(StatusBlock(ring_name("t"), create=True)) as status:
        _show(Hums(), *house.rings["cam"], WorkerContext(status), PictureSight(), house.backup)
    heard, _ = house.rings["cam"][1].read(sample_at(now_ns - NS // 10), SAMPLE_RATE // 2)
    assert heard.max() < 0.5


def test_who_is_started_again_knows_when_the_source_gave_last_and_who_stood_in(house: House) -> None:
    house.gives("path2", 11 * NS)
    house.start(9 * NS)
    house.backup.step(11 * NS)
    assert house.luma() == 100, "the time that the worker before it took counts"
    house.said.clear()
    for n in range(8):  # each is dead after half a second, in which the source gives
        house.start()
        now = 12 * NS + n * NS
        house.gives("path2", now)
        assert not house.backup.gave(now) and not house.backup.heard(now)
    assert not house.said, "who stands in is no news"
    house.start()
    shown = [now for now in range(30 * NS, 40 * NS, NS // 25) if house.backup.gave(now)]
    assert shown[0] == 33 * NS and house.said == [("it is back; path2 stood in for it", True)]


class Stalls:
    """A camera whose driver stops giving until it is let go."""

    realtime, loop, stamped = True, False, True

    def __init__(self, house: House, standing: threading.Event) -> None:
        self._house, self._standing = house, standing

    def events(self) -> Iterator[Event]:
        assert self._standing.wait(20), "somebody stands in for it meanwhile"
        raise SourceError("cam", "was let go", "")
        yield Waiting()

    def close(self) -> None:
        self._standing.set()


def test_while_a_cameras_driver_holds_its_reader_another_stands_in(house: House) -> None:
    now_ns = MonotonicClock().now_ns()
    house.gives("path2", now_ns)
    standing = threading.Event()
    house.start(now_ns - AFTER + NS // 10)
    say = house.backup._say
    house.backup._say = lambda words, over: (say(words, over), standing.set())[0]
    with closing(StatusBlock(ring_name("t"), create=True)) as status, pytest.raises(SourceError, match="was let go"):
        _show(Stalls(house, standing), *house.rings["cam"], WorkerContext(status), PictureSight(), house.backup)
    assert house.luma() == 100


def test_one_that_gives_nothing_for_long_ends_its_process(monkeypatch: pytest.MonkeyPatch, house: House) -> None:
    monkeypatch.setattr("live.sources.streaming.STALLS_NS", NS // 20)
    with pytest.raises(DeviceError, match="nothing has come from its driver"):
        list(attended(Stalls(house, threading.Event())))


def test_while_nobody_gives_nothing_is_said(house: House) -> None:
    house.backup.step(60 * NS)
    assert not house.said and house.luma() == -1
