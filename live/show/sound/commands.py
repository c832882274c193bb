"""Commands on the sound desk: the strips, their groups, the master. Those that set something of a strip come from the
models in live/config/strips.py.
"""

from __future__ import annotations

from typing import Annotated

from live.config.sound import SoundConfig
from live.config.strips import Setting, limits_of, settings_of
from live.control.registry import Arg, Command, command
from live.show.names import MicrophoneName

SOUND = "sound"  # the domain of authority

StripName = Annotated[str, Arg("the name of a strip: a microphone, a player or a group", of="strip")]
GainArg = Annotated[float, Arg("gain, dB; 0 as it comes", -60.0, 24.0)]


@command("/microphones/<name>/gain", desk=SOUND, fader=True)
class MicrophoneGain(Command):
    """Set how loud a microphone is: the fader of its strip. It gets there within 20 ms, without a click."""

    name: MicrophoneName
    gain_db: GainArg


@command("/microphones/<name>/mute", desk=SOUND)
class MicrophoneMute(Command):
    """Mute a microphone, or open it again. Nothing but a hand opens a muted one; while it is muted, its owner is taken
    to be silent."""

    name: MicrophoneName
    muted: Annotated[bool, Arg("1 mutes it, 0 opens it", 0, 1)]


# -- a strip's settings ------------------------------------------------------------------------------------------------

SETS: dict[type[Command], Setting] = {}  # which of a strip's settings a command sets


def _declare(setting: Setting) -> None:
    """The command of one setting: `/strips/<strip>/compressor/threshold`."""
    name = setting.path[-1]
    is_switch = setting.type is bool
    about = f"{setting.about}; 1 yes, 0 no" if is_switch else setting.about
    arg = Arg(about, 0, 1) if is_switch else Arg(about, setting.low, setting.high, setting.choices)
    title = "".join(word.capitalize() for part in setting.path for word in part.split("_"))
    fields = {"strip": StripName, name: Annotated[setting.type, arg]}
    body = {"__annotations__": fields, "__doc__": _doc_of(setting), "__module__": __name__}
    made = type(f"Strip{title}", (Command,), body)
    globals()[made.__name__] = made  # where pickle looks for it
    SETS[made] = setting
    command(f"/strips/<strip>/{setting.words}", desk=SOUND, fader=setting.type is float)(made)


def _doc_of(setting: Setting) -> str:
    if setting.path[-1] == "on":
        return f"Put a strip's {setting.section} in, or take it out."
    whose = f"of a strip's {setting.section}" if setting.section else "of a strip"
    return f"Set the {setting.words.rsplit('/', 1)[-1]} {whose}: {setting.about}."


for _setting in settings_of():
    _declare(_setting)


@command("/strips/<strip>/group", desk=SOUND)
class StripGroup(Command):
    """Send a strip through a group, or straight to the program."""

    strip: StripName
    group: Annotated[str, Arg("the name of a group; none for straight to the program")] = "none"


@command("/strips/<strip>/like", desk=SOUND)
class StripLike(Command):
    """Do to a strip's sound what is done to another's: copy and paste of all its sections. Its faders, pan, delay and
    sends stay."""

    strip: StripName
    other: Annotated[str, Arg("the strip that is copied from", of="strip")]


@command("/strips/<strip>/preset", desk=SOUND)
class StripPreset(Command):
    """Do to a strip's sound what a preset says (docs/sound.md). Its faders, pan, delay and sends stay."""

    strip: StripName
    name: Annotated[str, Arg("the preset's name", of="preset")]


# -- the master --------------------------------------------------------------------------------------------------------


@command("/master/gain", desk=SOUND, fader=True)
class MasterGain(Command):
    """Set how loud the whole program is."""

    gain_db: GainArg


@command("/master/mute", desk=SOUND)
class MasterMute(Command):
    """Mute the whole program, or open it again."""

    muted: Annotated[bool, Arg("1 mutes it, 0 opens it", 0, 1)]


@command("/master/ceiling", desk=SOUND, fader=True)
class MasterCeiling(Command):
    """Set what the program's limiter lets through at most."""

    ceiling_db: Annotated[float, Arg("true peak, dB of full scale", *limits_of(SoundConfig, "ceiling_db"))]
