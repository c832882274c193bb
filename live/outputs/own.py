"""Outputs that have a worker of their own, rather than a share of a feed's encoder: what their kind says of that
worker, and what it is given to work with.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from live.config.rig import Rig


@dataclass(frozen=True)
class Workplace:
    """Where such a worker finds what there is. program: the ring of the program's pictures, whose frames give the pace.
    mix: the ring of the program's sound; pictures, sounds: those of the sources. delay_ns, picture_delay_ns: how old
    the sound and the newest picture of a source are that belong to a program frame, at its tick. buses: the rings of
    the sound desk's buses. fresh: is the output
    begun for the first time in this show? identity: of the show.
    """

    rig: Rig
    program: str
    mix: str
    pictures: Mapping[str, str]
    sounds: Mapping[str, str]
    delay_ns: int
    picture_delay_ns: int
    buses: Mapping[str, str]
    fresh: bool
    identity: str


class Worked(ABC):
    """An output that a worker of its own serves. The worker has the board of outputs (live/outputs/board.py), on which
    this one is the first. does: what it is called by. nice: how far it gives way; patience: see Worker.
    """

    main: ClassVar[str]  # "module:function"
    does: ClassVar[str] = "encoder"
    nice: ClassVar[int] = 9
    patience: ClassVar[int] = 12

    @abstractmethod
    def spec(self, at: Workplace) -> object:
        """What its worker is started with; it goes to another process."""
