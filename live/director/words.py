"""The director's reasons, for people: one line, no numbers but seconds, nothing that needs an explanation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from live.director.cost import Candidate, Moment
from live.director.proposal import Proposal

CLOSE_S = 0.3  # two choices that differ by less are as good as each other


@dataclass(frozen=True)
class Situation:
    """What a reason speaks of. age_s: of the shot on air. unfit: why that is nothing to show. slow: why the cut comes
    late, where the style wants it so. since_wide_s: since the wide shot was last on air; infinite: never. unsure: those
    whose microphones may hear each other's voice."""

    moment: Moment
    here: Candidate
    to: Candidate
    age_s: float
    idiom: str
    last_speaker: str | None
    is_reaction: bool
    lost: bool
    unfit: str
    slow: str
    since_wide_s: float
    unsure: frozenset[str] = frozenset()


class Words:
    """labels: how people, and shots of nobody, are called."""

    def __init__(self, labels: Mapping[str, str], candidates: Iterable[Candidate]) -> None:
        self._labels = dict(labels)
        known = list(candidates)
        alone = [c.person for c in known if c.role == "close_up"]
        self._several = {person for person in alone if alone.count(person) > 1}  # who have several close-ups
        self.shots = {c.shot: self.shot(c) for c in known}
        self._pictured = {c.person for c in known if c.role == "close_up"}

    def shot(self, candidate: Candidate) -> str:
        """A shot, within a sentence."""
        if candidate.role == "wide":
            return "the wide shot"
        if candidate.role == "group":
            return f"the shot of {_and(sorted(self.name(p) for p in candidate.group))}"
        if candidate.person in self._several:
            return f"{self.name(candidate.person)} ({self.name(candidate.shot)})"
        return self.name(candidate.person or candidate.shot)

    def name(self, person: str | None) -> str:
        return self._labels.get(person, person) if person else "somebody"

    def reason(self, s: Situation) -> str:
        """Why s.to should follow s.here."""
        to, here = self.shot(s.to), self.shot(s.here)
        if s.lost:
            return f"no signal from {here}, so {to}"
        if s.unfit:
            return f"{s.unfit}, so {to}"
        if s.idiom:
            return self._idiom(s, to, here)
        if len(s.moment.speakers) == 1:
            return self._one_speaks(s, to, here)
        doubt = " (or one of them, whom the others' microphones hear too)" if s.moment.speakers & s.unsure else ""
        names = sorted(self.name(p) for p in s.moment.speakers)
        if names:
            who = (
                f"{_and(names)} have {'both' if len(names) == 2 else 'all'} been speaking for "
                f"{_seconds(s.moment.run_s)}"
            )
            return f"{who}{doubt}, so {to}"
        if s.last_speaker is not None and s.last_speaker in s.to.people and s.last_speaker not in s.here.people:
            return f"{self.name(s.last_speaker)} spoke last and we are on {here}"
        if s.moment.music:
            return f"music plays, so {to}"
        return f"nobody has spoken for {_seconds(s.moment.run_s)}, so {to}"

    def _one_speaks(self, s: Situation, to: str, here: str) -> str:
        (speaker,) = s.moment.speakers
        name = self.name(speaker)
        if s.is_reaction and s.to.person == speaker:
            return f"back to {name}, who is still speaking, after a look at {here}"
        if speaker in s.here.people and s.here.role == "close_up":
            return f"{name} is speaking, so {to}"
        ago = (
            f"{name} has been speaking for {_seconds(s.moment.run_s)}"
            if s.moment.run_s >= 0.1
            else f"{name} begins to speak"
        )
        if speaker in s.to.people:
            return f"{ago} and we are on {here}{f': {s.slow}' if s.slow else ''}"
        if speaker in self._pictured:
            return f"{ago}, too short to be sure that they go on, so {to}"
        return f"{ago} and has no shot of their own, so {to}"

    def _idiom(self, s: Situation, to: str, here: str) -> str:
        if s.idiom == "establish":
            return (
                f"the show opens on {to}"
                if s.since_wide_s == float("inf")
                else f"no wide shot for {_minutes(s.since_wide_s)}, so {to}"
            )
        if s.idiom == "silence":
            return f"nobody has spoken for {_seconds(s.moment.run_s)}, so {to}"
        if s.idiom == "view":
            return f"{self.name(s.here.person)} has turned away from {self.name(s.here.shot)}, so {to}"
        if s.idiom == "music":
            return f"{here[0].upper()}{here[1:]} has been on for {_seconds(s.age_s)} of music, so {to}"
        if s.idiom == "reaction":
            if s.moment.speakers:
                return f"{here} has been on for {_seconds(s.age_s)}, so a look at {to} listening"
            return f"nobody has spoken for {_seconds(s.moment.run_s)}, so a look at how {to} takes it"
        return f"{here} has been on for {_seconds(s.age_s)}, so {to} for a change"


def why(proposal: Proposal, names: Mapping[str, str]) -> str:
    """One line: the reason, and which other shot it might have been. names: how the shots are called within a
    sentence."""
    if proposal.runner_up is None or proposal.runner_up_cost is None:
        return proposal.reason
    second = names.get(proposal.runner_up, proposal.runner_up)
    if proposal.runner_up_cost - proposal.cost < CLOSE_S:
        return f"{proposal.reason}; {second} was nearly as good"
    return f"{proposal.reason}; {second} was the second choice"


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _seconds(s: float) -> str:
    return f"{s:.1f} s" if s < 10 else f"{s:.0f} s" if s < 120 else _minutes(s)


def _minutes(s: float) -> str:
    minutes = round(s / 60)
    return f"{s:.0f} s" if s < 90 else f"{minutes} minutes"
