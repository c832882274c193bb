"""Picture and sound of a file at their times: a flash and a blip each second, whatever the file is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from live.base.clock import NS
from live.base.samples import SAMPLE_RATE
from live.config.clips import ClipConfig
from live.config.picture import PictureConfig
from live.sources import open_reader
from live.sources.clips import length_of
from live.sources.kinds.media import MediaSource
from live.sources.reader import PictureEvent, SoundEvent
from tests.support.made import make

X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-pix_fmt", "yuv420p", "-g", "25")


def inputs(rate_hz: int = 48_000, sound_s: float = 3, how: str = "") -> list[str]:
    lit = "lt(mod(t,1),0.08)"
    return [
        *("-f", "lavfi", "-i", f"color=black:s=64x48:r=25:d=3,drawbox=0:0:iw:ih:white:fill:enable='{lit}'{how}"),
        *("-f", "lavfi", "-i", f"aevalsrc='0.5*sin(2*PI*1000*t)*{lit}':s={rate_hz}:d={sound_s}"),
    ]


FILES = {
    "plain.mp4": [*inputs(), *X264, "-c:a", "aac"],
    "stream.ts": [*inputs(), *X264, "-c:a", "mp2"],
    "wraps.ts": [*inputs(), *X264, "-c:a", "mp2", "-output_ts_offset", "95442.2"],  # 33 bit at 90 kHz are full
    "dvd.mpg": [*inputs(), "-c:v", "mpeg2video", "-bf", "2", "-q:v", "3", "-c:a", "mp2"],
    "b pictures.avi": [*inputs(), *X264, "-c:a", "pcm_s16le"],
    "xvid.avi": [*inputs(), "-c:v", "mpeg4", "-bf", "2", "-q:v", "3", "-c:a", "pcm_s16le"],
    "web.mkv": [*inputs(), *X264, "-c:a", "libopus"],
    "a.flv": [*inputs(), *X264, "-c:a", "aac"],
    "11 kHz.mov": [*inputs(11_025), *X264, "-c:a", "pcm_s16le"],
    "22 kHz.mov": [*inputs(22_050), *X264, "-c:a", "pcm_s16le"],
    "96 kHz.mov": [*inputs(96_000), *X264, "-c:a", "pcm_s24le"],
    "longer sound.mp4": [*inputs(sound_s=5), *X264, "-c:a", "aac"],
    "shorter sound.mp4": [*inputs(sound_s=2), *X264, "-c:a", "aac"],
    "far from 0.mkv": [*inputs(), *X264, "-c:a", "aac", "-output_ts_offset", "1000"],
    "varies.mp4": [*inputs(how=",select='lt(t,1.5)+not(mod(n,5))+lt(mod(t,1),0.1)'"), "-vsync", "vfr", *X264],
}


def watched(path: Path) -> tuple[list[float], list[float], list[float]]:
    """(times of pictures, of flashes, of blips), seconds."""
    source = MediaSource.model_validate({"name": "a", "kind": "media", "path": str(path), "loop": False}, context={})
    times, flashes, blips, bright, loud_s = list[float](), list[float](), list[float](), False, -1.0
    for event in open_reader(source, PictureConfig(rate_hz=25.0), 1).events():
        if isinstance(event, PictureEvent):
            out = np.empty(event.format.size, np.uint8)
            event.write(out)
            times.append(event.pts_ns / NS)
            was, bright = bright, float(event.format.planes(out)[0].mean()) > 120
            flashes += [times[-1]] if bright and not was else []
        elif isinstance(event, SoundEvent):
            for n in np.nonzero(np.abs(event.samples).max(axis=1) > 0.1)[0]:
                at_s = event.pts_ns / NS + float(n) / SAMPLE_RATE
                blips += [at_s] if at_s - loud_s > 0.2 else []
                loud_s = at_s
    return times, flashes, blips


@pytest.mark.parametrize("name", FILES)
def test_sound_is_where_its_picture_is(tmp_path: Path, name: str) -> None:
    path = make(tmp_path / name, *FILES[name])
    times, flashes, blips = watched(path)
    assert np.allclose(np.diff(flashes), 1.0, atol=0.021) and len(flashes) == 3
    count = 2 if name.startswith("shorter") else 3
    assert np.abs(np.array(flashes[:count]) - np.array(blips[:count])).max() < 0.02, (flashes, blips)
    if name != "varies.mp4":
        assert len(times) == 75 and np.allclose(np.diff(times), 0.04, atol=0.002)
    assert length_of(ClipConfig(path=path)) == pytest.approx(3.0, abs=0.17 if name == "varies.mp4" else 0.05)


def test_sound_that_begins_later_does(tmp_path: Path) -> None:
    """By an edit list, as a phone or an editor writes it."""
    plain = make(tmp_path / "a.mp4", *FILES["plain.mp4"])
    late = ["-i", str(plain), "-itsoffset", "0.5", "-i", str(plain), "-map", "0:v", "-map", "1:a", "-c", "copy"]
    _, flashes, blips = watched(make(tmp_path / "late.mp4", *late))
    assert np.allclose(np.array(blips) - np.array(flashes), 0.5, atol=0.01)


def test_a_recording_that_was_joined_of_two_goes_on(tmp_path: Path) -> None:
    part = make(tmp_path / "a.ts", *FILES["stream.ts"])
    joined = tmp_path / "joined.ts"
    joined.write_bytes(part.read_bytes() * 2)
    times, flashes, blips = watched(joined)
    assert len(times) == 150 and np.all(np.diff(times) > 0) and times[-1] == pytest.approx(5.96, abs=0.05)
    assert len(flashes) == 6 and np.abs(np.array(flashes) - np.array(blips)).max() < 0.02


def test_bare_pictures_run_at_their_rate(tmp_path: Path) -> None:
    h265 = ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:pools=1"]
    for name, how in (("a.h264", X264), ("a.h265", h265), ("a.m2v", ["-c:v", "mpeg2video"])):
        path = make(tmp_path / name, *inputs(), "-map", "0:v", *how)
        times, flashes, _ = watched(path)
        assert len(times) == 75 and np.allclose(np.diff(times), 0.04, atol=0.001), name
        assert len(flashes) == 3 and length_of(ClipConfig(path=path)) == pytest.approx(3.0, abs=0.05), name


def test_a_cover_is_no_picture(tmp_path: Path) -> None:
    plain = make(tmp_path / "a.mp4", *FILES["plain.mp4"])
    cover = make(tmp_path / "c.png", "-f", "lavfi", "-i", "color=red:s=32x32", "-frames:v", "1")
    how = ["-i", str(cover), "-i", str(plain), "-map", "0:v", "-map", "1:v", "-map", "1:a", "-c", "copy"]
    film = make(tmp_path / "film.mp4", *how, "-disposition:v:0", "attached_pic")
    assert len(watched(film)[1]) == 3 and length_of(ClipConfig(path=film)) == pytest.approx(3.0, abs=0.05)
    song = ["-i", str(cover), "-i", str(plain), "-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "libmp3lame"]
    music = make(tmp_path / "song.mp3", *song, "-disposition:v:0", "attached_pic")
    times, _, blips = watched(music)
    assert times == [] and len(blips) == 3 and length_of(ClipConfig(path=music)) == pytest.approx(3.0, abs=0.06)
