"""Faces that are to be known from now on. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from live.show.feature import Feature

if TYPE_CHECKING:
    from live.show import ShowState


MOST_ASKED = 8  # that may wait: whoever recognises takes them one by one


class Enrolments(Feature[None]):
    """asked: (name, source) to be enrolled; the engine takes them."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    @classmethod
    def build(cls, state: ShowState) -> Enrolments:
        return cls()
