"""A show on the virtual clock: as fast as the machine can, and the same picture frame by frame each time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import TextIO

from live.base.clock import NS, ManualClock
from live.base.errors import ModelError, OutputError
from live.config.load import Show
from live.config.rig import FileOutput, IsoOutput
from live.engine.caption_feed import OfflineCaptions, fault_of, setup_of
from live.engine.direct import DirectFeeds, DirectProgram
from live.engine.engine import Engine
from live.engine.inputs import OfflineInputs, make_rings
from live.engine.isos import OfflineIsos
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
    clock = ManualClock()
    with ExitStack() as stack:
        log = ShowLog(options.log, rate, threaded=False)
        stack.callback(log.close)
        hashes = stack.enter_context(_writable(options)) if options.hash else None
        outputs = options.extra_outputs(show)
        if drawn := {m.name for m in show.rig.multiviews} & set(feeds_used(outputs)):
            raise OutputError(
                ", ".join(sorted(drawn)),
                "a multiview is drawn beside a show on air, not off line",
                "run it without --offline",
            )
        captioned = setup_of(show)
        closed = captioned is not None and captioned.config.closed and fault_of(show) is None
        feeds = DirectFeeds(show, [o for o in outputs if isinstance(o, FileOutput)], say, hashes=hashes, closed=closed)
        stack.callback(feeds.close)
        rings = make_rings(show)
        inputs = OfflineInputs(show, rings, replay.files_s if replay else None)
        stack.callback(inputs.close)
        isos = OfflineIsos(show, [o for o in outputs if isinstance(o, IsoOutput)], rings, say)
        stack.callback(isos.close)
        commands = load_script(options.commands) if options.commands else replay.script(warn) if replay else Script()
        engine = Engine(
            show,
            inputs=inputs,
            program=DirectProgram(feeds),
            clock=clock,
            log=log,
            osc=None,
            preview=None,
            script=commands,
            warn=warn,
            replay=replay,
            people=OfflinePeople(show, rings),
            feeds=feeds,
        )
        stack.callback(engine.close)
        try:
            if captioned is not None:
                engine.captions = captions = OfflineCaptions(
                    captioned, rings, show.rig, lambda text: engine.fault("captions", text)
                )
                stack.callback(captions.close)
        except ModelError as error:
            engine.on_error(error)
        engine.warm_up()
        record = start_record(show, outputs)
        log.line(0, "start", "live", **(replay.record(record) if replay else record), offline=True)
        for text in inputs.said:
            engine.fault("audio", text, by="audio")
        for n in range(frames):
            deadline_ns = int(n * NS / rate)
            clock.wait_until(deadline_ns)
            engine.frame(n, deadline_ns)
            for name, text in inputs.news():
                engine.fault(name, text, by=name)
            isos.frame(n, deadline_ns, inputs)
            if n % round(10 * rate) == 0 and n:
                say(f"{float(n / rate):.0f} s of {float(frames / rate):.0f} s")
            if engine.state.ended:
                break
        log.line(
            engine.frame_number, "end", "live", frames=engine.frame_number + 1, made=engine.frame_number + 1, late=0
        )
    say(f"{engine.frame_number + 1} frames off line, {engine.faults} faults")
    return 0


def _writable(options: RunOptions) -> TextIO:
    assert options.hash is not None
    try:
        return options.hash.open("w", encoding="ascii")
    except OSError as error:
        raise OutputError(
            str(options.hash), error.strerror or "can't be written", "give another place for the hashes"
        ) from None
