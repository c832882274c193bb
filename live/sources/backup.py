"""Who stands in for a source that gives nothing: the pictures and the sound of another, read from its rings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from live.base.clock import NS
from live.base.samples import SAMPLE_RATE, sample_at
from live.shm.frame_ring import Frame, FrameRing
from live.shm.sound_ring import SoundRing
from live.sources.reader import PictureEvent
from live.sources.sight import PictureSight, commit

BACK_NS = 3 * NS  # so long a source has to give without a break until it is shown again
BREAK_NS = NS  # without a picture or sound for so long it doesn't
STEP_NS = NS // 50  # between two looks at who stands in
FRESH_NS = 2 * NS  # a backup whose last picture is older gives nothing itself
_LOOK_BACK = SAMPLE_RATE // 5  # samples: where a backup's sound begins when it stands in


@dataclass(frozen=True)
class BackupSpec:
    """A source that may stand in, and its rings."""

    name: str
    ring: str
    sound: str


class OnDuty:
    """Whether a source gives, or somebody stands in for it. Pure: time is an argument."""

    def __init__(self, after_ns: int, gave_ns: int) -> None:
        self._after_ns = after_ns
        self._last_ns = gave_ns
        self._since_ns: int | None = None  # it gives without a break
        self.standing_in = False

    def gave(self, now_ns: int) -> bool:
        """It gave something; True when that is shown."""
        if self._since_ns is None or now_ns - self._last_ns > BREAK_NS:
            self._since_ns = now_ns
        self._last_ns = now_ns
        if self.standing_in and now_ns - self._since_ns >= BACK_NS:
            self.standing_in = False
        return not self.standing_in

    def is_missed(self, now_ns: int) -> bool:
        """Is somebody to stand in?"""
        if now_ns - self._last_ns > BREAK_NS:
            self._since_ns = None
        self.standing_in |= now_ns - self._last_ns >= self._after_ns
        return self.standing_in


class Backup:
    """The backups of a source, in the order in which they are asked. Owned by its worker.

    say: what becomes of it, as (words, is it over). gave_ns, stands_in: how it was left by the worker before, when the
    source gave last and which backup stood in (from 1 on; 0: none); keep: what whoever comes after this one is to know
    of them.
    """

    def __init__(
        self,
        among: Sequence[BackupSpec],
        after_ns: int,
        ring: FrameRing,
        sound: SoundRing,
        seen: PictureSight,
        say: Callable[[str, bool], None],
        gave_ns: int,
        stands_in: int = 0,
        keep: Callable[[int, int], None] = lambda gave_ns, stands_in: None,
    ) -> None:
        self._among = [(b.name, FrameRing(b.ring), SoundRing(b.sound)) for b in among]
        self._duty = OnDuty(after_ns, gave_ns)
        self._keep, self._gave_ns = keep, gave_ns
        self._after_ns, self._ring, self._sound, self._seen, self._say = after_ns, ring, sound, seen, say
        self.wanted = bool(among)
        self._pictured = False  # it has given a picture
        self._name = ""  # who stands in
        self._shown = 0
        self._heard = 0
        if 0 < stands_in <= len(self._among):
            self._name, stand_in, _ = self._among[stands_in - 1]
            self._duty.standing_in, self._shown = True, stand_in.count
            self._heard = self._sound.end

    @property
    def standing_in(self) -> bool:
        """Is what the source gives not shown?"""
        return self._duty.standing_in and bool(self._name)

    def heard(self, now_ns: int) -> bool:
        """The source itself gave sound; True when that is heard. Of a source without pictures it is all that counts."""
        return self._gave(now_ns) if not self._pictured else not self.standing_in

    def gave(self, now_ns: int) -> bool:
        """The source itself gave a picture; True when that is shown."""
        self._pictured = True
        return self._gave(now_ns)

    def _gave(self, now_ns: int) -> bool:
        if not self._among:
            return True
        shown = self._duty.gave(now_ns)
        if shown and self._name:
            self._say(f"it is back; {self._name} stood in for it", True)
            self._name = ""
        self._gave_ns = now_ns
        self._keep_all()
        return not self.standing_in

    def _keep_all(self) -> None:
        self._keep(self._gave_ns, next((n for n, b in enumerate(self._among, 1) if b[0] == self._name), 0))

    def step(self, now_ns: int) -> None:
        """Often: what who stands in has given since the last call goes into the source's own rings."""
        if not self._among or not self._duty.is_missed(now_ns):
            return
        found = next(((n, r, s) for n, r, s in self._among if _gives(r, now_ns)), None)
        if found is None:
            return
        name, ring, sound = found
        if name != self._name:
            if self._name == "":
                self._say(f"nothing has come for {self._after_ns / NS:g} s: {name} stands in for it", False)
            else:
                self._say(f"{name} stands in for it, instead of {self._name}", False)
            self._name, self._shown = name, ring.count - 1
            self._heard = max(self._sound.end, sound.end - _LOOK_BACK)
            self._keep_all()
        for index in range(max(self._shown + 1, ring.count - ring.slots // 2), ring.count + 1):
            if (frame := ring.at(index)) is not None and frame.format.size <= self._ring.capacity:
                self._copy(frame)
        self._shown = ring.count
        self._pass_sound(sound, now_ns)

    def _copy(self, frame: Frame) -> None:
        event = PictureEvent(frame.pts_ns, frame.format, lambda out: out.__setitem__(slice(None), frame.data))
        commit(self._ring, event, frame.capture_ns, self._seen)

    def _pass_sound(self, sound: SoundRing, now_ns: int) -> None:
        end = min(sound.end, sample_at(now_ns + NS))
        if end <= self._heard:
            return
        if sound.channels <= self._sound.most:
            self._sound.set_channels(sound.channels)
            start = max(self._heard, end - SAMPLE_RATE)
            self._sound.write(start, sound.read_all(start, end - start)[0])
        self._heard = end


def _gives(ring: FrameRing, now_ns: int) -> bool:
    newest = ring.newest()
    return newest is not None and now_ns - newest.capture_ns < FRESH_NS
