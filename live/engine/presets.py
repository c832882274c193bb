"""Presets of the sound desk that a hand stores: files in the rig's folder, written beside the frame."""

from __future__ import annotations

from collections import deque
from functools import partial
from pathlib import Path

from live.base.errors import LiveError, OutputError
from live.base.files import words_of
from live.base.readers import Readers
from live.config.presets import Preset, text_of


class PresetStore:
    """Owner: the engine. readers: whose threads write; None off line, where it is done at once. said: what was written,
    and what could not be.
    """

    def __init__(self, folder: Path, readers: Readers | None) -> None:
        self._folder, self._readers = folder, readers
        self.said: deque[str | LiveError] = deque(maxlen=20)

    def keep(self, name: str, preset: Preset) -> None:
        """Write one down, soon."""
        path = self._folder / f"{name}.toml"
        work = partial(self._write, path, text_of(preset))
        if self._readers is None:
            work()
        else:
            self._readers.put(path, work, self.said.append)

    def _write(self, path: Path, text: str) -> None:
        """All of it or nothing."""
        half = path.with_name(f".{path.name}.half")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            half.write_text(text, encoding="utf-8")
            half.replace(path)
        except OSError as error:
            self.said.append(OutputError(f"preset {path.stem}", words_of(error), f"see to {path.parent}"))
            return
        self.said.append(str(path))
