"""What the first line of a show log says of the show: enough to read the rest of the log, and to make the show
again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from live.config.load import Show
from live.config.output import Output
from live.show.cuts.candidates import candidates, seen_in
from live.show.cuts.shot_rows import shot_rows


def start_record(show: Show, outputs: Sequence[Output], identity: str, begun: str = "") -> dict[str, Any]:
    """Plain values for the log's `start` line. An output's address is left out: a stream's holds its key."""
    rig = show.rig
    used = candidates(show, {shot.id: seen_in(show, shot) for shot in show.row})
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
            {"name": p.name, "label": p.label, "microphones": p.worn, "camera": next(iter(p.seen_by), None)}
            for p in show.people
        ],
        "style": Path(rig.director.style).stem,
        "shots": shot_rows(show, used),
        "sources": [{"name": s.name, "label": s.label, "kind": s.kind} for s in rig.sources],
        "microphones": [m.name for m in rig.microphones],
        "target_lufs": rig.sound.target_lufs,
        "outputs": [_output(o) for o in outputs],
    }


def _output(output: Output) -> dict[str, Any]:
    kept: dict[str, Any] = {"name": output.name, "kind": output.kind}
    for key in ("path", "source", "feed"):
        if (value := getattr(output, key, None)) is not None:
            kept[key] = str(value)
    if output.carries.bus:
        kept |= {"feed": output.carries.feed, "bus": output.carries.bus}
    return kept
