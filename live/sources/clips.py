"""The files of a player: how long each clip is, and which can't be played. Looked at again when a file has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import av

from live.base.errors import SourceError
from live.base.files import words_of
from live.base.packets import demuxed, start_s
from live.base.readers import NoAnswer, touch
from live.config.clips import ClipConfig, PlayerConfig
from live.playout import Reel, reel_of
from live.sources.develop import pictures_of, rate_of
from live.sources.opening import is_picture, opened

_TAIL_S = 5.0  # a key picture comes more often
ROUNDED_S = 0.0015  # files round times to a thousandth


def length_of(clip: ClipConfig, beat: Callable[[], None] = lambda: None) -> float:
    """Seconds from in to out point. Raises av.error.FFmpegError, OSError or ValueError, in words, for what can't be
    played. beat: called for every packet that has to be read.
    """
    try:
        touch(clip.path)  # libav would hang on a pipe, or on a share that is gone
    except NoAnswer as error:
        raise ValueError(error.cause) from None
    with opened(clip.path) as container:
        stream = next(iter(pictures_of(container)), None) or next(iter(container.streams.audio), None)
        if stream is None:
            raise ValueError("holds neither picture nor sound")
        if clip.track is not None and clip.track > len(container.streams.audio):
            raise ValueError(f"has no sound track {clip.track}; it has {len(container.streams.audio)}")
        if not any(packet.decode() for packet in _beaten(demuxed(container, stream), beat)):
            raise ValueError("holds nothing that can be decoded")
        if is_picture(clip.path):
            return clip.still_s
        whole_s = _whole_s(clip, container, stream, beat)
    end_s = whole_s if clip.out_s is None else min(clip.out_s, whole_s)
    if end_s <= clip.in_s:
        raise ValueError(f"is {whole_s:.1f} s long; its in point at {clip.in_s:g} s lies behind that")
    return end_s - clip.in_s


def _whole_s(clip: ClipConfig, container: Any, stream: Any, beat: Callable[[], None]) -> float:
    """How long a stream is: as it says, or else until the end of its last packet. The container's own length may be
    that of a longer sound.
    """
    said = stream.duration is not None and container.format.name != "mpeg"  # which guesses it
    varies = stream.type == "video" and stream.average_rate != stream.base_rate  # its end is then that of decoding
    if said and not varies:
        end_s = float(stream.duration * stream.time_base)
    elif container.duration is None:
        end_s = _read_s(clip.path, stream, beat)
    else:
        container.seek(int(max(0.0, container.duration / av.time_base - _TAIL_S) * av.time_base))
        end_s = _end_s(_beaten(demuxed(container, stream), beat)) - start_s(container)
    rate = getattr(stream, "average_rate", None)
    pictures_s = float(round(end_s * rate) / rate) if rate else end_s
    return pictures_s if abs(pictures_s - end_s) < ROUNDED_S else end_s


def _read_s(path: Path, stream: Any, beat: Callable[[], None]) -> float:
    """The length of what says nothing of it, read from its start, once. Pictures without times (bare H.264) are
    counted."""
    count, end_s, timed = 0, 0.0, stream.type != "video"
    with opened(path) as container:
        for packet in _beaten(demuxed(container, container.streams[stream.index]), beat):
            count += packet.size > 0
            if packet.pts is not None:
                timed, end_s = True, max(end_s, _end_s([packet]))
        return end_s - start_s(container) if timed else count / rate_of(stream)


def _beaten(packets: Iterable[Any], beat: Callable[[], None]) -> Iterator[Any]:
    """The same, with signs of life: to read a long film takes its time."""
    for packet in packets:
        beat()
        yield packet


def _end_s(packets: Iterable[Any]) -> float:
    """When the last of them ends; 0 of none with a time."""
    return max((float((p.pts + (p.duration or 0)) * p.time_base) for p in packets if p.pts is not None), default=0.0)


def cause_of(error: Exception) -> str:
    if isinstance(error, OSError):
        return words_of(error)
    return str(getattr(error, "strerror", None) or (error if isinstance(error, ValueError) else type(error).__name__))


def faults_of(config: PlayerConfig) -> Iterator[tuple[str, str]]:
    """(key in the rig, what is wrong) of every clip that can't be played, and of cues behind a clip's end."""
    for n, clip in enumerate(config.clips, 1):
        key = f"clips[{n}]"
        try:
            end_s = clip.in_s + length_of(clip)
        except Exception as error:  # whatever is odd in one clip, the others are looked at
            yield f"{key}.path", f"{clip.path}: {cause_of(error)}"
            continue
        for c in clip.cues:
            if c.at_s >= end_s:
                yield f"{key}.cues[{c.name}].at_s", f"{c.at_s:g} is behind the end of {clip.path}, {end_s:.2f} s"


class Clips:
    """The clips of one player. `reel` is replaced as a whole, so that another thread may read it."""

    def __init__(self, config: PlayerConfig, tell: Callable[[str], None], beat: Callable[[], None]) -> None:
        """tell: what can't be played, and why. beat: called between files, and within a
        long one."""
        self._config, self._tell = config, tell
        self._stamps = [self._stamp(n) for n in range(len(config.clips))]
        lengths_s = []
        for n in range(len(config.clips)):
            lengths_s.append(self._length(n, beat))
            beat()
        self.reel: Reel = reel_of(config, tuple(lengths_s))

    def _stamp(self, clip: int) -> tuple[int, int] | None:
        try:
            found = self._config.clips[clip].path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size

    def _length(self, clip: int, beat: Callable[[], None] = lambda: None) -> float:
        """0 for one that can't be played, which is told."""
        config = self._config.clips[clip]
        try:
            return length_of(config, beat)
        except Exception as error:  # whatever is odd in one clip, the others go on
            self._tell(
                str(
                    SourceError(
                        self._config.name, f"clip {clip + 1}, {config.path}: {cause_of(error)}", "it is skipped"
                    )
                )
            )
            return 0.0

    def renew(self, but: int | None) -> list[int]:
        """Look again at files that have changed, but not at the clip that plays; gives those."""
        changed = []
        for n in range(len(self._config.clips)):
            if n == but or (stamp := self._stamp(n)) == self._stamps[n]:
                continue
            self._stamps[n] = stamp
            lengths_s = list(self.reel.lengths_s)
            lengths_s[n] = self._length(n)
            self.reel = reel_of(self._config, tuple(lengths_s))
            changed.append(n)
        return changed
