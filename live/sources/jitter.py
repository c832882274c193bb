"""A jitter buffer's clock: when what a stream brings is due on the machine's time line. Pure: time is an argument.

A stream has a time of its own. What it brings is on its way for some time, and not always for as long; it is held here
so that all of it is on the machine's time line as far apart as its own times say. How long it is held follows what
arrives: the latest of the last 20 s, without the one second that was the worst, and a little more.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

NS = 1_000_000_000
MS = NS // 1000

START_NS = 100 * MS  # held while nothing is known
MARGIN_NS = 20 * MS  # earlier than the latest: decoding takes its time, and the program looks once a frame
SOUND_SLACK_NS = 80 * MS  # the mixer takes sound 120 ms after its time
WINDOW_S = 20
STEP_NS = 20 * MS  # what is lacking more than this is added at once: it was heard and seen anyway
DEAD_NS = 20 * MS  # too much by less than this is left alone
SLEW = 1.5e-3  # how fast the rest is bent away: 2.6 cents, which the resampler follows and nobody hears
EXCESS_NS = NS // 4  # more than this too much is left out at once
MOST_NS = 2 * NS  # longer than this nothing is held for jitter's sake
BREAK_NS = NS  # a time so far from where it should follow is a jump of the sender's clock
LATE_NS = 4 * NS // 10  # late for so long without a break: the sender stood still, or its way got longer
BEGIN_NS = 3 * NS  # so long after a beginning what came in one heap (a server's last seconds) is left out
HEAP_NS = NS // 2
HEAPS_NS = 3 * NS  # more than this in heaps: it sends as fast as we take it
PULLED_NS = NS // 2  # held of what a sender gives as fast as we take it, and again when it came too late


@dataclass
class _Epoch:
    """A stretch of the sender's clock without a jump. offset_ns: of the machine's time to the stream's. seconds: by
    second of arrival: (number, latest, earliest) of arrival less time stamp."""

    offset_ns: int
    begun_ns: int
    seconds: deque[list[int]] = field(default_factory=deque)

    def saw(self, way_ns: int, now_ns: int) -> None:
        second = now_ns // NS
        if self.seconds and self.seconds[-1][0] == second:
            newest = self.seconds[-1]
            newest[1], newest[2] = max(newest[1], way_ns), min(newest[2], way_ns)
            return
        self.seconds.append([second, way_ns, way_ns])
        while self.seconds[0][0] <= second - WINDOW_S:
            self.seconds.popleft()

    def least_ns(self) -> int:
        """The shortest way of late."""
        return min(s[2] for s in self.seconds)

    def needed_ns(self) -> int:
        """The offset with which nothing would have come too late, but for one second's."""
        latest = sorted(s[1] for s in self.seconds)
        worst = latest[-1] if len(latest) < 5 else latest[-2]
        return min(worst, self.least_ns() + MOST_NS) + MARGIN_NS


@dataclass
class _Track:
    """Pictures, or sound. next_pts_ns, next_due_ns: where what comes next would follow without a break."""

    epoch: _Epoch
    next_pts_ns: int
    next_due_ns: int


class JitterClock:
    """waits: the sender can be made to wait (a file over http): what comes early is no reason to leave something out.
    None: it will be seen (tcp).

    late: events that came after they were due. jumps: how often the time line was laid anew.
    """

    def __init__(self, *, waits: bool | None) -> None:
        self.waits = waits
        self._left_out_ns = 0
        self.late = self.jumps = 0
        self._epoch: _Epoch | None = None
        self._tracks: dict[str, _Track] = {}
        self._late_since_ns: int | None = None
        self._last_ns = 0

    @property
    def held_ns(self) -> int:
        """How long what came the shortest way is held."""
        if self._epoch is None or not self._epoch.seconds:
            return 0
        return max(0, self._epoch.offset_ns - self._epoch.least_ns())

    def due_ns(self, track: str, pts_ns: int, length_ns: int, now_ns: int) -> int:
        """When something of a track ("picture", "sound") that has arrived now is due: its time stamp, how long it
        lasts."""
        way_ns = now_ns - pts_ns - (SOUND_SLACK_NS if track == "sound" else 0)
        epoch = self._epoch_of(track, pts_ns, way_ns, now_ns)
        if epoch is self._epoch:
            self._settle(epoch, way_ns, now_ns)
        due_ns = pts_ns + epoch.offset_ns
        self._tracks[track] = _Track(epoch, pts_ns + length_ns, due_ns + length_ns)
        return due_ns

    def _epoch_of(self, track: str, pts_ns: int, way_ns: int, now_ns: int) -> _Epoch:
        if self._epoch is None:
            return self._begin(way_ns + (PULLED_NS if self.waits else START_NS), now_ns)
        before = self._tracks.get(track)
        if before is None:
            others = [t for t in self._tracks.values() if t.epoch is self._epoch]
            near = any(abs(pts_ns - t.next_pts_ns) < 10 * BREAK_NS for t in others)
            return self._epoch if near or not others else self._begin(way_ns + START_NS, now_ns)
        if abs(pts_ns - before.next_pts_ns) < BREAK_NS:
            return before.epoch
        if before.epoch is not self._epoch and abs(pts_ns + self._epoch.offset_ns - before.next_due_ns) < BREAK_NS:
            return self._epoch  # the other track has jumped before, and so far
        self.jumps += 1
        follows_ns = before.next_due_ns - pts_ns
        return self._begin(follows_ns if self.waits else max(follows_ns, way_ns + START_NS), now_ns)

    def _begin(self, offset_ns: int, now_ns: int) -> _Epoch:
        self._epoch, self._late_since_ns, self._last_ns = _Epoch(offset_ns, now_ns), None, now_ns
        return self._epoch

    def _settle(self, epoch: _Epoch, way_ns: int, now_ns: int) -> None:
        """Lay the time line so that what comes like this is there in time."""
        epoch.saw(way_ns, now_ns)
        passed_ns, self._last_ns = now_ns - self._last_ns, now_ns
        late_ns = way_ns - epoch.offset_ns
        self.late += late_ns > 0
        if self.waits:
            if late_ns > 0:
                self._lay(epoch, way_ns + PULLED_NS)
            return
        if self._stands_late(late_ns, now_ns) or (-late_ns > HEAP_NS and now_ns - epoch.begun_ns < BEGIN_NS):
            self._left_out_ns += max(0, -late_ns)
            if self.waits is None and self._left_out_ns > HEAPS_NS:
                self.waits = True
                return
            self._lay(epoch, way_ns + START_NS)
            epoch.begun_ns, self._late_since_ns = max(epoch.begun_ns, now_ns - BEGIN_NS // 2), None
            epoch.seconds.clear()
            epoch.saw(way_ns, now_ns)
            return
        lacking_ns = epoch.needed_ns() - epoch.offset_ns
        settled = now_ns - epoch.begun_ns > BEGIN_NS
        if lacking_ns > STEP_NS or (settled and lacking_ns < -EXCESS_NS):
            self._lay(epoch, epoch.offset_ns + lacking_ns)
        elif lacking_ns > 0 or (settled and lacking_ns < -DEAD_NS):
            most_ns = int(SLEW * passed_ns)
            epoch.offset_ns += max(-most_ns, min(most_ns, lacking_ns))

    def _stands_late(self, late_ns: int, now_ns: int) -> bool:
        if late_ns <= 0:
            self._late_since_ns = None
            return False
        if self._late_since_ns is None:
            self._late_since_ns = now_ns
        return now_ns - self._late_since_ns > LATE_NS

    def _lay(self, epoch: _Epoch, offset_ns: int) -> None:
        epoch.offset_ns = offset_ns
        self.jumps += 1
