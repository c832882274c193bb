"""Sounds made by arithmetic: beats, chords, noise. Float32, mono, at 16 kHz unless said."""

from __future__ import annotations

import numpy as np

RATE_HZ = 16_000


def drums(seconds: float, per_minute: float, *, first_s: float = 0.1, seed: int = 1) -> np.ndarray:
    """A low thud with a click on it at every beat, over a little noise."""
    rng = np.random.default_rng(seed)
    out = rng.normal(0, 0.0005, int(seconds * RATE_HZ))
    k = np.arange(1600)
    hit = 0.3 * np.sin(2 * np.pi * 80 * k / RATE_HZ) * np.exp(-k / 400) + 0.1 * rng.normal(0, 1, 1600) * np.exp(-k / 60)
    at_s = first_s
    while at_s < seconds - 0.1:
        start = int(at_s * RATE_HZ)
        out[start : start + 1600] += hit[: len(out) - start]
        at_s += 60 / per_minute
    return out.astype(np.float32)


def chords(seconds: float) -> np.ndarray:
    """A new chord every second, three notes with four partials each."""
    t = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    root_hz = np.array([220.0, 174.6, 261.6, 196.0])[t.astype(int) % 4]
    phase = 2 * np.pi * np.cumsum(root_hz) / RATE_HZ
    out = sum(np.sin(ratio * h * phase) / h for ratio in (1, 1.26, 1.5) for h in (1, 2, 3, 4))
    return (0.1 * out / np.std(out)).astype(np.float32)


def noise(seconds: float, level_db: float = -20.0, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 10 ** (level_db / 20), int(seconds * RATE_HZ)).astype(np.float32)


def claps(seconds: float, per_second: float, seed: int = 1) -> np.ndarray:
    """Hands, or keys: short bursts of noise at random times."""
    rng = np.random.default_rng(seed)
    out = np.zeros(int(seconds * RATE_HZ))
    for start in rng.integers(0, len(out) - 800, int(per_second * seconds)):
        out[start : start + 800] += (
            rng.normal(0, 1, 800) * np.exp(-np.arange(800) / rng.uniform(60, 160)) * rng.uniform(0.2, 1)
        )
    return (0.1 * out / np.std(out)).astype(np.float32)


def tone(seconds: float, hz: float, amplitude: float = 0.2) -> np.ndarray:
    return (amplitude * np.sin(2 * np.pi * hz * np.arange(int(seconds * RATE_HZ)) / RATE_HZ)).astype(np.float32)
