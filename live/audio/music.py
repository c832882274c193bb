"""Does it sound like music? Pure.

Music is what sounds without a break and is not speech, and in which either partials stand still for a tenth of a second
or a beat can be felt. Speech has gaps (two fifths of its frames are under half of its mean level), noise has neither
partials nor a beat. While somebody talks into a microphone of theirs, whatever sounds in the others is no music to go
by: an instrument that is tried, applause, what a loudspeaker plays. Who sings holds notes. Shares measured on two
pieces, a loop, five recordings of speech, noises, applause and typing; singing counts once its beat is clear.
"""

from __future__ import annotations

import numpy as np

from live.audio.beat import BeatTracker
from live.audio.spectrum import HOP_HZ, Frames

WINDOW_S = 3.0
EVERY_S = 0.5
QUIETEST = 10 ** (-50 / 10)  # mean square: -50 dB
SPEECH = 0.4  # of the time: what speaks so much isn't music, unless it has a beat
GAPS, GAPS_IN_BEAT = 0.3, 0.6  # share of frames under half of the mean level; drums leave more of them
TONAL = 0.26
SUNG = 0.3  # a voice that is more tonal holds notes
BEAT, BEAT_OVER_SPEECH = 0.3, 0.4
VOTES = 4  # looks in a row that must agree before the answer changes: 2 s


class MusicEar:
    """Fed with frames and the probability of speech meanwhile; `music` is what it believes."""

    def __init__(self, beat: BeatTracker) -> None:
        self._beat = beat
        self._power = np.zeros(0, np.float32)
        self._tonal = np.zeros(0, np.float32)
        self._speech = np.zeros(0, np.float32)
        self._voice = np.zeros(0, np.float32)  # how tonal the voice is, no number where nobody speaks
        self._fresh = 0
        self._votes = 0
        self.music = False

    def hear(self, frames: Frames, speech: float, voice: Frames | None = None) -> None:
        """frames: of everything. voice: of the loudest microphone that hears speech, the same time; None for none."""
        keep = int(WINDOW_S * HOP_HZ)
        count = len(frames.power)
        self._power = np.concatenate((self._power, frames.power))[-keep:]
        self._tonal = np.concatenate((self._tonal, frames.tonal))[-keep:]
        self._speech = np.concatenate((self._speech, np.full(count, speech, np.float32)))[-keep:]
        voiced = np.full(count, np.nan, np.float32) if voice is None else voice.tonal
        self._voice = np.concatenate((self._voice, voiced))[-keep:]
        self._fresh += count
        if self._fresh >= EVERY_S * HOP_HZ and len(self._power) == keep:
            self._fresh = 0
            self._votes = self._votes + 1 if self._sounds_so() != self.music else 0
            if self._votes >= VOTES:
                self.music, self._votes = not self.music, 0

    def _sounds_so(self) -> bool:
        if self._power.mean() < QUIETEST:
            return False
        size = np.sqrt(self._power)
        gaps = float(np.mean(size < 0.5 * size.mean()))
        spoken = float(np.mean(self._speech > 0.5))
        if self._is_talk():
            return False
        if spoken > SPEECH:
            return self._beat.clear > BEAT_OVER_SPEECH and gaps < GAPS
        in_beat = self._beat.clear > BEAT and gaps < GAPS_IN_BEAT
        return in_beat or (gaps < GAPS and float(self._tonal.mean()) > TONAL)

    def _is_talk(self) -> bool:
        told = self._voice[~np.isnan(self._voice)]
        return len(told) > SPEECH * len(self._voice) and float(told.mean()) < SUNG
