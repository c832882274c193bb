"""The automatic director's style, by hand. Neither is a hand on the cuts: the director goes on, in another way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.base.errors import CommandError
from live.base.hand import Hand
from live.config.style import Style, for_rig, styled
from live.show.handling import carries_out
from live.show.styles import commands as c

if TYPE_CHECKING:
    from live.show import ShowState


@carries_out(c.DirectorStyle)
def _style(state: ShowState, command: c.DirectorStyle, hand: Hand, now_s: float) -> None:
    style = state.show.styles.get(command.name)
    if style is None:
        known = ", ".join(sorted(state.show.styles)) or "none"
        raise CommandError("/director/style", f"no style is called {command.name!r:.60}", f"one of: {known}")
    try:
        state.styles.style = for_rig(style, state.rig.director)
    except ValueError as error:
        raise CommandError(
            "/director/style", str(error), "the rig's min_shot_s and max_shot_s go before a style's"
        ) from None
    state.styles.name = command.name


@carries_out(c.DirectorStyleSet)
def _set(state: ShowState, command: c.DirectorStyleSet, hand: Hand, now_s: float) -> None:
    is_switch = Style.model_fields[command.parameter].annotation is bool
    if is_switch and command.value not in (0.0, 1.0):
        raise CommandError("/director/style/set", f"{command.parameter} is a switch", "give 1 or 0")
    try:
        state.styles.style = styled(
            state.styles.style, {command.parameter: bool(command.value) if is_switch else command.value}
        )
    except ValueError as error:
        raise CommandError("/director/style/set", str(error), "nothing has changed") from None
