"""The bench's own arithmetic, and that its cases draw what they say."""

import sys
from contextlib import ExitStack

import numpy as np
import pytest

from live.base.errors import LiveError
from live.bench import clips, gpu
from live.bench.bench import ratios
from live.bench.measure import Figure, by_slope
from live.bench.obs import _rendered_hz
from live.bench.ours import CASES, frames


def test_cost_by_slope_leaves_starting_up_out():
    """A program that burns 0.2 s to start and 4 ms a frame, by its own CPU clock."""
    burn = "import time,sys\nend=0.2+0.004*int(sys.argv[1])\nwhile time.process_time()<end: pass"
    figure = by_slope(lambda n: [sys.executable, "-c", burn, str(n)], 10, 60)
    assert len(figure.cpu_ms) == 5 and figure.median == pytest.approx(4.0, abs=1.0)


def test_a_peer_that_fails_says_why():
    with pytest.raises(LiveError, match="no such filter"):
        by_slope(lambda n: [sys.executable, "-c", "import sys; sys.exit('no such filter')"], 1, 2)


def test_a_figure_is_written_with_its_spread():
    assert Figure((2.0, 1.0, 4.0)).as_json() == {
        "cpu_ms": {"median": 2.0, "min": 1.0, "max": 4.0},
        "late": 0,
        "frame_ms": {"p50": 0.0, "p99": 0.0, "max": 0.0},
    }


def test_peers_are_held_against_the_same_work_only():
    figures = {
        "w1_chroma_720": Figure((5.0,)),
        "gstreamer_w1_chroma_720": Figure((20.0,)),
        "obs_w9_720": Figure((9.0,)),
    }
    assert ratios(figures) == ["gstreamer / live, w1_chroma_720: 4.0"]


def test_obs_is_charged_for_the_frames_it_rendered():
    said = (
        "== Profiler Time Between Calls ==\ninfo: obs_graphics_thread(33.3333\xa0ms): min=0.1\xa0ms, "
        "median=250\xa0ms, max=3\xa0ms\n"
    )
    assert _rendered_hz(said) == pytest.approx(4.0)
    with pytest.raises(LiveError, match="didn't start"):
        _rendered_hz("info: Loading up OBS Studio")


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    """The clips of a few frames at 720 lines only."""
    patch = pytest.MonkeyPatch()
    patch.setattr(clips, "FRAMES", {720: 3})
    patch.setattr(clips, "LOOP", 3)
    yield clips.make(tmp_path_factory.mktemp("clips"))
    patch.undo()


@pytest.mark.parametrize("name", ["w0_720", "w1_matte_720", "w1_chroma_720", "w3_720"])
def test_a_case_draws_what_it_says(name, short):
    with ExitStack() as stack:
        made = frames(CASES[name], short, stack)
        picture = next(made).copy()[: 1280 * 720].reshape(720, 1280)
        cam1, cam2 = (np.fromfile(short.raw(c, 720), np.uint8, 1280 * 720).reshape(720, 1280) for c in ("cam1", "cam2"))
        if name == "w0_720":
            assert (picture == cam1).all()
        elif name == "w3_720":
            assert np.abs(picture.astype(int) - (cam1.astype(int) + cam2) / 2).max() <= 1.5
        else:  # the figure stands where it stood; the screen has gone; the second camera is in its corner
            assert np.abs(picture[400:520, 600:680].astype(int) - cam1[400:520, 600:680]).mean() < 4
            assert np.abs(picture[300:500, 20:120].astype(int) - cam1[300:500, 20:120]).mean() > 15
            inset = cam2[::3, ::3][10:230, 10:400].astype(int)
            assert np.abs(picture[50:270, 840:1230].astype(int) - inset).mean() < 8


def test_the_cameras_of_the_gpus_case_all_stand_in_the_set(tmp_path):
    """The painter for a GPU, on whatever OpenGL there is, at a size that software can do."""
    patch = pytest.MonkeyPatch()
    patch.setattr(clips, "FRAMES", {1080: 2, 720: 2})
    patch.setattr(clips, "LOOP", 2)
    material = clips.make(tmp_path)
    patch.undo()
    with ExitStack() as stack:
        picture = next(gpu.frames(gpu.Case(360, 8), material, stack)).copy()
        empty = next(gpu.frames(gpu.Case(360, 1), material, stack)).copy()
    changed = np.abs(picture.astype(int) - empty)[: 640 * 360].reshape(360, 640).max(axis=0) > 20
    assert changed[40:600].mean() > 0.7  # from the left to the right
