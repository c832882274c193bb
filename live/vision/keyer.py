"""The keyer of one source: its keys, its masks, and the colours at its edges, from a picture to what can be laid over
anything."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from live.base.errors import LiveError
from live.base.paths import model_path
from live.config.keying import KeyerOrders
from live.picture.format import U8, PictureFormat, Range
from live.picture.planes import nudged
from live.shm.frame_ring import Frame
from live.vision.chroma import ChromaKey, Screen, find, hex_of_screen, pick, screen_of_hex
from live.vision.edges import clean_edges
from live.vision.masks import Masks
from live.vision.matte import MatteEngine, box_of, refine_where
from live.vision.plain import external_key, luma_key, plate_mask, read_plate, save_plate
from live.vision.rvm import RvmEngine

MATTE_MODEL = "selfie_segmentation_landscape.tflite"
RVM_MODEL = "rvm_mobilenetv3_fp32.onnx"
Box = tuple[float, float, float, float]


class Keyer:
    """Keys the pictures of one source. Same in the vision worker and in the off-line run; owned by one thread.

    say: is told once of what keeps a key from being made (no screen to be seen, no empty picture yet); that key is
    empty until then.
    """

    def __init__(self, source: str, orders: KeyerOrders, say: Callable[[str], None]) -> None:
        cv2.setNumThreads(1)
        self._source, self._orders, self._say = source, orders, say
        self._ai: MatteEngine | RvmEngine | None = None
        self._screen: Screen | None = None
        self._chroma: ChromaKey | None = None
        self._plate: tuple[U8, ...] | None = None
        self._masks: Masks | None = None
        self._fmt: PictureFormat | None = None
        self._said = ""
        self._picking, self._taking = orders.picks > 0, False
        self.screen_hex = ""  # the screen that is keyed, "" for none
        if "ai" in orders.kinds:
            self._ai = self._engine()

    def obey(self, orders: KeyerOrders) -> None:
        """New orders, from the next picture on."""
        before, self._orders = self._orders, orders
        self._chroma = None
        self._said = ""
        if orders.keyer.screen != before.keyer.screen or orders.finds != before.finds:
            self._screen, self._picking = None, False
        if orders.keyer.masks != before.keyer.masks:
            self._masks = None
        self._picking |= (orders.picks, orders.pick) != (before.picks, before.pick) and orders.picks > 0
        self._taking |= orders.plates != before.plates

    def key(self, frame: Frame, external: Frame | None, out: tuple[U8, ...]) -> Box:
        """Fill out (Y, U, V, A of a KEYED picture of the frame's size). Returns the box of what is not transparent (x0,
        y0, x1, y1 as shares, origin top left; all zero for nothing); only there the planes are filled."""
        planes, fmt, config = frame.planes, frame.format, self._orders.keyer
        if self._fmt != fmt:
            self._fmt, self._chroma, self._masks, self._plate = fmt, None, None, None
        self._once(planes, fmt)
        alpha = out[3]
        chroma: tuple[U8, ...] = planes[1:]
        shade: U8 | None = None
        alpha[:] = 255 if not self._orders.kinds else 0
        for n, kind in enumerate(self._orders.kinds):
            target = alpha if n == 0 else np.empty_like(alpha)
            if kind == "chroma":
                chroma, shade = self._key_chroma(planes, fmt, target)
            else:
                self._key_other(kind, planes, fmt, external, target)
            if n:
                (cv2.min if config.combine == "min" else cv2.max)(alpha, target, alpha)
        self._put_right(alpha)
        if shade is not None:
            cv2.max(alpha, _sized(shade, alpha.shape), alpha)
        box = box_of(alpha, 1, margin=2)
        self._fill((planes[0], *chroma), alpha, shade, box, out)
        return box

    def _engine(self) -> MatteEngine | RvmEngine:
        if self._orders.keyer.matte == "rvm":
            return RvmEngine(model_path(RVM_MODEL))
        return MatteEngine(model_path(MATTE_MODEL))

    # -- the keys -----------------------------------------------------------------------------------------------------

    def _key_chroma(self, planes: tuple[U8, ...], fmt: PictureFormat, out: U8) -> tuple[tuple[U8, ...], U8 | None]:
        """Alpha into out; returns chroma without the screen's light, and the shadows to be kept."""
        key = self._chroma or self._tables(planes, fmt)
        if key is None:
            out[:] = 0
            return planes[1:], None
        alpha, u, v = key.key(planes[1], planes[2])
        alpha = nudged(alpha, 0.25)  # chroma lies on every second column of luma, a matte between two
        if out.shape == alpha.shape:
            out[:] = alpha
        else:  # a small picture: half its lines would show as steps, so that its luma says where the edge is
            refine_where(alpha.astype(np.float32) * np.float32(1 / 255), planes, out, sure=False)
        return (u, v), key.shade(planes[0], alpha)

    def _tables(self, planes: tuple[U8, ...], fmt: PictureFormat) -> ChromaKey | None:
        config = self._orders.keyer
        if self._screen is None:
            self._screen = find(planes) if config.screen == "auto" else screen_of_hex(config.screen, fmt)
        if self._screen is None:
            self._tell("sees no screen of one colour at its borders", f"pick it: /keying/{self._source}/pick x y")
            return None
        self.screen_hex = hex_of_screen(self._screen, fmt)
        self._chroma = ChromaKey(self._screen, config, fmt)
        return self._chroma

    def _key_other(
        self, kind: str, planes: tuple[U8, ...], fmt: PictureFormat, external: Frame | None, out: U8
    ) -> None:
        config = self._orders.keyer
        if kind == "ai":
            if self._ai is None:
                self._ai = self._engine()
            self._ai.matte(planes, out)
        elif kind == "luma":
            luma_key(planes[0], fmt.range, config.low, config.high, out)
        elif kind == "external" and external is not None:
            external_key(external.planes[0], external.format.range, out)
        elif kind == "plate" and self._plate is not None:
            refine_where(plate_mask(planes, self._plate, config.difference), planes, out)
        else:
            out[:] = 0

    def _once(self, planes: tuple[U8, ...], fmt: PictureFormat) -> None:
        """What is done once, with this picture: the screen picked, the empty picture taken or read."""
        if self._picking:
            self._picking, self._chroma = False, None
            self._screen = pick(planes, *self._orders.pick)
        if self._taking:
            self._taking = False
            self._plate = tuple(p.copy() for p in planes)
            if (path := self._orders.keyer.plate) is not None:
                self._try(lambda: save_plate(path, planes))
        elif self._plate is None and "plate" in self._orders.kinds:
            self._read_plate(fmt)

    def _read_plate(self, fmt: PictureFormat) -> None:
        path = self._orders.keyer.plate
        if path is None or not path.exists():
            self._tell("has no empty picture yet", f"take it with nobody there: /keying/{self._source}/plate")
            return

        def read() -> None:
            self._plate = read_plate(path, fmt)

        self._try(read)

    # -- what is drawn ------------------------------------------------------------------------------------------------

    def _put_right(self, alpha: U8) -> None:
        if not self._orders.keyer.masks:
            return
        size = (alpha.shape[1], alpha.shape[0])
        if self._masks is None or self._masks.size != size:
            self._masks = Masks(self._orders.keyer.masks, size)
        self._masks.apply(alpha)

    def _fill(self, planes: tuple[U8, ...], alpha: U8, shade: U8 | None, box: Box, out: tuple[U8, ...]) -> None:
        """The picture's planes inside the box, with clean edges and black shadows."""
        h, w = planes[1].shape
        x0, y0, x1, y1 = int(box[0] * w), int(box[1] * h), -int(-box[2] * w // 1), -int(-box[3] * h // 1)
        if x1 <= x0 or y1 <= y0:
            return
        half, full = (slice(y0, y1), slice(x0, x1)), (slice(2 * y0, 2 * y1), slice(2 * x0, 2 * x1))
        parts = planes[0][full], planes[1][half], planes[2][half]
        targets = out[0][full], out[1][half], out[2][half]
        for part, target in zip(parts, targets, strict=True):
            target[:] = part
        if self._orders.keyer.clean and self._orders.kinds:
            if alpha.shape == planes[1].shape:
                key = _sized(alpha[half], parts[0].shape)
            else:
                key = _sized(alpha, planes[0].shape)[full]
            clean_edges(parts, key, targets, 2 * h)
        if shade is not None:
            _blacken(
                targets,
                _sized(alpha, shade.shape)[half],
                shade[half],
                16 if self._fmt and self._fmt.range is Range.LIMITED else 0,
            )

    def _tell(self, cause: str, action: str) -> None:
        """Once, until something changes."""
        text = f"{self._source}: {cause}; {action}"
        if text != self._said:
            self._said = text
            self._say(text)

    def _try(self, what: Callable[[], None]) -> None:
        try:
            what()
        except LiveError as error:
            if str(error) != self._said:
                self._said = str(error)
                self._say(str(error))


def _sized(plane: U8, shape: tuple[int, ...]) -> U8:
    return plane if plane.shape == shape else cv2.resize(plane, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)


def _blacken(targets: tuple[U8, ...], alpha: U8, shade: U8, black: int) -> None:
    """Where a shadow is what makes a pixel opaque, it is black: of alpha, the part that is not shade keeps its
    colour."""
    lit = np.clip(1 - shade.astype(np.float32) / np.maximum(alpha, 1), 0, 1)
    for n, target in enumerate(targets):
        share = lit if n else cv2.resize(lit, target.shape[::-1], interpolation=cv2.INTER_LINEAR)
        middle = 128 if n else black
        target[:] = np.rint(middle + (target.astype(np.float32) - middle) * share)
