"""Pictures that move, pictures that are drawn, pictures with alpha: as media, as clips, as stills."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest

from live.base.clock import NS
from live.base.errors import SceneError
from live.config.clips import ClipConfig
from live.config.picture import PictureConfig
from live.picture.format import U8, Layout, PictureFormat
from live.render.files import read_picture
from live.sources import open_reader
from live.sources.clips import length_of
from live.sources.kinds.media import MediaSource
from live.sources.kinds.still import StillSource
from live.sources.opening import is_picture
from live.sources.reader import PictureEvent, play
from tests.support.made import make, rgb

PICTURE = PictureConfig(width=320, height=180)
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" {}><rect width="160" height="180" fill="#008080"/>'
    '<circle cx="80" cy="90" r="60" fill="#ffd700"/></svg>'
)


def numbered(count: int = 6) -> list[U8]:
    return [np.full((60, 80, 3), 30 + 30 * n, np.uint8) for n in range(count)]


ANIMATIONS = {
    "a.gif": ("-r", "10"),
    "a.png": ("-r", "10", "-f", "apng", "-plays", "0"),
    "a.webp": ("-r", "10", "-c:v", "libwebp_anim", "-lossless", "1", "-loop", "0"),
}


def media(path: Path, **more: object) -> list[PictureEvent]:
    """The first pictures of a source that loops."""
    source = MediaSource.model_validate({"name": "a", "kind": "media", "path": str(path), **more}, context={})
    events = (e for e in play(open_reader(source, PICTURE, 1)) if isinstance(e, PictureEvent))
    return list(islice(events, 14))


def colours(event: PictureEvent) -> np.ndarray:
    out = np.empty(event.format.size, np.uint8)
    event.write(out)
    return rgb(PictureFormat(event.format.width, event.format.height, event.format.matrix, event.format.range), out)


@pytest.mark.parametrize("name", ANIMATIONS)
def test_what_moves_moves_at_its_speed_and_begins_anew(tmp_path: Path, name: str) -> None:
    path = make(tmp_path / name, *ANIMATIONS[name], pictures=numbered(), rate=10)
    assert not is_picture(path)
    events = media(path)
    seen = {round(e.pts_ns / NS, 1): round(float(colours(e).mean() - 30) / 30) for e in events}
    assert [seen[t / 10] for t in range(9)] == [0, 1, 2, 3, 4, 5, 0, 1, 2]
    assert length_of(ClipConfig(path=path)) == pytest.approx(0.6, abs=0.011)


def test_the_last_picture_of_an_animation_lasts_as_long_as_it_says(tmp_path: Path) -> None:
    path = make(tmp_path / "a.gif", "-r", "10", "-final_delay", "150", pictures=numbered(3), rate=10)
    assert [round(e.pts_ns / NS, 1) for e in media(path)][:5] == [0, 0.1, 0.2, 1.7, 1.8]


def test_a_picture_as_media_is_read_once(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), numbered()[2])
    events = media(tmp_path / "a.png")
    assert len({id(e.write) for e in events}) == 1 and abs(colours(events[0]).mean() - 90) < 1
    assert [e.pts_ns / NS for e in events[:3]] == [0, 0.5, 1.0]


@pytest.mark.parametrize("size", ['width="160" height="180"', 'viewBox="0 0 160 180"'])
def test_a_drawing_is_drawn(tmp_path: Path, size: str) -> None:
    path = tmp_path / "a.svg"
    path.write_text(DRAWING.format(size))
    for event in (media(path)[0], still(path)):
        image = colours(event)
        h, w = image.shape[:2]
        assert np.abs(image[h // 2, w // 2] - (255, 215, 0)).max() < 4
        assert np.abs(image[h // 2, w // 40] - (0, 128, 128)).max() < 4
    assert length_of(ClipConfig(path=path, still_s=3)) == 3
    picture = read_picture(path, (320, 180))
    assert (picture.width(), picture.height()) == (160, 180)


@pytest.mark.parametrize(
    ("inside", "what"),
    [("<text>a</text>", "text"), ("<style>a{}</style>", "style sheet"), ('<image href="a.png"/>', "pictures")],
)
def test_a_drawing_of_which_something_would_be_left_out_is_told(tmp_path: Path, inside: str, what: str) -> None:
    path = tmp_path / "a.svg"
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{inside}</svg>')
    with pytest.raises(SceneError, match=what):
        read_picture(path)
    for kind in (MediaSource, StillSource):
        name = "media" if kind is MediaSource else "still"
        source = kind.model_validate({"name": "a", "kind": name, "path": str(path)}, context={})
        (wrong,) = source.inspect()
        assert what in wrong.cause and str(path) in wrong.cause
    with pytest.raises(ValueError, match=what):
        length_of(ClipConfig(path=path))


def still(path: Path, **more: object) -> PictureEvent:
    source = StillSource.model_validate({"name": "a", "kind": "still", "path": str(path), **more}, context={})
    event = next(iter(open_reader(source, PICTURE, 1).events()))
    assert isinstance(event, PictureEvent)
    return event


def test_a_still_keeps_its_alpha(tmp_path: Path) -> None:
    image = np.zeros((180, 320, 4), np.uint8)
    image[:, :160] = 40, 90, 200, 128
    cv2.imwrite(str(tmp_path / "a.png"), image)
    event = still(tmp_path / "a.png")
    assert event.format.layout is Layout.CUT
    out = np.empty(event.format.size, np.uint8)
    event.write(out)
    *fill, alpha = event.format.cut(out)
    assert alpha[90, 80] == 128 and alpha[90, 240] == 0
    plain = PictureFormat(320, 180)
    assert np.abs(rgb(plain, np.concatenate([p.reshape(-1) for p in fill]))[45, 40] - (200, 90, 40)).max() <= 3
    assert np.abs(colours(event)[45, 40] - np.array((200, 90, 40)) * 128 / 255).max() <= 2


def test_stills_of_all_kinds_have_their_colours_and_stand_upright(tmp_path: Path) -> None:
    """16 bit, grey, CMYK as printers want it, a photo that was turned by its camera."""
    image = np.zeros((180, 320, 3), np.uint8)
    image[:90], image[90:] = (40, 90, 200), (200, 160, 20)
    cv2.imwrite(str(tmp_path / "deep.png"), image.astype(np.uint16) * 257)
    cv2.imwrite(str(tmp_path / "grey.png"), image[..., 1])
    cv2.imwrite(str(tmp_path / "photo.jpg"), np.ascontiguousarray(cv2.rotate(image, cv2.ROTATE_90_COUNTERCLOCKWISE)))
    data = (tmp_path / "photo.jpg").read_bytes()
    exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"  # orientation 6
    (tmp_path / "photo.jpg").write_bytes(data[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + data[2:])
    for name in ("deep.png", "photo.jpg"):
        for event in (still(tmp_path / name), media(tmp_path / name)[0]):
            assert (event.format.width, event.format.height) == (320, 180), name
            shown = colours(event)
            assert np.abs(shown[20, 80] - (200, 90, 40)).max() <= 5, name
            assert np.abs(shown[70, 80] - (20, 160, 200)).max() <= 5, name
    assert np.abs(colours(still(tmp_path / "grey.png"))[20, 80] - 90).max() <= 1
