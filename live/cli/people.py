"""`live people add`, `list` and `remove`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from live.cli.app import say

people = typer.Typer(
    help="The people whose faces are known: only by your command, only in your own folder.", no_args_is_help=True
)
PersonName = Annotated[
    str, typer.Argument(help="lower-case letters, digits, - and _; as in the rig, if they are in it")
]


@people.command("add")
def people_add(
    name: PersonName,
    pictures: Annotated[list[Path], typer.Argument(help="one or more pictures of their face, from the front")],
    title: Annotated[
        str, typer.Option(help="what a lower third is to say; the rig's, or the name, when left out")
    ] = "",
) -> None:
    """Know somebody's face from now on."""
    import importlib.util

    from live.base.enrolled import EXTRA, folder
    from live.fetch import ensure

    if importlib.util.find_spec("dlib") is None:
        raise EXTRA
    from live.vision.enrol import MODELS, enrol_pictures

    ensure(MODELS, say=say)
    person = enrol_pictures(name, pictures, title, say)
    say(f"{person.name}: known by {len(person.vectors)} looks at their face, kept in {folder()}")


@people.command("list")
def people_list() -> None:
    """Whose faces are known."""
    from live.base import enrolled

    for name in enrolled.names():
        person = enrolled.load(name)
        say(f"{name:20} {person.title:30} {len(person.vectors)} looks")
    if not enrolled.names():
        say(f"nobody is enrolled in {enrolled.folder()}")


@people.command("remove")
def people_remove(name: PersonName) -> None:
    """Forget somebody's face. A show that runs forgets it within a second."""
    from live.base import enrolled

    enrolled.remove(name)
    say(f"{name}: forgotten")
