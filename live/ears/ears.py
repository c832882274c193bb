"""From what is heard and seen at one instant to who speaks: a `Hearing` per frame.

A microphone that one person names is theirs: it tells when they speak. One that several people name, or that nobody
names, is shared: it tells that somebody speaks, and lips tell who. One that nobody names hears everybody without a
microphone.

Pure: time comes as an argument. Owner: the engine's thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from live.config.people import Person
from live.ears.activity import SpeechActivity
from live.ears.lips import LipReader
from live.picture.values import Face
from live.sound.hearing import Echo, Hearing


class Ears:
    """One step per frame."""

    def __init__(self, people: Sequence[Person], microphones: Sequence[str]) -> None:
        self._microphones = list(microphones)
        self._heard: Mapping[str, bool] = {}
        self.activity = SpeechActivity(microphones)
        self.seat(people)

    def seat(self, people: Sequence[Person]) -> None:
        """They sit like this from now on. What each microphone's noise is, and how it bleeds, is remembered."""
        microphones = self._microphones
        self._people = [p.name for p in people]
        of = {m: [p for p in people if m in p.worn] for m in microphones}
        self._worn = {m: named[0].name for m, named in of.items() if len(named) == 1}
        self._shared = {m: LipReader(named) for m, named in of.items() if len(named) > 1}
        without = [p for p in people if not p.worn]
        nobodys = self._unnamed = [m for m, named in of.items() if not named]
        self._room = LipReader(without) if without and nobodys else None
        self._nobodys = nobodys if self._room else []
        self._of = {p.name: p.worn for p in people}
        self.activity.worn(self._worn)

    def spoken_into(self, hearing: Hearing) -> frozenset[str]:
        """The microphones into which somebody speaks: of people who have one, who speak; those that nobody has, while
        there is a voice in them."""
        worn = {mic for person, mics in self._of.items() if hearing.speaking.get(person, False) for mic in mics}
        return frozenset(worn) | {mic for mic in self._unnamed if self._heard.get(mic, False)}

    def step(
        self,
        now_s: float,
        *,
        levels_db: Mapping[str, float],
        speech: Mapping[str, float],
        faces: Mapping[str, tuple[Face, ...]],
        echoes: Sequence[Echo] = (),
        music: bool = False,
        beat_s: float | None = None,
    ) -> Hearing:
        """levels_db: level of each microphone's last moment, dBFS. speech: the probability that it is speech, of those
        that know.
        faces: by source, only when new. echoes: how alike two microphones are, by their numbers.
        music, beat_s: as in Hearing."""
        heard = self._heard = self.activity.step(now_s, levels_db, speech, echoes)
        speaking = dict.fromkeys(self._people, False)
        for mic, person in self._worn.items():
            speaking[person] = speaking[person] or heard[mic]
        explained = any(speaking.values())
        for mic, lips in self._shared.items():
            speaking |= dict.fromkeys(lips.step(now_s, faces, voice=heard[mic], explained=explained), True)
        if self._room is not None:
            voice = any(heard[mic] for mic in self._nobodys)
            speaking |= dict.fromkeys(self._room.step(now_s, faces, voice=voice, explained=explained), True)
        doubted = self.activity.unsure()
        unsure = frozenset(person for mic, person in self._worn.items() if mic in doubted)
        return Hearing(speaking, self.activity.between_words(now_s), music, beat_s, unsure)
