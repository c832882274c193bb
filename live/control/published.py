"""State is defined once: a frozen dataclass with typed, documented fields, registered under its address.

A feature publishes such values (live/show/<feature>/published.py); the state tree breaks them up into paths and
primitive values, which every surface sends; a client puts them together again. The OSC values, JSON, docs/state.md,
`live schema` and what the console reads all come from here.
"""

from __future__ import annotations

import builtins
import inspect
import re
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import Annotated, Any, TypeVar

from live.control.registry import Arg

ROOT = "/state/"

Value = str | int | float
Values = tuple[Value, ...]

_UNITS = {
    "s": "s",
    "ms": "ms",
    "db": "dB",
    "lufs": "LUFS",
    "lu": "LU",
    "hz": "Hz",
    "px": "px",
    "deg": "degrees",
    "seconds": "s",
}
_OSC = {str: "s", float: "f", int: "i", bool: "i"}
_OUT: dict[type, Callable[[Any], Value]] = {float: float, int: int, bool: int}


@dataclass(frozen=True)
class Field(Arg):
    """What a field means. at: which part of its class's address it is a value of, "" for the address itself."""

    at: str = ""


@dataclass(frozen=True)
class Published:
    """Base of everything published. Fields that are holes of the address come first; all others have a default, which
    is what a client reads where it hasn't heard of them."""


@dataclass(frozen=True)
class FieldSpec:
    """type: str, int, float, bool or a StrEnum; of each value where there are many. many: it takes all values from here
    on, `width` to an item."""

    name: str
    type: type
    arg: Field
    default: Any
    in_address: bool
    many: bool = False
    pair: tuple[builtins.type, ...] = ()  # the types of an item's values, where it has several

    @property
    def osc_type(self) -> str:
        one = "".join(_osc(t) for t in self.pair) or _osc(self.type)
        return f"{one}..." if self.many else one

    @property
    def unit(self) -> str:
        return unit_of(self.name, self.arg)

    @property
    def choices(self) -> tuple[str, ...]:
        if issubclass(self.type, StrEnum):
            return tuple(self.type)
        return self.arg.choices

    def read(self, values: Sequence[object]) -> Any:
        """From what came: the default for what isn't there or can't be one. values: from its own on."""
        if not self.many:
            found = _in(self.type, values[0]) if values else None
            return self.default if found is None else found
        if not self.pair:
            return tuple(v for v in (_in(self.type, value) for value in values) if v is not None)
        width = len(self.pair)
        items = (values[n : n + width] for n in range(0, len(values) - width + 1, width))
        read = (tuple(_in(t, v) for t, v in zip(self.pair, item, strict=True)) for item in items)
        return tuple(item for item in read if None not in item)


def _osc(kind: type) -> str:
    return "s" if issubclass(kind, str) else _OSC[kind]


def _in(kind: type, value: object) -> Any:
    """A value of this kind, or None when it is no such thing."""
    if issubclass(kind, str):
        try:
            return kind(value) if isinstance(value, str) else None
        except ValueError:  # no member of the enum
            return None
    if not isinstance(value, (int, float)):
        return None
    if kind is bool:
        return value != 0
    if kind is int:
        return int(value) if value % 1 == 0 else None
    return float(value)


@dataclass(frozen=True)
class PartSpec:
    """One path of a class, with the fields that are its values. address: `/state/players/<name>/cue`."""

    address: str
    fields: tuple[FieldSpec, ...]

    @cached_property
    def _single(self) -> tuple[tuple[str, Callable[[Any], Value]], ...]:
        return tuple((f.name, _OUT.get(f.type, str)) for f in self.fields if not f.many)

    @cached_property
    def _many(self) -> FieldSpec | None:
        return self.fields[-1] if self.fields[-1].many else None

    def values(self, value: Published) -> Values:
        """As primitive values."""
        out = [out(getattr(value, name)) for name, out in self._single]
        if self._many is not None:
            items = getattr(value, self._many.name)
            out += [v for item in items for v in item] if self._many.pair else items
        return tuple(out)

    def read(self, values: Sequence[object]) -> dict[str, Any]:
        """Field -> what the values say."""
        return {field.name: field.read(values[n:]) for n, field in enumerate(self.fields)}

    @property
    def signature(self) -> str:
        return " ".join((self.address, *(f.osc_type for f in self.fields)))


@dataclass(frozen=True)
class PublishedSpec:
    address: str  # `/state/players/<name>`
    doc: str
    cls: type[Published]
    holes: tuple[FieldSpec, ...]
    parts: tuple[PartSpec, ...]
    prefix: str = ""  # see `published`
    which: FieldSpec | None = None  # the field that fills the prefix

    @cached_property
    def key(self) -> Callable[[Published], Any]:
        """What fills the holes of a value: the one, or all of them."""
        holes = [*self.holes, self.which] if self.which is not None else self.holes
        return attrgetter(*(hole.name for hole in holes)) if holes else lambda value: None

    def paths(self, value: Published) -> tuple[str, ...]:
        """One for each part."""
        which = self.which
        prefix = self.prefix if which is not None and getattr(value, which.name) != which.default else ""
        return tuple(
            _HOLE.sub(lambda m: str(getattr(value, m.group(1))), _behind(prefix, part.address)) for part in self.parts
        )

    def made(self, holes: Sequence[Any], values: Mapping[str, Any]) -> Any:
        """A value of its class. holes: what the path said, that of the prefix too."""
        named = [*self.holes, *([self.which] if self.which is not None else [])]
        return self.cls(**{hole.name: value for hole, value in zip(named, holes, strict=False)}, **values)


def _behind(prefix: str, address: str) -> str:
    """`/state/mixes/<mix>/program/shot`"""
    return ROOT + prefix + address.removeprefix(ROOT) if prefix else address


_HOLE = re.compile(r"<(\w+)>")
_BY_CLASS: dict[type[Published], PublishedSpec] = {}
_LITERAL: dict[str, tuple[PublishedSpec, PartSpec]] = {}
_TEMPLATES: list[tuple[re.Pattern[str], PublishedSpec, PartSpec]] = []

C = TypeVar("C", bound=type[Published])
P = TypeVar("P", bound=Published)


def published(address: str, prefix: str = "") -> Callable[[C], C]:
    """Register a frozen dataclass under an address below /state. `<name>` in it is filled by the field of that name;
    the other fields are, in order, the values of the path that their `at` says.

    prefix: "mixes/<mix>/" for what there may be several of: the address alone is that of the field's default.
    """

    def register(cls: C) -> C:
        whole = ROOT + address
        found = list(_fields(cls, set(_HOLE.findall(prefix + address))))
        parts: dict[str, list[FieldSpec]] = {}
        for field in found:
            if not field.in_address:
                assert field.default is not MISSING, f"{cls.__name__}.{field.name} has no default"
                parts.setdefault(f"{whole}/{field.arg.at}" if field.arg.at else whole, []).append(field)
        specs = tuple(PartSpec(path, tuple(of)) for path, of in parts.items())
        spec = PublishedSpec(
            whole,
            inspect.cleandoc(cls.__doc__ or "").replace("\n", " "),
            cls,
            tuple(f for f in found if f.in_address and f"<{f.name}>" in address),
            specs,
            prefix,
            next((f for f in found if f"<{f.name}>" in prefix), None),
        )
        _BY_CLASS[cls] = spec
        for part in specs:
            assert not any(f.many for f in part.fields[:-1]), f"{part.address}: only the last may be many"
            _register(spec, part)
        return cls

    return register


def _register(spec: PublishedSpec, part: PartSpec) -> None:
    assert part.address not in _LITERAL and all(p.address != part.address for *_, p in _TEMPLATES), part.address
    for address in [part.address] + ([_behind(spec.prefix, part.address)] if spec.prefix else []):
        if "<" in address:
            pattern = _HOLE.sub(lambda m: f"(?P<{m.group(1)}>[^/]+)", address)
            _TEMPLATES.append((re.compile(f"^{pattern}$"), spec, part))
        else:
            _LITERAL[address] = spec, part


def _fields(cls: type[Published], holes: set[str]) -> Iterator[FieldSpec]:
    hints = typing.get_type_hints(cls, include_extras=True)
    for field in fields(cls):
        base, arg = hints[field.name], Field("")
        if typing.get_origin(base) is Annotated:
            base, arg = typing.get_args(base)
        many, pair = False, ()
        if typing.get_origin(base) is tuple:
            many, base = True, typing.get_args(base)[0]
            if typing.get_origin(base) is tuple:
                pair, base = typing.get_args(base), str
        yield FieldSpec(field.name, base, arg, field.default, field.name in holes, many, pair)


def unit_of(name: str, arg: Arg) -> str:
    """A name carries its unit: `left_s`, `gain_db`."""
    return arg.unit or _UNITS.get(name.rsplit("_", 1)[-1] if "_" in name else name, "")


def type_name(kind: type) -> str:
    """As JSON calls it."""
    return "string" if issubclass(kind, str) else {float: "number", int: "integer", bool: "boolean"}[kind]


def spec_of(cls: type[Published]) -> PublishedSpec:
    return _BY_CLASS[cls]


def all_published() -> list[PublishedSpec]:
    """Everything published: by feature, in the order of definition."""
    import live.show.published  # noqa: F401  (registers it)

    return sorted(_BY_CLASS.values(), key=lambda spec: spec.cls.__module__)


@lru_cache(8192)
def find(path: str) -> tuple[PublishedSpec, PartSpec, tuple[Any, ...]] | None:
    """What a path is of, and what its holes say; None for a path that nothing is published under."""
    import live.show.published  # noqa: F401

    if found := _LITERAL.get(path):
        return *found, ()
    for pattern, spec, part in _TEMPLATES:
        if match := pattern.match(path):
            named = match.groupdict()
            wanted = [*spec.holes, *([spec.which] if spec.which is not None else [])]
            holes = tuple(_hole(hole.type, named[hole.name]) for hole in wanted if hole.name in named)
            return None if None in holes else (spec, part, holes)
    return None


def _hole(kind: type, text: str) -> Any:
    return text if kind is str else int(text) if text.isdecimal() and len(text) < 10 else None


def as_json(path: str, values: Values) -> dict[str, Any]:
    """The values of a path by name, as JSON has them. Raises KeyError for a path that nothing is published under."""
    if (found := find(path)) is None:
        raise KeyError(path)
    return found[1].read(values)


def read(path: str, values: Sequence[object]) -> Published | None:
    """What a path says, the rest of its class as by default; None for a path that nothing is published under."""
    if (found := find(path)) is None:
        return None
    spec, part, holes = found
    made: Published = spec.made(holes, part.read(values))
    return made


class Replica:
    """The state as a client knows it, by name: what the surfaces sent, put together again. Not thread-safe: one owner.

    paths: path -> values, as last heard.
    """

    def __init__(self, state: Mapping[str, Sequence[Any]] | None = None) -> None:
        self.paths: dict[str, tuple[Any, ...]] = {}
        self._known: dict[type[Published], dict[tuple[Any, ...], Any]] = {}
        self.update((state or {}).items())

    def update(self, messages: Iterable[tuple[str, Sequence[Any]]]) -> None:
        """Take up what was published. A path that nothing is known of is kept, and means nothing."""
        for path, values in messages:
            self.paths[path] = tuple(values)
            if found := find(path):
                spec, part, holes = found
                known = self._known.setdefault(spec.cls, {})
                before = known.get(holes)
                read = part.read(values)
                known[holes] = spec.made(holes, read if before is None else {**_named(spec, before), **read})

    def clear(self) -> None:
        """Forget everything: it was another show's."""
        self.paths.clear()
        self._known.clear()

    def get(self, cls: type[P], *holes: str | int) -> P:
        """What was last published; its defaults where nothing was."""
        found: P | None = self._known.get(cls, {}).get(holes)
        value: P = spec_of(cls).made(holes, {}) if found is None else found
        return value

    def all(self, cls: type[P]) -> tuple[P, ...]:
        """Every one that was published: in the order of arrival, or of its number."""
        known = self._known.get(cls)
        if not known:
            return ()
        if spec_of(cls).holes[-1].type is int:
            return tuple(known[holes] for holes in sorted(known))
        return tuple(known.values())

    def __contains__(self, cls: type[Published]) -> bool:
        """Was anything of it published?"""
        return cls in self._known


def _named(spec: PublishedSpec, value: Published) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for part in spec.parts for field in part.fields}
