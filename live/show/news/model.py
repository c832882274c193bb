"""What wants to be seen at once, whoever speaks: another slide, people who applaud. Pure; time is an argument."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from live.show.feature import Feature, Frame

if TYPE_CHECKING:
    from live.show import ShowState
    from live.show.cuts.mix import Mix

STALE_S = 8.0  # what could not be shown for so long is no news any more


class News(Feature[None]):
    """When there was news last, by source."""

    def __init__(self, state: ShowState) -> None:
        self._state = state
        self._of = {s.name: s.role for s in state.rig.sources if s.role != "auto"}
        self._counts: dict[str, int] = {}
        self._since_s: dict[str, float] = {}
        self._left_s: dict[tuple[str, str], float] = {}  # mix, shot -> when it was on air last

    @classmethod
    def build(cls, state: ShowState) -> News:
        return cls(state)

    def known(self) -> Mapping[str, Collection[str]]:
        return {"source of news": self._of}

    def tell(self, source: str, now_s: float) -> None:
        """There is something new in it."""
        self._since_s[source] = now_s

    def step(self, frame: Frame) -> None:
        for source, role in self._of.items():
            if role == "slides" and source in frame.sights:
                count = frame.sights[source].slides
                if count > self._counts.setdefault(source, count):
                    self._since_s[source] = frame.now_s
                self._counts[source] = count

    def shots(self, mix: Mix, now_s: float) -> dict[str, str]:
        """The shots of a mix that are news now, each with what there is to say."""
        found: dict[str, str] = {}
        here, style = mix.switcher.program, mix.director.style
        for one in mix.director.candidates:
            if one.role not in ("slides", "audience"):
                continue
            source = next((s for s in mix.seen[one.shot] if self._of.get(s) == one.role), None)
            since_s = self._since_s.get(source or "", float("-inf"))
            lasts_s = style.slide_s if one.role == "slides" else style.audience_s
            key = mix.name, one.shot
            if one.shot == here:
                self._left_s[key] = now_s
                begun_s = mix.switcher.program_since_s
                is_news = since_s > begun_s - STALE_S and now_s - max(since_s, begun_s) < lasts_s
            else:
                is_news = since_s > self._left_s.get(key, -1.0) and now_s - since_s < STALE_S and lasts_s > 0
            if is_news:
                found[one.shot] = _WORDS[one.role]
        return found


_WORDS: Mapping[str, str] = {"slides": "another slide", "audience": "the audience applauds"}
