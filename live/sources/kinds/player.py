"""A player as a source. It is run by notes (live/sources/player.py), and so has no reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from live.config.base import Wrong
from live.config.clips import PlayerConfig
from live.config.kinds import SOURCES


@SOURCES.register
class PlayerSource(PlayerConfig):
    """A player of clips: it stands on the first picture of one until it is played (docs/media.md)."""

    kind: Literal["player"]

    def inspect(self) -> Iterator[Wrong]:
        from live.sources.clips import faults_of

        for key, cause in faults_of(self):
            yield Wrong(key, cause, "give a file that can be played; a show skips it")
