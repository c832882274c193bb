"""What the meters of the sound desk read: plain values, as the mixer measured them and everybody else looks at them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

FLOOR_DB = -120.0  # what silence reads
SILENCE_LUFS = -70.0  # the absolute gate of BS.1770: what is quieter reads as this
SECTIONS = ("gate", "compressor", "deesser", "limiter", "automix", "ducking")  # of a strip that turn it down
NO_REDUCTION = (0.0,) * len(SECTIONS)


@dataclass(frozen=True)
class Level:
    """Of a strip before its fader, or of the program; dB of full scale.

    rms_db: over 300 ms; hold_db: the highest sample of the last two seconds. clips: for how many tenths of a second it
    was at full scale as it came, since a hand cleared that. phase: correlation of its two sides, from -1 (they cancel)
    to 1; None for one that is mono or silent. reduction: by how much each of SECTIONS turns it down, dB. low_db: what
    of it lies below a voice, under 75 Hz, over 300 ms.
    """

    rms_db: float = FLOOR_DB
    peak_db: float = FLOOR_DB
    hold_db: float = FLOOR_DB
    clips: int = 0
    phase: float | None = None
    reduction: tuple[float, ...] = NO_REDUCTION
    low_db: float = FLOOR_DB


@dataclass(frozen=True)
class Loudness:
    """Of the program. momentary_lufs: over 400 ms; short_lufs: over 3 s; integrated_lufs, range_lu, true_peak_db: since
    the measure began. What is silent reads SILENCE_LUFS."""

    momentary_lufs: float = SILENCE_LUFS
    short_lufs: float = SILENCE_LUFS
    integrated_lufs: float = SILENCE_LUFS
    range_lu: float = 0.0
    true_peak_db: float = SILENCE_LUFS


@dataclass(frozen=True)
class Metered:
    """until: the sample number after the last one that was measured. strips: by name, microphones, players and groups.
    speech_lufs: by microphone, its loudness before its fader over the last three seconds in which its owner spoke; left
    out until they have spoken for one. leader: the microphone that leads the automix; "" for none.
    """

    until: int = 0
    strips: Mapping[str, Level] = field(default_factory=dict)
    speech_lufs: Mapping[str, float] = field(default_factory=dict)
    program: Level = Level()
    loudness: Loudness = Loudness()
    leader: str = ""


def silenced(metered: Metered) -> Metered:
    """What is left of it when nobody measures any more: nothing is heard, and what has been measured so far stands."""
    strips = {name: Level(clips=level.clips) for name, level in metered.strips.items()}
    loudness = replace(metered.loudness, momentary_lufs=SILENCE_LUFS, short_lufs=SILENCE_LUFS)
    return replace(metered, until=metered.until + 1, strips=strips, program=Level(), loudness=loudness)


UNMETERED = Metered()  # nothing has been heard
