"""Commands on players."""

from __future__ import annotations

from typing import Annotated

from live.control.registry import Arg, Command, command

PlayerName = Annotated[str, Arg("the name of a player", of="player")]


@command("/players/<player>/play")
class PlayerPlay(Command):
    """Play from where it stands; or another clip, from its beginning."""

    player: PlayerName
    clip: Annotated[str | None, Arg("a clip: its title, or its number from 1 on", of="subject")] = None


@command("/players/<player>/pause")
class PlayerPause(Command):
    """Stand still, silent, where it is."""

    player: PlayerName


@command("/players/<player>/stop")
class PlayerStop(Command):
    """Stop, and stand on the first picture of the clip again."""

    player: PlayerName


@command("/players/<player>/cue")
class PlayerCue(Command):
    """Stand on the first picture of a clip, or on a cue, ready to be played."""

    player: PlayerName
    where: Annotated[str, Arg("a clip (its title, or its number from 1 on), or the name of a cue", of="subject")]


@command("/players/<player>/next")
class PlayerNext(Command):
    """To the next clip, after the last to the first: it plays if the player does, and is cued otherwise."""

    player: PlayerName


@command("/players/<player>/previous")
class PlayerPrevious(Command):
    """To the clip before: it plays if the player does, and is cued otherwise."""

    player: PlayerName


@command("/players/<player>/seek")
class PlayerSeek(Command):
    """To a moment of the clip: a player that plays goes on from there."""

    player: PlayerName
    seconds: Annotated[float, Arg("from the beginning of the clip, seconds; beyond its end is its end", 0.0, 360000.0)]


@command("/players/<player>/goto")
class PlayerGoto(Command):
    """To a cue, of this clip or of another one: a player that plays goes on from there."""

    player: PlayerName
    cue: Annotated[str, Arg("the name of a cue")]


@command("/players/<player>/loop")
class PlayerLoop(Command):
    """Play this clip again and again, or not any more."""

    player: PlayerName
    on: Annotated[bool, Arg("1 again and again, 0 once", 0.0, 1.0)]


@command("/players/<player>/gain", fader=True)
class PlayerGain(Command):
    """Set how loud a player is: the fader of its strip, where it has one."""

    player: PlayerName
    gain_db: Annotated[float, Arg("dB", -60.0, 24.0)]
