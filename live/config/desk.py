"""What the sound desk is to do, as the engine orders it and the mixer carries it out: where all hands and the machine
have led. Only the newest counts, so a mixer that was started again goes on where it ought to be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from live.config.strips import StripSettings

LATENCY_S = 0.12  # how far behind now the mixer is, so that sources have had time to deliver
PROGRAM = "program"  # the bus that goes on air
AUXILIARIES = ("aux1", "aux2")
MINUS = "minus-"  # before a strip's name: the program without it, for whoever sits there
LISTEN = "listen"  # the bus of what an operator has asked to hear before or after its fader


@dataclass(frozen=True)
class StripOrders:
    """A strip: what hands have set, and what the machine adds.

    group: it goes there rather than to the program; "" for none. trim_db: added by levelling, within +-6 dB. open: 1
    heard, 0 not, as sound follows picture; it sets out there wait_s after the order and takes ramp_s. automix: it
    shares the gain with the other open microphones. duck_db: so much quieter while somebody speaks; 0 for never.
    denoise: noise suppression.
    """

    settings: StripSettings = field(default_factory=StripSettings)
    group: str = ""
    trim_db: float = 0.0
    open: float = 1.0
    ramp_s: float = 0.02
    wait_s: float = 0.0
    automix: bool = False
    duck_db: float = 0.0
    denoise: bool = False


@dataclass(frozen=True)
class MasterOrders:
    """The program bus. ceiling_db: of true peak, dB under full scale."""

    gain_db: float = 0.0
    muted: bool = False
    ceiling_db: float = -1.0


@dataclass(frozen=True)
class MeterOrders:
    """How often hands have begun the program's loudness anew, and cleared what the meters hold. The show's start is the
    first time of the one."""

    begun: int = 0
    cleared: int = 0


@dataclass(frozen=True)
class DeskOrders:
    """strips: microphones and players, by name; groups: by name. solo: strips that alone go to the program (solo in
    place); empty: all of them. pfl, afl: strips and groups that the bus `listen` carries, before and after their
    faders. talkback: how loud the director's own microphone is on which bus, dB; a bus that isn't there has none of it.
    delays_ms: by source, how much later than it came its sound is mixed, so that it goes with its picture; below 0
    earlier, as far as what the mixer is behind allows. Whoever listens hears it at once. buses: those that somebody
    takes, beside the program; the others cost nothing.
    """

    strips: Mapping[str, StripOrders] = field(default_factory=dict)
    groups: Mapping[str, StripOrders] = field(default_factory=dict)
    master: MasterOrders = MasterOrders()
    solo: frozenset[str] = frozenset()
    pfl: frozenset[str] = frozenset()
    afl: frozenset[str] = frozenset()
    talkback: Mapping[str, float] = field(default_factory=dict)
    delays_ms: Mapping[str, float] = field(default_factory=dict)
    buses: frozenset[str] = frozenset()
    meters: MeterOrders = MeterOrders()
