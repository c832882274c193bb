"""A better, dearer matte: Robust Video Matting (Lin et al. 2021), a recurrent network, in onnxruntime.

It remembers the pictures before, so its mattes are steady and keep hair; at 256x144 it takes ten times the CPU of the
selfie segmenter. The model is GPL-3.0: it is fetched only when asked for by name, and no part of it ships.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from live.base.errors import ModelError
from live.picture.format import U8
from live.vision.matte import MODEL_SIZE, refine_where, rgb_small
from live.vision.refine import smoothstep

_MEMORIES = ("r1i", "r2i", "r3i", "r4i")
_SURE = (0.04, 0.96)  # its ends need little help


class RvmEngine:
    """Mattes of one source, in the order of its pictures. Same face as MatteEngine; owned by one thread."""

    def __init__(self, model: Path) -> None:
        if not model.exists():
            raise ModelError(
                model.name,
                "the model is not there (GPL-3.0, so only by your choice)",
                f"run `live models {model.name}`",
            )
        import onnxruntime as ort  # 30 MB: only where it is wanted

        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session: Any = ort.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime has many kinds of its own
            raise ModelError(
                model.name, f"can't be used ({str(error)[:80]})", f"run `live models {model.name}` to fetch it again"
            ) from None
        self._memory = [np.zeros((1, 1, 1, 1), np.float32)] * len(_MEMORIES)

    def matte(self, planes: tuple[U8, ...], out: U8) -> None:
        """Fill out (height, width; the picture's size or a half or quarter of it) with alpha of the I420 picture."""
        rgb = rgb_small(planes, MODEL_SIZE).astype(np.float32) * np.float32(1 / 255)
        inputs = {"src": rgb.transpose(2, 0, 1)[None], "downsample_ratio": np.array([1.0], np.float32)}
        inputs |= dict(zip(_MEMORIES, self._memory, strict=True))
        alpha, *self._memory = self._session.run(["pha", "r1o", "r2o", "r3o", "r4o"], inputs)
        refine_where(smoothstep(np.ascontiguousarray(alpha[0, 0]), *_SURE), planes, out)
