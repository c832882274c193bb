"""Is it speech? A small recurrent network (silero-vad) asked every 32 ms, one stream for each microphone.

Pure but for the model file: samples in, probabilities out, the same for the same samples. Owner: the audio worker's
thread, or the engine's off line. Cost: 0.2 ms of one core per 32 ms of sound of one microphone, nothing while it is
digitally silent.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from live.audio.resample import RATE_HZ
from live.base.errors import ModelError

Mono = npt.NDArray[np.float32]  # (n,) at RATE_HZ

SPEECH_MODEL = "silero_vad_16k_op15.onnx"  # trained on 16 kHz
CHUNK = 512  # samples it is given at a time
_CONTEXT = 64  # samples of the chunk before, which it is given again
_STATE = (2, 1, 128)
_SILENCE = 1e-5  # -100 dB: nothing to ask about


class SpeechModel:
    """The network; one session serves every microphone."""

    def __init__(self, path: Path) -> None:
        """Raises ModelError when the file is missing or not usable."""
        if not path.exists():
            raise ModelError(path.name, "the model is not there", "run `live models`")
        import onnxruntime as ort  # 0.1 s and 30 MB: only where a microphone is

        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # a second thread costs more than it gains here
        options.log_severity_level = 3
        try:
            self._session: Any = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime has many kinds of its own
            raise ModelError(
                path.name, f"can't be used ({str(error)[:80]})", "run `live models` to fetch it again"
            ) from None
        self._rate = np.array(RATE_HZ, np.int64)

    def ask(self, samples: Mono, state: npt.NDArray[np.float32]) -> tuple[float, npt.NDArray[np.float32]]:
        """Probability of speech in (CONTEXT + CHUNK,) samples, and the state after them."""
        probability, state = self._session.run(None, {"input": samples[None], "state": state, "sr": self._rate})
        return float(probability[0, 0]), state


class Voice:
    """One microphone's stream. `probability` is that of the last whole chunk, 0 while it is silent."""

    def __init__(self, model: SpeechModel) -> None:
        self._model = model
        self._state = np.zeros(_STATE, np.float32)
        self._held = np.zeros(_CONTEXT, np.float32)  # context, then what has not been asked about yet
        self.probability = 0.0

    def rest(self) -> None:
        """Nothing comes in: what was heard before is over."""
        self._state, self._held, self.probability = np.zeros(_STATE, np.float32), np.zeros(_CONTEXT, np.float32), 0.0

    def hear(self, samples: Mono) -> None:
        """Take in samples (n,) float32 at RATE_HZ that follow those before."""
        self._held = np.concatenate((self._held, samples))
        while len(self._held) >= _CONTEXT + CHUNK:
            chunk = self._held[: _CONTEXT + CHUNK]
            self._held = self._held[CHUNK:]
            if np.abs(chunk[_CONTEXT:]).max() < _SILENCE:
                self._state, self.probability = np.zeros(_STATE, np.float32), 0.0
            else:
                self.probability, self._state = self._model.ask(chunk, self._state)
