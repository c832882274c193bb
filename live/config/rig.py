"""The rig: the physical set-up of a show. One TOML file, one model."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from live.config.base import ExistingFile, ExistingPath, Model, Name, NewPath, Share, ShotSize
from live.config.clips import After, ClipConfig
from live.config.feeds import BUILT_IN_FEEDS, AuxConfig
from live.config.keying import ColourConfig, Key, KeyerConfig, KeyerOrders
from live.config.multiviews import MultiviewConfig
from live.picture.transitions import KINDS
from live.sound.film_sound import FilmSound

Colour = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]


def _kind(value: str) -> str:
    if value not in KINDS:
        raise ValueError(f"no transition is called {value}; one of: {', '.join(KINDS)}")
    return value


_HOOK = re.compile(r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$")
_NTSC = {23.976: Fraction(24000, 1001), 29.97: Fraction(30000, 1001), 59.94: Fraction(60000, 1001)}


class PictureConfig(Model):
    """The program picture. BT.709, limited range, 4:2:0, 8 bit."""

    width: Annotated[int, Field(ge=64, le=3840, multiple_of=8)] = 1280
    height: Annotated[int, Field(ge=64, le=2160, multiple_of=2)] = 720
    rate_hz: Annotated[float, Field(gt=0, le=120)] = 30.0
    delay_s: Annotated[float, Field(ge=0, le=1)] = Field(
        0.0,
        description=(
            "program behind the cameras: the machine hears what comes; 0.5 makes its cuts land on the word. The "
            "multiview is as late"
        ),
    )

    @property
    def rate(self) -> Fraction:
        """Frames a second, exact: 29.97 means 30000/1001."""
        return _NTSC.get(round(self.rate_hz, 3), Fraction(self.rate_hz).limit_denominator(1001))


class _Source(Model):
    name: Name
    title: str = ""
    key: Key = Field(
        "none", description="what cuts people out of it, for a set: the AI matte, or a keyer (docs/keying.md)"
    )
    keyer: KeyerConfig = Field(KeyerConfig(), description="how its key is made")
    colour: ColourConfig = Field(ColourConfig(), description="its colours, and its look")
    faces: bool = Field(False, description="find faces, so that the operator can frame them")
    lips: bool | None = Field(
        None,
        description=(
            "watch whose lips move, where faces are found; when left out: where somebody seen here has no microphone "
            "of their own"
        ),
    )
    shot_size: ShotSize = Field("mcu", description="how the operator frames it")

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


@dataclass(frozen=True)
class Watch:
    """How the people in a source are watched. lips: also whether they talk. small: also faces under a tenth of the
    picture's width.
    """

    lips: bool = False
    small: bool = False


class MediaSource(_Source):
    """A media file: video, sound or both, paced by its own timestamps."""

    kind: Literal["media"]
    path: ExistingFile
    loop: bool = True


class PlayerSource(_Source):
    """A player of clips: it stands on the first picture of one until it is played (docs/media.md)."""

    kind: Literal["player"]
    clips: Annotated[list[ClipConfig], Field(min_length=1, max_length=100)]
    after: After = Field(
        "hold", description="what follows a clip: its last picture stays, the next one, itself again, or black"
    )
    repeat: bool = Field(False, description="after the last clip comes the first")
    play_on_take: bool = Field(
        False, description="it plays when it comes on program; off program, one that has ended makes place for the next"
    )
    at_end: Literal["stay", "back"] = Field(
        "stay", description="back: when it has ended on program, the shot before it comes back by itself"
    )
    sound: Literal["follow", "always", "off"] = Field(
        "follow", description="follow: it is heard while it is on program"
    )
    gain_db: Annotated[float, Field(ge=-60, le=24)] = Field(
        0.0, description="at the start; /players/<name>/gain changes it"
    )


class StillSource(_Source):
    """A picture file. `motion` moves it as a hand-held camera would, so that a photograph can stand in for a camera."""

    kind: Literal["still"]
    path: ExistingFile
    motion: Literal["none", "handheld"] = "none"
    zoom: Annotated[float, Field(ge=1, le=8)] = Field(1.0, description="how far into the picture the frame is")
    center: tuple[Share, Share] = Field(
        (0.5, 0.5), strict=False, description="where in the picture the frame is centred (x, y)"
    )


class PatternSource(_Source):
    """Bars with burnt-in frame number and clock, a flash and a blip every second."""

    kind: Literal["pattern"]
    blip: bool = Field(True, description="the 1 kHz blip with each flash")


class WebcamSource(_Source):
    """A camera of this machine, by number (0 is the first)."""

    kind: Literal["webcam"]
    device: Annotated[int, Field(ge=0)] = 0
    width: Annotated[int, Field(ge=64, le=3840)] = 1280
    height: Annotated[int, Field(ge=64, le=2160)] = 720


class NetworkSource(_Source):
    """A stream that is pulled: rtmp, rtsp, srt, udp, http."""

    kind: Literal["network"]
    url: Annotated[str, Field(pattern=r"^(rtmps?|rtsps?|srt|udp|rtp|https?|tcp)://.+")]


SourceConfig = Annotated[
    MediaSource | PlayerSource | StillSource | PatternSource | WebcamSource | NetworkSource, Field(discriminator="kind")
]


class Microphone(Model):
    """Where a voice comes in: the sound of a source."""

    name: Name
    source: Name
    gain_db: Annotated[float, Field(ge=-60, le=24)] = Field(
        0.0, description="at the start; /microphones/<name>/gain changes it"
    )
    muted: bool = Field(False, description="at the start; /microphones/<name>/mute changes it")


class Person(Model):
    """Who sits where: joins a voice to a camera."""

    name: Name
    title: str = ""
    line: str = Field("", description="what a lower third says under the name")
    microphone: Name | None = Field(
        None, description="the one they wear; one that several people name is shared, and lips tell who of them speaks"
    )
    camera: Name | None = Field(
        None, description="the source they are seen in; several people of one camera stand in it from left to right"
    )

    @property
    def label(self) -> str:
        return self.title or self.name


class SceneUse(Model):
    """A scene of this rig: which folder, and which source stands in which place."""

    name: Name
    path: ExistingPath | None = Field(None, description="a scene folder; without it, the scene of this name that ships")
    talent: dict[str, Name] = Field(default_factory=dict, description="place in the scene -> source")


class DirectorConfig(Model):
    """The automatic director."""

    level: Literal["off", "suggest", "armed", "auto"] = "auto"
    style: Annotated[str, Field(min_length=1)] = Field(
        "talk", description="how it cuts: the name of a style (docs/styles.md), or the path of one"
    )
    min_shot_s: Annotated[float, Field(ge=0.5, le=60)] | None = Field(
        None, description="no shot is shorter; the style's when left out"
    )
    max_shot_s: Annotated[float, Field(ge=5, le=600)] | None = Field(
        None, description="soft: from here on a change is worth more and more; the style's when left out"
    )
    lease_s: Annotated[float, Field(ge=0, le=600)] = Field(
        5.0, description="how long a hand on the cuts keeps the machine off"
    )
    veto_s: Annotated[float, Field(ge=0, le=10)] = Field(
        2.0, description="armed: how long a proposal shows before it is done"
    )
    preview_s: Annotated[float, Field(ge=0, le=5)] = Field(
        0.2,
        description=(
            "auto: how long a cut shows on preview before it is done; of a delayed program, what the delay doesn't "
            "show of it"
        ),
    )


class FramingConfig(Model):
    """The automatic operator."""

    level: Literal["off", "auto"] = "auto"
    lease_s: Annotated[float, Field(ge=0, le=600)] = 10.0


class TransitionConfig(Model):
    """A transition made ready, to be taken by its name: a kind, and how it looks. One with the name of a kind stands in
    for it.
    """

    name: Name
    kind: Annotated[str, AfterValidator(_kind)] = Field(description="see docs/transitions.md")
    seconds: Annotated[float, Field(ge=0, le=10)] = Field(
        1.0, description="how long it takes; a stinger takes as long as its film"
    )
    softness: Annotated[float, Field(ge=0, le=0.5)] = Field(0.03, description="of a wipe's edge, share of the way")
    border: Annotated[float, Field(ge=0, le=0.5)] = Field(0.0, description="of a wipe's edge, share of the way")
    colour: Colour = Field("#000000", description="of the border, and of what a dip goes through")
    reverse: bool = Field(False, description="a wipe's shape runs the other way: an iris closes")
    path: ExistingFile | None = Field(None, description="picture: a grey picture, dark comes first; stinger: a film")
    key: ExistingFile | None = Field(None, description="stinger: a film of its key, when the film has no alpha")
    trigger_s: Annotated[float, Field(ge=0, le=10)] = Field(
        0.5, description="stinger: when the film hides the picture, which changes then"
    )
    gain_db: Annotated[float, Field(ge=-60, le=12)] = Field(
        0.0, description="stinger: how loud the sound of its film is"
    )

    @model_validator(mode="after")
    def _file(self) -> TransitionConfig:
        if KINDS[self.kind].file and self.path is None:
            raise ValueError(f"a {self.kind} needs a file; give its path")
        return self


class KeyConfig(Model):
    """A downstream key, the first table for DSK 1: a graphic, a still or a source over every transition."""

    title: str = ""
    graphic: Name | None = Field(None, description="one of [[graphics]]: it comes and goes as its template says")
    still: ExistingFile | None = Field(None, description="a picture with alpha, fitted into the frame")
    source: Name | None = Field(None, description="the fill; keyed by its own keyer when it has one")
    key: Name | None = Field(None, description="a source that is the key of the fill: white where it is seen")
    seconds: Annotated[float, Field(ge=0, le=10)] = Field(0.5, description="how long it takes to come or go")
    tied: bool = Field(False, description="it goes along with the next transition")

    @model_validator(mode="after")
    def _one(self) -> KeyConfig:
        if sum(v is not None for v in (self.graphic, self.still, self.source)) != 1:
            raise ValueError("a key holds one thing; give a graphic, or a still, or a source")
        if self.key is not None and self.source is None:
            raise ValueError("a key without a fill; give the fill as source")
        return self


class GraphicConfig(Model):
    """A graphic that can be keyed over program: a template and what its fields say at the start."""

    name: Name
    template: str = Field(
        "lower_third", description="one that ships (docs/graphics.md), or a folder with a template.toml"
    )
    fields: dict[str, str] = Field(default_factory=dict, description="what its fields say at the start")
    data: ExistingFile | None = Field(
        None, description="a JSON or CSV file that its fields are read from, again whenever it is saved"
    )
    map: dict[str, str] = Field(
        default_factory=dict,
        description=(
            'field -> where in the data: "teams.0.name" (JSON), a column (CSV); by the field\'s own name otherwise'
        ),
    )
    row: Annotated[int, Field(ge=1)] = Field(1, description="CSV: which line under the heading, at first")
    off_after_s: Annotated[float, Field(ge=0, le=600)] = Field(
        7.0,
        description=(
            "shown from a suggestion, the machine takes it off after so long; 0: it stays. What a hand shows stays"
        ),
    )


FeedName = Annotated[str, Field(min_length=1, description="which feed (docs/outputs.md)")]


class FileOutput(Model):
    """A recording: fragmented MP4, so that a kill loses no more than the last fragment."""

    name: Name
    kind: Literal["file"]
    path: NewPath
    feed: FeedName = "program"


class StreamOutput(Model):
    """A live stream: RTMP(S)."""

    name: Name
    kind: Literal["rtmp"]
    url: Annotated[str, Field(pattern=r"^rtmps?://.+")]
    feed: FeedName = "program"


class IsoOutput(Model):
    """The clean recording of one source, frame by frame beside the program: its frame n is what the source gave for
    program frame n, with the sound of the microphone of whoever sits there."""

    name: Name
    kind: Literal["iso"]
    source: Name
    path: NewPath


OutputConfig = Annotated[FileOutput | StreamOutput | IsoOutput, Field(discriminator="kind")]


class EncoderConfig(Model):
    """The one encode that every output shares: H.264 and AAC."""

    preset: Literal["ultrafast", "superfast", "veryfast", "faster", "fast", "medium"] = "ultrafast"
    video_kbps: Annotated[int, Field(ge=100, le=100_000)] = 4500
    audio_kbps: Annotated[int, Field(ge=32, le=512)] = 128
    keyframe_s: Annotated[float, Field(gt=0, le=10)] = 2.0


class ControlConfig(Model):
    """Where commands come in. Loopback unless the rig says otherwise."""

    host: str = "127.0.0.1"
    osc_port: Annotated[int, Field(ge=0, le=65535)] = Field(9000, description="0: any free port")


class CaptionsConfig(Model):
    """Live captions of what the microphones hear. Without this table there are none."""

    show: bool = Field(
        True, description="key them over program from the start; /captions/show and /captions/hide do it on air"
    )
    closed: bool = Field(True, description="CEA-608 closed captions in every recording and stream, shown or not")
    file: NewPath | None = Field(None, description="also write them here, timed to the recording: .vtt or .srt")
    speakers: Literal["marks", "names", "none"] = Field(
        "marks", description="how a change of speaker shows: >>, the name, or not"
    )
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] = Field("en", description="what is spoken, as a code")
    model: ExistingPath | None = Field(
        None,
        description=(
            "folder of a Whisper model in CTranslate2's form, instead of the one of `live models`, which knows "
            "English only"
        ),
    )
    translate: str | list[str] | None = Field(
        None,
        description=(
            '"english" (by Whisper), "package:function" (text in, text out; looked for beside the rig first), or a '
            "command as a list"
        ),
    )
    translate_timeout_s: Annotated[float, Field(ge=0.1, le=30)] = Field(
        3.0, description="a caption that isn't translated by then goes on as it is"
    )

    @field_validator("file")
    @classmethod
    def _suffix(cls, value: Path | None) -> Path | None:
        if value is not None and value.suffix.lower() not in (".vtt", ".srt"):
            raise ValueError(f"{value.name} is neither WebVTT nor SubRip; give a name that ends in .vtt or .srt")
        return value

    @model_validator(mode="after")
    def _known(self) -> CaptionsConfig:
        if self.model is None and self.language != "en":
            raise ValueError(
                f"the model of `live models` knows English only, not {self.language}; give the folder of a "
                f"multilingual model as model"
            )
        if self.model is None and self.translate == "english":
            raise ValueError(
                "the model of `live models` can't translate; give the folder of a multilingual model as model"
            )
        if isinstance(self.translate, list) and not self.translate:
            raise ValueError("translate is an empty command; give a program and its arguments")
        if isinstance(self.translate, str) and self.translate != "english" and not _HOOK.match(self.translate):
            raise ValueError(
                f"translate is {self.translate!r:.60}; give english, package:function, or a command as a list"
            )
        return self


class Rig(Model):
    """A whole rig file."""

    title: str = "Untitled show"
    seed: int = Field(1, description="of everything random")
    start: str | None = Field(None, description="the shot on program when the show starts; the first one otherwise")
    shots: list[str] = Field(
        default_factory=list, description="the shots on the keys 1-9 and in the multiview, in order; all otherwise"
    )
    picture: PictureConfig = PictureConfig()
    sources: Annotated[list[SourceConfig], Field(min_length=1)]
    microphones: list[Microphone] = Field(default_factory=list)
    people: list[Person] = Field(default_factory=list)
    scenes: list[SceneUse] = Field(default_factory=list)
    graphics: list[GraphicConfig] = Field(default_factory=list)
    keys: Annotated[list[KeyConfig], Field(max_length=4)] = Field(
        default_factory=list, description="downstream keys 1 to 4"
    )
    stills: NewPath | None = Field(None, description="the folder of the still store; `stills` beside the rig otherwise")
    transition: str = Field(
        "mix", description="what /program/auto and the T-bar do at first: a kind, or one of [[transitions]]"
    )
    transitions: list[TransitionConfig] = Field(default_factory=list)
    director: DirectorConfig = DirectorConfig()
    framing: FramingConfig = FramingConfig()
    auxiliaries: list[AuxConfig] = Field(default_factory=list)
    multiviews: list[MultiviewConfig] = Field(
        default_factory=list, description="many pictures in one; each is a feed by its name, too"
    )
    outputs: list[OutputConfig] = Field(default_factory=list)
    encoder: EncoderConfig = EncoderConfig()
    captions: CaptionsConfig | None = None
    control: ControlConfig = ControlConfig()

    @field_validator(
        "sources", "microphones", "people", "scenes", "graphics", "transitions", "auxiliaries", "multiviews", "outputs"
    )
    @classmethod
    def _unique(cls, value: list) -> list:
        names = [item.name for item in value]
        twice = sorted({n for n in names if names.count(n) > 1})
        if twice:
            raise ValueError(f"the name {twice[0]} is used twice; names must differ")
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

    def voice_of(self, source: str) -> str:
        """The source whose sound goes with a camera: the microphone of whoever sits there, or the camera's own."""
        microphones = [p.microphone for p in self.people if p.camera == source and p.microphone]
        return next((m.source for m in self.microphones if m.name in microphones), source)

    @property
    def heard_players(self) -> list[str]:
        """The players that are mixed by themselves: those that no microphone stands for."""
        taken = {m.source for m in self.microphones}
        return [
            s.name for s in self.sources if isinstance(s, PlayerSource) and s.sound != "off" and s.name not in taken
        ]

    def watch(self, source: SourceConfig) -> Watch | None:
        """How the people in a source are watched; None when nobody looks for faces there."""
        worn = [p.microphone for p in self.people if p.microphone is not None]
        unheard = any(p.camera == source.name and worn.count(p.microphone or "") != 1 for p in self.people)
        lips = unheard if source.lips is None else source.lips
        return Watch(lips, source.shot_size in ("full", "wide", "two_shot", "group")) if source.faces else None

    def source(self, name: str) -> SourceConfig:
        return next(s for s in self.sources if s.name == name)
