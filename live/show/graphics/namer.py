"""The namer: which names belong under who is on air. It only suggests; a human shows it. Pure; time is an argument."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from live.director.suggestions import Message

if TYPE_CHECKING:
    from live.show import ShowState
    from live.show.graphics.desk import GraphicsDesk

SETTLED_S = 1.0  # a shot that is on air for less may be gone before anybody reads
NOT_AGAIN_S = 600.0  # a name that was on air needs no introduction for so long
DOMAIN = "graphics"

Allowed = Callable[[str, float], bool]


class Namer:
    """Watches program, and offers the names of the people it shows, once in a while."""

    def __init__(self) -> None:
        self._named_s: dict[str, float] = {}

    def step(self, graphics: GraphicsDesk, state: ShowState, now_s: float, allowed: Allowed) -> None:
        """Once a frame. allowed: may this graphic be suggested now?"""
        for on, graphic in graphics.items():
            if graphic.visible:
                self._named_s |= dict.fromkeys(graphics.named(on).people, now_s)
        switcher = state.mix.switcher
        leaves = state.mix.proposal is not None  # whom it is about to leave it doesn't name
        if leaves or switcher.transition is not None or now_s - switcher.program_since_s < SETTLED_S:
            return
        shown = graphics.whom.shown(switcher.program, now=True)
        if not shown.people or not shown.sure or not any(self._is_fresh(p, now_s) for p in shown.people):
            return
        name = _for(graphics, len(shown.people))
        if name is None or any(self._busy(graphics, n) for n in graphics) or not allowed(name, now_s):
            return
        people, label = shown.people, " and ".join(graphics.label(p) for p in shown.people)
        never = not any(person in self._named_s for person in people)
        verb = "are" if len(people) > 1 else "is"
        reason = (
            f"{label} {verb} on air and {'have' if len(people) > 1 else 'has'} not been named yet"
            if never
            else f"{label} {'have' if len(people) > 1 else 'has'} not been named for a while"
        )

        def still() -> str:
            """What speaks against it by now."""
            now = graphics.whom.shown(switcher.heading(), now=True)
            if now.people != people:
                there = " and ".join(graphics.label(p) for p in now.people) or "nobody"
                return f"program shows {there} now"
            return "a name stands under the picture" if any(self._busy(graphics, n) for n in graphics) else ""

        state.wheel.suggestions.offer(
            now_s,
            domain=DOMAIN,
            target=name,
            text=f"Name {label}",
            reason=reason,
            does=tuple(_does(graphics, name, people)),
            still=still,
        )

    def _is_fresh(self, person: str, now_s: float) -> bool:
        return now_s - self._named_s.get(person, float("-inf")) >= NOT_AGAIN_S

    @staticmethod
    def _busy(graphics: GraphicsDesk, name: str) -> bool:
        """Stands a name there already?"""
        template = graphics.template_of(name)
        return graphics[name].visible and template is not None and bool(template.names_people)


def _for(graphics: GraphicsDesk, count: int) -> str | None:
    """The first graphic that names so many people, and belongs to nobody in particular."""
    for name, graphic in graphics.items():
        template = graphics.template_of(name)
        if (
            template is None
            or graphic.person is not None
            or sorted(template.names_people.values()) != [*range(1, count + 1)]
        ):
            continue
        if template.people in (None, count):
            return name
    return None


def _does(graphics: GraphicsDesk, name: str, people: tuple[str, ...]) -> list[Message]:
    template, at = graphics.template_of(name), f"/graphics/{name}"
    assert template is not None
    said: dict[str, str] = {}
    for field, n in template.names_people.items():
        said[field] = graphics.label(people[n - 1])
    for field, config in template.fields.items():
        if config.line is not None:
            said[field] = graphics.line(people[config.line - 1]) if config.line <= len(people) else ""
    return [*((f"{at}/set", (field, text)) for field, text in said.items()), (f"{at}/show", ())]
