"""The outputs of a show on air: one encoder for each feed that goes anywhere, one for each iso, and what they have to
say.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from live.config.load import Show
from live.config.output import Output
from live.engine.engine import Engine
from live.engine.feeds import Feeds
from live.engine.inputs import SourceRings
from live.outputs.behind import LOST_IN_ALL
from live.outputs.iso import IsoSpec
from live.outputs.targets import TargetState
from live.outputs.worker import PER_OUTPUT, SHOWN_OUTPUTS, EncoderSpec
from live.shm.sound_ring import SoundRing
from live.shm.status import WorkerState
from live.show.outputs.published import MESSAGE_LENGTH, OutputStatus
from live.workers import Supervisor, Worker

WITH_CAPTIONS = ("program", "unfaded", "clean")  # the feeds that closed captions belong to


@dataclass(frozen=True)
class _Shared:
    """An encoder and the outputs that share it."""

    worker: Worker
    outputs: tuple[Output, ...]


def feeds_used(outputs: Sequence[Output]) -> list[str]:
    """The feeds that outputs take, each once."""
    return list(dict.fromkeys(o.carries.feed for o in outputs if o.carries.feed))


class OutputDesk:
    """Engine thread only."""

    def __init__(self, show: Show, outputs: Sequence[Output]) -> None:
        self._show = show
        self.outputs = list(outputs)
        self._encoders: list[_Shared] = []
        self._isos: list[tuple[Output, Worker]] = []
        self._words: dict[str, str] = {}  # the last thing each output said
        self.lost: dict[str, str] = {}  # of outputs that lost pictures: how many, in words; said when they close

    def add_workers(
        self,
        supervisor: Supervisor,
        feeds: Feeds,
        rings: dict[str, SourceRings],
        sound: SoundRing,
        *,
        delay_ns: int,
        iso_delay_ns: int,
        captions_ring: str,
    ) -> None:
        """delay_ns: how old a program picture is at its tick; iso_delay_ns: how much older than a source's newest.
        captions_ring: see EncoderSpec.
        """
        rig = self._show.rig
        for feed in feeds_used(self.outputs):
            taken = tuple(o for o in self.outputs if o.carries.feed == feed)
            captions = captions_ring if feed in WITH_CAPTIONS else ""
            spec = EncoderSpec(
                feeds.picture(feed),
                rig.encoder,
                taken,
                feeds.ring(feed).name,
                sound.name,
                delay_ns,
                captions,
                rig.film_sounds,
            )
            name = "encoder" if feed == "program" else f"{feed} feed encoder"
            worker = Worker(name, "live.outputs.worker:main", spec, nice=2 if feed == "program" else 4, patience=3)
            self._encoders.append(_Shared(supervisor.add(worker), taken))
        program = feeds.ring("program").name
        for iso in self.outputs:
            if source := iso.carries.source:
                (voice_of, picks), picture = rig.voice_of(source), rings[source].picture.name
                voice = rings[voice_of].sound.name
                of = IsoSpec(iso, rig.picture, rig.encoder, program, picture, voice, iso_delay_ns, delay_ns, picks)
                self._isos.append(
                    (
                        iso,
                        supervisor.add(Worker(f"{iso.name} encoder", "live.outputs.iso:main", of, nice=9, patience=12)),
                    )
                )

    @property
    def _workers(self) -> list[Worker]:
        return [e.worker for e in self._encoders] + [worker for _, worker in self._isos]

    def ready(self) -> bool:
        """Do they all run? Nothing of the start is lost to them then."""
        return all(int(w.status.get("state")) == WorkerState.RUNNING for w in self._workers)

    def owns(self, worker: Worker) -> bool:
        return any(worker is w for w in self._workers)

    def look(self, engine: Engine) -> None:
        """Some times a second: the state of every output, for people."""
        for encoder in self._encoders:
            lost = int(encoder.worker.status.get("drops"))
            for i, output in enumerate(encoder.outputs[:SHOWN_OUTPUTS]):
                self._look_at(engine, output, encoder.worker.status.values, i, lost)
        for iso, worker in self._isos:
            self._look_at(engine, iso, worker.status.values, 0, int(worker.status.get("drops")))

    def _look_at(self, engine: Engine, output: Output, values: Any, i: int, lost: int) -> None:
        """The state of an output that stands at place i in its worker's values."""
        state = TargetState(int(values[PER_OUTPUT * i])).name.lower()
        lost += int(values[PER_OUTPUT * i + 1])
        words = self._words.get(output.name, "")[:MESSAGE_LENGTH] + (f" ({lost} frames lost)" if lost else "")
        engine.tree.put(OutputStatus(output.name, state, words, output.kind, output.carries.name))

    def said(self, text: str, engine: Engine) -> None:
        """`name: state: message` of outputs that changed their state, one a line: a fault only if it is in trouble."""
        for said in text.splitlines():
            name, _, rest = said.partition(": ")
            self._words[name] = rest
            if LOST_IN_ALL in rest:
                self.lost[name] = rest
            if rest.startswith(("retrying", "can't keep up")):
                engine.fault(name, said, by="encoder")
            else:
                engine.log.line(engine.frame_number, "state", "encoder", output=name, message=rest)

    def troubled(self) -> list[str]:
        """The outputs that are in trouble now."""
        return [name for name, words in self._words.items() if words.startswith("retrying")]

    def words(self, name: str) -> str:
        return self._words.get(name, "")

    def recordings(self, but: Collection[str] = ()) -> dict[str, Path]:
        """The files that the outputs leave behind, by the output's name."""
        return {o.name: o.file for o in self.outputs if o.file is not None and o.name not in but}
