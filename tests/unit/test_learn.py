"""Learning a style: a director whose numbers are known makes shows; from their logs the numbers are found again."""

from __future__ import annotations

import json
import random
import tomllib
from pathlib import Path

import pytest

from live.base.errors import LogError, OutputError
from live.config.load import load_style
from live.config.style import Style, styled
from live.director.cost import Candidate
from live.director.director import Director
from live.learn.learn import learn
from live.learn.material import Cut, lesson
from live.learn.replay import likeness, replay
from live.review.log import read_log
from live.sound.hearing import Hearing

PEOPLE = ("anna", "ben", "carla")
CANDIDATES = (Candidate("wide", "wide"), *(Candidate(f"cam-{p}", "close_up", p) for p in PEOPLE))
RATE_HZ = 10
TALK = Style()
CALM = styled(TALK, {"min_shot_s": 4.0, "cut_s": 2.7, "overlap_s": 1.5, "silence_s": 2.5})
START = {
    "frame": 0,
    "timecode": "00:00:00:00",
    "t_s": 0.0,
    "kind": "start",
    "by": "live",
    "title": "A show",
    "rig": "rig.toml",
    "rate": f"{RATE_HZ}/1",
    "picture": {},
    "program": "wide",
    "people": [{"name": p, "label": p.title()} for p in PEOPLE],
    "sources": [],
    "shots": [{"id": c.shot, "label": c.shot, "role": c.role, "person": c.person} for c in CANDIDATES],
}


def conversation(seconds: float, seed: int) -> list[tuple[float, tuple[str, ...]]]:
    """Who speaks from when on: turns, pauses, silences and talk at once."""
    rng, t_s, found, last = random.Random(seed), 1.0, [], ""
    while t_s < seconds:
        what = rng.random()
        if what < 0.12:
            who, length_s = (), rng.uniform(3, 8)
        elif what < 0.3:
            who, length_s = tuple(sorted(rng.sample(PEOPLE, 2))), rng.uniform(1, 5)
        else:
            last = rng.choice([p for p in PEOPLE if p != last])
            who, length_s = (last,), rng.lognormvariate(1.2, 0.8)
        found += [(round(t_s, 1), who), (round(t_s + length_s, 1), ())]
        t_s += length_s + rng.uniform(0.1, 0.6)
    return found


def log_of(path: Path, style: Style, *, seconds: float, seed: int, by: str = "osc 10.0.0.5:4000") -> Path:
    """The log of a show that a director of this style has cut by hand."""
    script = conversation(seconds, seed)
    director, on_air, since_s, who = Director(CANDIDATES, style), "wide", 0.0, ()
    rows = [START]
    for frame in range(round(seconds * RATE_HZ)):
        now_s = frame / RATE_HZ
        line = {"frame": frame, "timecode": "", "t_s": now_s, "by": by}
        new = next((w for t, w in reversed(script) if t <= now_s), ())
        if new != who:
            who = new
            rows.append(line | {"kind": "speech", "by": "live", "speaking": list(who)})
        proposal = director.step(
            now_s, hearing=Hearing(dict.fromkeys(who, True)), on_air=on_air, on_air_since_s=since_s, epoch=0
        )
        if proposal is not None and now_s >= proposal.due_s:
            rows.append(line | {"kind": "cut", "from": on_air, "to": proposal.shot, "reason": "by hand"})
            on_air, since_s = proposal.shot, now_s
    rows.append(
        {
            "frame": round(seconds * RATE_HZ),
            "timecode": "",
            "t_s": seconds,
            "kind": "end",
            "by": "live",
            "frames": round(seconds * RATE_HZ),
        }
    )
    path.write_text("\n".join(map(json.dumps, rows)) + "\n")
    return path


def test_a_style_is_found_again_from_its_shows(tmp_path: Path) -> None:
    logs = [log_of(tmp_path / f"show{n}.jsonl", CALM, seconds=220, seed=n) for n in (1, 2)]
    said: list[str] = []
    style = learn(logs, out=tmp_path / "mine.toml", name=None, say=said.append)
    for name, share in {"min_shot_s": 0.15, "overlap_s": 0.3, "silence_s": 0.3}.items():
        assert getattr(style, name) == pytest.approx(getattr(CALM, name), rel=share), name
    assert style.cut_s > TALK.cut_s + 0.2

    unseen = lesson(read_log(log_of(tmp_path / "unseen.jsonl", CALM, seconds=240, seed=9)))
    fitted, default = likeness(unseen, replay(unseen, style)), likeness(unseen, replay(unseen, TALK))
    assert fitted.f1 > 0.7 and fitted.f1 > default.f1 + 0.2
    assert fitted.same > 0.85 and fitted.same > default.same

    assert load_style(tmp_path / "mine.toml").model_dump(exclude={"about"}) == style.model_dump(exclude={"about"}), (
        "the file says the same"
    )
    text = "\n".join(said)
    assert "s on a close-up, " in text and " longer " not in text
    assert "s of silence, sooner than talk" in text and "s of several people at once, sooner than talk" in text
    assert "each of the 2 shows, predicted from the others" in text


def test_a_director_like_the_default_is_told_so(tmp_path: Path) -> None:
    log = log_of(tmp_path / "show.jsonl", TALK, seconds=130, seed=4)
    said: list[str] = []
    style = learn([log], out=tmp_path / "same.toml", name="same", say=said.append)
    assert abs(style.min_shot_s - TALK.min_shot_s) < 0.5 and style.cut_s == pytest.approx(TALK.cut_s, rel=0.2)
    assert any("as talk does" in line for line in said)
    assert any("the last third of the show" in line for line in said)
    assert tomllib.loads((tmp_path / "same.toml").read_text())["title"] == "same"


def test_what_a_hand_undoes_is_not_learnt(tmp_path: Path) -> None:
    path = log_of(tmp_path / "show.jsonl", TALK, seconds=120, seed=3, by="director")
    whole = lesson(read_log(path))
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    at = next(i for i, row in enumerate(rows) if row["kind"] == "cut" and i > 20)
    undo = rows[at] | {
        "frame": rows[at]["frame"] + 12,
        "from": rows[at]["to"],
        "to": rows[at]["from"],
        "by": "osc 10.0.0.5:4000",
    }
    after = next(i for i, row in enumerate(rows) if row["frame"] > undo["frame"])
    path.write_text("\n".join(map(json.dumps, [*rows[:after], undo, *rows[after:]])) + "\n")
    found = lesson(read_log(path))
    assert found.undone == 1
    assert (
        Cut(rows[at]["t_s"], [c.shot for c in CANDIDATES].index(rows[at]["to"])) not in found.cuts
        and len(found.cuts) == len(whole.cuts) - 1
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: rows[1:], "no `start` line"),
        (lambda rows: [rows[0] | {"shots": rows[0]["shots"][:1]}, *rows[1:]], "fewer than two shots"),
        (lambda rows: [r for r in rows if r["kind"] != "speech"], "nobody was heard"),
        (lambda rows: [r for r in rows if r["kind"] != "cut"], "0 cuts is too little"),
    ],
)
def test_a_log_that_teaches_nothing_is_refused(tmp_path: Path, change, said: str) -> None:
    path = log_of(tmp_path / "show.jsonl", TALK, seconds=90, seed=5)
    rows = change([json.loads(line) for line in path.read_text().splitlines()])
    path.write_text("\n".join(map(json.dumps, rows)) + "\n")
    with pytest.raises(LogError, match=said):
        learn([path], out=tmp_path / "x.toml", name=None, say=lambda line: None)
    assert not (tmp_path / "x.toml").exists()


@pytest.mark.parametrize(("name", "out"), [("talk", "x.toml"), ("My Style", "x.toml"), ("mine", "nowhere/x.toml")])
def test_a_bad_name_or_place_is_refused_before_the_work(tmp_path: Path, name: str, out: str) -> None:
    path = log_of(tmp_path / "show.jsonl", TALK, seconds=90, seed=5)
    with pytest.raises(OutputError):
        learn([path], out=tmp_path / out, name=name, say=lambda line: pytest.fail("worked already"))
