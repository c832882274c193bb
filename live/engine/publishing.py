"""Who publishes the show's state, and when: what consoles and control surfaces see. docs/state.md lists it all.

A value that didn't change costs nothing, or nearly: whoever publishes says what it goes by, which is cheap to ask for,
and nothing is made while that is the same. A line in the show log is the news that a hand or the machine did something:
then everybody looks. Between, what has to be on its very frame is looked at on every one, what moves all the time
(meters, clocks, count-downs) ten times a second, the rest once a second, lest something be missed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from live.base.clock import timecode
from live.config.load import Show
from live.control.published import Published
from live.control.state import StateTree
from live.show import ShowState
from live.show.authority.published import director, owners, suggestions, suggestions_go_by
from live.show.captions.published import CaptionLatency, captions, captions_go_by
from live.show.colour.published import colour, colour_goes_by
from live.show.cuts.published import (
    RigTransitions,
    ShotOnKey,
    buses,
    buses_go_by,
    cuts,
    cuts_go_by,
    move,
    move_goes_by,
)
from live.show.dsk.published import keys, keys_go_by
from live.show.faults.published import faults, faults_go_by
from live.show.feeds.published import auxiliaries, feeds
from live.show.fitness.published import fitness, fitness_goes_by
from live.show.framing.published import crops, crops_go_by, framing
from live.show.graphics.published import graphics, graphics_go_by, titles, titles_go_by
from live.show.keying.published import keying, keying_goes_by
from live.show.layers.published import scene_goes_by, scene_layers
from live.show.listening.published import listening, listening_goes_by
from live.show.metering.published import metering, metering_goes_by
from live.show.multiviews.published import multiviews, multiviews_go_by
from live.show.people.published import PersonSpeaking, SeatNames, people
from live.show.players.published import players, players_go_by
from live.show.scenarios.published import scenarios, scenarios_go_by
from live.show.session.published import FAILING_LENGTH, CodeFaults, LateFrames, ShowClock, ShowInfo, session
from live.show.sound.published import check, check_goes_by, master, master_goes_by, microphones, strip, strip_goes_by
from live.show.sources.published import (
    MESSAGE_LENGTH,
    CameraStatus,
    SoundDeviceStatus,
    SourceStatus,
    StreamStatus,
    delays_of,
)
from live.show.styles.published import StyleNames, style, style_goes_by
from live.sources.stream_board import StreamTold

if TYPE_CHECKING:
    from live.engine.engine import Engine

SLOW, SELDOM = 3, 30  # frames between two looks: at 30 a second ten times, and once, a second

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Publisher(Generic[T]):
    """publish: what there is. every: frames between two looks. goes_by: what all of it is made of; None: it is made at
    each look."""

    publish: Callable[[T, float], Iterable[Published]]
    every: int = 1
    goes_by: Callable[[T, float], object] | None = None


class Publishing:
    """Writes the tree at the end of each frame. Engine thread only."""

    def __init__(self, show: Show, state: ShowState, tree: StateTree) -> None:
        self._state, self._tree = state, tree
        scenes = (Publisher(partial(scene_layers, s), SLOW, partial(scene_goes_by, s)) for s in state.layers.scenes)
        strips = (Publisher(partial(strip, s), SLOW, partial(strip_goes_by, s)) for s in state.sound.strips)
        self._features = [*FEATURES, *scenes, *strips]
        self._made_of: dict[Publisher[Any], object] = {}
        self._heard = -1  # lines of the log
        self._put(_fixed(show))

    def update(self, engine: Engine) -> None:
        frame, now_s = engine.frame_number, engine.now_s
        news, self._heard = engine.log.lines != self._heard, engine.log.lines
        for n, feature in enumerate(self._features):
            if news or (frame + n) % feature.every == 0:
                self._look(feature, self._state, now_s)
        for n, part in enumerate(PARTS):
            if news or (frame + n) % part.every == 0:
                self._look(part, engine, now_s)

    def _look(self, publisher: Publisher[T], at: T, now_s: float) -> None:
        if publisher.goes_by is not None:
            made_of = publisher.goes_by(at, now_s)
            if self._made_of.get(publisher, self) == made_of:  # itself: nothing goes by that
                return
            self._made_of[publisher] = made_of
        self._put(publisher.publish(at, now_s))

    def _put(self, values: Iterable[Published]) -> None:
        for value in values:
            self._tree.put(value)


def _fixed(show: Show) -> Iterator[Published]:
    """What stays for the whole show."""
    yield ShowInfo(show.rig.title, float(show.rig.picture.rate), show.rig.picture.delay_s)
    yield StyleNames(tuple(sorted(show.styles)))
    yield SeatNames(tuple(seat.name for seat in show.rig.seats))
    yield RigTransitions(tuple(t.name for t in show.rig.transitions))
    for n, shot in enumerate(show.row, 1):
        yield ShotOnKey(n, shot.id, shot.label, shot.source or "")


def _clock(engine: Engine, now_s: float) -> Iterator[Published]:
    rate = engine.show.rig.picture.rate
    yield ShowClock(round(now_s, 2), timecode(engine.frame_number, rate))


def _faults(engine: Engine, now_s: float) -> Iterator[Published]:
    yield LateFrames(engine.late)
    yield CodeFaults(engine.guard.count, engine.frames.repeated, ", ".join(engine.guard.failing)[:FAILING_LENGTH])


def _sources(engine: Engine, now_s: float) -> Iterator[Published]:
    labels = {s.name: s.label for s in engine.show.rig.sources}
    for name, s in engine.inputs.states.items():
        status = (s.status, float(s.rate_hz), s.message[:MESSAGE_LENGTH])
        yield SourceStatus(
            name, labels.get(name, ""), *status, *delays_of(engine.state, name), engine.state.mix.tally(name)
        )


def _devices(engine: Engine, now_s: float) -> Iterator[Published]:
    for name, s in engine.inputs.states.items():
        if s.device is not None:
            d = s.device
            rounded = round(d.drift_ppm, 1), round(d.buffered_ms, 1)
            yield SoundDeviceStatus(name, d.channels, d.lost, d.overruns, d.jumps, *rounded)


def _streams(engine: Engine, now_s: float) -> Iterator[Published]:
    for source in engine.show.rig.sources:
        if (s := engine.inputs.states.get(source.name)) is None:
            continue
        if source.tells == "stream":
            t = s.stream or StreamTold()
            yield StreamStatus(source.name, round(t.held_ms), t.late, t.jumps, t.width, t.height)
        elif source.tells == "camera":
            yield CameraStatus(source.name, *((s.camera.device, s.camera.mode) if s.camera else ()))


def _devices_go_by(engine: Engine, now_s: float) -> object:
    return [(name, s.device) for name, s in engine.inputs.states.items() if s.device is not None]


def _speaking(engine: Engine, now_s: float) -> Iterator[Published]:
    return (PersonSpeaking(person, speaks) for person, speaks in engine.hearing.speaking.items())


def _microphones(engine: Engine, now_s: float) -> Iterator[Published]:
    return microphones(engine.state, engine.levels_db, engine.hearing.speaking)


def _feeds(engine: Engine, now_s: float) -> Iterator[Published]:
    return feeds(engine.state, engine.feeds.wanted if engine.feeds is not None else ())


def _keying(engine: Engine, now_s: float) -> Iterator[Published]:
    return keying(engine.state, engine.inputs.screens())


def _colour(engine: Engine, now_s: float) -> Iterator[Published]:
    return colour(engine.state, lambda name: engine.grading.correction(name, now_s).tolist())


def _captions(engine: Engine, now_s: float) -> Iterator[Published]:
    if engine.captions is not None:
        yield CaptionLatency(*(round(v, 2) for v in engine.captions.figures()))


def _faults_go_by(engine: Engine, now_s: float) -> object:
    return engine.late, engine.guard.count, engine.frames.repeated, list(engine.guard.failing)


def _feeds_go_by(engine: Engine, now_s: float) -> object:
    return engine.feeds.wanted if engine.feeds is not None else None


def _keying_goes_by(engine: Engine, now_s: float) -> object:
    return keying_goes_by(engine.state, engine.inputs.screens())


def _colour_goes_by(engine: Engine, now_s: float) -> object:
    return colour_goes_by(engine.state, lambda name: engine.grading.correction(name, now_s).tolist())


FEATURES: tuple[Publisher[ShowState], ...] = (
    Publisher(buses, goes_by=buses_go_by),
    Publisher(keys, goes_by=keys_go_by),
    Publisher(faults, SLOW, faults_go_by),
    Publisher(move, goes_by=move_goes_by),
    Publisher(cuts, goes_by=cuts_go_by),
    Publisher(fitness, goes_by=fitness_goes_by),
    Publisher(director, SLOW),
    Publisher(suggestions, goes_by=suggestions_go_by),
    Publisher(style, goes_by=style_goes_by),
    Publisher(players, goes_by=players_go_by),
    Publisher(multiviews, goes_by=multiviews_go_by),
    Publisher(master, SLOW, master_goes_by),
    Publisher(check, SLOW, check_goes_by),
    Publisher(listening, goes_by=listening_goes_by),
    Publisher(metering, SLOW, metering_goes_by),
    Publisher(graphics, SLOW, graphics_go_by),
    Publisher(titles, SLOW, titles_go_by),
    Publisher(captions, SLOW, captions_go_by),
    Publisher(crops, SLOW, crops_go_by),
    Publisher(framing, SELDOM),
    Publisher(scenarios, SELDOM, scenarios_go_by),
    Publisher(people, SELDOM),
    Publisher(owners, SELDOM),
    Publisher(session, SELDOM),
    Publisher(auxiliaries, SELDOM),
)
PARTS: tuple[Publisher[Engine], ...] = (
    Publisher(_faults, SLOW, _faults_go_by),
    Publisher(_clock, SLOW),
    Publisher(_sources, SLOW),
    Publisher(_devices, SLOW, _devices_go_by),
    Publisher(_streams, SELDOM),
    Publisher(_speaking, SLOW),
    Publisher(_microphones, SLOW),
    Publisher(_feeds, SLOW, _feeds_go_by),
    Publisher(_keying, SLOW, _keying_goes_by),
    Publisher(_colour, SLOW, _colour_goes_by),
    Publisher(_captions, SELDOM),
)
