"""Commands on people: where they sit, who speaks, how much each counts, whose faces are known."""

from __future__ import annotations

from typing import Annotated

from live.config.people import MOST_WEIGHT
from live.control.registry import Arg, Command, command
from live.show.names import SourceName
from live.show.people.model import TOLD_S

PersonName = Annotated[str, Arg("a person of the rig", of="person")]


@command("/people/<name>/enrol")
class PersonEnrol(Command):
    """Know the face that a source sees, under a name, from now on: the one face in its picture, or the one clearly in
    front. Takes about two seconds; 8 people at most may wait for it. It is kept in your own folder until `live people
    remove`."""

    name: Annotated[str, Arg("the person: lower-case letters, digits, - and _; as in the rig, if they are in it")]
    source: SourceName


@command("/people/<name>/seat", desk="cuts")
class PersonSeat(Command):
    """Somebody has taken a seat: from now on they have its cameras and microphones, besides their own. Whoever sat
    there has none then, until they are given one."""

    name: PersonName
    seat: Annotated[str | None, Arg("one of the rig's seats; none when left out", of="seat")] = None


@command("/people/<name>/weight", desk="cuts")
class PersonWeight(Command):
    """How much it counts that somebody is seen while they speak: 1 as everybody, 2 for a host, 0.5 for a side-kick; 0:
    the director never goes to them for what they say. Who counts more than 1 is not left while they speak, for a look
    at somebody else."""

    name: PersonName
    weight: Annotated[float, Arg("how much", 0.0, MOST_WEIGHT)]


@command("/people/<name>/speaking")  # no choice, but what is the case: whoever knows may say it
class PersonSpeaks(Command):
    __doc__ = f"""Somebody else who knows says that somebody speaks: a conference system, an intercom, a script. It
    holds for {TOLD_S:g} s, so send it again while they speak, twice a second, say; 0 ends it, and it is the ears'
    again."""

    name: PersonName
    on: Annotated[bool, Arg("1 they speak, 0 the ears' word counts", 0.0, 1.0)] = True
