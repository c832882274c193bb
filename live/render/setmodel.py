"""A 3D set from glTF: read by trimesh, drawn as it stands.

Per mesh: base colour factor and texture, vertex colours, the scene graph's transforms. A mesh with vertex colours is
taken as
baked: the light is in the colours (sRGB coded, as trimesh writes them). Others get a simple key light. What is not
opaque is drawn last, over the rest.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import moderngl
import numpy as np
import numpy.typing as npt

from live.base.errors import SceneError
from live.picture.codes import codes_from_rgb
from live.picture.format import U8, Matrix, Range
from live.render.gl import Gl
from live.render.shaders import LIGHT
from live.stage.geometry import F32

if TYPE_CHECKING:
    import trimesh

_VERTEX = np.dtype([("position", "<f4", 3), ("normal", "<f4", 3), ("tint", "u1", 4), ("texcoord", "<f4", 2)])


@dataclass(frozen=True)
class Piece:
    """One mesh of a set, on the CPU. base is sRGB coded, 0..1; the vertices' tint too, but when it is baked: program
    codes.
    """

    vertices: npt.NDArray[np.void]
    indices: npt.NDArray[np.uint32]
    world_from_model: F32
    base: tuple[float, float, float, float]
    image: U8 | None  # (h, w, 4), first row at v = 0 of glTF (the top)
    baked: bool
    opaque: bool
    two_sided: bool


def read_set(path: Path) -> list[Piece]:
    """Every mesh of a glTF file. Raises SceneError that names the file when it can't be read or holds nothing to
    see.
    """
    import trimesh  # half a second of CPU, scipy included: a show without a set starts without it

    try:
        scene = trimesh.load_scene(path)
        pieces = [
            _piece(scene.geometry[scene.graph[node][1]], np.asarray(scene.graph[node][0], np.float32))
            for node in scene.graph.nodes_geometry
            if isinstance(scene.geometry[scene.graph[node][1]], trimesh.Trimesh)
        ]
    except Exception as error:  # trimesh raises whatever the broken bytes provoke
        raise SceneError(
            f"set {path}", f"can't be read ({type(error).__name__}: {error})", "export it again as .glb"
        ) from None
    if not pieces:
        raise SceneError(f"set {path}", "has no meshes", "export it again with its meshes")
    return pieces


def _srgb(linear: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """IEC 61966-2-1."""
    c = np.clip(np.asarray(linear, np.float64), 0, 1)
    return np.where(c <= 0.0031308, c * 12.92, 1.055 * c ** (1 / 2.4) - 0.055)


def _codes(rgba: U8) -> npt.NDArray[np.float64]:
    """sRGB-coded colours with straight alpha to the program's codes."""
    m, o = codes_from_rgb(Matrix.BT709, Range.LIMITED)
    return np.column_stack((rgba[:, :3] @ m.T + 255 * o, rgba[:, 3]))


def _normals(mesh: trimesh.Trimesh) -> F32:
    """Of each vertex the mean of its faces, by their area (trimesh's own takes seconds without scipy)."""
    corners = np.asarray(mesh.vertices)[mesh.faces]
    areas = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    at = np.asarray(mesh.faces).ravel()
    sums = [np.bincount(at, np.repeat(areas[:, i], 3), len(mesh.vertices)) for i in range(3)]
    normals = np.stack(sums, 1)
    long: F32 = (normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)).astype(np.float32)
    return long


def _piece(mesh: trimesh.Trimesh, world_from_model: F32) -> Piece:
    vertices = np.zeros(len(mesh.vertices), _VERTEX)
    visual: Any = mesh.visual
    vertices["position"], vertices["tint"] = mesh.vertices, 255
    vertices["normal"] = (0, 1, 0) if visual.kind == "vertex" else _normals(mesh)
    base, image, opaque, two_sided = (1.0, 1.0, 1.0, 1.0), None, True, False
    baked = visual.kind == "vertex"
    if baked:
        vertices["tint"] = np.rint(_codes(np.asarray(visual.vertex_colors)))
    elif visual.kind == "texture":
        if visual.uv is not None and len(visual.uv):
            vertices["texcoord"] = np.column_stack((visual.uv[:, 0], 1 - visual.uv[:, 1]))
        material = visual.material
        factor = getattr(material, "baseColorFactor", None)
        if factor is not None:
            rgba = np.asarray(factor, np.float64) / (255 if np.asarray(factor).dtype.kind in "ui" else 1)
            red, green, blue = (float(c) for c in _srgb(rgba[:3]))
            base = red, green, blue, float(rgba[3]) if len(rgba) > 3 else 1.0
        picture = getattr(material, "baseColorTexture", None) or getattr(material, "image", None)
        image = np.asarray(picture.convert("RGBA")) if picture is not None else None
        opaque = getattr(material, "alphaMode", None) != "BLEND"
        two_sided = bool(getattr(material, "doubleSided", False))
    opaque = opaque and bool((vertices["tint"][:, 3] == 255).all())
    return Piece(
        vertices, np.asarray(mesh.faces, np.uint32).ravel(), world_from_model, base, image, baked, opaque, two_sided
    )


_DITHER_CODES = 1.0


class _GpuPiece:
    def __init__(self, gl: Gl, stack: ExitStack, piece: Piece) -> None:
        self._gl = gl
        self._stack = stack
        self.piece = piece
        self._vertices = gl.own(stack, gl.ctx.buffer(piece.vertices.tobytes()))
        self._indices = gl.own(stack, gl.ctx.buffer(piece.indices.tobytes()))
        self.image = None
        if piece.image is not None:
            self.image = gl.texture(stack, (piece.image.shape[1], piece.image.shape[0]), 4, piece.image)
            self.image.build_mipmaps()
            self.image.filter = moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR
            self.image.repeat_x = self.image.repeat_y = True
        self._switches = ("BAKED",) if piece.baked else ("TEXTURED",) if self.image else ()
        self._vaos: dict[tuple[str, ...], tuple[int, moderngl.VertexArray]] = {}  # which version of the pass it is of

    def _vao(self, switches: tuple[str, ...]) -> moderngl.VertexArray:
        shader = self._gl.shaders.program("set", *switches)
        version, vao = self._vaos.get(switches, (-1, None))
        if version == shader.version:
            return vao
        if vao is not None:
            vao.release()
        shader.bind("image")
        m, o = codes_from_rgb(Matrix.BT709, Range.LIMITED)
        fixed = {"codes_from_rgb": tuple(m.T.ravel()), "offset": tuple(o), "dither": _DITHER_CODES / 255}
        for name, value in fixed.items():
            if name in shader:
                shader[name] = value
        content = [(self._vertices, "3f 3f 4f1 2f", *(_VERTEX.names or ()))]
        vao = self._gl.ctx.vertex_array(shader.program, content, self._indices, skip_errors=True)
        self._vaos[switches] = shader.version, self._gl.own(self._stack, vao)
        return vao

    def draw(self, clip_from_world: npt.NDArray[np.float64], *, coverage: bool, dither: bool, light: bool) -> None:
        switches = ("COVERAGE",) if coverage else (*self._switches, "DITHER") if dither else self._switches
        vao = self._vao((*switches, LIGHT) if light else switches)
        model = self.piece.world_from_model
        values = {
            "clip_from_model": tuple((clip_from_world @ model).T.ravel()),
            "world_from_model": tuple(model[:3, :3].T.ravel()),
            "base": self.piece.base,
        }
        for name, value in values.items():
            if name in vao.program:
                vao.program[name] = value
        if self.image:
            self.image.use(0)
        vao.render()


class SetModel:
    """A set on the GPU. Owner: the render thread."""

    def __init__(self, gl: Gl, pieces: list[Piece]) -> None:
        self._gl = gl
        self._stack = ExitStack()
        drawn = sorted(pieces, key=lambda p: not p.opaque)
        self._pieces = [_GpuPiece(gl, self._stack, p) for p in drawn]

    def draw(
        self,
        clip_from_world: npt.NDArray[np.float64],
        *,
        coverage: bool = False,
        dither: bool = False,
        light: bool = False,
    ) -> None:
        """Into the framebuffer in use, which must have depth. coverage: only where an opaque thing is, as 1. light: it
        holds light, not codes.
        """
        ctx = self._gl.ctx
        ctx.enable(moderngl.DEPTH_TEST)
        ctx.front_face = "cw"  # clip space has +Y down
        try:
            for piece in self._pieces:
                if piece.piece.opaque:
                    ctx.disable(moderngl.BLEND)
                elif coverage:
                    continue
                else:
                    ctx.enable(moderngl.BLEND)
                ctx.fbo.depth_mask = piece.piece.opaque  # glass hides nobody, whether the camera stands or moves
                if piece.piece.two_sided:
                    ctx.disable(moderngl.CULL_FACE)
                else:
                    ctx.enable(moderngl.CULL_FACE)
                piece.draw(clip_from_world, coverage=coverage, dither=dither, light=light)
        finally:
            ctx.fbo.depth_mask = True
            ctx.disable(moderngl.DEPTH_TEST | moderngl.BLEND | moderngl.CULL_FACE)

    def close(self) -> None:
        self._stack.close()
