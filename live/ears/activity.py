"""Who speaks, from what each microphone gives: its level, and the probability that it is speech.

A microphone opens when it is speech for a moment, well above that microphone's own noise, and when no other microphone
hears the same voice as its own (bleed). It closes after a pause longer than those between words. Without probabilities
(no model) the level alone decides, and what is loud is a voice.

What begins loud and isn't speech for as long as the model needs to know a word is a noise: the voice at the end of a
cough, for one, is no word, unless it gets louder than the noise or goes on for longer.

Bleed: two microphones differ by one amount while the one's owner speaks and by another while the other's does. Both
amounts are learnt for each pair, so a microphone that is turned up or stands close to its neighbour is judged by what
is usual for that pair. What is near the neighbour's amount is the neighbour's voice; what is between the two is both at
once. Where levels don't tell (a microphone 10 dB lower than its neighbour, a loudspeaker in the room), time does: what
bleeds is later than the voice itself (live/audio/alike.py), for as long as that and clear levels don't contradict each
other, as they do where two devices deliver at different times.

Pure: time comes as an argument. Owner: the engine's thread. The thresholds are ours.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from live.sound.hearing import Echo

FLOOR_WINDOW_S = 8.0  # speech dips to the noise within this time
BUCKET_S = 0.5
FIRST_FLOOR_DB = -60.0  # believed until the window is full, so that a voice in the first second counts
SILENCE_DB = -90.0  # digital silence and below
QUIETEST_SPEECH_DB = -48.0
ONSET_OVER_FLOOR_DB = 12.0
OFFSET_OVER_FLOOR_DB = 7.0  # hysteresis: a voice that trails off is still a voice
ONSET_S = 0.06  # two frames: a click isn't a voice
HANGOVER_S = 0.35  # longer than the gaps between words
DROP_OUT_S = 0.5  # digital silence no longer than this is a fault on the way, not a pause: nothing is concluded from it
HANDOVER_S = 0.2  # while another speaks: who falls silent then has most likely handed over
SMOOTH_S = 0.1

SPEECH, STILL_SPEECH = 0.5, 0.3  # probability that opens a microphone, and that keeps it open
SURE_OVER_FLOOR_DB = 4.0  # what is surely speech has to stand out of the noise only so much
SURE_QUIETEST_DB = -58.0

NOISE_OVER_FLOOR_DB = 10.0  # what is so loud is something
NOISE_GAP_S = 0.06  # and over after so long
KNOWN_S = 0.2  # by then the model has said of a word that it is one
NOISE_S, NOISE_RISE_DB = 0.5, 6.0  # what has begun as a noise is one for so long, unless it gets so much louder

DIP_DB, DIP_S = 15.0, 0.06  # so far under the voice for so long: between words
VOICE_RELEASE_DB_PER_S = 8.0

RELEASE_DB_PER_S = 60.0  # the envelope falls no faster: a gap inside the loud voice opens nobody else
USUAL_DB = 18.0  # by which a microphone is quieter than that of whoever speaks, until it is learnt
NEAR = 0.25  # of the way from the neighbour's amount to one's own: still the neighbour
NEAREST_DB = 5.0  # but never nearer than this: levels waver
LEARN_DB_PER_S = 2.0  # of one person's speech; always the same step, so that it is the median that is learnt
LEARN_OVER_FLOOR_DB = 6.0
TOGETHER_S = 0.4  # over which two levels are seen to go up and down together
TOGETHER = 0.15  # variance of their difference against that of their sum: 0 for one voice in both, 1 for two voices
FAR_DB, LEARN_FAST = 6.0, 3.0  # what is so far from what was learnt, and surely the one's, is learnt so much faster
APART_DB = 8.0  # two amounts closer than this tell nobody apart: the one that is learnt pushes the other away

HEARD_FIRST = 0.22  # peak of the correlation of a voice that both hear
# How lopsided the peaks are, on the mean of so long, while one voice is in both; and surely nothing but one voice.
LEAD, LEAD_S, SURE_LEAD = 0.3, 0.3, 0.45
ECHO_S = 0.1  # a comparison holds for so long
LEARNT_S = 4.0  # of one's speech, and the level tells by itself: two who then are as loud as each other both speak
CLEAR_DB = 8.0  # levels so different tell anyway
CONTRADICTED_S, AGREED_S = 1.0, 10.0  # time that contradicts clear levels for so long tells nothing any more

PAIR_BINS_DB, PRIOR_S, KEEP_S = 40, 4.0, 60.0  # differences up to so many dB; what is usual weighs like so much speech
SPLIT_EVERY_S = 0.5
_BINS_DB = np.arange(-PAIR_BINS_DB, PAIR_BINS_DB + 1)


@dataclass
class _Mic:
    smooth_db: float = FIRST_FLOOR_DB
    envelope_db: float = SILENCE_DB
    floor: deque[tuple[float, float]] = field(default_factory=deque)  # start of the bucket, its least smoothed level
    voice_db: float = SILENCE_DB  # how loud the voice is, its pauses left out
    loud_s: float = float("-inf")  # last time it was about as loud
    since_s: float | None = None  # above the threshold since
    heard_s: float = float("-inf")
    speaking: bool = False
    alive_s: float = float("-inf")  # last time it gave anything at all
    began_s: float = float("-inf")  # what is heard now
    last_s: float = float("-inf")  # last time that it was something
    began_db: float = SILENCE_DB  # how loud it was before the model could know it
    said: bool = False  # that it is speech, in time

    def hears_noise(self, now_s: float, level_db: float) -> bool:
        """Did what is heard now begin as something else than speech, a moment ago?"""
        is_known = KNOWN_S < now_s - self.began_s < NOISE_S
        return is_known and not self.said and level_db < self.began_db + NOISE_RISE_DB

    def dropped_out(self, now_s: float) -> bool:
        return self.alive_s < now_s < self.alive_s + DROP_OUT_S


@dataclass
class _Moving:
    """Mean and variance that forget."""

    mean: float = 0.0
    variance: float = 100.0

    def add(self, value: float, share: float) -> None:
        off = value - self.mean
        self.mean += share * off
        self.variance = (1 - share) * (self.variance + share * off * off)


@dataclass
class _Pair:
    """Level of microphone a minus that of b: while a's owner speaks, and while b's does."""

    own_db: float = USUAL_DB
    other_db: float = -USUAL_DB
    difference: _Moving = field(default_factory=lambda: _Moving())
    total: _Moving = field(default_factory=lambda: _Moving())
    seen: _Seen = field(default_factory=lambda: _Seen())
    lead: float = 0.0  # 1: a hears everything first; -1: b does
    learnt_s: dict[int, float] = field(default_factory=lambda: {1: 0.0, -1: 0.0})  # from speech of the one, the other
    apart_s: float = 0.0  # for so long one of them was open and the other wasn't
    echo_s: float = float("-inf")
    contradicted_s: float = 0.0  # time and clear levels said the opposite of each other for so long; negative: the same

    def compare(self, now_s: float, first: float, second: float, dt_s: float, a_db: float, b_db: float) -> None:
        """first, second: as in Echo."""
        high, low = max(first, second), min(first, second)
        if now_s - self.echo_s > LEAD_S:
            self.lead = 0.0
        if high < HEARD_FIRST:
            return
        self.echo_s = now_s
        self.lead += ((first - second) / (high + max(low, 0.0)) - self.lead) * min(1.0, dt_s / LEAD_S)
        if abs(a_db - b_db) >= CLEAR_DB and abs(self.lead) >= LEAD:
            step_s = dt_s if (a_db > b_db) != (self.lead > 0) else -dt_s
            self.contradicted_s = max(-AGREED_S, self.contradicted_s + step_s)

    def leads(self, now_s: float) -> int:
        """1: the one voice that both hear is a's; -1: b's; 0: nobody can say by time."""
        told = now_s - self.echo_s <= ECHO_S and self.contradicted_s < CONTRADICTED_S
        return 0 if not told or abs(self.lead) < LEAD else 1 if self.lead > 0 else -1

    def learn(self, a_db: float, b_db: float, dt_s: float, leads: int) -> None:
        """From a moment in which both hear something. One voice makes both go up and down together; of two at once
        nothing is learnt."""
        share = min(1.0, dt_s / TOGETHER_S)
        self.difference.add(a_db - b_db, share)
        self.total.add(a_db + b_db, share)
        is_one = self.difference.variance <= TOGETHER * self.total.variance
        if not is_one and not (leads and abs(self.lead) >= SURE_LEAD):
            return
        usual_db, step_db = self.difference.mean, LEARN_DB_PER_S * dt_s
        if leads * usual_db < -CLEAR_DB:
            return
        self.seen.add(usual_db, dt_s)
        is_own = leads > 0 if leads else usual_db > self.seen.split_db
        if leads and abs(usual_db - (self.own_db if is_own else self.other_db)) > FAR_DB:
            step_db *= LEARN_FAST
        self.learnt_s[1 if is_own else -1] += dt_s
        if is_own:
            self.own_db += min(step_db, max(-step_db, usual_db - self.own_db))
            self.other_db = min(self.other_db, self.own_db - APART_DB)
        else:
            self.other_db += min(step_db, max(-step_db, usual_db - self.other_db))
            self.own_db = max(self.own_db, self.other_db + APART_DB)

    def bleeds(self, now_s: float, difference_db: float) -> int:
        """-1: what a hears is b's voice; 1: the other way round; 0: neither."""
        near_db = max(NEAREST_DB, NEAR * (self.own_db - self.other_db))
        which = -1 if difference_db < self.other_db + near_db else 1 if difference_db > self.own_db - near_db else 0
        if which == 0:
            leads = self.leads(now_s)
            return leads if leads and self.learnt_s[leads] < LEARNT_S else 0
        return which


class _Seen:
    """How often two levels have differed by how much, while one voice was in both; two heaps, of the one's owner and of
    the other's. split_db: what is over it is the one's."""

    def __init__(self) -> None:
        self._seconds = np.zeros(2 * PAIR_BINS_DB + 1)
        for usual_db in (-USUAL_DB, USUAL_DB):
            self._seconds[round(usual_db) + PAIR_BINS_DB] = PRIOR_S
        self._fresh_s = 0.0
        self.split_db = 0.0

    def add(self, difference_db: float, seconds: float) -> None:
        at = PAIR_BINS_DB + round(max(-PAIR_BINS_DB, min(PAIR_BINS_DB, difference_db)))
        self._seconds[at] += seconds
        self._fresh_s += seconds
        if self._fresh_s >= SPLIT_EVERY_S:
            self._seconds *= 0.5 ** (self._fresh_s / KEEP_S)
            self._fresh_s = 0.0
            self._split()

    def _split(self) -> None:
        """Where the heaps are furthest apart (Otsu's threshold)."""
        count = np.cumsum(self._seconds)[:-1]
        total = np.cumsum(self._seconds * _BINS_DB)
        rest = np.maximum(self._seconds.sum() - count, 1e-9)
        apart = total[:-1] / np.maximum(count, 1e-9) - (total[-1] - total[:-1]) / rest
        between = count * rest * apart**2
        best = np.flatnonzero(between >= between.max() * (1 - 1e-9))
        self.split_db = float(_BINS_DB[best].mean()) + 0.5  # in the middle of an empty valley


class SpeechActivity:
    """One step per frame: level of each microphone's last moment in dBFS in, who speaks out.

    apart: microphones that nobody wears: they hear everybody, so they are held against no other.
    """

    def __init__(self, mics: Sequence[str], *, apart: Sequence[str] = ()) -> None:
        self._names = tuple(mics)
        self._mics = {name: _Mic() for name in mics}
        self._known: dict[tuple[str, str], _Pair] = {}  # every pair that has ever been held against each other
        self._last_s: float | None = None
        self.worn({name: name for name in mics if name not in apart})

    def worn(self, owners: Mapping[str, str]) -> None:
        """Who wears which microphone, from now on: what one of them has two of isn't held against each other. What is
        known of each pair stays."""
        self._owners = owners
        worn = [name for name in self._mics if name in owners]
        pairs = ((a, b) for i, a in enumerate(worn) for b in worn[i + 1 :] if owners[a] != owners[b])
        self._pairs = {pair: self._known.setdefault(pair, _Pair()) for pair in pairs}

    def step(
        self,
        now_s: float,
        levels_db: Mapping[str, float],
        speech: Mapping[str, float] | None = None,
        echoes: Sequence[Echo] = (),
    ) -> dict[str, bool]:
        """echoes: how alike two microphones are, by their numbers, where that is known.

        A microphone that isn't in levels_db, or whose level is no number, is silent; one that isn't in speech is
        judged by its level."""
        before_s, self._last_s = self._last_s, now_s
        dt_s = 0.0 if before_s is None else max(0.0, now_s - before_s)
        speech = speech or {}
        levels = {name: _clean(levels_db.get(name, SILENCE_DB)) for name in self._mics}
        for name, mic in self._mics.items():
            _follow(mic, levels[name], now_s, dt_s)
            _notice(mic, levels[name], speech.get(name, 1.0), now_s, dt_s)
        for echo in echoes:
            if (pair := self._pairs.get((self._names[echo.a], self._names[echo.b]))) is not None:
                a_db, b_db = (self._mics[self._names[n]].envelope_db for n in (echo.a, echo.b))
                pair.compare(now_s, echo.first, echo.second, dt_s, a_db, b_db)
        bleed = self._bleeding(now_s)
        self._learn(now_s, levels, speech, dt_s, bleed)
        heard = {name for name, mic in self._mics.items() if mic.speaking and now_s - mic.heard_s < HANDOVER_S}
        for name, mic in self._mics.items():
            alone = all(self._owners.get(other, other) == self._owners.get(name, name) for other in heard)
            if alone and mic.dropped_out(now_s):
                mic.heard_s += dt_s  # its time stands still
            hangover_s = HANGOVER_S if alone else HANDOVER_S
            _decide(mic, levels[name], speech.get(name), now_s, dt_s, is_bleed=name in bleed, hangover_s=hangover_s)
        for (a, b), pair in self._pairs.items():
            if self._mics[a].speaking != self._mics[b].speaking:
                pair.apart_s += dt_s
        return {name: mic.speaking for name, mic in self._mics.items()}

    def between_words(self, now_s: float) -> bool:
        """Is nobody who speaks in the middle of a word?"""
        return all(now_s - mic.loud_s >= DIP_S - 1e-9 for mic in self._mics.values() if mic.speaking)

    def unsure(self) -> frozenset[str]:
        """The microphones that are open at once with another, and that have hardly been told from it so far."""
        open_now = {name for name, mic in self._mics.items() if mic.speaking}
        pairs = ((a, b) for (a, b), pair in self._pairs.items() if {a, b} <= open_now and pair.apart_s < LEARNT_S)
        return frozenset(name for pair in pairs for name in pair)

    def floor_db(self, mic: str) -> float:
        """The noise of a microphone as it is believed now, dBFS."""
        return _floor_db(self._mics[mic])

    def _learn(
        self, now_s: float, levels: Mapping[str, float], speech: Mapping[str, float], dt_s: float, bleed: set[str]
    ) -> None:
        """From what both of a pair hear, unless it is a third one's voice in both."""
        loud = {n for n, m in self._mics.items() if levels[n] > max(SILENCE_DB, _floor_db(m) + LEARN_OVER_FLOOR_DB)}
        for (a, b), pair in self._pairs.items():
            if (
                a in loud
                and b in loud
                and not (a in bleed and b in bleed)
                and max(speech.get(a, 1.0), speech.get(b, 1.0)) >= SPEECH
            ):
                pair.learn(levels[a], levels[b], dt_s, pair.leads(now_s))

    def _bleeding(self, now_s: float) -> set[str]:
        found = set()
        for (a, b), pair in self._pairs.items():
            which = pair.bleeds(now_s, self._mics[a].envelope_db - self._mics[b].envelope_db)
            if which:
                found.add(a if which < 0 else b)
        return found


def _clean(level_db: float) -> float:
    return max(SILENCE_DB, min(level_db, 20.0)) if level_db == level_db else SILENCE_DB


def _follow(mic: _Mic, level_db: float, now_s: float, dt_s: float) -> None:
    """Envelope (instant attack, slow release) and noise floor (least smoothed level of the last seconds: minimum
    statistics)."""
    if level_db > SILENCE_DB:
        mic.alive_s = now_s
    if mic.dropped_out(now_s):
        mic.envelope_db = max(mic.envelope_db, mic.voice_db)  # it may be in the middle of a word
        return
    mic.envelope_db = max(level_db, mic.envelope_db - RELEASE_DB_PER_S * dt_s)
    mic.voice_db = max(level_db, mic.voice_db - VOICE_RELEASE_DB_PER_S * dt_s)
    if level_db > mic.voice_db - DIP_DB:
        mic.loud_s = now_s
    mic.smooth_db += (level_db - mic.smooth_db) * min(1.0, dt_s / SMOOTH_S)
    if not mic.floor:
        mic.floor.append((now_s, FIRST_FLOOR_DB))
        mic.smooth_db = level_db
    if now_s - mic.floor[-1][0] >= BUCKET_S:
        mic.floor.append((now_s, mic.smooth_db))
    elif len(mic.floor) > 1:
        start_s, least_db = mic.floor[-1]
        mic.floor[-1] = (start_s, min(least_db, mic.smooth_db))
    while now_s - mic.floor[0][0] > FLOOR_WINDOW_S and len(mic.floor) > 1:
        mic.floor.popleft()


def _notice(mic: _Mic, level_db: float, speech: float, now_s: float, dt_s: float) -> None:
    """What is heard now: since when, and whether it began as speech."""
    if level_db < _floor_db(mic) + NOISE_OVER_FLOOR_DB:
        return
    if now_s - mic.last_s > NOISE_GAP_S + dt_s:
        mic.began_s, mic.began_db, mic.said = now_s - dt_s, level_db, False
    mic.last_s = now_s
    if now_s - mic.began_s <= KNOWN_S:
        mic.began_db = max(mic.began_db, level_db)
        mic.said = mic.said or speech >= SPEECH


def _floor_db(mic: _Mic) -> float:
    return min((level for _, level in mic.floor), default=FIRST_FLOOR_DB)


def _decide(
    mic: _Mic, level_db: float, speech: float | None, now_s: float, dt_s: float, *, is_bleed: bool, hangover_s: float
) -> None:
    is_noise = not mic.speaking and mic.hears_noise(now_s, level_db)
    if is_bleed or is_noise or not _is_voice(mic, level_db, speech):
        mic.since_s = None
        mic.speaking = mic.speaking and now_s - mic.heard_s < hangover_s
        return
    if mic.since_s is None:
        mic.since_s = now_s - dt_s  # the level is of the frame that just ended
    # A model has listened for a while before it says speech; a level alone may be a click.
    if mic.speaking or speech is not None or now_s - mic.since_s >= ONSET_S - 1e-9:
        mic.speaking, mic.heard_s = True, now_s


def _is_voice(mic: _Mic, level_db: float, speech: float | None) -> bool:
    floor_db = _floor_db(mic)
    if speech is not None:
        return speech >= (STILL_SPEECH if mic.speaking else SPEECH) and level_db >= max(
            floor_db + SURE_OVER_FLOOR_DB, SURE_QUIETEST_DB
        )
    over_db = OFFSET_OVER_FLOOR_DB if mic.speaking else ONSET_OVER_FLOOR_DB
    return level_db >= max(floor_db + over_db, QUIETEST_SPEECH_DB + over_db - ONSET_OVER_FLOOR_DB)
