"""The mixer: a pure core, and the audio worker round it on a clock that is stepped by hand."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from live.audio import board
from live.audio.mixer import BLOCK, FLOOR_DB, Mixer
from live.audio.orders import Packer
from live.audio.worker import AudioSpec, Room, main
from live.base.clock import NS, ManualClock
from live.base.samples import SAMPLE_RATE, sample_at
from live.config.desk import LATENCY_S, PROGRAM, DeskOrders, StripOrders
from live.config.microphones import Microphone
from live.config.strips import StripSettings
from live.engine.sound import OfflineSound
from live.shm.memory import ring_name
from live.shm.notes import NoteBlock
from live.shm.sound_ring import SoundRing
from live.shm.status import StatusBlock, WorkerState
from live.show import ShowState
from live.sound.limiter import LOOKAHEAD
from live.workers import WorkerContext
from tests.support.shows import SMALL, small_show


def tone(count: int, amplitude: float, *, hz: float = 440.0, start: int = 0) -> np.ndarray:
    wave = amplitude * np.sin(2 * np.pi * hz * (np.arange(start, start + count)) / SAMPLE_RATE)
    return np.repeat(wave[:, None], 2, 1).astype(np.float32)


def mic(name: str, **fields: object) -> Microphone:
    return Microphone.model_validate({"name": name, "source": name, **fields})


def steepest(samples: np.ndarray) -> float:
    """The largest step from one sample to the next."""
    return float(np.abs(np.diff(samples[:, 0])).max())


def desk(**strips: dict[str, object]) -> DeskOrders:
    """Orders for some strips, by their settings."""
    return DeskOrders({name: StripOrders(StripSettings.model_validate(fields)) for name, fields in strips.items()})


def mixing(**strips: dict[str, object]) -> Mixer:
    mixer = Mixer()
    mixer.set(desk(**strips))
    return mixer


def mixed(mixer: Mixer, *blocks: dict[str, np.ndarray]) -> np.ndarray:
    """The program of some blocks in a row."""
    program = np.concatenate([mixer.mix(block)[PROGRAM] for block in (*blocks, {})])
    return program[LOOKAHEAD:][: len(blocks) * BLOCK]


def test_sums_with_gain() -> None:
    program = mixed(mixing(a={"gain_db": -6.0}, b={}), {"a": tone(960, 0.2), "b": tone(960, 0.1)})
    np.testing.assert_allclose(program, tone(960, 0.2 * 10 ** (-6 / 20) + 0.1), atol=1e-6)


def test_a_muted_microphone_is_not_heard() -> None:
    assert not mixed(mixing(a={"muted": True}), {"a": tone(960, 0.5)}).any()


def test_mute_and_gain_change_without_a_click() -> None:
    mixer = mixing(a={})
    out = []
    for i in range(7):
        if i == 2:
            mixer.set(desk(a={"muted": True}))
        if i == 4:
            mixer.set(desk(a={"gain_db": -12.0}))
        out.append(mixer.mix({"a": tone(960, 0.5, start=i * 960)})[PROGRAM])
    heard = np.concatenate(out)[LOOKAHEAD:]
    assert steepest(heard) <= steepest(tone(9600, 0.5)) * 1.05
    assert not heard[3 * BLOCK : 4 * BLOCK].any()
    assert np.abs(heard[5 * BLOCK :]).max() == pytest.approx(0.5 * 10 ** (-12 / 20), abs=0.01)


def test_what_nobody_has_ordered_is_silent() -> None:
    assert not mixed(Mixer(), {"a": tone(960, 0.5)}).any()


def test_no_microphone_at_all_is_silence() -> None:
    program = Mixer().mix({})[PROGRAM]
    assert program.shape == (BLOCK, 2) and not program.any()


def test_a_strip_with_nothing_set_comes_through_bit_for_bit() -> None:
    block = tone(960, 0.3)
    np.testing.assert_array_equal(mixed(mixing(a={}), {"a": block}), block)


class StoppingClock(ManualClock):
    """A manual clock that asks the worker to end at a time."""

    def __init__(self, now_ns: int, status: StatusBlock, stop_ns: int) -> None:
        super().__init__(now_ns)
        self._status, self._stop_ns = status, stop_ns

    def wait_until(self, deadline_ns: int) -> None:
        super().wait_until(deadline_ns)
        if self.now_ns() >= self._stop_ns:
            self._status.set(stop=1)


START_NS = 1000 * NS
START = sample_at(START_NS)


@pytest.fixture
def status(request: pytest.FixtureRequest) -> Iterator[StatusBlock]:
    block = StatusBlock(ring_name("st"), create=True, board=board.board_of(*getattr(request, "param", (2, 2))))
    yield block
    block.close()


@pytest.fixture
def rings() -> Iterator[dict[str, SoundRing]]:
    made = {name: SoundRing(ring_name(name), create=True) for name in ("a", "b", "program")}
    yield made
    for ring in made.values():
        ring.close()


@pytest.fixture
def note() -> Iterator[NoteBlock]:
    block = NoteBlock(ring_name("dsk"), create=True)
    block.put(Packer().pack(desk(a={}, b={}, gone={})))
    yield block
    block.close()


def run(
    status: StatusBlock,
    rings: dict[str, SoundRing],
    note: NoteBlock,
    seconds: float,
    sources: dict[str, str] | None = None,
) -> None:
    """The audio worker for some seconds of manual time. The microphones are in the order of the rings' names."""
    ctx = WorkerContext(status)
    ctx.clock = StoppingClock(START_NS, status, START_NS + int(seconds * NS))  # type: ignore[assignment]
    names = {n: r.name for n, r in rings.items() if n != "program"} | (sources or {})
    main(AudioSpec(tuple(mic(n) for n in names), names, {PROGRAM: rings["program"].name}, note.name), ctx)


def test_the_program_keeps_the_sources_sample_numbers(
    status: StatusBlock, rings: dict[str, SoundRing], note: NoteBlock
) -> None:
    first = START - SAMPLE_RATE
    rings["a"].write(first, tone(3 * SAMPLE_RATE, 0.2))
    rings["b"].write(first, tone(3 * SAMPLE_RATE, 0.1, hz=1000))
    run(status, rings, note, 1.0)
    heard, got = rings["program"].read(START, SAMPLE_RATE - BLOCK)
    assert got == SAMPLE_RATE - BLOCK, "the worker mixes on to the present when it is told to stop"
    expected = tone(3 * SAMPLE_RATE, 0.2) + tone(3 * SAMPLE_RATE, 0.1, hz=1000)
    np.testing.assert_allclose(heard, expected[START - first :][: len(heard)], atol=1e-6)
    levels = board.heard(status.board)
    assert levels.rms_db[0] == pytest.approx(-16.99, abs=0.3)
    assert levels.peak_db[1] == pytest.approx(-20.0, abs=0.3)
    assert START + SAMPLE_RATE - BLOCK <= levels.until <= START + SAMPLE_RATE * 5 // 4
    assert status.get("drops") == 0


@pytest.mark.parametrize("status", [(3, 3)], indirect=True)
def test_a_source_without_a_ring_does_not_stop_the_others(
    status: StatusBlock, rings: dict[str, SoundRing], note: NoteBlock
) -> None:
    rings["a"].write(START - SAMPLE_RATE, tone(3 * SAMPLE_RATE, 0.2))
    run(status, rings, note, 0.5, {"gone": "live-nowhere-00000000"})
    assert board.heard(status.board).rms_db[0] > -20
    assert "gone" in status.messages()[-1].text
    assert status.get("state") == WorkerState.RUNNING


def test_missing_samples_are_counted_until_the_source_is_called_silent(
    status: StatusBlock, rings: dict[str, SoundRing], note: NoteBlock
) -> None:
    # Ends half a second into the run; b never sounds.
    rings["a"].write(START - SAMPLE_RATE, tone(SAMPLE_RATE * 3 // 2, 0.2))
    run(status, rings, note, 3.0)
    assert SAMPLE_RATE <= status.get("drops") < SAMPLE_RATE + 2 * BLOCK
    assert [m.text for m in status.messages()] == ["no sound from a"]
    assert board.heard(status.board).rms_db[0] == FLOOR_DB
    assert rings["program"].end >= START + 3 * SAMPLE_RATE - BLOCK, "the program goes on"


def test_what_is_heard_is_ahead_of_what_is_mixed_by_as_much_as_has_been_delivered(
    status: StatusBlock, rings: dict[str, SoundRing], note: NoteBlock
) -> None:
    spec = AudioSpec(
        (mic("a"), mic("b")), {n: rings[n].name for n in "ab"}, {PROGRAM: rings["program"].name}, note.name
    )
    room = Room(spec, WorkerContext(status), START)
    rings["a"].write(START, tone(SAMPLE_RATE, 0.2))
    rings["b"].write(START, tone(SAMPLE_RATE // 2, 0.2))
    now = START + SAMPLE_RATE // 4
    room.mix_until(now - SAMPLE_RATE // 10)
    room.hear_until(now)
    assert now - BLOCK < board.heard(status.board).until <= now, "both have delivered: heard to the present"
    late = START + SAMPLE_RATE * 11 // 20
    room.mix_until(late - SAMPLE_RATE // 10)
    room.hear_until(late)
    assert START + SAMPLE_RATE // 2 - BLOCK < board.heard(status.board).until <= START + SAMPLE_RATE // 2, (
        "b is late: both wait for it"
    )
    gone = START + SAMPLE_RATE
    room.mix_until(gone - SAMPLE_RATE // 10)
    room.hear_until(gone)
    heard = board.heard(status.board)
    assert gone - SAMPLE_RATE // 10 - BLOCK < heard.until, "nobody waits longer than the mixer does"
    assert heard.rms_db[0] > -20 and heard.rms_db[1] == FLOOR_DB
    room.close()


def test_faders_move_as_the_engine_says(status: StatusBlock, rings: dict[str, SoundRing], note: NoteBlock) -> None:
    for name in "ab":
        rings[name].write(START - SAMPLE_RATE, tone(3 * SAMPLE_RATE, 0.2))
    note.put(Packer().pack(desk(a={"gain_db": -6.02}, b={"muted": True})))
    run(status, rings, note, 0.5)
    assert board.heard(status.board).rms_db == pytest.approx([-22.97, FLOOR_DB], abs=0.2)
    heard, _ = rings["program"].read(START, SAMPLE_RATE // 4)
    assert np.abs(heard[BLOCK:]).max() == pytest.approx(0.1, abs=0.002)


def test_without_the_speech_model_the_show_goes_on_and_says_so(
    status: StatusBlock, rings: dict[str, SoundRing], note: NoteBlock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIVE_DATA", str(tmp_path))
    rings["a"].write(START - SAMPLE_RATE, tone(3 * SAMPLE_RATE, 0.2))
    run(status, rings, note, 0.5)
    heard = board.heard(status.board)
    assert heard.rms_db[0] > -20 and all(math.isnan(p) for p in heard.speech)
    (message,) = status.messages()
    assert "live models" in message.text and "level alone" in message.text


TWINS = """
start = "cam"
[[sources]]
name = "cam"
kind = "colour"
[[sources]]
name = "a"
kind = "tone"
[[sources]]
name = "b"
kind = "tone"
[[microphones]]
name = "a"
source = "a"
compressor = { threshold_db = -30.0 }
[[microphones]]
name = "b"
source = "b"
channel = 1
group = "all"
[[groups]]
name = "all"
gate = { threshold_db = -40.0 }
"""


@pytest.mark.parametrize("status", [(2, 3)], indirect=True)
def test_off_line_the_program_is_the_one_on_air(
    status: StatusBlock,
    rings: dict[str, SoundRing],
    note: NoteBlock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Sample for sample before a hand does anything. What it does begins 20 ms apart: the one hears of it with a block,
    the other with a frame."""
    monkeypatch.setenv("LIVE_DATA", str(tmp_path))
    show = small_show(tmp_path, SMALL.replace("rate_hz = 30", "rate_hz = 25") + TWINS)
    seconds, rng = 2.0, np.random.default_rng(5)
    sounds = {n: (0.2 * rng.normal(0, 1, (int(seconds * SAMPLE_RATE), 2))).astype(np.float32) for n in "ab"}
    for name, samples in sounds.items():
        rings[name].write(0, samples)
    state = ShowState(show, log=lambda *_, **__: None)
    handed = {10: ("a", {"pan": -0.7}), 20: ("b", {"gain_db": -9.0}), 30: ("a", {"muted": True})}  # by frame
    orders = []
    for frame in range(50):
        if frame in handed:
            strip, settings_ = handed[frame]
            state.sound.put(strip, state.sound.strips[strip].model_copy(update=settings_))
        orders.append(state.sound.orders())

    groups = tuple(g.name for g in show.rig.groups)
    spec = AudioSpec(
        tuple(show.rig.microphones),
        {n: rings[n].name for n in "ab"},
        {PROGRAM: rings["program"].name},
        note.name,
        groups=groups,
    )
    room = Room(spec, WorkerContext(status), 0)
    for step in range(100):
        note.put(Packer().pack(orders[step // 2]))
        room.obey()
        room.mix_until(step * BLOCK - int(LATENCY_S * SAMPLE_RATE))
    on_air, _ = rings["program"].read(0, room.mixed)
    room.close()

    def read(source: str, start: int, count: int) -> np.ndarray:
        padded = np.concatenate((np.zeros((BLOCK, 2), np.float32), sounds[source], np.zeros((BLOCK, 2), np.float32)))
        return padded[start + BLOCK :][:count]

    off_line, parts = OfflineSound(show, read, lambda text: None), []
    for frame in range(50):
        off_line.set_desk(orders[frame])
        parts.append(off_line.at(frame, frame * NS // 25).samples[PROGRAM])
    made = np.concatenate(parts)
    count = min(len(made), len(on_air))
    first = int(10 / 25 * SAMPLE_RATE) - int(LATENCY_S * SAMPLE_RATE) - BLOCK
    assert count > 1.7 * SAMPLE_RATE
    np.testing.assert_array_equal(made[:first], on_air[:first])
    settled = np.ones(count, bool)
    for frame in handed:
        at = int((frame / 25 - LATENCY_S) * SAMPLE_RATE)
        settled[at - BLOCK : at + 5 * BLOCK] = False
    assert np.abs(made[:count] - on_air[:count])[settled].max() < 0.01
