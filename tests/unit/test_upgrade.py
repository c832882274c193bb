"""Rigs of older formats: read as they are, and brought up without losing a word."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from live.base.errors import ConfigError
from live.base.paths import shipped
from live.config.faults import read_toml
from live.config.load import load_show
from live.config.rig import Rig
from live.config.upgrade import FORMAT, upgrade, upgraded
from tests.support.shows import PATTERNS, write_rig

OLD = Path(__file__).parents[1] / "data" / "0.1.0"
RIGS = sorted(OLD.glob("*.toml"))


@pytest.fixture
def assets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo's material, which is asked for by its name only."""
    monkeypatch.setenv("LIVE_DATA", str(tmp_path / "data"))
    (tmp_path / "data" / "assets").mkdir(parents=True)
    for name in ("demo_portrait.png", "demo_guest.mp4", "demo_voice_a.wav", "demo_voice_b.wav"):
        (tmp_path / "data" / "assets" / name).write_bytes(b"")


def loaded(model: BaseModel) -> Iterator[tuple[str, Any]]:
    """Every key that a file gave, and what became of it."""
    for name in model.model_fields_set:
        value = getattr(model, name)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, BaseModel):
                yield from loaded(item)
            else:
                yield name, item


@pytest.mark.parametrize("file", RIGS, ids=lambda p: p.stem)
@pytest.mark.usefixtures("assets")
def test_a_rig_of_the_first_release_is_read_as_it_is(file: Path) -> None:
    rig = load_show(file).rig
    raw = tomllib.loads(file.read_text(encoding="utf-8"))
    assert rig.format == 0 and {*raw} == rig.model_fields_set
    read = {name for name, _ in loaded(rig)}

    def keys(value: Any) -> Iterator[str]:
        for item in value if isinstance(value, list) else [value]:
            for key, inner in item.items() if isinstance(item, dict) else ():
                if key in ("talent", "fields", "map"):  # names of the show's own
                    continue
                plain = not isinstance(inner, dict) and not (isinstance(inner, list) and isinstance(inner[0], dict))
                yield from [key] if plain else keys(inner)

    assert set(keys(raw)) <= read


@pytest.mark.parametrize("file", RIGS, ids=lambda p: p.stem)
@pytest.mark.usefixtures("assets")
def test_an_upgrade_says_the_format_and_changes_nothing_else(file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "tests" / "data" / "rigs"  # as deep as it was: its paths lead out of it
    shutil.copytree(OLD, folder)
    shutil.copytree(shipped("scenes"), tmp_path / "scenes")
    mine = folder / file.name
    before, old = load_show(mine), mine.read_text(encoding="utf-8")
    assert upgrade(mine) == 0
    after, new = load_show(mine), mine.read_text(encoding="utf-8")
    assert after.rig.format == FORMAT and after.rig.model_copy(update={"format": 0}) == before.rig
    assert [line for line in new.splitlines() if line != "format = 1"] == old.splitlines()
    assert mine.with_name(f"{mine.stem}.format0.toml").read_text(encoding="utf-8") == old
    assert upgrade(mine) == FORMAT and mine.read_text(encoding="utf-8") == new


@pytest.mark.parametrize("file", sorted(shipped("rigs").glob("*.toml")), ids=lambda p: p.stem)
def test_what_ships_is_up_to_date(file: Path) -> None:
    assert tomllib.loads(file.read_text(encoding="utf-8"))["format"] == FORMAT


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('title = "a"\n', 'format = 1\ntitle = "a"\n'),
        ("# about\n\n[picture]\n", "# about\n\nformat = 1\n[picture]\n"),
        ("# of the picture\n[picture]\n", "format = 1\n# of the picture\n[picture]\n"),
        ("[picture]\n", "format = 1\n\n[picture]\n"),
    ],
)
def test_where_the_format_is_written(old: str, new: str) -> None:
    assert upgraded(old, 0) == new


_LINES = st.sampled_from(["# a", "", "  ", "[a]", "[[b]]", 'x = """', "# y", "z = 3", '"""', "format_ = 2"])


@given(st.lists(_LINES, max_size=8))
def test_an_upgrade_of_anything_that_is_toml_adds_one_key(lines: list[str]) -> None:
    text = "\n".join(lines) + "\n"
    try:
        before = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert tomllib.loads(upgraded(text, 0)) == {"format": 1} | before


def test_a_format_that_is_newer_than_we_are_is_refused_before_all_else(tmp_path: Path) -> None:
    path = write_rig(tmp_path, f"format = {FORMAT + 1}\nhologram = true\n" + PATTERNS)
    for act in (load_show, upgrade):
        with pytest.raises(ConfigError) as caught:
            act(path)
        assert [str(f).partition(": ")[2] for f in caught.value.faults] == [
            f"format: is {FORMAT + 1}, which is newer than this Live; run it with the Live that it was made for; this "
            f"one reads formats up to {FORMAT}"
        ]


@pytest.mark.parametrize("said", ["-1", "0", '"1"', "true", "1.5"])
def test_a_format_that_is_none_is_a_fault_of_its_key(tmp_path: Path, said: str) -> None:
    path = write_rig(tmp_path, f"format = {said}\n" + PATTERNS)
    for act in (load_show, upgrade):
        with pytest.raises(ConfigError, match=r"rig\.toml:\d+: format: is .*, which is none; give 1, or leave it out$"):
            act(path)


# Tables that it didn't know.
NEWER = {"format", "surfaces", "groups", "sound", "listening", "talkback", "titles", "seats", "scenarios", "arrays"}


def test_every_key_of_the_first_release_is_in_the_rig_that_has_them_all() -> None:
    document = read_toml(OLD / "everything.toml", [])
    assert document is not None and {*Rig.model_fields} - NEWER <= {*document.raw}
