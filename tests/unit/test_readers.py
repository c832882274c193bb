"""Files that don't answer: a pipe that nobody writes to hangs whoever opens it, as a share that is gone does."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from live.base.files import kind_of, read_file, words_of
from live.base.readers import NoAnswer, Readers


@pytest.fixture
def readers() -> Iterator[Readers]:
    made = Readers(patience_s=0.1, most_hanging=3)
    yield made
    made.close()


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Pipes, by name; whoever hangs on one is let go at the end."""
    made: list[Path] = []

    def make(name: str) -> Path:
        os.mkfifo(tmp_path / name)
        made.append(tmp_path / name)
        return made[-1]

    yield make
    for path in made:
        let_go(path)


def let_go(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
    except OSError:
        pass  # nobody reads it


def until(true: Callable[[], bool], readers: Readers) -> None:
    end_s = time.monotonic() + 5
    while not true() and time.monotonic() < end_s:
        readers.settle(0.02)
        readers.tend()
    assert true()


def test_a_file_that_hangs_holds_up_no_other_and_counts_when_it_answers(
    readers: Readers, pipe: Callable[[str], Path], tmp_path: Path
) -> None:
    dead, fine, read, left = pipe("dead"), tmp_path / "fine", list[str](), list[str]()
    fine.write_text("fine")
    for path in (dead, fine, dead, fine):
        readers.put(path, lambda path=path: read.append(path.read_text()), lambda e: left.append(e.path.name))
    assert readers.settle(5.0)
    assert read == ["fine", "fine"] and left == ["dead", "dead"] and readers.hanging == [dead]
    assert not readers.put(dead, lambda: None, lambda e: left.append("again")) and left[-1] == "again"
    assert not readers.put(dead, lambda: None, once=True)
    until(lambda: bool(readers.said), readers)
    assert str(readers.said.popleft()) == (
        f"{dead}: doesn't answer; see to its disk or share; it is read as soon as it answers"
    )
    writer = os.open(dead, os.O_WRONLY)
    os.write(writer, b"late")
    os.close(writer)
    until(lambda: bool(readers.answered), readers)
    assert "late" in read and readers.answered.popleft() == (dead, True)
    assert not readers.said, "told once"


def test_what_takes_long_but_gets_on_is_not_left_behind(readers: Readers, tmp_path: Path) -> None:
    left: list[str] = []
    done: list[int] = []

    def work() -> None:
        end_s = time.thread_time() + 0.4  # of this thread: four times what would be a hang
        while time.thread_time() < end_s:
            pass
        done.append(1)

    readers.put(tmp_path / "large", work, lambda e: left.append(e.path.name))
    until(lambda: bool(done), readers)
    assert not left and readers.within(tmp_path / "large", lambda: work() or 3) == 3


def test_threads_are_bounded_however_much_hangs(readers: Readers, pipe: Callable[[str], Path], tmp_path: Path) -> None:
    before, elsewhere, done = threading.active_count(), tmp_path / "other" / "file", list[str]()
    elsewhere.parent.mkdir()
    elsewhere.write_text("x")
    left: list[str] = []
    for n in range(3):
        path = pipe(f"dead{n}")
        readers.put(path, lambda path=path: path.read_text() and None, lambda e: left.append(e.path.name))
    until(lambda: len(left) == 3, readers)
    for n in range(3, 10):
        path = pipe(f"dead{n}")
        assert not readers.put(path, lambda path=path: path.read_text() and None, lambda e: left.append(e.path.name))
    assert len(left) == 10 and threading.active_count() - before <= 3 + 2
    readers.put(elsewhere, lambda: done.append(elsewhere.read_text()))
    until(lambda: done == ["x"], readers)


def test_whoever_waits_waits_for_a_second_and_less_the_more_hangs(
    readers: Readers, pipe: Callable[[str], Path], tmp_path: Path
) -> None:
    began_s = time.monotonic()
    for n in range(6):
        path = pipe(f"dead{n}")
        with pytest.raises(NoAnswer, match=f"dead{n}: doesn't answer"):
            readers.within(path, path.read_text)
    assert time.monotonic() - began_s < 1.0
    (tmp_path / "other").mkdir()
    assert readers.within(tmp_path / "other" / "x", lambda: 3) == 3
    with pytest.raises(ZeroDivisionError):
        readers.within(tmp_path / "other" / "x", lambda: 1 // 0)


def test_only_files_are_read_and_only_so_much_of_them(tmp_path: Path, pipe: Callable[[str], Path]) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "file").write_bytes(b"12345")
    assert read_file(tmp_path / "file", 5) == b"12345"
    for path, words in (
        (tmp_path / "file", "over 4 bytes are too many"),
        (tmp_path / "loop", "a link that leads to itself"),
        (tmp_path, "is a folder"),
        (pipe("pipe"), "is no file but a pipe or a device"),
        (Path("/dev/zero"), "is no file but a pipe or a device"),
        (tmp_path / ("x" * 5000), "its name is too long"),
        (tmp_path / "a\0b", "no name for a file"),
        (tmp_path / "a\ud800b", "no name for a file"),
        (tmp_path / "absent", "No such file or directory"),
    ):
        with pytest.raises(OSError) as caught:
            read_file(path, 4)
        assert words_of(caught.value) == words
    kinds = [kind_of(tmp_path / name) for name in ("file", "loop", ".", "pipe", "a\0b", "absent")]
    assert kinds == ["file", "loop", "folder", "other", "", ""]
