"""What a shot costs while people speak: a style's numbers, applied.

Costs are seconds of showing somebody who isn't speaking while another speaks. The rates (cost per second) come from the
project's reference on directing; the prices of a cut, and where the idioms begin, are the style's (live.config.style).
The idioms of the trade are cost terms too, so that they weigh against each other instead of fighting.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from live.config.style import LONGEST_TURN_S, Style


@dataclass(frozen=True)
class Candidate:
    """A shot that the director may use, and whom it shows. shot: its id on the bus.

    wide: everybody but those it lacks, people left empty. group: the people it shows, two or more (a two-shot).
    close_up: one person. slides, audience, cutaway: shown when there is a reason for it, whoever is seen there (group).
    """

    shot: str
    role: Literal["wide", "group", "close_up", "slides", "audience", "cutaway"]
    person: str | None = None
    group: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()

    def shown(self, people: frozenset[str]) -> frozenset[str]:
        """Those of these people whom it shows."""
        return people - self.lacks if self.role == "wide" else people & self.people

    @cached_property
    def people(self) -> frozenset[str]:
        """Whom it shows; of the wide shot: nobody in particular."""
        return frozenset((self.person,)) if self.person else self.group

    @property
    def is_aside(self) -> bool:
        """Is it never shown for who speaks?"""
        return self.role in ("slides", "cutaway") or (self.role == "audience" and not self.group)

    @cached_property
    def looseness(self) -> float:
        """How far from a close-up it is: 0, of a two-shot .5, of three .75, of the wide shot 1."""
        if self.role == "wide" or self.is_aside:
            return 1.0
        return 0.0 if self.role == "close_up" else 1.0 - 0.5 ** (len(self.group) - 1)


@dataclass(frozen=True)
class Moment:
    """Who speaks at one instant. run_s: for how long (of a sole speaker: since their turn began; else since just these
    spoke).

    While music plays nobody counts as speaking: who sings is not who should be on air.
    """

    speakers: frozenset[str]
    run_s: float
    music: bool = False


Curve = tuple[tuple[float, ...], tuple[float, ...]]

# Expected time in the next 5 s that goes on as it is, by how long it has been so. They began as what was measured on
# AMI (SOLE: 170 meetings [reference]; the others: the train split) and were then fitted on the train split for what the
# director makes of them (benchmarks/directing.md). They never fall: else the wide shot would hold whoever it held long
# enough.
SOLE: Curve = ((0.0, 0.2, 0.5, 1.0), (1.3, 2.1, 3.3, LONGEST_TURN_S))
OVERLAP: Curve = ((0.0, 0.5, 1.5, 3.0, 4.0, 5.0), (1.3, 1.45, 1.55, 1.75, 2.1, 2.5))
SILENCE: Curve = ((0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0), (1.65, 1.75, 2.3, 2.65, 2.85, 3.1, 3.4, 3.75))
MUSIC_S = 4.0  # a piece goes on
JUST_S = 0.05  # what an idiom is worth: so much more than to leave things as they are
LIVELY = 3.2  # changes of the floor in the last seconds: from here on an exchange is lively
FULL_PRICE_S = 0.5  # lookahead with which a cut is decided knowing enough to ask its full price
LIVE_PRICE = 0.85  # of it, for a live program: to wait for more to be heard is paid in latency
VIEW = 0.3  # how bad a close-up is from the side, where another camera has them from the front
CROP_IOU = 0.4  # two crops of one source that are as alike as this make a jump, not a cut [reference]


def along(curve: Curve, x: float) -> float:
    """The curve at x, linear between its points, level beyond them."""
    xs, ys = curve
    i = bisect_right(xs, x)
    if i == 0 or i == len(xs):
        return ys[max(0, i - 1)]
    return ys[i - 1] + (ys[i] - ys[i - 1]) * (x - xs[i - 1]) / (xs[i] - xs[i - 1])


def expected_s(moment: Moment) -> float:
    """For how much of the next seconds it will go on as it is."""
    if moment.music:
        return MUSIC_S
    return along((SILENCE, SOLE, OVERLAP)[min(2, len(moment.speakers))], moment.run_s)


def is_long(style: Style, moment: Moment) -> bool:
    """Do several speak, or nobody, for so long that the idioms say wide?"""
    count = len(moment.speakers)
    return not moment.music and count != 1 and moment.run_s >= (style.overlap_s if count else style.silence_s) - 1e-6


_LEAST_WEIGHT = 0.1

Weights = Mapping[str, float]  # by person, how much it counts that they are seen while they speak; 1 where left out


def rate(
    style: Style,
    shot: Candidate,
    moment: Moment,
    pictured: Set[str],
    weights: Weights | None = None,
    grouped: Set[str] = frozenset(),
) -> float:
    """Cost per second of this shot at this moment. pictured: the people who have a close-up that can be had. grouped:
    those who have none, but a shot of some."""
    if moment.music:
        return (1 - shot.looseness) * style.close_up_in_music
    if not moment.speakers:
        return _rate_of_silence(style, shot, moment)
    weight = {person: (weights or {}).get(person, 1.0) for person in moment.speakers}
    if len(weight) == 1:
        return _rate_of_one(style, shot, moment.speakers, pictured, grouped) * sum(weight.values())
    return _rate_of_several(style, shot, moment, weight)


def _rate_of_one(
    style: Style, shot: Candidate, speaker: frozenset[str], pictured: Set[str], grouped: Set[str]
) -> float:
    """The tightest shot of them that can be had costs nothing."""
    if not shot.shown(speaker):
        return 1.0
    if speaker <= pictured:
        return shot.looseness * style.wide_for_one
    return style.wide_for_one if speaker <= grouped and shot.role == "wide" else 0.0


def _rate_of_several(style: Style, shot: Candidate, moment: Moment, weight: Weights) -> float:
    shown = shot.shown(moment.speakers)
    if shown == moment.speakers:
        return shot.looseness * style.wide_for_several
    if not shown:
        return max(weight.values())
    one = (
        _long_rate(style, style.wide_for_several, OVERLAP, style.overlap_s)
        if is_long(style, moment)
        else style.close_up_for_several
    )
    missing, there = (sum(weight[p] for p in people) for people in (moment.speakers - shown, shown))
    return one * (missing / len(moment.speakers - shown)) / max(there / len(shown), _LEAST_WEIGHT)


def _rate_of_silence(style: Style, shot: Candidate, moment: Moment) -> float:
    if shot.role == "wide" or shot.is_aside:
        return style.wide_for_nobody
    close_up = style.close_up_for_nobody
    if is_long(style, moment):
        close_up = _long_rate(style, style.wide_for_nobody, SILENCE, style.silence_s)
    return close_up + shot.looseness * (style.wide_for_nobody - close_up)


def _long_rate(style: Style, wide: float, curve: Curve, after_s: float) -> float:
    """So bad that, from after_s on, to open to the wide shot costs less than to stay; whatever the prices are."""
    return max(style.close_up_for_nobody, wide + (style.to_wide_s + 2 * JUST_S) / along(curve, after_s))


def wide_absorbs(style: Style) -> bool:
    """The trap: when to leave the wide shot costs more than can ever be gained by it, the director never leaves it."""
    return style.from_wide_s >= style.wide_for_one * LONGEST_TURN_S


@dataclass(frozen=True)
class Option:
    """To be on `shot` from `after_s` into the known part on. cost is the sum of its terms, each of them in seconds."""

    shot: Candidate
    after_s: float
    terms: tuple[tuple[str, float], ...]
    idiom: str = ""  # the idiom that speaks for it, if one does

    @property
    def cost(self) -> float:
        return sum(value for _, value in self.terms)

    def worth_more(self, name: str, stay_cost: float) -> Option:
        """The same, made just worth it by an idiom that is due."""
        gap_s = self.cost - stay_cost + JUST_S
        return (
            replace(self, terms=(*self.terms, (name, -gap_s)), idiom=name) if gap_s > 0 else replace(self, idiom=name)
        )


@dataclass(frozen=True)
class Outlook:
    """What a decision looks at: the known stretches (moment, seconds), the moment they lead to, and the shot on air.

    age_s: of the shot on air when a cut would land. busy: cuts in the last minute beyond the style's. lively: changes
    of the floor lately, beyond LIVELY. is_reaction: what is on air is a look at a listener, which is cheap to leave.
    """

    style: Style
    known: Sequence[tuple[Moment, float]]
    edge: Moment
    on_air: Candidate
    age_s: float
    pictured: frozenset[str]
    busy: float = 0.0
    lively: float = 0.0
    lookahead_s: float = FULL_PRICE_S
    is_reaction: bool = False
    weights: Weights = field(default_factory=dict)
    # By shot, how badly its person is seen, against the camera that sees them best: 0 to 1.
    views: Mapping[str, float] = field(default_factory=dict)
    news: Collection[str] = ()  # shots of which there is news: nothing is better to be on
    silence: str = ""  # the shot for when nobody speaks
    grouped: frozenset[str] = frozenset()  # the people whose tightest shot shows some

    @property
    def is_silent(self) -> bool:
        """Has nobody spoken for so long that the shot for it is due?"""
        return not self.edge.speakers and not self.edge.music and is_long(self.style, self.edge)

    @property
    def keeps(self) -> bool:
        """Does somebody speak, on air alone, who counts more than others?"""
        person = self.on_air.person
        return person is not None and person in self.edge.speakers and self.weights.get(person, 1.0) > 1

    def stay(self) -> Option:
        """Not to cut."""
        known = sum(self._rate(self.on_air, m) * seconds for m, seconds in self.known)
        return Option(self.on_air, 0.0, (("known", known), ("expected", self._tail(self.on_air))))

    def cut(self, to: Candidate) -> Option:
        """To cut to `to`, at the best moment of the known part; the earliest of equals."""
        cost = sum(self._rate(to, m) * seconds for m, seconds in self.known)
        best, after_s, t_s = cost, 0.0, 0.0
        for moment, seconds in self.known:
            t_s += seconds
            cost += (self._rate(self.on_air, moment) - self._rate(to, moment)) * seconds
            if cost < best - 1e-9:
                best, after_s = cost, t_s
        terms = [("known", best), ("expected", self._tail(to)), ("cut", self._price(to))]
        if self.on_air.role == to.role and self.on_air.people == to.people:
            terms.append(("same subject", self.style.same_subject_s))
        if self.busy > 0:
            terms.append(("many cuts", self.busy * self.style.busy_s))
        idiom = ""
        if self._is_relief(to) and (worth := self.style.change * self._overage() * expected_s(self.edge)):
            terms.append(("old shot", -worth))
            idiom = "old shot"
        return Option(to, after_s, tuple(terms), idiom)

    def look(self, to: Candidate) -> Option:
        """A look at somebody who listens. It is meant, so it is not the wrong person."""
        return Option(to, 0.0, (("known", self.stay().terms[0][1]), ("cut", self._price(to))))

    def _rate(self, shot: Candidate, moment: Moment) -> float:
        silent = not moment.speakers and is_long(self.style, moment)
        if shot.shot in self.news or (silent and shot.shot == self.silence):
            return 0.0
        cost = rate(self.style, shot, moment, self.pictured, self.weights, self.grouped)
        return cost if moment.music else cost + VIEW * self.views.get(shot.shot, 0.0)

    def _tail(self, shot: Candidate) -> float:
        return self._rate(shot, self.edge) * expected_s(self.edge)

    def _is_relief(self, to: Candidate) -> bool:
        """A change for its own sake, while the person on air speaks on. Never to somebody else: that would be to any
        back-channel."""
        if self.edge.music or self.keeps or self.on_air.role != "close_up" or self.edge.speakers != self.on_air.people:
            return False
        return to.shown(self.edge.speakers) == self.edge.speakers

    def _overage(self) -> float:
        """How far beyond the soft maximum the shot on air is, in maxima."""
        return max(0.0, self.age_s / self.style.max_shot_s - 1)

    def _price(self, to: Candidate) -> float:
        """Lambda."""
        style = self.style
        if self.is_reaction:
            return style.from_wide_s
        if self.on_air.role != "close_up":
            return self.on_air.looseness * style.from_wide_s
        asked = LIVE_PRICE + (1 - LIVE_PRICE) * min(1.0, self.lookahead_s / FULL_PRICE_S)
        if self.keeps and to.people != self.on_air.people:
            asked *= self.weights[self.on_air.person or ""]
        if to.role == "close_up" or (to.role == "group" and len(self.edge.speakers) < 2):
            return asked * style.cut_s  # a two-shot is no refuge while it is unsure who goes on
        if to.role == "group":
            return asked * style.to_wide_s
        return asked * max(0.0, style.to_wide_s - style.hedge_s * self.lively)
