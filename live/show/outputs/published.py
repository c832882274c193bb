"""What is published of the outputs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from live.control.published import Field, Published, published

# closed: all of it was delivered; failed: it ended, but not well; stopped: by a hand.
STATES = ("connecting", "live", "retrying", "closed", "failed", "stopped")
ASLEEP = ("", "closed", "stopped")  # of these there is nothing to be said
MESSAGE_LENGTH = 120  # characters of what an output said


@published("outputs/<name>/status")
@dataclass(frozen=True)
class OutputStatus(Published):
    """An output."""

    name: str
    state: Annotated[str, Field("how it does", choices=STATES)] = ""
    message: Annotated[str, Field("the last thing it said")] = ""
    kind: Annotated[str, Field("its kind, as the rig says: file, rtmp, iso, test")] = ""
    feed: Annotated[str, Field("the feed that it takes; of an iso its source")] = "program"
