"""The idioms of the trade, one by one, as the styles ask for them; and what a director promises in any of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from live.base.paths import shipped
from live.config.load import load_style
from live.config.style import shipped_styles, style_file, styled
from live.director.cost import SOLE, Candidate, wide_absorbs
from live.director.director import Director
from live.director.words import why
from live.sound.hearing import Hearing
from tests.unit.test_director import (
    ANNA,
    BEN,
    FRAME_S,
    LABELS,
    SPEECH,
    STUDIO,
    TALK,
    WIDE,
    Cut,
    play,
    script,
    shots,
    studio,
    turns,
)

CARLA = Candidate("cam3", "close_up", "carla")
TWO = Candidate("two", "group", group=frozenset(["anna", "ben"]))
STYLES = {name: load_style(style_file(name, shipped("styles"))) for name in shipped_styles()}


def ages(cuts: list[Cut]) -> list[float]:
    return [cut.age_s for cut in cuts]


# Before it happens


def test_a_cut_inside_what_is_known_is_proposed_at_once() -> None:
    """Ben stops and Anna begins: with the program half a second behind, the cut is announced before it is due, with its
    time."""
    director, speech, first = studio(lookahead_s=0.5), turns((0, 8, "ben"), (8, 20, "anna")), None
    for i in range(round(10 / FRAME_S)):
        now_s = i * FRAME_S
        proposal = director.step(
            now_s, hearing=Hearing(dict.fromkeys(speech(now_s), True)), on_air="cam2", on_air_since_s=0.0, epoch=0
        )
        if proposal is not None and first is None:
            first = (now_s, proposal)
        if proposal is not None and now_s >= proposal.due_s:
            break
    assert first is not None
    assert first[1].due_s == pytest.approx(8.5, abs=0.05), "it lands where Anna begins on program"
    assert first[1].due_s - first[0] >= 0.15, "and is seen coming"
    assert proposal is not None and (proposal.decided_s, proposal.shot) == (first[1].decided_s, "cam1"), (
        "the same proposal all the while"
    )
    assert now_s == pytest.approx(first[1].due_s, abs=FRAME_S)


def test_an_announced_cut_is_withdrawn_when_it_was_a_word() -> None:
    a_word = turns((0, 8, "ben"), (8, 8.3, "anna"), (8.3, 20, "ben"))
    assert play(studio(lookahead_s=0.5), 20, a_word, on_air="cam2") == []


def test_the_preview_time_is_part_of_the_delay() -> None:
    delayed = play(studio(lookahead_s=0.5, preview_s=0.2), 12, turns((0, 5, "ben"), (5, 12, "anna")), on_air="cam2")
    assert delayed[0].at_s == pytest.approx(5.5, abs=0.05)


# Idioms


def test_reactions_come_in_a_monologue_far_apart_and_short() -> None:
    style = styled(TALK, {"reaction_every_s": 30.0, "reaction_after_s": 12.0, "change": 0.0})
    director = Director((*STUDIO, CARLA), style, labels=LABELS)
    cuts = play(director, 130, turns((0, 130, "anna")), on_air="cam1")
    looks = [cut for cut in cuts if cut.proposal.idiom == "reaction"]
    assert [cut.shot for cut in looks[:3]] == ["cam2", "cam3", "cam2"], "whoever was not seen for longest"
    assert len(looks) >= 3 and all(b.at_s - a.at_s >= 30 for a, b in zip(looks, looks[1:], strict=False))
    backs = [cut for cut in cuts if cut.shot == "cam1"]
    assert [cut.age_s for cut in backs] == pytest.approx([2.0] * len(backs), abs=0.05)
    assert looks[0].proposal.reason == "Anna has been on for 12 s, so a look at Ben listening"
    assert backs[0].proposal.reason == "back to Anna, who is still speaking, after a look at Ben"


def test_a_reaction_is_longer_in_a_calm_style() -> None:
    style = styled(TALK, {"reaction_every_s": 30.0, "reaction_after_s": 12.0, "reaction_s": 4.0, "change": 0.0})
    cuts = play(studio(style), 40, turns((0, 40, "anna")), on_air="cam1")
    assert shots(cuts)[:2] == ["cam2", "cam1"] and ages(cuts)[1] == pytest.approx(4.0, abs=0.05)


def test_who_is_looked_at_and_speaks_keeps_the_shot() -> None:
    style = styled(TALK, {"reaction_every_s": 30.0, "reaction_after_s": 12.0, "change": 0.0})
    cuts = play(studio(style), 25, turns((0, 13, "anna"), (13.2, 25, "ben")), on_air="cam1")
    assert shots(cuts) == ["cam2"]


def test_a_silence_may_show_a_reaction_instead_of_the_wide_shot() -> None:
    style = styled(TALK, {"reaction_every_s": 30.0, "silence_s": 3.0})
    cuts = play(studio(style), 12.5, turns((0, 8, "anna")), on_air="cam1")
    assert (cuts[0].shot, cuts[0].proposal.idiom) == ("cam2", "reaction")
    assert cuts[0].proposal.reason.endswith("so a look at how Ben takes it")


def test_it_opens_on_the_wide_shot_and_shows_it_again_after_long() -> None:
    style = styled(TALK, {"establish_s": 60.0, "change": 0.0})
    talk = turns((3, 30, "anna"), (31, 70, "anna"), (71.5, 100, "anna"))
    cuts = play(studio(style), 90, talk, on_air="cam1")
    assert shots(cuts) == ["wide", "cam1", "wide", "cam1"]
    assert (
        cuts[0].at_s == pytest.approx(style.min_shot_s, abs=0.05)
        and cuts[0].proposal.reason == "the show opens on the wide shot"
    )
    assert 70 < cuts[2].at_s < 72 and cuts[2].proposal.reason.startswith("no wide shot for ")


def test_two_at_once_are_shown_together_where_there_is_a_shot_of_them() -> None:
    director = Director((WIDE, TWO, ANNA, BEN, CARLA), TALK, labels=LABELS)
    cuts = play(director, 16, turns((0, 16, "anna"), (8, 16, "ben")), on_air="cam1")
    assert shots(cuts) == ["two"]
    with_carla = play(
        Director((WIDE, TWO, ANNA, BEN, CARLA), TALK), 16, turns((0, 16, "anna"), (8, 16, "carla")), on_air="cam1"
    )
    assert shots(with_carla) == ["wide"]


@pytest.mark.parametrize("name", STYLES)
@pytest.mark.parametrize("shot", ["wide", "two"])
def test_neither_the_wide_shot_nor_a_two_shot_absorbs_in_any_style(name: str, shot: str) -> None:
    assert not wide_absorbs(STYLES[name]) and STYLES[name].from_wide_s < STYLES[name].wide_for_one * max(SOLE[1])
    director = Director((WIDE, TWO, ANNA, BEN), STYLES[name])
    speaks_first = turns((1, 14, "anna"))  # longer than any minimum shot by the time the shot may be left
    assert shots(play(director, 14, speaks_first, on_air=shot))[:1] == ["cam1"]


def test_a_shot_that_frames_the_same_is_no_cut() -> None:
    close = {frozenset(["cam1", "cam2"]): 0.5}

    def iou(a: str, b: str) -> float:
        return close.get(frozenset([a, b]), 0.0)

    alike = play(studio(crop_iou=iou), 12, turns((0, 5, "ben"), (5, 12, "anna")), on_air="cam2")
    assert shots(alike) == ["wide"] or shots(alike)[:1] == ["wide"]
    close.clear()
    assert shots(play(studio(crop_iou=iou), 12, turns((0, 5, "ben"), (5, 12, "anna")), on_air="cam2")) == ["cam1"]


def test_many_cuts_make_cuts_dearer() -> None:
    swift = turns(*((t, t + 2.4, "anna" if t % 5 else "ben") for t in [2.5 * i for i in range(24)]))
    eager = styled(TALK, {"busy_s": 0.0})
    paced = styled(TALK, {"busy_cuts_per_min": 4.0, "busy_s": 0.5})
    assert len(play(studio(paced), 60, swift)) < len(play(studio(eager), 60, swift))


def word_by_word(now_s: float) -> bool:
    """A pause of 0.1 s every 0.45 s."""
    return now_s % 0.45 < 0.1


def test_a_cut_that_is_not_urgent_waits_for_a_pause_between_words() -> None:
    style = styled(TALK, {"change": 1.0, "max_shot_s": 10.0})
    at = [
        play(studio(style, lookahead_s=d), 40, turns((0, 40, "anna")), on_air="cam1", in_pause=word_by_word)[0].at_s - d
        for d in (0.0, 0.5)
    ]
    assert all(word_by_word(t + 1e-6) or word_by_word(t - FRAME_S) for t in at)
    never = play(studio(style), 40, turns((0, 40, "anna")), on_air="cam1", in_pause=lambda now_s: False)
    always = play(studio(style), 40, turns((0, 40, "anna")), on_air="cam1")
    assert never[0].at_s - always[0].at_s == pytest.approx(style.word_wait_s, abs=0.11), "and not for long"


def test_whoever_begins_to_speak_is_not_kept_waiting_for_a_pause() -> None:
    talk = turns((0, 5, "ben"), (5, 12, "anna"))
    assert (
        play(studio(), 12, talk, on_air="cam2")[0].at_s
        == play(studio(), 12, talk, on_air="cam2", in_pause=lambda now_s: False)[0].at_s
    )


def test_music_brings_the_wide_shot_and_stays_on_it() -> None:
    cuts = play(studio(), 60, turns((0, 10, "anna")), on_air="cam1", music=lambda now_s: now_s > 10)
    assert shots(cuts) == ["wide"] and 10 < cuts[0].at_s < 13
    assert cuts[0].proposal.reason == "music plays, so the wide shot"


def test_a_concert_goes_round_its_cameras_on_the_beat() -> None:
    beat = 60 / 97

    def next_beat(now_s: float) -> float:
        return beat * (int(now_s / beat) + 1)

    for delay_s in (0.0, 0.5):
        director = Director((*STUDIO, CARLA), STYLES["concert"], lookahead_s=delay_s)
        cuts = play(director, 60, turns(), on_air="wide", music=lambda now_s: True, beat_s=next_beat)
        assert len(cuts) >= 6 and set(shots(cuts)) == {"wide", "cam1", "cam2", "cam3"}
        for cut in cuts:
            off_s = (cut.at_s - delay_s) % beat
            assert min(off_s, beat - off_s) <= FRAME_S + 1e-6
        assert all(
            STYLES["concert"].music_shot_s - 0.1 <= age <= STYLES["concert"].music_shot_s + 2 for age in ages(cuts)[1:]
        )


def test_another_style_counts_at_once() -> None:
    director = studio()
    args = {"hearing": Hearing({"anna": True}), "on_air": "cam2", "on_air_since_s": 0.0, "epoch": 0}
    assert director.step(3.0, **args) is not None  # type: ignore[arg-type]
    director.style = styled(TALK, {"min_shot_s": 6.0})
    later = director.step(3.033, **args)  # type: ignore[arg-type]
    assert later is not None and later.due_s >= 6.0


# Promises


@settings(max_examples=25, deadline=None)
@given(
    pieces=SPEECH,
    name=st.sampled_from(sorted(STYLES)),
    lookahead_s=st.sampled_from([0.0, 0.5]),
    gone=st.sets(st.sampled_from(["cam1", "cam2", "wide"])),
    from_s=st.floats(0, 15),
    music_from_s=st.floats(0, 40),
)
def test_in_any_style_no_shot_is_too_short_and_none_without_signal(
    pieces, name, lookahead_s, gone, from_s, music_from_s
) -> None:
    style, runs = STYLES[name], []
    speech = script(pieces)
    for _ in range(2):
        director, on_air, since_s, cuts = (
            Director((WIDE, TWO, ANNA, BEN, CARLA), style, lookahead_s=lookahead_s),
            "wide",
            0.0,
            [],
        )
        for i in range(round(25 / FRAME_S)):
            now_s = i * FRAME_S
            there = {"wide", "two", "cam1", "cam2", "cam3"} - (gone if now_s >= from_s else set())
            hearing = Hearing(dict.fromkeys(speech(now_s), True), word_by_word(now_s), now_s > music_from_s)
            p = director.step(now_s, hearing=hearing, on_air=on_air, on_air_since_s=since_s, epoch=0, available=there)
            if p is None:
                continue
            assert p.shot in there and p.shot != on_air
            assert p.due_s >= now_s - 1e-6 or p.due_s >= p.decided_s
            if now_s >= p.due_s:
                assert now_s - since_s >= style.min_shot_s - 1e-6 or on_air not in there
                assert sum(v for _, v in p.terms) == pytest.approx(p.cost)
                assert sum(v for _, v in p.runner_up_terms) == pytest.approx(p.runner_up_cost or 0.0)
                cuts.append((now_s, p.shot, p.reason))
                on_air, since_s = p.shot, now_s
        runs.append(cuts)
    assert runs[0] == runs[1]


# Words


def test_why_is_one_line_with_the_second_choice() -> None:
    cuts = play(studio(), 20, turns((0, 8, "ben"), (8, 20, "anna")), on_air="cam2")
    line = why(cuts[0].proposal, studio().words.shots)
    assert line == f"{cuts[0].proposal.reason}; the wide shot was nearly as good"
    assert cuts[0].proposal.runner_up == "wide" and cuts[0].proposal.runner_up_terms


def test_a_distant_second_choice_is_said_as_one() -> None:
    cuts = play(studio(styled(TALK, {"to_wide_s": 4.0})), 20, turns((0, 8, "ben"), (8, 20, "anna")), on_air="cam2")
    assert why(cuts[0].proposal, studio().words.shots).endswith("; the wide shot was the second choice")


def test_no_reason_has_jargon_or_bare_numbers() -> None:
    talk = turns((1, 9, "anna"), (9.2, 20, "ben"), (14, 20, "anna"), (28, 60, "carla"))
    for style in STYLES.values():
        director = Director((WIDE, TWO, ANNA, BEN, CARLA), style, labels=LABELS)
        for cut in play(director, 60, talk, on_air="cam2"):
            line = why(cut.proposal, director.words.shots)
            assert not any(word in line for word in ("cost", "cam", "rate", "term", "inf", "nan", "None")), line
            assert len(line) < 150 and "\n" not in line


def test_a_style_that_is_slow_on_purpose_says_so_and_others_do_not() -> None:
    """Anna speaks for half a minute, Ben goes on: by the usual style, by one that keeps its shots, by one that asks
    much for a cut."""

    def last_reason(style: str, speech, **changes: float) -> str:
        director = Director(STUDIO, styled(STYLES[style], changes), labels=LABELS)
        return play(director, 40, speech)[-1].proposal.reason

    to_ben = turns((0, 20, "anna"), (20, 40, "ben"))
    assert "this style" not in last_reason("talk", to_ben)
    assert "this style waits until it is sure" in last_reason("talk", to_ben, cut_s=3.3)
    back = turns((0, 20, "anna"), (20, 22.5, "ben"), (22.5, 40, "anna"))
    assert "this style keeps a shot for 6 s" in last_reason("talk", back, min_shot_s=6.0)
