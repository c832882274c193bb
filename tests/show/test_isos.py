"""Iso recordings: frame n is what the source gave for program frame n, with its sound; whatever the source's rate and
size."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from live.base.clock import NS, FrameClock, ManualClock
from live.base.samples import SAMPLE_RATE, sample_at
from live.config.output import EncoderConfig
from live.outputs.board import BOARD
from live.outputs.iso import IsoSpec, black, fitted, main
from live.outputs.kinds.iso import IsoOutput
from live.picture.format import Matrix, PictureFormat, Range
from live.review.media import recorded
from live.shm.frame_ring import FrameRing
from live.shm.memory import ring_name
from live.shm.sound_ring import SoundRing
from live.shm.status import StatusBlock
from live.workers import WorkerContext
from tests.feed import FORMAT, SMALL, blips, picture, read_back

CAMERA = PictureFormat(160, 120, Matrix.BT601, Range.FULL)
CAMERA_HZ = 25
STEP = 8  # codes of luma from one camera picture to the next


def luma_of(number: int) -> int:
    """The camera's pictures tell their number, modulo 25, by their brightness."""
    return 20 + STEP * (number % 25)


class Studio(ManualClock):
    """Engine, camera and microphone as the worker waits: program frames at 30, camera pictures at 25, a blip each
    second."""

    def __init__(self) -> None:
        super().__init__(500 * NS)
        self.status = StatusBlock(ring_name("st"), create=True, board=BOARD)
        self.program = FrameRing(ring_name("program"), capacity=FORMAT.size, slots=24)
        self.camera = FrameRing(ring_name("camera"), capacity=max(FORMAT.size, CAMERA.size), slots=24)
        self.sound = SoundRing(ring_name("sound"), create=True)
        self.ticks = FrameClock(SMALL.rate, self.now_ns())
        self.start_ns = self.now_ns()
        self.end_ns = self.start_ns + 4 * NS
        self.camera_from, self.camera_until = 0, 1 << 30  # pictures that come
        self.format = CAMERA
        self.step_ns = 0  # how much longer than asked the worker is away
        self.said: list[str] = []
        self._frame = self._shot = 0

    def wait_until(self, deadline_ns: int) -> None:
        super().wait_until(deadline_ns + self.step_ns)
        self.said += [str(m) for m in self.status.messages()]
        now = self.now_ns()
        while self.start_ns + self._shot * NS // CAMERA_HZ <= now:
            if self.camera_from <= self._shot < self.camera_until:
                self.camera.slot(self.format.size)[:] = picture(luma_of(self._shot), self.format)
                self.camera.commit(self.format, capture_ns=self.start_ns + self._shot * NS // CAMERA_HZ)
            self._shot += 1
        while self.ticks.deadline_ns(self._frame) <= min(now, self.end_ns):
            self.program.slot(FORMAT.size)[:] = 0
            self.program.commit(FORMAT, capture_ns=self.ticks.deadline_ns(self._frame), seq=self._frame)
            self._frame += 1
        ahead = sample_at(now + NS // 4)  # a file's sound is there early
        start = self.sound.end or sample_at(499 * NS)
        if ahead > start:
            self.sound.write(start, blips(start, ahead - start))
        if now >= self.end_ns:
            self.status.set(stop=1)

    def record(self, path: Path, picture_delay_ns: int = 0, sound_delay_ns: int = 0) -> None:
        ctx = WorkerContext(self.status)
        ctx.clock = self  # type: ignore[assignment]
        output = IsoOutput.model_construct(name="iso-cam", kind="iso", source="cam", path=path)
        rings = (self.program.name, self.camera.name, self.sound.name)
        main(IsoSpec(output, SMALL, EncoderConfig(), *rings, picture_delay_ns, sound_delay_ns), ctx)

    def close(self) -> None:
        for memory in (self.status, self.program, self.camera, self.sound):
            memory.close()


@pytest.fixture
def studio() -> Iterator[Studio]:
    found = Studio()
    yield found
    found.close()


def lumas(path: Path) -> list[float]:
    """Mean code of Y of every picture: as coded, whatever range the file says."""
    with av.open(str(path)) as file:
        return [float(frame.to_ndarray()[: frame.height].mean()) for frame in file.decode(video=0)]


@pytest.mark.parametrize("delay_frames", [0, 15])
def test_frame_n_is_what_the_camera_had_given_for_program_frame_n(
    tmp_path: Path, studio: Studio, delay_frames: int
) -> None:
    delay_ns = delay_frames * NS // 30
    studio.record(tmp_path / "cam.mp4", delay_ns, delay_ns)
    found = lumas(tmp_path / "cam.mp4")
    assert len(found) == 121, "as many as the program has"
    newest = [max(0, (frame * NS // 30 - delay_ns) * CAMERA_HZ // NS) for frame in range(121)]
    settled = slice(delay_frames, None)  # before, the oldest that there is
    np.testing.assert_allclose(found[settled], [luma_of(n) for n in newest][settled], atol=STEP / 2 - 1)
    pictures, sound, start_s = read_back(tmp_path / "cam.mp4")
    loud = np.flatnonzero(np.abs(sound) > 0.1)
    heard = [start_s + i / SAMPLE_RATE for i in loud[np.diff(loud, prepend=-SAMPLE_RATE) > SAMPLE_RATE // 4]]
    # The blip of second t, as late as its picture.
    wanted = [t + delay_ns / NS for t in range(4) if t + delay_ns / NS < 4]
    np.testing.assert_allclose(heard[: len(wanted)], wanted, atol=0.005)
    assert studio.status.get("drops") == 0


def test_it_keeps_the_cameras_size_and_coding(tmp_path: Path, studio: Studio) -> None:
    studio.record(tmp_path / "cam.mp4")
    with av.open(str(tmp_path / "cam.mp4")) as file:
        video = file.streams.video[0]
        frame = next(file.decode(video))
        assert (video.width, video.height, video.average_rate) == (160, 120, 30)
        assert (int(frame.colorspace), int(frame.color_range)) == (6, 2)  # BT.601, full


def test_a_camera_that_comes_late_is_black_until_then(tmp_path: Path, studio: Studio) -> None:
    studio.camera_from = 50
    studio.record(tmp_path / "cam.mp4")
    found = lumas(tmp_path / "cam.mp4")
    assert len(found) == 121
    assert max(found[:60]) < 4 and found[61] > 15


def test_a_camera_that_goes_leaves_its_last_picture(tmp_path: Path, studio: Studio) -> None:
    studio.camera_until = 40
    studio.record(tmp_path / "cam.mp4")
    found = lumas(tmp_path / "cam.mp4")
    assert len(found) == 121
    np.testing.assert_allclose(found[50:], luma_of(39), atol=STEP / 2 - 1)


def test_a_camera_that_never_comes_is_black_at_the_programs_size(tmp_path: Path, studio: Studio) -> None:
    studio.camera_from, studio.end_ns = 1 << 30, studio.start_ns + 6 * NS
    studio.record(tmp_path / "cam.mp4")
    with av.open(str(tmp_path / "cam.mp4")) as file:
        assert (file.streams.video[0].width, file.streams.video[0].height) == (SMALL.width, SMALL.height)
    found = lumas(tmp_path / "cam.mp4")
    assert len(found) == 181 and max(found) < 18


def test_one_that_is_too_slow_repeats_pictures_and_says_so(tmp_path: Path, studio: Studio) -> None:
    # It looks every other second: 60 program frames in 24 slots.
    studio.step_ns, studio.end_ns = 2 * NS, studio.start_ns + 8 * NS
    studio.record(tmp_path / "cam.mp4")
    assert studio.status.get("drops") > 60
    said = "\n".join([*studio.said, *(str(m) for m in studio.status.messages())])
    assert said.count("can't keep up") == 1, "once, not for every picture"
    assert f"{int(studio.status.get('drops'))} pictures lost in all" in said


def test_one_that_was_started_again_goes_on_in_a_file_that_says_where_it_begins(tmp_path: Path, studio: Studio) -> None:
    (tmp_path / "cam.mp4").write_bytes(b"what was before the fault")
    studio.status.set(restarts=1)
    studio.ticks = FrameClock(SMALL.rate, studio.start_ns - 10 * NS)  # the show has run for ten seconds
    studio._frame = 300
    studio.record(tmp_path / "cam.mp4")
    file = recorded(tmp_path / "cam.2.mp4")
    assert file is not None and (file.first, file.frames) == (300, 121)
    assert recorded(tmp_path / "cam.mp4") is None, "that is left as it is"


def test_a_picture_of_another_size_is_fitted() -> None:
    ring = FrameRing(ring_name("camera"), capacity=FORMAT.size)
    try:
        ring.slot(CAMERA.size)[:] = picture(235, PictureFormat(160, 120))
        ring.commit(CAMERA, capture_ns=1)
        frame = ring.newest()
        assert frame is not None
        assert fitted(frame, CAMERA) is frame.data
        other = PictureFormat(320, 176)
        y, u, v = other.planes(np.array(fitted(frame, other)))
        assert abs(float(y.mean()) - (16 + 235 * 219 / 255)) < 2, "full range to limited"
        assert abs(float(u.mean()) - 128) < 2 and abs(float(v.mean()) - 128) < 2
    finally:
        ring.close()


@pytest.mark.parametrize(("range_", "code"), [(Range.LIMITED, 16), (Range.FULL, 0)])
def test_black_is_black(range_: Range, code: int) -> None:
    y, u, v = (
        plane.max() for plane in PictureFormat(16, 8, range=range_).planes(black(PictureFormat(16, 8, range=range_)))
    )
    assert (y, u, v) == (code, 128, 128)
