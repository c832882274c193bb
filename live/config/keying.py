"""How people and things are cut out of a source, and how its colours are set: the keys `keyer` and `colour` of a
source."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field, field_validator, model_validator

from live.config.base import Colour, ExistingFile, Model, Name, NewPath, Share

KeyerKind = Literal["none", "ai", "chroma", "luma", "plate", "external"]
KEYS: tuple[str, ...] = get_args(KeyerKind)[1:]
# Of KeyerConfig, what a hand may set on air: of one keyer, and of every key.
NUMBERS_OF = {"chroma": ("core", "edge", "spill", "shadows"), "luma": ("low", "high"), "plate": ("difference",)}
NUMBERS_OF_ALL = ("wrap", "clean")
PointShare = Annotated[tuple[Share, Share], BeforeValidator(lambda v: tuple(v) if isinstance(v, list) else v)]


MOST_MASKS = 16  # of one source: they cross to its keyer in a note, which has room for so many
_DIGITS = 4  # of a mask's corner: 0.4 of a pixel in the widest picture


class Mask(Model):
    """A polygon drawn into a source's picture that its key is put right with."""

    kind: Literal["garbage", "holdout"] = Field(
        "garbage", description="garbage: nothing there is keyed in; holdout: all of it is"
    )
    points: Annotated[
        list[PointShare],
        Field(min_length=3, max_length=32, description="corners (x, y), shares of the picture from its top left"),
    ]
    feather: Annotated[float, Field(ge=0, le=0.5)] = Field(
        0.01, description="width of its soft edge, share of the picture's height"
    )
    inverted: bool = Field(False, description="everything but the polygon")

    @field_validator("points")
    @classmethod
    def _rounded(cls, points: list[tuple[float, float]]) -> list[tuple[float, float]]:
        return [(round(x, _DIGITS), round(y, _DIGITS)) for x, y in points]


class KeyerConfig(Model):
    """What a source's key goes by. `/keying/<source>/set` changes the numbers on air."""

    also: KeyerKind = Field("none", description="a second keyer beside the source's `key`")
    combine: Literal["max", "min"] = Field("min", description="min: only what both keep; max: what either keeps")
    matte: Literal["selfie", "rvm"] = Field(
        "selfie", description="the AI matte's model; rvm is better, dearer, and GPL-3.0 (docs/keying.md)"
    )
    screen: Literal["auto"] | Colour = Field(
        "auto", description="chroma: the screen's colour; auto finds it at the picture's borders"
    )
    core: Share = Field(0.70, description="chroma: from this much of the screen's colour on, a pixel is all screen")
    edge: Share = Field(0.08, description="chroma: up to this much of the screen's colour, a pixel is all foreground")
    spill: Share = Field(1.0, description="chroma: how much of the screen's light is taken off the foreground")
    shadows: Share = Field(0.0, description="chroma: how much of the shadows on the screen is kept")
    low: Share = Field(0.10, description="luma: brightness that is out; over `high`, dark things are keyed in")
    high: Share = Field(0.20, description="luma: brightness that is in")
    difference: Annotated[float, Field(gt=0, le=1)] = Field(
        0.10, description="plate: how different from the empty picture is in for sure"
    )
    plate: NewPath | None = Field(
        None, description="plate: the empty picture's file (PNG); `/keying/<source>/plate` takes it"
    )
    external: Name | None = Field(None, description="external: the source whose brightness is the matte")
    clean: bool = Field(True, description="take the room's colour off the edges")
    wrap: Share = Field(0.0, description="light wrap: how much of what is behind shines around the edges")
    masks: Annotated[list[Mask], Field(max_length=MOST_MASKS)] = Field(default_factory=list)

    @model_validator(mode="after")
    def _order(self) -> KeyerConfig:
        if self.edge >= self.core:
            raise ValueError(f"edge ({self.edge:g}) is not under core ({self.core:g}); give a smaller one")
        if self.low == self.high:
            raise ValueError(f"low and high are both {self.low:g}; give them apart")
        return self


class KeyerOrders(Model):
    """What a source's keyer is told, by the rig and by hand. It crosses to the vision worker as JSON; the newest
    counts.

    pick, finds, plates: what is to be done once, each with a count, so that it is done once.
    """

    key: KeyerKind = "none"
    keyer: KeyerConfig = Field(default_factory=KeyerConfig)
    pick: tuple[float, float] = (0.0, 0.0)
    picks: int = 0
    finds: int = 0
    plates: int = 0

    @property
    def kinds(self) -> tuple[str, ...]:
        """The keyers at work, the first one first."""
        return tuple(dict.fromkeys(k for k in (self.key, self.keyer.also) if k != "none"))


class ColourConfig(Model):
    """A source's colours. All neutral unless given; `/colour/<source>/...` changes them on air."""

    kelvin: Annotated[float, Field(ge=1800, le=25000)] = Field(
        6500.0, description="the light the camera saw, K: 3200 makes a tungsten room neutral"
    )
    tint: Annotated[float, Field(ge=-1, le=1)] = Field(0.0, description="-1 greener to 1 more magenta")
    lift: Annotated[float, Field(ge=-0.5, le=0.5)] = Field(0.0, description="added to black")
    gamma: Annotated[float, Field(ge=0.25, le=4)] = Field(1.0, description="over 1 brightens the middle")
    gain: Annotated[float, Field(ge=0, le=4)] = Field(1.0, description="times white")
    saturation: Annotated[float, Field(ge=0, le=4)] = 1.0
    look: ExistingFile | None = Field(
        None, description="a .cube file (1D, 3D or both); watched: a saved change is taken up on air"
    )
    match: Name | Literal["set"] | None = Field(
        None, description="follow a reference camera's colours, or those of the set (`set`), slowly"
    )
