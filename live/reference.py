"""The reference parts of docs/: written from the command registry, the console's key table and the config models.

`python -m live.reference docs` writes them again; a test holds the files against the code.
"""

from __future__ import annotations

import sys
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

import live.show.commands  # noqa: F401  (registers them)
from live.config import clips, feeds, keying, multiviews, rig, scene, template
from live.config.load import load_style
from live.config.style import PARAMETERS, Style, limits_of, shipped_styles, style_file
from live.control.registry import LONGEST, MISSING, ArgSpec, all_commands
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
_RIG_MODELS: list[type[BaseModel]] = [
    rig.Rig,
    rig.PictureConfig,
    rig.MediaSource,
    rig.PlayerSource,
    clips.ClipConfig,
    clips.CueConfig,
    rig.StillSource,
    rig.PatternSource,
    rig.WebcamSource,
    rig.NetworkSource,
    keying.KeyerConfig,
    keying.Mask,
    keying.ColourConfig,
    rig.Microphone,
    rig.Person,
    rig.SceneUse,
    rig.DirectorConfig,
    rig.FramingConfig,
    rig.KeyConfig,
    rig.GraphicConfig,
    rig.TransitionConfig,
    feeds.AuxConfig,
    rig.FileOutput,
    rig.StreamOutput,
    rig.IsoOutput,
    rig.EncoderConfig,
    rig.CaptionsConfig,
    rig.ControlConfig,
    multiviews.MultiviewConfig,
    multiviews.WindowConfig,
]
_TEMPLATE_MODELS: list[type[BaseModel]] = [
    template.Template,
    template.FieldConfig,
    *template.PARTS,
    template.Key,
]
_TABLES: dict[type[BaseModel], str] = {
    rig.Rig: "top level",
    rig.PictureConfig: "[picture]",
    rig.MediaSource: '[[sources]] kind = "media"',
    rig.PlayerSource: '[[sources]] kind = "player"',
    clips.ClipConfig: "[[sources.clips]]",
    clips.CueConfig: "[[sources.clips.cues]]",
    rig.StillSource: '[[sources]] kind = "still"',
    rig.PatternSource: '[[sources]] kind = "pattern"',
    rig.WebcamSource: '[[sources]] kind = "webcam"',
    rig.NetworkSource: '[[sources]] kind = "network"',
    keying.KeyerConfig: "[sources.keyer]",
    keying.Mask: "[[sources.keyer.masks]]",
    keying.ColourConfig: "[sources.colour]",
    rig.Microphone: "[[microphones]]",
    rig.Person: "[[people]]",
    rig.SceneUse: "[[scenes]]",
    rig.DirectorConfig: "[director]",
    rig.FramingConfig: "[framing]",
    rig.KeyConfig: "[[keys]]",
    rig.GraphicConfig: "[[graphics]]",
    rig.TransitionConfig: "[[transitions]]",
    feeds.AuxConfig: "[[auxiliaries]]",
    rig.FileOutput: '[[outputs]] kind = "file"',
    rig.StreamOutput: '[[outputs]] kind = "rtmp"',
    rig.IsoOutput: '[[outputs]] kind = "iso"',
    rig.EncoderConfig: "[encoder]",
    rig.CaptionsConfig: "[captions]",
    rig.ControlConfig: "[control]",
    multiviews.MultiviewConfig: "[[multiviews]]",
    multiviews.WindowConfig: "[[multiviews.windows]]",
    template.Template: "top level",
    template.FieldConfig: "[fields.NAME]",
    **{
        part: f'[[parts]] kind = "{typing.get_args(part.model_fields["kind"].annotation)[0]}"'
        for part in template.PARTS
    },
    template.Key: "enter, leave",
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
        for arg in spec.args:
            yield f"- `{arg.name}`{_type(arg)}: {arg.arg.doc}{_limits(arg)}"
        yield ""


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
    parts = []
    for cls in classes:
        rows = [_row(name, field) for name, field in cls.model_fields.items() if name != "kind"]
        doc = (cls.__doc__ or "").strip().replace("\n    ", " ")
        parts.append(
            "\n".join(
                [f"### {_TABLES[cls]}\n", doc, "", "| key | type | default | |", "| --- | --- | --- | --- |", *rows, ""]
            )
        )
    return "\n".join(parts)


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
        "rigs.md": models(_RIG_MODELS),
        "scenes.md": models(_SCENE_MODELS),
        "styles.md": styles(),
        "transitions.md": transitions(),
        "graphics.md": models(_TEMPLATE_MODELS),
    }


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
