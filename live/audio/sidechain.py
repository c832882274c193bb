"""What automix and ducking go by: the level of each microphone in steps of 2 ms, and whether it is somebody speaking.

The mixer is behind now, so the listener has heard what comes next, most of a tenth of a second of it: as long as the
speech model takes to know a word. So at the first sample of a word it is known to be one, and a cough, a knock, a
slammed door or applause is known to be none. What the listener has not heard yet is judged by its level alone, as long
as it isn't known better.

Pure: vectorised over microphones, sample numbers in, nothing of the clock. Owner: whoever mixes. The thresholds are
ours.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from live.audio.filters import highpass, recursions, settle
from live.audio.listener import Heard
from live.audio.mixer import BLOCK, Samples
from live.base.channels import monos
from live.base.samples import CHANNELS, SAMPLE_RATE

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

HOP = SAMPLE_RATE // 500  # 2 ms: how often a gain is decided on
HOPS = BLOCK // HOP
SILENCE_DB = -120.0
_HIGH_PASS_HZ = 300.0  # steps, doors and hands at the cable are below it, most of a voice is above

SPEECH, STILL_SPEECH = 0.65, 0.4  # probability that opens a microphone, and that keeps it open
NOTICE = (SAMPLE_RATE // 50, SAMPLE_RATE // 10)  # between so far ahead and so far ahead the model has to say so
SURE = 0.8
_KEPT = 120  # blocks: as much later as a microphone may be mixed, and more
_THIN = 4  # 12 kHz is enough to compare two microphones by
_LAGS = SAMPLE_RATE // _THIN // 100
FLOOR_STEPS = 5  # blocks over which a level is smoothed to be taken for noise
FLOOR_S = 8.0  # speech dips to the noise within this time
FIRST_FLOOR_DB = -60.0  # believed until then
LOUD_OVER_FLOOR_DB = 10.0
QUIETEST_DB = -65.0
_NOTHING = 1e-10  # mean square: digital silence, which is no microphone's noise
REST_BLOCKS = 3  # so long not loud, and what was heard is over
NOISE_S = 0.5  # what began as no speech is none for so long, its own echo and a cough's voice included ...
NOISE_RISE_DB = 6.0  # ... unless something so much louder begins in it
_NOISE_BLOCKS = round(NOISE_S * SAMPLE_RATE / BLOCK)


@dataclass(frozen=True)
class Voices:
    """One block, by microphone; levels in dB of full scale, after the fader.

    level_db: (microphones, HOPS). speaks: somebody speaks into it, or its neighbour does and it hears that. coming:
    they do, or are about to, within the tenth of a second that has been heard ahead. sure: the model has no doubt of
    it. loud_db: the most that it gives now and in that tenth, as far as it has been heard. floor_db: its noise. sound:
    the last two blocks, (microphones, samples at 12 kHz).
    """

    level_db: Floats
    speaks: Bools
    coming: Bools
    sure: Bools
    loud_db: Floats
    floor_db: Floats
    sound: Floats

    def explained(self, row: int, *, by: int) -> float:
        """How much of the power of what one microphone hears is what another hears, up to 10 ms earlier or later: 0 to
        1. The highest of the normalised cross-correlation, squared."""
        one, other = self.sound[row], self.sound[by]
        size = 2 * len(one)
        across = np.fft.irfft(np.fft.rfft(one, size) * np.conj(np.fft.rfft(other, size)), size)
        near = max(across[: _LAGS + 1].max(), across[-_LAGS:].max(), -across[: _LAGS + 1].min(), -across[-_LAGS:].min())
        return float(near**2 / max(np.dot(one, one) * np.dot(other, other), 1e-24))


class Sidechain:
    """All microphones. Give it what the listener hears, then block after block of what is mixed."""

    def __init__(self, microphones: Sequence[str]) -> None:
        self.names = tuple(microphones)
        count = len(self.names)
        self._sos, (_, self._filter) = np.stack([highpass(_HIGH_PASS_HZ)] * 2), recursions()
        self._state = np.zeros((2, count, 2))
        self._heard: deque[tuple[int, Floats, Floats]] = deque(maxlen=_KEPT)  # until, probability of speech, level
        self._sound = np.zeros((count, 2 * BLOCK // _THIN))
        self._powers = deque[Floats](maxlen=FLOOR_STEPS)
        self._floors = deque[Floats](maxlen=round(FLOOR_S * SAMPLE_RATE / BLOCK / FLOOR_STEPS))
        self._blocks = 0
        self._floor_db = np.full(count, FIRST_FLOOR_DB)
        self._speaks = np.zeros(count, bool)
        self._rests = np.full(count, REST_BLOCKS)  # blocks in a row that were not loud
        self._barred = np.zeros(count, int)  # blocks for which it is still noise
        self._began_db = np.full(count, np.inf)  # how loud it was when it was judged

    def hear(self, heard: Heard) -> None:
        """What the listener says; in the order of the microphones, each block once."""
        self._heard.append((heard.until, np.asarray(heard.speech, float), np.asarray(heard.rms_db, float)))

    def step(
        self,
        start: int,
        blocks: Mapping[str, Samples],
        faders: Mapping[str, float],
        late: Mapping[str, int] | None = None,
    ) -> Voices:
        """The block (BLOCK, 2) per microphone from a sample number on; one that is left out is silent. faders: what
        each is multiplied with after this, 0 for one that nobody hears. late: how many samples later than it came each
        is mixed."""
        sound = np.zeros((len(self.names), CHANNELS, BLOCK), np.float32)
        for row, name in enumerate(self.names):
            if (block := blocks.get(name)) is not None:
                sound[row] = block.T
        filtered, self._state = self._filter(self._sos, monos(sound), zi=self._state)
        settle(self._state)
        power = np.square(filtered).reshape(len(self.names), HOPS, HOP).mean(2)
        level_db = 10 * np.log10(power + 1e-12)
        thin = filtered.reshape(len(self.names), -1, _THIN).mean(2)
        self._sound = np.concatenate((self._sound[:, BLOCK // _THIN :], thin), 1)
        self._follow_floor(power.mean(1))
        behind = np.array([(late or {}).get(name, 0) for name in self.names])
        said, known, to_come_db = self._ahead(start - behind)
        self._judge(said, known, level_db.max(1))
        factor = np.array([faders.get(name, 0.0) for name in self.names])
        fader_db = 20 * np.log10(np.maximum(factor, 1e-6))
        level_db += fader_db[:, None]
        loud_db = 10 * np.log10(power.mean(1) + 1e-12) + fader_db
        loud_db = np.maximum(loud_db, to_come_db)
        speaks = self._speaks & (factor > 0)
        coming = speaks | (known & (said >= SPEECH) & (self._barred == 0) & (factor > 0))
        sure = (said >= SURE) | ~known
        return Voices(level_db, speaks, coming, sure, loud_db, self._floor_db + fader_db, self._sound)

    def _follow_floor(self, power: Floats) -> None:
        """The least level of the last seconds (minimum statistics), over 0.1 s each."""
        self._powers.append(power)
        self._blocks += 1
        if self._blocks % FLOOR_STEPS == 0:
            mean = np.mean(self._powers, axis=0)
            self._floors.append(np.where(mean > _NOTHING, 10 * np.log10(mean + _NOTHING), FIRST_FLOOR_DB))
            least = np.min(self._floors, axis=0)
            is_young = len(self._floors) < (self._floors.maxlen or 0)
            self._floor_db = np.minimum(least, FIRST_FLOOR_DB) if is_young else least

    def _judge(self, said: Floats, known: Bools, peak_db: Floats) -> None:
        """Speech, noise, or nothing at all."""
        loud = peak_db > np.maximum(self._floor_db + LOUD_OVER_FLOOR_DB, QUIETEST_DB)
        begins = loud & (self._rests >= REST_BLOCKS)
        again = loud & ((peak_db > self._began_db + NOISE_RISE_DB) | (self._barred == 1)) & ~self._speaks
        judged = (begins | again) & known
        is_noise = judged & (said < SPEECH)
        self._barred = np.where(is_noise, _NOISE_BLOCKS, np.where(judged, 0, np.maximum(self._barred - 1, 0)))
        self._began_db = np.where(begins | again, peak_db, self._began_db)
        self._rests = np.where(loud, 0, self._rests + 1)
        over = self._rests >= REST_BLOCKS
        self._barred[over] = 0
        told = said >= np.where(self._speaks, STILL_SPEECH, SPEECH)
        self._speaks = np.where(known, told, loud) & ~over & (self._barred == 0)

    def _ahead(self, starts: npt.NDArray[np.int_]) -> tuple[Floats, Bools, Floats]:
        """How sure the model is of what each microphone hears from a sample number on, whether it has heard enough to
        say, and the highest level that is to come."""
        said, level_db = np.zeros(len(self.names)), np.full(len(self.names), SILENCE_DB)
        known = np.zeros(len(self.names), bool)
        for start in np.unique(starts):
            rows = starts == start
            near = [told for told in self._heard if start + NOTICE[0] < told[0] <= start + NOTICE[1] + BLOCK]
            if not near or near[-1][0] < start + NOTICE[1] - 2 * BLOCK:
                continue  # the listener isn't far enough ahead
            highest = np.max([speech for _, speech, _ in near], axis=0)
            known[rows] = ~np.isnan(highest[rows])
            said[rows] = np.nan_to_num(highest[rows])
            level_db[rows] = np.max([level for _, _, level in near], axis=0)[rows]
        return said, known, level_db
