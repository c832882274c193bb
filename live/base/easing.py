"""How things set off and arrive: the eases of graphics and layers."""

from __future__ import annotations

from typing import Literal

Ease = Literal["linear", "in", "out", "in_out", "back"]
_OVERSHOOT = 1.70158  # of "back": a tenth of the way too far


def eased(kind: Ease, x: float) -> float:
    """A share of the way (0 to 1) as it is moved."""
    if kind == "linear":
        return x
    if kind == "in":
        return x**3
    if kind == "out":
        return 1 - (1 - x) ** 3
    if kind == "back":
        return 1 + (_OVERSHOOT + 1) * (x - 1) ** 3 + _OVERSHOOT * (x - 1) ** 2
    return x * x * (3 - 2 * x)
