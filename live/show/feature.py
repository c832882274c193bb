"""What a feature of the show is: one room, which holds its state and says what of it others need to know.

A feature is a folder here: its commands, the handlers that carry them out, its model (a `Feature`, pure, time as an
argument), what it publishes. `ShowState` in `live/show/__init__.py` lists them, and nothing else does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar, get_args, get_origin

from live.config.edits import RigKey
from live.config.load import Show
from live.director.authority import Key, Level
from live.picture.values import Face, Sight
from live.sound.hearing import Hearing
from live.sound.metering import Metered

if TYPE_CHECKING:
    from live.show import ShowState


@dataclass(frozen=True)
class Frame:
    """What is known of one frame, after its commands. Times of the show, seconds.

    faces: by source, only when new. aspects: width / height by source. dead: sources without a signal. deaf: no
    microphone is heard. blind: sources whose pictures nobody looks at any more. metered: what the meters of the sound
    desk read last. sights: by source, what its pictures are by themselves. unready: shots of sets whose plate has to be
    made first.
    """

    now_s: float
    dt_s: float
    hearing: Hearing
    faces: Mapping[str, tuple[Face, ...]]
    aspects: Mapping[str, float]
    dead: Collection[str] = ()
    deaf: bool = False
    blind: Collection[str] = ()
    metered: Metered = Metered()
    sights: Mapping[str, Sight] = field(default_factory=dict)
    unready: Collection[str] = ()


K = TypeVar("K")


class Feature(Generic[K]):
    """Base of every feature's model; what it doesn't have it leaves as it is here. Engine thread only.

    K: a frozen dataclass of what is kept of it, so that a show can be taken up again; None for nothing. Times in it are
    counted from when it was saved, since every run has a clock of its own.
    """

    leases_s: Mapping[str, float] = {}  # domain of authority -> how long a hand on it keeps the machine off

    undoes: ClassVar[Collection[str]] = ()  # fields of K in which a hand's change can be taken back
    stays: ClassVar[Collection[str]] = ()  # names of values in them that are left alone: they are on air, or count

    room: ClassVar[str]  # its folder
    keeps: ClassVar[Any]  # the type K

    def __init_subclass__(cls) -> None:
        cls.room = cls.__module__.split(".")[2]
        (cls.keeps,) = get_args(next(b for b in cls.__dict__["__orig_bases__"] if get_origin(b) is Feature))

    @classmethod
    def build(cls, state: ShowState) -> Self:
        """As the rig says. The features that are listed before this one are there; others may be asked when a frame
        or a command comes.
        """
        raise NotImplementedError

    def known(self) -> Mapping[str, Collection[str]]:
        """The names that it owns, by kind: what commands may call by `Arg(of=KIND)`. Collections that are kept up to
        date.
        """
        return {}

    def levels(self) -> Mapping[Key, Level]:
        """The authority keys that it owns, and the level that each starts with."""
        return {}

    def touched(self, key: Key, desk: str) -> None:
        """A command of this desk has put a hand on one of its keys."""

    def save(self, now_s: float) -> K | None:
        """What is kept: nothing in it changes later. It is asked for between frames, so it is quick."""
        return None

    def restore(self, kept: K, now_s: float) -> None:
        """Be as it was when it was saved. What the rig doesn't have any more is left out."""

    @classmethod
    def rig_keys(cls, kept: K, show: Show) -> Iterator[RigKey]:
        """What is kept, as keys of the rig: all that there are, always the same ones. What is on air by itself is none:
        a rig says how a show begins. show: as the rig is now.
        """
        yield from ()

    def commanded(self, now_s: float) -> None:
        """After this frame's commands, before anything is heard or decided."""

    def step(self, frame: Frame) -> None:
        """One frame of what goes on by itself."""
