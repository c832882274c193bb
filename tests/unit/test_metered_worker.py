"""The meters on their way from the audio worker to the engine: on its board, and past its death."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from live.audio import board
from live.audio.mixer import BLOCK
from live.audio.orders import Packer
from live.audio.worker import AudioSpec, Room
from live.base.clock import NS
from live.base.samples import SAMPLE_RATE, time_of_sample
from live.config.desk import PROGRAM, DeskOrders, MeterOrders, StripOrders
from live.config.microphones import Microphone
from live.engine.sound import LiveSound
from live.shm.memory import ring_name
from live.shm.notes import NoteBlock
from live.shm.sound_ring import SoundRing
from live.shm.status import StatusBlock
from live.sound.metering import SILENCE_LUFS, Metered
from live.workers import WorkerContext
from tests.support.shows import SMALL, small_show

RIG = (
    SMALL
    + """
[[sources]]
name = "cam1"
kind = "pattern"
[[microphones]]
name = "anna"
source = "cam1"
group = "band"
[[microphones]]
name = "ben"
source = "cam1"
group = "band"
[[groups]]
name = "band"
"""
)
START = 1000 * SAMPLE_RATE
NAMES, STRIPS = ["anna", "ben"], ["anna", "ben", "band"]


def tone(amplitude: float, seconds: float) -> np.ndarray:
    wave = amplitude * np.sin(2 * np.pi * 1000 * np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE)
    return np.stack((wave, wave), 1).astype(np.float32)


def mix(room: Room, until: int) -> None:
    """As the worker does, a little at a time."""
    while room.mixed + BLOCK <= until:
        room.mix_until(min(until, room.mixed + SAMPLE_RATE))


class Desk:
    """What belongs to the engine, and outlives a worker. anna sounds, ben is silent, both go through a group."""

    def __init__(self) -> None:
        self.status = StatusBlock(ring_name("st"), create=True, board=board.board_of(len(NAMES), len(STRIPS)))
        self.source, self.program = (SoundRing(ring_name(n), create=True) for n in ("s", "p"))
        self.note = NoteBlock(ring_name("dsk"), create=True)

    def order(self, **meters: int) -> None:
        strips = {name: StripOrders(group="band") for name in NAMES}
        self.note.put(Packer().pack(DeskOrders(strips, {"band": StripOrders()}, meters=MeterOrders(**meters))))

    def room(self, start: int) -> Room:
        microphones = tuple(Microphone.model_validate({"name": n, "source": n, "channel": 1}) for n in NAMES)
        buses = {PROGRAM: self.program.name}
        spec = AudioSpec(microphones, {"anna": self.source.name}, buses, self.note.name, groups=("band",))
        return Room(spec, WorkerContext(self.status), start)

    @property
    def metered(self) -> Metered:
        return board.metered(self.status.board, NAMES, STRIPS)

    def close(self) -> None:
        for thing in (self.status, self.source, self.program, self.note):
            thing.close()


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.close()


def test_what_the_engine_reads(desk: Desk) -> None:
    desk.order(begun=1)
    desk.source.write(START, tone(0.1, 4.0))
    room = desk.room(START)
    room.obey()
    assert desk.metered.loudness.short_lufs == SILENCE_LUFS or desk.metered.until == 0
    mix(room, START + 2 * SAMPLE_RATE)
    silent = desk.metered
    assert not silent.speech_lufs, "nobody is said to speak"
    board.tell_speaking(desk.status.board, NAMES, {"anna"})
    mix(room, START + 7 * SAMPLE_RATE // 2)
    read = desk.metered
    assert START + 3.3 * SAMPLE_RATE < read.until <= START + 3.5 * SAMPLE_RATE
    assert list(read.strips) == STRIPS
    assert read.strips["anna"].peak_db == pytest.approx(-20, abs=0.1) and read.strips["anna"].phase is None
    assert read.strips["ben"].peak_db < -100
    assert read.strips["band"].peak_db == pytest.approx(-20, abs=0.1), "a group reads what comes to it"
    assert read.program.phase == pytest.approx(1)
    assert read.loudness.short_lufs == pytest.approx(-20, abs=0.1)
    assert read.speech_lufs == {"anna": pytest.approx(-20, abs=0.1)}
    room.close()


def test_a_worker_that_follows_goes_on_with_the_measure(desk: Desk) -> None:
    desk.order(begun=1)
    desk.source.write(START, tone(0.1, 4.0))
    first = desk.room(START)
    first.obey()
    mix(first, START + 3 * SAMPLE_RATE)
    first.close()
    begins = START + 4 * SAMPLE_RATE - 4 * SAMPLE_RATE % BLOCK
    second = desk.room(begins)
    second.obey()
    mix(second, begins + SAMPLE_RATE // 2)
    assert desk.metered.loudness.integrated_lufs == pytest.approx(-20, abs=0.3)
    assert desk.metered.loudness.true_peak_db == pytest.approx(-20, abs=0.3)
    desk.order(begun=2)
    second.obey()
    mix(second, begins + SAMPLE_RATE)
    assert desk.metered.loudness.integrated_lufs == SILENCE_LUFS, "a hand has begun it anew, and all is silent"
    second.close()


def test_a_mixer_that_is_dead_shows_silence_and_what_was_measured(desk: Desk, tmp_path: Path) -> None:
    """Neither the last level for ever, nor a measure that is forgotten."""
    show = small_show(tmp_path, RIG)
    desk.order(begun=1)
    desk.source.write(START, tone(0.1, 4.0))
    room = desk.room(START)
    room.obey()
    mix(room, START + 3 * SAMPLE_RATE)
    sound = LiveSound(show, desk.status, desk.note)
    heard_ns = time_of_sample(START + 3 * SAMPLE_RATE)
    alive = sound.at(heard_ns).metered
    assert alive.strips["anna"].peak_db == pytest.approx(-20, abs=0.1) and alive.loudness.short_lufs > -21
    dead = sound.at(heard_ns + 3 * NS)
    assert dead.deaf and dead.metered.until != alive.until
    assert dead.metered.strips["anna"].peak_db < -100 and dead.metered.program.peak_db < -100
    assert dead.metered.loudness.short_lufs == SILENCE_LUFS
    assert dead.metered.loudness.integrated_lufs == alive.loudness.integrated_lufs > -21
    room.close()
