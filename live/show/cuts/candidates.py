"""What the director may choose from: each shot's role, whom it shows, and how alike two shots are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from live.config.load import Shot, Show
from live.config.people import Person
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


def subject_of(show: Show, shot: Shot, filled: Callable[[str], list[str]] = lambda place: []) -> list[str]:
    """What stands in the place that a shot is of, sources and other pictures; nothing where it is of none. filled: what
    the layers of a place show, when that isn't what the rig says.
    """
    if shot.config is None or shot.config.of is None:
        return []
    own = show.talent(shot.scene or "").get(shot.config.of)
    return filled(shot.config.of) or ([own] if own is not None else [])


def candidates(
    show: Show,
    seen: Mapping[str, list[str]],
    on_call: Collection[str] = (),
    silence: str | None = None,
    subjects: Mapping[str, Collection[str]] = {},
) -> list[Candidate]:
    """The shots of the row that the director may use. seen: by shot, the sources that it really shows. on_call: sources
    of those who haven't been brought in: a shot that shows one isn't used, and nobody is missed there. subjects: by
    shot that is of a place, the sources that stand in it.

    What a shot is used for comes from whom it shows; its scene only says what it was made for. `auto` is learnt: one
    person a close-up, everybody of the scene a wide shot, some of them a group. A camera of two people is a group, too.
    A camera full frame is used as it is unless a scene has a close-up of who sits there, or stands them in a set.
    The wide shot is the one that shows everybody. While no shot does, it is the one that shows most of them, and no
    answer to the voices of the rest; what else was made as a wide shot is a group, or a close-up of whom it shows.
    silence: the shot for when nobody speaks, one of them or any other.
    """
    away = set(on_call)
    free = [shot for shot in show.row if away.isdisjoint(seen[shot.id])]
    sitting = [p for p in show.people if set(p.seen_by) - away]
    cast = {shot.id: _Cast(show, shot, seen[shot.id], subjects.get(shot.id), sitting) for shot in free}
    closer = {person for made in cast.values() if made.role == "close_up" for person in made.people}
    for made in cast.values():
        made.take_camera(show, closer)
    widest = _widest(list(cast.values()), frozenset(p.name for p in sitting))
    found = [one for shot in free if (one := cast[shot.id].candidate(widest)) is not None]
    return found + ([Candidate(silence, "cutaway")] if silence and silence not in [c.shot for c in found] else [])


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


class _Cast:
    """Whom a shot shows. people: those who sit before what it is about, as far as that is seen in it."""

    def __init__(
        self, show: Show, shot: Shot, sources: list[str], subject: Collection[str] | None, sitting: Sequence[Person]
    ) -> None:
        """subject: the sources that it is about; None: all that it shows."""
        own = sources if subject is None else [source for source in sources if source in subject]
        self.shot, self.sources = shot.id, sources
        self.people = frozenset(p.name for p in sitting if not set(p.seen_by).isdisjoint(own))
        self.everybody = frozenset(p.name for p in sitting)
        has_all = set(sources) >= set(show.sources_of(shot)) and len(sources) > 1
        auto = "wide" if has_all else "group" if len(self.people) > 1 else "close_up" if self.people else "none"
        self.role = auto if shot.role == "auto" else shot.role

    def take_camera(self, show: Show, closer: Collection[str]) -> None:
        """closer: the people who have a close-up as it is."""
        if self.shot not in show.source_names or self.role != "none" or not self.people - set(closer):
            return
        in_set = any(
            self.shot in (show.talent(name).get(place.name) for place in scene.set.talent)
            for name, scene in show.scenes.items()
            if scene.set is not None
        )
        if not in_set and show.rig.source(self.shot).key == "none":  # whom a rig keys isn't seen in their own room
            self.role = "close_up"

    @property
    def is_open(self) -> bool:
        """One camera that nobody sits before, made as a wide shot: it looks at all of them. Where nobody sits before
        anything, any shot may."""
        return self.role == "wide" and not self.people and (len(self.sources) < 2 or not self.everybody)

    def candidate(self, widest: Collection[str]) -> Candidate | None:
        """widest: the shots that are wide ones."""
        if self.role in ("slides", "audience"):
            return Candidate(self.shot, self.role, group=self.people)  # type: ignore[arg-type]
        if self.shot in widest:
            lacks = self.everybody - self.people if self.people else frozenset()
            return Candidate(self.shot, "wide", lacks=lacks)
        if self.role == "none" or not self.people or (self.role == "group" and len(self.people) < 2):
            return None
        if len(self.people) > 1:
            return Candidate(self.shot, "group", group=self.people)
        # Beside somebody whom nobody knows it is no close-up.
        alone = self.role == "close_up" or len(self.sources) < 2
        return Candidate(self.shot, "close_up", next(iter(self.people))) if alone else None


def _widest(casts: Sequence[_Cast], everybody: frozenset[str]) -> list[str]:
    """Those that show everybody; else the first of those that show most."""
    made = [cast for cast in casts if cast.role == "wide"]
    found = [cast.shot for cast in made if cast.is_open or (cast.people and cast.people >= everybody)]
    most = max((cast for cast in made if cast.people), key=lambda cast: len(cast.people), default=None)
    return found or ([most.shot] if most is not None else [])


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
