"""Where voices come in: the tables `microphones`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, model_validator

from live.base.channels import MOST, Picks
from live.config.base import Name, Wrong
from live.config.check import Known, Table
from live.config.strips import StripConfig, strip_faults

Channel = Annotated[int, Field(ge=1, le=MOST)]


class Microphone(StripConfig, Table):
    """Where a voice comes in: the sound of a source. What its strip is set to at the start (docs/sound.md)."""

    name: Name
    source: Name
    channel: Annotated[int, Field(ge=1, le=MOST)] | None = Field(
        None, description="the channel of the source that it is; it is heard in the middle"
    )
    channels: tuple[Channel, Channel] | None = Field(
        None, strict=False, description="its two channels, left and right; the source's first two when left out"
    )

    plays: bool | None = Field(
        None,
        description=(
            "it is what is played (a film, a jingle), not what happens in the room: it is never taken for music there; "
            "when left out: of a file that nobody wears as a microphone"
        ),
    )

    @property
    def picks(self) -> Picks:
        """The channels of its source that are heard."""
        return (self.channel,) if self.channel is not None else self.channels

    @model_validator(mode="after")
    def _one_way(self) -> Microphone:
        if self.channel is not None and self.channels is not None:
            raise ValueError("a microphone is one channel or two; give channel, or channels")
        return self

    def cross_check(self, known: Known) -> Iterator[Wrong]:
        yield from known.need("source", self.source, known.names("sources"), "source")
        yield from strip_faults(known, self)
        if self.follow == "source" and not self._has_picture(known):
            right = "say in [[people]] who wears it and in which camera they are, or name shots: shot:studio/left"
            yield Wrong("follow", "no picture goes with it", right)
        source = next((s for s in known.rig.sources if s.name == self.source), None)
        if source is not None and source.most_channels < max(self.picks or (1,)):
            yield self.lacks(source.most_channels, "give more `channels` to it, or `downmix = false`")

    def _has_picture(self, known: Known) -> bool:
        """Is there one that its sound belongs to? What is at fault in its source is said there."""
        sources = {s.name: s.has_picture for s in known.rig.sources}
        cameras = [c for p in known.rig.seated() if self.name in p.worn for c in p.seen_by]
        return self.source not in sources or any(sources.get(name, True) for name in (self.source, *cameras))

    def lacks(self, channels: int, right: str = "give one that it has") -> Wrong:
        """Its source has not the channels that it is."""
        last, ways = max(self.picks or (1,)), "channel" if channels == 1 else "channels"
        cause = f"{self.source} has {channels} {ways}, and channel {last} is silent"
        return Wrong("channel" if self.channel is not None else "channels", cause, right)
