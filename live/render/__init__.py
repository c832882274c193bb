"""The render room: pictures composed on the GPU (or on software GL) from planar YUV to planar YUV."""

from live.render.renderer import Renderer

__all__ = ["Renderer"]
