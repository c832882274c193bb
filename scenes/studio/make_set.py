"""Makes studio.glb: a talk studio with a desk, its light baked into the vertex colours. Same bytes every time.

    python scenes/studio/make_set.py

Metres, Y up, the floor at y = 0, the audience towards +Z. Light is gathered per vertex in linear light: direct from
area lights (sampled, with shadow rays against boxes), ambient by how much of the hemisphere is open; then coded as
sRGB. The floor is see-through by a fifth, and the set stands mirrored under it: a polished floor for the price of a few
triangles.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import trimesh

F64 = npt.NDArray[np.float64]

NAVY, SLATE, INK = (0.018, 0.034, 0.074), (0.040, 0.060, 0.098), (0.012, 0.016, 0.026)
WOOD, PEARL = (0.230, 0.118, 0.052), (0.36, 0.38, 0.40)
AMBER, ICE = (1.00, 0.46, 0.10), (0.30, 0.62, 1.00)
REFLECTED_M = 1.4  # how high what the floor reflects reaches
COARSE = 1.7  # how much larger than its step a cell may be: triangles are what a moving camera costs on software GL
AMBIENT = np.array([0.20, 0.25, 0.34])


@dataclass
class Patch:
    """A grid of vertices: what it reflects, what it shines (both linear RGB), per vertex."""

    points: F64
    normals: F64
    faces: npt.NDArray[np.int64]
    albedo: F64
    shine: F64


@dataclass(frozen=True)
class Light:
    """A rectangle that shines: centre, half edges, colour times watts (no unit), facing normal."""

    centre: tuple[float, float, float]
    u: tuple[float, float, float]
    v: tuple[float, float, float]
    colour: tuple[float, float, float]
    samples: int = 4


patches: list[Patch] = []
boxes: list[tuple[F64, F64]] = []  # (least corner, greatest corner): what throws shadows
lights: list[Light] = []

Surface = Callable[[F64, F64], F64]


def patch(
    surface: Surface,
    nu: int,
    nv: int,
    albedo: tuple[float, float, float],
    shine: tuple[float, ...] = (0.0, 0.0, 0.0),
    *,
    curved: bool = True,
) -> Patch:
    """A surface over (u, v) in 0..1; its normal is du x dv. Its shine may be changed per vertex afterwards."""
    nu, nv = (n if n == 1 else max(1, round(n / (COARSE if curved else 1))) for n in (nu, nv))
    u, v = (a.ravel() for a in np.meshgrid(np.linspace(0, 1, nu + 1), np.linspace(0, 1, nv + 1)))
    e = 1e-4
    points = surface(u, v)
    normals = np.cross(surface(u + e, v) - surface(u - e, v), surface(u, v + e) - surface(u, v - e))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    i = (np.arange(nv)[:, None] * (nu + 1) + np.arange(nu)).ravel()
    faces = np.concatenate([np.stack([i, i + 1, i + nu + 2], 1), np.stack([i, i + nu + 2, i + nu + 1], 1)])
    n = len(points)
    made = Patch(
        points, normals, faces, np.tile(np.asarray(albedo, float), (n, 1)), np.tile(np.asarray(shine, float), (n, 1))
    )
    patches.append(made)
    return made


def flat(origin: tuple, u: tuple, v: tuple, step: float, albedo: tuple, shine: tuple = (0.0, 0.0, 0.0)) -> Patch:
    """A parallelogram, cut about every `step` metres."""
    o, du, dv = np.array(origin, float), np.array(u, float), np.array(v, float)
    counts = [max(1, round(np.linalg.norm(d) / (COARSE * step))) for d in (du, dv)]
    return patch(lambda a, b: o + a[:, None] * du + b[:, None] * dv, *counts, albedo, shine, curved=False)


def box(low: tuple, high: tuple, step: float, albedo: tuple, *, shadow: bool = True) -> None:
    """A box without its underside."""
    (x0, y0, z0), (x1, y1, z1) = low, high
    w, h, d = x1 - x0, y1 - y0, z1 - z0
    flat((x0, y0, z1), (w, 0, 0), (0, h, 0), step, albedo)
    flat((x1, y0, z0), (-w, 0, 0), (0, h, 0), step, albedo)
    flat((x1, y0, z1), (0, 0, -d), (0, h, 0), step, albedo)
    flat((x0, y0, z0), (0, 0, d), (0, h, 0), step, albedo)
    flat((x0, y1, z1), (w, 0, 0), (0, 0, -d), step, albedo)
    if shadow:
        boxes.append((np.array(low, float), np.array(high, float)))


def strip(low: tuple, high: tuple, colour: tuple, power: float, *, gain: float = 1.0) -> None:
    """A bright bar facing the audience, and the light it gives."""
    (x0, y0, z), (x1, y1, _) = low, high
    flat((x0, y0, z), (x1 - x0, 0, 0), (0, y1 - y0, 0), 0.5, INK, tuple(gain * c for c in colour))
    if power:
        centre = ((x0 + x1) / 2, (y0 + y1) / 2, z + 0.12)
        u, v = ((x1 - x0) / 2, 0.0, 0.0), (0.0, (y1 - y0) / 2, 0.0)
        lights.append(Light(centre, u, v, tuple(power * c for c in colour), 6))


def build() -> None:
    """Everything that stands above the floor."""

    # Back wall, a touch of curve so that it never reads as a painted board.
    def wall(u: F64, v: F64) -> F64:
        x = (u - 0.5) * 20
        return np.stack([x, v * 4.6, -3.5 + 0.02 * x**2], 1)

    patch(wall, 60, 12, NAVY)
    boxes.append((np.array([-7.0, 0.0, -4.0]), np.array([7.0, 4.6, -3.55])))
    # The screen in the middle: a glow that falls off from its centre, and slow diagonal bands.
    screen = flat((-1.55, 0.95, -3.30), (3.1, 0, 0), (0, 1.75, 0), 0.11, INK)
    x, y = screen.points[:, 0] / 1.55, (screen.points[:, 1] - 1.8) / 0.9
    glow = np.exp(-0.8 * (x**2 + 0.7 * (y - 0.1) ** 2))
    bands = 0.5 + 0.5 * np.sin(2.6 * (x * 1.55 + 0.55 * y) + 0.8) * np.exp(-0.3 * x**2)
    screen.shine = (0.030 + 0.15 * glow + 0.09 * bands * glow)[:, None] * np.array([0.10, 0.42, 1.0])
    screen.shine += (0.13 * np.exp(-5 * (y + 1.0) ** 2) * np.exp(-0.8 * x**2))[:, None] * np.array([1.0, 0.55, 0.25])
    box((-1.63, 0.87, -3.42), (1.63, 2.78, -3.31), 0.8, INK, shadow=False)
    lights.append(Light((0, 1.8, -3.1), (1.4, 0, 0), (0, 0.8, 0), (0.35, 1.0, 2.2), 8))
    # Panels either side, each a little forward of the next, with warm strips in the gaps.
    for side in (-1, 1):
        for i, (centre, z) in enumerate(((2.35, -3.22), (3.55, -3.05), (4.80, -2.75))):
            c = side * centre
            box((c - 0.50, 0.12, z - 0.10), (c + 0.50, 3.05 - 0.16 * i, z), 0.2, SLATE)
            at = side * (centre - 0.60)
            strip((at - 0.022, 0.25, z - 0.02), (at + 0.022, 2.95 - 0.16 * i, z - 0.02), AMBER, 1.3, gain=1.15)
        # A slender wooden fin half way to the wall: parallax when the camera moves.
        f = side * 3.05
        box((f - 0.05, 0.0, -2.10), (f + 0.05, 3.4, -1.62), 0.28, WOOD)
        box((f - 0.05 + side * 0.34, 0.0, -2.30), (f + 0.05 + side * 0.34, 3.4, -1.82), 0.28, WOOD)
    # Cove light along the foot of the wall, and a cool line above.
    strip((-1.60, 0.70, -3.33), (1.60, 0.735, -3.33), ICE, 0.9)
    strip((-1.60, 2.92, -3.33), (1.60, 2.95, -3.33), ICE, 0.9)
    riser()
    desk()
    # Key and fill from the lighting grid, a hair light from behind.
    lights.append(Light((-2.2, 4.6, 3.4), (1.0, 0, 0), (0, 0, 0.8), (7.5, 7.0, 6.2), 10))
    lights.append(Light((2.6, 4.6, 3.0), (1.0, 0, 0), (0, 0, 0.8), (4.6, 4.8, 5.4), 10))
    lights.append(Light((0.0, 4.8, -1.6), (2.4, 0, 0), (0, 0, 0.3), (3.0, 3.4, 4.4), 8))


RISER_M = 0.12


def riser() -> None:
    """A round platform with a lit edge."""
    radius, centre_z = 2.75, -0.25

    def top(u: F64, v: F64) -> F64:
        a = -2 * np.pi * u
        r = radius * np.sqrt(v * 0.999 + 0.001)
        return np.stack([r * np.cos(a), np.full_like(r, RISER_M), centre_z + r * np.sin(a)], 1)

    def edge(low: float, high: float) -> Surface:
        def surface(u: F64, v: F64) -> F64:
            a = np.pi - np.pi * u
            return np.stack([radius * np.cos(a), low + (high - low) * v, centre_z + radius * np.sin(a)], 1)

        return surface

    patch(lambda u, v: top(1 - u, v), 64, 9, (0.085, 0.095, 0.115))
    patch(edge(0.055, RISER_M), 64, 1, SLATE)
    patch(edge(0.02, 0.055), 64, 1, INK, tuple(0.95 * c for c in ICE))
    for a in np.linspace(0.15, np.pi - 0.15, 9):
        x, z = (radius + 0.15) * np.cos(a), centre_z + (radius + 0.15) * np.sin(a)
        lights.append(Light((x, 0.10, z), (0.2, 0, 0), (0, 0.01, 0), (0.10, 0.20, 0.34), 2))


DESK_TOP_M = 1.04


def desk() -> None:
    """A counter on the riser, its front an arc. Its top hides where the cards of the talent end."""
    half, back, bulge = 1.42, 0.34, 0.42

    def front(u: F64, inset: float) -> tuple[F64, F64]:
        s = 2 * u - 1
        return s * (half - inset), 0.80 + bulge * np.sqrt(np.clip(1 - (0.86 * s) ** 2, 0, 1)) - 0.3 - inset

    def band(
        low: float, high: float, inset: float, albedo: tuple, shine: tuple = (0.0, 0.0, 0.0), rows: int = 6
    ) -> None:
        def surface(u: F64, v: F64) -> F64:
            x, z = front(u, inset)
            return np.stack([x, low + (high - low) * v, z], 1)

        patch(surface, 40, rows, albedo, shine)

    def top(u: F64, v: F64) -> F64:
        x, z = front(u, 0.0)
        return np.stack([x, np.full_like(x, DESK_TOP_M), z + (back - z) * v], 1)

    patch(top, 40, 4, PEARL)
    band(DESK_TOP_M - 0.055, DESK_TOP_M, 0.0, PEARL, rows=1)
    band(DESK_TOP_M - 0.085, DESK_TOP_M - 0.055, 0.045, INK, tuple(1.1 * c for c in AMBER), rows=1)
    band(0.30, DESK_TOP_M - 0.085, 0.07, WOOD, rows=6)
    band(RISER_M, 0.30, 0.13, INK, rows=3)
    for side in (-1, 1):  # the ends, seen from the side: a slab under the top, the body set back
        for inset, low, high, albedo in (
            (0.0, DESK_TOP_M - 0.055, DESK_TOP_M, PEARL),
            (0.07, 0.30, DESK_TOP_M - 0.055, WOOD),
            (0.13, RISER_M, 0.30, INK),
        ):
            x, z = front(np.array([0.5 + side * 0.5]), inset)
            start, depth = (z[0], back - z[0]) if side > 0 else (back, z[0] - back)
            flat((x[0], low, start), (0, 0, depth), (0, high - low, 0), 0.12, albedo)
    flat((half, RISER_M, back), (-2 * half, 0, 0), (0, DESK_TOP_M - RISER_M, 0), 0.4, INK)
    for x0 in np.linspace(-half + 0.07, half - 0.07, 8)[:-1]:  # shadows by boxes under the arc
        width = (2 * half - 0.14) / 7
        s = (np.array([x0, x0 + width]) + half) / (2 * half)
        # Well inside the arc: a box must not shade what it stands for.
        least = front(np.clip(s, 0, 1), 0.0)[1].min() - 0.22
        boxes.append(
            (np.array([x0, RISER_M, back + 0.03]), np.array([x0 + width, DESK_TOP_M - 0.08, max(least, back + 0.05)]))
        )
    for x in np.linspace(-1.15, 1.15, 7):
        z = float(front(np.array([(x / half + 1) / 2]), 0.0)[1][0])
        lights.append(Light((x, DESK_TOP_M - 0.09, z + 0.03), (0.18, 0, 0), (0, 0.01, 0), (0.11, 0.050, 0.012), 2))


def blocked(origin: F64, target: F64) -> npt.NDArray[np.bool_]:
    """Does anything stand between? Segments against boxes, by slabs."""
    direction = target - origin
    direction = np.where(np.abs(direction) < 1e-9, 1e-9, direction)
    hit = np.zeros(len(origin), bool)
    for low, high in boxes:
        a, b = (low - origin) / direction, (high - origin) / direction
        near, far = np.minimum(a, b).max(axis=1), np.maximum(a, b).min(axis=1)
        hit |= (near < far) & (far > 1e-3) & (near < 0.999)
    return hit


def hemisphere(count: int) -> F64:
    """Directions about +Z, cosine weighted, evenly spread (Fibonacci spiral)."""
    i = np.arange(count) + 0.5
    r, a = np.sqrt(i / count), i * np.pi * (3 - np.sqrt(5))
    return np.stack([r * np.cos(a), r * np.sin(a), np.sqrt(1 - r**2)], 1)


def gathered(points: F64, normals: F64) -> F64:
    """Light that falls on each vertex, linear RGB."""
    start = points + normals * 0.012
    up = np.where(np.abs(normals[:, 1:2]) < 0.9, [[0.0, 1.0, 0.0]], [[1.0, 0.0, 0.0]])
    tangent = np.cross(up, normals)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    other = np.cross(normals, tangent)
    open_sky = np.zeros(len(points))
    directions = hemisphere(48)
    for x, y, z in directions:
        way = x * tangent + y * other + z * normals
        open_sky += ~blocked(start, start + 2.2 * way) * (0.55 + 0.45 * np.clip(way[:, 1], 0, 1))
    total = AMBIENT * (open_sky / len(directions))[:, None]
    for light in lights:
        for i in range(light.samples):
            s, t = (i + 0.5) / light.samples * 2 - 1, ((i * 0.618 + 0.3) % 1) * 2 - 1
            at = np.array(light.centre) + s * np.array(light.u) + t * np.array(light.v)
            way = at - start
            distance2 = (way**2).sum(axis=1)
            cosine = np.clip((way * normals).sum(axis=1) / np.sqrt(distance2), 0, 1)
            falls = cosine / (distance2 + 0.06) * ~blocked(start, np.broadcast_to(at, start.shape))
            total += falls[:, None] * np.array(light.colour) / light.samples
    return total


def coded(linear: F64, alpha: float = 1.0) -> npt.NDArray[np.uint8]:
    """sRGB (IEC 61966-2-1) with a soft shoulder, RGBA."""
    c = linear / (1 + 0.25 * linear)
    c = np.where(c <= 0.0031308, c * 12.92, 1.055 * np.clip(c, 1e-9, None) ** (1 / 2.4) - 0.055)
    rgba = np.full((len(c), 4), round(alpha * 255), np.uint8)
    rgba[:, :3] = np.rint(np.clip(c, 0, 1) * 255)
    return rgba


def mesh(parts: list[tuple[F64, npt.NDArray[np.int64], npt.NDArray[np.uint8]]]) -> trimesh.Trimesh:
    """Several grids as one mesh, vertices kept as they are. Positions are rounded, so that machines agree."""
    starts = np.cumsum([0] + [len(p) for p, _, _ in parts[:-1]])
    points = np.round(np.concatenate([p for p, _, _ in parts]), 4)
    faces = np.concatenate([f + s for (_, f, _), s in zip(parts, starts, strict=True)])
    return trimesh.Trimesh(points, faces, vertex_colors=np.concatenate([c for _, _, c in parts]), process=False)


def without_strays(points: F64, faces: npt.NDArray[np.int64], colours: npt.NDArray[np.uint8]) -> tuple:
    """A grid without the vertices that no face uses."""
    used, again = np.unique(faces, return_inverse=True)
    return points[used], again.reshape(faces.shape), colours[used]


def make() -> trimesh.Scene:
    build()
    near_first = sorted(patches, key=lambda p: -float(p.points[:, 2].mean()))  # what is hidden is then not shaded
    lit = [(p, p.albedo * gathered(p.points, p.normals) + p.shine) for p in near_first]
    upright = mesh([(p.points, p.faces, coded(light)) for p, light in lit])
    mirrored = []
    for p, light in lit:
        # A polished floor, no mirror: what is high blurs away.
        fade = np.clip(1 - p.points[:, 1:2] / REFLECTED_M, 0, 1) ** 1.5
        faces = p.faces[(p.points[p.faces, 1] < REFLECTED_M).any(axis=1)]
        if len(faces):
            mirrored.append(without_strays(p.points * [1, -1, 1] - [0, 0.004, 0], faces[:, ::-1], coded(light * fade)))
    floor = flat((-8, 0, 5.6), (16, 0, 0), (0, 0, -9.6), 0.34, (0.050, 0.056, 0.068))
    floor_light = floor.albedo * gathered(floor.points, floor.normals)
    return trimesh.Scene(
        {
            "reflection": mesh(mirrored),
            "studio": upright,
            "floor": mesh([(floor.points, floor.faces, coded(floor_light, 0.74))]),
        }
    )


if __name__ == "__main__":
    path = Path(__file__).with_name("studio.glb")
    path.write_bytes(make().export(file_type="glb"))
    print(f"{path}: {path.stat().st_size // 1024} KiB")
