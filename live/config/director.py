"""The automatic director: the table `director`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from live.config.base import Model


class DirectorConfig(Model):
    """The automatic director."""

    level: Literal["off", "suggest", "armed", "auto"] = "auto"
    style: Annotated[str, Field(min_length=1)] = Field(
        "talk", description="how it cuts: the name of a style (docs/styles.md), or the path of one"
    )
    min_shot_s: Annotated[float, Field(ge=0.5, le=60)] | None = Field(
        None, description="no shot is shorter; the style's when left out"
    )
    max_shot_s: Annotated[float, Field(ge=5, le=600)] | None = Field(
        None, description="soft: from here on a change is worth more and more; the style's when left out"
    )
    numbers: dict[str, float | bool] = Field(
        default_factory=dict, description="numbers of the style that are others in this show (docs/styles.md)"
    )
    silence: str | None = Field(
        None,
        description=(
            "the shot, any of the rig's, for when nobody has spoken for the style's silence_s; the wide shot or a "
            "reaction when left out; /director/silence"
        ),
    )
    lease_s: Annotated[float, Field(ge=0, le=600)] = Field(
        5.0, description="how long a hand on the cuts keeps the machine off"
    )
    veto_s: Annotated[float, Field(ge=0, le=10)] = Field(
        2.0, description="armed: how long a proposal shows before it is done"
    )
    preview_s: Annotated[float, Field(ge=0, le=5)] = Field(
        0.2,
        description=(
            "auto: how long a cut shows on preview before it is done; of a delayed program, what the delay doesn't "
            "show of it"
        ),
    )
