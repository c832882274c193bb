"""Commands on the automatic operator."""

from __future__ import annotations

from typing import Annotated, get_args

from live.config.base import ShotSize
from live.control.registry import Arg, Command, command
from live.show.names import CameraName


@command("/framing/<camera>/level", desk="framing")
class FramingLevel(Command):
    """Whether the automatic operator frames this camera."""

    camera: CameraName
    level: Annotated[str, Arg("the level", choices=("off", "auto"))]


@command("/framing/<camera>/size", domain="framing")
class FramingSize(Command):
    """Another shot size: off air at once, on air eased to, or cut to when it is quite another frame. The machine goes
    on framing; with its level off, it frames this once."""

    camera: CameraName
    size: Annotated[str, Arg("the shot size", choices=get_args(ShotSize))]


@command("/framing/<camera>/subject", domain="framing")
class FramingSubject(Command):
    """Whom to frame: the track number of a face, or the name of an enrolled person; 0 leaves it to the machine."""

    camera: CameraName
    who: Annotated[str, Arg("a track's number, a name, or 0", of="subject")]


@command("/framing/<camera>/crop", domain="framing", fader=True)
class FramingCrop(Command):
    """Frame a camera by hand."""

    camera: CameraName
    x: Annotated[float, Arg("centre of the crop, share of the picture's width from the left", 0.0, 1.0)]
    y: Annotated[float, Arg("centre of the crop, share of the picture's height from the top", 0.0, 1.0)]
    zoom: Annotated[float, Arg("1 shows the whole picture, 2 half its height", 1.0, 8.0)]


@command("/framing/<camera>/nudge", domain="framing")
class FramingNudge(Command):
    """Move the frame of a camera a little, from where it is."""

    camera: CameraName
    x: Annotated[float, Arg("to the right, share of the crop's width", -1.0, 1.0)]
    y: Annotated[float, Arg("down, share of the crop's height", -1.0, 1.0)]
    zoom: Annotated[float, Arg("times the zoom: over 1 goes closer", 0.25, 4.0)] = 1.0


@command("/framing/<camera>/release", desk="framing")
class FramingRelease(Command):
    """End a hold on a camera's framing."""

    camera: CameraName


@command("/framing/<camera>/lock", desk="framing", release="/framing/<camera>/unlock")
class FramingLock(Command):
    """Keep the machine off a camera's framing until it is unlocked, whatever the level and the hold."""

    camera: CameraName


@command("/framing/<camera>/unlock", desk="framing")
class FramingUnlock(Command):
    """End a lock of a camera's framing."""

    camera: CameraName
