"""Which scenes a show has, and who stands in them: the tables `scenes` of a rig."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from live.config.base import ExistingPath, Name, PictureName, Wrong
from live.config.check import Known, Table
from live.config.within import BUSES, howl, made_of, way


class SceneUse(Table):
    """A scene of this rig: which folder, and which source stands in which place."""

    name: Name
    path: ExistingPath | None = Field(None, description="a scene folder; without it, the scene of this name that ships")
    talent: dict[str, PictureName] = Field(
        default_factory=dict,
        description="place in the scene -> a source; or a shot of another scene, an auxiliary, a multiview",
    )

    speakers: list[Name] = Field(
        default_factory=list,
        description=(
            "places of layers that are filled by who speaks: whoever had the floor last stands in one of them, in the "
            "camera that sees them best; `talent` says who stands there at first"
        ),
    )

    def cross_check(self, known: Known) -> Iterator[Wrong]:
        sources = known.names("sources")
        others = {*(known.shots or ()), *known.names("auxiliaries"), *known.names("multiviews")}
        for place, name in self.talent.items():
            if name not in sources and (round_trip := self._round_trip(name, known)):
                yield Wrong(f"talent.{place}", howl(round_trip), "put something else there")
            elif known.shots is not None or "/" not in name:
                what = "shot" if "/" in name else "source"
                yield from known.need(f"talent.{place}", name, sources | others, what)
            if self.name in known.places:
                yield from known.need(f"talent.{place}", place, known.places[self.name], "place in the scene")

        for n, place in enumerate(self.speakers, 1):
            if self.name in known.places:
                yield from known.need(f"speakers[{n}]", place, known.layer_places[self.name], "layer's place")

    def _round_trip(self, name: str, known: Known) -> tuple[str, ...]:
        """The way from a picture in this scene to the scene itself, or to a bus that may show it."""
        own = {shot for shot in known.shots or () if shot.partition("/")[0] == self.name}
        return way(name, own | BUSES, made_of(known.rig, known.shots or ()))
