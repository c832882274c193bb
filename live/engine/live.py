"""A show on air: workers around the engine, the machine's clock under it."""

from __future__ import annotations

import gc
import signal
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from live.audio.worker import AudioSpec
from live.base.clock import NS, FrameClock, MonotonicClock, thread_cpu_s
from live.base.priority import go_first, realtime
from live.config.load import Show
from live.config.output import Output
from live.config.rig import Rig
from live.console.spec import ConsoleSpec
from live.control.published import Published
from live.engine.caption_feed import LiveCaptions, fault_of, setup_of
from live.engine.engine import STANDBY_HZ, Engine
from live.engine.feeds import Feeds, RingSink
from live.engine.inputs import LiveInputs, make_rings
from live.engine.keeper import path_beside
from live.engine.multiviews import Multiviews
from live.engine.options import RunOptions
from live.engine.outputs import OutputDesk, feeds_used
from live.engine.people import LivePeople
from live.engine.record import start_record
from live.engine.script import Script, load_script
from live.engine.surfaces import LiveSurfaces
from live.engine.thumbnails import thumbnailed
from live.engine.usage import Usage
from live.shm.frame_ring import FrameRing
from live.shm.memory import ring_name
from live.shm.sound_ring import SoundRing
from live.shm.status import WorkerState
from live.show.feeds.published import BusRings, FeedRing, SourceRing
from live.show.session.published import Drops, WorkerProcess
from live.showlog import ShowLog
from live.sound.spoken import Said, SaidRing
from live.sources.worker import SourceSpec
from live.vision.worker import VisionSpec
from live.workers import Supervisor, Worker

START_NS = int(4.0 * NS)  # from the workers' start to the first picture of files: by then they all have been opened
READY_S = 20.0  # how long the clock waits for the sources' first pictures
LOOK_EVERY = 8  # frames made between looks at the workers
# What the picture is behind its tick: a matte takes about a frame and a half, a bare source half a frame on average.
VIDEO_DELAY_NS = {True: int(0.050 * NS), False: int(0.020 * NS)}


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
        self.output_list: list[Output] = [*show.rig.outputs, *options.extra_outputs(show)]
        self.outputs = OutputDesk(show, self.output_list)
        self.clock = MonotonicClock()
        self.events: deque[tuple[str, str]] = deque(maxlen=200)  # from the supervisor's thread
        self._messages: dict[str, int] = {}
        self._stack = ExitStack()
        self._stopping = False

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
            with realtime():
                self._loop()
            return self._finish()

    # -- making it ----------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        show, rig = self.show, self.show.rig
        keep = self._stack.callback
        self.log = ShowLog(self.options.log, rig.picture.rate)
        keep(self.log.close)
        self.rings = make_rings(show, {o.carries.source for o in self.output_list if o.carries.source})
        for rings in self.rings.values():
            keep(rings.close)
        self.feeds = Feeds(show, feeds_used(self.output_list))
        keep(self.feeds.close)
        self.program = self.feeds.ring("program")
        self.preview = FrameRing(ring_name("pvw"), capacity=480 * 480 * 3 // 2, slots=4)
        self.thumbnails = FrameRing(ring_name("gla"), capacity=480 * 480 * 3 // 2, slots=8)
        self.sound = SoundRing(ring_name("mix"), create=True)
        for ring in (self.preview, self.thumbnails, self.sound):
            keep(ring.close)
        captions, lacking = setup_of(show), fault_of(show)
        self.captions = LiveCaptions(captions) if captions is not None and lacking is None else None
        if self.captions is not None:
            keep(self.captions.close)
        self.surfaces = LiveSurfaces(rig, self.options.osc_port)
        keep(self.surfaces.close)
        self.people = LivePeople(show)
        keep(self.people.close)
        self.multiviews = Multiviews()
        self.supervisor = Supervisor(lambda name, text: self.events.append((name, text)))
        self._add_workers()
        self.usage = Usage(self.supervisor.workers)
        keep(self.supervisor.stop, timeout_s=8.0)
        self.supervisor.start()
        go_first()  # after the workers: they keep the ordinary priority
        self.inputs = LiveInputs(show, self.rings, self.audio.status if self.audio else None)
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
            keep=path_beside(self.options.log) if self.options.log else None,
            warn=self.warn,
            captions=self.captions,
            people=self.people,
        )
        for fault in (lacking, *self.surfaces.lacking):
            if fault is not None:
                self.engine.on_error(fault)
        keep(self.engine.close)
        for where in self._rings():
            self.engine.tree.put(where)

    def _rings(self) -> Iterator[Published]:
        """Where the pictures are."""
        thumbnails = (self.thumbnails.name, tuple(thumbnailed(self.show)))
        yield BusRings(self.program.name, self.preview.name, *thumbnails)
        for name, rings in self.rings.items():
            yield SourceRing(name, rings.picture.name)
        for name in self.feeds.names:
            picture = self.feeds.picture(name)
            yield FeedRing(name, self.feeds.ring(name).name, picture.width, picture.height, float(picture.rate))

    def _add_workers(self) -> None:
        rig, add = self.show.rig, self.supervisor.add
        self.surfaces.add_workers(self.supervisor)
        self._files_ns = start_ns = self.clock.now_ns() + START_NS
        # Niceness: the engine goes before everything, sound and encoding before what feeds it; whoever steers sees
        # before machines do.
        for source in rig.sources:
            rings = self.rings[source.name]
            notes = rings.playing.name if rings.playing else ""
            ahead_ns = video_delay_ns(rig) - int(
                rig.picture.delay_s * NS
            )  # a player's pictures have no age that its sound would wait for
            spec = SourceSpec(
                source, rig.picture, rig.seed, rings.picture.name, rings.sound.name, start_ns, notes, ahead_ns
            )
            rings.status = add(Worker(source.name, "live.sources.worker:main", spec, nice=2 if notes else 4)).status
            if source.seen:
                matte = rings.matte.name if rings.matte else ""
                orders = rings.orders.name if rings.orders else ""
                external = self.rings[source.keyer.external].picture.name if source.keyer.external else ""
                seen = VisionSpec(
                    source.name, rings.picture.name, matte, rig.watch(source), source.orders, orders, external
                )
                rings.vision = add(Worker(f"{source.name} vision", "live.vision.worker:main", seen, nice=8)).status
        self.audio = None
        if rig.microphones or rig.heard_players:
            names = {n: self.rings[n].sound.name for n in [*(m.source for m in rig.microphones), *rig.heard_players]}
            spoken = AudioSpec(tuple(rig.microphones), names, self.sound.name, tuple(rig.heard_players))
            self.audio = add(Worker("audio", "live.audio.worker:main", spoken, nice=2))
        if (desk := self.people.worker(self.rings)) is not None:
            add(desk)
        if self.captions is not None:
            add(self.captions.worker(self.show, self.rings, self.sound.name, self.program.name, video_delay_ns(rig)))
        self.multiviews.add_workers(
            self.supervisor, self.show, self.feeds, self.rings, self.sound, rig.control.host, self.surfaces.osc_port
        )
        self._add_outputs()
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

    def _add_outputs(self) -> None:
        rig, delay_ns = self.show.rig, video_delay_ns(self.show.rig)
        closed = (
            self.captions.told.name
            if self.captions is not None and rig.captions is not None and rig.captions.closed
            else ""
        )
        self.outputs.add_workers(
            self.supervisor,
            self.feeds,
            self.rings,
            self.sound,
            delay_ns=delay_ns,
            iso_delay_ns=delay_ns - VIDEO_DELAY_NS[False],
            captions_ring=closed,
        )

    def _wait_until_ready(self) -> None:
        """Plates first; then the sources' first pictures, so that the show doesn't start on slates."""
        host = self.show.rig.control.host
        self.say(f"{self.show.rig.title}: {len(self.rings)} sources, OSC on {host}:{self.surfaces.osc_port}")
        self.engine.warm_up(self.options.resume)
        deadline_ns = self.clock.now_ns() + int(READY_S * NS)
        while (
            not (self.inputs.ready() and self._workers_ready())
            and self.clock.now_ns() < deadline_ns
            and not self._stopping
        ):
            self.clock.wait_until(self.clock.now_ns() + NS // 50)
            self._drain_events()
        if not self._stopping:
            self.say("on air")
        self.engine.log.line(
            0,
            "start",
            "live",
            **start_record(self.show, self.output_list),
            renderer=self.engine.renderer.name,
            ready=self.inputs.ready(),
            offline=False,
            files_s=round((self.clock.now_ns() + int(NS / self.show.rig.picture.rate) - self._files_ns) / NS, 4),
        )

    def _workers_ready(self) -> bool:
        """Sound and outputs run: nothing of the start is lost to them."""
        heard = self.audio is None or int(self.audio.status.get("state")) == WorkerState.RUNNING
        return heard and self.outputs.ready()

    # -- on air -------------------------------------------------------------------------------------------------------

    def _loop(self) -> None:
        rate = self.show.rig.picture.rate
        interval_ns = int(NS / rate)
        frames = FrameClock(rate, self.clock.now_ns() + interval_ns)
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
            self.made += 1
            if (took_ns := self.clock.now_ns() - tick.deadline_ns) > interval_ns:
                self.engine.late += 1  # made, but not within its own interval
                self._late(tick.frame, took_ns / 1e6, (thread_cpu_s() - before_s) * 1e3)
            if self.made % LOOK_EVERY == 0:
                with self.engine.guard("between frames"):
                    self._look()
        self._last_frame = self.engine.frame_number

    def _late(self, frame: int, ms: float, cpu_ms: float) -> None:
        """A frame that was late, and how much of its time this thread ran: a machine that stands still for a while is
        told from too much work.
        """
        self.engine.log.line(frame, "late", "live", ms=round(ms, 1), cpu_ms=round(cpu_ms, 1))

    def _look(self) -> None:
        """Between frames: what the workers have to say, how the sources do, and the collector's turn."""
        self.inputs.look(self.clock.now_ns())
        self.inputs.demand(self.engine.on_bus(), STANDBY_HZ)
        self.multiviews.look(
            self.feeds, set(self.engine.feeds.wanted) if self.engine.feeds else set(), self.engine.tree
        )
        self._drain_events()
        for worker in self.supervisor.workers:
            pid = worker.process.pid if worker.process is not None else 0
            name = worker.name.replace(" ", "-")
            self.engine.tree.put(WorkerProcess(name, pid or 0, int(worker.status.get("restarts"))))
        self.surfaces.look(self.engine.tree)
        lost = *self.surfaces.lost, self.inputs.unpaired, self.inputs.torn, self.log.dropped
        self.engine.tree.put(Drops(*lost))
        self.outputs.look(self.engine)
        if self.made % (LOOK_EVERY * 30) == 0:
            gc.collect(1)

    def _drain_events(self) -> None:
        while self.events:
            name, text = self.events.popleft()
            self.engine.fault(name, text)
            self._source_message(name, text)
        for worker in self.supervisor.workers:
            count, text = worker.status.message
            if count != self._messages.get(worker.name, 0):
                self._messages[worker.name] = count
                if self.outputs.owns(worker):
                    self.outputs.said(text, self.engine)
                    continue
                self.engine.fault(worker.name, text, by=worker.name)
                self._source_message(worker.name, text)

    def _source_message(self, name: str, text: str) -> None:
        if name in self.inputs.states:
            self.inputs.states[name].message = text

    # -- ending -------------------------------------------------------------------------------------------------------

    def _leave_nothing(self) -> None:
        """A show that never began leaves no recording of nothing."""
        self.supervisor.stop(timeout_s=8.0)
        for path in self.outputs.recordings().values():
            path.unlink(missing_ok=True)

    def _finish(self) -> int:
        figures, (dropped, bad) = self.engine.stats.summary(), self.surfaces.lost
        frames = self._last_frame + 1
        cpu_ms, memory_mb = self.usage.cpu_ms(self.made), self.usage.memory_mb()
        self._drain_events()
        troubled = self.outputs.troubled()
        self.supervisor.stop(timeout_s=8.0, before_close=self._drain_events)
        self.engine.log.line(
            self._last_frame,
            "end",
            "live",
            frames=frames,
            made=self.made,
            late=self.engine.late,
            cpu_ms=cpu_ms,
            memory_mb=memory_mb,
            figures=figures,
            osc_bad=bad,
            osc_dropped=dropped,
            log_dropped=self.log.dropped,
            unpaired=self.inputs.unpaired,
            torn=self.inputs.torn,
        )
        share, wall = 100 * self.engine.late / max(1, frames), self.engine.stats.frame_ms.summary()
        self.say(
            f"{frames} frames, {self.engine.late} late ({share:.2f} %), {self.engine.faults} faults; "
            f"a frame took {wall['p50']:.1f} ms (p99 {wall['p99']:.1f}, max {wall['max']:.1f}), "
            f"{sum(cpu_ms.values()):.1f} CPU ms in all; "
            f"{sum(memory_mb.values()):.0f} MB"
        )
        for name, path in self.outputs.recordings(but=troubled).items():
            lost = self.outputs.lost.get(name)
            self.say(f"recorded {path}{f': {lost}' if lost else ''}")
        if self.options.log:
            self.say(f"log in {self.options.log}")
        for name in troubled:
            self.warn(f"{name}: {self.outputs.words(name)}")
        return 1 if troubled else 0

    @contextmanager
    def _signals(self) -> Iterator[None]:
        def stop(*_: object) -> None:
            self._stopping = True

        wanted = [getattr(signal, name, None) for name in ("SIGINT", "SIGTERM", "SIGHUP")]
        before = {s: signal.signal(s, stop) for s in wanted if s is not None}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def video_delay_ns(rig: Rig) -> int:
    """How old the picture of a program frame is at its tick, on average. With a delay longer than a matte takes, the
    delay decides.
    """
    bare, keyed = VIDEO_DELAY_NS[False], VIDEO_DELAY_NS[any(s.key != "none" for s in rig.sources)]
    return max(keyed, int(rig.picture.delay_s * NS) + bare)


def run_live(
    show: Show, options: RunOptions, say: Callable[[str], None], warn: Callable[[str], None] = lambda text: None
) -> int:
    return LiveRun(show, options, say, warn).run()
