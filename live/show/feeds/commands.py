"""Commands on the feeds: what an auxiliary shows, and who looks at which feed."""

from __future__ import annotations

from typing import Annotated

from live.control.registry import Arg, Command, command


@command("/aux/<name>/set")
class AuxSet(Command):
    """Show something else on an auxiliary, at once."""

    name: Annotated[str, Arg("its name in the rig", of="auxiliary")]
    shows: Annotated[str, Arg("a shot, a source or a feed; a feed's name comes first", of="shot, source or feed")]


@command("/feeds/<name>/want")
class FeedsWant(Command):
    """Make a feed for a while: whoever looks at it sends this once a second. A feed that an output takes is always
    made."""

    name: Annotated[str, Arg("the name of a feed", of="feed")]
    seconds: Annotated[float, Arg("for how long, seconds", 0.0, 60.0)] = 3.0
