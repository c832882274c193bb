"""The namer: which name belongs under who is on air. It only suggests; a human shows it. Pure; time is an
argument.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from live.config.load import Shot, Show
from live.config.people import Person
from live.director.suggestions import Message, Suggestions
from live.picture.values import Face
from live.show.graphics.model import Graphics

LOWER_THIRD = "lower_third"
SETTLED_S = 1.0  # a shot that is on air for less may be gone before anybody reads
NOT_AGAIN_S = 600.0  # a name that was on air needs no introduction for so long
DOMAIN = "graphics"

Allowed = Callable[[str, float], bool]


class Namer:
    """Watches program, and offers the lower third of the person it shows, once in a while."""

    def __init__(self, show: Show) -> None:
        self._show = show
        self._people = {p.name: p for p in show.people}
        self._named_s: dict[str, float] = {}
        self._faces: dict[str, tuple[Face, ...]] = {}
        self._offered: str | None = None

    def step(
        self,
        now_s: float,
        *,
        shot: Shot,
        since_s: float,
        faces: Mapping[str, tuple[Face, ...]],
        graphics: Graphics,
        suggestions: Suggestions,
        allowed: Allowed,
    ) -> None:
        """Once a frame. shot: on program, since since_s. faces: those of a new look, by source. allowed: may this
        graphic be suggested now?
        """
        self._faces |= faces
        name = next((name for name, graphic in graphics.items() if graphic.template == LOWER_THIRD), None)
        if name is None:
            return
        graphic = graphics[name]
        if graphic.visible:
            self._named_s[graphic.fields.get("title", "")] = now_s
        person = self._on(shot)
        label = person.label if person else ""
        fresh = now_s - self._named_s.get(label, float("-inf")) >= NOT_AGAIN_S
        if person is None or graphic.visible or not fresh or now_s - since_s < SETTLED_S or not allowed(name, now_s):
            if self._offered is not None and self._offered != label:
                suggestions.withdraw(DOMAIN, name)
                self._offered = None
            return
        does = _title(name, person)
        reason = (
            f"{label} is on air and has not been named yet"
            if label not in self._named_s
            else f"{label} has not been named for a while"
        )
        if suggestions.offer(now_s, domain=DOMAIN, target=name, text=f"Name {label}", reason=reason, does=does):
            self._offered = label

    def _on(self, shot: Shot) -> Person | None:
        """Whom a shot shows, if that is one person: by the scene, by the camera they sit at, else by their face."""
        if shot.person is not None:
            return self._people.get(shot.person)
        if shot.source is None:
            return None
        seated = [p for p in self._show.people if shot.source in p.seen_by]
        if len(seated) == 1:
            return seated[0]
        known = [f for f in self._faces.get(shot.source, ()) if f.person]
        if not known:
            return None
        name = max(known, key=lambda f: f.height).person
        return self._people.get(name) or Person(name=name, title=name.replace("-", " ").replace("_", " ").title())


def _title(graphic: str, person: Person) -> tuple[Message, ...]:
    at = f"/graphics/{graphic}"
    return ((f"{at}/set", ("title", person.label)), (f"{at}/set", ("subtitle", person.line)), (f"{at}/show", ()))
