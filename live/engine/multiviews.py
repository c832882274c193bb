"""The multiviews of a show: what their windows show, and the workers that draw them.

`MultiviewDesk` is what a show's state knows; a worker reads it from the state tree, as any client does, so that a
multiview costs the frame nothing but the sending of changes that a console costs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from live.config.load import Show
from live.config.rig import Rig
from live.control.state import StateTree
from live.engine.feeds import Feeds
from live.engine.inputs import SourceRings
from live.multiview.spec import MultiviewSpec
from live.shm.sound_ring import SoundRing
from live.show.multiviews.published import MultiviewMade
from live.workers import Supervisor, Worker

UNSEEN = -1.0  # the rate that a worker's status block asks for while nobody looks


class Multiviews:
    """The workers. Engine thread only."""

    def __init__(self) -> None:
        self._workers: dict[str, Worker] = {}

    def add_workers(
        self,
        supervisor: Supervisor,
        show: Show,
        feeds: Feeds,
        rings: Mapping[str, SourceRings],
        sound: SoundRing,
        host: str,
        port: int,
    ) -> None:
        """sound: the program's. host, port: where the state is to be had."""
        rig = show.rig
        for config in rig.multiviews:
            spec = MultiviewSpec(
                name=config.name,
                ring=feeds.ring(config.name).name,
                picture=feeds.picture(config.name),
                marks=config.marks,
                aspect=rig.picture.width / rig.picture.height,
                delay_s=rig.picture.delay_s,
                voices=_voices(rig),
                microphones={m.name: (rings[m.source].sound.name, m.picks) for m in rig.microphones},
                sound=sound.name,
                host=host,
                osc_port=port,
            )
            worker = supervisor.add(
                Worker(f"{config.name} multiview", "live.multiview.worker:main", spec, nice=9, patience=3)
            )
            worker.status.set(rate_hz=0.0 if config.name in feeds.used else UNSEEN)
            self._workers[config.name] = worker

    def publish(self, feeds: Feeds, wanted: Collection[str], tree: StateTree) -> None:
        """One that no output takes and nobody looks at rests."""
        for name, worker in self._workers.items():
            used = name in feeds.used or name in wanted
            worker.status.set(rate_hz=0.0 if used else UNSEEN)
            tree.put(MultiviewMade(name, used, int(worker.status.get("drops"))))


def _voices(rig: Rig) -> dict[str, tuple[str, ...]]:
    """The microphones whose voices belong to each camera: its own, and those of the people it shows."""
    found: dict[str, list[str]] = {}
    for mic in rig.microphones:
        found.setdefault(mic.source, []).append(mic.name)
    for person in rig.seated():
        for camera in person.seen_by:
            found.setdefault(camera, []).extend(person.worn)
    return {source: tuple(dict.fromkeys(mics)) for source, mics in found.items()}
