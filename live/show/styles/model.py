"""Which style the director cuts in. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from live.config.edits import RigKey
from live.config.load import Show
from live.config.style import PARAMETERS, Style, shipped_styles
from live.show.feature import Feature

if TYPE_CHECKING:
    from live.show import ShowState


@dataclass(frozen=True)
class KeptStyle:
    """The style in use by its name, with its numbers."""

    name: str
    style: Style


class StyleDesk(Feature[KeptStyle]):
    """name: of the style in use; a hand may have changed numbers of it since."""

    undoes = ("name", "style")

    def __init__(self, state: ShowState) -> None:
        self._director = state.mix.director
        self.name = Path(state.rig.director.style).stem

    @classmethod
    def build(cls, state: ShowState) -> StyleDesk:
        return cls(state)

    def save(self, now_s: float) -> KeptStyle:
        return KeptStyle(self.name, self.style)

    @classmethod
    def rig_keys(cls, kept: KeptStyle, show: Show) -> Iterator[RigKey]:
        given, own = show.rig.director.style, show.styles.get(kept.name)
        file = kept.name if kept.name in shipped_styles() else f"styles/{kept.name}.toml"
        yield RigKey(("director", "style"), given if Path(given).stem == kept.name else file)
        numbers = {n: v for n in PARAMETERS if (v := getattr(kept.style, n)) != getattr(own or kept.style, n)}
        for name in ("min_shot_s", "max_shot_s"):  # these have keys of their own
            yield RigKey(("director", name), numbers.pop(name, None))
        yield RigKey(("director", "numbers"), numbers)

    def restore(self, kept: KeptStyle, now_s: float) -> None:
        self.name, self.style = kept.name, kept.style

    @property
    def style(self) -> Style:
        """With its numbers as they are now."""
        return self._director.style

    @style.setter
    def style(self, style: Style) -> None:
        self._director.style = style
