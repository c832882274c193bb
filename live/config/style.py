"""A director's style: one TOML file of numbers that a director can read, and change while on air.

Prices are in seconds: how long somebody who isn't speaking would have to be on program to be as bad. How bad a picture
is goes from 0 (right) to 1 (somebody who isn't speaking while another speaks).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, model_validator

from live.base.paths import shipped
from live.config.base import Model
from live.config.director import DirectorConfig
from live.config.places import named

# The longest that somebody who has been speaking may be expected to go on within the next seconds
# (live.director.cost.SOLE).
LONGEST_TURN_S = 3.6


def _seconds(default: float, low: float, high: float, about: str) -> Any:
    return Field(default, ge=low, le=high, description=f"seconds; {about}")


def _price(default: float, about: str) -> Any:
    return Field(default, ge=0, le=10, description=f"seconds; price of {about}")


def _bad(default: float, about: str) -> Any:
    return Field(default, ge=0, le=1, description=f"how bad {about}")


class Style(Model):
    """How the automatic director cuts. The defaults are the style `talk`."""

    title: str = Field("", description="what it is called on the console")
    about: str = Field("", description="what it is for, in a line")

    min_shot_s: float = _seconds(2.0, 0.5, 60, "no shot is shorter")
    max_shot_s: float = _seconds(20.0, 5, 600, "soft: from here on a change is worth more and more")
    change: float = Field(
        0.1,
        ge=0,
        le=1,
        description="how much a change is worth in a shot twice as old as max_shot_s; 0: none for its own sake",
    )

    cut_s: float = _price(2.35, "a cut from a close-up to another. Higher: calmer, and later")
    to_wide_s: float = _price(1.82, "a cut to the wide shot. Lower: opens to it when it is unsure who goes on")
    from_wide_s: float = _price(0.5, "leaving the wide shot. Higher: waits until it is sure who speaks")
    hedge_s: float = _seconds(
        0.25, 0, 2, "by how much cheaper the wide shot gets, for each change of speaker in a lively exchange"
    )
    same_subject_s: float = _price(
        0.6, "showing the same people at the same size again, on top of the cut: it looks like a jump"
    )

    wide_for_one: float = _bad(0.25, "the wide shot is while one person speaks")
    wide_for_several: float = _bad(0.03, "the wide shot is while several speak")
    wide_for_nobody: float = _bad(0.52, "the wide shot is while nobody speaks")
    close_up_for_several: float = _bad(0.05, "the close-up of one of several who speak is")
    close_up_for_nobody: float = _bad(0.5, "a close-up is while nobody speaks")

    overlap_s: float = _seconds(4.5, 0.5, 60, "when several have spoken for so long, it opens to a shot of them all")
    silence_s: float = _seconds(
        8.0, 0.5, 60, "when nobody has spoken for so long, it opens to the wide shot or shows a reaction"
    )
    establish_s: float = _seconds(
        0.0, 0, 3600, "after so long without the wide shot, it comes in the next pause, and at the start; 0: never"
    )

    reaction_every_s: float = _seconds(
        0.0, 0, 3600, "two looks at somebody who listens are at least so far apart; 0: none"
    )
    reaction_after_s: float = _seconds(
        25.0, 3, 600, "such a look comes when a close-up is so old and its person still speaks"
    )
    reaction_s: float = _seconds(2.0, 1, 10, "how long such a look is, but never under min_shot_s")

    slide_s: float = _seconds(7.0, 0, 60, "how long another slide is shown before whoever speaks is seen; 0: never")
    audience_s: float = _seconds(4.0, 0, 60, "how long the audience is shown when it applauds; 0: never")

    busy_cuts_per_min: float = Field(
        14.0, ge=1, le=120, description="cuts in a minute from which on each further cut is dearer"
    )
    busy_s: float = _seconds(0.1, 0, 2, "by how much dearer, for each cut beyond that")
    word_wait_s: float = _seconds(0.4, 0, 1, "a cut that isn't urgent waits up to so long for a pause between words")

    close_up_in_music: float = _bad(0.6, "a close-up is while music plays; 0: as good as the wide shot")
    music_shot_s: float = _seconds(12.0, 1, 120, "while music plays the shot changes about so often")
    on_beat: bool = Field(False, description="cuts in music wait for the beat")

    waits_for_title: bool = Field(
        True,
        description=(
            "a cut away from somebody whose name stands under the picture waits until it is off; if not, it takes the "
            "name off with it, once that could be read"
        ),
    )
    title_s: float = _seconds(12.0, 0, 120, "a name is waited for so long at most, then it goes off with the cut")

    @model_validator(mode="after")
    def _can_be_lived_with(self) -> Style:
        if self.min_shot_s >= self.max_shot_s:
            raise ValueError(
                f"min_shot_s ({self.min_shot_s:g}) is not under max_shot_s ({self.max_shot_s:g}); give a smaller one"
            )
        limit = self.wide_for_one * LONGEST_TURN_S
        if self.from_wide_s >= limit:
            raise ValueError(
                f"from_wide_s ({self.from_wide_s:g}) is so dear that the wide shot would never be left; give "
                f"less than {limit:.2f}, or a "
                f"higher wide_for_one"
            )
        return self


# What can be changed on air: every number and switch.
PARAMETERS = tuple(name for name in Style.model_fields if name not in ("title", "about"))


def shipped_styles() -> list[str]:
    """The names of the styles that ship."""
    return sorted(file.stem for file in shipped("styles").glob("*.toml"))


def style_file(name: str, base: Path) -> Path:
    """Where a style is: one that ships by its name, anything else as a path relative to base. It may not exist."""
    file = shipped("styles") / f"{name}.toml"
    if "/" not in name and len(name) < 100 and file.is_file():
        return file
    try:
        return named(name, base)
    except ValueError:
        return base / "no style"


def style_files(beside: Path) -> dict[str, Path]:
    """Name -> file of the styles that ship, and of those in the folder `styles` there."""
    return {
        file.stem: file for folder in (shipped("styles"), beside / "styles") for file in sorted(folder.glob("*.toml"))
    }


def for_rig(style: Style, director: DirectorConfig) -> Style:
    """A style with the numbers that the rig gives instead. Raises ValueError when they don't fit."""
    given = {key: value for key in ("min_shot_s", "max_shot_s") if (value := getattr(director, key)) is not None}
    if unknown := [name for name in director.numbers if name not in PARAMETERS]:
        raise ValueError(f"numbers has {unknown[0]!r:.60}, which no style has (docs/styles.md)")
    given = {**director.numbers, **given}
    return styled(style, given) if given else style


def styled(style: Style, changes: Mapping[str, float | bool]) -> Style:
    """A style with some other values. Raises ValueError that says what was wrong and what would be right."""
    try:
        return Style.model_validate(style.model_dump() | dict(changes))
    except ValidationError as error:
        raise ValueError("; ".join(_said(e) for e in error.errors(include_url=False))) from None


def _said(error: Mapping[str, Any]) -> str:
    name = str(error["loc"][0]) if error["loc"] else ""
    if not name:
        return str(error["msg"]).removeprefix("Value error, ")
    limits = limits_of(name)
    return (
        f"{name} is {error['input']:g}; it should be {limits[0]:g} to {limits[1]:g}"
        if limits
        else f"{name} should be true or false"
    )


def limits_of(name: str) -> tuple[float, float] | None:
    """The range of a number; None for a switch."""
    found = Style.model_fields[name].metadata
    low, high = (
        next((getattr(m, key) for m in found if getattr(m, key, None) is not None), None) for key in ("ge", "le")
    )
    return None if low is None or high is None else (low, high)
