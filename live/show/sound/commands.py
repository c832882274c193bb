"""Commands on the microphones."""

from __future__ import annotations

from typing import Annotated

from live.control.registry import Arg, Command, command
from live.show.names import MicrophoneName


@command("/microphones/<name>/gain", fader=True)
class MicrophoneGain(Command):
    """Set how loud a microphone is. It gets there within 20 ms, without a click."""

    name: MicrophoneName
    gain_db: Annotated[float, Arg("gain, dB; 0 as it comes", -60.0, 24.0)]


@command("/microphones/<name>/mute")
class MicrophoneMute(Command):
    """Mute a microphone, or open it again. Nothing but a hand opens a muted one; while it is muted, its owner is taken
    to be silent."""

    name: MicrophoneName
    muted: Annotated[bool, Arg("1 mutes it, 0 opens it", 0, 1)]
