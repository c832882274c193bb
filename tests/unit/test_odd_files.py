"""Files as phones, discs and recorders write them: turned, with oblong pixels, without times, with several sounds."""

from __future__ import annotations

import gc
import struct
import wave
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from live.base.clock import NS
from live.base.errors import SourceError
from live.base.samples import SAMPLE_RATE
from live.config.clips import ClipConfig
from live.config.load import inspected
from live.config.picture import PictureConfig
from live.sources import open_reader
from live.sources.clips import Clips, length_of
from live.sources.container import FileReader
from live.sources.develop import Developed, Developer
from live.sources.film import FilmReader
from live.sources.kinds.media import MediaSource
from live.sources.kinds.player import PlayerSource
from live.sources.kinds.still import StillReader, StillSource
from live.sources.reader import PictureEvent, SoundEvent, Waiting
from live.sources.stream import StreamReader
from live.sources.tape import PictureTape, Rack, SoundTape
from tests.support.made import developed, make
from tests.support.shows import SMALL, small_show

W, H, RATE = 160, 96, 25
CORNERS = ((60, 100), (200, 180))  # luma of the four quarters, as they were filmed


def quarters(corners: Any = CORNERS) -> av.VideoFrame:
    image = np.kron(np.array(corners, np.uint8), np.ones((H // 2, W // 2), np.uint8))
    flat = np.concatenate([image.reshape(-1), np.full(W * H // 2, 128, np.uint8)]).reshape(H * 3 // 2, W)
    return av.VideoFrame.from_ndarray(flat, format="yuv420p")


def film(
    path: Path,
    count: int = 10,
    tones: tuple[float, ...] = (),
    shape: Fraction | None = None,
    turned: tuple[int, bool, bool] | None = None,
    live: bool = False,
) -> Path:
    """`count` pictures at 25 a second, and as many sound tracks as tones: the loudness of each. turned: what makes it
    upright, quarters against the clock, then mirrored across or down. live: it
    doesn't say how long it is."""
    with av.open(str(path), "w", options={"live": "1"} if live and path.suffix == ".mkv" else {}) as out:
        stream: Any = out.add_stream("libx264", rate=RATE, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = W, H, "yuv420p"
        if turned is not None:
            stream.set_display_rotation(90 * turned[0], *turned[1:])
        if shape is not None:
            stream.codec_context.sample_aspect_ratio = shape
        sounds: list[Any] = [out.add_stream("pcm_s16le", rate=SAMPLE_RATE, layout="mono") for _ in tones]
        for n in range(count):
            frame = quarters()
            frame.pts, frame.time_base = n, Fraction(1, RATE)
            out.mux(stream.encode(frame))
        out.mux(stream.encode())
        for sound, loud in zip(sounds, tones, strict=True):
            wave = loud * np.sin(np.arange(count * SAMPLE_RATE // RATE) / 8)
            block = av.AudioFrame.from_ndarray((wave * 32767).astype(np.int16)[None], format="s16", layout="mono")
            block.sample_rate, block.pts = SAMPLE_RATE, 0
            out.mux(sound.encode(block))
            out.mux(sound.encode())
    return path


def events(path: Path, **more: Any) -> list[PictureEvent | SoundEvent]:
    raw = {"name": "a", "kind": "media", "path": str(path), "loop": False, **more}
    source = MediaSource.model_validate(raw, context={"base": path.parent})
    return list(open_reader(source, PictureConfig(), 1).events())


def middle_of_quarters(event: PictureEvent | Developed) -> list[list[int]]:
    out = np.empty(event.format.size, np.uint8)
    event.write(out)
    y = event.format.planes(out)[0]
    h, w = y.shape
    return [[int(y[h // 4 + r * h // 2, w // 4 + c * w // 2]) for c in (0, 1)] for r in (0, 1)]


@pytest.mark.parametrize("mirrored", ["", "across", "down"])
@pytest.mark.parametrize("quarter", range(4))
def test_a_picture_is_set_upright(tmp_path: Path, quarter: int, mirrored: str) -> None:
    """However it was held, and though it is a mirror's: as a source, as a clip and as a stinger."""
    path = film(tmp_path / "a.mp4", turned=(quarter, mirrored == "across", mirrored == "down"))
    right = np.rot90(np.array(CORNERS), quarter)
    right = right[:, ::-1] if mirrored == "across" else right[::-1] if mirrored == "down" else right
    (first, *_rest) = [e for e in events(path) if isinstance(e, PictureEvent)]
    assert (first.format.width, first.format.height) == ((W, H) if quarter % 2 == 0 else (H, W))
    assert np.allclose(middle_of_quarters(first), right, atol=3)
    tape = PictureTape(1, 0, ClipConfig(path=path), 0.0, 9.0, (1920, 1088))
    while (shown := tape.at(0.0)) is None:
        tape.fill()
    assert np.allclose(middle_of_quarters(shown.picture), right, atol=3)
    tape.close()
    y = next(iter(FilmReader(path, None, (64, 64), Fraction(25)).play())).planes[0]
    assert np.allclose([[int(y[r, c]) for c in (16, 48)] for r in (16, 48)], right, atol=3)


@pytest.mark.parametrize(
    ("shape", "width"),
    [(Fraction(64, 45), 228), (Fraction(8, 9), 142), (None, W)],
)
def test_pixels_become_square(tmp_path: Path, shape: Fraction | None, width: int) -> None:
    path = film(tmp_path / "a.mp4", shape=shape)
    (first, *_rest) = [e for e in events(path) if isinstance(e, PictureEvent)]
    assert (first.format.width, first.format.height) == (width, H)
    assert np.allclose(middle_of_quarters(first), CORNERS, atol=3)
    tape = PictureTape(1, 0, ClipConfig(path=path), 0.0, 9.0, (1920, 1088))
    while tape.at(0.0) is None:
        tape.fill()
    shown = tape.at(0.0)
    assert shown is not None and (shown.picture.format.width, shown.picture.format.height) == (width, H)
    tape.close()


@pytest.mark.parametrize("shape", [(1, 5000), (1, 21), (21, 1)])
def test_pixels_of_an_impossible_shape_are_square(tmp_path: Path, shape: tuple[int, int]) -> None:
    path = film(tmp_path / "a.mp4", shape=Fraction(64, 45))
    told = path.read_bytes()
    at = told.index(b"pasp") + 4
    path.write_bytes(told[:at] + struct.pack(">II", *shape) + told[at + 8 :])
    (first, *_rest) = [e for e in events(path) if isinstance(e, PictureEvent)]
    assert (first.format.width, first.format.height) == (W, H)


@pytest.mark.parametrize("error", [cv2.error("odd"), ZeroDivisionError(), IndexError()])
def test_a_clip_with_which_anything_is_wrong_is_told_and_the_others_play(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def develop(self: Developer, frame: av.VideoFrame) -> Developed:
        if frame.width == W:
            raise error
        return right(self, frame)

    right = Developer.develop
    monkeypatch.setattr(Developer, "develop", develop)
    good = tmp_path / "good.png"
    assert cv2.imwrite(str(good), np.zeros((64, 64, 3), np.uint8))
    clips, told = [ClipConfig(path=film(tmp_path / "odd.mp4")), ClipConfig(path=good)], []
    rack = Rack(
        clips,
        (1920, 1088),
        rate_hz=25.0,
        patient=True,
        length_s=lambda clip: 1.0,
        tell=lambda clip, what: told.append((clip, what)),
        chore=lambda: None,
    )
    assert rack.picture(0, 0.0) is None and rack.picture(1, 0.0) is not None
    assert told == [(0, type(error).__name__)]
    rack.close()


def bare(tmp_path: Path) -> Path:
    """H.264 and nothing else, as some recorders leave it: no times."""
    path = tmp_path / "a.h264"
    film(path, 50)
    with av.open(str(path)) as container:
        assert all(p.pts is None for p in container.demux(video=0))
    return path


def test_a_film_without_times_plays_at_its_rate(tmp_path: Path) -> None:
    times = [e.pts_ns for e in events(bare(tmp_path)) if isinstance(e, PictureEvent)]
    assert times == [n * NS // RATE for n in range(50)]


def test_a_clip_without_times_has_a_length_and_is_reached(tmp_path: Path) -> None:
    clip = ClipConfig(path=bare(tmp_path), in_s=1.0)
    assert length_of(clip) == pytest.approx(1.0)
    tape = PictureTape(1, 0, clip, 1.0, 2.0, (1920, 1088))
    while not tape.full:
        tape.fill()
    assert not tape.fault
    shown = tape.at(1.0)
    assert shown is not None and shown.at_s == pytest.approx(1.0)
    tape.close()


@pytest.mark.parametrize("name", ["a.h264", "a.mkv"])
def test_while_a_clip_without_a_duration_is_read_the_player_gives_signs_of_life(tmp_path: Path, name: str) -> None:
    """A long one takes longer than a worker may be silent."""
    path = film(tmp_path / name, 50, live=True)
    with av.open(str(path)) as container:
        assert container.duration is None
    beats: list[int] = []
    player = PlayerSource.model_validate(
        {"name": "vt", "kind": "player", "clips": [{"path": str(path)}]}, context={"base": tmp_path}
    )
    clips = Clips(player, pytest.fail, lambda: beats.append(1))
    assert clips.reel.lengths_s == pytest.approx((2.0,)) and len(beats) >= 50


@pytest.mark.parametrize(("track", "loud"), [(None, 0.0), (1, 0.0), (2, 0.5), (3, 0.1)])
def test_which_sound_is_heard(tmp_path: Path, track: int | None, loud: float) -> None:
    path = film(tmp_path / "a.mov", 25, (0.0, 0.5, 0.1))
    heard = np.concatenate([e.samples for e in events(path, track=track) if isinstance(e, SoundEvent)])
    assert np.abs(heard).max() == pytest.approx(loud, abs=0.01)
    tape = SoundTape(1, 0, ClipConfig(path=path, track=track), 0.0)
    while not tape.full:
        tape.fill()
    assert np.abs(tape.read(0, SAMPLE_RATE // 2)).max() == pytest.approx(loud, abs=0.01)
    tape.close()


def test_of_too_many_channels_the_first_are_heard_and_it_is_told(tmp_path: Path) -> None:
    """Of a file by `live check`, of a stream once."""
    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(24)
        out.setsampwidth(2)
        out.setframerate(SAMPLE_RATE)
        out.writeframes(np.tile(np.arange(24, dtype="<i2") * 1000, (SAMPLE_RATE // 2, 1)).tobytes())
    stream = StreamReader("a", str(path), PictureConfig(), None, downmix=False)
    with pytest.raises(SourceError, match="ended the stream"):
        assert all(e.samples.shape[1] == 16 for e in stream.events() if isinstance(e, SoundEvent))
    blocks = [e.samples for e in events(path, downmix=False) if isinstance(e, SoundEvent)]
    assert {b.shape[1] for b in blocks} == {16}
    assert np.allclose(blocks[0][0], np.arange(16) * 1000 / 32768)
    assert list(stream.said) == ["has 24 channels of sound, and the first 16 are heard"]
    rig = f'{SMALL}[[sources]]\nname = "a"\nkind = "media"\npath = "{path}"\ndownmix = false\n'
    remarks = inspected(small_show(tmp_path, rig))[1]
    assert [(f.key, f.cause) for f in remarks if f.key.endswith("downmix")] == [
        ("sources[a].downmix", "a.wav has 24 channels of sound, and the first 16 are heard")
    ]


def test_a_track_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mov", 5, (0.1, 0.2))
    with pytest.raises(SourceError, match="a: has no sound track 3; it has 2; mend `track`"):
        events(path, track=3)
    with pytest.raises(ValueError, match="has no sound track 3; it has 2"):
        length_of(ClipConfig(path=path, track=3))
    assert list(islice(events(path, track=2), 1))


@pytest.mark.parametrize(
    ("track", "key", "said", "mild"),
    [
        (None, "path", "a.mov has 3 sound tracks, and the first is heard", True),
        (4, "track", "a.mov has no sound track 4", False),
        (2, "", "", False),
    ],
)
def test_check_has_a_word_for_several_sounds(
    tmp_path: Path, track: int | None, key: str, said: str, mild: bool
) -> None:
    path = film(tmp_path / "a.mov", 5, (0.0, 0.5, 0.1))
    show = small_show(
        tmp_path,
        f'{SMALL}[[sources]]\nname = "a"\nkind = "media"\npath = "{path}"\n' + (f"track = {track}\n" if track else ""),
    )
    faults, remarks = inspected(show)
    remarks = [f for f in remarks if "heard by nobody" not in f.cause]  # as no microphone names it
    assert [(f.key, f.cause) for f in faults + remarks] == ([(f"sources[a].{key}", said)] if key else [])
    assert bool(remarks) == mild and all(f.line for f in faults + remarks)


def test_check_has_a_word_for_sound_that_nobody_hears(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mov", 5, (0.5,))
    rig = f"""{SMALL}
[[sources]]
name = "film"
kind = "media"
path = "{path}"
[[sources]]
name = "guest"
kind = "network"
url = "rtmp://127.0.0.1/live/guest"
[[sources]]
name = "black"
kind = "colour"
"""
    faults, remarks = inspected(small_show(tmp_path, rig))
    assert not faults and [f.key for f in remarks] == ["sources[film].name", "sources[guest].name"]
    assert all("heard by nobody" in f.cause and "[[microphones]]" in f.right and f.line for f in remarks)
    worn = "".join(f'[[microphones]]\nname = "{n}"\nsource = "{n}"\n' for n in ("film", "guest"))
    assert inspected(small_show(tmp_path, rig + worn)) == ([], [])


def test_check_has_a_word_for_several_sounds_of_a_clip(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mov", 5, (0.0, 0.5))
    clips = f'[[sources.clips]]\npath = "{path}"\n[[sources.clips]]\npath = "{path}"\ntrack = 2\n'
    faults, remarks = inspected(small_show(tmp_path, f'{SMALL}[[sources]]\nname = "vt"\nkind = "player"\n{clips}'))
    assert not faults and [(r.key, r.cause) for r in remarks] == [
        ("sources[vt].clips[1].path", "a.mov has 2 sound tracks, and the first is heard")
    ]


def test_the_sound_of_a_file_comes_with_its_pictures_however_far_behind_them_it_lies(tmp_path):
    """As in our own recordings, whose fragments of two seconds hold their pictures first."""
    path = tmp_path / "far.mp4"
    with av.open(str(path), "w", options={"movflags": "frag_keyframe+empty_moov"}) as out:
        video, audio = out.add_stream("libx264", rate=25, options={"g": "50"}), out.add_stream("aac", rate=48_000)
        video.width, video.height, video.pix_fmt = 64, 64, "yuv420p"
        for n in range(100):
            out.mux(video.encode(av.VideoFrame.from_ndarray(np.full((96, 64), n, np.uint8), format="yuv420p")))
            sound = av.AudioFrame.from_ndarray(np.zeros((2, 1920), np.float32), format="fltp", layout="stereo")
            sound.sample_rate, sound.pts = 48_000, n * 1920
            out.mux(audio.encode(sound))
        for stream in (video, audio):
            out.mux(stream.encode())
    reader = FileReader("f", path, PictureConfig(), loop=False)
    times = [event.pts_ns / 1e9 for event in reader.events() if not isinstance(event, Waiting)]
    assert len(times) > 250 and max(times) > 3.9
    assert max(before - after for before, after in zip(times, times[1:], strict=False)) < 0.05


def joined_by_sound(path: Path) -> Path:
    """A transport stream of 13 s to which sound is added for its 12th: found neither at its start nor at its end."""
    with path.open("wb") as whole:
        for part, (begin, end) in enumerate(((0, 300), (300, 325), (325, 350))):
            file = path.with_suffix(f".{part}.ts")
            with av.open(str(file), "w", format="mpegts") as out:
                video: Any = out.add_stream("mpeg2video", rate=RATE)
                video.width, video.height, video.pix_fmt = 64, 64, "yuv420p"
                audio = out.add_stream("mp2", rate=SAMPLE_RATE, layout="stereo") if part == 1 else None
                for n in range(begin, end):
                    frame = av.VideoFrame.from_ndarray(np.full((96, 64), 100, np.uint8), format="yuv420p")
                    frame.pts = n
                    out.mux(video.encode(frame))
                    if audio is not None:
                        sound = av.AudioFrame.from_ndarray(np.zeros((1, 3840), np.int16), format="s16", layout="stereo")
                        sound.sample_rate, sound.pts = SAMPLE_RATE, n * 1920
                        out.mux(audio.encode(sound))
                out.mux(video.encode())
            whole.write(file.read_bytes() + b"\x47\x1f\xff\x10".ljust(188, b"\xff") * 3000)
    return path


def test_a_file_that_another_stream_joins_on_the_way_ends_like_any_other(tmp_path: Path) -> None:
    """As a source, a clip, a stinger, and when its length is asked."""
    path = joined_by_sound(tmp_path / "a.ts")
    with av.open(str(path)) as container, pytest.raises(IndexError):
        assert len(container.streams) == 1
        list(container.demux(video=0))
    assert len([e for e in events(path) if isinstance(e, PictureEvent)]) == 350
    clip = ClipConfig(path=path)
    assert length_of(clip) == pytest.approx(14.0, abs=0.1)
    tape = PictureTape(1, 0, clip, 13.0, 20.0, (1920, 1088))
    while not tape.done:
        tape.fill()
        shown = tape.at(99.0)
    assert shown is not None and shown.at_s == pytest.approx(13.96) and not tape.fault
    tape.close()
    assert len(list(FilmReader(path, None, (64, 64), Fraction(25)).play())) == 250


def test_pictures_are_let_go_without_the_collector(tmp_path: Path) -> None:
    """It is off in the engine: off line, every picture that waits for it is a third of a megabyte."""
    path = make(tmp_path / "a.mp4", "-f", "lavfi", "-i", "testsrc=d=2:s=64x64:r=25", "-pix_fmt", "yuv420p")
    gc.collect()
    gc.disable()
    try:
        before = sum(isinstance(found, av.VideoFrame) for found in gc.get_objects())
        developed(path)
        assert sum(isinstance(found, av.VideoFrame) for found in gc.get_objects()) - before < 5
    finally:
        gc.enable()


@pytest.mark.parametrize("name", ["a.jpg", "a.png"])
@pytest.mark.parametrize(("width", "height"), [(1, 1), (1920, 1), (1, 200), (40_000, 3)])
def test_a_line_of_pixels_is_a_picture_with_sides_of_two(tmp_path: Path, name: str, width: int, height: int) -> None:
    """As a source, a clip and a still. A side of 0 would stop every picture of the program."""
    path = tmp_path / name
    shape = (height, width, 4 if name == "a.png" else 3)  # with alpha it is cut out
    assert cv2.imwrite(str(path), np.full(shape, 128, np.uint8))
    shown = next(e for e in events(path) if isinstance(e, PictureEvent))
    tape = PictureTape(1, 0, ClipConfig(path=path), 0.0, 9.0, (1920, 1088))
    while tape.at(0.0) is None and not tape.done:
        tape.fill()
    clip = tape.at(0.0)
    tape.close()
    still = next(iter(StillReader(StillSource(name="a", kind="still", path=path), PictureConfig(), 1).events()))
    assert clip is not None and isinstance(still, PictureEvent)
    for picture in (shown, clip.picture, still):
        out = np.empty(picture.format.size, np.uint8)
        picture.write(out)
        assert picture.format.width >= 2 and picture.format.height >= 2
        assert abs(int(out[0]) - (126 if name == "a.jpg" else 72)) < 5
