"""Ten thousand random interleavings of hands and machine, on the virtual clock.

Nothing automatic that was decided before a hand's command is carried out after it, and every command shows on the next
frame.
"""

import random

import pytest

from live.base.errors import CommandError
from live.base.hand import Hand
from live.director.authority import Level
from live.show import ShowState
from live.show import commands as c
from live.show.cuts.mix import CUTS
from live.show.holder import AUTO
from live.sound.hearing import Hearing
from tests.support.shows import SMALL, TALKERS, small_show

HAND = Hand("osc 127.0.0.1:1", "127.0.0.1")


RIG = (
    SMALL
    + TALKERS
    + """
shots = ["cam1", "cam2", "duo/duo"]
start = "duo/duo"
[director]
min_shot_s = 0.5
lease_s = 1.0
preview_s = 0.3
veto_s = 0.6
[[sources]]
name = "spare"
kind = "pattern"
[[scenes]]
name = "duo"
talent = { left = "spare", right = "spare" }
[[graphics]]
name = "lower"
off_after_s = 1.0
"""
)
DT_S = 0.1
FRAMES = 30
INTERLEAVINGS = 2_500  # of each of the four seeds
SHOTS = ("cam1", "cam2", "duo/duo")


@pytest.fixture(scope="module")
def rig(tmp_path_factory):
    return small_show(tmp_path_factory.mktemp("rig"), RIG)


def command(dice: random.Random):
    """Any command that bears on what the machine does, the likely ones more often."""
    return dice.choice(
        (
            lambda: c.ProgramCut(dice.choice(SHOTS)),
            lambda: c.ProgramCut(dice.choice(SHOTS)),
            lambda: c.ProgramCut(),
            lambda: c.ProgramAuto("mix", dice.choice((0.2, 0.7))),
            lambda: c.PreviewSet(dice.choice(SHOTS)),
            lambda: c.DirectorLevel(dice.choice(("auto", "auto", "auto", "armed", "suggest", "off"))),
            lambda: c.DirectorHold(0.4),
            lambda: c.DirectorHold(),
            lambda: c.DirectorRelease(),
            lambda: c.DirectorRelease(),
            lambda: c.DirectorTake(),
            lambda: c.DirectorVeto(),
            lambda: c.DirectorNever(0.02),
            lambda: c.DirectorLock(),
            lambda: c.DirectorUnlock(),
            lambda: c.ShowPanic(),
            lambda: c.SuggestionTake(),
            lambda: c.SuggestionDrop(),
            lambda: c.GraphicShow("lower"),
            lambda: c.GraphicHide("lower"),
            lambda: c.PreviewTransition(dice.random() < 0.4),
        )
    )()


class Watch:
    """Reads the log as it is written, and holds the machine to its promise."""

    def __init__(self, rig) -> None:
        self.state = ShowState(rig, self)
        self.now_s = 0.0
        self.hand_s = float("-inf")  # the last hand on the cuts
        self.graphic_hand_s = float("-inf")
        self.acts = 0

    def __call__(self, kind: str, by: str, **fields) -> None:
        if by != AUTO:
            return
        if kind == "cut":
            self.acts += 1
            assert fields["decided_s"] >= self.hand_s - 1e-9, "decided before the hand, carried out after it"
            assert self.hand_s < self.now_s, "on the very frame of the hand"
            view = self.state.authority.view(CUTS, now_s=self.now_s)
            assert view.level in (Level.AUTO, Level.ARMED) and not view.held and not view.locked
            assert not self.state.mix.switcher.rehearsing
        if kind == "state" and "graphic" in fields:
            self.acts += 1
            assert self.graphic_hand_s < self.now_s - 0.9, "a hand has touched it since"

    def hand(self, cmd) -> None:
        """One command, and what it must have done by the very next picture."""
        state, shown = self.state, self.state.graphics["lower"].visible
        try:
            state.apply(cmd, HAND, self.now_s)
        except CommandError:  # nothing to take; a command that is refused changes nothing
            assert isinstance(
                cmd, (c.DirectorTake, c.DirectorNever, c.SuggestionTake, c.SuggestionDrop, c.PreviewTransition)
            )
            assert state.graphics["lower"].visible == shown
            return
        if not isinstance(cmd, (c.SuggestionTake, c.SuggestionDrop, c.GraphicShow, c.GraphicHide)):
            self.hand_s = self.now_s
        if isinstance(cmd, (c.GraphicShow, c.GraphicHide)):
            self.graphic_hand_s = self.now_s
        if isinstance(cmd, c.SuggestionTake):
            self.graphic_hand_s = float("-inf")  # the machine's own idea: it may take it off again
        state_after = state.authority.view(CUTS, now_s=self.now_s)
        match cmd:
            case c.ProgramCut(shot) if shot:
                assert (state.mix.picture(self.now_s).shot.shot, state.mix.picture(self.now_s).to) == (shot, None)
            case c.PreviewSet(shot):
                assert state.mix.switcher.preview == shot
            case c.DirectorLevel(level):
                assert state_after.level == level
            case c.DirectorLock():
                assert state_after.locked
            case c.DirectorHold():
                assert state_after.held
            case c.ShowPanic():
                assert state_after.level is Level.OFF and state.session.panic
            case c.GraphicShow():
                assert state.graphics["lower"].visible

    def frame(self, speaking: dict[str, bool], in_pause: bool) -> None:
        self.state.step(self.now_s, DT_S, hearing=Hearing(speaking, in_pause), faces={}, aspects={})
        self.now_s = round(self.now_s + DT_S, 9)


@pytest.mark.parametrize("seed", range(4))
def test_nothing_decided_before_a_hand_follows_it(rig, seed):
    dice = random.Random(seed)
    acts = 0
    for _ in range(INTERLEAVINGS):
        watch = Watch(rig)
        speaking, in_pause = {"anna": True, "ben": False}, True
        for _ in range(FRAMES):
            if dice.random() < 0.06:
                speaking = {"anna": dice.random() < 0.5, "ben": dice.random() < 0.5}
                in_pause = dice.random() < 0.5
            while dice.random() < 0.12:
                watch.hand(command(dice))
            watch.frame(speaking, in_pause)
        acts += watch.acts
    assert acts > INTERLEAVINGS / 3, "a machine that never acts would pass"
