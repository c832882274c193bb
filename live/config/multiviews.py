"""Multiviews: many pictures of a show in one, at a size and rate of its own."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from live.config.base import Model, Name, Rect, Wrong
from live.config.check import Known, Table
from live.config.feeds import BUILT_IN_FEEDS
from live.picture.tiling import MOST, parsed

OWN = "own"  # the name of the layout that the rig itself draws


class Kind(StrEnum):
    """What a window shows."""

    PROGRAM = "program"
    PREVIEW = "preview"
    NEXT = "next"
    SHOT = "shot"
    SOURCE = "source"
    FEED = "feed"
    CLOCK = "clock"
    AUDIO = "audio"
    STATUS = "status"
    EMPTY = "empty"


# Those that a word says by itself.
PLAIN = (Kind.PROGRAM, Kind.PREVIEW, Kind.NEXT, Kind.CLOCK, Kind.AUDIO, Kind.STATUS, Kind.EMPTY)
SOURCE_WORD = "source "  # "source cam1": the whole camera, not the shot that an operator frames in it
SHOWS = (
    "program, preview, next (the machine's next move), clock, audio, status, empty; a shot, a feed, or the word source "
    "and a source's name: the whole camera"
)


class WindowConfig(Model):
    """A window of a multiview."""

    shows: Annotated[str, Field(min_length=1)] = Field(description=SHOWS)
    rect: Rect | None = Field(
        None, description="x, y, width, height, shares of the multiview; in a layout of your own every window has one"
    )

    @field_validator("rect")
    @classmethod
    def _inside(cls, value: tuple[float, float, float, float] | None) -> tuple[float, float, float, float] | None:
        if value is not None:
            x, y, w, h = value
            if min(x, y) < 0 or min(w, h) <= 0 or max(x + w, y + h) > 1.0001:
                raise ValueError("it reaches beyond the picture; keep x + width and y + height at 1 or less")
        return value


class MultiviewConfig(Table):
    """A multiview. Its name is that of a feed, too: an output can take it, and `live screen` shows it."""

    name: Name
    title: str = ""
    width: Annotated[int, Field(ge=320, le=3840, multiple_of=8)] = 1280
    height: Annotated[int, Field(ge=180, le=2160, multiple_of=2)] = 720
    rate_hz: Annotated[float, Field(ge=1, le=60)] = 15.0
    layout: str = Field(
        "",
        description=(
            "2+8, 1+5, 9 and so on (docs/multiview.md); when left out: preview and program over every shot of the row"
        ),
    )
    marks: bool = Field(True, description="safe areas on program and preview")
    windows: Annotated[list[WindowConfig], Field(max_length=MOST)] = Field(
        default_factory=list,
        description="what the windows show, in the layout's order, where that isn't what they show by themselves",
    )

    @field_validator("layout")
    @classmethod
    def _known(cls, value: str) -> str:
        if value:
            parsed(value)
        return value

    @model_validator(mode="after")
    def _whole(self) -> MultiviewConfig:
        placed = [w.rect for w in self.windows if w.rect is not None]
        if placed and (self.layout or len(placed) < len(self.windows)):
            raise ValueError(
                "a layout of your own has a rect in every window, and no other layout; give all of them one, or none"
            )
        for n, a in enumerate(placed):
            if any(_overlap(a, b) for b in placed[n + 1 :]):
                raise ValueError("two of its windows overlap; move one of them")
        return self

    @property
    def label(self) -> str:
        return self.title or self.name

    @property
    def own(self) -> bool:
        """Does the rig say where its windows are?"""
        return any(w.rect is not None for w in self.windows)

    @property
    def pictures(self) -> tuple[str, ...]:
        """What its windows show, by name, as far as the rig says it: the rest may be anything, the program too."""
        told = tuple(window.shows.removeprefix(SOURCE_WORD) for window in self.windows)
        return told if self.own else ("program", *told)

    def cross_check(self, known: Known) -> Iterator[Wrong]:
        if self.name in {*BUILT_IN_FEEDS, *(a.name for a in known.rig.auxiliaries)}:
            yield Wrong("name", f"{self.name} is the name of another feed", "give it another")
        if known.shots is not None:
            cameras = {f"{SOURCE_WORD}{s.name}" for s in known.rig.sources if s.has_picture}
            names = {*PLAIN, *known.shots, *cameras, *known.feeds} - {self.name}
            for n, window in enumerate(self.windows, 1):
                yield from known.need(f"windows[{n}].shows", window.shows, names, "shot, source or feed")


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    near = 1e-6  # shares of thirds don't add up to the last digit
    return (
        a[0] < b[0] + b[2] - near
        and b[0] < a[0] + a[2] - near
        and a[1] < b[1] + b[3] - near
        and b[1] < a[1] + a[3] - near
    )
