"""From sound to words that stay: what to recognise when, and which of the recognised words are certain. A pure core:
the model, the clock and the rings are elsewhere.

A recogniser such as Whisper hears a whole utterance at once. Live, it hears the utterance so far again and again, and
the end of what it makes of it still changes. So a word is given out when two successive passes agree on it (local
agreement: Liu, Spanakis, Niehues, "Low-latency sequence-to-sequence speech recognition and translation by partial
hypothesis selection", Interspeech 2020), or when the speaker pauses.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]

RATE_HZ = 16_000
STEP = RATE_HZ * 7 // 10  # new sound between two passes
PRE_ROLL = RATE_HZ * 2 // 5  # kept from before speech was noticed: a soft first sound
PAUSE = RATE_HZ // 2  # silence that ends an utterance
TRIM = 7 * RATE_HZ  # an utterance longer than this loses the words that are certain, at their end
LIMIT = 10 * RATE_HZ  # what a pass may hear; more means that passes come too slowly
BACKLOG = 3  # utterances that wait for their last pass
_EDGE = RATE_HZ // 4  # a word that ends nearer to the end of the sound may still grow
_KEEP = 30  # certain words that are remembered: more than fit into LIMIT and some before them


@dataclass(frozen=True)
class Heard:
    """A recognised word, with its own leading space. Sample numbers at RATE_HZ."""

    text: str
    start: int
    end: int

    @property
    def plain(self) -> str:
        return "".join(c for c in self.text.casefold() if c.isalnum())


@dataclass
class Utterance:
    """Speech from pause to pause. start: sample number of the first sample in `sound`."""

    start: int
    sound: Samples
    closed: bool = False
    certain: list[Heard] = field(default_factory=list)  # the last words given out
    before: list[Heard] = field(default_factory=list)  # the last pass's words after those
    passed: int = 0  # sample number up to which a pass has heard

    @property
    def end(self) -> int:
        return self.start + len(self.sound)


@dataclass(frozen=True)
class Job:
    """One pass to make: sound (n,) float32 mono at RATE_HZ that starts at a sample number. context: what was said just
    before."""

    utterance: Utterance
    sound: Samples
    start: int
    final: bool
    context: str


@dataclass(frozen=True)
class Result:
    """What a pass has brought: words that are now certain, text that may still change, and whether the speaker pauses
    after it."""

    words: tuple[Heard, ...]
    partial: str
    ends: bool


class Transcriber:
    """One thread. `feed` it sound, do its `job`s one at a time, tell it what was `heard`."""

    def __init__(self) -> None:
        self._now: int | None = None
        self._quiet = 0  # samples since speech
        self._pre_roll = np.zeros(0, np.float32)
        self._waiting: deque[Utterance] = deque()
        self._open: Utterance | None = None
        self._busy = False
        self.skipped = 0  # samples that were never recognised, because passes came too slowly

    @property
    def idle(self) -> bool:
        """Nothing is left to recognise."""
        return self._open is None and not self._waiting and not self._busy

    def feed(self, start: int, sound: Samples, speech: bool) -> None:
        """The next block, (n,) float32 mono; `speech` says whether there is any in it. After a gap everything begins
        anew."""
        if self._now is not None and start != self._now:
            self.pause()
            self._pre_roll = self._pre_roll[:0]
        self._now = start + len(sound)
        if self._open is None and speech:
            self._open = Utterance(start - len(self._pre_roll), self._pre_roll, passed=start)
        if self._open is None:
            self._pre_roll = np.concatenate((self._pre_roll, sound))[-PRE_ROLL:]
            return
        self._open.sound = np.concatenate((self._open.sound, sound))
        self._quiet = 0 if speech else self._quiet + len(sound)
        if self._quiet >= PAUSE:
            self.pause()
        elif len(self._open.sound) > LIMIT:
            self._skip(self._open, len(self._open.sound) - LIMIT // 2)

    def pause(self) -> None:
        """End the utterance that is open: its last pass makes every word certain."""
        if self._open is None:
            return
        self._open.closed = True
        self._pre_roll = self._open.sound[-min(PRE_ROLL, self._quiet) :] if self._quiet else self._open.sound[:0]
        self._waiting.append(self._open)
        self._open, self._quiet = None, 0
        while len(self._waiting) > BACKLOG:
            self.skipped += len(self._waiting.popleft().sound)

    def _skip(self, utterance: Utterance, count: int) -> None:
        """Drop the oldest sound of an utterance unrecognised: the present matters more."""
        self.skipped += count
        utterance.start += count
        utterance.sound = utterance.sound[count:]
        utterance.before = []

    def job(self) -> Job | None:
        """The pass to make now; None while one runs, or when there is nothing new to hear."""
        if self._busy:
            return None
        if self._waiting:
            utterance, final = self._waiting[0], True
        elif self._open is not None and self._open.end - self._open.passed >= STEP:
            utterance, final = self._open, False
        else:
            return None
        self._busy = True
        utterance.passed = utterance.end
        context = "".join(w.text for w in utterance.certain if w.end <= utterance.start)
        return Job(utterance, utterance.sound, utterance.start, final, context)

    def heard(self, job: Job, words: Sequence[Heard]) -> Result:
        """What the pass of a job has found, in order."""
        self._busy = False
        utterance = job.utterance
        if job.final:
            if utterance in self._waiting:
                self._waiting.remove(utterance)
            fresh = _fresh(utterance, words)
            return Result(tuple(fresh), "", True)
        fresh = _fresh(utterance, words)
        sure = _agreed(utterance.before, fresh, job.start + len(job.sound) - _EDGE)
        utterance.certain = (utterance.certain + fresh[:sure])[-_KEEP:]
        utterance.before = fresh[sure:]
        self._trim(utterance)
        return Result(tuple(fresh[:sure]), "".join(w.text for w in fresh[sure:]).strip(), False)

    def _trim(self, utterance: Utterance) -> None:
        """Cut a long utterance where its certain words end, best after a sentence."""
        if len(utterance.sound) <= TRIM or not utterance.certain:
            return
        inside = [w.end for w in utterance.certain if w.end > utterance.start]
        sentences = [w.end for w in utterance.certain if w.end > utterance.start + TRIM // 3 and w.text[-1:] in ".?!"]
        cut = (sentences or inside or [utterance.start])[-1] - utterance.start
        utterance.start += cut
        utterance.sound = utterance.sound[cut:]


def _agreed(before: Sequence[Heard], now: Sequence[Heard], until: int) -> int:
    """How many words two passes begin with in common, none of them ending after `until`."""
    count = 0
    for old, new in zip(before, now, strict=False):
        if old.plain != new.plain or new.end > until:
            break
        count += 1
    return count


def _fresh(utterance: Utterance, words: Sequence[Heard]) -> list[Heard]:
    """The words of a pass that come after those that are certain.

    By the words themselves, not by their times: those move by a tenth of a second from pass to pass, and a short word
    gets lost.
    """
    inside = [w for w in utterance.certain if w.end > utterance.start]
    if inside:
        return list(words[_matching(inside, words) :])
    last = utterance.certain[-1:]
    again = last and words and words[0].plain == last[0].plain and words[0].start - utterance.start < _EDGE
    return list(words[1:] if again else words)  # a cut leaves the end of a word behind


def _matching(certain: Sequence[Heard], words: Sequence[Heard]) -> int:
    """How many words at the beginning are those that are certain: the beginning with the smallest edit distance to
    them, of several the one that ends nearest to where they end."""
    row = list(range(len(words) + 1))
    for i, old in enumerate(certain, 1):
        diagonal, row[0] = row[0], i
        for j, new in enumerate(words, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (old.plain != new.plain))
    until = certain[-1].end
    return min(range(len(row)), key=lambda j: (row[j], abs((words[j - 1].end if j else certain[0].start) - until)))
