"""The rig: the physical set-up of a show. One TOML file, one model, put together from each part's own tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field, ValidationInfo, field_validator

from live.base.channels import Picks
from live.config.arrays import ArrayConfig
from live.config.base import Name, NewPath, Title, Wrong
from live.config.captions import CaptionsConfig
from live.config.check import Known, Table
from live.config.clips import PlayerConfig
from live.config.control import ControlConfig
from live.config.desk import AUXILIARIES, MINUS, PROGRAM
from live.config.director import DirectorConfig
from live.config.dsk import KeyConfig
from live.config.feeds import BUILT_IN_FEEDS, AuxConfig
from live.config.framing import FramingConfig
from live.config.graphics import GraphicConfig, TitlesConfig
from live.config.kinds import ARRAYS, OUTPUTS, SOURCES, SURFACES
from live.config.listening import ListeningConfig, TalkbackConfig
from live.config.microphones import Microphone
from live.config.multiviews import MultiviewConfig
from live.config.output import EncoderConfig, Output
from live.config.people import Person, Seat, shared
from live.config.picture import PictureConfig
from live.config.scenarios import ScenarioConfig
from live.config.scenes import SceneUse
from live.config.sound import SoundConfig
from live.config.source import FaceSearch, Source
from live.config.strips import MOST_GROUPS, MOST_MICROPHONES, GroupConfig, StripConfig
from live.config.surface import SurfaceConfig
from live.config.transitions import TransitionConfig
from live.picture.transitions import BUILT_IN
from live.sound.film_sound import FilmSound

AnySource = Annotated[Source, SOURCES]
AnyOutput = Annotated[Output, OUTPUTS]
AnySurface = Annotated[SurfaceConfig, SURFACES]
AnyArray = Annotated[ArrayConfig, ARRAYS]


_BUSES = dict.fromkeys(("program", "master", "aux1", "aux2", "listen"), "bus")


class Rig(Table):
    """A whole rig file."""

    format: int = Field(0, description="of this file: 1 today; `live upgrade` brings an older one up")
    title: Title = "Untitled show"
    seed: int = Field(1, description="of everything random")
    start: str | None = Field(None, description="the shot on program when the show starts; the first one otherwise")
    shots: list[str] = Field(
        default_factory=list, description="the shots on the keys 1-9 and in the multiview, in order; all otherwise"
    )
    picture: PictureConfig = Field(default_factory=PictureConfig)
    sources: Annotated[list[AnySource], Field(min_length=1)]
    microphones: list[Microphone] = Field(default_factory=list)
    groups: list[GroupConfig] = Field(default_factory=list, description="strips that are mixed as one")
    sound: SoundConfig = Field(default_factory=SoundConfig)
    people: list[Person] = Field(default_factory=list)
    seats: list[Seat] = Field(default_factory=list, description="places that people may take on air")
    scenes: list[SceneUse] = Field(default_factory=list)
    scenarios: dict[Name, ScenarioConfig] = Field(
        default_factory=dict, description="several things that change at once, by name; /scenario/<name> picks one"
    )
    graphics: list[GraphicConfig] = Field(default_factory=list)
    titles: TitlesConfig = Field(default_factory=TitlesConfig)
    keys: Annotated[list[KeyConfig], Field(max_length=4)] = Field(
        default_factory=list, description="downstream keys 1 to 4"
    )
    stills: NewPath | None = Field(None, description="the folder of the still store; `stills` beside the rig otherwise")
    transition: str = Field(
        "mix", description="what /program/auto and the T-bar do at first: a kind, or one of [[transitions]]"
    )
    transitions: list[TransitionConfig] = Field(default_factory=list)
    director: DirectorConfig = Field(default_factory=DirectorConfig)
    framing: FramingConfig = Field(default_factory=FramingConfig)
    auxiliaries: list[AuxConfig] = Field(default_factory=list)
    multiviews: list[MultiviewConfig] = Field(
        default_factory=list, description="many pictures in one; each is a feed by its name, too"
    )
    listening: ListeningConfig | None = None
    talkback: TalkbackConfig | None = None
    outputs: list[AnyOutput] = Field(default_factory=list)
    encoder: EncoderConfig = Field(default_factory=EncoderConfig)
    captions: CaptionsConfig | None = None
    control: ControlConfig = Field(default_factory=ControlConfig)
    arrays: list[AnyArray] = Field(default_factory=list, description="ceiling arrays that say where somebody talks")
    surfaces: list[AnySurface] = Field(default_factory=list, description="ways in and out beside that of [control]")

    @field_validator(
        "sources",
        "microphones",
        "groups",
        "people",
        "seats",
        "scenes",
        "graphics",
        "transitions",
        "auxiliaries",
        "multiviews",
        "outputs",
        "arrays",
        "surfaces",
    )
    @classmethod
    def _unique(cls, value: list[Any]) -> list[Any]:
        names = [item.name for item in value]
        twice = sorted({n for n in names if names.count(n) > 1})
        if twice:
            raise ValueError(f"the name {twice[0]} is used twice; names must differ")
        return value

    @field_validator("microphones", "groups")
    @classmethod
    def _few(cls, value: list[Any], info: ValidationInfo) -> list[Any]:
        most = MOST_MICROPHONES if info.field_name == "microphones" else MOST_GROUPS
        if len(value) > most:
            raise ValueError(f"{len(value)} {info.field_name}; the sound desk has places for {most}, leave some out")
        return value

    @property
    def feeds(self) -> dict[str, PictureConfig]:
        """Every feed by name, with its size and rate."""
        own = {m.name: PictureConfig(width=m.width, height=m.height, rate_hz=m.rate_hz) for m in self.multiviews}
        return dict.fromkeys([*BUILT_IN_FEEDS, *(a.name for a in self.auxiliaries)], self.picture) | own

    @property
    def stingers(self) -> list[TransitionConfig]:
        """Those of its transitions that are films, in their order: a film's number counts from 1."""
        return [t for t in self.transitions if t.kind == "stinger" and t.path is not None]

    @property
    def film_sounds(self) -> tuple[FilmSound, ...]:
        """What is heard of each of the stingers."""
        return tuple(FilmSound(t.path, t.gain_db) for t in self.stingers if t.path is not None)

    def voice_of(self, source: str) -> tuple[str, Picks]:
        """The source whose sound goes with a camera, and its channels there: the microphone of whoever sits there, or
        the camera's own."""
        worn = [name for p in self.seated() if source in p.seen_by for name in p.worn]
        return next(((m.source, m.picks) for m in self.microphones if m.name in worn), (source, None))

    @property
    def played(self) -> frozenset[str]:
        """The microphones that are what is played, and not what happens in the room."""
        worn = {name for p in (*self.people, *self.seats) for name in p.worn}
        by_itself = {s.name for s in self.sources if s.is_played}
        return frozenset(
            m.name
            for m in self.microphones
            if (m.source in by_itself and m.name not in worn if m.plays is None else m.plays)
        )

    def seated(self, seats: Mapping[str, str | None] | None = None) -> list[Person]:
        """Everybody with the cameras and microphones of their seat. seats: where they sit, where it isn't as at the
        start.
        """
        places = {seat.name: seat for seat in self.seats}
        at = {p.name: p.seat for p in self.people} | dict(seats or {})
        return [p.at(places.get(at[p.name] or "")) for p in self.people]

    @property
    def buses(self) -> list[str]:
        """The buses of the sound desk."""
        return [PROGRAM, *AUXILIARIES, *(f"{MINUS}{m.name}" for m in self.microphones)]

    @property
    def players(self) -> list[PlayerConfig]:
        """The sources that play clips when they are told to."""
        return [s for s in self.sources if isinstance(s, PlayerConfig)]

    @property
    def heard_players(self) -> list[str]:
        """The players that are mixed by themselves: those that no microphone stands for."""
        taken = {m.source for m in self.microphones}
        return [s.name for s in self.sources if s.mixed_alone and s.name not in taken]

    @property
    def sounding(self) -> set[str]:
        """The sources whose sound goes somewhere."""
        talk = {self.talkback.source} if self.talkback is not None else set()
        return {m.source for m in self.microphones} | {*self.heard_players} | talk

    @property
    def strips(self) -> dict[str, StripConfig]:
        """Every strip of the sound desk by name: microphones, players that are mixed by themselves, groups."""
        heard, of = self.heard_players, {p.name: p for p in self.players}
        players = {n: of[n].strip.model_copy(update={"gain_db": of[n].gain_db}) for n in heard if n in of}
        return {m.name: m for m in self.microphones} | players | {g.name: g for g in self.groups}

    def face_search(self, source: Source) -> FaceSearch | None:
        """How the people in a source are watched; None when nobody looks for faces there."""
        common = shared(self.seated())
        anywhere = [*self.seated(), *(p.at(seat) for p in self.people for seat in self.seats)]
        seen = [p for p in anywhere if source.name in p.seen_by]
        unheard = any(not set(p.worn) - common for p in seen)
        lips = unheard if source.lips is None else source.lips
        return FaceSearch(lips, source.shot_size in ("full", "wide", "two_shot", "group")) if source.faces else None

    def source(self, name: str) -> Source:
        return next(s for s in self.sources if s.name == name)

    def cross_check(self, known: Known) -> Iterator[Wrong]:
        ready = {*BUILT_IN, *known.names("transitions")}
        yield from known.need("transition", self.transition, ready, "transition")
        if known.shots is not None:
            for shot in self.shots:
                yield from known.need("shots", shot, known.shots, "shot")
            yield from known.need("start", self.start, known.shots, "shot")
            yield from known.need("director.silence", self.director.silence, known.shots, "shot")
        yield from self._strip_names()

    def _strip_names(self) -> Iterator[Wrong]:
        """The names of all strips differ, and no group is called what the desk calls something else."""
        taken = {m.name: "microphone" for m in self.microphones}
        for name in self.heard_players:
            if name in taken:
                right = "give the microphone another name: each has its strip"
                yield Wrong(f"microphones[{name}].name", f"a player is called {name}, too", right)
            taken[name] = "player"
        for group in self.groups:
            if (what := taken.get(group.name) or _BUSES.get(group.name)) is not None:
                yield Wrong(f"groups[{group.name}].name", f"a {what} is called {group.name}", "give it another name")
