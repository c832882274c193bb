"""What every source of a rig has, whatever its kind, and what the show asks of a kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from live.base.samples import CHANNELS
from live.config.base import Name, Share, ShotSize, Title, Wrong
from live.config.check import Known, Table
from live.config.devices import CameraUse, DeviceUse
from live.config.keying import ColourConfig, KeyerConfig, KeyerKind, KeyerOrders

Tells = Literal["device", "stream", "camera"]
MOST_OF_TRACK = 16  # channels of a sound in a file or a stream
EARLIEST_MS, LATEST_MS = -80.0, 1_000.0  # of a source's sound: the mixer waits 120 ms for what comes


def less_heard(channels: int) -> str:
    """Of a sound that has more of them."""
    return f"has {channels} channels of sound, and the first {MOST_OF_TRACK} are heard"


class Source(Table):
    """A source. Its kind says how it is read."""

    # Is what it gave there again for another run (a file), or gone (a camera)?
    repeatable: ClassVar[bool] = False
    # Is its sound what is played, unless somebody wears it as a microphone?
    is_played: ClassVar[bool] = False
    # May its picture stand still by mistake (a camera's), or does it by its nature (a test pattern's)?
    may_freeze: ClassVar[bool] = False
    # May its pictures have alpha of their own?
    may_be_cut_out: ClassVar[bool] = False
    # Where the sound comes from that somebody looks for in a source which has none.
    sound_advice: ClassVar[str] = "give a source that sounds"

    kind: str
    name: Name
    title: Title = ""
    key: KeyerKind = Field(
        "none", description="what cuts people out of it, for a set: the AI matte, or a keyer (docs/keying.md)"
    )
    keyer: KeyerConfig = Field(default_factory=KeyerConfig, description="how its key is made")
    colour: ColourConfig = Field(default_factory=ColourConfig, description="its colours, and its look")
    faces: bool = Field(False, description="find faces, so that the operator can frame them")
    on_call: bool = Field(
        False,
        description=(
            "whoever is there waits to be brought in (`/sources/<name>/on_call 0`, or a hand's cut to them): until "
            "then the director uses no shot that shows it"
        ),
    )
    lips: bool | None = Field(
        None,
        description=(
            "watch whose lips move, where faces are found; when left out: where somebody seen here has no microphone "
            "of their own"
        ),
    )
    role: Literal["auto", "slides", "audience"] = Field(
        "auto",
        description=(
            "what the director may use it for besides people: slides are shown when another one comes, the audience "
            "when it applauds (docs/people.md)"
        ),
    )
    shot_size: ShotSize = Field("mcu", description="how the operator frames it")
    frame: Annotated[tuple[Share, Share, Annotated[float, Field(ge=1, le=8)]], Field(strict=False)] | None = Field(
        None,
        description=(
            "what is shown of it at the start, where no operator frames it: the middle (x, y: shares of the picture, "
            "from its top left) and the zoom; all of it when left out"
        ),
    )
    sound_delay_ms: Annotated[float, Field(ge=EARLIEST_MS, le=LATEST_MS)] = Field(
        0.0,
        description=(
            "its sound is mixed so much later than its picture asks for by itself, or earlier; `live sync` proposes "
            "it, /sources/<name>/delay changes it"
        ),
    )
    picture_delay_ms: Annotated[float, Field(ge=0, le=500)] = Field(
        0.0, description="its picture is held back for so long: where its sound is later than that can be made up for"
    )

    backup: list[Name] = Field(
        [],
        description=(
            "sources that stand in for it, with picture and sound, when nothing comes from it: the first of them that "
            "gives. It is shown again when it has given for 3 s. Live only"
        ),
    )
    backup_after_s: Annotated[float, Field(ge=1, le=60)] = Field(
        2.0, description="for so long nothing has come from it until its backup stands in"
    )

    @property
    def label(self) -> str:
        return self.title or self.name

    @property
    def seen(self) -> bool:
        """Does a vision worker look at it?"""
        return self.key != "none" or self.faces

    @property
    def orders(self) -> KeyerOrders:
        """What its keyer starts with."""
        return KeyerOrders(key=self.key, keyer=self.keyer)

    @property
    def has_picture(self) -> bool:
        """False for one that is sound only."""
        return True

    @property
    def most_channels(self) -> int:
        """Channels that its sound may have."""
        return CHANNELS

    @property
    def tells(self) -> Tells:
        """What its worker tells of how it does."""
        return "device"

    @property
    def mixed_alone(self) -> bool:
        """Is its sound mixed without a microphone that stands for it?"""
        return False

    def channels_found(self) -> int | None:
        """How many channels its sound has, by opening what it names; None where that can't be known. Raises LiveError,
        OSError and ValueError."""
        return None

    @property
    def device_use(self) -> DeviceUse | None:
        """The sound device that it comes from, if it does."""
        return None

    @property
    def camera_use(self) -> CameraUse | None:
        """The camera that it is, if it is one."""
        return None

    def inspect(self) -> Iterator[Wrong]:
        """What `live check` finds out by opening what it names. A show runs with it all the same."""
        yield from ()

    def cross_check(self, known: Known) -> Iterator[Wrong]:
        for name in self.backup:
            yield from known.need("backup", name, known.names("sources"), "source")
            if name == self.name:
                yield Wrong("backup", "a source can't stand in for itself", "name another")
            if any(other.name == name and other.backup for other in known.rig.sources):
                yield Wrong("backup", f"{name} has a backup itself", "name them all here, in their order")
        yield from known.need("keyer.external", self.keyer.external, known.names("sources"), "source")
        if self.colour.match != "set":
            yield from known.need("colour.match", self.colour.match, known.names("sources"), "source")
        if "external" in self.orders.kinds and self.keyer.external in (None, self.name):
            yield Wrong("keyer.external", "an external key needs another source", "name the one that is the matte")


@dataclass(frozen=True)
class FaceSearch:
    """How the people in a source are watched. lips: also whether they talk. small: also faces under a tenth of the
    picture's width."""

    lips: bool = False
    small: bool = False
