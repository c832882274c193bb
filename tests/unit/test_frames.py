import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live.picture.format import Layout, Matrix, PictureFormat, Range
from live.shm.frame_ring import FrameRing
from live.shm.memory import ring_name
from live.shm.sound_ring import SoundRing
from live.shm.status import Message, StatusBlock

SMALL = PictureFormat(16, 8)


@pytest.fixture
def ring():
    ring = FrameRing(ring_name("t"), capacity=SMALL.size, slots=4)
    yield ring
    ring.close()


def put(ring: FrameRing, value: int, **more) -> int:
    ring.slot(SMALL.size)[:] = value
    return ring.commit(SMALL, capture_ns=value * 10, **more)


def test_planes_are_views_of_the_right_shape():
    data = np.arange(SMALL.size, dtype=np.uint8)
    y, u, v = SMALL.planes(data)
    assert y.shape == (8, 16) and u.shape == v.shape == (4, 8)
    assert u.base is not None and u[0, 0] == 128 and v[0, 0] == 160


@pytest.mark.parametrize("size", [(0, 8), (16, 0), (1, 8), (16, 1)])
def test_what_is_no_picture_is_refused(ring, size):
    """Readers count on its sides."""
    put(ring, 1)
    with pytest.raises(ValueError, match=f"a picture of {size[0]} x {size[1]}"):
        ring.commit(PictureFormat(*size), capture_ns=20)
    assert ring.count == 1


def test_a_reader_in_another_mapping_sees_what_was_written(ring):
    other = FrameRing(ring.name)
    fmt = PictureFormat(8, 4, Matrix.BT601, Range.FULL, Layout.GRAY8)
    ring.slot(fmt.size)[:] = 7
    ring.commit(fmt, capture_ns=123, pts_ns=-5, seq=42, aux=(1, 2, 3, 4))
    frame = other.newest()
    assert frame is not None and frame.format == fmt
    assert (frame.seq, frame.capture_ns, frame.pts_ns, frame.aux) == (42, 123, -5, (1, 2, 3, 4))
    assert (frame.data == 7).all()
    del frame
    other.close()


def test_nothing_before_the_first_frame(ring):
    assert ring.newest() is None and ring.at(1) is None and ring.count == 0


def test_old_frames_go_when_the_writer_comes_round(ring):
    for value in range(1, 7):
        put(ring, value)
    assert ring.at(2) is None and ring.at(3) is not None and ring.at(7) is None
    assert ring.newest().index == 6


def test_a_frame_that_is_overwritten_is_not_intact(ring):
    put(ring, 1)
    frame = ring.newest()
    for value in range(2, 5):
        put(ring, value)
    assert frame.intact()
    ring.slot(SMALL.size)  # the writer begins to fill the fifth: the first one's slot
    assert not frame.intact()
    assert ring.newest().index == 4  # and readers get the last whole one meanwhile


def test_a_picture_too_large_for_the_ring_is_refused(ring):
    with pytest.raises(ValueError, match="slots of"):
        ring.slot(SMALL.size + 1)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(-200, 2000), st.integers(0, 3000)), min_size=1, max_size=20))
def test_sound_ring_equals_a_plain_long_buffer(writes):
    """Whatever is written where, reading gives what a buffer without an end would hold, for the ring's last four
    seconds."""
    ring = SoundRing(ring_name("s"), create=True)
    plain = np.zeros((400_000, 2), np.float32)
    end, value = 0, 0
    for gap, count in writes:
        start = max(0, end + gap) if end else 1000
        value += 1
        ring.write(start, np.full((count, 2), value, np.float32))
        if count and start + count > end:
            plain[max(start, end) : start + count] = value
            end = start + count
    got, valid = ring.read(max(0, end - 5000), 6000)
    assert np.array_equal(got, plain[max(0, end - 5000) : max(0, end - 5000) + 6000])
    assert valid <= 5000
    ring.close()


def test_sound_ring_reads_silence_where_nothing_was_written():
    ring = SoundRing(ring_name("s"), create=True)
    ring.write(48_000, np.ones((480, 2), np.float32))
    ring.write(48_960, np.ones((480, 2), np.float32))
    got, valid = ring.read(48_000, 2000)
    assert valid == 1440
    assert got[:480].all() and not got[480:960].any() and got[960:1440].all() and not got[1440:].any()
    ring.close()


def test_status_block_is_shared_words():
    board = np.dtype([("count", "<i8"), ("levels", "<f8", (3,))])
    status = StatusBlock(ring_name("st"), create=True, board=board)
    other = StatusBlock(status.name, board=board)
    other.set(frames=3, rate_hz=7.5)
    other.add("drops", 2)
    other.board["levels"][2] = 1.25
    other.say("a line: é")
    assert status.get("frames") == 3 and status.get("rate_hz") == 7.5 and status.get("drops") == 2
    assert status.board["levels"].tolist() == [0, 0, 1.25]
    assert status.messages() == [Message("a line: é")] and status.messages() == []
    other.close()
    status.close()


@given(count=st.integers(1, 40), slots=st.integers(6, 12), at=st.integers(-20, 450))
@settings(max_examples=60, deadline=None)
def test_before_gives_the_newest_that_is_old_enough(count, slots, at):
    ring = FrameRing(ring_name("t"), capacity=SMALL.size, slots=slots)
    for i in range(1, count + 1):
        put(ring, i)
    kept = range(max(1, count - slots + 4), count + 1)  # three slots are the writer's
    old = [i for i in kept if i * 10 <= at]
    frame = ring.before(at)
    assert frame is not None and frame.index == (old[-1] if old else kept[0])
    del frame
    ring.close()
