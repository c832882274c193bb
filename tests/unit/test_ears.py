"""Who speaks: microphones of one's own, shared ones with lips, and both."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live.config.people import Person
from live.ears.ears import Ears
from live.picture.values import Face
from live.sound.hearing import Hearing

FRAME_S = 1 / 30
LOOK_EVERY = 3  # frames between two looks at lips
VOICE, SILENCE = (-25.0, 0.95), (-62.0, 0.02)  # level in dB, probability of speech


def person(name: str, *, camera: str | None = None, microphone: str | None = None) -> Person:
    return Person(name=name, camera=camera, microphone=microphone)


def face(x: float = 0.4, *, talking: float = 0.0, track: int = 0, person: str = "", size: float = 0.2) -> Face:
    return Face(x, 0.3, size, size, 0.9, track=track, talking=talking, person=person)


class Room:
    """Steps ears frame by frame; remembers what they said."""

    def __init__(self, people: list[Person], microphones: list[str]) -> None:
        self.ears, self.frame = Ears(people, microphones), 0
        self.said: list[Hearing] = []

    def run(
        self, seconds: float, sound: Mapping[str, tuple[float, float]], faces: Mapping[str, tuple[Face, ...]] = {}
    ) -> list[set[str]]:
        """Who speaks, by frame."""
        heard = []
        for _ in range(round(seconds / FRAME_S)):
            seen = faces if self.frame % LOOK_EVERY == 0 else {}
            self.said.append(
                self.ears.step(
                    self.frame * FRAME_S,
                    levels_db={m: v[0] for m, v in sound.items()},
                    speech={m: v[1] for m, v in sound.items()},
                    faces=seen,
                )
            )
            heard.append({p for p, is_on in self.said[-1].speaking.items() if is_on})
            self.frame += 1
        return heard


def pair(**talking: float) -> dict[str, tuple[Face, ...]]:
    """Anna at camera a, Ben at camera b."""
    return {name[0]: (face(talking=t),) for name, t in talking.items()}


def two_without() -> Room:
    room = Room([person("anna", camera="a"), person("ben", camera="b")], ["room"])
    room.run(1.0, {"room": SILENCE}, pair(anna=0.0, ben=0.0))
    return room


def test_everybody_is_in_what_is_heard() -> None:
    room = Room([person("anna", microphone="m1"), person("ben", camera="b")], ["m1"])
    room.run(0.1, {"m1": VOICE})
    assert set(room.said[-1].speaking) == {"anna", "ben"}
    assert room.run(0.3, {"m1": VOICE})[-1] == {"anna"}


def test_what_the_sound_says_of_music_and_beat_is_passed_on() -> None:
    said = Ears([], []).step(1.0, levels_db={}, speech={}, faces={}, music=True, beat_s=1.5)
    assert said == Hearing({}, True, True, 1.5)


def test_one_person_without_a_microphone_needs_no_lips() -> None:
    room = Room([person("anna")], ["room"])
    room.run(1.0, {"room": SILENCE})
    assert room.run(0.5, {"room": VOICE})[-1] == {"anna"}


def test_nobodys_microphone_is_no_persons_who_has_one() -> None:
    room = Room([person("anna", microphone="m1")], ["m1", "audience"])
    room.run(1.0, {"m1": SILENCE, "audience": SILENCE})
    assert not any(room.run(1.0, {"m1": SILENCE, "audience": VOICE}))


def test_lips_say_whose_the_voice_in_the_room_is() -> None:
    room = two_without()
    assert room.run(2.0, {"room": VOICE}, pair(anna=0.9, ben=0.05))[3] == {"anna"}
    handed = room.run(2.0, {"room": VOICE}, pair(anna=0.0, ben=0.9))
    assert handed[3] == {"ben"} and all(who == {"ben"} for who in handed[3:])


def test_lips_without_a_voice_are_nobodys_speech() -> None:
    assert not any(two_without().run(3.0, {"room": SILENCE}, pair(anna=1.0, ben=1.0)))


def test_a_loud_noise_in_the_room_is_nobodys_speech() -> None:
    assert not any(two_without().run(2.0, {"room": (-15.0, 0.1)}, pair(anna=0.9, ben=0.0)))


def test_two_whose_lips_both_move_both_speak() -> None:
    room = two_without()
    room.run(1.0, {"room": VOICE}, pair(anna=0.9, ben=0.0))
    assert room.run(1.0, {"room": VOICE}, pair(anna=0.9, ben=0.9))[-1] == {"anna", "ben"}


def test_whoever_spoke_goes_on_while_the_voice_does_and_nobody_else_moves() -> None:
    room = two_without()
    room.run(1.0, {"room": VOICE}, pair(anna=0.9, ben=0.0))
    assert all(who == {"anna"} for who in room.run(1.5, {"room": VOICE}, pair(anna=0.05, ben=0.05)))
    room.run(1.0, {"room": SILENCE}, pair(anna=0.0, ben=0.0))
    assert not room.run(0.15, {"room": VOICE}, pair(anna=0.0, ben=0.0))[-1], "after a silence it may be anybody"


def test_lips_that_move_a_little_tell_after_a_moment() -> None:
    room = two_without()
    heard = room.run(1.0, {"room": VOICE}, pair(anna=0.02, ben=0.2))
    assert not heard[2] and heard[-1] == {"ben"}


def test_a_voice_while_all_visible_lips_rest_is_of_the_one_out_of_sight() -> None:
    room = two_without()
    assert room.run(3.0, {"room": VOICE}, {"a": (face(talking=0.02),), "b": ()})[-1] == {"ben"}


def test_those_with_a_microphone_explain_the_voice_in_the_room() -> None:
    people = [person("anna", microphone="m1", camera="a"), person("ben", camera="b"), person("cleo", camera="c")]
    room = Room(people, ["m1", "room"])
    quiet, smile = {"m1": SILENCE, "room": SILENCE}, {"b": (face(talking=0.6),), "c": (face(talking=0.1),)}
    room.run(1.0, quiet, smile)
    anna = {"m1": VOICE, "room": (-32.0, 0.9)}
    assert room.run(1.0, anna, smile)[-1] == {"anna"}
    assert room.run(1.0, anna, {"b": (face(talking=1.0),), "c": (face(),)})[-1] == {"anna", "ben"}
    assert room.run(1.0, {"m1": SILENCE, "room": VOICE}, smile)[-1] == {"ben"}


def test_a_microphone_that_two_share_is_told_by_their_lips_alone() -> None:
    people = [
        person("anna", microphone="desk", camera="a"),
        person("ben", microphone="desk", camera="b"),
        person("cleo", microphone="m2"),
    ]
    room = Room(people, ["desk", "m2"])
    room.run(1.0, {"desk": SILENCE, "m2": SILENCE}, pair(anna=0.0, ben=0.0))
    assert room.run(1.0, {"desk": VOICE, "m2": SILENCE}, pair(anna=0.0, ben=0.8))[-1] == {"ben"}
    assert room.run(1.0, {"desk": (-40.0, 0.9), "m2": VOICE}, pair(anna=0.1, ben=0.1))[-1] == {"cleo"}


# -- several faces in one picture -------------------------------------------------------------------------------------


def one_camera() -> Room:
    return Room([person("anna", camera="wide"), person("ben", camera="wide"), person("cleo", camera="wide")], ["room"])


def told(room: Room, *faces: Face) -> set[str]:
    room.run(0.4, {"room": SILENCE}, {"wide": ()})
    return room.run(0.5, {"room": VOICE}, {"wide": faces})[-1]


@settings(max_examples=30)
@given(st.permutations([0, 1, 2]), st.integers(0, 2))
def test_faces_are_people_from_left_to_right(order: list[int], speaker: int) -> None:
    faces = [face(0.1 + 0.3 * i, talking=0.9 if i == speaker else 0.0) for i in range(3)]
    assert told(one_camera(), *(faces[i] for i in order)) == {["anna", "ben", "cleo"][speaker]}


def test_a_face_with_a_name_is_theirs_wherever_it_is() -> None:
    assert told(one_camera(), face(0.1, person="cleo", talking=0.9), face(0.4), face(0.7)) == {"cleo"}
    assert told(one_camera(), face(0.1, person="cleo"), face(0.4, talking=0.9), face(0.7)) == {"anna"}


def test_a_track_stays_theirs_when_people_change_places_or_go() -> None:
    room = one_camera()
    told(room, face(0.1, track=1, talking=0.9), face(0.4, track=2), face(0.7, track=3))
    assert told(room, face(0.8, track=1, talking=0.9), face(0.4, track=2), face(0.7, track=3)) == {"anna"}
    assert told(room, face(0.7, track=3, talking=0.9), face(0.4, track=2)) == {"cleo"}


def test_when_somebody_is_not_found_the_others_keep_their_places() -> None:
    room = one_camera()
    told(room, face(0.1, talking=0.9), face(0.4), face(0.7))
    assert told(room, face(0.42, talking=0.9), face(0.69)) == {"ben"}


def test_passers_by_are_smaller() -> None:
    room = Room([person("anna", camera="wide"), person("ben", camera="wide")], ["room"])
    assert told(room, face(0.1, size=0.04, talking=1.0), face(0.3), face(0.6, talking=0.9)) == {"ben"}


@pytest.mark.parametrize("count", [0, 1, 5])
def test_any_number_of_faces_is_taken(count: int) -> None:
    told(one_camera(), *(face(0.1 * i, talking=0.5) for i in range(count)))


@settings(max_examples=30)
@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=60))
def test_nobody_speaks_who_is_not_heard(steps: list[tuple[bool, float, float]]) -> None:
    """Whatever lips do, speech in a shared microphone begins and ends with its voice."""
    room = two_without()
    for has_voice, anna, ben in steps:
        heard = room.run(0.1, {"room": VOICE if has_voice else SILENCE}, pair(anna=anna, ben=ben))
        assert all(who <= {"anna", "ben"} for who in heard)
    assert not room.run(1.0, {"room": SILENCE}, pair(anna=1.0, ben=1.0))[-1]


def test_into_which_microphones_somebody_speaks() -> None:
    """Whoever has one of their own, however loud others are in it; and one that nobody has, while it hears a voice."""
    room = Room([person("anna", microphone="a"), person("ben", microphone="b")], ["a", "b", "lectern"])
    room.run(2.0, {"a": VOICE, "b": SILENCE, "lectern": SILENCE})
    assert room.ears.spoken_into(room.said[-1]) == {"a"}
    room.run(2.0, {"a": SILENCE, "b": SILENCE, "lectern": VOICE})
    assert room.ears.spoken_into(room.said[-1]) == {"lectern"}
    assert Ears([], []).spoken_into(Hearing()) == frozenset()
