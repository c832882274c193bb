"""The kinds of sources, of outputs, of surfaces and of arrays. A kind is one module: its config, its doc, its checks,
and what reads, writes or serves it.

Every module of the package `live.sources.kinds` registers a kind of source, of `live.outputs.kinds` one of outputs,
of `live.control.surfaces` one of surfaces, and of `live.arrays.kinds` one of ceiling arrays.
They are found there, so that nothing else names them. Reading a rig imports them all, and nothing before does: a rig's
field is `Annotated[Source, SOURCES]`. What is heavy (decoders, OpenCV, a sound card) a kind imports where it opens
something.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cached_property, reduce
from operator import or_
from typing import Annotated, Any, Generic, TypeVar

from pydantic import Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema

from live.config.arrays import ArrayConfig
from live.config.output import Output
from live.config.source import Source
from live.config.surface import SurfaceConfig

T = TypeVar("T", Source, Output, SurfaceConfig, ArrayConfig)
C = TypeVar("C", bound="Source | Output | SurfaceConfig | ArrayConfig")


class Kinds(Generic[T]):
    """The kinds of one sort of thing, by the word that a rig has for them, in the order of the alphabet."""

    def __init__(self, package: str) -> None:
        self._package = package
        self._classes: dict[str, type[T]] = {}

    def register(self, cls: type[C]) -> type[C]:
        """Class decorator. The kind's word is the Literal of its field `kind`. Raises ValueError for a word that is
        taken.
        """
        word = str(cls.model_fields["kind"].annotation.__args__[0])  # type: ignore[union-attr]
        if word in self._classes:
            raise ValueError(f"{cls.__name__}: the kind {word} is taken by {self._classes[word].__name__}")
        self._classes[word] = cls  # type: ignore[assignment]
        return cls

    @cached_property
    def all(self) -> Mapping[str, type[T]]:
        """Every kind; the package's modules are imported when somebody asks first."""
        package = importlib.import_module(self._package)
        for module in sorted(m.name for m in pkgutil.iter_modules(package.__path__)):
            importlib.import_module(f"{self._package}.{module}")
        return dict(sorted(self._classes.items()))

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Any of them, told apart by `kind`: what a rig's field is checked by, once somebody reads a rig."""
        return handler.generate_schema(Annotated[reduce(or_, self.all.values()), Field(discriminator="kind")])


SOURCES: Kinds[Source] = Kinds("live.sources.kinds")
OUTPUTS: Kinds[Output] = Kinds("live.outputs.kinds")
SURFACES: Kinds[SurfaceConfig] = Kinds("live.control.surfaces")
ARRAYS: Kinds[ArrayConfig] = Kinds("live.arrays.kinds")


def lamp_of(kind: str) -> str:
    """The word on the lamp of all outputs of a kind."""
    cls = OUTPUTS.all.get(kind)
    return (cls.lamp if cls else "") or kind.upper()
