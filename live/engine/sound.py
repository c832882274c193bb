"""The sound as the engine takes it in: what the microphones gave until a frame, live from the audio worker, off line
made here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from live.audio import board
from live.audio.listener import BLOCK, Heard, Listener
from live.audio.mixer import Mixer, Samples
from live.audio.worker import speech_model
from live.base.channels import Picks
from live.base.clock import NS
from live.base.samples import SAMPLE_RATE, sample_at, time_of_sample
from live.config.load import Show
from live.shm.status import StatusBlock

DEAF_SAMPLES = SAMPLE_RATE // 2  # a listener that is so far behind is away: what it said last is no longer so

Faders = Mapping[str, tuple[float, bool]]  # microphone -> gain in dB, muted
Read = Callable[[str, int, int, Picks], Samples]  # (source, first sample, how many, channels) -> (n, 2)


@dataclass(frozen=True)
class Sound:
    """What the microphones gave until a frame.

    rms_db, and the probability of speech where the model looks for it: by microphone. next_beat_ns: on the clock of the
    frames; None without a beat. deaf: nobody listens any more. samples: the program's sound of the frame, float32 (n,
    2), where it is made here;
    edge: the same before the program's delay, which is what captions hear.
    """

    rms_db: Mapping[str, float] = field(default_factory=dict)
    speech: Mapping[str, float] = field(default_factory=dict)
    music: bool = False
    next_beat_ns: int | None = None
    deaf: bool = False
    samples: npt.NDArray[np.float32] | None = None
    edge: npt.NDArray[np.float32] | None = None


def sound_of(
    microphones: Sequence[str], heard: Heard, now_ns: int, samples: Samples | None = None, edge: Samples | None = None
) -> Sound:
    """What was heard, as of a time."""
    speech = {name: p for name, p in zip(microphones, heard.speech, strict=False) if not math.isnan(p)}
    beat_ns = None
    if heard.beat is not None:
        at, period = heard.beat
        to_come = math.ceil((sample_at(now_ns) - at) / period)
        beat_ns = time_of_sample(round(at + to_come * period))
    return Sound(
        dict(zip(microphones, heard.rms_db, strict=False)), speech, heard.music, beat_ns, samples=samples, edge=edge
    )


class LiveSound:
    """What the audio worker leaves in its status block. status None: a show without microphones."""

    def __init__(self, show: Show, status: StatusBlock | None) -> None:
        self._status = status
        self._microphones = [m.name for m in show.rig.microphones]
        self._faders: Faders = {}  # as the worker has them

    def at(self, now_ns: int) -> Sound:
        if self._status is None:
            return Sound()
        heard = board.heard(self._status.board)
        if sample_at(now_ns) - heard.until > DEAF_SAMPLES:
            return Sound(deaf=True)
        return sound_of(self._microphones, heard, now_ns)

    def set_faders(self, faders: Faders) -> None:
        if self._status is None or faders == self._faders:
            return
        self._faders = dict(faders)
        for number, name in enumerate(self._microphones):
            gain_db, muted = faders[name]
            board.set_fader(self._status.board, number, gain_db=gain_db, muted=muted)
        board.faders_set(self._status.board)


class OfflineSound:
    """The same mixer and listener on the virtual clock. read: the samples of a source. say: told when there is no
    speech model.
    """

    def __init__(self, show: Show, read: Read, say: Callable[[str], None]) -> None:
        rig = show.rig
        self._rate, self._microphones, self._players, self._read = (
            rig.picture.rate,
            rig.microphones,
            rig.heard_players,
            read,
        )
        self._mixer = Mixer(rig.microphones)
        self._listener = Listener(rig.microphones, speech_model(say) if rig.microphones else None, say)
        self._heard = Heard(0, [], [], [])
        # Program sound that is not due yet.
        self._held = np.zeros((sample_at(int(rig.picture.delay_s * NS)), 2), np.float32)

    def at(self, frame: int, now_ns: int) -> Sound:
        """Of a frame: mixed for as long as it is on, heard until it begins, as live."""
        self._listen(sample_at(now_ns))
        start, end = sample_at(now_ns), sample_at(int((frame + 1) * NS / self._rate))
        blocks = {m.name: self._read(m.source, start, end - start, m.picks) for m in self._microphones}
        played = [self._read(name, start, end - start, None) for name in self._players]
        if not blocks and not played:
            return Sound(samples=np.zeros((end - start, 2), np.float32))
        mixed = self._mixer.mix(blocks, played)
        return sound_of(list(blocks), self._heard, now_ns, self._delayed(mixed), mixed)

    def _listen(self, until: int) -> None:
        while self._heard.until + BLOCK <= until:
            start = self._heard.until
            self._heard = self._listener.hear(
                start, {m.name: self._read(m.source, start, BLOCK, m.picks) for m in self._microphones}
            )

    def _delayed(self, samples: Samples) -> Samples:
        """The program's sound is as late as its picture; what is heard by is not."""
        both = np.concatenate((self._held, samples))
        self._held = both[len(samples) :]
        return both[: len(samples)]

    def set_faders(self, faders: Faders) -> None:
        for name, (gain_db, muted) in faders.items():
            self._mixer.set(name, gain_db=gain_db, muted=muted)
            self._listener.set(name, gain_db=gain_db, muted=muted)
