"""What is published of the sources."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from live.control.published import Field, Published, published

MESSAGE_LENGTH = 120  # characters of what a source said


@published("sources/<name>")
@dataclass(frozen=True)
class SourceStatus(Published):
    """A source."""

    name: str
    label: Annotated[str, Field("for people", at="label")] = ""
    status: Annotated[
        str, Field("how it does", choices=("starting", "live", "stalled", "retrying", "ended"), at="status")
    ] = "starting"
    rate_hz: Annotated[float, Field("pictures a second; 0 of one that is sound alone", at="status")] = 0.0
    message: Annotated[str, Field("what is wrong with it", at="status")] = ""
    tally: Annotated[str, Field("the bus it is on", choices=("program", "preview", ""), at="tally")] = ""

    @property
    def title(self) -> str:
        return self.label or self.name

    @property
    def healthy(self) -> bool:
        return self.status == "live"
