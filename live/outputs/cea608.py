"""CEA-608 closed captions, channel CC1, roll-up, inside H.264: what every player, server and television knows.

Two bytes with odd parity go with each picture (CEA-608-E). They travel as ATSC A/53 caption data (part 4, 6.2.3) in a
supplemental message of the access unit (H.264 annex D.1.6, user_data_registered_itu_t_t35), put before the first slice
of a coded picture, so that any H.264 encoder will do. A pure core: no clock, no libav.

The character set is Latin. What it lacks is written without its accents, or as its nearest letters; a word of another
script is left out.
"""

from __future__ import annotations

import unicodedata
from collections import deque
from collections.abc import Iterator
from fractions import Fraction

from live.sound.spoken import Said

Pair = tuple[int, int]

COLUMNS = 32
NULL: Pair = (0x80, 0x80)
# Miscellaneous control codes of CC1 (table 52), and the preamble for row 15, white, column 0 (table 53).
ROLL_UP = {2: (0x14, 0x25), 3: (0x14, 0x26), 4: (0x14, 0x27)}
CARRIAGE_RETURN: Pair = (0x14, 0x2D)
ERASE: Pair = (0x14, 0x2C)
ROW_15: Pair = (0x14, 0x70)

# Where the basic set is not ASCII (table 50), the special characters (table 49) and the extended ones (tables 5 to 10).
_BASIC = {
    "á": 0x2A,
    "é": 0x5C,
    "í": 0x5E,
    "ó": 0x5F,
    "ú": 0x60,
    "ç": 0x7B,
    "÷": 0x7C,
    "Ñ": 0x7D,
    "ñ": 0x7E,
    "█": 0x7F,
    "’": 0x27,
}
_NOT_ASCII = set("*\\^_`{|}~")
_SPECIAL = {c: (0x11, 0x30 + i) for i, c in enumerate("®°½¿™¢£♪à\u00a0èâêîôû")}
_EXTENDED = {c: (0x12, 0x20 + i) for i, c in enumerate("ÁÉÓÚÜü‘¡*'—©℠•“”ÀÂÇÈÊËëÎÏïÔÙùÛ«»")} | {
    c: (0x13, 0x20 + i) for i, c in enumerate("ÃãÍÌìÒòÕõ{}\\^_|~ÄäÖöß¥¤¦ÅåØø┌┐└┘")
}
_NEAR = {
    "–": "-",
    "…": "...",
    "„": '"',
    "œ": "oe",
    "Œ": "OE",
    "æ": "ae",
    "Æ": "AE",
    "ł": "l",
    "Ł": "L",
    "ı": "i",
    "€": "EUR",
    "`": "'",
    "‑": "-",
}
_STANDS_IN = {
    "*": ".",
    "—": "-",
    "©": "c",
    "•": ".",
    "“": '"',
    "”": '"',
    "«": '"',
    "»": '"',
    "‘": "'",
    "ß": "s",
    "Ø": "O",
    "ø": "o",
}

_QUEUE = (
    150  # pairs that may wait: 5 s. Speech makes 8 a second, rows 6 each: it never fills unless somebody writes a book
)
_ERASE_AFTER = 180  # pairs without a word until the captions are taken away: 6 s


def parity(byte: int) -> int:
    """7 bits with the eighth set so that the number of ones is odd."""
    return byte | 0x80 if byte.bit_count() % 2 == 0 else byte


def writable(text: str) -> str:
    """A text in the characters that CEA-608 has. A word with a letter that it has no form of is left out."""
    return " ".join(word for word in map(_written, unicodedata.normalize("NFC", text).split()) if word)


def _written(word: str) -> str:
    out = ""
    for character in word:
        letter = _letter(character)
        if not letter and character.isalnum():
            return ""
        out += letter
    return out


def _letter(character: str) -> str:
    if _known(character):
        return character
    near = _NEAR.get(character) or "".join(
        c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c)
    )
    return near if near != character and all(map(_known, near)) else ""


def _known(c: str) -> bool:
    return (" " <= c < "\x7f" and c not in _NOT_ASCII) or c in _BASIC or c in _SPECIAL or c in _EXTENDED


class RollUp:
    """Words in, one pair of bytes per picture out. New words go to the end of the bottom row; a full row rolls up.

    Control codes, special and extended characters are sent twice, as a receiver that missed one needs; those that got
    both ignore the second.
    """

    def __init__(self, rows: int = 2) -> None:
        self._rows = ROLL_UP[rows]
        self._pairs: deque[Pair] = deque()
        self._column: int | None = None  # of the cursor; None before a row has begun
        self._quiet = 0
        self._shown = False
        self.dropped = 0  # words that had to be left out because too much waited

    def take(self, said: Said) -> None:
        """The next step of the captions."""
        if said.clear:
            self.clear()
        else:
            self.say(f"{said.opening} {said.text}", new_row=bool(said.opening))

    def say(self, text: str, *, new_row: bool = False) -> None:
        """Add words. new_row: somebody else speaks now."""
        if new_row:
            self._column = None
        for word in writable(text).split():
            if len(self._pairs) > _QUEUE:
                self.dropped += 1
                continue
            for piece in (word[i : i + COLUMNS] for i in range(0, len(word), COLUMNS)):
                self._word(piece)
        self._quiet = 0

    def _word(self, word: str) -> None:
        if self._column is None or self._column + 1 + len(word) > COLUMNS:
            for code in (self._rows, CARRIAGE_RETURN, ROW_15):
                self._twice(code)
            self._column = 0
        elif self._column:
            word = " " + word
        self._column += len(word)
        self._characters(word)
        self._shown = True

    def _characters(self, text: str) -> None:
        waiting: int | None = None  # a single byte that another may join
        for code in (code for character in text for code in _codes(character)):
            if isinstance(code, tuple):
                if waiting is not None:
                    self._pairs.append((parity(waiting), NULL[1]))
                self._twice(code)
                waiting = None
            elif waiting is None:
                waiting = code
            else:
                self._pairs.append((parity(waiting), parity(code)))
                waiting = None
        if waiting is not None:
            self._pairs.append((parity(waiting), NULL[1]))

    def _twice(self, code: Pair) -> None:
        self._pairs += [(parity(code[0]), parity(code[1]))] * 2

    def clear(self) -> None:
        """Take the captions away, and forget what waits."""
        self._pairs.clear()
        self._twice(ERASE)
        self._column, self._shown = None, False

    def pair(self) -> Pair:
        """The two bytes of the next picture."""
        if self._pairs:
            return self._pairs.popleft()
        self._quiet += 1
        if self._shown and self._quiet >= _ERASE_AFTER:
            self.clear()
            return self._pairs.popleft()
        return NULL


def _codes(character: str) -> Iterator[int | Pair]:
    """One character as bytes and two-byte codes. An extended one takes the place of the character before it, which
    older receivers show instead."""
    if character in _BASIC:
        yield _BASIC[character]
    elif character in _SPECIAL:
        yield _SPECIAL[character]
    elif character in _EXTENDED and character != "'":
        plain = unicodedata.normalize("NFKD", character)[0]
        yield ord(_STANDS_IN.get(character, plain if plain.isascii() and plain not in _NOT_ASCII else " "))
        yield _EXTENDED[character]
    else:
        yield ord(character)


# -- into H.264 -------------------------------------------------------------------------------------------------------

_FIELD_1, _FIELD_2, _PADDING = 0xFC, 0xFD, bytes((0xFA, 0, 0))
_SLICES = (1, 5)  # NAL unit types of coded slices
_START = b"\x00\x00\x01"


class Embedder:
    """Puts the captions of a picture into its access unit. One pair of field 1 every 1/30 s or so; a faster picture
    carries field 2, which is empty, in between."""

    def __init__(self, rate: Fraction, captions: RollUp) -> None:
        self._captions = captions
        self._every = max(1, round(rate / 30))
        # Triplets a picture: 9600 b/s in all.
        self._count = max(2 if self._every == 1 else 1, min(31, round(600 / rate)))
        self._picture = 0

    def embed(self, unit: bytes) -> bytes:
        """The next access unit (Annex B), with its caption data."""
        if self._picture % self._every == 0:
            triplets = [bytes((_FIELD_1, *self._captions.pair()))] + [bytes((_FIELD_2, *NULL))] * (self._every == 1)
        else:
            triplets = [bytes((_FIELD_2, *NULL))]
        self._picture += 1
        triplets += [_PADDING] * (self._count - len(triplets))
        at = _first_slice(unit)
        return unit[:at] + b"\x00" + _START + message(triplets) + unit[at:]


def message(triplets: list[bytes]) -> bytes:
    """The NAL unit (without start code) that carries caption triplets."""
    payload = b"\xb5\x00\x31GA94\x03" + bytes((0xC0 | len(triplets), 0xFF)) + b"".join(triplets) + b"\xff"
    return b"\x06" + _escaped(bytes((0x04, len(payload))) + payload + b"\x80")


def _escaped(data: bytes) -> bytes:
    """Emulation prevention (H.264 7.4.1): no start code inside."""
    out, zeros = bytearray(), 0
    for byte in data:
        if zeros == 2 and byte <= 3:
            out.append(3)
            zeros = 0
        out.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    return bytes(out)


def _first_slice(unit: bytes) -> int:
    """Where the start code of the first slice is; 0 when there is none."""
    at = unit.find(_START)
    while at >= 0 and at + 3 < len(unit):
        if unit[at + 3] & 0x1F in _SLICES:
            return at - 1 if at > 0 and unit[at - 1] == 0 else at
        at = unit.find(_START, at + 3)
    return 0
