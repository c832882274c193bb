"""Light beyond what the program has, brought into it: PQ, HLG and wide colours as BT.709 of 8 bit, by a table.

PQ (SMPTE ST 2084) is absolute: its reference white of 203 cd/m2 (ITU-R BT.2408) becomes the program's white. HLG (ITU-R
BT.2100) is seen as a display of 1000 cd/m2 shows it, and brought to one of 100; its system gamma of 1.2 is taken on R,
G and B each, as the program's own cameras and displays have it, and not on luminance: the same red then is as red as
that of the camera beside it. What lies above is bent by the EETF of ITU-R BT.2390 (5.4.1), on the largest of R, G, B,
so that no colour changes its hue. Displays are as in ITU-R BT.1886: a power of 2.4.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]

PQ, HLG = 16, 18  # transfer characteristics (ITU-T H.273)
WIDE = {9: "bt2020", 11: "p3", 12: "p3"}  # primaries that hold colours which the program hasn't
_SIDE = 49  # entries of the table: 33 leave pure colours 15 codes too light
_PEAK_NITS = 1000.0  # of what was graded, or of HLG's display
_WHITE_NITS = {PQ: 203.0, HLG: 100.0}

# Linear R, G, B to those of BT.709 (ITU-R BT.2087; SMPTE EG 432-1, D65).
_TO_709 = {
    "bt2020": np.array(
        [[1.660491, -0.587641, -0.072850], [-0.124550, 1.132900, -0.008349], [-0.018151, -0.100579, 1.118730]]
    ),
    "p3": np.array([[1.224940, -0.224940, 0.0], [-0.042057, 1.042057, 0.0], [-0.019638, -0.078636, 1.098274]]),
    "bt709": np.eye(3),
}


def table_for(transfer: int, primaries: int) -> tuple[int, str] | None:
    """Which table the colours of a picture need; None for the program's own."""
    if transfer in (PQ, HLG):
        return transfer, WIDE.get(primaries, "bt709" if primaries == 1 else "bt2020")
    return (0, WIDE[primaries]) if primaries in WIDE else None


def program_colours(rgb: F64, transfer: int, primaries: str) -> F64:
    """R'G'B' (n, 3), 0 to 1, as coded, to the program's."""
    white = _WHITE_NITS.get(transfer, 1.0)
    if transfer == PQ:
        light = _tone_mapped(_from_pq(rgb), white)
    elif transfer == HLG:
        light = _tone_mapped(_PEAK_NITS * _scene_of_hlg(rgb) ** 1.2, white)
    else:
        light = rgb**2.4
    linear = light / white @ _TO_709[primaries].T
    return np.asarray(np.clip(linear, 0, 1) ** (1 / 2.4))


def _tone_mapped(light: F64, white_nits: float) -> F64:
    """cd/m2 as a display of that white shows them: BT.2390, 5.4.1, without a lift of black."""
    top = light.max(axis=1, keepdims=True)
    peak = _to_pq(np.array(_PEAK_NITS))
    code, most = np.minimum(_to_pq(top) / peak, 1.0), _to_pq(np.array(white_nits)) / peak
    knee = 1.5 * most - 0.5
    t = np.clip((code - knee) / (1 - knee), 0, 1)
    bent = (2 * t**3 - 3 * t**2 + 1) * knee + (t**3 - 2 * t**2 + t) * (1 - knee) + (-2 * t**3 + 3 * t**2) * most
    shown = _from_pq(np.where(code < knee, code, bent) * peak)
    return np.asarray(light * shown / np.maximum(top, 1e-6))


_M1, _M2, _C1, _C2, _C3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128  # ST 2084


def _from_pq(code: F64) -> F64:
    p = np.clip(code, 0, 1) ** (1 / _M2)
    return np.asarray(10_000 * (np.maximum(p - _C1, 0) / (_C2 - _C3 * p)) ** (1 / _M1))


def _to_pq(nits: F64) -> F64:
    y = np.clip(nits / 10_000, 0, 1) ** _M1
    return np.asarray(((_C1 + _C2 * y) / (1 + _C3 * y)) ** _M2)


def _scene_of_hlg(code: F64) -> F64:
    """BT.2100: the inverse of its OETF."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.asarray(np.where(code <= 0.5, code**2 / 3, (np.exp((code - c) / a) + b) / 12))


@cache
def cube(transfer: int, primaries: str) -> str:
    """The table as a .cube: red changes fastest. 0.3 s."""
    axis = np.linspace(0, 1, _SIDE)
    blue, green, red = np.meshgrid(axis, axis, axis, indexing="ij")
    codes = program_colours(np.stack([red, green, blue], -1).reshape(-1, 3), transfer, primaries)
    words = [f"{n / 4095:.4f}" for n in range(4096)]
    lines = (f"{words[r]} {words[g]} {words[b]}" for r, g, b in np.rint(4095 * codes).astype(int).tolist())
    return f"LUT_3D_SIZE {_SIDE}\n" + "\n".join(lines) + "\n"
