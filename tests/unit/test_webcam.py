"""The reader of cameras, where there is none."""

from __future__ import annotations

import subprocess
import sys

import pytest

from live.base.errors import SourceError
from live.config.picture import PictureConfig
from live.sources import open_reader
from live.sources.kinds.webcam import WebcamSource


def test_a_camera_that_is_not_there_is_told_by_its_number() -> None:
    reader = open_reader(WebcamSource(name="cam", kind="webcam", device=93), PictureConfig(), 1)
    with pytest.raises(SourceError, match="cam: no camera number 93; plug it in, or see `live devices`"):
        next(iter(reader.events()))


def test_opencv_says_nothing_of_its_own_about_it() -> None:
    code = """
from live.base.errors import SourceError
from live.config.picture import PictureConfig
from live.sources.kinds.webcam import WebcamSource

try:
    next(WebcamSource(name="cam", kind="webcam", device=93).reader(PictureConfig(), 1).events())
except SourceError:
    raise SystemExit(0)
raise SystemExit(1)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
