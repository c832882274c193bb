"""Sound devices on the virtual clock: clocks of their own that are off and jump, callbacks that come late by chance."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import numpy as np

from live.base.samples import SAMPLE_RATE
from live.sound.device_time import NS, Aligner, DeviceTime

TONE_HZ = 997.0
LEVEL = 0.25


class Simulated:
    """A device of a rate that is a little off, whose callbacks come late by chance, and that may jump."""

    def __init__(self, rate_hz: float, ppm: float, *, jitter_ms: float = 4.0, block_s: float = 0.01) -> None:
        self.true_hz = rate_hz * (1 + ppm * 1e-6)
        self.count = round(rate_hz * block_s)
        self.at = 0
        self.shift_s = 0.0
        self._jitter_s, self._rng = jitter_ms / 1e3, random.Random(7)

    @property
    def time_s(self) -> float:
        return 100 + self.shift_s + self.at / self.true_hz

    def block(self) -> tuple[int, np.ndarray]:
        """When it is said to have come, and a tone."""
        time_s = self.time_s
        # The tone is of the room, not of the device: what was lost in a jump is lost.
        t = time_s + np.arange(self.count) / self.true_hz
        self.at += self.count
        late_s = abs(self._rng.gauss(0, self._jitter_s)) / 2
        return round((time_s + late_s) * NS), (LEVEL * np.sin(2 * np.pi * TONE_HZ * t)).astype(np.float32)[:, None]


@dataclass
class Heard:
    """What became of a device's sound, second by second. late_ms: of the tone, by its phase, positive where it comes
    out late (within half a period of it). rest_db: what there is beside the tone, against it: clicks. ratio: of the
    resampler, against the nominal one, less 1."""

    late_ms: list[float] = field(default_factory=list)
    rest_db: list[float] = field(default_factory=list)
    offset_ms: list[float] = field(default_factory=list)
    ratio_ppm: list[float] = field(default_factory=list)
    holes: int = 0


def listen(device: Simulated, rate_hz: float, seconds: float, jumps_s: dict[float, float] | None = None) -> Heard:
    """jumps_s: at which second of the device it jumps, and by how much."""
    time, aligner, heard = DeviceTime(rate_hz), Aligner(rate_hz, 1), Heard()
    jumps = sorted((jumps_s or {}).items())
    held, first, following = np.zeros(0, np.float32), None, None
    window = np.hanning(SAMPLE_RATE)
    while device.at / device.true_hz < seconds:
        if jumps and device.at / device.true_hz >= jumps[0][0]:
            device.shift_s += jumps.pop(0)[1]
        time_ns, block = device.block()
        start, samples = aligner.put(block, time.at(time_ns, len(block)), time.rate_hz)
        if len(samples):
            heard.holes += following is not None and start != following
            first, following = (start if first is None else first), start + len(samples)
            held = np.concatenate((held, samples[:, 0]))
        if len(held) >= SAMPLE_RATE:
            _judge(heard, first, held[:SAMPLE_RATE], window)
            heard.offset_ms.append(aligner.offset_ns / 1e6)
            heard.ratio_ppm.append((aligner.ratio / (rate_hz / SAMPLE_RATE) - 1) * 1e6)
            first, held = first + SAMPLE_RATE, held[SAMPLE_RATE:]
    return heard


def _judge(heard: Heard, first: int, samples: np.ndarray, window: np.ndarray) -> None:
    t = (first + np.arange(SAMPLE_RATE)) / SAMPLE_RATE
    turned = (samples * window * np.exp(-2j * np.pi * TONE_HZ * t)).sum()
    heard.late_ms.append(float(-np.angle(turned * 1j) / (2 * np.pi * TONE_HZ) * 1e3))
    spectrum = np.abs(np.fft.rfft(samples * window)) ** 2
    at = round(TONE_HZ)
    tone = spectrum[at - 20 : at + 21].sum()
    # A click is as loud at every frequency: what there is above 3 kHz shows it.
    heard.rest_db.append(10 * float(np.log10(max(spectrum[3000:].sum() / max(tone, 1e-12), 1e-15))))
