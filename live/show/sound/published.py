"""What microphones publish."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from live.control.published import Field, Published, published

if TYPE_CHECKING:
    from live.show import ShowState

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


def microphones(state: ShowState, levels_db: Mapping[str, float], speaking: Mapping[str, bool]) -> Iterator[Published]:
    """levels_db: of each; speaking: people."""
    voices = {p.microphone for p in state.rig.people if speaking.get(p.name, False)}
    for name, (gain_db, muted) in state.microphones.faders.items():
        level_db = round(float(levels_db.get(name, SILENCE_DB)), 1)
        yield MicrophoneStatus(name, level_db, name in voices, round(gain_db, 1), muted)
