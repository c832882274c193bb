"""What is heard, as the director takes it in: plain values between the ears (sound, lips) and whoever decides by
them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# From a word's beginning until a live show knows of it: 0.07 to 0.19 s, 0.11 in the middle (a block, what the speech
# model needs, a frame). A source that delivers its sound late adds that.
LATENCY_S = 0.12


@dataclass(frozen=True)
class Echo:
    """How alike two microphones are, by their numbers. first: the peak of their correlation where a hears before b,
    -1 to 1; second: where b does. Chance gives 0.15, a voice that both hear 0.25 to 1."""

    a: int
    b: int
    first: float
    second: float


@dataclass(frozen=True)
class Hearing:
    """One instant. Times on the show's clock, seconds.

    speaking: by person. in_pause: nobody is in the middle of a word, so a cut falls between words. music: it sounds
    like music, not speech. beat_s: when the next beat is expected, while there is one. unsure: those whose microphones
    may hear each other's voice: whose it is isn't known yet.
    """

    speaking: Mapping[str, bool] = field(default_factory=dict)
    in_pause: bool = True
    music: bool = False
    beat_s: float | None = None
    unsure: frozenset[str] = frozenset()
