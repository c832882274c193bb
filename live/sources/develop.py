"""What a decoder gives, as everything after wants it: 8 bit, 4:2:0, whole pictures instead of fields, upright, square
pixels, the program's colours; and its alpha, where it has one.

A file says in many places what it is: each picture says how it was held, how it was scanned and which light its codes
mean, a stream how its pixels are shaped. Nothing is done to what needs nothing: such a picture stays the decoder's own.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple

import av
import cv2
import numpy as np
from av.filter import Graph
from av.stream import Disposition
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

from live.base.clock import NS
from live.picture.format import U8, Layout, Matrix, PictureFormat, Range
from live.sources.hdr import cube, table_for
from live.sources.siting import between_columns, onto_columns

_COVERS = Disposition.attached_pic | Disposition.timed_thumbnails
_FIELDS_FROM = 1.1  # a program so many times as fast as the film's pictures shows both fields of each
_OBLONG = 20  # no pixel is so many times as wide as high, or as high as wide: what says so is damaged
_TIME_BASE = Fraction(1, 1_000_000)
_PLAIN = {"yuv420p", "yuvj420p"}
_FOREIGN = {7: Colorspace.SMPTE240M, 9: Colorspace.BT2020, 10: Colorspace.BT2020}  # matrices (ITU-T H.273)
_FILTER_SPACES = {1: "bt709", 4: "fcc", 5: "bt601", 6: "bt601", 7: "smpte240m", 9: "bt2020", 10: "bt2020"}
_ALPHA_AT = {"rgba": 3, "bgra": 3, "argb": 0, "abgr": 0}
_SPACE_OF = {Matrix.BT601: Colorspace.ITU601, Matrix.BT709: Colorspace.ITU709}
_RANGE_OF = {Range.LIMITED: ColorRange.MPEG, Range.FULL: ColorRange.JPEG}


class Turn(NamedTuple):
    """What makes a picture upright: transposed first, then mirrored."""

    transposed: bool = False
    across: bool = False  # left and right change places
    down: bool = False

    def of(self, plane: U8) -> U8:
        if self.transposed:
            plane = cv2.transpose(plane)
        if self.across or self.down:
            plane = cv2.flip(plane, -1 if self.across and self.down else 1 if self.across else 0)
        return plane


STRAIGHT = Turn()
_BY_QUARTERS = {0: STRAIGHT, 1: Turn(True, False, True), 2: Turn(False, True, True), 3: Turn(True, True, False)}


@dataclass(frozen=True)
class Developed:
    """A picture as it goes into a ring. write(out) fills a buffer of `format.size` bytes, as often as it is called."""

    format: PictureFormat
    write: Callable[[U8], None]


class Developer:
    """The pictures of one stream, from first to last. Owner: one thread at a time."""

    def __init__(
        self,
        stream: Any,
        limit: tuple[int, int],
        rate_hz: float,
        *,
        premultiplied: bool = False,
        size: tuple[int, int] | None = None,
    ) -> None:
        """limit: no picture gets larger than this (width, height). rate_hz: of the program. premultiplied: the colours
        of a film with alpha are already multiplied by it. size: make every picture so large, whatever its shape, in
        the program's codes.
        """
        self._stream, self._limit, self._rate_hz = stream, limit, rate_hz
        self._premultiplied, self._size = premultiplied, size
        self._codec = stream.codec_context.name
        self._first_shape: Any = None
        self._fields: Graph | None = None
        self._fields_of: tuple[Any, ...] = ()
        self._lights: tuple[tuple[Any, ...], Graph] | None = None
        self._scaler = VideoReformatter()
        self._held: tuple[int, Turn] | None = None  # how its pictures were held, and what makes them upright

    # -- whole pictures of fields -------------------------------------------------------------------------------------

    def arrive(self, frame: av.VideoFrame, at_ns: int) -> Iterator[tuple[int, av.VideoFrame]]:
        """A decoded picture and its time; the pictures that are whole by now, with theirs. Of an interlaced film they
        come one later, and two of each where the program is fast enough to show both of its fields.
        """
        if self._fields is None and not frame.interlaced_frame:
            yield at_ns, frame
            return
        key = frame.width, frame.height, frame.format.name
        if self._fields is None or key != self._fields_of:
            yield from self.rest()
            self._fields, self._fields_of = self._weaver(frame), key
        frame.pts, frame.time_base = at_ns // 1000, _TIME_BASE
        self._fields.push(frame)
        yield from _pulled(self._fields)

    def rest(self) -> Iterator[tuple[int, av.VideoFrame]]:
        """The last ones, when no more will come."""
        if self._fields is not None:
            fields, self._fields = self._fields, None
            fields.push(None)
            yield from _pulled(fields)

    def _weaver(self, frame: av.VideoFrame) -> Graph:
        both = self._rate_hz > _FIELDS_FROM * rate_of(self._stream)
        graph = Graph()
        graph.threads = 1
        graph.link_nodes(
            graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=_TIME_BASE),
            graph.add("bwdif", mode="send_field" if both else "send_frame", parity="auto", deint="interlaced"),
            graph.add("buffersink"),
        ).configure()
        return graph

    # -- size, shape, colours -----------------------------------------------------------------------------------------

    def develop(self, frame: av.VideoFrame) -> Developed:
        """A whole picture as it goes into a ring."""
        turn = self._turn(frame)
        if has_alpha(frame) and (cut := self._cut_out(frame, turn)) is not None:
            return cut
        between = between_columns(self._codec, frame)
        fmt, made = self._scaled(frame, turn)
        if turn == STRAIGHT:
            return Developed(fmt, partial(copy_i420, made, fmt, between=between))
        flat = np.empty(fmt.size, np.uint8)
        copy_i420(made, fmt, flat)
        planes = [turn.of(plane) for plane in fmt.planes(flat)]
        fmt = replace(fmt, width=planes[0].shape[1], height=planes[0].shape[0])
        for plane in planes[1:]:
            for _ in range(1 if turn.transposed or between else 2 if turn.across else 0):
                onto_columns(plane)
        return Developed(fmt, partial(_join, planes))

    def _turn(self, frame: av.VideoFrame) -> Turn:
        """Looked up when it is held otherwise: who asks a frame for what is beside it keeps the frame, for the two then
        hold each other until the oldest garbage is collected (PyAV 18)."""
        if self._held is None or self._held[0] != frame.rotation:
            self._held = frame.rotation, turn_of(frame)
        return self._held[1]

    def _fit(self, frame: av.VideoFrame, turn: Turn) -> tuple[int, int]:
        """The size (width, height) that a picture is brought to before it is turned, both even and 2 at least: a line
        of pixels has no 4:2:0."""
        if self._size is not None:
            return self._size[::-1] if turn.transposed else self._size
        shape = self._shape()
        limit = self._limit[::-1] if turn.transposed else self._limit
        square = abs(shape - 1) * frame.width < 1
        wide = frame.width if square else max(1, round(frame.width * shape))
        scale = min(1.0, limit[0] / wide, limit[1] / frame.height)
        return max(2, int(wide * scale) & ~1), max(2, int(frame.height * scale) & ~1)

    def _shape(self) -> float:
        """How many times as wide as high the pixels are: as the container says, until the pictures say otherwise in
        mid-stream, as television does."""
        now = self._stream.codec_context.sample_aspect_ratio
        if self._first_shape is None:
            self._first_shape = now
        said = now if now != self._first_shape else self._stream.sample_aspect_ratio or now
        return float(said) if said and 1 / _OBLONG <= said <= _OBLONG else 1.0

    def _scaled(self, frame: av.VideoFrame, turn: Turn) -> tuple[PictureFormat, av.VideoFrame]:
        """As 4:2:0 of 8 bit with square pixels: the same frame when it is that already."""
        width, height = self._fit(frame, turn)
        if (table := table_for(int(frame.color_trc), int(frame.color_primaries))) is not None:
            return PictureFormat(width, height), self._relit(frame, (width, height), table)
        matrix, space = matrix_of(frame), int(frame.colorspace)
        fmt = PictureFormat(width, height, matrix, range_of(frame))
        foreign = frame.format.is_rgb or frame.format.has_palette or space in _FOREIGN
        same = (width, height) == (frame.width & ~1, frame.height & ~1) and not foreign
        if same and frame.format.name in _PLAIN and (self._size is None or fmt == PictureFormat(width, height)):
            return fmt, frame
        if foreign or self._size is not None:
            fmt = PictureFormat(width, height)
        return fmt, self._scaler.reformat(frame, width, height, "yuv420p", **_codes(frame, fmt.matrix, fmt.range))

    def _relit(self, frame: av.VideoFrame, size: tuple[int, int], table: tuple[int, str]) -> av.VideoFrame:
        """Through a table of colours, in libav's filter, which has it for vectors."""
        key = frame.width, frame.height, frame.format.name, int(frame.colorspace), range_of(frame), size, table
        if self._lights is None or self._lights[0] != key:
            self._lights = key, _light_table(frame, size, table)
        graph = self._lights[1]
        frame.pts, frame.time_base = 0, _TIME_BASE
        graph.push(frame)
        made: av.VideoFrame = graph.vpull()
        return made

    # -- alpha --------------------------------------------------------------------------------------------------------

    def _cut_out(self, frame: av.VideoFrame, turn: Turn) -> Developed | None:
        """With its alpha beside it; None when all of it is opaque."""
        width, height = self._fit(frame, turn)
        y, u, v, alpha = self._planes_444(frame)
        if int(alpha.min()) == 255:
            return None
        luma = turn.of(y) if y.shape == (height, width) and not self._premultiplied else None
        y, u, v = (_multiplied(p, alpha, black, self._premultiplied) for p, black in ((y, 16), (u, 128), (v, 128)))
        (y, u, v, alpha) = (turn.of(_sized(p, (width, height))) for p in (y, u, v, alpha))
        return cut_out(y, u, v, alpha, luma)

    def _planes_444(self, frame: av.VideoFrame) -> tuple[U8, U8, U8, U8]:
        """Y, U, V and A of all pixels, in the program's codes."""
        made = self._scaler.reformat(frame, format="yuva444p", **_codes(frame))
        y, u, v, a = (
            np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: frame.height, : frame.width]
            for plane in made.planes
        )
        return y, u, v, a


def cut_out(y: U8, u: U8, v: U8, alpha: U8, luma: U8 | None = None) -> Developed:
    """A picture over black in 4:4:4 (even sizes) and its alpha, as a ring holds one that is cut out; luma: that before
    it was multiplied, where it is known. Chroma is halved after it was multiplied: what is clear has no colour to lend
    to its neighbours."""
    height, width = y.shape
    fmt = PictureFormat(width, height, layout=Layout.CUT)
    flat = np.empty(fmt.size, np.uint8)
    over, fill = fmt.planes(flat), fmt.cut(flat)
    half = width // 2, height // 2
    small = cv2.resize(alpha, half, interpolation=cv2.INTER_AREA)
    onto_columns(small)
    over[0][:] = y
    for plane, target in ((u, over[1]), (v, over[2])):
        target[:] = cv2.resize(plane, half, interpolation=cv2.INTER_AREA)
        onto_columns(target)
    fill[0][:] = _divided(y, alpha, 16) if luma is None else luma
    for shown, target in zip(over[1:], fill[1:3], strict=True):
        target[:] = _divided(shown, small, 128)
    fill[3][:] = alpha
    return Developed(fmt, partial(_copy, flat))


def _codes(frame: av.VideoFrame, to: Matrix = Matrix.BT709, codes: Range = Range.LIMITED) -> dict[str, Any]:
    """What libav has to know to bring a picture into these codes."""
    said: dict[str, Any] = {"dst_colorspace": _SPACE_OF[to], "dst_color_range": _RANGE_OF[codes], "threads": 1}
    if not (frame.format.is_rgb or frame.format.has_palette):
        said["src_colorspace"] = _FOREIGN.get(int(frame.colorspace), _SPACE_OF[matrix_of(frame)])
        said["src_color_range"] = _RANGE_OF[range_of(frame)]
        said["interpolation"] = Interpolation.BILINEAR | Interpolation.ACCURATE_RND  # a code nearer, for 1 ms at 1080p
    return said


def _light_table(frame: av.VideoFrame, size: tuple[int, int], table: tuple[int, str]) -> Graph:
    """Scaled, as R'G'B' of 16 bit through the table, as 4:2:0 again. The filter reads its table from a file."""
    handle, path = tempfile.mkstemp(suffix=".cube")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(cube(*table))
        yuv = {} if frame.format.is_rgb else {"in_color_matrix": _FILTER_SPACES.get(int(frame.colorspace), "bt2020")}
        coded = {"in_range": "pc" if range_of(frame) is Range.FULL else "tv"}
        graph = Graph()
        graph.threads = 1
        graph.link_nodes(
            graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=_TIME_BASE),
            graph.add("scale", w=str(size[0]), h=str(size[1]), flags="bilinear", **yuv, **coded),
            graph.add("format", pix_fmts="gbrp16le"),  # of 10 bit the table takes three times as long
            graph.add("lut3d", file=path, interp="tetrahedral"),
            graph.add("scale", out_color_matrix="bt709", out_range="tv"),
            graph.add("format", pix_fmts="yuv420p"),
            graph.add("buffersink"),
        ).configure()
        return graph
    finally:
        os.unlink(path)


def _pulled(graph: Graph) -> Iterator[tuple[int, av.VideoFrame]]:
    while True:
        try:
            frame = graph.vpull()
        except (BlockingIOError, EOFError):
            return
        yield round(frame.pts * frame.time_base * NS), frame


def turn_of(frame: av.VideoFrame) -> Turn:
    """A phone writes down how it was held, and whether it looked into a mirror: in a matrix (ISO/IEC 14496-12, 8.3.2),
    of which only quarters of a circle count."""
    try:
        data = frame.side_data.get("DISPLAYMATRIX")
    except ValueError:  # something beside it that PyAV has no name for
        return _BY_QUARTERS[round(frame.rotation / 90) % 4]
    if data is None:
        return STRAIGHT
    a, b, _, c, d = np.frombuffer(data, np.int32, 5).tolist()
    if abs(b) + abs(c) > abs(a) + abs(d):
        return Turn(True, c < 0, b < 0)
    return Turn(False, a < 0, d < 0)


def has_alpha(frame: av.VideoFrame) -> bool:
    """May some of it be clear? Of the usual ways to code alpha it is looked at."""
    name = frame.format.name
    if (at := _ALPHA_AT.get(name)) is not None:
        plane = frame.planes[0]
        alpha = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[:, at : 4 * frame.width : 4]
        return int(alpha.min()) < 255
    return bool(name.startswith(("yuva", "gbrap", "rgba", "bgra", "argb", "abgr", "ya", "ayuv", "vuya", "pal8")))


def _multiplied(plane: U8, alpha: U8, black: int, already: bool) -> U8:
    """Codes over black."""
    if already:
        return plane
    rest = np.rint(black * (255 - np.arange(256)) / 255).astype(np.uint8)
    return np.asarray(cv2.add(cv2.multiply(plane, alpha, scale=1 / 255), cv2.LUT(alpha, rest)))


def _divided(plane: U8, alpha: U8, black: int) -> U8:
    """What codes over black were before they were multiplied with alpha. OpenCV takes a plane of 1 or of 4 pixels for a
    number: so it gets planes only."""
    above = cv2.subtract(plane, np.full_like(plane, black), dtype=cv2.CV_32F)
    whole = cv2.divide(above, np.maximum(alpha, 1).astype(np.float32), scale=255)
    return np.asarray(cv2.add(whole, np.full_like(whole, black), dtype=cv2.CV_8U))


def _sized(plane: U8, size: tuple[int, int]) -> U8:
    if plane.shape[1::-1] == size:
        return plane
    smaller = size[0] < plane.shape[1]
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR))


def _join(planes: list[U8], out: U8) -> None:
    np.concatenate([plane.reshape(-1) for plane in planes], out=out)


def _copy(flat: U8, out: U8) -> None:
    np.copyto(out, flat)


def copy_i420(frame: av.VideoFrame, fmt: PictureFormat, out: U8, *, between: bool = False) -> None:
    """Copy the planes of a 4:2:0 frame, whose lines may be padded, into a packed buffer. between: chroma lies between
    two columns, and is put where the program has it."""
    for plane, target in zip(frame.planes, fmt.planes(out), strict=True):
        rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
        target[:] = rows[: target.shape[0], : target.shape[1]]
        if between and target.shape[0] < fmt.height:
            onto_columns(target)


# The decoders that come with libav leave out the alpha of these two; libvpx gives it.
_ALPHA_DECODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9"}


def decoder_of(stream: Any) -> Callable[[Any], list[Any]]:
    """What makes frames of a stream's packets, an empty packet at the end included; with their alpha, and with times of
    their own where libav has only guessed them."""
    name = _ALPHA_DECODERS.get(stream.codec_context.name) if stream.metadata.get("alpha_mode") == "1" else None
    if name is None and stream.type == "video" and stream.container.format.name == "avi":
        return _InOrder()
    if name is None:
        return lambda packet: list(packet.decode())
    decoder = av.CodecContext.create(name, "r")

    def decode(packet: Any) -> list[Any]:
        frames = decoder.decode(packet if packet.size else None)
        for frame in frames:
            frame.time_base = stream.time_base
        return list(frames)

    return decode


class _InOrder:
    """AVI says in which order pictures lie in the file, and not when they are shown. They come out of the decoder as
    they are shown, some pictures late: the first that does is the one that went in first.
    """

    def __init__(self) -> None:
        self._in: int | None = None  # decoding time of the first packet
        self._late: int | None = None  # of what comes out
        self._last, self._step = 0, 1

    def __call__(self, packet: Any) -> list[Any]:
        if self._in is None:
            self._in = packet.dts
        frames = list(packet.decode())
        for frame in frames:
            if frame.dts is None or self._in is None:  # those that are left at the end
                frame.pts = self._last + self._step
            else:
                if self._late is None:
                    self._late = frame.dts - self._in
                frame.pts = frame.dts - self._late
            self._last, self._step = frame.pts, max(1, frame.pts - self._last)
        return frames


def pictures_of(container: Any) -> list[Any]:
    """The streams of pictures that move: no covers and no thumbnails."""
    return [s for s in container.streams.video if not s.disposition & _COVERS]


def rate_of(stream: Any) -> float:
    """Pictures a second, as the stream says; 25 where it says nothing."""
    return float(stream.average_rate or stream.guessed_rate or 25)


def matrix_of(frame: av.VideoFrame) -> Matrix:
    """What the stream says; when it says nothing, by size, as players do: SD is BT.601."""
    space = int(frame.colorspace)  # ITU-T H.273 matrix coefficients, in libav's order
    if space == 1:
        return Matrix.BT709
    if space in (4, 5, 6):
        return Matrix.BT601
    return Matrix.BT709 if frame.height >= 720 else Matrix.BT601


def range_of(frame: av.VideoFrame) -> Range:
    full = frame.format.name.startswith("yuvj") or int(frame.color_range) == 2
    return Range.FULL if full or frame.format.name.startswith("gray") else Range.LIMITED
