"""Keyers on pictures made by arithmetic, whose foreground and alpha are known."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from live.base.errors import CommandError
from live.base.hand import Hand
from live.base.paths import model_path
from live.config.keying import MOST_MASKS, KeyerConfig, KeyerOrders, Mask
from live.config.picture import PictureConfig
from live.control.registry import parse
from live.fetch import ITEMS
from live.picture.codes import codes_from_rgb
from live.picture.format import U8, Layout, Matrix, PictureFormat, Range
from live.shm.frame_ring import Frame, FrameRing
from live.shm.memory import ring_name
from live.shm.notes import NOTE_BYTES, NoteBlock
from live.show import ShowState
from live.sources import open_reader
from live.sources.kinds.media import MediaSource
from live.sources.reader import PictureEvent
from live.vision.chroma import find
from live.vision.edges import clean_edges
from live.vision.keyer import RVM_MODEL, Keyer
from live.vision.masks import polygon
from tests.golden.synthetic import planes_of
from tests.support.footage import FOOTAGE, needs_footage
from tests.support.shows import PATTERNS, small_show

HAND = Hand("osc 127.0.0.1:1", "127.0.0.1")


FMT = PictureFormat(320, 180, Matrix.BT709, Range.LIMITED)
GREEN, BLUE, HAIR, SHIRT = (0.05, 0.75, 0.2), (0.1, 0.3, 0.9), (0.15, 0.10, 0.07), (0.8, 0.25, 0.2)


def disc(radius: float = 0.5, soft_px: float = 6, fmt: PictureFormat = FMT) -> np.ndarray:
    """Alpha of a soft disc in the middle, (h, w) 0..1."""
    y, x = np.mgrid[: fmt.height, : fmt.width]
    distance = np.hypot(x + 0.5 - fmt.width / 2, y + 0.5 - fmt.height / 2)
    return np.clip(0.5 - (distance - radius * fmt.height / 2) / soft_px, 0, 1)


def over(colour: tuple[float, float, float], screen: tuple[float, float, float], alpha: np.ndarray) -> np.ndarray:
    return np.array(colour) * alpha[..., None] + np.array(screen) * (1 - alpha[..., None])


def frame_of(rgb: np.ndarray, fmt: PictureFormat = FMT) -> Frame:
    return frame_of_planes(planes_of(rgb, fmt), fmt)


def frame_of_planes(planes: tuple[U8, ...], fmt: PictureFormat) -> Frame:
    data = np.concatenate([p.ravel() for p in planes])
    meta = np.array(
        [1, 1, 1, 0, 0, fmt.width, fmt.height, fmt.matrix, fmt.range, fmt.layout, 0, 0, 0, 0, 0, 0], np.int64
    )
    return Frame(1, meta, data)


def keyed(
    rgb: np.ndarray, key: str, said: list[str] | None = None, fmt: PictureFormat = FMT, **config: object
) -> tuple[U8, ...]:
    """Y, U, V, A and the box."""
    keyer = Keyer("cam1", KeyerOrders(key=key, keyer=KeyerConfig(**config)), (said if said is not None else []).append)
    return key_with(keyer, rgb, fmt)


def key_with(keyer: Keyer, rgb: np.ndarray, fmt: PictureFormat = FMT, external: Frame | None = None) -> tuple[U8, ...]:
    into = PictureFormat(fmt.width, fmt.height, fmt.matrix, fmt.range, Layout.KEYED)
    out = into.planes(np.zeros(into.size, np.uint8))
    keyer.key(frame_of(rgb, fmt), external, out)
    return out


@pytest.mark.parametrize("screen", [GREEN, BLUE])
@pytest.mark.parametrize("matrix", Matrix)
@pytest.mark.parametrize("range_", Range)
def test_a_screen_is_found_and_keyed_away(screen: tuple[float, float, float], matrix: Matrix, range_: Range) -> None:
    alpha, fmt = disc(), PictureFormat(320, 180, matrix, range_)
    *_, got = keyed(over(HAIR, screen, alpha), "chroma", fmt=fmt)
    assert (got[alpha == 0] == 0).mean() > 0.99
    assert (got[alpha == 1] > 245).mean() > 0.99
    soft = (alpha > 0.1) & (alpha < 0.9)
    assert abs(got[soft] / 255 - alpha[soft]).mean() < 0.15


@pytest.mark.parametrize("height", [180, 720])  # a matte of the picture's size, and one of half of it
def test_a_screens_matte_lies_where_the_picture_does(height: int) -> None:
    """The key is in the planes of chroma, whose samples lie on every second column of luma."""
    fmt = PictureFormat(height * 16 // 9, height)
    x = (np.arange(fmt.width) + 0.5) / height - 8 / 9
    alpha = np.repeat(np.clip(0.5 + (0.3 - abs(x)) * 60, 0, 1)[None], height, axis=0)
    rgb = over(HAIR, GREEN, alpha)
    around = np.pad(rgb, ((0, 0), (1, 1), (0, 0)), "edge")
    at_columns = (around[:, :-2] + 2 * rgb + around[:, 2:]) / 4  # of every second one: what H.264's encoders make of it
    luma, *_ = planes_of(rgb, fmt)
    _, u, v = planes_of(np.repeat(at_columns[:, ::2], 2, axis=1), fmt)
    into = PictureFormat(fmt.width, fmt.height, fmt.matrix, fmt.range, Layout.KEYED)
    *_, got = out = into.planes(np.zeros(into.size, np.uint8))
    Keyer("cam1", KeyerOrders(key="chroma"), pytest.fail).key(frame_of_planes((luma, u, v), fmt), None, out)
    columns = (np.arange(got.shape[1]) + 0.5) * fmt.width / got.shape[1]
    middle = float((got.mean(axis=0) * columns).sum() / got.mean(axis=0).sum())
    assert middle == pytest.approx(fmt.width / 2, abs=0.15)


def test_a_cameras_dark_border_is_not_keyed_as_somebody() -> None:
    """But who reaches beyond the picture does so up to its very edge."""
    rgb = over(HAIR, GREEN, disc())
    rgb[:2], rgb[:, :2], rgb[:, -2:] = 0.02, 0.02, 0.02
    rgb[:, 150:170] = HAIR  # from the top to the bottom
    *_, got = keyed(rgb, "chroma")
    assert got[:60, :60].max() < 30 and got[:60, -60:].max() < 30
    assert got[0, 156:164].min() > 200 and got[-1, 156:164].min() > 200


def test_a_hair_a_pixel_wide_before_the_screen_is_kept() -> None:
    alpha = disc()
    alpha[:, 158:160] = 1.0  # two pixels: one of chroma
    *_, got = keyed(over(HAIR, GREEN, alpha), "chroma")
    assert got[5:30, 158:160].mean() > 150
    assert got[5:30, 180:].max() < 10


def test_spill_and_fringe_are_gone() -> None:
    """Of the screen's hue nothing stays: not on a foreground it shines on, nor at the edge."""
    alpha = disc()
    lit = np.array(SHIRT) * 0.92 + np.array(GREEN) * 0.08
    y, u, v, got = keyed(over(tuple(lit), GREEN, alpha), "chroma")
    m, o = codes_from_rgb(FMT.matrix, FMT.range)
    screen = 255 * (m @ np.array(GREEN) + o)
    axis = (screen[1:] - 128) / np.hypot(*(screen[1:] - 128))
    visible = got[::2, ::2] > 40
    towards_screen = (u[visible].astype(float) - 128) * axis[0] + (v[visible].astype(float) - 128) * axis[1]
    assert towards_screen.max() <= 3


def test_shadows_on_the_screen_are_kept_when_asked() -> None:
    alpha = disc(0.3)
    rgb = over(HAIR, GREEN, alpha)
    rgb[120:170, 20:300] *= 0.75
    plain, kept = keyed(rgb, "chroma")[3], keyed(rgb, "chroma", shadows=1.0)
    assert plain[140, 40] == 0
    assert 35 < kept[3][140, 40] < 65 and kept[0][140, 40] < 25  # black, and as transparent as the screen was darker
    assert kept[3][20, 40] == 0


def test_no_screen_is_said_once_and_shows_nothing() -> None:
    said: list[str] = []
    keyer = Keyer("cam1", KeyerOrders(key="chroma"), said.append)
    for _ in range(3):
        *_, got = key_with(keyer, np.full((180, 320, 3), 0.5))
    assert got.max() == 0 and len(said) == 1 and "/keying/cam1/pick" in said[0]
    # Picked by hand it is keyed from the next picture on.
    keyer.obey(KeyerOrders(key="chroma", pick=(0.1, 0.1), picks=1))
    *_, got = key_with(keyer, over(HAIR, (0.3, 0.55, 0.45), disc()))
    assert got[90, 160] == 255 and got[5, 5] == 0


def test_a_small_saturated_thing_is_no_screen() -> None:
    rgb = np.full((180, 320, 3), 0.4)
    rgb[:, :20] = GREEN
    assert find(planes_of(rgb, FMT)) is None


def test_clean_edges_give_the_foreground_without_the_room() -> None:
    alpha = disc(0.5, 12)
    planes = planes_of(over(SHIRT, (0.95, 0.97, 1.0), alpha), FMT)
    out = tuple(p.copy() for p in planes)
    clean_edges(planes, np.rint(255 * alpha).astype(np.uint8), out, 180)
    want = planes_of(np.broadcast_to(np.array(SHIRT), (180, 320, 3)), FMT)
    edge = (alpha > 0.2) & (alpha < 0.95)
    before, after = (abs(p[0][edge].astype(int) - want[0][edge]).mean() for p in (planes, out))
    assert after < 3 < 20 < before
    solid = np.rint(255 * alpha) == 255
    assert np.array_equal(out[0][solid], planes[0][solid])  # nothing inside changes


def test_luma_key_both_ways() -> None:
    rgb = over((1, 1, 1), (0, 0, 0), disc())
    *_, white = keyed(rgb, "luma", low=0.1, high=0.9)
    *_, black = keyed(rgb, "luma", low=0.9, high=0.1)
    assert white[90, 160] == 255 and white[5, 5] == 0
    assert black[90, 160] == 0 and black[5, 5] == 255


def test_a_clean_plate_is_taken_kept_in_its_file_and_read_again(tmp_path: Path) -> None:
    room = np.broadcast_to(np.linspace(0.2, 0.7, 320)[None, :, None], (180, 320, 3))
    somebody = room.copy()
    somebody[40:160, 120:200] = SHIRT
    said: list[str] = []
    orders = KeyerOrders(key="plate", keyer=KeyerConfig(plate=str(tmp_path / "empty.png")))
    keyer = Keyer("cam1", orders, said.append)
    assert key_with(keyer, somebody)[3].max() == 0 and len(said) == 1
    keyer.obey(orders.model_copy(update={"plates": 1}))
    assert key_with(keyer, room)[3].max() == 0
    for again in (keyer, Keyer("cam1", orders, said.append)):  # the second as after a restart
        *_, got = key_with(again, somebody)
        assert got[100, 160] == 255 and got[100, 60] == 0 and got[20, 160] == 0
    assert len(said) == 1


def test_an_external_key_is_another_sources_brightness() -> None:
    keyer = Keyer("cam1", KeyerOrders(key="external", keyer=KeyerConfig(external="cam2")), [].append)
    other = frame_of(np.broadcast_to(disc()[..., None], (180, 320, 3)))
    *_, got = key_with(keyer, np.full((180, 320, 3), 0.5), external=other)
    assert abs(got / 255 - disc()).max() < 0.01


def test_two_keys_are_combined() -> None:
    rgb = over(HAIR, GREEN, disc())  # dark before green
    rgb[:20, :40] = (1, 1, 1)  # a lamp in the corner
    chroma = keyed(rgb, "chroma")[3]
    both = keyed(rgb, "chroma", also="luma", low=0.5, high=0.3)[3]
    either = keyed(rgb, "luma", also="chroma", combine="max", low=0.8, high=0.9)[3]
    assert chroma[5, 10] > 250 and both[5, 10] == 0 and either[5, 10] == 255
    assert both[90, 160] == 255 and either[90, 160] == 255


def test_masks_take_out_and_keep_in() -> None:
    corner = Mask(kind="garbage", points=[(0, 0), (0.2, 0), (0.2, 0.2), (0, 0.2)], feather=0.0)
    prop = Mask(kind="holdout", points=[(0.8, 0.8), (1, 0.8), (1, 1), (0.8, 1)], feather=0.0)
    rgb = over(HAIR, GREEN, disc())
    rgb[:30, :50] = (1, 1, 1)
    *_, got = keyed(rgb, "chroma", masks=[corner, prop])
    assert got[10, 10] == 0 and got[170, 310] == 255 and got[90, 160] == 255
    soft = polygon(
        Mask(points=[(0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)], feather=0.1), (320, 180)
    ).astype(int)
    assert soft[90, 160] == 255 and soft[0, 0] == 0 and 100 < soft[90, 80] < 155
    assert (np.diff(soft[90, 60:100]) >= 0).all()


def test_a_note_comes_whole_and_only_once() -> None:
    name = ring_name("ord")
    writer = NoteBlock(name, create=True)
    reader = NoteBlock(name)
    try:
        assert reader.read(0) is None
        writer.write(KeyerOrders(key="luma").model_dump_json())
        writer.write(
            KeyerOrders(
                key="chroma", keyer=KeyerConfig(masks=[Mask(points=[(0, 0), (1, 0), (1, 1)])])
            ).model_dump_json()
        )
        note = reader.read(0)
        assert note is not None and KeyerOrders.model_validate_json(note[1]).key == "chroma"
        assert reader.read(note[0]) is None
    finally:
        reader.close()
        writer.close()


def test_as_many_masks_as_a_source_may_have_fit_its_note_and_one_more_is_refused() -> None:
    """Longer numbers than a hand sends, as many corners as a mask may have."""
    mask = Mask(points=[(1 / 3 + n / 1000, 2 / 3 - n / 1000) for n in range(32)], feather=1 / 3)
    config = KeyerConfig(masks=[mask] * MOST_MASKS)
    note = NoteBlock(ring_name("ord"), create=True)
    try:
        note.write(KeyerOrders(key="chroma", keyer=config).model_dump_json())
        read = note.read(0)
        assert read is not None and KeyerOrders.model_validate_json(read[1]).keyer == config
        note.put(b"x" * NOTE_BYTES)
        with pytest.raises(ValueError, match="have room"):
            note.put(b"x" * (NOTE_BYTES + 1))
        assert note.get(0) == (2, b"x" * NOTE_BYTES), "the one before stays"
    finally:
        note.close()
    with pytest.raises(ValidationError, match="at most 16"):
        KeyerConfig(masks=[mask] * (MOST_MASKS + 1))


def test_a_keyed_picture_fits_a_ring() -> None:
    ring = FrameRing(ring_name("mat"), capacity=1920 * 1088 * 2)
    try:
        fmt = PictureFormat(1920, 1080, layout=Layout.KEYED)
        y, u, v, a = fmt.planes(ring.slot(fmt.size))
        assert a.shape == (540, 960) and fmt.size == y.size + u.size + v.size + a.size
    finally:
        ring.close()


def test_the_dearer_matte_is_fetched_by_choice_only() -> None:
    item = next(i for i in ITEMS if i.name == RVM_MODEL)
    assert item.licence == "GPL-3.0" and not item.wanted
    assert KeyerConfig().matte == "selfie"


@needs_footage
@pytest.mark.skipif(not model_path(RVM_MODEL).is_file(), reason=f"{RVM_MODEL} was not fetched")
def test_the_dearer_matte_sees_who_the_cheaper_one_sees() -> None:
    mattes = []
    for kind in ("selfie", "rvm"):
        keyer = Keyer("cam1", KeyerOrders(key="ai", keyer=KeyerConfig(matte=kind)), [].append)
        reader = open_reader(
            MediaSource(name="cam1", kind="media", path=str(FOOTAGE / "people" / "asl_student.mkv")), PictureConfig(), 1
        )
        pictures = (e for e in reader.events() if isinstance(e, PictureEvent))
        for event in islice(pictures, 8):
            data = np.zeros(event.format.size, np.uint8)
            event.write(data)
            fmt = event.format
            meta = np.array(
                [1, 1, 1, 0, 0, fmt.width, fmt.height, fmt.matrix, fmt.range, fmt.layout, 0, 0, 0, 0, 0, 0], np.int64
            )
            into = PictureFormat(fmt.width, fmt.height, fmt.matrix, fmt.range, Layout.KEYED)
            out = into.planes(np.zeros(into.size, np.uint8))
            keyer.key(Frame(1, meta, data), None, out)
        mattes.append(out[3] > 127)
    assert 0.1 < mattes[0].mean() < 0.6
    assert (mattes[0] & mattes[1]).sum() / (mattes[0] | mattes[1]).sum() > 0.93


@pytest.mark.parametrize("points", ["0,0 1", "0,0 1,1", "0,0 1,0 1,2", "a,b c,d e,f", ""])
def test_a_polygon_that_is_none_is_told_and_changes_nothing(tmp_path: Path, points: str) -> None:
    state = ShowState(
        small_show(tmp_path, PATTERNS.replace('name = "cam1"', 'name = "cam1"\nkey = "chroma"', 1)),
        lambda *a, **k: None,
    )
    with pytest.raises(CommandError, match="mask: points are .*; write three or more as x,y x,y x,y, each from 0 to 1"):
        state.apply(parse("/keying/cam1/mask", ["garbage", points]), HAND, 0.0)
    assert state.keyers.orders["cam1"].keyer.masks == []
