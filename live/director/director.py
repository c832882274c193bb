"""The automatic director: a receding-horizon expected cost, every 0.1 s and whenever somebody begins or ends.

Each decision asks: suppose whoever speaks now goes on until the cut would land. What costs least then: to stay, to cut,
or to cut a little later inside what is known already (the lookahead of a delayed program)? The cut is proposed at once
with the time it is due, so that a human sees it coming, and the same question is asked again until then, with what has
been heard since; when the answer has changed for longer than a breath, the proposal is withdrawn. So a false start
reaches the preview and never the air.

Pure and deterministic: time comes as an argument, nothing is random. Owner: the engine's thread.
Source: the project's reference on directing (expected cost). What comes after the known part is weighed by expectation
(`cost.expected_s`), so a back-channel is ignored because it is expected to end, not only because it is waited for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from live.config.style import Style
from live.director.cost import CROP_IOU, LIVELY, Candidate, Option, Outlook, Weights, is_long, rate
from live.director.ear import Ear
from live.director.memory import Memory
from live.director.proposal import Proposal
from live.director.words import Situation, Words
from live.sound.hearing import Hearing

STEP_S = 0.1
DOUBT_S = (
    0.3  # a breath: a proposal whose reason has gone waits this long for it to come back, and can't be done meanwhile
)
AWAY, FACING = 0.6, 0.3  # how badly somebody is seen who has turned from a camera, and who has turned to one
BEAT_WAIT_S = 1.5  # a beat comes within this time, or isn't waited for
CALM_S = 0.6  # a silence that is more than a gap between words
STILL_GOOD = 0.3  # a shot no worse than this will do while music plays
LATE_S, SURE_S = 0.2, 0.6  # what is said of a style that is slower than the usual one begins there
_EPS_S = 1e-6
_JITTER_S = 0.01  # a frame that comes a little early still counts for its step


@cache
def _usual() -> Style:
    """The style that others are slower than."""
    return Style()


@dataclass(frozen=True)
class _Now:
    """The situation of one step. A change of it, time apart, calls for a decision at once."""

    on_air: str
    since_s: float
    epoch: int
    usable: tuple[Candidate, ...]
    lost: bool  # what is on air has no signal
    unfit: bool  # or is nothing to show, while something else is
    lead_s: float

    @property
    def must_go(self) -> bool:
        return self.lost or self.unfit


class Director:
    """Proposes cuts among its candidates; the earlier candidate wins a tie.

    lookahead_s: by how much the program is delayed behind the microphones; 0 for a live program. A cut that lands at
    due_s then changes what was captured lookahead_s earlier. preview_s: how long a cut shows on preview before it is
    done, unless the lookahead shows it that long already. labels: how people, and shots of nobody, are called in
    reasons. crop_iou: how alike two shots frame what they share, 0 to 1; what is too alike is no cut.
    """

    def __init__(
        self,
        candidates: Sequence[Candidate],
        style: Style,
        *,
        lookahead_s: float = 0.0,
        preview_s: float = 0.2,
        labels: Mapping[str, str] | None = None,
        crop_iou: Callable[[str, str], float] | None = None,
    ) -> None:
        self._labels = labels or {}
        self.recast(candidates)
        self._style = style
        self._lookahead_s = lookahead_s
        self._lead_s = max(0.0, preview_s - lookahead_s)
        self._crop_iou = crop_iou
        self._unsure: frozenset[str] = frozenset()  # whose voice it is isn't known yet
        self._ear = Ear(lookahead_s)
        self._memory = Memory()
        self._weights: Weights = {}
        self._views: Mapping[str, float] = {}
        self._news: Mapping[str, str] = {}
        self._silence = ""
        self._next_s = float("-inf")
        self._unfit = ""
        self._standing: Proposal | None = None
        self._sure_s = float("-inf")  # when the standing proposal was last right
        # When it first wanted to be done: waiting for a pause or a beat counts from there.
        self._wanted_s = float("-inf")

    def recast(self, candidates: Sequence[Candidate]) -> None:
        """What it may choose from is this, from now on: people have sat down elsewhere."""
        self._candidates = tuple(candidates)
        self._by_id = {c.shot: c for c in candidates}
        self.words = Words(self._labels, self._candidates)
        self._now: _Now | None = None

    @property
    def candidates(self) -> Sequence[Candidate]:
        return self._candidates

    @property
    def shots(self) -> Collection[str]:
        """Those that it may choose from."""
        return self._by_id.keys()

    def candidate(self, shot: str) -> Candidate | None:
        """What it uses a shot for, and whom it shows; None for one that it doesn't use."""
        return self._by_id.get(shot)

    @property
    def style(self) -> Style:
        """The style in use. Another one counts from the next step on, and makes a new decision."""
        return self._style

    @style.setter
    def style(self, style: Style) -> None:
        self._style = style
        self._now = None

    def step(
        self,
        now_s: float,
        *,
        hearing: Hearing,
        on_air: str,
        on_air_since_s: float,
        epoch: int,
        available: Collection[str] | None = None,
        unfit: str = "",
        lead_s: float | None = None,
        weights: Weights | None = None,
        views: Mapping[str, float] | None = None,
        news: Mapping[str, str] | None = None,
        silence: str = "",
    ) -> Proposal | None:
        """The standing proposal, or None. Call it once a frame, with time that doesn't go back.

        available: the shots that are worth cutting to, whose sources have signal (None: all), and what is on air where
        that has one. unfit: why what is on air is nothing to show, in words, while another shot is; "" where it is.
        lead_s: how long a proposal shows before it is done: the preview time when left out; the veto time when armed.
        weights: by person; views: by shot, as in Outlook. news: shots that want to be seen at once, with what there is
        to say. silence: the shot for when nobody speaks; "" for the style's own way.
        """
        self._weights, self._views = weights or {}, views or {}
        self._news, self._silence = news or {}, silence
        now = _Now(
            on_air,
            on_air_since_s,
            epoch,
            self._candidates if available is None else tuple(c for c in self._candidates if c.shot in available),
            available is not None and on_air not in available,
            bool(unfit),
            self._lead_s if lead_s is None else lead_s,
        )
        self._unfit = unfit
        old = self._standing
        meant = old is not None and old.shot == on_air and old.idiom == "reaction"
        self._memory.see(now_s, self._candidate(on_air), on_air_since_s, meant_as_reaction=meant)
        is_time = now_s >= self._next_s - _JITTER_S
        if is_time:
            self._next_s = self._next_s + STEP_S if now_s - self._next_s < STEP_S else now_s + STEP_S
        is_news = self._ear.hear(now_s, hearing)
        self._unsure = hearing.unsure
        self._memory.hear(self._ear.at(now_s).speakers)
        is_due = old is not None and now_s >= old.due_s
        if is_time or is_news or is_due or now != self._now:
            self._standing = self._decide(now_s, now, old if now == self._now else None)
        self._now = now
        return self._standing

    def _decide(self, now_s: float, now: _Now, old: Proposal | None) -> Proposal | None:
        """Is the standing proposal still right when it lands? If not, is there another one?"""
        if old is not None:
            kept = self._propose(now_s, old.decided_s, now, self._wanted_s)
            if kept is not None and kept[0].shot == old.shot:
                self._sure_s = now_s
                return replace(kept[0], decided_s=old.decided_s)
        fresh = self._propose(now_s, now_s, now, None)
        if fresh is not None:
            self._sure_s, self._wanted_s = now_s, fresh[1]
            return fresh[0]
        if old is not None and now_s - self._sure_s <= DOUBT_S + _EPS_S:
            return replace(old, due_s=max(old.due_s, now_s + STEP_S + _JITTER_S))
        return None

    def _propose(
        self, now_s: float, decided_s: float, now: _Now, wanted_s: float | None
    ) -> tuple[Proposal, float] | None:
        """The cut that costs least, and when it would land if it waited for nothing; None when to stay costs less."""
        land_s = self._soonest_s(now_s, decided_s, now)
        outlook = self._outlook(now_s, land_s, now)
        stay = outlook.stay()
        options = self._options(now_s, outlook, stay, now)
        if not options:
            return None
        best, *others = sorted(options, key=lambda o: round(o.cost, 9))  # stable: the earlier candidate wins a tie
        if not now.must_go and best.cost >= stay.cost - _EPS_S:
            return None
        second = others[0] if others else None
        soon_s = land_s + best.after_s
        # A change for its own sake is never at its best moment: it would be put off for ever.
        if best.idiom and wanted_s is not None:
            soon_s = max(land_s, min(soon_s, wanted_s))
        due_s = (
            land_s if now.must_go else self._timed_s(soon_s, best, outlook, soon_s if wanted_s is None else wanted_s)
        )
        proposal = Proposal(
            shot=best.shot.shot,
            decided_s=now_s,
            due_s=due_s,
            reason=self.words.reason(self._situation(now_s, decided_s, best, now)),
            cost=best.cost,
            runner_up=second.shot.shot if second else None,
            runner_up_cost=second.cost if second else None,
            stay_cost=stay.cost,
            epoch=now.epoch,
            terms=best.terms,
            runner_up_terms=second.terms if second else (),
            idiom=best.idiom,
        )
        return proposal, soon_s

    def _soonest_s(self, now_s: float, decided_s: float, now: _Now) -> float:
        """When a cut that was decided at decided_s may land."""
        if now.lost:
            return now_s
        if now.unfit:
            return max(now_s, decided_s + now.lead_s)
        shortest_s = self._style.min_shot_s
        if self._memory.is_reaction:
            shortest_s = max(shortest_s, self._style.reaction_s)
        return max(now_s, decided_s + now.lead_s, now.since_s + shortest_s)

    def _outlook(self, now_s: float, land_s: float, now: _Now) -> Outlook:
        """What will be known when a cut lands at land_s, if whoever speaks now goes on until then."""
        style = self._style
        marks_s = (style.overlap_s, style.silence_s)
        pictured = frozenset(c.person for c in now.usable if c.role == "close_up" and c.person)
        return Outlook(
            style,
            self._ear.between(land_s - self._lookahead_s, land_s, marks_s) if self._lookahead_s else [],
            self._ear.at(land_s),
            self._candidate(now.on_air),
            land_s - now.since_s,
            pictured,
            max(0.0, self._memory.cuts_in_a_minute - style.busy_cuts_per_min),
            max(0.0, self._ear.changes(now_s) - LIVELY),
            self._lookahead_s,
            self._memory.is_reaction,
            self._weights,
            self._views,
            self._news,
            self._silence,
            frozenset(p for c in now.usable if c.role == "group" for p in c.group) - pictured,
        )

    def _options(self, now_s: float, outlook: Outlook, stay: Option, now: _Now) -> list[Option]:
        """Every cut that could be made; one of them made worth it if an idiom is due."""
        shots = [c for c in now.usable if c.shot != now.on_air and (now.must_go or not self._is_jump(c, now))]
        options = [outlook.cut(c) for c in shots if not c.is_aside] or [outlook.cut(c) for c in shots if now.must_go]
        due = None if now.must_go else self._idiom(now_s, outlook, shots)
        if due is None:
            return options
        name, shot = due
        least = min([stay.cost, *(o.cost for o in options)])
        meant = (outlook.look(shot) if name == "reaction" else outlook.cut(shot)).worth_more(name, least)
        return [*(o for o in options if o.shot != shot), meant]

    def _is_jump(self, to: Candidate, now: _Now) -> bool:
        return self._crop_iou is not None and self._crop_iou(now.on_air, to.shot) > CROP_IOU

    def _idiom(self, now_s: float, outlook: Outlook, shots: list[Candidate]) -> tuple[str, Candidate] | None:
        """The idiom of the trade that is due, and the shot it asks for."""
        style, edge, here = outlook.style, outlook.edge, outlook.on_air
        if (aside := self._aside(outlook, shots)) is not None:
            return aside
        shots = [c for c in shots if not c.is_aside]
        if here.shot in outlook.news or (here.shot == outlook.silence and outlook.is_silent):
            return None
        if edge.music:
            good = [c for c in shots if rate(style, c, edge, frozenset()) <= STILL_GOOD]
            shot = self._memory.longest_unseen(good) if outlook.age_s >= style.music_shot_s else None
            return ("music", shot) if shot else None
        if here.role != "close_up":
            return None
        if (facing := self._turned_to(outlook, shots)) is not None:
            return "view", facing
        if self._wants_wide(now_s, style, edge.run_s) and not edge.speakers:
            wide = next((c for c in shots if c.role == "wide"), None)
            if wide is not None:
                return "establish", wide
        if self._wants_reaction(now_s, outlook):
            listeners = [
                c for c in shots if c.role == "close_up" and c.person and c.person not in edge.speakers | {here.person}
            ]
            shot = self._memory.longest_unseen(listeners)
            return ("reaction", shot) if shot else None
        return None

    def _aside(self, outlook: Outlook, shots: list[Candidate]) -> tuple[str, Candidate] | None:
        """What is shown whoever speaks, or since nobody does."""
        if outlook.on_air.shot not in outlook.news:
            if (news := next((c for c in shots if c.shot in outlook.news), None)) is not None:
                return "news", news
            if outlook.is_silent and (shot := next((c for c in shots if c.shot == outlook.silence), None)) is not None:
                return "silence", shot
        return None

    def _turned_to(self, outlook: Outlook, shots: list[Candidate]) -> Candidate | None:
        """The shot of another camera into which whoever speaks on air looks now."""
        here, views = outlook.on_air, outlook.views
        if here.person not in outlook.edge.speakers or views.get(here.shot, 0.0) < AWAY:
            return None
        same = [c for c in shots if c.role == "close_up" and c.person == here.person]
        best = min(same, key=lambda c: views.get(c.shot, 0.0), default=None)
        return best if best is not None and views.get(best.shot, 0.0) <= FACING else None

    def _wants_wide(self, now_s: float, style: Style, silent_s: float) -> bool:
        """Has the audience not seen for long where everybody is?"""
        since_s = self._memory.since_wide_s(now_s)
        has_begun = self._ear.has_heard_speech
        return 0 < style.establish_s <= since_s and (silent_s >= CALM_S or not has_begun)

    def _wants_reaction(self, now_s: float, outlook: Outlook) -> bool:
        """In a monologue or a long silence, now and then."""
        style, edge, here = outlook.style, outlook.edge, outlook.on_air
        if (
            not style.reaction_every_s
            or self._memory.is_reaction
            or outlook.keeps
            or self._memory.since_reaction_s(now_s) < style.reaction_every_s
        ):
            return False
        if edge.speakers:
            return edge.speakers == here.people and outlook.age_s >= style.reaction_after_s
        return is_long(style, edge) and here.person is not None and here.person == self._ear.last_speaker

    def _timed_s(self, due_s: float, best: Option, outlook: Outlook, wanted_s: float) -> float:
        """A cut in music waits for the beat; any other that isn't urgent waits for a pause between words. Never for
        long: wanted_s is when it first could have been done."""
        behind_s, style = self._lookahead_s, outlook.style
        if outlook.edge.music:
            return (
                self._ear.beat_after(due_s - behind_s, wanted_s - behind_s + BEAT_WAIT_S) + behind_s
                if style.on_beat
                else due_s
            )
        if len(outlook.edge.speakers) == 1 and not best.idiom:
            return due_s  # somebody has begun to speak: they are to be seen
        return self._ear.pause_after(due_s - behind_s, wanted_s - behind_s + style.word_wait_s) + behind_s

    def _candidate(self, shot: str) -> Candidate:
        """What is on air may be no candidate (a human put it there): it then shows nobody."""
        return self._by_id.get(shot) or Candidate(shot, "close_up")

    def _slow(self, now_s: float, decided_s: float, best: Option, now: _Now) -> str:
        """Why a cut to who speaks comes later than it would in most styles, where the style wants it so."""
        style, usual, moment = self._style, _usual(), self._ear.at(now_s)
        if now.must_go or best.idiom or len(moment.speakers) != 1 or not best.shot.shown(moment.speakers):
            return ""
        if style.min_shot_s > usual.min_shot_s and now.since_s + style.min_shot_s > decided_s + now.lead_s + LATE_S:
            return f"this style keeps a shot for {style.min_shot_s:g} s"
        dear = style.cut_s > usual.cut_s or style.from_wide_s > usual.from_wide_s
        return "this style waits until it is sure" if dear and moment.run_s > SURE_S else ""

    def _situation(self, now_s: float, decided_s: float, best: Option, now: _Now) -> Situation:
        memory = self._memory
        return Situation(
            self._ear.at(now_s),
            self._candidate(now.on_air),
            best.shot,
            now_s - now.since_s,
            best.idiom,
            self._ear.last_speaker,
            memory.is_reaction,
            now.lost,
            self._unfit or self._news.get(best.shot.shot, ""),
            self._slow(now_s, decided_s, best, now),
            memory.since_wide_s(now_s),
            self._unsure,
        )
