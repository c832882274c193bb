"""Where the engine's captions come from: on air a worker, off line the recogniser itself, on the virtual clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import numpy as np

from live.base.clock import NS
from live.base.errors import ModelError
from live.base.samples import CHANNELS, sample_at
from live.captions.captioner import SOUND_BLOCK, Captioner, CaptionsSetup
from live.captions.recogniser import missing
from live.captions.worker import BOARD, CaptionsSpec
from live.config.load import Show
from live.config.rig import Rig
from live.engine.inputs import SourceRings
from live.engine.sound import Sound
from live.shm.memory import ring_name
from live.shm.status import StatusBlock
from live.sound.spoken import Said, SaidRing
from live.workers import Worker

Figures = tuple[float, float, float]


class CaptionSource(Protocol):
    """Where captions come from: a worker, or (off line) the recogniser itself."""

    def take(self, sound: Sound, now_ns: int) -> list[Said]:
        """What was said since the last call; sound: of this frame. Never waits on air."""

    def figures(self) -> tuple[float, float, float]:
        """Seconds from the end of a word to its caption: median, 90th percentile; seconds of speech that were
        skipped.
        """


def setup_of(show: Show) -> CaptionsSetup | None:
    """What captions need; None for a rig without."""
    rig = show.rig
    if rig.captions is None:
        return None
    people = () if rig.seats else tuple(show.people)  # who has which microphone may change: the desk knows
    return CaptionsSetup(rig.captions, tuple(rig.microphones), people, show.path.resolve().parent)


def fault_of(show: Show) -> ModelError | None:
    """What this machine lacks for the captions that a rig asks for."""
    return None if show.rig.captions is None else missing(show.rig.captions.model)


class LiveCaptions:
    """The captions worker's ring as the engine reads it, and the one that it writes for the encoder."""

    def __init__(self, setup: CaptionsSetup) -> None:
        self._setup = setup
        self._heard = SaidRing(ring_name("cap"), create=True)
        self.told = SaidRing(ring_name("cc"), create=True)
        self._at = 0
        self._status: StatusBlock | None = None

    def worker(
        self, show: Show, rings: Mapping[str, SourceRings], sound_ring: str, program_ring: str, video_delay_ns: int
    ) -> Worker:
        """The worker to add. Nicer than what makes pictures and sound: captions may come late, a frame may not."""
        voices = {m.source: rings[m.source].sound.name for m in show.rig.microphones}
        spec = CaptionsSpec(
            self._setup, sound_ring, voices, self._heard.name, program_ring, show.rig.picture.rate, video_delay_ns
        )
        worker = Worker(
            "captions", "live.captions.worker:main", spec, nice=12, essential=False, board=BOARD, grace_s=4.6
        )
        self._status = worker.status
        return worker

    def take(self, sound: Sound, now_ns: int) -> list[Said]:
        if self._heard.count == self._at:
            return []
        self._at, said = self._heard.after(self._at)
        return said

    def figures(self) -> Figures:
        if self._status is None:
            return 0.0, 0.0, 0.0
        latency_s, latency_p90_s, skipped_s = self._status.board.item()
        return latency_s, latency_p90_s, skipped_s

    def close(self) -> None:
        self._heard.close()
        self.told.close()


class OfflineCaptions:
    """The same on the virtual clock: a pass takes no time, so each run gives the same captions on the same frames."""

    def __init__(
        self, setup: CaptionsSetup, rings: Mapping[str, SourceRings], rig: Rig, say: Callable[[str], None]
    ) -> None:
        """Raises ModelError when they can't be made."""
        self._captioner = Captioner(setup, say)
        self._captioner.zero_ns = -int(rig.picture.delay_s * NS)
        self._voices = [(rings[m.source].sound, m.picks) for m in setup.microphones]
        self._program = np.zeros((0, CHANNELS), np.float32)
        self._next = 0

    def take(self, sound: Sound, now_ns: int) -> list[Said]:
        """Hear this frame's sound, and recognise what there is to recognise."""
        if sound.edge is not None:
            if not self._next and not len(self._program):
                self._next = sample_at(now_ns)
            self._program = np.concatenate((self._program, sound.edge))
        while len(self._program) >= SOUND_BLOCK:
            voices = [ring.read(self._next, SOUND_BLOCK, picks)[0] for ring, picks in self._voices]
            self._captioner.hear(self._next, self._program[:SOUND_BLOCK], voices)
            self._program, self._next = self._program[SOUND_BLOCK:], self._next + SOUND_BLOCK
        return self._work(now_ns)

    def _work(self, now_ns: int) -> list[Said]:
        said: list[Said] = []
        while (job := self._captioner.job()) is not None:
            said += self._captioner.done(job, self._captioner.recognise(job), now_ns)
        return said + self._captioner.translated(now_ns, wait=True)

    def figures(self) -> Figures:
        return *self._captioner.latency_s(), self._captioner.skipped_s

    def close(self) -> None:
        """The last words go into the file."""
        self._captioner.pause()
        self._work(0)
        self._captioner.close()
