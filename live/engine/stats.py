"""What a show costs and how late it is: kept in arrays made once, so that counting costs nothing."""

from __future__ import annotations

import numpy as np

KEEP = 1 << 16  # frames: 36 minutes at 30; older ones are overwritten


class Series:
    """The last KEEP values of a figure."""

    def __init__(self) -> None:
        self._values = np.zeros(KEEP, np.float32)
        self.count = 0

    def add(self, value: float) -> None:
        self._values[self.count % KEEP] = value
        self.count += 1

    def summary(self) -> dict[str, float]:
        """{p50, p99, max} of what is kept; zeros when nothing is."""
        values = self._values[: min(self.count, KEEP)]
        if not len(values):
            return {"p50": 0.0, "p99": 0.0, "max": 0.0}
        p50, p99 = np.percentile(values, (50, 99))
        return {"p50": round(float(p50), 2), "p99": round(float(p99), 2), "max": round(float(values.max()), 2)}


class Stats:
    """frame: wall ms of one frame's work. capture: ms from a picture's capture to its program frame's publication.
    command: ms from a command's arrival to the publication of the first frame that shows it. stages: wall ms by
    name.
    """

    STAGES = (
        "commands",
        "hear",
        "decide",
        "inputs",
        "draw",
        "finish",
        "publish",
        "feeds",
        "preview",
        "cameras",
        "keep",
        "shaders",
    )

    def __init__(self) -> None:
        self.frame_ms = Series()
        self.capture_ms = Series()
        self.command_ms = Series()
        self.stages_ms = {name: Series() for name in self.STAGES}

    def summary(self) -> dict[str, object]:
        return {
            "frame_ms": self.frame_ms.summary(),
            "capture_to_program_ms": self.capture_ms.summary(),
            "command_to_program_ms": self.command_ms.summary(),
            "stages_ms": {name: series.summary() for name, series in self.stages_ms.items()},
        }
