"""CEA-608: published byte pairs, rows, characters, and the caption data inside an access unit."""

from __future__ import annotations

import io
from fractions import Fraction

import av
import numpy as np
import pytest

from live.outputs.cea608 import NULL, Embedder, RollUp, message, parity, writable

# As caption files write them: RU2, carriage return, row 15 column 0, each twice (odd parity set).
ROW = ["9425", "9425", "94ad", "94ad", "9470", "9470"]


def sent(captions: RollUp, limit: int = 400) -> list[str]:
    """What goes out until there is nothing more to say, as hex."""
    pairs: list[str] = []
    while len(pairs) < limit and (pair := captions.pair()) != NULL:
        pairs.append(bytes(pair).hex())
    return pairs


def test_parity_is_odd() -> None:
    assert all(parity(byte).bit_count() % 2 == 1 and parity(byte) & 0x7F == byte for byte in range(128))


def test_a_row_begins_with_its_codes_and_letters_follow_in_pairs() -> None:
    captions = RollUp()
    captions.say("HELLO")
    # H=c8 E=45 L=4c L=4c O=4f, the odd one filled up with a null.
    assert sent(captions) == [*ROW, "c845", "4c4c", "4f80"]


def test_three_rows_have_a_code_of_their_own() -> None:
    captions = RollUp(3)
    captions.say("A")
    assert sent(captions)[:2] == ["9426", "9426"]


def test_words_go_on_in_the_row_until_it_is_full() -> None:
    captions = RollUp()
    captions.say("one")
    assert sent(captions)[: len(ROW)] == ROW
    captions.say("two")
    assert sent(captions) == ["20f4", "f7ef"]  # space t w o
    captions.say("a" * 25)  # 3 + 1 + 3 + 1 + 25 = 33 columns
    assert sent(captions)[: len(ROW)] == ROW


def test_a_full_row_is_exactly_32_columns() -> None:
    captions = RollUp()
    captions.say("a" * 30 + " b")
    assert sent(captions).count("94ad") == 2
    captions.say("c")
    assert sent(captions).count("94ad") == 2


def test_another_speaker_begins_a_row() -> None:
    captions = RollUp()
    captions.say("Yes.")
    sent(captions)
    captions.say(">> No.", new_row=True)
    assert sent(captions)[: len(ROW)] == ROW


@pytest.mark.parametrize(
    ("character", "pairs"),
    [
        ("é", ["dc80"]),  # in the basic set
        ("♪", ["9137", "9137"]),  # special: 11 37
        ("½", ["9132", "9132"]),
        ("ü", ["7580", "9225", "9225"]),  # extended: a plain u for older receivers, then 12 25 in its place
        ("ß", ["7380", "1334", "1334"]),
        ("*", ["ae80", "92a8", "92a8"]),
    ],
)
def test_characters(character: str, pairs: list[str]) -> None:
    captions = RollUp()
    captions.say(character)
    assert sent(captions)[len(ROW) :] == pairs


def test_what_the_set_lacks_is_written_near_it_or_left_out() -> None:
    assert writable("Dvořák – naïve… œuvre") == "Dvorák - naïve... oeuvre"
    assert writable("Привет 你好 hello") == "hello"
    assert writable("50 % & a_b~c {x}") == "50 % & a_b~c {x}"


def test_captions_go_away_after_a_silence_and_by_hand() -> None:
    captions = RollUp()
    captions.say("word")
    sent(captions)
    quiet = [bytes(captions.pair()).hex() for _ in range(400)]
    assert quiet.count("942c") == 2 and 150 <= quiet.index("942c") <= 200
    captions.say("never")
    captions.clear()
    assert sent(captions) == ["942c", "942c"]
    captions.say("again")
    assert sent(captions)[: len(ROW)] == ROW


def test_a_flood_is_bounded_and_counted() -> None:
    captions = RollUp()
    captions.say("word " * 5000)
    assert captions.dropped > 4000
    assert len(sent(captions, 10_000)) < 250


def test_the_message_holds_no_start_code() -> None:
    unit = message([bytes((0xFC, 0, 0)), bytes((0xFA, 0, 0))] * 8)
    body = unit[1:]
    assert not any(code in body for code in (b"\0\0\0", b"\0\0\1", b"\0\0\2"))
    assert b"\xb5\x00\x31GA94\x03" in unit.replace(b"\0\0\3", b"\0\0")


@pytest.mark.parametrize(
    ("rate", "fields"),
    [(Fraction(30), 1), (Fraction(25), 1), (Fraction(30000, 1001), 1), (Fraction(60), 2), (Fraction(50), 2)],
)
def test_field_one_comes_about_thirty_times_a_second(rate: Fraction, fields: int) -> None:
    captions = RollUp()
    captions.say("ab" * 12)
    embedder = Embedder(rate, captions)
    units = [embedder.embed(b"\0\0\1\x65slice") for _ in range(60)]
    first = [u for u in units if b"\xfc" in u[: u.index(b"slice")][15:22]]
    assert len(first) == 60 // fields
    assert all(u.endswith(b"\0\0\1\x65slice") for u in units)


def test_it_stands_before_the_first_slice_and_a_decoder_reads_it() -> None:
    """A real encode, a real decoder: libav finds the caption data of each picture."""
    captions = RollUp()
    captions.say("HELLO")
    embedder = Embedder(Fraction(30), captions)
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="h264") as out:
        stream = out.add_stream("libx264", rate=30, options={"preset": "ultrafast", "tune": "zerolatency"})
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        data = b""
        for n in range(12):
            frame = av.VideoFrame.from_ndarray(np.full((96, 64), 16 * (n % 8) + 40, np.uint8), format="yuv420p")
            frame.pts = n
            data += b"".join(embedder.embed(bytes(p)) for p in stream.encode(frame))
        data += b"".join(embedder.embed(bytes(p)) for p in stream.encode(None))
    pairs = []
    with av.open(io.BytesIO(data), format="h264") as found:
        for picture in found.decode(video=0):
            sides = [s for s in picture.side_data if s.type.name == "A53_CC"]
            assert len(sides) == 1
            pairs.append(bytes(sides[0])[1:3].hex())
    assert pairs[: len(ROW) + 3] == [*ROW, "c845", "4c4c", "4f80"]
    assert set(pairs[len(ROW) + 3 :]) == {"8080"}
