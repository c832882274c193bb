"""What the console knows of layers."""

from __future__ import annotations

from live.control.published import Replica
from live.control.view import View
from live.show.layers.published import LayerStatus, SceneStatus


def state(program: str, preview: str) -> dict[str, tuple[object, ...]]:
    layers = {
        "/state/layers/pip": ("main", "inset"),
        "/state/layers/pip/positions": ("large",),
        "/state/layers/pip/inset/shown": (0, 0.0),
        "/state/layers/pip/inset/source": ("ben",),
        "/state/layers/pip/inset/rect": (0.6, 0.1, 0.3, 0.2),
        "/state/layers/pip/inset/look": (0.0, 0.5),
        "/state/layers/pip/main/shown": (1, 1.0),
        "/state/layers/empty": (),
    }
    return {"/state/program/shot": (program,), "/state/preview/shot": (preview,), **layers}


def test_the_layers_of_program_s_scene_are_in_hand_else_of_preview_s() -> None:
    for program, preview, count in (
        ("pip/pip", "cam1", 2),
        ("cam1", "pip/pip", 2),
        ("empty/one", "cam1", 0),
        ("cam1", "cam2", 0),
    ):
        assert len(View(Replica(state(program, preview))).layers_in_hand) == count


def test_a_layer_is_read_whole() -> None:
    view = View(Replica(state("pip/pip", "cam1")))
    assert view.layers_in_hand[1] == LayerStatus("pip", "inset", False, 0.0, "ben", 0.6, 0.1, 0.3, 0.2, opacity=0.5)
    assert view.get(SceneStatus, "pip").positions == ("large",)
