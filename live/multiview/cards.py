"""What each window of a multiview says: read from the state tree, as any console reads it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from live.config.multiviews import Kind
from live.control.view import View
from live.show.cuts.published import PreviewByHand
from live.show.multiviews.published import WindowStatus
from live.show.sound.published import MicrophoneStatus
from live.show.sources.published import SourceStatus


@dataclass(frozen=True)
class Next:
    """The machine's next move is to this shot. left_s and share: of the count-down, None while only a human can take
    it."""

    reason: str
    left_s: float | None
    share: float


@dataclass(frozen=True)
class Card:
    """Everything that is written on and around a window's picture. tally: program, preview or "". seen: its camera is
    on air in another shot.
    key: on the desk, 0 for none. badge: what is wrong with it. unfit: why the shot is nothing to show. meters: channels
    of sound beside it. marks: safe areas are drawn.
    progress: of a transition or its rehearsal, 0 when none runs. clock: how long a player's clip still runs; ending: it
    is about to end.
    """

    kind: Kind
    title: str
    key: int = 0
    tally: str = ""
    seen: bool = False
    badge: str = ""
    next: Next | None = None
    meters: tuple[str, ...] = ()
    marks: bool = False
    progress: float = 0.0
    clock: str = ""
    ending: bool = False
    unfit: str = ""


PROGRAM_SOUND = ("left", "right")  # the meters of what goes out


def tenths(seconds: float) -> float:
    """A count-down is written in tenths: it changes no more often than that."""
    return int(seconds * 10 + 0.999) / 10


def next_of(view: View, shot: str, count_down: tuple[float, float] | None) -> Next | None:
    """What the machine is about to do with a shot."""
    move = view.move
    if move is None or move.shot != shot or view.panic:
        return None
    if count_down is None:
        return Next(move.reason, None, 0.0)
    return Next(move.reason, tenths(count_down[0]), round(count_down[1], 2))


def tally_of(view: View, shot: str) -> str:
    """In a transition both shots are on air."""
    return "program" if shot in (view.program, view.transition.leaving) else "preview" if shot == view.preview else ""


def card(
    window: WindowStatus,
    view: View,
    *,
    count_down: tuple[float, float] | None,
    stalled_s: float,
    marks: bool,
    voices: Mapping[str, tuple[str, ...]],
) -> Card:
    """stalled_s: how old the source's last picture is. voices: the microphones of each source."""
    if window.kind is Kind.PROGRAM:
        transition = view.transition
        progress = round(transition.progress, 2) if transition.kind != "cut" and 0 < transition.progress < 1 else 0.0
        return Card(
            window.kind,
            view.label(view.program),
            0,
            "program",
            meters=PROGRAM_SOUND,
            marks=marks,
            progress=progress,
            **_clip(view, view.source_of(view.program)),
            unfit=view.unfit(view.program),
        )
    if window.kind is Kind.NEXT:
        move = view.move
        if move is None or view.panic:
            return Card(window.kind, "nothing planned")
        return Card(window.kind, view.label(move.shot), next=next_of(view, move.shot, count_down))
    if window.kind is Kind.PREVIEW:
        label = f"rehearsal: {view.label(view.preview)}" if view.rehearsal.on else view.label(view.preview)
        label = f"{label} (by hand)" if view.get(PreviewByHand).on and not view.rehearsal.on else label
        progress = round(view.rehearsal.progress, 2) if 0 < view.rehearsal.progress < 1 else 0.0
        return Card(
            window.kind,
            label,
            0,
            "preview",
            next=next_of(view, view.preview, count_down),
            marks=marks,
            progress=progress,
            unfit=view.unfit(view.preview),
        )
    if window.kind not in (Kind.SHOT, Kind.SOURCE):
        return Card(
            window.kind,
            window.label,
            meters=tuple(m.name for m in view.all(MicrophoneStatus)) + PROGRAM_SOUND
            if window.kind is Kind.AUDIO
            else (),
        )
    camera = window.source if window.kind is Kind.SHOT else window.name
    on_air = view.get(SourceStatus, camera).tally
    badge, meters = _badge(view, camera, stalled_s), voices.get(camera, ())
    if window.kind is Kind.SOURCE:
        return Card(window.kind, window.label, 0, on_air, badge=badge, meters=meters, **_clip(view, camera))
    key = next((s.key for s in view.shots if s.id == window.name), 0)
    tally = tally_of(view, window.name)
    coming = next_of(view, window.name, count_down)
    seen = on_air == "program" and tally != "program"
    unfit = view.unfit(window.name)
    return Card(window.kind, window.label, key, tally, seen, badge, coming, meters, **_clip(view, camera), unfit=unfit)


def _badge(view: View, camera: str, stalled_s: float) -> str:
    source = view.source(camera)
    if source is None or source.healthy:
        return ""
    since = f" {stalled_s:.0f} s" if source.status in ("stalled", "retrying") and stalled_s >= 1 else ""
    return f"{source.status}{since}{f': {source.message}' if source.message else ''}"


def _clip(view: View, camera: str) -> dict[str, Any]:
    """The clock of a player."""
    player = view.player_of(camera)
    return {"clock": player.countdown, "ending": player.running and player.near_end} if player is not None else {}
