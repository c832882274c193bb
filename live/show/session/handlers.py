"""The show itself, by hand."""

from __future__ import annotations

from live.show.handling import carries_out
from live.show.session import commands as c
from live.show.state import ShowState


@carries_out(c.ShowPanic)
def _panic(state: ShowState, command: c.ShowPanic, by: str, now_s: float) -> None:
    state.authority.panic(now_s=now_s)
    state.panic = True
    state.proposal = None


@carries_out(c.ShowMarker)
def _marker(state: ShowState, command: c.ShowMarker, by: str, now_s: float) -> None:
    state.log("marker", by, text=command.text)


@carries_out(c.ShowEnd)
def _end(state: ShowState, command: c.ShowEnd, by: str, now_s: float) -> None:
    state.ended = True


@carries_out(c.MultiviewWant)
def _want(state: ShowState, command: c.MultiviewWant, by: str, now_s: float) -> None:
    state.want_preview_until_s = now_s + command.seconds
