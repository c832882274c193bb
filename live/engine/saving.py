"""What hands have changed on air, written into the rig's file, and into those of its scenes.

A process of its own does it: reading a rig takes a tenth of a second of the interpreter, which a frame hasn't got. It
reads the rig, writes it anew, reads that, and only when it says what the show has does it take the old one's place,
which is kept beside it (NAME.toml.old).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from live.base.errors import ConfigError, Fault, LiveError, OutputError
from live.base.files import words_of
from live.base.priority import step_back
from live.config.edits import RigKey, edited
from live.config.faults import read_toml
from live.config.load import Show, load_show, scene_file
from live.show.keeping import kept_of
from live.show.saving import changes, rig_state, unsaved

PATIENCE_S = 60.0  # a full machine, a slow share
_NICE = 10


@dataclass(frozen=True)
class Order:
    """rig: its file. text: what it said when the show began, or was saved last. kept: the show's state
    (`live.show.keeping.text_of`). into: the file to be written, where that is another."""

    rig: str
    text: str
    kept: str
    into: str = ""


@dataclass(frozen=True)
class Saved:
    """files: those that were written. keys: how many settings. cannot: what no file can say. text: what the rig says
    now."""

    files: tuple[str, ...]
    keys: int
    cannot: tuple[str, ...]
    text: str

    def __str__(self) -> str:
        if not self.keys:
            said = f"{Path(self.files[0]).name} says everything already" if self.files else "nothing to write"
        else:
            what, names = "setting" if self.keys == 1 else "settings", (Path(file).name for file in self.files)
            said = f"{self.keys} {what} in {', '.join(names)}"
        return said + (f"; not: {'; '.join(self.cannot)}" if self.cannot else "")


def save(order: Order) -> Saved:
    """Do it. Raises LiveError, and has written nothing then."""
    rig, into = Path(order.rig), Path(order.into or order.rig)
    faults: list[Fault] = []
    document = read_toml(rig, faults)
    if into == rig and (document is None or document.text != order.text):
        right = "save it under another name: /rig/save NAME"
        raise OutputError(str(rig), "its file is another one than this show began with", right)
    if into != rig and into.exists():
        raise OutputError(str(into), "is there already", "give another name")
    show = load_show(rig, {rig: order.text})
    kept, broken = kept_of(order.kept, rig.parent)
    found = changes(rig_state(show), kept, show)
    texts = _texts(show, order.text, found.keys)
    try:
        anew = load_show(rig, texts)
    except ConfigError as error:
        cause = f"what would be written is at fault ({error.faults[0]})"
        raise OutputError(str(into), cause, "set that otherwise, and save again") from None
    cannot = [*found.cannot, *(f"what was kept of {name}" for name in broken)]
    cannot += unsaved(kept, show, rig_state(anew), anew)
    text = texts.pop(rig)
    files = {file: said for file, said in {**texts, into: text}.items() if file != rig or said != order.text}
    _write(files)
    return Saved(tuple(map(str, files or (into,))), len(found.keys), tuple(dict.fromkeys(cannot)), text)


def _texts(show: Show, text: str, keys: Sequence[RigKey]) -> dict[Path, str]:
    """What the files of a show are to say: that of the rig, and those of the scenes that are changed."""
    texts = {show.path: text}
    files = {use.name: scene_file(use) for use in show.rig.scenes} | {"": show.path}
    for name, file in files.items():
        if own := [key for key in keys if key.scene == name]:
            try:
                texts[file] = edited(texts[file] if file in texts else file.read_text(encoding="utf-8-sig"), own)
            except (OSError, ValueError) as error:
                cause = words_of(error) if isinstance(error, OSError) else f"can't be written anew: {error}"
                raise OutputError(str(file), cause, "save it under another name, or see to the file") from None
    return texts


def _write(files: Mapping[Path, str]) -> None:
    """All of them or none; what was there is kept beside each."""
    made: list[tuple[Path, Path]] = []
    try:
        for file, text in files.items():
            own = Path(os.path.realpath(file))  # a link stays one
            new = own.with_name(f".{own.name}.new")
            made.append((new, own))
            with new.open("w", encoding="utf-8", newline="") as opened:
                opened.write(text)
                opened.flush()
                os.fsync(opened.fileno())
            if own.exists():
                shutil.copymode(own, new)
                shutil.copy2(own, old := own.with_name(f".{own.name}.old.new"))
                old.replace(own.with_name(f"{own.name}.old"))
        for new, own in made:
            new.replace(own)
    except OSError as error:
        for new, _ in made:
            new.unlink(missing_ok=True)
        right = "see whose file it is, or whether its disk is full"
        raise OutputError(str(made[-1][1]), f"can't be written ({words_of(error)})", right) from None


class RigSaver:
    """Engine thread only, but for a thread that waits for the process. said: what came of each order. beside: off
    line it is done at once, in this process.
    """

    def __init__(self, show: Show, *, beside: bool) -> None:
        self._rig, self._text, self._beside = show.path, show.text, beside
        self.said: deque[Saved | LiveError] = deque(maxlen=20)
        self._thread: threading.Thread | None = None

    def save(self, kept: str, name: str) -> None:
        """name: of a file beside the rig's own; "" for that. Not before something was said of the order before."""
        into = str(self._rig.with_name(f"{name}.toml")) if name else ""
        order = Order(str(self._rig), self._text, kept, into)
        if not self._beside:
            self._do(order, save)
        else:
            self._thread = threading.Thread(target=self._do, args=(order, _save_beside), name="rig saver", daemon=True)
            self._thread.start()

    def _do(self, order: Order, work: Callable[[Order], Saved]) -> None:
        try:
            saved = work(order)
        except LiveError as error:
            self.said.append(error)
            return
        except Exception as error:  # a bug in it is no reason not to say so
            cause = f"can't be saved ({type(error).__name__}: {error})"
            self.said.append(OutputError(order.rig, cause, "the show goes on; the file is as it was"))
            return
        if not order.into:
            self._text = saved.text
        self.said.append(saved)

    def close(self, wait_s: float = 2.0) -> None:
        """What is being saved is saved by its process in any case; only what came of it may not be heard."""
        if self._thread is not None:
            self._thread.join(wait_s)


def _save_beside(order: Order) -> Saved:
    """In a process of its own. Raises LiveError."""
    command = [sys.executable, "-m", __name__]
    try:
        done = subprocess.run(
            command, input=json.dumps(asdict(order)).encode(), capture_output=True, timeout=PATIENCE_S, check=False
        )
        said = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise OutputError(order.rig, f"can't be saved ({type(error).__name__})", "save it again") from None
    if refused := said.get("refused"):
        raise OutputError(*refused)
    return Saved(tuple(said["files"]), said["keys"], tuple(said["cannot"]), said["text"])


def main() -> None:
    """An order on the standard input, what came of it on the standard output."""
    step_back(_NICE)
    order = Order(**json.load(sys.stdin))
    told: dict[str, Any]
    try:
        told = asdict(save(order))
    except ConfigError as error:
        told = {"refused": [order.rig, f"is at fault ({error.faults[0]})", "mend it, and save again"]}
    except LiveError as error:
        told = {"refused": [error.subject, error.cause, error.action]}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
