"""What every surface of a rig has, whatever its kind."""

from __future__ import annotations

import socket
from abc import abstractmethod
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from live.config.base import Name, Wrong
from live.config.check import Known, Table

Port = Annotated[int, Field(ge=0, le=65535)]


class SurfaceConfig(Table):
    """A way in and out. Its kind says which protocol it speaks; a function `serve(desk, spec, ctx)` in the kind's
    module does, in a process of its own (live/control/worker.py).
    """

    kind: str
    name: Name
    host: str = Field("127.0.0.1", description="where it listens; 0.0.0.0 or :: everywhere")
    role: Literal["operator", "viewer"] = Field(
        "operator", description="what those who sit at it may do: steer, or only watch"
    )

    def cross_check(self, known: Known) -> Iterator[Wrong]:
        if self.name == "osc":
            yield Wrong("name", "osc is what [control] sets up", "another name")

    @abstractmethod
    def bind(self) -> socket.socket:
        """Where it listens. Raises DeviceError."""
