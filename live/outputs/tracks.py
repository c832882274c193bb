"""The recorder of tracks: every microphone as it came, and the program's sound, into one file beside the recordings.

It follows the program's frames, as their encoder does: sample k of the file is the one that goes with frame
k * rate / 48000 after its first, so it lies sample for sample under a recording of the program. It reads half a
second behind the mixer, so that what comes late is in it; the rings hold four. One process: what takes long here (a
disk) costs nobody anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from live.base.channels import Picks, heard, mono
from live.base.clock import NS
from live.base.errors import OutputError
from live.base.samples import CHANNELS, SAMPLE_RATE, sample_at
from live.outputs import board
from live.outputs.board import AMISS, RECORDING, OutputTold, TargetState
from live.outputs.recording import StillThere, next_path, room_for
from live.outputs.wav import Bits, Origin, WavFile
from live.outputs.worker import BEHIND, DRAIN_LIMIT_NS, LOST, MIXER_LIMIT
from live.shm.frame_ring import Frame, FrameRing
from live.shm.sound_ring import SoundRing
from live.shm.status import WorkerState
from live.sound.limiter import Samples
from live.workers import WorkerContext

_SAFE = 4  # slots that the writer may come to meanwhile
LATE = SAMPLE_RATE // 2  # so far behind the mixer it reads
STEP_NS = NS // 10
BLOCK_LIMIT = SAMPLE_RATE  # written at once, after a disk has hung
KEEP_NS = NS  # how often the header is brought up to date
BACKOFF_S = (0.5, 1.0, 2.0, 4.0, 8.0)
QUIET_NS = 10 * NS  # without a loss for so long, another one is told anew


@dataclass(frozen=True)
class Track:
    """A microphone. ring: of its source's sound. picks: the channels of it; None: as the source has them."""

    name: str
    ring: str
    picks: Picks = None


@dataclass(frozen=True)
class TracksSpec:
    """What the recorder is given. name: of the output. mix: the ring of the program's sound; program: of its pictures.
    delay_ns: how old the sound is that belongs to a program frame, at its tick. fresh, identity: see Workplace.
    """

    name: str
    path: Path
    bits: Bits
    title: str
    rate: Fraction
    tracks: tuple[Track, ...]
    mix: str
    program: str
    delay_ns: int
    fresh: bool = True
    identity: str = ""


def main(spec: TracksSpec, ctx: WorkerContext) -> None:
    """Record until told to stop."""
    recorder = Recorder(spec, ctx)
    ctx.status.set(state=WorkerState.RUNNING)
    recorder.run()


class Lane:
    """One source's sound on its way into the file: one channel of it, or two."""

    def __init__(self, name: str, ring: SoundRing, picks: Picks) -> None:
        self.name, self._ring, self._picks = name, ring, picks
        one = len(picks) == 1 if picks is not None else ring.channels == 1
        self.channels = 1 if one else CHANNELS
        self.names = (name,) if one else (f"{name} L", f"{name} R")
        self.missing = 0  # samples that never came, since the first that did
        self.lost = 0  # samples that came, and were overwritten before they could be read
        self._sounded = False

    def read(self, start: int, count: int) -> Samples:
        """(count, channels); silence for what isn't there."""
        block, got = self._ring.read_all(start, count)
        self._sounded = self._sounded or got > 0
        if got < count and self._sounded:
            gone = self._ring.end >= start + count
            self.lost, self.missing = self.lost + gone * (count - got), self.missing + (not gone) * (count - got)
        if self.channels == CHANNELS:
            return heard(block, self._picks)
        if block.shape[1] == 1:
            return block
        # One channel of several; or a source that was mono when the file began, and no longer is.
        return mono(heard(block, None))[:, None] if self._picks is None else heard(block, self._picks)[:, :1]


class Recorder:
    """One thread."""

    def __init__(self, spec: TracksSpec, ctx: WorkerContext) -> None:
        self._spec, self._ctx = spec, ctx
        self._program, self._mix = FrameRing(spec.program), SoundRing(spec.mix)
        self._rings = [SoundRing(track.ring) for track in spec.tracks]
        self._fresh = spec.fresh and not ctx.status.get("restarts")
        # A show that began a moment ago is recorded from its start.
        self._from_start = self._program.count <= self._program.slots - _SAFE
        self._told = OutputTold()
        self._lost = 0  # samples, so far
        self._lost_ns: int | None = None  # when it was the last time
        self._stop_ns: int | None = None

    def run(self) -> None:
        failures = 0
        while not self._stopping():
            began_ns = self._ctx.clock.now_ns()
            try:
                self._session()
            except (OSError, OutputError) as error:
                state = TargetState.FAILED if self._stop_ns is not None else TargetState.RETRYING
                self._tell(state, _reason(error))
                if self._ctx.clock.now_ns() - began_ns > 30 * NS:
                    failures = 0
                self._rest(BACKOFF_S[min(failures, len(BACKOFF_S) - 1)])
                failures += 1
        if self._told.state is TargetState.RETRYING:
            self._tell(TargetState.FAILED, f"closed; {self._told.words}")

    def _stopping(self) -> bool:
        """It is told to end; also the sign of life. What the rings have by then is still recorded."""
        if self._ctx.stopping() and self._stop_ns is None:
            self._stop_ns = self._ctx.clock.now_ns()
        return self._stop_ns is not None

    def _rest(self, seconds: float) -> None:
        until_ns = self._ctx.clock.now_ns() + int(seconds * NS)
        while not self._stopping() and self._ctx.clock.now_ns() < until_ns:
            self._ctx.clock.wait_until(self._ctx.clock.now_ns() + STEP_NS)

    def _session(self) -> None:
        """One file, to the end, or until the disk fails. Raises OSError, OutputError."""
        spec, first = self._spec, self._first_frame()
        if first is None:
            self._tell(TargetState.CLOSED, "closed")
            return
        lanes = [Lane(t.name, ring, t.picks) for t, ring in zip(spec.tracks, self._rings, strict=True)]
        lanes.append(Lane("program", self._mix, (1, 2)))
        self._lost = 0
        if odd := room_for(spec.path):
            self._ctx.say(odd, spec.name, AMISS)
        path = next_path(spec.path, fresh=self._fresh, say=lambda text: self._ctx.say(text, spec.name))
        self._fresh = False
        names = [name for lane in lanes for name in lane.names]
        number = int(first.seq * SAMPLE_RATE / spec.rate)
        origin = Origin(spec.title, names, number, spec.rate, self._ctx.clock.time_of_day(), spec.identity)
        file = WavFile(path, origin, spec.bits)
        try:
            self._tell(TargetState.LIVE, f"{RECORDING}{path.name}")
            self._follow(file, lanes, first, StillThere(path, file.fd))
        finally:
            file.close()
            if total := in_all(lanes):
                self._ctx.say(total, spec.name, LOST)
        self._tell(TargetState.CLOSED, "closed")

    def _first_frame(self) -> Frame | None:
        """The show's first, or the oldest that is still there, if this recorder was there when it began; else the
        newest. None when it is told to stop before there is one."""
        while not self._stopping():
            count = self._program.count
            oldest = max(1, count - self._program.slots + _SAFE)
            frame = self._program.at(oldest if self._from_start else count)
            if frame is not None:
                self._from_start = False
                return frame
            self._ctx.clock.wait_until(self._ctx.clock.now_ns() + STEP_NS // 5)
        return None

    def _follow(self, file: WavFile, lanes: Sequence[Lane], first: Frame, there: StillThere) -> None:
        """Write what comes until it is told to stop, and then up to the last frame."""
        clock = self._ctx.clock
        start = at = sample_at(first.capture_ns - self._spec.delay_ns)
        first_seq, kept_ns = first.seq, clock.now_ns()
        while True:
            now_ns, stopping = clock.now_ns(), self._stopping()
            end = start + self._samples_until(first_seq)
            # A mixer that is dead has silence; the microphones go on.
            mixed = max(self._mix.end, sample_at(now_ns) - MIXER_LIMIT)
            drained = self._stop_ns is not None and now_ns - self._stop_ns > DRAIN_LIMIT_NS
            ready = end if drained else min(end, mixed - (0 if stopping else LATE))
            count = max(0, min(ready - at, BLOCK_LIMIT))
            if count:
                file.write(np.concatenate([lane.read(at, count) for lane in lanes], axis=1))
                at += count
            if now_ns - kept_ns >= KEEP_NS:
                kept_ns = now_ns
                file.keep()
                if away := there.check():
                    self._ctx.say(away, self._spec.name, AMISS)
                self._tell_losses(sum(lane.lost for lane in lanes), now_ns)
            if stopping and at >= end:
                return
            if count < BLOCK_LIMIT:
                clock.wait_until(now_ns + STEP_NS)

    def _samples_until(self, first_seq: int) -> int:
        """How many belong to the frames that there are by now."""
        newest = self._program.newest()
        frames = 0 if newest is None else newest.seq + 1 - first_seq
        return int(frames * SAMPLE_RATE / self._spec.rate)

    def _tell_losses(self, lost: int, now_ns: int) -> None:
        """Once a spell: the disk was so slow that the rings came round."""
        if lost == self._lost:
            return
        self._lost = lost
        if self._lost_ns is None or now_ns - self._lost_ns > QUIET_NS:
            self._ctx.say("can't keep up: sound is lost, silence in its place", self._spec.name, BEHIND)
        self._lost_ns = now_ns

    def _tell(self, state: TargetState, words: str) -> None:
        """Say it when it is a change."""
        told = OutputTold(state, words)
        if told != self._told:
            self._told = told
            self._ctx.say(words, self._spec.name, state.name.lower())
        board.publish(self._ctx.status.board, 0, told)


def in_all(lanes: Sequence[Lane]) -> str:
    """What is silence where there was or should have been sound, at the end; "" for nothing."""
    gaps = [f"{lane.name} {lane.missing / SAMPLE_RATE:.1f} s" for lane in lanes if lane.missing]
    lost = [f"{lane.name} {lane.lost / SAMPLE_RATE:.1f} s" for lane in lanes if lane.lost]
    parts = [
        f"nothing came: {', '.join(gaps)}" if gaps else "",
        f"lost, because the disk was too slow: {', '.join(lost)}" if lost else "",
    ]
    return "; ".join(part for part in parts if part)


def _reason(error: OSError | OutputError) -> str:
    if isinstance(error, OutputError):
        return f"{error.cause}; {error.action}"
    return error.strerror or str(error)
