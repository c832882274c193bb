"""The players on the desk's page M: what each plays, how long still, and its buttons."""

from __future__ import annotations

from collections.abc import Callable

from imgui_bundle import imgui

from live.console.widgets import DIM, Widgets, choice
from live.show.players.published import PlayerStatus

Send = Callable[..., None]
_TEXT = (0.9, 0.92, 0.95, 1.0)
_GREEN = (0.35, 0.83, 0.47, 1.0)
_RED = (1.0, 0.35, 0.3, 1.0)
_CUES = 6  # that have a button


def draw(players: tuple[PlayerStatus, ...], send: Send, widgets: Widgets, unit: float) -> None:
    for player in players:
        _line(player, unit)
        _buttons(player, send, widgets, unit)
        _cues(player, send)


def _line(player: PlayerStatus, unit: float) -> None:
    imgui.text_colored(DIM, player.name)
    imgui.same_line(90 * unit)
    colour = _RED if player.near_end else _GREEN if player.running else _TEXT
    imgui.text_colored(colour, f"{player.countdown}  {player.status}")
    imgui.same_line(210 * unit)
    words = f"{player.clip}/{len(player.clips)} {player.title}"
    if player.cue:
        words += f"   {player.cue} in {player.cue_in_s:.0f} s"
    if player.next:
        words += f"   then {player.next}"
    imgui.text_colored(_TEXT, words[:64])


def _buttons(player: PlayerStatus, send: Send, widgets: Widgets, unit: float) -> None:
    at = f"/players/{player.name}"
    if (runs := widgets.switch(f"{'Pause' if player.running else 'Play'}###play {at}", player.running)) is not None:
        send(f"{at}/{'play' if runs else 'pause'}")
    for label, does in (("Stop", "stop"), ("<<", "previous"), (">>", "next")):
        imgui.same_line()
        if imgui.button(f"{label}##{at}"):
            send(f"{at}/{does}")
    imgui.same_line()
    if (loops := widgets.switch(f"Loop##{at}", player.loop)) is not None:
        send(f"{at}/loop", int(loops))
    imgui.same_line()
    clips = [f"{number} {title}" for number, title in enumerate(player.clips, 1)]
    now = clips[player.clip - 1] if 0 < player.clip <= len(clips) else ""
    if clip := choice(f"##cue{at}", f"cue: {now}", clips, 250 * unit, chosen=now):
        send(f"{at}/cue", clip.partition(" ")[0])


def _cues(player: PlayerStatus, send: Send) -> None:
    if not player.cues:
        return
    imgui.text_colored(DIM, "go to")
    for name in player.cues[:_CUES]:
        imgui.same_line()
        if imgui.button(f"{name}##{player.name}"):
            send(f"/players/{player.name}/goto", name)
