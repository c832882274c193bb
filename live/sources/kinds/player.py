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
        from live.sources.container import tracks_in

        faulty = set()
        for key, cause in faults_of(self):
            faulty.add(key)
            yield Wrong(key, cause, "give a file that can be played; a show skips it")
        for n, clip in enumerate(self.clips, 1):
            key = f"clips[{n}].path"
            if clip.track is None and key not in faulty and (count := tracks_in(clip.path)) > 1:
                cause = f"{clip.path.name} has {count} sound tracks, and the first is heard"
                yield Wrong(key, cause, f"say which by `track`, 1 to {count}", mild=True)
