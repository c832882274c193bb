"""Where a layer is at an instant, as its scene's file says."""

from __future__ import annotations

from live.base.easing import eased
from live.config.scene import Layer
from live.picture.values import LayerView


def placed_by_file(number: int, layer: Layer, t_s: float) -> LayerView:
    """A layer t_s after its shot was taken: its rectangle, rotation and opacity go from key to key."""
    at: tuple[float, ...] = (*layer.rect, layer.rotation_deg, layer.opacity)
    since_s = 0.0
    for key in layer.keys:
        to = (
            *(key.rect or at[:4]),
            at[4] if key.rotation_deg is None else key.rotation_deg,
            at[5] if key.opacity is None else key.opacity,
        )
        if t_s < key.at_s:
            share = eased(key.ease, (t_s - since_s) / (key.at_s - since_s)) if t_s > since_s else 0.0
            at = tuple(a + (b - a) * share for a, b in zip(at, to, strict=True))
            break
        at, since_s = to, key.at_s
    return LayerView(number, (at[0], at[1], at[2], at[3]), at[4], min(max(at[5], 0.0), 1.0), layer.crop)
