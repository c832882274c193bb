"""A show on air: workers around the engine, the machine's clock under it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from live.base.awake import awake
from live.base.clock import NS, FrameClock, MonotonicClock, thread_cpu_s
from live.base.identity import show_of
from live.base.priority import go_first, realtime
from live.base.processes import ENDS
from live.config.base import build_checks
from live.config.desk import PROGRAM
from live.config.load import Show, crowded
from live.config.output import Output
from live.config.rig import Rig
from live.config.source import Source
from live.console.spec import ConsoleSpec
from live.control.published import Published
from live.engine.buses import Buses
from live.engine.caption_feed import LiveCaptions, fault_of, setup_of
from live.engine.collector import Collector
from live.engine.engine import STANDBY_HZ, Engine
from live.engine.feeds import Feeds, RingSink
from live.engine.inputs import LiveInputs
from live.engine.keeper import stands
from live.engine.listening import LiveListening
from live.engine.mixer import LiveMixer
from live.engine.multiviews import Multiviews
from live.engine.news import Events, WorkerNews
from live.engine.options import RunOptions
from live.engine.outputs import OutputDesk, Studio
from live.engine.people import LivePeople
from live.engine.record import start_record
from live.engine.script import Script, load_script
from live.engine.sources import SourceDesk
from live.engine.surfaces import LiveSurfaces
from live.engine.thumbnails import thumbnailed
from live.engine.usage import Usage
from live.outputs.disks import DisksSpec
from live.shm.frame_ring import FrameRing
from live.shm.memory import ring_name
from live.show.feeds.published import BusRings, FeedRing, SourceRing
from live.show.session.published import Drops, WorkerProcess
from live.showlog import ShowLog, state_beside
from live.sound.spoken import Said, SaidRing
from live.workers import Supervisor, Worker

# After so long a show is on air, whatever is missing of what others give: with the program's own start, within 5 s.
ON_AIR_S = 3.8
OWN_S = (
    12.0  # its own sound, keyers and encoders are waited for so long on a busy machine: nothing of the start is lost
)
LOOK_EVERY = 8  # frames made between looks at the workers
KEYED_NS = int(0.050 * NS)  # what a keyed picture is behind its tick, about; sync finds out how much it is


class RingProgram(RingSink):
    """Program frames into shared memory, and what is said over them to the encoder."""

    def __init__(self, ring: FrameRing, captions: SaidRing | None) -> None:
        super().__init__(ring)
        self._captions = captions

    def caption(self, said: Said) -> None:
        if self._captions is not None:
            self._captions.put(said)


class LiveRun:
    """Everything of a live show, made in order and taken down in reverse."""

    def __init__(
        self,
        show: Show,
        options: RunOptions,
        say: Callable[[str], None],
        warn: Callable[[str], None] = lambda text: None,
    ) -> None:
        self.show, self.options, self.say, self.warn = show, options, say, warn
        self.script = load_script(options.commands) if options.commands else Script()
        self.clock = MonotonicClock()
        self._began_ns = self.clock.now_ns()
        self._events = Events()
        self._stack = ExitStack()
        self._stopping = False
        self._outputs_changed = 0
        self._absent: set[str] = set()  # what was not there when the show began, and hasn't come yet

    def run(self) -> int:
        """Run until the time is over, /show/end, Ctrl-C, SIGTERM or SIGHUP. Returns the exit code: 0, or 1 when the
        show was stopped before it began or an output was in trouble at its end."""
        with self._stack, self._signals():
            self._build()
            self._wait_until_ready()
            if self._stopping:
                self._leave_nothing()
                self.say("stopped before the show began")
                return 1
            with awake() as asleep:
                if asleep:
                    self.engine.log.line(0, "state", "live", may_sleep=asleep)
                with realtime():
                    self._loop()
            return self._finish()

    # -- making it ----------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        show, rig = self.show, self.show.rig
        keep = self._stack.callback
        self.surfaces = LiveSurfaces(rig, self.options.osc_port)  # first: a port that is taken ends it here
        keep(self.surfaces.close)
        self.log = ShowLog(self.options.log, rig.picture.rate, part=self.options.resume is not None)
        keep(self.log.close)
        outputs: list[Output] = [*rig.outputs, *self.options.extra_outputs(show)]
        self.feeds = Feeds(show)
        keep(self.feeds.close)
        self.program = self.feeds.ring("program")
        self.preview = FrameRing(ring_name("pvw"), capacity=480 * 480 * 3 // 2, slots=4)
        self.thumbnails = FrameRing(ring_name("gla"), capacity=480 * 480 * 3 // 2, slots=8)
        self.buses = Buses(rig)
        for ring in (self.preview, self.thumbnails, self.buses):
            keep(ring.close)
        self.sound = self.buses[PROGRAM]
        captions, lacking = setup_of(show), fault_of(show)
        self.captions = LiveCaptions(captions) if captions is not None and lacking is None else None
        if self.captions is not None:
            keep(self.captions.close)
        self.people = LivePeople(show)
        keep(self.people.close)
        self.multiviews = Multiviews()
        self.supervisor = Supervisor(self._events.put)
        self._make_desks(outputs)
        self._add_workers(outputs)
        self.usage = Usage(self.supervisor)
        keep(self.supervisor.stop)
        self.supervisor.start()
        build_checks()  # while the workers start
        go_first()  # after the supervisor's thread, which starts the workers: they keep the ordinary priority
        mixer = self.mixer
        self.inputs = LiveInputs(show, self.sources.rings, mixer.status, mixer.note, video_delay_ns(rig), self.buses)
        self.engine = Engine(
            show,
            inputs=self.inputs,
            program=RingProgram(self.program, self.captions.told if self.captions else None),
            clock=self.clock,
            log=self.log,
            surfaces=[self.surfaces.links, self.script],
            on_air=True,
            preview=self.preview,
            feeds=self.feeds,
            thumbnails=self.thumbnails,
            keep=state_beside(self.log.path) if self.log.path else None,
            warn=self.warn,
            captions=self.captions,
            people=self.people,
            identity=self.options.identity,
        )
        self.news = WorkerNews(
            self._events,
            self.supervisor,
            self.engine,
            sources=self.sources,
            outputs=self.outputs,
            listening=self.listening,
        )
        for fault in (lacking, *self.surfaces.lacking):
            if fault is not None:
                self.engine.notices.error(fault)
        keep(self.engine.close)
        for name, output in self.outputs.outputs.items():
            self.engine.state.outputs.want(name, output.auto_start)
        for where in self._rings():
            self.engine.tree.put(where)
        for name in self.sources.rings:
            self._show_ring(name)

    def _rings(self) -> Iterator[Published]:
        """Where the pictures are that are always there."""
        thumbnails = (self.thumbnails.name, tuple(thumbnailed(self.show)))
        yield BusRings(self.program.name, self.preview.name, *thumbnails)
        for name in self.feeds.names:
            picture = self.feeds.picture(name)
            yield FeedRing(name, self.feeds.ring(name).name, picture.width, picture.height, float(picture.rate))

    def _make_desks(self, outputs: list[Output]) -> None:
        rig, delay_ns, keep = self.show.rig, video_delay_ns(self.show.rig), self._stack.callback
        recorded = {o.carries.source for o in outputs if o.carries.source}
        self.sources = SourceDesk(self.show, self.supervisor, recorded=recorded, video_delay_ns=delay_ns)
        keep(self.sources.close)
        told = self.captions.told if self.captions is not None and rig.captions and rig.captions.closed else None
        studio = Studio(
            self.show,
            self.supervisor,
            self.feeds,
            self.sources.rings,
            self.buses,
            delay_ns=delay_ns,
            iso_delay_ns=delay_ns - half_interval_ns(rig),
            captions_ring=told.name if told is not None else "",
            identity=self.options.identity,
            fresh=self.options.resume is None,
        )
        self.outputs = OutputDesk(studio)
        keep(self.outputs.close)
        self.listening = LiveListening(self.show, self.supervisor, self.buses, self.sources.rings, delay_ns)
        keep(self.listening.close)

    def _add_workers(self, outputs: list[Output]) -> None:
        rig, add = self.show.rig, self.supervisor.add
        self.surfaces.add_workers(self.supervisor)
        for source in rig.sources:
            self.sources.add(source)
        rings = self.sources.rings
        self.mixer = LiveMixer(rig, self.supervisor, rings, self.buses)
        self._stack.callback(self.mixer.close)
        if (desk := self.people.worker(rings)) is not None:
            add(desk)
        if self.captions is not None:
            add(self.captions.worker(self.show, rings, self.sound.name, self.program.name, video_delay_ns(rig)))
        for output in outputs:
            self.outputs.add(output)
        self.multiviews.add_workers(
            self.supervisor, self.show, self.feeds, rings, self.sound, rig.control.host, self.surfaces.osc_port
        )
        files = {o.name: o.file for o in outputs if o.file is not None}
        files |= {"log": self.options.log} if self.options.log is not None else {}
        if files:
            add(Worker("disks", "live.outputs.disks:main", DisksSpec(files), nice=9, patience=3))
        if self.options.console:
            add(
                Worker(
                    "console",
                    "live.console.app:main",
                    ConsoleSpec(rig.control.host, self.surfaces.osc_port),
                    nice=5,
                    patience=3,
                    essential=False,
                )
            )

    def _show_ring(self, source: str) -> None:
        """Tell clients where a source's pictures are; "" when it is gone."""
        rings = self.sources.rings.get(source)
        self.engine.tree.put(SourceRing(source, rings.picture.name if rings is not None else ""))

    def _wait_until_ready(self) -> None:
        """Plates first; then the sources' first pictures, so that the show doesn't start on slates, and whoever hears
        and records it, so that nothing of the start is lost; but no longer than until ON_AIR_S.
        """
        host = self.show.rig.control.host
        self.say(f"{self.show.rig.title}: {len(self.sources.rings)} sources, OSC on {host}:{self.surfaces.osc_port}")
        if words := crowded(self.show.rig, os.cpu_count() or 1):
            self.warn(words)
        self.engine.warm_up(self.options.resume, lambda: self._is_within(ON_AIR_S))
        while (self._is_within(ON_AIR_S) and self._missing()) or (self._is_within(OWN_S) and self._own_to_come()):
            self.clock.wait_until(self.clock.now_ns() + NS // 50)
            self.news.take()
        if not self._stopping:
            if self.options.resume is not None:
                self.say(f"show {show_of(self.options.identity)} goes on: {stands(self.engine.state)}")
            self.say("on air")

    def _is_within(self, limit_s: float) -> bool:
        """Is it no longer than this since the start, and is nobody asking for the end?"""
        return self.clock.now_ns() - self._began_ns < limit_s * NS and not self._stopping

    def _own_to_come(self) -> bool:
        """Is somebody on the way who hears, keys or records the show? One that died has had its chance."""
        return self.mixer.coming or self.outputs.coming() or self.sources.keys_to_come()

    def _missing(self) -> dict[str, str]:
        """What a show would rather not begin without, and what is done without it."""
        pictured = {s.name for s in self.show.rig.sources if s.has_picture}
        missing = {n: f"{'a slate' if n in pictured else 'silence'} stands for it" for n in self.inputs.missing()}
        if self.mixer.missing:
            missing["audio"] = "the program is silent until it does"
        return missing | dict.fromkeys(self.outputs.missing(), "it begins when its encoder does")

    def _begin(self, start_ns: int) -> None:
        """Frame 0 is due then. Files begin half a frame before: their pictures are there for certain when they are
        due."""
        half_ns = int(NS / self.show.rig.picture.rate / 2)
        self.sources.begin(start_ns - half_ns)
        missing = self._missing()
        begun = self.clock.time_of_day().isoformat(" ", "seconds")
        self.log.begin()
        if self.log.said:
            self.say(self.log.said)
        self.engine.log.line(
            0,
            "start",
            "live",
            **start_record(self.show, list(self.outputs.outputs.values()), self.options.identity, begun),
            renderer=self.engine.renderer.name,
            ready=not missing,
            offline=False,
            files_s=round(half_ns / NS, 4),
        )
        self._absent = set(missing)
        for name, what in missing.items():
            self.engine.notices.fault(name, f"{name}: is not there when the show begins; {what}")

    # -- what comes and goes on air -----------------------------------------------------------------------------------

    def add_source(self, source: Source) -> None:
        """Take a source in while the show runs. Raises SourceError when there is one of its name."""
        self.sources.add(source)
        self._show_ring(source.name)

    def remove_source(self, name: str) -> None:
        self.sources.remove(name)
        self._show_ring(name)

    def add_output(self, output: Output) -> None:
        """Take an output in, and start it if it starts by itself. Raises OutputError when its encoder can have no
        more.
        """
        self.outputs.add(output)
        self.engine.state.outputs.want(output.name, output.auto_start)

    def remove_output(self, name: str) -> None:
        """Close it, and forget it."""
        self.outputs.remove(name)
        self.engine.state.outputs.forget(name)

    def _keep_outputs(self) -> None:
        """Outputs run as hands want them to."""
        wanted = self.engine.state.outputs
        if wanted.changes != self._outputs_changed:
            self._outputs_changed = wanted.changes
            for error in self.outputs.keep(wanted.wanted):
                self.engine.notices.error(error)

    # -- on air -------------------------------------------------------------------------------------------------------

    def _loop(self) -> None:
        rate = self.show.rig.picture.rate
        interval_ns = int(NS / rate)
        frames = FrameClock(rate, self.clock.now_ns() + interval_ns)
        self._begin(frames.start_ns)
        self.collector = Collector(self.clock.now_ns)
        last = None if self.options.seconds is None else round(self.options.seconds * rate)
        self.made = 0
        self.usage.start()
        while not self._stopping and not self.engine.state.session.ended:
            tick = frames.tick(self.clock.now_ns())
            if last is not None and tick.frame >= last:
                break
            self.engine.late += tick.missed
            self.clock.wait_until(tick.deadline_ns)
            before_s = thread_cpu_s()
            self.engine.frame(tick.frame, tick.deadline_ns)
            with self.engine.guard("outputs"):
                self._keep_outputs()
                self.listening.obey(self.engine.state.listening.heard)
            self.made += 1
            if (took_ns := self.clock.now_ns() - tick.deadline_ns) > interval_ns:
                self.engine.late += 1  # made, but not within its own interval
                self._late(tick.frame, took_ns / 1e6, (thread_cpu_s() - before_s) * 1e3)
            if self.made % LOOK_EVERY == 0:
                with self.engine.guard("between frames"):
                    self._look()
                    self.collector.step(tick.deadline_ns + interval_ns - self.clock.now_ns())
        self._last_frame = self.engine.frame_number

    def _late(self, frame: int, ms: float, cpu_ms: float) -> None:
        """A frame that was late, and how much of its time this thread ran: a machine that stands still for a while is
        told from too much work.
        """
        self.engine.log.line(frame, "late", "live", ms=round(ms, 1), cpu_ms=round(cpu_ms, 1))

    def _look(self) -> None:
        """Between frames: what the workers have to say, and how the sources do."""
        self.inputs.look(self.clock.now_ns())
        self.inputs.demand(self.engine.on_bus(), STANDBY_HZ)
        self.multiviews.publish(
            self.feeds, set(self.engine.feeds.wanted) if self.engine.feeds else set(), self.engine.tree
        )
        self.news.take()
        for worker in self.supervisor.workers:
            name = worker.name.replace(" ", "-")
            self.engine.tree.put(WorkerProcess(name, worker.pid, int(worker.status.get("restarts"))))
        self.surfaces.publish(self.engine.tree)
        lost = *self.surfaces.lost, self.inputs.unpaired, self.inputs.torn, self.log.dropped
        self.engine.tree.put(Drops(*lost))
        if self._absent:
            for name in self._absent - self._missing().keys():
                self.engine.state.faults.over(name)
                self._absent.discard(name)
        self.outputs.publish(self.engine)
        self.listening.publish(self.engine)

    # -- ending -------------------------------------------------------------------------------------------------------

    def _leave_nothing(self) -> None:
        """A show that never began has made no file: no output opens one before the first picture."""
        self.supervisor.stop()

    def _last_words(self) -> None:
        """All workers have ended, and what they left can still be read."""
        self.news.take()
        self._troubled = self.outputs.troubled()

    def _finish(self) -> int:
        figures, (dropped, bad) = self.engine.stats.summary(), self.surfaces.lost
        frames = self._last_frame + 1
        cpu_ms, memory_mb = self.usage.cpu_ms(self.made), self.usage.memory_mb()
        self.news.take()
        self.supervisor.stop(before_close=self._last_words)
        troubled = self._troubled
        more = {
            "osc_bad": bad,
            "osc_dropped": dropped,
            "log_dropped": self.log.dropped,
            "unpaired": self.inputs.unpaired,
            "torn": self.inputs.torn,
            "garbage": self.collector.figures(),
        }
        cost = {"cpu_ms": cpu_ms, "memory_mb": memory_mb, "figures": figures}
        loudness = self.engine.state.metering.figures() or None
        counts = {"frames": frames, "made": self.made, "late": self.engine.late}
        self.log.line(self._last_frame, "end", "live", **counts, **cost, loudness=loudness, **more)
        share, wall = 100 * self.engine.late / max(1, frames), self.engine.stats.frame_ms.summary()
        self.say(
            f"{frames} frames, {self.engine.late} late ({share:.2f} %), {self.engine.notices.count} faults; "
            f"a frame took {wall['p50']:.1f} ms (p99 {wall['p99']:.1f}, max {wall['max']:.1f}), "
            f"{sum(cpu_ms.values()):.1f} CPU ms in all; "
            f"{sum(memory_mb.values()):.0f} MB"
        )
        for name, path in self.outputs.recordings():
            lost = self.outputs.lost.get(name)
            if path.is_file():
                self.say(f"recorded {path}{f': {lost}' if lost else ''}")
            else:
                self.warn(f"{name}: {path} was recorded, and is not there any more: look where it was moved to")
        if self.log.path:
            self.say(f"log in {self.log.path}")
        for name in troubled:
            self.warn(f"{name}: {self.outputs.told(name)}")
        return 1 if troubled else 0

    @contextmanager
    def _signals(self) -> Iterator[None]:
        def stop(*_: object) -> None:
            self._stopping = True

        before = {s: signal.signal(s, stop) for s in ENDS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def half_interval_ns(rig: Rig) -> int:
    """How old the picture of a source that nothing is done to is at a tick, on average."""
    return int(NS / rig.picture.rate / 2)


def video_delay_ns(rig: Rig) -> int:
    """How old the picture of a program frame is at its tick, on average: the age of the sound that goes with it. With a
    delay longer than a matte takes, the delay decides. Sources that are older or younger have their sound moved
    (`live/show/sources/model.py`).
    """
    bare_ns = half_interval_ns(rig)
    keyed_ns = KEYED_NS if any(s.key != "none" for s in rig.sources) else bare_ns
    return max(keyed_ns, int(rig.picture.delay_s * NS) + bare_ns)


def run_live(
    show: Show, options: RunOptions, say: Callable[[str], None], warn: Callable[[str], None] = lambda text: None
) -> int:
    return LiveRun(show, options, say, warn).run()
