"""Pictures as graphics and keys have them: read beside the frame, bounded, and the same as Skia would decode them."""

from __future__ import annotations

import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
import skia

from live.base.errors import SceneError
from live.base.readers import NoAnswer
from live.picture.sniff import is_drawing, moves
from live.render.backdrop import read_backdrop
from live.render.files import PICTURE, Files, NotYet, read_grey, read_picture
from tests.support.shows import PATTERNS, write_rig

RNG = np.random.default_rng(5)


def pixels(image: skia.Image) -> np.ndarray:
    out = np.zeros((image.height(), image.width(), 4), np.uint8)
    info = skia.ImageInfo.Make(image.width(), image.height(), skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType)
    assert image.readPixels(info, out, out.strides[0], 0, 0)
    return out


def png(path: Path, array: np.ndarray) -> Path:
    assert cv2.imwrite(str(path), array)
    return path


@pytest.mark.parametrize(
    ("name", "shape", "kind"),
    [
        ("colour.png", (40, 60, 3), np.uint8),
        ("alpha.png", (40, 60, 4), np.uint8),
        ("grey.png", (40, 60), np.uint8),
        ("photo.jpg", (40, 60, 3), np.uint8),
        ("alpha.webp", (40, 60, 4), np.uint8),
    ],
)
def test_a_picture_is_as_skia_decodes_it(tmp_path: Path, name: str, shape: tuple[int, ...], kind: type) -> None:
    smooth = cv2.resize(RNG.integers(0, 256, (8, 10, *shape[2:]), kind), shape[1::-1], interpolation=cv2.INTER_CUBIC)
    path = png(tmp_path / name, smooth)
    by_skia = skia.Image.open(str(path)).convert(colorType=skia.kRGBA_8888_ColorType, alphaType=skia.kPremul_AlphaType)
    error = np.abs(pixels(read_picture(path)).astype(int) - pixels(by_skia))
    assert error.max() <= (2 if name.endswith("jpg") else 1), error.max()


def test_a_picture_is_kept_no_larger_than_the_frame(tmp_path: Path) -> None:
    path = png(tmp_path / "large.png", np.full((400, 1000, 4), 120, np.uint8))
    image = read_picture(path, (320, 180))
    assert (image.width(), image.height()) == (320, 128)
    assert abs(int(pixels(image)[60, 100, 0]) - round(120 * 120 / 255)) <= 1
    assert read_picture(path).width() == 1000 and read_grey(path, (320, 180)).shape == (180, 320)


def bomb(path: Path, width: int, height: int) -> Path:
    """A PNG whose head says so much, and that holds it: packed, it is small."""
    rows = zlib.compress(b"\0" * (1 + width // 8) * 100)

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b""))
    return path


def test_a_picture_bomb_is_refused_in_words_and_nothing_is_made_of_it(tmp_path: Path) -> None:
    path = bomb(tmp_path / "bomb.png", 30_000, 30_000)
    code = (
        "import resource, sys\nfrom pathlib import Path\n"
        "from live.render.files import read_grey, read_picture\nfrom live.render.backdrop import read_backdrop\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "for read in (read_picture, read_grey, lambda p: read_backdrop(p, (320, 180))):\n"
        "    try:\n        read(Path(sys.argv[1]))\n"
        "    except Exception as error:\n        print(error)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    *said, grown_kb = done.stdout.splitlines()
    assert len(said) == 3 and all("30000 x 30000 pixels are too many" in line for line in said), said
    assert int(grown_kb) < 20_000


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no picture",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"GIF89a",
        b"RIFF\x10\0\0\0WEBPVP8X",
        b"P5 9 9 255\n",
    ]
    + [
        b"II*\0\xff\xff\xff\xff",
        b"MM\0*\0\0\0\x08\xff\xff",
        b"<svg/>",
        b"\0" * 5000,
        b"P5 9 9 255\n",
        b"P5 999999999 999999999 255\n",
    ],
)
def test_odd_bytes_are_one_fault(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "odd.png"
    path.write_bytes(data)
    for read in (read_picture, read_grey, lambda path: read_backdrop(path, (320, 180))):
        with pytest.raises(SceneError, match="odd.png: .*; "):
            read(path)


def test_a_tiff_and_a_pgm_are_pictures_of_wipes_as_ever(tmp_path: Path) -> None:
    grey = RNG.integers(0, 60_000, (20, 30)).astype(np.uint16)
    for name in ("ink.tif", "ink.pgm", "ink.png"):
        assert np.array_equal(read_grey(png(tmp_path / name, grey)), grey)


def test_animations_and_drawings_are_known_by_their_first_bytes(tmp_path: Path) -> None:
    still = cv2.imencode(".webp", np.zeros((8, 8, 4), np.uint8))[1].tobytes()
    head = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0"
    assert not moves(still) and not moves(head + b"\x10") and moves(head + b"\x12")
    block = b"\x21\xf9\x04\0\0\0\0\0"
    assert moves(b"GIF89a" + block + block) and not moves(b"GIF89a" + block)
    assert is_drawing(b'<?xml version="1.0"?>\n<SVG xmlns="x">') and not is_drawing(still)


class Shelf:
    """Who reads, when the test says so."""

    def __init__(self) -> None:
        self.todo: list[tuple[Path, Callable[[], None], Callable[[NoAnswer], None]]] = []

    def put(self, path: Path, work: Callable[[], None], given_up: Callable[[NoAnswer], None]) -> None:
        self.todo.append((path, work, given_up))


def test_on_air_nothing_is_read_where_it_is_drawn(tmp_path: Path) -> None:
    shelf = Shelf()
    files = Files((320, 180), lambda name: tmp_path / name, shelf.put)
    path = png(tmp_path / "logo.png", np.full((20, 20, 3), 9, np.uint8))
    for of in (path, "logo.png"):
        for _ in range(2):
            with pytest.raises(NotYet):
                files.picture(of)
        ((_, work, _),) = shelf.todo
        shelf.todo.clear()
        work()
        with pytest.raises(NotYet):
            files.picture(of)
        files.collect()
        assert files.picture(of).width() == 20 and files.taken == 0
    assert files.used == [(PICTURE, path)]
    files.take(PICTURE, path, files.read(PICTURE, path))
    assert files.version(path) == files.version("logo.png") == 1 and files.taken == 1


def test_what_did_not_answer_is_taken_up_when_it_does(tmp_path: Path) -> None:
    shelf = Shelf()
    files = Files((320, 180), put=shelf.put)
    path = png(tmp_path / "logo.png", np.full((20, 20, 3), 9, np.uint8))
    with pytest.raises(NotYet):
        files.picture(path)
    _, work, given_up = shelf.todo.pop()
    given_up(NoAnswer(path))
    files.collect()
    with pytest.raises(NoAnswer):
        files.picture(path)
    work()
    files.collect()
    assert files.picture(path).width() == 20 and files.version(path) == 1 and files.taken == 1


def test_what_is_kept_is_bounded_in_number_and_in_bytes(tmp_path: Path) -> None:
    files = Files((3840, 2160))
    large = np.full((2160, 3840), 7, np.uint8)
    for n in range(10):
        files.picture(png(tmp_path / f"large{n}.png", large))
    assert len(files.used) == 6, "33 MB each"
    for n in range(60):
        files.picture(png(tmp_path / f"small{n}.png", large[:9, :9]))
    assert len(files.used) == 32


HOSTILE = (
    PATTERNS
    + """
[[sources]]
name = "drawing"
kind = "media"
path = "drawing.svg"
[[sources]]
name = "moves"
kind = "still"
path = "moves.gif"
[[sources]]
name = "broken"
kind = "media"
path = "new\\nline.mp4"
[[sources]]
name = "odd"
kind = "still"
path = "odd.png"
[[keys]]
still = "drawing.svg"
[[keys]]
still = "moves.gif"
"""
)


def test_check_names_each_hostile_file_in_one_line(tmp_path: Path) -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>a</text></svg>'
    (tmp_path / "drawing.svg").write_text(drawing)
    (tmp_path / "new\nline.mp4").write_bytes(b"\0" * 5000)
    (tmp_path / "odd.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    _gif(tmp_path / "moves.gif")
    path = write_rig(tmp_path, HOSTILE)
    checked = subprocess.run([sys.executable, "-m", "live", "check", str(path)], capture_output=True, text=True)
    lines = checked.stdout.splitlines()
    assert checked.returncode == 2 and not checked.stderr and len(lines) == 6, checked.stdout + checked.stderr
    for words in (
        ("sources[drawing].path", "is a drawing (SVG) with text, which would be left out"),
        ("sources[moves].path", "moves"),
        ("sources[broken].path", r"new\nline.mp4"),
        ("sources[odd].path", "odd.png"),
        ("keys[1].still", "is a drawing (SVG) with text, which would be left out"),
        ("keys[2].still", "moves"),
    ):
        assert any(all(word in line for word in words) for line in lines), (words, lines)


def _gif(path: Path) -> None:
    """Two pictures of one pixel (GIF89a)."""
    picture = b"\x21\xf9\x04\0\x0a\0\0\0" + b"\x2c\0\0\0\0\x01\0\x01\0\0" + b"\x02\x02\x44\x01\0"
    path.write_bytes(b"GIF89a\x01\0\x01\0\x80\0\0" + b"\0\0\0\xff\xff\xff" + picture * 2 + b";")
