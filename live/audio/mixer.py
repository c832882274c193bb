"""The sound mixer: microphones in, program out. A pure core: no rings, no clock, no device."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from live.base.samples import CHANNELS, SAMPLE_RATE
from live.config.microphones import Microphone
from live.sound.limiter import KNEE, soft_clip

Samples = npt.NDArray[np.float32]

FLOOR_DB = -120.0  # what silence reads
_ATTACK = SAMPLE_RATE // 500  # 2 ms
_RELEASE_DB_S = 20.0  # how fast the limiter lets go: slow enough not to be heard as pumping


class Limiter:
    """Keeps a bus under CEILING, a block at a time and without delay.

    The block's own peak says what gain it needs. The gain goes down within 2 ms and comes back at 20 dB/s, always as a
    ramp; what those 2 ms let through is rounded off by a curve (tanh above KNEE) that never passes CEILING. Below KNEE
    nothing is touched. libavfilter's alimiter looks ahead 5 ms, which would have to be taken out of the program's
    sample numbers again, and costs more: 0.09 ms per 10 ms of sound against 0.005 ms per 20 ms here while nothing is
    too loud.
    """

    def __init__(self) -> None:
        self._gain = 1.0

    def apply(self, block: Samples) -> Samples:
        """The block (n, 2), limited; the same array when there was nothing to do."""
        peak = float(np.abs(block).max(initial=0.0))
        needed = KNEE / peak if peak > KNEE else 1.0
        if needed >= 1.0 and self._gain >= 1.0:
            return block
        release = 10 ** (_RELEASE_DB_S / 20 * len(block) / SAMPLE_RATE)
        end = min(needed, self._gain * release, 1.0)
        attack = end < self._gain
        out = block * _ramp(self._gain, end, len(block), _ATTACK if attack else len(block))
        self._gain = end
        return soft_clip(out)


def _ramp(start: float, end: float, count: int, over: int) -> Samples:
    """Gain (count, 1) that goes from start to end within the first `over` samples."""
    over = min(over, count)
    gain = np.full((count, 1), end, np.float32)
    gain[:over, 0] = np.linspace(start, end, over, endpoint=False, dtype=np.float32)
    return gain


def level_db(value: float) -> float:
    """dB of full scale of an amplitude; silence reads FLOOR_DB."""
    return max(FLOOR_DB, 20 * float(np.log10(value))) if value > 0 else FLOOR_DB


class Mixer:
    """Gain, mute, sum, limit. Owned by one thread (the audio worker, or the engine off line)."""

    def __init__(self, microphones: Sequence[Microphone]) -> None:
        self.names = [m.name for m in microphones]
        self._target = {m.name: factor(m.gain_db, m.muted) for m in microphones}
        self._gain = dict(self._target)
        self._limiter = Limiter()

    def set(self, name: str, *, gain_db: float, muted: bool) -> None:
        """Change a microphone; it is faded over the next block. Raises KeyError for an unknown name."""
        if name not in self._target:
            raise KeyError(name)
        self._target[name] = factor(gain_db, muted)

    def mix(self, blocks: Mapping[str, Samples], beside: Sequence[Samples] = ()) -> Samples:
        """Mix one block per microphone, all (n, 2) float32 of the same n; a microphone that is left out is silent.
        beside: what comes at its own level (players). Gives (n, 2) float32
        within +-CEILING. Samples that are not finite count as silence, so that one broken source can't silence the
        program.
        """
        count = max((len(b) for b in (*blocks.values(), *beside)), default=0)
        program = np.zeros((count, CHANNELS), np.float32)
        for name in self.names:
            if (voice := self._voice(name, blocks.get(name), count)) is not None:
                program += voice
        for block in beside:
            program += finite(block)
        return self._limiter.apply(program)

    def _voice(self, name: str, block: Samples | None, count: int) -> Samples | None:
        """A microphone's block after its gain; None when it is silent."""
        start, end = self._gain[name], self._target[name]
        self._gain[name] = end
        if block is None or (start == 0.0 and end == 0.0):
            return None
        block = finite(block)
        if start == end == 1.0:
            return block
        return block * (np.float32(end) if start == end else _ramp(start, end, count, count))


def finite(block: Samples) -> Samples:
    """The same array when all of it is finite; else with silence where it is not."""
    if np.isfinite(np.vdot(block, block)):
        return block
    return np.clip(np.where(np.isfinite(block), block, np.float32(0)), -16, 16)


def factor(gain_db: float, muted: bool = False) -> float:
    """What samples are multiplied with."""
    return 0.0 if muted else float(10 ** (gain_db / 20))
