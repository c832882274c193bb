"""How loud the program may be, and the curve that keeps it there: the mixer's, and of what is laid over its sound
later."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]

CEILING = 10 ** (-0.3 / 20)  # no sample of the program is louder
KNEE = 10 ** (-3 / 20)  # below it nothing is changed


def soft_clip(block: Samples) -> Samples:
    """Unchanged below KNEE; above it a tanh that meets the line smoothly and never passes CEILING."""
    size = np.abs(block)
    if size.max(initial=0.0) <= KNEE:
        return block
    room = CEILING - KNEE
    bent = KNEE + room * np.tanh((size - KNEE) / room)
    return np.where(size > KNEE, np.copysign(bent, block), block).astype(np.float32)
