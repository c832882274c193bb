"""What hands have changed on air, as changes to the rig's files: settings, as far as a file can say them.

A rig that is read again says what the show had; what is on air by itself (the buses, keys and graphics that are on,
holds, players) isn't written: a rig says how a show begins. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from live.config.edits import At, RigKey, as_written
from live.config.faults import folder_of
from live.config.load import Show
from live.show import ShowState

Keys = dict[tuple[str, At], RigKey]  # by scene and place
_LEFT_OUT = object()
_OURS = "the scene {}, which ships with Live: copy its folder, and give that as its path"


@dataclass(frozen=True)
class Changes:
    """keys: those to be written. cannot: what no file can say, in words."""

    keys: tuple[RigKey, ...]
    cannot: tuple[str, ...]


def rig_state(show: Show) -> dict[str, object]:
    """What is kept of a show that has just been read."""
    return ShowState(show, lambda *_, **__: None).save(0.0)


def rig_keys(kept: Mapping[str, object], show: Show) -> Keys:
    """Every key that what is kept stands for."""
    base, ours = folder_of(show.path), {use.name for use in show.rig.scenes if use.path is None}
    found: Keys = {}
    for name, kind in ShowState.kinds.items():
        for key in kind.rig_keys(kept[name], show) if name in kept else ():
            folder = folder_of(show.scene_dirs[key.scene] / "scene.toml") if key.scene else base
            cannot = key.cannot or (_OURS.format(key.scene) if key.scene in ours else "")
            found[key.scene, key.at] = replace(key, value=as_written(key.value, folder), cannot=cannot)
    return found


def changes(before: Mapping[str, object], now: Mapping[str, object], show: Show) -> Changes:
    """From what a rig says to what is kept of its show."""
    said, wanted = rig_keys(before, show), rig_keys(now, show)
    keys, cannot = [], dict[str, None]()
    for at, key in wanted.items():
        value = _changed(said[at].value if at in said else _LEFT_OUT, key.value)
        if value is _LEFT_OUT:
            continue
        if key.cannot:
            cannot[key.cannot] = None
        else:
            keys.append(replace(key, value=value))
    return Changes(tuple(keys), tuple(cannot))


def unsaved(wanted: Mapping[str, object], show: Show, got: Mapping[str, object], anew: Show) -> Iterator[str]:
    """The keys that a rig which was written and read again says otherwise than the show had them."""
    has, now = rig_keys(got, anew), rig_keys(wanted, show)
    for at, key in now.items():
        there = has[at].value if at in has else None
        if not key.cannot and not _same(there, key.value):
            yield ".".join(map(str, key.at))


def _same(one: Any, other: Any) -> bool:
    return _changed(one, other) is _LEFT_OUT


def _changed(before: Any, now: Any) -> Any:
    """What of a value is another, a table's key by key; _LEFT_OUT when nothing is. A part of a strip that a file
    mentions is on unless it says so."""
    if not isinstance(now, Mapping):
        return _LEFT_OUT if before == now or (before is _LEFT_OUT and now is None) else now
    was = before if isinstance(before, Mapping) else {}
    found = {k: v for k in now if (v := _changed(was.get(k, _LEFT_OUT), now[k])) is not _LEFT_OUT}
    found |= {k: None for k, v in was.items() if k not in now and v is not None}
    if found and "on" in now:
        found = {"on": now["on"]} | found
    return found or _LEFT_OUT
