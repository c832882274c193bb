"""Tracks of the microphones in an off-line run: in the same process, as the program's sound is mixed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from live.base.clock import NS, Clock
from live.base.samples import SAMPLE_RATE, sample_at
from live.config.load import Show
from live.config.output import Output
from live.engine.inputs import SourceRings
from live.outputs.kinds.tracks import TracksOutput
from live.outputs.recording import next_path
from live.outputs.tracks import Lane
from live.outputs.wav import Origin, WavFile
from live.sound.limiter import Samples


class OfflineTracks:
    """A file for each output of the kind. What a disk can't take ends the run, as with any recording off line."""

    def __init__(
        self,
        show: Show,
        outputs: Sequence[Output],
        rings: Mapping[str, SourceRings],
        clock: Clock,
        say: Callable[[str], None],
        identity: str,
        *,
        fresh: bool,
    ) -> None:
        self._show, self._rings, self._clock, self._say = show, rings, clock, say
        self._identity, self._fresh = identity, fresh
        self._outputs = [o for o in outputs if isinstance(o, TracksOutput)]
        self._files: dict[str, WavFile] = {}
        self._lanes: list[Lane] = []
        self._begun: set[str] = set()
        self._wanted: Mapping[str, bool] = {}
        self._at = 0  # samples of the program so far
        self._delay = sample_at(int(show.rig.picture.delay_s * NS))

    def take(self, program: Samples) -> None:
        """The program's sound (n, 2) that follows on what came before."""
        wanted = [o for o in self._outputs if self._wanted.get(o.name, True)]
        if wanted and len(program):
            microphones = [lane.read(self._at - self._delay, len(program)) for lane in self._read_by()]
            for output in wanted:
                self._file(output).write(np.concatenate((*microphones, program), axis=1))
        self._at += len(program)

    def _read_by(self) -> list[Lane]:
        """A lane of each microphone, made when the first sound comes: what its source has is known then."""
        if not self._lanes:
            self._lanes = [Lane(m.name, self._rings[m.source].sound, m.picks) for m in self._show.rig.microphones]
        return self._lanes

    def _file(self, output: TracksOutput) -> WavFile:
        if (file := self._files.get(output.name)) is None:
            rig = self._show.rig
            path = next_path(output.path, fresh=self._fresh and output.name not in self._begun, say=self._say)
            names = [name for lane in self._read_by() for name in lane.names] + ["program L", "program R"]
            origin = Origin(rig.title, names, self._at, rig.picture.rate, self._clock.time_of_day(), self._identity)
            file = self._files[output.name] = WavFile(path, origin, output.bits)
            self._begun.add(output.name)
        return file

    def keep(self, wanted: Mapping[str, bool]) -> None:
        """Start and stop them as it is wanted."""
        self._wanted = dict(wanted)
        for name in [name for name in self._files if not wanted.get(name, True)]:
            self._files.pop(name).close()

    def end(self, rest: Samples, frames: int) -> None:
        """What is left of the program's sound, for as long as there are pictures."""
        self.take(rest[: max(0, int(frames * SAMPLE_RATE / self._show.rig.picture.rate) - self._at)])

    def close(self) -> None:
        for file in self._files.values():
            file.close()
