"""Captions as a file: WebVTT or SubRip, one cue after the other as they are said. Pure but for the file itself."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from live.base.clock import NS
from live.base.files import free_name
from live.sound.spoken import Said, Word, columns, wrapped

COLUMNS, ROWS = 42, 2  # of a cue: what fits a phone held upright and is read at a glance
LONGEST_NS = 6 * NS
LINGER_NS = 4 * NS // 10  # a cue stays for so long after its last word: less than a pause that ends an utterance


@dataclass(frozen=True)
class Cue:
    """Times as in Said. speaker: "" when not known."""

    start_ns: int
    end_ns: int
    speaker: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.lines)


class CueBuilder:
    """Gathers words to cues of at most so many lines: a cue ends with a pause, another speaker, a full cue, its longest
    time, or a sentence that has filled more than `sentence` columns."""

    def __init__(self, *, rows: int = ROWS, longest_ns: int = LONGEST_NS, sentence: int = COLUMNS) -> None:
        self._rows, self._longest_ns, self._sentence = rows, longest_ns, sentence
        self._words: list[Word] = []
        self._speaker = ""
        self._until_ns = 0  # end of the cue before

    def add(self, said: Said) -> Iterator[Cue]:
        """The cues that these words complete."""
        for word in said.words:
            if self._words and (said.speaker != self._speaker or not self._fits(word)):
                yield self._closed(0)
            self._speaker = said.speaker
            self._words.append(word)
        if said.ends:
            yield from self.end()

    def end(self) -> Iterator[Cue]:
        """The cue that is open."""
        if self._words:
            yield self._closed(LINGER_NS)

    def _fits(self, word: Word) -> bool:
        texts = [w.text for w in self._words]
        full = columns("".join(texts).strip()) > self._sentence and texts[-1][-1:] in ".?!\u3002"
        long = word.end_ns - self._words[0].start_ns > self._longest_ns
        return not full and not long and len(wrapped([*texts, word.text], COLUMNS)) <= self._rows

    def _closed(self, linger_ns: int) -> Cue:
        start_ns = max(self._words[0].start_ns, self._until_ns)
        self._until_ns = max(self._words[-1].end_ns + linger_ns, start_ns + NS // 10)
        lines = tuple(wrapped([w.text for w in self._words], COLUMNS))
        self._words = []
        return Cue(start_ns, self._until_ns, self._speaker, lines)


class CueFile:
    """A .vtt or .srt file that is whole after every cue. zero_ns: the sound of the recording's first instant. A file
    that is there already is kept as NAME.old.N, as recordings are."""

    def __init__(self, path: Path, labels: Mapping[str, str], *, fresh: bool = True) -> None:
        """fresh: False goes on with the file of the same show. Raises OSError."""
        path.parent.mkdir(parents=True, exist_ok=True)
        if fresh and path.exists() and path.stat().st_size:
            path.rename(free_name(path, ".old.", 1))
        self._subrip = path.suffix.lower() == ".srt"
        self._labels = labels
        self.count = 0
        self._file: TextIO = path.open("a", encoding="utf-8", newline="\n")
        if not self._subrip and self._file.tell() == 0:
            self._write("WEBVTT\n\n")

    def put(self, cue: Cue, zero_ns: int) -> None:
        """Write a cue; what was said before the recording began is left out. Raises OSError."""
        start_ns, end_ns = cue.start_ns - zero_ns, cue.end_ns - zero_ns
        if end_ns <= 0:
            return
        self.count += 1
        label = self._labels.get(cue.speaker, cue.speaker)
        times = f"{_time(max(0, start_ns), self._subrip)} --> {_time(end_ns, self._subrip)}"
        if self._subrip:
            self._write(f"{self.count}\n{times}\n" + "\n".join(cue.lines) + "\n\n")
        else:
            voice = f"<v {html.escape(label, quote=False)}>" if label else ""
            self._write(f"{times}\n{voice}" + "\n".join(html.escape(line, quote=False) for line in cue.lines) + "\n\n")

    def _write(self, text: str) -> None:
        self._file.write(text)
        self._file.flush()

    def close(self) -> None:
        self._file.close()


def _time(ns: int, subrip: bool) -> str:
    seconds, ms = divmod(ns // 1_000_000, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{',' if subrip else '.'}{ms:03d}"
