"""What of which source is seen where in a shot. Pure arithmetic, as the renderer does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from live.config.load import Shot, Show
from live.picture.values import Crop, ShotView
from live.stage.geometry import WHOLE, Rect, camera_at, card_of, clipped, crop_rect
from live.stage.poses import placed_by_file

USUAL = 16 / 9  # width / height of a source that has given no picture yet


@dataclass(frozen=True)
class Window:
    """part: what of the source is seen, shares of its picture; place: where, shares of the frame. card: of who is cut
    out, where their whole picture would be in the frame, also beyond its edges."""

    source: str
    part: Rect
    place: Rect
    card: Rect | None = None


def windows(
    show: Show, shot: Shot, view: ShotView, crop_of: Callable[[str], Crop], aspects: Mapping[str, float]
) -> list[Window]:
    """Of a shot as hands and operators have it (view). crop_of: what a source's operator shows of it. aspects: width /
    height by source. Other pictures than sources are left out."""
    frame = show.rig.picture.width / show.rig.picture.height
    if shot.source is not None:
        part = crop_rect(crop_of(shot.source), aspects.get(shot.source, USUAL), frame)
        return [Window(shot.source, part, WHOLE)]
    found = [*_standing(show, shot, view, aspects, frame), *_layers(show, shot, view, crop_of, aspects, frame)]
    return [window for window in found if window.source in show.source_names]


def _standing(show: Show, shot: Shot, view: ShotView, aspects: Mapping[str, float], frame: float) -> Iterator[Window]:
    """Who stands in the set, as far as they are in the frame."""
    scene, talent = show.scenes[shot.scene or ""], show.talent(shot.scene or "")
    if scene.set is None or shot.config is None:
        return
    camera, _ = camera_at(shot.config, view.t_s, view.pose)
    for place in scene.set.talent:
        source = talent.get(place.name)
        card = None if source is None else card_of(place, camera, aspects.get(source, USUAL), frame)
        if source is None or card is None:
            continue
        if (seen := clipped(card.rect, WHOLE)) is not None:
            yield Window(source, seen[1], seen[0], card.rect)


def _layers(
    show: Show,
    shot: Shot,
    view: ShotView,
    crop_of: Callable[[str], Crop],
    aspects: Mapping[str, float],
    frame: float,
) -> Iterator[Window]:
    layers, talent = show.scenes[shot.scene or ""].layers, show.talent(shot.scene or "")
    placed = view.layers
    if placed is None:
        placed = tuple(placed_by_file(n, layer, view.t_s) for n, layer in enumerate(layers))
    for at in placed:
        layer = layers[at.number]
        source = at.source or talent.get(layer.place)
        if source is None or at.opacity < 0.05 or at.rect[2] <= 0 or at.rect[3] <= 0:
            continue
        aspect = aspects.get(source, USUAL)
        own = (
            Rect(*at.crop)
            if at.crop is not None
            else crop_rect(crop_of(source), aspect, at.rect[2] / at.rect[3] * frame)
        )
        if (seen := clipped(Rect(*at.rect), own)) is not None:
            yield Window(source, seen[1], seen[0], _whole(Rect(*at.rect), own) if layer.keyed else None)


def _whole(place: Rect, part: Rect) -> Rect:
    """Where the whole of a picture would be of which a part is in a place."""
    w, h = place.w / part.w, place.h / part.h
    return Rect(place.x - part.x * w, place.y - part.y * h, w, h)
