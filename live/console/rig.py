"""Saving what hands have set into the rig, on the desk's page of settings."""

from __future__ import annotations

from imgui_bundle import imgui

from live.console.page import Send
from live.console.widgets import DIM
from live.show.session.published import RigSaved


def draw(saved: RigSaved, send: Send) -> None:
    imgui.text_colored(DIM, "The rig's file")
    if imgui.button("Saving ...##rig" if saved.busy else "Save the settings into it##rig"):
        send("/rig/save")
    imgui.push_text_wrap_pos(0.0)
    imgui.text_colored(DIM, saved.text)
    imgui.pop_text_wrap_pos()
