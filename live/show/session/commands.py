"""Commands on the show itself, and on who listens to it."""

from __future__ import annotations

from typing import Annotated

from live.control.registry import Arg, Command, command


@command("/show/panic", urgent=True)
class ShowPanic(Command):
    """Freeze all automation at once; the picture on air stays. A level set by hand starts it again."""


@command("/show/undo", release="")
class ShowUndo(Command):
    """Take back your last setting: of colours, keyers, layers, strips, auxiliaries, multiviews, a style, a graphic's
    text. What is on air by itself stays: the buses, keys, graphics, players."""


@command("/show/marker")
class ShowMarker(Command):
    """Put a marker here: a line in the log, which the report and an editor's time line show afterwards."""

    text: Annotated[str, Arg("what it says")] = ""


@command("/rig/save", release="")
class RigSave(Command):
    """Write the settings that hands have changed into the rig's file: comments and order stay, the old file is kept
    beside it (docs/resume.md). With a name, into a new file of that name beside it."""

    name: Annotated[str, Arg("of another file, without .toml", longest=40)] = ""


@command("/show/end", urgent=True)
class ShowEnd(Command):
    """End the show: close the recordings and leave."""


@command("/multiview/want")
class MultiviewWant(Command):
    """Draw the preview picture for a while: a console sends this once a second while it shows it."""

    seconds: Annotated[float, Arg("for how long, seconds", 0.0, 60.0)] = 3.0


@command("/subscribe")
class Subscribe(Command):
    """Send the whole state, then every change, to this UDP port of the sender."""

    port: Annotated[int, Arg("UDP port", 1, 65535)]


@command("/unsubscribe")
class Unsubscribe(Command):
    """Stop sending state to this port."""

    port: Annotated[int, Arg("UDP port", 1, 65535)]
