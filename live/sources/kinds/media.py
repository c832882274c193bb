"""A file as a source."""

from __future__ import annotations

from typing import ClassVar, Literal

from live.config.base import ExistingFile
from live.config.kinds import SOURCES
from live.config.picture import PictureConfig
from live.config.source import Source
from live.sources.reader import Readable, Reader

_SOUND_ONLY = {".wav", ".flac", ".mp3", ".aac", ".m4a", ".ogg", ".opus"}


@SOURCES.register
class MediaSource(Source, Readable):
    """A media file: video, sound or both, paced by its own timestamps."""

    repeatable: ClassVar[bool] = True

    kind: Literal["media"]
    path: ExistingFile
    loop: bool = True

    @property
    def has_picture(self) -> bool:
        """A file that is sound only is told by its suffix."""
        return self.path.suffix.lower() not in _SOUND_ONLY

    def reader(self, picture: PictureConfig, seed: int) -> Reader:
        from live.sources.container import FileReader

        return FileReader(self.name, self.path, picture, loop=self.loop)
