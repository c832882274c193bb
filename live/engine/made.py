"""What passes from stage to stage of a frame, by name, and from one frame to the next when a stage fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from live.engine.sound import Sound
from live.picture.values import Face, Picture, SourceInput
from live.sound.film_sound import SILENT


@dataclass
class Made:
    """What each stage made last. One that fails leaves what it made before."""

    sound: Sound
    picture: Picture
    faces: Mapping[str, tuple[Face, ...]] = field(default_factory=dict)  # by source, only when new
    inputs: dict[str, SourceInput] = field(default_factory=dict)


@dataclass
class Pending:
    """A program frame between its drawing and its publication, which on a GPU is one frame later.

    commanded_ns: when the commands came that it is the first to show. captured_ns: when the oldest of its pictures was.
    drawn: False for one that could not be; the one before is shown again.
    """

    time_ns: int
    commanded_ns: list[int]
    sound: Sound
    captured_ns: int
    black: float = 0.0
    film: tuple[int, int] = SILENT
    drawn: bool = False


class Barer:
    """A picture that can't be drawn is tried with less in it, and for a while nothing more is tried: a graphic whose
    font breaks goes off program, and the shot under it stays. Engine thread only."""

    def __init__(self, again_after: int) -> None:
        """again_after: frames after which the whole picture is tried again."""
        self._again_after = again_after
        self._from = 0  # how much is left out
        self._left = 0  # frames until the whole is tried again

    def of(self, picture: Picture) -> Iterator[Picture]:
        """The picture, then with less and less in it, from where it could be drawn last; `failed` before each next."""
        if self._left > 0:
            self._left -= 1
        else:
            self._from = 0
        rungs = (picture, replace(picture, graphics=()), replace(picture, graphics=(), keys=()), _bare(picture))
        yield from rungs[self._from :]

    def failed(self) -> None:
        self._from = min(self._from + 1, 3)
        self._left = self._again_after


def _bare(picture: Picture) -> Picture:
    """The shot that a transition goes to, or is on, as its file says; as black as it ought to be."""
    return Picture(picture.to or picture.shot, black=picture.black)
