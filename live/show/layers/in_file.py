"""What a hand has done to the layers of a scene, as keys of the scene's file and of the rig. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from live.config.edits import Item, RigKey
from live.config.scene import Layer, SceneConfig
from live.show.layers.model import CROP, RECT, KeptLayer, KeptScene, Position

_RECT = "rect"
_PLAIN = {"rotation": "rotation_deg", "opacity": "opacity"}


def layer_keys(scene: str, kept: KeptScene, config: SceneConfig, filled: Mapping[str, str]) -> Iterator[RigKey]:
    """filled: place -> what the rig has there."""
    layers = {layer.label: layer for layer in config.layers}
    for name, hand in kept.layers.items():
        if name in layers:
            yield from _of_layer(scene, layers[name], hand)
    yield from _places(scene, kept, config, filled)
    order = None if kept.order == tuple(layers) else list(kept.order)
    why = f"the order of the layers of {scene}: put their tables into that order"
    yield RigKey(("layers", "order"), order, scene=scene, cannot=why)
    by_file = dict.fromkeys(config.positions)
    for name in by_file | dict.fromkeys(kept.positions):
        position = kept.positions.get(name)
        if position is not None and set(position.numbers) <= set(layers):
            yield RigKey(("positions", name), _position(position, layers), scene=scene)


def _of_layer(scene: str, layer: Layer, hand: KeptLayer) -> Iterator[RigKey]:
    """Where a layer was going is where it is."""
    at, name = ("layers", Item(layer.label)), f"{layer.label} of {scene}"
    given = {n: c.to for n, c in hand.courses.items() if c.to is not None}
    moves = f"where {name} was put: its file moves it" if layer.keys else ""
    yield RigKey((*at, "rect"), _rect(given, layer) or list(layer.rect), scene=scene, cannot=moves)
    for number, key in _PLAIN.items():
        yield RigKey((*at, key), given.get(number, getattr(layer, key)), scene=scene, cannot=moves)
    crop = _crop(given, layer)
    half = f"the crop of {name}: give all of it" if crop is None and any(n in given for n in CROP) else ""
    yield RigKey((*at, "crop"), given if half else crop, scene=scene, cannot=half)
    yield RigKey((*at, "shown"), hand.shown.to == 1.0, scene=scene)


def _rect(given: Mapping[str, float | None], layer: Layer) -> list[float] | None:
    if not any(given.get(n) is not None for n in RECT):
        return None
    return [own if (to := given.get(n)) is None else to for n, own in zip(RECT, layer.rect, strict=True)]


def _crop(given: Mapping[str, float | None], layer: Layer) -> list[float] | None:
    """None for the operator's."""
    own = layer.crop or (None,) * len(CROP)
    crop = [was if (to := given.get(n)) is None else to for n, was in zip(CROP, own, strict=True)]
    return [v for v in crop if v is not None] if None not in crop else None


def _places(scene: str, kept: KeptScene, config: SceneConfig, filled: Mapping[str, str]) -> Iterator[RigKey]:
    """Whom the layers show is the rig's business, and a place's. Who stands there because they spoke is none of it."""
    in_set = {t.name for t in config.set.talent} if config.set else set()
    for place in dict.fromkeys(layer.place for layer in config.layers):
        hands = [
            kept.layers[layer.label] for layer in config.layers if layer.place == place and layer.label in kept.layers
        ]
        shown = {filled.get(place) if hand.by_machine else hand.source or filled.get(place) for hand in hands}
        one = len(shown) == 1 and place not in in_set
        source = next(iter(shown)) if one else filled.get(place)
        yield RigKey(("scenes", Item(scene), "talent", place), source)
        other = None if len(shown) < 2 and shown <= {filled.get(place)} or one else sorted(str(s) for s in shown)
        why = f"whom the layers at {place} of {scene} show: they are one place"
        yield RigKey(("scenes", Item(scene), "talents", place), other, cannot=why)


def _position(position: Position, layers: Mapping[str, Layer]) -> dict[str, Any]:
    """As the file has it. What went by the file goes by what the file says."""
    found: dict[str, Any] = {}
    for name, numbers in position.numbers.items():
        values: dict[str, Any] = {"rect": _rect(numbers, layers[name]), "crop": _crop(numbers, layers[name])}
        values |= {key: numbers[n] for n, key in _PLAIN.items() if numbers.get(n) is not None}
        values["shown"] = position.shown.get(name)
        found[name] = values
    return found
