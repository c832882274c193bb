"""The switcher: program bus, preview bus, the transition between them, its rehearsal on preview, and the fade to black
behind it. Pure; time is an argument."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from live.config.transitions import TransitionConfig
from live.picture.transitions import BUILT_IN, KINDS, WIPES, Style
from live.picture.values import ShotView

_EASED = ("mix", "push", "squeeze")  # families whose start and end would look abrupt
DRESSED = (*WIPES, "dip")  # the transitions whose look a hand sets on air


@dataclass(frozen=True)
class Prepared:
    """A transition that can be taken by its name: a built-in kind, or one that the rig describes. trigger_s: when a
    stinger's film has covered the picture."""

    name: str
    kind: str
    seconds: float = 1.0
    style: Style = Style()
    trigger_s: float = 0.0

    @property
    def family(self) -> str:
        return KINDS[self.kind].family


def prepared(configs: Sequence[TransitionConfig] = ()) -> dict[str, Prepared]:
    """Every transition by name; one of the rig's with the name of a kind stands in for it."""
    made = {name: Prepared(name, name) for name in BUILT_IN}
    for c in configs:
        style = Style(c.softness, c.border, c.colour, c.reverse, c.path if c.kind == "picture" else None)
        made[c.name] = Prepared(c.name, c.kind, c.seconds, style, c.trigger_s)
    return made


@dataclass(frozen=True)
class Transition:
    """One that runs. position: how far a hand on the T-bar has brought it; None while it runs by itself."""

    look: Prepared
    to: str
    start_s: float
    seconds: float
    position: float | None = None

    @property
    def kind(self) -> str:
        return self.look.kind

    def progress(self, now_s: float) -> float:
        if self.position is not None:
            return self.position
        return min(1.0, max(0.0, (now_s - self.start_s) / self.seconds)) if self.seconds > 0 else 1.0

    def drawn(self, now_s: float) -> float:
        """The progress that is seen: eased, but not under a hand."""
        x = self.progress(now_s)
        return x * x * (3 - 2 * x) if self.look.family in _EASED and self.position is None else x


@dataclass
class Bar:
    """The T-bar: where it lies, and at which end the next transition begins. stray: it was left on the way, and means
    nothing until it is brought to an end."""

    position: float = 0.0
    rest: float = 0.0
    stray: bool = False


@dataclass
class FadeToBlack:
    """The last stage of program: picture and sound. amount: 0 all there, 1 black and silent."""

    on: bool = False
    seconds: float = 1.0
    amount: float = 0.0

    def step(self, dt_s: float) -> None:
        step = dt_s / self.seconds if self.seconds > 0 else 1.0
        self.amount = min(1.0, self.amount + step) if self.on else max(0.0, self.amount - step)


@dataclass
class Setting:
    """The transition that /program/auto and the T-bar do, and its rate when it isn't the transition's own."""

    name: str = "mix"
    seconds: float | None = None


@dataclass
class Switcher:
    """What is on which bus. Times are show time, seconds."""

    program: str
    preview: str
    now_s: float = 0.0
    ready: dict[str, Prepared] = field(default_factory=prepared)
    setting: Setting = field(default_factory=Setting)

    def __post_init__(self) -> None:
        self.program_since_s = self.preview_since_s = self.now_s
        self.preview_by_hand = False  # a hand has put there what is on preview: the machine leaves it alone
        self.transition: Transition | None = None
        self.rehearsing = False  # the next transition is tried out on preview; program knows nothing of it
        self.rehearsal: Transition | None = None  # the one that is tried out, while it runs
        self.bar = Bar()

    @property
    def running(self) -> Transition | None:
        """What auto and the T-bar carry on."""
        return self.rehearsal if self.rehearsing else self.transition

    def _run(self, transition: Transition | None) -> None:
        if self.rehearsing:
            self.rehearsal = transition
        else:
            self.transition = transition

    def set_preview(self, shot: str, now_s: float) -> None:
        if shot != self.preview:
            self.preview, self.preview_since_s = shot, now_s
            if self.rehearsal is not None:
                self.rehearsal = replace(self.rehearsal, to=shot)

    def _swap(self, before: str, now_s: float) -> None:
        """Preview was taken."""
        self.set_preview(before, now_s)
        self.preview_by_hand = False

    def rehearse(self, on: bool) -> bool:
        """From here on auto and the T-bar try the next transition out on preview, until it has been seen to its end; or
        no more of that. False while a transition runs on program: it is not to be turned into a rehearsal."""
        if on and self.transition is not None:
            return False
        if not on:
            self._leave()
        self.rehearsing = on
        return True

    def cut(self, shot: str | None, now_s: float, *, by_hand: bool = True) -> tuple[str, str]:
        """Put a shot (preview when None) on program; returns (from, to). A running transition ends at once.

        When preview is taken, the buses swap; a shot cut to directly leaves preview as it is. So does a cut of the
        machine while preview is a hand's: who has put a shot there finds it there. A cut is never rehearsed: it goes on
        air, and a rehearsal is over, since program is another one.
        """
        before = self.program
        to = self.preview if shot is None else shot
        self._leave()
        self.rehearsing = False
        if to == self.preview and (by_hand or not self.preview_by_hand):
            self._swap(before, now_s)
        self.program, self.program_since_s = to, now_s
        return before, to

    def chosen(self, name: str | None = None, seconds: float | None = None) -> tuple[Prepared, float]:
        """A transition and how long it takes; what is left out is as it was set. A film takes as long as it is."""
        look = self.ready[self.setting.name if name is None else name]
        if look.family == "stinger":
            return look, look.seconds
        if seconds is None:
            seconds = self.setting.seconds if name is None or name == self.setting.name else None
        return look, look.seconds if seconds is None else seconds

    def auto(self, name: str | None, seconds: float | None, now_s: float) -> bool:
        """Start a transition from program to preview, or its rehearsal; False when one runs already (it is carried on)
        or there is nothing to do.
        """
        running = self.running
        if running is not None:
            if running.position is not None:  # from under the hand
                self._run(replace(running, position=None, start_s=now_s - running.position * running.seconds))
                self.bar.stray = True
            return False
        look, length_s = self.chosen(name, seconds)
        if self.preview == self.program:
            return False
        if (look.kind == "cut" or length_s <= 0) and not self.rehearsing:
            self.cut(None, now_s)
        else:
            self._begin(Transition(look, self.preview, now_s, length_s))
        return True

    def move_bar(self, position: float, now_s: float) -> bool:
        """The T-bar is at a position, 0 to 1; both ends are ends. True when that started a transition, or a rehearsal.
        A film can't be held by
        hand: under the bar it is a mix, and silent."""
        bar = self.bar
        bar.position = position
        at_end = position <= 0 or position >= 1
        if bar.stray:
            if at_end:
                bar.stray, bar.rest = False, float(round(position))
            return False
        share, started = abs(position - bar.rest), False
        running = self.running
        if running is None:
            if share <= 0 or self.preview == self.program:
                bar.rest = float(round(position)) if at_end else bar.rest
                return False
            look, length_s = self.chosen()
            running = Transition(self._held(look), self.preview, now_s, length_s or 1.0)
            self._begin(running)
            started = True
        self._run(None if share <= 0 else replace(running, look=self._held(running.look), position=min(share, 1.0)))
        return started

    def _held(self, look: Prepared) -> Prepared:
        """What a hand can hold of a transition: a cut and a film have no middle."""
        for held in (look, self.ready["mix"]):
            if held.family not in ("cut", "stinger"):
                return held
        return Prepared("mix", "mix")  # the rig has given its name to a film

    def _begin(self, transition: Transition) -> None:
        self._run(transition)
        self.preview_since_s = transition.start_s  # its camera move starts as it comes on air

    def _leave(self) -> None:
        """Of a transition that ends before its time."""
        running = self.running
        if running is not None and running.position is not None:
            self.bar.stray = True
        self.transition = self.rehearsal = None

    def step(self, now_s: float) -> str | None:
        """End a transition whose time is over; returns the shot it ended on. A rehearsal that has been seen to its end
        is over, and the next transition is a real one."""
        ending = self.running
        if ending is None or ending.progress(now_s) < 1.0:
            return None
        self._run(None)
        if ending.position is not None:
            self.bar.rest = float(round(self.bar.position))
        if self.rehearsing:
            self.rehearsing = False
            return None
        before, self.program, self.program_since_s = self.program, ending.to, ending.start_s
        if self.preview == ending.to:
            self._swap(before, now_s)
        return ending.to

    @property
    def on_air(self) -> list[str]:
        """The shots that are seen on program now."""
        return [self.program] + ([self.transition.to] if self.transition else [])

    def heading(self) -> str:
        """What program is, or is becoming."""
        return self.transition.to if self.transition else self.program

    def views(self, now_s: float, *, rehearsed: bool = False) -> tuple[ShotView, ShotView | None, str, float]:
        """(leaving, coming, transition, progress) for the renderer. rehearsed: as the rehearsal has it, not as it is on
        air.
        """
        shot = ShotView(self.program, now_s - self.program_since_s)
        t = self.rehearsal if rehearsed else self.transition
        if t is None:
            return shot, None, "cut", 0.0
        return shot, ShotView(t.to, now_s - t.start_s), t.kind, t.drawn(now_s)
