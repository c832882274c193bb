"""Automix: the open microphones share the gain of one.

Gain sharing (D. Dugan, "Automatic Microphone Mixing", JAES 1975): each microphone's gain is its share of the level of
all of them together, so that however many are open, room and feedback are those of one. Here the powers of the gains
add up to one at every instant. Shares are of the second power of the power (2 dB for each dB of difference), so that of
a voice that another microphone hears 6 dB weaker less than 1 dB of comb filter is left.

Where speech isn't, nothing moves: while nobody speaks, the shares stay where the last voice left them (last-open hold),
so neither a cough nor applause opens or closes a microphone. While somebody speaks, a second microphone that gets loud
is let in at once, but takes no more than 1 dB from the first until it has been the louder one for a while: by then it
is a voice, and not a knock that the bleed of the first one's words made look like one.

Pure: vectorised over microphones, 2 ms a step; 16 of them cost 40 ms of a core for each second with the side chain, two
25. Owner: whoever mixes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from live.audio.mixer import Samples
from live.audio.sidechain import HOP, HOPS, SILENCE_DB, Bools, Floats, Voices

SHARPNESS = 2.0  # dB of share for each dB of level
DEPTH_DB = -20.0  # nothing is closed further: a word that the model is slow to know is still heard
RELEASE_DB_HOP = 0.4  # 200 dB/s: how fast a level is forgotten; the pauses in which it matters are held over anyway
CLOSE_DB_HOP = 0.3  # 150 dB/s: how fast a microphone closes; it opens at once
OVER_FLOOR_DB = 6.0  # what is nearer to its microphone's noise has no share
VOICE_RELEASE_DB = 0.16  # a block, 8 dB/s: how fast the loudness of a voice is forgotten
STILL_LEADS_DB = 10.0  # so much under its own loudness a voice still goes on
SECOND_SHARE = 0.2  # of the power: what a second microphone gets until it is believed; 1 dB of the first
BELIEF, DOUBT, BELIEVED = 2, 1, 40  # a block in which it is the louder one, one in which it isn't, and enough: 0.4 s
OWN_DB = 3.0  # so near the loudest one it isn't bleed
LEAD_BLOCKS = 2  # that many without a word, and none to come: whoever speaks leads
SHOUT_DB = 12.0  # so much louder than the leader, who spoke just now: more likely a noise
LONG_BLOCKS = 25  # 0.5 s: who has led for longer is no passing noise
RECENT_BLOCKS = 75  # 1.5 s: a leader that paused for less may go on
SAME_SOUND = 0.6  # of a microphone's power explained by another one's: it is the other's voice that it hears

_RAMP = np.arange(HOP) / HOP


class Automix:
    """gain_db: what each microphone is turned down by after the last block, 0 for one that doesn't take part. leader:
    the one that has most of it; "" before anybody has spoken."""

    def __init__(self, microphones: Sequence[str]) -> None:
        self._names = tuple(microphones)
        count = len(self._names)
        self._member = np.zeros(count, bool)
        self._envelope_db = np.full(count, SILENCE_DB)
        self._share = np.ones(count)  # of the power, when somebody spoke last
        self._target_db = np.zeros(count)
        self._gain = np.ones(count)
        self._voice_db = np.full(count, SILENCE_DB)
        self._belief = np.zeros(count, int)
        self._believed = np.zeros(count, bool)
        self._lead = -1
        self._led_for = 0  # blocks
        self._silent = RECENT_BLOCKS + 1  # blocks since the leader's last word

    @property
    def leader(self) -> str:
        return self._names[self._lead] if self._lead >= 0 else ""

    @property
    def gain_db(self) -> dict[str, float]:
        return {name: float(20 * np.log10(gain)) for name, gain in zip(self._names, self._gain, strict=True)}

    def step(self, voices: Voices, members: Collection[str], heard: Bools) -> dict[str, Samples]:
        """Gains (BLOCK, 1) of those that have one that isn't 1. members: those that take part. heard: by microphone,
        those that can be heard at all; a muted one leaves its share to the others."""
        was, self._member = self._member, np.array([name in members for name in self._names], bool)
        if self._lead >= 0 and not self._member[self._lead]:
            self._lead, self._silent = -1, RECENT_BLOCKS + 1
        if not self._member.any() and not was.any():
            return {}
        if self._member.any():
            after = self._shared(voices, self._member & heard)
        else:
            after = np.ones((len(self._names), HOPS))
        after[~self._member] = 1.0
        before = np.concatenate((self._gain[:, None], after[:, :-1]), 1)
        curves = (before[:, :, None] + (after - before)[:, :, None] * _RAMP).reshape(len(self._names), -1)
        touched = (self._gain != 1.0) | (after != 1.0).any(1)
        self._gain = after[:, -1].copy()
        self._target_db[~self._member] = 0.0
        return {self._names[row]: curves[row, :, None].astype(np.float32) for row in np.flatnonzero(touched)}

    def _shared(self, voices: Voices, heard: Bools) -> Floats:
        """Gains (microphones, HOPS) of members."""
        envelope_db = _released(voices.level_db, self._envelope_db, RELEASE_DB_HOP)
        self._envelope_db = envelope_db[:, -1]
        goes_on = self._goes_on(voices, heard)
        share = self._held(self._led(self._weights(envelope_db, voices, heard), goes_on))
        self._decide(envelope_db, voices, heard, goes_on)
        alive = share * heard[:, None]
        total = alive.sum(0)
        alive = np.where(total > 0, alive / np.where(total > 0, total, 1), self._member[:, None])
        target_db = 10 * np.log10(np.maximum(alive, 10 ** (DEPTH_DB / 10)))
        closed_db = _released(target_db, self._target_db, CLOSE_DB_HOP)
        self._target_db = closed_db[:, -1]
        gain = np.where(self._member[:, None], 10 ** (closed_db / 20), 0)
        size = np.sqrt(np.square(gain * heard[:, None]).sum(0))
        return gain / np.where(size > 0, size, 1)

    def _goes_on(self, voices: Voices, heard: Bools) -> bool:
        """Is the leader still speaking, or about to go on?"""
        lead = self._lead
        if lead < 0 or not (heard[lead] and voices.speaks[lead]):
            return False
        if voices.loud_db[lead] < self._voice_db[lead] - STILL_LEADS_DB:
            return False
        rivals = voices.speaks & heard & self._member
        rival = int(np.where(rivals, voices.level_db.max(1), SILENCE_DB).argmax())
        if rival == lead or not rivals[rival] or voices.loud_db[rival] > self._voice_db[lead] + SHOUT_DB:
            return True
        return voices.explained(lead, by=rival) < SAME_SOUND

    def _weights(self, envelope_db: Floats, voices: Voices, heard: Bools) -> Floats:
        """What each is worth, on a scale of the loudest; 0 for what is no voice."""
        speaks = self._speaking(voices, heard)
        power = 10 ** (envelope_db / 10) - 2 * 10 ** (voices.floor_db / 10)[:, None]
        takes_part = speaks[:, None] & (envelope_db > voices.floor_db[:, None] + OVER_FLOOR_DB)
        power = np.where(takes_part, np.maximum(power, 0), 0)
        return (power / np.maximum(power.max(0), 1e-30)) ** SHARPNESS

    def _speaking(self, voices: Voices, heard: Bools) -> Bools:
        """Those that are taken for voices. As long as the leader may go on, the model has to be sure of another: of a
        noise in a microphone that also hears the leader it is half sure."""
        speaks = voices.speaks & heard & self._member
        if self._silent > RECENT_BLOCKS:
            return speaks
        known = self._believed.copy()
        known[self._lead] = True
        return speaks & (known | voices.sure)

    def _led(self, weight: Floats, goes_on: bool) -> Floats:
        """While the leader goes on, those that aren't believed yet have SECOND_SHARE at most, between words as well."""
        if not goes_on:
            return weight
        known = self._believed.copy()
        known[self._lead] = True
        first, second = weight[known].sum(0), weight[~known].sum(0)
        too_much = second > (first + second) * SECOND_SHARE
        paused = too_much & (first == 0)
        weight[self._lead, paused] = first[paused] = 1.0
        cut = np.where(too_much, first * SECOND_SHARE / (1 - SECOND_SHARE) / np.maximum(second, 1e-30), 1.0)
        return np.where(known[:, None], weight, weight * cut)

    def _held(self, weight: Floats) -> Floats:
        """Shares of the power; while nobody speaks, those of before."""
        total = weight.sum(0)
        somebody = total > 0
        share = np.concatenate((self._share[:, None], weight / np.where(somebody, total, 1)), 1)
        last = np.maximum.accumulate(np.where(somebody, np.arange(1, HOPS + 1), 0))
        self._share = share[:, last[-1]]
        return share[:, last]

    def _decide(self, envelope_db: Floats, voices: Voices, heard: Bools, goes_on: bool) -> None:
        """Once a block: who leads, and who is believed to speak as well."""
        peak_db = envelope_db.max(1)
        speaks = self._speaking(voices, heard) & (peak_db > voices.floor_db + OVER_FLOOR_DB)
        loudest_db = np.where(speaks, peak_db, SILENCE_DB)
        best = int(loudest_db.argmax())
        if self._lead >= 0:
            louder = speaks & voices.sure & (peak_db > peak_db[self._lead])
            self._belief = np.clip(self._belief + np.where(louder, BELIEF, -DOUBT), 0, BELIEVED)
            self._believed = (self._belief == BELIEVED) | (self._believed & (self._belief > 0))
        self._silent = 0 if goes_on else self._silent + 1
        self._led_for += 1
        if speaks[best] and best != self._lead and (self._silent >= LEAD_BLOCKS or self._believed[best]):
            if self._led_for > LONG_BLOCKS:  # it may come back at once: a cough in its pause takes nothing from it
                self._belief[self._lead], self._believed[self._lead] = BELIEVED, True
            self._belief[best], self._believed[best] = 0, False
            self._lead, self._silent, self._led_for = best, 0, 0
        own = speaks & (peak_db > loudest_db[best] - OWN_DB)
        self._voice_db = np.maximum(self._voice_db - VOICE_RELEASE_DB, np.where(own, voices.loud_db, SILENCE_DB))


def _released(level_db: Floats, before_db: Floats, fall_db: float) -> Floats:
    """Rises at once, falls by so much a step: (microphones, steps), going on from (microphones,)."""
    slope = fall_db * np.arange(level_db.shape[1] + 1)
    risen = np.concatenate((before_db[:, None], level_db), 1) + slope
    released: Floats = (np.maximum.accumulate(risen, 1) - slope)[:, 1:]
    return released
