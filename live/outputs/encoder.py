"""The one encode: program pictures and sound in, H.264 and AAC out, muxed to every target.

Owned by one thread. The targets' threads do the writing (see targets.py).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from fractions import Fraction

import av
import numpy as np
import numpy.typing as npt
from av.audio.stream import AudioStream
from av.codec.context import Flags
from av.container import OutputContainer
from av.packet import Packet
from av.video.frame import PictureType
from av.video.stream import VideoStream

from live.base.clock import NS, MonotonicClock
from live.base.samples import CHANNELS, SAMPLE_RATE
from live.config.output import EncoderConfig, Output
from live.config.picture import PictureConfig
from live.outputs.cea608 import Embedder, RollUp
from live.outputs.fader import Fader
from live.outputs.stings import Stings
from live.outputs.targets import AUDIO, VIDEO, Coded, Say, Target, Targeted, Template, add_streams
from live.picture.format import U8, Matrix, PictureFormat, Range
from live.sound.film_sound import SILENT, FilmSound
from live.sound.limiter import LOOKAHEAD, Limiter, Samples

AAC_FRAME = 1024
# libav's numbers for primaries, transfer and matrix; and for the range
_BT709 = 1
_MATRIX = {Matrix.BT709: _BT709, Matrix.BT601: 6}
_RANGE = {Range.LIMITED: 1, Range.FULL: 2}


def pick_video_codec() -> str:
    """The H.264 encoder of this machine."""
    return "libx264"


def video_options(config: EncoderConfig) -> dict[str, str]:
    """Options of libx264: constant quality, capped at video_kbps over a buffer of one second, which is what stream
    servers need. A plain picture then takes fewer bits and less CPU than the cap (720p ultrafast: 4.6 Mb/s 6.1 ms, 3.6
    Mb/s 5.6 ms a frame), and nothing is filled up as true CBR would.
    """
    return {
        "preset": config.preset,
        "tune": "zerolatency",
        "sc_threshold": "0",
        "crf": "22",
        "maxrate": f"{config.video_kbps}k",
        "bufsize": f"{config.video_kbps}k",
    }


# Options of libav's AAC encoder. Its default coder takes 1.0-2.6 ms of CPU per program frame; this one
# 0.3-0.5 ms at 128 kb/s, and measures no worse (music 20.0 against 18.8 dB SNR, speech 48 dB). Far above 128 kb/s it
# looks for ways to spend the bits on speech, and is as slow as the other.
_AAC_OPTIONS = {"aac_coder": "fast", "aac_ms": "0", "aac_tns": "0", "aac_is": "0", "aac_pns": "0"}


def _open_codecs(fmt: PictureFormat, rate: Fraction, config: EncoderConfig) -> OutputContainer:
    """Both encoders, open, as the two streams of a container that writes nothing."""
    container = av.open("-", "w", format="null")
    video: VideoStream = container.add_stream(pick_video_codec(), rate=rate)
    video.width, video.height, video.pix_fmt = fmt.width, fmt.height, "yuv420p"
    codec = video.codec_context
    codec.time_base = 1 / rate
    codec.gop_size = max(1, round(config.keyframe_s * rate))
    codec.options = video_options(config)
    # One thread: the encoder is not the bottleneck, and slices or frame threads cost CPU and latency (2 threads: +33 %
    # CPU).
    codec.thread_count = 1
    codec.color_primaries = codec.color_trc = _BT709
    codec.colorspace, codec.color_range = _MATRIX[fmt.matrix], _RANGE[fmt.range]
    audio: AudioStream = container.add_stream("aac", rate=SAMPLE_RATE, layout="stereo")
    audio.codec_context.bit_rate = config.audio_kbps * 1000
    audio.codec_context.time_base = Fraction(1, SAMPLE_RATE)
    audio.codec_context.options = dict(_AAC_OPTIONS)
    for stream in (video, audio):
        stream.codec_context.flags |= Flags.global_header
    container.start_encoding()
    return container


def _header(container: OutputContainer, time_bases: tuple[Fraction, Fraction]) -> bytes:
    """The two streams as a NUT file with one packet (its reader wants one). NUT, because it keeps the codecs' extradata
    as they are; FLV or Matroska would change it to avcC, and the packets are Annex B."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="nut") as out:
        add_streams(out, container)
        packet = av.Packet(bytes(container.streams[VIDEO].codec_context.extradata or b""))
        packet.stream, packet.time_base, packet.is_keyframe = out.streams[VIDEO], time_bases[VIDEO], True
        packet.pts = packet.dts = 0
        out.mux_one(packet)
    return buffer.getvalue()


def make_target(config: Output, template: Template, say: Say, *, fresh: bool = True, patient: bool = False) -> Target:
    """The target of an output of the rig."""
    if not isinstance(config, Targeted):
        raise TypeError(f"no target for {type(config).__name__}")
    return config.target(template, say, fresh=fresh, patient=patient)


class Encoder:
    """Encodes once, for any number of outputs.

    fresh: False when this encoder follows one that crashed within the same show (recordings get a new name). patient:
    wait for targets instead of dropping (off-line runs). fmt: of the pictures, where they are not the program's.
    captions: closed captions for every output, as they stand when a picture is encoded. films: the stingers whose sound
    goes with their pictures; with it the program stays under ceiling_db of true peak. identity: of the show. say is
    called from the targets' threads. Raises av.FFmpegError when the machine has no such encoder; a target that can't be
    opened is that target's own matter.
    """

    def __init__(
        self,
        picture: PictureConfig,
        config: EncoderConfig,
        outputs: Sequence[Output],
        say: Say,
        *,
        fresh: bool = True,
        patient: bool = False,
        fmt: PictureFormat | None = None,
        captions: RollUp | None = None,
        films: Sequence[FilmSound] = (),
        ceiling_db: float = -1.0,
        identity: str = "",
    ) -> None:
        fmt = fmt or PictureFormat(picture.width, picture.height)
        self.rate = picture.rate
        self._embedder = Embedder(picture.rate, captions) if captions is not None else None
        self.frames = 0  # pictures encoded, repeats included
        self.fills = 0  # repeats among them, for program frames that never came
        self._first: int | None = None
        self._codecs = _open_codecs(fmt, picture.rate, config)
        self._video: VideoStream = self._codecs.streams.video[0]
        self._audio: AudioStream = self._codecs.streams.audio[0]
        # One picture buffer that libav refers to in place: x264 copies its input before encode() returns (zerolatency,
        # one thread), and a repeat needs the last picture anyway. from_numpy_buffer makes libav allocate and copy 1.4
        # MB per frame.
        # Two of them, in turn: what turns out to be torn when it was copied leaves the one before as it was.
        self._pictures = [np.zeros(fmt.size, np.uint8) for _ in range(2)]
        self._frames = [av.VideoFrame.from_dlpack(fmt.planes(p), format="yuv420p") for p in self._pictures]
        for each in self._frames:
            each.time_base = 1 / self.rate
        self._shown = 0  # which of the two was encoded last
        self._tail = np.zeros((0, CHANNELS), np.float32)  # samples short of a whole AAC frame
        self._samples = 0  # encoded so far
        self._fader = Fader()
        self._stings = Stings([film.read() for film in films], picture.rate)
        self._limiter = Limiter(ceiling_db) if films else None
        self._given = 0  # samples that came; those that the limiter looks ahead at are not among the encoded
        bases = (1 / self.rate, Fraction(1, SAMPLE_RATE))
        self._template = Template(self._codecs, _header(self._codecs, bases), bases, self.rate, identity)
        self._say, self._patient = say, patient
        self._key_wanted = False  # by a target that waits for one
        self._leaving: list[Target] = []
        self.targets: list[Target] = []
        for output in outputs:
            self.add(output, fresh=fresh)

    def add(self, output: Output, *, fresh: bool) -> Target:
        """Give what is encoded to another output, from a keyframe on that comes at once."""
        target = make_target(output, self._template, self._say, fresh=fresh, patient=self._patient)
        target.first_frame = self._first or 0
        self._key_wanted = self.frames > 0
        self.targets.append(target)
        target.start()
        return target

    def remove(self, target: Target) -> None:
        """Give it nothing more: it writes what it has, and closes, while the others go on. Never waits."""
        self.targets.remove(target)
        self._leaving = [t for t in self._leaving if not t.ended]
        self._leaving.append(target)
        target.finish()

    @property
    def samples_wanted(self) -> int:
        """Samples that would make the sound as long as the pictures so far."""
        return int(self.frames * SAMPLE_RATE / self.rate)

    @property
    def samples_taken(self) -> int:
        """Samples given to `audio` so far."""
        return self._given

    def video(
        self,
        data: U8,
        frame: int,
        *,
        black: float = 0.0,
        film: tuple[int, int] = SILENT,
        intact: Callable[[], bool] = lambda: True,
    ) -> None:
        """Encode a picture: flat I420 uint8 of the encoder's format. frame is its program frame number; numbers left
        out are filled with the picture before, so that the frame rate is constant. A number that is not new is ignored.
        black: how far the program is faded to black by now; its sound goes with it. film: which of the films it shows
        (from 1 on; 0 none), and which frame. intact: asked when it was copied: is it still what it was? If not, the
        picture before is repeated; before there is one, nothing is encoded.
        """
        self._pictures[1 - self._shown][:] = data
        whole = intact()
        if not whole and self._first is None:
            return
        if self._first is None:
            self._first = frame
            for target in self.targets:
                target.first_frame = frame
        number = frame - self._first
        if number < self.frames:
            return
        for _ in range(number - self.frames):
            self.fills += 1
            self._encode_picture()
        self._stings.mark(self.samples_wanted, *film)
        if whole:
            self._shown = 1 - self._shown
        else:
            self.fills += 1
        self._encode_picture()
        self._fader.mark(self.samples_wanted, 1.0 - black)

    def _encode_picture(self) -> None:
        picture = self._frames[self._shown]
        picture.pts = self.frames
        picture.pict_type = PictureType.I if self._key_wanted else PictureType.NONE
        self._key_wanted = False
        self.frames += 1
        self._distribute(VIDEO, self._video.encode(picture))

    def audio(self, samples: npt.NDArray[np.float32]) -> None:
        """Encode sound, (n, 2) float32 at 48 kHz, continuous from the time of the first picture."""
        laid = self._stings.apply(self._given, samples)
        self._given += len(samples)
        if self._limiter is not None:
            behind = LOOKAHEAD - (self._given - len(samples))  # at first it gives what was before the beginning
            laid = self._limiter.apply(laid)[max(0, behind) :]
        self._take(laid)

    def _take(self, samples: Samples) -> None:
        samples = self._fader.apply(self._samples + len(self._tail), samples)
        joined = np.concatenate((self._tail, samples)) if len(self._tail) else samples
        whole = len(joined) // AAC_FRAME * AAC_FRAME
        for start in range(0, whole, AAC_FRAME):
            self._encode_sound(joined[start : start + AAC_FRAME])
        self._tail = joined[whole:].copy()

    def _encode_sound(self, samples: npt.NDArray[np.float32]) -> None:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples.T), format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, self._samples, Fraction(1, SAMPLE_RATE)
        self._samples += len(samples)
        self._distribute(AUDIO, self._audio.encode(frame))

    def _distribute(self, stream: int, packets: Sequence[Packet]) -> None:
        for packet in packets:
            pts = packet.pts or 0
            duration = 1 if stream == VIDEO else (packet.duration or AAC_FRAME)
            data = bytes(packet)
            if stream == VIDEO and self._embedder is not None:
                # One packet a picture, in the order of the pictures: there are no B frames.
                data = self._embedder.embed(data)
            coded = Coded(stream, data, pts, pts if packet.dts is None else packet.dts, duration, packet.is_keyframe)
            for target in self.targets:
                target.put(coded)

    def close(self, timeout_s: float = 3.0) -> None:
        """Make the sound as long as the pictures, flush, and close every target within the time."""
        missing = self.samples_wanted - self.samples_taken
        if missing > 0:
            self.audio(np.zeros((missing, CHANNELS), np.float32))
        if self._limiter is not None and self._given:
            self._take(
                self._limiter.apply(np.zeros((LOOKAHEAD, CHANNELS), np.float32))[max(0, LOOKAHEAD - self._given) :]
            )
        if missing < 0:
            self._tail = self._tail[:missing]
        if len(self._tail):
            self._encode_sound(self._tail)
        self._distribute(VIDEO, self._video.encode(None))
        self._distribute(AUDIO, self._audio.encode(None))
        for target in self.targets:
            target.finish()
        targets = [*self.targets, *self._leaving]
        clock = MonotonicClock()
        deadline_ns = clock.now_ns() + int(timeout_s * NS)
        for target in targets:
            target.join((deadline_ns - clock.now_ns()) / NS)
        self._codecs.close()
