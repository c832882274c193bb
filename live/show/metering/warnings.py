"""What the meters give cause to say: in words, when it begins to be so and when it no longer is. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from live.sound.metering import SILENCE_LUFS, Level, Metered

OFF_LU = 4.0  # so far off the target the program is said to be so
BACK_LU = 3.0  # and no nearer is at it again
LONG_S = 10.0  # for so long, until it is said
CANCELS, MATCHES = -0.7, -0.3  # a phase under the one cancels, over the other it no longer does
CANCELS_S = 3.0
CLIPS_S = 10.0  # so long after it clipped last a strip no longer does
PEAK_DB = 0.3  # over the ceiling: what a meter of 48 taps may read too much (Tech 3341) is no fault of the limiter's


class Warnings:
    """now: what there is to be warned of, by what it is about; the words stand while it lasts."""

    def __init__(self) -> None:
        self.now: dict[str, str] = {}
        self._since_s: dict[str, float] = {}
        self._clips: dict[str, int] = {}
        self._clipped_s: dict[str, float] = {}

    def step(
        self,
        now_s: float,
        metered: Metered,
        *,
        target_lufs: float,
        ceiling_db: float,
        speaking: bool,
        labels: Mapping[str, str],
        judged: Mapping[str, Level],
    ) -> Iterator[str]:
        """What there is to say that wasn't said before. speaking: is there anybody who does? Only then the program can
        be too quiet. labels: what people call the strips. judged: those whose sides may cancel each other, by what they
        are called.
        """
        before = dict(self.now)
        self._loudness(now_s, metered.loudness.short_lufs, target_lufs, speaking)
        over = metered.loudness.true_peak_db > ceiling_db + PEAK_DB
        self._set(
            "true peak", f"true peak over ceiling ({metered.loudness.true_peak_db:.1f} of {ceiling_db:.1f} dB)", over
        )
        for name, level in metered.strips.items():
            self._clip(now_s, name, labels.get(name, name), level.clips)
        for name, level in judged.items():
            self._phase(now_s, name, level.phase)
        yield from (text for subject, text in self.now.items() if subject not in before)
        yield from (f"{text}: no longer" for subject, text in before.items() if subject not in self.now)

    def _set(self, subject: str, text: str, on: bool) -> None:
        if on:
            self.now.setdefault(subject, text)
        else:
            self.now.pop(subject, None)

    def _lasts(self, now_s: float, what: str, on: bool, for_s: float) -> bool:
        """Has it been so for so long?"""
        if not on:
            self._since_s.pop(what, None)
            return False
        return now_s - self._since_s.setdefault(what, now_s) >= for_s

    def _loudness(self, now_s: float, short_lufs: float, target_lufs: float, speaking: bool) -> None:
        off_lu = short_lufs - target_lufs
        heard = short_lufs > SILENCE_LUFS
        over = self._lasts(now_s, "over", off_lu >= OFF_LU, LONG_S)
        under = self._lasts(now_s, "under", heard and speaking and off_lu <= -OFF_LU, LONG_S)
        back = self._lasts(now_s, "at target", abs(off_lu) < BACK_LU or not heard, LONG_S)
        side = "over" if off_lu > 0 else "under"
        text = f"program is {abs(off_lu):.0f} LU {side} target ({short_lufs:.1f} LUFS, target {target_lufs:g})"
        if "program" in self.now and back:
            del self.now["program"]
        elif over or under:
            self.now.setdefault("program", text)

    def _clip(self, now_s: float, name: str, label: str, clips: int) -> None:
        if clips > self._clips.get(name, 0):
            self._clipped_s[name] = now_s
        self._clips[name] = clips
        self._set(f"clip {name}", f"{label} clips", now_s - self._clipped_s.get(name, -CLIPS_S) < CLIPS_S)

    def _phase(self, now_s: float, name: str, phase: float | None) -> None:
        subject = f"phase {name}"
        if phase is None:
            return
        if self._lasts(now_s, f"{subject} bad", phase <= CANCELS, CANCELS_S):
            self.now.setdefault(subject, f"{name}: sides cancel (phase {phase:.1f})")
        elif self._lasts(now_s, f"{subject} good", phase >= MATCHES, CANCELS_S):
            self.now.pop(subject, None)
