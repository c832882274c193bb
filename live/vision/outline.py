"""Where whoever is cut out of a picture goes on beyond its edges, and how much of it they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from live.picture.format import U8

_SOLID = 128
_EVERY = 4  # pixels: an area needs no more


@dataclass(frozen=True)
class Outline:
    """Shares: covered, of the picture; cut, of its left, right and top edge."""

    covered: float = 0.0
    cut: tuple[float, float, float] = (0.0, 0.0, 0.0)


def outline_of(alpha: U8) -> Outline:
    """Of a matte, 255 where somebody is."""
    covered = np.count_nonzero(alpha[::_EVERY, ::_EVERY] > _SOLID) / alpha[::_EVERY, ::_EVERY].size
    left, right, top = (
        float(np.count_nonzero(edge > _SOLID) / edge.size) for edge in (alpha[:, 1], alpha[:, -2], alpha[1])
    )
    return Outline(float(covered), (left, right, top))
