"""What microphones publish."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from live.control.published import Field, Published, published

SILENCE_DB = -90.0


@published("microphones/<name>")
@dataclass(frozen=True)
class MicrophoneState(Published):
    """A microphone."""

    name: str
    level_db: Annotated[float, Field("of full scale, after gain and mute", at="level")] = SILENCE_DB
    speaking: Annotated[bool, Field("somebody speaks into it", at="level")] = False
    gain_db: Annotated[float, Field("that it is raised by", at="gain")] = 0.0
    muted: Annotated[bool, Field("nobody hears it", at="mute")] = False
