"""What an operator aims: a crop of a picture, a camera in a set, a pan-tilt head."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from live.framing.shots import Aim, Fit
from live.picture.values import Crop


@dataclass(frozen=True)
class Pace:
    """How a camera moves while it is seen. Speeds in widths of the frame; the top speed is for a head that would be cut
    otherwise.

    latency_s: from being told to being there. still_on_air: it is only ever moved while nobody sees it.
    """

    speed_w_per_s: float = 0.3
    top_speed_w_per_s: float = 0.35
    accel_w_per_s2: float = 0.8
    latency_s: float = 0.0
    still_on_air: bool = False


class CameraHead(Protocol):
    """Everything an operator has to know of a camera.

    The operator thinks in crops of the picture that faces are found in. A digital crop is such a crop; a camera in a
    set turns it into where it looks; a pan-tilt head, whose own picture moves with it, gives faces as shares of the
    widest picture it can reach, and is driven by place or by speed.
    """

    @property
    def pace(self) -> Pace: ...

    @property
    def home(self) -> Crop:
        """Where it stands when there is nobody to frame."""

    def fit(self, aim: Aim | None) -> Fit:
        """What it can show, and how near it may go, of this aim."""

    def aim(self, crop: Crop, speed: tuple[float, float, float]) -> None:
        """Be there. speed: of x, y and the zoom's logarithm, per second; 0 on an axis that stands still."""


class DigitalCrop:
    """A crop of a source, at once wherever it is told to be. Aspects are width / height."""

    pace = Pace()
    home = Crop()

    def __init__(self, source_aspect: float, program_aspect: float) -> None:
        self._fit = Fit(source_aspect, program_aspect)
        self.crop = Crop()

    def fit(self, aim: Aim | None) -> Fit:
        return self._fit

    def aim(self, crop: Crop, speed: tuple[float, float, float]) -> None:
        self.crop = crop
