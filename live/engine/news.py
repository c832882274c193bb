"""What workers have to say: their messages, their deaths, and that they have left. Engine thread only, but for
`event`.
"""

from __future__ import annotations

from collections import deque

from live.engine.engine import Engine
from live.engine.listening import LiveListening
from live.engine.outputs import OutputDesk
from live.engine.sources import SourceDesk
from live.shm.status import OVER, Message
from live.workers import RUNS_AGAIN, STARTED_AGAIN, Supervisor, Worker

_MOST = 200  # events that may wait


class Events:
    """What the supervisor has seen: (worker, text). It puts them from its own thread."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[str, str]] = deque(maxlen=_MOST)

    def put(self, name: str, text: str) -> None:
        self._waiting.append((name, text))

    def take(self) -> list[tuple[str, str]]:
        return [self._waiting.popleft() for _ in range(len(self._waiting))]


class WorkerNews:
    """Hands each piece to whoever it is about: the desks of outputs, sources and listening, or the list of faults."""

    def __init__(
        self,
        events: Events,
        supervisor: Supervisor,
        engine: Engine,
        *,
        sources: SourceDesk,
        outputs: OutputDesk,
        listening: LiveListening,
    ) -> None:
        self._events, self._supervisor, self._engine = events, supervisor, engine
        self._sources, self._outputs, self._listening = sources, outputs, listening
        self._said: dict[str, Message] = {}  # the last of each worker
        self._unsaid: dict[str, int] = {}  # messages of each that were lost

    def take(self) -> None:
        """All that there is by now."""
        for name, text in self._events.take():
            self._fault(name, name, text, "live")
            if text.startswith((STARTED_AGAIN, RUNS_AGAIN)):
                self._engine.state.faults.over(name)
        gone = [worker for worker in self._supervisor.workers if worker.gone]
        for worker in self._supervisor.workers:
            for message in worker.status.messages():
                self._hear(worker, message)
            if (unsaid := worker.status.unsaid) != self._unsaid.get(worker.name, 0):
                lost, self._unsaid[worker.name] = unsaid - self._unsaid.get(worker.name, 0), unsaid
                self._engine.notices.fault(worker.name, f"said more than could be heard: {lost} messages lost")
        for worker in gone:
            self._sources.forgotten(worker)
            self._outputs.forgotten(worker)
            self._supervisor.forget(worker)

    def _hear(self, worker: Worker, message: Message) -> None:
        """What a worker said. One that dies again and again says the same each time: that is told once."""
        again = worker.lifeline.failures > 1 and self._said.get(worker.name) == message
        self._said[worker.name] = message
        if self._outputs.owns(worker) and message.subject:
            self._outputs.heard(message, self._engine)
        elif self._listening.owns(worker) and message.subject:
            self._listening.heard(message, self._engine)
        elif message.state == OVER:
            self._engine.notices.over(message.subject or worker.name, message.text, by=worker.name)
        elif not again:
            self._fault(message.subject or worker.name, worker.name, message.text, worker.name)

    def _fault(self, subject: str, source: str, text: str, by: str) -> None:
        """source: whose, if it is one."""
        self._engine.notices.fault(subject, text, by=by)
        if source in self._engine.inputs.states:
            self._engine.inputs.states[source].message = text
