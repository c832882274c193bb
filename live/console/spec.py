"""What a console is given: where the show's control port is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ConsoleSpec:
    host: str
    osc_port: int
