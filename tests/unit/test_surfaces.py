"""What surfaces stand on: queues, mistakes, subscriptions, and the rings between their processes and the engine."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live.base.clock import NS
from live.base.errors import CommandError
from live.base.hand import Hand, Role
from live.control.client import Client
from live.control.link import Links, pack_command, pack_error
from live.control.mistakes import AGAIN_NS, KINDS, Mistakes
from live.control.queues import LIMIT, SENDERS, STALE, Queues
from live.control.registry import all_commands, to_message
from live.control.subscriptions import A_HOST, LEASE_NS, MOST, WHOLE_NS, Subscriptions
from live.control.worker import Desk
from live.engine.script import load_script
from live.shm.broadcast import BroadcastRing
from live.shm.memory import ring_name
from live.show import commands as c
from tests.support.surfaces import Engine, Paths
from tests.unit.test_registry import example

HAND = Hand("osc 127.0.0.1:5000", "127.0.0.1")

# -- queues --


class Ring:
    def __init__(self, room=10**6):
        self.items, self.room = [], room

    def put(self, item):
        if self.room <= 0:
            return False
        self.room -= 1
        self.items.append(item)
        return True


SENT = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["urgent", "ordinary", "f1", "f2"]), st.integers(0, 3)),
    max_size=60,
)


@given(SENT)
def test_every_senders_order_holds_and_nothing_is_lost_but_moves_that_were_moved_on(sent):
    queues, urgent, ordinary = Queues(), Ring(), Ring()
    for n, (who, kind, drained) in enumerate(sent):
        fader = kind if kind.startswith("f") else None
        assert queues.put(who, (who, kind, n), urgent=kind == "urgent", fader=fader)
        if not drained:
            queues.drain(ordinary.put, urgent.put)
    queues.drain(ordinary.put, urgent.put)
    assert not len(queues)
    got = urgent.items + ordinary.items
    assert len(got) + queues.merged == len(sent) and not queues.refused
    for who in "abc":
        for ring in (urgent, ordinary):
            order = [n for w, _, n in ring.items if w == who]
            assert order == sorted(order)
        mine = [(kind, n) for n, (w, kind, _) in enumerate(sent) if w == who]
        lost = {n for _, n in mine} - {n for w, _, n in got if w == who}
        for kind, n in mine:
            if n in lost:
                after = next(k for k, m in mine if m > n)
                assert kind.startswith("f") and after == kind, "only a move that the same fader's next one follows"


def test_senders_take_turns():
    queues = Queues()
    for n in range(100):
        queues.put("flood", f"flood {n}")
    queues.put("quiet", "quiet")
    ring = Ring(room=3)
    queues.drain(ring.put, ring.put)
    assert "quiet" in ring.items


def test_what_finds_no_room_is_refused_and_counted_and_others_are_not():
    queues = Queues()
    assert all(queues.put("flood", n) for n in range(LIMIT))
    assert not queues.put("flood", "one more") and not queues.put("flood", "urgent", urgent=True)
    assert queues.refused == 2 and queues.put("quiet", "here")


def test_there_are_only_so_many_senders_with_something_waiting():
    queues = Queues()
    assert all(queues.put(n, n) for n in range(SENDERS))
    assert not queues.put("one more", 0) and queues.refused == 1
    assert queues.put("panic", 0, panic=True)
    queues.drain(Ring().put, Ring().put)
    assert queues.put("one more", 0)


def test_a_panic_finds_room_and_goes_before_what_is_stale():
    queues, urgent = Queues(), Ring()
    for n in range(LIMIT):
        queues.put("a", n, urgent=True)
    assert queues.put("a", "panic", panic=True)
    queues.drain(Ring().put, urgent.put)
    assert urgent.items == ["panic"] and queues.refused == LIMIT


def test_a_panic_of_somebody_who_is_not_behind_keeps_their_order():
    queues, urgent = Queues(), Ring()
    for n in range(STALE):
        queues.put("a", n, urgent=True)
    queues.put("a", "panic", panic=True)
    queues.drain(Ring().put, urgent.put)
    assert urgent.items == [*range(STALE), "panic"]


# -- mistakes --


def mistake(subject="/nosuch", cause="no such command"):
    return CommandError(subject, cause, "see docs/commands.md")


def test_a_mistake_is_told_at_once_and_again_only_now_and_then():
    mistakes = Mistakes()
    assert mistakes.add(mistake(), HAND, 0).times == 1
    assert not any(mistakes.add(mistake(), HAND, n * NS // 60) for n in range(600))
    assert mistakes.due(AGAIN_NS - 1) == []
    (again,) = mistakes.due(2 * AGAIN_NS)
    assert (again.times, again.again) == (600, True)
    assert mistakes.due(4 * AGAIN_NS) == [], "it has stopped"
    assert mistakes.add(mistake(), HAND, 5 * AGAIN_NS).again is False


def test_only_its_numbers_differing_makes_a_mistake_no_other():
    mistakes = Mistakes()
    assert mistakes.add(mistake(cause="shot is 0.25, not text"), HAND, 0)
    assert not mistakes.add(mistake(cause="shot is -1e-05, not text"), HAND, 0)
    assert mistakes.add(mistake(cause="no shot is called 'cam7'"), HAND, 0)
    assert mistakes.add(mistake(cause="no shot is called 'cam8'"), HAND, 0)
    assert mistakes.add(mistake("/1/fader2"), HAND, 0) and mistakes.add(mistake("/1/fader3"), HAND, 0)


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 5)), max_size=400))
def test_every_mistake_is_counted_and_the_table_is_bounded(made):
    mistakes, told, now_ns = Mistakes(), 0, 0
    for kind, times in made:
        now_ns += NS // 100
        one = mistakes.add(mistake(f"/{kind}"), HAND, now_ns, times)
        told += sum(t.times for t in [*([one] if one else []), *mistakes.due(now_ns)])
        assert len(mistakes._kinds) <= KINDS + 1
    told += sum(t.times for t in mistakes.due(now_ns + 2 * AGAIN_NS))
    assert told == sum(times for _, times in made)


# -- subscriptions --


def test_a_new_subscriber_is_never_refused_because_of_dead_ones():
    subs = Subscriptions()
    for n in range(5 * MOST):
        subs.subscribe((f"10.0.0.{n % 7}", n), n)
        assert len(subs) <= MOST
    subs.subscribe(("127.0.0.1", 9), 1000)
    served = []
    while (address := subs.next_fresh(1001)) is not None:
        served.append(address)
    assert ("127.0.0.1", 9) in served and len(served) == len(subs)


def test_a_host_pushes_out_only_its_own_and_those_first_that_never_renewed():
    subs = Subscriptions()
    subs.subscribe(("other", 1), 0)
    for n in range(A_HOST):
        subs.subscribe(("here", n), 0)
    subs.subscribe(("here", 0), 1)  # a sign of life
    for n in range(1000, 1000 + A_HOST - 1):
        subs.subscribe(("here", n), 2)
    while subs.next_fresh(3) is not None:
        continue
    current = subs.current(3)
    assert ("other", 1) in current and ("here", 0) in current and len(current) == A_HOST + 1


def test_the_whole_state_goes_out_once_a_second_at_most_and_twice_to_nobody():
    subs = Subscriptions()
    for _ in range(10):
        subs.subscribe(("a", 1), 0)
    assert subs.next_fresh(0) == ("a", 1) and subs.next_fresh(0) is None
    subs.subscribe(("a", 1), NS // 2)
    assert subs.next_fresh(NS // 2) is None and subs.next_fresh(WHOLE_NS) == ("a", 1)
    assert subs.current(NS // 2 + LEASE_NS - 1) and not subs.current(NS // 2 + LEASE_NS)


# -- rings --


@settings(max_examples=60)
@given(st.lists(st.tuples(st.binary(max_size=120), st.booleans()), max_size=60))
def test_a_reader_gets_every_record_in_order_or_knows_that_it_missed_some(written):
    ring = BroadcastRing(ring_name("t"), create=True, capacity=1024)
    other = BroadcastRing(ring.name)
    try:
        at, want = other.written, []
        for record, looks in written:
            ring.put(record)
            want.append(record)
            if looks:
                found = other.after(at)
                if found is None:
                    assert sum(len(r) + 4 for r in want) > 1024
                    at, want = other.written, []
                    continue
                records, at = found
                assert records == want
                want = []
    finally:
        other.close()
        ring.close()


def test_a_record_that_is_too_long_is_refused():
    ring = BroadcastRing(ring_name("t"), create=True, capacity=1024)
    with pytest.raises(ValueError, match="a record of 200 bytes"):
        ring.put(bytes(200))
    ring.close()


@pytest.fixture
def pair():
    links = Links()
    desk = Desk(links.add("osc"), 0)
    yield links, desk
    desk.close()
    links.close()


def test_garbage_from_a_surface_is_left_out_and_counted(pair):
    links, desk = pair
    good = pack_command(1, 5, HAND, c.ProgramCut("cam1"))
    for record in (b"", b"[]", b"{", b"\xff", b'["command",1]', b"[" * 5000, b'["command",1,2,["a"],"/x",[]]', good):
        assert desk._urgent.put(record)
    desk._urgent.put(b'["command",1,2,["a","b","king"],"/x",[]]')
    desk._urgent.put(b'["command",1,2,["a","b","operator"],"/nosuch",[]]')
    came = links.poll(1, 10)
    assert sorted(str(i.command) for i in came if isinstance(i.command, CommandError)) == [
        "/nosuch: no such command; see docs/commands.md"
    ]
    assert [i.command for i in came if i.command == c.ProgramCut("cam1")] and links.broken == 8


def test_time_stamps_of_the_future_are_none(pair):
    links, desk = pair
    desk._urgent.put(pack_command(1, 10**18, HAND, c.ProgramCut()))
    assert links.poll(1, 10)[0].received_ns == 10


def test_errors_come_with_their_count_and_whose_they_are(pair):
    links, desk = pair
    desk._ordinary.put(pack_error(3, 5, HAND, mistake(), 12))
    (came,) = links.poll(1, 10)
    assert (str(came.command), came.times, came.hand) == (str(mistake()), 12, HAND)


def test_however_long_a_mistake_is_it_holds_up_nothing(pair):
    links, desk = pair
    endless = CommandError("/x" * 50_000, "no" * 50_000, "one of: " + "cam, " * 50_000)
    desk.mistake(endless, HAND, 1)
    desk.take("a", HAND, c.ShowMarker("after it"), 1)
    desk.pump(1)
    came = links.poll(1, 2)
    assert c.ShowMarker("after it") in [i.command for i in came] and len(came) == 2
    links.answer(came[0], endless)
    desk.listen(3)


def test_an_answer_reaches_the_surface_it_is_for(pair):
    links, desk = pair
    other = Desk(links.add("web"), 0)
    number = desk.take("a", HAND, c.ProgramCut("nosuch"), 1)
    desk.pump(1)
    (came,) = links.poll(1, 2)
    links.answer(came, mistake("/program/cut", "no shot is called 'nosuch'"))
    desk.listen(3), other.listen(3)
    assert list(desk.answers()) == [(number, "/program/cut: no shot is called 'nosuch'; see docs/commands.md")]
    assert list(desk.answers()) == [] and list(other.answers()) == []
    other.close()


def test_who_only_watches_steers_nothing(pair):
    _, desk = pair
    with pytest.raises(CommandError, match="nobody steers from here"):
        desk.take("a", Hand("web", "10.0.0.1", Role.VIEWER), c.ProgramCut("cam1"), 1)


def test_a_command_of_the_longest_texts_fits(pair):
    links, desk = pair
    spec = max(all_commands(), key=lambda s: sum(a.arg.longest for a in s.args if a.type is str))
    command = spec.cls(**{a.name: "\U0001f600" * a.arg.longest if a.type is str else example(a) for a in spec.args})
    desk.take("a", HAND, command, 1)
    desk.pump(1)
    assert [i.command for i in links.poll(1, 2)] == [command]


def test_the_state_of_a_frame_is_encoded_once_and_the_whole_tree_never_in_one_frame(pair, monkeypatch):
    links, desk = pair
    tree = Paths()
    for n in range(1000):
        tree.set(f"x/{n}", n)
    tree.take_changes()
    sizes = []
    put = links._state.put
    monkeypatch.setattr(links._state, "put", lambda record: (sizes.append(len(json.loads(record)[2])), put(record)))
    frames = 0
    while not desk.whole:
        frames += 1
        links.poll(frames, frames)
        links.publish(frames, tree.take_changes(), tree)
        desk.listen(frames)
    assert desk.state == dict(tree.items()) and max(sizes) < 100 and len(sizes) == frames > 10


@given(
    st.dictionaries(
        st.text(st.characters(categories=("L", "N")), max_size=8),
        st.lists(st.one_of(st.integers(-(2**40), 2**40), st.floats(allow_nan=False), st.text(max_size=9)), max_size=4),
        max_size=300,
    )
)
@settings(max_examples=30, deadline=None)
def test_the_tree_arrives_as_it_was(values):
    links = Links()
    desk, tree = Desk(links.add("osc"), 0), Paths()
    for path, value in values.items():
        tree.set(path, *(v.replace("\ud800", "") if isinstance(v, str) else v for v in value))
    links.publish(1, tree.take_changes(), tree)
    desk.listen(1)
    assert desk.state == dict(tree.items())
    desk.close()
    links.close()


# -- every command through every way in --


@pytest.fixture(scope="module")
def engine():
    with Engine() as engine:
        yield engine


@pytest.mark.parametrize("spec", all_commands(), ids=lambda s: s.address)
def test_every_command_comes_through_osc_and_a_script_as_what_it_was(spec, engine, tmp_path):
    values = {a.name: example(a) for a in spec.args}
    command = spec.cls(**{n: float(np.float32(v)) if type(v) is float else v for n, v in values.items()})
    address, args = to_message(command)
    (tmp_path / "script.jsonl").write_text(json.dumps({"frame": 0, "address": address, "args": args}))
    assert [i.command for i in load_script(tmp_path / "script.jsonl").poll(0, 0)] == [command]
    if spec.cls in (c.Subscribe, c.Unsubscribe):
        return  # the OSC surface's own
    client = Client("127.0.0.1", engine.port)
    client.send(address, *args)
    assert engine.commands() == [command]
    client.close()
