"""The speaker worker: one process that plays the show's sound to one sound device.

The callback is a thread of PortAudio's, or the one that writes to the sound server: it takes from a queue and leaves.
The process reads the rings, resamples from the show's clock to the device's (`Feeder`) and keeps the queue as short as
the machine lets it be. A device that goes is told, and found again by its name.
"""

from __future__ import annotations

import os
import pickle
import sys
import threading
from collections import deque
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from live.base.channels import Samples
from live.base.clock import NS, MonotonicClock
from live.base.errors import DeviceError
from live.base.priority import realtime
from live.outputs import board
from live.outputs.board import OutputTold, TargetState
from live.shm.notes import NoteBlock
from live.shm.status import WorkerState
from live.sound.devices import TO_PLAY, Device, PortStream, connected, devices, find
from live.sound.feeder import SAFE, SOON, Feeder, Queue
from live.sound.pulse import MOST_PLACES
from live.sound.pulse_output import PulseOutput, Take
from live.sound.taps import PlayOrders, Taps
from live.workers import WorkerContext

LOOK_S = 0.25  # between two looks for a device that has gone, and whether one is still the same
GONE_S = 3.0  # a device that takes nothing for so long is gone; PulseAudio's null sink rests for 2 s when it begins
RESTS_S, SETTLE_S = 0.1, 0.2  # a pause between two blocks that is none; until one that takes block after block is on
DIRECT_LOOK_S = 0.002  # of phones that hear a microphone itself: what has come is queued before the next block is due
REPORT_S = 0.2
SILENT_HZ, SILENT_BLOCK = 48_000.0, 480  # of the clock that stands for a sound card
SWITCH_S = 0.0005  # that one thread may keep the interpreter from the other: the callback waits for nobody longer
LAST_S = 0.12  # in which the sound goes out at the end: what is queued, here and in the server, and the fade
_PLUG = "plug it in again; it comes back by itself"
_NO_CARD = "this machine has no sound card: nobody hears it until one is plugged in"


@dataclass(frozen=True)
class SpeakerSpec:
    """What a speaker worker is given. name: whose sound it is. device: as the rig says. picks: the device's channels
    that it goes to, from 1 on. orders: a note of what is played, a pickled PlayOrders, which may change; "" for `plays`
    as long as it runs. block_s: of a callback."""

    name: str
    device: str | None
    picks: tuple[int, int] = (1, 2)
    plays: PlayOrders = PlayOrders()
    orders: str = ""
    block_s: float = 0.01


class Played(Protocol):
    """A device that takes from a queue. reports: (when its first sample is heard in ns, samples, how many of them were
    missing) of each block that it took. overruns: how often the system itself had nothing to play."""

    rate_hz: float
    reports: deque[tuple[int, int, int]]

    @property
    def overruns(self) -> int: ...

    def wait(self, limit_s: float) -> None:
        """Until it has taken a block, or for so long. Raises DeviceError when it has gone."""


class Stream:
    """A device that plays. As a context manager it closes itself."""

    def __init__(self, device: Device, picks: tuple[int, int], queue: Queue, block_s: float) -> None:
        """Raises DeviceError."""
        self._device, self._queue, self._clock, self._block_s = device, queue, MonotonicClock(), block_s
        self.reports: deque[tuple[int, int, int]] = deque()
        self._taken = threading.Event()
        self._settled, self._steady_ns = False, 0  # since when it takes block after block
        self._watched_ns = self._took_ns = self._clock.now_ns()
        block = round(device.rate_hz * block_s)
        # What a device doesn't have is heard on its last channel.
        self._picks = [min(n, device.channels) - 1 for n in picks]
        self._channels = max(self._picks) + 1
        self._output: PulseOutput | PortAudioOutput
        if device.server and len(device.places) == device.channels <= MOST_PLACES:
            self._channels = device.channels
            self._output = PulseOutput(device, block, self._take)
        else:
            self._output = PortAudioOutput(device, self._channels, block, self._take)
        self.rate_hz = self._output.rate_hz

    @property
    def overruns(self) -> int:
        """How often the system itself had nothing to play."""
        return self._output.x_runs

    def _take(self, count: int, heard_ns: int) -> Samples:
        """The device's thread: a block (count, channels) whose first sample is heard then."""
        now_ns = self._clock.now_ns()
        samples, missing = self._queue.take(count)
        out = np.zeros((count, self._channels), np.float32)
        if self._picks[0] == self._picks[1]:
            out[:, self._picks[0]] = samples.mean(1)
        else:
            out[:, self._picks] = samples
        if not 0 < heard_ns - now_ns < 2 * NS:  # some doors don't say
            heard_ns = now_ns + round(self._block_s * NS)
        if not self._steady_ns or now_ns - self._took_ns > RESTS_S * NS:
            self._steady_ns = now_ns
        self._settled = self._settled or now_ns - self._steady_ns > SETTLE_S * NS
        if self._settled:  # what a server takes at once while it wakes says nothing of its clock
            self.reports.append((heard_ns, count, missing))
        self._took_ns = now_ns
        self._taken.set()
        return out

    def wait(self, limit_s: float) -> None:
        self._taken.wait(limit_s)
        self._taken.clear()
        now_ns = self._clock.now_ns()
        if now_ns - self._took_ns > GONE_S * NS:
            raise DeviceError(self._device.name, "takes nothing any more", _PLUG)
        if now_ns - self._watched_ns > LOOK_S * NS:
            self._watched_ns = now_ns
            there = connected(os.getpid(), "out") if self._device.server else None
            if not self._output.active or (there is not None and self._device.id not in there):
                raise DeviceError(self._device.name, "has gone", _PLUG)

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self._output.close()


class PortAudioOutput(PortStream):
    """An open output of PortAudio's. x_runs: how often it had nothing to play."""

    def __init__(self, device: Device, channels: int, block: int, take: Take) -> None:
        """block: samples in each. Raises DeviceError."""
        self._take, self.x_runs, self._clock = take, 0, MonotonicClock()
        super().__init__(device, channels, block, self._called, TO_PLAY)

    def _called(self, out: npt.NDArray[np.float32], count: int, time: Any, status: Any) -> None:
        self.x_runs += bool(status.output_underflow)
        ahead_s = time.outputBufferDacTime - time.currentTime
        out[:] = self._take(count, self._clock.now_ns() + round(ahead_s * NS))


class Silent:
    """A clock in the place of a sound card: it takes what a card would, until one comes."""

    rate_hz, overruns = SILENT_HZ, 0

    def __init__(self, queue: Queue) -> None:
        self._queue, self._clock = queue, MonotonicClock()
        self.reports: deque[tuple[int, int, int]] = deque()
        self._next_ns = self._looked_ns = self._clock.now_ns()

    def wait(self, limit_s: float) -> None:
        self._next_ns += round(SILENT_BLOCK * NS / SILENT_HZ)
        self._clock.wait_until(self._next_ns)
        self.reports.append((self._next_ns, SILENT_BLOCK, self._queue.take(SILENT_BLOCK)[1]))
        if self._next_ns - self._looked_ns > 2 * NS:
            self._looked_ns = self._next_ns
            if _devices():
                raise DeviceError("sound", "a sound card has come")

    def __enter__(self) -> Silent:
        return self

    def __exit__(self, *_: object) -> None:
        pass


def _devices() -> list[Device]:
    """None where not even the system's sound can be asked."""
    try:
        return devices("out")
    except DeviceError:
        return []


class Speaker:
    """What is played, how it does, and what there is to say of it. One thread."""

    def __init__(self, spec: SpeakerSpec, ctx: WorkerContext) -> None:
        self._spec, self._ctx = spec, ctx
        self._taps = Taps()
        self._orders = NoteBlock(spec.orders) if spec.orders else None
        self._ordered, self._plays = 0, spec.plays
        self._taps.set(spec.plays)
        self._said, self._there = "", False
        self._x_runs = self._reported_ns = 0

    def run(self) -> None:
        while not self._ctx.stopping():
            try:
                self._open()
            except DeviceError as error:
                if self._there or not self._said:  # one that has gone is told once, not again as one that isn't found
                    self._tell(TargetState.RETRYING, f"{error.cause}; {error.action}" if error.action else error.cause)
                self._there = False
                self._ctx.status.set(state=WorkerState.RUNNING)
                self._ctx.clock.wait_until(self._ctx.clock.now_ns() + round(LOOK_S * NS))
        self._tell(TargetState.CLOSED, "")

    def _open(self) -> None:
        """The device that is meant, for as long as it is there. Raises DeviceError."""
        queue = Queue(2)
        if self._spec.device is None and not _devices():
            with Silent(queue) as silent:
                self._play(silent, queue, _NO_CARD)
            return
        device = find(self._spec.device, devices("out"), self._spec.name)
        self._there = True
        with Stream(device, self._spec.picks, queue, self._spec.block_s) as stream:
            self._play(stream, queue, device.name)

    def _play(self, device: Played, queue: Queue, words: str) -> None:
        spare = SOON if self._plays.direct else SAFE
        feeder = Feeder(device.rate_hz, 2, at_least_ns=self._plays.at_least_ns, spare=spare)
        before, ctx = self._x_runs, self._ctx
        ctx.status.set(state=WorkerState.RUNNING)
        last_ns = 0
        while not last_ns or ctx.clock.now_ns() < last_ns:
            device.wait(DIRECT_LOOK_S if self._plays.direct else LOOK_S)
            while device.reports:
                feeder.played(*device.reports.popleft())
                if not last_ns:
                    self._tell(TargetState.LIVE, words)
            now_ns = ctx.clock.now_ns()
            if ctx.stopping() and not last_ns:
                last_ns = now_ns + round(LAST_S * NS)  # nothing more is made: the sound goes out
            if not last_ns:
                self._obey(feeder)
                start, count = feeder.wanted(self._taps.end(now_ns), now_ns)
                queue.put(feeder.put(self._taps.read(start, count)))
            self._x_runs = before + feeder.x_runs + device.overruns
            self._report(feeder, now_ns)

    def _obey(self, feeder: Feeder) -> None:
        """Take up new orders, if any."""
        if self._orders is None or (note := self._orders.get(self._ordered)) is None:
            return
        self._ordered = note[0]
        plays: PlayOrders = pickle.loads(note[1])
        before, self._plays = self._plays, plays
        self._taps.set(plays)
        feeder.at_least_ns = plays.at_least_ns
        if (plays.direct, plays.at_least_ns) != (before.direct, before.at_least_ns):
            feeder.begin_again(SOON if plays.direct else SAFE)

    def _report(self, feeder: Feeder, now_ns: int) -> None:
        if now_ns < self._reported_ns + REPORT_S * NS:
            return
        self._reported_ns = now_ns
        told = self._ctx.status.board["device"]
        told["latency_ms"], told["buffer_ms"] = feeder.lateness_ns / 1e6, feeder.buffer_ns / 1e6
        told["x_runs"], told["drift_ppm"] = self._x_runs, feeder.time.drift_ppm

    def _tell(self, state: TargetState, words: str) -> None:
        """How it does; a change is said."""
        if (said := f"{state} {words}") == self._said:
            return
        self._said = said
        board.publish(self._ctx.status.board, 0, OutputTold(state, words))
        self._ctx.say(words, self._spec.name, state.name.lower())

    def close(self) -> None:
        self._taps.close()
        if self._orders is not None:
            self._orders.close()


def main(spec: SpeakerSpec, ctx: WorkerContext) -> None:
    """Play until told to stop."""
    sys.setswitchinterval(SWITCH_S)
    speaker = Speaker(spec, ctx)
    with realtime(passed_on=True):  # the callback's thread, too
        speaker.run()
    speaker.close()
