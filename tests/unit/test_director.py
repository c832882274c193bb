"""The director: idioms, promises about time, reasons. Shows are played by arithmetic: a cut is done when its proposal
is due."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live.config.style import Style, styled
from live.director.cost import OVERLAP, SILENCE, SOLE, Candidate, Moment, along, rate, wide_absorbs
from live.director.director import Director
from live.director.ear import Ear
from live.director.proposal import Proposal
from live.sound.hearing import Hearing

WIDE, ANNA, BEN = Candidate("wide", "wide"), Candidate("cam1", "close_up", "anna"), Candidate("cam2", "close_up", "ben")
STUDIO = (WIDE, ANNA, BEN)
LABELS = {"anna": "Anna", "ben": "Ben", "carla": "Carla"}
TALK = Style()
PREVIEW_S = 0.2
FRAME_S = 1 / 30
Speech = Callable[[float], Iterable[str]]


@dataclass(frozen=True)
class Cut:
    at_s: float
    shot: str
    age_s: float
    proposal: Proposal


def play(
    director: Director,
    seconds: float,
    speech: Speech,
    *,
    on_air: str = "wide",
    lead_s: float | None = None,
    **heard: Callable[[float], object],
) -> list[Cut]:
    """Run a show at 30 Hz from time 0, when on_air was taken. heard: the rest of the hearing, by time."""
    cuts: list[Cut] = []
    since_s = 0.0
    for i in range(round(seconds / FRAME_S)):
        now_s = i * FRAME_S
        # type: ignore[arg-type]
        hearing = Hearing(dict.fromkeys(speech(now_s), True), **{key: at(now_s) for key, at in heard.items()})
        proposal = director.step(now_s, hearing=hearing, on_air=on_air, on_air_since_s=since_s, epoch=0, lead_s=lead_s)
        if proposal and now_s >= proposal.due_s:
            cuts.append(Cut(now_s, proposal.shot, now_s - since_s, proposal))
            on_air, since_s = proposal.shot, now_s
    return cuts


def studio(style: Style = TALK, **kw: object) -> Director:
    return Director(STUDIO, style, labels=LABELS, **kw)  # type: ignore[arg-type]


def hears(*people: str) -> Hearing:
    return Hearing(dict.fromkeys(people, True))


def turns(*spans: tuple[float, float, str]) -> Speech:
    """Speech from (start, end, person) spans."""
    return lambda now_s: [who for start, end, who in spans if start <= now_s < end]


def shots(cuts: list[Cut]) -> list[str]:
    return [cut.shot for cut in cuts]


# What it does


def test_it_goes_to_whoever_speaks_after_the_preview_time() -> None:
    cuts = play(studio(), 20, turns((0, 5, "ben"), (5, 12, "anna"), (12, 20, "ben")), on_air="cam2")
    assert shots(cuts) == ["cam1", "cam2"]
    for cut, start_s in zip(cuts, (5, 12), strict=True):
        assert PREVIEW_S - 1e-6 <= cut.at_s - start_s <= PREVIEW_S + 0.25


def test_a_delayed_program_cuts_on_the_word() -> None:
    """With the program half a second behind, the preview time costs nothing: the cut lands on the first syllable on
    air."""
    cuts = play(studio(lookahead_s=0.5), 12, turns((0, 5, "ben"), (5, 12, "anna")), on_air="cam2")
    assert shots(cuts) == ["cam1"]
    assert cuts[0].at_s - 0.5 == pytest.approx(5, abs=0.21)


@pytest.mark.parametrize("length_s", [0.2, 0.3, 0.4])
@pytest.mark.parametrize("lookahead_s", [0.0, 0.5])
def test_a_back_channel_reaches_the_preview_at_most(length_s: float, lookahead_s: float) -> None:
    anna_all_along = turns((0, 30, "anna"), (10, 10 + length_s, "ben"), (20, 20 + length_s, "ben"))
    assert play(studio(lookahead_s=lookahead_s), 30, anna_all_along, on_air="cam1") == []


def test_a_false_start_is_withdrawn() -> None:
    director, seen = studio(), []
    for i in range(60):
        now_s = 10 + i * FRAME_S
        hearing = Hearing({"anna": now_s < 10 + 0.75 * PREVIEW_S})
        seen.append(director.step(now_s, hearing=hearing, on_air="cam2", on_air_since_s=0, epoch=0))
    assert seen[0] is not None and seen[0].shot == "cam1" and seen[0].due_s == pytest.approx(10 + PREVIEW_S)
    assert all(p is None or p.due_s > 10 + i * FRAME_S for i, p in enumerate(seen)), "never due"
    assert all(p is None for p in seen[20:]), "withdrawn after a breath"


def test_a_breath_does_not_start_the_preview_time_anew() -> None:
    cuts = play(studio(), 15, turns((0, 8, "ben"), (8, 8.25, "anna"), (8.4, 15, "anna")), on_air="cam2")
    assert shots(cuts) == ["cam1"]
    assert cuts[0].at_s - 8 < PREVIEW_S + 0.25


def test_both_speak_for_long_and_it_opens_to_the_wide() -> None:
    cuts = play(studio(), 16, turns((0, 16, "anna"), (8, 16, "ben")), on_air="cam1")
    assert shots(cuts) == ["wide"]
    assert cuts[0].at_s == pytest.approx(8 + TALK.overlap_s, abs=0.3)
    assert cuts[0].proposal.reason.startswith("Anna and Ben have both been speaking for ")


def test_a_long_silence_goes_wide_and_the_next_speaker_ends_it() -> None:
    cuts = play(studio(), 30, turns((0, 8, "anna"), (20, 30, "ben")), on_air="cam1")
    assert shots(cuts) == ["wide", "cam2"]
    assert cuts[0].at_s == pytest.approx(8 + TALK.silence_s, abs=0.3)
    assert cuts[0].proposal.reason.startswith("nobody has spoken for ")
    assert cuts[1].at_s < 21.5


def test_a_pause_between_sentences_changes_nothing() -> None:
    assert play(studio(), 20, turns((0, 8, "anna"), (9, 14, "anna"), (15.5, 20, "anna")), on_air="cam1") == []


def test_a_shot_far_beyond_the_soft_maximum_is_left_and_come_back_to() -> None:
    style = styled(TALK, {"change": 1.0})
    cuts = play(studio(style), 150, turns((0, 150, "anna")), on_air="cam1")
    assert shots(cuts)[:2] == ["wide", "cam1"]
    assert style.max_shot_s < cuts[0].at_s < 2.5 * style.max_shot_s
    assert cuts[0].proposal.reason.startswith("Anna has been on for ") and cuts[0].proposal.idiom == "old shot"
    assert len(cuts) <= 8


def test_an_old_shot_does_not_draw_a_cut_to_a_back_channel() -> None:
    """A change for its own sake is to the wide shot. A word from Ben ends nothing that Anna has to say."""
    a_word_from_ben = turns((0, 42, "anna"), (42.1, 42.25, "ben"), (42.3, 50, "anna"))
    assert play(studio(), 50, a_word_from_ben, on_air="cam1", lead_s=0.0) == []


def test_who_has_no_close_up_is_shown_wide() -> None:
    director = Director((WIDE, BEN), TALK, labels=LABELS)
    cuts = play(director, 10, turns((0, 10, "anna")), on_air="cam2")
    assert shots(cuts) == ["wide"]


def test_no_jump_cut_between_two_like_shots_of_one_person() -> None:
    twice = Candidate("cam1b", "close_up", "anna")
    cuts = play(Director((*STUDIO, twice), TALK), 19, turns((0, 19, "anna")), on_air="cam1b")
    assert cuts == []


def test_no_candidates_no_proposal() -> None:
    assert play(Director((), TALK), 5, turns((0, 5, "anna")), on_air="bars") == []
    assert play(Director((ANNA,), TALK), 5, turns((0, 5, "ben")), on_air="cam1") == []


def test_a_shot_that_is_no_candidate_is_left_for_one_that_is() -> None:
    assert shots(play(studio(), 10, turns((0, 10, "anna")), on_air="bars")) == ["cam1"]


# The trap


def test_the_wide_shot_does_not_absorb() -> None:
    assert not wide_absorbs(TALK)
    with pytest.raises(ValueError, match="never be left"):
        Style(from_wide_s=TALK.wide_for_one * max(SOLE[1]))
    assert shots(play(studio(), 10, turns((3, 10, "anna")))) == ["cam1"]


def test_the_trap_is_real() -> None:
    """The check above says what happens: with such a style a live director never leaves the wide shot."""
    absorbing = TALK.model_copy(update={"from_wide_s": 3.0})
    assert wide_absorbs(absorbing)
    assert play(studio(absorbing), 19, turns((3, 19, "anna"))) == []


# Promises about time


def test_it_answers_in_between_with_what_stands() -> None:
    director = studio()
    args = {"on_air": "cam2", "on_air_since_s": 0.0, "epoch": 0}
    first = director.step(10.0, hearing=hears("anna"), **args)  # type: ignore[arg-type]
    assert first is not None
    assert director.step(10.033, hearing=hears("anna"), **args) is first  # type: ignore[arg-type]
    # type: ignore[arg-type]
    assert director.step(10.066, hearing=hears("anna", "ben"), **args) is not first, "who speaks has changed"


def test_the_time_of_decision_and_the_due_time_stay_while_it_stands() -> None:
    director, seen = studio(), []
    for i in range(round(PREVIEW_S / FRAME_S)):
        p = director.step(10 + i * FRAME_S, hearing=hears("anna"), on_air="cam2", on_air_since_s=0, epoch=3)
        assert p is not None and p.epoch == 3
        seen.append((p.shot, p.decided_s, p.due_s))
    assert set(seen) == {("cam1", 10.0, 10.0 + PREVIEW_S)}


def test_a_new_epoch_or_another_shot_on_air_is_a_new_decision() -> None:
    director = studio()
    director.step(10.0, hearing=hears("anna"), on_air="cam2", on_air_since_s=0, epoch=0)
    again = director.step(10.033, hearing=hears("anna"), on_air="cam2", on_air_since_s=0, epoch=1)
    assert again is not None and (again.decided_s, again.epoch) == (10.033, 1)
    cut_by_hand = director.step(10.066, hearing=hears("anna"), on_air="wide", on_air_since_s=10.066, epoch=2)
    assert cut_by_hand is None or cut_by_hand.due_s >= 10.066 + TALK.min_shot_s
    assert director.step(10.1, hearing=hears("anna"), on_air="cam1", on_air_since_s=10.1, epoch=3) is None


def test_it_says_ahead_what_it_will_do_when_the_shot_is_old_enough() -> None:
    director = studio()
    p = director.step(10.0, hearing=hears("anna"), on_air="cam2", on_air_since_s=9.5, epoch=0)
    assert p is not None and p.due_s == pytest.approx(9.5 + TALK.min_shot_s)


def test_armed_shows_for_the_veto_time() -> None:
    p = studio().step(10.0, hearing=hears("anna"), on_air="cam2", on_air_since_s=0, epoch=0, lead_s=2.0)
    assert p is not None and p.due_s == pytest.approx(12.0)


SPEECH = st.lists(
    st.tuples(st.floats(0.1, 6), st.sets(st.sampled_from(["anna", "ben", "carla"]))), min_size=1, max_size=25
)


def script(pieces: list[tuple[float, set[str]]]) -> Speech:
    ends, t = [], 0.0
    for length_s, who in pieces:
        t += length_s
        ends.append((t, sorted(who)))
    return lambda now_s: next((who for end_s, who in ends if now_s < end_s), [])


@settings(max_examples=15, deadline=None)
@given(pieces=SPEECH, lookahead_s=st.sampled_from([0.0, 0.5, 1.0]), lead_s=st.sampled_from([0.0, 0.5, 2.0]))
def test_no_shot_is_cut_under_its_minimum_and_every_run_is_the_same(
    pieces: list, lookahead_s: float, lead_s: float
) -> None:
    runs = [play(studio(lookahead_s=lookahead_s), 20, script(pieces), lead_s=lead_s) for _ in range(2)]
    assert runs[0] == runs[1]
    on_air = "wide"
    for cut in runs[0]:
        assert cut.age_s >= TALK.min_shot_s - 1e-6
        assert cut.at_s >= cut.proposal.decided_s + lead_s - 1e-6
        assert cut.shot != on_air
        assert cut.proposal.cost < cut.proposal.stay_cost
        assert cut.proposal.runner_up_cost is None or cut.proposal.cost <= cut.proposal.runner_up_cost + 1e-9
        assert sum(value for _, value in cut.proposal.terms) == pytest.approx(cut.proposal.cost)
        assert cut.proposal.reason and "\n" not in cut.proposal.reason
        on_air = cut.shot


# Signal


def test_a_shot_without_signal_is_never_proposed() -> None:
    director = studio()
    for i in range(300):
        p = director.step(
            i * 0.1, hearing=hears("anna"), on_air="cam2", on_air_since_s=0, epoch=0, available=["wide", "cam2"]
        )
        assert p is None or p.shot == "wide"


def test_when_the_shot_on_air_loses_its_signal_another_is_due_at_once() -> None:
    director = studio()
    hearing = hears("ben")
    assert director.step(10.0, hearing=hearing, on_air="cam2", on_air_since_s=9.9, epoch=0) is None
    p = director.step(10.033, hearing=hearing, on_air="cam2", on_air_since_s=9.9, epoch=0, available=["wide", "cam1"])
    assert p is not None and (p.shot, p.due_s) == ("wide", 10.033)
    assert p.reason == "no signal from Ben, so the wide shot"
    assert director.step(10.066, hearing=hearing, on_air="cam2", on_air_since_s=9.9, epoch=0, available=[]) is None


# Reasons


def test_a_wide_shot_is_no_answer_to_somebody_it_lacks() -> None:
    stage = Candidate("stage", "wide", lacks=frozenset({"carla"}))
    director = Director((stage, ANNA, BEN), TALK, labels=LABELS)
    assert not play(director, 12, turns((1, 12, "carla")), on_air="cam1"), "whoever is heard is to be seen nowhere"
    director = Director((stage, ANNA, BEN), TALK, labels=LABELS)
    assert "stage" in shots(play(director, 30, turns((1, 6, "anna")), on_air="cam1")), (
        "it is still what a pause opens to"
    )


def test_a_shot_of_nobody_is_called_by_its_label() -> None:
    director = Director(STUDIO, TALK, labels={**LABELS, "studio/desk": "the desk"})
    cuts = play(director, 20, turns((0, 20, "anna")), on_air="studio/desk")
    assert cuts[0].proposal.reason.endswith(" and we are on the desk")


def test_reasons_are_for_people() -> None:
    cuts = play(studio(), 20, turns((0, 8, "ben"), (8, 20, "anna")), on_air="cam2")
    assert cuts[0].proposal.reason == f"Anna has been speaking for {PREVIEW_S:.1f} s and we are on Ben"
    from_wide = play(studio(), 8, turns((3, 8, "anna")))
    assert from_wide[0].proposal.reason.endswith(" and we are on the wide shot")


# Parts


def test_rates_follow_the_style() -> None:
    style, both = TALK, {"anna", "ben"}
    rates = {
        (shot.shot, who): rate(style, shot, Moment(frozenset(who), 0.5), both)
        for shot in STUDIO
        for who in [("anna",), ("anna", "ben"), ("anna", "carla"), ()]
    }
    assert [rates["cam1", w] for w in [("anna",), ("anna", "ben"), ()]] == [
        0,
        style.close_up_for_several,
        style.close_up_for_nobody,
    ]
    assert [rates["wide", w] for w in [("anna",), ("anna", "ben"), ()]] == [
        style.wide_for_one,
        style.wide_for_several,
        style.wide_for_nobody,
    ]
    assert [rates["cam2", w] for w in [("anna",), ("anna", "carla")]] == [1, 1]


def test_a_two_shot_is_between_a_close_up_and_the_wide_shot() -> None:
    two, pictured = Candidate("two", "group", group=frozenset(["anna", "ben"])), {"anna", "ben", "carla"}

    def of(shot: Candidate, *who: str) -> float:
        return rate(TALK, shot, Moment(frozenset(who), 0.5), pictured)

    assert of(ANNA, "anna") < of(two, "anna") < of(WIDE, "anna")
    assert of(two, "anna", "ben") < of(WIDE, "anna", "ben") < of(ANNA, "anna", "ben") + 1
    assert of(two, "carla") == 1 and of(two, "anna", "carla") == TALK.close_up_for_several


def test_who_has_no_close_up_is_shown_in_a_two_shot_rather_than_by_everybody() -> None:
    """Two at one table before one camera, and a wide shot of four: the table is theirs."""
    table = Candidate("table", "group", group=frozenset(["carla", "dan"]))
    director = Director([WIDE, ANNA, BEN, table], TALK, labels=LABELS)
    cuts = play(director, 30, turns((0, 10, "anna"), (10, 30, "carla")))
    assert [cut.shot for cut in cuts] == ["cam1", "table"]


def test_expectations_come_from_their_curves() -> None:
    for curve in (SOLE, OVERLAP, SILENCE):
        assert along(curve, -1) == curve[1][0] and along(curve, 100) == curve[1][-1]
        assert along(curve, curve[0][1]) == pytest.approx(curve[1][1])


def test_the_ear_bridges_a_breath_and_guesses_ahead() -> None:
    ear = Ear(1.0)
    for i, on in enumerate([1, 1, 0, 0, 1, 1]):
        ear.hear(i * 0.1, hears(*["anna"] * on))
    assert ear.at(0.5).run_s == pytest.approx(0.5), "a pause of 0.2 s is inside the turn"
    assert ear.at(0.2).speakers == frozenset()
    assert ear.at(2.0) == Moment(frozenset({"anna"}), pytest.approx(2.0))


def test_the_ear_forgets_what_was_before_a_gap() -> None:
    ear = Ear(0.0)
    ear.hear(0.0, hears())
    ear.hear(60.0, hears())
    assert ear.at(60.0).run_s == 0
