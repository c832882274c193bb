"""The translation hook: a finished caption goes out to somebody else's code, what comes back is shown in its place.

The hook runs in a thread of its own. It has its time; when it takes longer, raises, or gives no text, that is said
once, and the caption goes on as it was.
"""

from __future__ import annotations

import importlib
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from live.base.clock import NS
from live.base.errors import ModelError
from live.captions.cues import Cue
from live.sound.spoken import Word

Hook = Callable[[str], str]
BACKLOG = 8  # captions that may wait for their translation; more, and the oldest goes on as it is
PATIENCE_S = 60.0  # off line there is time


def load_hook(name: str | list[str], folder: Path, timeout_s: float) -> Hook:
    """The hook of a rig: "package:function", looked for beside the rig first, or a command that reads the caption on
    its standard input and writes the translation. Raises ModelError."""
    if isinstance(name, list):
        return _command(name, timeout_s)
    module, _, function = name.partition(":")
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    try:
        hook = getattr(importlib.import_module(module), function)
    except Exception as error:  # somebody else's code: whatever it raises is named
        raise ModelError(
            f"translation {name}",
            f"can't be loaded ({type(error).__name__}: {error})",
            "mend it, or its name in the rig",
        ) from error
    if not callable(hook):
        raise ModelError(f"translation {name}", "is no function", "name a function: package:function")
    return hook


def _command(argv: list[str], timeout_s: float) -> Hook:
    def run(text: str) -> str:
        done = subprocess.run(
            argv, input=text, capture_output=True, text=True, encoding="utf-8", timeout=timeout_s, check=False
        )
        if done.returncode:
            raise RuntimeError(
                f"exit {done.returncode}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'no word'}"
            )
        return done.stdout

    return run


@dataclass
class _Asked:
    cue: Cue
    at_ns: int
    answer: str | None = None
    wrong: str = ""
    done: threading.Event = field(default_factory=threading.Event)


class Translator:
    """Captions in, captions out, in order. One thread calls it; the hook has its own. name: how the rig calls the
    hook."""

    def __init__(self, hook: Hook, name: str, timeout_s: float, say: Callable[[str], None]) -> None:
        self._hook, self._name, self._timeout_s, self._say = hook, name, timeout_s, say
        self._waiting: deque[_Asked] = deque()
        self._work: queue.SimpleQueue[_Asked | None] = queue.SimpleQueue()
        self._broken = ""
        self._start()

    def _start(self) -> None:
        self._work = queue.SimpleQueue()
        threading.Thread(target=_answer, args=(self._hook, self._work), name="translation", daemon=True).start()

    @property
    def idle(self) -> bool:
        """Nothing waits."""
        return not self._waiting

    def put(self, cue: Cue, now_ns: int) -> None:
        """Ask for a caption's translation."""
        asked = _Asked(cue, now_ns)
        self._waiting.append(asked)
        self._work.put(asked)

    def take(self, now_ns: int, *, wait: bool = False) -> Iterator[tuple[Cue, str]]:
        """Captions with their text, translated or (when the hook failed) as it was. wait: for all of them (off
        line)."""
        while self._waiting:
            asked = self._waiting[0]
            if wait:
                asked.done.wait(PATIENCE_S)
            late = wait or now_ns - asked.at_ns > self._timeout_s * NS or len(self._waiting) > BACKLOG
            if not asked.done.is_set() and not late:
                return
            self._waiting.popleft()
            if not asked.done.is_set():
                asked.wrong = f"no answer within {PATIENCE_S if wait else self._timeout_s:g} s"
                self._restart()
            self._tell(asked.wrong)
            yield asked.cue, asked.cue.text if asked.answer is None or asked.wrong else asked.answer

    def _restart(self) -> None:
        """Leave the thread that hangs to itself; what waits is asked anew."""
        self._work.put(None)
        self._start()
        for asked in self._waiting:
            self._work.put(asked)

    def _tell(self, wrong: str) -> None:
        if bool(wrong) != bool(self._broken):
            self._say(
                f"translation {self._name}: {wrong}; captions go on untranslated"
                if wrong
                else f"translation {self._name}: works again"
            )
        self._broken = wrong

    def close(self) -> None:
        self._work.put(None)


def _answer(hook: Hook, work: queue.SimpleQueue[_Asked | None]) -> None:
    while (asked := work.get()) is not None:
        try:
            answer = hook(asked.cue.text)
            if not isinstance(answer, str) or not answer.strip():
                raise TypeError(f"gave {answer!r:.40}, not text")
            asked.answer = answer.strip()
        except Exception as error:  # somebody else's code: the caption goes on without it
            asked.wrong = f"{type(error).__name__}: {error}"[:160]
        asked.done.set()


def spread(text: str, cue: Cue) -> tuple[Word, ...]:
    """The words of a translation, evenly over the time of what they translate."""
    pieces = [" " + w for w in text.split()]
    if len(pieces) == 1 and len(text) > 20:  # a script without spaces
        pieces = list(text)
    step = (cue.end_ns - cue.start_ns) / max(1, len(pieces))
    return tuple(
        Word(p, cue.start_ns + int(i * step), cue.start_ns + int((i + 1) * step)) for i, p in enumerate(pieces)
    )
