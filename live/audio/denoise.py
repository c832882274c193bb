"""Noise suppression: what is no voice is taken out of a microphone's sound. RNNoise (Xiph.Org, BSD licence), as the
package pyrnnoise carries it, in an extra: `denoise`.

Of its Python only the binding is loaded: the package itself imports matplotlib and a player. Its sound is 20 ms late,
which reading as much ahead makes good. One channel costs 60 ms of a core for each second. DeepFilterNet 3 takes 6 dB
more of a hiss away (31 against 25), costs 122 ms, is 30 ms late and 1 to 2 s in starting; so it was left.

Owner: whoever mixes.
"""

from __future__ import annotations

import ctypes
import importlib.util
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
import numpy.typing as npt

from live.audio.mixer import BLOCK, Samples
from live.base.errors import ModelError
from live.base.samples import CHANNELS

FRAME = 480  # samples it takes at a time
LATENCY = 2 * FRAME
_SCALE = 32768.0  # it knows samples as whole numbers of 16 bits
_WARM = 10  # blocks that it hears before it is heard


@cache
def library() -> ctypes.CDLL:
    """Raises ModelError where it is not installed, or doesn't load."""
    advice = 'install it: pip install "live-show[denoise]"'
    found = importlib.util.find_spec("pyrnnoise")
    if found is None or found.origin is None:
        raise ModelError("noise suppression", "the package pyrnnoise is not installed", advice)
    try:
        lib: ctypes.CDLL = _binding(Path(found.origin).with_name("rnnoise.py")).lib
        return lib
    except (OSError, ImportError, AttributeError) as error:
        raise ModelError("noise suppression", f"pyrnnoise can't be loaded ({str(error)[:80]})", advice) from None


def _binding(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("pyrnnoise_binding", file)
    if spec is None or spec.loader is None:
        raise ImportError(file.name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class _Channel:
    """One channel's network."""

    def __init__(self, lib: ctypes.CDLL) -> None:
        self._lib, self._state = lib, lib.rnnoise_create(None)
        self._frame = np.zeros(FRAME, np.float32)
        self._at = self._frame.ctypes.data_as(ctypes.POINTER(ctypes.c_float))

    def run(self, samples: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """(BLOCK,) to (BLOCK,), LATENCY late."""
        out = np.empty_like(samples)
        for start in range(0, BLOCK, FRAME):
            self._frame[:] = samples[start : start + FRAME] * np.float32(_SCALE)
            self._lib.rnnoise_process_frame(self._state, self._at, self._at)
            out[start : start + FRAME] = self._frame / np.float32(_SCALE)
        return out

    def close(self) -> None:
        self._lib.rnnoise_destroy(self._state)


class _Strip:
    def __init__(self, lib: ctypes.CDLL) -> None:
        self._lib = lib
        self._channels: list[_Channel] = []
        self.blocks = 0  # that it has heard
        self.heard = False  # it, rather than the sound as it came

    def run(self, block: Samples) -> Samples:
        """(BLOCK, 2) to the same; what is on both sides alike costs once."""
        self.blocks += 1
        sides = 1 if np.array_equal(block[:, 0], block[:, 1]) and len(self._channels) < CHANNELS else CHANNELS
        while len(self._channels) < sides:
            self._channels.append(_Channel(self._lib))
        out = [self._channels[n].run(block[:, n]) for n in range(sides)]
        return np.stack((out[0], out[-1]), 1)

    def close(self) -> None:
        for channel in self._channels:
            channel.close()


class Denoiser:
    """All strips. say: told once, where it can't be had. cross: from one block to another, without a click."""

    def __init__(self, say: Callable[[str], None], cross: Callable[[Samples, Samples], Samples | None]) -> None:
        self._say, self._cross = say, cross
        self._strips: dict[str, _Strip] = {}
        self._missing = False

    def step(self, name: str, dry: Samples, ahead: Callable[[], Samples | None], *, on: bool) -> Samples | None:
        """A strip's block, suppressed or not; while it is off the very same array comes back. ahead: gives the block
        that is LATENCY later."""
        strip = self._strips.get(name) or (self._started(name) if on else None)
        if strip is None:
            return dry
        later = ahead()
        wet = strip.run(np.zeros_like(dry) if later is None else later)
        was, strip.heard = strip.heard, on and strip.blocks > _WARM
        if not on:
            self._strips.pop(name).close()
        if was != strip.heard:
            return self._cross(dry, wet) if strip.heard else self._cross(wet, dry)
        return wet if strip.heard else dry

    def _started(self, name: str) -> _Strip | None:
        if self._missing:
            return None
        try:
            strip = self._strips[name] = _Strip(library())
        except ModelError as error:
            self._missing = True
            self._say(f"{error}; until then {name} passes as it is, and so does every other")
            return None
        return strip
