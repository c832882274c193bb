"""What a show log says of its shots: whom each shows, for the director."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from live.config.load import Shot, Show
from live.director.cost import Candidate


def shot_rows(show: Show, candidates: Iterable[Candidate]) -> list[dict[str, Any]]:
    """A row of plain values for each shot."""
    used = {c.shot: c for c in candidates}
    return [_row(show, shot, used.get(shot.id)) for shot in show.all_shots]


def _row(show: Show, shot: Shot, used: Candidate | None) -> dict[str, Any]:
    """A shot as the director uses it, if it does. camera: the one source that it is of."""
    role, person = (used.role, used.person) if used else ("none", shot.person)
    row: dict[str, Any] = {"id": shot.id, "label": shot.label, "role": role, "person": person, "source": shot.source}
    if shot.config is not None and shot.config.of is not None:
        row["camera"] = show.talent(shot.scene or "").get(shot.config.of)
    if used and used.lacks:
        row["lacks"] = sorted(used.lacks)
    return row | {"people": sorted(used.group)} if used and used.group else row
