"""A meeting made to sound: annotated turns spoken by recorded voices at microphones that everybody wears, in a room.

Voices are cut into phrases without their pauses, so that a turn is spoken from its annotated beginning to its end. Each
microphone hears its owner near by (a little of the room in it), the others 15 to 25 dB weaker, 3 to 8 ms later and with
much of the room (reverberation of 0.4 s), hiss, and what people do beside speaking: coughs, laughter of one and of all,
"mm-hm". Everything is drawn from a seed. Sounds are float32, mono, 16 kHz, but for what `microphones` gives.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from scipy import signal

from live.base.samples import SAMPLE_RATE
from tests.support.noises import chuckle, cough, laughter, mm_hm

RATE_HZ = 16_000
VOICE_DB, VOICE_SPREAD_DB = -26.0, 4.0
BLEED_DB = (-25.0, -15.0)
DISTANCE_S = (0.003, 0.008)
REVERBERATION_S = 0.4
NEAR_ROOM_DB, FAR_ROOM_DB = -20.0, 0.0  # reverberation against the direct sound, at one's own microphone and another's
PHRASE_GAP_S, SHORTEST_PHRASE_S = 0.1, 0.2
QUIET_DB = -30.0  # against a voice's louder moments: a pause
_WINDOW = RATE_HZ // 50

PER_MINUTE = {"cough": 1.0, "chuckle": 1.0, "mm-hm": 3.0, "laughter": 0.4}  # of everybody together
PEAK_DB = {"cough": -14.0, "chuckle": -16.0, "mm-hm": -20.0, "laughter": -18.0}

Sound = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Voice:
    """phrases: each with an RMS of 1 over all of them, no pauses in it."""

    name: str
    phrases: tuple[Sound, ...]


def load(path: Path, rate_hz: int = RATE_HZ) -> Sound:
    with av.open(str(path)) as file:
        to_mono = av.AudioResampler("flt", "mono", rate_hz)
        return np.concatenate([b.to_ndarray()[0] for f in file.decode(audio=0) for b in to_mono.resample(f)])


def voices(folder: Path) -> list[Voice]:
    """Those of the footage: two of LibriSpeech, one speech, the two of a conversation."""
    books = sorted((folder / "librispeech").glob("*.flac"))
    readers = sorted({path.name.split("-")[0] for path in books})
    found = [(r, [load(p) for p in books if p.name.startswith(r)]) for r in readers]
    found.append(("jfk", [load(folder / "jfk.flac")]))
    talk = load(folder / "conversation_2spk.wav")
    rows = [line.split() for line in (folder / "conversation_2spk.rttm").read_text().splitlines() if line]
    spans = [(float(f[3]), float(f[3]) + float(f[4]), f[7]) for f in rows]
    for who in sorted({s[2] for s in spans}):
        found.append((who, [talk[int(a * RATE_HZ) : int(b * RATE_HZ)] for a, b in _alone(spans, who)]))
    return [Voice(name, _phrases(sounds)) for name, sounds in found]


def _alone(spans: Sequence[tuple[float, float, str]], who: str) -> list[tuple[float, float]]:
    """Where somebody speaks and nobody else does."""
    others, found = [(a, b) for a, b, other in spans if other != who], []
    for start, end, of in spans:
        if of == who:
            start = max([start, *(b for a, b in others if a <= start < b)])
            end = min([end, *(a for a, b in others if start <= a < end)])
            found.append((start, end))
    return [(a, b) for a, b in found if b > a]


def _phrases(sounds: Sequence[Sound]) -> tuple[Sound, ...]:
    found: list[Sound] = []
    for sound in sounds:
        count = len(sound) // _WINDOW
        level = np.sqrt(np.mean(sound[: count * _WINDOW].reshape(count, _WINDOW) ** 2, 1))
        loud = level > np.percentile(level, 95) * 10 ** (QUIET_DB / 20)
        edges = np.flatnonzero(np.diff(np.concatenate(([False], loud, [False])).astype(int)))
        runs: list[list[int]] = []
        for start, end in edges.reshape(-1, 2).tolist():
            if runs and start - runs[-1][1] <= PHRASE_GAP_S * 50:
                runs[-1][1] = end
            else:
                runs.append([start, end])
        found += [sound[a * _WINDOW : b * _WINDOW] for a, b in runs if b - a >= SHORTEST_PHRASE_S * 50]
    size = np.float32(np.sqrt(np.mean(np.concatenate(found) ** 2)))
    return tuple(_faded(phrase / size) for phrase in found)


def _faded(sound: Sound, seconds: float = 0.01) -> Sound:
    count = min(int(seconds * RATE_HZ), len(sound) // 2)
    ramp, out = np.linspace(0, 1, count, dtype=np.float32), sound.copy()
    out[:count] *= ramp
    out[len(out) - count :] *= ramp[::-1]
    return out


def spoken(speaking: Bools, rate_hz: float, voice: Voice, rng: np.random.Generator) -> Sound:
    """One person's turns. speaking: by frame, at rate_hz."""
    out = np.zeros(int(len(speaking) / rate_hz * RATE_HZ), np.float32)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], speaking, [False])).astype(int)))
    for start, end in edges.reshape(-1, 2).tolist():
        at, until = int(start / rate_hz * RATE_HZ), min(len(out), int(end / rate_hz * RATE_HZ))
        while at < until:
            phrase = voice.phrases[rng.integers(len(voice.phrases))]
            part = _faded(phrase[: until - at])
            out[at : at + len(part)] = part
            at += len(part)
    return out


def _impulse(distance_s: float, room_db: float, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """The way from a mouth to a microphone: once directly, then the room (decaying noise)."""
    t = np.arange(int(REVERBERATION_S * RATE_HZ)) / RATE_HZ
    tail = rng.normal(size=len(t)) * np.exp(-6.9 * t / REVERBERATION_S)
    tail *= 10 ** (room_db / 20) / np.sqrt(np.sum(tail**2))
    early = int((distance_s + 0.002) * RATE_HZ)
    out = np.zeros(len(t) + early)
    out[early:] = tail
    out[int(distance_s * RATE_HZ)] += 1.0
    return out


MAKERS: dict[str, Callable[[int], npt.NDArray[np.float32]]] = {
    "cough": cough,
    "chuckle": chuckle,
    "mm-hm": mm_hm,
    "laughter": laughter,
}


@dataclass(frozen=True)
class Disturbance:
    """who: whose it is; -1: everybody's."""

    kind: str
    at_s: float
    who: int


def disturbances(speaking: Bools, rate_hz: float, rng: np.random.Generator) -> list[Disturbance]:
    """Of people who aren't speaking at the time; what the annotation says stays true."""
    seconds, found = len(speaking) / rate_hz, []
    for kind, per_minute in PER_MINUTE.items():
        for at_s in np.sort(rng.uniform(2.0, seconds - 3.0, rng.poisson(per_minute * seconds / 60))):
            first = int((at_s - 0.5) * rate_hz)
            quiet = np.flatnonzero(~speaking[first : first + int(2.0 * rate_hz)].any(0))
            if kind == "laughter":
                found.append(Disturbance(kind, float(at_s), -1))
            elif len(quiet):
                found.append(Disturbance(kind, float(at_s), int(rng.choice(quiet))))
    return found


def microphones(
    speaking: Bools,
    rate_hz: float,
    voices_of: Sequence[Voice],
    noise_db: float,
    rng: np.random.Generator,
    *,
    own_gain_db: Sequence[float] = (),
    bleed_db: tuple[float, float] = BLEED_DB,
    disturbed: bool = True,
) -> tuple[list[Sound], list[Disturbance]]:
    """What each person's microphone hears, at 48 kHz. noise_db: a voice over its own microphone's hiss. own_gain_db: by
    which each microphone is turned up."""
    people = speaking.shape[1]
    loud_db = VOICE_DB + rng.normal(0, VOICE_SPREAD_DB, people)
    mouths = [
        spoken(speaking[:, who], rate_hz, voices_of[who % len(voices_of)], rng) * np.float32(10 ** (loud_db[who] / 20))
        for who in range(people)
    ]
    found = disturbances(speaking, rate_hz, rng) if disturbed else []
    everywhere = np.zeros_like(mouths[0])
    for number, one in enumerate(found):
        noise = signal.resample_poly(MAKERS[one.kind](number + 1), 1, SAMPLE_RATE // RATE_HZ)
        noise *= 10 ** (PEAK_DB[one.kind] / 20) / np.abs(noise).max()
        to = everywhere if one.who < 0 else mouths[one.who]
        part = to[int(one.at_s * RATE_HZ) :][: len(noise)]
        part += noise[: len(part)].astype(np.float32)
    gains_db = own_gain_db or [0.0] * people
    return [
        _at(mic, mouths, everywhere, loud_db, noise_db, bleed_db, gains_db[mic], rng) for mic in range(people)
    ], found


def _at(
    mic: int,
    mouths: Sequence[Sound],
    everywhere: Sound,
    loud_db: npt.NDArray[np.float64],
    noise_db: float,
    bleed_db: tuple[float, float],
    gain_db: float,
    rng: np.random.Generator,
) -> Sound:
    heard = everywhere.astype(np.float64)
    for who, mouth in enumerate(mouths):
        is_own = who == mic
        way = _impulse(0.0 if is_own else rng.uniform(*DISTANCE_S), NEAR_ROOM_DB if is_own else FAR_ROOM_DB, rng)
        by_db = 0.0 if is_own else rng.uniform(*bleed_db)
        heard += signal.oaconvolve(mouth, way * 10 ** (by_db / 20))[: len(heard)]
    spectrum = np.fft.rfft(rng.normal(size=len(heard)))
    hiss = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), len(spectrum) / 80)), len(heard))
    heard += hiss / hiss.std() * 10 ** ((loud_db[mic] - noise_db) / 20)
    heard *= 10 ** (gain_db / 20)
    return signal.resample_poly(heard.astype(np.float32), SAMPLE_RATE // RATE_HZ, 1).astype(np.float32)
