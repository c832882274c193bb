"""The sources of a show on air: rings and workers of each. They come and go by one path, of which the show's start is
the first use."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from live.base.clock import NS
from live.base.errors import SourceError
from live.config.load import Show
from live.config.source import Source
from live.engine.inputs import SourceRings, rings_of
from live.engine.playing import board_of
from live.sources.backup import BackupSpec
from live.sources.worker import SourceSpec
from live.vision.telling import BOARD as SEEN
from live.vision.worker import VisionSpec
from live.workers import Supervisor, Worker


@dataclass(eq=False)
class _Leaving:
    """A source that was removed: its memory goes when its workers have."""

    rings: SourceRings
    workers: list[Worker]


def _lacks_its_key(rings: SourceRings) -> bool:
    return rings.matte is not None and rings.picture.count > 0 and rings.matte.count == 0


class SourceDesk:
    """Engine thread only."""

    def __init__(self, show: Show, supervisor: Supervisor, *, recorded: Collection[str], video_delay_ns: int) -> None:
        """recorded: sources that isos are made of from the start. video_delay_ns: how old the picture of a program
        frame is at its tick."""
        self._show, self._supervisor, self._recorded = show, supervisor, recorded
        self._video_delay_ns = video_delay_ns
        self.rings: dict[str, SourceRings] = {}
        self._workers: dict[str, list[Worker]] = {}
        self._leaving: list[_Leaving] = []
        self._start_ns = 0

    def add(self, source: Source) -> None:
        """Take a source in, and start it. Raises SourceError when there is one of its name."""
        if source.name in self._workers:
            raise SourceError(source.name, "is there already", "remove it first, or give another name")
        rings = self._rings_of(source)
        workers = [self._reader(source, rings)]
        rings.status = workers[0].status
        if source.seen:
            workers.append(self._watcher(source, rings))
            rings.vision = workers[1].status
        for worker in workers:
            worker.status.set(start_ns=self._start_ns)
            self._supervisor.add(worker)
        self._workers[source.name] = workers

    def remove(self, name: str) -> None:
        """Take a source out: its slate stands where it is still shown. Never waits."""
        workers = self._workers.pop(name)
        self._leaving.append(_Leaving(self.rings.pop(name), workers))
        for worker in workers:
            self._supervisor.remove(worker)

    def begin(self, start_ns: int) -> None:
        """Files play from here on: all of them together, those that are opened later as they come."""
        self._start_ns = start_ns
        for workers in self._workers.values():
            for worker in workers:
                worker.status.set(start_ns=start_ns)

    def keys_to_come(self) -> bool:
        """Is a keyer on the way whose source gives pictures? Without its first matte whoever is keyed would appear
        out of nothing. One whose worker died has had its chance."""
        return any(
            len(workers) > 1 and not workers[1].lifeline.failures and _lacks_its_key(self.rings[name])
            for name, workers in self._workers.items()
        )

    def forgotten(self, worker: Worker) -> None:
        """Told when a worker has left for good."""
        for leaving in self._leaving:
            leaving.workers = [w for w in leaving.workers if w is not worker]
        for done in [one for one in self._leaving if not one.workers]:
            self._leaving.remove(done)
            done.rings.close()

    def close(self) -> None:
        for rings in (*self.rings.values(), *(one.rings for one in self._leaving)):
            rings.close()

    def _rings_of(self, source: Source) -> SourceRings:
        """Made once; that of an external key may be asked for before its own turn."""
        if source.name not in self.rings:
            self.rings[source.name] = rings_of(self._show, source, recorded=source.name in self._recorded)
        return self.rings[source.name]

    # Niceness: the engine goes before everything, sound and encoding before what feeds it; whoever steers sees before
    # machines do.

    def _reader(self, source: Source, rings: SourceRings) -> Worker:
        picture = self._show.rig.picture
        notes = rings.playing.name if rings.playing else ""
        # A player's pictures have no age that its sound would wait for.
        ahead_ns = self._video_delay_ns - int(picture.delay_s * NS)
        others = {name: self._rings_of(self._show.rig.source(name)) for name in source.backup}
        spec = SourceSpec(
            source,
            picture,
            self._show.rig.seed,
            rings.picture.name,
            rings.sound.name,
            notes,
            sound_ahead_ns=ahead_ns,
            backups=tuple(BackupSpec(name, r.picture.name, r.sound.name) for name, r in others.items()),
        )
        nice = 2 if notes else 4
        return Worker(source.name, "live.sources.worker:main", spec, nice=nice, board=board_of(source))

    def _watcher(self, source: Source, rings: SourceRings) -> Worker:
        rig = self._show.rig
        matte = rings.matte.name if rings.matte else ""
        orders = rings.orders.name if rings.orders else ""
        external = self._rings_of(rig.source(source.keyer.external)).picture.name if source.keyer.external else ""
        spec = VisionSpec(
            source.name, rings.picture.name, matte, rig.face_search(source), source.orders, orders, external
        )
        return Worker(f"{source.name} vision", "live.vision.worker:main", spec, nice=8, board=SEEN)
