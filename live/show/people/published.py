"""What is published of people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from live.control.published import Field, Published, published

SAID_LENGTH = 200  # characters


@published("people/<name>/speaking")
@dataclass(frozen=True)
class PersonSpeaking(Published):
    """Somebody of the rig."""

    name: str
    speaking: Annotated[bool, Field("they speak")] = False


@published("people/<name>/seen")
@dataclass(frozen=True)
class PersonSeen(Published):
    """Somebody enrolled ([people.md](people.md))."""

    name: str
    source: Annotated[str, Field('the source that sees their face; "" for none')] = ""


@published("people/enrolled")
@dataclass(frozen=True)
class EnrolledPeople(Published):
    """Whose faces are known."""

    names: Annotated[tuple[str, ...], Field("everybody enrolled")] = ()


@published("people/said")
@dataclass(frozen=True)
class EnrolmentSaid(Published):
    """The last enrolment."""

    text: Annotated[str, Field("what it came to")] = ""
