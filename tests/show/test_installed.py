"""From the built wheel, in an environment of its own and an empty folder: no checkout, no make, no apt, no ffmpeg."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
from collections.abc import Mapping
from pathlib import Path

import av
import pytest

from live.base.paths import data_dir

CHECKOUT = Path(__file__).parents[2]


def _run(argv: list[str | Path], cwd: Path, env: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(argv, cwd=cwd, env=env, capture_output=True, text=True, timeout=150)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program `live` of an environment that has the wheel. The libraries are the ones of the tests' environment
    (fetching them anew takes minutes): on its path, but without the checkout that is installed there."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    _run([*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", folder, CHECKOUT], folder)
    venv.create(folder / "venv", with_pip=False)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder / "venv")}))
    python = folder / "venv" / "bin" / "python"
    _run([*pip, "--python", python, "install", "--no-deps", "--no-index", *folder.glob("*.whl")], folder)
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "venv" / "bin" / "live"


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """An environment with nothing on its path; the models are those that the tests have fetched."""
    return {"PATH": str(tmp_path), "HOME": str(tmp_path), "LIVE_DATA": str(data_dir()), "LANG": "C.UTF-8"}


def test_it_is_the_wheel_that_runs(live: Path, bare: dict[str, str], tmp_path: Path) -> None:
    where = "import live, live.base.paths as p; print(live.__file__, *map(p.shipped, ('rigs', 'scenes', 'shaders')))"
    said = _run([live.parent / "python", "-c", where], tmp_path, bare).split()
    assert len(said) == 4 and all(path.startswith(str(live.parents[1])) for path in said)
    assert all(any(Path(path).iterdir()) for path in said[1:])


def test_models(live: Path, bare: dict[str, str], tmp_path: Path) -> None:
    said = _run([live, "models"], tmp_path, bare)
    assert "selfie_segmentation" in said and "missing" not in said


def test_the_demo_runs_and_leaves_a_show(live: Path, bare: dict[str, str], tmp_path: Path) -> None:
    said = _run([live, "demo", "--headless", "--seconds", "4"], tmp_path, bare)
    assert "show.mp4" in said
    with av.open(str(tmp_path / "demo" / "show.mp4")) as recording:
        frames = sum(1 for _ in recording.decode(video=0))
    assert 60 <= frames <= 130
    assert (tmp_path / "demo" / "show.jsonl").stat().st_size > 500
