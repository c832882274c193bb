"""What the recogniser listens with: the program's sound at its own rate, and where there is speech in it. No clock, no
rings."""

from __future__ import annotations

import numpy as np

from live.base.channels import mono
from live.base.samples import SAMPLE_RATE
from live.captions.transcriber import RATE_HZ, Samples

DECIMATION = SAMPLE_RATE // RATE_HZ
BLOCK = 2048  # samples at RATE_HZ, 128 ms, in which speech is looked for
_TAPS = 63
_WINDOW = 512  # what the speech detector looks at
_MEMORY = 8 * BLOCK  # it looks back 1 s, as it starts without memory
_ON, _OFF = 0.5, 0.35  # probabilities: its makers' threshold, and theirs less 0.15 to stay on


def _low_pass() -> Samples:
    """A windowed sinc (Blackman) that ends at 7.2 kHz."""
    n = np.arange(_TAPS) - _TAPS // 2
    cut = 2 * 7200 / SAMPLE_RATE
    taps = cut * np.sinc(cut * n) * np.blackman(_TAPS)
    return (taps / taps.sum()).astype(np.float32)


class Downsampler:
    """Stereo at 48 kHz to mono at 16 kHz, block by block without seams. Late by 0.6 ms, which nobody hears in a
    caption."""

    def __init__(self) -> None:
        self._taps = _low_pass()
        self._tail = np.zeros(_TAPS - 1, np.float32)

    def take(self, samples: Samples) -> Samples:
        """(n, 2) float32, n a multiple of 3 -> (n / 3,)."""
        held = np.concatenate((self._tail, mono(samples)))
        self._tail = held[-(_TAPS - 1) :]
        return np.convolve(held, self._taps, "valid")[::DECIMATION].astype(np.float32)


class SpeechGate:
    """Is there speech? Silero VAD 6 (MIT), which comes with faster-whisper. 3 CPU ms a block."""

    def __init__(self) -> None:
        from faster_whisper.vad import get_vad_model

        self._model = get_vad_model()
        self._heard = np.zeros(_MEMORY, np.float32)
        self._on = False

    def speech(self, block: Samples) -> bool:
        """The verdict on the next BLOCK samples at RATE_HZ."""
        self._heard = np.concatenate((self._heard[len(block) :], block))
        recent = self._model(self._heard.copy())[-len(block) // _WINDOW :]
        self._on = bool(np.max(recent) >= (_OFF if self._on else _ON))
        return self._on
