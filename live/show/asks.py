"""Files that hands named: looked for and read elsewhere, and taken up when they are there. Engine thread only.

What can't be a file's name, or lies outside the show's folders, is refused at once. The rest only a disk knows, which
may be slow, or gone: until it has answered, and when its answer is no, everything stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from live.base.errors import CommandError, LiveError
from live.config.places import NoSuchFile, Places

Kind = Literal["picture", "look"]
_MISSING: dict[Kind, str] = {"picture": "no still is called", "look": "no such file:"}
Done = Callable[[Path], None]
Failed = Callable[[LiveError], None]
# Finds the first of these paths that is there, and has it read: calls one of the two, now or on a later frame.
Fetch = Callable[[Kind, list[Path], Done, Failed], None]


@dataclass(eq=False)
class _Ask:
    kind: Kind
    target: str
    address: str
    name: str
    then: Done
    otherwise: Callable[[], None]
    at_once: bool = True  # is its command still being carried out?
    fault: CommandError | None = None


class Asks:
    """fetch: who reads the disk; without it, it is asked whether a file is there, at once. tell: of what was not to be
    had, later."""

    def __init__(
        self, places: Places, fetch: Fetch | None = None, tell: Callable[[CommandError], None] = lambda error: None
    ) -> None:
        self._places, self._fetch, self._tell = places, fetch, tell
        self._newest: dict[str, _Ask] = {}

    def ask(
        self,
        kind: Kind,
        target: str,
        address: str,
        names: Sequence[str],
        then: Done,
        *,
        beside: Sequence[Path] = (),
        otherwise: Callable[[], None] = lambda: None,
    ) -> None:
        """names: what it may be called, the one that was given last; beside: folders that it is looked for in before
        the rig's. then: given the file, unless something else has been asked for the target meanwhile; otherwise: done
        when it turns out later that it can't be had. Raises CommandError.
        """
        paths = [path for name in names for path in self.meant(address, name, beside)]
        new = _Ask(kind, target, address, names[-1], then, otherwise)
        before, self._newest[target] = self._newest.get(target), new
        fetch = self._fetch or self._look
        fetch(kind, paths, lambda path: self._done(new, path), lambda error: self._failed(new, error))
        new.at_once = False
        if new.fault is not None:
            if before is not None:
                self._newest[target] = before
            raise new.fault

    def _look(self, kind: Kind, paths: list[Path], done: Done, failed: Failed) -> None:
        try:
            done(self._places.find(paths))
        except LiveError as error:
            failed(error)

    def meant(self, address: str, name: str, beside: Sequence[Path] = ()) -> list[Path]:
        """Where a name may lie. Raises CommandError for one that a hand may not give."""
        try:
            return self._places.meant(name, *beside)
        except ValueError as error:
            cause, _, action = str(error).partition("; ")
            raise CommandError(address, cause, action or f"give a file of {self._places.base}") from None

    def waiting(self, target: str) -> bool:
        """Is something on its way?"""
        return target in self._newest

    def drop(self, target: str) -> None:
        """Something else has been ordered there."""
        self._newest.pop(target, None)

    def _done(self, ask: _Ask, path: Path) -> None:
        if self._newest.get(ask.target) is ask:
            del self._newest[ask.target]
            ask.then(path)

    def _failed(self, ask: _Ask, error: LiveError) -> None:
        if self._newest.get(ask.target) is not ask:
            return
        del self._newest[ask.target]
        missing = isinstance(error, NoSuchFile)
        cause = f"{_MISSING[ask.kind]} {ask.name!r:.60}" if missing else f"{error.subject}: {error.cause}"
        fault = CommandError(ask.address, cause, error.action)
        if ask.at_once:
            ask.fault = fault
        else:
            ask.otherwise()
            self._tell(fault)
