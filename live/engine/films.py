"""The films of stinger transitions: each always has its first frames ready, and the rest is decoded while it plays.

On air a thread per film decodes into a bounded ring (libav lets go of the interpreter while it works); off line the
reader is run as far as the frame needs, so that the picture is the same each time.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from live.base.errors import LiveError, SceneError
from live.base.files import words_of
from live.base.readers import touch
from live.config.rig import Rig
from live.picture.values import Film, Picture
from live.show.cuts.switcher import Switcher
from live.sound.film_sound import SILENT
from live.sources.film import FilmFrame, FilmReader

RING = 15  # frames ready, half a second: 2.3 MB each at 720p


class _Player:
    """One film. The engine's thread asks for frames; its own thread (on air) fills the ring."""

    def __init__(self, reader: FilmReader, *, threaded: bool, tell: Callable[[LiveError], None]) -> None:
        self.frames = reader.frames
        self._reader, self._tell = reader, tell
        self._ring: deque[tuple[int, FilmFrame]] = deque()
        self._source: Iterator[tuple[int, FilmFrame]] = enumerate(reader.play())
        self._shown: tuple[int, FilmFrame] | None = None
        self._again = self._closing = False
        self._change = threading.Condition()
        self.late = 0  # frames that were not decoded when they were due
        self._thread = threading.Thread(target=self._fill, name="film", daemon=True) if threaded else None
        if self._thread is not None:
            self._thread.start()

    def at(self, number: int) -> FilmFrame | None:
        """Frame `number`, or the newest before it that is ready; None when none is."""
        with self._change:
            if self._thread is None:
                while self._shown is None or self._shown[0] < number:
                    if (step := next(self._source, None)) is None:
                        break
                    self._shown = step
            while self._ring and self._ring[0][0] <= number:
                self._shown = self._ring.popleft()
            self.late += self._shown is None or self._shown[0] < min(number, self.frames - 1)
            self._change.notify()
            return self._shown[1] if self._shown is not None else None

    def rewind(self) -> None:
        """Ready to play from its first frame."""
        with self._change:
            if self._thread is None:
                self._source = enumerate(self._reader.play())
            self._ring.clear()
            self._shown, self._again = None, True
            self._change.notify()

    def _fill(self) -> None:
        while True:
            with self._change:
                self._change.wait_for(lambda: self._closing or self._again or len(self._ring) < RING)
                if self._closing:
                    return
                if self._again:
                    self._source, self._again = enumerate(self._reader.play()), False
            try:
                step = next(self._source, None)
            except LiveError as error:
                self._tell(error)
                step = None
            with self._change:
                if step is not None and not self._again:
                    self._ring.append(step)
                    self._change.notify()
                elif step is None:  # all of it is there: nothing to do until it is rewound
                    self._change.wait_for(lambda: self._closing or self._again)

    def close(self) -> None:
        with self._change:
            self._closing = True
            self._change.notify()
        if self._thread is not None:
            self._thread.join(2.0)


def _touch(file: Path) -> None:
    """libav would hang on a pipe and on a share that is gone. Raises LiveError."""
    try:
        touch(file)
    except OSError as error:
        raise SceneError(
            str(file), f"can't be read ({words_of(error)})", "give another film; a mix stands in"
        ) from None


class Films:
    """The stingers of a rig, by name. A film that can't be read is told; its transition then is a mix. Engine thread
    only.
    """

    def __init__(self, rig: Rig, switcher: Switcher, *, threaded: bool, tell: Callable[[LiveError], None]) -> None:
        self._rate: Fraction = rig.picture.rate
        self._tell = tell
        self._said: deque[LiveError] = deque(maxlen=20)  # by the players' threads
        self._players: dict[str, _Player] = {}
        self._playing: str | None = None
        self._film: Film | None = None  # of this frame
        self._changed = False  # has it hidden the picture?
        self.sounding = SILENT  # the number of the film that is heard in program (from 1 on), and its frame
        self._numbers = {config.name: number for number, config in enumerate(rig.stingers, 1)}
        size = rig.picture.width, rig.picture.height
        for config in rig.stingers:
            assert config.path is not None
            look = switcher.ready[config.name]
            try:
                for file in (config.path, config.key):
                    if file is not None:
                        _touch(file)
                player = _Player(
                    FilmReader(
                        config.path, config.key, size, self._rate, premultiplied=config.alpha == "premultiplied"
                    ),
                    threaded=threaded,
                    tell=self._said.append,
                )
            except LiveError as error:
                tell(error)
                switcher.ready[config.name] = replace(look, kind="mix")
                continue
            self._players[config.name] = player
            switcher.ready[config.name] = replace(look, seconds=float(player.frames / self._rate))

    def step(self, switcher: Switcher, now_s: float) -> None:
        """Once a frame: the frame that is due of the film that runs, on program or in a rehearsal. A hand on the T-bar
        stops it.
        """
        while self._said:
            self._tell(self._said.popleft())
        running = switcher.running
        name = running.look.name if running is not None and running.look.name in self._players else None
        if self._playing is not None and name != self._playing:
            self._players[self._playing].rewind()
        self._playing = name
        self._film, self._changed, self.sounding = None, False, SILENT
        if running is None or name is None:
            return
        t_s = now_s - running.start_s
        number = round(t_s * self._rate)
        frame = self._players[name].at(number)
        self._changed = t_s >= running.look.trigger_s
        if frame is not None:
            self._film = Film(frame.planes, frame.alpha, frame.alpha_half, self._changed)
        if not switcher.rehearsing:
            self.sounding = self._numbers[name], number

    def filmed(self, picture: Picture, switcher: Switcher, *, rehearsed: bool) -> Picture:
        """The picture of program, or of a rehearsal, with the frame of the film that runs over it there."""
        if self._playing is None or rehearsed != switcher.rehearsing:
            return picture
        if self._film is None:  # not a frame of it is ready: the change is a cut where it would have been
            return replace(picture, progress=1.0 if self._changed else 0.0)
        return replace(picture, film=self._film)

    @property
    def late(self) -> int:
        return sum(p.late for p in self._players.values())

    def close(self) -> None:
        for player in self._players.values():
            player.close()
