"""The mixer of a show on air: its worker, and the note that says what it is to do."""

from __future__ import annotations

from collections.abc import Mapping

from live.audio.board import board_of
from live.audio.desk import talk_of
from live.audio.worker import AudioSpec
from live.config.rig import Rig
from live.engine.buses import Buses
from live.engine.inputs import SourceRings
from live.shm.memory import ring_name
from live.shm.notes import NoteBlock
from live.shm.status import StatusBlock
from live.workers import Supervisor, Worker


class LiveMixer:
    """note, worker: None in a show without microphones and players that sound. Engine thread only."""

    def __init__(self, rig: Rig, supervisor: Supervisor, sources: Mapping[str, SourceRings], buses: Buses) -> None:
        self.note: NoteBlock | None = None
        self.worker: Worker | None = None
        if not rig.microphones and not rig.heard_players:
            return
        self.note = NoteBlock(ring_name("dsk"), create=True)
        talk, heard = talk_of(rig), [*(m.source for m in rig.microphones), *rig.heard_players]
        spec = AudioSpec(
            tuple(rig.microphones),
            {name: sources[name].sound.name for name in [*heard, *([talk.source] if talk else [])]},
            {bus: ring.name for bus, ring in buses.items()},
            self.note.name,
            tuple(rig.heard_players),
            tuple(g.name for g in rig.groups),
            talk,
            rig.played,
        )
        board = board_of(len(rig.microphones), len(rig.strips))
        self.worker = supervisor.add(Worker("audio", "live.audio.worker:main", spec, board=board))

    @property
    def status(self) -> StatusBlock | None:
        """What it tells."""
        return None if self.worker is None else self.worker.status

    @property
    def coming(self) -> bool:
        return self.worker is not None and self.worker.coming

    @property
    def missing(self) -> bool:
        """Is there one, and doesn't it run?"""
        return self.worker is not None and not self.worker.running

    def close(self) -> None:
        if self.note is not None:
            self.note.close()
