"""The automatic director: a receding-horizon expected cost, every 0.1 s.

Each decision asks: suppose whoever speaks now goes on until the cut would land. What costs least then: to stay, to cut, or to
cut a little later inside what is known already (the lookahead of a delayed program)? Only when cutting at that very moment costs
least is it proposed. The same question is asked again until the cut is done, with what has been heard since; when the answer has
changed for longer than a breath, the proposal is withdrawn. So a false start reaches the preview and never the air.

Pure and deterministic: time comes as an argument, nothing is random. Owner: the engine's thread.
Source: the project's reference on directing (expected cost). What comes after the known part is weighed by expectation
(`cost.expected_s`), so a back-channel is ignored because it is expected to end, not only because it is waited for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from live.config.rig import DirectorConfig
from live.director.cost import Candidate, Outlook, Taste
from live.director.ear import Ear

STEP_S = 0.1
DOUBT_S = 0.3  # a breath: a proposal whose reason has gone waits this long for it to come back, and can't be done meanwhile
_EPS_S = 1e-6
_JITTER_S = 0.01  # a frame that comes a little early still counts for its step


@dataclass(frozen=True)
class Proposal:
    """What the director wants to do next. Times on the clock of `step`; costs in seconds of showing the wrong person.

    The same proposal keeps shot, decided_s and epoch while it stands, and due_s too unless it comes into doubt, which puts it off;
    its reason and costs are brought up to date.
    terms: the parts of `cost`, by name. epoch: that of the authority over the cuts when it was decided.
    """

    shot: str
    decided_s: float
    due_s: float
    reason: str
    cost: float
    runner_up: str | None
    runner_up_cost: float | None
    stay_cost: float
    epoch: int
    terms: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class _Now:
    """The situation of one step. A change of it, time apart, calls for a decision at once."""

    on_air: str
    since_s: float
    epoch: int
    usable: tuple[Candidate, ...]
    lost: bool  # what is on air has no signal
    lead_s: float


class Director:
    """Proposes cuts among its candidates; the earlier candidate wins a tie.

    lookahead_s: by how much the program is delayed behind the microphones; 0 for a live program. A cut that lands at due_s then
    changes what was captured lookahead_s earlier. labels: how people are called in reasons.
    """

    def __init__(
        self,
        candidates: Sequence[Candidate],
        config: DirectorConfig,
        *,
        lookahead_s: float = 0.0,
        labels: Mapping[str, str] | None = None,
        taste: Taste | None = None,
    ) -> None:
        self._candidates = tuple(candidates)
        self._config = config
        self._lookahead_s = lookahead_s
        self._labels = dict(labels or {})
        self._taste = taste or Taste()
        self._ear = Ear(lookahead_s)
        self._next_s = float("-inf")
        self._now: _Now | None = None
        self._standing: Proposal | None = None
        self._sure_s = float("-inf")  # when the standing proposal was last right

    def step(
        self,
        now_s: float,
        *,
        speaking: Mapping[str, bool],
        on_air: str,
        on_air_since_s: float,
        epoch: int,
        available: Collection[str] | None = None,
        lead_s: float | None = None,
    ) -> Proposal | None:
        """The standing proposal, or None. Call it once a frame, with time that doesn't go back.

        speaking: by person. available: the shots whose sources have signal (None: all). lead_s: how long a proposal shows before
        it is done: the preview time when left out; the veto time when armed.
        """
        now = _Now(
            on_air,
            on_air_since_s,
            epoch,
            tuple(c for c in self._candidates if available is None or c.shot in available),
            available is not None and on_air not in available,
            self._config.preview_s if lead_s is None else lead_s,
        )
        is_time = now_s >= self._next_s - _JITTER_S
        if is_time:
            self._next_s = self._next_s + STEP_S if now_s - self._next_s < STEP_S else now_s + STEP_S
            self._ear.hear(now_s, frozenset(person for person, is_on in speaking.items() if is_on))
        if is_time or now != self._now:
            self._standing = self._decide(now_s, now, self._still(now))
        self._now = now
        return self._standing

    def _still(self, now: _Now) -> Proposal | None:
        """The standing proposal, if it was made for this very situation."""
        return self._standing if now == self._now else None

    def _decide(self, now_s: float, now: _Now, old: Proposal | None) -> Proposal | None:
        """Is the standing proposal still right when it lands? If not, is there another one?"""
        due_s = now_s if now.lost else max(now_s + now.lead_s, now.since_s + self._config.min_shot_s)
        if old is not None:
            kept = self._propose(max(now_s, old.due_s), now)
            if kept is not None and kept.shot == old.shot:
                self._sure_s = now_s
                return replace(kept, decided_s=old.decided_s, due_s=old.due_s, reason=self._reason(now_s, kept.shot, now))
        fresh = self._propose(due_s, now)
        if fresh is not None:
            self._sure_s = now_s
            return replace(fresh, decided_s=now_s, reason=self._reason(now_s, fresh.shot, now))
        if old is not None and now_s - self._sure_s <= DOUBT_S + _EPS_S:
            return replace(old, due_s=max(old.due_s, now_s + STEP_S + _JITTER_S))
        return None

    def _propose(self, land_s: float, now: _Now) -> Proposal | None:
        """The cut that costs least if it lands at land_s, unless to stay or to wait costs less."""
        outlook = self._outlook(land_s, now)
        options = [outlook.cut(self._taste, c) for c in now.usable if c.shot != now.on_air]
        if not options:
            return None
        stay_cost = outlook.stay(self._taste).cost
        best, *others = sorted(options, key=lambda o: round(o.cost, 9))  # stable: the earlier candidate wins a tie
        if not now.lost and (best.after_s > 0 or best.cost >= stay_cost - _EPS_S):
            return None
        second = others[0] if others else None
        return Proposal(
            shot=best.shot.shot,
            decided_s=land_s,
            due_s=land_s,
            reason="",
            cost=best.cost,
            runner_up=second.shot.shot if second else None,
            runner_up_cost=second.cost if second else None,
            stay_cost=stay_cost,
            epoch=now.epoch,
            terms=best.terms,
        )

    def _outlook(self, land_s: float, now: _Now) -> Outlook:
        """What will be known when a cut lands at land_s, if whoever speaks now goes on until then."""
        count = round(self._lookahead_s / STEP_S)
        start_s = land_s - count * STEP_S
        return Outlook(
            [self._ear.at(start_s + (i + 0.5) * STEP_S) for i in range(count)],
            self._ear.at(land_s),
            STEP_S,
            self._candidate(now.on_air),
            land_s - now.since_s,
            self._config.max_shot_s,
            frozenset(c.person for c in now.usable if c.role == "close_up" and c.person),
        )

    def _candidate(self, shot: str) -> Candidate:
        """What is on air may be no candidate (a human put it there): it then shows nobody."""
        return next((c for c in self._candidates if c.shot == shot), Candidate(shot, "close_up", None))

    def _reason(self, now_s: float, to: str, now: _Now) -> str:
        """One line for a human: what is the case, and what it leads to."""
        moment, shot = self._ear.at(now_s), self._candidate(to)
        goal = "wide" if shot.role == "wide" else f"{self._name(shot.person)} in close-up"
        here = self._candidate(now.on_air)
        age_s = now_s - now.since_s
        if now.lost:
            return f"no signal on {self._on_air_name(here)}: {goal}"
        if len(moment.speakers) == 1:
            (speaker,) = moment.speakers
            if shot.person == speaker and here.person != speaker:
                return f"{self._name(speaker)} has been speaking for {moment.run_s:.1f} s; we are on {self._on_air_name(here)}"
            if age_s > self._config.max_shot_s:
                return f"{self._on_air_name(here)} has been on air for {age_s:.0f} s: {goal}"
            return f"{self._name(speaker)} speaks: {goal}"
        if moment.speakers:
            names = sorted(self._name(p) for p in moment.speakers)
            who = f"{' and '.join(names)} both speak" if len(names) == 2 else f"{len(names)} people speak"
            return f"{who}: {goal}"
        if shot.person is not None and shot.person == self._ear.last_speaker:
            return f"{self._name(shot.person)} spoke last; we are on {self._on_air_name(here)}"
        return f"nobody speaks for {moment.run_s:.1f} s: {goal}"

    def _name(self, person: str | None) -> str:
        return self._labels.get(person, person) if person else "somebody"

    def _on_air_name(self, shot: Candidate) -> str:
        if shot.role == "wide":
            return "the wide shot"
        return self._name(shot.person) if shot.person else shot.shot
