"""A stream as a source."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from live.base.samples import CHANNELS
from live.config.base import Track
from live.config.kinds import SOURCES
from live.config.picture import PictureConfig
from live.config.source import MOST_OF_TRACK, Source, Tells
from live.sources.reader import Readable, Reader


@SOURCES.register
class NetworkSource(Source, Readable):
    """A stream that is pulled: rtmp, rtsp, srt, udp, tcp, http (HLS, MPEG-TS, FLV, MP4, MJPEG); or that others send to
    us: srt with `mode=listener`."""

    may_freeze: ClassVar[bool] = True
    may_be_cut_out: ClassVar[bool] = True

    kind: Literal["network"]
    url: Annotated[str, Field(pattern=r"^(rtmps?|rtsps?|srt|udp|rtp|https?|tcp)://.+")]
    track: Track = None
    downmix: bool = Field(
        True,
        description=(
            "of a sound with more channels than two its stereo mix is heard (ITU-R BS.775); false keeps its channels, "
            "for [[microphones]] to pick from"
        ),
    )

    @property
    def most_channels(self) -> int:
        return CHANNELS if self.downmix else MOST_OF_TRACK

    @property
    def tells(self) -> Tells:
        return "stream"

    def reader(self, picture: PictureConfig, seed: int) -> Reader:
        from live.sources.stream import StreamReader

        return StreamReader(self.name, self.url, picture, self.track, downmix=self.downmix)
