"""Transitions made ready, to be taken by name: the tables `transitions`."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from live.config.base import Alpha, Colour, ExistingFile, Model, Name
from live.picture.transitions import KINDS


def _kind(value: str) -> str:
    if value not in KINDS:
        raise ValueError(f"no transition is called {value}; one of: {', '.join(KINDS)}")
    return value


class TransitionConfig(Model):
    """A transition made ready, to be taken by its name: a kind, and how it looks. One with the name of a kind stands in
    for it."""

    name: Name
    kind: Annotated[str, AfterValidator(_kind)] = Field(description="see docs/transitions.md")
    seconds: Annotated[float, Field(ge=0, le=10)] = Field(
        1.0, description="how long it takes; a stinger takes as long as its film"
    )
    softness: Annotated[float, Field(ge=0, le=0.5)] = Field(0.03, description="of a wipe's edge, share of the way")
    border: Annotated[float, Field(ge=0, le=0.5)] = Field(0.0, description="of a wipe's edge, share of the way")
    colour: Colour = Field("#000000", description="of the border, and of what a dip goes through")
    reverse: bool = Field(False, description="a wipe's shape runs the other way: an iris closes")
    path: ExistingFile | None = Field(None, description="picture: a grey picture, dark comes first; stinger: a film")
    key: ExistingFile | None = Field(None, description="stinger: a film of its key, when the film has no alpha")
    alpha: Alpha = "straight"
    trigger_s: Annotated[float, Field(ge=0, le=10)] = Field(
        0.5, description="stinger: when the film hides the picture, which changes then"
    )
    gain_db: Annotated[float, Field(ge=-60, le=12)] = Field(
        0.0, description="stinger: how loud the sound of its film is"
    )

    @model_validator(mode="after")
    def _file(self) -> TransitionConfig:
        if KINDS[self.kind].file and self.path is None:
            raise ValueError(f"a {self.kind} needs a file; give its path")
        return self
