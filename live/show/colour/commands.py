"""Commands on the colours of sources. A hand on a source's colours locks them against the automatic match."""

from __future__ import annotations

from typing import Annotated

from live.control.registry import Arg, Command, command
from live.show.names import SourceName


@command("/colour/<source>/set", fader=True)
class ColourSet(Command):
    """Set one of a source's colour controls, as in the rig (docs/colour.md)."""

    source: SourceName
    name: Annotated[str, Arg("which", choices=("kelvin", "tint", "lift", "gamma", "gain", "saturation"))]
    value: Annotated[float, Arg("how much; 6500, 0, 0, 1, 1, 1 are neutral", -1.0, 25000.0)]


@command("/colour/<source>/look")
class ColourLook(Command):
    """Give a source a look from a .cube file. It is taken up as soon as it is read; a broken one changes nothing."""

    source: SourceName
    path: Annotated[str, Arg("the file, relative to the rig; none takes the look off when left out")] = ""


@command("/colour/<source>/reset")
class ColourReset(Command):
    """Back to the colours of the rig file."""

    source: SourceName


@command("/colour/<source>/match")
class ColourMatch(Command):
    """Bring a source's colours towards a reference camera's, or its talent towards the set, in a second and a half."""

    source: SourceName
    reference: Annotated[str, Arg("a source; set for the set; none to let go of what was matched")]
    follow: Annotated[bool, Arg("go on following it, until a hand grades the source")] = False


@command("/colour/<source>/unlock")
class ColourUnlock(Command):
    """Let the automatic match have a source again that was graded by hand."""

    source: SourceName
