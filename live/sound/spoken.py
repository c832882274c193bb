"""What was said, as it goes from whoever recognises speech to the overlay, the closed captions and the file: plain
values.

A word's text carries its own leading space ("".join makes the sentence), so that scripts without spaces work the same
way. Times are monotonic nanoseconds of the sound, on the same time line as `sample_at`: when it was said, not when it
was recognised.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from live.shm.memory import _Shared

WORD_LIMIT = 48  # characters of one word
PARTIAL_LIMIT = 80  # characters of what may still change
_WORDS_A_PART = 5  # with four bytes a character they surely fit a slot
SLOT = 2048
_SLOTS = 64
_HEAD = 64


@dataclass(frozen=True)
class Word:
    text: str
    start_ns: int
    end_ns: int


@dataclass(frozen=True)
class Said:
    """One step of a caption. speaker: the name of a person of the rig, "" when not known. words: what was added for
    good. partial: what follows them, but may still change. ends: the speaker pauses after it. clear: take away all
    captions there are. opening: what the words are to begin with because somebody else speaks now."""

    speaker: str = ""
    words: tuple[Word, ...] = ()
    partial: str = ""
    ends: bool = False
    clear: bool = False
    opening: str = ""

    @property
    def text(self) -> str:
        return "".join(w.text for w in self.words).strip()

    def parts(self) -> Iterator[Said]:
        """The same in pieces that each fit a slot of a SaidRing."""
        words = self.words
        while len(words) > _WORDS_A_PART:
            yield Said(self.speaker, words[:_WORDS_A_PART], opening=self.opening if words is self.words else "")
            words = words[_WORDS_A_PART:]
        yield replace(
            self,
            words=words,
            partial=self.partial[-PARTIAL_LIMIT:],
            opening=self.opening if words is self.words else "",
        )

    def packed(self) -> bytes:
        """As bytes; at most SLOT - 24 for a piece that `parts` gave."""
        words = [(w.text[:WORD_LIMIT], w.start_ns, w.end_ns) for w in self.words]
        return json.dumps(
            [self.speaker, words, self.partial, self.ends, self.clear, self.opening], ensure_ascii=False
        ).encode("utf-8", "replace")

    @classmethod
    def unpacked(cls, data: bytes) -> Said:
        speaker, words, *rest = json.loads(data)
        return cls(speaker, tuple(Word(*w) for w in words), *rest)


class SaidRing(_Shared):
    """The last 64 steps of the captions, in shared memory, for another process. One writer, which never waits; readers
    take them in order.

    A slot has begin and end counts around it, as in a FrameRing.
    """

    def __init__(self, name: str, *, create: bool = False) -> None:
        super().__init__(name, _HEAD + _SLOTS * SLOT if create else None)
        self._head = np.ndarray(1, np.int64, self._memory.buf)
        self._meta = np.ndarray((_SLOTS, 3), np.int64, self._memory.buf, _HEAD, (SLOT, 8))
        self._data = np.ndarray((_SLOTS, SLOT - 24), np.uint8, self._memory.buf, _HEAD + 24, (SLOT, 1))

    def _views(self) -> None:
        self._head, self._meta, self._data = (
            np.zeros(1, np.int64),
            np.zeros((0, 3), np.int64),
            np.zeros((0, 0), np.uint8),
        )

    @property
    def count(self) -> int:
        """How many there have been."""
        return int(self._head[0])

    def put(self, said: Said) -> None:
        """Writer only."""
        for part in said.parts():
            data = np.frombuffer(part.packed(), np.uint8)
            index = self.count + 1
            meta = self._meta[index % _SLOTS]
            meta[0] = index
            self._data[index % _SLOTS, : len(data)] = data
            meta[1:] = (index, len(data))
            self._head[0] = index

    def after(self, index: int) -> tuple[int, list[Said]]:
        """What came after the step with this number, and the number to ask with next time. What was overwritten is left
        out."""
        newest, found = self.count, []
        for i in range(max(index, newest - _SLOTS + 1) + 1, newest + 1):
            begin, end, length = (int(v) for v in self._meta[i % _SLOTS])
            data = self._data[i % _SLOTS, :length].tobytes()
            if begin == end == i == int(self._meta[i % _SLOTS][0]):
                found.append(Said.unpacked(data))
        return newest, found


class Turns:
    """Marks where somebody else begins to speak. style: "marks" writes >>, "names" who it is, "none" nothing. labels:
    person -> name."""

    def __init__(self, style: str, labels: Mapping[str, str]) -> None:
        self._style, self._labels = style, labels
        self._last: str | None = None

    def marked(self, said: Said) -> Said:
        """The same, with its opening. The first to speak needs no mark, but a name."""
        if not said.words or not said.speaker or said.speaker == self._last:
            return said
        first, self._last = self._last is None, said.speaker
        if self._style == "names":
            return replace(said, opening=f"{self._labels.get(said.speaker, said.speaker)}:")
        return replace(said, opening=">>") if self._style == "marks" and not first else said


def columns(text: str) -> int:
    """How many columns a text takes on a grid: East Asian wide characters two, marks that combine none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def wrapped(words: Iterable[str], limit: int) -> list[str]:
    """Words (each with its own leading space) in lines of at most `limit` columns. A word longer than a line stays
    whole."""
    lines: list[str] = []
    for word in words:
        if lines and columns(lines[-1]) + columns(word) <= limit:
            lines[-1] += word
        else:
            lines.append(word.lstrip())
    return [line for line in lines if line]
