"""Sound of any kind as the show has it: float32 at 48 kHz, in stereo, or with the channels that it has.

What has more channels than two is mixed down by ITU-R BS.775 (libav's own matrix, to the thousandth): the centre and
what is behind at -3 dB on their sides, no low-frequency effects.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from live.base.samples import CHANNELS, SAMPLE_RATE
from live.sound.limiter import Samples


class Stereo:
    """Converts the decoded frames of one track. A track that becomes another on the way (mono, 5.1, another rate: what
    was broadcast often does) goes on; libav's own converter refuses that. Owner: one thread. downmix: False keeps all
    channels of what has more than two."""

    def __init__(self, *, downmix: bool = True) -> None:
        self._downmix = downmix
        self._of: tuple[Any, ...] = ()
        self._converter: Any = None

    def blocks(self, frame: Any) -> list[Samples]:
        """Samples (n, 2) of an av.AudioFrame, or (n, channels) where they are kept, behind what is still held of those
        before; None: what is held at the end."""
        of = () if frame is None else (frame.format.name, frame.layout.name, frame.sample_rate, frame.time_base)
        made = []
        if self._converter is not None and of != self._of:
            made, self._converter = self._converter.resample(None), None
        if frame is not None:
            if self._converter is None:
                import av  # only who decodes needs it, not who reads a rig

                layout = "mono" if len(frame.layout.channels) == 1 else "stereo"
                if not self._downmix and len(frame.layout.channels) > CHANNELS:
                    layout = frame.layout.name
                self._of, self._converter = of, av.AudioResampler(format="flt", layout=layout, rate=SAMPLE_RATE)
            made = [*made, *self._converter.resample(frame)]
        return [_both(block.to_ndarray(), len(block.layout.channels)) for block in made]


def _both(packed: Samples, channels: int) -> Samples:
    """Interleaved samples as (n, 2). One channel is heard at its own level on both sides: libav's own way from mono to
    stereo takes 3 dB off it."""
    block = packed.reshape(-1, channels)
    return block if channels > 1 else np.repeat(block, CHANNELS, axis=1)
