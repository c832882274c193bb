"""`live report`: one HTML page about a show, for its director. Everything is inside the file; nothing is fetched."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from live.base.clock import timecode
from live.base.errors import LogError
from live.review import drawings, svg
from live.review.blame import CAUSES
from live.review.figures import Following, Hands, Lengths, PersonShare, following, hands, lengths, shares
from live.review.log import DIRECTOR, Cut, Marker, Override, Problem, Said, ShowLog, Span
from live.review.loudness import Loudness, logged, loudness
from live.review.media import pieces

_FEW = 8  # shots

_STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #f7f8fa; color: #1f2933;
  font: 15px/1.5 system-ui, "Segoe UI", "Noto Sans", "Helvetica Neue", sans-serif; }
main { max-width: 1160px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0 0 4px; letter-spacing: -.01em; }
h2 { font-size: 17px; margin: 0 0 4px; }
h2.next { margin-top: 18px; }
.lead { color: #52606d; margin: 0 0 24px; }
.note { color: #7b8794; font-size: 13px; margin: 0 0 12px; }
.after { margin: 10px 0 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(132px, 1fr)); gap: 12px; margin-bottom: 16px; }
.card { background: #fff; border: 1px solid #e4e7eb; border-radius: 10px; padding: 12px 16px; }
.card b { display: block; font-size: 24px; line-height: 1.25; font-variant-numeric: tabular-nums; }
.card span { color: #7b8794; font-size: 13px; }
section { background: #fff; border: 1px solid #e4e7eb; border-radius: 10px; padding: 18px 20px;
  margin-bottom: 16px; overflow-x: auto; }
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(460px, 1fr)); gap: 16px; margin-bottom: 16px; }
.two section { margin: 0; }
svg { display: block; width: 100%; height: auto; font-family: inherit; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; color: #7b8794; font-size: 12px; padding: 4px 10px 4px 0;
  border-bottom: 1px solid #e4e7eb; }
td { padding: 6px 10px 6px 0; border-bottom: 1px solid #f0f2f5; vertical-align: top; }
td.n { text-align: right; white-space: nowrap; }
th.n { text-align: right; }
td.t { white-space: nowrap; color: #52606d; }
.tag { display: inline-block; border-radius: 9px; padding: 0 8px; font-size: 12px; color: #fff; }
.terms { color: #7b8794; font-size: 12px; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 13px; color: #52606d; margin: 10px 0 0; }
.legend i { display: inline-block; width: 11px; height: 11px; border-radius: 3px;
  margin-right: 6px; vertical-align: -1px; }
footer { color: #9aa5b1; font-size: 12px; margin-top: 24px; }
"""


@dataclass(frozen=True)
class Review:
    """A show's figures, all of them, made once."""

    log: ShowLog
    shares: list[PersonShare]
    following: Following
    lengths: Lengths | None
    hands: Hands
    loudness: Loudness | None
    trouble: str = ""  # with the recording


def review(log: ShowLog) -> Review:
    """Work out every figure. Reads the recording's sound, when the recording is there; else the log says how loud it
    was."""
    trouble, files = "", []
    try:
        files = [file for output in log.recordings()[:1] for file in pieces(log, output)]
    except LogError as error:
        trouble = str(error)
    longest = max(files, key=lambda file: file.frames, default=None)  # of a recording that a fault broke off
    sound = None if longest is None else loudness(longest.path, float(longest.first / log.rate))
    return Review(log, shares(log), following(log), lengths(log), hands(log), sound or logged(log), trouble)


def write_page(found: Review, path: Path) -> None:
    """Write the page. Raises LogError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(found), encoding="utf-8")
    except OSError as error:
        raise LogError(str(path), f"can't be written ({error.strerror})", "give another place") from None


def page(found: Review) -> str:
    """The whole page."""
    title = escape(found.log.start.title)
    head = f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title} - report</title>'
    head += f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
    return f"{head}<body><main>{''.join(_parts(found))}</main></body></html>\n"


def _parts(found: Review) -> Iterator[str]:
    log = found.log
    yield f"<h1>{escape(log.start.title)}</h1>"
    yield f'<p class="lead">{escape(_lead(log))}</p>'
    if found.trouble:
        yield f"<p><b>{escape(found.trouble)}</b></p>"
    yield f'<div class="cards">{"".join(_cards(found))}</div>'
    yield _section(
        "The show",
        "Program above, who spoke below; in the right shot the colours agree. Rest the pointer on a shot for its "
        "reason.",
        drawings.time_line(log) + _legend(log),
    )
    yield f'<div class="two">{"".join(_halves(found))}</div>'
    yield _overrides(found.hands)
    if found.loudness:
        yield _loudness(found.loudness, log)
    yield _cuts(log)
    yield _markers(log)
    yield _machine_room(log)
    yield f"<footer>{escape(str(log.path))} · rig {escape(str(log.start.rig))}</footer>"


def _lead(log: ShowLog) -> str:
    p = log.start.picture
    rate = float(log.rate)
    words = [f"{svg.clock(log.seconds)} long", f"{p.get('width')} x {p.get('height')} at {rate:.5g} frames a second"]
    words.append("made off line" if log.start.offline else "live")
    if log.start.delay_s:
        words.append(f"program {log.start.delay_s:g} s behind the cameras")
    if log.start.style:
        words.append(f"style {log.start.style}")
    if log.end is None:
        words.append("the log has no end: the show was killed, or still runs")
    return ", ".join(words) + "."


def _cards(found: Review) -> Iterator[str]:
    log, spans = found.log, found.log.spans()
    cuts = len(spans) - 1
    yield _card(str(cuts), f"cut{'s' * (cuts != 1)}, {cuts / max(log.seconds / 60, 1e-9):.1f} a minute")
    if found.lengths:
        yield _card(f"{found.lengths.median_s:.1f} s", "median shot")
    share = found.hands.machine_cuts / max(1, found.hands.machine_cuts + found.hands.hand_cuts)
    yield _card(f"{share:.0%}", "of the cuts by the machine")
    if found.following.close_up is not None:
        yield _card(f"{found.following.close_up:.0%}", "speaker in close-up")
    if found.following.latency_s is not None:
        yield _card(f"{found.following.latency_s:.2f} s", f"until a turn is on program ({found.following.turns} turns)")
    if found.loudness:
        off = _off_target(found.loudness, log.start.target_lufs)
        yield _card(f"{found.loudness.integrated_lufs:.1f}", f"LUFS, the whole show{f': {off}' if off else ''}")
    if log.end:
        yield _card(str(log.end.late), f"late frame{'s' * (log.end.late != 1)} of {log.end.frames}")


def _card(figure: str, words: str) -> str:
    return f'<div class="card"><b>{escape(figure)}</b><span>{escape(words)}</span></div>'


def _section(title: str, note: str, body: str) -> str:
    lead = f'<p class="note">{escape(note)}</p>' if note else ""
    return f"<section><h2>{escape(title)}</h2>{lead}{body}</section>"


def _legend(log: ShowLog) -> str:
    rows = [(colour, log.label(name)) for name, colour in drawings.colours(log).items()]
    rows += [(svg.WIDE, "everybody (wide)"), (svg.OTHER, "other shots"), (svg.HAND, "by hand")]
    rows += [(svg.NOTE, "marker")] * bool(log.of(Marker)) + [(svg.WARNING, "veto")] * bool(log.of(Override))
    return (
        '<div class="legend">'
        + "".join(f'<span><i style="background:{c}"></i>{escape(w)}</span>' for c, w in rows)
        + "</div>"
    )


def _halves(found: Review) -> Iterator[str]:
    if found.shares:
        yield _section(
            "Seen and heard",
            "Who spoke, and who had a shot of their own. 1 is fair: as much seen as heard.",
            drawings.seen_and_heard(found.shares, found.log) + _fairness(found.shares),
        )
    if found.following.close_up is not None:
        body = drawings.followed(found.following) + _blame(found.following)
        if found.following.turns:
            body += (
                f'<h2 class="next">Waiting for the picture</h2><p '
                f'class="note">{_turns(found.following)}</p>{drawings.waits(found.following)}'
            )
        yield _section("Following the speaker", "What program showed while one person alone spoke.", body)
    if found.lengths:
        yield _section("Shot lengths", _shape(found.lengths), drawings.histogram(found.lengths))
    yield _section("Machine and hand", _machine(found.hands), drawings.machine_and_hand(found.hands))


def _turns(found: Following) -> str:
    return (
        f"Each dot is a turn of three seconds or more: the time from its beginning until its speaker is on program. "
        f"Mean {found.latency_s:.2f} s."
    )


def _blame(found: Following) -> str:
    """What the wrong pictures and the waits come from."""
    rows: list[list[Cell]] = [
        [("", escape(words)), ("n", f"{found.wrong_by[cause]:.1%}"), ("n", f"{found.latency_by_s[cause]:.2f} s")]
        for cause, words in CAUSES.items()
        if found.wrong_by.get(cause, 0) >= 0.0005 or found.latency_by_s.get(cause, 0) >= 0.005
    ]
    return _table(("what it comes from", "wrong", "of the wait"), rows, numbers=(1, 2)) if rows else ""


Cell = tuple[str, str]  # class, HTML


def _table(head: tuple[str, ...], rows: Iterable[Sequence[Cell]], *, numbers: Collection[int] = ()) -> str:
    """A table of HTML cells. numbers: the columns that are aligned right."""
    top = "".join(f"<th{' class=n' if i in numbers else ''}>{escape(words)}</th>" for i, words in enumerate(head))
    body = "".join("<tr>" + "".join(f'<td class="{kind}">{html}</td>' for kind, html in row) + "</tr>" for row in rows)
    return f"<table>{f'<tr>{top}</tr>' if any(head) else ''}{body}</table>"


def _fairness(rows: list[PersonShare]) -> str:
    cells: list[list[Cell]] = []
    for row in rows:
        fair = "-" if row.fairness is None else f"{row.fairness:.2f}"
        cells.append(
            [
                ("", escape(row.label)),
                *(("n", f"{s:.1f} s") for s in (row.speech_s, row.alone_s, row.wide_s)),
                ("n", fair),
            ]
        )
    return _table(("", "spoke", "close-up", "wide shot", "seen / heard"), cells, numbers=range(1, 5))


def _shape(found: Lengths) -> str:
    shots, under = found.shots_s, sum(s < 2 for s in found.shots_s)
    short = f", {under} under 2 s" if under else ""
    if len(shots) < _FEW:
        return (
            f"{len(shots)} shots, {min(shots):.1f} to {max(shots):.1f} s, median {found.median_s:.1f} s{short}: too "
            f"few to have a shape."
        )
    words = "about log-normal, as a crew's are" if found.is_log_normal else "not log-normal"
    return (
        f"{len(shots)} shots, {min(shots):.1f} to {max(shots):.1f} s, median {found.median_s:.1f} s, mean "
        f"{found.mean_s:.1f} s{short}. "
        f"Their lengths are {words} (sigma {found.sigma:.2f}; distance {found.distance:.2f}, limit {found.limit:.2f})."
    )


def _machine(found: Hands) -> str:
    became = f"{found.machine_cuts} became cuts, {found.taken} taken by hand, {found.vetoes} vetoed"
    return f"{found.proposals} proposals: {became}; the rest were withdrawn or overtaken."


def _overrides(found: Hands) -> str:
    if not found.overrides:
        return _section("Overrides", "No hand went against the machine.", "")
    rows = [
        [("t", svg.clock(o.t_s)), ("", escape(o.what)), *(("", escape(a)) for a in o.after)] for o in found.overrides
    ]
    return _section("Overrides, and what followed", "", _table(("at", "the hand", "within 5 s", "within 10 s"), rows))


def _loudness(found: Loudness, log: ShowLog) -> str:
    target = log.start.target_lufs
    peak = f"{found.true_peak_dbtp:.1f} dBTP" if math.isfinite(found.true_peak_dbtp) else "none"
    off = _off_target(found, target)
    aim = "" if target is None else f" Target {target:g} LUFS (green): {off or 'reached'}."
    note = (
        f"Short-term (3 s). The whole show {found.integrated_lufs:.1f} LUFS (dashed), range {found.range_lu:.1f} LU, "
        f"true peak {peak}.{aim}"
    )
    said = [[("t", svg.clock(line.t_s)), ("", escape(line.message))] for line in log.of(Said)]
    table = _table(("at", "what the meters said"), said) if said else ""
    return _section("Loudness", note, drawings.loudness_line(found, log.seconds, target) + table)


def _off_target(found: Loudness, target_lufs: float | None) -> str:
    """How far the whole show is off it, in words; "" for within 1 LU, which R 128 allows a live show."""
    if target_lufs is None or abs(off_lu := found.integrated_lufs - target_lufs) <= 1.0:
        return ""
    return f"{abs(off_lu):.1f} LU {'over' if off_lu > 0 else 'under'} target"


def _cuts(log: ShowLog) -> str:
    spans = [s for s in log.spans() if s.cut is not None]
    if not spans:
        return _section("Cuts", "There were none.", "")
    return _section(
        f"All {len(spans)} cuts" if len(spans) > 1 else "The cut",
        "",
        _table(("at", "by", "to", "for", "why", "runner-up"), [_cut(log, s) for s in spans]),
    )


def _cut(log: ShowLog, span: Span) -> list[Cell]:
    cut = span.cut
    assert isinstance(cut, Cut)
    colour, who = (svg.MACHINE, "machine") if cut.by == DIRECTOR else (svg.HAND, "hand")
    terms = [f"{name} {value:.2f}" for name, value in cut.terms.items() if abs(value) >= 0.005]
    cost = "" if cut.cost is None else f"cost {cut.cost:.2f} s"
    detail = " · ".join(part for part in (cost, ", ".join(terms)) if part)
    return [
        ("t", svg.clock(cut.t_s)),
        ("", f'<span class=tag style="background:{colour}">{who}</span>'),
        ("", escape(span.shot.label)),
        ("t", f"{float(span.frames / log.rate):.1f} s"),
        ("", f"{escape(cut.reason)}<div class=terms>{escape(detail)}</div>"),
        ("", escape(log.shot(cut.runner_up).label if cut.runner_up else "")),
    ]


def _markers(log: ShowLog) -> str:
    rows = [[("t", svg.clock(m.t_s)), ("t", timecode(m.frame, log.rate)), ("", escape(m.text))] for m in log.of(Marker)]
    return _section("Markers", "", _table(("at", "timecode", "what"), rows)) if rows else ""


_FIGURES = (
    ("frame_ms", "a program frame"),
    ("capture_to_program_ms", "camera to program"),
    ("command_to_program_ms", "command to program"),
)


def _machine_room(log: ShowLog) -> str:
    """Late frames, what frames cost, drops, faults."""
    end = log.end
    if end is None:
        return _section("The machine room", "The log has no end: its figures are missing.", _faults(log))
    late = 100 * end.late / max(1, end.frames)
    drops = {
        "osc_bad": "bad messages",
        "osc_dropped": "messages dropped",
        "log_dropped": "log lines dropped",
        "unpaired": "mattes without a picture",
        "torn": "torn pictures",
    }
    extra: dict[str, Any] = end.model_extra or {}
    lost = [f"{extra[key]} {words}" for key, words in drops.items() if extra.get(key)]
    note = (
        f"{end.frames} frames, {end.late} late ({late:.2f} %)"
        + ("; " + ", ".join(lost) if lost else "; nothing dropped")
        + "."
    )
    rows = [row for key, words in _FIGURES if (row := _figure(words, end.figures.get(key)))]
    table = _table(("ms", "median", "99 of 100 within", "longest"), rows, numbers=range(1, 4)) if rows else ""
    if end.cpu_ms:
        used = ", ".join(f"{name} {ms:.1f}" for name, ms in sorted(end.cpu_ms.items(), key=lambda item: -item[1]))
        memory = f". Memory {sum(end.memory_mb.values()):.0f} MB" if end.memory_mb else ""
        table += f'<p class="note after">CPU {sum(end.cpu_ms.values()):.1f} ms a frame: {escape(used)}{memory}.</p>'
    return _section("The machine room", note, table + _faults(log))


def _figure(words: str, series: Any) -> list[Cell]:
    if not isinstance(series, dict) or not series.get("max"):
        return []
    return [("", words), *(("n", f"{float(series.get(key, 0)):.1f}") for key in ("p50", "p99", "max"))]


def _faults(log: ShowLog) -> str:
    times: dict[str, list[float]] = {}
    for fault in log.of(Problem):
        named = fault.message.startswith(fault.subject) or fault.subject == "control"
        times.setdefault(fault.message if named else f"{fault.subject}: {fault.message}", []).append(fault.t_s)
    if not times:
        return '<p class="note after">No faults.</p>'
    rows = [
        [("t", svg.clock(at[0])), ("n", f"{len(at)} x"), ("", escape(words))] for words, at in list(times.items())[:20]
    ]
    return f'<h2 class="next">Faults</h2>{_table(("first at", "", "what"), rows)}'
