"""What the microphones hear: level, speech, music, beat, in 20 ms blocks. A pure core: no rings, no clock, no device.

The mixer waits for late sources; the listener doesn't, so that a word is known of as soon as it is there. Owner: one
thread (the audio worker, or the engine off line).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from live.audio.alike import Alike
from live.audio.beat import BeatTracker
from live.audio.mixer import BLOCK, FLOOR_DB, Samples, factor, finite, level_db
from live.audio.music import MusicEar
from live.audio.resample import DELAY, Decimator
from live.audio.spectrum import Spectra
from live.audio.voice import Mono, SpeechModel, Voice
from live.base.channels import cancels
from live.base.samples import SAMPLE_RATE
from live.config.desk import DeskOrders
from live.config.microphones import Microphone
from live.sound.hearing import Echo

CANCELLED = 25  # blocks, half a second, after which it is said that two sides cancel
UNKNOWN = math.nan  # nobody can say whether it is speech
LIFTED_DB = -20.0  # level of a voice as the model likes it best
FIRST_LIFT_DB, MOST_LIFT_DB = 12.0, 24.0
LIFT_DB_BLOCK = 0.04  # 2 dB a second of speech; always the same step, so that it is the median that is met
OWN_DB = 1.0  # so near the loudest one a microphone hears its owner
LIFTED_SPEECH = 0.7  # what the model is so sure of
_TUNE_SAMPLES = 1600  # at 16 kHz: music and beat are looked at ten times a second, which costs half of fifty times


@dataclass(frozen=True)
class Heard:
    """After one block; by microphone, in the rig's order, after gain and mute. Levels in dB of full scale over the last
    40 ms.

    until: the sample number after the last one heard. speech: the probability that it is speech, 0 to 1; UNKNOWN
    without a model. echoes: how alike two microphones that hear a voice are.
    beat: the sample number of one beat and the samples from one to the next; None while there is none.
    """

    until: int
    rms_db: Sequence[float]
    peak_db: Sequence[float]
    speech: Sequence[float]
    music: bool = False
    beat: tuple[float, float] | None = None
    echoes: tuple[Echo, ...] = ()


class Lift:
    """The gain with which the speech model hears a microphone: slowly brings its owner's voice, and never its noise, to
    what the model is used to. It begins with 12 dB: in a reverberant or noisy room a voice at -32 dB is not known as
    one without (0.26 of the time right instead of 0.94 at 20 dB of hiss). What a louder microphone hears as well may be
    bleed, which is not to be lifted."""

    def __init__(self) -> None:
        self.gain_db = FIRST_LIFT_DB

    def apply(self, mono: Mono) -> Mono:
        lifted: Mono = np.clip(mono * np.float32(10 ** (self.gain_db / 20)), -1.0, 1.0)
        return lifted

    def learn(self, level_db: float, speech: float) -> None:
        """From a block and what the model says of it."""
        if speech >= LIFTED_SPEECH and level_db > FLOOR_DB:
            wanted_db = min(MOST_LIFT_DB, max(0.0, LIFTED_DB - level_db))
            self.gain_db += min(LIFT_DB_BLOCK, max(-LIFT_DB_BLOCK, wanted_db - self.gain_db))


class _Ear:
    """One microphone."""

    def __init__(self, model: SpeechModel | None, gain: float) -> None:
        self.gain = gain
        self._decimator = Decimator()
        self._voice = None if model is None else Voice(model)
        self.lift = Lift()
        self._before = (0.0, 0.0)  # mean square and peak of the last block
        self.rms_db = self.peak_db = FLOOR_DB

    def hear(self, block: Samples | None) -> Mono | None:
        """Take in a block (BLOCK, 2), None for silence; gives it at 16 kHz, None when there is nothing in it."""
        if block is None or self.gain == 0.0 or not block.any():
            if self._before == (0.0, 0.0):
                self._rest()
                return None
            block = np.zeros((BLOCK, 2), np.float32)
        block = finite(block) * np.float32(self.gain)
        now = (float(np.vdot(block, block)) / block.size, float(np.abs(block).max()))
        self.rms_db = level_db(math.sqrt((now[0] + self._before[0]) / 2))
        self.peak_db = level_db(max(now[1], self._before[1]))
        mono = self._decimator.apply(block)
        if self._voice is not None:
            self._voice.hear(self.lift.apply(mono))
        self._before = now
        return mono

    def _rest(self) -> None:
        """Digital silence costs nothing."""
        self.rms_db = self.peak_db = FLOOR_DB
        if self._voice is not None:
            self._voice.rest()

    @property
    def speech(self) -> float:
        return UNKNOWN if self._voice is None else self._voice.probability


class _Tune:
    """Music and beat in the sum of the microphones."""

    def __init__(self) -> None:
        self._spectra, self._beats = Spectra(), BeatTracker()
        self._music = MusicEar(self._beats)
        self._voice = Spectra()
        self._held = self._spoken = np.zeros(0, np.float32)

    def hear(self, samples: Mono, speech: float, voice: Mono | None = None) -> None:
        """samples: of all microphones. voice: of the loudest one that hears speech."""
        self._held = np.concatenate((self._held, samples))
        self._spoken = np.concatenate((self._spoken, np.zeros_like(samples) if voice is None else voice))
        if len(self._held) >= _TUNE_SAMPLES:
            frames = self._spectra.hear(self._held)
            spoken = self._voice.hear(self._spoken)
            self._beats.hear(frames.onset)
            self._music.hear(frames, speech, spoken if self._spoken.any() else None)
            self._held = self._spoken = self._held[:0]

    @property
    def music(self) -> bool:
        return self._music.music

    def beat(self, start: int) -> tuple[float, float] | None:
        """start: the sample number that the first sample ever heard had."""
        beat = self._beats.beat
        if beat is None:
            return None
        return start - DELAY + beat.at_s * SAMPLE_RATE, beat.period_s * SAMPLE_RATE


class Listener:
    """All microphones of a show."""

    def __init__(
        self,
        microphones: Sequence[Microphone],
        model: SpeechModel | None,
        say: Callable[[str], None] = lambda text: None,
        played: Collection[str] = (),
    ) -> None:
        """say: told once of a microphone whose two sides cancel each other. played: those that are films and jingles:
        their music isn't the room's."""
        self._model, self._say = model, say
        self._cancelling = {m.name: 0 for m in microphones}  # blocks in a row; CANCELLED once it has been said
        self._ears = {m.name: _Ear(model, factor(m.gain_db, m.muted)) for m in microphones}
        self._tune, self._played = _Tune(), frozenset(played)
        self._alike = Alike(len(microphones))
        self._start: int | None = None
        self._until = 0

    def _check_sides(self, blocks: Mapping[str, Samples]) -> None:
        for name, block in blocks.items():
            count = self._cancelling[name]
            if count >= CANCELLED or block[0, 0] == block[0, 1] and not (block[:, 0] - block[:, 1]).any():
                continue  # said; or a mono microphone
            self._cancelling[name] = count + 1 if cancels(block) else 0
            if self._cancelling[name] == CANCELLED:
                self._say(
                    f"{name}: its two channels cancel each other, so the louder one is listened to: turn one of them "
                    f"over (a balanced plug in a stereo socket?), or say channel = 1 in the rig"
                )

    def obey(self, orders: DeskOrders) -> None:
        """Hear the microphones as loud as hands have set them. What the machine does with a microphone (sound follows
        picture, levelling) doesn't count here: it would hear by what it did itself."""
        for name, ear in self._ears.items():
            if (strip := orders.strips.get(name)) is not None:
                before, ear.gain = ear.gain, factor(strip.settings.gain_db, strip.settings.muted)
                if before and not ear.gain:
                    self._start = None  # what it gave is forgotten with it, and is no music by itself

    def hear(self, start: int, blocks: Mapping[str, Samples]) -> Heard:
        """Take in the block from a sample number on: (BLOCK, 2) float32 per microphone; one that is left out is
        silent."""
        if self._start is None or start != self._until:
            self._start, self._tune = start, _Tune()  # time was skipped: the old beat is worth nothing
        self._until = start + BLOCK
        self._check_sides(blocks)
        ears = list(self._ears.values())
        given = [ear.hear(blocks.get(name)) for name, ear in self._ears.items()]
        live = [m for m, name in zip(given, self._ears, strict=True) if m is not None and name not in self._played]
        said = max((e.speech for e in ears if e.speech == e.speech), default=0.0)
        levels_db, speech = [e.rms_db for e in ears], [e.speech for e in ears]
        spoken = [(ear.rms_db, n) for n, ear in enumerate(ears) if ear.speech > 0.5 and given[n] is not None]
        together = np.sum(live, axis=0) if live else np.zeros(BLOCK // 3, np.float32)
        self._tune.hear(together, said, given[max(spoken)[1]] if spoken else None)
        for ear in ears:
            if ear.rms_db > max(levels_db) - OWN_DB:
                ear.lift.learn(ear.rms_db, ear.speech)
        self._alike.hear(given, levels_db, speech)
        return Heard(
            self._until,
            levels_db,
            [e.peak_db for e in ears],
            speech,
            self._tune.music,
            self._tune.beat(self._start),
            self._alike.echoes,
        )
