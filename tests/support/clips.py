"""Real clips, picture by picture, through the product's own watcher: what the tests and the benchmark of seeing stand
on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass

import av
import numpy as np

from live.base.clock import NS, cpu_s
from live.config.source import FaceSearch
from live.picture.format import U8, PictureFormat
from live.picture.values import Face
from live.shm.frame_ring import Frame, FrameRing
from live.shm.memory import ring_name
from live.vision.people_finder import PeopleFinder
from tests.support.footage import FOOTAGE

PEOPLE = FOOTAGE / "people"
WEBCAM = "webcam_two_people_720p.webm"
THREE = "intel_face-demographics-walking-and-pause.gif"
TWO = "intel_head-pose-face-detection-female-and-male.gif"
PRESENTER = "presenter_outdoor_woman_1080x1920.mp4"
QUIET = ("asl_book.mkv", "asl_student.mkv", "asl_walk.mkv")  # they sign; nobody speaks
SPEAKING = ("bbaf2n.mpg", "swiz3n.mpg", PRESENTER)


def pictures(clip: str, seconds: float = 1e9, start_s: float = 0.0) -> Iterator[tuple[float, U8]]:
    """(time in s, BGR) of every picture."""
    with av.open(str(PEOPLE / clip)) as file:
        for n, picture in enumerate(file.decode(video=0)):
            at_s = float(picture.time if picture.time is not None else n / 25)
            if at_s > start_s + seconds:
                return
            if at_s >= start_s:
                yield at_s - start_s, np.ascontiguousarray(picture.to_ndarray(format="bgr24"))


def frames(shown: Iterator[tuple[float, U8]]) -> Iterator[Frame]:
    """BGR pictures as a source's ring holds them."""
    ring: FrameRing | None = None
    try:
        for at_s, bgr in shown:
            height, width = bgr.shape[0] & ~1, bgr.shape[1] & ~1
            fmt = PictureFormat(width, height)
            picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(bgr[:height, :width]), format="bgr24")
            ring = ring or FrameRing(ring_name("clip"), capacity=fmt.size)
            planes = fmt.planes(ring.slot(fmt.size))
            for plane, to in zip(picture.reformat(format="yuv420p").planes, planes, strict=True):
                rows, columns = to.shape
                to[:] = np.frombuffer(plane, np.uint8).reshape(rows, plane.line_size)[:, :columns]
            ring.commit(fmt, capture_ns=int(at_s * NS) + 1)
            frame = ring.newest()
            assert frame is not None
            yield frame
    finally:
        if ring is not None:
            ring.close()


@dataclass
class Watched:
    """What the watcher said of a clip. looks: (time in s, faces) of each look. cpu_ms: a second of the clip."""

    looks: list[tuple[float, tuple[Face, ...]]]
    cpu_ms: float

    @property
    def tracks(self) -> set[int]:
        return {f.track for _, faces in self.looks for f in faces}


def watch(
    shown: Iterator[tuple[float, U8]],
    how: FaceSearch | None = None,
    also: Callable[[Frame, tuple[Face, ...]], None] = lambda *_: None,
) -> Watched:
    """FaceSearch pictures. also: is shown each frame with new faces."""
    looks, used_s, last_s = [], 0.0, 0.0
    with closing(PeopleFinder(how or FaceSearch())) as watcher:  # a model that isn't closed hangs the interpreter's end
        for frame in frames(shown):
            before_s, last_s = cpu_s(), frame.capture_ns / NS
            faces = watcher.look(frame)
            used_s += cpu_s() - before_s
            if faces is not None:
                looks.append((last_s, faces))
                also(frame, faces)
    return Watched(looks, used_s * 1000 / max(last_s, 1e-3))
