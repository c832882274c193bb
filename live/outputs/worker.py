"""The encoder worker: reads the program pictures in order and the program sound, encodes once, writes every output."""

from __future__ import annotations

import pickle
import queue
from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from live.base.channels import Picks
from live.base.clock import NS
from live.base.samples import SAMPLE_RATE, sample_at
from live.config.output import EncoderConfig, Output
from live.config.picture import PictureConfig
from live.outputs import board
from live.outputs.behind import Behind
from live.outputs.board import OutputTold, Placed
from live.outputs.cea608 import RollUp
from live.outputs.encoder import Encoder
from live.outputs.targets import Target
from live.picture.format import U8
from live.shm.frame_ring import Frame, FrameRing
from live.shm.notes import NoteBlock
from live.shm.sound_ring import SoundRing
from live.shm.status import Message, WorkerState
from live.sound.film_sound import SILENT, FilmSound
from live.sound.spoken import SaidRing
from live.workers import WorkerContext

# aux[0] of a program frame: how far it is faded to black; aux[1] and [2]: which stinger it shows, and which frame of it
BLACK_UNIT = 65535

# How long it sleeps when nothing is new. Nobody waits for the encoder, and its ring holds many frames; at 3 ms the
# looking alone took a tenth as much CPU as the encode.
_SAFE = 4  # slots that the writer may come to meanwhile
POLL_NS = 10_000_000
# A mixer that was there is waited for so long: one that dies goes on where it was (the rings hold 4 s). What never
# sounded isn't: silence goes on in its place.
MIXER_LIMIT = int(3.4 * SAMPLE_RATE)
SILENT_LIMIT = SAMPLE_RATE
DRAIN_LIMIT_NS = NS // 2  # how long, once told to stop, it takes what is left in the rings
CLOSE_LIMIT_S = 2.5
_REPORT_EVERY_NS = NS // 10
BEHIND, LOST = "behind", "lost"  # what a message of lost pictures is: a spell of them; how many in all


@dataclass(frozen=True)
class EncoderSpec:
    """What the encoder worker needs. video_delay_ns: how old the picture's content is at its program tick (the
    capture_ns of a program frame); the sound of that age belongs to it. captions_ring: what closed captions are to say;
    "" for none. orders: a note of the outputs that it is to have, pickled `Placed`s, which change while it runs; "" for
    `outputs`, as long as it runs. films: the sound of the rig's stingers, with
    which the program stays under ceiling_db of true peak. identity: of the show."""

    picture: PictureConfig
    encoder: EncoderConfig
    outputs: tuple[Output, ...]
    program_ring: str
    sound_ring: str
    video_delay_ns: int = 0
    captions_ring: str = ""
    orders: str = ""
    films: tuple[FilmSound, ...] = ()
    ceiling_db: float = -1.0
    identity: str = ""


class Pictures:
    """The program frames of a ring, in order; those that were overwritten before they could be read are counted."""

    def __init__(self, ring: FrameRing, ctx: WorkerContext) -> None:
        self._ring = ring
        self._ctx = ctx
        # A show that began a moment ago is there from its start.
        self._next = 1 if ring.count <= ring.slots - _SAFE else ring.count

    def next(self) -> Frame | None:
        """The next frame, in place; None when there is none yet."""
        while self._next <= self._ring.count:
            frame = self._ring.at(self._next)
            self._next += 1
            if frame is not None:
                return frame
            self.lost()
        return None

    def lost(self) -> None:
        """Count one frame that the writer overwrote."""
        self._ctx.status.add("drops")


class Sound:
    """The program's sound from a sample number on, without gaps: silence where the mixer is dead."""

    def __init__(self, ring: SoundRing, first_sample: int, picks: Picks = None) -> None:
        self._ring, self._picks = ring, picks
        self._next = first_sample
        self.silence = 0

    def take(self, now_ns: int, limit: int) -> npt.NDArray[np.float32]:
        """What is new, (n, 2) float32, n from 0 to limit. Silence for what is overdue."""
        due = max(self._ring.end, sample_at(now_ns) - (MIXER_LIMIT if self._ring.end else SILENT_LIMIT))
        samples, got = self._ring.read(self._next, max(0, min(due - self._next, limit)), self._picks)
        self.silence += len(samples) - got
        self._next += len(samples)
        return samples


def main(spec: EncoderSpec, ctx: WorkerContext) -> None:
    """Encode until told to stop; then what is still in the ring, and the sound up to the last picture."""
    work = ProgramWork(spec, ctx)
    ctx.status.set(state=WorkerState.RUNNING)
    work.run()


class Work(ABC):
    """An encoder with its inputs and its accounts. One thread.

    pictures: the program's, whose frames give the pace. delay_ns: how old the sound is that belongs to a program frame.
    """

    drain_limit_ns = DRAIN_LIMIT_NS

    def __init__(
        self, ctx: WorkerContext, pictures: Pictures, sound_ring: SoundRing, delay_ns: int, picks: Picks = None
    ) -> None:
        self.ctx = ctx
        self.encoder: Encoder | None = None
        self.pictures = pictures
        self.said: queue.SimpleQueue[Message] = queue.SimpleQueue()  # by the targets' threads
        self.fresh = not ctx.status.get("restarts")  # else the files of this show are there already
        self._places: dict[int, Target] = {}  # by their place on the board
        self._sound: Sound | None = None
        self._sound_ring, self._picks = sound_ring, picks
        self._delay_ns = delay_ns
        self._next_report_ns = 0
        self._behind = Behind(self._drops)

    def run(self) -> None:
        """Until told to stop, and then on to the end of what is there."""
        ctx = self.ctx
        stop_ns: int | None = None
        while True:
            now_ns = ctx.clock.now_ns()
            frame = self.pictures.next()
            if frame is not None:
                if self._sound is None:
                    self._sound = Sound(self._sound_ring, sample_at(frame.capture_ns - self._delay_ns), self._picks)
                self.encode(frame)
            self._encode_sound(now_ns)
            self._report(now_ns)
            if stop_ns is None and ctx.stopping():
                stop_ns = now_ns
            if stop_ns is not None and self._drained(frame, now_ns - stop_ns):
                break
            if frame is None:
                ctx.clock.wait_until(now_ns + POLL_NS)
        self._close()

    def _drained(self, frame: Frame | None, stopped_ns: int) -> bool:
        """Has everything been taken in? Sound that doesn't come is not waited for as long as pictures that are
        there.
        """
        return stopped_ns > self.drain_limit_ns or (
            frame is None and (self._sound_complete or stopped_ns > DRAIN_LIMIT_NS)
        )

    @abstractmethod
    def encode(self, frame: Frame) -> None:
        """What a program frame asks for."""

    def put(self, data: U8, picture: Frame, number: int, *, black: float = 0.0, film: tuple[int, int] = SILENT) -> None:
        """Encode a picture as program frame `number`. If its ring's writer came round while it was copied, it is torn:
        counted, and the one before is repeated.
        """
        assert self.encoder is not None
        self.encoder.video(data, number, black=black, film=film, intact=lambda: self._is_whole(picture))
        self.ctx.status.set(frames=self.encoder.frames)

    def _is_whole(self, picture: Frame) -> bool:
        whole = picture.intact()
        if not whole:
            self.pictures.lost()
        return whole

    def _encode_sound(self, now_ns: int) -> None:
        """The sound that has come, but none beyond the last picture: they end together whenever the end is."""
        if self._sound is None or self.encoder is None:
            return
        samples = self._sound.take(now_ns, self.encoder.samples_wanted - self.encoder.samples_taken)
        if len(samples):
            self.encoder.audio(samples)

    @property
    def _sound_complete(self) -> bool:
        return self._sound is None or self.encoder is None or self.encoder.samples_taken >= self.encoder.samples_wanted

    def _report(self, now_ns: int) -> None:
        """States, counts and messages into the status block, ten times a second."""
        if now_ns < self._next_report_ns:
            return
        self._next_report_ns = now_ns + _REPORT_EVERY_NS
        words = self._behind.step(self._drops, now_ns)
        self._say_all(words, BEHIND if self._behind.lagging else "")
        while not self.said.empty():
            message = self.said.get()
            self.ctx.say(message.text, message.subject, message.state)
        if self.encoder is None:
            return
        told = self.ctx.status.board
        for place, target in self._places.items() or enumerate(self.encoder.targets):
            board.publish(told, place, OutputTold(target.state, target.message, target.dropped))
        told["fills"] = self.encoder.fills
        told["silence"] = self._sound.silence if self._sound else 0

    def _close(self) -> None:
        """Close every output, and tell how that went."""
        self._say_all(self._behind.total(self._drops), LOST)
        if self.encoder is not None:
            self.encoder.close(CLOSE_LIMIT_S)
        self._next_report_ns = 0
        self._report(0)

    @property
    def _drops(self) -> int:
        return int(self.ctx.status.get("drops"))

    def _say_all(self, words: str, kind: str) -> None:
        """The same of every output of this encoder."""
        for target in self.encoder.targets if words and self.encoder is not None else ():
            self.said.put(Message(words, target.name, kind))


class ProgramWork(Work):
    """The program, or another feed: every frame as it is."""

    drain_limit_ns = 2 * NS  # it may be behind by all that its ring holds, and ends on the last frame all the same

    def __init__(self, spec: EncoderSpec, ctx: WorkerContext) -> None:
        super().__init__(
            ctx, Pictures(FrameRing(spec.program_ring), ctx), SoundRing(spec.sound_ring), spec.video_delay_ns
        )
        self._captions_ring = SaidRing(spec.captions_ring) if spec.captions_ring else None
        self._captions = RollUp()
        self._captions_at = self._captions_ring.count if self._captions_ring else 0
        captions = self._captions if self._captions_ring else None
        self.encoder = Encoder(
            spec.picture,
            spec.encoder,
            spec.outputs,
            self.said.put,
            fresh=self.fresh,
            captions=captions,
            films=spec.films,
            ceiling_db=spec.ceiling_db,
            identity=spec.identity,
        )
        self._orders = NoteBlock(spec.orders) if spec.orders else None
        self._orders_at = 0
        self._ordered: dict[int, Placed] = {}
        self._obey()

    def _obey(self) -> None:
        """Take up new orders, if any. What closes keeps its place on the board until another output gets it."""
        assert self.encoder is not None
        if self._orders is None or (note := self._orders.get(self._orders_at)) is None:
            return
        self._orders_at = note[0]
        wanted: dict[int, Placed] = {placed.place: placed for placed in pickle.loads(note[1])}
        for place, placed in self._ordered.items():
            if wanted.get(place) != placed:
                self.encoder.remove(self._places[place])
        for place, placed in wanted.items():
            if self._ordered.get(place) != placed:
                self._places[place] = self.encoder.add(placed.output, fresh=placed.fresh and self.fresh)
        self._ordered, self.fresh = wanted, True

    def encode(self, frame: Frame) -> None:
        self._obey()
        if self._captions_ring is not None and self._captions_ring.count != self._captions_at:
            self._captions_at, said = self._captions_ring.after(self._captions_at)
            for step in said:
                self._captions.take(step)
        self.put(frame.data, frame, frame.seq, black=frame.aux[0] / BLACK_UNIT, film=(frame.aux[1], frame.aux[2]))
