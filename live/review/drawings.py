"""The drawings of the report, one function each."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from live.review import svg
from live.review.figures import (
    REFERENCE_MEDIAN_OVER_MEAN,
    REFERENCE_SIGMA,
    Following,
    Hands,
    Lengths,
    PersonShare,
    overriding,
)
from live.review.log import Marker, ShotLine, ShowLog
from live.review.loudness import Loudness

WIDTH = 1080.0
_LEFT, _RIGHT = 96.0, 20.0  # beside the time line's lanes: names, half a tick's label
HALF = 520.0  # width of a drawing that stands beside another
_ROWS_S, _MOST_ROWS = 300.0, 16


def colours(log: ShowLog) -> dict[str, str]:
    """A colour for each person."""
    return {p.name: svg.PEOPLE[i % len(svg.PEOPLE)] for i, p in enumerate(log.start.people)}


def shot_colour(shot: ShotLine, people: dict[str, str]) -> str:
    return people.get(shot.person or "", svg.WIDE if shot.role == "wide" else svg.OTHER)


class _Row:
    """A stretch of the time line: show seconds to px."""

    def __init__(self, low_s: float, high_s: float, length_s: float) -> None:
        self.low_s, self.high_s = low_s, high_s
        self._px_per_s = (WIDTH - _LEFT - _RIGHT) / length_s

    def x(self, t_s: float) -> float:
        return _LEFT + (min(max(t_s, self.low_s), self.high_s) - self.low_s) * self._px_per_s

    def has(self, t_s: float) -> bool:
        return self.low_s <= t_s < self.high_s


def time_line(log: ShowLog) -> str:
    """Program above who spoke, on one scale; long shows in several rows."""
    length_s = max(min(log.seconds, _ROWS_S), log.seconds / _MOST_ROWS)
    count = max(1, math.ceil(log.seconds / length_s - 1e-6))
    height = 74.0 + 20 * len(log.start.people)
    parts: list[str] = []
    for i in range(count):
        row = _Row(i * length_s, min((i + 1) * length_s, log.seconds), length_s)
        parts += [f'<g transform="translate(0 {i * (height + 14):.1f})">', *_row(log, row, height), "</g>"]
    return svg.svg(
        WIDTH, count * (height + 14), parts, "Every shot on program, and who spoke, over the time of the show"
    )


def _row(log: ShowLog, row: _Row, height: float) -> Iterator[str]:
    rate, people = float(log.rate), colours(log)
    for t_s in svg.ticks(row.low_s, row.high_s, 12):
        yield svg.line(row.x(t_s), 14, row.x(t_s), height - 16)
        yield svg.text(row.x(t_s), height - 3, svg.clock(t_s), size=10, fill=svg.SOFT, anchor="middle")
    yield svg.text(0, 40, "Program", weight=600)
    for span in log.spans():
        a, b = span.start / rate, span.end / rate
        if b > row.low_s and a < row.high_s:
            x, width = row.x(a), row.x(b) - row.x(a)
            who = "by hand" if span.is_hand else "machine" if span.cut else "the show begins"
            why = f": {span.cut.reason}" if span.cut and span.cut.reason else ""
            tip = f"{svg.clock(a)}  {span.shot.label}, {b - a:.1f} s ({who}{why})"
            yield svg.rect(x, 24, width - 0.6, 26, shot_colour(span.shot, people), tip=tip)
            if span.is_hand and row.has(a):
                yield svg.line(x, 24, x, 50, svg.HAND, 2)
            if width > 7.2 * len(span.shot.label):
                yield svg.text(
                    x + 5, 41, span.shot.label, size=11, fill="#ffffff" if span.shot.person in people else svg.INK
                )
    yield from _marks(log, row)
    for i, person in enumerate(log.start.people):
        y = 56 + 20 * i
        yield svg.text(0, y + 12, person.label[:14], fill=people[person.name], weight=600)
        yield svg.rect(_LEFT, y + 1, row.x(row.high_s) - _LEFT, 15, "#f5f7fa")
        for first, after in log.speech().get(person.name, []):
            a, b = first / rate, after / rate
            if b > row.low_s and a < row.high_s:
                yield svg.rect(
                    row.x(a),
                    y + 3,
                    row.x(b) - row.x(a),
                    11,
                    people[person.name],
                    tip=f"{person.label} speaks, {b - a:.1f} s",
                    radius=2,
                )


def _marks(log: ShowLog, row: _Row) -> Iterator[str]:
    rate = float(log.rate)
    against = overriding(log)
    for span in log.spans():
        if span.is_hand and row.has(span.start / rate):
            words = "a hand against the machine" if span.cut in against else "cut by hand"
            yield svg.down(
                row.x(span.start / rate), 22, 5, svg.HAND, f"{svg.clock(span.start / rate)}  {words}: {span.shot.label}"
            )
    for line in log.lines:
        if not row.has(line.t_s):
            continue
        if isinstance(line, Marker):
            yield svg.down(row.x(line.t_s), 22, 5, svg.NOTE, f"{svg.clock(line.t_s)}  {line.text}")
            yield svg.text(row.x(line.t_s) + 7, 18, line.text[:24], size=10, fill=svg.NOTE)
        elif line.kind == "override":
            yield svg.down(row.x(line.t_s), 22, 5, svg.WARNING, f"{svg.clock(line.t_s)}  vetoed")


def seen_and_heard(rows: Sequence[PersonShare], log: ShowLog) -> str:
    """Per person: share of the speech above share of the close-ups."""
    people = colours(log)
    height = 52.0 * len(rows) + 4
    scale = (HALF - 225) / max([r.speech_share for r in rows] + [r.screen_share for r in rows] + [0.01])
    parts = []
    for i, row in enumerate(rows):
        y, colour = 52.0 * i, people.get(row.name, svg.OTHER)
        parts.append(svg.text(0, y + 24, row.label[:14], size=12, weight=600, fill=colour))
        for dy, share, seconds, what, opacity in (
            (4, row.speech_share, row.speech_s, "of the speech", 0.4),
            (23, row.screen_share, row.alone_s, "of the close-ups", 1.0),
        ):
            parts.append(
                svg.rect(
                    90,
                    y + dy,
                    share * scale,
                    15,
                    colour,
                    radius=2,
                    more=f'fill-opacity="{opacity}"',
                    tip=f"{seconds:.1f} s",
                )
            )
            parts.append(svg.text(96 + share * scale, y + dy + 12, f"{share:.0%} {what}", size=11, fill=svg.SOFT))
    return svg.svg(HALF, height, parts, "Share of the speech and of the close-ups of every person")


def followed(found: Following) -> str:
    """While one person alone spoke: close-up, wide, wrong, as one bar."""
    assert found.close_up is not None and found.visible is not None and found.wrong is not None
    wide = found.visible - found.close_up
    shown = (
        (found.close_up, svg.MACHINE, svg.MACHINE, "close-up"),
        (wide, svg.WIDE, svg.SOFT, "wide"),
        (found.wrong, svg.HAND, svg.HAND, "wrong"),
    )
    parts, x = [], 0.0
    for i, (share, colour, ink, words) in enumerate(shown):
        parts.append(svg.rect(x, 2, share * HALF, 26, colour, tip=f"{words}: {share:.1%}"))
        parts.append(svg.text(150.0 * i, 48, f"{words} {share:.1%}", size=12, fill=ink, weight=600))
        x += share * HALF
    return svg.svg(HALF, 54, parts, "What program showed while one person alone spoke")


def waits(found: Following) -> str:
    """Every long turn: how long it waited for its picture."""
    width, height = HALF, 96.0
    high = max([2.0, *found.latencies_s])
    parts = []
    for t in svg.ticks(0, high, 6):
        x = 10 + t / high * (width - 30)
        parts += [
            svg.line(x, 6, x, height - 22),
            svg.text(x, height - 8, f"{t:g} s", size=10, fill=svg.SOFT, anchor="middle"),
        ]
    stacked: dict[int, int] = {}
    for value in sorted(found.latencies_s):
        place = round(value / high * (width - 30) / 8)
        level = stacked[place] = stacked.get(place, 0) + 1
        parts.append(svg.dot(10 + place * 8, height - 24 - 7 * min(level, 9), 3.4, svg.PEOPLE[0], f"{value:.2f} s"))
    return svg.svg(width, height, parts, "How long each turn waited until its speaker was on program")


def histogram(found: Lengths) -> str:
    """Shot lengths on a logarithmic scale, the log-normal fitted to them, and the reference's shape."""
    width, height, base = HALF, 190.0, 160.0
    low, high = math.log(min(0.5, min(found.shots_s))), math.log(max(30.0, max(found.shots_s)))
    bins = max(8, min(24, round(2 * math.sqrt(len(found.shots_s)) + 6)))
    step = (high - low) / bins
    counts = [0] * bins
    for shot in found.shots_s:
        counts[min(bins - 1, int((math.log(shot) - low) / step))] += 1

    def x(value: float) -> float:
        return 14 + (value - low) / (high - low) * (width - 34)

    reference_mu = math.log(REFERENCE_MEDIAN_OVER_MEAN * found.mean_s)
    fit = _bell(found.mu, found.sigma, len(found.shots_s) * step, low, high)
    reference = _bell(reference_mu, REFERENCE_SIGMA, len(found.shots_s) * step, low, high)
    top = max([*counts, *(v for _, v in fit)]) or 1
    parts = []
    for seconds in (0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300):
        if low <= math.log(seconds) <= high:
            at = x(math.log(seconds))
            parts += [
                svg.line(at, 8, at, base),
                svg.text(at, base + 15, f"{seconds:g} s", size=10, fill=svg.SOFT, anchor="middle"),
            ]
    for i, count in enumerate(counts):
        left, right = low + i * step, low + (i + 1) * step
        tall = count / top * (base - 14)
        tip = f"{count} shots of {math.exp(left):.1f} to {math.exp(right):.1f} s"
        parts.append(
            svg.rect(x(left) + 1, base - tall, x(right) - x(left) - 2, tall, "#a5c8e4", tip=tip) if count else ""
        )
    for curve, colour, wide in ((reference, svg.SOFT, 1.2), (fit, svg.PEOPLE[0], 2.0)):
        parts.append(svg.path([(x(v), base - min(n / top, 1.0) * (base - 14)) for v, n in curve], colour, wide))
    parts.append(svg.line(6, base, width - 10, base, svg.SOFT))
    parts += [svg.text(width - 12, 18, "fitted log-normal", size=10, fill=svg.PEOPLE[0], anchor="end")]
    parts += [svg.text(width - 12, 32, "what crews cut like", size=10, fill=svg.SOFT, anchor="end")]
    return svg.svg(width, height, parts, "Histogram of shot lengths")


def _bell(mu: float, sigma: float, scale: float, low: float, high: float) -> list[tuple[float, float]]:
    """A normal density over the logarithm of the length, times scale."""
    if sigma <= 0:
        return []
    values = [low + (high - low) * i / 100 for i in range(101)]
    return [(v, scale * math.exp(-((v - mu) ** 2) / (2 * sigma**2)) / (sigma * math.sqrt(2 * math.pi))) for v in values]


def machine_and_hand(found: Hands) -> str:
    """Cuts, and time on air, by the machine and by hand."""
    parts = []
    for y, machine, hand, unit in (
        (0, found.machine_cuts, found.hand_cuts, "cuts"),
        (50, found.machine_s, found.hand_s, "s on air"),
    ):
        split = machine / max(machine + hand, 1e-9) * HALF
        parts.append(svg.text(0, y + 13, _count("machine", machine, unit), size=12, fill=svg.MACHINE, weight=600))
        parts.append(
            svg.text(HALF, y + 13, _count("hand", hand, unit), size=12, fill=svg.HAND, weight=600, anchor="end")
        )
        parts.append(svg.rect(0, y + 20, HALF, 16, svg.GRID))
        parts.append(svg.rect(0, y + 20, split, 16, svg.MACHINE) if machine else "")
        parts.append(svg.rect(split, y + 20, HALF - split, 16, svg.HAND) if hand else "")
    return svg.svg(HALF, 90, parts, "Cuts and time on air by machine and by hand")


def _count(who: str, value: float, unit: str) -> str:
    return f"{who} {value:.0f} {unit.removesuffix('s') if unit == 'cuts' and value == 1 else unit}"


def loudness_line(found: Loudness, seconds: float, target_lufs: float | None = None) -> str:
    """Short-term loudness over the show, the integrated one, and the target."""
    height, low, high = 150.0, -50.0, -5.0
    row = _Row(0.0, max(seconds, 1e-6), max(seconds, 1e-6))

    def y(lufs: float) -> float:
        return 8 + (high - min(max(lufs, low), high)) / (high - low) * (height - 34)

    parts = []
    for lufs in (-10, -20, -30, -40, -50):
        parts.append(svg.line(_LEFT, y(lufs), WIDTH - _RIGHT, y(lufs)))
        parts.append(svg.text(_LEFT - 8, y(lufs) + 4, f"{lufs} LUFS", size=10, fill=svg.SOFT, anchor="end"))
    for t_s in svg.ticks(0, seconds, 12):
        parts.append(svg.text(row.x(t_s), height - 6, svg.clock(t_s), size=10, fill=svg.SOFT, anchor="middle"))
    if target_lufs is not None:
        parts.append(svg.line(_LEFT, y(target_lufs), WIDTH - _RIGHT, y(target_lufs), svg.MACHINE, 1.2))
    parts.append(svg.path([(row.x(t), y(v)) for t, v in found.short_term if math.isfinite(v)], svg.PEOPLE[0]))
    parts.append(
        svg.line(_LEFT, y(found.integrated_lufs), WIDTH - _RIGHT, y(found.integrated_lufs), svg.HAND, 1.2, "5 4")
    )
    return svg.svg(WIDTH, height, parts, "Loudness over the time of the show")
