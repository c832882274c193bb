"""Two people at two microphones that hear each other: the recorded conversation, split by who speaks when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest

from live.audio.listener import Heard, Listener
from live.audio.mixer import BLOCK
from live.audio.riding import Rider
from live.audio.voice import SPEECH_MODEL, SpeechModel
from live.base.paths import model_path
from live.base.samples import SAMPLE_RATE
from live.config.desk import DeskOrders, StripOrders
from live.config.microphones import Microphone
from tests.support.footage import FOOTAGE, turns
from tests.support.noises import OWN, ROOM, Sound, band

NAMES = ("anna", "ben")
DISTANCE_S = 0.005  # how much later a voice is at the other microphone
NOISE_DB = -60.0
AHEAD = 5  # blocks that the listener is ahead of the mixer, as live


needs_model = pytest.mark.skipif(
    not model_path(SPEECH_MODEL).exists(), reason="the speech model is not there: run `live models`"
)


@cache
def model() -> SpeechModel:
    return SpeechModel(model_path(SPEECH_MODEL))


@cache
def recording() -> Sound:
    """Mono at 48 kHz."""
    import av

    with av.open(str(FOOTAGE / "speech" / "conversation_2spk.wav")) as file:
        to_mono = av.AudioResampler("flt", "mono", SAMPLE_RATE)
        return np.concatenate([b.to_ndarray()[0] for f in file.decode(audio=0) for b in to_mono.resample(f)])


@cache
def voices() -> tuple[Sound, Sound]:
    """The two of them, each alone."""
    sound = recording()
    alone = []
    for who in sorted({t[2] for t in turns()}):
        gain = np.zeros(len(sound), np.float32)
        for start_s, end_s, speaker in turns():
            if speaker == who:
                gain[int(start_s * SAMPLE_RATE) : int(end_s * SAMPLE_RATE)] = 1
        alone.append(sound * np.convolve(gain, np.ones(240, np.float32) / 240, "same").astype(np.float32))
    return alone[0], alone[1]


def later(sound: Sound, seconds: float = DISTANCE_S) -> Sound:
    count = int(seconds * SAMPLE_RATE)
    return np.concatenate((np.zeros(count, np.float32), sound[: len(sound) - count]))


def at_microphones(bleed_db: float, *, seed: int = 0) -> list[Sound]:
    """What the two microphones hear: their owner, the other one weaker and later, the room."""
    anna, ben = voices()
    rng, bleed = np.random.default_rng(seed), np.float32(10 ** (bleed_db / 20))
    room = [(band(len(anna), 100, 6000, rng) * 10 ** (NOISE_DB / 20)).astype(np.float32) for _ in NAMES]
    return [anna + bleed * later(ben) + room[0], ben + bleed * later(anna) + room[1]]


def disturbed(sounds: Sequence[Sound], noise: str, at_s: float, *, level_db: float, bleed_db: float) -> list[Sound]:
    """The same with a noise: of the room in both alike, of a microphone's own in Ben's, and weaker in Anna's."""
    sound = (ROOM | OWN)[noise](1) * np.float32(10 ** (level_db / 20))
    out = [s.copy() for s in sounds]
    start = int(at_s * SAMPLE_RATE)
    for row, late_s, by_db in ((1, 0.0, 0.0), (0, DISTANCE_S, 0.0 if noise in ROOM else bleed_db)):
        at = start + int(late_s * SAMPLE_RATE)
        part = out[row][at : at + len(sound)]
        part += sound[: len(part)] * np.float32(10 ** (by_db / 20))
    return out


def heard(sounds: Sequence[Sound], model: SpeechModel | None) -> list[Heard]:
    """What the listener says of every block."""
    listener = Listener([Microphone(name=name, source=name) for name in NAMES[: len(sounds)]], model)
    return [listener.hear(at, _blocks(sounds, at)) for at in range(0, len(sounds[0]) - BLOCK + 1, BLOCK)]


def _blocks(sounds: Sequence[Sound], at: int) -> dict[str, Sound]:
    return {name: np.repeat(sound[at : at + BLOCK, None], 2, 1) for name, sound in zip(NAMES, sounds, strict=False)}


@dataclass(frozen=True)
class Mixed:
    """gains: (microphones, samples). leaders: by block."""

    gains: npt.NDArray[np.float32]
    leaders: list[str]

    @property
    def total_db(self) -> npt.NDArray[np.float32]:
        """Of room and feedback, against one open microphone."""
        total: npt.NDArray[np.float32] = 10 * np.log10(np.square(self.gains).sum(0))
        return total


def automixed(
    sounds: Sequence[Sound],
    told: Sequence[Heard],
    *,
    ahead: int = AHEAD,
    orders: Mapping[int, DeskOrders] | None = None,
) -> Mixed:
    """orders: by the block from which on they count; automix of both from the start when left out."""
    given = orders or {0: DeskOrders(strips={name: StripOrders(automix=True) for name in NAMES})}
    rider, now = Rider(NAMES), DeskOrders()
    gains, leaders = np.ones((len(NAMES), len(told) * BLOCK), np.float32), []
    for block in range(len(told)):
        for one in told[block + ahead : block + ahead + 1] if block else told[: ahead + 1]:
            rider.hear(one)
        now = given.get(block, now)
        at = block * BLOCK
        for name, curve in rider.gains(at, _blocks(sounds, at), now).items():
            gains[NAMES.index(name), at : at + BLOCK] = curve[:, 0]
        leaders.append(rider.leader)
    return Mixed(gains, leaders)
