"""What the sound desk is ordered, as a note from the engine to the mixer. What a strip is set to is packed once, and
unpacked once, until a hand changes it: packing 64 strips takes 6 ms, and most frames that bring a note move one fader.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from live.config.desk import DeskOrders, StripOrders
from live.config.strips import StripSettings

_REST = tuple(field.name for field in fields(StripOrders) if field.name != "settings")
_Packed = Mapping[str, tuple[bytes, tuple[Any, ...]]]  # by strip: what it is set to, and the rest of its orders


class Packer:
    """The engine's side."""

    def __init__(self) -> None:
        self._packed: dict[str, tuple[StripSettings, bytes]] = {}

    def pack(self, orders: DeskOrders) -> bytes:
        strips, groups = self._strips(orders.strips), self._strips(orders.groups)
        return pickle.dumps((strips, groups, replace(orders, strips={}, groups={})))

    def _strips(self, strips: Mapping[str, StripOrders]) -> _Packed:
        return {n: (self._settings(n, s.settings), tuple(getattr(s, key) for key in _REST)) for n, s in strips.items()}

    def _settings(self, name: str, settings: StripSettings) -> bytes:
        before = self._packed.get(name)
        if before is None or before[0] is not settings:
            before = self._packed[name] = settings, pickle.dumps(settings)
        return before[1]


class Unpacker:
    """The mixer's side. Settings that are as they were are the same object."""

    def __init__(self) -> None:
        self._settings: dict[str, tuple[bytes, StripSettings]] = {}

    def unpack(self, note: bytes) -> DeskOrders:
        strips, groups, rest = pickle.loads(note)
        made: DeskOrders = replace(rest, strips=self._strips(strips), groups=self._strips(groups))
        return made

    def _strips(self, strips: _Packed) -> dict[str, StripOrders]:
        return {n: StripOrders(self._of(n, packed), *rest) for n, (packed, rest) in strips.items()}

    def _of(self, name: str, packed: bytes) -> StripSettings:
        before = self._settings.get(name)
        if before is None or before[0] != packed:
            before = self._settings[name] = packed, pickle.loads(packed)
        return before[1]
