"""Multi-track WAV, as the trade exchanges it: Broadcast Wave (EBU Tech 3285) with the time of its first sample, iXML
with the names of its tracks, RF64 (EBU Tech 3306) where it grows past 4 GB.

libav writes `bext`, but no iXML, and a header only at the end: a kill would leave a file of length 0 or of none.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal
from xml.sax.saxutils import escape

import numpy as np

from live.base.clock import DayTime
from live.base.samples import SAMPLE_RATE
from live.sound.limiter import Samples

Bits = Literal[24, 32]  # whole numbers, or floating point
RIFF_LIMIT = (1 << 32) - 1
_UNKNOWN = 0xFFFFFFFF  # a size of 32 bits, where another chunk has it
_PCM, _FLOAT = 1, 3
_SUBFORMAT = bytes.fromhex("000000001000800000aa00389b71")  # behind the two bytes of the format: KSDATAFORMAT_SUBTYPE


@dataclass(frozen=True)
class Origin:
    """What a recording says of itself. tracks: the name of each channel; two that are alike are the sides of one.
    first: the sample number of its first sample, counted from 00:00:00:00 of the show's time code. rate: frames a
    second. identity: of the show, as the originator's reference.
    """

    title: str
    tracks: Sequence[str]
    first: int
    rate: Fraction
    made: DayTime
    identity: str = ""


class WavFile:
    """Sound into a file that is whole after every `keep`, whatever happens then. One thread. Raises OSError.

    riff_limit: bytes past which it is RF64. The file must not be there yet.
    """

    def __init__(self, path: Path, origin: Origin, bits: Bits, *, riff_limit: int = RIFF_LIMIT) -> None:
        self._channels, self._bits, self._riff_limit = len(origin.tracks), bits, riff_limit
        self.samples = 0  # of each channel
        self._file = path.open("xb", buffering=0)
        # A chunk that nobody reads holds the place of the sizes of 64 bits.
        head = b"RIFF\0\0\0\0WAVE" + _chunk(b"JUNK", bytes(28))
        head += _chunk(b"bext", _bext(origin, bits)) + _chunk(b"fmt ", _format(self._channels, bits))
        if bits == 32:
            head += _chunk(b"fact", bytes(4))
            self._fact = len(head) - 4
        head += _chunk(b"iXML", _ixml(origin, bits)) + b"data\0\0\0\0"
        self._data = len(head)
        try:
            self._write(head)
            self.keep()
        except OSError:
            self._file.close()
            raise

    @property
    def size(self) -> int:
        """Bytes of the sound so far."""
        return self.samples * self._channels * self._bits // 8

    @property
    def fd(self) -> int:
        return self._file.fileno()

    def write(self, samples: Samples) -> None:
        """Samples (n, channels) float32, after those before. If the disk takes only a part, the file ends with what it
        took whole."""
        packed = samples.astype("<f4", copy=False).tobytes() if self._bits == 32 else packed_24(samples)
        self._write(packed)
        self.samples += len(samples)

    def keep(self) -> None:
        """Write how long it is by now into the header."""
        size = self.size
        end = self._data + size + size % 2  # the chunk is filled up when it is closed
        large = end > self._riff_limit
        if large:
            ds64 = struct.pack("<QQQI", end - 8, size, self.samples, 0)
            self._put(0, b"RF64" + struct.pack("<I", _UNKNOWN) + b"WAVEds64" + struct.pack("<I", len(ds64)) + ds64)
        else:
            self._put(4, struct.pack("<I", end - 8))
        self._put(self._data - 4, struct.pack("<I", _UNKNOWN if large else size))
        if self._bits == 32:
            self._put(self._fact, struct.pack("<I", _UNKNOWN if large else self.samples))
        self._file.seek(self._data + size)

    def close(self) -> None:
        """Whole, to an even number of bytes as RIFF wants it."""
        with self._file:
            self._file.truncate(self._data + self.size)  # what a full disk took of the last samples goes
            if self.size % 2:
                self._write(b"\0")
            self.keep()

    def _put(self, at: int, data: bytes) -> None:
        self._file.seek(at)
        self._write(data)

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) or 0 :]


def packed_24(samples: Samples) -> bytes:
    """Float32 as whole numbers of 24 bits; what is louder than full scale is cut off. What came by 24 bits is the same
    again."""
    whole = np.rint(np.clip(samples * np.float32(1 << 23), -(1 << 23), (1 << 23) - 1)).astype("<i4")
    packed: bytes = whole.view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
    return packed


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _format(channels: int, bits: int) -> bytes:
    """WAVE_FORMAT_EXTENSIBLE, which more than two channels ask for; no channel is a loudspeaker."""
    block, kind = channels * bits // 8, _PCM if bits == 24 else _FLOAT
    plain = struct.pack("<HHIIHHH", 0xFFFE, channels, SAMPLE_RATE, SAMPLE_RATE * block, block, bits, 22)
    return plain + struct.pack("<HIH", bits, 0, kind) + _SUBFORMAT


def _bext(origin: Origin, bits: int) -> bytes:
    """EBU Tech 3285, version 1."""
    words = ", ".join(dict.fromkeys(origin.tracks))
    history = f"A=PCM,F={SAMPLE_RATE},W={bits},M=multi,T=Live\r\n"
    return (
        _text(f"{origin.title}: {words}", 256)
        + _text("Live", 32)
        + _text(" ".join(filter(None, (f"{origin.made:%Y%m%d%H%M%S}", origin.identity))), 32)
        + _text(f"{origin.made:%Y-%m-%d}", 10)
        + _text(f"{origin.made:%H:%M:%S}", 8)
        + struct.pack("<QH", origin.first, 1)
        + bytes(64 + 190)
        + history.encode("ascii")
    )


def _text(text: str, length: int) -> bytes:
    return text.encode("ascii", "replace")[:length].ljust(length, b"\0")


def _ixml(origin: Origin, bits: int) -> bytes:
    rate = f"{origin.rate.numerator}/{origin.rate.denominator}"
    high, low = divmod(origin.first, 1 << 32)
    tracks = "".join(
        f"<TRACK><CHANNEL_INDEX>{n}</CHANNEL_INDEX><INTERLEAVE_INDEX>{n}</INTERLEAVE_INDEX>"
        f"<NAME>{escape(name)}</NAME><FUNCTION></FUNCTION></TRACK>"
        for n, name in enumerate(origin.tracks, 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f"<BWFXML><IXML_VERSION>2.10</IXML_VERSION><PROJECT>{escape(origin.title)}</PROJECT>"
        f"<SPEED><MASTER_SPEED>{rate}</MASTER_SPEED><CURRENT_SPEED>{rate}</CURRENT_SPEED>"
        f"<TIMECODE_RATE>{rate}</TIMECODE_RATE><TIMECODE_FLAG>NDF</TIMECODE_FLAG>"
        f"<FILE_SAMPLE_RATE>{SAMPLE_RATE}</FILE_SAMPLE_RATE><AUDIO_BIT_DEPTH>{bits}</AUDIO_BIT_DEPTH>"
        f"<TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>{high}</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>"
        f"<TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO>{low}</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO>"
        f"<TIMESTAMP_SAMPLE_RATE>{SAMPLE_RATE}</TIMESTAMP_SAMPLE_RATE></SPEED>"
        f"<TRACK_LIST><TRACK_COUNT>{len(origin.tracks)}</TRACK_COUNT>{tracks}</TRACK_LIST></BWFXML>"
    ).encode("utf-8", "replace")
