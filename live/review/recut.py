"""`live recut`: another version of a show, made off line from its isos and its log.

Nothing is heard again: who spoke comes from the log, and so the director knows further ahead than any live one. Each
source of the rig is replaced by its iso; where there is none, a file plays from where it was. This module plans; the
engine's off-line run carries it out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from live.base.clock import timecode
from live.base.errors import LogError
from live.config.clips import PlayerConfig
from live.config.kinds import SOURCES
from live.config.load import Show, load_show, load_style
from live.config.microphones import Microphone
from live.config.rig import Rig
from live.config.source import Source
from live.config.strips import StripConfig
from live.config.style import shipped_styles, style_file
from live.review.log import DIRECTOR, Command, OutputLine, ShowLog
from live.review.media import Recorded, pieces
from live.sound.hearing import Hearing

# over the AMI dev meetings wrong is 2.0 % at 0.5 s, 1.3 % at 1 s, 2.2 % at 2 s, 2.3 % at 3 s: more makes it hold back
LOOKAHEAD_S = 1.0
_NOT_AGAIN = ("/show/end", "/show/panic", "/subscribe", "/unsubscribe", "/multiview/want")


@dataclass(frozen=True)
class Recut:
    """A show to be made again. show: the rig with its sources replaced. files_s: where in its medium each source
    begins.
    hands: the commands that are given again (frame, address, args). told: what its log's first line
    says besides; isos: the outputs that it names.
    warnings: for whoever asked."""

    show: Show
    seconds: float
    lookahead_s: float
    speech: Mapping[str, Sequence[tuple[int, int]]]
    files_s: Mapping[str, float]
    hands: tuple[tuple[int, str, list[Any]], ...]
    told: Mapping[str, Any]
    isos: tuple[Mapping[str, Any], ...]
    warnings: tuple[str, ...] = ()

    def hearing(self, now_s: float) -> Hearing:
        """What the director hears at a time of the new show: what is said lookahead_s later."""
        frame = round((now_s + self.lookahead_s) * self.show.rig.picture.rate)
        speaking = {person: any(a <= frame < b for a, b in spans) for person, spans in self.speech.items()}
        return Hearing(speaking, in_pause=not any(speaking.values()))


def plan(log: ShowLog, style: str | None, *, keep_hands: bool = False) -> Recut:
    """Raises LogError, with everything that is missing, and ConfigError."""
    if not log.start.rig.is_file():
        raise LogError(
            str(log.path), f"its rig {log.start.rig} is not there", "put it back; its scenes and graphics are needed"
        )
    show = load_show(log.start.rig)
    isos = _isos(log)
    rig = show.rig
    strange = sorted({s.name for s in rig.sources} ^ {s.name for s in log.start.sources})
    if strange:
        raise LogError(
            str(log.start.rig),
            f"has other sources than the show had: {', '.join(strange)}",
            "put back the rig of the show",
        )
    sources, microphones = _replaced(log, rig, isos)
    files_s = {s.name: -float(isos[s.name].first / log.rate) if s.name in isos else log.start.files_s for s in sources}
    director = rig.director.model_copy(update={"level": rig.director.level if keep_hands else "auto", "preview_s": 0.0})
    again = {
        "sources": sources,
        "microphones": microphones,
        "outputs": [],
        "director": director,
        "captions": None,
        "picture": rig.picture.model_copy(update={"delay_s": 0.0}),  # the isos are as late as the program was
    }
    name = style or rig.director.style
    show = replace(show, rig=rig.model_copy(update=again), style=show.style if style is None else _style(style, log))
    played = {p.name for p in rig.players} - set(isos)
    silent = [
        f"{name} has no iso: it plays nothing, unless its orders are given again (--keep-hands)"
        for name in sorted(played)
    ]
    told = {
        "delay_s": LOOKAHEAD_S,
        "style": Path(name).stem,
        "recut": {"log": str(log.path.resolve()), "style": name, "keep_hands": keep_hands},
        "sources": [s.model_dump() for s in log.start.sources],
    }
    lines = tuple(_iso_line(o, isos[o.source or ""], log) for o in log.isos())
    again_by_hand = tuple(_hands(log, played)) if keep_hands else ()
    return Recut(
        show,
        log.seconds,
        LOOKAHEAD_S,
        log.speech(),
        files_s,
        again_by_hand,
        told,
        lines,
        (*_partial(log, isos), *(silent if not keep_hands else ())),
    )


def _style(name: str, log: ShowLog) -> Any:
    file = style_file(name, Path.cwd())
    if not file.is_file():
        raise LogError(
            f"--style {name}", "no such style", f"one of: {', '.join(shipped_styles())}, or the path of a style file"
        )
    return load_style(file)


def _isos(log: ShowLog) -> dict[str, Recorded]:
    """The iso of each source that has one; of one in several pieces, the longest. Raises LogError when one that the log
    names isn't there."""
    found = {o.source or "": pieces(log, o) for o in log.isos()}
    gone = [f"{o.source} ({o.path})" for o in log.isos() if not found[o.source or ""]]
    if gone:
        raise LogError(
            str(log.path),
            f"isos are not there, or no video: {', '.join(gone)}",
            "put them where the log says, or beside the log",
        )
    return {source: max(files, key=lambda file: file.frames) for source, files in found.items()}


def _partial(log: ShowLog, isos: Mapping[str, Recorded]) -> Iterator[str]:
    """What is said of the isos that don't hold the whole show."""
    for source, file in isos.items():
        if file.first or file.frames < log.frames:
            a, b = (timecode(frame, log.rate) for frame in (file.first, file.first + file.frames))
            yield f"the iso of {source} ({file.path.name}) holds {a} to {b} only: before and after, its picture stands"


def _iso_line(output: OutputLine, file: Recorded, log: ShowLog) -> dict[str, Any]:
    line = {"name": output.name, "kind": "iso", "path": str(file.path.resolve()), "source": output.source}
    return line | {"show": output.show or log.start.show}


def _replaced(log: ShowLog, rig: Rig, isos: Mapping[str, Recorded]) -> tuple[list[Source], list[Microphone]]:
    """The sources of the new show, and its microphones: each hears the iso that carries its sound."""
    carried = {rig.voice_of(source): source for source in reversed(list(isos))}
    microphones = [
        m.model_copy(update={"source": carried[m.source, m.picks], "channel": None, "channels": None})
        if (m.source, m.picks) in carried
        else m
        for m in rig.microphones
    ]
    # Mixed by itself no more, with the strip that it had.
    microphones += [_as_microphone(name, rig.strips[name]) for name in rig.heard_players if name in isos]
    heard = {m.source for m in microphones}
    sources: list[Source] = []
    missing = []
    for source in rig.sources:
        if source.name in isos:
            sources.append(_from_iso(source, isos[source.name].path, rig.source(rig.voice_of(source.name)[0])))
        elif not source.has_picture and source.name not in heard:
            continue  # its sound comes with an iso
        elif source.repeatable or isinstance(source, PlayerConfig):  # a player has its clips, and plays by hand
            sources.append(source)
        else:
            missing.append(source.name)
    if missing:
        raise LogError(
            str(log.path),
            f"there are no isos of {', '.join(missing)}",
            'record every camera next time: live run RIG --isos FOLDER, or an output of kind "iso" for each',
        )
    return sources, microphones


def _as_microphone(name: str, strip: StripConfig) -> Microphone:
    given = {key: getattr(strip, key) for key in strip.model_fields_set}
    return Microphone.model_construct(name=name, source=name, channel=None, channels=None, **given)


def _from_iso(source: Source, path: Path, voice: Source) -> Source:
    """The iso in place of a source: keyed, graded and framed as that was. voice: whose sound it carries, as it came."""
    kept: dict[str, Any] = {key: getattr(source, key) for key in Source.model_fields}
    kept["sound_delay_ms"] = voice.sound_delay_ms
    return SOURCES.all["media"].model_construct(**kept | {"kind": "media", "path": path, "loop": False})


def _hands(log: ShowLog, played: Collection[str]) -> Iterator[tuple[int, str, list[Any]]]:
    """Every command that a hand gave. played: the players that play again."""
    for line in log.of(Command):
        # A player's iso is what it played: its orders mean nothing to it. A preset that was stored is on the disk.
        again = line.address not in _NOT_AGAIN and not re.match(r"/strips/[^/]+/store$", line.address)
        player = re.match(r"/players/([^/]+)/", line.address)
        again = again and (player is None or player[1] in played)
        if line.by != DIRECTOR and again:
            yield line.frame, line.address, list(line.args)


def files_of(log: Path, out: Path | None, new_log: Path | None, made: Recut) -> tuple[Path, Path]:
    """Where the new recording and its log go. Raises LogError when that is where the old ones are."""
    record = out or log.with_name(f"{log.stem}.{Path(str(made.told['style'])).stem}.mp4")
    lines = new_log or record.with_suffix(".jsonl")
    taken = {log.resolve(), *(Path(str(iso["path"])).resolve() for iso in made.isos)}
    for path in (record, lines):
        if path.resolve() in taken:
            raise LogError(str(path), "is a file of the show itself", "give another name: the old files stay")
    return record, lines
