"""What is published of feeds: what auxiliaries show, which feeds are made, and where pictures are to be had."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from live.control.published import Field, Published, published

if TYPE_CHECKING:
    from live.show import ShowState


@published("aux/<name>")
@dataclass(frozen=True)
class AuxStatus(Published):
    """An auxiliary."""

    name: str
    shows: Annotated[str, Field("the shot, the source or the feed that it shows")] = ""
    label: Annotated[str, Field("for people")] = ""


@published("feeds/<name>")
@dataclass(frozen=True)
class FeedStatus(Published):
    """A feed ([outputs.md](outputs.md))."""

    name: str
    made: Annotated[bool, Field("an output takes it, or somebody looks at it")] = False


@published("rings")
@dataclass(frozen=True)
class BusRings(Published):
    """Where the pictures of the buses are: names in this machine's shared memory."""

    program: Annotated[str, Field("its ring", at="program")] = ""
    preview: Annotated[str, Field("its ring", at="preview")] = ""
    thumbnails: Annotated[str, Field("the ring of small pictures of shots of sets", at="glances")] = ""
    pictured: Annotated[
        tuple[str, ...],
        Field("those shots: the n-th, from 0, is n in the first of a picture's four numbers", at="glances"),
    ] = ()


@published("rings/source/<name>")
@dataclass(frozen=True)
class SourceRing(Published):
    """Where the pictures of a source are."""

    name: str
    ring: Annotated[str, Field("its name in this machine's shared memory")] = ""


@published("rings/feed/<name>")
@dataclass(frozen=True)
class FeedRing(Published):
    """Where the pictures of a feed are."""

    name: str
    ring: Annotated[str, Field("its name in this machine's shared memory")] = ""
    width_px: Annotated[int, Field("width of its pictures")] = 0
    height_px: Annotated[int, Field("height of its pictures")] = 0
    rate_hz: Annotated[float, Field("pictures a second")] = 0.0


def auxiliaries(state: ShowState, now_s: float) -> Iterator[Published]:
    for name, aux in state.feeds.auxes.items():
        yield AuxStatus(name, aux.shows, aux.label)


def feeds(state: ShowState, made: Collection[str]) -> Iterator[Published]:
    """made: those that are made now, besides program."""
    for name in state.feeds.names:
        yield FeedStatus(name, name == "program" or name in made)
