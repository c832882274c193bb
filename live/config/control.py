"""Where commands come in: the table `control`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from live.config.base import Model


class ControlConfig(Model):
    """Where commands come in. Loopback unless the rig says otherwise."""

    host: str = "127.0.0.1"
    osc_port: Annotated[int, Field(ge=0, le=65535)] = Field(9000, description="0: any free port")
