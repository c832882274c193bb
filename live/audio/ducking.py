"""Ducking: what plays goes down while somebody speaks, and comes back when they have finished. Pure. Owner: whoever
mixes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from live.audio.mixer import BLOCK, Samples
from live.base.samples import SAMPLE_RATE

ATTACK_S = 0.15  # all the way down
HOLD_S = 0.7  # longer than the gaps between words
RELEASE_S = 1.0  # all the way up
GLIDE_DB_S = 60.0  # how fast a depth that a hand changes is followed

_BLOCK_S = BLOCK / SAMPLE_RATE
_HOLD_BLOCKS = round(HOLD_S / _BLOCK_S)
_RAMP = np.arange(BLOCK) / BLOCK


class Ducker:
    """All strips that are ducked go together. down: how far they are, 0 to 1, after the last block; gain_db: by strip,
    what that comes to."""

    def __init__(self) -> None:
        self.down = 0.0
        self._left = 0  # blocks that it stays down
        self._depth_db: dict[str, float] = {}

    @property
    def gain_db(self) -> dict[str, float]:
        return {name: -depth_db * self.down for name, depth_db in self._depth_db.items()}

    def step(self, depths_db: Mapping[str, float], *, speaks: bool) -> dict[str, Samples]:
        """Gains (BLOCK, 1) of those that have one that isn't 1. depths_db: how far each strip goes down, 0 for not at
        all. speaks: somebody does, in this block."""
        self._left = _HOLD_BLOCKS if speaks else max(0, self._left - 1)
        before = self.down
        change = _BLOCK_S / ATTACK_S if self._left else -_BLOCK_S / RELEASE_S
        self.down = min(1.0, max(0.0, before + change))
        was_db, self._depth_db = self._depth_db, self._glided(depths_db)
        gains = {}
        for name in was_db | self._depth_db:
            start_db = -was_db.get(name, 0.0) * before
            end_db = -self._depth_db.get(name, 0.0) * self.down
            if start_db or end_db:
                curve = 10 ** ((start_db + (end_db - start_db) * _RAMP) / 20)
                gains[name] = curve[:, None].astype(np.float32)
        return gains

    def _glided(self, depths_db: Mapping[str, float]) -> dict[str, float]:
        """Those that are down follow a hand without a jump; the others are there at once."""
        step_db = GLIDE_DB_S * _BLOCK_S if self.down else float("inf")
        glided = {}
        for name in self._depth_db | dict(depths_db):
            now_db, goal_db = self._depth_db.get(name, 0.0), depths_db.get(name, 0.0)
            depth_db = now_db + min(step_db, max(-step_db, goal_db - now_db))
            if depth_db:
                glided[name] = depth_db
        return glided
