"""The show's state in a small file beside its log, so that a show that was cut short can be taken up again.

The render thread hands over what is kept, which nobody changes any more; a thread writes it down. A file that stands
there is always whole: a new one takes its place in one step.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from live.base.errors import LiveError, OutputError
from live.show import ShowState
from live.show.keeping import kept_of, missing, text_of

EVERY_S = 1.0
SOON_S = 0.2  # after a change; a fader that is moved is not worth a file a frame
MOST_GONE = 12  # that are named
LARGEST = 4_000_000  # bytes of a file that is taken up


class Keeper:
    """Engine thread only, but for its own thread."""

    def __init__(self, path: Path, tell: Callable[[LiveError], None], identity: str = "") -> None:
        """identity: of the show."""
        self._path, self._tell, self._identity = path, tell, identity
        self._change = threading.Condition()
        self._todo: tuple[Mapping[str, object], float] | None = None
        self._closing = self._told = False
        self._last_s, self._changes = -EVERY_S, -1
        self._failed: OutputError | None = None
        self._thread = threading.Thread(target=self._write_all, name="keeper", daemon=True)
        self._thread.start()

    def step(self, state: ShowState, now_s: float) -> None:
        """Once a frame, after it was made."""
        since_s = now_s - self._last_s
        if since_s < SOON_S or (since_s < EVERY_S and state.changes == self._changes):
            return
        self._last_s, self._changes = now_s, state.changes
        with self._change:
            self._todo = state.save(now_s), now_s
            self._change.notify()
            failed, self._failed = self._failed, None
        if failed is not None and not self._told:
            self._told = True
            self._tell(failed)

    def _write_all(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._closing or self._todo is not None)
                todo, self._todo = self._todo, None
            if todo is None:
                return
            try:
                self._write(text_of(*todo, self._identity))
            except OSError as error:
                self._failed = OutputError(
                    str(self._path), f"the show's state can't be kept ({error.strerror})", "see to the disk"
                )

    def _write(self, text: str) -> None:
        new = self._path.with_name(self._path.name + ".new")
        with new.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)

    def close(self) -> None:
        """The last state is written, too."""
        with self._change:
            self._closing = True
            self._change.notify()
        self._thread.join(5.0)


def resumed(state: ShowState, text: str, path: Path) -> list[OutputError]:
    """Take up what was kept. What can't be is told, and is as the rig says; so is everything of a broken file."""
    try:
        kept, broken = kept_of(text, state.show.path.parent)
    except ValueError:
        return [OutputError(str(path), "it is no state of a show, or broken", "the show starts as the rig says")]
    state.restore(kept, 0.0)
    action = "it starts as the rig says; the rest is as it was"
    told = [OutputError(str(path), f"what was kept of {name} can't be read", action) for name in broken]
    if gone := missing(kept, state.save(0.0)):
        cause = f"the rig has them no longer: {', '.join(gone[:MOST_GONE])}{' ...' if gone[MOST_GONE:] else ''}"
        told.append(OutputError(str(path), cause, "see to them by hand; the rest is as it was"))
    return told


def stands(state: ShowState) -> str:
    """What is on air and who holds the wheel, in a line."""
    mix = state.mix
    on = [
        *(f"key {number}" for number, key in state.keys.all.items() if key.on),
        *(f"graphic {name}" for name, graphic in state.graphics.items() if graphic.visible),
    ]
    level = state.authority.view(mix.key, now_s=0.0).level.value
    parts = [f"{mix.switcher.program} on program", f"{mix.switcher.preview} on preview", *(f"{each} on" for each in on)]
    return ", ".join([*parts, f"director at {level}"])


def kept_text(path: Path) -> str | OutputError:
    """The text of such a file."""
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            raise OSError(0, "no file of a show's state")
        return path.read_bytes().decode("utf-8", errors="replace")
    except OSError as error:
        return OutputError(str(path), f"can't be read ({error.strerror})", "the show starts as the rig says")
