"""The show: every command carried out, every automatic act passed through authority. Pure; time is an argument.

A folder for each feature. A new one is its folder and its line in `ShowState`; nothing else names them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from live.show.authority.model import Wheel
from live.show.captions.model import CaptionDesk
from live.show.colour.model import ColourDesk
from live.show.cuts.mix import Mix
from live.show.dsk.model import Keys
from live.show.faults.model import FaultBook
from live.show.feeds.model import FeedDesk
from live.show.fitness.model import Fitness
from live.show.framing.cameras import Cameras
from live.show.graphics.desk import GraphicsDesk
from live.show.holder import Holder
from live.show.keying.model import Keyers
from live.show.layers.desk import LayerDesk
from live.show.listening.model import Listening
from live.show.metering.model import Metering
from live.show.multiviews.model import MultiviewDesk
from live.show.news.model import News
from live.show.outputs.model import Outputs
from live.show.people.model import People
from live.show.players.model import Players
from live.show.scenarios.model import Scenarios
from live.show.session.model import Session
from live.show.sound.model import SoundDesk
from live.show.sources.model import Sync
from live.show.styles.model import StyleDesk


class ShowState(Holder):
    """Everything a show is at one instant, but for pictures and sound: its features, in the order of their turn in a
    frame. Owned by the engine's thread.
    """

    session: Session
    sound: SoundDesk
    sync: Sync
    fitness: Fitness
    mix: Mix
    styles: StyleDesk
    players: Players
    wheel: Wheel
    graphics: GraphicsDesk
    cameras: Cameras
    layers: LayerDesk
    keys: Keys
    captions: CaptionDesk
    feeds: FeedDesk
    multiviews: MultiviewDesk
    keyers: Keyers
    colours: ColourDesk
    people: People
    news: News
    outputs: Outputs
    scenarios: Scenarios
    faults: FaultBook
    listening: Listening
    metering: Metering

    def restore(self, kept: Mapping[str, object], now_s: float) -> None:
        super().restore(kept, now_s)
        self.mix.look_through()

    @cached_property
    def mixes(self) -> dict[str, Mix]:
        """By name, the first one first."""
        return {self.mix.name: self.mix}

    def add_mix(self, name: str) -> Mix:
        """A further program and preview, with a director and an authority key of their own, over the same shots."""
        mix = self.mixes[name] = Mix(self, (self.mix.key[0], name), self.mix)
        self.add(f"mix.{name}", mix)
        return mix
