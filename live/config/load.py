"""Read a rig and its scenes, and report everything that is wrong with them at once."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from live.base.errors import ConfigError, Fault
from live.base.files import kind_of, read_file, words_of
from live.base.paths import data_dir, shipped
from live.base.readers import NoAnswer, within
from live.config.feeds import BUILT_IN_FEEDS
from live.config.lines import line_of
from live.config.multiviews import PLAIN, SOURCE_WORD
from live.config.places import Places, named
from live.config.rig import IsoOutput, MediaSource, Rig, SourceConfig
from live.config.scene import SceneConfig, ShotConfig
from live.config.style import Style, for_rig, shipped_styles, style_file, style_files
from live.config.template import Template
from live.picture.transitions import BUILT_IN

M = TypeVar("M", bound=BaseModel)
_LONGEST = 10_000_000  # bytes: what is larger was written by no hand


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
    style: Style = Style()  # the director's at the start, with what the rig says instead
    styles: Mapping[str, Style] = field(default_factory=dict)  # every style that can be had on air, by name
    templates: dict[str, Template] = field(
        default_factory=dict
    )  # by what the rig calls them; a saved one takes the old one's place
    template_files: dict[str, Path] = field(default_factory=dict)

    @property
    def stills_dir(self) -> Path:
        """The folder of the still store."""
        return self.rig.stills or _folder(self.path) / "stills"

    @cached_property
    def places(self) -> Places:
        """Where what a hand names may lie: beside the rig and in its folders, in what ships, and what the rig names."""
        own = (_folder(self.path), self.stills_dir, *self.scene_dirs.values())
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
                        yield named(text, _folder(self.path))

    def talent(self, scene: str) -> dict[str, str]:
        """Place -> source of a scene of this rig."""
        return next(s.talent for s in self.rig.scenes if s.name == scene)

    @property
    def all_shots(self) -> list[Shot]:
        """Every shot of every scene, then every source, in the order of the rig."""
        return list(_all_shots(self.rig, self.scenes))

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
        return list(dict.fromkeys(self.talent(shot.scene).values()))

    @property
    def pictures(self) -> list[str]:
        """The sources that have a picture."""
        return [s.name for s in self.rig.sources if has_picture(s)]

    def needed_by(self, shot: Shot) -> list[str]:
        """The sources without which a shot is not worth showing: a close-up's own; any one of the others for the
        rest.
        """
        if shot.scene is not None and shot.config is not None and shot.config.of is not None:
            source = self.talent(shot.scene).get(shot.config.of)
            return [source] if source else []
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


def _all_shots(rig: Rig, scenes: dict[str, SceneConfig]) -> Iterator[Shot]:
    person_of = {p.camera: p.name for p in rig.people if p.camera}
    for use in rig.scenes:
        scene = scenes.get(use.name)
        for shot in scene.shots if scene else []:
            person = person_of.get(use.talent.get(shot.of or "", ""))
            title = shot.title or f"{(scene and scene.title) or use.name} {shot.name}"
            yield Shot(f"{use.name}/{shot.name}", title, scene=use.name, config=shot, role=shot.role, person=person)
    in_scene = {s for use in rig.scenes for s in use.talent.values()}
    for source in rig.sources:
        if not has_picture(source):
            continue
        # A camera that some scene already shows is a director's choice only through that scene: one person, one
        # close-up.
        person = person_of.get(source.name)
        role = "close_up" if person and source.name not in in_scene else "none"
        yield Shot(source.name, source.label, source=source.name, role=role, person=person)


_SOUND_ONLY = {".wav", ".flac", ".mp3", ".aac", ".m4a", ".ogg", ".opus"}


def has_picture(source: SourceConfig) -> bool:
    """False for a media file that is sound only, told by its suffix."""
    return not (isinstance(source, MediaSource) and source.path.suffix.lower() in _SOUND_ONLY)


def _folder(path: Path) -> Path:
    """What the names in a file are relative to."""
    return Path(os.path.realpath(path.parent))


def _kind(path: Path) -> str:
    """As kind_of, and "unknown" of what doesn't answer: reading it will tell."""
    try:
        return within(path, partial(kind_of, path))
    except NoAnswer:
        return "unknown"


def load_show(path: Path) -> Show:
    """Read a rig with its scenes. Raises ConfigError with every fault of the rig and of all its scenes."""
    faults: list[Fault] = []
    raw = _toml(path, faults)
    rig = _model(path, raw, Rig, faults)
    # What is left of a rig without its faulty parts, so that the rest of it is looked at in the same run.
    partial = rig or _rest_of(raw, path)
    scenes: dict[str, SceneConfig] = {}
    dirs: dict[str, Path] = {}
    for name, folder in [(u.name, u.path) for u in partial.scenes] if partial else []:
        folder = folder or shipped("scenes") / name
        file = folder if folder.suffix == ".toml" else folder / "scene.toml"
        if _kind(file) == "":
            faults.append(
                Fault(
                    str(path),
                    f"scenes[{name}]",
                    f"no scene at {file}",
                    "give its folder as path, or use a name from scenes/",
                )
            )
            continue
        scene = _model(file, _toml(file, faults), SceneConfig, faults, lines=True)
        if scene:
            scenes[name], dirs[name] = scene, file.parent
    files = _template_files(path, partial, faults) if partial else {}
    templates = {
        name: t
        for name, file in files.items()
        if (t := _model(file, _toml(file, faults), Template, faults, lines=True))
    }
    styles = _styles(path, partial, faults) if partial else {}
    style = _style(path, partial, styles, faults) if partial else None
    if partial:
        faults += _cross_check(path, partial, scenes, _names_in(raw))
    if faults:
        raise ConfigError(faults)
    assert rig is not None and style is not None
    return Show(path, rig, scenes, dirs, style, styles, templates, files)


def load_file(file: Path, model: type[M]) -> M:
    """A scene or a template by itself, when it has been saved. Raises ConfigError with every fault and its line."""
    faults: list[Fault] = []
    loaded = _model(file, _toml(file, faults), model, faults, lines=True)
    if loaded is None:
        raise ConfigError(faults)
    return loaded


def _template_files(path: Path, rig: Rig, faults: list[Fault]) -> dict[str, Path]:
    """Every template that ships, and those that the rig names by a folder of its own."""
    files = {f.parent.name: f for f in sorted(shipped("graphics").glob("*/template.toml"))}
    for graphic in rig.graphics:
        own = _own_template(path, graphic.template)
        if own is not None:
            files[graphic.template] = own
        elif graphic.template not in files:
            right = f"give a folder that holds template.toml, or one of: {', '.join(files)}"
            faults.append(
                Fault(
                    str(path), f"graphics[{graphic.name}].template", f"no template is called {graphic.template}", right
                )
            )
    return files


def _own_template(path: Path, name: str) -> Path | None:
    try:
        file = named(name, _folder(path)) / "template.toml"
    except ValueError:
        return None
    return file if _kind(file) in ("file", "unknown") else None


def load_style(file: Path) -> Style:
    """A style file. Raises ConfigError with every fault."""
    faults: list[Fault] = []
    style = _model(file, _toml(file, faults), Style, faults)
    if style is None:
        raise ConfigError(faults)
    return style


def _styles(path: Path, rig: Rig, faults: list[Fault]) -> dict[str, Style]:
    """The styles that ship, those in the folder `styles` beside the rig, and the rig's own."""
    files = style_files(path.parent)
    own = style_file(rig.director.style, path.parent)
    files |= {own.stem: own} if own.is_file() else {}
    found = {name: _model(file, _toml(file, faults), Style, faults) for name, file in files.items()}
    return {name: style for name, style in found.items() if style is not None}


def _style(path: Path, rig: Rig, styles: Mapping[str, Style], faults: list[Fault]) -> Style | None:
    """The director's style, with the shot lengths that the rig gives."""
    file = style_file(rig.director.style, path.parent)
    if not file.is_file():
        known = f"one of: {', '.join(shipped_styles())}, or the path of a style file"
        faults.append(Fault(str(path), "director.style", f"no style is called {rig.director.style}", known))
        return None
    style = styles.get(file.stem)
    try:
        return style and for_rig(style, rig.director)
    except ValueError as error:
        faults.append(
            Fault(
                str(path),
                "director.style",
                str(error),
                "or leave min_shot_s and max_shot_s out of the rig: the style has its own",
            )
        )
        return None


def _toml(path: Path, faults: list[Fault]) -> dict[str, Any] | None:
    """What a TOML file says; None, and one fault, when it can't be read."""
    try:
        text = within(path, partial(read_file, path, _LONGEST)).decode("utf-8-sig")
    except NoAnswer as error:
        faults.append(Fault(str(path), "-", error.cause, error.action))
        return None
    except OSError as error:
        faults.append(Fault(str(path), "-", f"can't be read ({words_of(error)})", "give the path of a TOML file"))
        return None
    except UnicodeDecodeError:
        faults.append(Fault(str(path), "-", "is no text", "give the path of a TOML file"))
        return None
    if not text.strip():
        faults.append(Fault(str(path), "-", "the file is empty", "see docs/rigs.md for a small one"))
        return None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = re.search(r" \(at line (\d+), column \d+\)$", str(error))  # the end of the file has no number
        cause = str(error)[: where.start()] if where else str(error)
        faults.append(Fault(str(path), "-", f"not TOML: {cause}", "mend that line", int(where[1]) if where else 0))
        return None
    except (ValueError, RecursionError):  # a number of thousands of digits, brackets within brackets without end
        faults.append(Fault(str(path), "-", "not TOML that anybody can read", "give a file that was written by hand"))
        return None


def in_words(error: ValidationError, raw: Any) -> tuple[str, str]:
    """The first thing wrong in what was to become a model: which key is what, and what would be right."""
    fault = _fault(Path(), raw, error.errors(include_url=False)[0])
    return f"{fault.key} {fault.cause}", fault.right


def _model(
    path: Path, raw: dict[str, Any] | None, model: type[M], faults: list[Fault], *, lines: bool = False
) -> M | None:
    if raw is None:
        return None
    try:
        return model.model_validate(raw, context={"base": _folder(path)})
    except ValidationError as error:
        found = [_fault(path, raw, e) for e in error.errors(include_url=False)]
        if lines:
            text = within(path, partial(read_file, path, _LONGEST)).decode("utf-8-sig", "replace")
            found = [
                replace(f, line=line_of(text, _place(raw, e["loc"])))
                for f, e in zip(found, error.errors(include_url=False), strict=True)
            ]
        faults += found
        return None


def _rest_of(raw: dict[str, Any] | None, path: Path) -> Rig | None:
    """A rig without the tables and keys that are faulty; None when too little is left."""
    for _ in range(3 if raw else 0):
        assert raw is not None
        try:
            return Rig.model_validate(raw, context={"base": _folder(path)})
        except ValidationError as error:
            raw = _without(raw, [e["loc"] for e in error.errors()])
    return None


def _without(raw: dict[str, Any], places: list[tuple[int | str, ...]]) -> dict[str, Any]:
    items = {(p[0], p[1]) for p in places if len(p) > 1 and isinstance(p[1], int)}
    whole = {p[0] for p in places if len(p) == 1 or not isinstance(p[1], int)}
    kept: dict[str, Any] = {}
    for key, value in raw.items():
        if isinstance(value, list) and key in whole and all(isinstance(v, dict) for v in value):
            kept[key] = list(
                {v.get("name"): v for v in value}.values()
            )  # the list itself is at fault: names used twice
        elif isinstance(value, list):
            kept[key] = [v for i, v in enumerate(value) if (key, i) not in items]
        elif key not in whole:
            kept[key] = value
    return kept


def _names_in(raw: dict[str, Any] | None) -> dict[str, set[str]]:
    """Every name that a rig gives, by table, in faulty tables too: a fault in a source is no second fault where it is
    used.
    """
    tables = {key: value for key, value in (raw or {}).items() if isinstance(value, list)}
    return {key: {str(v.get("name")) for v in value if isinstance(v, dict)} for key, value in tables.items()}


def _key(raw: Any, loc: tuple[int | str, ...]) -> str:
    """`sources[cam1].path` from pydantic's location; the tags of a union are left out."""
    out, here = "", raw
    for part in _place(raw, loc):
        if isinstance(part, int):
            here = here[part] if isinstance(here, list) and part < len(here) else None
            out = f"{out}[{here.get('name', part) if isinstance(here, dict) else part}]"
        else:
            out = f"{out}.{part}" if out else str(part)
            here = here.get(part) if isinstance(here, dict) else None
    return out or "-"


def _place(raw: Any, loc: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Pydantic's location without the tags of unions."""
    out: tuple[int | str, ...] = ()
    here = raw
    for part in loc:
        if isinstance(here, dict) and out and isinstance(out[-1], int) and part == here.get("kind"):
            here = dict(here, kind=None)  # the tag comes once; a key may have the same name
            continue
        out = (*out, part)
        if isinstance(here, list):
            here = here[part] if isinstance(part, int) and part < len(here) else None
        else:
            here = here.get(part) if isinstance(here, dict) else None
    return out


_RIGHT = {
    "extra_forbidden": ("unknown key", "remove it, or check the spelling (docs/rigs.md, docs/scenes.md)"),
    "missing": ("missing", "add it (docs/rigs.md, docs/scenes.md)"),
}


# Pydantic's words for what would be right, where ours are plainer.
_PLAIN = {
    "model_type": "should be a table",
    "model_attributes_type": "should be a table",
    "dict_type": "should be a table",
    "list_type": "should be a list",
    "string_type": "should be text",
    "bool_type": "should be true or false",
    "int_type": "should be a whole number",
    "int_from_float": "should be a whole number",
    "float_type": "should be a number",
    "too_short": "should have at least {min_length}",
    "literal_error": "should be one of {expected}",
    "greater_than_equal": "should be {ge:g} or more",
    "less_than_equal": "should be {le:g} or less",
    "greater_than": "should be over {gt:g}",
    "less_than": "should be under {lt:g}",
    "multiple_of": "should be a multiple of {multiple_of:g}",
    "string_pattern_mismatch": "should look like {pattern}",
}


def _fault(path: Path, raw: Any, error: Any) -> Fault:
    key = _key(raw, error["loc"])
    if error["type"] in _RIGHT:
        return Fault(str(path), key, *_RIGHT[error["type"]])
    message = error["msg"].removeprefix("Value error, ")
    if error["type"] == "value_error":
        cause, _, right = message.partition("; ")
        return Fault(str(path), key, cause, right or "give one that is there")
    if error["type"] in ("union_tag_invalid", "union_tag_not_found"):
        tags = error.get("ctx", {}).get("expected_tags", "'media', 'player', 'still', 'pattern', 'webcam', 'network'")
        return Fault(str(path), f"{key}.kind", "missing or unknown kind", f"one of {tags}")
    kind = type(error["input"]).__name__
    what = {
        "dict": "table",
        "str": "text",
        "int": "number",
        "float": "number",
        "list": "list",
        "bool": "true or false",
    }.get(kind, kind)
    got = f"is {repr(error['input'])[:60]} ({what})" if kind != "dict" else "is a table"
    return Fault(
        str(path),
        key,
        got,
        _PLAIN.get(error["type"], "").format(**error.get("ctx", {})) or message[0].lower() + message[1:],
    )


def _cross_check(path: Path, rig: Rig, scenes: dict[str, SceneConfig], names: dict[str, set[str]]) -> Iterator[Fault]:
    """What one model can't see by itself: names that must exist elsewhere. names: those that the file gives, by
    table.
    """
    sources, mics = names.get("sources", set()), names.get("microphones", set())

    def need(key: str, name: str | None, known: set[str], what: str) -> Iterator[Fault]:
        if name is not None and name not in known:
            yield Fault(str(path), key, f"no {what} is called {name}", f"one of: {', '.join(sorted(known)) or 'none'}")

    for mic in rig.microphones:
        yield from need(f"microphones[{mic.name}].source", mic.source, sources, "source")
    for output in rig.outputs:
        if isinstance(output, IsoOutput):
            yield from need(f"outputs[{output.name}].source", output.source, sources, "source")
            if output.source in {s.name for s in rig.sources if not has_picture(s)}:
                yield Fault(
                    str(path),
                    f"outputs[{output.name}].source",
                    f"{output.source} has no picture",
                    "give a camera; its sound comes with it",
                )
    for camera in rig.sources:
        yield from need(f"sources[{camera.name}].keyer.external", camera.keyer.external, sources, "source")
        if camera.colour.match != "set":
            yield from need(f"sources[{camera.name}].colour.match", camera.colour.match, sources, "source")
        if "external" in camera.orders.kinds and camera.keyer.external in (None, camera.name):
            yield Fault(
                str(path),
                f"sources[{camera.name}].keyer.external",
                "an external key needs another source",
                "name the one that is the matte",
            )
    for person in rig.people:
        yield from need(f"people[{person.name}].microphone", person.microphone, mics, "microphone")
        yield from need(f"people[{person.name}].camera", person.camera, sources, "source")
    for use in rig.scenes:
        scene = scenes.get(use.name)
        for place, source in use.talent.items():
            yield from need(f"scenes[{use.name}].talent.{place}", source, sources, "source")
            if scene:
                yield from need(f"scenes[{use.name}].talent.{place}", place, set(scene.places), "place in the scene")
    feeds = {*rig.feeds, *names.get("auxiliaries", set()), *names.get("multiviews", set())}
    for output in rig.outputs:
        if not isinstance(output, IsoOutput):
            yield from need(f"outputs[{output.name}].feed", output.feed, feeds, "feed")
    for aux in rig.auxiliaries:
        if aux.name in BUILT_IN_FEEDS:
            yield Fault(
                str(path),
                f"auxiliaries[{aux.name}].name",
                f"{aux.name} is the name of a feed that every show has",
                "give it another",
            )
    for view in rig.multiviews:
        if view.name in {*BUILT_IN_FEEDS, *(a.name for a in rig.auxiliaries)}:
            yield Fault(
                str(path),
                f"multiviews[{view.name}].name",
                f"{view.name} is the name of another feed",
                "give it another",
            )
    if rig.captions is not None and not mics:
        yield Fault(str(path), "captions", "there is no microphone to listen to", "add [[microphones]]")
    for n, key in enumerate(rig.keys, 1):
        yield from need(f"keys[{n}].graphic", key.graphic, names.get("graphics", set()), "graphic")
        yield from need(f"keys[{n}].source", key.source, sources, "source")
        yield from need(f"keys[{n}].key", key.key, sources, "source")
    ready = {*BUILT_IN, *names.get("transitions", set())}
    if rig.transition not in ready:
        yield Fault(
            str(path), "transition", f"no transition is called {rig.transition}", f"one of: {', '.join(sorted(ready))}"
        )
    if set(scenes) == names.get("scenes", set()) and {s.name for s in rig.sources} == sources:
        ids = {s.id for s in _all_shots(rig, scenes)}
        for shot_id in rig.shots:
            yield from need("shots", shot_id, ids, "shot")
        yield from need("start", rig.start, ids, "shot")
        shown = {*ids, *BUILT_IN_FEEDS, *names.get("multiviews", set())}
        for aux in rig.auxiliaries:
            yield from need(f"auxiliaries[{aux.name}].shows", aux.shows, shown, "shot, source or feed")
        cameras = {f"{SOURCE_WORD}{s.name}" for s in rig.sources if has_picture(s)}
        for view in rig.multiviews:
            for n, window in enumerate(view.windows, 1):
                known = {*PLAIN, *ids, *cameras, *feeds} - {view.name}
                yield from need(
                    f"multiviews[{view.name}].windows[{n}].shows", window.shows, known, "shot, source or feed"
                )
