"""SRT, which PyAV's wheel lacks: received by an ffmpeg program and read from its pipe as MPEG-TS.

The program is the one of the package imageio-ffmpeg if it is installed (extra `srt`), else the system's `ffmpeg`.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import av

from live.base.errors import SourceError

SILENCE_US = 3_000_000  # without a packet for so long ffmpeg ends; it also bounds how long a read can block


def ffmpeg_program() -> str | None:
    """An ffmpeg that may speak SRT."""
    try:
        import imageio_ffmpeg

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        return shutil.which("ffmpeg")


@contextmanager
def opened_srt(name: str, url: str) -> Iterator[Any]:
    """A container of what comes from an SRT url. Raises SourceError when there is no ffmpeg."""
    program = ffmpeg_program()
    if program is None:
        raise SourceError(name, "SRT needs ffmpeg, which is not installed", "install ffmpeg, or live-show[srt]")
    if "timeout=" not in url:
        url += f"{'&' if '?' in url else '?'}timeout={SILENCE_US}"
    command = [
        program,
        "-nostdin",
        "-loglevel",
        "quiet",
        "-fflags",
        "nobuffer",
        "-i",
        url,
        "-c",
        "copy",
        "-f",
        "mpegts",
        "pipe:1",
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        with av.open(
            process.stdout, format="mpegts", options={"fflags": "nobuffer", "analyzeduration": "1000000"}
        ) as container:
            yield container
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
