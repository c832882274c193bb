"""The captions of a show as the engine holds them: what stands on screen, what goes to the encoder, what the log keeps.

The machine writes them; a hand shows, hides or clears them. Engine thread only; time is an argument.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from live.config.edits import RigKey
from live.config.load import Show
from live.config.people import Person
from live.config.rig import Rig
from live.config.template import Template
from live.picture.values import GraphicView
from live.show.feature import Feature
from live.sound.spoken import Said, Turns, columns

if TYPE_CHECKING:
    from live.show import ShowState

COLUMNS, ROWS = 42, 2
LINGER_S = 5.0  # how long the last words stay when nobody speaks
NAME = "captions"  # of the graphic, and of its template
_FOOT = ("bottom", "bottom left")  # where a graphic would stand under the captions


class Roll:
    """Two lines: words go to the end of the lower one; when it is full it moves up."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, words: list[str], opening: str) -> None:
        if opening:
            self.lines.append(opening)
        for word in words:
            if self.lines and columns(self.lines[-1]) + columns(word) <= COLUMNS:
                glue = " " if opening and self.lines[-1] == opening and not word.startswith(" ") else ""
                self.lines[-1] += glue + word
            else:
                self.lines.append(word.lstrip())
        del self.lines[:-ROWS]


@dataclass(frozen=True)
class KeptCaptions:
    """visible: over program."""

    visible: bool


class CaptionDesk(Feature[KeptCaptions]):
    """What a hand and the picture know of the captions. Without [captions] in the rig it stays empty. templates: of the
    graphics; one may be exchanged while it is on."""

    def __init__(self, rig: Rig, templates: Mapping[str, Template]) -> None:
        self._templates = templates
        self._labels = {p.name: p.label for p in rig.people}
        self._by_seat = bool(rig.seats)
        self._owners: dict[str, str] = {}  # of microphones: who has one depends on where they sit
        self.reseated(rig.seated())
        self._turns = Turns(rig.captions.speakers if rig.captions else "none", self._labels)
        self._roll = Roll()
        self._spoken_s = -LINGER_S
        self.there = rig.captions is not None
        self.visible = rig.captions is not None and rig.captions.show
        self.partial = ""
        self._cleared = False

    @classmethod
    def build(cls, state: ShowState) -> CaptionDesk:
        return cls(state.rig, state.show.templates)

    def save(self, now_s: float) -> KeptCaptions:
        return KeptCaptions(self.visible)

    @classmethod
    def rig_keys(cls, kept: KeptCaptions, show: Show) -> Iterator[RigKey]:
        if show.rig.captions is not None:
            yield RigKey(("captions", "show"), kept.visible)

    def restore(self, kept: KeptCaptions, now_s: float) -> None:
        self.visible = self.there and kept.visible

    def reseated(self, people: Sequence[Person]) -> None:
        """Whose words each microphone's are, as people sit now."""
        if self._by_seat:
            worn = [(name, p.name) for p in people for name in p.worn]
            names = [name for name, _ in worn]
            self._owners = {name: person for name, person in worn if names.count(name) == 1}

    @property
    def lines(self) -> tuple[str, str]:
        """The upper and the lower line."""
        upper, lower = ["", "", *self._roll.lines][-ROWS:]
        return upper, lower

    def clear(self) -> None:
        """Take away what stands there, on screen and in the outputs; what is said next comes as ever."""
        self._roll = Roll()
        self.partial = ""
        self._cleared = True

    def say(self, said: list[Said], now_s: float, log: Callable[..., None]) -> list[Said]:
        """One frame: what was said goes on screen and into the log. Returns what the encoder is to have."""
        told = [Said(clear=True)] if self._cleared else []
        self._cleared = False
        for step in said:
            step = self._turns.marked(replace(step, speaker=self._owners.get(step.speaker, step.speaker)))
            self.partial = step.partial
            if step.words:
                self._roll.add([w.text for w in step.words], step.opening)
                self._spoken_s = now_s
                log("caption", "captions", speaker=step.speaker, text=step.text)
                told.append(replace(step, partial=""))
        if self._roll.lines and now_s - self._spoken_s > LINGER_S:
            self._roll = Roll()
        return told

    def views(self, graphics: Collection[GraphicView]) -> tuple[GraphicView, ...]:
        """The overlay, if there is anything to show; over the graphics that are on, or where they leave room."""
        upper, lower = self.lines
        if not self.visible or not lower:
            return ()
        raised = any(g.amount > 0 and self._at_foot(g.template) for g in graphics)
        return (GraphicView(NAME, NAME, (("line1", upper), ("line2", lower), ("raised", str(int(raised)))), 1.0),)

    def _at_foot(self, template: str) -> bool:
        """Does a graphic need the foot of the frame?"""
        return template in self._templates and any(part.anchor in _FOOT for part in self._templates[template].parts)
