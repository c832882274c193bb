"""What microphones hear that is no voice, made by arithmetic: float32, mono, 48 kHz, peak 1. Each seed, another one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from live.base.samples import SAMPLE_RATE

Sound = npt.NDArray[np.float32]


def band(count: int, low_hz: float, high_hz: float, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Noise between two frequencies, 12 dB an octave outside, with an RMS of 1."""
    spectrum = np.fft.rfft(rng.normal(size=count))
    hz = np.maximum(np.fft.rfftfreq(count, 1 / SAMPLE_RATE), 1)
    noise: npt.NDArray[np.float64] = np.fft.irfft(
        spectrum / np.sqrt(1 + (low_hz / hz) ** 4) / np.sqrt(1 + (hz / high_hz) ** 4), count
    )
    noise /= noise.std()
    return noise


def _times(seconds: float) -> npt.NDArray[np.float64]:
    return np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE


def _full(sound: npt.NDArray[np.float64]) -> Sound:
    full: Sound = (sound / np.abs(sound).max()).astype(np.float32)
    return full


def _voiced(t: npt.NDArray[np.float64], hz: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    phase = 2 * np.pi * np.cumsum(hz) / SAMPLE_RATE
    voice: npt.NDArray[np.float64] = sum((np.sin(k * phase) / k**0.8 for k in range(2, 14)), np.zeros(len(t)))
    voice /= np.abs(voice).max()
    return voice


def cough(seed: int = 1) -> Sound:
    """A burst, breath, and a little voice at the end: 0.35 s."""
    rng, t = np.random.default_rng(seed), _times(0.35)
    burst = np.minimum(t / 0.004, 1) * np.exp(-t / 0.05) + 0.35 * np.exp(-(((t - 0.15) / 0.06) ** 2))
    return _full(
        band(len(t), 300, 4000, rng) / 3 * burst + 0.3 * _voiced(t, 180 - 200 * t) * np.exp(-(((t - 0.24) / 0.05) ** 2))
    )


def laughter(seed: int = 1) -> Sound:
    """Six people, each at their own time and pitch, 1.5 s."""
    rng = np.random.default_rng(seed)
    out = np.zeros(int(1.6 * SAMPLE_RATE))
    for _ in range(6):
        start, pitch_hz, gap_s = rng.uniform(0, 0.3), rng.uniform(130, 330), rng.uniform(0.16, 0.24)
        for n in range(5):
            t = _times(0.18)
            ha = _voiced(t, pitch_hz * (1 - 0.04 * n) - 0.5 * pitch_hz * t) * np.exp(-(((t - 0.06) / 0.04) ** 2))
            ha += 0.3 * band(len(t), 800, 5000, rng) / 3 * np.exp(-(((t - 0.12) / 0.03) ** 2))
            at = int((start + n * gap_s) * SAMPLE_RATE)
            out[at : at + len(t)] += ha[: len(out) - at]
    return _full(out)


def chuckle(seed: int = 1) -> Sound:
    """One person laughs: seven bursts at 4 to 6 a second with an open mouth's resonances, falling, each ending in
    breath; 1.6 s."""
    rng = np.random.default_rng(seed)
    pitch_hz, per_s = rng.uniform(180, 380), rng.uniform(4.2, 5.6)
    out = np.zeros(int(1.8 * SAMPLE_RATE))
    for n in range(7):
        t = _times(0.9 / per_s)
        ha = _voiced(t, pitch_hz * (1 - 0.03 * n) - 0.4 * pitch_hz * t) * np.exp(-(((t - 0.05) / 0.035) ** 2))
        breath = band(len(t), 900, 5000, rng) / 3 * np.exp(-(((t - 0.12) / 0.03) ** 2))
        at = int(n / per_s * SAMPLE_RATE * rng.uniform(0.97, 1.03))
        out[at : at + len(t)] += (ha + 0.35 * breath)[: len(out) - at] * (1 - 0.08 * n)
    return _full(out)


def mm_hm(seed: int = 1) -> Sound:
    """Agreement with the mouth shut: two hums, the second higher, 0.5 s."""
    rng = np.random.default_rng(seed)
    pitch_hz, out = rng.uniform(100, 220), []
    for seconds, ratio in ((0.2, 1.0), (0.28, 1.25)):
        t = _times(seconds)
        phase = 2 * np.pi * np.cumsum(pitch_hz * ratio * (1 + 0.1 * t / seconds)) / SAMPLE_RATE
        hum = sum((np.sin(k * phase) / k**1.8 for k in range(1, 9)), np.zeros(len(t)))
        out.append(hum * np.sin(np.pi * t / seconds) ** 0.5)
    return _full(np.concatenate(out))


def applause(seed: int = 1) -> Sound:
    """Sixty claps a second, 3 s, rising and dying away."""
    rng, t = np.random.default_rng(seed), _times(3.0)
    out = np.zeros(len(t))
    for at in rng.integers(0, len(t) - 2400, 180):
        shape = np.exp(-np.arange(2400) / rng.uniform(150, 500)) * rng.uniform(0.2, 1)
        out[at : at + 2400] += band(2400, 600, 6000, rng) * shape
    return _full(out * np.minimum(np.minimum(t / 0.5, 1), (3.0 - t) / 0.7))


def door(seed: int = 1) -> Sound:
    """Slammed, 0.8 s with its rumble."""
    rng, t = np.random.default_rng(seed), _times(0.8)
    rumble = band(len(t), 40, 400, rng) * np.exp(-t / 0.12) + 2 * np.sin(2 * np.pi * 70 * t) * np.exp(-t / 0.1)
    return _full(rumble + 0.5 * band(len(t), 300, 3000, rng) * np.exp(-t / 0.015))


def knock(seed: int = 1) -> Sound:
    """Three on a table, 0.8 s."""
    rng, out = np.random.default_rng(seed), np.zeros(int(0.8 * SAMPLE_RATE))
    for n in range(3):
        t, at = _times(0.15), int(n * 0.22 * SAMPLE_RATE)
        out[at : at + len(t)] += np.sin(2 * np.pi * 160 * t) * np.exp(-t / 0.02)
        out[at : at + len(t)] += 0.2 * band(len(t), 500, 3000, rng) * np.exp(-t / 0.006)
    return _full(out)


def breath(seed: int = 1) -> Sound:
    """Drawn in close to the microphone, 0.7 s."""
    rng, t = np.random.default_rng(seed), _times(0.7)
    return _full(band(len(t), 500, 3500, rng) * np.sin(np.pi * t / 0.7) ** 2)


def handling(seed: int = 1) -> Sound:
    """A hand at the microphone or its cable, 1.2 s."""
    rng, t = np.random.default_rng(seed), _times(1.2)
    thumps, scratches = band(len(t), 20, 180, rng), band(len(t), 1000, 6000, rng)
    return _full((thumps + 0.05 * scratches) * np.abs(band(len(t), 2, 12, rng)))


ROOM: dict[str, Callable[[int], Sound]] = {"laughter": laughter, "applause": applause, "door": door}  # all hear it
OWN: dict[str, Callable[[int], Sound]] = {"cough": cough, "knock": knock, "breath": breath, "handling": handling}
