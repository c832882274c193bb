"""The players on the desk's second page: what each plays, how long still, and its buttons."""

from __future__ import annotations

from collections.abc import Callable

from imgui_bundle import imgui

from live.show.players.published import PlayerStatus

Send = Callable[..., None]
_DIM = (0.6, 0.64, 0.68, 1.0)
_TEXT = (0.9, 0.92, 0.95, 1.0)
_GREEN = (0.35, 0.83, 0.47, 1.0)
_RED = (1.0, 0.35, 0.3, 1.0)
_CUES = 6  # that have a button


def height(players: tuple[PlayerStatus, ...]) -> float:
    """In pixels of the design."""
    return sum(70 + (36 if p.cues else 0) for p in players)


def draw(players: tuple[PlayerStatus, ...], send: Send, toggle: Callable[[str, bool], bool], unit: float) -> None:
    """toggle(label, lit): draws a button; True when it was pressed."""
    for player in players:
        _line(player, unit)
        _buttons(player, send, toggle, unit)
        _cues(player, send)


def _line(player: PlayerStatus, unit: float) -> None:
    imgui.text_colored(_DIM, player.name)
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


def _buttons(player: PlayerStatus, send: Send, toggle: Callable[[str, bool], bool], unit: float) -> None:
    at = f"/players/{player.name}"
    if toggle(f"{'Pause' if player.running else 'Play'}##{at}", player.running):
        send(f"{at}/{'pause' if player.running else 'play'}")
    for label, does in (("Stop", "stop"), ("<<", "previous"), (">>", "next")):
        imgui.same_line()
        if imgui.button(f"{label}##{at}"):
            send(f"{at}/{does}")
    imgui.same_line()
    if toggle(f"Loop##{at}", player.loop):
        send(f"{at}/loop", int(not player.loop))
    imgui.same_line()
    imgui.set_next_item_width(250 * unit)
    if imgui.begin_combo(f"##cue{at}", f"cue: {player.clip} {player.title}"):
        for number, title in enumerate(player.clips, 1):
            if imgui.selectable(f"{number} {title}", number == player.clip)[0]:
                send(f"{at}/cue", str(number))
        imgui.end_combo()


def _cues(player: PlayerStatus, send: Send) -> None:
    if not player.cues:
        return
    imgui.text_colored(_DIM, "go to")
    for name in player.cues[:_CUES]:
        imgui.same_line()
        if imgui.button(f"{name}##{player.name}"):
            send(f"/players/{player.name}/goto", name)
