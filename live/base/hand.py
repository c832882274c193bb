"""Whose command it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a hand may do."""

    OPERATOR = "operator"
    VIEWER = "viewer"  # sees the state, and changes nothing


@dataclass(frozen=True)
class Hand:
    """Somebody who sends commands, as the surface that they sit at knows them. who: as logs name them ("osc
    127.0.0.1:5000"). host: the address they send from, "" for this program itself.
    """

    who: str
    host: str = ""
    role: Role = Role.OPERATOR

    @property
    def local(self) -> bool:
        """Are they at this machine?"""
        host = self.host.removeprefix("::ffff:")
        return not host or host == "::1" or host.startswith("127.")
