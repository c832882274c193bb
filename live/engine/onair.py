"""What of a show may be saved while it is on air, and what happens then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from live.base.errors import SceneError
from live.config.load import Show, load_file
from live.config.presets import Preset, sounds_beside
from live.config.scene import SceneConfig
from live.config.template import Template
from live.engine.datafile import read_fields, read_titles
from live.engine.watch import Apply, Read, Watch
from live.render.backdrop import read_backdrop
from live.render.shaders import read_users

if TYPE_CHECKING:
    from live.engine.engine import Engine


def watch_of(engine: Engine) -> Watch:
    """The show's scenes, and whatever is in use besides."""
    files: dict[Path, list[Read]] = defaultdict(list)
    for name, folder in engine.show.scene_dirs.items():
        files[folder / "scene.toml"].append(_scene(engine, name, folder / "scene.toml"))
    return Watch(files, engine.readers)


def _template(engine: Engine, name: str, path: Path) -> Read:
    def read() -> Apply:
        template = load_file(path, Template)

        def apply() -> None:
            engine.show.templates[name] = template
            engine.notices.log("state", "live", template=name, file=str(path))

        return apply

    return read


def _preset(engine: Engine, name: str, path: Path) -> Read:
    """From now on; strips that have it stay as they are."""

    def read() -> Apply:
        preset = load_file(path, Preset)

        def apply() -> None:
            engine.state.sound.presets[name] = preset
            engine.notices.log("state", "live", preset=name, file=str(path))

        return apply

    return read


def follow_files(engine: Engine) -> None:
    """Watch whatever is in use by now: templates of graphics and the files that their fields come from, pictures
    (backgrounds of scenes, too), fonts and shaders; and the rig's own presets of sound.
    """
    files: dict[Path, list[Read]] = defaultdict(list)
    graphics = engine.state.graphics.configs
    for template in dict.fromkeys(config.template for config in graphics.values()):
        if (path := engine.show.template_files.get(template)) is not None:
            files[path].append(_template(engine, template, path))
    for config in graphics.values():
        if config.data is not None:
            files[config.data].append(data_of(engine, config.name))
    if (titles := engine.show.rig.titles.file) is not None:
        files[titles].append(_titles(engine, titles))
    for name, folder in engine.show.scene_dirs.items():
        if (picture := engine.show.scenes[name].picture) is not None:
            files[picture].append(_scene(engine, name, folder / "scene.toml"))
    for path in engine.renderer.shaders.files:
        files[path].append(_shader(engine, path))
    for kind, path in engine.renderer.files.used:
        files[path].append(_file(engine, kind, path))
    for name in engine.state.sound.presets:
        path = sounds_beside(engine.show.path) / f"{name}.toml"
        files[path].append(_preset(engine, name, path))
    engine.watch.follow(files)


def _file(engine: Engine, kind: str, path: Path) -> Read:
    def read() -> Apply:
        made = engine.renderer.files.read(kind, path)

        def apply() -> None:
            engine.renderer.files.take(kind, path, made)
            engine.notices.log("state", "live", **{kind: path.name}, file=str(path))

        return apply

    return read


def _shader(engine: Engine, path: Path) -> Read:
    """Whatever pass uses the file; compiled between the frames that follow."""

    def read() -> Apply:
        shaders = engine.renderer.shaders
        users = read_users(path, shaders.root)
        return lambda: shaders.take(path, users)

    return read


def _scene(engine: Engine, name: str, path: Path) -> Read:
    def read() -> Apply:
        scene = load_file(path, SceneConfig)
        _must_fit(engine.show, name, path, scene)
        size = engine.show.rig.picture.width, engine.show.rig.picture.height
        picture = read_backdrop(scene.picture, size) if scene.picture is not None else None

        def apply() -> None:
            engine.state.mix.take_scene(name, scene)
            engine.renderer.take_scene(name, picture)
            follow_files(engine)  # it may have another background
            engine.notices.log("state", "live", scene=name, file=str(path))

        return apply

    return read


def _must_fit(show: Show, name: str, path: Path, scene: SceneConfig) -> None:
    """What a running show can't change: its shots' names, its sets, the cameras that operators have. Raises
    SceneError.
    """
    old = show.scenes[name]
    lost = set(show.talent(name)) - set(scene.places)
    if lost:
        raise SceneError(
            str(path), f"the place {min(lost)} is gone, which the rig fills", "keep it, or start the show anew"
        )
    if [s.name for s in scene.shots] != [s.name for s in old.shots]:
        raise SceneError(str(path), "its shots have other names or another order", "keep them, or start the show anew")
    if (scene.set and scene.set.model) != (old.set and old.set.model):
        raise SceneError(str(path), "it has another set", "start the show anew")
    for before, after in zip(old.shots, scene.shots, strict=True):
        if before != after and (before.size or after.size):
            raise SceneError(str(path), f"shot {before.name} has an operator", "start the show anew to move its camera")


def _titles(engine: Engine, path: Path) -> Read:
    """The queue of names."""

    def read() -> Apply:
        rows = read_titles(path)
        return lambda: engine.state.graphics.titles.heard(rows)

    return read


def data_of(engine: Engine, name: str) -> Callable[[], Apply]:
    """Read a graphic's data file; what comes back writes its fields."""
    graphics = engine.state.graphics
    config = graphics.configs[name]

    def read() -> Apply:
        assert config.data is not None
        if name not in graphics:  # it is gone
            return lambda: None
        said = read_fields(config.data, graphics.fields_of(name), config.map, graphics[name].row)
        return lambda: graphics.heard(name, said)

    return read
