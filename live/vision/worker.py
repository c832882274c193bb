"""The vision worker: one process that looks at one source: its matte for every picture, its faces a few times a second."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2

from live.clock import NS
from live.frames import Frame, FrameRing, Layout, PictureFormat, StatusBlock, WorkerState
from live.paths import model_path
from live.picture import Face
from live.quiet import quiet
from live.vision.faces import MAX_FACES, FaceEngine
from live.vision.matte import MatteEngine
from live.workers import WorkerContext

MATTE_MODEL = "selfie_segmentation_landscape.tflite"
FACE_MODEL = "face_detection_short_range.tflite"
FACE_HZ = 5.0
LARGEST_MATTE = 540  # lines
BOX_UNIT = 10_000  # a matte's box travels in the ring as ten-thousandths


@dataclass(frozen=True)
class VisionSpec:
    """What a vision worker is given: the ring it reads, the matte ring it writes ("" for none), whether to find faces."""

    source: str
    ring: str
    matte: str
    faces: bool


def matte_size(width: int, height: int) -> tuple[int, int]:
    """A matte has its picture's size up to 540 lines, and a half or a quarter of it beyond.

    The network saw 144 lines; refining its edge on 720 took 4 CPU ms a picture more, for a difference one has to look for.
    """
    while height > LARGEST_MATTE:
        width, height = width // 2, height // 2
    return width, height


class Eyes:
    """Matte and faces of one source: the same in the worker and in the off-line run."""

    def __init__(self, *, matte: bool, faces: bool) -> None:
        cv2.setNumThreads(1)
        self._matte = MatteEngine(model_path(MATTE_MODEL)) if matte else None
        self._faces = FaceEngine(model_path(FACE_MODEL)) if faces else None
        self._next_faces_ns = 0

    def close(self) -> None:
        """Give the models back, without the noise they make about it."""
        with quiet():
            for engine in (self._matte, self._faces):
                if engine is not None:
                    engine.close()

    def matte(self, frame: Frame, out: FrameRing) -> None:
        """Write the matte of a frame into the matte ring, marked with the frame's index."""
        if self._matte is None:
            return
        fmt = PictureFormat(*matte_size(frame.format.width, frame.format.height), layout=Layout.GRAY8)
        (alpha,) = fmt.planes(out.slot(fmt.size))
        box = self._matte.matte(frame.planes, alpha)
        aux = tuple(round(v * BOX_UNIT) for v in box)
        out.commit(fmt, capture_ns=frame.capture_ns, pts_ns=frame.pts_ns, seq=frame.index, aux=aux)  # type: ignore[arg-type]

    def faces(self, frame: Frame) -> tuple[Face, ...] | None:
        """The faces of a frame, at most FACE_HZ times a second of its own time; None in between."""
        if self._faces is None or frame.capture_ns < self._next_faces_ns:
            return None
        self._next_faces_ns = frame.capture_ns + int(NS / FACE_HZ)
        return self._faces.faces(frame.planes, frame.format)


def main(spec: VisionSpec, ctx: WorkerContext) -> None:
    """Look at every picture of the source, the newest first; pictures that come faster than they can be seen are skipped."""
    source = FrameRing(spec.ring)
    out = FrameRing(spec.matte) if spec.matte else None
    eyes = Eyes(matte=out is not None, faces=spec.faces)
    last, due_ns = source.count, 0
    ctx.status.set(state=WorkerState.RUNNING)
    while not ctx.stopping():
        frame = source.newest()
        now = ctx.clock.now_ns()
        if frame is None or frame.index == last or now < due_ns:
            ctx.clock.wait_until(now + 2_000_000)
            continue
        if last and frame.index > last + 1:
            ctx.status.add("drops", frame.index - last - 1)
        last = frame.index
        # A source nobody sees may be looked at less often (the engine says how often); a cut to it is at full rate at once.
        rate_hz = float(ctx.status.get("rate_hz"))
        due_ns = now + int(NS / rate_hz) if rate_hz else 0
        if out is not None:
            eyes.matte(frame, out)
        faces = eyes.faces(frame)
        if faces is not None:
            publish_faces(ctx.status, faces, frame.capture_ns)
        ctx.status.add("frames")
    eyes.close()


def publish_faces(status: StatusBlock, faces: Sequence[Face], time_ns: int) -> None:
    """Faces as numbers in the status block: [0] time in s, [1] count, then x, y, width, height, score of each."""
    values = status.values
    faces = faces[:MAX_FACES]
    for i, face in enumerate(faces):
        values[2 + 5 * i : 7 + 5 * i] = (face.x, face.y, face.width, face.height, face.score)
    values[:2] = (time_ns / NS, len(faces))


def read_faces(status: StatusBlock) -> tuple[float, tuple[Face, ...]]:
    """(machine time in s of the picture they were found in, faces)."""
    values = status.values.copy()
    count = min(int(values[1]), MAX_FACES)
    return float(values[0]), tuple(Face(*values[2 + 5 * i : 7 + 5 * i].tolist()) for i in range(count))
