"""The automatic operator: the table `framing`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from live.config.base import Model


class FramingConfig(Model):
    """The automatic operator."""

    level: Literal["off", "auto"] = "auto"
    lease_s: Annotated[float, Field(ge=0, le=600)] = 10.0
