"""Read a rig and its scenes, and report everything that is wrong with them at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from live.base.errors import ConfigError, Fault, LiveError
from live.base.files import kind_of
from live.base.paths import data_dir, shipped
from live.base.readers import NoAnswer, within
from live.config.base import Wrong
from live.config.check import Known, Table
from live.config.faults import NOTHING, Document, folder_of, read_model, read_toml, rest_of
from live.config.microphones import Microphone
from live.config.multiviews import PLAIN
from live.config.output import Output
from live.config.people import Person
from live.config.places import Places, named
from live.config.presets import Preset, preset_files
from live.config.rig import Rig
from live.config.scene import SceneConfig, ShotConfig
from live.config.scenes import SceneUse
from live.config.source import Source
from live.config.style import Style, for_rig, shipped_styles, style_file, style_files
from live.config.template import Template
from live.config.upgrade import unknown_format
from live.config.within import Made, made_of, sources_in

M = TypeVar("M", bound=BaseModel)
SOURCES_A_CORE = 8


@dataclass(frozen=True)
class Shot:
    """Something that can be put on a bus: a shot of a scene, or a source full frame.

    id: "studio/wide" or "cam1". role and person are what the director goes by.
    """

    id: str
    label: str
    scene: str | None = None
    config: ShotConfig | None = None
    source: str | None = None
    role: str = "none"
    person: str | None = None


@dataclass(frozen=True)
class Show:
    """A rig with its scenes, valid."""

    path: Path
    rig: Rig
    scenes: dict[str, SceneConfig]  # by the rig's name for it
    scene_dirs: dict[str, Path]
    style: Style = field(default_factory=Style)  # the director's at the start, with what the rig says instead
    styles: Mapping[str, Style] = field(default_factory=dict)  # every style that can be had on air, by name
    # By what the rig calls them; a saved one takes the old one's place.
    templates: dict[str, Template] = field(default_factory=dict)
    template_files: dict[str, Path] = field(default_factory=dict)
    presets: Mapping[str, Preset] = field(default_factory=dict)  # of a strip's sound, by name
    text: str = ""  # of the rig's file, as it was read
    # Everybody as they sit now: a hand may change it while the show runs.
    people: list[Person] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "people", self.rig.seated())

    @property
    def stills_dir(self) -> Path:
        """The folder of the still store."""
        return self.rig.stills or folder_of(self.path) / "stills"

    @cached_property
    def places(self) -> Places:
        """Where what a hand names may lie: beside the rig and in its folders, in what ships, and what the rig names."""
        own = (folder_of(self.path), self.stills_dir, *self.scene_dirs.values())
        ship = (*(shipped(f) for f in ("graphics", "scenes", "rigs")), data_dir() / "assets")
        templates = (file.parent for file in self.template_files.values())
        return Places(own[0], tuple(dict.fromkeys((*own, *templates, *ship))), frozenset(self._named()))

    def _named(self) -> Iterator[Path]:
        """Every file that the rig names, those in the image fields of its graphics too."""
        yield from _paths_in(self.rig)
        for graphic in self.rig.graphics:
            template = self.templates.get(graphic.template)
            for name in template.images if template else ():
                if text := graphic.fields.get(name):
                    with suppress(ValueError):
                        yield named(text, folder_of(self.path))

    def talent(self, scene: str) -> dict[str, str]:
        """Place -> source, or another picture, of a scene of this rig."""
        return next(s.talent for s in self.rig.scenes if s.name == scene)

    @property
    def all_shots(self) -> list[Shot]:
        """Every shot of every scene, then every source, in the order of the rig."""
        return list(_all_shots(self.rig, self.scenes, self.people))

    @property
    def row(self) -> list[Shot]:
        """The shots on the keys, in order."""
        by_id = {s.id: s for s in self.all_shots}
        return [by_id[i] for i in self.rig.shots] if self.rig.shots else list(by_id.values())

    def sources_of(self, shot: Shot) -> list[str]:
        """The sources that a shot may show."""
        if shot.source is not None:
            return [shot.source]
        assert shot.scene is not None
        return self.sources_in(self.talent(shot.scene).values())

    def sources_in(self, names: Iterable[str], made: Made | None = None) -> list[str]:
        """The sources that are seen in pictures. made: what those are made of, where it isn't what the rig says."""
        return sources_in(names, made or self.made, self.source_names)

    @cached_property
    def source_names(self) -> frozenset[str]:
        return frozenset(s.name for s in self.rig.sources)

    @cached_property
    def made(self) -> Made:
        """What the rig makes pictures of."""
        return made_of(self.rig, [shot.id for shot in self.all_shots])

    @property
    def pictures(self) -> list[str]:
        """The sources that have a picture."""
        return [s.name for s in self.rig.sources if s.has_picture]

    def needed_by(self, shot: Shot) -> list[str]:
        """The sources without which a shot is not worth showing: a close-up's own; any one of the others for the
        rest.
        """
        if shot.scene is not None and shot.config is not None and shot.config.of is not None:
            name = self.talent(shot.scene).get(shot.config.of)
            return self.sources_in([name]) if name else []
        return self.sources_of(shot)


def _paths_in(value: object) -> Iterator[Path]:
    if isinstance(value, Path):
        yield value
    elif isinstance(value, BaseModel):
        yield from _paths_in([getattr(value, name) for name in type(value).model_fields])
    elif isinstance(value, dict):
        yield from _paths_in(list(value.values()))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _paths_in(item)


def _all_shots(rig: Rig, scenes: dict[str, SceneConfig], people: Sequence[Person]) -> Iterator[Shot]:
    person_of = {camera: p.name for p in people for camera in p.seen_by}
    for use in rig.scenes:
        scene = scenes.get(use.name)
        for shot in scene.shots if scene else []:
            person = person_of.get(use.talent.get(shot.of or "", ""))
            title = shot.title or f"{(scene and scene.title) or use.name} {shot.name}"
            yield Shot(f"{use.name}/{shot.name}", title, scene=use.name, config=shot, role=shot.role, person=person)
    in_scene = {s for use in rig.scenes for s in use.talent.values()}
    for source in rig.sources:
        if not source.has_picture:
            continue
        # A camera that some scene already shows is a director's choice only through that scene: one person, one
        # close-up.
        person = person_of.get(source.name)
        role = "close_up" if person and source.name not in in_scene else "none"
        role = role if source.role == "auto" else source.role
        yield Shot(source.name, source.label, source=source.name, role=role, person=person)


def _kind(path: Path) -> str:
    """As kind_of, and "unknown" of what doesn't answer: reading it will tell."""
    try:
        return within(path, partial(kind_of, path))
    except NoAnswer:
        return "unknown"


def load_show(path: Path, instead: Mapping[Path, str] = NOTHING) -> Show:
    """Read a rig with its scenes. instead: what is to be read in place of its file and theirs. Raises ConfigError with
    every fault of the rig and of all its scenes."""
    faults: list[Fault] = []
    document = read_toml(path, faults, instead)
    faults += unknown_format(document) if document else []
    if document is None or faults:
        raise ConfigError(faults)
    rig = read_model(document, Rig, faults)
    # What is left of a rig without its faulty parts, so that the rest of it is looked at in the same run.
    rest = (rig, document.raw) if rig else rest_of(document, Rig)
    if rest is None:
        raise ConfigError(faults)
    left, kept = rest
    scenes, dirs = _scenes(document, left, faults, instead)
    files = _template_files(document, left, faults)
    read = {name: read_model(read_toml(file, faults), Template, faults) for name, file in files.items()}
    templates = {name: template for name, template in read.items() if template}
    styles = _styles(path, left, faults)
    style = _style(document, left, styles, faults)
    presets = _presets(document, left, faults)
    faults += _cross_check(document, left, kept, scenes)
    if faults:
        raise ConfigError(faults)
    assert rig is not None and style is not None
    return Show(path, rig, scenes, dirs, style, styles, templates, files, presets, document.text)


def inspected(show: Show) -> tuple[list[Fault], list[Fault]]:
    """What is wrong with what the sources and outputs of a valid rig name, found by opening it or looking for it, and
    what is only worth a word. A show runs all the same.
    """
    faults: list[Fault] = []
    mild: list[Fault] = []
    if (document := read_toml(show.path, faults)) is not None:
        rig = show.rig
        for name in sorted({s.name for s in rig.sources} & _also_called(rig)):
            place = document.place(f"sources[{name}].name")
            mild.append(document.fault(place, f"a feed or a tile is called {name}, too", f"call it cam-{name}, say"))
        for at, found in (
            *((f"sources[{s.name}]", s.inspect()) for s in rig.sources),
            *((f"microphones[{m.name}]", _lacking(rig, m)) for m in rig.microphones),
            *((f"sources[{s.name}]", _unheard(s)) for s in rig.sources if s.name not in rig.sounding),
            *((f"outputs[{o.name}]", o.inspect()) for o in rig.outputs),
            *([("listening", rig.listening.inspect())] if rig.listening else []),
        ):
            for wrong in found:
                place = document.place(f"{at}.{wrong.key}")
                (mild if wrong.mild else faults).append(document.fault(place, wrong.cause, wrong.right))
    return faults, mild


def _also_called(rig: Rig) -> set[str]:
    """What means something else where sources are named, too: feeds, and tiles of a multiview."""
    return {*rig.feeds, *(kind.value for kind in PLAIN)}


def crowded(rig: Rig, cores: int) -> str:
    """A word on more sources than a machine of so many cores can open and decode; "" when there are not so many. A
    camera of 720p takes a tenth of a core or more, and each has a process that takes half a second of one to start.
    """
    count = sum(s.has_picture for s in rig.sources)
    if count <= SOURCES_A_CORE * cores:
        return ""
    return f"{count} sources on {cores} cores: it begins late, and pictures come late or seldom; leave some out"


def _lacking(rig: Rig, microphone: Microphone) -> Iterator[Wrong]:
    """Channels of a microphone that what its source names hasn't got. What can't be opened is told of the source."""
    source = rig.source(microphone.source)
    with suppress(LiveError, OSError, ValueError):
        found = source.channels_found()
        if found == 0:
            yield Wrong("source", f"{source.name} gives no sound", source.sound_advice)
        elif found is not None and found < max(microphone.picks or (1,)):
            yield microphone.lacks(found)


def _unheard(source: Source) -> Iterator[Wrong]:
    """A word on a source with sound that nothing of the rig takes."""
    with suppress(LiveError, OSError, ValueError):
        found = source.channels_found()
        if found or found is None and source.tells == "stream":
            cause = "its sound is heard by nobody" if found else "a sound that comes with it is heard by nobody"
            yield Wrong("name", cause, f'give [[microphones]] with source = "{source.name}" if it is to be', mild=True)


def load_file(file: Path, model: type[M]) -> M:
    """A scene, a template or a style by itself. Raises ConfigError with every fault and its line."""
    faults: list[Fault] = []
    loaded = read_model(read_toml(file, faults), model, faults)
    if loaded is None:
        raise ConfigError(faults)
    return loaded


def scene_file(use: SceneUse) -> Path:
    """Where a scene of a rig is read from."""
    folder = use.path or shipped("scenes") / use.name
    return folder if folder.suffix == ".toml" else folder / "scene.toml"


def _scenes(
    document: Document, rig: Rig, faults: list[Fault], instead: Mapping[Path, str]
) -> tuple[dict[str, SceneConfig], dict[str, Path]]:
    """Every scene of a rig by the rig's name for it, and the folder of each."""
    scenes: dict[str, SceneConfig] = {}
    dirs: dict[str, Path] = {}
    for use in rig.scenes:
        file = scene_file(use)
        if _kind(file) == "":
            right = "give its folder as path, or use a name from scenes/"
            faults.append(document.fault(document.place(f"scenes[{use.name}]"), f"no scene at {file}", right))
            continue
        scene = read_model(read_toml(file, faults, instead), SceneConfig, faults)
        if scene:
            scenes[use.name], dirs[use.name] = scene, file.parent
    return scenes, dirs


def _template_files(document: Document, rig: Rig, faults: list[Fault]) -> dict[str, Path]:
    """Every template that ships, and those that the rig names by a folder of its own."""
    files = {f.parent.name: f for f in sorted(shipped("graphics").glob("*/template.toml"))}
    for graphic in rig.graphics:
        own = _own_template(document, graphic.template)
        if own is not None:
            files[graphic.template] = own
        elif graphic.template not in files:
            place = document.place(f"graphics[{graphic.name}].template")
            right = f"give a folder that holds template.toml, or one of: {', '.join(files)}"
            faults.append(document.fault(place, f"no template is called {graphic.template}", right))
    return files


def _own_template(rig: Document, name: str) -> Path | None:
    try:
        file = named(name, folder_of(rig.path)) / "template.toml"
    except ValueError:
        return None
    return file if _kind(file) in ("file", "unknown") else None


def load_style(file: Path) -> Style:
    """A style file. Raises ConfigError with every fault."""
    return load_file(file, Style)


def _styles(path: Path, rig: Rig, faults: list[Fault]) -> dict[str, Style]:
    """The styles that ship, those in the folder `styles` beside the rig, and the rig's own."""
    files = style_files(path.parent)
    own = style_file(rig.director.style, path.parent)
    files |= {own.stem: own} if own.is_file() else {}
    found = {name: read_model(read_toml(file, faults), Style, faults) for name, file in files.items()}
    return {name: style for name, style in found.items() if style is not None}


def _style(document: Document, rig: Rig, styles: Mapping[str, Style], faults: list[Fault]) -> Style | None:
    """The director's style, with the shot lengths that the rig gives."""
    file = style_file(rig.director.style, document.path.parent)
    if not file.is_file():
        cause = f"no style is called {rig.director.style}"
        right = f"one of: {', '.join(shipped_styles())}, or the path of a style file"
        faults.append(document.fault(("director", "style"), cause, right))
        return None
    style = styles.get(file.stem)
    try:
        return style and for_rig(style, rig.director)
    except ValueError as error:
        right = "or leave min_shot_s, max_shot_s and numbers out of the rig: the style has its own"
        faults.append(document.fault(("director",), str(error), right))
        return None


def _presets(document: Document, rig: Rig, faults: list[Fault]) -> dict[str, Preset]:
    """The presets that ship, and those in the folder `sounds` beside the rig; the rig's strips name them."""
    files = preset_files(document.path)
    found = {name: read_model(read_toml(file, faults), Preset, faults) for name, file in files.items()}
    named = [
        *((f"microphones[{m.name}]", m.preset) for m in rig.microphones),
        *((f"sources[{p.name}].strip", p.strip.preset) for p in rig.players),
        *((f"groups[{g.name}]", g.preset) for g in rig.groups),
    ]
    for at, name in named:
        if name is not None and name not in files:
            right = f"one of: {', '.join(files) or 'none'}, or a file in the folder sounds beside the rig"
            faults.append(document.fault(document.place(f"{at}.preset"), f"no preset is called {name}", right))
    return {name: preset for name, preset in found.items() if preset is not None}


def _cross_check(
    document: Document, rig: Rig, kept: Mapping[str, Any], scenes: dict[str, SceneConfig]
) -> Iterator[Fault]:
    """What each table of a rig, which may lack its faulty parts, finds wrong beside the others. kept: what the rig was
    made from.
    """
    names = document.names
    whole = set(scenes) == names.get("scenes", set()) and {s.name for s in rig.sources} == names.get("sources", set())
    places = {name: set(scene.places) for name, scene in scenes.items()}
    layers = {name: {layer.place for layer in scene.layers} for name, scene in scenes.items()}
    known = Known(rig, names, places, {s.id for s in _all_shots(rig, scenes, rig.people)} if whole else None, layers)
    for one, other, alike in same_file(rig.outputs):
        cause = f"{other} writes the same file{alike}"
        yield document.fault(document.place(f"outputs[{one}].path"), cause, "give each output a file of its own")
    for at, table in _tables(rig, document.raw, kept):
        for wrong in table.cross_check(known):
            key = ".".join(k for k in (at, wrong.key) if k)
            yield document.fault(document.place(key), wrong.cause, wrong.right)


def same_file(outputs: Sequence[Output]) -> Iterator[tuple[str, str, str]]:
    """Outputs that write to one file: the later one, the earlier one, and "" where the names are the same to the
    letter."""
    taken: dict[str, tuple[str, Path]] = {}
    for output in outputs:
        if output.file is not None:
            path = output.file.resolve()
            before, there = taken.setdefault(str(path).casefold(), (output.name, path))
            if before != output.name:
                alike = "" if there == path else ", but for capitals, which not every system tells apart"
                yield output.name, before, alike


def _tables(rig: Rig, raw: Mapping[str, Any], kept: Mapping[str, Any]) -> Iterator[tuple[str, Table]]:
    """Every table of a rig with its place: "sources[cam1]", "keys[2]", "captions"; the rig itself at last."""
    for name in Rig.model_fields:
        value = getattr(rig, name)
        if isinstance(value, Table):
            yield name, value
        elif isinstance(value, list) and value and isinstance(value[0], Table):
            numbers = {id(table): n for n, table in enumerate(raw[name], 1)}  # some may have been left out
            for item, table in zip(value, kept[name], strict=True):
                yield f"{name}[{getattr(item, 'name', numbers[id(table)])}]", item
    yield "", rig
