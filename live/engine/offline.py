"""A show on the virtual clock: as fast as the machine can, and the same picture frame by frame each time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import TextIO

from live.base.clock import NS, ManualClock
from live.base.errors import ModelError, OutputError
from live.base.identity import identity_made_of
from live.config.desk import PROGRAM
from live.config.load import Show
from live.engine.caption_feed import OfflineCaptions, fault_of, setup_of
from live.engine.direct import DirectFeeds, DirectProgram
from live.engine.engine import Engine
from live.engine.inputs import OfflineInputs, make_rings
from live.engine.isos import OfflineIsos
from live.engine.offline_tracks import OfflineTracks
from live.engine.options import RunOptions
from live.engine.outputs import feeds_used
from live.engine.people import OfflinePeople
from live.engine.record import start_record
from live.engine.replay import Replay
from live.engine.script import Script, load_script
from live.showlog import ShowLog


def run_offline(
    show: Show,
    options: RunOptions,
    say: Callable[[str], None],
    warn: Callable[[str], None] = lambda text: None,
    replay: Replay | None = None,
) -> int:
    """Run `options.seconds` of the show. Every frame is made, none is late; the log's times are the show's own. replay:
    a show that was run before, made again."""
    rate = show.rig.picture.rate
    frames = round((options.seconds or 60.0) * rate)
    with OfflineRun(show, options, say, warn, replay) as run:
        for n in range(frames):
            run.frame()
            if n % round(10 * rate) == 0 and n:
                say(f"{float(n / rate):.0f} s of {float(frames / rate):.0f} s")
            if run.engine.state.session.ended:
                break
    say(f"{run.frames} frames off line, {run.engine.notices.count} faults")
    return 0


class OfflineRun:
    """A show on the virtual clock, made by entering it, one `frame` after the other. One thread."""

    def __init__(
        self,
        show: Show,
        options: RunOptions,
        say: Callable[[str], None],
        warn: Callable[[str], None] = lambda text: None,
        replay: Replay | None = None,
    ) -> None:
        self.show = show
        self.frames = 0  # made so far
        self._outputs_changed = 0
        if options.resume is None:
            options = replace(options, identity=_identity(show, options))
        self._options, self._say, self._warn, self._replay = options, say, warn, replay
        self._clock = ManualClock()
        self._stack = ExitStack()

    def __enter__(self) -> OfflineRun:
        with self._stack:
            self._build(self.show, self._options)
            self._stack = self._stack.pop_all()  # only what was made whole is left open
        return self

    def __exit__(self, *_: object) -> None:
        rest = self._inputs.rest(int(self.frames * NS / self.show.rig.picture.rate))
        self._feeds.end(rest)
        self._tracks.end(rest[PROGRAM], self.frames)
        number, frames = self.engine.frame_number, self.engine.frame_number + 1
        loudness = self.engine.state.metering.figures() or None
        self._log.line(number, "end", "live", frames=frames, made=frames, late=0, loudness=loudness)
        self._stack.close()

    def _build(self, show: Show, options: RunOptions) -> None:
        keep = self._stack.callback
        rate, replay = show.rig.picture.rate, self._replay
        self._log = log = ShowLog(options.log, rate, threaded=False, part=options.resume is not None)
        keep(log.close)
        hashes = self._stack.enter_context(_writable(options)) if options.hash else None
        outputs = options.extra_outputs(show)
        if drawn := {m.name for m in show.rig.multiviews} & set(feeds_used(outputs)):
            raise OutputError(
                ", ".join(sorted(drawn)),
                "a multiview is drawn beside a show on air, not off line",
                "run it without --offline",
            )
        captioned = setup_of(show)
        closed = captioned is not None and captioned.config.closed and fault_of(show) is None
        whose, fresh = options.identity, options.resume is None
        rings = make_rings(show)
        self._tracks = OfflineTracks(show, outputs, rings, self._clock, self._say, whose, fresh=fresh)
        keep(self._tracks.close)
        self._feeds = feeds = DirectFeeds(
            show,
            outputs,
            self._say,
            hashes=hashes,
            closed=closed,
            identity=whose,
            fresh=fresh,
            tracks=self._tracks,
        )
        keep(feeds.close)
        self._inputs = inputs = OfflineInputs(
            show, rings, replay.files_s if replay else None, frozenset(o.carries.bus for o in outputs if o.carries.feed)
        )
        keep(inputs.close)
        self._isos = OfflineIsos(show, [o for o in outputs if o.carries.source], rings, self._say, whose, fresh=fresh)
        keep(self._isos.close)
        self.script = load_script(options.commands) if options.commands else Script()
        if replay is not None and not options.commands:
            self.script = replay.script(self._warn)
        self.engine = engine = Engine(
            show,
            inputs=inputs,
            program=DirectProgram(feeds),
            clock=self._clock,
            log=log,
            surfaces=[self.script],
            on_air=False,
            preview=None,
            warn=self._warn,
            replay=replay,
            people=OfflinePeople(show, rings),
            feeds=feeds,
        )
        keep(engine.close)
        for output in outputs:
            engine.state.outputs.want(output.name, True)
        try:
            if captioned is not None:
                told = partial(engine.notices.fault, "captions")
                engine.captions = captions = OfflineCaptions(captioned, rings, show.rig, told)
                keep(captions.close)
        except ModelError as error:
            engine.notices.error(error)
        engine.warm_up(options.resume)
        log.begin()
        record = start_record(show, outputs, options.identity)
        log.line(0, "start", "live", **(replay.record(record) if replay else record), offline=True)
        for text in inputs.said:
            engine.notices.fault("audio", text, by="audio")

    def frame(self) -> None:
        """Make the next frame, and all that belongs to it."""
        n = self.frames
        deadline_ns = int(n * NS / self.show.rig.picture.rate)
        self._clock.wait_until(deadline_ns)
        self.engine.frame(n, deadline_ns)
        wanted = self.engine.state.outputs
        if wanted.changes != self._outputs_changed:
            self._outputs_changed = wanted.changes
            self._feeds.keep(wanted.wanted)
            self._isos.keep(wanted.wanted)
            self._tracks.keep(wanted.wanted)
        for name, text in self._inputs.news():
            self.engine.notices.fault(name, text, by=name)
        with self.engine.guard("isos"):
            self._isos.frame(n, deadline_ns, self._inputs)
        self.frames += 1


def _identity(show: Show, options: RunOptions) -> str:
    """By what the show is made of."""
    texts = (path.read_text("utf-8", "replace") for path in (show.path, options.commands) if path and path.is_file())
    return identity_made_of(*texts, str(options.seconds))


def _writable(options: RunOptions) -> TextIO:
    assert options.hash is not None
    try:
        return options.hash.open("w", encoding="ascii")
    except OSError as error:
        raise OutputError(
            str(options.hash), error.strerror or "can't be written", "give another place for the hashes"
        ) from None
