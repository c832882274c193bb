"""Commands on the multiviews."""

from __future__ import annotations

from typing import Annotated

from live.control.registry import Arg, Command, command

MultiviewName = Annotated[str, Arg("its name in the rig", of="multiview")]


@command("/multiview/<name>/layout")
class MultiviewLayout(Command):
    """Give a multiview another layout. A window keeps what it was told to show, by its number."""

    name: MultiviewName
    layout: Annotated[str, Arg("2+8, 1+5, 9 and so on; own: the one that the rig draws")]


@command("/multiview/<name>/window")
class MultiviewWindow(Command):
    """Show something else in a window of a multiview."""

    name: MultiviewName
    number: Annotated[int, Arg("which window, in the layout's order", 1, 64)]
    shows: Annotated[
        str,
        Arg(
            "program, preview, clock, audio, status, empty; a shot, a feed, or the word source and a source's "
            "name: the whole camera"
        ),
    ]
