"""Commands on the people whose faces are known."""

from __future__ import annotations

from typing import Annotated

from live.control.registry import Arg, Command, command
from live.show.names import SourceName


@command("/people/<name>/enrol")
class PersonEnrol(Command):
    """Know the face that a source sees, under a name, from now on: the one face in its picture, or the one clearly in
    front. Takes about two seconds; 8 people at most may wait for it. It is kept in your own folder until `live people
    remove`."""

    name: Annotated[str, Arg("the person: lower-case letters, digits, - and _; as in the rig, if they are in it")]
    source: SourceName
