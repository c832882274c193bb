"""Microphones that say where in the room somebody talks, ceiling arrays: the tables `arrays`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from live.config.base import Model, Name, Pair, Wrong
from live.config.check import Known, Table
from live.config.surface import Port

Degrees = Annotated[float, Field(ge=0, le=360)]


class Zone(Model):
    """A part of the room, and who sits there."""

    person: Name
    area: Annotated[int, Field(ge=1, le=8)] | None = Field(
        None, description="shure: the number of a coverage area, or of a lobe where it has none"
    )
    azimuth_deg: Pair | None = Field(
        None, description="sennheiser: from one angle to another, 0 to 360; [330, 30] goes through 0"
    )

    def holds(self, azimuth_deg: float) -> bool:
        """Does an angle lie in it?"""
        if self.azimuth_deg is None:
            return False
        first, last = self.azimuth_deg
        return first <= azimuth_deg <= last if first <= last else azimuth_deg >= first or azimuth_deg <= last


class ArrayConfig(Table):
    """A ceiling array. What it says counts as `/people/<name>/speaking`. Its kind says which protocol it speaks; a
    function `talk(config)` in the kind's module makes what listens to it.
    """

    zone_needs: ClassVar[Literal["area", "azimuth_deg"]]

    kind: str
    name: Name
    host: str = Field(description="its address")
    port: Port
    zones: Annotated[list[Zone], Field(min_length=1, max_length=32)]

    def cross_check(self, known: Known) -> Iterator[Wrong]:
        if self.name == "osc" or self.name in known.names("surfaces"):
            yield Wrong("name", f"a surface is called {self.name}", "give it another name")
        for n, zone in enumerate(self.zones, 1):
            yield from known.need(f"zones[{n}].person", zone.person, known.names("people"), "person")
            if getattr(zone, self.zone_needs) is None:
                yield Wrong(f"zones[{n}]", f"it has no {self.zone_needs}", f"say where it is: {self.zone_needs}")
