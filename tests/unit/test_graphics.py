"""The graphics' state: coming, going, clocks and countdowns, data files, files saved while on air."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.base.clock import MIDNIGHT
from live.base.errors import ConfigError, SceneError
from live.base.paths import shipped
from live.config.graphics import GraphicConfig
from live.config.lines import line_of, places
from live.config.load import load_file
from live.config.template import BarPart, Template, number_in
from live.engine.datafile import read_fields
from live.engine.watch import Watch
from live.render.files import Files
from live.render.graphic_layout import Box
from live.render.graphic_parts import Place, paint
from live.show.graphics.model import Graphics, left

TEMPLATES = {f.parent.name: load_file(f, Template) for f in shipped("graphics").glob("*/template.toml")}


def graphics(template: str = "lower_third", **fields: str) -> Graphics:
    return Graphics([GraphicConfig(name="g", template=template, fields=fields)], TEMPLATES)


def test_a_graphic_comes_in_its_templates_time_and_leaves_in_another():
    g = graphics(title="One")
    g["g"].visible = True
    enter_s = TEMPLATES["lower_third"].enter_s
    for _ in range(10):
        g.fade(enter_s / 10)
    assert g["g"].amount == pytest.approx(1.0) and not g.views()[0].leaving
    g["g"].visible = False
    g.fade(TEMPLATES["lower_third"].leave_s / 2)
    assert g["g"].amount == pytest.approx(0.5) and g.views()[0].leaving


def test_what_a_template_says_by_itself_is_there_from_the_start():
    assert graphics("score", home="Rapid")["g"].fields == {
        "home": "Rapid",
        "home_points": "0",
        "guest": "GUEST",
        "guest_points": "0",
        "period": "",
    }


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("62", 62.0),
        ("62,5 %", 62.5),
        ("€ 12,500 raised", 12500.0),
        ("1 234 567", 1234567.0),
        ("-3.5 dB", -3.5),
        ("7 of 10", 7.0),
        ("1,5", 1.5),
        ("", None),
        ("soon", None),
        ("\N{ARABIC-INDIC DIGIT FIVE}", None),
    ],
)
def test_a_bar_reads_the_number_in_a_text(text: str, number: float | None):
    assert number_in(text) == number


@given(value=st.text(max_size=40), whole=st.text(max_size=40))
def test_whatever_its_fields_say_a_bar_is_between_empty_and_full(value: str, whole: str):
    bar = BarPart(name="bar", kind="bar", value="{value}", whole="{whole}")
    assert 0.0 <= float(bar.said({"value": value, "whole": whole}).text) <= 1.0


@pytest.mark.parametrize(
    ("towards", "ends"), [("right", (0, 29)), ("left", (30, 59)), ("down", (0, 29)), ("up", (30, 59))]
)
def test_a_bar_fills_its_track_from_its_own_side(towards: str, ends: tuple[int, int]):
    upright = towards in ("up", "down")
    config = BarPart(name="bar", kind="bar", value="50", towards=towards, colour="#ffffff", track="#000000")
    box = Box(20, 20, *((10, 60) if upright else (60, 10)))
    art = paint(config, config.said({}), Place(box, (200, 200), 1.0, Files()), None)
    line = art.rgba[:, 4, 0] if upright else art.rgba[4, :, 0]
    lit = np.flatnonzero(line > 127)
    assert (int(lit[0]), int(lit[-1]), len(lit)) == (*ends, 30)


@pytest.mark.parametrize(
    ("fields", "since_s", "now", "says"),
    [
        ({"minutes": "5"}, 0.0, MIDNIGHT, "5:00"),
        ({"minutes": "5"}, 0.4, MIDNIGHT, "5:00"),
        ({"minutes": "1,5"}, 30.0, MIDNIGHT, "1:00"),
        ({"minutes": "5"}, 400.0, MIDNIGHT, "0:00"),
        ({"minutes": "90"}, 0.0, MIDNIGHT, "1:30:00"),
        ({"minutes": "soon"}, 0.0, MIDNIGHT, "0:00"),
        ({"minutes": "5", "until": "20:15"}, 0.0, MIDNIGHT.replace(hour=20, minute=10, second=30), "4:30"),
        ({"until": "0:05"}, 0.0, MIDNIGHT.replace(hour=23, minute=59), "6:00"),
        ({"until": "20:15"}, 0.0, MIDNIGHT.replace(hour=20, minute=16), "0:00"),
    ],
)
def test_a_countdown_says_what_is_left(fields, since_s, now, says):
    assert left(fields, since_s, now) == says


def test_a_clock_says_the_time():
    g = graphics("clock")
    g.time_of_day = MIDNIGHT.replace(hour=7, minute=5)
    assert dict(g.standby()[0].fields)["clock"] == "07:05"


def test_fields_come_from_json_by_their_places(tmp_path: Path):
    file = tmp_path / "game.json"
    file.write_text(
        json.dumps({"teams": [{"name": "Rapid", "goals": 2}, {"name": "Austria"}], "news": ["one", "two"], "on": True}),
        "utf-8",
    )
    places = {
        "home": "teams.0.name",
        "home_points": "teams.0.goals",
        "guest": "teams.1.name",
        "lines": "news",
        "period": "teams.5.x",
    }
    assert read_fields(file, [*places, "on"], places, 1) == {
        "home": "Rapid",
        "home_points": "2",
        "guest": "Austria",
        "lines": "one | two",
    }


def test_fields_come_from_a_row_of_csv(tmp_path: Path):
    file = tmp_path / "guests.csv"
    file.write_text("title;what\nAnna; Vienna\nBen;Graz\n", "utf-8-sig")
    assert read_fields(file, ["title", "subtitle"], {"subtitle": "what"}, 2) == {"title": "Ben", "subtitle": "Graz"}
    with pytest.raises(SceneError, match="has no row 3"):
        read_fields(file, ["title"], {}, 3)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.json", b'{\n"a": 1,\n}', r"a\.json:3"),
        ("a.json", b"\n\n\xff", r"a\.json:3"),
        ("a.csv", b"", "no heading"),
        ("a.csv", b'a\nx\n"open\ny\n', r"a\.csv:3.*a quote"),
    ],
)
def test_a_broken_data_file_names_its_line(tmp_path: Path, name: str, content: bytes, words: str):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SceneError, match=words):
        read_fields(tmp_path / name, ["a"], {}, 1)


def test_what_a_hand_wrote_stays_until_the_file_says_something_else():
    g = graphics(title="One")
    g.heard("g", {"title": "From the file"})
    g.write("g", {"title": "By hand"})
    g.heard("g", {"title": "From the file"})
    assert g["g"].fields["title"] == "By hand"
    g.heard("g", {"title": "New"})
    assert g["g"].fields["title"] == "New"


BROKEN = """title = "x"
[fields.a]
[[parts]]
name = "one"
kind = "text"
text = "{a}"
[[parts]]
name = "two"
kind = "text"
text = "{a}"
size = -3.0
"""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("", "", r"template\.toml:11: parts\[two\]\.size"),
        ('text = "{a}"\nsize = -3.0', 'text = "{nothing}"', "names the field nothing"),
        ("size = -3.0", "size = ", r"template\.toml:11: "),
        ("size = -3.0", 'above = "two"', "above two"),
        ("size = -3.0", "sise = 3.0", r"template\.toml:11: parts\[two\]\.sise: unknown key"),
    ],
)
def test_a_faulty_template_names_its_line(tmp_path: Path, old: str, new: str, words: str):
    (tmp_path / "template.toml").write_text(BROKEN.replace(old, new), "utf-8")
    with pytest.raises(ConfigError, match=words):
        load_file(tmp_path / "template.toml", Template)


def test_lines_are_found_in_tables_of_tables():
    text = "a = 1\n[[shots]]\nname = 'x'\n[[shots]]\nname = 'y'\n[shots.move]\nfov = 3\n[set]\nmodel = 'm'\n"
    assert [
        line_of(places(text), p)
        for p in (
            ("a",),
            ("shots", 1, "name"),
            ("shots", 1, "move", "fov"),
            ("set", "model"),
            ("shots", 0, "z"),
            ("q",),
        )
    ] == [
        1,
        5,
        7,
        9,
        2,
        0,
    ]


def test_a_saved_file_is_taken_up_and_a_broken_one_is_told(tmp_path: Path):
    file, taken, told = tmp_path / "f", list[str](), list[str]()
    file.write_text("one")

    def read():
        text = file.read_text()
        if text == "broken":
            raise SceneError("f", "is broken")
        return lambda: taken.append(text)

    watch = Watch({file: [read]})

    def saved(text: str) -> None:
        file.write_text(text)
        os.utime(file, ns=(len(taken) + len(told) + 1,) * 2)
        watch.look()
        assert (taken, told) == before  # it may still be written
        watch.look()
        watch.look()
        watch.take(lambda e: told.append(str(e)))

    for text, after in (
        ("two", (["two"], [])),
        ("broken", (["two"], ["f: is broken"])),
        ("three", (["two", "three"], ["f: is broken"])),
    ):
        before = (list(taken), list(told))
        saved(text)
        assert (taken, told) == after
    file.unlink()
    watch.look()  # an editor is replacing it
    assert (taken, told) == after


def test_a_reader_that_fails_in_a_way_of_its_own_is_told_and_the_others_go_on(tmp_path: Path):
    taken, told = list[str](), list[str]()

    def fails():
        raise ValueError("nonsense")

    bad, good = tmp_path / "bad", tmp_path / "good"
    watch = Watch({bad: [fails], good: [lambda: lambda: taken.append("good")]})
    for path in (bad, good):
        path.write_text("saved")
    for _ in range(2):
        watch.look()
    watch.take(lambda e: told.append(str(e)))
    assert taken == ["good"] and len(told) == 1 and str(bad) in told[0] and "nonsense" in told[0]


def test_files_that_come_into_use_are_watched_and_those_that_go_are_not(tmp_path: Path):
    first, second, taken = tmp_path / "first", tmp_path / "second", list[str]()
    watch = Watch({})

    def saved(path: Path, text: str) -> list[str]:
        path.write_text(text)
        os.utime(path, ns=(len(text),) * 2)
        taken.clear()
        for _ in range(3):
            watch.look()
        watch.take(pytest.fail)
        return list(taken)

    def read_of(path: Path):
        return lambda: lambda: taken.append(path.read_text())

    assert saved(first, "1") == []
    watch.follow({first: [read_of(first)]})
    assert saved(first, "12") == [], "as it is when it comes into use"
    assert saved(first, "123") == ["123"]
    watch.follow({second: [read_of(second)]})
    assert saved(first, "1234") == []
    assert saved(second, "12345") == ["12345"], "it wasn't there before"


EXCEL = {
    "sep_hint": "sep=;\r\ntitle;subtitle\r\nAnna Berg;Hydrologist\r\n",
    "head_comma": 'title;"subtitle";"a, b, c, d"\r\nAnna Berg;Hydrologist;x\r\n',
    "utf16": "title\tsubtitle\r\nAnna Berg\tHydrologist\r\n".encode("utf-16"),
    "caps": "Title , SUBTITLE\nAnna Berg,Hydrologist\n",
    "mac": b"title,subtitle\rAnna Berg,Hydrologist\r",
    "bom": "\ufefftitle,subtitle\nAnna Berg,Hydrologist\n",
}
TOLD = {
    "cp1252": ("title\nZoë\n".encode("cp1252"), "no UTF-8 text; save it as UTF-8 (Excel: CSV UTF-8)"),
    "formula": ("title,subtitle\n#REF!,x\n", "title is #REF!, an error of the spreadsheet"),
    "strange": ("name,role\nAnna,x\n", "no column fits a field; its headings are name, role; call columns by"),
    "endless": (f"title\n{'x' * 5000}\n", "title has 5000 characters"),
}


def saved(folder, name, data):
    path = folder / f"{name}.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


@pytest.mark.parametrize("name", EXCEL)
def test_a_table_as_excel_saves_it(tmp_path, name):
    path = saved(tmp_path, name, EXCEL[name])
    assert read_fields(path, ["title", "subtitle"], {}, 1) == {"title": "Anna Berg", "subtitle": "Hydrologist"}


@pytest.mark.parametrize("name", TOLD)
def test_a_table_that_nobody_wants_on_air_is_told(tmp_path, name):
    data, words = TOLD[name]
    with pytest.raises(SceneError) as told:
        read_fields(saved(tmp_path, name, data), ["title", "subtitle"], {}, 1)
    assert words in str(told.value)
