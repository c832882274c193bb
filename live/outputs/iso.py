"""Iso recordings: the clean pictures of one source, frame by frame beside the program.

Each iso is a process of its own, nicer than everything that the program needs. It follows the program's frames and
takes, for each, the picture that the source had given by then; so frame n of the file belongs to program frame n, and
the file neither drifts nor changes its rate with the source. One that can't keep up repeats pictures and says so;
nobody waits for it.
"""

from __future__ import annotations

from dataclasses import dataclass

import av
import numpy as np

from live.base.channels import Picks
from live.base.clock import NS
from live.config.output import EncoderConfig, Output
from live.config.picture import PictureConfig
from live.outputs.encoder import Encoder
from live.outputs.worker import Pictures, Work
from live.picture.format import U8, Layout, PictureFormat, Range
from live.shm.frame_ring import Frame, FrameRing
from live.shm.sound_ring import SoundRing
from live.shm.status import WorkerState
from live.workers import WorkerContext

WAIT_S = 5.0  # a source without a picture for so long is recorded at the program's size, black until it comes


@dataclass(frozen=True)
class IsoSpec:
    """What an iso worker is given. sound_ring: of the source or of the microphone that goes with it. picture_delay_ns
    and sound_delay_ns: how old the picture and the sound are that belong to a program frame, at its tick. fresh: see
    Placed. identity: of the show."""

    output: Output
    picture: PictureConfig
    encoder: EncoderConfig
    program_ring: str
    source_ring: str
    sound_ring: str
    picture_delay_ns: int
    sound_delay_ns: int
    picks: Picks = None  # the channels of it
    fresh: bool = True
    identity: str = ""


def iso_encoder(config: EncoderConfig) -> EncoderConfig:
    """The rig's encoder settings as an iso uses them: the cheapest preset; room for a picture that is cut and graded
    later; a keyframe a second, because an editor jumps about in it."""
    return config.model_copy(update={"preset": "ultrafast", "video_kbps": 4 * config.video_kbps, "keyframe_s": 1.0})


def main(spec: IsoSpec, ctx: WorkerContext) -> None:
    """Record until told to stop."""
    work = IsoWork(spec, ctx)
    ctx.status.set(state=WorkerState.RUNNING)
    work.run()


class IsoWork(Work):
    """One iso recording. Its encoder is made when the source's first picture has said how large it is."""

    # It may be behind by all that the program's ring holds, and ends on the same frame as the program.
    drain_limit_ns = 3 * NS

    def __init__(self, spec: IsoSpec, ctx: WorkerContext) -> None:
        pictures, sound = Pictures(FrameRing(spec.program_ring), ctx), SoundRing(spec.sound_ring)
        super().__init__(ctx, pictures, sound, spec.sound_delay_ns, spec.picks)
        self._spec = spec
        self._source = FrameRing(spec.source_ring)
        self._format = PictureFormat(spec.picture.width, spec.picture.height)
        self._first = -1

    def encode(self, frame: Frame) -> None:
        """The picture that the source gives for this program frame; black while it has given none."""
        if self._first < 0:
            self._first = frame.seq
        picture = self._source.before(frame.capture_ns - self._spec.picture_delay_ns)
        if picture is not None:
            self._start(picture.format, frame.seq)
            self.put(fitted(picture, self._format), picture, frame.seq)
        elif self.encoder is not None or frame.seq - self._first >= WAIT_S * self._spec.picture.rate:
            self._start(self._format, frame.seq).video(black(self._format), frame.seq)

    def _start(self, fmt: PictureFormat, number: int) -> Encoder:
        """The encoder, made once. The file begins with the program: black, up to the source's first picture."""
        if self.encoder is None:
            spec, self._format = self._spec, fmt
            self.encoder = Encoder(
                spec.picture,
                iso_encoder(spec.encoder),
                (spec.output,),
                self.said.put,
                fresh=self.fresh and spec.fresh,
                fmt=fmt,
                identity=spec.identity,
            )
            if number > self._first:
                self.encoder.video(black(fmt), self._first)
        return self.encoder


def fitted(picture: Frame, fmt: PictureFormat) -> U8:
    """A picture as flat I420 in the recording's format: its own data, unless the source has changed its format since
    the start.
    """
    if picture.format == fmt:
        return picture.data
    frame = av.VideoFrame.from_dlpack(picture.planes, format="yuv420p")
    spaces = {"src_colorspace": _SPACE[picture.format.matrix], "dst_colorspace": _SPACE[fmt.matrix]}
    ranges = {"src_color_range": _RANGES[picture.format.range], "dst_color_range": _RANGES[fmt.range]}
    scaled = frame.reformat(fmt.width, fmt.height, "yuv420p", **spaces, **ranges)
    flat: U8 = scaled.to_ndarray().reshape(-1)
    return flat


_SPACE = {0: "ITU601", 1: "ITU709"}
_RANGES = {0: "MPEG", 1: "JPEG"}


def black(fmt: PictureFormat) -> U8:
    """Flat I420."""
    assert fmt.layout is Layout.I420
    out = np.full(fmt.size, 128, np.uint8)
    fmt.planes(out)[0][:] = 0 if fmt.range is Range.FULL else 16
    return out
