"""Looks and grades against published values and a second implementation."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

from live.base.errors import SceneError
from live.config.keying import ColourConfig
from live.picture.codes import codes_from_rgb
from live.picture.format import Matrix, PictureFormat, Range
from live.picture.values import Grade
from live.render.cube import read_cube
from live.render.grade import bake, grade_of, matrix_of, needs_table, to_program
from tests.golden.synthetic import planes_of, view
from tests.support.footage import FOOTAGE, needs_footage

FMT = PictureFormat(320, 180)
M, OFFSET = codes_from_rgb(Matrix.BT709, Range.LIMITED)


def graded(config: ColourConfig) -> Grade:
    made = grade_of(config, bake(config) if needs_table(config) else None)
    assert made is not None
    return made


def smooth() -> np.ndarray:
    """R'G'B' (180, 320, 3) of all kinds of colours, without hard edges: 4:2:0 is not what is looked at."""
    x, y = np.meshgrid(np.linspace(0, 1, 320), np.linspace(0, 1, 180))
    return np.stack([0.5 + 0.45 * np.sin(4 * x), 0.5 + 0.45 * np.cos(3 * y + x), 0.5 + 0.4 * np.sin(5 * x * y + 1)], -1)


def error(rgb: np.ndarray, want: np.ndarray, config: ColourConfig) -> float:
    """The largest mean difference of a plane, in codes."""
    got = to_program(planes_of(rgb, FMT), FMT, graded(config))
    return max(float(abs(g.astype(float) - w).mean()) for g, w in zip(got, planes_of(want, FMT), strict=True))


def test_neutral_is_nothing_at_all() -> None:
    assert grade_of(ColourConfig(), None) is None
    planes = view().planes
    assert to_program(planes, FMT, None) is planes


@pytest.mark.parametrize("kelvin", [2000, 2800, 3200, 4300, 5600, 8000, 12000])
def test_the_white_of_a_lamp_becomes_neutral_and_keeps_its_luma(kelvin: float) -> None:
    m, o = matrix_of(ColourConfig(kelvin=kelvin))
    white = M @ np.ones(3) + OFFSET
    warm = m @ white + o
    # It is cooled, warmed.
    assert (warm[2] < white[2] and warm[1] > white[1]) if kelvin < 6500 else (warm[2] > white[2] and warm[1] < white[1])
    assert abs(warm[0] - white[0]) * 255 < 0.01


def test_d65_is_the_programs_white() -> None:
    m, o = matrix_of(ColourConfig(kelvin=6500.0))
    assert np.allclose(m, np.eye(3)) and np.allclose(o, 0)


@pytest.mark.parametrize(
    ("config", "formula"),
    [
        (ColourConfig(gain=0.8), lambda c: 0.8 * c),
        (ColourConfig(lift=0.1), lambda c: 0.1 + 0.9 * c),
        (ColourConfig(gamma=1.4), lambda c: c ** (1 / 1.4)),
        (ColourConfig(saturation=0.3), lambda c: 0.3 * c + 0.7 * (c @ np.array([0.2126, 0.7152, 0.0722]))[..., None]),
        (ColourConfig(lift=-0.02, gamma=0.8, gain=1.1, saturation=1.3), None),
    ],
)
def test_a_grade_does_what_its_formula_says(config: ColourConfig, formula: object) -> None:
    rgb = 0.2 + 0.6 * smooth()
    if formula is None:
        c = np.maximum((rgb * 1.02 - 0.02) * 1.1, 0) ** (1 / 0.8)
        luma = (c @ np.array([0.2126, 0.7152, 0.0722]))[..., None]
        want = luma + 1.3 * (c - luma)
    else:
        want = formula(rgb)  # type: ignore[operator]
    assert error(rgb, want, config) < 1.0


def test_no_saturation_is_grey() -> None:
    _, u, v = to_program(planes_of(smooth(), FMT), FMT, graded(ColourConfig(saturation=0.0, gamma=1.2)))
    assert abs(u.astype(int) - 128).max() <= 2 and abs(v.astype(int) - 128).max() <= 2


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def cube_text(n: int, f: object, head: str = "") -> str:
    # type: ignore[operator]
    rows = [f(np.array([r, g, b]) / (n - 1)) for b in range(n) for g in range(n) for r in range(n)]
    return f'TITLE "x"\n{head}LUT_3D_SIZE {n}\n' + "\n".join(" ".join(f"{v:.6f}" for v in row) for row in rows)


def test_a_3d_look_and_a_1d_look(tmp_path: Path) -> None:
    three = write(tmp_path / "swap.cube", cube_text(2, lambda c: c[::-1]))
    assert np.allclose(read_cube(three)(np.array([[0.2, 0.5, 0.9]], np.float32)), [[0.9, 0.5, 0.2]], atol=1e-6)
    one = write(tmp_path / "line.cube", "LUT_1D_SIZE 3\n0 0 0\n0.8 0.5 0.5\n1 1 1\n")
    assert np.allclose(read_cube(one)(np.array([[0.25, 0.25, 0.75]], np.float32)), [[0.4, 0.25, 0.75]], atol=1e-6)
    rgb = smooth()
    assert error(rgb, rgb[..., ::-1], ColourConfig(look=str(three))) < 1.2


def test_a_shaper_comes_before_its_cube(tmp_path: Path) -> None:
    rows = cube_text(2, lambda c: 1 - c).split("LUT_3D_SIZE 2\n")[1]
    both = write(
        tmp_path / "both.cube", f"LUT_1D_SIZE 2\nLUT_1D_INPUT_RANGE 0 2\nLUT_3D_SIZE 2\n0 0 0\n1 1 1\n{rows}\n"
    )
    assert np.allclose(read_cube(both)(np.array([[0.5, 1.0, 2.0]], np.float32)), [[0.75, 0.5, 0.0]], atol=1e-6)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("LUT_3D_SIZE 2\n0 0 0\n1 x 0\n", 3, "3 numbers"),
        ("LUT_3D_SIZE two\n", 1, "LUT_3D_SIZE"),
        ("LUT_3D_SIZE 2\n0 0 0\n", 2, "1 rows of numbers, not 8"),
        ('TITLE "x"\nDOMAIN_MIN 0 0\n', 2, "3 numbers"),
        ("# nothing\n", 1, "neither"),
        ("LUT_1D_SIZE 2\nDOMAIN_MIN 1 1 1\nDOMAIN_MAX 0 0 0\n0 0 0\n1 1 1\n", 5, "maximum"),
        ("LUT_3D_SIZE 2\nSHAPE round\n", 2, "SHAPE"),
    ],
)
def test_a_broken_look_names_its_file_and_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    file = write(tmp_path / "broken.cube", text)
    with pytest.raises(SceneError, match=rf"broken\.cube:{line}: .*{words}"):
        read_cube(file)


@needs_footage
def test_a_domain_that_does_not_start_at_black() -> None:
    """The test file of OpenColorIO: 0 to 2, 1 to 2, 0 to 1, onto 0 to 2 each."""
    look = read_cube(FOOTAGE / "luts" / "ocio_iridas_3d.cube")
    inputs = np.array([[0, 1, 0], [2, 2, 1], [1, 1.5, 0.5], [0.5, 1.25, 0.75], [3, 0, -1]], np.float32)
    wanted = [[0, 0, 0], [2, 2, 2], [1, 1, 1], [0.5, 0.5, 1.5], [2, 0, 0]]
    assert np.allclose(look(inputs), wanted, atol=1e-6)


@needs_footage
def test_a_look_as_ffmpeg_draws_it() -> None:
    """The lut3d filter of ffmpeg is a second implementation, from the same specification."""
    name = "iridas_cube_Colour_Correct.cube"
    rgb = np.random.default_rng(3).integers(0, 65536, (64, 64, 3), dtype=np.uint16)
    done = subprocess.run(
        [
            "ffmpeg",
            "-v",
            "error",
            "-f",
            "rawvideo",
            "-pix_fmt",
            "rgb48le",
            "-s",
            "64x64",
            "-i",
            "-",
            "-vf",
            f"lut3d=file={FOOTAGE / 'luts' / name}:interp=trilinear",
            "-f",
            "rawvideo",
            "-pix_fmt",
            "rgb48le",
            "-",
        ],
        input=rgb.tobytes(),
        capture_output=True,
        check=True,
    )
    want = np.frombuffer(done.stdout, np.uint16).reshape(64, 64, 3) / 65535
    got = np.clip(read_cube(FOOTAGE / "luts" / name)(rgb.astype(np.float32) / 65535), 0, 1)
    assert abs(got - want).max() < 2e-4


@needs_footage
def test_a_shaper_of_resolve() -> None:
    """LogC: 18 % grey is 0.391 there; the look makes it video, brighter than before and neutral, and keeps the order of
    greys."""
    look = read_cube(FOOTAGE / "luts" / "resolve_cube_LogC_Video.cube")
    ramp = np.repeat(np.linspace(0, 1, 64, dtype=np.float32)[:, None], 3, axis=1)
    out = look(ramp)
    assert (np.diff(out[:, 1]) > -1e-6).all() and abs(out - out.mean(axis=1, keepdims=True)).max() < 0.05
    assert 0.35 < float(look(np.full((1, 3), 0.391, np.float32))[0, 1]) < 0.5
