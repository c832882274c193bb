"""News, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.base.hand import Hand
from live.show.handling import carries_out
from live.show.news import commands as c

if TYPE_CHECKING:
    from live.show import ShowState


@carries_out(c.SourceNews)
def _news(state: ShowState, command: c.SourceNews, hand: Hand, now_s: float) -> None:
    state.news.tell(command.source, now_s)
