"""What microphones publish."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from live.control.published import Field, Published, published

SILENCE_DB = -90.0


@published("microphones/<name>")
@dataclass(frozen=True)
class MicrophoneStatus(Published):
    """A microphone."""

    name: str
    level_db: Annotated[float, Field("of full scale, after gain and mute; 0 is the most", at="level")] = SILENCE_DB
    speaking: Annotated[bool, Field("somebody speaks into it", at="level")] = False
    gain_db: Annotated[float, Field("how much it is raised", at="gain")] = 0.0
    muted: Annotated[bool, Field("nobody hears it", at="mute")] = False
