"""Commands on sources."""

from __future__ import annotations

from typing import Annotated

from live.config.source import EARLIEST_MS, LATEST_MS
from live.control.registry import Arg, Command, command
from live.show.names import SourceName


@command("/sources/<name>/delay", fader=True)
class SourceDelay(Command):
    """Mix a source's sound later or earlier, beyond what its picture asks for by itself: for a camera whose picture is
    on its way for longer than its sound. `live sync` says how much. It changes within 20 ms, without a click."""

    name: SourceName
    delay_ms: Annotated[float, Arg("how much later, ms; earlier below 0", EARLIEST_MS, LATEST_MS)]
