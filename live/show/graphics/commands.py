"""Commands on graphics, and on the queue of names."""

from __future__ import annotations

from typing import Annotated

from live.control.registry import Arg, Command, command
from live.show.names import GraphicName

Number = Annotated[int, Arg("its number in the queue, from 1", 1, 1_000)]


@command("/graphics/<name>/show", domain="graphics", release="/graphics/<name>/hide")
class GraphicShow(Command):
    """Key a graphic over program, as it was written last. One that names somebody whom the picture doesn't show is
    shown, and you are told.
    """

    name: GraphicName


@command("/graphics/<name>/hide", domain="graphics")
class GraphicHide(Command):
    """Take a graphic off program, and off preview."""

    name: GraphicName


@command("/graphics/<name>/set", domain="graphics")
class GraphicSet(Command):
    """Write a field of a graphic. While it is on air that is held, and preview shows it, until /graphics/<name>/take or
    .../show; of one that is live it is seen on the next frame. While it is off, preview shows it.
    """

    name: GraphicName
    field: Annotated[str, Arg("a field of its template; for a lower third: title or subtitle")]
    text: Annotated[str, Arg("what it says, in any script", longest=4000)]


@command("/graphics/<name>/take", domain="graphics", release="")
class GraphicTake(Command):
    """Put on air what is held for a graphic that is on: it says that on the next frame."""

    name: GraphicName


@command("/graphics/<name>/preview", domain="graphics")
class GraphicPreview(Command):
    """Draw a graphic on preview while it is not on air, or don't."""

    name: GraphicName
    on: Annotated[bool, Arg("1 to draw it, 0 not to")] = True


@command("/graphics/<name>/live", domain="graphics")
class GraphicLive(Command):
    """Whether what is written while a graphic is on air is seen at once, or held until it is taken. What is held then
    goes on air.
    """

    name: GraphicName
    on: Annotated[bool, Arg("1: at once; 0: held")] = True


@command("/graphics/<name>/person", domain="graphics", release="")
class GraphicPerson(Command):
    """Whom a graphic belongs to, whatever it says: the machine waits with a cut away from them while it is on, or takes
    it off with the cut. It belongs to whom it names when left out.
    """

    name: GraphicName
    who: Annotated[str | None, Arg("a person of the rig; nobody: to no one; by its words when left out")] = None


@command("/graphics/<name>/row", domain="graphics")
class GraphicRow(Command):
    """Take the fields of a graphic from another line of its CSV file: seen, or held, as if you had written them."""

    name: GraphicName
    row: Annotated[int, Arg("the line, from 1 under the heading", 1, 1_000_000)]


@command("/titles/next", domain="graphics", release="")
class TitlesNext(Command):
    """Write the next name of the queue into its graphic, to be seen on preview; /titles/show puts it on air."""


@command("/titles/previous", domain="graphics", release="")
class TitlesPrevious(Command):
    """The same with the name before."""


@command("/titles/cue", domain="graphics", release="")
class TitlesCue(Command):
    """The same with any name of the queue."""

    number: Number


@command("/titles/show", domain="graphics", release="/titles/clear")
class TitlesShow(Command):
    """Put the name in hand on air: the first one, where none was."""


@command("/titles/clear", domain="graphics", release="")
class TitlesClear(Command):
    """Take the name off program, and off preview."""


@command("/titles/add", domain="graphics")
class TitlesAdd(Command):
    """Put one more name at the end of the queue; 200 at most may be typed."""

    title: Annotated[str, Arg("the name")]
    subtitle: Annotated[str, Arg("what they are")] = ""


@command("/titles/remove", domain="graphics")
class TitlesRemove(Command):
    """Take a name out of the queue, one that was typed."""

    number: Number
