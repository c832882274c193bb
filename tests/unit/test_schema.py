"""Commands and state as one document: whole, plain, and the same each time."""

from __future__ import annotations

import json
import subprocess
import sys

from live.control.published import all_published
from live.control.registry import all_commands
from live.control.schema import schema


def entry(kind: str, address: str) -> dict[str, object]:
    (found,) = (e for e in schema()[kind] if e["address"] == address)
    return dict(found)


def test_every_command_and_every_path_is_in_it_once_and_in_order() -> None:
    whole = schema()
    commands, state = ([e["address"] for e in whole[kind]] for kind in ("commands", "state"))
    assert commands == sorted(spec.address for spec in all_commands())
    assert state == sorted(part.address for spec in all_published() for part in spec.parts)


def test_it_is_plain_json_and_says_of_everything_what_it_is() -> None:
    whole = json.loads(json.dumps(schema()))
    assert whole == schema(), "no tuple, no enum, nothing that JSON has no word for"
    for command in whole["commands"]:
        assert command["doc"] and all(a["doc"] and a["type"] for a in command["args"] if not a.get("in_address"))
    for path in whole["state"]:
        assert path["doc"] and all(v["doc"] and v["type"] and v["osc"] for v in path["values"])


def test_limits_units_choices_and_defaults_are_said() -> None:
    assert entry("state", "/state/microphones/<name>/level") == {
        "address": "/state/microphones/<name>/level",
        "of": "MicrophoneStatus",
        "doc": "A microphone.",
        "in_address": [{"name": "name", "type": "string"}],
        "values": [
            {
                "name": "level_db",
                "type": "number",
                "doc": "of full scale, after gain and mute; 0 is the most",
                "unit": "dB",
                "osc": "f",
                "default": -90.0,
            },
            {"name": "speaking", "type": "boolean", "doc": "somebody speaks into it", "osc": "i", "default": False},
        ],
    }
    (numbers,) = entry("state", "/state/keying/<source>/numbers")["values"]  # type: ignore[misc,attr-defined]
    assert numbers["type"] == "array" and numbers["items"] == ["string", "number"] and numbers["osc"] == "sf..."
    (level,) = entry("commands", "/director/level")["args"]  # type: ignore[misc,attr-defined]
    assert level["choices"] == ["off", "suggest", "armed", "auto"] and level["required"]
    assert entry("commands", "/program/cut")["domain"] == "cuts"


def test_the_program_prints_it_the_same_each_time() -> None:
    command = [sys.executable, "-m", "live", "schema"]
    one, two = (subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(2))
    assert one == two and json.loads(one) == schema()
