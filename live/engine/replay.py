"""A show that is made again, off line: who spoke is known, and so is what comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from live.base.clock import NS
from live.base.errors import CommandError
from live.base.samples import sample_at
from live.control.registry import parse
from live.engine.script import Script
from live.sound.hearing import Hearing
from live.sources.reader import Event, PictureEvent, SoundEvent


@dataclass(frozen=True)
class Replay:
    """hearing: what the director hears at a time of the show, lookahead_s before program shows it. files_s: by source,
    where in its medium the show begins. hands: commands to carry out again (frame, address, args). told: what the log's
    first line says besides, or instead;
    isos: outputs that it names besides."""

    hearing: Callable[[float], Hearing]
    lookahead_s: float
    files_s: Mapping[str, float] = field(default_factory=dict)
    hands: Sequence[tuple[int, str, list[Any]]] = ()
    told: Mapping[str, Any] = field(default_factory=dict)
    isos: Sequence[Mapping[str, Any]] = ()

    def script(self, warn: Callable[[str], None]) -> Script:
        """The hands' commands. One that this version doesn't know is left out, and said."""
        script = Script()
        for frame, address, args in self.hands:
            try:
                script.add(frame, parse(address, args))
            except CommandError as error:
                warn(f"{error}: left out")
        return script

    def record(self, start: Mapping[str, Any]) -> dict[str, Any]:
        """The log's first line, made from that of the run."""
        return {**start, **self.told, "outputs": [*start["outputs"], *self.isos]}


def begun(events: Iterator[Event], start_s: float) -> Iterator[Event]:
    """The events of a medium from a time in it on, as if it began there: with the picture that stood then."""
    start_ns = int(start_s * NS)
    standing: PictureEvent | None = None
    for event in events:
        if not isinstance(event, PictureEvent | SoundEvent):
            yield event
            continue
        at_ns = event.pts_ns - start_ns
        if isinstance(event, PictureEvent):
            here = PictureEvent(max(0, at_ns), event.format, event.write)
            if at_ns <= 0:
                standing = here
                continue
            if standing is not None:
                yield standing
                standing = None
            yield here
        elif (skip := max(0, -sample_at(at_ns))) < len(event.samples):
            yield replace(event, pts_ns=max(0, at_ns), samples=event.samples[skip:])
    if standing is not None:
        yield standing
