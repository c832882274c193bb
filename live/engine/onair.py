"""What of a show may be saved while it is on air, and what happens then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from live.config.load import load_file
from live.config.template import Template
from live.engine.datafile import read_fields
from live.engine.watch import Apply, Read, Watch

if TYPE_CHECKING:
    from live.engine.engine import Engine


def watch_of(engine: Engine) -> Watch:
    """Templates of the rig's graphics and the files their fields come from."""
    files: dict[Path, list[Read]] = defaultdict(list)
    used = {g.template for g in engine.show.rig.graphics}
    for name, path in engine.show.template_files.items():
        if name in used:
            files[path].append(_template(engine, name, path))
    for config in engine.show.rig.graphics:
        if config.data is not None:
            files[config.data].append(data_of(engine, config.name))
    return Watch(files)


def _template(engine: Engine, name: str, path: Path) -> Read:
    def read() -> Apply:
        template = load_file(path, Template)

        def apply() -> None:
            engine.show.templates[name] = template
            engine.log.line(engine.frame_number, "state", "live", template=name, file=str(path))

        return apply

    return read


def data_of(engine: Engine, name: str) -> Callable[[], Apply]:
    """Read a graphic's data file; what comes back writes its fields."""
    config = next(g for g in engine.show.rig.graphics if g.name == name)
    graphics = engine.state.graphics

    def read() -> Apply:
        assert config.data is not None
        said = read_fields(config.data, graphics.fields_of(name), config.map, graphics[name].row)
        return lambda: graphics.heard(name, said)

    return read
