"""A file stands on its first picture until the show begins: its key is made of that one, and is there with frame 0."""

from __future__ import annotations

from live.base.clock import NS, MonotonicClock
from live.config.keying import KeyerConfig, KeyerOrders
from live.picture.format import PictureFormat
from live.shm.frame_ring import FrameRing
from live.shm.memory import ring_name
from live.shm.notes import NoteBlock
from live.vision.telling import BOARD
from live.vision.worker import VisionSpec
from live.workers import Supervisor, Worker


def test_the_picture_that_stands_there_when_the_keyer_comes_is_keyed():
    fmt = PictureFormat(320, 180)
    pictures = FrameRing(ring_name("src"), capacity=fmt.size, slots=4)
    mattes = FrameRing(ring_name("mat"), capacity=fmt.size * 2, slots=4)
    orders = NoteBlock(ring_name("ord"), create=True)
    pictures.slot(fmt.size)[:] = 128
    only = pictures.commit(fmt, capture_ns=1)
    luma = KeyerOrders(key="luma", keyer=KeyerConfig())
    spec = VisionSpec("film", pictures.name, mattes.name, None, luma, orders.name)
    told: list[str] = []
    supervisor = Supervisor(lambda name, text: told.append(text))
    supervisor.add(Worker("film vision", "live.vision.worker:main", spec, board=BOARD))
    supervisor.start()
    clock = MonotonicClock()
    limit_ns = clock.now_ns() + 20 * NS
    try:
        while not mattes.count and clock.now_ns() < limit_ns:
            clock.wait_until(clock.now_ns() + NS // 50)
        matte = mattes.newest()
        assert matte is not None and matte.seq == only, told
    finally:
        supervisor.stop()
        mattes.close()
        orders.close()
        pictures.close()
