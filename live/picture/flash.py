"""The flash that goes with a blip, and the number of a picture as black and white blocks that survive any encoder: both
can be read back from whatever came out, so that its latency and its offset against the sound can be measured.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]

FLASH_S = 0.1  # how long it lasts, so that no lower frame rate can miss it
BITS = 20  # of the number: 9 h at 30 pictures a second
CHECK = 4  # and of the sum of its fifths, so that what was never written isn't read
BLOCKS = 2 + BITS + CHECK  # white and black lead
TOP, BOTTOM = 0.80, 0.92  # the row of blocks, in parts of the height
LEFT, RIGHT = 0.04, 0.96
WHITE, BLACK = 235, 16
_LEAST = 60  # codes between black and white


def draw(luma: U8, number: int, *, flash: bool) -> None:
    """A picture into a luma plane (h, w), limited range: white or black, with its number."""
    luma[:] = WHITE if flash else BLACK
    rows, edges = _places(luma)
    luma[rows, edges[0] : edges[-1]] = BLACK
    for n, bit in enumerate(_code(number)):
        if bit:
            luma[rows, edges[n] : edges[n + 1]] = WHITE


def number_of(luma: U8) -> int | None:
    """The number that stands in a luma plane; None where there is none."""
    rows, edges = _places(luma)
    height = rows.stop - rows.start
    inner = luma[rows.start + height // 4 : rows.stop - height // 4]
    codes = []
    for left, right in zip(edges, edges[1:], strict=False):
        margin = (right - left) // 4
        codes.append(float(inner[:, left + margin : max(right - margin, left + margin + 1)].mean()))
    white, black = codes[:2]
    if white - black < _LEAST:
        return None
    bits = [code > (white + black) / 2 for code in codes[2:]]
    number = sum(bit << n for n, bit in enumerate(bits[:BITS]))
    return number if _code(number)[2:] == bits else None


def lightness(luma: U8) -> float:
    """How light the part is that flashes, 0 to 255."""
    return float(luma[: int(luma.shape[0] * (TOP - 0.02))].mean())


def _code(number: int) -> list[bool]:
    """What is drawn, from left to right: the lead, the number from its lowest bit on, the check."""
    number %= 1 << BITS
    check = (~sum(number >> shift & 0b11111 for shift in range(0, BITS, 5))) & ((1 << CHECK) - 1)
    bits = [bool(number >> n & 1) for n in range(BITS)] + [bool(check >> n & 1) for n in range(CHECK)]
    return [True, False, *bits]


def _places(luma: U8) -> tuple[slice, list[int]]:
    height, width = luma.shape
    edges = [round(width * (LEFT + (RIGHT - LEFT) * n / BLOCKS)) for n in range(BLOCKS + 1)]
    return slice(int(height * TOP), int(height * BOTTOM)), edges
