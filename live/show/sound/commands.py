"""Commands on the sound desk: the strips, their groups, the master. Those that set something of a strip come from the
models in live/config/strips.py.
"""

from __future__ import annotations

from typing import Annotated

from live.config.sound import SoundConfig
from live.config.strips import Setting, StripRules, limits_of, settings_of
from live.control.registry import Arg, Command, command
from live.show.names import MicrophoneName
from live.show.sound.automatic import AUTOMATIC, SOUND

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
    title = "".join(word.capitalize() for word in setting.words.replace("/", "_").split("_"))
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


_RAMPS = ("ramp_in_s", "ramp_out_s", "down_db")

for _setting in (*settings_of(), *(s for s in settings_of(StripRules) if s.path[0] in _RAMPS)):
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


@command("/strips/<strip>/store", desk=SOUND)
class StripStore(Command):
    """Keep what is done to a strip's sound as a preset: a file in the folder sounds beside the rig. One of that name is
    written over; one that ships gets a namesake there, which wins."""

    strip: StripName
    name: Annotated[str, Arg("the preset's name: lower-case letters, digits, - and _", longest=40)]


@command("/strips/<strip>/solo", desk=SOUND)
class StripSolo(Command):
    """Hear this strip alone, with all others whose solo is on: in the listening, as /strips/<strip>/afl does. Where the
    show has it in place ([sound] solo, /sound/solo), the others are not on air: for rehearsals."""

    strip: StripName
    on: Annotated[bool, Arg("1 alone, 0 no longer", 0, 1)]


@command("/sound/solo", desk=SOUND)
class SoundSolo(Command):
    """Set what a strip's solo does."""

    where: Annotated[str, Arg("heard by who listens, or on air as well", choices=("monitor", "in place"))]


# -- the machine -------------------------------------------------------------------------------------------------------


@command("/strips/<strip>/follow", desk=SOUND)
class StripFollow(Command):
    """Open a strip while its picture is on program, and close it otherwise. Off opens it for good."""

    strip: StripName
    rule: Annotated[str, Arg("off, source (its own picture), or some shots: shot:studio/left,cam2")]


@command("/strips/<strip>/open", desk=SOUND)
class StripOpen(Command):
    """Open or close a strip that follows the picture. The machine leaves it so for a while ([sound] lease_s)."""

    strip: StripName
    on: Annotated[bool, Arg("1 opens it, 0 closes it", 0, 1)]


@command("/strips/<strip>/levelling", desk=SOUND)
class StripLevelling(Command):
    """Bring a microphone slowly to the loudness that the show aims at, 6 dB either way at most; or only suggest it."""

    strip: StripName
    level: Annotated[str, Arg("how far the machine may go", choices=("off", "suggest", "auto"))]


@command("/strips/<strip>/automix", desk=SOUND)
class StripAutomix(Command):
    """Let a microphone share the gain with the other open ones that do."""

    strip: StripName
    on: Annotated[bool, Arg("1 it shares, 0 it doesn't", 0, 1)]


@command("/strips/<strip>/denoise", desk=SOUND)
class StripDenoise(Command):
    """Suppress the noise of a microphone, or not."""

    strip: StripName
    on: Annotated[bool, Arg("1 suppresses it, 0 doesn't", 0, 1)]


@command("/strips/<strip>/duck", desk=SOUND, fader=True)
class StripDuck(Command):
    """Turn a strip down while somebody speaks."""

    strip: StripName
    duck_db: Annotated[float, Arg("by how much, dB; 0 not at all", *limits_of(StripRules, "duck_db"))]


@command("/sound/<automation>/level", desk=SOUND)
class SoundLevel(Command):
    """How far the machine may go with all strips that ask for it: after a panic this starts it again. Automix, ducking
    and noise suppression are off or auto."""

    automation: Annotated[str, Arg("what it does", choices=AUTOMATIC)]
    level: Annotated[str, Arg("the level", choices=("off", "suggest", "auto"))]


@command("/strips/<strip>/release", desk=SOUND)
class StripRelease(Command):
    """End a hold on a strip: the machine may work on it again."""

    strip: StripName


@command("/strips/<strip>/lock", desk=SOUND, release="/strips/<strip>/unlock")
class StripLock(Command):
    """Keep the machine off a strip until it is unlocked, whatever the level and the hold."""

    strip: StripName


@command("/strips/<strip>/unlock", desk=SOUND)
class StripUnlock(Command):
    """End a lock of a strip."""

    strip: StripName


WornName = Annotated[str | None, Arg("a microphone; all that are ready when left out", of="microphone")]


@command("/sound/check", desk=SOUND)
class SoundCheck(Command):
    """Begin a sound check: everyone speaks ten seconds, in any order and one at a time, with a second of silence
    between. Gain, high-pass and gate of each microphone are proposed then; nothing is set before you take it."""


@command("/sound/check/take", desk=SOUND)
class SoundCheckTake(Command):
    """Set what the sound check proposes."""

    strip: WornName = None


@command("/sound/check/drop", desk=SOUND)
class SoundCheckDrop(Command):
    """Leave a microphone as it is."""

    strip: WornName = None


@command("/sound/check/stop", desk=SOUND)
class SoundCheckStop(Command):
    """End the sound check. What was not taken is dropped."""


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
