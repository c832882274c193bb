"""Everything that whoever helps wants to see of a show, in one file, without a secret: its logs with their traces, its
rig, and which versions of what.
"""

from __future__ import annotations

import json
import platform
import re
import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

from live import __version__
from live.base.errors import LogError
from live.base.identity import show_of
from live.base.secrets import redact
from live.review.shows import logged
from live.showlog import state_beside

_LARGEST = 50_000_000  # bytes of a log that are packed: its end
_SECRET = re.compile(
    r"(?i)(\b[\w-]*(?:pass(?:word|phrase|wd)?|secret|token|stream_?key|api_?key|streamid|login|user(?:name)?)\b\"?\s*[:=]\s*)"
    r"(\"[^\"\n]*\"|'[^'\n]*'|[^\s,}\]]+)"
)


def without_secrets(text: str) -> str:
    """Text without passwords, keys, and what is secret in addresses."""
    return _SECRET.sub(r'\1"***"', redact(text))


def pack(log: Path, out: Path) -> list[str]:
    """Write the file. Returns the names of what is in it. Raises LogError."""
    if logged(log) is None:
        raise LogError(str(log), "is no log of a show", "give the log of a show (`live run --log FILE`)")
    try:
        with zipfile.ZipFile(out, "x", zipfile.ZIP_DEFLATED) as file:
            for name, text in _texts(log):
                file.writestr(name, without_secrets(text))
            return file.namelist()
    except FileExistsError:
        raise LogError(str(out), "is there already", "give another name: --out FILE.zip") from None
    except OSError as error:
        raise LogError(str(out), f"can't be written ({error.strerror})", "give another place") from None


def _texts(log: Path) -> Iterator[tuple[str, str]]:
    mine = logged(log)
    parts = [one for path in sorted(log.parent.glob(f"*{log.suffix}")) if (one := logged(path)) is not None]
    same = [one for one in parts if mine and mine.show and show_of(one.show) == show_of(mine.show)]
    rigs: dict[str, None] = {}
    for one in same or ([mine] if mine else []):
        raw = one.path.read_bytes()
        rows = raw[-_LARGEST:].decode("utf-8", errors="replace").splitlines()
        yield one.path.name, "\n".join(rows) + "\n"
        if one.state is not None:
            yield state_beside(one.path).name, one.state.read_text(encoding="utf-8", errors="replace")
        yield f"{one.path.stem}.faults.txt", "\n".join(_faults(rows)) + "\n"
        rigs |= dict.fromkeys(
            re.findall(r'"rig": "((?:[^"\\]|\\.)*)"', raw[:100_000].decode("utf-8", errors="replace"))
        )
    for rig in rigs:
        path = Path(json.loads(f'"{rig}"'))
        if path.is_file():
            yield f"rig/{path.name}", path.read_text(encoding="utf-8", errors="replace")
    yield "versions.txt", "\n".join(_versions()) + "\n"


def _faults(rows: list[str]) -> Iterator[str]:
    """What went wrong, with traces as they are read."""
    for text in rows:
        try:
            row = json.loads(text)
        except ValueError:
            continue
        if isinstance(row, dict) and (row.get("kind") == "fault" or "trace" in row):
            yield f"{row.get('timecode')} {row.get('subject', '')}: {row.get('message', '')}"
            yield from str(row.get("trace", "")).splitlines()


def _versions() -> Iterator[str]:
    yield f"live {__version__}"
    yield f"python {sys.version}"
    yield f"{platform.platform()} {platform.machine()}"
    yield from sorted({f"{d.metadata['Name']} {d.version}" for d in distributions()})
