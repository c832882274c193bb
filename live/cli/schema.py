"""`live schema`."""

from __future__ import annotations

from live.cli.app import say


def schema() -> None:
    """Every command and all of the state, as one JSON document: what a control surface can send and hear."""
    import json

    from live.control.schema import schema as schema_of

    say(json.dumps(schema_of(), ensure_ascii=False, indent=1))
