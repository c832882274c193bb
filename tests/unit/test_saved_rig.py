"""What hands have changed on air is written into the rig: every setting that a rig has a key for, and nothing else."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from live.base.errors import OutputError
from live.base.paths import shipped
from live.config.edits import Item, RigKey, edited
from live.config.load import load_show
from live.control.registry import parse
from live.engine.saving import Order, RigSaver, Saved, save
from live.show.keeping import text_of
from live.show.saving import changes, rig_state, unsaved
from tests.support.everything import carried_out, commands, do, everything, fresh

SLOW = settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))


def own_scenes(show):
    """The same show, whose scenes are its own: what ships isn't written to."""
    text = show.path.read_text(encoding="utf-8")
    for use in show.rig.scenes:
        if use.name == "studio":
            continue
        if not (show.path.parent / use.name).exists():
            shutil.copytree(shipped("scenes") / use.name, show.path.parent / use.name)
        text = text.replace(
            f'[[scenes]]\nname = "{use.name}"\n', f'[[scenes]]\nname = "{use.name}"\npath = "{use.name}"\n'
        )
    show.path.write_text(text, encoding="utf-8")
    return load_show(show.path)


@pytest.fixture(scope="module")
def show(tmp_path_factory):
    return own_scenes(everything(tmp_path_factory.mktemp("saved")))


@pytest.fixture
def mine(tmp_path):
    return own_scenes(everything(tmp_path))


def told(show, *lines):
    """A show's state after some commands, one a second."""
    state, now_s = fresh(show), 1.0
    for address, *args in lines:
        assert do(state, parse(address, args), now_s) is None, address
        now_s += 1.0
    return state.save(now_s)


def order(show, kept, into=""):
    return Order(str(show.path), show.text, text_of(kept, 1.0), into)


# One of every setting that a rig has a key for: what a hand sends, and what the file says then.
SETTINGS = [
    ("/microphones/mic1/gain -6.3", "gain_db = -6.3"),
    ("/microphones/mic1/mute 1", "muted = true"),
    ("/strips/mic1/pan -0.5", "pan = -0.5"),
    ("/strips/mic1/compressor/threshold -33", "compressor = { on = false, threshold_db = -33.0 }"),
    ("/strips/mic1/eq/low/gain 3", "low = { gain_db = 3.0 }"),
    ("/strips/mic2/highpass/on 0", "highpass = { on = false }"),
    ("/strips/mic1/aux1/on 1", "aux1 = { on = true }"),
    ("/strips/mic1/group none", None),
    ("/strips/mic2/follow source", 'follow = "source"'),
    ("/strips/mic2/levelling suggest", 'levelling = "suggest"'),
    ("/strips/mic2/automix 1", "automix = true"),
    ("/strips/mic2/duck 6", "duck_db = 6.0"),
    ("/strips/stage/mute 1", "muted = true"),
    ("/strips/vt/pan 1", "pan = 1.0"),
    ("/players/vt/gain -7", "gain_db = -7.0"),
    ("/master/gain -3", "master_db = -3.0"),
    ("/master/ceiling -2", "ceiling_db = -2.0"),
    ("/sound/solo in\0place", 'solo = "in place"'),
    ("/listening/gain -10", "gain_db = -10.0"),
    ("/listening/source aux1", 'source = "aux1"'),
    ("/sources/cam1/delay 40", "sound_delay_ms = 40.0"),
    ("/colour/cam1/set gain 1.5", "colour = { gain = 1.5 }"),
    ("/colour/cam2/match cam1 1", 'colour = { match = "cam1" }'),
    ("/keying/cam1/set wrap 0.5", "wrap = 0.5"),
    ("/keying/cam1/mask garbage 0,0\0001,0\0001,1", "masks = [{"),
    ("/framing/cam2/crop 0.4 0.5 2", "frame = [0.4, 0.5, 2.0]"),
    ("/framing/cam1/size cu", 'shot_size = "cu"'),
    ("/graphics/lower/set title Dr\0Berg", 'title = "Dr Berg"'),
    ("/graphics/bug/row 2", "row = 2"),
    ("/dsk/2/tie 1", "tied = true"),
    ("/dsk/2/still logo", 'still = "stills/logo.png"'),
    ("/dsk/3/source cam2", 'source = "cam2"'),
    ("/aux/foyer/set cam2", 'shows = "cam2"'),
    ("/multiview/wall/layout 2+4", 'layout = "2+4"'),
    ("/multiview/wall/window 2 cam2", 'shows = "cam2"'),
    ("/director/level suggest", 'level = "suggest"'),
    ("/director/style concert", 'style = "concert"'),
    ("/director/style/set max_shot_s 50", "max_shot_s = 50.0"),
    ("/director/style/set busy_s 0.3", "numbers = { busy_s = 0.3 }"),
    ("/program/transition dip 2", 'transition = "dip"'),
    ("/program/dip #102030", 'colour = "#102030"'),
    ("/layers/duo/left/move 0 0 0.4 0.4", "rect = [0.0, 0.0, 0.4, 0.4]"),
    ("/layers/duo/left/hide 0", "shown = false"),
    ("/layers/duo/left/set opacity 0.5", "opacity = 0.5"),
    ("/layers/duo/left/source cam2", 'left = "cam2"'),
    ("/people/anna/seat 2", 'seat = "2"'),
    ("/people/anna/weight 2", "weight = 2.0"),
    ("/layers/duo/save mine", "[positions]"),
]


def number(text):
    try:
        return float(text)
    except ValueError:
        return text


def sent(line):
    address, *args = (part.replace("\0", " ") for part in line.split(" "))
    return address, *map(number, args)


@pytest.mark.parametrize("line", [line for line, _ in SETTINGS], ids=lambda line: line.split(" ")[0])
def test_each_setting_is_a_key_of_a_file(show, line):
    found = changes(rig_state(show), told(show, sent(line)), show)
    assert found.keys and not found.cannot


def test_all_settings_are_in_the_file_and_come_back(mine):
    text = "# a show of mine\n" + mine.path.read_text(encoding="utf-8").replace('name = "mic2"', 'name = "mic2" # Ben')
    mine.path.write_text(text, encoding="utf-8")
    show = load_show(mine.path)
    kept = told(show, *(sent(line) for line, _ in SETTINGS))
    saved = save(order(show, kept))
    assert saved.keys >= len(SETTINGS) - 4 and not saved.cannot, "some are of one table"
    assert [Path(file).name for file in saved.files] == ["scene.toml", "rig.toml"]
    written = "".join(Path(file).read_text(encoding="utf-8") for file in saved.files)
    assert [said for _, said in SETTINGS if said is not None and said not in written] == []
    assert written.count("# a show of mine\n") == 1 and 'name = "mic2" # Ben\n' in written
    assert mine.path.with_name("rig.toml.old").read_text(encoding="utf-8") == text
    anew = load_show(mine.path)
    again = rig_state(anew)
    assert not list(unsaved(kept, show, again, anew)) and not changes(again, kept, anew).keys
    assert save(order(anew, kept)).keys == 0 and mine.path.read_text(encoding="utf-8") == anew.text, "nothing is left"


def test_a_file_that_was_changed_meanwhile_is_not_written(mine):
    kept = told(mine, ("/master/gain", -3.0))
    mine.path.write_text(mine.text + "# by somebody else\n", encoding="utf-8")
    with pytest.raises(OutputError, match="another one than this show began with; save it under another name"):
        save(order(mine, kept))
    assert mine.path.read_text(encoding="utf-8").endswith("else\n") and not mine.path.with_name("rig.toml.old").exists()
    other = mine.path.with_name("evening.toml")
    saved = save(order(mine, kept, str(other)))
    assert saved.files == (str(other),) and load_show(other).rig.sound.master_db == -3.0
    with pytest.raises(OutputError, match="is there already"):
        save(order(mine, kept, str(other)))


def test_what_cannot_be_written_is_refused_and_nothing_is_left(mine, monkeypatch):
    kept = told(mine, ("/master/gain", -3.0), ("/layers/duo/left/hide", 0.0))
    monkeypatch.setattr("live.engine.saving.os.fsync", full_disk)
    before = sorted(mine.path.parent.rglob("*"))
    with pytest.raises(OutputError, match="No space left"):
        save(order(mine, kept))
    assert mine.path.read_text(encoding="utf-8") == mine.text and sorted(mine.path.parent.rglob("*")) == before


def full_disk(handle):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_what_no_file_can_say_is_told(tmp_path):
    show = everything(tmp_path)  # its scenes ship
    show.path.write_text(show.text.replace('[[keys]]\nstill = "a.png"\ntied = true\n', ""), encoding="utf-8")
    show = load_show(show.path)
    kept = told(show, ("/master/mute", 1), ("/layers/duo/left/hide", 0.0), ("/dsk/4/source", "cam1"), ("/show/panic",))
    saved = save(order(show, kept))
    assert saved.keys == 0 and len(saved.cannot) == 3
    assert "the scene duo, which ships with Live" in str(saved) and "the rig has no key 3" in str(saved)
    assert show.path.read_text(encoding="utf-8") == show.text


def test_what_is_on_air_is_no_setting(show):
    lines = (
        ("/program/cut", "cam2"),
        ("/dsk/2/on",),
        ("/graphics/lower/show",),
        ("/director/hold",),
        ("/players/vt/play",),
    )
    found = changes(rig_state(show), told(show, *lines), show)
    assert not found.keys and not found.cannot


def test_a_process_of_its_own_saves_it_and_says_so(mine):
    saver = RigSaver(mine, beside=True)
    for db in (-3.0, -4.0):  # the second time it goes by what was written the first
        saver.save(text_of(told(mine, ("/master/gain", db)), 1.0), "")
        saver.close(60.0)
        saved = saver.said.popleft()
        assert isinstance(saved, Saved) and saved.keys == 1
        assert load_show(mine.path).rig.sound.master_db == db
    mine.path.unlink()
    saver.save(text_of(told(mine, ("/master/gain", 0.0)), 1.0), "")
    saver.close(60.0)
    assert isinstance(saver.said.popleft(), OutputError)


def test_text_of_every_sort_is_edited_where_it_stands():
    text = (
        '# of all\r\nformat = 1\r\n\r\n# cameras\r\n[[sources]]\r\nname = "a" # first\r\nkeyer.core = 0.5\r\n'
        "\r\n  # its colours\r\n  [sources.colour]\r\n  gain = 1.0\r\n\r\n# at last\r\n"
    )
    keys = [
        RigKey(("start",), "a"),
        RigKey(("sources", Item("a"), "keyer"), {"core": 0.7, "edge": 0.1}),
        RigKey(("sources", Item("a"), "title"), 'Ann "A" \\ 日'),
        RigKey(("sources", Item("a"), "colour"), {"gain": None, "lift": 0.1}),
        RigKey(("sources", Item("b"), "kind"), "tone", {"name": "b"}),
    ]
    assert edited(text, keys) == (
        '# of all\r\nformat = 1\r\nstart = "a"\r\n\r\n# cameras\r\n[[sources]]\r\nname = "a" # first\r\n'
        'keyer.core = 0.7\r\nkeyer.edge = 0.1\r\ntitle = "Ann \\"A\\" \\\\ 日"\r\n'
        "\r\n  # its colours\r\n  [sources.colour]\r\nlift = 0.1\r\n"
        '\r\n# at last\r\n\r\n[[sources]]\r\nname = "b"\r\nkind = "tone"\r\n'
    )


@SLOW
@given(st.lists(commands(carried_out()), max_size=25))
def test_whatever_hands_did_the_rig_that_is_saved_is_valid_and_says_it(show, sent):
    state, now_s = fresh(show), 100.0
    for command in sent:
        do(state, command, now_s)
        now_s += 0.1
    kept = state.save(now_s)
    found = changes(rig_state(show), kept, show)
    texts = {show.path: show.text}
    for name in {key.scene for key in found.keys}:
        file = show.path.parent / name / "scene.toml" if name else show.path
        texts[file] = edited(file.read_text(encoding="utf-8"), [key for key in found.keys if key.scene == name])
    anew = load_show(show.path, texts)
    assert list(unsaved(kept, show, rig_state(anew), anew)) == []
