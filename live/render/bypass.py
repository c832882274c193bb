"""A picture that is one source and nothing else: it goes to the program as it came, bit for bit, and nothing is
drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from live.config.load import Shot
from live.picture.format import Layout, Matrix, PictureFormat, Range
from live.picture.transitions import Style
from live.picture.values import Crop, Picture, SourceInput


def untouched(
    picture: Picture, shots: Mapping[str, Shot], inputs: Mapping[str, SourceInput | None], size: tuple[int, int]
) -> SourceInput | None:
    """The source that the whole picture is, in the program's own size and coding; None when anything else is to be
    seen."""
    # A transition's first and last frame are plain.
    if picture.to is not None and (picture.progress <= 0 or picture.progress >= 1):
        picture = replace(
            picture,
            shot=picture.shot if picture.progress <= 0 else picture.to,
            to=None,
            transition="cut",
            progress=0.0,
            film=None,
        )
    # A transition, a graphic, black: whatever there will be.
    if replace(picture, crops=(), style=Style()) != Picture(picture.shot):
        return None
    shot = shots.get(picture.shot.shot)
    source = inputs.get(shot.source) if shot is not None and shot.source is not None else None
    if source is None or source.grade is not None or dict(picture.crops).get(source.name, Crop()).zoom > 1 + 1e-6:
        return None
    return source if source.format == PictureFormat(*size, Matrix.BT709, Range.LIMITED, Layout.I420) else None
