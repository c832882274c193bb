"""The captions of a show: sound in, steps of captions and cues out. All but rings, clock and threads; live and off line
share it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from live.base.clock import NS
from live.base.errors import LiveError
from live.base.samples import time_of_sample
from live.captions.cues import Cue, CueBuilder, CueFile
from live.captions.ear import BLOCK, DECIMATION, Downsampler, SpeechGate
from live.captions.recogniser import Recogniser
from live.captions.transcriber import RATE_HZ, Heard, Job, Samples, Transcriber
from live.captions.translate import Translator, load_hook, spread
from live.captions.voices import Voices
from live.config.captions import CaptionsConfig
from live.config.microphones import Microphone
from live.config.people import Person
from live.sound.spoken import Said, Word

SOUND_BLOCK = BLOCK * DECIMATION  # samples at 48 kHz that `hear` takes at a time, 128 ms
_KEPT_CUES = 64  # cues that may wait until it is known when the recording began
_LATENCIES = 256


@dataclass(frozen=True)
class CaptionsSetup:
    """What captions need of the rig. folder: the rig's."""

    config: CaptionsConfig
    microphones: tuple[Microphone, ...]
    people: tuple[Person, ...]
    folder: Path


class Captioner:
    """One thread, but for `recognise`. say: a line for the show log. Raises ModelError when it can't begin."""

    def __init__(self, setup: CaptionsSetup, say: Callable[[str], None], *, fresh: bool = True) -> None:
        config = setup.config
        self._say = say
        self._recogniser = Recogniser(config.model, config.language, english=config.translate == "english")
        self._ear, self._gate, self._transcriber = Downsampler(), SpeechGate(), Transcriber()
        self._voices = Voices(setup.microphones, setup.people)
        self._translator = self._make_translator(setup)
        self._sentences = CueBuilder(rows=6, longest_ns=12 * NS, sentence=0)  # what a translator is given
        self._cues = CueBuilder()
        self._file = self._open(setup, fresh)
        self._kept: list[Cue] = []
        self.zero_ns: int | None = None  # time of the sound at the recording's first picture, once it is known
        self.latencies_s: list[float] = []
        self._skipped = 0

    def _make_translator(self, setup: CaptionsSetup) -> Translator | None:
        name, timeout_s = setup.config.translate, setup.config.translate_timeout_s
        if name is None or name == "english":
            return None
        try:
            hook = load_hook(name, setup.folder, timeout_s)
        except LiveError as error:
            self._say(f"{error}; captions go on untranslated")
            return None
        return Translator(hook, name if isinstance(name, str) else name[0], timeout_s, self._say)

    def _open(self, setup: CaptionsSetup, fresh: bool) -> CueFile | None:
        if setup.config.file is None:
            return None
        try:
            return CueFile(setup.config.file, {p.name: p.label for p in setup.people}, fresh=fresh)
        except OSError as error:
            self._say(
                f"captions file: {setup.config.file.name} can't be written ({error.strerror}); captions go on "
                f"without it"
            )
            return None

    # -- sound in -----------------------------------------------------------------------------------------------------

    def hear(self, start: int, program: Samples, voices: Sequence[Samples]) -> None:
        """SOUND_BLOCK samples (n, 2) of the program from a sample number (a multiple of SOUND_BLOCK) on, and the same
        of each microphone."""
        self._voices.hear(start, voices)
        sound = self._ear.take(program)
        self._transcriber.feed(start // DECIMATION, sound, self._gate.speech(sound))
        if self._transcriber.skipped > self._skipped:
            lost_s = (self._transcriber.skipped - self._skipped) / RATE_HZ
            self._skipped = self._transcriber.skipped
            self._say(f"captions: fell behind, {lost_s:.1f} s of speech were skipped")

    @property
    def skipped_s(self) -> float:
        """Speech that was never recognised, because the machine was too slow."""
        return self._transcriber.skipped / RATE_HZ

    @property
    def idle(self) -> bool:
        """Nothing is left to recognise or to translate."""
        return self._transcriber.idle and (self._translator is None or self._translator.idle)

    def pause(self) -> None:
        """The sound is at its end."""
        self._transcriber.pause()

    # -- recognition --------------------------------------------------------------------------------------------------

    def job(self) -> Job | None:
        """What to recognise now, if anything."""
        return self._transcriber.job()

    def recognise(self, job: Job) -> list[Heard]:
        """Takes its time; may run in another thread."""
        return self._recogniser.hear(job.sound, job.start, job.context)

    # -- captions out -------------------------------------------------------------------------------------------------

    def done(self, job: Job, words: Sequence[Heard], now_ns: int) -> list[Said]:
        """The captions that a job brought."""
        result = self._transcriber.heard(job, words)
        said: list[Said] = []
        for heard in result.words:
            word = Word(heard.text, time_of_sample(heard.start * DECIMATION), time_of_sample(heard.end * DECIMATION))
            speaker = self._voices.who(word.start_ns, word.end_ns)
            if said and said[-1].speaker == speaker:
                said[-1] = Said(speaker, (*said[-1].words, word))
            else:
                said.append(Said(speaker, (word,)))
            self.latencies_s.append((now_ns - word.end_ns) / NS)
        del self.latencies_s[:-_LATENCIES]
        last = said[-1] if said else Said()
        said[-1:] = [Said(last.speaker, last.words, result.partial, result.ends)]
        if self._translator is None:
            self._write(said)
            return said
        for step in said:
            for sentence in self._sentences.add(step):
                self._translator.put(sentence, now_ns)
        return [Said(partial=f"{last.text} {result.partial}".strip())]

    def translated(self, now_ns: int, *, wait: bool = False) -> list[Said]:
        """The translations that are there (off line: all)."""
        if self._translator is None:
            return []
        said = [
            Said(cue.speaker, spread(text, cue), ends=True) for cue, text in self._translator.take(now_ns, wait=wait)
        ]
        self._write(said)
        return said

    def latency_s(self) -> tuple[float, float]:
        """From the end of a word to its caption: median and 90th percentile of the last few."""
        if not self.latencies_s:
            return 0.0, 0.0
        p50, p90 = np.percentile(self.latencies_s, (50, 90))
        return float(p50), float(p90)

    # -- the file -----------------------------------------------------------------------------------------------------

    def _write(self, said: Sequence[Said]) -> None:
        if self._file is not None:
            self._put([cue for step in said for cue in self._cues.add(step)])

    def _put(self, cues: Sequence[Cue]) -> None:
        self._kept = [*self._kept, *cues][-_KEPT_CUES:]
        if self.zero_ns is None or self._file is None:
            return
        try:
            for cue in self._kept:
                self._file.put(cue, self.zero_ns)
        except OSError as error:
            self._say(f"captions file: can't be written any more ({error.strerror}); captions go on without it")
            self._file = None
        self._kept = []

    def close(self) -> None:
        """Write what is open, close the file."""
        if self._translator is not None:
            self._translator.close()
        self._put(list(self._cues.end()))
        if self._file is not None:
            self._file.close()
