"""What a player plays: clips, and points in them; and how it plays them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from live.config.base import Alpha, Model, Name, NewPath, Track, Wrong
from live.config.check import Known
from live.config.source import Source
from live.config.strips import StripConfig, strip_faults

After = Literal["hold", "next", "loop", "black"]


class CueConfig(Model):
    """A point of a clip that is cued or jumped to by its name."""

    name: Name
    at_s: Annotated[float, Field(ge=0)] = Field(description="where in the file, seconds")


class ClipConfig(Model):
    """A clip of a player: a film with or without sound, a picture, or sound alone. One that is missing or broken is
    named by `live check`, and skipped on air."""

    path: NewPath
    title: str = Field("", description="the file's name when left out")
    in_s: Annotated[float, Field(ge=0)] = Field(0.0, description="where in the file it begins, seconds")
    out_s: Annotated[float, Field(gt=0)] | None = Field(
        None, description="where in the file it ends, seconds; the file's end when left out"
    )
    still_s: Annotated[float, Field(ge=0.1, le=36000)] = Field(10.0, description="a picture file: how long it plays")
    after: After | None = Field(None, description="what follows it; as the player says when left out")
    track: Track = None
    alpha: Alpha = "straight"
    cues: list[CueConfig] = Field(default_factory=list)

    @property
    def label(self) -> str:
        return self.title or Path(self.path).stem

    @model_validator(mode="after")
    def _inside(self) -> ClipConfig:
        if self.out_s is not None and self.out_s <= self.in_s:
            raise ValueError(f"out_s {self.out_s:g} is not after in_s {self.in_s:g}; give a later out point")
        names = [c.name for c in self.cues]
        if len(set(names)) < len(names):
            raise ValueError("two cues have the same name; names must differ")
        for c in self.cues:
            if c.at_s < self.in_s or (self.out_s is not None and c.at_s >= self.out_s):
                raise ValueError(
                    f"the cue {c.name} at {c.at_s:g} s lies outside the clip; its time is that of the file"
                )
        return self


class PlayerConfig(Source):
    """A source that plays clips when it is told to (docs/media.md)."""

    may_be_cut_out: ClassVar[bool] = True

    clips: Annotated[list[ClipConfig], Field(min_length=1, max_length=100)]
    after: After = Field(
        "hold", description="what follows a clip: its last picture stays, the next one, itself again, or black"
    )
    repeat: bool = Field(False, description="after the last clip comes the first")
    play_on_take: bool = Field(
        False, description="it plays when it comes on program; off program, one that has ended makes place for the next"
    )
    at_end: Literal["stay", "back"] = Field(
        "stay", description="back: when it has ended on program, the shot before it comes back by itself"
    )
    sound: Literal["follow", "always", "off"] = Field(
        "follow", description="follow: it is heard while it is on program"
    )
    gain_db: Annotated[float, Field(ge=-60, le=24)] = Field(
        0.0, description="at the start; /players/<name>/gain changes it"
    )
    strip: StripConfig = Field(
        default_factory=StripConfig, description="its strip in the sound desk, but for the gain (docs/sound.md)"
    )

    @property
    def mixed_alone(self) -> bool:
        return self.sound != "off"

    @model_validator(mode="after")
    def _one_fader(self) -> PlayerConfig:
        if "gain_db" in self.strip.model_fields_set:
            raise ValueError("a player has its gain in its own table; move strip.gain_db there, as gain_db")
        return self

    def cross_check(self, known: Known) -> Iterator[Wrong]:
        yield from super().cross_check(known)
        yield from strip_faults(known, self.strip, "strip.")
