"""What rigs and scenes share: strict frozen models and the types of their fields."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

from live.base.files import kind_of
from live.base.paths import asset_path
from live.base.readers import NoAnswer, within
from live.config.places import named, slip


class Model(BaseModel):
    """Frozen; an unknown key is a fault; "3" is not a number."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


@dataclass(frozen=True)
class Wrong:
    """One thing wrong in a table: the key in it ("keyer.external"), what, and what would be right. mild: worth a word,
    and no fault.
    """

    key: str
    cause: str
    right: str
    mild: bool = False


NAME, PICTURE_NAME = r"^[a-z0-9][a-z0-9_-]*$", r"^[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_-]*)?$"
COLOUR, COLOUR_ALPHA = r"^#[0-9a-fA-F]{6}$", r"^#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?$"
LANGUAGE = r"^[a-z]{2,3}$"
MOST_TITLE, MOST_TEXT = 200, 4_000  # characters: of a title, of what a graphic's field says
Title = Annotated[str, Field(max_length=MOST_TITLE)]

Name = Annotated[str, Field(pattern=NAME, max_length=40, description="lower-case letters, digits, - and _")]
PictureName = Annotated[
    str,
    Field(pattern=PICTURE_NAME, max_length=81, description="a name, or scene/shot"),
]
ShotSize = Literal["ecu", "cu", "mcu", "ms", "cowboy", "full", "wide", "two_shot", "group"]
Colour = Annotated[str, Field(pattern=COLOUR)]
Share = Annotated[float, Field(ge=0, le=1)]
Point = Annotated[tuple[float, float, float], BeforeValidator(lambda v: tuple(v) if isinstance(v, list) else v)]
Pair = Annotated[tuple[float, float], BeforeValidator(lambda v: tuple(v) if isinstance(v, list) else v)]
Rect = Annotated[tuple[float, float, float, float], BeforeValidator(lambda v: tuple(v) if isinstance(v, list) else v)]


Alpha = Annotated[
    Literal["straight", "premultiplied"],
    Field(description="of a film with alpha: its colours as they are, or already multiplied by it (on black)"),
]
Track = Annotated[
    Annotated[int, Field(ge=1, le=99)] | None,
    Field(description="which sound of several, from 1 on; the first when left out"),
]


def _existing(value: object, info: ValidationInfo) -> Path:
    """A path relative to the file that names it. It must exist."""
    if isinstance(value, Path):  # made by the program itself
        return value
    if not isinstance(value, str) or not value:
        raise ValueError("expected a path as text")
    path = resolve(value, info)
    if (kind := _kind(path)) == "loop":
        raise ValueError(f"{value} is a link that leads to itself; give a file")
    if not kind:
        words = slip(value)
        raise ValueError(f"no such file: {value!r:.60}: {words}" if words else f"no such file: {value}")
    return path


def _existing_file(value: object, info: ValidationInfo) -> Path:
    path = _existing(value, info)
    if _kind(path) == "folder":
        raise ValueError(f"{value} is no file; give a file")
    return path


def _kind(path: Path) -> str:
    """A share that doesn't answer, and a pipe in a file's place, are no reason not to begin a show: whoever reads the
    file says so.
    """
    try:
        return within(path, partial(kind_of, path))
    except NoAnswer:
        return "unknown"


def resolve(value: str, info: ValidationInfo) -> Path:
    """`~` is the user's folder; `@assets/NAME` is a file that `live models` fetches; anything else is relative to the
    file. A link stays what it is called. Raises ValueError.
    """
    if value.startswith("@assets/"):
        return asset_path(value.removeprefix("@assets/"))
    return named(value, Path((info.context or {}).get("base", Path())))


def _new(value: object, info: ValidationInfo) -> object:
    """A path of what is there or will be."""
    if not isinstance(value, str) or not value:
        return value
    path = resolve(value, info)
    if (words := slip(value)) and not _kind(path):
        raise ValueError(f"{value!r:.60}: {words}")
    return path


ExistingPath = Annotated[Path, BeforeValidator(_existing)]  # a file or a folder
ExistingFile = Annotated[Path, BeforeValidator(_existing_file)]
NewPath = Annotated[Path, BeforeValidator(_new)]


def build_checks(of: type[Model] = Model) -> None:
    """Build what checks each kind of table, now: it is built when one is made first, and on air nobody has the 2 to
    6 ms that one takes.
    """
    for cls in of.__subclasses__():
        cls.model_rebuild()
        build_checks(cls)
