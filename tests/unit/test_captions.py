"""Captions without a model: which words are certain when, who said them, lines, cues, files, the translation hook."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import numpy as np
import pytest

from live.base.clock import NS
from live.base.errors import ModelError
from live.base.samples import time_of_sample
from live.captions.cues import Cue, CueBuilder, CueFile
from live.captions.ear import Downsampler
from live.captions.transcriber import LIMIT, PAUSE, RATE_HZ, STEP, TRIM, Heard, Job, Result, Transcriber
from live.captions.translate import Translator, load_hook, spread
from live.captions.voices import SLICE, Voices
from live.config.microphones import Microphone
from live.config.people import Person
from live.config.rig import Rig
from live.config.template import Template
from live.picture.values import GraphicView
from live.shm.memory import ring_name
from live.show.captions.model import LINGER_S, CaptionDesk, Roll
from live.sound.spoken import Said, SaidRing, Turns, Word, columns, wrapped

BLOCK = RATE_HZ // 10


def heard(text: str, start: int = 0, step: int = RATE_HZ // 4) -> list[Heard]:
    """Words a quarter of a second apart."""
    return [Heard(f" {word}", start + i * step, start + (i + 1) * step) for i, word in enumerate(text.split())]


class Talk:
    """Feeds a transcriber blocks of 0.1 s."""

    def __init__(self) -> None:
        self.transcriber = Transcriber()
        self.now = 0

    def speak(self, seconds: float, *, speech: bool = True) -> None:
        for _ in range(round(seconds * RATE_HZ / BLOCK)):
            self.transcriber.feed(self.now, np.full(BLOCK, 0.1, np.float32), speech)
            self.now += BLOCK

    def hear(self, text: str, start: int = 0) -> tuple[Job, Result]:
        job = self.transcriber.job()
        assert job is not None
        return job, self.transcriber.heard(job, heard(text, start))


def words(result: Result) -> str:
    return "".join(w.text for w in result.words).strip()


# -- which words are certain ------------------------------------------------------------------------------------------


def test_nothing_is_recognised_while_nobody_speaks() -> None:
    talk = Talk()
    talk.speak(20, speech=False)
    assert talk.transcriber.job() is None
    assert talk.transcriber.idle


def test_a_word_is_certain_when_two_passes_agree() -> None:
    talk = Talk()
    talk.speak(2)
    _, first = talk.hear("and so am I fell")
    assert first.words == () and first.partial == "and so am I fell"
    talk.speak(1)
    _, second = talk.hear("And so, my fellow Americans")
    assert words(second) == "And so,"  # as the newer pass writes them
    assert second.partial == "my fellow Americans"
    talk.speak(1)
    _, third = talk.hear("And so, my fellow Americans, ask not what")
    assert words(third) == "my fellow Americans,"


def test_a_pause_makes_all_of_it_certain() -> None:
    talk = Talk()
    talk.speak(2)
    talk.hear("ask not what")
    talk.speak(0.8, speech=False)
    job, result = talk.hear("ask not what your country")
    assert job.final and result.ends
    assert words(result) == "ask not what your country"
    assert talk.transcriber.idle


def test_a_word_at_the_edge_of_the_sound_waits() -> None:
    talk = Talk()
    talk.speak(1)
    talk.hear("one two three four")  # four ends where the sound ends
    talk.speak(0.1)
    talk.speak(0.7)
    _, result = talk.hear("one two three four")
    assert words(result) == "one two three four"
    talk = Talk()
    talk.speak(1)
    talk.hear("one two three four")
    talk.speak(STEP / RATE_HZ)
    job = talk.transcriber.job()
    assert job is not None
    late = [*heard("one two three"), Heard(" four", 12_000, talk.now)]
    assert words(talk.transcriber.heard(job, late)) == "one two three"


def test_a_short_word_whose_time_moves_is_not_lost() -> None:
    """Alignments wander by a tenth of a second from pass to pass: the words decide, not their times."""
    talk = Talk()
    talk.speak(2)
    talk.hear("now and again when")
    talk.speak(1)
    _, result = talk.hear("now then again")
    assert words(result) == "now"
    talk.speak(0.8, speech=False)
    job = talk.transcriber.job()
    assert job is not None
    # "and" before the end of "now" as it was.
    moved = [Heard(" now", 0, 3500), Heard(" and", 3500, 3900), Heard(" again", 3900, 9000)]
    assert words(talk.transcriber.heard(job, moved)) == "and again"


def test_one_pass_at_a_time_and_none_without_new_sound() -> None:
    talk = Talk()
    talk.speak(1)
    job = talk.transcriber.job()
    assert job is not None and talk.transcriber.job() is None
    talk.transcriber.heard(job, [])
    assert talk.transcriber.job() is None
    talk.speak(STEP / RATE_HZ)
    assert talk.transcriber.job() is not None


def test_long_speech_is_cut_where_its_certain_words_end() -> None:
    talk = Talk()
    text = "one two three four five six seven. " * 4
    talk.speak(TRIM / RATE_HZ + 0.5)
    talk.hear(text)
    talk.speak(STEP / RATE_HZ)
    job, result = talk.hear(text)
    assert words(result) == text.strip()
    talk.speak(STEP / RATE_HZ)
    after = talk.transcriber.job()
    assert after is not None
    assert after.start == job.start + 28 * RATE_HZ // 4  # 28 words of a quarter of a second
    assert after.context.strip().endswith("five six seven.")
    assert talk.transcriber.skipped == 0


def test_a_word_that_a_cut_leaves_behind_is_not_said_twice() -> None:
    talk = Talk()
    text = "one two three four five six seven. " * 4
    talk.speak(TRIM / RATE_HZ + 0.5)
    talk.hear(text)
    talk.speak(STEP / RATE_HZ)
    talk.hear(text)
    talk.speak(1, speech=False)
    job = talk.transcriber.job()
    assert job is not None
    assert words(talk.transcriber.heard(job, heard("seven. Eight nine", job.start))) == "Eight nine"


def test_passes_that_come_too_slowly_skip_to_the_present() -> None:
    talk = Talk()
    talk.speak(1)
    job = talk.transcriber.job()  # and it is not over for a long time
    assert job is not None
    talk.speak(30)
    assert talk.transcriber.skipped > 15 * RATE_HZ
    talk.transcriber.heard(job, heard("long ago"))
    now = talk.transcriber.job()
    assert now is not None
    assert now.start + len(now.sound) == talk.now and len(now.sound) <= LIMIT


def test_utterances_that_wait_are_bounded() -> None:
    talk = Talk()
    talk.speak(1)
    assert talk.transcriber.job() is not None
    for _ in range(10):
        talk.speak(1)
        talk.speak(PAUSE / RATE_HZ + 0.1, speech=False)
    assert talk.transcriber.skipped > 0


def test_a_gap_in_the_sound_begins_anew() -> None:
    talk = Talk()
    talk.speak(1)
    talk.now += 10 * RATE_HZ
    talk.speak(1)
    job, result = talk.hear("before")
    assert job.final and job.start + len(job.sound) == RATE_HZ
    later = talk.transcriber.job()
    assert later is not None and later.start >= 11 * RATE_HZ


# -- the ear ----------------------------------------------------------------------------------------------------------


def test_downsampling_keeps_speech_drops_what_would_fold_and_has_no_seams() -> None:
    t = np.arange(48_000) / 48_000
    for hz, low, high in ((1000, 0.98, 1.02), (12_000, 0.0, 0.002)):
        tone = np.repeat(np.sin(2 * np.pi * hz * t).astype(np.float32)[:, None], 2, 1)
        ear, whole = Downsampler(), Downsampler()
        out = np.concatenate([ear.take(tone[i : i + 6144]) for i in range(0, 48_000 - 6144, 6144)])
        assert np.allclose(out, whole.take(tone)[: len(out)], atol=1e-6)
        assert low <= np.sqrt(2 * np.mean(out[200:] ** 2)) <= high


# -- who speaks -------------------------------------------------------------------------------------------------------

MICS = [Microphone(name="m1", source="a"), Microphone(name="m2", source="b")]
PEOPLE = [Person(name="jack", title="Jack", microphone="m1"), Person(name="anna", title="Anna", microphone="m2")]


def level(amplitude: float, slices: int = 48) -> np.ndarray:
    return np.full((slices * SLICE, 2), amplitude, np.float32)


def at(slice_: float) -> int:
    return time_of_sample(int(slice_ * SLICE))


def test_the_loudest_microphone_says_who_speaks() -> None:
    voices = Voices(MICS, PEOPLE)
    voices.hear(0, [level(0.3), level(0.05)])  # with bleed
    voices.hear(48 * SLICE, [level(0.04), level(0.2)])
    assert voices.who(at(2), at(20)) == "jack"
    assert voices.who(at(60), at(80)) == "anna"


def test_a_little_louder_is_not_another_speaker() -> None:
    voices = Voices(MICS, PEOPLE)
    voices.hear(0, [level(0.3), level(0.05)])
    assert voices.who(at(2), at(20)) == "jack"
    voices.hear(48 * SLICE, [level(0.2), level(0.22)])
    assert voices.who(at(60), at(80)) == "jack"


def test_one_microphone_tells_nobody_apart_and_a_shared_one_is_called_by_its_name() -> None:
    assert Voices(MICS[:1], PEOPLE).who(0, NS) == ""
    both = [Person(name="jack", microphone="m1"), Person(name="anna", microphone="m1")]
    voices = Voices(MICS, both)
    voices.hear(0, [level(0.3), level(0.0)])
    assert voices.who(at(2), at(20)) == "m1"


def test_turns_are_marked() -> None:
    a, b = Said("jack", (Word(" Yes.", 0, 1),)), Said("anna", (Word(" No.", 1, 2),))
    marks = Turns("marks", {})
    assert [marks.marked(s).opening for s in (a, a, b, a)] == ["", "", ">>", ">>"]
    names = Turns("names", {"jack": "Jack F."})
    assert [names.marked(s).opening for s in (a, a, b)] == ["Jack F.:", "", "anna:"]
    none = Turns("none", {})
    assert {none.marked(s).opening for s in (a, b, a)} == {""}


# -- what crosses processes -------------------------------------------------------------------------------------------


def test_the_ring_gives_every_step_in_order_and_forgets_the_old() -> None:
    ring = SaidRing(ring_name("test"), create=True)
    reader = SaidRing(ring.name)
    try:
        said = Said("anna", (Word(" Grüße,", 1, 2), Word(" 你好", 3, 4)), "und so", True, False, ">>")
        ring.put(said)
        at_, got = reader.after(0)
        assert got == [said]
        assert reader.after(at_) == (at_, [])
        for n in range(200):
            ring.put(Said(words=(Word(f" {n}", n, n),)))
        at_, got = reader.after(at_)
        assert [s.words[0].start_ns for s in got] == list(range(200 - len(got), 200)) and 60 <= len(got) <= 64
    finally:
        reader.close()
        ring.close()


def test_much_at_once_is_cut_into_pieces_that_fit() -> None:
    ring = SaidRing(ring_name("test"), create=True)
    try:
        many = tuple(Word(" " + "\U0001f600" * 60, n, n + 1) for n in range(40))
        ring.put(Said("x" * 40, many, "p" * 900, True, opening=">>"))
        _, got = ring.after(0)
        assert [w.start_ns for s in got for w in s.words] == list(range(40))
        assert [s.opening for s in got] == [">>"] + [""] * (len(got) - 1)
        assert [s.ends for s in got] == [False] * (len(got) - 1) + [True]
    finally:
        ring.close()


# -- lines and cues ---------------------------------------------------------------------------------------------------


def test_lines_are_wrapped_by_columns() -> None:
    assert wrapped([" one", " two", " three"], 7) == ["one two", "three"]
    assert columns("你好") == 4 and columns("e\u0301") == 1
    assert wrapped(list("你好世界"), 4) == ["你好", "世界"]


def said(text: str, start_s: float = 0.0, *, step_s: float = 0.3, speaker: str = "", ends: bool = False) -> Said:
    pieces = [" " + w for w in text.split()]
    times = [int((start_s + i * step_s) * NS) for i in range(len(pieces) + 1)]
    return Said(speaker, tuple(Word(p, a, b) for p, a, b in zip(pieces, times, times[1:], strict=False)), ends=ends)


def test_cues_are_short_in_order_and_never_overlap() -> None:
    builder = CueBuilder()
    text = (
        "It will be seen that I did not succeed in my design and that however much I may have met with that was new "
        "and strange "
    )
    cues = [*builder.add(said(text * 3)), *builder.add(said("Yes.", 25, speaker="anna", ends=True)), *builder.end()]
    assert " ".join(c.text for c in cues) == (text * 3 + "Yes.")
    assert all(len(c.lines) <= 2 and all(columns(line) <= 42 for line in c.lines) for c in cues)
    assert all(c.end_ns - c.start_ns <= 6.5 * NS for c in cues)
    assert all(a.end_ns <= b.start_ns for a, b in zip(cues, cues[1:], strict=False))
    assert cues[-1].speaker == "anna" and cues[-1].lines == ("Yes.",)


def test_a_sentence_that_fills_more_than_a_line_ends_its_cue() -> None:
    builder = CueBuilder()
    first = "The narrative would be tedious to him and painful."
    cues = [*builder.add(said(first + " And")), *builder.end()]
    assert [c.text for c in cues] == [first, "And"]


def test_a_vtt_file_is_whole_after_every_cue(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "show.vtt"
    file = CueFile(path, {"anna": "Anna <M>"})
    zero = 100 * NS
    file.put(Cue(zero - 2 * NS, zero - NS, "", ("before the show",)), zero)
    file.put(Cue(zero + 3_723_004_000_000, zero + 3_724_500_000_000, "anna", ("a < b", "& c")), zero)
    assert path.read_text() == "WEBVTT\n\n01:02:03.004 --> 01:02:04.500\n<v Anna &lt;M&gt;>a &lt; b\n&amp; c\n\n"
    file.close()
    again = CueFile(path, {}, fresh=False)  # the worker was started again within the show
    again.put(Cue(zero, zero + NS, "", ("more",)), zero)
    again.close()
    assert path.read_text().count("WEBVTT") == 1 and path.read_text().endswith("more\n\n")
    CueFile(path, {}).close()
    assert path.read_text() == "WEBVTT\n\n" and "more" in (tmp_path / "deep" / "show.old.1.vtt").read_text()


def test_an_srt_file_counts_its_cues(tmp_path: Path) -> None:
    path = tmp_path / "show.srt"
    file = CueFile(path, {})
    for n in range(2):
        file.put(Cue(n * NS, n * NS + NS // 2, "", ("one", "two")), 0)
    file.close()
    assert (
        path.read_text()
        == "1\n00:00:00,000 --> 00:00:00,500\none\ntwo\n\n2\n00:00:01,000 --> 00:00:01,500\none\ntwo\n\n"
    )


# -- on screen --------------------------------------------------------------------------------------------------------


TEMPLATES = {
    name: Template.model_validate({"parts": [{"name": "a", "kind": "text", "text": "x", "anchor": anchor}]})
    for name, anchor in (("lower_third", "bottom left"), ("bug", "top right"))
}


def rig(**captions: object) -> Rig:
    return Rig.model_validate({"sources": [{"name": "a", "kind": "pattern"}], "captions": captions})


def test_words_roll_up_in_two_lines() -> None:
    roll = Roll()
    roll.add([" one", " two"], "")
    assert roll.lines == ["one two"]
    roll.add([" " + "x" * 38], "")
    assert roll.lines == ["one two", "x" * 38]
    roll.add([" Yes."], ">>")
    assert roll.lines == ["x" * 38, ">> Yes."]


def test_the_overlay_comes_goes_and_makes_room() -> None:
    desk = CaptionDesk(rig(), TEMPLATES)
    log: list[object] = []
    assert desk.views(()) == ()
    told = desk.say([said("Ask not", speaker="jack")], 1.0, lambda *a, **k: log.append((a, k)))
    assert [s.text for s in told] == ["Ask not"]
    assert log == [(("caption", "captions"), {"speaker": "jack", "text": "Ask not"})]
    (view,) = desk.views(())
    assert dict(view.fields) == {"line1": "", "line2": "Ask not", "raised": "0"}
    for template, raised in (("lower_third", "1"), ("bug", "0")):
        (view,) = desk.views((GraphicView("who", template, (), 0.4),))
        assert dict(view.fields)["raised"] == raised
    desk.visible = False
    assert desk.views(()) == ()
    desk.visible = True
    desk.say([], 1.0 + LINGER_S + 0.1, lambda *a, **k: None)
    assert desk.views(()) == ()


def test_a_hand_clears_what_stands_there_and_what_goes_out() -> None:
    desk = CaptionDesk(rig(), TEMPLATES)
    desk.say([said("a wrong word")], 1.0, lambda *a, **k: None)
    desk.clear()
    assert desk.views(()) == ()
    assert desk.say([said("and on")], 1.1, lambda *a, **k: None) == [Said(clear=True), said("and on")]
    assert desk.lines == ("", "and on")


@pytest.mark.parametrize(
    ("captions", "says"),
    [
        ({"language": "de"}, "English only"),
        ({"translate": "english"}, "can't translate"),
        ({"translate": "german"}, "package:function"),
        ({"translate": []}, "empty command"),
        ({"file": "captions.txt"}, r"\.vtt or \.srt"),
    ],
)
def test_a_rig_that_asks_for_what_cannot_be_is_told(captions: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        rig(**captions)


# -- translation ------------------------------------------------------------------------------------------------------

CUE = Cue(10 * NS, 12 * NS, "anna", ("good morning",))


def test_a_translation_takes_the_place_of_the_caption_in_order(tmp_path: Path) -> None:
    (tmp_path / "loud_hook.py").write_text("def shout(text):\n    return text.upper()\n")
    said_: list[str] = []
    translator = Translator(load_hook("loud_hook:shout", tmp_path, 3), "loud_hook:shout", 3, said_.append)
    for n in range(3):
        translator.put(Cue(n * NS, n * NS + 1, "", (f"caption {n}",)), 0)
    assert [text for _, text in translator.take(0, wait=True)] == ["CAPTION 0", "CAPTION 1", "CAPTION 2"]
    assert said_ == [] and translator.idle


def test_a_hook_that_fails_is_named_once_and_the_caption_goes_on() -> None:
    said_: list[str] = []
    answers = iter([ValueError("no quota"), ValueError("no quota"), "guten Morgen", None])

    def hook(text: str) -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[return-value]

    translator = Translator(hook, "my:hook", 3, said_.append)
    out = []
    for _ in range(4):
        translator.put(CUE, 0)
        out += [text for _, text in translator.take(0, wait=True)]
    assert out == ["good morning", "good morning", "guten Morgen", "good morning"]
    assert [re.sub(r"[;:].*", "", s.removeprefix("translation my:hook: ")) for s in said_] == [
        "ValueError",
        "works again",
        "TypeError",
    ]


def test_a_hook_that_hangs_has_its_time() -> None:
    go = threading.Event()
    said_: list[str] = []

    def hook(text: str) -> str:
        go.wait(20)
        return "late"

    translator = Translator(hook, "slow:hook", 1.0, said_.append)
    translator.put(CUE, 0)
    assert list(translator.take(NS // 2)) == []
    assert [text for _, text in translator.take(2 * NS)] == ["good morning"]
    assert "no answer within 1 s" in said_[0]
    go.set()
    translator.put(CUE, 3 * NS)
    assert [text for _, text in translator.take(3 * NS, wait=True)] == ["late"]


def test_a_command_translates_too() -> None:
    hook = load_hook(["tr", "a-z", "A-Z"], Path(), 5)
    assert hook("good morning").strip() == "GOOD MORNING"
    with pytest.raises(RuntimeError, match="exit 1"):
        load_hook(["false"], Path(), 5)("x")


@pytest.mark.parametrize("name", ["no_such_package_at_all:f", "json:no_such_function", "json:__doc__"])
def test_a_hook_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(ModelError, match=name):
        load_hook(name, Path(), 3)


def test_a_translation_is_spread_over_the_time_of_its_caption() -> None:
    spread_ = spread("guten Morgen zusammen", CUE)
    assert [w.text for w in spread_] == [" guten", " Morgen", " zusammen"]
    assert spread_[0].start_ns == CUE.start_ns and abs(spread_[-1].end_ns - CUE.end_ns) <= 3
