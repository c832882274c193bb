"""A file as a source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from live.base.samples import CHANNELS
from live.config.base import Alpha, ExistingFile, Track, Wrong
from live.config.kinds import SOURCES
from live.config.picture import PictureConfig
from live.config.source import MOST_OF_TRACK, Source, less_heard
from live.sources.reader import Readable, Reader, wrong_with

_SOUND_ONLY = {".wav", ".flac", ".mp3", ".aac", ".m4a", ".ogg", ".opus"}


@SOURCES.register
class MediaSource(Source, Readable):
    """A media file: video, sound or both, paced by its own timestamps."""

    repeatable: ClassVar[bool] = True
    may_freeze: ClassVar[bool] = True
    is_played: ClassVar[bool] = True
    may_be_cut_out: ClassVar[bool] = True

    kind: Literal["media"]
    path: ExistingFile
    loop: bool = True
    track: Track = None
    alpha: Alpha = "straight"
    downmix: bool = Field(
        True,
        description=(
            "of a sound with more channels than two its stereo mix is heard (ITU-R BS.775); false keeps its channels, "
            "for [[microphones]] to pick from"
        ),
    )

    @property
    def has_picture(self) -> bool:
        """A file that is sound only is told by its suffix."""
        return self.path.suffix.lower() not in _SOUND_ONLY

    def channels_found(self) -> int | None:
        from live.sources.container import channels_in

        found = channels_in(self.path, self.track)
        return found and CHANNELS if self.downmix or found == 1 else min(found, MOST_OF_TRACK)

    def inspect(self) -> Iterator[Wrong]:
        from live.sources.container import channels_in, tracks_in

        # As it is by itself: of a track that is not there there is more to say.
        if wrong := list(wrong_with(self.model_copy(update={"track": None}), self.path)):
            yield from wrong
            return
        count = tracks_in(self.path)
        if self.track is None and count > 1:
            cause = f"{self.path.name} has {count} sound tracks, and the first is heard"
            yield Wrong("path", cause, f"say which by `track`, 1 to {count}", mild=True)
        elif (self.track or 1) > max(count, 1):
            yield Wrong("track", f"{self.path.name} has no sound track {self.track}", f"it has {count}")
        elif not self.downmix and (channels := channels_in(self.path, self.track)) > MOST_OF_TRACK:
            cause = f"{self.path.name} {less_heard(channels)}"
            yield Wrong("downmix", cause, "make another file of those that are needed", mild=True)

    @property
    def most_channels(self) -> int:
        return CHANNELS if self.downmix else MOST_OF_TRACK

    def reader(self, picture: PictureConfig, seed: int) -> Reader:
        from live.sources.container import FileReader

        return FileReader(
            self.name,
            self.path,
            picture,
            self.track,
            loop=self.loop,
            downmix=self.downmix,
            premultiplied=self.alpha == "premultiplied",
        )
