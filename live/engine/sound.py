"""The sound as the engine takes it in: what the microphones gave until a frame, live from the audio worker, off line
made here.
"""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from live.audio import board
from live.audio.desk import LATENCY_S, Desk, strips_of
from live.audio.listener import Heard, Listener
from live.audio.mixer import BLOCK, Samples
from live.audio.worker import speech_model
from live.base.channels import heard
from live.base.clock import NS
from live.base.samples import SAMPLE_RATE, sample_at, time_of_sample
from live.config.desk import PROGRAM, DeskOrders
from live.config.load import Show
from live.shm.notes import NoteBlock
from live.shm.status import StatusBlock
from live.sound.metering import Metered

AFTER_S = LATENCY_S + 0.04  # so far beyond its end the sources of a show are read, so that all of it is mixed
_LATENCY = int(LATENCY_S * SAMPLE_RATE)
DEAF_SAMPLES = SAMPLE_RATE // 2  # a listener that is so far behind is away: what it said last is no longer so

Read = Callable[[str, int, int], Samples]  # (source, first sample, how many) -> (n, channels)


@dataclass(frozen=True)
class Sound:
    """What the microphones gave until a frame.

    rms_db, and the probability of speech where the model looks for it: by microphone. next_beat_ns: on the clock of the
    frames; None without a beat. deaf: nobody listens any more. samples: the program's sound that has been mixed by
    the frame's end, from where it was with the frame before, float32 (n, 2), where it is made here; edge: the same
    before the program's delay, which is what captions hear. metered: what the meters of the desk read last.
    """

    rms_db: Mapping[str, float] = field(default_factory=dict)
    speech: Mapping[str, float] = field(default_factory=dict)
    music: bool = False
    next_beat_ns: int | None = None
    deaf: bool = False
    samples: npt.NDArray[np.float32] | None = None
    edge: npt.NDArray[np.float32] | None = None
    metered: Metered = Metered()


def sound_of(
    microphones: Sequence[str],
    heard: Heard,
    now_ns: int,
    metered: Metered,
    samples: Samples | None = None,
    edge: Samples | None = None,
) -> Sound:
    """What was heard, as of a time."""
    speech = {name: p for name, p in zip(microphones, heard.speech, strict=False) if not math.isnan(p)}
    beat_ns = None
    if heard.beat is not None:
        at, period = heard.beat
        to_come = math.ceil((sample_at(now_ns) - at) / period)
        beat_ns = time_of_sample(round(at + to_come * period))
    return Sound(
        dict(zip(microphones, heard.rms_db, strict=False)),
        speech,
        heard.music,
        beat_ns,
        samples=samples,
        edge=edge,
        metered=metered,
    )


class LiveSound:
    """What the audio worker leaves in its status block, and the note that says what it is to do. None: a show without
    microphones.
    """

    def __init__(self, show: Show, status: StatusBlock | None, note: NoteBlock | None) -> None:
        self._status, self._note = status, note
        self._microphones = [m.name for m in show.rig.microphones]
        self._strips = list(show.rig.strips)
        self._metered = Metered()
        self._orders = DeskOrders()  # as the worker has them

    def at(self, now_ns: int) -> Sound:
        if self._status is None:
            return Sound()
        told = board.heard(self._status.board)
        if int(self._status.board["metered"]) != self._metered.until:
            self._metered = board.metered(self._status.board, self._microphones, self._strips)
        if sample_at(now_ns) - told.until > DEAF_SAMPLES:
            return Sound(deaf=True)
        return sound_of(self._microphones, told, now_ns, self._metered)

    def tell_speaking(self, microphones: Collection[str]) -> None:
        if self._status is not None:
            board.tell_speaking(self._status.board, self._microphones, microphones)

    def set_desk(self, orders: DeskOrders) -> None:
        if self._note is None or orders is self._orders or orders == self._orders:
            return
        self._note.put(pickle.dumps(orders))
        self._orders = orders


class OfflineSound:
    """The same desk and listener on the virtual clock. read: the samples of a source. say: told when there is no
    speech model.
    """

    def __init__(self, show: Show, read: Read, say: Callable[[str], None]) -> None:
        rig = show.rig
        self._rate, self._microphones, self._read = rig.picture.rate, rig.microphones, read
        groups = [g.name for g in rig.groups]
        self._desk = Desk(strips_of(rig.microphones, rig.heard_players), read, 0, groups=groups)
        self._listener = Listener(rig.microphones, speech_model(say) if rig.microphones else None, say)
        self._heard = Heard(0, [], [], [])
        # Program sound that is not due yet.
        self._orders: DeskOrders | None = None
        self._held = np.zeros((sample_at(int(rig.picture.delay_s * NS)), 2), np.float32)

    def at(self, frame: int, now_ns: int) -> Sound:
        """Of a frame: heard until it begins, mixed to as far behind its end as live."""
        self._listen(sample_at(now_ns))
        mixed = self.mix_until(sample_at(int((frame + 1) * NS / self._rate)))
        names, metered = [m.name for m in self._microphones], self._desk.meters.metered
        return sound_of(names, self._heard, now_ns, metered, self._delayed(mixed), mixed)

    def tell_speaking(self, microphones: Collection[str]) -> None:
        self._desk.speaking = frozenset(microphones)

    def mix_until(self, ready: int) -> Samples:
        """The program from where it is on, of what the sources have given until a sample number."""
        blocks = [np.zeros((0, 2), np.float32)]
        while self._desk.at + BLOCK <= ready - _LATENCY:
            blocks.append(self._desk.step()[PROGRAM])
        return np.concatenate(blocks)

    def rest(self, ready: int) -> Samples:
        """What is left of the program at the end."""
        return self._delayed(self.mix_until(ready))

    def _listen(self, until: int) -> None:
        while self._heard.until + BLOCK <= until:
            start = self._heard.until
            blocks = {m.name: heard(self._read(m.source, start, BLOCK), m.picks) for m in self._microphones}
            self._heard = self._listener.hear(start, blocks)

    def _delayed(self, samples: Samples) -> Samples:
        """The program's sound is as late as its picture; what is heard by is not."""
        both = np.concatenate((self._held, samples))
        self._held = both[len(samples) :]
        return both[: len(samples)]

    def set_desk(self, orders: DeskOrders) -> None:
        if orders is not self._orders:
            self._orders = orders
            self._desk.set(orders)
            self._listener.obey(orders)
