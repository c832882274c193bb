"""Loudness of a recording, by libavfilter's ebur128 (EBU R 128, ITU-R BS.1770); of a show without one, as its log has
it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import av.filter

from live.review.log import Measured, ShowLog

STEP_S = 0.5


@dataclass(frozen=True)
class Loudness:
    """integrated_lufs, range_lu, true_peak_dbtp: of the whole. short_term: (s, LUFS over 3 s) twice a second; silence
    is -inf."""

    integrated_lufs: float
    range_lu: float
    true_peak_dbtp: float
    short_term: tuple[tuple[float, float], ...]


def loudness(path: Path, begins_s: float = 0.0) -> Loudness | None:
    """Measure the sound of a file that begins at a time of the show; None when it has none that can be read."""
    rows: list[tuple[float, dict[str, str]]] = []
    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                return None
            for frame in _measured(container):
                time_s = float(frame.pts * frame.time_base) if frame.pts is not None and frame.time_base else 0.0
                measured = dict(frame.metadata)
                if "lavfi.r128.I" not in measured:
                    continue  # less than a block, at the end
                last = measured
                if not rows or time_s >= rows[-1][0] + STEP_S - 0.05:
                    rows.append((time_s, measured))
    except (av.FFmpegError, OSError):
        return None
    if not rows:
        return None
    peak = float(last.get("lavfi.r128.true_peak", 0.0))
    return Loudness(
        float(last["lavfi.r128.I"]),
        float(last["lavfi.r128.LRA"]),
        20 * math.log10(peak) if peak > 0 else -math.inf,
        tuple((begins_s + t, _lufs(row.get("lavfi.r128.S", "nan"))) for t, row in rows),
    )


def logged(log: ShowLog) -> Loudness | None:
    """What the desk's meters measured while the show ran: a value a minute, and the whole at its end."""
    lines = log.of(Measured)
    last = lines[-1] if lines else None  # of a show that was killed
    whole = log.end.loudness if log.end is not None and log.end.loudness is not None else last
    if whole is None:
        return None
    curve = tuple((line.t_s, line.short_lufs) for line in lines)
    return Loudness(whole.integrated_lufs, whole.range_lu, whole.true_peak_db, curve)


def _lufs(text: str) -> float:
    value = float(text)
    return value if value > -70 else -math.inf  # the filter's floor, and its nan before the first block


def _measured(container: av.container.InputContainer) -> Iterator[av.AudioFrame]:
    """The sound in blocks of 100 ms, each with what was measured up to it."""
    stream = container.streams.audio[0]
    graph = av.filter.Graph()
    source, meter, sink = (
        graph.add_abuffer(template=stream),
        graph.add("ebur128", "metadata=1:peak=true"),
        graph.add("abuffersink"),
    )
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    for frame in container.decode(stream):
        source.push(frame)
        yield from _pulled(sink)
    source.push(None)
    yield from _pulled(sink)


def _pulled(sink: av.filter.context.FilterContext) -> Iterator[av.AudioFrame]:
    while True:
        try:
            frame = sink.pull()
        except (av.BlockingIOError, av.EOFError):
            return
        if isinstance(frame, av.AudioFrame):
            yield frame
