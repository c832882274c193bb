"""Commands on who holds the wheel, and on what the machine suggests."""

from __future__ import annotations

from typing import Annotated

from live.control.registry import Arg, Command, command
from live.show.names import OF_A_MIX, GraphicName, MixCommand

DomainName = Annotated[str, Arg("a domain of the show: cuts, framing, graphics ...", of="domain")]


@command("/authority/<domain>/claim")
class AuthorityClaim(Command):
    """Take a domain for your own: nobody else's hand acts on it until you yield it, or send nothing for it for a
    minute. While another has it you are refused; at the show's own machine you take it from who is elsewhere. Panic
    stays everybody's.
    """

    domain: DomainName


@command("/authority/<domain>/yield")
class AuthorityYield(Command):
    """Give a domain back to everybody."""

    domain: DomainName


@command("/director/lock", desk="cuts", release="/director/unlock", prefix=OF_A_MIX)
class DirectorLock(MixCommand):
    """Lock the cuts: the director proposes nothing until /director/unlock, whatever the level and the hold."""


@command("/director/unlock", desk="cuts", prefix=OF_A_MIX)
class DirectorUnlock(MixCommand):
    """End a lock of the cuts."""


@command("/director/never", domain="cuts", prefix=OF_A_MIX)
class DirectorNever(MixCommand):
    """Never this again for some minutes: the director leaves a shot alone. 0 minutes allows it again."""

    minutes: Annotated[float, Arg("for how long, minutes", 0.0, 600.0)] = 10.0
    shot: Annotated[str | None, Arg("the shot; what is proposed now when left out", of="shot")] = None


@command("/suggestions/take", release="")
class SuggestionTake(Command):
    """Do what is suggested."""

    id: Annotated[int | None, Arg("the suggestion's number; the oldest when left out", 1, 1_000_000)] = None


@command("/suggestions/drop", release="")
class SuggestionDrop(Command):
    """Drop a suggestion; the same isn't made again for some minutes."""

    id: Annotated[int | None, Arg("the suggestion's number; the oldest when left out", 1, 1_000_000)] = None
    minutes: Annotated[float, Arg("for how long not again, minutes", 0.0, 600.0)] = 5.0


@command("/graphics/<name>/level", desk="graphics")
class GraphicLevel(Command):
    """Whether the machine suggests this graphic, and takes it off again when a suggestion was taken. Showing one is
    always up to a human."""

    name: GraphicName
    level: Annotated[str, Arg("the level", choices=("off", "suggest"))]
