"""What the operator hears, live: the worker that plays it, and the note that says what it plays."""

from __future__ import annotations

import pickle
from collections.abc import Mapping

from live.config.desk import PROGRAM
from live.config.load import Show
from live.engine.buses import Buses
from live.engine.engine import Engine
from live.engine.inputs import SourceRings
from live.outputs import board
from live.outputs.board import BOARD, IN_TROUBLE, TargetState
from live.outputs.speaker import SpeakerSpec
from live.shm.memory import ring_name
from live.shm.notes import NoteBlock
from live.shm.status import Message
from live.show.listening.model import Heard
from live.show.listening.published import ListeningDevice
from live.show.outputs.published import MESSAGE_LENGTH
from live.sound.taps import OFF_DB, PlayOrders, Tap
from live.workers import Supervisor, Worker

BLOCK_S = 0.005  # an operator's phones: half of what an output takes, because a microphone is heard in them


class LiveListening:
    """Engine thread only. with_picture_ns: how much later than it came in the program is seen."""

    def __init__(
        self,
        show: Show,
        supervisor: Supervisor,
        buses: Buses,
        sources: Mapping[str, SourceRings],
        with_picture_ns: int,
    ) -> None:
        self._buses, self._sources, self._with_picture_ns = buses, sources, with_picture_ns
        rig = show.rig
        self._picks = {m.name: (m.source, m.picks) for m in rig.microphones} | {n: (n, None) for n in rig.heard_players}
        self._heard: Heard | None = None
        self._worker: Worker | None = None
        if rig.listening is None:
            return
        self._note = NoteBlock(ring_name("ear"), create=True)
        spec = SpeakerSpec(
            "listening", rig.listening.device, rig.listening.channels, orders=self._note.name, block_s=BLOCK_S
        )
        self._worker = supervisor.add(
            Worker("listening", "live.outputs.speaker:main", spec, nice=1, patience=2, board=BOARD)
        )

    def obey(self, heard: Heard) -> None:
        """What is heard now."""
        if self._worker is None or heard == self._heard:
            return
        self._heard, self._buses.listened = heard, heard.buses
        self._note.put(pickle.dumps(self._orders(heard)))

    def _orders(self, heard: Heard) -> PlayOrders:
        taps = [Tap(self._buses[bus].name) for bus in heard.buses]
        for strip in heard.direct:
            source, picks = self._picks[strip]
            if source in self._sources:
                taps.append(Tap(self._sources[source].sound.name, picks))
        # The program goes with its picture, everything else is heard as soon as it is there.
        at_least_ns = self._with_picture_ns if PROGRAM in heard.buses else 0
        gain_db = OFF_DB if heard.gain_db is None else heard.gain_db
        return PlayOrders(tuple(taps), gain_db, heard.mono, at_least_ns, direct=not heard.buses)

    def publish(self, engine: Engine) -> None:
        """Some times a second: how the device does, for people."""
        if self._worker is None:
            return
        told = board.read(self._worker.status.board, 0)
        if told is not None:
            state = TargetState.RETRYING if self._worker.down else told.state
            numbers = board.device(self._worker.status.board)
            engine.tree.put(ListeningDevice(state.name.lower(), told.words[:MESSAGE_LENGTH], *numbers))

    def owns(self, worker: Worker) -> bool:
        return worker is self._worker

    def heard(self, message: Message, engine: Engine) -> None:
        """A change that the device told: a fault only if it is in trouble."""
        if message.state in {state.name.lower() for state in IN_TROUBLE}:
            engine.notices.fault("listening", str(message), by="listening")
        else:
            engine.notices.log("state", "listening", message=": ".join((message.state, message.text)))

    def close(self) -> None:
        if self._worker is not None:
            self._note.close()
