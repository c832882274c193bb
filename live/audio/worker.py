"""The audio worker: the sources' sound in, the program's sound and the levels out, a fixed time behind now.

Everything is addressed by absolute sample numbers of the machine's monotonic time line (see `sample_at`), so the program's sample
number s is made of every source's sample s, and nothing needs to be synchronised later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from live.audio.mixer import Mixer, Samples
from live.clock import NS
from live.config import Microphone
from live.frames import SAMPLE_RATE, SoundRing, WorkerState, sample_at, time_of_sample
from live.workers import WorkerContext

BLOCK = SAMPLE_RATE // 50  # 20 ms
PEAK_AT = 16  # values[i] is the RMS level of microphone i in dB, values[PEAK_AT + i] its peak
SAMPLE_AT = 48  # values[48] is the sample number after the last one the levels cover
_SILENT_AFTER = SAMPLE_RATE  # a source that delivers nothing for this long is said to be silent, and no longer counted
_ATTACH_EVERY = SAMPLE_RATE  # how often a missing ring is looked for
_BEHIND_LIMIT = 2 * SAMPLE_RATE  # further behind than this (a suspended machine) the time is skipped


@dataclass(frozen=True)
class AudioSpec:
    """What the audio worker needs. rings: source name -> name of its SoundRing. latency_s: how far behind now it mixes, so that
    sources have had time to deliver."""

    microphones: tuple[Microphone, ...]
    rings: Mapping[str, str]
    program_ring: str
    latency_s: float = 0.12


class Inlet:
    """One source's ring: attached when it is there, looked for again when it is not, its silence noticed."""

    def __init__(self, source: str, ring_name: str, ctx: WorkerContext) -> None:
        self._source = source
        self._name = ring_name
        self._ctx = ctx
        self._ring: SoundRing | None = None
        self._look_at = 0  # sample number to look for the ring again at
        self._missing = 0  # samples missing in a row
        self._sounded = False

    def read(self, start: int) -> Samples | None:
        """A block (BLOCK, 2) from a sample number; None when nothing of it is there."""
        ring = self._attached(start)
        if ring is None:
            return None
        samples, got = ring.read(start, BLOCK)
        self._account(start, got)
        return samples if got else None

    def _attached(self, now: int) -> SoundRing | None:
        if self._ring is None and now >= self._look_at:
            self._look_at = now + _ATTACH_EVERY
            try:
                self._ring = SoundRing(self._name)
            except FileNotFoundError:
                if self._missing == 0:
                    self._missing = 1
                    self._ctx.say(f"no sound from {self._source}: its ring is not there")
        return self._ring

    def _account(self, start: int, got: int) -> None:
        """Count what is missing, once a source has sounded; say when it falls silent and when it is back."""
        if got:
            if self._sounded and self._missing >= _SILENT_AFTER:
                self._ctx.say(f"sound from {self._source} again")
            self._sounded, self._missing = True, 0
        if not self._sounded or self._missing >= _SILENT_AFTER:
            return
        self._missing += BLOCK - got
        self._ctx.status.add("drops", BLOCK - got)
        if self._missing >= _SILENT_AFTER:
            self._ctx.say(f"no sound from {self._source}")

    def close(self) -> None:
        if self._ring is not None:
            self._ring.close()


def main(spec: AudioSpec, ctx: WorkerContext) -> None:
    """Mix until told to stop, and then on to the present, so that the recording's end has its sound."""
    program = SoundRing(spec.program_ring)
    sources = dict.fromkeys(m.source for m in spec.microphones)
    inlets = {s: Inlet(s, spec.rings[s], ctx) for s in sources if s in spec.rings}
    mixer = Mixer(spec.microphones)
    latency_ns = int(spec.latency_s * NS)
    next_sample = sample_at(ctx.clock.now_ns() - latency_ns)
    last_sample: int | None = None
    ctx.status.set(state=WorkerState.RUNNING)
    while last_sample is None or next_sample < last_sample:
        now_ns = ctx.clock.now_ns()
        ready = sample_at(now_ns - latency_ns)
        if ready - next_sample > _BEHIND_LIMIT:
            ctx.status.add("drops", ready - next_sample)
            next_sample = ready
        while next_sample + BLOCK <= ready:
            _mix_block(spec, ctx, mixer, inlets, program, next_sample)
            next_sample += BLOCK
        if last_sample is None and ctx.stopping():
            last_sample = sample_at(now_ns)
        ctx.clock.wait_until(time_of_sample(next_sample + BLOCK) + latency_ns + 1)
    for inlet in inlets.values():
        inlet.close()
    program.close()


def _mix_block(
    spec: AudioSpec, ctx: WorkerContext, mixer: Mixer, inlets: Mapping[str, Inlet], program: SoundRing, start: int
) -> None:
    heard = {source: inlet.read(start) for source, inlet in inlets.items()}
    blocks = {m.name: block for m in spec.microphones if (block := heard.get(m.source)) is not None}
    mixed = mixer.mix(blocks)
    program.write(start, mixed.program if len(mixed.program) else np.zeros((BLOCK, 2), np.float32))
    values, count = ctx.status.values, min(PEAK_AT, len(mixed.rms_db))
    values[:count] = mixed.rms_db[:count]
    values[PEAK_AT : PEAK_AT + count] = mixed.peak_db[:count]
    values[SAMPLE_AT] = start + BLOCK
    ctx.status.add("frames")
