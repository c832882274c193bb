"""A scene: a composition that can be put on a bus, seen through one or more shots. `scenes/NAME/scene.toml`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from live.base.easing import Ease
from live.config.base import COLOUR, ExistingFile, Model, Name, Pair, Point, Rect, Share, ShotSize, Title


class TalentPlace(Model):
    """A place in the set where somebody stands: an upright card that turns to the camera and shows a keyed source.

    Metres, right-handed, Y up, the floor at y = 0, the audience towards +Z.
    """

    name: Name
    position: Point = Field(description="middle of the card's bottom edge, metres")
    height_m: Annotated[float, Field(gt=0, le=20)] = Field(
        description="height of the whole camera picture in the set, metres"
    )
    title: Title = ""


class Move(Model):
    """A camera move of a shot: from where the shot starts to here, eased, once each time the shot is taken."""

    position: Point
    look_at: Point
    fov_deg: Annotated[float, Field(gt=1, lt=120)]
    roll_deg: Annotated[float | None, Field(ge=-360, le=360)] = Field(
        None, description="as the shot's when left out; 360 for once round"
    )
    duration_s: Annotated[float, Field(gt=0, le=600)]


class ShotConfig(Model):
    """A virtual camera of the scene. In a scene without a set it is the one flat view of the layers."""

    name: Name
    title: Title = ""
    role: Literal["wide", "group", "close_up", "slides", "audience", "auto", "none"] = Field(
        "none",
        description=(
            "what the director may use it for; a group shows some of the people, a wide those of its scene; auto: "
            "learnt from whom it shows; slides, audience: shown when there is news of a source of that role"
        ),
    )
    of: str | None = Field(None, description="close_up: the place in the scene it shows")
    position: Point = (0.0, 1.5, 4.0)
    look_at: Point = (0.0, 1.2, 0.0)
    fov_deg: Annotated[float, Field(gt=1, lt=120)] = Field(35.0, description="vertical")
    roll_deg: Annotated[float, Field(ge=-360, le=360)] = Field(
        0.0,
        description="how far the camera is turned clockwise about its line of sight; the picture turns the other way",
    )
    shift: Pair = Field(
        (0.0, 0.0),
        description=(
            "how far the middle of the lens is right of, and below, the middle of the frame, as shares of its width "
            "and height: uprights stay upright where a tilt would lean them"
        ),
    )
    move: Move | None = None
    size: ShotSize | None = Field(
        None,
        description=(
            "an operator frames who stands at `of`, at this size; `look_at` and `fov_deg` hold until a face is seen"
        ),
    )
    reach_deg: Annotated[float | None, Field(gt=1, lt=120)] = Field(
        None,
        description=(
            "with a size: the operator's frames stay inside this view around `look_at`; 1.25 times `fov_deg` when "
            "left out"
        ),
    )

    @property
    def widest_deg(self) -> float:
        """The view that an operator's frames stay inside."""
        return self.reach_deg or min(119.0, 1.25 * self.fov_deg)

    @model_validator(mode="after")
    def _can_be_framed(self) -> ShotConfig:
        if self.size is not None and self.of is None:
            raise ValueError(f"shot {self.name} has a size, but is of nobody; give the place as `of`")
        if self.size is not None and self.move is not None:
            raise ValueError(f"shot {self.name} has a size and a move; leave one out")
        if self.size is not None and self.shift != (0.0, 0.0):
            raise ValueError(f"shot {self.name} has a size and a shift; leave one out")
        if max(abs(s) for s in self.shift) > 1:
            raise ValueError(f"shot {self.name} has a shift of more than a frame; give shares from -1 to 1")
        if self.reach_deg is not None and self.reach_deg < self.fov_deg:
            raise ValueError(
                f"shot {self.name} has a reach of {self.reach_deg:g} degrees, narrower than its fov_deg; give at "
                f"least {self.fov_deg:g}"
            )
        return self


class SetConfig(Model):
    """A 3D set from a glTF file."""

    model: ExistingFile
    talent: list[TalentPlace] = Field(default_factory=list)


def inside_source(value: tuple[float, float, float, float] | None) -> tuple[float, float, float, float] | None:
    """A crop (shares of the source) that is one. Raises ValueError."""
    if value is not None and not (
        0 <= value[0] < value[0] + value[2] <= 1.0001 and 0 <= value[1] < value[1] + value[3] <= 1.0001
    ):
        raise ValueError("the crop reaches beyond the source; give x, y, width, height within 0 to 1")
    return value


class LayerKey(Model):
    """A keyframe of a layer: where it is so long after its shot was taken. What is left out stays as it was."""

    at_s: Annotated[float, Field(gt=0, le=600)]
    rect: Rect | None = None
    rotation_deg: float | None = None
    opacity: Share | None = None
    ease: Ease = Field("in_out", description="of the way to here")


class Layer(Model):
    """A flat picture: a source, framed by the operator, in a rectangle of the frame. Pixels are the program's."""

    place: Name = Field(description="the place; the rig says which source stands in it")
    name: Name | None = Field(None, description="what commands call it; its place when left out")
    keyed: bool = Field(
        False, description="the source cut out by its keyer, over what is below, instead of its whole picture"
    )
    rect: Rect = Field(
        (0.0, 0.0, 1.0, 1.0), description="x, y, width, height as shares of the frame, from the top left"
    )
    crop: Rect | None = Field(
        None, description="what of the source is shown (shares of it), instead of the operator's frame"
    )
    border_px: Annotated[float, Field(ge=0, le=50)] = 0.0
    border_colour: Annotated[str, Field(pattern=COLOUR)] = "#e8ecf0"
    radius_px: Annotated[float, Field(ge=0, le=400)] = Field(0.0, description="of its corners")
    shadow_px: Annotated[float, Field(ge=0, le=100)] = 0.0
    rotation_deg: Annotated[float, Field(ge=-360, le=360)] = Field(0.0, description="clockwise, about its middle")
    opacity: Share = 1.0
    shown: bool = Field(True, description="seen from the start; a hand shows and hides it on air")
    keys: list[LayerKey] = Field(default_factory=list, description="moves, in their order")

    @property
    def label(self) -> str:
        """What commands call it."""
        return self.name or self.place

    @field_validator("crop")
    @classmethod
    def _inside(cls, value: tuple[float, float, float, float] | None) -> tuple[float, float, float, float] | None:
        return inside_source(value)

    @model_validator(mode="after")
    def _keyed_is_plain(self) -> Layer:
        turned = self.rotation_deg or any(k.rotation_deg for k in self.keys)
        if self.keyed and (self.border_px or self.radius_px or self.shadow_px or turned):
            raise ValueError(
                f"layer {self.label} is keyed: it has no border, corners, shadow or rotation; leave them out"
            )
        return self

    @field_validator("keys")
    @classmethod
    def _in_order(cls, value: list[LayerKey]) -> list[LayerKey]:
        if any(b.at_s <= a.at_s for a, b in zip(value, value[1:], strict=False)):
            raise ValueError("the keys are not in the order of their times; sort them")
        return value


class LayerPosition(Model):
    """Where a position puts a layer. What is left out stays as it is."""

    rect: Rect | None = None
    crop: Rect | None = Field(None, description="what of the source is shown (shares of it)")
    rotation_deg: Annotated[float | None, Field(ge=-360, le=360)] = None
    opacity: Share | None = None
    shown: bool | None = None

    @field_validator("crop")
    @classmethod
    def _inside(cls, value: tuple[float, float, float, float] | None) -> tuple[float, float, float, float] | None:
        return inside_source(value)


class SceneConfig(Model):
    """A whole scene.toml. Drawn in this order: background, set, talent by distance, layers."""

    title: Title = ""
    background: Annotated[str, Field(pattern=COLOUR)] = "#101418"
    picture: ExistingFile | None = Field(
        None, description="a picture as the background, filling the frame; of a scene without a set"
    )
    set: SetConfig | None = None
    layers: list[Layer] = Field(default_factory=list)
    positions: dict[Name, dict[Name, LayerPosition]] = Field(
        default_factory=dict, description="arrangements to recall, by their names: where each layer is in it"
    )
    shots: Annotated[list[ShotConfig], Field(min_length=1)]

    @property
    def keys_out(self) -> bool:
        """Does it show anybody keyed?"""
        return self.set is not None or any(layer.keyed for layer in self.layers)

    @property
    def places(self) -> list[str]:
        """Every place a rig may fill, in order, once."""
        names = [t.name for t in self.set.talent] if self.set else []
        return list(dict.fromkeys(names + [layer.place for layer in self.layers]))

    @field_validator("shots")
    @classmethod
    def _unique(cls, value: list[ShotConfig]) -> list[ShotConfig]:
        names = [s.name for s in value]
        if len(set(names)) < len(names):
            raise ValueError(f"two shots are called {next(n for n in names if names.count(n) > 1)}; names must differ")
        return value

    @model_validator(mode="after")
    def _layers_have_names(self) -> SceneConfig:
        names = [layer.label for layer in self.layers]
        if len(set(names)) < len(names):
            raise ValueError(
                f"two layers are called {next(n for n in names if names.count(n) > 1)}; give one of them a name "
                f"of its own"
            )
        for position, layers in self.positions.items():
            if lost := set(layers) - set(names):
                raise ValueError(
                    f"position {position} has a layer {min(lost)}, which the scene has not; layers: "
                    f"{', '.join(names) or 'none'}"
                )
        if self.picture is not None and self.set is not None:
            raise ValueError("the scene has a set and a background picture; leave one out")
        return self

    @model_validator(mode="after")
    def _places_exist(self) -> SceneConfig:
        for shot in self.shots:
            if shot.of is not None and shot.of not in self.places:
                raise ValueError(
                    f"shot {shot.name} is of {shot.of}, which is no place; places: {', '.join(self.places) or 'none'}"
                )
            if shot.size is not None and shot.of not in [t.name for t in (self.set.talent if self.set else [])]:
                raise ValueError(f"shot {shot.name} has a size, but {shot.of} is no place of a set; leave the size out")
        return self
