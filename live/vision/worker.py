"""The vision worker: one process that looks at one source: its key for every picture, its faces a few times a
second."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

import cv2

from live.base.clock import NS
from live.base.quiet import quiet
from live.config.keying import KeyerOrders
from live.config.source import FaceSearch
from live.picture.format import Layout, PictureFormat
from live.picture.values import Face
from live.shm.frame_ring import Frame, FrameRing
from live.shm.notes import NoteBlock
from live.shm.status import WorkerState
from live.vision.keyer import Keyer
from live.vision.outline import Outline, outline_of
from live.vision.people_finder import PeopleFinder
from live.vision.telling import publish_faces, publish_outline, publish_screen
from live.workers import WorkerContext

OUTLINE_EVERY_NS = NS // 5
BOX_UNIT = 10_000  # a matte's box travels in the ring as ten-thousandths


@dataclass(frozen=True)
class VisionSpec:
    """What a vision worker is given: the ring it reads, the ring it writes keyed pictures to ("" for none), how people
    are searched for (None: not); how to key, where new orders for that come, and the ring of the source that an
    external key is made of ("" for none)."""

    source: str
    ring: str
    matte: str
    search: FaceSearch | None
    keyer: KeyerOrders = KeyerOrders()
    orders: str = ""
    external: str = ""


class Eyes:
    """Key and faces of one source: the same in the worker and in the off-line run."""

    def __init__(
        self,
        source: str,
        keyer: KeyerOrders,
        *,
        search: FaceSearch | None,
        orders: NoteBlock | None,
        external: FrameRing | None,
        say: Callable[[str], None],
    ) -> None:
        """orders: where new ones for the keyer come. external: the ring of the source that is the matte. say: see
        Keyer."""
        cv2.setNumThreads(1)
        self._orders, self._read, self._external = orders, 0, external
        if (note := self._note()) is not None:  # started again: what was ordered meanwhile stands
            keyer = note
        self._keyer = Keyer(source, keyer, say) if orders is not None else None
        self.outline = Outline()
        self._outlined_ns = 0
        self._finder: PeopleFinder | None = None
        try:
            self._finder = PeopleFinder(search) if search is not None else None
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Give the models of faces back, without the noise they make about it."""
        if self._finder is not None:
            with quiet():
                self._finder.close()

    @property
    def screen(self) -> str:
        """The colour of the screen that is keyed, "#rrggbb"; "" for none."""
        return self._keyer.screen_hex if self._keyer is not None else ""

    def _note(self) -> KeyerOrders | None:
        note = self._orders.read(self._read) if self._orders is not None else None
        if note is None:
            return None
        self._read = note[0]
        return KeyerOrders.model_validate_json(note[1])

    def matte(self, frame: Frame, out: FrameRing) -> None:
        """Write a frame's keyed picture into the ring, marked with the frame's index."""
        if self._keyer is None:
            return
        if (note := self._note()) is not None:
            self._keyer.obey(note)
        source = frame.format
        fmt = PictureFormat(source.width, source.height, source.matrix, source.range, Layout.KEYED)
        external = self._external.newest() if self._external is not None else None
        planes = fmt.planes(out.slot(fmt.size))
        box = self._keyer.key(frame, external, planes)
        if frame.capture_ns >= self._outlined_ns:
            self._outlined_ns, self.outline = frame.capture_ns + OUTLINE_EVERY_NS, outline_of(planes[3])
        x, y, width, height = (round(v * BOX_UNIT) for v in box)
        out.commit(fmt, capture_ns=frame.capture_ns, pts_ns=frame.pts_ns, seq=frame.index, aux=(x, y, width, height))

    def faces(self, frame: Frame) -> tuple[Face, ...] | None:
        """The faces of a frame, some times a second of its own time; None in between."""
        return self._finder.look(frame) if self._finder is not None else None


def main(spec: VisionSpec, ctx: WorkerContext) -> None:
    """Look at every picture of the source, the newest first; pictures that come faster than they can be seen are
    skipped."""
    source = FrameRing(spec.ring)
    out = FrameRing(spec.matte) if spec.matte else None
    orders = NoteBlock(spec.orders) if spec.orders else None
    external = FrameRing(spec.external) if spec.external else None
    eyes = Eyes(spec.source, spec.keyer, search=spec.search, orders=orders, external=external, say=ctx.say)
    # A model that isn't closed hangs the interpreter's end: a worker that fails would then not die, and not be started
    # again.
    with closing(eyes):
        _look(source, out, eyes, ctx)


def _look(source: FrameRing, out: FrameRing | None, eyes: Eyes, ctx: WorkerContext) -> None:
    last, due_ns = 0, 0  # the picture that stands there already is looked at, too: a file stands on its first one
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
        # A source nobody sees may be looked at less often (the engine says how often); a cut to it is at full rate at
        # once.
        rate_hz = float(ctx.status.get("rate_hz"))
        due_ns = now + int(NS / rate_hz) if rate_hz else 0
        if out is not None:
            eyes.matte(frame, out)
            publish_screen(ctx.status, eyes.screen)
            publish_outline(ctx.status, eyes.outline)
        faces = eyes.faces(frame)
        if faces is not None:
            publish_faces(ctx.status, faces, frame.capture_ns)
        ctx.status.add("frames")
