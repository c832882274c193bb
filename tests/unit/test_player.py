"""A player's pictures and sound, from real files: which picture at which time, no gap between clips, no click."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from live import playout
from live.base.samples import SAMPLE_RATE
from live.config.picture import PictureConfig
from live.picture.format import PictureFormat
from live.playout import Note, Start
from live.shm.frame_ring import FrameRing
from live.shm.memory import ring_name
from live.sources.clips import faults_of
from live.sources.develop import Developer
from live.sources.kinds.player import PlayerSource
from live.sources.player import FADE, Playout, Shower
from tests.support.media import SIZE, changing_sound, film, number_of, sound_file

PICTURE = PictureConfig(width=SIZE[0], height=SIZE[1], rate_hz=30)


class Deck:
    """A playout that is told and asked as the engine does: picture and sound frame by frame."""

    def __init__(self, folder: Path, clips: list[dict[str, Any]], **more: Any) -> None:
        raw = {"name": "vt", "kind": "player", "clips": clips, **more}
        self.said: list[str] = []
        self.playout = Playout(
            PlayerSource.model_validate(raw, context={"base": folder}), PICTURE, patient=True, tell=self.said.append
        )
        self.frame = 0
        self.note = Note(level=1.0)
        self.tell(level=1.0)
        self.sound(2)  # the level is there

    def tell(self, **more: Any) -> None:
        self.note = Note(**{"start": self.note.start, "level": self.note.level, "level_s": self.frame / 30} | more)
        self.playout.take(self.note)

    def start(self, order: Any, *args: Any) -> None:
        self.tell(start=order(self.note.start, self.playout.reel, self.frame / 30, *args))

    def cue(self, clip: int, at_s: float = 0.0) -> None:
        self.tell(start=playout.cue(self.playout.reel, self.frame / 30, clip, at_s))

    def planes(self) -> tuple[np.ndarray, ...]:
        look = self.playout.picture(self.frame / 30)
        assert look is not None
        data = np.empty(look.event.format.size, np.uint8)
        look.event.write(data)
        return look.event.format.planes(data)

    def numbers(self, frames: int) -> list[int]:
        """Of the pictures of the next frames."""
        found = []
        for _ in range(frames):
            found.append(number_of(self.planes()[0]))
            self.frame += 1
        return found

    def sound(self, frames: int) -> np.ndarray:
        """(n,) of the next frames, left."""
        first = self.frame * SAMPLE_RATE // 30
        self.frame += frames
        blocks = [self.playout.sound(first + n * 1600, 1600) for n in range(frames)]
        return np.concatenate(blocks)[:, 0]


@pytest.fixture
def deck(tmp_path: Path) -> Iterator[Any]:
    made: list[Deck] = []

    def make(*clips: dict[str, Any], **more: Any) -> Deck:
        made.append(Deck(tmp_path, list(clips), **more))
        return made[-1]

    yield make
    for d in made:
        d.playout.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clips")
    film(folder / "a.mp4", 30)
    film(folder / "b.mkv", 45, first=100)
    film(folder / "c.mov", 150, first=1000)
    film(folder / "p25.mp4", 50, first=500, rate=25)
    film(folder / "p60.mp4", 120, first=600, rate=60)
    sound_file(folder / "tune.wav", 2.0)
    cv2.imwrite(str(folder / "card.png"), np.full((184, 320, 3), (0, 0, 255), np.uint8))
    for name in ("a.mp4", "b.mkv"):
        whole = (folder / name).read_bytes()
        (folder / f"cut{name[1:]}").write_bytes(whole[: len(whole) * 6 // 10])
    (folder / "broken.mp4").write_bytes(b"no film at all")
    return folder


def steps(sound: np.ndarray) -> float:
    return float(np.abs(np.diff(sound)).max())


SINE_STEP = 0.5 * 2 * np.pi * 480 / SAMPLE_RATE  # the largest step of the films' own sound: 0.031


def test_it_stands_on_the_first_picture_until_it_is_played(deck: Any, files: Path) -> None:
    d = deck({"path": str(files / "a.mp4")})
    assert d.numbers(5) == [0] * 5 and not d.sound(5).any()
    d.start(playout.play)
    assert d.numbers(32) == [*range(30), 29, 29], "and on the last one when it is over"


def test_the_next_clip_follows_without_a_gap(deck: Any, files: Path) -> None:
    d = deck({"path": str(files / "a.mp4")}, {"path": str(files / "b.mkv")}, after="next", repeat=True)
    d.start(playout.play)
    assert d.numbers(160) == [*range(30), *range(100, 145)] * 2 + list(range(10))


@pytest.mark.parametrize(("name", "first"), [("c.mov", 1000), ("b.mkv", 100)])
def test_in_and_out_points_and_cues_are_exact_to_the_picture(deck: Any, files: Path, name: str, first: int) -> None:
    d = deck({"path": str(files / name), "in_s": 0.5, "out_s": 1.2, "cues": [{"name": "x", "at_s": 0.9}]}, after="loop")
    assert d.numbers(1) == [first + 15]
    d.start(playout.play)
    assert d.numbers(25) == [first + n for n in [*range(15, 36), *range(15, 19)]]
    d.start(playout.seek, 0.4)
    assert d.numbers(3) == [first + 27, first + 28, first + 29]
    d.cue(0, 0.4)
    assert d.numbers(2) == [first + 27] * 2


def test_a_clip_of_another_rate_keeps_its_speed(deck: Any, files: Path) -> None:
    d = deck({"path": str(files / "p25.mp4")}, {"path": str(files / "p60.mp4")}, after="next")
    d.start(playout.play)
    found = d.numbers(120)
    assert found[:60] == [500 + n * 25 // 30 for n in range(60)]
    assert found[60:] == [600 + 2 * n for n in range(60)]


def test_far_and_near_seeks_land_on_their_picture(deck: Any, files: Path) -> None:
    d = deck({"path": str(files / "c.mov")})
    for n in (140, 3, 77, 78, 76, 149, 0, 31):
        d.start(playout.seek, n / 30)
        assert d.numbers(1) == [1000 + n]


def test_sound_comes_with_its_picture_and_without_a_click(deck: Any, files: Path) -> None:
    d = deck({"path": str(files / "c.mov")})
    d.start(playout.play)
    begun = d.sound(10)
    assert steps(begun) <= 1.6 * SINE_STEP and abs(begun[0]) < 1e-3
    wave = 0.5 * np.sin(2 * np.pi * 480 * np.arange(len(begun)) / SAMPLE_RATE)
    assert np.abs(begun[FADE:] - wave[FADE:]).max() < 2e-3, "sample for sample where the film has it"
    for order, args in (
        (playout.pause, ()),
        (playout.play, ()),
        (playout.seek, (3.0123,)),
        (playout.seek, (0.507,)),
        (playout.stop, ()),
    ):
        d.start(order, *args)
        heard = d.sound(6)
        assert steps(np.concatenate((begun[-1:], heard))) <= 2.2 * SINE_STEP, order
        begun = heard
    assert not d.sound(3).any()


def test_two_clips_sound_on_without_a_hole(deck: Any, files: Path) -> None:
    """A second of 480 Hz ends on a whole period: the next film's sine goes on where it left off."""
    d = deck({"path": str(files / "tune.wav")}, {"path": str(files / "c.mov")}, after="next")
    d.start(playout.play)
    heard = d.sound(90)
    assert steps(heard) <= 1.6 * SINE_STEP
    level = np.sqrt(np.convolve(heard**2, np.ones(480) / 480, "valid"))
    assert level[FADE:].min() > 0.34


def test_points_inside_a_sound_do_not_click(deck: Any, files: Path) -> None:
    d = deck({"path": str(files / "c.mov"), "in_s": 1.0005, "out_s": 1.5005}, after="loop")
    d.start(playout.play)
    assert steps(d.sound(60)) <= 1.6 * SINE_STEP + 0.5 / 240


def test_the_level_moves_within_20_ms(deck: Any, files: Path) -> None:
    d = deck({"path": str(files / "tune.wav")})
    d.start(playout.play)
    d.sound(10)
    d.tell(level=0.0, level_s=d.frame / 30)
    faded = d.sound(3)
    assert steps(faded) <= SINE_STEP + 0.5 / FADE + 1e-3
    assert np.abs(faded[: FADE // 2]).max() > 0.2 and not faded[FADE:].any()


def test_a_picture_plays_for_its_time_and_sound_alone_is_black(deck: Any, files: Path) -> None:
    d = deck(
        {"path": str(files / "card.png"), "still_s": 0.5},
        {"path": str(files / "tune.wav"), "after": "hold"},
        after="next",
    )
    d.start(playout.play)
    y, _, v = d.planes()
    assert abs(int(y[90, 160]) - 63) <= 1 and abs(int(v[45, 80]) - 240) <= 1, "red, by BT.709"
    d.frame += 15
    y, u, v = d.planes()
    assert (y == 16).all() and (u == 128).all() and (v == 128).all()
    assert np.abs(d.sound(5)).max() > 0.4


def test_black_may_follow_a_clip(deck: Any, files: Path) -> None:
    d = deck({"path": str(files / "card.png"), "still_s": 0.5}, after="black")
    d.start(playout.play)
    shower = Shower(d.playout, FrameRing(ring_name("x"), capacity=PictureFormat(*SIZE).size))
    shown = [shower.show(n / 30, n * 33_000_000) for n in range(d.frame, d.frame + 17)]
    assert shown[0] and shown[15] and not any(shown[1:15]) and (d.planes()[0][0, 0] != 16)
    d.frame += 15
    assert (d.planes()[0] == 16).all()
    shower._ring.close()


def test_a_broken_and_a_missing_clip_are_told_by_path_and_skipped(deck: Any, files: Path) -> None:
    gone = files / "gone.mp4"
    d = deck(
        {"path": str(files / "a.mp4")},
        {"path": str(files / "broken.mp4")},
        {"path": str(gone)},
        {"path": str(files / "b.mkv")},
        after="next",
    )
    assert (
        len(d.said) == 2 and str(files / "broken.mp4") in d.said[0] and "clip 3" in d.said[1] and str(gone) in d.said[1]
    )
    d.start(playout.play)
    assert d.numbers(40)[28:] == [28, 29, *range(100, 110)]


def test_a_truncated_file_holds_its_last_picture_until_its_time_is_over(deck: Any, files: Path) -> None:
    """As long as its index says; one without an index is as long as what is there."""
    d = deck(
        {"path": str(files / "cut.mp4")}, {"path": str(files / "cut.mkv")}, {"path": str(files / "a.mp4")}, after="next"
    )
    d.start(playout.play)
    found = d.numbers(30 + 45 + 10)
    last = max(found[:30])
    assert 5 < last < 29 and found[:30] == [min(n, last) for n in range(30)]
    there = max(found) - 99
    assert 5 < there < 40 and found[30 : 30 + there + 3] == [*range(100, 100 + there), 0, 1, 2]


def test_what_check_says_of_clips(files: Path) -> None:
    late = {"path": str(files / "a.mp4"), "cues": [{"name": "late", "at_s": 2.0}]}
    clips = [late, {"path": str(files / "broken.mp4")}, {"path": str(files / "a.mp4"), "in_s": 7.0}]
    config = PlayerSource.model_validate({"name": "vt", "kind": "player", "clips": clips})
    found = dict(faults_of(config))
    assert list(found) == [
        "clips[1].cues[late].at_s",
        "clips[2].path",
        "clips[3].path",
    ]
    assert str(files / "broken.mp4") in found["clips[2].path"] and "1.0 s long" in found["clips[3].path"]


def test_many_orders_keep_few_files_open(deck: Any, files: Path) -> None:
    d = deck(*({"path": str(files / name)} for name in ("a.mp4", "b.mkv", "c.mov", "p25.mp4", "p60.mp4", "tune.wav")))
    d.start(playout.play)
    for n in range(40):
        d.start(playout.skip, 1)
        d.numbers(1)
        d.start(playout.seek, n / 40)
        d.numbers(2)
        d.frame -= 3
        d.sound(3)
    assert len(d.playout._rack._pictures) <= 6 and len(d.playout._rack._sounds) <= 6 and not d.playout._rack._retired


def test_an_order_that_comes_late_loses_nothing_but_time(deck: Any, files: Path) -> None:
    """Sound of its time is out already: it begins where there is still room, at the place it would be at by then,
    without a click."""
    d = deck({"path": str(files / "c.mov")})
    told_s = d.frame / 30
    d.sound(3)
    d.tell(start=Start(0, 0.0, told_s, "playing"))
    heard = d.sound(6)
    at = np.arange(len(heard)) + 3 * 1600
    assert steps(np.concatenate(([0.0], heard))) <= 1.6 * SINE_STEP
    assert np.abs(heard[FADE:] - 0.5 * np.sin(2 * np.pi * 480 * at[FADE:] / SAMPLE_RATE)).max() < 2e-3


def test_sound_that_becomes_another_on_the_way_plays_on(deck: Any, tmp_path: Path) -> None:
    changing_sound(tmp_path / "broadcast.ts")
    d = deck({"path": tmp_path / "broadcast.ts"})
    d.start(playout.play)
    heard = d.sound(60)
    assert d.said == []
    for begin_s, peak in ((0.2, 0.5), (0.6, 0.5), (1.2, 0.5), (1.6, 0.5)):
        assert np.abs(heard[int(begin_s * SAMPLE_RATE) :][: SAMPLE_RATE // 5]).max() == pytest.approx(peak, rel=0.1)


def test_a_file_that_can_not_be_converted_is_told_and_nothing_else_stops(
    deck: Any, files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def scaled(self: Developer, frame: Any, turn: Any) -> Any:
        if frame.width == 2:
            raise av.error.ArgumentError(22, "Invalid argument")  # as libav's own converter says it
        return right(self, frame, turn)

    right = Developer._scaled
    monkeypatch.setattr(Developer, "_scaled", scaled)
    cv2.imwrite(str(tmp_path / "dot.png"), np.zeros((2, 2, 3), np.uint8))
    d = deck({"path": tmp_path / "dot.png"}, {"path": files / "a.mp4"})
    assert d.playout.picture(0.0) is None
    assert [("dot.png" in line, "broke off" in line) for line in d.said] == [(True, True)]
    d.cue(1)
    assert d.numbers(1) == [0]
