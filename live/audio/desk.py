"""What the sound desk does with a block: strips out of what their sources gave, the mixer, buses. Pure: the audio
worker runs it behind now, the engine off line, and both get the same samples.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from live.audio.meters import Meters
from live.audio.mixer import BLOCK, Mixer, Samples
from live.audio.moved import Moved
from live.base.channels import Picks, heard
from live.config.desk import PROGRAM, DeskOrders
from live.config.microphones import Microphone
from live.shm.status import Board

Read = Callable[[str, int, int], Samples | None]  # (source, first sample, how many) -> (n, channels); None: nothing yet


@dataclass(frozen=True)
class Strip:
    """Where the sound of a strip comes from. picks: the channels of its source."""

    name: str
    source: str
    picks: Picks = None


def strips_of(microphones: Iterable[Microphone], players: Iterable[str]) -> tuple[Strip, ...]:
    """The microphones, and the players that are mixed by themselves."""
    return (*(Strip(m.name, m.source, m.picks) for m in microphones), *(Strip(name, name) for name in players))


def sources_of(strips: Iterable[Strip]) -> list[str]:
    """Each once."""
    return list(dict.fromkeys(strip.source for strip in strips))


class Desk:
    """All strips of a show. One thread. speaking: the microphones into which their owners speak now; it is set from
    outside.
    """

    def __init__(
        self,
        strips: Sequence[Strip],
        read: Read,
        start: int,
        *,
        buses: Iterable[str] = (PROGRAM,),
        groups: Iterable[str] = (),
        kept: Board | None = None,
    ) -> None:
        """start: the number of the first sample that it makes; a multiple of BLOCK. kept: see Meters."""
        self._strips, self._moved = strips, Moved(read)
        self._mixer = Mixer(buses)
        self.meters = Meters([*(s.name for s in strips), *groups], kept)
        self.speaking: Collection[str] = ()
        self.at = start  # the number of the next sample that it makes

    def set(self, orders: DeskOrders) -> None:
        """From the next block on."""
        self._mixer.set(orders)
        self._moved.set(orders.delays_ms)
        self.meters.obey(orders.meters)

    def skip(self, to: int) -> None:
        """Go on from another sample number, a multiple of BLOCK."""
        self.at = to

    def step(self) -> dict[str, Samples]:
        """The next block of every bus: (BLOCK, 2) float32 of the samples from `at` on."""
        given = {source: self._moved.read(source, self.at, BLOCK) for source in sources_of(self._strips)}
        blocks, mono = dict[str, Samples](), set[str]()
        for strip in self._strips:
            if (block := given[strip.source]) is None:
                continue
            blocks[strip.name] = heard(block, strip.picks)
            if block.shape[1] == 1 or (strip.picks is not None and len(strip.picks) == 1):
                mono.add(strip.name)
        self.at += BLOCK
        buses = self._mixer.mix(blocks, mono=frozenset(mono))
        groups = {name: block for name, block in self._mixer.after.items() if name not in blocks}
        strips, came = blocks | groups, blocks
        self.meters.take(self.at, strips, buses[PROGRAM], came=came, mono=frozenset(mono), speaking=self.speaking)
        return buses
