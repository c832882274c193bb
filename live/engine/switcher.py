"""The switcher: program bus, preview bus, and the transition between them. Pure; time is an argument."""

from __future__ import annotations

from dataclasses import dataclass

from live.picture import ShotView


@dataclass(frozen=True)
class Transition:
    kind: str
    to: str
    start_s: float
    seconds: float

    def progress(self, now_s: float) -> float:
        return min(1.0, max(0.0, (now_s - self.start_s) / self.seconds)) if self.seconds > 0 else 1.0


class Switcher:
    """What is on which bus. Times are show time, seconds."""

    def __init__(self, program: str, preview: str, now_s: float = 0.0) -> None:
        self.program = program
        self.preview = preview
        self.program_since_s = now_s
        self.preview_since_s = now_s
        self.transition: Transition | None = None

    def set_preview(self, shot: str, now_s: float) -> None:
        if shot != self.preview:
            self.preview, self.preview_since_s = shot, now_s

    def cut(self, shot: str | None, now_s: float) -> tuple[str, str]:
        """Put a shot (preview when None) on program; returns (from, to). A running transition ends at once.

        When preview is taken, the buses swap; a shot cut to directly leaves preview as it is.
        """
        before = self.program
        to = self.preview if shot is None else shot
        self.transition = None
        if to == self.preview:
            self.set_preview(before, now_s)
        self.program, self.program_since_s = to, now_s
        return before, to

    def auto(self, kind: str, seconds: float, now_s: float) -> bool:
        """Start a transition from program to preview; False when one runs already (it is carried on) or there is nothing to do."""
        if self.transition is not None or self.preview == self.program:
            return False
        if kind == "cut" or seconds <= 0:
            self.cut(None, now_s)
        else:
            self.transition = Transition(kind, self.preview, now_s, seconds)
            self.preview_since_s = now_s  # its camera move starts as it comes on air
        return True

    def step(self, now_s: float) -> str | None:
        """End a transition whose time is over; returns the shot it ended on."""
        if self.transition is None or self.transition.progress(now_s) < 1.0:
            return None
        to, start_s = self.transition.to, self.transition.start_s
        self.transition = None
        before, self.program, self.program_since_s = self.program, to, start_s
        if self.preview == to:
            self.set_preview(before, now_s)
        return to

    @property
    def on_air(self) -> list[str]:
        """The shots that are seen on program now."""
        return [self.program] + ([self.transition.to] if self.transition else [])

    def heading(self) -> str:
        """What program is, or is becoming."""
        return self.transition.to if self.transition else self.program

    def views(self, now_s: float) -> tuple[ShotView, ShotView | None, str, float]:
        """(leaving, coming, transition, progress) for the renderer."""
        shot = ShotView(self.program, now_s - self.program_since_s)
        if self.transition is None:
            return shot, None, "cut", 0.0
        t = self.transition
        return shot, ShotView(t.to, now_s - t.start_s), t.kind, t.progress(now_s)
