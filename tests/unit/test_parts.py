"""Streams of bytes cut where what they hold changes."""

from __future__ import annotations

import io

import av
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from live.sources.parts import PACKET, Cutter, FlvCutter, TsCutter, Whole, crc32_mpeg, cutter_of
from tests.unit.test_odd_streams import sent

MUTED, SPEAKING = sent(0, 75, sound=False), sent(75, 50, sound=True)


def parts_of(cutter: Cutter, data: bytes, size: int) -> list[bytes]:
    parts = [b""]
    for at in range(0, len(data), size):
        for piece in cutter.feed(data[at : at + size]):
            if piece:
                parts[-1] += piece
            else:
                parts.append(b"")
    return parts


@pytest.mark.parametrize("size", [1, 187, 188, 1316, 65536])
def test_a_transport_stream_is_cut_where_sound_begins(size: int) -> None:
    parts = parts_of(TsCutter(), MUTED + SPEAKING, size)
    assert len(parts) == 2
    for part, (kinds, pictures) in zip(parts, [({"video"}, 75), ({"video", "audio"}, 50)], strict=True):
        with av.open(io.BytesIO(part)) as opened:
            assert {s.type for s in opened.streams} == kinds
            assert sum(1 for _ in opened.decode(video=0)) == pictures


def test_one_that_stays_as_it_is_stays_whole() -> None:
    assert parts_of(TsCutter(), SPEAKING, 1000) == [SPEAKING]


def test_packets_are_found_again_behind_a_hole() -> None:
    parts = parts_of(TsCutter(), SPEAKING[:500] + SPEAKING[600:], 1316)
    assert len(parts) == 1
    assert len(parts[0]) % PACKET == 0


@given(st.binary(max_size=2000))
@settings(deadline=None)
def test_whatever_comes_is_handed_on(data: bytes) -> None:
    for cutter in (TsCutter(), FlvCutter(), Whole()):
        for at in range(0, len(data), 100):
            for piece in cutter.feed(data[at : at + 100]):
                assert isinstance(piece, bytes)


def test_the_crc_is_the_one_of_the_standard() -> None:
    assert crc32_mpeg(b"123456789") == 0x0376E6E7


def packet_of(pid: int, section: bytes) -> bytes:
    return (bytes([0x47, 0x40 | pid >> 8, pid & 0xFF, 0x10, 0]) + section).ljust(PACKET, b"\xff")[:PACKET]


def whole_of(table: int, rest: bytes) -> bytes:
    """A section of any length with the right CRC."""
    head = bytes([table, 0xB0, len(rest) + 4]) + rest
    return head + crc32_mpeg(head).to_bytes(4, "big")


LISTS = st.builds(packet_of, st.sampled_from([0, 0, 0x1000, 0x20]), st.binary(max_size=40)) | st.builds(
    packet_of,
    st.sampled_from([0, 0x1000, 0x20]),
    st.builds(whole_of, st.sampled_from([0, 2, 0x42]), st.binary(max_size=60)),
)


@given(st.lists(LISTS | st.binary(max_size=10), max_size=20))
@example([packet_of(0, whole_of(2, bytes(20)))])
@example([SPEAKING[: 20 * PACKET], packet_of(0x1000, b"\x02\xb0\x04" + bytes(4))])
@settings(deadline=None)
def test_no_list_of_tracks_is_too_odd(packets: list[bytes]) -> None:
    cutter = TsCutter()
    for packet in packets:
        assert all(isinstance(piece, bytes) for piece in cutter.feed(packet))


@pytest.mark.parametrize("at", [13, 17, 20])
def test_a_bit_that_was_lost_is_no_change_of_tracks(at: int) -> None:
    """In each programme map but the first, where its tracks stand."""
    packets = [bytearray(SPEAKING[n : n + PACKET]) for n in range(0, len(SPEAKING), PACKET)]
    maps = [p for p in packets if p[1] & 0x1F == 0x10 and p[2] == 0 and p[5] == 2]
    assert len(maps) > 1
    for packet in maps[1:]:
        packet[5 + at - 1] ^= 0x08
    assert len(parts_of(TsCutter(), b"".join(packets), 1316)) == 1


def flv(first: int, count: int, *, sound: bool) -> bytes:
    """What an RTMP server sends, from picture `first` on."""
    out = io.BytesIO()
    with av.open(io.BytesIO(sent(first, count, sound=sound))) as source, av.open(out, "w", format="flv") as target:
        names = {"video": "libx264", "audio": "aac"}
        streams = {}
        for stream in source.streams:
            made = target.add_stream(names[stream.type], rate=25 if stream.type == "video" else 44_100)
            if stream.type == "video":
                made.width, made.height, made.pix_fmt = 64, 64, "yuv420p"
                made.options = {"g": "10", "tune": "zerolatency"}
            streams[stream.index] = made
        for frame in source.decode(*source.streams):
            index = 0 if isinstance(frame, av.VideoFrame) else 1
            if isinstance(frame, av.VideoFrame):
                frame.pict_type = 0
            target.mux(streams[index].encode(frame))
        for made in streams.values():
            target.mux(made.encode(None))
    return out.getvalue()


def test_flv_is_cut_where_sound_begins() -> None:
    muted, speaking = flv(0, 75, sound=False), flv(75, 100, sound=True)
    first = 13 + (int.from_bytes(speaking[14:17], "big") + 15 if speaking[13] == 18 else 0)  # what describes the file
    parts = parts_of(FlvCutter(), muted + speaking[first:], 999)
    assert len(parts) == 2
    with av.open(io.BytesIO(parts[1])) as opened:
        assert {s.type for s in opened.streams} == {"video", "audio"}
        assert sum(1 for _ in opened.decode(video=0)) > 80


def test_each_is_known_by_its_beginning() -> None:
    assert isinstance(cutter_of(MUTED[:400]), TsCutter)
    assert isinstance(cutter_of(b"FLV\x01\x05\0\0\0\x09\0\0\0\0"), FlvCutter)
    assert isinstance(cutter_of(b"\x1a\x45\xdf\xa3"), Whole)
    assert isinstance(cutter_of(b""), Whole)
