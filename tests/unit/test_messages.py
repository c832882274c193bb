"""What workers say: in order, each once, bounded, whole."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from live.outputs import board
from live.outputs.board import BOARD, PLACES, WORDS_LIMIT, OutputTold, TargetState
from live.shm.memory import ring_name
from live.shm.message_ring import RecordRing
from live.shm.status import MESSAGE_LIMIT, Message, StatusBlock, cut


class RingAgainstAQueue(RuleBasedStateMachine):
    """A ring of 200 bytes, and a queue that knows what ought to be in it."""

    def __init__(self) -> None:
        super().__init__()
        self.reader = RecordRing(ring_name("t"), create=True, capacity=200)
        self.writer = RecordRing(self.reader.name)
        self.queue: deque[bytes] = deque()
        self.refused = 0

    @rule(record=st.binary(max_size=250))
    def put(self, record: bytes) -> None:
        fits = sum(4 + len(r) for r in self.queue) + 4 + len(record) <= 200
        assert self.writer.put(record) == fits
        self.refused += not fits
        if fits:
            self.queue.append(record)

    @rule(most=st.integers(1, 5))
    def take(self, most: int) -> None:
        assert self.reader.take(most) == [self.queue.popleft() for _ in range(min(most, len(self.queue)))]

    @rule()
    def another_writer(self) -> None:
        """The one before was killed."""
        self.writer.close()
        self.writer = RecordRing(self.reader.name)

    @invariant()
    def counts(self) -> None:
        assert (self.reader.refused, self.reader.broken) == (self.refused, 0)

    def teardown(self) -> None:
        self.writer.close()
        self.reader.close()


TestRing = RingAgainstAQueue.TestCase
TestRing.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


@pytest.fixture
def status() -> Iterator[StatusBlock]:
    block = StatusBlock(ring_name("st"), create=True, board=BOARD)
    yield block
    block.close()


def test_of_three_things_said_at_once_none_is_lost(status: StatusBlock) -> None:
    worker = StatusBlock(status.name, board=BOARD)
    for n in range(3):
        worker.say(f"connection {n} refused", f"stream{n}", "retrying")
    assert [str(m) for m in status.messages()] == [f"stream{n}: retrying: connection {n} refused" for n in range(3)]
    worker.close()


def test_a_worker_that_never_stops_talking_is_counted_and_keeps_what_it_said_first(status: StatusBlock) -> None:
    for n in range(5000):
        status.say(f"{n} " + "x" * 100)
    heard: list[Message] = []
    while some := status.messages():
        assert len(some) <= 64, "the engine hears a bounded number at once"
        heard += some
    assert [int(m.text.split()[0]) for m in heard] == list(range(len(heard)))
    assert 400 < len(heard) and status.unsaid == 5000 - len(heard)
    status.say("again")
    assert status.messages() == [Message("again")]


@given(text=st.text(max_size=3000))
@settings(max_examples=200, deadline=None)
def test_a_message_comes_as_it_was_or_cut_at_a_character(text: str) -> None:
    got = Message.unpacked(Message(text, "sübject", "live").packed())
    whole = text.encode("utf-8", "replace").decode()
    assert (got.subject, got.state) == ("sübject", "live")
    assert got.text == whole or (whole.startswith(got.text) and MESSAGE_LIMIT - 3 <= len(got.text.encode()))
    assert len(got.text.encode()) <= MESSAGE_LIMIT


@pytest.mark.parametrize("character", ["a", "é", "鑿", "🎬"])
def test_text_is_cut_at_the_border_of_a_character(character: str) -> None:
    size = len(character.encode())
    for most in range(20):
        assert cut(character * 10, most) == character * min(10, most // size)


@given(record=st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_garbage_is_a_message_that_says_so(record: bytes) -> None:
    assert isinstance(Message.unpacked(record).text, str)


def test_a_ring_that_was_written_over_is_left_out_and_counted() -> None:
    ring = RecordRing(ring_name("t"), create=True, capacity=200)
    ring.put(b"whole")
    ring._data[:4] = 255  # a length of 4 GB
    assert ring.take() == [] and ring.broken == 1
    ring.put(b"next")
    assert ring.take() == [b"next"]
    ring.close()


def test_an_outputs_state_is_no_message(status: StatusBlock) -> None:
    """The last place of the board, the longest words, and what is read while it is written."""
    long = "é" * WORDS_LIMIT
    told = OutputTold(TargetState.RETRYING, long, 7)
    board.publish(status.board, PLACES - 1, told)
    assert board.read(status.board, PLACES - 1) == OutputTold(TargetState.RETRYING, long[: WORDS_LIMIT // 2], 7)
    assert board.read(status.board, PLACES - 2) == OutputTold()
    status.board["outputs"][3]["begun"] += 1
    assert board.read(status.board, 3) is None
    with pytest.raises(IndexError):
        board.publish(status.board, PLACES, told)
