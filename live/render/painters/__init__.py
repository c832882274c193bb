"""The two painters. Whoever draws asks painter.Painter; which of them it is, is decided here."""

from __future__ import annotations

from typing import Any

from live.render.gl import Gl
from live.render.painter import Painters
from live.render.painters.cpu import CpuPainters
from live.render.painters.gl import GlPainters


def painters_for(gl: Gl) -> Painters[Any]:
    """What makes a renderer's painters, on this context."""
    return CpuPainters(gl) if gl.software else GlPainters(gl)
