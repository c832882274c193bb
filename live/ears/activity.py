"""Who speaks, from the level of each microphone.

A voice opens a microphone when its level stands well above that microphone's own noise for a moment, and when no other microphone
hears it much louder (bleed). It closes after a pause longer than those between words. Level alone can't tell a voice from a chair
that scrapes; a speech model may take this place, with the same step().

Pure: time comes as an argument. Owner: the engine's thread. The thresholds are ours.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

FLOOR_WINDOW_S = 8.0  # speech dips to the noise within this time
BUCKET_S = 0.5
FIRST_FLOOR_DB = -60.0  # believed until the window is full, so that a voice in the first second counts
SILENCE_DB = -90.0  # digital silence and below
QUIETEST_SPEECH_DB = -48.0
ONSET_OVER_FLOOR_DB = 12.0
OFFSET_OVER_FLOOR_DB = 7.0  # hysteresis: a voice that trails off is still a voice
ONSET_S = 0.06  # two frames: a click isn't a voice
HANGOVER_S = 0.35  # longer than the gaps between words
BLEED_DB = 9.0  # this much quieter than the loudest microphone: its voice, not ours
RELEASE_DB_PER_S = 60.0  # the envelope falls no faster: a gap inside the loud voice opens nobody else
SMOOTH_S = 0.1


@dataclass
class _Mic:
    smooth_db: float = FIRST_FLOOR_DB
    envelope_db: float = SILENCE_DB
    floor: deque[tuple[float, float]] = field(default_factory=deque)  # start of the bucket, its least smoothed level
    since_s: float | None = None  # above the threshold since
    heard_s: float = float("-inf")
    speaking: bool = False


class SpeechActivity:
    """One step per frame: RMS level of each microphone's last frame in dBFS in, who speaks out."""

    def __init__(self, mics: Sequence[str]) -> None:
        self._mics = {name: _Mic() for name in mics}
        self._last_s: float | None = None

    def step(self, now_s: float, levels_db: Mapping[str, float]) -> dict[str, bool]:
        """A microphone that isn't in levels_db, or whose level is no number, is silent."""
        dt_s = 0.0 if self._last_s is None else max(0.0, now_s - self._last_s)
        self._last_s = now_s
        levels = {name: _clean(levels_db.get(name, SILENCE_DB)) for name in self._mics}
        for name, mic in self._mics.items():
            _follow(mic, levels[name], now_s, dt_s)
        loudest_db = max((mic.envelope_db for mic in self._mics.values()), default=SILENCE_DB)
        for name, mic in self._mics.items():
            _decide(mic, levels[name], now_s, dt_s, is_bleed=mic.envelope_db < loudest_db - BLEED_DB)
        return {name: mic.speaking for name, mic in self._mics.items()}

    def floor_db(self, mic: str) -> float:
        """The noise of a microphone as it is believed now, dBFS."""
        return _floor_db(self._mics[mic])


def _clean(level_db: float) -> float:
    return max(SILENCE_DB, min(level_db, 20.0)) if level_db == level_db else SILENCE_DB


def _follow(mic: _Mic, level_db: float, now_s: float, dt_s: float) -> None:
    """Envelope (instant attack, slow release) and noise floor (least smoothed level of the last seconds: minimum statistics)."""
    mic.envelope_db = max(level_db, mic.envelope_db - RELEASE_DB_PER_S * dt_s)
    mic.smooth_db += (level_db - mic.smooth_db) * min(1.0, dt_s / SMOOTH_S)
    if not mic.floor:
        mic.floor.append((now_s, FIRST_FLOOR_DB))
        mic.smooth_db = level_db
    if now_s - mic.floor[-1][0] >= BUCKET_S:
        mic.floor.append((now_s, mic.smooth_db))
    elif len(mic.floor) > 1:
        start_s, least_db = mic.floor[-1]
        mic.floor[-1] = (start_s, min(least_db, mic.smooth_db))
    while now_s - mic.floor[0][0] > FLOOR_WINDOW_S and len(mic.floor) > 1:
        mic.floor.popleft()


def _floor_db(mic: _Mic) -> float:
    return min((level for _, level in mic.floor), default=FIRST_FLOOR_DB)


def _decide(mic: _Mic, level_db: float, now_s: float, dt_s: float, *, is_bleed: bool) -> None:
    over_db = OFFSET_OVER_FLOOR_DB if mic.speaking else ONSET_OVER_FLOOR_DB
    threshold_db = max(_floor_db(mic) + over_db, QUIETEST_SPEECH_DB + over_db - ONSET_OVER_FLOOR_DB)
    if level_db < threshold_db or is_bleed:
        mic.since_s = None
        mic.speaking = mic.speaking and now_s - mic.heard_s < HANGOVER_S
        return
    if mic.since_s is None:
        mic.since_s = now_s - dt_s  # the level is of the frame that just ended
    if mic.speaking or now_s - mic.since_s >= ONSET_S - 1e-9:
        mic.speaking, mic.heard_s = True, now_s
