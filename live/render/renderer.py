"""The renderer: a Picture and the newest frames in, I420 out. One thread makes it, uses it and closes it.

Working codes: every target holds Y', Cb, Cr of the program (BT.709 limited range) at 4:4:4 in RGBA8. Alpha-over is linear, so
blending these codes is the same as blending gamma-coded R'G'B', which is what vision mixers do; it saves the way to RGB and
back. A linear-light path is dearer than software GL can pay for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack

from live.config.load import Show
from live.errors import LiveError, SceneError
from live.frames import U8, PictureFormat
from live.picture import Picture, ShotView, SourceInput
from live.render.canvas import Canvas, Stage
from live.render.gl import Gl
from live.render.output import CpuOutput, GpuOutput
from live.render.setmodel import SetModel, read_set
from live.render.slate import Slates
from live.render.sources import Sources

_WARM_SHOTS = 12  # plates made before the show starts; 0.1 s each on two cores


class Renderer:
    """Draws program and previews of one show.

    software: the cheap paths for software GL; found out from the driver's name when None. Raises DeviceError without OpenGL
    3.3, SceneError for a shader that doesn't compile. A set that can't be read is told to on_fault, once, and the scene goes
    on without it.
    """

    def __init__(self, show: Show, *, on_fault: Callable[[LiveError], None], software: bool | None = None) -> None:
        self._stack = ExitStack()
        self._gl = self._closing(Gl(software=software))
        try:
            self._open(show, on_fault)
        except BaseException:
            self._stack.close()
            raise

    def _open(self, show: Show, on_fault: Callable[[LiveError], None]) -> None:
        picture = show.rig.picture
        self._size = (picture.width, picture.height)
        models: dict[str, SetModel] = {}
        for name, scene in show.scenes.items():
            if scene.set is None:
                continue
            try:
                models[name] = self._closing(SetModel(self._gl, read_set(scene.set.model)))
            except SceneError as error:
                on_fault(error)
        sources = self._closing(Sources(self._gl))
        slates = self._closing(Slates(self._gl, show.rig))
        self._stage = Stage(self._gl, show, {s.id: s for s in show.all_shots}, models, sources, slates)
        self._canvases: dict[tuple[int, int], Canvas] = {}
        self._small_outputs: dict[tuple[int, int], CpuOutput | GpuOutput] = {}
        self._output = self._closing(CpuOutput(self._gl, self._size) if self._gl.software else GpuOutput(self._gl, self._size))
        for shot in [s for s in show.row if s.config is not None][:_WARM_SHOTS]:
            self._canvas(self._size).warm(ShotView(shot.id))

    def _closing(self, thing):  # noqa: ANN001, ANN202
        self._stack.callback(thing.close)
        return thing

    def _canvas(self, size: tuple[int, int]) -> Canvas:
        if size not in self._canvases:
            self._canvases[size] = self._closing(Canvas(self._stage, size))
        return self._canvases[size]

    @property
    def name(self) -> str:
        """The driver's name for what draws, for logs and golden images."""
        return self._gl.name

    @property
    def software(self) -> bool:
        """True on software GL: `finish` has depth 0."""
        return self._gl.software

    def draw(self, picture: Picture, inputs: Mapping[str, SourceInput | None], tag: int) -> None:
        """Draw program frame `tag`. The planes of the inputs are not needed after it returns."""
        target = self._canvas(self._size).compose(picture, inputs)
        self._output.stage(target, tag)
        self._stage.sources.sweep()

    def finish(self, out: U8) -> int | None:
        """Fill `out` (flat, I420 of the program's size, BT.709 limited) with the oldest drawn frame that is ready and say its
        tag; None when none is. Software GL: the frame just drawn. A GPU: the one before it."""
        return self._output.finish(out)

    def draw_small(self, picture: Picture, inputs: Mapping[str, SourceInput | None], out: U8, fmt: PictureFormat) -> None:
        """A picture at another size (width a multiple of 8), now. For the preview bus and thumbnails."""
        size = (fmt.width, fmt.height)
        if size not in self._small_outputs:
            output = CpuOutput(self._gl, size) if self._gl.software else GpuOutput(self._gl, size, depth=0)
            self._small_outputs[size] = self._closing(output)
        output = self._small_outputs[size]
        output.stage(self._canvas(size).compose(picture, inputs), 0)
        output.finish(out)

    def prepare(self, picture: Picture) -> None:
        """Make the plates that a picture needs, so that a cut to it costs no late frame. Nothing to do most of the time."""
        for view in (picture.shot, picture.to):
            if view is not None and self._canvas(self._size).warm(view):
                return

    def close(self) -> None:
        """Give everything on the GPU back, in reverse order, and the context."""
        self._stack.close()
