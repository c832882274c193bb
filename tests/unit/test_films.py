"""Stingers: films with alpha, decoded at the program's rate into a bounded ring."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from live.base.errors import LiveError, SourceError
from live.base.samples import SAMPLE_RATE
from live.config.rig import Rig
from live.engine.films import RING, Films
from live.picture.values import Picture
from live.show.cuts.switcher import Switcher, prepared
from live.sound.film_sound import SILENT, FilmSound
from live.sources.film import FilmReader

SIZE, RATE = (64, 48), Fraction(30)
RNG = np.random.default_rng(3)


def film(path: Path, colours: list[tuple[int, int, int, int]], rate: int = 30) -> Path:
    """A film of one colour (R, G, B, A) a frame, the right half of every picture clear."""
    with av.open(str(path), "w", format="mov") as out:
        stream = out.add_stream("qtrle", rate=rate)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "argb"
        for r, g, b, a in colours:
            picture = np.zeros((SIZE[1], SIZE[0], 4), np.uint8)
            picture[:, : SIZE[0] // 2] = a, r, g, b
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="argb")))
        out.mux(stream.encode(None))
    return path


def test_a_film_comes_premultiplied_in_the_programs_codes(tmp_path: Path) -> None:
    reader = FilmReader(film(tmp_path / "f.mov", [(255, 255, 255, 255), (255, 0, 0, 128)]), None, SIZE, RATE)
    first, second = reader.play()
    assert first.planes[0][24, 10] == 235 and first.alpha[24, 10] == 255
    assert first.planes[0][24, 50] == 0 and first.alpha[24, 50] == 0
    assert abs(int(second.planes[0][24, 10]) - 63 * 128 / 255) <= 1  # red in BT.709: 63
    assert abs(int(second.planes[2][12, 5]) - 240 * 128 / 255) <= 1


def test_a_film_of_another_rate_runs_at_its_own_speed(tmp_path: Path) -> None:
    colours = [(v, v, v, 255) for v in (0, 80, 160, 240)]
    reader = FilmReader(film(tmp_path / "f.mov", colours, rate=15), None, SIZE, RATE)
    luma = [int(f.planes[0][24, 10]) for f in reader.play()]
    assert reader.frames == len(luma) == 8
    assert luma[::2] == luma[1::2] and len(set(luma)) == 4


@pytest.mark.parametrize("name", ["f.ts", "f.mov"])
def test_a_film_plays_from_its_first_picture_to_its_last_whenever_its_times_begin(tmp_path: Path, name: str) -> None:
    """In a transport stream that is 1.4 s; its sound begins with it."""
    path, pictures, late = tmp_path / name, 30, 42 if name == "f.ts" else 0
    with av.open(str(path), "w") as out:
        video, audio = out.add_stream("mpeg2video", rate=30), out.add_stream("mp2", rate=SAMPLE_RATE, layout="stereo")
        video.width, video.height, video.pix_fmt = *SIZE, "yuv420p"
        for n in range(pictures):
            flat = np.full((SIZE[1] * 3 // 2, SIZE[0]), 128, np.uint8)
            flat[: SIZE[1]] = 20 + 6 * n
            frame = av.VideoFrame.from_ndarray(flat, format="yuv420p")
            frame.pts = late + n
            out.mux(video.encode(frame))
            wave = np.zeros((1, SAMPLE_RATE // 30 * 2), np.int16) if n < 15 else RNG.integers(-9000, 9000, (1, 3200))
            sound = av.AudioFrame.from_ndarray(wave.astype(np.int16), format="s16", layout="stereo")
            sound.sample_rate, sound.pts = SAMPLE_RATE, (late + n) * (SAMPLE_RATE // 30)
            out.mux(audio.encode(sound))
        out.mux(video.encode())
        out.mux(audio.encode())
    with av.open(str(path)) as container:
        assert (float(container.start_time / av.time_base) > 1) == (name == "f.ts")
    reader = FilmReader(path, None, SIZE, RATE)
    luma = [int(f.planes[0][24, 32]) for f in reader.play()]
    assert abs(reader.frames - pictures) <= 3
    by_n = [round((y - 20) / 6) for y in luma]
    assert by_n[0] == 0 and by_n[-1] == pictures - 1 and max(by_n.count(n) for n in range(pictures - 1)) <= 3
    heard = np.flatnonzero(abs(FilmSound(path).read()[:, 0]) > 0.05)
    assert heard[0] / SAMPLE_RATE - by_n.index(15) / 30 == pytest.approx(0.0, abs=0.07)


def test_a_key_film_stands_in_for_alpha(tmp_path: Path) -> None:
    fill = film(tmp_path / "fill.mov", [(255, 255, 255, 255)] * 2)
    key = film(tmp_path / "key.mov", [(128, 128, 128, 255)] * 2)
    frame = next(FilmReader(fill, key, SIZE, RATE).play())
    assert abs(int(frame.alpha[24, 10]) - 128) <= 1 and frame.alpha[24, 50] == 0


@pytest.mark.parametrize("content", [b"", b"no film at all"])
def test_what_is_no_film_says_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "f.mov").write_bytes(content)
    with pytest.raises(SourceError, match="f.mov"):
        FilmReader(tmp_path / "f.mov", None, SIZE, RATE)


@pytest.fixture
def rig_of(tmp_path: Path) -> Callable[[Path], Rig]:
    def made(path: Path) -> Rig:
        sting = {"name": "sting", "kind": "stinger", "path": str(path), "trigger_s": 0.5}
        raw = {
            "picture": {"width": 64, "height": 64},
            "sources": [{"name": "a", "kind": "pattern"}],
            "transitions": [sting],
        }
        return Rig.model_validate(raw, context={"base": tmp_path})

    return made


@pytest.mark.parametrize("threaded", [True, False])
def test_a_stinger_runs_over_the_change_and_is_ready_again(
    tmp_path: Path, rig_of: Callable[[Path], Rig], threaded: bool
) -> None:
    rig = rig_of(film(tmp_path / "f.mov", [(8 * n, 8 * n, 8 * n, 255) for n in range(30)]))
    switcher = Switcher("a", "b", ready=prepared(rig.transitions))
    films = Films(rig, switcher, threaded=threaded, tell=pytest.fail)
    try:
        for start_s in (0.0, 5.0):
            if threaded:  # it is cued: as on air, where a take comes long after the start
                player = films._players["sting"]
                with player._change:
                    assert player._change.wait_for(lambda ring=player._ring: len(ring) == RING, 10.0)
            assert switcher.auto("sting", None, start_s) and switcher.transition.seconds == pytest.approx(1.0)
            seen = [_filmed(films, switcher, t).film for t in (start_s, start_s + 0.3, start_s + 0.6)]
            assert [f.changed for f in seen] == [False, False, True]
            luma = [int(f.planes[0][24, 10]) for f in seen]
            assert luma[0] == 16 and luma[0] < luma[1] <= luma[2]
            if not threaded:
                assert abs(luma[1] - (16 + 219 * 72 / 255)) <= 1
            assert switcher.step(start_s + 1.0) is not None
            assert _filmed(films, switcher, start_s + 1.1).film is None and films.sounding == SILENT
    finally:
        films.close()


def _filmed(films: Films, switcher: Switcher, now_s: float, *, rehearsed: bool = False) -> Picture:
    films.step(switcher, now_s)
    return films.filmed(Picture(*switcher.views(now_s, rehearsed=rehearsed)), switcher, rehearsed=rehearsed)


def test_a_rehearsed_film_runs_on_preview_and_is_not_heard(tmp_path: Path, rig_of: Callable[[Path], Rig]) -> None:
    rig = rig_of(film(tmp_path / "f.mov", [(8 * n, 8 * n, 8 * n, 255) for n in range(30)]))
    switcher = Switcher("a", "b", ready=prepared(rig.transitions))
    films = Films(rig, switcher, threaded=False, tell=pytest.fail)
    assert switcher.rehearse(True) and switcher.auto("sting", None, 0.0)
    assert _filmed(films, switcher, 0.3, rehearsed=True).film is not None and films.sounding == SILENT
    assert films.filmed(Picture(*switcher.views(0.3)), switcher, rehearsed=False).film is None
    switcher.step(1.0)
    assert switcher.auto("sting", None, 2.0)
    assert _filmed(films, switcher, 2.3).film is not None and films.sounding == (1, 9)
    films.close()


def test_a_film_that_a_hand_takes_by_the_bar_is_a_mix_and_silent(tmp_path: Path, rig_of: Callable[[Path], Rig]) -> None:
    rig = rig_of(film(tmp_path / "f.mov", [(80, 80, 80, 255)] * 30))
    switcher = Switcher("a", "b", ready=prepared(rig.transitions))
    films = Films(rig, switcher, threaded=False, tell=pytest.fail)
    assert switcher.auto("sting", None, 0.0) and _filmed(films, switcher, 0.1).film is not None
    switcher.move_bar(0.4, 0.2)
    picture = _filmed(films, switcher, 0.2)
    assert (picture.transition, picture.progress, picture.film, films.sounding) == ("mix", 0.4, None, SILENT)
    films.close()


def test_a_broken_film_is_told_and_mixes(tmp_path: Path, rig_of: Callable[[Path], Rig]) -> None:
    (tmp_path / "f.mov").write_bytes(b"nothing")
    rig, told = rig_of(tmp_path / "f.mov"), list[LiveError]()
    switcher = Switcher("a", "b", ready=prepared(rig.transitions))
    Films(rig, switcher, threaded=False, tell=told.append).close()
    assert switcher.ready["sting"].kind == "mix" and "f.mov" in str(told[0])
