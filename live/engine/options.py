"""How a run was asked for on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from live.config.rig import FileOutput


@dataclass(frozen=True)
class RunOptions:
    """seconds: of program; None runs until told to end. hash: a file for one hash per program frame (off line)."""

    seconds: float | None = None
    record: Path | None = None
    log: Path | None = None
    hash: Path | None = None
    commands: Path | None = None
    console: bool = False
    osc_port: int | None = None

    def extra_outputs(self) -> list[FileOutput]:
        """The recording that was asked for on the command line, beside the rig's own outputs."""
        return [FileOutput.model_construct(name="record", kind="file", path=self.record.resolve())] if self.record else []
