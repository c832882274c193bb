"""The engine: one frame function on one clock, live or virtual."""

from __future__ import annotations

import gc
import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from live.base.clock import NS, Clock
from live.base.errors import LiveError, OutputError
from live.base.guard import Guard
from live.base.priority import realtime
from live.base.readers import Readers
from live.config.graphics import GraphicConfig
from live.config.load import Show
from live.config.presets import sounds_beside
from live.control.state import StateTree
from live.control.surface import Surface
from live.ears.ears import Ears
from live.engine.caption_feed import CaptionSource
from live.engine.compiling import Compiling
from live.engine.feed_frames import FeedFrames
from live.engine.feeds import FeedSinks
from live.engine.fetching import Fetching
from live.engine.films import Films
from live.engine.grading import Grading
from live.engine.inputs import Inputs
from live.engine.intake import Intake
from live.engine.keeper import Keeper, kept_text, resumed, stands
from live.engine.made import Made, Pending
from live.engine.notices import Notices
from live.engine.onair import follow_files, watch_of
from live.engine.people import People, Whereabouts
from live.engine.presets import PresetStore
from live.engine.program import Program, ProgramFrames
from live.engine.publishing import Publishing
from live.engine.replay import Replay
from live.engine.saving import RigSaver
from live.engine.sound import Sound
from live.engine.stats import Stats
from live.engine.stills import StillStore
from live.engine.thumbnails import Thumbnails
from live.engine.within import PicturesWithin
from live.picture.format import U8, PictureFormat
from live.picture.values import Picture, ShotView, Sight, SourceInput
from live.render import Renderer
from live.shm.frame_ring import FrameRing
from live.show import ShowState
from live.show.asks import Asks, Done, Failed, Kind
from live.show.feeds.model import AuxState
from live.show.graphics.published import GraphicStatus
from live.show.keeping import text_of
from live.showlog import ShowLog
from live.sound.hearing import Hearing

STANDBY_HZ = 10.0  # mattes a second of a source that is on no bus
SIGHTS_EVERY = 3  # frames between two questions what there is to be seen of each source
PREVIEW_EVERY = 3  # program frames per preview picture, while somebody looks
READ_S = 2.0  # how long a show waits at most for its graphics' files before it begins


class Engine:
    """Owns the show's state, the renderer and the frame. One thread.

    inputs, program and clock are live or virtual; nothing in the frame function knows which.
    """

    def __init__(
        self,
        show: Show,
        *,
        inputs: Inputs,
        program: Program,
        clock: Clock,
        log: ShowLog,
        surfaces: Sequence[Surface],
        on_air: bool,
        preview: FrameRing | None,
        warn: Callable[[str], None],
        captions: CaptionSource | None = None,
        replay: Replay | None = None,
        people: People | None = None,
        feeds: FeedSinks | None = None,
        thumbnails: FrameRing | None = None,
        keep: Path | None = None,
        identity: str = "",
    ) -> None:
        self.show, self.inputs, self.program, self.clock = show, inputs, program, clock
        self.on_air, self.preview, self.captions = on_air, preview, captions
        self.log = log
        self.replay = replay
        self.frame_number, self.now_s = 0, 0.0
        self.tree = StateTree()
        self.notices = Notices(
            log, self.tree, warn, frame=lambda: (self.frame_number, self.now_s), book=lambda: self.state.faults
        )
        note, on_error = self.notices.log, self.notices.error
        self.guard = Guard(self.notices.failure)
        lookahead_s = None if replay is None else replay.lookahead_s
        self.readers = Readers() if on_air else None
        self.fetching = Fetching(show.places, self.readers)
        asks = Asks(show.places, self._fetch, lambda error: self.notices.fault("control", str(error)))
        self.state: ShowState = ShowState(show, note, lookahead_s=lookahead_s, guard=self.guard, asks=asks)
        self._intake = Intake(
            surfaces,
            apply=self.state.apply,
            log=note,
            tell=self.notices.mistake,
        )
        self.publishing = Publishing(show, self.state, self.tree)
        self.whereabouts = Whereabouts(people, self.tree, note, on_error)
        self.stats = Stats()
        self.ears = Ears(show.people, [m.name for m in show.rig.microphones])
        self._seated = 0  # by which the ears go
        self.late = 0
        self._fmt = PictureFormat(show.rig.picture.width, show.rig.picture.height)
        w = min(480, self._fmt.width)
        self._small = PictureFormat(w & ~7, (w * self._fmt.height // self._fmt.width) & ~1)
        self._dt_s = float(1 / show.rig.picture.rate)
        self._in_sets = [s.id for s in show.row if s.scene is not None and show.scenes[s.scene].set is not None]
        self._sights: dict[str, Sight] = {}
        self._unready: list[ShotView] = []
        self._commanded_ns: list[int] = []
        self._made = Made(Sound(), Picture(ShotView(self.state.mix.switcher.program)))
        self._aspects: dict[str, float] = {}  # width / height of each source, as last seen
        self.hearing = Hearing()
        self.levels_db: dict[str, float] = {}
        put = None if self.readers is None else self.readers.put
        # Passed on to software GL's threads: the frame waits for them.
        with realtime(passed_on=True) if on_air else nullcontext():
            self.renderer = Renderer(show, on_fault=on_error, put=put)
        mean = self.renderer.set_mean
        self.grading = Grading(self.state.colours.all, mean, on_error, patient=not on_air, put=put)
        self.frames = ProgramFrames(
            program,
            self.renderer,
            self._fmt,
            clock=clock,
            guard=self.guard,
            stats=self.stats,
            whole=self._whole,
            again_after=round(show.rig.picture.rate),
        )
        self.stills = StillStore(show.stills_dir)
        self.presets = PresetStore(sounds_beside(show.path), self.readers)
        self.saver = RigSaver(show, beside=on_air)
        self.watch = watch_of(self)
        follow_files(self)
        self.watch.look()  # what is saved from here on is news
        self._followed = (-1, -1, -1)  # what was in use when the watch was last told
        self.compiling = Compiling(self.renderer, clock=clock, log=log, tell=on_error)
        self.films = Films(show.rig, self.state.mix.switcher, threaded=on_air, tell=on_error)
        self.feeds = None if feeds is None else self._feed_frames(feeds)
        self.keeper = None if keep is None else Keeper(keep, on_error, identity)
        self.thumbnails = Thumbnails(thumbnails, self.state, self._small)
        self.within = PicturesWithin(self.state, self.renderer, self._fmt, feeds)

    def _feed_frames(self, sinks: FeedSinks) -> FeedFrames:
        def picture_of(aux: AuxState) -> Picture:
            return self.state.mix.picture_of(aux.shows, aux.since_s, self.now_s)

        return FeedFrames(
            sinks, self.state.feeds, self.renderer, self._fmt, preview=self._preview_picture, picture_of=picture_of
        )

    # -- one frame ----------------------------------------------------------------------------------------------------

    def frame(self, number: int, deadline_ns: int) -> None:
        """Make program frame `number`, due at `deadline_ns`: the whole life of a frame, top to bottom.

        Every stage has its fault boundary: what it made last stays (`Made`), the others go on, a frame is published
        whatever happened to it on its way.
        """
        began_ns = self.clock.now_ns()
        self.frame_number, self.now_s = number, float(number / self.show.rig.picture.rate)
        made = self._made
        with self._stage("commands"):
            self._take_orders(began_ns, deadline_ns)
        with self._stage("hear"):
            made.faces = {}
            made.sound = self.inputs.sound(number, deadline_ns)
            self._hear(made, deadline_ns)
        with self._stage("decide"):
            self._decide(made)
            made.picture = self.films.filmed(
                self.state.mix.picture(self.now_s), self.state.mix.switcher, rehearsed=False
            )
        # After the decision: a shot that was cut to on this very frame has its sources, too.
        with self._stage("inputs"):
            made.inputs = self._take_inputs(number, deadline_ns)
        with self._stage("draw"):
            self._draw(number, deadline_ns, made)
        with self._stage("finish"):
            self._grab(self.frames.finish(number))
        with self._stage("publish"):
            self.frames.publish()
            self._report()
        with self._stage("feeds"):
            if self.feeds is not None:
                self.feeds.make(number, made.picture, made.inputs, self.frames.new, whole=self._whole)
        with self._stage("preview"):
            self._draw_preview(number, made.inputs)
            has_time = self.clock.now_ns() - began_ns < self._dt_s * NS / 2
            self.thumbnails.draw(self.renderer, number, deadline_ns, made.inputs, has_time=has_time, whole=self._whole)
            self.renderer.warm_graphics(self.state.graphics.standby(), self.state.keys.stills())
        with self._stage("cameras"):
            self._prepare_camera(began_ns)
        with self._stage("keep"):
            if self.keeper is not None:
                self.keeper.step(self.state, self.now_s)
        with self._stage("shaders"):
            self.compiling.step(number, began_ns, self._dt_s * NS)
        self.stats.frame_ms.add((self.clock.now_ns() - began_ns) / 1e6)

    @contextmanager
    def _stage(self, name: str) -> Iterator[None]:
        start_ns = self.clock.now_ns()
        with self.guard(name):
            yield
        self.stats.stages_ms[name].add((self.clock.now_ns() - start_ns) / 1e6)

    def _take_orders(self, began_ns: int, deadline_ns: int) -> None:
        """What was saved, what hands want, and what follows from it for those who feed the frame."""
        guard, state = self.guard, self.state
        with guard("saved files"):
            self._take_saved()
        with guard("players"):
            state.players.know(self.inputs.lengths_s())
        self._commanded_ns += self._intake.take(self.frame_number, self.now_s, began_ns)
        with guard("players"):
            state.commanded(self.now_s)
            self.inputs.play(state.players.notes(deadline_ns - round(self.now_s * NS)))
        with guard("graphics"):
            state.graphics.time_of_day = self.clock.time_of_day()
            self._read_stale()
        with guard("keyers"):
            self.inputs.obey(state.keyers.orders)
        with guard("presets"):
            while state.sound.stored:
                self.presets.keep(*state.sound.stored.pop(0))
            self.notices.written("preset", self.presets.said)
        with guard("rig"):
            self._save_rig()
        with guard("faders"):
            self.inputs.set_desk(state.listening.orders(state.sound.orders()))

    def _save_rig(self) -> None:
        """What hands want written into the rig, and what has come of it."""
        session = self.state.session
        if session.save_as is not None:
            name, session.save_as = session.save_as, None
            self.saver.save(text_of(self.state.save(self.now_s), self.now_s), name)
        while self.saver.said:
            told = self.saver.said.popleft()
            session.saving, session.saved = False, str(told)
            if isinstance(told, LiveError):
                self.notices.error(told)
            else:
                self.notices.log("state", "live", rig_saved=session.saved)

    def _hear(self, made: Made, deadline_ns: int) -> None:
        """Who speaks, by what the microphones gave and the newest faces."""
        sound = made.sound
        self.levels_db = dict(sound.rms_db)
        with self.guard("people"):
            made.faces = self.whereabouts.step(self.now_s, self.inputs.faces(), self.state.people.asked)
        if self.state.people.seated != self._seated:
            self._seated = self.state.people.seated
            self.ears.seat(self.show.people)
        beat_s = None if sound.next_beat_ns is None else self.now_s + (sound.next_beat_ns - deadline_ns) / NS
        self.hearing = self.ears.step(
            self.now_s,
            levels_db=sound.rms_db,
            speech=sound.speech,
            echoes=sound.echoes,
            faces=made.faces,
            music=sound.music,
            beat_s=beat_s,
        )
        with self.guard("people told"):
            self.hearing = self.state.people.heard(self.hearing, self.now_s)
        if self.replay is not None:
            self.hearing = self.replay.hearing(self.now_s)
        self.inputs.tell_speaking(self.ears.spoken_into(self.hearing))
        with self.guard("captions"):
            self._caption(sound, deadline_ns)

    def _decide(self, made: Made) -> None:
        if self.frame_number % SIGHTS_EVERY == 0:
            self._sights, self._unready = self.inputs.sights(), self._find_unready()
        dead = {n for n, s in self.inputs.states.items() if s.status in ("stalled", "retrying")}
        self.state.step(
            self.now_s,
            self._dt_s,
            hearing=self.hearing,
            faces=made.faces,
            aspects=self._aspects,
            dead=dead,
            deaf=self._is_deaf(dead, made.sound),
            blind=self.inputs.blind,
            metered=made.sound.metered,
            sights=self._sights,
            unready={view.shot for view in self._unready},
        )
        with self.guard("films"):
            self.films.step(self.state.mix.switcher, self.now_s)

    def _find_unready(self) -> list[ShotView]:
        """The shots of sets that would be drawn as if their camera moved, for want of a plate."""
        posed = (self.state.cameras.posed(ShotView(shot)) for shot in self._in_sets)
        return [view for view in posed if self.renderer.lacks(view)]

    def _take_inputs(self, number: int, deadline_ns: int) -> dict[str, SourceInput]:
        if self.feeds is not None:
            self.feeds.want(self.now_s)
        self.thumbnails.choose(number, self.now_s)
        self.within.choose(self._shown_shots(preview=self._draws_preview(number)), self.now_s)
        if self.feeds is not None:
            self.feeds.wanted |= self.within.feeds
        wanted, matted = self._wanted()
        taken = self.inputs.pictures(deadline_ns, wanted | self.grading.needs(wanted), matted)
        with self.guard("sync"):
            for name, picture in taken.items():
                self.state.sync.saw(name, picture.seq, (deadline_ns - picture.capture_ns) / 1e6)
            self.state.sync.settle(self.now_s, self.inputs.sound_age_ns / 1e6)
        with self.guard("grading"):
            taken = self.grading.graded(taken, self.now_s)
        with self.guard("pictures within"):
            taken = self.within.make(number, self.now_s, taken)
        self._aspects |= {n: i.format.width / i.format.height for n, i in taken.items()}
        return taken

    def _draw(self, number: int, deadline_ns: int, made: Made) -> None:
        captured = [i.capture_ns for n, i in made.inputs.items() if self.state.mix.tally(n) == "program"]
        pending = Pending(deadline_ns, self._commanded_ns, made.sound, min(captured, default=deadline_ns))
        pending.black, pending.film = made.picture.black, self.films.sounding
        self._commanded_ns = []
        self.frames.draw(number, pending, made, {} if self.feeds is None else self.feeds.taps())

    def _fetch(self, kind: Kind, paths: list[Path], done: Done, failed: Failed) -> None:
        self.fetching.fetch(self.renderer.files, kind, paths, done, failed)

    def _take_saved(self) -> None:
        """Take up what was read and what was saved, and look after what came into use since."""
        self.renderer.files.collect()
        self.fetching.take()
        self.watch.take(self.notices.error)
        in_use = self.renderer.files.asked, self.renderer.shaders.taken, len(self.state.sound.presets)
        if in_use != self._followed:
            self._followed = in_use
            follow_files(self)

    def _read_stale(self) -> None:
        """Data of graphics: of those that have come, or show another line of it."""
        for path in dict.fromkeys(self.state.graphics.take_stale()):
            self.watch.again(path)

    def add_graphic(self, config: GraphicConfig) -> None:
        """Take a graphic in while the show runs. Raises LiveError when there is one of its name, or no such
        template.
        """
        self.state.graphics.add(config)
        follow_files(self)

    def remove_graphic(self, name: str) -> None:
        """Take a graphic out, at once. Raises LiveError when there is none, or a key holds it."""
        self.state.graphics.remove(name)
        self.tree.put(GraphicStatus(name, False))
        follow_files(self)

    def _caption(self, sound: Sound, now_ns: int) -> None:
        """What was said since the last frame: on screen, into the log, to the encoder."""
        said = self.captions.take(sound, now_ns) if self.captions is not None else []
        for step in self.state.captions.say(said, self.now_s, self.notices.log):
            self.program.caption(step)

    def _report(self) -> None:
        with self.guard("report"):
            self.publishing.update(self)
        with self.guard("surfaces"):
            self._intake.publish(self.frame_number, self.tree)

    def _is_deaf(self, dead: set[str], sound: Sound) -> bool:
        """Is there not one microphone left to direct by?"""
        sources = {m.source for m in self.show.rig.microphones}
        told = self.state.people.told(self.now_s)  # whoever says who speaks is an ear, too
        return self.replay is None and not told and bool(sources) and (sources <= dead or sound.deaf)

    # -- what a frame needs -------------------------------------------------------------------------------------------

    def _wanted(self) -> tuple[set[str], set[str]]:
        """The sources to take in, and those of them that some set or flat scene shows keyed."""
        ids = [*self._shown_shots(), *self.within.shots]
        wanted: set[str] = set()
        matted: set[str] = set()
        for shot_id in ids:
            shot = self.state.mix.shots[shot_id]
            sources = self.state.mix.seen[shot_id]
            wanted |= set(sources)
            if shot.scene is not None and self.show.scenes[shot.scene].keys_out:
                matted |= {s for s in sources if self.show.rig.source(s).key != "none"}
        keyed = self.state.keys.sources()
        return wanted | keyed, matted | {s for s in keyed if self.show.rig.source(s).key != "none"}

    def _shown_shots(self, *, preview: bool = True) -> list[str]:
        """The shots that this frame shows somewhere."""
        switcher = self.state.mix.switcher
        shots = [*switcher.on_air, *self.thumbnails.shots, *([switcher.preview] if preview else [])]
        return shots + (self.feeds.shots() if self.feeds is not None else [])

    def _grab(self, picture: U8 | None) -> None:
        """Keep the program picture under the names that were asked for, and tell how it went with those before."""
        with self.guard("stills"):
            while picture is not None and self.state.keys.grabs:
                self.stills.grab(self.state.keys.grabs.pop(0), picture, self._fmt)
            self.notices.written("still", self.stills.said)

    def on_bus(self) -> set[str]:
        return self._wanted()[0]

    def _prepare_camera(self, began_ns: int) -> None:
        """Where an operator wants a set's camera, or a plate that program lacked: a little of it, if this frame has
        time left.
        """
        seen = {*self.state.mix.switcher.on_air, *self.within.shots}
        view = self.state.cameras.next_pose(seen, self.state.mix.switcher.preview)
        if self.clock.now_ns() - began_ns >= self._dt_s * NS / 2:
            return
        if view is None and self._unready:
            self.renderer.prepare_pose(self._unready[0])
        elif view is None:
            self.renderer.make_missing()
        elif self.renderer.prepare_pose(view):
            self.state.cameras.stand(view)

    def _draw_preview(self, number: int, pictures: dict[str, Any]) -> None:
        if self.preview is None or not self._looks_at_preview(number):
            return
        self.renderer.draw_small(self._preview_picture(), pictures, self.preview.slot(self._small.size), self._small)
        if self._whole():
            self.preview.commit(self._small, capture_ns=self.clock.now_ns(), seq=number)

    def _looks_at_preview(self, number: int) -> bool:
        """Every third frame; a transition that is tried out in every one."""
        rests = self.state.mix.switcher.rehearsal is None and number % PREVIEW_EVERY
        return not rests and self.now_s <= self.state.session.want_preview_until_s

    def _draws_preview(self, number: int) -> bool:
        """By itself, or as a feed."""
        return self._looks_at_preview(number) or (self.feeds is not None and "preview" in self.feeds.wanted)

    def _whole(self) -> bool:
        """Is what was drawn of this frame's pictures fit to be shown?"""
        return self.inputs.whole(self._made.inputs)

    def _preview_picture(self) -> Picture:
        return self.films.filmed(self.state.mix.preview_picture(self.now_s), self.state.mix.switcher, rehearsed=True)

    # -- the run ------------------------------------------------------------------------------------------------------

    def close(self) -> None:
        self.watch.close()
        if self.readers is not None:
            self.readers.close()
        self.stills.close()
        self.saver.close()
        self.films.close()
        if self.keeper is not None:
            self.keeper.close()
        self.grading.close()
        self.renderer.close()

    def resume(self, path: Path) -> None:
        """Take up where a show was. A file that can't be taken up is told, and nothing else."""
        text = kept_text(path)
        for error in [text] if isinstance(text, OutputError) else resumed(self.state, text, path):
            self.notices.error(error)
        self.notices.log("state", "live", resumed=str(path), stands=stands(self.state))

    def warm_up(self, resume: Path | None = None, go_on: Callable[[], bool] = lambda: True) -> None:
        """Make every still plate before the clock starts: a first cut to a shot then costs no more than a later one.
        resume: the state of a show, to be taken up. go_on: asked before each plate; what is missing is made on air, a
        little in each frame.
        """
        self._read_stale()
        for shot in itertools.takewhile(lambda shot: go_on(), self.show.all_shots):
            self.state.mix.switcher.set_preview(shot.id, 0.0)
            self.renderer.prepare(self.state.mix.preview_picture(0.0))
            if self.preview is not None:
                self.renderer.prepare_small(self.state.mix.preview_picture(0.0), self._small)
        self.state.mix.switcher.set_preview(
            next((s.id for s in self.show.row if s.id != self.state.mix.switcher.program), self.show.row[0].id), 0.0
        )
        if resume is not None:
            self.resume(resume)
        self.renderer.warm_graphics(self.state.graphics.standby(), self.state.keys.stills(), count=99)
        if self.readers is not None:
            self.readers.settle(READ_S)
            self.watch.start()
        self._take_saved()
        self.renderer.warm_graphics(self.state.graphics.standby(), self.state.keys.stills(), count=99)
        # Collection pauses of 10 ms and more would be late frames: what exists now is left alone, the rest is collected
        # by hand.
        gc.collect()
        gc.freeze()
        gc.disable()
