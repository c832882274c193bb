"""Passphrases, passwords and stream keys of a running show: nobody who may only list processes, or reads its log, its
state or what it says, gets to know them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from live.sources.srt import arguments, completed
from tests.nginx import free_port
from tests.support.running import RunningShow
from tests.support.shows import PATTERNS, write_rig

SECRETS = ("pa55phra5e-srt", "pa55word-rtsp", "k3y-of-the-stream", "id-to-publish")


def rig_of(folder: Path) -> Path:
    return write_rig(
        folder,
        PATTERNS
        + f"""
[[sources]]
name = "guest"
kind = "network"
url = "srt://127.0.0.1:{free_port()}?mode=caller&passphrase={SECRETS[0]}"
[[sources]]
name = "far"
kind = "network"
url = "srt://127.0.0.1:{free_port()}?mode=caller&latency=200000&streamid=read:cam:user:{SECRETS[3]}"
[[sources]]
name = "door"
kind = "network"
url = "rtsp://user:{SECRETS[1]}@127.0.0.1:{free_port()}/door"
[[outputs]]
name = "air"
kind = "rtmp"
url = "rtmp://127.0.0.1:{free_port()}/live/{SECRETS[2]}"
""",
    )


def processes(of: int) -> Iterator[tuple[int, str]]:
    """(pid, command line) of everything that a process has started, and whoever that has."""
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.getpgid(int(entry.name)) == os.getpgid(of):
                yield int(entry.name), (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except (OSError, ProcessLookupError):
            continue


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists() or not shutil.which("ffmpeg"), reason="Linux, with ffmpeg")
def test_no_secret_is_seen_anywhere(tmp_path: Path) -> None:
    seen: set[str] = set()
    with RunningShow(rig_of(tmp_path), tmp_path) as show:

        def look(running: RunningShow) -> bool:
            seen.update(line for _, line in processes(show.process.pid))
            told = [(running.get(f"sources/{name}/status") or ("",))[0] for name in ("guest", "far", "door")]
            out = (running.get("outputs/air/status") or ("",))[0]
            return told == ["retrying"] * 3 and out == "retrying" and any("-f concat" in s for s in seen)

        show.wait(look, 60.0)
        state = str(show.client.state)
        lines = show.end()
    assert any("ffmpeg" in line for line in seen) and any("sender.py" in line for line in seen), "they were looked at"
    everything = {
        "processes": "\n".join(seen),
        "log": show.log.read_text(encoding="utf-8"),
        "state": state,
        "errors": (tmp_path / "stderr.txt").read_text(encoding="utf-8"),
    }
    found = [(where, secret) for where, text in everything.items() for secret in SECRETS if secret in text]
    assert not found and len(lines) > 3


def test_a_url_with_quotes_stays_one_entry_of_the_list() -> None:
    given, told = arguments("srt://h:1?passphrase=it's")
    assert told.decode().splitlines()[:2] == ["ffconcat version 1.0", "file 'srt://h:1?passphrase=it'\\''s'"]
    assert "passphrase" not in " ".join(given)


@pytest.mark.parametrize("end", ["?streamid=publish:cam:me:id-to-publish", "?mode=caller&pass%70hrase=id-to-publish"])
def test_only_what_holds_no_secret_is_an_argument(end: str) -> None:
    given, told = arguments(f"srt://h:1{end}")
    assert "id-to-publish" not in " ".join(given) and b"id-to-publish" in told
    assert "id-to-publish" not in " ".join(arguments("srt://me:id-to-publish@h:1?mode=caller")[0])
    assert arguments(completed("srt://h:1?mode=listener&latency=200000"))[1] == b"", "its bytes as they come"
