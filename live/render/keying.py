"""How a matte becomes a key: shared by both painters, so that they show the same edge.

A matte from a network is soft where it is unsure, and the bright room shines through its low end: it is choked to the part
where it is sure. What room is left in the edge is taken out of the colour: seen = m * person + (1 - m) * room.
"""

from __future__ import annotations

import numpy as np

from live.frames import U8

CHOKE = (0.32, 0.88)  # matte value that becomes 0, and 1


def choke_table() -> U8:
    """smoothstep(CHOKE) of every matte code."""
    t = np.clip((np.arange(256) / 255 - CHOKE[0]) / (CHOKE[1] - CHOKE[0]), 0, 1)
    return np.rint(255 * t * t * (3 - 2 * t)).astype(np.uint8)
