"""Files that hands name on air: what can't be had changes nothing, what is read late is taken up late."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.base.errors import CommandError, SceneError
from live.control.registry import parse
from live.director.authority import Hand
from live.show import ShowState
from live.show.asks import Asks, Done, Failed
from tests.support.shows import PATTERNS, of_kind, play, small_show

LOGO = '[[graphics]]\nname = "logo"\ntemplate = "bug"\n'


class Disk:
    """A disk that answers when the test says so."""

    def __init__(self) -> None:
        self.waiting: list[tuple[list[Path], Done, Failed]] = []

    def fetch(self, kind: str, paths: list[Path], done: Done, failed: Failed) -> None:
        self.waiting.append((paths, done, failed))

    def give(self, path: Path) -> None:
        self.waiting.pop(0)[1](path)

    def refuse(self) -> None:
        paths, _, failed = self.waiting.pop(0)
        failed(SceneError(str(paths[0]), "is cut off", "save it again"))


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def state(tmp_path: Path, disk: Disk, told: list[str]) -> ShowState:
    show = small_show(tmp_path, PATTERNS + LOGO)
    asks = Asks(show.places, disk.fetch, lambda error: told.append(str(error)))
    return ShowState(show, lambda *a, **k: None, asks=asks)


def do(state: ShowState, address: str, *args: object) -> None:
    state.apply(parse(address, list(args)), Hand("hand", "127.0.0.1"), 0.0)


def test_a_key_holds_what_it_held_until_the_still_is_there(state: ShowState, disk: Disk, told: list[str]) -> None:
    do(state, "/dsk/1/source", "cam1")
    do(state, "/dsk/1/still", "logo.png")
    assert state.keys.all["1"].holds() == "source cam1"
    disk.give(Path("/x/logo.png"))
    assert state.keys.all["1"].holds() == "still logo.png" and not told


def test_the_newest_order_counts_whenever_the_disk_answers(state: ShowState, disk: Disk, told: list[str]) -> None:
    do(state, "/dsk/1/still", "one.png")
    do(state, "/dsk/1/still", "two.png")
    one, two = disk.waiting
    two[1](Path("/x/two.png"))
    one[1](Path("/x/one.png"))
    assert state.keys.all["1"].holds() == "still two.png"
    do(state, "/dsk/1/still", "three.png")
    do(state, "/dsk/1/source", "cam1")
    disk.waiting[-1][1](Path("/x/three.png"))
    assert state.keys.all["1"].holds() == "source cam1"
    do(state, "/dsk/1/still", "four.png")
    do(state, "/dsk/1/source", "cam2")
    disk.waiting[-1][2](SceneError("four.png", "is cut off"))
    assert not told, "nobody asks for it any more"


def test_what_cannot_be_had_is_told_and_the_key_is_as_it_was(state: ShowState, disk: Disk, told: list[str]) -> None:
    do(state, "/dsk/1/source", "cam1")
    do(state, "/dsk/1/still", "logo.png")
    do(state, "/dsk/1/on")
    disk.refuse()
    assert state.keys.all["1"].holds() == "source cam1" and state.keys.all["1"].on
    assert len(told) == 1 and told[0].startswith("/dsk/1/still: ") and told[0].endswith("is cut off; save it again")
    do(state, "/dsk/2/still", "logo.png")
    do(state, "/dsk/2/on")  # it may be on its way
    disk.refuse()
    assert not state.keys.all["2"].on and not state.keys.all["2"].holds()
    with pytest.raises(CommandError, match="holds nothing"):
        do(state, "/dsk/2/on")


def test_a_look_is_taken_up_when_it_is_there(state: ShowState, disk: Disk) -> None:
    do(state, "/colour/cam1/set", "gain", 1.5)
    do(state, "/colour/cam1/look", "warm.cube")
    assert state.colours.all["cam1"].config.look is None
    disk.give(Path("/x/warm.cube"))
    assert (
        state.colours.all["cam1"].config.look == Path("/x/warm.cube") and state.colours.all["cam1"].config.gain == 1.5
    )
    do(state, "/colour/cam1/set", "gain", 1.25)  # was refused beside a look
    assert state.colours.all["cam1"].config.look == Path("/x/warm.cube")
    do(state, "/colour/cam1/look", "cold.cube")
    do(state, "/colour/cam1/reset")
    disk.give(Path("/x/cold.cube"))
    assert state.colours.all["cam1"].config.look is None
    do(state, "/colour/cam1/look", "cold.cube")
    do(state, "/colour/cam1/look")
    disk.give(Path("/x/cold.cube"))
    assert state.colours.all["cam1"].config.look is None


HOSTILE = ["~nosuchuser/x", "x" * 5000, "a\0b", "a\ud800", "", "/etc/passwd", "../../x", "~/x", "/dev/zero"]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("address", ["/dsk/1/still", "/colour/cam1/look", "/graphics/logo/set"])
def test_names_that_no_hand_may_give(state: ShowState, disk: Disk, address: str, name: str) -> None:
    args = ["image", name] if address.endswith("set") else [name]
    if not name and not address.startswith("/dsk"):
        return  # takes the look, or the picture, off
    before = (state.keys.all["1"].holds(), state.colours.all["cam1"].config, dict(state.graphics["logo"].fields))
    with pytest.raises(CommandError) as caught:
        do(state, address, *args)
    assert str(caught.value).isprintable() and len(str(caught.value)) < 600
    assert before == (
        state.keys.all["1"].holds(),
        state.colours.all["cam1"].config,
        dict(state.graphics["logo"].fields),
    )
    assert not disk.waiting, "no disk was asked"


@given(st.text(st.characters(codec=None), max_size=300))
def test_no_name_is_more_than_a_fault(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    state = _State.of(tmp_path_factory)
    for address, args in (
        ("/dsk/1/still", [name]),
        ("/colour/cam1/look", [name]),
        ("/graphics/logo/set", ["image", name]),
    ):
        try:
            do(state, address, *args)
        except CommandError as error:
            assert str(error).isprintable()


class _State:
    made: ShowState | None = None

    @classmethod
    def of(cls, folders: pytest.TempPathFactory) -> ShowState:
        if cls.made is None:
            cls.made = ShowState(small_show(folders.mktemp("show"), PATTERNS + LOGO), lambda *a, **k: None)
        return cls.made


def test_off_line_what_a_hand_names_is_read_at_once(tmp_path: Path) -> None:
    for name, grey in (("one", 200), ("two", 60)):
        cv2.imwrite(str(tmp_path / f"{name}.png"), np.full((184, 320, 3), grey, np.uint8))
    (tmp_path / "half.png").write_bytes((tmp_path / "one.png").read_bytes()[:60])
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "loop.png").symlink_to("loop.png")
    wrong = [(5 + n, "/dsk/1/still", [name]) for n, name in enumerate(("half.png", "folder.png", "loop.png", "absent"))]
    rows = [(1, "/dsk/1/still", ["one.png"]), (1, "/dsk/1/on", []), *wrong, (20, "/dsk/1/still", ["two.png"])]
    lines, hashes = play(tmp_path, small_show(tmp_path), 1.0, *rows)
    faults = [line["message"] for line in of_kind(lines, "fault")]
    assert len(faults) == 4 and all(f.startswith("/dsk/1/still: ") for f in faults), faults
    assert len(set(hashes[2:19])) == 1 and len(set(hashes[20:])) == 1 and hashes[19] != hashes[20], "on the next frame"
