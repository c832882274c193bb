"""Commands on captions."""

from __future__ import annotations

from live.control.registry import Command, command


@command("/captions/show", release="/captions/hide")
class CaptionsShow(Command):
    """Key the captions over program. The closed captions in the outputs are there anyway."""


@command("/captions/hide")
class CaptionsHide(Command):
    """Take the captions off program. They are still made, and the outputs carry them."""


@command("/captions/clear")
class CaptionsClear(Command):
    """Take away what the captions say now, on program and in the outputs: a word that must not stand there. What is
    said next comes as ever."""
