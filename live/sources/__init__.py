"""Inputs. To add a kind: one module in live/sources/kinds/."""

from __future__ import annotations

from live.config.picture import PictureConfig
from live.config.source import Source
from live.sources.reader import Readable, Reader


def open_reader(config: Source, picture: PictureConfig, seed: int) -> Reader:
    """The reader of a source. Opening is lazy: a fault shows as SourceError from its `events`."""
    if not isinstance(config, Readable):
        raise TypeError(f"no reader for {type(config).__name__}")
    return config.reader(picture, seed)
