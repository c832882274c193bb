"""Afterwards, on whole shows: the time line an editor opens, the page, and the show cut again from its isos."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import av
import numpy as np
import opentimelineio as otio
import pytest
from typer.testing import CliRunner

from live.base.errors import LogError
from live.cli import app
from live.config.output import EncoderConfig
from live.engine.offline import run_offline
from live.engine.options import RunOptions
from live.outputs.encoder import Encoder
from live.review.figures import following
from live.review.log import Command, Cut, ShowLog, read_log
from live.review.page import page, review
from live.review.recut import plan
from live.review.timeline import SUFFIXES, write_timeline
from tests.feed import SMALL, file_output, picture
from tests.support.logs import cut, end, line, log_of, speech, start
from tests.support.shows import PATTERNS, script, small_show

# Two people whose cameras are in no scene, so that each full frame is a close-up.
TALK = (
    PATTERNS.replace('talent = { left = "cam1", right = "cam2" }', 'talent = { left = "cam3", right = "cam4" }')
    + """
[[sources]]
name = "cam3"
kind = "pattern"
[[sources]]
name = "cam4"
kind = "pattern"
"""
    + """
[[people]]
name = "anna"
microphone = "mic1"
camera = "cam1"
[[people]]
name = "ben"
camera = "cam2"
"""
)


def clips(timeline: otio.schema.Timeline, track: str = "PGM") -> list[otio.schema.Clip]:
    found = next(t for t in timeline.tracks if t.name == track)
    return [item for item in found if isinstance(item, otio.schema.Clip)]


def begins(found: list[otio.schema.Clip]) -> list[int]:
    return [round(clip.range_in_parent().start_time.value) for clip in found]


# -- the time line ----------------------------------------------------------------------------------------------------

CUTS = (
    cut(47, "wide", "cam1"),
    cut(91, "cam1", "cam2", "script"),
    line(100, "marker", "script", text="the good bit"),
    line(110, "override", "script", vetoed="cam1", reason="r"),
    cut(300, "cam2", "wide", "script", transition="mix", seconds=0.5),
    cut(1801, "wide", "cam1"),
    cut(1802, "cam1", "cam2", "script"),
    cut(17983, "cam2", "wide"),
    cut(53946, "wide", "cam1"),
)
BEGINS = [0, 47, 91, 300, 1801, 1802, 17983, 53946]


def long_log(folder: Path, rate: str, **more: object) -> ShowLog:
    """Half an hour with cuts where rounding goes wrong if anywhere."""
    outputs = [
        {"name": "record", "kind": "file", "path": str(folder / "show.mp4")},
        {"name": "iso-cam1", "kind": "iso", "path": str(folder / "cam1.mp4"), "source": "cam1"},
    ]
    return log_of(folder, start(rate=rate, outputs=outputs, **more), speech(40, "anna"), *CUTS, end(53990))


@pytest.mark.parametrize("rate", ["30/1", "25/1", "30000/1001", "60000/1001", "24000/1001"])
@pytest.mark.parametrize("suffix", [".otio", ".edl", ".xml"])
def test_an_editors_cuts_are_the_shows_to_the_frame(tmp_path: Path, rate: str, suffix: str) -> None:
    path = tmp_path / f"show{suffix}"
    write_timeline(long_log(tmp_path, rate), path)
    options = {"rate": round(Fraction(rate))} if suffix == ".edl" else {}
    timeline = otio.adapters.read_from_file(str(path), **options)
    tracks = [[c for c in t if isinstance(c, otio.schema.Clip)] for t in timeline.tracks if t.kind == "Video"]
    found = max(tracks, key=len)
    assert begins(found) == BEGINS
    assert [round(c.source_range.start_time.value) for c in found] == BEGINS, (
        "frame n of the recording is frame n of the show"
    )
    if suffix != ".edl":
        assert found[0].source_range.start_time.rate == pytest.approx(float(Fraction(rate)), abs=1e-6)
    (mix,) = [item for t in timeline.tracks for item in t if isinstance(item, otio.schema.Transition)]
    assert round((mix.in_offset + mix.out_offset).value) == round(0.5 * Fraction(rate))


@pytest.mark.parametrize("rate", ["30/1", "30000/1001", "60000/1001"])
def test_fcpxml_counts_in_exact_fractions(tmp_path: Path, rate: str) -> None:
    path = tmp_path / "show.fcpxml"
    write_timeline(long_log(tmp_path, rate), path)
    root = ElementTree.parse(path).getroot()
    assert {f.get("frameDuration") for f in root.iter("format")} == {str(1 / Fraction(rate)) + "s"}
    found = sorted(
        {
            Fraction(c.get("offset", "0s").rstrip("s")) * Fraction(rate)
            for spine in root.iter("spine")
            for c in spine
            if c.tag == "clip"
        }
    )
    assert found == BEGINS
    if rate == "30/1":  # its reader knows whole rates only
        timeline = otio.adapters.read_from_file(str(path))
        timeline = timeline if isinstance(timeline, otio.schema.Timeline) else timeline[0]
        assert begins(max((list(t.find_clips()) for t in timeline.tracks if t.kind == "Video"), key=len)) == BEGINS


def test_the_edl_has_the_logs_own_timecodes(tmp_path: Path) -> None:
    write_timeline(long_log(tmp_path, "30000/1001"), tmp_path / "show.edl")
    text = (tmp_path / "show.edl").read_text()
    assert "FCM: NON-DROP FRAME" in text and "00:00:03:01" in text and "00:29:58:06" in text and ";" not in text


def test_a_clip_says_who_cut_why_and_who_spoke(tmp_path: Path) -> None:
    write_timeline(long_log(tmp_path, "30/1"), tmp_path / "show.otio")
    timeline = otio.adapters.read_from_file(str(tmp_path / "show.otio"))
    assert [t.name for t in timeline.tracks] == ["ISO cam1", "PGM", "PGM sound", "ISO cam1"]
    found = clips(timeline)
    tags = [dict(clip.metadata["live"]) for clip in found]
    assert [t["by"] for t in tags] == ["rig", "machine", "hand", "hand", "machine", "hand", "machine", "machine"]
    assert [t["override"] for t in tags] == [False, False, True, False, False, True, False, False]
    assert (tags[1]["shot"], tags[1]["size"], tags[1]["person"], list(tags[1]["speakers"])) == (
        "cam1",
        "close_up",
        "anna",
        ["anna"],
    )
    names = [(m.name, m.color, round(m.marked_range.start_time.value)) for m in found[2].markers]
    assert ("the good bit", "PURPLE", 100) in names and ("override: vetoed Anna's camera", "ORANGE", 110) in names
    assert found[0].media_reference.target_url == (tmp_path / "show.mp4").as_uri()
    assert found[1].media_references()["iso"].target_url == (tmp_path / "cam1.mp4").as_uri()
    (iso,) = clips(timeline, "ISO cam1")
    assert [(m.name, round(m.marked_range.start_time.value)) for m in iso.markers] == [("Anna speaks", 40)]


def film(path: Path, frames: int, begins: int | None = None) -> None:
    """A recording as the outputs leave it: of one after a fault it says where it begins."""
    encoder = Encoder(
        SMALL, EncoderConfig(), [file_output(path)], lambda text: None, patient=True, fresh=begins is None
    )
    for frame in range(begins or 0, (begins or 0) + frames):
        encoder.video(picture(60 + frame % 100), frame)
    encoder.close(20.0)


def test_a_recording_in_pieces_lies_where_it_belongs(tmp_path: Path) -> None:
    film(tmp_path / "show.mp4", 100)
    film(tmp_path / "show.mp4", 150, begins=130)
    assert (tmp_path / "show.2.mp4").exists()
    said = [
        line(0, "state", "encoder", output="record", message=f"live: recording {name}")
        for name in ("show.mp4", "show.2.mp4")
    ]
    outputs = [{"name": "record", "kind": "file", "path": str(tmp_path / "show.mp4")}]
    log = log_of(tmp_path, start(outputs=outputs), *said, cut(60, "wide", "cam1"), cut(140, "cam1", "cam2"), end(280))
    write_timeline(log, tmp_path / "show.otio")
    timeline = otio.adapters.read_from_file(str(tmp_path / "show.otio"))
    found = clips(timeline)
    assert begins(found) == [0, 60, 130, 140], "the shot goes on in the second file, after a gap of what nobody has"
    names = ["show.mp4", "show.mp4", "show.2.mp4", "show.2.mp4"]
    assert [Path(c.media_reference.target_url).name for c in found] == names
    assert round(found[1].duration().value) == 40
    assert round(found[3].source_range.start_time.value) == 10, "frame 140 of the show is frame 10 of its second file"
    assert begins(clips(timeline, "PGM sound")) == [0, 130]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_recording_that_begins_after_the_show_leaves_a_gap(tmp_path: Path, suffix: str) -> None:
    film(tmp_path / "show.mp4", 100, begins=3)
    outputs = [{"name": "record", "kind": "file", "path": str(tmp_path / "show.mp4")}]
    log = log_of(tmp_path, start(outputs=outputs), cut(60, "wide", "cam1", transition="mix", seconds=0.5), end(110))
    write_timeline(log, tmp_path / f"show{suffix}")
    if suffix == ".edl":
        events = [row.split()[4:] for row in (tmp_path / "show.edl").read_text().splitlines() if row[:3].isdigit()]
        assert events[0] == ["00:00:00:00", "00:00:01:27", "00:00:00:03", "00:00:02:00"]
    if suffix == ".otio":
        timeline = otio.adapters.read_from_file(str(tmp_path / "show.otio"))
        found = clips(timeline)
        assert begins(found) == [3, 60] and [round(c.source_range.start_time.value) for c in found] == [0, 57]


NAMES = "bell \a here", "]]> & <tag>", "two\nlines\tand a tab", "\U0001f3ac Zoë", "x" * 3000, "\0\ud800\ufffe", ""


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_titles_and_markers_as_people_write_them(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / "Zoë – 東京 100% #1" / 'it\'s "final".mp4'
    outputs = [{"name": "record", "kind": "file", "path": str(path)}]
    isos = [
        {"name": f"iso-{c}", "kind": "iso", "path": str(tmp_path / f"{c}.mp4"), "source": c} for c in ("cam1", "cam2")
    ]
    marked = [line(10 * n, "marker", "osc", text=text) for n, text in enumerate(NAMES, 1)]
    title = 'Zoë & "Ben" <live>\nsecond line\a'
    whole = log_of(tmp_path, start(title=title, outputs=[*outputs, *isos]), *marked, cut(25, "wide", "cam1"), end(200))
    write_timeline(whole, tmp_path / f"show{suffix}")
    text = (tmp_path / f"show{suffix}").read_text(encoding="utf-8")
    if suffix == ".edl":
        rows = text.splitlines()
        assert text.isascii() and all(row.isprintable() and len(row) < 400 for row in rows)
        assert all(not row or row[:3].isdigit() or row.startswith(("TITLE: ", "FCM: ", "* ")) for row in rows)
        assert all(re.fullmatch(r"[A-Za-z0-9]{1,8}", row.split()[1]) for row in rows if row[:3].isdigit())
    elif suffix != ".otio":
        ids = [
            e.get("id") for e in ElementTree.fromstring(text).iter() if e.tag in ("clipitem", "asset") and e.get("id")
        ]
        assert len(set(ids)) == len(ids) > 0


def test_what_an_edl_cannot_say_is_told_before_it_is_written(tmp_path: Path) -> None:
    shots = ("wide", "cam1", "cam2")
    cuts = [cut(5 * n, shots[(n - 1) % 3], shots[n % 3]) for n in range(1, 1001)]
    many, day = log_of(tmp_path, start(), *cuts, end(6000)), 24 * 3600 * 30
    with pytest.raises(LogError, match="an EDL holds 999 events, and the show has 1001; write .xml"):
        write_timeline(many, tmp_path / "show.edl")
    with pytest.raises(LogError, match="an EDL ends after 24 hours"):
        write_timeline(log_of(tmp_path, start(), cut(60, "wide", "cam1"), end(day + 1)), tmp_path / "show.edl")
    assert not (tmp_path / "show.edl").exists()
    said: list[str] = []
    write_timeline(log_of(tmp_path, start(rate="60/1"), end(100)), tmp_path / "show.edl", said.append)
    assert any("60 frames a second" in text for text in said)


def test_missing_recordings_are_said_and_other_formats_refused(tmp_path: Path) -> None:
    said: list[str] = []
    log = long_log(tmp_path, "30/1")
    write_timeline(log, tmp_path / "show.otio", said.append)
    assert [name in text for name, text in zip(("cam1.mp4", "show.mp4"), said, strict=True)] == [True, True]
    with pytest.raises(LogError, match=".otio, .edl, .xml, .fcpxml"):
        write_timeline(log, tmp_path / "show.aaf")


# -- the page ---------------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """Every address that a page asks for, and whether what is opened is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for key, value in attrs if key in ("src", "href", "srcset", "data")]
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_asks_for_nothing(tmp_path: Path) -> None:
    log = long_log(tmp_path, "30/1", title="Ups & <downs>")
    text = page(review(log))
    parser = Page()
    parser.feed(text)
    assert parser.open == [] and parser.addresses == []
    assert "url(" not in text and "@import" not in text and "<script" not in text
    assert "Ups &amp; &lt;downs&gt;" in text and "the good bit" in text and "vetoed Anna&#x27;s camera" in text
    assert not re.search(r"\b(nan|inf|None)\b", text)


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (end(1),),
        (cut(10, "wide", "cam1"),),
        (speech(0, "anna"), end(3000)),
        (speech(0, "anna", "ben"), end(300_000)),
    ],
)
def test_the_page_of_any_show_can_be_made(tmp_path: Path, lines: tuple) -> None:
    parser = Page()
    parser.feed(page(review(log_of(tmp_path, start(), *lines))))
    assert parser.open == []


def test_a_show_without_people_has_a_page(tmp_path: Path) -> None:
    assert "Seen and heard" not in page(review(log_of(tmp_path, start(people=[]), end(100))))


# -- the recut --------------------------------------------------------------------------------------------------------

TURNS = [(20, "anna"), (140, "ben"), (260, "anna"), (330, "")]
SECONDS = 13.0


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A show that was run off line with isos, by hand all along; into its log, who spoke when."""
    folder = tmp_path_factory.mktemp("shown")
    show = small_show(folder, TALK)
    hand = script(
        folder,
        (0, "/director/level", ["off"]),
        (30, "/graphics/lower/show", []),
        (60, "/program/cut", ["cam2"]),
        (200, "/show/marker", ["here"]),
    )
    options = RunOptions(SECONDS, folder / "show.mp4", folder / "show.jsonl", commands=hand, isos=folder / "isos")
    assert run_offline(show, options, lambda text: None) == 0
    said = [json.dumps(speech(frame, *([who] if who else []))) for frame, who in TURNS]
    rows = [row for row in (folder / "show.jsonl").read_text().splitlines() if '"speech"' not in row]
    rows[1:-1] = sorted([*rows[1:-1], *said], key=lambda row: json.loads(row)["frame"])
    (folder / "show.jsonl").write_text("\n".join(rows) + "\n")
    return folder


def live(*words: str) -> str:
    """A command line, as a person gives it; what it says."""
    done = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def lumas(path: Path) -> Iterator[np.ndarray]:
    with av.open(str(path)) as file:
        for frame in file.decode(video=0):
            yield frame.to_ndarray()[: frame.height].astype(np.float32)


def test_the_isos_are_the_program_where_it_showed_them_whole(shown: Path) -> None:
    """cam2 is on program full frame from frame 60 on, with a graphic in its lower third: the rest of the picture is the
    iso's."""
    pairs = list(zip(lumas(shown / "show.mp4"), lumas(shown / "isos" / "cam2.mp4"), strict=True))
    assert len(pairs) == SECONDS * 30
    off = [float(np.abs(program[:90] - iso[:90]).mean()) for program, iso in pairs[60:]]
    assert max(off) < 2.0
    late = [
        float(np.abs(program[:90] - pairs[60 + i - 1][1][:90]).mean()) for i, (program, _) in enumerate(pairs[60:])
    ][1:]
    assert np.mean(late) > 2 * np.mean(off), "the frame before is another picture, so this one is the right one"


def test_a_recut_follows_the_speakers_of_the_log_and_leaves_the_old_files(shown: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in shown.rglob("*.*")}
    out = shown / "again" / "talk.mp4"
    said = live("recut", str(shown / "show.jsonl"), "--style", "talk", "--out", str(out))
    assert str(out) in said
    assert {path: path.stat().st_mtime_ns for path in before} == before
    log = read_log(out.with_suffix(".jsonl"))
    found = following(log)
    assert found.close_up is not None and found.close_up > 0.95 and found.latency_s == 0.0
    assert log.frames == SECONDS * 30 and sum(1 for _ in lumas(out)) == log.frames
    assert all(c.by == "director" for c in log.of(Cut)) and not log.of(Command)
    timeline = otio.adapters.read_from_file(str(out.with_suffix(".otio")))
    assert begins(clips(timeline)) == [s.start for s in log.spans()]
    assert [t.name for t in timeline.tracks if t.kind == "Video"] == [*(f"ISO cam{n}" for n in range(1, 5)), "PGM"]
    for span in log.spans():  # a camera full frame is its iso, frame by frame
        if span.shot.source == "cam2":
            iso = list(lumas(shown / "isos" / "cam2.mp4"))[span.start + 5 : span.end]
            new = list(lumas(out))[span.start + 5 : span.end]
            assert max(float(np.abs(a - b).mean()) for a, b in zip(iso, new, strict=True)) < 2.5


def test_a_recut_is_the_same_each_time_and_can_be_cut_again(shown: Path) -> None:
    logs = []
    for name in ("one", "two"):
        live("recut", str(shown / "show.jsonl"), "--out", str(shown / name / "again.mp4"))
        rows = (shown / name / "again.jsonl").read_text().splitlines()
        logs.append([row for row in rows if '"start"' not in row])
    assert logs[0] == logs[1]
    again = plan(read_log(shown / "one" / "again.jsonl"), None)
    first = plan(read_log(shown / "show.jsonl"), None)
    assert [again.hearing(i / 30) for i in range(300)] == [first.hearing(i / 30) for i in range(300)]


def test_hands_are_kept_when_asked_for(shown: Path) -> None:
    out = shown / "kept" / "kept.mp4"
    live("recut", str(shown / "show.jsonl"), "--keep-hands", "--out", str(out))
    commands = [(c.frame, c.address) for c in read_log(out.with_suffix(".jsonl")).of(Command)]
    assert commands == [
        (0, "/director/level"),
        (30, "/graphics/lower/show"),
        (60, "/program/cut"),
        (200, "/show/marker"),
    ]


def test_what_a_recut_lacks_is_named(shown: Path, tmp_path: Path) -> None:
    rows = (shown / "show.jsonl").read_text().splitlines()
    first = json.loads(rows[0])

    def changed(**more: object) -> ShowLog:
        path = tmp_path / "changed.jsonl"
        path.write_text("\n".join([json.dumps(first | more), *rows[1:]]) + "\n")
        return read_log(path)

    with pytest.raises(LogError, match="rig .*gone.toml is not there"):
        plan(changed(rig=str(tmp_path / "gone.toml")), None)
    gone = [{"name": "iso-cam1", "kind": "iso", "source": "cam1", "path": str(tmp_path / "nowhere.mp4")}]
    with pytest.raises(LogError, match=r"isos are not there.*cam1 \(.*nowhere.mp4\)"):
        plan(changed(outputs=gone), None)
    rig = tmp_path / "rig.toml"
    text = (shown / "rig.toml").read_text()
    rig.write_text(text.replace('kind = "pattern"\nblip = false', 'kind = "network"\nurl = "rtsp://127.0.0.1/x"'))
    with pytest.raises(LogError, match="no isos of cam2; record every camera"):
        plan(changed(rig=str(rig), outputs=[o for o in first["outputs"] if o.get("source") != "cam2"]), None)
    with pytest.raises(LogError, match="no such style; one of: .*talk"):
        plan(changed(), "nonsense")


def test_the_old_recording_is_never_the_new_one(shown: Path) -> None:
    words = ["recut", str(shown / "show.jsonl"), "--out", str(shown / "x.mp4"), "--log", str(shown / "show.jsonl")]
    with pytest.raises(LogError, match="the old files stay"):
        CliRunner().invoke(app, words, catch_exceptions=False)
