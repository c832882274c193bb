"""What is published of who holds the wheel, and of what the machine only suggests."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from live.control.published import Field, Published, published
from live.director.authority import Level
from live.director.suggestions import LIMIT
from live.show.cuts.published import OF_A_MIX, OfMix

if TYPE_CHECKING:
    from live.show import ShowState

REASON_LENGTH = 160  # characters that people read


@published("director", OF_A_MIX)
@dataclass(frozen=True)
class DirectorStatus(OfMix):
    """How far the director may go."""

    level: Annotated[str, Field("how far its automation may go", choices=tuple(Level), at="level")] = ""
    hold_s: Annotated[float, Field("what is left of a hold; 0: none, -1: until released", at="hold")] = 0.0
    locked: Annotated[bool, Field("a hand has locked the cuts", at="locked")] = False


@published("authority/<domain>/owner")
@dataclass(frozen=True)
class DomainOwner(Published):
    """Whose a domain is."""

    domain: str
    who: Annotated[str, Field('who has taken it for their own; "" for nobody')] = ""


@published("suggestions/<number>")
@dataclass(frozen=True)
class SuggestionStatus(Published):
    """What the machine would do if somebody said yes: 1 is the oldest."""

    number: int
    id: Annotated[int, Field("what it is taken or dropped by; 0 while there is none")] = 0
    domain: Annotated[str, Field("the domain that it would touch")] = ""
    text: Annotated[str, Field("what it would do")] = ""
    reason: Annotated[str, Field("why it is suggested")] = ""
    left_s: Annotated[int, Field("how long it still stands")] = 0


def director(state: ShowState, now_s: float) -> Iterator[Published]:
    for name, mix in state.mixes.items():
        view = state.authority.view(mix.key, now_s=now_s)
        left_s = -1.0 if view.hold_left_s is None else math.floor(view.hold_left_s + 0.999) if view.held else 0.0
        yield DirectorStatus(view.level.value, left_s, view.locked, mix=name)


def owners(state: ShowState, now_s: float) -> Iterator[Published]:
    for domain in state.authority.domains:
        owner = state.authority.owner(domain, now_s=now_s)
        yield DomainOwner(domain, owner.who if owner else "")


def suggestions(state: ShowState, now_s: float) -> Iterator[Published]:
    standing = state.wheel.suggestions.standing
    for n, s in enumerate(standing, 1):
        yield SuggestionStatus(n, s.id, s.domain, s.text, s.reason[:REASON_LENGTH], math.ceil(s.until_s - now_s))
    for n in range(len(standing) + 1, LIMIT + 1):
        yield SuggestionStatus(n)


def suggestions_go_by(state: ShowState, now_s: float) -> object:
    standing = state.wheel.suggestions.standing
    return standing, [math.ceil(s.until_s - now_s) for s in standing]
