"""Who holds the wheel: the whole state table of authority, in one place.

Every key (a domain and its target, such as cuts of program) has a level, a hold, a lock and an epoch:

| what happens            | level          | hold                            | lock | epoch |
| ----------------------- | -------------- | ------------------------------- | ---- | ----- |
| a hand on it (`human`)  | -              | at least until now + lease      | -    | rises |
| `hold`                  | -              | at least so long, or for ever   | -    | rises |
| `release`               | -              | ends                            | -    | rises |
| `set_level` (by a hand) | as said        | -                               | -    | rises |
| `lock`, `unlock`        | -              | -                               | on, off | rises |
| `demote` (lost sensor)  | one lower      | -                               | -    | rises |
| `recover` (it was slow) | as before that | -                               | -    | rises |
| `panic`                 | off, every key | -                               | -    | rises |
| `step` at a boundary    | -              | ends, once its lease is over    | -    | rises |

Beside the keys, every domain has an ownership token, for shows with several directors:

| what happens                         | token                                                              |
| ------------------------------------ | ------------------------------------------------------------------ |
| `claim` while free, or one's own     | the claimant's                                                     |
| `claim` while another has it         | refused; but who sits at this machine takes it from who does not   |
| a command of the owner (`check`)     | stays, for TOKEN_S more                                            |
| a command of another (`check`)       | refused, nothing changes; free again when the owner fell silent    |
| `yield_token`, TOKEN_S of silence    | free                                                               |

While a domain's token is free, every hand may act on it; the last one wins.

An automatic action carries the epoch it was decided in. It may act only while that epoch stands, so an action in flight
can never win over a hand. Nothing in this table but
`set_level` raises a level; `recover` takes a lowering back, when nobody has set a level since.

Pure: time comes as an argument, in seconds of any monotonic clock. Owner: the engine's thread.
Source: Parasuraman, Sheridan and Wickens 2000 (levels of automation); the leases are ours.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from live.base.errors import CommandError
from live.base.hand import Hand


class Level(StrEnum):
    """How far the automation may go."""

    OFF = "off"
    SUGGEST = "suggest"  # shows what it would do
    ARMED = "armed"  # acts after a time in which a human may veto
    AUTO = "auto"


Key = tuple[str, str]  # domain, target: ("cuts", "program"), ("framing", "cam1"), ("graphics", "lower")

BY_HAND = "set by hand"  # why a level is what it is
PANIC = "panic; set a level to start again"
TOKEN_S = 60.0  # an owner who says nothing for so long has gone

_ONE_LOWER = {Level.AUTO: Level.ARMED, Level.ARMED: Level.SUGGEST, Level.SUGGEST: Level.OFF, Level.OFF: Level.OFF}


@dataclass(frozen=True)
class AuthorityView:
    """One key as a console shows it. hold_left_s: 0 when not held or waiting for a boundary, None when held until
    released.
    """

    level: Level
    held: bool
    hold_left_s: float | None
    locked: bool
    epoch: int
    why: str


@dataclass
class _State:
    level: Level
    hold_until_s: float | None = None  # None: not held; inf: until released
    locked: bool = False
    epoch: int = 0
    level_why: str = "as the rig says"
    lowered: tuple[Level, str] | None = None  # from where, and why


@dataclass(frozen=True)
class KeptKeyState:
    """A key's level, hold and lock as they are kept. hold_left_s: None when not held; -1 until released."""

    domain: str
    target: str
    level: Level
    level_why: str
    hold_left_s: float | None
    locked: bool


@dataclass
class _Token:
    hand: Hand
    until_s: float


class Authority:
    """The state of every key, and the tokens. Asking for a key that isn't there raises CommandError."""

    def __init__(self, levels: Mapping[Key, Level]) -> None:
        self._states = {key: _State(Level(level)) for key, level in levels.items()}
        self._tokens: dict[str, _Token] = {}

    def add(self, levels: Mapping[Key, Level]) -> None:
        """More keys, each at its level."""
        self._states |= {key: _State(Level(level)) for key, level in levels.items()}

    def drop(self, key: Key) -> None:
        """One key less."""
        del self._states[key]

    def save(self, now_s: float) -> tuple[KeptKeyState, ...]:
        """What a human has set. Tokens are left out: whoever had one has to come and claim it again."""
        return tuple(
            KeptKeyState(*key, s.level, s.level_why, _kept_hold_s(s.hold_until_s, now_s), s.locked)
            for key, s in self._states.items()
        )

    def restore(self, kept: Iterable[KeptKeyState], now_s: float) -> None:
        """Nothing that was decided before may follow."""
        for was in kept:
            if (state := self._states.get((was.domain, was.target))) is not None:
                left_s = was.hold_left_s
                state.hold_until_s = None if left_s is None else math.inf if left_s < 0 else now_s + left_s
                state.level, state.level_why, state.locked = was.level, was.level_why, was.locked
                state.epoch += 1

    @property
    def domains(self) -> list[str]:
        return sorted({domain for domain, _ in self._states})

    def claim(self, domain: str, hand: Hand, *, now_s: float) -> None:
        """Take a domain for one's own. Raises CommandError while somebody else has it."""
        owner = self.owner(domain, now_s=now_s)
        if owner is not None and owner != hand and not (hand.local and not owner.local):
            raise CommandError(f"/authority/{domain}/claim", f"{owner.who} has the {domain}", "ask them to yield")
        self._tokens[domain] = _Token(hand, now_s + TOKEN_S)

    def yield_token(self, domain: str, hand: Hand, *, now_s: float) -> None:
        """Give a domain back. Raises CommandError when it is somebody else's."""
        self.check(domain, hand, now_s=now_s)
        self._tokens.pop(domain, None)

    def check(self, domain: str, hand: Hand, *, now_s: float) -> None:
        """May this hand act on the domain? A command of the owner renews the token. Raises CommandError when it is
        somebody else's.
        """
        owner = self.owner(domain, now_s=now_s)
        if owner is None:
            return
        if owner != hand:
            raise CommandError(
                domain,
                f"{owner.who} has the {domain}",
                f"ask them to yield, or /authority/{domain}/claim at the show's own machine",
            )
        self._tokens[domain].until_s = now_s + TOKEN_S

    def owner(self, domain: str, *, now_s: float) -> Hand | None:
        """Whose token it is; None while it is free."""
        if domain not in self.domains:
            raise CommandError(domain, "no such domain", f"one of: {', '.join(self.domains)}")
        token = self._tokens.get(domain)
        return token.hand if token is not None and now_s < token.until_s else None

    def epoch(self, key: Key) -> int:
        return self._state(key).epoch

    def human(self, key: Key, *, now_s: float, lease_s: float) -> None:
        """Any hand on the domain: the automation lets go now. A hold that runs longer is not shortened."""
        self._hold_until(key, now_s + lease_s)

    def hold(self, key: Key, *, now_s: float, seconds: float | None) -> None:
        """Keep the automation off for some seconds; None: until `release`. Never shortens a hold that runs."""
        self._hold_until(key, math.inf if seconds is None else now_s + seconds)

    def release(self, key: Key, *, now_s: float) -> None:
        """End a hold. What was decided before or during it may not follow."""
        state = self._state(key)
        state.hold_until_s = None
        state.epoch += 1

    def set_level(self, key: Key, level: Level, *, now_s: float) -> None:
        """A human sets the level: the only way up, and the way out of a panic. A hold or a lock stays."""
        state = self._state(key)
        state.level, state.level_why, state.lowered = Level(level), BY_HAND, None
        state.epoch += 1

    def lock(self, key: Key) -> None:
        """Keep the automation off until a human unlocks."""
        state = self._state(key)
        state.locked = True
        state.epoch += 1

    def unlock(self, key: Key) -> None:
        state = self._state(key)
        state.locked = False
        state.epoch += 1

    def demote(self, key: Key, *, reason: str) -> None:
        """A lost sensor or low confidence: one level down. What was decided with more confidence may not follow."""
        state = self._state(key)
        if state.level is not Level.OFF:
            state.lowered = (state.level, reason)
            state.level, state.level_why = _ONE_LOWER[state.level], f"lowered: {reason}"
            state.epoch += 1

    def recover(self, key: Key, *, reason: str) -> bool:
        """What it was lowered for was only slow to come: the level is what it was, unless it was set or lowered for
        something else since. Was it?"""
        state = self._state(key)
        if state.lowered is None or state.lowered[1] != reason:
            return False
        state.level, state.level_why, state.lowered = (
            state.lowered[0],
            f"back: it was only slow to come ({reason})",
            None,
        )
        state.epoch += 1
        return True

    def panic(self, *, now_s: float) -> None:
        """Everything off at once. The picture on air is none of this table's business, so it stays."""
        for state in self._states.values():
            is_off_by_hand = state.level is Level.OFF and state.level_why == BY_HAND
            state.level, state.level_why, state.lowered = Level.OFF, BY_HAND if is_off_by_hand else PANIC, None
            state.epoch += 1

    def is_off_by_panic(self, key: Key) -> bool:
        """Is it off because of a panic, and not because a hand wants it off?"""
        state = self._state(key)
        return state.level is Level.OFF and state.level_why == PANIC

    def step(self, now_s: float, *, boundaries: Collection[Key] = ()) -> list[Key]:
        """End the holds whose lease is over and for which a natural boundary is given. Returns the keys that
        changed.
        """
        changed = []
        for key in boundaries:
            state = self._state(key)
            if state.hold_until_s is not None and now_s >= state.hold_until_s:
                state.hold_until_s = None
                state.epoch += 1
                changed.append(key)
        return changed

    def may_act(self, key: Key, epoch: int, *, now_s: float) -> bool:
        """May an automatic action that was decided in this epoch be done? The caller has waited out ARMED's veto
        time.
        """
        state = self._state(key)
        free = state.hold_until_s is None and not state.locked
        return free and state.level in (Level.ARMED, Level.AUTO) and epoch == state.epoch

    def view(self, key: Key, *, now_s: float) -> AuthorityView:
        state = self._state(key)
        until = state.hold_until_s
        left_s = 0.0 if until is None else None if math.isinf(until) else max(0.0, until - now_s)
        return AuthorityView(state.level, until is not None, left_s, state.locked, state.epoch, _why(state, left_s))

    def _hold_until(self, key: Key, until_s: float) -> None:
        state = self._state(key)
        state.hold_until_s = max(until_s, state.hold_until_s if state.hold_until_s is not None else -math.inf)
        state.epoch += 1

    def _state(self, key: Key) -> _State:
        try:
            return self._states[key]
        except KeyError:
            known = ", ".join("/".join(k) for k in self._states) or "none"
            raise CommandError("/".join(key), "no automation works on it", f"one of: {known}") from None


def _kept_hold_s(until_s: float | None, now_s: float) -> float | None:
    if until_s is None:
        return None
    return -1.0 if math.isinf(until_s) else max(0.0, until_s - now_s)


def _why(state: _State, left_s: float | None) -> str:
    if state.locked:
        return "locked by hand"
    if state.level is Level.OFF or state.hold_until_s is None:
        return f"{state.level.value}: {state.level_why}"
    if left_s is None:
        return "held until released"
    return f"held for {left_s:.1f} s" if left_s > 0 else "hold over, waiting for a natural boundary"
