"""The sound check: everybody speaks ten seconds, in any order, and the desk proposes gain, high-pass and gate for each
strip. Nothing is set before a hand takes it. Pure; time is an argument.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from statistics import fmean, quantiles

from live.config.strips import StripSettings
from live.sound.metering import Level

SPOKEN_S = 10.0  # of speech make a proposal
QUIET_S = 0.5  # after the last word the room is heard
ROOM_READINGS = 10  # at least: a second of it
KEPT = 300  # readings
MOST_GAIN_DB = 20.0
NEAR_DB = 1.0  # a fader so near is left alone
VOICE_HZ, RUMBLE_HZ = 80.0, 120.0
RUMBLE_DB = -6.0  # so much of the room's noise below VOICE_HZ is rumble
SILENT_DB = -70.0  # a room that is quieter needs no gate
WIDE_DB = 20.0  # from so far between room and voice on a gate can tell them apart
OVER_ROOM = 0.4  # of the way from the room to the voice
GATE_DB = 12.0  # how far it turns down

Sent = tuple[str, tuple[str | float | int, ...]]


@dataclass(frozen=True)
class Proposal:
    """What a strip should be set to; None: as it is. words: each with its reason."""

    gain_db: float | None = None
    highpass_hz: float | None = None
    gate_db: float | None = None
    words: tuple[str, ...] = ()

    def does(self, strip: str) -> tuple[Sent, ...]:
        """The commands that do it."""
        at, sent = f"/strips/{strip}", list[Sent]()
        if self.highpass_hz is not None:
            sent += [(f"{at}/highpass/hz", (self.highpass_hz,)), (f"{at}/highpass/on", (1,))]
        if self.gate_db is not None:
            sent += [
                (f"{at}/gate/threshold", (self.gate_db,)),
                (f"{at}/gate/range", (GATE_DB,)),
                (f"{at}/gate/on", (1,)),
            ]
        if self.gain_db is not None:
            sent.append((f"{at}/gain", (self.gain_db,)))
        return tuple(sent)


@dataclass
class Place:
    """How far one microphone is. proposal: once its owner has spoken."""

    spoken_s: float = 0.0
    loudness_lufs: list[float] = field(default_factory=list)
    room_db: list[float] = field(default_factory=list)
    low_db: list[float] = field(default_factory=list)
    proposal: Proposal | None = None
    done: str = ""  # taken or dropped, by a hand


class SoundCheck:
    """One sound check. strips: the microphones that somebody wears."""

    def __init__(self, strips: Iterable[str], target_lufs: float) -> None:
        self.places = {name: Place() for name in strips}
        self._target_lufs = target_lufs
        self._quiet_s = 0.0
        self._read = 0  # until where the meters had read

    def listen(
        self,
        dt_s: float,
        *,
        speaking: Collection[str],
        until: int,
        levels: Mapping[str, Level],
        speech_lufs: Mapping[str, float],
        settings: Mapping[str, StripSettings],
    ) -> list[str]:
        """One frame. speaking: the microphones whose owners speak. until, levels, speech_lufs: as the meters have them,
        before the faders. Gives the strips for which there is a proposal now.
        """
        self._quiet_s = 0.0 if speaking else self._quiet_s + dt_s
        news, self._read = until != self._read, until
        ready = []
        for name, place in self.places.items():
            if place.proposal is not None:
                continue
            if list(speaking) == [name]:  # by itself: somebody else's voice is in it otherwise
                place.spoken_s += dt_s
                if news and name in speech_lufs:
                    place.loudness_lufs = [*place.loudness_lufs[-KEPT:], speech_lufs[name]]
            elif news and self._quiet_s >= QUIET_S and name in levels:
                place.room_db = [*place.room_db[-KEPT:], levels[name].rms_db]
                place.low_db = [*place.low_db[-KEPT:], levels[name].low_db]
            if place.spoken_s >= SPOKEN_S and len(place.room_db) >= ROOM_READINGS:
                place.proposal = self._proposed(place, settings[name])
                ready.append(name)
        return ready

    def waiting(self) -> list[str]:
        """Who is still to speak."""
        return [name for name, place in self.places.items() if place.proposal is None]

    def _proposed(self, place: Place, settings: StripSettings) -> Proposal:
        words: list[str] = []
        gain_db = self._gain(place, settings, words)
        room_db = quantiles(place.room_db, n=10)[-1]  # what it is louder than for a tenth of the time only
        highpass_hz = _highpass(fmean(place.low_db) - fmean(place.room_db), settings, words)
        gate_db = _gate(room_db, place, settings, words)
        return Proposal(gain_db, highpass_hz, gate_db, tuple(words))

    def _gain(self, place: Place, settings: StripSettings, words: list[str]) -> float | None:
        if not place.loudness_lufs:
            words.append("the voice was too quiet to be measured: see to the microphone")
            return None
        came_lufs = fmean(place.loudness_lufs)
        wanted_db = round(2 * min(MOST_GAIN_DB, max(-MOST_GAIN_DB, self._target_lufs - came_lufs))) / 2
        if abs(wanted_db - settings.gain_db) <= NEAR_DB:
            return None
        off_db = came_lufs + settings.gain_db - self._target_lufs
        side = "over" if off_db > 0 else "under"
        words.append(f"gain {wanted_db:+g} dB: the voice is {abs(off_db):.0f} dB {side} target")
        return wanted_db


def _highpass(rumble_db: float, settings: StripSettings, words: list[str]) -> float | None:
    """rumble_db: how much of the room's noise lies below VOICE_HZ, against all of it."""
    if settings.highpass.on:
        return None
    if rumble_db > RUMBLE_DB:
        words.append(f"high-pass {RUMBLE_HZ:g} Hz: most of what the room does is rumble")
        return RUMBLE_HZ
    words.append(f"high-pass {VOICE_HZ:g} Hz: a voice has nothing below it")
    return VOICE_HZ


def _gate(room_db: float, place: Place, settings: StripSettings, words: list[str]) -> float | None:
    if settings.gate.on or not place.loudness_lufs or room_db < SILENT_DB:
        return None
    apart_db = fmean(place.loudness_lufs) - room_db
    if apart_db < WIDE_DB:
        words.append(f"no gate: the room is only {apart_db:.0f} dB under the voice")
        return None
    threshold_db = float(round(min(0.0, max(-80.0, room_db + OVER_ROOM * apart_db))))
    words.append(f"gate {threshold_db:g} dB: the room is at {room_db:.0f} dB")
    return threshold_db
