"""Which channels of a source a microphone is, and how they are heard: the one place where channels are folded.

A mono microphone is heard in the middle, at its own level on both sides. Of a source with more channels than two that
nobody chose from, the first two are heard: an interface's first pair.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]

Picks = tuple[int, ...] | None  # channels from 1 on, one or two; None: as the source has them
MOST = 64  # channels of a device

# How much quieter the mean of both sides may be than the louder one until they are said to cancel each other. Two sides
# that have nothing to do with each other lose 3 dB, a voice off to one side 6.
CANCEL_DB = 10.0


def heard(block: Samples, picks: Picks) -> Samples:
    """A source's block (n, channels) as a microphone's: float32 (n, 2). A channel that isn't there is silent."""
    count = block.shape[1]
    if picks is None:
        if count == 2:
            return block
        picks = (1,) if count == 1 else (1, 2)
    sides = [block[:, n - 1] if n <= count else np.zeros(len(block), np.float32) for n in picks]
    return np.stack((sides[0], sides[-1]), 1)


def mono(block: Samples) -> Samples:
    """A microphone (n, 2) as one channel, for whoever recognises: the mean, or the louder side where the two cancel (a
    balanced plug in a stereo socket turns one of them over)."""
    mixed: Samples = block.mean(1, dtype=np.float32)
    power = np.einsum("nc,nc->c", block, block)
    louder = int(power.argmax())
    if float(np.dot(mixed, mixed)) * 10 ** (CANCEL_DB / 10) < float(power[louder]):
        return np.ascontiguousarray(block[:, louder])
    return mixed


def monos(blocks: npt.NDArray[np.float32]) -> Samples:
    """`mono` of many microphones at once: (microphones, 2, n) -> (microphones, n)."""
    mixed: Samples = (blocks[:, 0] + blocks[:, 1]) * np.float32(0.5)
    power = np.einsum("scn,scn->sc", blocks, blocks)
    lost = np.einsum("sn,sn->s", mixed, mixed) * 10 ** (CANCEL_DB / 10) < power.max(1)
    for row in np.flatnonzero(lost):
        mixed[row] = blocks[row, power[row].argmax()]
    return mixed


def cancels(block: Samples) -> bool:
    """Is one side the other turned over? Of a block that is loud enough to tell."""
    left, right = block[:, 0], block[:, 1]
    power = float(np.dot(left, left) + np.dot(right, right))
    return power > 1e-6 * len(block) and float(np.dot(left, right)) < -0.45 * power
