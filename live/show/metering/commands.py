"""Commands on the meters."""

from __future__ import annotations

from live.control.registry import Command, command


@command("/loudness/reset")
class LoudnessReset(Command):
    """Begin the program's integrated loudness, its range and its highest true peak anew, as the show's start does."""


@command("/meters/clear")
class MetersClear(Command):
    """Forget what the meters hold: which strips have clipped, and their highest levels."""
