"""SRT, which PyAV's wheel lacks: received by an ffmpeg program and read from its pipe as MPEG-TS.

The program is the one of the package imageio-ffmpeg if it is installed (extra `srt`), else the system's `ffmpeg`.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import av

from live.base.errors import SourceError

# The URL comes by its standard input, as a list of one: it may hold a passphrase, which an argument would show to
# everybody who asks for the list of processes.
_OPTIONS = (
    *("-loglevel", "quiet", "-protocol_whitelist", "pipe,srt", "-fflags", "nobuffer"),
    *("-f", "concat", "-safe", "0", "-i", "pipe:0", "-c", "copy", "-f", "mpegts", "pipe:1"),
)
SILENCE_US = 3_000_000  # without a packet for so long ffmpeg ends; it also bounds how long a read can block


def ffmpeg_program() -> str | None:
    """An ffmpeg that may speak SRT."""
    try:
        import imageio_ffmpeg

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        return shutil.which("ffmpeg")


def _list_of(url: str) -> str:
    """ffmpeg's list of one file to be played."""
    quoted = url.replace("'", "'\\''")
    return f"ffconcat version 1.0\nfile '{quoted}'\n"


@contextmanager
def opened_srt(name: str, url: str) -> Iterator[Any]:
    """A container of what comes from an SRT url. Raises SourceError when there is no ffmpeg."""
    program = ffmpeg_program()
    if program is None:
        raise SourceError(name, "SRT needs ffmpeg, which is not installed", "install ffmpeg, or live-show[srt]")
    if "timeout=" not in url:
        url += f"{'&' if '?' in url else '?'}timeout={SILENCE_US}"
    process = subprocess.Popen(
        [program, *_OPTIONS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        with suppress(BrokenPipeError), process.stdin as told:
            told.write(_list_of(url).encode())
        with av.open(
            process.stdout, format="mpegts", options={"fflags": "nobuffer", "analyzeduration": "1000000"}
        ) as container:
            yield container
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
