"""An output that goes nowhere and says how much it would take."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, Literal

from live.config.kinds import OUTPUTS
from live.config.output import FeedOutput
from live.outputs.board import TargetState
from live.outputs.targets import VIDEO, Coded, Say, Target, Targeted, Template
from live.shm.status import Message

TOLD_EVERY_S = 5  # of the medium


@OUTPUTS.register
class TrialOutput(FeedOutput, Targeted):
    """A trial: the whole encode, sent nowhere and measured. Its state says the bit rate that a stream of this feed
    takes, before there is a server to send it to."""

    lamp: ClassVar[str] = "TEST"

    kind: Literal["test"]

    def target(self, template: Template, say: Say, *, fresh: bool, patient: bool) -> Target:
        return TrialTarget(self.name, template, say, patient=patient)


class Measure:
    """Bit rates of coded packets, by their own times."""

    def __init__(self, time_bases: tuple[Fraction, Fraction]) -> None:
        self._time_bases = time_bases
        self._bits: list[int] = []  # of each second
        self.frames = 0

    def take(self, packet: Coded) -> bool:
        """Count a packet. True when it begins a second that TOLD_EVERY_S divides."""
        second = int(packet.pts * self._time_bases[packet.stream])
        begun = second >= len(self._bits)
        self._bits += [0] * (second + 1 - len(self._bits))
        self._bits[second] += 8 * len(packet.data)
        self.frames += packet.stream == VIDEO
        return begun and second > 0 and second % TOLD_EVERY_S == 0

    @property
    def lately(self) -> str:
        """Of the whole seconds since it was told last."""
        bits = self._bits[:-1][-TOLD_EVERY_S:]
        return f"takes {_kbps(sum(bits) / max(1, len(bits)))}"

    @property
    def in_all(self) -> str:
        seconds = float(self.frames * self._time_bases[VIDEO])
        mean, most = sum(self._bits) / max(seconds, 1.0), max(self._bits, default=0)
        return f"{seconds:.1f} s took {_kbps(mean)} on average, {_kbps(most)} in the fullest second"


def _kbps(bits: float) -> str:
    """To two figures: a rate that stands is said once."""
    return f"{float(f'{bits / 1000:.2g}'):.0f} kb/s"


class TrialTarget(Target):
    """Takes every packet and keeps none."""

    def _session(self) -> None:
        measure = Measure(self._template.time_bases)
        for packet in self._rebased(self._all()):
            if self.state is not TargetState.LIVE:
                self._tell(TargetState.LIVE, "measuring")
            if measure.take(packet):
                self._tell(TargetState.LIVE, measure.lately)
        if measure.frames:
            self._say(Message(measure.in_all, self.name))
