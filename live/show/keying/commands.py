"""Commands on keyers: how people and things are cut out of a source."""

from __future__ import annotations

from typing import Annotated

from live.config.keying import KEYS, NUMBERS_OF, NUMBERS_OF_ALL
from live.control.registry import Arg, Command, command
from live.show.names import SourceName

NUMBERS = (*(name for numbers in NUMBERS_OF.values() for name in numbers), *NUMBERS_OF_ALL)


@command("/keying/<source>/key")
class KeyingKey(Command):
    """Key a source in another way. It must be one that the rig keys."""

    source: SourceName
    key: Annotated[str, Arg("the keyer", choices=KEYS)]
    also: Annotated[str, Arg("a second one", choices=("none", *KEYS))] = "none"
    combine: Annotated[
        str, Arg("what of the two counts: what both keep, or what either keeps", choices=("min", "max"))
    ] = "min"


@command("/keying/<source>/set", fader=True)
class KeyingSet(Command):
    """Set a number of a keyer, as in the rig (docs/keying.md says what each does)."""

    source: SourceName
    name: Annotated[str, Arg("which", choices=NUMBERS)]
    value: Annotated[float, Arg("how much", 0.0, 1.0)]


@command("/keying/<source>/pick")
class KeyingPick(Command):
    """Take the screen's colour from a point of the source's picture."""

    source: SourceName
    x: Annotated[float, Arg("share of the picture's width from the left", 0.0, 1.0)]
    y: Annotated[float, Arg("share of the picture's height from the top", 0.0, 1.0)]


@command("/keying/<source>/find")
class KeyingFind(Command):
    """Look for the screen's colour at the picture's borders, anew."""

    source: SourceName


@command("/keying/<source>/plate")
class KeyingPlate(Command):
    """Take the empty picture, now: nobody may be in it. Kept in the file that the rig names."""

    source: SourceName


@command("/keying/<source>/mask")
class KeyingMask(Command):
    """Draw a polygon: nothing of it is keyed in (garbage), or all of it is (holdout). A source has 16 at most, of 3 to
    32 corners each."""

    source: SourceName
    kind: Annotated[str, Arg("what it does", choices=("garbage", "holdout"))]
    points: Annotated[str, Arg("its corners as shares of the picture: x,y x,y x,y ...", longest=1000)]
    feather: Annotated[float, Arg("width of its soft edge, share of the picture's height", 0.0, 0.5)] = 0.01
    inverted: Annotated[bool, Arg("everything but the polygon")] = False


@command("/keying/<source>/unmask")
class KeyingUnmask(Command):
    """Take the last polygon away; `all` takes them all."""

    source: SourceName
    which: Annotated[str, Arg("which", choices=("last", "all"))] = "last"
