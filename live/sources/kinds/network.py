"""A stream as a source."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from live.config.base import Track
from live.config.kinds import SOURCES
from live.config.picture import PictureConfig
from live.config.source import Source
from live.sources.reader import Readable, Reader


@SOURCES.register
class NetworkSource(Source, Readable):
    """A stream that is pulled: rtmp, rtsp, srt, udp, http."""

    kind: Literal["network"]
    url: Annotated[str, Field(pattern=r"^(rtmps?|rtsps?|srt|udp|rtp|https?|tcp)://.+")]
    track: Track = None

    def reader(self, picture: PictureConfig, seed: int) -> Reader:
        from live.sources.container import StreamReader

        return StreamReader(self.name, self.url, picture, self.track)
