"""What the first line of a show log says of the show: enough to read the rest of the log, and to make the show
again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from live.config.load import Shot, Show
from live.config.output import Output
from live.director.cost import Candidate
from live.show.cuts.candidates import candidates, seen_in


def start_record(show: Show, outputs: Sequence[Output], identity: str, begun: str = "") -> dict[str, Any]:
    """Plain values for the log's `start` line. An output's address is left out: a stream's holds its key."""
    rig = show.rig
    used = {c.shot: c for c in candidates(show, {shot.id: seen_in(show, shot) for shot in show.row})}
    return {
        "show": identity,
        "begun": begun,
        "title": rig.title,
        "rig": str(show.path.resolve()),
        "seed": rig.seed,
        "rate": f"{rig.picture.rate.numerator}/{rig.picture.rate.denominator}",
        "picture": rig.picture.model_dump(),
        "delay_s": rig.picture.delay_s,
        "program": rig.start or show.row[0].id,
        "people": [
            {"name": p.name, "label": p.label, "microphone": p.microphone, "camera": p.camera} for p in rig.people
        ],
        "style": Path(rig.director.style).stem,
        "shots": [_shot(s, used.get(s.id)) for s in show.all_shots],
        "sources": [{"name": s.name, "label": s.label, "kind": s.kind} for s in rig.sources],
        "microphones": [m.name for m in rig.microphones],
        "target_lufs": rig.sound.target_lufs,
        "outputs": [_output(o) for o in outputs],
    }


def _shot(shot: Shot, used: Candidate | None) -> dict[str, Any]:
    """A shot as the director uses it, if it does."""
    role, person = (used.role, used.person) if used else ("none", shot.person)
    row: dict[str, Any] = {"id": shot.id, "label": shot.label, "role": role, "person": person, "source": shot.source}
    return row | {"people": sorted(used.group)} if used and used.group else row


def _output(output: Output) -> dict[str, Any]:
    kept: dict[str, Any] = {"name": output.name, "kind": output.kind}
    for key in ("path", "source", "feed"):
        if (value := getattr(output, key, None)) is not None:
            kept[key] = str(value)
    if output.carries.bus:
        kept |= {"feed": output.carries.feed, "bus": output.carries.bus}
    return kept
