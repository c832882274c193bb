"""What a picture file is, by its first bytes; nothing is decoded."""

from __future__ import annotations


def is_drawing(data: bytes) -> bool:
    """SVG: lines and shapes, that nothing here draws."""
    return b"<svg" in data[:4000].lower()


def moves(data: bytes) -> bool:
    """Is it an animation (WebP, GIF, PNG)? Of one, a still is its first picture."""
    if data[:4] == b"RIFF" and data[8:16] == b"WEBPVP8X":
        return len(data) > 20 and bool(data[20] & 0x02)
    if data[:4] == b"GIF8":
        return data.count(b"\x21\xf9\x04") > 1  # one control block a picture
    return data[:4] == b"\x89PNG" and b"acTL" in data[:200]
