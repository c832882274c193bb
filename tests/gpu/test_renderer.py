"""The renderer's promises, on whatever OpenGL there is; both painters where there is only software GL."""

from __future__ import annotations

import ctypes
import ctypes.util
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from live.base.errors import LiveError, SceneError
from live.base.paths import shipped
from live.config.keying import ColourConfig
from live.config.load import load_show
from live.picture.format import U8, Matrix, PictureFormat, Range
from live.picture.values import Crop, GraphicView, Picture, Pose, ShotView, SourceInput
from live.render import Renderer
from live.render.gl import Gl
from live.render.grade import bake, grade_of
from live.render.shaders import Shaders
from live.shm.frame_ring import FrameRing
from live.shm.memory import ring_name
from live.stage.geometry import crop_rect
from tests.golden.synthetic import SIZE, drawn, inputs, person, planes_of, small_show, view

WIDE, LEFT, VIEW = ShotView("studio/wide", 9.0), ShotView("studio/left", 9.0), ShotView("view")
THIRD = GraphicView("name", "lower_third", (("title", "Anna Müller"), ("subtitle", "Wien")), 1.0)


@pytest.fixture(scope="module", params=[True, False], ids=["opencv", "gl"])
def renderer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renderer]:
    """Both painters; the one for a GPU runs on software GL too, only slower."""
    faults: list[LiveError] = []
    made = Renderer(small_show(tmp_path_factory.mktemp("show")), on_fault=faults.append, software=request.param)
    assert not faults
    yield made
    made.close()


def planes(i420: U8, size: tuple[int, int] = SIZE) -> tuple[np.ndarray, ...]:
    return tuple(p.astype(int) for p in PictureFormat(*size).planes(i420))


# 100 % bars in BT.709 limited range, as printed in SMPTE RP 219 / ITU-R BT.709: Y, Cb, Cr.
BARS = {
    (1, 1, 1): (235, 128, 128),
    (1, 1, 0): (219, 16, 138),
    (0, 1, 1): (188, 154, 16),
    (0, 1, 0): (173, 42, 26),
    (1, 0, 1): (78, 214, 230),
    (1, 0, 0): (63, 102, 240),
    (0, 0, 1): (32, 240, 118),
    (0, 0, 0): (16, 128, 128),
}


@pytest.mark.parametrize("matrix", Matrix)
@pytest.mark.parametrize("range_", Range)
def test_bars_of_any_coding_come_out_as_published(renderer: Renderer, matrix: Matrix, range_: Range) -> None:
    fmt = PictureFormat(320, 180, matrix, range_)
    rgb = np.zeros((180, 320, 3))
    for i, colour in enumerate(BARS):
        rgb[:, 40 * i : 40 * i + 40] = colour
    source = SourceInput("view", 100 + 2 * matrix + range_, fmt, planes_of(rgb, fmt))
    y, u, v = planes(drawn(renderer, Picture(VIEW), {"view": source}))
    for i, codes in enumerate(BARS.values()):
        got = y[90, 40 * i + 20], u[45, 20 * i + 10], v[45, 20 * i + 10]
        assert max(abs(g - c) for g, c in zip(got, codes, strict=True)) <= 1, (matrix, range_, codes, got)


@pytest.mark.parametrize("kind", ["mix", "wipe"])
def test_a_transition_starts_and_ends_on_the_plain_pictures(renderer: Renderer, kind: str) -> None:
    sources = inputs()
    start, end = drawn(renderer, Picture(WIDE), sources), drawn(renderer, Picture(VIEW), sources)
    assert np.array_equal(drawn(renderer, Picture(WIDE, VIEW, kind, 0.0), sources), start)
    assert np.array_equal(drawn(renderer, Picture(WIDE, VIEW, kind, 1.0), sources), end)
    half = drawn(renderer, Picture(WIDE, VIEW, kind, 0.5), sources)
    if kind == "mix":
        # An end that is a source alone is passed on as it came; drawn on a GPU its chroma goes through 4:4:4, which
        # shows at hard edges.
        assert (abs(half.astype(int) - (start.astype(int) + end) / 2) > 1.5).mean() <= (
            0 if renderer.software else 0.05
        )
    else:
        (y, _, _), (a, _, _), (b, _, _) = planes(half), planes(start), planes(end)
        assert np.array_equal(y[:, :140], b[:, :140]) and np.array_equal(y[:, 180:], a[:, 180:])


def test_a_still_camera_uses_its_plate_and_a_moving_one_needs_none(renderer: Renderer) -> None:
    sources = inputs()
    drawn(renderer, Picture(WIDE), sources)
    made = renderer.plates_made
    for t_s in (1.0, 2.0, 3.0):
        drawn(renderer, Picture(ShotView("studio/wide", t_s)), sources)
        drawn(renderer, Picture(ShotView("studio/opening", t_s)), sources)
    assert renderer.plates_made == made


def test_a_shot_that_was_prepared_costs_no_plate_when_it_is_taken(tmp_path: Path) -> None:
    show = small_show(tmp_path)
    show = replace(show, rig=show.rig.model_copy(update={"shots": ["view", "studio/wide"]}))  # only these are warmed
    made = Renderer(show, on_fault=pytest.fail)
    try:
        before = made.plates_made
        made.prepare(Picture(LEFT))
        assert made.plates_made == before + 1
        drawn(made, Picture(LEFT), inputs())
        assert made.plates_made == before + 1
    finally:
        made.close()


def test_the_move_ends_where_its_plate_begins(renderer: Renderer) -> None:
    """The last frame in motion and the first at rest show the same view, but for antialiasing; beside software GL the
    moving set has half the lines too. What that leaves is small beside what the move itself does in its last second."""
    sources = inputs()
    earlier, moving, resting = (
        planes(drawn(renderer, Picture(ShotView("studio/opening", t_s)), sources))[0] for t_s in (5.0, 5.999, 6.0)
    )
    if renderer.software:
        earlier, moving, resting = (
            p.reshape(SIZE[1] // 4, 4, SIZE[0] // 4, 4).mean(axis=(1, 3)) for p in (earlier, moving, resting)
        )
    assert abs(moving - resting).mean() < 3.0
    assert abs(moving - resting).mean() < 0.35 * abs(earlier - resting).mean()


def test_the_desk_stands_before_the_talent(renderer: Renderer) -> None:
    """A card is seen above the desk and nowhere below its top edge: with and without talent, those rows are the
    same."""
    empty = planes(drawn(renderer, Picture(WIDE), {}))[0]
    seated = planes(drawn(renderer, Picture(WIDE), inputs()))[0]
    changed = np.flatnonzero((abs(empty - seated) > 3).any(axis=1))
    assert changed[0] < 60
    assert 100 < changed[-1] < 130  # the desk's top edge; the card itself ends some 25 rows below
    everyone = planes(
        drawn(renderer, Picture(WIDE), {"anna": replace(person("anna", (1, 1, 1), seq=7), matte_box=(0, 0, 1, 1))})
    )[0]
    assert np.flatnonzero((abs(empty - everyone) > 3).any(axis=1))[-1] < 130


def test_a_keyed_source_without_a_matte_stays_out_of_the_set(renderer: Renderer) -> None:
    bare = {n: replace(s, matte=None, seq=50) for n, s in inputs().items()}
    assert np.array_equal(drawn(renderer, Picture(WIDE), bare), drawn(renderer, Picture(WIDE), {}))


def test_nothing_new_is_not_uploaded_again(tmp_path: Path) -> None:
    made = Renderer(small_show(tmp_path), on_fault=pytest.fail, software=False)
    try:
        sources = inputs()
        first = drawn(made, Picture(WIDE), sources)
        uploads = made._painters._sources.uploads
        assert uploads == 2  # who is seen, and nobody else
        assert np.array_equal(drawn(made, Picture(WIDE), sources), first)
        assert made._painters._sources.uploads == uploads
        drawn(made, Picture(WIDE), {**sources, "ben": replace(sources["ben"], seq=2)})
        assert made._painters._sources.uploads == uploads + 1
    finally:
        made.close()


def test_a_last_frame_whose_memory_was_reused_is_still_the_same_picture(renderer: Renderer) -> None:
    """A ring's slot is overwritten while the source stands still: seq is what counts, not the memory."""
    source = view(seq=77)
    first = drawn(renderer, Picture(VIEW), {"view": source})
    for plane in source.planes:
        plane[:] = 0
    assert np.array_equal(drawn(renderer, Picture(VIEW), {"view": source}), first)


def test_an_untouched_source_goes_through_bit_for_bit_and_is_not_drawn(renderer: Renderer) -> None:
    # Every code, illegal ones too.
    noise = np.random.default_rng(1).integers(0, 256, PictureFormat(*SIZE).size, dtype=np.uint8)
    source = SourceInput("view", 5, PictureFormat(*SIZE), PictureFormat(*SIZE).planes(noise))
    quads = renderer._gl.quads_drawn
    assert np.array_equal(drawn(renderer, Picture(VIEW), {"view": source}), noise)
    assert np.array_equal(
        drawn(renderer, Picture(VIEW, crops=(("view", Crop(0.2, 0.7, 1.0)),)), {"view": source}), noise
    )
    assert np.array_equal(drawn(renderer, Picture(WIDE, VIEW, "mix", 1.0), {"view": source}), noise)
    assert renderer._gl.quads_drawn == quads
    for touched in (
        Picture(VIEW, crops=(("view", Crop(0.5, 0.5, 1.1)),)),
        Picture(VIEW, graphics=(THIRD,)),
        Picture(VIEW, black=0.5),
        Picture(VIEW, WIDE, "mix", 0.1),
    ):
        assert not np.array_equal(drawn(renderer, touched, {**inputs(), "view": source}), noise)


def test_an_untouched_source_of_another_coding_is_converted(renderer: Renderer) -> None:
    other = PictureFormat(*SIZE, Matrix.BT601, Range.FULL)
    source = view(other, seq=4711)
    got = drawn(renderer, Picture(VIEW), {"view": source})
    assert not np.array_equal(got, np.concatenate([p.ravel() for p in source.planes]))


def test_light_wrap_is_bounded_and_stays_at_the_edge(renderer: Renderer) -> None:
    plain, sources = inputs(), inputs()
    sources["anna"] = replace(sources["anna"], wrap=1.0, seq=900)
    without, with_it = (planes(drawn(renderer, Picture(LEFT), s))[0] for s in (plain, sources))
    changed = abs(with_it - without)
    assert 4 < changed.max() and (changed > 2).mean() < 0.08
    assert changed[60:80, 150:165].max() <= 1  # the middle of a face, as it was


def test_both_painters_make_the_same_picture(tmp_path: Path) -> None:
    show, sources = small_show(tmp_path), inputs()
    pictures = {
        "wide": Picture(WIDE, graphics=(THIRD,)),
        "left": Picture(LEFT),
        "pip": Picture(ShotView("duo/duo")),
        "crop": Picture(VIEW, crops=(("view", Crop(0.37, 0.61, 1.7)),)),
        "wipe": Picture(LEFT, VIEW, "wipe", 0.4),
        "wrapped": Picture(LEFT),
        "touched": Picture(VIEW, black=1e-6),
        "coming": Picture(VIEW, graphics=(replace(THIRD, amount=0.5),)),
        "slate": Picture(ShotView("ben")),
    }
    by_painter = []
    for software in (True, False):
        made = Renderer(show, on_fault=pytest.fail, software=software)
        try:
            use = {n: s for n, s in sources.items() if n != "ben"}
            wrap = {n: replace(s, wrap=1.0, seq=901) for n, s in sources.items()}
            of = {"slate": use, "wrapped": wrap}
            by_painter.append({n: drawn(made, p, of.get(n, sources)).astype(int) for n, p in pictures.items()})
        finally:
            made.close()
    for name in pictures:
        difference = abs(by_painter[0][name] - by_painter[1][name])
        # Bilinear in one step or in two, chroma at full or at half size, edges on even pixels: not the same sums.
        assert difference.mean() < 1.0, (name, difference.mean())


def test_a_preview_shows_the_same_composition(renderer: Renderer) -> None:
    big_y = planes(drawn(renderer, Picture(WIDE), inputs()))[0]
    fmt = PictureFormat(160, 90)
    out = np.zeros(fmt.size, np.uint8)
    renderer.draw_small(Picture(WIDE), inputs(), out, fmt)
    shrunk = big_y.reshape(90, 2, 160, 2).mean(axis=(1, 3))
    assert abs(fmt.planes(out)[0] - shrunk).mean() < 4


def test_a_small_picture_shows_a_moved_camera_as_program_does(renderer: Renderer) -> None:
    """Soft until the camera stands; then sharp, and beside software GL from program's own plate: drawing one more would
    take too long."""
    pose = Pose((0.4, 1.5, 4.6), (0.0, 1.2, 0.0), 33.0)
    posed, fmt = Picture(replace(LEFT, pose=pose)), PictureFormat(160, 90)
    before, after = np.zeros(fmt.size, np.uint8), np.zeros(fmt.size, np.uint8)
    renderer.draw_small(posed, inputs(), before, fmt)
    while not renderer.prepare_pose(posed.shot):
        pass
    made = renderer.plates_made
    renderer.draw_small(posed, inputs(), after, fmt)
    big = drawn(renderer, posed, inputs())
    assert renderer.plates_made == made
    shrunk = [p.reshape(p.shape[0] // 2, 2, p.shape[1] // 2, 2).mean(axis=(1, 3)) for p in planes(big)]
    apart = [
        [abs(got - want).mean() for got, want in zip(fmt.planes(out), shrunk, strict=True)] for out in (before, after)
    ]
    assert apart[1][0] < 2.5 and max(apart[1][1:]) < 1.5, apart
    if renderer.software:
        assert apart[1][0] < apart[0][0]


@pytest.mark.parametrize("software", [True, False], ids=["opencv", "gl"])
def test_a_camera_moved_in_a_saved_scene_costs_no_frame_a_plate(tmp_path: Path, software: bool) -> None:
    show = small_show(tmp_path)
    made = Renderer(show, on_fault=pytest.fail, software=software)
    shot = replace(LEFT, shot="studio/wide")
    drawn(made, Picture(shot), inputs())
    scene = show.scenes["studio"]
    moved = [s.model_copy(update={"fov_deg": s.fov_deg + 4}) if s.name == "wide" else s for s in scene.shots]
    show.scenes["studio"] = scene.model_copy(update={"shots": moved})
    before = made.plates_made
    made.take_scene("studio")
    soft = drawn(made, Picture(shot), inputs())
    assert made.plates_made == before  # it is seen from there at once
    while made.plates_made == before:
        made.make_missing()
    sharp = drawn(made, Picture(shot), inputs())
    made.make_missing()  # nothing is missing now
    assert made.plates_made == before + 1
    made.close()
    fresh = Renderer(show, on_fault=pytest.fail, software=software)
    want = drawn(fresh, Picture(shot), inputs())
    fresh.close()
    assert np.array_equal(sharp, want)
    assert abs(soft.astype(int) - want).mean() < 5  # half the lines of a picture of 180


@pytest.mark.parametrize("content", [b"", b"glTF\x02\x00\x00\x00 not really"], ids=["empty", "broken"])
def test_a_set_that_cannot_be_read_is_told_once_and_the_show_goes_on(tmp_path: Path, content: bytes) -> None:
    studio = tmp_path / "broken"
    studio.mkdir()
    (studio / "studio.glb").write_bytes(content)
    (studio / "scene.toml").write_text((shipped("scenes") / "studio" / "scene.toml").read_text("utf-8"), "utf-8")
    faults: list[LiveError] = []
    made = Renderer(small_show(tmp_path, studio=studio), on_fault=faults.append)
    try:
        sources = inputs()
        with_talent, without = drawn(made, Picture(WIDE), sources), drawn(made, Picture(WIDE), {})
    finally:
        made.close()
    assert len(faults) == 1 and isinstance(faults[0], SceneError)
    assert "studio.glb" in str(faults[0]) and "export" in str(faults[0])
    assert len(np.unique(planes(without)[0])) == 1  # the background, and nothing else
    assert (abs(with_talent.astype(int) - without) > 20).mean() > 0.02  # the talent still stands there


def test_a_source_that_is_not_keyed_stands_in_the_set_as_a_screen(tmp_path: Path) -> None:
    rig = small_show(tmp_path).path
    rig.write_text(rig.read_text("utf-8").replace('left = "anna", right = "ben" }', 'left = "view" }'), "utf-8")
    for software in (True, False):
        made = Renderer(load_show(rig), on_fault=pytest.fail, software=software)
        try:
            seen, empty = (planes(drawn(made, Picture(LEFT), s))[0] for s in (inputs(), {}))
        finally:
            made.close()
        assert (abs(seen - empty) > 3).mean() > 0.5


def _alive() -> dict[str, int]:
    """How many GL objects of each kind are alive in the current context, asked of GL itself."""
    library = ctypes.util.find_library("EGL")
    if library is None:
        pytest.skip("no EGL to ask GL through")
    address = ctypes.CDLL(library).eglGetProcAddress
    address.restype, address.argtypes = ctypes.c_void_p, [ctypes.c_char_p]
    kind = ctypes.CFUNCTYPE(ctypes.c_ubyte, ctypes.c_uint)
    asked = {n: kind(address(f"glIs{n}".encode())) for n in ("Texture", "Buffer", "Framebuffer", "Renderbuffer")}
    return {name: sum(bool(ask(i)) for i in range(1, 2000)) for name, ask in asked.items()}


@pytest.mark.parametrize("software", [True, False], ids=["opencv", "gl"])
def test_everything_on_the_gpu_is_given_back(tmp_path: Path, software: bool) -> None:
    empty = Gl()
    baseline = _alive()
    empty.close()
    made = Renderer(small_show(tmp_path), on_fault=pytest.fail, software=software)
    fmt = PictureFormat(160, 90)
    drawn(made, Picture(WIDE, VIEW, "mix", 0.5, graphics=(THIRD,)), inputs())
    made.draw_small(Picture(ShotView("studio/opening", 2.0)), inputs(), np.zeros(fmt.size, np.uint8), fmt)
    held = _alive()
    made._stack.close()  # all of `close` but the context, which must live to be asked
    left = _alive()
    made._gl.close()
    assert left == baseline
    assert held["Buffer"] > left["Buffer"] and held["Texture"] > left["Texture"]


def test_a_crop_never_leaves_its_source() -> None:
    for x, y, zoom in ((0, 0, 1), (1, 1, 3), (0.5, 0.2, 1.5), (-1, 2, 0.1)):
        part = crop_rect(Crop(x, y, zoom), 4 / 3, 16 / 9)
        assert part.x >= 0 and part.y >= 0 and part.x + part.w <= 1 + 1e-9 and part.y + part.h <= 1 + 1e-9
        assert part.w * 4 / 3 / part.h == pytest.approx(16 / 9)
    assert crop_rect(Crop(zoom=1), 4 / 3, 16 / 9).w == 1.0


def test_a_slow_pan_glides(renderer: Renderer) -> None:
    """A tenth of a source pixel a frame moves an edge a tenth of a pixel a frame, in steps of no more than a twentieth
    more."""
    fmt = PictureFormat(320, 180)
    rgb = np.zeros((180, 320, 3))
    rgb[:, 160:] = 1.0
    source = SourceInput("view", 900, fmt, planes_of(rgb, fmt))
    edges = []
    for i in range(20):
        crop = Crop(0.5 + i * 0.1 / 320, 0.5, 1.6)
        row = planes(drawn(renderer, Picture(VIEW, crops=(("view", crop),)), {"view": source}))[0][90]
        edges.append(320 - (row - 16).sum() / 219)
    steps = -np.diff(edges)
    assert abs(steps.mean() - 0.16) < 0.01
    assert steps.min() > 0.08 and steps.max() < 0.24


_SHADERS = sorted(shipped("shaders").rglob("*.glsl"))


@pytest.mark.parametrize("file", _SHADERS, ids=lambda f: f.stem)
def test_a_shader_says_what_it_takes(file: Path) -> None:
    """The header names its purpose, what goes in and out, and every uniform with its range; and no other."""
    text = file.read_text("utf-8")
    header = "\n".join(line[2:].strip() for line in text.split("\n\n")[0].splitlines() if line.startswith("//"))
    assert header.startswith("Purpose: ")
    declared = set(re.findall(r"uniform\s+\w+\s+(\w+)\s*;", text))
    assert ("Inputs: " in header or "Uniforms: " in header) and re.search(r"^Outputs?: ", header, re.M)
    told = re.search(r"Uniforms: (.*?)(?=\n[A-Z]\w*: |\Z)", header, re.S)
    named = set(re.findall(r"(\w+) \(", told[1].replace("\n", " "))) if told else set()
    assert named == declared


def test_a_shader_that_does_not_compile_names_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "part.glsl").write_text("// part\nfloat f() { return nonsense; }\n", "utf-8")
    (tmp_path / "pass.glsl").write_text(
        '#include "part.glsl"\n#include "part.glsl"\n#ifdef VERTEX\nvoid main() { gl_Position = vec4(f()); }\n#endif\n',
        "utf-8",
    )
    (tmp_path / "empty.glsl").write_text("void man() {}\n", "utf-8")
    gl = Gl()
    try:
        with pytest.raises(SceneError, match="shader empty: .*main.*; mend the shader"):  # the linker knows no line
            Shaders(gl.ctx, gl._stack, tmp_path).program("empty")
        with pytest.raises(SceneError, match=r"part\.glsl:2: .*nonsense"):
            Shaders(gl.ctx, gl._stack, tmp_path).program("pass")
        with pytest.raises(SceneError, match="absent"):
            Shaders(gl.ctx, gl._stack, tmp_path).program("absent")
    finally:
        gl.close()


def test_both_painters_grade_alike(tmp_path: Path) -> None:
    """The table of the CPU is coarser than the GPU's texture, and its planes have half the chroma."""
    config = ColourConfig(kelvin=4200, gamma=1.3, saturation=1.4, lift=0.02)
    grade = grade_of(config, bake(config))
    by_painter = []
    for software in (True, False):
        made = Renderer(small_show(tmp_path), on_fault=pytest.fail, software=software)
        try:
            by_painter.append(
                drawn(made, Picture(VIEW, black=1e-6), {"view": replace(view(seq=5), grade=grade)}).astype(int)
            )
        finally:
            made.close()
    assert abs(by_painter[0] - by_painter[1]).mean() < 1.0


def test_colour_stays_on_its_edge_when_it_is_scaled(renderer: Renderer) -> None:
    """A red half beside a blue one, chroma sited on every second column as H.264 has it: whatever the size, the middle
    of the change of colour is where the middle of the change of luma is, to a fifth of a pixel."""
    fmt = PictureFormat(320, 180)
    x = np.arange(320)
    red = np.clip(0.5 - (x - 159.5) / 16, 0, 1)  # a soft edge, so that its middle can be measured
    codes = {c: (np.array(BARS[1, 0, 0]) * c + np.array(BARS[0, 0, 1]) * (1 - c)) for c in (0.0, 1.0)}
    luma = codes[0.0][0] + (codes[1.0][0] - codes[0.0][0]) * red
    chroma = [codes[0.0][i] + (codes[1.0][i] - codes[0.0][i]) * red[::2] for i in (1, 2)]  # its column is luma's
    planes_in = (np.tile(np.rint(luma), (180, 1)), *(np.tile(np.rint(c), (90, 1)) for c in chroma))
    source = SourceInput("view", 990, fmt, tuple(p.astype(np.uint8) for p in planes_in))
    for zoom in (1.0001, 1.5, 2.0, 4.0):
        y, u, v = planes(drawn(renderer, Picture(VIEW, crops=(("view", Crop(0.5, 0.5, zoom)),)), {"view": source}))

        def middle(row: np.ndarray, at: np.ndarray) -> float:
            level = (row.max() + row.min()) / 2
            order = 1 if row[-1] > row[0] else -1
            return float(np.interp(order * level, order * row.astype(float), at))

        edges = middle(y[90], np.arange(320)), middle(u[45], np.arange(0, 320, 2)), middle(v[45], np.arange(0, 320, 2))
        assert max(edges) - min(edges) < 0.2 * max(1.0, zoom), (zoom, edges)


def test_a_picture_that_stands_still_is_its_own_copy_once_its_ring_goes_on(renderer: Renderer) -> None:
    """The first time it is drawn from the ring; when its slot is another picture's the one it was is shown."""
    fmt = PictureFormat(*SIZE)
    ring = FrameRing(ring_name("still"), capacity=fmt.size, slots=2)
    try:
        for code in (60, 120):
            ring.slot(fmt.size)[:] = code
            ring.commit(fmt, capture_ns=code)
        frame = ring.newest()
        assert frame is not None
        picture, at = Picture(VIEW, black=0.5), frame

        def shown() -> U8:
            return drawn(renderer, picture, {"view": SourceInput("view", 40, fmt, at.planes, frame=at)})

        first = [shown() for _ in range(2)]
        ring.slot(fmt.size)[:] = 200
        ring.commit(fmt, capture_ns=200)
        ring.slot(fmt.size)[:] = 220
        assert not frame.intact()
        assert np.array_equal(shown(), first[0]) and np.array_equal(*first)
    finally:
        ring.close()


def test_a_picture_is_painted_where_it_is_wanted_and_a_source_stays_as_it_came(renderer: Renderer) -> None:
    """Painted over a source's picture, or mixed with it, in the caller's memory: never in the ring's."""
    fmt = PictureFormat(*SIZE)
    ring = FrameRing(ring_name("source"), capacity=fmt.size, slots=4)
    ring.slot(fmt.size)[:] = 90
    ring.commit(fmt, capture_ns=1)
    frame = ring.newest()
    assert frame is not None
    for n, picture in enumerate(
        (
            Picture(VIEW, graphics=(THIRD,)),
            Picture(VIEW, WIDE, "mix", 0.4),
            Picture(VIEW, WIDE, "circle", 0.4),
            Picture(VIEW, ShotView("anna"), "push_left", 0.4),
            Picture(VIEW, ShotView("anna"), "dip", 0.4),
            Picture(VIEW, black=0.3),
        )
    ):
        sources = {**inputs(), "view": SourceInput("view", 60 + n, fmt, frame.planes, frame=frame)}
        want = drawn(renderer, picture, sources)
        out = np.zeros(fmt.size, np.uint8)
        number = 10_000 + 10 * n
        for tag in range(number, number + 4):  # on a GPU the frame after fetches it
            renderer.draw(picture, sources, tag, into=out)
            if renderer.finish(out) == number:
                break
        else:
            raise AssertionError("it never comes back")
        assert np.array_equal(out, want)
        assert (frame.data == 90).all()
    ring.close()
