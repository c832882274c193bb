"""What the machine does on the sound desk, and where it may: authority over each strip, one key for each kind. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from live.config.strips import StripRules
from live.director.authority import Key, Level

SOUND = "sound"  # the domain
Kind = Literal["microphone", "player", "group"]

FOLLOW, LEVELLING, AUTOMIX, DUCKING, DENOISE = "follow", "levelling", "automix", "ducking", "denoise"
AUTOMATIC = (FOLLOW, LEVELLING, AUTOMIX, DUCKING, DENOISE)
OF_VOICES = (LEVELLING, AUTOMIX, DENOISE)  # microphones only
SUGGESTS = (FOLLOW, LEVELLING)  # the others have nothing to suggest: they are on or off
BY_FADER = (FOLLOW, LEVELLING)  # what a hand on the fader or the mute keeps off


CHECK = "check"  # what the sound check suggests: no automation, it never acts


def key_of(strip: str, what: str) -> Key:
    return SOUND, f"{strip}/{what}"


def of_kind(kind: Kind) -> tuple[str, ...]:
    """What the machine may do with a strip."""
    return AUTOMATIC if kind == "microphone" else tuple(a for a in AUTOMATIC if a not in OF_VOICES)


def keys_of(strip: str, kind: Kind, whats: Iterable[str] = AUTOMATIC) -> list[Key]:
    return [key_of(strip, what) for what in of_kind(kind) if what in whats]


def level_of(rules: StripRules, what: str, follow: Level) -> Level:
    """The level that a strip's rules ask for. follow: how far those go that follow the picture."""
    if what == FOLLOW:
        return follow if rules.follow != "off" else Level.OFF
    if what == LEVELLING:
        return Level(rules.levelling)
    on = {AUTOMIX: rules.automix, DUCKING: rules.duck_db > 0, DENOISE: rules.denoise}[what]
    return Level.AUTO if on else Level.OFF
