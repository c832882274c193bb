"""How a matte becomes a key: shared by both painters, so that they show the same edge.

A matte from a network is soft where it is unsure, and the bright room shines through its low end as a halo: it is choked to the
part where it is sure.
"""

from __future__ import annotations

import numpy as np

from live.frames import U8

CHOKE = (0.42, 0.94)  # matte value that becomes 0, and 1


def choke_table() -> U8:
    """smoothstep(CHOKE) of every matte code."""
    t = np.clip((np.arange(256) / 255 - CHOKE[0]) / (CHOKE[1] - CHOKE[0]), 0, 1)
    return np.rint(255 * t * t * (3 - 2 * t)).astype(np.uint8)
