"""Whatever gives a picture may stand where a source may: a shot, an auxiliary, a multiview in a place of a scene. Where
two are called the same, it is the source.

What a picture is made of is said by `Made`; nothing may come round to itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING

from live.config.feeds import BUILT_IN_FEEDS

if TYPE_CHECKING:
    from live.config.rig import Rig

# What stands in a picture, by its name: nothing in that of a source.
Made = Callable[[str], Collection[str]]

# What shows what is on a bus: in a scene, which may be on one, it would show itself.
BUSES = frozenset(BUILT_IN_FEEDS)


def made_of(rig: Rig, shots: Iterable[str]) -> Made:
    """As the rig has it. shots: the ids of all."""
    standing = {use.name: tuple(use.talent.values()) for use in rig.scenes}
    made: dict[str, tuple[str, ...]] = {
        shot: standing.get(scene, ()) for shot in shots for scene, slash, _ in [shot.partition("/")] if slash
    }
    made |= {aux.name: (aux.shows,) for aux in rig.auxiliaries}
    made |= {view.name: view.pictures for view in rig.multiviews}
    for source in rig.sources:
        made.pop(source.name, None)
    return lambda name: made.get(name, ())


def sources_in(names: Iterable[str], made: Made, sources: Collection[str]) -> list[str]:
    """The sources that are seen in pictures, each once, in the order in which they are met."""
    found: dict[str, None] = {}
    met: set[str] = set()

    def meet(name: str) -> None:
        if name in sources:
            found[name] = None
        elif name not in met:
            met.add(name)
            for inner in made(name):
                meet(inner)

    for name in names:
        meet(name)
    return list(found)


def way(start: str, to: Collection[str], made: Made) -> tuple[str, ...]:
    """The shortest way from a picture, through those that stand in it, to one of `to`: all names on it; empty for
    none.
    """
    ways: list[tuple[str, ...]] = [(start,)]
    met = {start}
    while ways:
        if (at := ways.pop(0))[-1] in to:
            return at
        new = [name for name in dict.fromkeys(made(at[-1])) if name not in met]
        met.update(new)
        ways += [(*at, name) for name in new]
    return ()


def howl(path: tuple[str, ...]) -> str:
    """What is wrong about a way that comes round, in words."""
    return f"{' shows '.join(path)}{', which' if len(path) > 1 else ''} would be seen within itself"
