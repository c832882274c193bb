"""`live check` opens what a show is made of, and names what can't be read."""

from __future__ import annotations

import struct
import subprocess
import sys
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest

from live.base.errors import SceneError
from live.config.load import load_show
from live.engine.readable import unreadable
from live.render.backdrop import read_backdrop
from live.render.files import read_grey, read_picture
from live.render.shaders import read_users
from tests.support.shows import PATTERNS, write_rig
from tests.support.stings import sting

MORE = """
[[keys]]
still = "logo.png"
[[transitions]]
name = "ink"
kind = "picture"
path = "ink.png"
[[transitions]]
name = "film"
kind = "stinger"
path = "sting.mov"
[[graphics]]
name = "own"
template = "own"
"""
TEMPLATE = """
[[parts]]
kind = "image"
name = "badge"
file = "badge.png"
[[parts]]
kind = "text"
name = "words"
text = "Words"
font = "own.ttf"
"""


def test_every_file_that_cant_be_read_is_named_by_what_names_it(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "template.toml").write_text(TEMPLATE, "utf-8")
    sting(tmp_path / "sting.mov")
    picture = cv2.imencode(".png", np.zeros((8, 8, 3), np.uint8))[1].tobytes()
    for path in (tmp_path / "logo.png", tmp_path / "ink.png", own / "badge.png"):
        path.write_bytes(picture)
    (own / "own.ttf").write_bytes(b"no font")
    (tmp_path / "warm.cube").write_text("LUT_1D_SIZE 2\n0 0 0\n1 one 1\n", "utf-8")
    rig = PATTERNS.replace(
        'name = "cam1"\nkind = "pattern"\n', 'name = "cam1"\nkind = "pattern"\ncolour = { look = "warm.cube" }\n', 1
    )
    path = write_rig(tmp_path, rig + MORE)
    show = load_show(path)
    assert [(Path(f.file).name, f.key, f.line) for f in unreadable(show)] == [
        ("warm.cube", "sources[cam1].colour.look", 3),
        ("own.ttf", "words of own", 0),
    ]
    for broken in (tmp_path / "logo.png", tmp_path / "ink.png", own / "badge.png"):
        broken.write_bytes(picture[:40])
    (tmp_path / "sting.mov").write_bytes(b"no film")
    checked = subprocess.run([sys.executable, "-m", "live", "check", str(path)], capture_output=True, text=True)
    said = [line for line in checked.stdout.splitlines() if line]
    assert checked.returncode == 2 and len(said) == 6, checked.stdout
    for name, key in (
        ("logo.png", "keys[1].still"),
        ("ink.png", "transitions[ink].path"),
        ("sting.mov", "transitions[film].path"),
        ("warm.cube:3", "one"),
        ("badge.png", "badge of own"),
        ("own.ttf", "words of own"),
    ):
        assert any(f"{name}: " in line and key in line for line in said), (name, said)


def test_a_stinger_whose_film_is_over_before_it_hides_the_picture_is_told(tmp_path: Path) -> None:
    sting(tmp_path / "sting.mov")
    rig = PATTERNS + '[[transitions]]\nname = "film"\nkind = "stinger"\npath = "sting.mov"\ntrigger_s = 9.0\n'
    (fault,) = unreadable(load_show(write_rig(tmp_path, rig)))
    assert (
        fault.key == "transitions[film].path"
        and fault.cause.startswith("the film is over after")
        and "trigger_s is 9" in fault.cause
    )


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_a_backdrop_that_is_cut_off_is_no_backdrop(tmp_path: Path, suffix: str) -> None:
    """Decoders fill up what is missing with grey."""
    path = tmp_path / f"room{suffix}"
    noise = np.random.default_rng(3).integers(0, 255, (90, 160, 3), np.uint8)
    data = cv2.imencode(suffix, noise)[1].tobytes()
    path.write_bytes(data)
    assert read_backdrop(path, (320, 180)).shape == (180, 320, 4)
    for part in (data[: len(data) // 2], b""):
        path.write_bytes(part)
        with pytest.raises(SceneError, match="picture room"):
            read_backdrop(path, (320, 180))


def test_a_backdrop_is_in_the_program_s_codes_before_a_frame_needs_it(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "white.png"), np.full((90, 160, 3), 255, np.uint8))
    # BT.709, limited range.
    assert read_backdrop(tmp_path / "white.png", (320, 180))[90, 160].tolist() == [235, 128, 128, 255]


def test_a_picture_that_says_it_is_larger_than_any_is_no_picture(tmp_path: Path) -> None:
    """OpenCV raises an error of its own for that."""
    data = bytearray(cv2.imencode(".png", np.zeros((2, 2, 3), np.uint8))[1].tobytes())
    data[16:24] = struct.pack(">II", 100_000, 100_000)
    data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    (tmp_path / "vast.png").write_bytes(data)
    for read in (read_picture, read_grey, lambda path: read_backdrop(path, (320, 180))):
        with pytest.raises(SceneError, match="vast"):
            read(tmp_path / "vast.png")


def test_a_shader_that_is_no_text_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "blend.glsl").write_bytes("// one\n// gr\u00fcn\n".encode("latin-1"))
    with pytest.raises(SceneError, match=r"blend\.glsl:2: is no UTF-8 text"):
        read_users(tmp_path / "blend.glsl", tmp_path)
