"""The captions worker: listens to the program's sound, recognises it, tells the engine what was said.

Two threads: this one reads the rings, the other makes the passes, so that no sound is lost while a pass takes its time.
It is the nicest of all workers but the console: when the machine is busy, captions come later, and what is too late is
skipped.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from live.base.clock import NS
from live.base.errors import LiveError, ModelError
from live.base.samples import SAMPLE_RATE, sample_at
from live.captions.captioner import SOUND_BLOCK, Captioner, CaptionsSetup
from live.captions.transcriber import Heard, Job, Samples
from live.shm.frame_ring import FrameRing
from live.shm.sound_ring import SoundRing
from live.shm.status import WorkerState
from live.sound.spoken import Said, SaidRing
from live.workers import WorkerContext

# How long a word took from its end to its caption, median and 90th percentile; how much speech was skipped.
BOARD = np.dtype([("latency_s", "<f8"), ("latency_p90_s", "<f8"), ("skipped_s", "<f8")])
_LOOK_EVERY_NS = NS // 50
_BLOCKS_A_LOOK = 4  # on a machine so busy that they come faster than they are taken, the rest of the loop has its turn
_BEHIND_LIMIT = 2 * SAMPLE_RATE  # the rings hold 4 s: what is older is left out
_PASS_LIMIT_NS = 30 * NS  # a pass that takes longer hangs
_START_LIMIT_S = 120
_LAST_WORDS_NS = 4 * NS  # at the end of the show


@dataclass(frozen=True)
class CaptionsSpec:
    """What the worker needs. voice_rings: source -> its sound ring. program_ring tells when the program began;
    video_delay_ns is how old the sound of a program frame is (as for the encoder)."""

    setup: CaptionsSetup
    sound_ring: str
    voice_rings: Mapping[str, str]
    said_ring: str
    program_ring: str
    rate: Fraction
    video_delay_ns: int


class Inlets:
    """The program's sound and each microphone's, block by block."""

    def __init__(self, spec: CaptionsSpec, now_ns: int) -> None:
        self._program = SoundRing(spec.sound_ring)
        self._voices = {source: SoundRing(name) for source, name in spec.voice_rings.items()}
        self._microphones = spec.setup.microphones
        self._next = sample_at(now_ns) // SOUND_BLOCK * SOUND_BLOCK

    def block(self) -> tuple[int, Samples, list[Samples]] | None:
        """The next block that is there whole: its sample number, the program (n, 2), each microphone."""
        end = self._program.end
        if end < self._next + SOUND_BLOCK:
            return None
        if end - self._next > _BEHIND_LIMIT:
            self._next = end // SOUND_BLOCK * SOUND_BLOCK - SOUND_BLOCK
        start, self._next = self._next, self._next + SOUND_BLOCK
        voices = [self._voices[m.source].read(start, SOUND_BLOCK, m.picks)[0] for m in self._microphones]
        return start, self._program.read(start, SOUND_BLOCK)[0], voices

    def close(self) -> None:
        for ring in (self._program, *self._voices.values()):
            ring.close()


class Passes:
    """Makes one pass at a time, in a thread."""

    def __init__(self, captioner: Captioner) -> None:
        self._captioner = captioner
        self._jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[Job, list[Heard] | Exception]] = queue.SimpleQueue()
        self._since_ns: int | None = None
        threading.Thread(target=self._run, name="passes", daemon=True).start()

    def _run(self) -> None:
        while True:
            job = self._jobs.get()
            try:
                self._done.put((job, self._captioner.recognise(job)))
            except Exception as error:  # raised again where the worker's own faults are
                self._done.put((job, error))

    def start(self, job: Job, now_ns: int) -> None:
        self._since_ns = now_ns
        self._jobs.put(job)

    def finished(self, now_ns: int) -> tuple[Job, list[Heard]] | None:
        """The pass that is over, once. Raises what it raised, and ModelError when it hangs."""
        if self._done.empty():
            if self._since_ns is not None and now_ns - self._since_ns > _PASS_LIMIT_NS:
                raise ModelError("captions", "the speech recognition hangs", "a smaller model, or a faster machine")
            return None
        self._since_ns = None
        job, found = self._done.get()
        if isinstance(found, Exception):
            raise (
                found
                if isinstance(found, LiveError)
                else ModelError("captions", f"the speech recognition fails ({found})", "run `live models`")
            )
        return job, found


def main(spec: CaptionsSpec, ctx: WorkerContext) -> None:
    """Caption until told to stop, then what was said last."""
    out = SaidRing(spec.said_ring)
    try:
        with _starting(ctx):
            captioner = Captioner(spec.setup, ctx.say, fresh=not ctx.status.get("restarts"))
    except ModelError as error:  # it would be so again and again
        ctx.say(f"{error}; the show goes on without captions")
        return
    ears = Inlets(spec, ctx.clock.now_ns())
    start = _Start(spec)
    passes = Passes(captioner)
    ctx.status.set(state=WorkerState.RUNNING)
    while not ctx.stopping():
        now_ns = ctx.clock.now_ns()
        if captioner.zero_ns is None:
            captioner.zero_ns = start.zero_ns()
        for _ in range(_BLOCKS_A_LOOK):
            if (block := ears.block()) is None:
                break
            captioner.hear(*block)
        _tell(_step(captioner, passes, now_ns), captioner, out, ctx)
        ctx.clock.wait_until(now_ns + _LOOK_EVERY_NS)
    captioner.pause()
    deadline_ns = ctx.clock.now_ns() + _LAST_WORDS_NS
    while not captioner.idle and (now_ns := ctx.clock.now_ns()) < deadline_ns:
        _tell(_step(captioner, passes, now_ns), captioner, out, ctx)
        ctx.beat()
        ctx.clock.wait_until(now_ns + _LOOK_EVERY_NS)
    captioner.close()
    ears.close()


@contextmanager
def _starting(ctx: WorkerContext) -> Iterator[None]:
    """Heartbeats while the model is read: that takes seconds, and on a busy machine this worker waits for all
    others."""
    over = threading.Event()

    def beat() -> None:
        for _ in range(_START_LIMIT_S):
            if over.wait(1.0):
                return
            ctx.beat()

    threading.Thread(target=beat, name="start", daemon=True).start()
    try:
        yield
    finally:
        over.set()


def _step(captioner: Captioner, passes: Passes, now_ns: int) -> list[Said]:
    """Take a pass that is over, begin the next, and see what was translated."""
    said: list[Said] = []
    if (over := passes.finished(now_ns)) is not None:
        said += captioner.done(*over, now_ns)
    if (job := captioner.job()) is not None:
        passes.start(job, now_ns)
    return said + captioner.translated(now_ns)


def _tell(said: list[Said], captioner: Captioner, out: SaidRing, ctx: WorkerContext) -> None:
    for step in said:
        out.put(step)
    if said:
        board = ctx.status.board
        board["latency_s"], board["latency_p90_s"] = captioner.latency_s()
        board["skipped_s"] = captioner.skipped_s
        ctx.status.add("frames", len(said))


class _Start:
    """When the program began, read off its frames: number n was due at the start + n / rate."""

    def __init__(self, spec: CaptionsSpec) -> None:
        self._spec = spec
        self._ring = FrameRing(spec.program_ring)

    def zero_ns(self) -> int | None:
        """The time of the sound that belongs to program frame 0; None before the first frame."""
        frame = self._ring.newest()
        if frame is None:
            return None
        return frame.capture_ns - int(frame.seq * NS / self._spec.rate) - self._spec.video_delay_ns
