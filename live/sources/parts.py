"""A stream of bytes cut into parts, each of which holds the same tracks from beginning to end. Pure.

libav finds out what a stream holds when it opens it, and keeps to that. Somebody who joined without a microphone and
takes one later, an encoder that is set to another codec: their bytes go on, and what reads them is opened anew where
they changed, without the sender noticing. MPEG-TS says what it holds in its programme map (ISO/IEC 13818-1, 2.4.4);
FLV, which RTMP carries, in each of its tags (Video File Format Specification 10.1, annex E).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np
import numpy.typing as npt

PACKET = 188
_SYNC = 0x47
_SHORTEST = 16  # bytes of a list with something in it
_PATIENCE = 4_000  # packets: a change waits for a picture that can be begun with, but not for ever
_TAG, _AFTER = 11, 4  # bytes before and after what a tag of FLV holds
_SOUND, _PICTURES = 8, 9
_SETTLED_MS, _LONGEST_MS = 1_000, 2_000
_PICTURE_TYPES = {0x01, 0x02, 0x10, 0x1B, 0x20, 0x24, 0x33, 0x42, 0xD1, 0xEA}  # of a programme map
_CUT = b""  # between two parts


class Cutter(Protocol):
    """What knows where a part ends."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The bytes again, as far as they are whole; b"" where a part ends."""
        ...


def cutter_of(begin: bytes) -> Cutter:
    """By the first bytes of a stream."""
    if begin[:1] == bytes([_SYNC]) and (len(begin) <= PACKET or begin[PACKET] == _SYNC):
        return TsCutter()
    return FlvCutter() if begin[:3] == b"FLV" else Whole()


class Whole:
    """Of whatever else there is: one part."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        if data:
            yield data


class TsCutter:
    """MPEG-TS: a new part begins where a programme's list of tracks changes, at the next picture that can be begun
    with. It begins with the lists."""

    def __init__(self) -> None:
        self._rest = b""
        self._lists: dict[int, bytes] = {}  # by PID: the packet that has it; 0 for the list of programmes
        self._tracks: dict[int, frozenset[tuple[int, int]]] = {}  # by PID of a programme map: (type, PID)
        self._changed = False
        self._waited = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._rest += data
        self._find_sync()
        whole = len(self._rest) // PACKET * PACKET
        if not whole:
            return
        data, self._rest = self._rest[:whole], self._rest[whole:]
        packets = np.frombuffer(data, np.uint8).reshape(-1, PACKET)
        pids = (packets[:, 1].astype(np.int64) & 0x1F) << 8 | packets[:, 2]
        begun = 0
        for n in self._worth_a_look(packets, pids):
            packet = data[n * PACKET : (n + 1) * PACKET]
            if int(pids[n]) in self._list_pids:
                self._changed |= self._read(int(pids[n]), packet)
                if self._changed:  # the part that ends isn't told
                    if n > begun:
                        yield data[begun * PACKET : n * PACKET]
                    begun = n + 1
            elif self._changed and self._can_begin(packet):
                if n > begun:
                    yield data[begun * PACKET : n * PACKET]
                yield _CUT
                yield b"".join(self._lists.values())
                begun, self._changed, self._waited = n, False, 0
        self._waited += len(packets) if self._changed else 0
        if begun < len(packets):
            yield data[begun * PACKET :]

    def _find_sync(self) -> None:
        """Drop what is before a packet: datagrams were lost, or somebody began in the middle of one."""
        rest = self._rest
        if rest[:1] in (b"", bytes([_SYNC])):
            return
        at = rest.find(_SYNC)
        while at >= 0 and at + PACKET < len(rest) and rest[at + PACKET] != _SYNC:
            at = rest.find(_SYNC, at + 1)
        self._rest = rest[at:] if at >= 0 else b""

    @property
    def _list_pids(self) -> set[int]:
        return {0, *self._tracks}

    def _worth_a_look(self, packets: npt.NDArray[np.uint8], pids: npt.NDArray[np.int64]) -> list[int]:
        """Packets with lists; once something has changed, those with what can be begun with, too."""
        wanted = np.isin(pids, list(self._list_pids))
        if not self._tracks or self._changed or wanted.any():
            return list(range(len(packets)))
        return []

    def _can_begin(self, packet: bytes) -> bool:
        """Its adaptation field's random_access_indicator; or there was none for long, or there are no pictures."""
        if packet[3] & 0x20 and packet[4] and packet[5] & 0x40:
            return True
        pictured = any(kind in _PICTURE_TYPES for tracks in self._tracks.values() for kind, _ in tracks)
        return self._waited > _PATIENCE or not pictured

    def _read(self, pid: int, packet: bytes) -> bool:
        """Take in a packet with a list; True when a programme's tracks are others than before."""
        section = section_of(packet)
        if section is None or len(section) < _SHORTEST or crc32_mpeg(section):
            return False  # a bit that was lost on the way is no change
        if pid == 0 and section[0] == 0x00:
            self._lists[pid] = packet
            for at in range(8, len(section) - 4, 4):
                if section[at : at + 2] != b"\0\0":
                    self._tracks.setdefault((section[at + 2] & 0x1F) << 8 | section[at + 3], frozenset())
        elif pid in self._tracks and section[0] == 0x02:
            self._lists[pid] = packet
            before, self._tracks[pid] = self._tracks[pid], tracks_of(section)
            return bool(before) and before != self._tracks[pid]
        return False


def section_of(packet: bytes) -> bytes | None:
    """The section of a list that begins in a packet of MPEG-TS and ends in it; None for anything else."""
    if not packet[1] & 0x40 or packet[3] & 0xC0:
        return None
    at = 5 + packet[4] if packet[3] & 0x20 else 4
    if at >= PACKET:
        return None
    at += 1 + packet[at]
    if at + 12 > PACKET:
        return None
    end = at + 3 + ((packet[at + 1] & 0x0F) << 8 | packet[at + 2])
    return packet[at:end] if end <= PACKET else None


def _crc_of(byte: int) -> int:
    crc = byte << 24
    for _ in range(8):
        crc = crc << 1 ^ (0x104C11DB7 if crc & 0x80000000 else 0)
    return crc


_CRCS = [_crc_of(byte) for byte in range(256)]


def crc32_mpeg(section: bytes) -> int:
    """CRC-32/MPEG-2 (ISO/IEC 13818-1, annex A); 0 of a section that came whole, with its own at its end."""
    crc = 0xFFFFFFFF
    for byte in section:
        crc = (crc << 8 & 0xFFFFFFFF) ^ _CRCS[crc >> 24 ^ byte]
    return crc


def tracks_of(section: bytes) -> frozenset[tuple[int, int]]:
    """(type, PID) of the tracks that a programme map lists."""
    at = 12 + ((section[10] & 0x0F) << 8 | section[11])
    tracks = set()
    while at + 5 <= len(section) - 4:
        tracks.add((section[at], (section[at + 1] & 0x1F) << 8 | section[at + 2]))
        at += 5 + ((section[at + 3] & 0x0F) << 8 | section[at + 4])
    return frozenset(tracks)


class FlvCutter:
    """FLV: a new part begins at a key picture once sound, or pictures, have come that weren't there at first, or when
    pictures are of another codec. It begins with what decoders are set by."""

    def __init__(self) -> None:
        self._rest = b""
        self._header = b""
        self._set_by: dict[int, bytes] = {}  # by kind of tag: the last that sets a decoder
        self._begin()

    def _begin(self) -> None:
        self._kinds: set[int] = set()
        self._codec: int | None = None
        self._begun_ms: int | None = None
        self._changed_ms: int | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        self._rest += data
        if not self._header:
            if len(self._rest) < 13:
                return
            self._header, self._rest = self._rest[:13], self._rest[13:]
            yield self._header
        out: list[bytes] = []
        while len(self._rest) >= _TAG:
            end = _TAG + int.from_bytes(self._rest[1:4], "big") + _AFTER
            if len(self._rest) < end:
                break
            tag, self._rest = self._rest[:end], self._rest[end:]
            if self._ends_before(tag):
                if out:
                    yield b"".join(out)
                yield _CUT
                self._begin()
                out = [self._header[:4], b"\x05", self._header[5:], *self._set_by.values()]
                self._ends_before(tag)
            out.append(tag)
        if out:
            yield b"".join(out)

    def _ends_before(self, tag: bytes) -> bool:
        """Does a new part begin with this tag?"""
        kind, time_ms = tag[0] & 0x1F, int.from_bytes(tag[7:8] + tag[4:7], "big")
        if kind not in (_SOUND, _PICTURES) or len(tag) < _TAG + _AFTER + 2:
            return False
        if self._begun_ms is None:
            self._begun_ms = time_ms
        if sets_decoder(tag):
            self._set_by[kind] = tag
        elif kind not in self._kinds:
            if self._kinds and time_ms - self._begun_ms > _SETTLED_MS:
                self._changed_ms = time_ms
            self._kinds.add(kind)
        if kind == _PICTURES:
            before, self._codec = self._codec, codec_of(tag)
            if before not in (None, self._codec):
                self._set_by.pop(_PICTURES, None)
                return True
        if self._changed_ms is None:
            return False
        is_key = kind == _PICTURES and tag[_TAG] >> 4 & 7 == 1 and not sets_decoder(tag)
        return is_key or time_ms - self._changed_ms > _LONGEST_MS or _PICTURES not in self._kinds


def sets_decoder(tag: bytes) -> bool:
    """Does it hold no picture and no sound, but what their decoder is set by (AVC and AAC sequence headers, the
    enhanced ones, too)?"""
    first, second = tag[_TAG], tag[_TAG + 1]
    if tag[0] & 0x1F == _SOUND:
        return (first >> 4 == 10 and second == 0) or (first >> 4 == 9 and first & 0x0F == 0)
    return first & 0x0F == 0 if first & 0x80 else first & 0x0F == 7 and second == 0


def codec_of(tag: bytes) -> int:
    """Of a tag with a picture: CodecID, or the four letters of the enhanced way."""
    first = tag[_TAG]
    return int.from_bytes(tag[_TAG + 1 : _TAG + 5], "big") if first & 0x80 else first & 0x0F
