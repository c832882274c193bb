"""A show as an editor's time line: the program cut into its shots, the isos beneath it, who spoke, who cut and why.

OpenTimelineIO, and through its adapters EDL (CMX 3600), Final Cut Pro 7 XML and FCPXML. Times are program frames at the
show's exact rate.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import opentimelineio as otio
from opentimelineio import schema
from opentimelineio.opentime import RationalTime, TimeRange

from live.base.errors import LogError
from live.review.figures import overriding
from live.review.log import DIRECTOR, Command, Marker, OutputLine, Override, ShowLog, Span
from live.review.media import pieces

MOST_EVENTS = 999  # of an EDL
NAME_LENGTH, TITLE_LENGTH = 240, 70
SUFFIXES = (".otio", ".edl", ".xml", ".fcpxml")
_COLOUR = schema.MarkerColor
_DISSOLVE = schema.TransitionTypes.SMPTE_Dissolve

Warn = Callable[[str], None]


def timeline_of(log: ShowLog, warn: Warn = lambda text: None) -> Any:
    """The show as an otio Timeline. Tracks from bottom to top: isos, the program (PGM); then the sounds. warn: told
    which files are missing."""
    return _Builder(log, log.rate, warn).timeline()


def write_timeline(log: ShowLog, path: Path, warn: Warn = lambda text: None) -> None:
    """Write a time line in the format of the file's suffix. Raises LogError."""
    if path.suffix not in SUFFIXES:
        raise LogError(
            str(path),
            f"no time line is written as {path.suffix or 'a file without suffix'}",
            f"one of: {', '.join(SUFFIXES)}",
        )
    # The adapters for EDL and FCPXML count whole frames a second: they get the show at its nominal rate, with the same
    # frame numbers.
    nominal = Fraction(round(log.rate))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".edl":
            if nominal > 30:
                warn(f"{path.name}: few editors read an EDL of {nominal} frames a second; all read .xml")
            path.write_text(_edl(log, path, _Builder(log, nominal, warn, isos=False).timeline()), encoding="utf-8")
        elif path.suffix == ".fcpxml":
            builder = _Builder(log, nominal, warn, isos=False)
            timeline = builder.timeline()
            for clip in timeline.find_clips():
                clip.name = clip.name.replace("'", "\u2019")  # its adapter looks clips up by quoted name
            text = otio.adapters.write_to_string(timeline, "fcpx_xml")
            path.write_text(_finished_fcpxml(text, log.rate, builder.size), encoding="utf-8")
        else:
            otio.adapters.write_to_file(timeline_of(log, warn), str(path))
    except OSError as error:
        raise LogError(str(path), f"can't be written ({error.strerror})", "give another place") from None


def _edl(log: ShowLog, path: Path, timeline: Any) -> str:
    """CMX 3600: numbers of three digits, times of one day, names of eight letters and digits. Raises LogError when the
    show is none that it can say."""
    right = "write .xml, .fcpxml or .otio"
    if log.seconds > 24 * 3600:
        raise LogError(str(path), "an EDL ends after 24 hours, and the show is longer", right)
    reels: dict[str, str] = {}
    for clip in timeline.find_clips():
        url = getattr(clip.media_reference, "target_url", "")
        clip.metadata["cmx_3600"] = {"reel": reels.setdefault(url, _reel(clip.media_reference.name, reels.values()))}
    text: str = otio.adapters.write_to_string(timeline, "cmx_3600")
    events = {match[1] for match in re.finditer(r"^(\d{3,})  ", text, re.MULTILINE)}
    if len(events) > MOST_EVENTS:
        raise LogError(str(path), f"an EDL holds {MOST_EVENTS} events, and the show has {len(events)}", right)
    return _ascii(text).replace("\n\n", "\nFCM: NON-DROP FRAME\n\n", 1)


def _ascii(text: str) -> str:
    """What old editors read, too: letters without their marks, and _ for what has no such letter."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return plain.encode("ascii", "replace").decode()


def _reel(name: str, taken: Collection[str]) -> str:
    short = re.sub(r"[^A-Za-z0-9]", "", name)[:8] or "AX"
    number, reel = 2, short
    while reel in taken:
        reel, number = f"{short[: 8 - len(str(number))]}{number}", number + 1
    return reel


def in_line(text: str, most: int = NAME_LENGTH) -> str:
    """Text as a name in any of the formats: one line, without what XML can't hold, and not endless."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return plain if len(plain) <= most else f"{plain[: most - 1]}\u2026"


class _Piece(NamedTuple):
    """A file of a recording: program frames first to after (not included)."""

    first: int
    after: int
    media: Any


class _Builder:
    """Makes one Timeline. rate: frames a second of every time in it."""

    def __init__(self, log: ShowLog, rate: Fraction, warn: Warn, *, isos: bool = True) -> None:
        self._log, self._rate, self._warn = log, float(rate), warn
        self._isos = {o.source or "": self._pieces(o) for o in log.isos()} if isos else {}
        programs = log.recordings()
        self._program = (
            self._pieces(programs[0]) if programs else [_Piece(0, log.frames, schema.MissingReference("program"))]
        )
        self._speech = log.speech()
        self._against = overriding(log)
        picture = log.start.picture
        self.size = (int(picture.get("width", 0)), int(picture.get("height", 0)))

    def timeline(self) -> Any:
        timeline = schema.Timeline(in_line(self._log.start.title, TITLE_LENGTH), global_start_time=self._at(0))
        timeline.metadata["live"] = {
            "log": str(self._log.path),
            "rate": self._log.start.rate,
            "delay_s": self._log.start.delay_s,
        }
        for source, found in self._isos.items():
            timeline.tracks.append(self._iso(source, found, schema.TrackKind.Video))
        timeline.tracks.append(self._shots())
        timeline.tracks.append(self._whole("PGM sound", self._program, schema.TrackKind.Audio))
        for source, found in self._isos.items():
            timeline.tracks.append(self._iso(source, found, schema.TrackKind.Audio))
        return timeline

    # -- times and media ----------------------------------------------------------------------------------------------

    def _at(self, frame: int) -> Any:
        return RationalTime(frame, self._rate)

    def _range(self, first: int, after: int) -> Any:
        return TimeRange(self._at(first), self._at(after - first))

    def _pieces(self, output: OutputLine) -> list[_Piece]:
        """What there is of a recording. One that isn't there is said, and named all the same."""
        found = pieces(self._log, output)
        assert output.path is not None
        if not found:
            self._warn(f"{output.path} is not there, or no video: the time line names it all the same")
            return [_Piece(0, self._log.frames, self._reference(output.path, self._log.frames))]
        return [
            _Piece(f.first, min(f.first + f.frames, self._log.frames), self._reference(f.path, f.frames)) for f in found
        ]

    def _reference(self, path: Path, frames: int) -> Any:
        reference = schema.ExternalReference(path.resolve().as_uri(), available_range=self._range(0, max(frames, 1)))
        reference.name = path.stem
        return reference

    # -- tracks -------------------------------------------------------------------------------------------------------

    def _shots(self) -> Any:
        """The program: a clip for each shot, a transition where one was."""
        track = schema.Track("PGM", kind=schema.TrackKind.Video)
        spans = self._log.spans()
        for i, span in enumerate(spans):
            # The last frame of a shot stays free of it: the next one may begin with a transition, too.
            frames = min(span.transition, span.frames - (i + 1 < len(spans)))
            if i and frames and track and isinstance(track[-1], schema.Clip) and self._holds(span.start):
                kind = _DISSOLVE if span.cut and span.cut.transition == "mix" else schema.TransitionTypes.Custom
                name = span.cut.transition if span.cut else ""
                track.append(
                    schema.Transition(
                        in_line(name), transition_type=kind, in_offset=self._at(0), out_offset=self._at(frames)
                    )
                )
            track.extend(self._shot(span))
        return track

    def _holds(self, frame: int) -> bool:
        """Is a program frame in a recording?"""
        return any(p.first <= frame < p.after for p in self._program)

    def _shot(self, span: Span) -> Iterator[Any]:
        """A clip; several where a fault began a new file in the shot, and gaps where no file holds it."""
        at = span.start
        for piece in self._program:
            first, after = max(at, piece.first), min(span.end, piece.after)
            if after > first:
                if first > at:
                    yield schema.Gap(source_range=self._range(0, first - at))
                yield self._clip(span, piece, first, after)
                at = after
        if at < span.end:
            yield schema.Gap(source_range=self._range(0, span.end - at))

    def _clip(self, span: Span, piece: _Piece, start: int, end: int) -> Any:
        """What a file holds of a shot: program frames start to end."""
        first = piece.first  # the clip's own times are the file's
        media = self._range(start - first, end - first)
        clip = schema.Clip(in_line(span.shot.label), media_reference=piece.media.clone(), source_range=media)
        clip.metadata["live"] = self._tags(span)
        hand = span.is_hand
        why = span.cut.reason if span.cut else "the show begins"
        colour = _COLOUR.RED if hand else _COLOUR.GREEN
        clip.markers.append(self._marker(f"{'hand' if hand else 'machine'}: {why}", start - first, 1, colour))
        for name, frame, colour in self._notes(start, end):
            clip.markers.append(self._marker(name, frame - first, 1, colour))
        found = self._isos.get(self._source_of(span) or "")
        iso = next((p for p in found or () if p.first <= start < p.after), None)
        if iso is not None and iso.first == first:  # an editor may switch the shot to the clean camera
            clip.set_media_references(
                clip.media_references() | {"iso": iso.media.clone()}, clip.active_media_reference_key
            )
        return clip

    def _source_of(self, span: Span) -> str | None:
        """The one camera that a shot shows, if it is of one."""
        cameras = {p.name: p.camera for p in self._log.start.people}
        return span.shot.source or span.shot.camera or cameras.get(span.shot.person or "")

    def _tags(self, span: Span) -> dict[str, Any]:
        overlap = {
            p: sum(max(0, min(b, span.end) - max(a, span.start)) for a, b in spans) for p, spans in self._speech.items()
        }
        cut = span.cut
        return {
            "shot": span.shot.id,
            "size": span.shot.role,
            "person": span.shot.person or "",
            "speakers": [p for p, n in sorted(overlap.items(), key=lambda item: -item[1]) if n],
            "by": "machine" if span.by == DIRECTOR else "hand" if span.is_hand else "rig",
            "who": span.by,
            "reason": cut.reason if cut else "",
            "override": span.cut in self._against,
            "runner_up": (cut.runner_up or "") if cut else "",
            "cost": cut.cost if cut and cut.cost is not None else 0.0,
            "terms": dict(cut.terms) if cut else {},
            "transition": cut.transition if cut else "cut",
        }

    def _notes(self, start: int, end: int) -> Iterator[tuple[str, int, str]]:
        """Markers by hand, vetoes and holds in program frames start to end."""
        for line in self._log.lines:
            if not start <= line.frame < end:
                continue
            if isinstance(line, Marker):
                yield line.text or "marker", line.frame, _COLOUR.PURPLE
            elif isinstance(line, Override):
                yield f"override: vetoed {self._log.shot(line.vetoed).label}", line.frame, _COLOUR.ORANGE
            elif isinstance(line, Command) and line.address in ("/director/hold", "/director/level", "/show/panic"):
                yield f"{line.address} {' '.join(map(str, line.args))}".strip(), line.frame, _COLOUR.ORANGE

    def _iso(self, source: str, found: Sequence[_Piece], kind: str) -> Any:
        track = self._whole(f"ISO {source}", found, kind)
        clips = [item for item in track if isinstance(item, schema.Clip)]
        for person in (p for p in self._log.start.people if p.camera == source and kind == schema.TrackKind.Video):
            for first, after in self._speech.get(person.name, []):
                for clip, piece in zip(clips, found, strict=True):
                    a, b = max(first, piece.first), min(after, piece.after)
                    if b > a:
                        clip.markers.append(
                            self._marker(f"{person.label} speaks", a - piece.first, b - a, _COLOUR.CYAN)
                        )
        return track

    def _whole(self, name: str, found: Sequence[_Piece], kind: str) -> Any:
        """A recording from end to end; nothing where a fault left nothing."""
        track = schema.Track(name, kind=kind)
        at = 0
        for piece in found:
            if piece.first > at:
                track.append(schema.Gap(source_range=self._range(0, piece.first - at)))
            clip = schema.Clip(
                name, media_reference=piece.media.clone(), source_range=self._range(0, piece.after - piece.first)
            )
            clip.metadata["live"] = {"kind": kind}  # picture and sound of a file are two items, and not one twice
            track.append(clip)
            at = piece.after
        return track

    def _marker(self, name: str, frame: int, frames: int, colour: str) -> Any:
        return schema.Marker(in_line(name), marked_range=self._range(frame, frame + frames), color=colour)


_TIME = re.compile(r"^(\d+)(?:/(\d+))?s$")


def _finished_fcpxml(text: str, rate: Fraction, size: tuple[int, int]) -> str:
    """FCPXML as its adapter writes it at the nominal rate, at the show's exact one (29.97: every time 1001/1000 as
    long), with the picture's size."""
    root = ElementTree.fromstring(text)
    stretch = Fraction(round(rate)) / rate
    for element in root.iter():
        for key, value in element.attrib.items():
            if (match := _TIME.match(value)) is not None:
                seconds = Fraction(int(match[1]), int(match[2] or 1)) * stretch
                element.set(
                    key,
                    f"{seconds.numerator}/{seconds.denominator}s"
                    if seconds.denominator > 1
                    else f"{seconds.numerator}s",
                )
        if element.tag == "format":
            element.attrib.pop("name", None)
            element.set("width", str(size[0]))
            element.set("height", str(size[1]))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n'
        + ElementTree.tostring(root, encoding="unicode")
        + "\n"
    )
