"""Inputs. To add a kind: a config class in live/config/rig.py, a reader here, one line in `open_reader`."""

from __future__ import annotations

from live.config.rig import MediaSource, NetworkSource, PatternSource, PictureConfig, StillSource, WebcamSource
from live.sources.reader import Reader


def open_reader(config: object, picture: PictureConfig, seed: int) -> Reader:
    """The reader of a source. Opening is lazy: a fault shows as SourceError from its `events`."""
    # Imported here: a worker process loads only what its own source needs.
    match config:
        case MediaSource() | NetworkSource():
            from live.sources.media import ContainerReader

            return ContainerReader(config, picture)
        case StillSource():
            from live.sources.still import StillReader

            return StillReader(config, picture, seed)
        case PatternSource():
            from live.sources.pattern import PatternReader

            return PatternReader(config, picture)
        case WebcamSource():
            from live.sources.webcam import WebcamReader

            return WebcamReader(config)
    raise TypeError(f"no reader for {type(config).__name__}")
