"""What the director may choose from: each shot's role, whom it shows, and how alike two shots are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from live.config.load import Shot, Show
from live.director.cost import Candidate
from live.picture.values import Crop
from live.stage.geometry import WHOLE, Rect, camera_at, card_of, clipped

_BODY = 0.6  # of a 16:9 card's width, what somebody in its middle fills with arms a little out
_CARD_ASPECT = 16 / 9


def seen_in(show: Show, shot: Shot) -> list[str]:
    """The sources that a shot really shows, by the rig."""
    return show.sources_in(standing_in(show, shot))


def standing_in(show: Show, shot: Shot, flat: Sequence[str] | None = None) -> list[str]:
    """What stands in a shot and is seen there, sources and other pictures: of a set's talent, those whose place is in
    the frame at some time of its move. flat: what its layers show, when that isn't what the rig says."""
    scene = show.scenes.get(shot.scene or "")
    if shot.source is not None:
        return [shot.source]
    if scene is None or scene.set is None or shot.config is None:
        return list(dict.fromkeys(show.talent(shot.scene or "").values() if flat is None else flat))
    steps = (0.0,) if shot.config.move is None else tuple(shot.config.move.duration_s * i / 8 for i in range(9))
    found: dict[str, None] = {}
    for t_s in steps:
        for source, card in _cards(show, shot, t_s, widest=True).items():
            if clipped(card.part(Rect((1 - _BODY) / 2, 0.0, _BODY, 1.0)), WHOLE):
                found[source] = None
    talent = show.talent(shot.scene or "")
    flat = [talent[layer.place] for layer in scene.layers if layer.place in talent] if flat is None else flat
    return list(dict.fromkeys([*found, *flat]))


def candidates(show: Show, seen: Mapping[str, list[str]]) -> list[Candidate]:
    """The shots of the row that the director may use. seen: by shot, the sources that it really shows.

    A shot is what its scene says; `auto` is learnt from what it shows: one person a close-up, everybody of the scene a
    wide shot, some of them a group. A camera of two people is a group, too. A wide shot that lacks some of the rig's
    people is no answer to their voices.
    """
    return [found for shot in show.row if (found := _candidate(show, shot, seen[shot.id])) is not None]


def several_views(
    show: Show, found: Iterable[Candidate], seen: Mapping[str, list[str]]
) -> dict[str, list[tuple[str, str]]]:
    """Of the people who have several close-ups: by person, each shot with the source that shows them in it."""
    cameras = {p.name: p.seen_by for p in show.people}
    views: dict[str, list[tuple[str, str]]] = {}
    for one in found:
        if one.role == "close_up" and one.person is not None:
            source = next(s for s in seen[one.shot] if s in cameras[one.person])
            views.setdefault(one.person, []).append((one.shot, source))
    return {person: shots for person, shots in views.items() if len(shots) > 1}


def _candidate(show: Show, shot: Shot, sources: list[str]) -> Candidate | None:
    people = frozenset(p.name for p in show.people if not set(p.seen_by).isdisjoint(_of(show, shot, sources)))
    role = _role(show, shot, sources, len(people))
    if role == "wide":  # one of a camera that nobody sits before shows everybody
        return Candidate(
            shot.id,
            "wide",
            lacks=frozenset(p.name for p in show.people if p.seen_by) - people if people else frozenset(),
        )
    if role == "close_up" and len(people) == 1:
        return Candidate(shot.id, "close_up", next(iter(people)))
    return Candidate(shot.id, "group", group=people) if role in ("group", "close_up") and len(people) > 1 else None


def _of(show: Show, shot: Shot, sources: list[str]) -> list[str]:
    """The sources a shot is about: those of the place that it is of, if it says one."""
    of = shot.config.of if shot.config is not None else None
    return [source] if of and (source := show.talent(shot.scene or "").get(of)) else sources


def _role(show: Show, shot: Shot, sources: list[str], people: int) -> Literal["wide", "group", "close_up", "none"]:
    if shot.role != "auto":
        return shot.role  # type: ignore[return-value]
    if set(sources) >= set(show.sources_of(shot)) and len(sources) > 1:
        return "wide"
    return "group" if people > 1 else "close_up" if people else "none"


def crop_iou(show: Show, crops: Callable[[], Mapping[str, Crop]]) -> Callable[[str, str], float]:
    """How alike two shots frame what they show, 0 to 1: for each source, the overlap of the rectangles that its picture
    fills in (and beyond) the frame against both together; the mean over the sources of either. crops: by source, as
    they are when it is asked.
    """
    shots = {shot.id: shot for shot in show.all_shots}
    still: dict[str, dict[str, Rect]] = {}

    def rects(shot_id: str) -> dict[str, Rect]:
        shot = shots[shot_id]
        if shot.source is not None:
            return {shot.source: _whole(crops().get(shot.source, Crop()))}
        if shot_id not in still:
            visible = set(seen_in(show, shot))
            still[shot_id] = {source: rect for source, rect in _cards(show, shot, 0.0).items() if source in visible}
        return still[shot_id]

    def alike(a: str, b: str) -> float:
        if a not in shots or b not in shots:
            return 0.0
        first, second = rects(a), rects(b)
        sources = first.keys() | second.keys()
        return sum(_iou(first[s], second[s]) for s in first.keys() & second.keys()) / len(sources) if sources else 0.0

    return alike


def _cards(show: Show, shot: Shot, t_s: float, *, widest: bool = False) -> dict[str, Rect]:
    """Where each source's picture is in the frame of a scene's shot, also beyond its edges. widest: as far as an
    operator may open it.
    """
    scene, talent = show.scenes[shot.scene or ""], show.talent(shot.scene or "")
    if scene.set is None or shot.config is None:
        return {talent[layer.place]: Rect(*layer.rect) for layer in scene.layers if layer.place in talent}
    camera, _ = camera_at(shot.config, t_s)
    if widest and shot.config.size is not None:
        camera = replace(camera, fov_deg=shot.config.widest_deg)
    aspect = show.rig.picture.width / show.rig.picture.height
    cards = {
        place.name: card_of(place, camera, _CARD_ASPECT, aspect) for place in scene.set.talent if place.name in talent
    }
    return {talent[place]: card.bounds(WHOLE, aspect) for place, card in cards.items() if card is not None}


def _whole(crop: Crop) -> Rect:
    """Where the whole source would be, in shares of the frame that shows a crop of it."""
    return Rect(0.5 - crop.x * crop.zoom, 0.5 - crop.y * crop.zoom, crop.zoom, crop.zoom)


def _iou(a: Rect, b: Rect) -> float:
    w = min(a.x + a.w, b.x + b.w) - max(a.x, b.x)
    h = min(a.y + a.h, b.y + b.h) - max(a.y, b.y)
    both = max(0.0, w) * max(0.0, h)
    return both / (a.w * a.h + b.w * b.h - both)
