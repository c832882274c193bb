"""The outputs on the desk's second page: how each does, and the button that starts or stops it."""

from __future__ import annotations

from collections.abc import Callable

from imgui_bundle import imgui

from live.show.outputs.published import OutputStatus

Send = Callable[..., None]
_DIM = (0.6, 0.64, 0.68, 1.0)
_GREEN = (0.35, 0.83, 0.47, 1.0)
_AMBER = (1.0, 0.7, 0.25, 1.0)
_COLOURS = {"live": _GREEN, "connecting": _AMBER, "retrying": _AMBER, "failed": (1.0, 0.35, 0.3, 1.0)}


def height(outputs: tuple[OutputStatus, ...]) -> float:
    """In pixels of the design."""
    return 24 + 36 * len(outputs) if outputs else 0


def draw(outputs: tuple[OutputStatus, ...], send: Send, unit: float) -> None:
    if outputs:
        imgui.text_colored(_DIM, "Outputs")
    for output in outputs:
        stopped = output.state == "stopped"
        if imgui.button(f"{'Start' if stopped else 'Stop'}##output {output.name}", (64 * unit, 0)):
            send(f"/outputs/{output.name}/{'start' if stopped else 'stop'}")
        imgui.same_line()
        imgui.text_colored(_COLOURS.get(output.state, _DIM), f"{output.name}  {output.state}")
        imgui.same_line(270 * unit)
        imgui.text_colored(_DIM, f"{output.kind} of {output.feed}   {output.message}"[:64])
