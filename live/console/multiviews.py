"""The multiviews on the desk's page M: the layout of each, and what any of its windows shows."""

from __future__ import annotations

from collections.abc import Callable

from imgui_bundle import imgui

from live.config.feeds import BUILT_IN_FEEDS
from live.config.multiviews import OWN, PLAIN, SOURCE_WORD
from live.console.widgets import DIM, choice
from live.control.view import View
from live.picture.tiling import EXAMPLES
from live.show.feeds.published import AuxStatus
from live.show.multiviews.published import MultiviewStatus
from live.show.sources.published import SourceStatus

Send = Callable[..., None]


class Multiviews:
    """Holds only which window is chosen in each."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._chosen: dict[str, int] = {}

    def draw(self, view: View, unit: float) -> None:
        multiviews = view.all(MultiviewStatus)
        if multiviews:
            imgui.text_colored(DIM, "Multiviews: layout, and what a window shows")
        for one in multiviews:
            windows = view.windows(one.name)
            at = f"/multiview/{one.name}"
            imgui.align_text_to_frame_padding()
            imgui.text(one.label)
            imgui.same_line(150 * unit)
            if layout := choice(f"##{at}/layout", one.layout, [*([OWN] if one.own else []), *EXAMPLES], 80 * unit):
                self._send(f"{at}/layout", layout)
            if not windows:
                continue
            number = min(self._chosen.get(one.name, 1), len(windows))
            imgui.same_line()
            numbers = [f"{n}  {w.shows}" for n, w in enumerate(windows, 1)]
            if chosen := choice(f"##{at}/number", f"window {number}", numbers, 110 * unit):
                self._chosen[one.name] = int(chosen.split()[0])
            imgui.same_line()
            if shows := choice(f"##{at}/shows", windows[number - 1].shows, choices(view, one.name), 190 * unit):
                self._send(f"{at}/window", number, shows)


def choices(view: View, but: str) -> list[str]:
    """What a window may show: what it says itself, shots, whole cameras, feeds."""
    cameras = [f"{SOURCE_WORD}{s.name}" for s in view.all(SourceStatus) if s.rate_hz > 0]
    feeds = [
        n
        for n in (*BUILT_IN_FEEDS, *(a.name for a in view.all(AuxStatus)), *(m.name for m in view.all(MultiviewStatus)))
        if n != but
    ]
    return list(dict.fromkeys([*(kind.value for kind in PLAIN), *(s.id for s in view.shots), *cameras, *feeds]))
