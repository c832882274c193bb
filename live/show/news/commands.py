"""Commands on what an audience wants to see at once."""

from __future__ import annotations

from typing import Annotated

from live.control.registry import Arg, Command, command


@command("/sources/<source>/news")  # no choice, but what is the case: whoever knows may say it
class SourceNews(Command):
    """There is something new in a source of the role slides or audience: somebody who knows says so, a slide remote, a
    script, a hand. The director shows it, and goes back to whoever speaks."""

    source: Annotated[str, Arg("a source of the role slides or audience", of="source of news")]
