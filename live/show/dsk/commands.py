"""Commands on the downstream keys and the still store."""

from __future__ import annotations

from typing import Annotated

from live.control.registry import Arg, Command, command

KeyNumber = Annotated[str, Arg("1 to 4", of="dsk")]


@command("/dsk/<number>/on", release="/dsk/<number>/off")
class DskOn(Command):
    """Bring a downstream key on, at once."""

    number: KeyNumber


@command("/dsk/<number>/off")
class DskOff(Command):
    """Take a downstream key off, at once."""

    number: KeyNumber


@command("/dsk/<number>/auto", release="")
class DskAuto(Command):
    """Fade a downstream key on, or off when it is on."""

    number: KeyNumber
    seconds: Annotated[float | None, Arg("how long it takes; its own rate when left out", 0.0, 10.0)] = None


@command("/dsk/<number>/tie")
class DskTie(Command):
    """Tie a downstream key to the transition: it comes or goes with the next cut, auto or T-bar."""

    number: KeyNumber
    tied: Annotated[bool, Arg("1 tied, 0 not", 0.0, 1.0)]


@command("/dsk/<number>/still")
class DskStill(Command):
    """Put a still into a downstream key."""

    number: KeyNumber
    still: Annotated[str, Arg("its name in the still store, or the path of a picture with alpha")]


@command("/dsk/<number>/source")
class DskSource(Command):
    """Put a source into a downstream key: keyed by another source's brightness, or else by its own keyer."""

    number: KeyNumber
    source: Annotated[str, Arg("the name of a source: the fill", of="source")]
    key: Annotated[
        str | None, Arg("the name of the source that is its key, white where the fill is seen", of="source")
    ] = None


@command("/stills/grab")
class StillsGrab(Command):
    """Keep the next program picture in the still store, under 4 names at most."""

    name: Annotated[str | None, Arg("what it is called; the time of the show when left out")] = None
