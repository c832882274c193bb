"""Which scenes a show has, and who stands in them: the tables `scenes` of a rig."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from live.config.base import ExistingPath, Name, Wrong
from live.config.check import Known, Table


class SceneUse(Table):
    """A scene of this rig: which folder, and which source stands in which place."""

    name: Name
    path: ExistingPath | None = Field(None, description="a scene folder; without it, the scene of this name that ships")
    talent: dict[str, Name] = Field(default_factory=dict, description="place in the scene -> source")

    def cross_check(self, known: Known) -> Iterator[Wrong]:
        for place, source in self.talent.items():
            yield from known.need(f"talent.{place}", source, known.names("sources"), "source")
            if self.name in known.places:
                yield from known.need(f"talent.{place}", place, known.places[self.name], "place in the scene")
