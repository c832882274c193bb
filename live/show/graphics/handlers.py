"""Graphics, and the queue of names, by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from live.base.errors import CommandError
from live.base.hand import Hand
from live.config.graphics import NOBODY
from live.director.authority import Key
from live.show.graphics import commands as c
from live.show.graphics.desk import GRAPHICS
from live.show.graphics.titles import MOST, Title
from live.show.handling import carries_out

if TYPE_CHECKING:
    from live.show import ShowState


@carries_out(c.GraphicShow)
def _show(state: ShowState, command: c.GraphicShow, hand: Hand, now_s: float) -> None:
    state.graphics.show(command.name)


@carries_out(c.GraphicHide)
def _hide(state: ShowState, command: c.GraphicHide, hand: Hand, now_s: float) -> None:
    state.graphics.hide(command.name)


@carries_out(c.GraphicSet)
def _set(state: ShowState, command: c.GraphicSet, hand: Hand, now_s: float) -> None:
    known = state.graphics.fields_of(command.name)
    if command.field not in known:
        raise CommandError(
            f"/graphics/{command.name}/set",
            f"no field is called {command.field!r:.40}",
            f"one of: {', '.join(known) or 'none'}",
        )
    if command.text and command.field in state.graphics.images_of(command.name):
        state.asks.meant(f"/graphics/{command.name}/set", command.text)
    state.graphics.cue(command.name, {command.field: command.text})


@carries_out(c.GraphicTake)
def _take(state: ShowState, command: c.GraphicTake, hand: Hand, now_s: float) -> None:
    if not state.graphics[command.name].visible:
        raise CommandError(f"/graphics/{command.name}/take", "it is not on air", f"/graphics/{command.name}/show")
    state.graphics.take(command.name)


@carries_out(c.GraphicPreview)
def _preview(state: ShowState, command: c.GraphicPreview, hand: Hand, now_s: float) -> None:
    state.graphics[command.name].cued = command.on


@carries_out(c.GraphicLive)
def _live(state: ShowState, command: c.GraphicLive, hand: Hand, now_s: float) -> None:
    state.graphics.set_live(command.name, command.on)


@carries_out(c.GraphicPerson)
def _person(state: ShowState, command: c.GraphicPerson, hand: Hand, now_s: float) -> None:
    known = [person.name for person in state.rig.people]
    if command.who not in (None, NOBODY, *known):
        raise CommandError(
            f"/graphics/{command.name}/person",
            f"no person is called {command.who!r:.40}",
            f"one of: {', '.join((*known, NOBODY))}",
        )
    state.graphics[command.name].person = "" if command.who == NOBODY else command.who


@carries_out(c.GraphicRow)
def _row(state: ShowState, command: c.GraphicRow, hand: Hand, now_s: float) -> None:
    if not state.graphics.set_row(command.name, command.row):
        raise CommandError(f"/graphics/{command.name}/row", "has no data file", "give it one in the rig (data)")
    state.graphics.cue(command.name)


# -- the queue of names


@carries_out(c.TitlesNext)
def _next(state: ShowState, command: c.TitlesNext, hand: Hand, now_s: float) -> Sequence[Key]:
    return _cued(state, "/titles/next", state.graphics.titles.at + 1)


@carries_out(c.TitlesPrevious)
def _previous(state: ShowState, command: c.TitlesPrevious, hand: Hand, now_s: float) -> Sequence[Key]:
    return _cued(state, "/titles/previous", state.graphics.titles.at - 1)


@carries_out(c.TitlesCue)
def _cue(state: ShowState, command: c.TitlesCue, hand: Hand, now_s: float) -> Sequence[Key]:
    return _cued(state, "/titles/cue", command.number)


@carries_out(c.TitlesShow)
def _show_title(state: ShowState, command: c.TitlesShow, hand: Hand, now_s: float) -> Sequence[Key]:
    name = _graphic(state, "/titles/show")
    if state.graphics.titles.current is None:
        _cued(state, "/titles/show", 1)
    state.graphics.show(name)
    return [(GRAPHICS, name)]


@carries_out(c.TitlesClear)
def _clear(state: ShowState, command: c.TitlesClear, hand: Hand, now_s: float) -> Sequence[Key]:
    name = _graphic(state, "/titles/clear")
    state.graphics.hide(name)
    return [(GRAPHICS, name)]


@carries_out(c.TitlesAdd)
def _add(state: ShowState, command: c.TitlesAdd, hand: Hand, now_s: float) -> Sequence[Key]:
    if not command.title.strip():
        raise CommandError("/titles/add", "a name without a letter", "give a name")
    if not state.graphics.titles.add(command.title.strip(), command.subtitle.strip()):
        raise CommandError("/titles/add", f"{MOST} names are there", "/titles/remove one first")
    return []


@carries_out(c.TitlesRemove)
def _remove(state: ShowState, command: c.TitlesRemove, hand: Hand, now_s: float) -> Sequence[Key]:
    titles = state.graphics.titles
    title = _title(state, "/titles/remove", command.number)
    if not titles.remove(command.number):
        where = {"people": "the people of the rig", "file": "its file"}[title.origin]
        raise CommandError("/titles/remove", f"{title.title} comes from {where}", "take it out there, or leave it be")
    return []


def _cued(state: ShowState, address: str, number: int) -> Sequence[Key]:
    """A name of the queue is in hand: preview shows it."""
    name, title = _graphic(state, address), _title(state, address, number)
    state.graphics.titles.at = number
    state.graphics.cue(name, state.graphics.says(name, title))
    return [(GRAPHICS, name)]


def _title(state: ShowState, address: str, number: int) -> Title:
    known = state.graphics.titles.all
    if not known:
        raise CommandError(address, "no name is in the queue", "/titles/add one, or give the rig [[people]] or a file")
    if not 0 < number <= len(known):
        what = "that was the last name" if number > len(known) else "that was the first name"
        raise CommandError(address, what, f"/titles/cue 1 to {len(known)}, or /titles/add one")
    return known[number - 1]


def _graphic(state: ShowState, address: str) -> str:
    if (name := state.graphics.title_graphic) is None:
        raise CommandError(address, "the rig has no graphic that names a person", "give it one: template lower_third")
    return name
