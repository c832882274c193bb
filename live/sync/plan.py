"""Every camera of a rig against the sound that goes with it: what is shown when, and what comes of it. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from live.config.rig import Rig
from live.config.source import EARLIEST_MS
from live.sync.measure import Measured

SETTLE_S = 4.5  # after a cut: until the age of a camera's pictures is known, and its sound has moved
ENOUGH = 3  # blips, to propose anything by
TOGETHER_MS = 5.0  # what nobody changes anything for


@dataclass(frozen=True)
class Turn:
    """A camera on program, and what is heard meanwhile: the microphones that go with it. start_s, end_s: of the
    show."""

    camera: str
    microphones: tuple[str, ...]
    sounds: tuple[str, ...]  # the sources of the microphones
    start_s: float
    end_s: float

    @property
    def judged_s(self) -> tuple[float, float]:
        """From when to when it is measured."""
        return self.start_s + SETTLE_S, self.end_s - 0.2


def turns(rig: Rig, seconds: float) -> list[Turn]:
    """One for each camera that a microphone goes with, each measured for so many seconds."""
    found: list[Turn] = []
    players = {p.name for p in rig.players}
    for source in rig.sources:
        if not source.has_picture or source.name in players:
            continue
        worn = {name for p in rig.seated() if source.name in p.seen_by for name in p.worn}
        chosen = [m for m in rig.microphones if m.name in worn] or [
            m for m in rig.microphones if m.source == source.name
        ]
        if chosen:
            start_s = found[-1].end_s if found else 0.0
            sounds = tuple(dict.fromkeys(m.source for m in chosen))
            end_s = start_s + SETTLE_S + seconds
            found.append(Turn(source.name, tuple(m.name for m in chosen), sounds, start_s, end_s))
    return found


def commands(rig: Rig, plan: Sequence[Turn]) -> Iterator[str]:
    """The lines of a script that takes every camera in its turn, alone with its microphones."""
    rate = float(rig.picture.rate)

    def line(at_s: float, address: str, *args: object) -> str:
        return json.dumps({"frame": max(1, round(at_s * rate)), "address": address, "args": list(args)})

    yield line(0, "/director/level", "off")
    for turn in plan:
        yield line(turn.start_s, "/program/cut", turn.camera)
        for microphone in rig.microphones:
            muted = microphone.name not in turn.microphones
            yield line(turn.start_s, f"/microphones/{microphone.name}/mute", int(muted))


def advice(rig: Rig, results: Iterable[tuple[Turn, Measured | None]]) -> Iterator[str]:
    """What was found, and the rig's lines that would mend it."""
    wanted: dict[str, list[float]] = {}
    cameras: dict[str, list[str]] = {}
    for turn, found in results:
        if found is None or len(found.apart) < ENOUGH:
            count = 0 if found is None else len(found.apart)
            yield f"{turn.camera}: {count} blips went with a flash; show it one, near its microphone (live sync --make)"
            continue
        yield f"{turn.camera}: {sentence(found)}"
        for sound in turn.sounds:
            wanted.setdefault(sound, []).append(rig.source(sound).sound_delay_ms - found.late_ms)
            cameras.setdefault(sound, []).append(turn.camera)
    for sound, delays_ms in wanted.items():
        yield from _proposed(rig, sound, delays_ms, cameras[sound])


def sentence(found: Measured) -> str:
    """How far apart, in words."""
    known = f"{len(found.apart)} blips, {found.spread_ms:.0f} ms between them"
    if not found.numbered:
        known += f"; the camera sees a flash to {found.interval_ms:.0f} ms"
    if abs(found.late_ms) < TOGETHER_MS:
        return f"picture and sound are together ({found.late_ms:+.1f} ms; {known})"
    way = "after" if found.late_ms > 0 else "before"
    return f"the sound comes {abs(found.late_ms):.1f} ms {way} its picture ({known})"


def _proposed(rig: Rig, sound: str, delays_ms: Sequence[float], cameras: Sequence[str]) -> Iterator[str]:
    now_ms, wanted_ms = rig.source(sound).sound_delay_ms, sum(delays_ms) / len(delays_ms)
    if max(delays_ms) - min(delays_ms) > 2 * TOGETHER_MS:
        yield f"  {sound} is heard with {', '.join(cameras)}, which differ; the mean is proposed"
    if abs(wanted_ms - now_ms) < TOGETHER_MS:
        return
    if wanted_ms < EARLIEST_MS:
        hold_ms = EARLIEST_MS - wanted_ms
        for camera in cameras:
            yield f"  [[sources]] name = {json.dumps(camera)}"
            yield f"  picture_delay_ms = {rig.source(camera).picture_delay_ms + hold_ms:.0f}"
        wanted_ms = EARLIEST_MS
    yield f"  [[sources]] name = {json.dumps(sound)}"
    yield f"  sound_delay_ms = {wanted_ms:.0f}  # was {now_ms:g}; on air: /sources/{sound}/delay {wanted_ms:.0f}"
