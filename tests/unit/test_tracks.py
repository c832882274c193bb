"""Who is who from look to look: synthetic people on straight and crooked ways, seen by a detector that misses and
shuffles."""

from __future__ import annotations

import itertools
import math
import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from live.vision.faces import Sighting
from live.vision.looks import F32, difference
from live.vision.tracks import AWAY_S, Detection, Tracker, assignment

HZ = 5.0


def clothes(n: int) -> F32:
    """A signature like nobody else's."""
    part = np.zeros(264, np.float32)
    part[19 * n % 256], part[256 + n % 8] = 0.6, 0.4
    return np.concatenate((part, part)).astype(np.float32)


def look(x: float, y: float = 0.4, width: float = 0.1, who: int | None = None) -> Detection:
    return Detection(
        Sighting(x - width / 2, y - width * 8 / 9, width, width * 16 / 9, 0.9), None if who is None else clothes(who)
    )


def run(tracker: Tracker, start_s: float, looks: list[list[Detection]]) -> list[list[int]]:
    """The numbers given, 0 for nobody yet, look by look."""
    return [[t.number if t else 0 for t in tracker.step(start_s + i / HZ, at)] for i, at in enumerate(looks)]


@given(st.integers(1, 5), st.integers(1, 5), st.integers(0, 10_000))
def test_the_assignment_is_the_cheapest(rows: int, columns: int, seed: int) -> None:
    rng = random.Random(seed)
    costs = [[rng.choice((rng.random(), rng.random() * 100)) for _ in range(columns)] for _ in range(rows)]
    found = assignment(costs)
    assert len(found) == min(rows, columns)
    assert len({r for r, _ in found}) == len({c for _, c in found}) == len(found)
    if rows <= columns:
        best = min(sum(costs[r][c] for r, c in enumerate(p)) for p in itertools.permutations(range(columns), rows))
    else:
        best = min(sum(costs[r][c] for c, r in enumerate(p)) for p in itertools.permutations(range(rows), columns))
    assert math.isclose(sum(costs[r][c] for r, c in found), best)


def test_one_sighting_is_nobody() -> None:
    assert run(Tracker(), 0.0, [[look(0.3)], [], [], [], [], [], [look(0.3)]]) == [[0], [], [], [], [], [], [0]]


def test_a_person_is_born_on_the_second_look_and_keeps_the_number() -> None:
    assert run(Tracker(), 0.0, [[look(0.3 + i / 100)] for i in range(10)]) == [[0]] + [[1]] * 9


people = st.fixed_dictionaries(
    {
        "y": st.sampled_from((0.38, 0.42, 0.5)),
        "from": st.floats(0.1, 0.9),
        "to": st.floats(0.1, 0.9),
        "width": st.floats(0.08, 0.14),
        "sway": st.floats(0, 0.02),
    }
)


@settings(max_examples=60, deadline=None)
@given(st.lists(people, min_size=2, max_size=4), st.integers(0, 1000), st.floats(0, 0.25))
def test_people_who_cross_keep_their_numbers(ways: list[dict[str, float]], seed: int, drop: float) -> None:
    """Dressed differently, they cross at up to the frame's width in six seconds, hidden behind each other, missed at
    random, reported in any order: never does a number go to another."""
    rng = random.Random(seed)
    tracker, owner, length = Tracker(), {}, 30
    for i in range(length):
        places, before = [], []
        for who, way in enumerate(ways):
            x = way["from"] + (way["to"] - way["from"]) * i / (length - 1) + way["sway"] * math.sin(i)
            # Whoever is named first stands in front.
            hidden = any(abs(x - other) < 0.6 * way["width"] for other in before)
            before.append(x)
            if not hidden and rng.random() >= drop:
                places.append(
                    (who, look(x + rng.gauss(0, 0.003), way["y"], way["width"] * rng.uniform(0.95, 1.05), who))
                )
        rng.shuffle(places)
        found = tracker.step(i / HZ, [p[1] for p in places])
        numbers = [t.number for t in found if t]
        assert len(numbers) == len(set(numbers))
        for (who, _), track in zip(places, found, strict=True):
            if track is not None:
                assert owner.setdefault(track.number, who) == who, (
                    f"{track.number} went from {owner[track.number]} to {who}"
                )


@given(st.floats(0.05, 0.2), st.floats(0, 0.004))
def test_two_dressed_alike_pass_on_their_ways(gap: float, noise: float) -> None:
    """Uniforms: only the way they go tells them apart. One passes above the other."""
    rng, tracker, seen = random.Random(1), Tracker(), {0: set(), 1: set()}
    for i in range(26):
        x = 0.2 + 0.6 * i / 25
        found = tracker.step(i / HZ, [look(x + rng.gauss(0, noise), 0.3, who=1), look(1 - x, 0.3 + 0.12 + gap, who=1)])
        for who, track in enumerate(found):
            if track is not None:
                seen[who].add(track.number)
    assert len(seen[0]) == len(seen[1]) == 1 and seen[0] != seen[1]


def test_who_comes_back_is_the_same_and_who_comes_instead_is_not() -> None:
    tracker = Tracker()
    numbers = run(tracker, 0.0, [[look(0.3, who=1), look(0.7, who=2)]] * 5)[-1]
    assert run(tracker, 1.0, [[look(0.7, who=2)]] * 15)[-1] == [numbers[1]]  # one leaves
    # Another takes the chair.
    assert run(tracker, 4.0 + AWAY_S, [[look(0.7, who=2), look(0.25, who=3)]] * 3)[-1] == [numbers[1], 3]
    # And the first comes in from the other side.
    assert run(tracker, 30.0, [[look(0.8, who=1)]] * 3)[-1] == [numbers[0]]
    assert run(tracker, 60.0, [[look(0.5, who=2), look(0.2, who=3)]] * 3)[-1] == [numbers[1], 3]


def test_a_short_absence_is_none() -> None:
    tracker = Tracker()
    run(tracker, 0.0, [[look(0.4, who=1)]] * 4)
    assert run(tracker, 0.6 + AWAY_S, [[look(0.42, who=1)]]) == [[1]]


def test_a_face_that_is_half_covered_is_still_that_person() -> None:
    tracker = Tracker()
    run(tracker, 0.0, [[look(0.4, width=0.15, who=1)]] * 4)
    hand = Detection(look(0.41, width=0.09).face, (0.5 * clothes(1) + 0.5 * clothes(2)).astype(np.float32))
    assert run(tracker, 0.8, [[hand]]) == [[1]]  # a hand before it: smaller, other colours


def test_who_is_cut_to_in_the_same_place_is_somebody_else() -> None:
    tracker = Tracker()
    run(tracker, 0.0, [[look(0.4, who=1)]] * 4)
    assert run(tracker, 0.8, [[look(0.4, who=2)]] * 2) == [[0], [2]]


def test_somebody_stays_themselves_in_another_light() -> None:
    tracker = Tracker()
    night = clothes(1)
    for i in range(40):  # the light changes over eight seconds, from one signature to another
        share = i / 39
        found = tracker.step(
            i / HZ, [Detection(look(0.4).face, ((1 - share) * night + share * clothes(2)).astype(np.float32))]
        )
    assert found[0] is not None and found[0].number == 1
    assert difference(night, clothes(2)) > 0.9
