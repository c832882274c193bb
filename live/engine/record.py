"""What the first line of a show log says of the show: enough to read the rest of the log, and to make the show again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from live.config.load import Show
from live.config.rig import OutputConfig


def start_record(show: Show, outputs: Sequence[OutputConfig]) -> dict[str, Any]:
    """Plain values for the log's `start` line. An output's address is left out: a stream's holds its key."""
    rig = show.rig
    return {
        "title": rig.title, "rig": str(show.path.resolve()), "seed": rig.seed, "rate": f"{rig.picture.rate.numerator}/{rig.picture.rate.denominator}",
        "picture": rig.picture.model_dump(), "delay_s": rig.picture.delay_s,
        "program": rig.start or show.row[0].id,
        "people": [{"name": p.name, "label": p.label, "microphone": p.microphone, "camera": p.camera} for p in rig.people],
        "shots": [{"id": s.id, "label": s.label, "role": s.role, "person": s.person, "source": s.source} for s in show.all_shots],
        "sources": [{"name": s.name, "label": s.label, "kind": s.kind} for s in rig.sources],
        "microphones": [m.name for m in rig.microphones],
        "outputs": [_output(o) for o in outputs],
    }  # fmt: skip


def _output(output: OutputConfig) -> dict[str, Any]:
    kept: dict[str, Any] = {"name": output.name, "kind": output.kind}
    for key in ("path", "source"):
        if (value := getattr(output, key, None)) is not None:
            kept[key] = str(value)
    return kept
