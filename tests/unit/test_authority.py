"""Authority: the table, and the promises that hold in every order of events."""

from __future__ import annotations

import math

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from live.base.errors import CommandError
from live.director.authority import Authority, Level

CUTS, CAM1, LOWER = ("cuts", "program"), ("framing", "cam1"), ("graphics", "lower")
KEYS = (CUTS, CAM1, LOWER)
RANK = {Level.OFF: 0, Level.SUGGEST: 1, Level.ARMED: 2, Level.AUTO: 3}


@pytest.fixture
def authority() -> Authority:
    return Authority({CUTS: Level.AUTO, CAM1: Level.AUTO, LOWER: Level.SUGGEST})


def test_levels_are_their_words() -> None:
    assert [Level(word).value for word in ("off", "suggest", "armed", "auto")] == ["off", "suggest", "armed", "auto"]
    assert Authority({CUTS: "auto"}).view(CUTS, now_s=0).level is Level.AUTO  # type: ignore[dict-item]


@pytest.mark.parametrize(("level", "may"), [("off", False), ("suggest", False), ("armed", True), ("auto", True)])
def test_which_levels_act(level: str, may: bool) -> None:
    authority = Authority({CUTS: Level(level)})
    assert authority.may_act(CUTS, authority.epoch(CUTS), now_s=0) is may


def test_a_hand_makes_an_action_in_flight_stale(authority: Authority) -> None:
    decided_in = authority.epoch(CUTS)
    authority.human(CUTS, now_s=10, lease_s=5)
    authority.step(15, boundaries=[CUTS])
    assert not authority.may_act(CUTS, decided_in, now_s=20)
    assert authority.may_act(CUTS, authority.epoch(CUTS), now_s=20)
    assert authority.may_act(CAM1, authority.epoch(CAM1), now_s=10), "a hand on the cuts leaves the framing alone"


def test_hold_waits_for_its_lease_and_then_for_a_boundary(authority: Authority) -> None:
    authority.human(CUTS, now_s=10, lease_s=5)
    assert authority.step(14.9, boundaries=[CUTS]) == []
    assert authority.step(30) == [], "no boundary"
    assert authority.view(CUTS, now_s=30).why == "hold over, waiting for a natural boundary"
    assert authority.step(30.1, boundaries=[CUTS]) == [CUTS]
    assert not authority.view(CUTS, now_s=30.1).held


def test_a_longer_hold_is_not_shortened(authority: Authority) -> None:
    authority.hold(CUTS, now_s=0, seconds=60)
    authority.human(CUTS, now_s=1, lease_s=5)
    assert authority.view(CUTS, now_s=1).hold_left_s == 59
    authority.hold(CUTS, now_s=2, seconds=None)
    authority.human(CUTS, now_s=3, lease_s=5)
    assert authority.view(CUTS, now_s=3).hold_left_s is None
    assert authority.step(1e9, boundaries=[CUTS]) == []
    authority.release(CUTS, now_s=1e9)
    assert authority.may_act(CUTS, authority.epoch(CUTS), now_s=1e9)


def test_release_outdates_what_was_decided_during_the_hold(authority: Authority) -> None:
    authority.hold(CUTS, now_s=0, seconds=None)
    decided_in = authority.epoch(CUTS)
    authority.release(CUTS, now_s=3)
    assert not authority.may_act(CUTS, decided_in, now_s=3)


def test_lock_outlives_everything_but_unlock(authority: Authority) -> None:
    authority.lock(CUTS)
    authority.release(CUTS, now_s=1)
    authority.set_level(CUTS, Level.AUTO, now_s=2)
    authority.step(1e9, boundaries=[CUTS])
    assert not authority.may_act(CUTS, authority.epoch(CUTS), now_s=1e9)
    authority.unlock(CUTS)
    assert authority.may_act(CUTS, authority.epoch(CUTS), now_s=1e9)


def test_a_lost_sensor_lowers_by_one_and_says_why(authority: Authority) -> None:
    seen = []
    for _ in range(4):
        authority.demote(CAM1, reason="no faces for 5 s")
        seen.append(authority.view(CAM1, now_s=0).level.value)
    assert seen == ["armed", "suggest", "off", "off"]
    assert authority.view(CAM1, now_s=0).why == "off: lowered: no faces for 5 s"


def test_panic_is_every_key_and_a_level_ends_it_for_one(authority: Authority) -> None:
    before = {key: authority.epoch(key) for key in KEYS}
    authority.panic(now_s=5)
    for key in KEYS:
        assert authority.view(key, now_s=5).level is Level.OFF
        assert authority.epoch(key) > before[key]
    authority.set_level(CUTS, Level.AUTO, now_s=6)
    assert authority.may_act(CUTS, authority.epoch(CUTS), now_s=6)
    assert not authority.may_act(CAM1, authority.epoch(CAM1), now_s=6)


def test_views_say_why_in_a_line(authority: Authority) -> None:
    assert authority.view(CUTS, now_s=0).why == "auto: as the rig says"
    authority.hold(CUTS, now_s=0, seconds=4)
    assert authority.view(CUTS, now_s=0.8).why == "held for 3.2 s"
    authority.hold(CUTS, now_s=1, seconds=None)
    assert authority.view(CUTS, now_s=1).why == "held until released"
    authority.lock(CUTS)
    assert authority.view(CUTS, now_s=1).why == "locked by hand"


def test_an_unknown_key_is_named(authority: Authority) -> None:
    with pytest.raises(CommandError, match="framing/cam9"):
        authority.human(("framing", "cam9"), now_s=0, lease_s=1)


class AuthorityPromises(RuleBasedStateMachine):
    """Any order of hands, holds, lost sensors and panics; automatic actions decided at any time and tried at any later
    one."""

    keys = st.sampled_from(KEYS)

    @initialize(levels=st.lists(st.sampled_from(Level), min_size=3, max_size=3))
    def begin(self, levels: list[Level]) -> None:
        self.authority = Authority(dict(zip(KEYS, levels, strict=True)))
        self.now_s = 0.0
        self.level = dict(zip(KEYS, levels, strict=True))  # the highest a human, or the rig, has allowed
        self.decided: dict[tuple[str, str], list[int]] = {key: [] for key in KEYS}  # epochs of actions in flight
        self.stale: dict[tuple[str, str], set[int]] = {key: set() for key in KEYS}  # those that a hand came after
        self.free_from_s = dict.fromkeys(KEYS, -math.inf)  # no automatic action before
        self.locked = dict.fromkeys(KEYS, False)
        self.panicked = dict.fromkeys(KEYS, False)

    def _hand(self, key: tuple[str, str]) -> None:
        self.stale[key].update(self.decided[key])

    @rule(dt_s=st.floats(0, 20), boundaries=st.sets(keys))
    def time_goes_by(self, dt_s: float, boundaries: set[tuple[str, str]]) -> None:
        self.now_s += dt_s
        held = {key for key in KEYS if self.authority.view(key, now_s=self.now_s).held}
        changed = self.authority.step(self.now_s, boundaries=sorted(boundaries))
        assert set(changed) == {key for key in held & boundaries if self.now_s >= self.free_from_s[key]}

    @rule(key=keys)
    def decide(self, key: tuple[str, str]) -> None:
        self.decided[key].append(self.authority.epoch(key))

    @rule(key=keys, lease_s=st.floats(0, 30))
    def hand(self, key: tuple[str, str], lease_s: float) -> None:
        self._hand(key)
        self.authority.human(key, now_s=self.now_s, lease_s=lease_s)
        self.free_from_s[key] = max(self.free_from_s[key], self.now_s + lease_s)

    @rule(key=keys, seconds=st.none() | st.floats(0, 30))
    def hold(self, key: tuple[str, str], seconds: float | None) -> None:
        self._hand(key)
        self.authority.hold(key, now_s=self.now_s, seconds=seconds)
        self.free_from_s[key] = max(self.free_from_s[key], math.inf if seconds is None else self.now_s + seconds)

    @rule(key=keys)
    def release(self, key: tuple[str, str]) -> None:
        self._hand(key)
        self.authority.release(key, now_s=self.now_s)
        self.free_from_s[key] = -math.inf

    @rule(key=keys, level=st.sampled_from(Level))
    def set_level(self, key: tuple[str, str], level: Level) -> None:
        self._hand(key)
        self.authority.set_level(key, level, now_s=self.now_s)
        self.level[key], self.panicked[key] = level, False

    @rule(key=keys, on=st.booleans())
    def lock(self, key: tuple[str, str], on: bool) -> None:
        self._hand(key)
        (self.authority.lock if on else self.authority.unlock)(key)
        self.locked[key] = on

    @rule(key=keys)
    def lose_a_sensor(self, key: tuple[str, str]) -> None:
        before = self.authority.view(key, now_s=self.now_s).level
        self.authority.demote(key, reason="no signal")
        self.level[key] = self.authority.view(key, now_s=self.now_s).level
        assert RANK[self.level[key]] == max(0, RANK[before] - 1)

    @precondition(lambda self: self.now_s > 0)
    @rule()
    def panic(self) -> None:
        for key in KEYS:
            self._hand(key)
            self.panicked[key], self.level[key] = True, Level.OFF
        self.authority.panic(now_s=self.now_s)

    @invariant()
    def no_old_action_follows_a_hand(self) -> None:
        for key in KEYS:
            for epoch in self.stale[key]:
                assert not self.authority.may_act(key, epoch, now_s=self.now_s)

    @invariant()
    def nothing_acts_while_held_locked_or_panicked(self) -> None:
        for key in KEYS:
            if self.now_s < self.free_from_s[key] or self.locked[key] or self.panicked[key]:
                assert not self.authority.may_act(key, self.authority.epoch(key), now_s=self.now_s)

    @invariant()
    def only_a_human_raises_a_level(self) -> None:
        for key in KEYS:
            assert self.authority.view(key, now_s=self.now_s).level is self.level[key]

    @invariant()
    def a_free_automation_may_act(self) -> None:
        """The other side of the promise: authority that never lets go would pass everything above."""
        for key in KEYS:
            view = self.authority.view(key, now_s=self.now_s)
            if not view.held and not view.locked and view.level in (Level.ARMED, Level.AUTO):
                assert self.authority.may_act(key, view.epoch, now_s=self.now_s)


AuthorityPromises.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
test_promises = AuthorityPromises.TestCase
