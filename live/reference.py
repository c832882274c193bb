"""The reference parts of docs/: written from the command registry, the console's key table and the config models.

`python -m live.reference docs` writes them again; a test holds the files against the code.
"""

from __future__ import annotations

import importlib
import itertools
import sys
import types
import typing
from collections.abc import Collection, Iterator
from dataclasses import MISSING
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

import live.show.commands  # noqa: F401  (registers them)
from live.config import scene, template
from live.config.arrays import ArrayConfig
from live.config.faults import models_in
from live.config.load import load_style
from live.config.output import Output
from live.config.rig import Rig
from live.config.source import Source
from live.config.style import PARAMETERS, Style, limits_of, shipped_styles, style_file
from live.control.published import FieldSpec, all_published
from live.control.registry import LONGEST, ArgSpec, all_commands
from live.picture.transitions import KINDS

MARK = "<!-- From here on written by `python -m live.reference docs`; change the code, not this. -->"

_SCENE_MODELS: list[type[BaseModel]] = [
    scene.SceneConfig,
    scene.SetConfig,
    scene.TalentPlace,
    scene.ShotConfig,
    scene.Move,
    scene.Layer,
    scene.LayerKey,
    scene.LayerPosition,
]
_TEMPLATE_MODELS: list[type[BaseModel]] = [
    template.Template,
    template.FieldConfig,
    *template.PARTS,
    template.Keyframe,
]
_TABLES: dict[type[BaseModel], str] = {
    template.Template: "top level",
    template.FieldConfig: "[fields.NAME]",
    **{
        part: f'[[parts]] kind = "{typing.get_args(part.model_fields["kind"].annotation)[0]}"'
        for part in template.PARTS
    },
    template.Keyframe: "enter, leave",
    scene.SceneConfig: "top level",
    scene.SetConfig: "[set]",
    scene.TalentPlace: "[[set.talent]]",
    scene.ShotConfig: "[[shots]]",
    scene.Move: "[shots.move]",
    scene.Layer: "[[layers]]",
    scene.LayerKey: "[[layers.keys]]",
    scene.LayerPosition: "[positions.NAME.LAYER]",
}


def commands() -> str:
    """The command reference: one section per command."""
    return "\n".join(_command_lines())


def _command_lines() -> Iterator[str]:
    for spec in all_commands():
        yield f"### `{spec.signature}`\n"
        yield spec.doc + (f" Puts {spec.domain} on hold.\n" if spec.domain in ("cuts", "framing") else "\n")
        if spec.release:
            yield f"A button that is let go (0) does `{spec.release}`.\n"
        if spec.prefix:
            yield f"Of another mix than the first: `{spec.prefix}{spec.address}`.\n"
        for arg in spec.args:
            if f"<{arg.name}>" in spec.prefix:
                continue
            yield f"- `{arg.name}`{_type(arg)}: {arg.arg.doc}{_limits(arg)}"
        yield ""


def state() -> str:
    """Every path of the state, by feature."""
    return "\n".join(_state_lines())


def _state_lines() -> Iterator[str]:
    for feature, specs in itertools.groupby(all_published(), key=lambda spec: spec.cls.__module__.split(".")[-2]):
        yield f"## {feature.capitalize()}\n"
        for spec in specs:
            for n, part in enumerate(spec.parts):
                yield f"### `{part.signature}`\n"
                if n == 0:
                    yield f"{spec.doc}\n"
                if n == 0 and spec.prefix:
                    yield f"Of another mix than the first: below `/state/{spec.prefix}`.\n"
                for field in part.fields:
                    kind = f"{field.osc_type}{_value_kind(field)}"
                    yield f"- `{field.name}` ({kind}): {field.arg.doc}{_value_limits(field)}"
                yield ""


def _value_kind(field: FieldSpec) -> str:
    return ", 1 or 0" if field.type is bool else f" in {field.unit}" if field.unit else ""


def _value_limits(field: FieldSpec) -> str:
    low, high = field.arg.low, field.arg.high
    words = f"; {low:g} to {high:g}" if low is not None and high is not None else ""
    choices = ", ".join(choice or '""' for choice in field.choices)
    return f"{words}; one of {choices}" if choices else words


def _type(arg: ArgSpec) -> str:
    return " (in the address)" if arg.in_address else f" ({arg.osc_type})"


def _limits(arg: ArgSpec) -> str:
    words = ""
    if arg.arg.choices:
        words += f"; one of {', '.join(arg.arg.choices)}"
    if arg.arg.longest != LONGEST:
        words += f"; {arg.arg.longest} characters at most"
    if arg.arg.low is not None:
        words += f"; {arg.arg.low:g} to {arg.arg.high:g}"
    if arg.default is not MISSING and arg.default is not None:
        words += f"; {arg.default} when left out"
    return words


def keys() -> str:
    """The console's keys."""
    from live.console.keys import KEYS

    rows = [f"| {key.cap} | {key.does} | {', '.join(f'`{_step(step)}`' for step in key.steps)} |" for key in KEYS]
    return "\n".join(["| key | does | sends |", "| --- | --- | --- |", *rows])


def transitions() -> str:
    """Every kind of transition."""
    rows = [f"| `{k.name}` | {k.doc}{'; needs a file' if k.file else ''} |" for k in KINDS.values()]
    return "\n".join(["| kind | |", "| --- | --- |", *rows])


def _step(step: tuple[str, tuple[Any, ...]]) -> str:
    address, args = step
    return " ".join([address, *(str(a) for a in args)])


def models(classes: list[type[BaseModel]]) -> str:
    """Tables of every key of some config models."""
    return "\n".join(_table(_TABLES[cls], cls) for cls in classes)


def _table(heading: str, cls: type[BaseModel], without: Collection[str] = ()) -> str:
    """The keys of a model, but for its kind where the heading says that."""
    left_out = {*without, "kind"} if cls in _COMMON or "kind =" in heading else without
    rows = [_row(name, field) for name, field in cls.model_fields.items() if name not in left_out]
    doc = (cls.__doc__ or "").strip().replace("\n    ", " ")
    head = ["| key | type | default | |", "| --- | --- | --- | --- |"] if rows else []
    return "\n".join([f"### {heading}\n", doc, "", *head, *rows, ""])


# What all kinds of a thing have in common is said once, before the kinds.
_COMMON: tuple[type[BaseModel], ...] = (Source, Output, ArrayConfig)


def rigs() -> str:
    """Every table of a rig, as the models of its parts and the registered kinds have them."""
    return "\n".join([_table("top level", Rig), *_tables_in(Rig, "", set())])


def _tables_in(cls: type[BaseModel], path: str, said: set[type[BaseModel]]) -> Iterator[str]:
    """The tables under a model's keys, and those under theirs, each once."""
    for name, field in cls.model_fields.items():
        here = f"{path}.{name}" if path else name
        found = [m for m in models_in(field.annotation) if m not in said]
        said |= set(found)
        origins = _origins(field.annotation)
        named = f"{here}.NAME" if dict in origins and not path else here
        heading = f"[[{here}]]" if list in origins and dict not in origins else f"[{named}]"
        base = next((c for c in _COMMON if len(found) > 1 and issubclass(found[0], c)), None)
        if base is not None:
            yield _table(heading, base)
        for model in found:
            kind = f' kind = "{_kind(model)}"' if base is not None else ""
            yield _table(heading + kind, model, base.model_fields if base is not None else ())
        for model in found:
            yield from _tables_in(model, here, said)


def _kind(model: type[BaseModel]) -> str:
    return str(typing.get_args(model.model_fields["kind"].annotation)[0])


def _origins(annotation: Any) -> set[Any]:
    """Every generic type in a key's type."""
    inner = [o for arg in typing.get_args(annotation) for o in _origins(arg)]
    return {typing.get_origin(annotation), *inner}


def _row(name: str, field: FieldInfo) -> str:
    default = "required" if field.is_required() else _default(field)
    limits = ", ".join(_constraint(m) for m in field.metadata if _constraint(m))
    about = "; ".join(p for p in (field.description or "", limits) if p)
    return f"| `{name}` | {_type_name(field.annotation)} | {default} | {about} |"


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    if value is PydanticUndefined or value is None or value == "" or isinstance(value, BaseModel) or value in ([], {}):
        return "-"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _constraint(meta: Any) -> str:
    signs = {"ge": ">=", "le": "<=", "gt": ">", "lt": "<", "multiple_of": "a multiple of"}
    return " ".join(
        f"{sign} {getattr(meta, key):g}" for key, sign in signs.items() if getattr(meta, key, None) is not None
    )


def _type_name(annotation: Any) -> str:
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _type_name(args[0])
    if origin is Literal:
        return ", ".join(f"`{a}`" for a in args)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(dict.fromkeys(_type_name(a) for a in args if a is not type(None)))
    if origin is list:
        return "list of text" if args[0] is str else "tables"
    if origin is tuple:
        return f"{len(args)} numbers"
    if origin is dict:
        return "table of text"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "table"
    return {str: "text", int: "whole number", float: "number", bool: "true / false", Path: "path"}.get(
        annotation, str(annotation)
    )


def styles() -> str:
    """Every number of a style: what it means, its range, and its value in each style that ships."""
    shipped = {name: load_style(style_file(name, Path())) for name in shipped_styles()}
    rows = []
    for name in PARAMETERS:
        values = " | ".join(_plain(getattr(style, name)) for style in shipped.values())
        rows.append(f"| `{name}` | {_range(name)} | {values} | {_about(name)} |")
    head = f"| key | range | {' | '.join(shipped)} | |"
    kinds = [f"- `{name}`: {style.about}" for name, style in shipped.items()]
    return "\n".join([*kinds, "", head, "| --- " * (len(shipped) + 3) + "|", *rows, ""])


def _range(name: str) -> str:
    limits = limits_of(name)
    return f"{limits[0]:g} to {limits[1]:g}" if limits else "true / false"


def _plain(value: float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value:g}"


def _about(name: str) -> str:
    return Style.model_fields[name].description or ""


def pages() -> dict[str, str]:
    """File name -> its generated part."""
    return {
        "commands.md": commands(),
        "console.md": keys(),
        "rigs.md": rigs(),
        "state.md": state(),
        "scenes.md": models(_SCENE_MODELS),
        "styles.md": styles(),
        "transitions.md": transitions(),
        "graphics.md": models(_TEMPLATE_MODELS),
        "limits.md": limits(),
    }


# What there may be of a thing, where its number stands, and what happens beyond.
_CAPACITIES = (
    ("polygons that mask a source's key", "live.config.keying:MOST_MASKS", "", "refused"),
    ("windows of a multiview's layout", "live.picture.tiling:MOST", "", "refused"),
    ("keys over program", "live.show.dsk.model:COUNT", "", "there are no others"),
    ("microphones of a rig", "live.config.strips:MOST_MICROPHONES", "", "refused"),
    ("groups of the sound desk", "live.config.strips:MOST_GROUPS", "", "refused"),
    ("presets of a strip's sound", "live.show.sound.handlers:MOST_STORED", "", "no more are stored"),
    ("outputs that one encoder serves", "live.outputs.board:PLACES", "", "refused, and told"),
    ("faces seen in one source", "live.vision.faces:MAX_FACES", "", "the surest ones stay"),
    ("suggestions that wait for you", "live.director.suggestions:LIMIT", "", "the oldest goes"),
    (
        "an argument that is text",
        "live.control.registry:LONGEST",
        "characters",
        "refused; some commands allow more",
    ),
    ("commands of one sender that wait", "live.control.queues:LIMIT", "", "refused, counted and told"),
    ("subscribers of the state", "live.control.subscriptions:MOST", "", "refused, and told"),
    ("a message of a worker", "live.shm.status:MESSAGE_LIMIT", "bytes", "cut where a character ends"),
    ("messages of a worker that wait to be read", "live.shm.message_ring:RING_BYTES", "bytes", "counted and told"),
    ("what an output's state says of itself", "live.outputs.board:WORDS_LIMIT", "bytes", "cut where a character ends"),
    (
        "a note to a keyer, a player, an encoder",
        "live.shm.notes:NOTE_BYTES",
        "bytes",
        "refused, and told",
    ),
    ("a word of a caption", "live.sound.spoken:WORD_LIMIT", "characters", "cut"),
    ("words of a caption that may still change", "live.sound.spoken:PARTIAL_LIMIT", "characters", "the last ones stay"),
    ("a line of captions on screen", "live.show.captions.model:COLUMNS", "columns", "the next line goes on"),
    ("lines of captions on screen", "live.show.captions.model:ROWS", "", "the upper one goes"),
    ("a line of closed captions", "live.outputs.cea608:COLUMNS", "letters", "the next line goes on"),
    ("a line of a caption file", "live.captions.cues:COLUMNS", "columns", "the next line or cue goes on"),
    (
        "program frames that an encoder may be behind",
        "live.engine.feeds:FEED_SLOTS",
        "",
        "counted, and told",
    ),
    ("lines of the show log that wait for the disk", "live.showlog:LIMIT", "", "counted"),
    ("samples of a face that is known", "live.base.enrolled:MOST", "", "the oldest goes"),
)


def limits() -> str:
    """A table of every capacity."""
    rows = ["| | at most | beyond |", "| --- | --- | --- |"]
    for what, where, unit, beyond in _CAPACITIES:
        module, name = where.split(":")
        number = getattr(importlib.import_module(module), name)
        rows.append(f"| {what} | {number:,}{f' {unit}' if unit else ''} | {beyond} |")
    return "\n".join(rows)


def write(folder: Path) -> None:
    """Replace what follows the mark in each page."""
    for name, text in pages().items():
        path = folder / name
        path.write_text(renewed(path.read_text(encoding="utf-8"), text), encoding="utf-8")


def renewed(page: str, text: str) -> str:
    """A page with its generated part written again."""
    return f"{page.split(MARK)[0].rstrip()}\n\n{MARK}\n\n{text.rstrip()}\n"


if __name__ == "__main__":
    write(Path(sys.argv[1]))
