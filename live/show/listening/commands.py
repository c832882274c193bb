"""Commands on what the operator hears, and on whom the operator speaks to."""

from __future__ import annotations

from typing import Annotated

from live.control.registry import Arg, Command, command
from live.show.sound.commands import GainArg, StripName

On = Annotated[bool, Arg("1 yes, 0 no", 0, 1)]


@command("/listening/source")
class ListeningSource(Command):
    """Hear something else: `program`, another bus, or a strip as it comes in. It stays until it is changed."""

    name: Annotated[str, Arg("a bus (`program`, `aux1`, `aux2`, `minus-NAME`) or a strip", of="bus or strip")]


@command("/strips/<strip>/pfl")
class StripPfl(Command):
    """Hear a strip before its fader, muted or not, in place of what is listened to; several add up. A microphone or
    a player is heard as it comes in, sooner than the mix."""

    strip: StripName
    on: On


@command("/strips/<strip>/afl")
class StripAfl(Command):
    """Hear a strip after its fader, as it goes into the mix, in place of what is listened to; several add up."""

    strip: StripName
    on: On


@command("/listening/clear")
class ListeningClear(Command):
    """Hear no strip before or after its fader any more: back to what is listened to."""


@command("/listening/gain", fader=True)
class ListeningGain(Command):
    """Set how loud the operator hears it."""

    gain_db: GainArg


@command("/listening/dim")
class ListeningDim(Command):
    """Hear it quieter for a while, or as loud as before."""

    dimmed: On


@command("/listening/mute")
class ListeningMute(Command):
    """Hear nothing, or hear it again."""

    muted: On


@command("/listening/mono")
class ListeningMono(Command):
    """Hear both sides as one: what cancels in mono is gone then."""

    mono: On


@command("/talkback/on")
class TalkbackOn(Command):
    """Speak to returns through the talkback microphone, or stop. Never on air; what is listened to is dimmed
    meanwhile."""

    on: On
    who: Annotated[
        str,
        Arg(
            "one return: `aux1`, `aux2`, a microphone's name for its guest's; as the rig says when left out",
            of="return",
        ),
    ] = ""
