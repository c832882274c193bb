"""Commands on who isn't in the show yet."""

from __future__ import annotations

from typing import Annotated

from live.control.registry import Arg, Command, command
from live.show.names import SourceName
from live.show.people.commands import PersonName

OnCall = Annotated[bool | None, Arg("1 waiting, 0 brought in; the other of what it is when left out", 0.0, 1.0)]


@command("/people/<name>/on_call", desk="cuts")
class PersonOnCall(Command):
    """Somebody waits to be brought in, or is in the show: while they wait, the director uses no shot that shows them,
    and doesn't answer to their voice. A hand that puts them on program brings them in, too."""

    name: PersonName
    on: OnCall = None


@command("/sources/<name>/on_call", desk="cuts")
class SourceOnCall(Command):
    """The same of whoever is at the other end of a source: a remote guest, a stage that isn't lit yet."""

    name: SourceName
    on: OnCall = None
