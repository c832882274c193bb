"""What a multiview's worker is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from live.base.channels import Picks
from live.config.picture import PictureConfig


@dataclass(frozen=True)
class MultiviewSpec:
    """name: of the multiview, whose windows the state tree holds. ring: what it is drawn into. aspect: width / height
    of the program. delay_s: how much later than its cameras the program is. voices: the microphones of each camera.
    microphones: by name, the sound ring of each and its channels; sound: the
    program's. host, osc_port: where the state is to be had."""

    name: str
    ring: str
    picture: PictureConfig
    marks: bool
    aspect: float
    delay_s: float
    voices: Mapping[str, tuple[str, ...]]
    microphones: Mapping[str, tuple[str, Picks]]
    sound: str
    host: str
    osc_port: int
