"""The colours, the scan, the light and the alpha of files: as they were meant, whatever a file is coded as."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from live.picture.codes import codes_from_rgb
from live.picture.format import U8, Layout, Matrix, PictureFormat, Range
from live.sources.hdr import HLG, PQ, program_colours
from tests.support.made import STRIPS, H, W, bars, developed, make, rgb, strips

_TAGS = {"bt709": "bt709", "bt601": "smpte170m", "bt2020": "bt2020nc"}


def coded(matrix: str, *coder: str, full: bool = False) -> list[str]:
    """Options for a coder in these codes, said in the file."""
    scale = f"scale=out_color_matrix={matrix}:out_range={'pc' if full else 'tv'}"
    said = f"setparams=colorspace={_TAGS[matrix]}:range={'pc' if full else 'tv'}"
    tags = ["-colorspace", _TAGS[matrix], "-color_range", "pc" if full else "tv"]
    pixels = coder[coder.index("-pix_fmt") + 1]
    return ["-vf", f"{scale},format={pixels},{said}", *coder, *tags]


FFV1 = ("-c:v", "ffv1", "-pix_fmt")
FILES = {
    "plain.mkv": coded("bt709", *FFV1, "yuv420p"),
    "sd.mkv": coded("bt601", *FFV1, "yuv420p"),
    "full.mkv": coded("bt709", *FFV1, "yuv420p", full=True),
    "422.mkv": coded("bt709", *FFV1, "yuv422p"),
    "422 full.mkv": coded("bt601", *FFV1, "yuv422p", full=True),
    "10 bit.mkv": coded("bt709", *FFV1, "yuv420p10le"),
    "10 bit 422 full.mkv": coded("bt709", *FFV1, "yuv422p10le", full=True),
    "444.mp4": coded("bt709", "-c:v", "libx264", "-qp", "1", "-pix_fmt", "yuv444p"),
    "wide matrix.mkv": coded("bt2020", *FFV1, "yuv420p10le"),
    "wide matrix 8 bit.mkv": coded("bt2020", *FFV1, "yuv420p"),
    "wide matrix full.mkv": coded("bt2020", *FFV1, "yuv422p", full=True),
    "prores.mov": coded("bt709", "-c:v", "prores_ks", "-profile:v", "3", "-qscale:v", "1", "-pix_fmt", "yuv422p10le"),
    "rgb.mp4": ["-c:v", "libx264rgb", "-qp", "0"],
    "rgb 10 bit.mkv": [*FFV1, "gbrp10le"],
    "rgb 16 bit.mkv": [*FFV1, "gbrp16le"],
    "png.mov": ["-c:v", "png"],
    "rle.mov": ["-c:v", "qtrle", "-pix_fmt", "rgb24"],
    "raw.avi": ["-c:v", "rawvideo", "-pix_fmt", "bgr24"],
    "mjpeg.avi": ["-c:v", "mjpeg", "-q:v", "1", "-pix_fmt", "yuvj422p"],
}


def codes_of(image: np.ndarray) -> np.ndarray:
    """Y, Cb, Cr of the program."""
    m, o = codes_from_rgb(Matrix.BT709, Range.LIMITED)
    return np.asarray(255 * (image @ m.T + o))


@pytest.mark.parametrize("name", FILES)
def test_bars_have_their_colours(name: str, tmp_path: Path) -> None:
    path = make(tmp_path / name, *FILES[name], pictures=[bars()])
    ((_, fmt, data),) = developed(path)
    off = np.abs(codes_of(strips(rgb(fmt, data)) / 255) - codes_of(np.array(STRIPS) / 255))
    assert off.max() < 2, off.round(1)


def test_grey_pictures_reach_from_black_to_white(tmp_path: Path) -> None:
    ramp = np.repeat(np.linspace(0, 255, 8).astype(np.uint8), W // 8)
    path = make(tmp_path / "a.mkv", "-c:v", "ffv1", "-pix_fmt", "gray", pictures=[np.tile(ramp, (H, 1))], pixels="gray")
    ((_, fmt, data),) = developed(path)
    assert np.abs(strips(rgb(fmt, data)) - np.linspace(0, 255, 8).astype(int)[:, None]).max() <= 1.5


# -- light that the program hasn't ------------------------------------------------------------------------------------


def hdr(path: Path, transfer: int, shown_nits: np.ndarray) -> Path:
    """A film whose strips (n, 3) are so bright, linear R, G, B of BT.709 in cd/m2, coded as PQ or HLG of BT.2020."""
    to_2020 = np.linalg.inv(
        np.array([[1.660491, -0.587641, -0.072850], [-0.124550, 1.132900, -0.008349], [-0.018151, -0.100579, 1.118730]])
    )
    light = np.maximum(shown_nits @ to_2020.T, 0)
    if transfer == PQ:  # SMPTE ST 2084
        m1, m2, c1, c2, c3 = 0.1593017578125, 78.84375, 0.8359375, 18.8515625, 18.6875
        y = (light / 10_000) ** m1
        code = ((c1 + c2 * y) / (1 + c3 * y)) ** m2
    else:  # ARIB STD-B67, for a display of 1000 cd/m2
        scene = (light / 1000) ** (1 / 1.2)
        above = 0.17883277 * np.log(np.maximum(12 * scene - 0.28466892, 1e-9)) + 0.55991073
        code = np.where(scene <= 1 / 12, np.sqrt(3 * scene), above)
    image = np.repeat(np.tile(np.rint(code * 65535).astype(np.uint16), (H, 1, 1)), W // len(code), axis=1)
    name = {PQ: "smpte2084", HLG: "arib-std-b67"}[transfer]
    how = coded("bt2020", *FFV1, "yuv420p10le")
    how[1] += f",setparams=color_primaries=bt2020:color_trc={name}"
    tags = ["-color_primaries", "bt2020", "-color_trc", name]
    return make(path, *how, *tags, pictures=[np.ascontiguousarray(image)], pixels="rgb48le")


@pytest.mark.parametrize(("transfer", "white_nits"), [(HLG, 100), (PQ, 203)])
def test_a_phone_s_film_looks_like_the_camera_beside_it(transfer: int, white_nits: float, tmp_path: Path) -> None:
    path = hdr(tmp_path / "a.mkv", transfer, white_nits * (np.array(STRIPS) / 255) ** 2.4)
    ((_, fmt, data),) = developed(path)
    assert (fmt.matrix, fmt.range) == (Matrix.BT709, Range.LIMITED)
    seen = strips(rgb(fmt, data))
    luma = np.abs((seen - np.array(STRIPS)) @ (0.2126, 0.7152, 0.0722))
    assert luma.max() <= 15, seen.round(1)
    light = np.abs((seen / 255) ** 2.4 - (np.array(STRIPS) / 255) ** 2.4)
    assert light.max() <= 0.05, "of white: of what is nearly black a code is next to nothing"


@pytest.mark.parametrize("transfer", [HLG, PQ])
def test_highlights_are_bent_and_not_cut_off(transfer: int) -> None:
    greys = np.linspace(0, 1, 200)[:, None].repeat(3, axis=1)
    shown = program_colours(greys, transfer, "bt2020")
    top = 0.99 if transfer == HLG else 0.75  # the code of 1000 cd/m2
    below = greys[:, 0] <= top
    assert np.all(np.diff(shown[below, 0]) > 0) and shown[below, 0].max() > 0.98
    assert np.abs(shown - shown[:, :1]).max() < 1e-3, "grey stays grey"


def test_wide_colours_are_the_programs(tmp_path: Path) -> None:
    """As cameras and screens record them, without more light."""
    to_709 = {
        "bt2020": [
            [1.660491, -0.587641, -0.072850],
            [-0.124550, 1.132900, -0.008349],
            [-0.018151, -0.100579, 1.118730],
        ],
        "smpte432": [[1.224940, -0.224940, 0.0], [-0.042057, 1.042057, 0.0], [-0.019638, -0.078636, 1.098274]],
    }
    for primaries, matrix in to_709.items():
        right = 255 * ((bars() / 255.0) ** 2.4 @ np.array(matrix).T).clip(0, 1) ** (1 / 2.4)
        how = coded("bt709", *FFV1, "yuv420p10le")
        how[1] += f",setparams=color_primaries={primaries}"
        path = make(tmp_path / "a.mkv", *how, "-color_primaries", primaries, pictures=[bars()])
        ((_, fmt, data),) = developed(path)
        off = np.abs(strips(rgb(fmt, data)) - strips(right))
        assert off.max() <= 8 and off.mean() < 2, off.round(1)


# -- fields -----------------------------------------------------------------------------------------------------------


def comb(luma: U8) -> float:
    """The share of pixels that differ from both neighbours above and below, which are alike."""
    a, b, c = luma[:-2].astype(int), luma[1:-1].astype(int), luma[2:].astype(int)
    return float(((abs(b - a) > 40) & (abs(b - c) > 40) & (abs(a - c) < 25)).mean())


def interlaced(path: Path, *coder: str, fields: int = 20) -> Path:
    """A white bar that moves 4 pixels a field, at 25 pictures and 50 fields a second, the upper one first."""
    moments = [np.full((H, W, 3), 30, np.uint8) for _ in range(fields)]
    for n, image in enumerate(moments):
        image[:, 20 + 4 * n : 36 + 4 * n] = 220
    woven = []
    for upper, lower in zip(moments[::2], moments[1::2], strict=True):
        woven.append(upper.copy())
        woven[-1][1::2] = lower[1::2]
    return make(path, "-vf", "setfield=tff,format=yuv420p", "-flags", "+ildct+ilme", *coder, pictures=woven)


def bar(luma: U8) -> float:
    """Where the middle of the bar is."""
    line = luma.astype(float).mean(axis=0)
    line = np.maximum(line - line.min() - 20, 0)
    return float((line * np.arange(len(line))).sum() / line.sum())


@pytest.mark.parametrize(("rate_hz", "each"), [(25.0, 1), (50.0, 2)])
@pytest.mark.parametrize("coder", [("-c:v", "mpeg2video", "-q:v", "1"), ("-c:v", "libx264", "-qp", "4", "-top", "1")])
def test_fields_become_pictures(tmp_path: Path, rate_hz: float, each: int, coder: tuple[str, ...]) -> None:
    path = interlaced(tmp_path / "a.mkv", *coder)
    made = developed(path, rate_hz)
    assert len(made) == 10 * each
    gaps = np.diff([t for t, _, _ in made])
    assert np.allclose(gaps, 0.04 / each, atol=0.002)
    lumas = [fmt.planes(data)[0] for _, fmt, data in made]
    assert max(comb(y) for y in lumas) < 0.01
    steps = np.diff([bar(y) for y in lumas[1:-1]])
    assert np.allclose(steps, 8 / each, atol=1.0), steps.round(1)


# -- alpha ------------------------------------------------------------------------------------------------------------


def glow() -> U8:
    """R'G'B'A: a shape with a soft edge, whose colour changes across it, on what is clear and black."""
    y, x = np.mgrid[0:H, 0:W]
    alpha = np.clip((40 - np.hypot(x - W / 2, y - H / 2)) / 24 + 0.5, 0, 1)
    colour = np.stack([200 - x / 2, 40 + x, np.full_like(x, 90)], -1)
    image = np.dstack([np.where(alpha[..., None] > 0, colour, 0), 255 * alpha])
    return np.ascontiguousarray(np.rint(image).astype(np.uint8))


def over_chequer(image: np.ndarray) -> np.ndarray:
    """R'G'B' of R'G'B'A (floats, 0 to 255) over a chequer of two greys."""
    h, w = image.shape[:2]
    y, x = np.mgrid[0:h, 0:w]
    chequer = np.where((x // 8 + y // 8) % 2, 180.0, 60.0)[..., None]
    alpha = image[..., 3:] / 255
    return image[..., :3] * alpha + chequer * (1 - alpha)


def keyed(fmt: PictureFormat, data: U8) -> np.ndarray:
    """R'G'B'A (h / 2, w / 2, 4) of a picture that is cut out."""
    y, u, v, alpha = fmt.cut(data)
    plain = PictureFormat(fmt.width, fmt.height)
    flat = np.concatenate([p.reshape(-1) for p in (y, u, v)])
    small = cv2.resize(alpha, (fmt.width // 2, fmt.height // 2), interpolation=cv2.INTER_AREA)
    return np.dstack([rgb(plain, flat), small])


ALPHAS = {
    "rle.mov": ("-c:v", "qtrle", "-pix_fmt", "argb"),
    "png.mov": ("-c:v", "png", "-pix_fmt", "rgba"),
    "prores.mov": ("-c:v", "prores_ks", "-profile:v", "4444", "-qscale:v", "1", "-pix_fmt", "yuva444p10le"),
    "vp9.webm": ("-c:v", "libvpx-vp9", "-b:v", "4M", "-pix_fmt", "yuva420p", "-auto-alt-ref", "0"),
    "vp8.webm": ("-c:v", "libvpx", "-b:v", "8M", "-qmax", "10", "-pix_fmt", "yuva420p", "-auto-alt-ref", "0"),
    "ffv1.mkv": ("-c:v", "ffv1", "-pix_fmt", "bgra"),
    "rgb.mkv": ("-c:v", "ffv1", "-pix_fmt", "gbrap10le"),
}


@pytest.mark.parametrize("name", ALPHAS)
@pytest.mark.parametrize("premultiplied", [False, True])
def test_alpha_is_kept(tmp_path: Path, name: str, premultiplied: bool) -> None:
    """Over a chequer a film looks as the same picture laid there by arithmetic."""
    image = glow()
    given = image.copy()
    if premultiplied:
        given[..., :3] = np.rint(image[..., :3] * (image[..., 3:] / 255.0))
    path = make(tmp_path / name, *ALPHAS[name], pictures=[given] * 3, pixels="rgba")
    _, fmt, data = developed(path, premultiplied=premultiplied)[-1]
    assert fmt.layout is Layout.CUT and (fmt.width, fmt.height) == (W, H)
    half = image.astype(float).reshape(H // 2, 2, W // 2, 2, 4)
    alpha = half[..., 3:].mean(axis=(1, 3))
    colour = (half[..., :3] * half[..., 3:]).sum(axis=(1, 3)) / np.maximum(half[..., 3:].sum(axis=(1, 3)), 1e-6)
    off = np.abs(over_chequer(keyed(fmt, data)) - over_chequer(np.dstack([colour, alpha])))
    lossy = name.startswith(("vp", "prores"))
    assert off.mean() < (2.0 if lossy else 1.0) and np.percentile(off, 99) < (14 if lossy else 4), off.max()
    over_black = rgb(PictureFormat(W, H), np.concatenate([p.reshape(-1) for p in fmt.planes(data)]))
    assert np.abs(over_black - colour * alpha / 255).mean() < 2.0, "who knows of no alpha sees it over black"


def test_what_is_opaque_all_over_is_a_plain_picture(tmp_path: Path) -> None:
    image = glow()
    image[..., 3] = 255
    path = make(tmp_path / "a.mov", *ALPHAS["rle.mov"], pictures=[image], pixels="rgba")
    ((_, fmt, _),) = developed(path)
    assert fmt.layout is Layout.I420
