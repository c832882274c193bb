"""Commands on graphics."""

from __future__ import annotations

from typing import Annotated

from live.control.registry import Arg, Command, command
from live.show.names import GraphicName


@command("/graphics/<name>/show", domain="graphics", release="/graphics/<name>/hide")
class GraphicShow(Command):
    """Key a graphic over program."""

    name: GraphicName


@command("/graphics/<name>/hide", domain="graphics")
class GraphicHide(Command):
    """Take a graphic off program."""

    name: GraphicName


@command("/graphics/<name>/set", domain="graphics")
class GraphicSet(Command):
    """Write a field of a graphic. On air it changes on the next frame."""

    name: GraphicName
    field: Annotated[str, Arg("a field of its template; for a lower third: title or subtitle")]
    text: Annotated[str, Arg("what it says, in any script", longest=4000)]


@command("/graphics/<name>/row", domain="graphics")
class GraphicRow(Command):
    """Take the fields of a graphic from another line of its CSV file."""

    name: GraphicName
    row: Annotated[int, Arg("the line, from 1 under the heading", 1, 1_000_000)]
