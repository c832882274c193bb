"""A graphic's template: `graphics/NAME/template.toml`, with the pictures it needs beside it.

Lengths are hundredths of the frame's height, so that a template looks the same at every size; places are counted inward
from an edge or a corner of the safe area.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field, model_validator

from live.base.easing import Ease
from live.config.base import COLOUR_ALPHA, ExistingFile, Model, Name, Share

Length = Annotated[float, Field(ge=0, le=400)]
Offset = Annotated[float, Field(ge=-400, le=400)]
Colour = Annotated[str, Field(pattern=COLOUR_ALPHA, description="#rrggbb, or #rrggbbaa")]
Anchor = Literal["top left", "top", "top right", "left", "middle", "right", "bottom left", "bottom", "bottom right"]

# What the machine fills in, besides the fields.
CLOCK, LEFT = "clock", "left"
_HOLE = re.compile(r"\{(\w+)\}")


def holes(text: str) -> list[str]:
    """The fields that a text names: "{title}"."""
    return _HOLE.findall(text)


def filled(text: str, fields: Mapping[str, str]) -> str:
    """A text with its fields put in."""
    return _HOLE.sub(lambda m: fields.get(m[1], ""), text)


@dataclass(frozen=True)
class Said:
    """What a part is painted from: as long as it is the same, so is the picture. file: a picture or a font that is read
    for it; as text, the way a field names it."""

    text: str = ""
    file: Path | str | None = None


class FieldConfig(Model):
    """Something that a graphic says, and that can be written while it is on air."""

    type: Literal["text", "number", "image"] = Field("text", description="image: the path of a picture file")
    title: str = ""
    default: str = ""
    person: Annotated[int, Field(ge=0, le=9)] | None = Field(
        None,
        description=(
            "it names a person: 1 the first from the left of those that the picture shows, 2 the second ...; 0: "
            "nobody, whatever it says; when no field of the template says so, whoever of the rig's people a text names"
        ),
    )
    line: Annotated[int, Field(ge=1, le=9)] | None = Field(None, description="it says what that person is")


class Keyframe(Model):
    """A keyframe of the way in (or out): what the part is like at this share of it."""

    at: Share
    opacity: Share | None = None
    x: Offset | None = Field(None, description="beside its place, to the right")
    y: Offset | None = Field(None, description="beside its place, down")
    reveal: Share | None = Field(None, description="how much of it is uncovered")
    ease: Ease = Field("in_out", description="of the way to this keyframe")


class _Part(Model):
    name: Name = Field(description="by which other parts call it")
    anchor: Anchor = Field("top left", description="of the safe area, and of the part")
    x: Offset = Field(0.0, description="inward from the anchor; to the right from the middle")
    y: Offset = Field(0.0, description="inward from the anchor; down from the middle")
    above: str | None = Field(
        None, description="a part that it stands on, y above it; on its place when that is not drawn"
    )
    when: str | None = Field(None, description="a field: without it the part is left out")
    opacity: Share = 1.0
    uncover: Literal["left", "right", "top", "bottom", "middle"] = Field(
        "left", description="from where `reveal` uncovers it"
    )
    enter: list[Keyframe] = Field(
        default_factory=list, description="keyframes of its way in; it simply fades when there are none"
    )
    leave: list[Keyframe] = Field(
        default_factory=list, description="keyframes of its way out; the way in backwards when there are none"
    )

    @property
    def names(self) -> list[str]:
        """The fields that it says something of."""
        return []

    @property
    def leans_on(self) -> list[str]:
        """The parts that its place goes by."""
        return [self.above] if self.above else []

    def said(self, fields: Mapping[str, str]) -> Said | None:
        """What it is painted from, for what the fields say; None for nothing, in a place that is kept."""
        return Said()

    def is_empty(self, fields: Mapping[str, str]) -> bool:
        """Does it say nothing, so that what stands above it comes down?"""
        return False


class BoxPart(_Part):
    """A box: flat, or with a gradient, round corners, a line round it."""

    kind: Literal["box"]
    w: Length = 0.0
    h: Length = 0.0
    wide: Share | None = Field(None, description="share of the safe area's width, instead of w")
    around: list[str] = Field(
        default_factory=list, description="it is drawn round these parts, instead of at a place of its own"
    )
    pad: tuple[Offset, Offset, Offset, Offset] = Field(
        (0, 0, 0, 0), strict=False, description="around: how much larger, left, top, right, bottom"
    )
    strip: Length = Field(0.0, description="around: only so much of it, at its left")
    colour: Colour = "#000000"
    to: Colour | None = Field(None, description="colour at the other end, for a gradient")
    down: bool = Field(False, description="the gradient runs down, not across")
    radius: Length = 0.0
    line: Length = Field(0.0, description="width of a line round it")
    line_colour: Colour = "#ffffff"

    @property
    def leans_on(self) -> list[str]:
        return super().leans_on + self.around


class TextPart(_Part):
    """A text: one line, shrunk and then cut to fit, or several."""

    kind: Literal["text"]
    text: str = Field(description='what it says, with fields: "{title}"')
    size: Annotated[float, Field(gt=0, le=60)] = 4.0
    bold: bool = False
    font: ExistingFile | None = Field(None, description="a font file; those that ship have what it lacks")
    colour: Colour = "#ffffff"
    w: Length = Field(80.0, description="its greatest width")
    wide: Share | None = Field(None, description="share of the safe area's width, instead of w")
    h: Length = Field(0.0, description="height of its line, if it is to be more than the letters'")
    lines: Annotated[int, Field(ge=1, le=30)] = 1
    align: Literal["left", "middle", "right"] = "left"
    fixed: bool = Field(False, description="as wide as w, whatever it says")

    @property
    def names(self) -> list[str]:
        return holes(self.text)

    def said(self, fields: Mapping[str, str]) -> Said | None:
        return Said(filled(self.text, fields), self.font)

    def is_empty(self, fields: Mapping[str, str]) -> bool:
        return not filled(self.text, fields).strip()


class ImagePart(_Part):
    """A picture, of a file beside the template or of a field, fitted into its box."""

    kind: Literal["image"]
    file: ExistingFile | None = None
    field: str | None = Field(None, description="the field that names the file")
    w: Length = 10.0
    h: Length = 10.0

    @property
    def names(self) -> list[str]:
        return [self.field] if self.field else []

    def said(self, fields: Mapping[str, str]) -> Said | None:
        file = (fields.get(self.field) if self.field else None) or self.file
        return None if file is None else Said(file=file)


_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_THOUSANDS = re.compile(r"(?<=[0-9])[,\s](?=[0-9]{3}(?![0-9]))")


def number_in(text: str) -> float | None:
    """The first number of a text, with what is around it left out: "€ 12,500 raised" is 12500, "62,5 %" is 62.5. A
    comma or a space before three digits parts thousands."""
    plain = _THOUSANDS.sub("", text).replace(",", ".")
    found = _NUMBER.search(plain)
    return float(found[0]) if found else None


class BarPart(_Part):
    """A bar as long as a number is large, on a track as long as the whole: a poll, a goal, time that has gone."""

    kind: Literal["bar"]
    value: str = Field(
        description='the number, by a field: "{votes}"; what is around it ("12,500 €", "62 %") is left out'
    )
    whole: str = Field("100", description='the number that fills the track; a field, too: "{goal}"')
    towards: Literal["right", "left", "up", "down"] = Field("right", description="which way it grows")
    colour: Colour = "#ffffff"
    track: Colour = Field("#ffffff30", description="of what is not filled; #rrggbb, or #rrggbbaa")
    w: Length = 40.0
    h: Length = 2.0
    wide: Share | None = Field(None, description="share of the safe area's width, instead of w")
    radius: Length = 0.0

    @property
    def names(self) -> list[str]:
        return holes(self.value) + holes(self.whole)

    def said(self, fields: Mapping[str, str]) -> Said | None:
        value, whole = number_in(filled(self.value, fields)), number_in(filled(self.whole, fields))
        share = value / whole if value is not None and whole else 0.0
        return Said(f"{min(max(share, 0.0), 1.0):.4f}")


class TickerPart(_Part):
    """Lines of text, one after the other, running to the left for as long as the graphic is on."""

    kind: Literal["ticker"]
    text: str = Field(description='its lines, by a field: "{lines}"; a line break or " | " parts them')
    size: Annotated[float, Field(gt=0, le=60)] = 3.6
    bold: bool = False
    font: ExistingFile | None = Field(None, description="a font file; those that ship have what it lacks")
    colour: Colour = "#ffffff"
    w: Length = 0.0
    wide: Share | None = None
    h: Length = 5.0
    speed: Annotated[float, Field(gt=0, le=200)] = Field(
        16.0, description="a second; rounded to whole steps a frame, so that it glides"
    )
    gap: Length = Field(6.0, description="between two lines, with a dot in its middle")

    @property
    def names(self) -> list[str]:
        return holes(self.text)

    def is_empty(self, fields: Mapping[str, str]) -> bool:
        return not filled(self.text, fields).strip()


PartConfig = Annotated[BoxPart | TextPart | ImagePart | BarPart | TickerPart, Field(discriminator="kind")]
PARTS: tuple[type[Model], ...] = get_args(get_args(PartConfig)[0])  # every kind of part, for the docs


def _plain_format(value: str) -> str:
    if not re.fullmatch(r"(%[HIMSpAdmYBb]|[^%{}])*", value):
        raise ValueError(f"{value!r} is no time format; use %H %M %S %I %p %A %d %m %Y")
    return value


class Template(Model):
    """A whole template.toml. Parts are drawn in their order."""

    title: str = ""
    safe: Literal["title", "action", "none"] = Field(
        "title", description="area that places are counted in: 5 %, 3.5 % or 0 from each edge (EBU R 95)"
    )
    enter_s: Annotated[float, Field(ge=0, le=10)] = 0.5
    leave_s: Annotated[float, Field(ge=0, le=10)] = 0.4
    clock: Annotated[str, AfterValidator(_plain_format)] = Field("%H:%M", description="what {clock} is like")
    live: bool = Field(
        False,
        description=(
            "what is written while it is on air is seen on the next frame, as of a score; otherwise it is held until "
            "it is taken"
        ),
    )
    people: Annotated[int, Field(ge=1, le=9)] | None = Field(
        None,
        description="of how many people the picture is that it goes under; as many as its fields name when left out",
    )
    fields: dict[Name, FieldConfig] = Field(default_factory=dict)
    parts: Annotated[list[PartConfig], Field(min_length=1)]

    @property
    def images(self) -> set[str]:
        """The fields that name picture files."""
        return {part.field for part in self.parts if isinstance(part, ImagePart) and part.field}

    @property
    def names_people(self) -> dict[str, int]:
        """The fields that name a person, and which one, from 1 at the left."""
        return {name: f.person for name, f in self.fields.items() if f.person}

    @property
    def says_whom(self) -> bool:
        """Does it say of any field whether it names a person?"""
        return any(f.person is not None for f in self.fields.values())

    @property
    def uses(self) -> set[str]:
        """Every field that its parts name."""
        return {field for part in self.parts for field in part.names}

    @model_validator(mode="after")
    def _names(self) -> Template:
        for problem in self._wrong():
            raise ValueError(problem)
        return self

    def _wrong(self) -> Iterator[str]:
        seen: set[str] = set()
        known = {*self.fields, CLOCK, LEFT}
        for part in self.parts:
            named = [part.above] if part.above else []
            wanted = [*([part.when] if part.when else []), *part.names]
            if part.name in seen:
                yield f"two parts are called {part.name}; names must differ"
            for field in wanted:
                if field not in known:
                    yield (
                        f"part {part.name} names the field {field}, which is not there; one of: "
                        f"{', '.join(sorted(known))}"
                    )
            for other in named:
                if other not in {p.name for p in self.parts} or other == part.name:
                    yield f"part {part.name} stands above {other}, which is no part; name one"
            if isinstance(part, BoxPart):
                for other in part.around:
                    if other not in {p.name for p in self.parts} or other == part.name:
                        yield f"part {part.name} is around {other}, which is no part; name one"
            seen.add(part.name)
        yield from self._circles()

    def _circles(self) -> Iterator[str]:
        leans = {p.name: p.leans_on for p in self.parts}
        for name in leans:
            path, todo = set[str](), list(leans[name])
            while todo:
                other = todo.pop()
                if other == name:
                    yield f"part {name} leans on itself; break the circle"
                    return
                if other not in path:
                    path.add(other)
                    todo += leans.get(other, [])
