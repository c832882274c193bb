"""Before the doors open: the show runs for some seconds to nowhere, and each source, microphone, disk and target is
asked whether it is there.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from live.base.secrets import redact
from live.config.load import Show, inspected
from live.config.output import Output
from live.engine.live import LiveRun
from live.engine.options import RunOptions

RUN_S = 6.0  # after the start: a device has 4 s to give its first block
CONNECT_S = 3.0
SILENT_DB = -60.0  # of the loudest moment: nobody has spoken, or nothing is plugged in
PORTS = {"rtmp": 1935, "rtmps": 443}


@dataclass(frozen=True)
class Answer:
    """ok: it is there. what: a source, a microphone, a disk, a target. words: how it does."""

    ok: bool
    what: str
    words: str

    def __str__(self) -> str:
        return f"{'ok  ' if self.ok else 'NOT '} {self.what}: {self.words}"


class _Rehearsal(LiveRun):
    """A show whose outputs go nowhere, and what its microphones gave at their loudest."""

    loudest_db: dict[str, float]

    def _look(self) -> None:
        super()._look()
        for name, level_db in self.engine.levels_db.items():
            self.loudest_db[name] = max(level_db, self.loudest_db.get(name, -120.0))


def ready(show: Show, seconds: float = RUN_S) -> list[Answer]:
    """Ask everything of a rig. Takes about 10 s; nothing is recorded or sent. Raises LiveError when it can't run."""
    answers = list(_disks(show))
    answers += [_target(output) for output in show.rig.outputs if getattr(output, "url", "")]
    bare = replace(show, rig=show.rig.model_copy(update={"outputs": []}))
    run = _Rehearsal(bare, RunOptions(seconds, osc_port=0), lambda text: None)
    run.loudest_db = {}
    run.run()
    for name, state in run.inputs.states.items():
        is_live = state.status in ("live", "ended")
        words = f"{state.status}, {state.rate_hz:.4g} pictures a second" if state.rate_hz else state.status
        answers.append(
            Answer(is_live, f"source {name}", words if is_live else f"{words}: {state.message or 'nothing'}")
        )
    for microphone in show.rig.microphones:
        level_db = run.loudest_db.get(microphone.name, -120.0)
        words = f"{level_db:.0f} dB at its loudest"
        ok = level_db > SILENT_DB
        answers.append(Answer(ok, f"microphone {microphone.name}", words if ok else f"silent ({words}): speak into it"))
    return answers


def _disks(show: Show) -> Iterator[Answer]:
    faults, mild = inspected(show)
    said = [str(fault) for fault in (*faults, *mild)]
    for output in show.rig.outputs:
        if output.file is not None:
            found = [text for text in said if f"outputs[{output.name}]." in text]
            yield Answer(not found, f"disk of {output.name}", "; ".join(found) or str(output.file.parent))


def _target(output: Output) -> Answer:
    """Does somebody answer at the address? Whether the key is right shows only on air."""
    url = str(getattr(output, "url", ""))
    what, shown = f"target {output.name}", redact(url)
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 443)
        with socket.create_connection((parts.hostname or "", port), CONNECT_S):
            return Answer(True, what, f"{shown} answers")
    except ValueError:  # its words quote the address
        return Answer(False, what, "its address can't be read: mend its url")
    except OSError as error:
        return Answer(False, what, f"{shown} doesn't answer ({error.strerror or error})")
