"""The renderer: a Picture and the newest frames in, I420 out. One thread makes it, uses it and closes it.

On a GPU pictures are composed in linear light, in half float. Beside software GL, which can't pay for that, in Y', Cb,
Cr of the program (BT.709 limited range): alpha-over is linear, so blending these codes is the same as blending
gamma-coded R'G'B', which is what vision mixers do, and it saves the way to RGB and back.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from live.base.errors import LiveError, SceneError
from live.base.files import words_of
from live.base.readers import read_patiently, touch
from live.config.load import Show
from live.picture.codes import F64
from live.picture.format import U8, PictureFormat
from live.picture.values import GraphicView, Picture, ShotView, SourceInput
from live.render.backdrop import read_backdrop
from live.render.bypass import untouched
from live.render.canvas import Canvas, Stage
from live.render.feedsback import FeedsBack
from live.render.files import Files, NotYet, Put
from live.render.gl import Gl
from live.render.painter import Painters, Readback
from live.render.painters import painters_for
from live.render.setmodel import SetModel, read_set
from live.render.shaders import Shaders, Taken

_WARM_SHOTS = 12  # plates made before the show starts, 0.1 s each on two cores; the others when they are first prepared


class Renderer:
    """Draws program and previews of one show.

    put: who reads pictures and fonts (files.Files); without it they are read where they are asked for.
    software: the cheap paths beside software GL; found out from the driver's name when None. Raises DeviceError without
    OpenGL
    3.3, SceneError for a shader that doesn't compile. A set that can't be read is told to on_fault, once, and its scene
    goes on without it.
    """

    def __init__(
        self,
        show: Show,
        *,
        on_fault: Callable[[LiveError], None],
        software: bool | None = None,
        light: bool | None = None,
        put: Put | None = None,
    ) -> None:
        self._size = (show.rig.picture.width, show.rig.picture.height)
        self._gl = Gl(Files(self._size, partial(_find, show), put), software=software, light=light)
        self._stack = ExitStack()  # everything but the context and its programs
        self._renewing: Iterator[None] | None = None
        self._mending: Iterator[None] | None = None
        try:
            self._open(show, on_fault)
        except BaseException:
            self.close()
            raise

    def _open(self, show: Show, on_fault: Callable[[LiveError], None]) -> None:
        models: dict[str, SetModel] = {}
        for name, scene in show.scenes.items():
            if scene.set is None:
                continue
            try:
                touch(scene.set.model)
                models[name] = self._closing(SetModel(self._gl, read_set(scene.set.model)))
            except OSError as error:
                cause = f"can't be read ({words_of(error)})"
                on_fault(SceneError(str(scene.set.model), cause, "the show goes on without it"))
            except LiveError as error:
                on_fault(error)
        self._stage = Stage(
            show, {s.id: s for s in show.all_shots}, models, on_fault, self._backgrounds(show, on_fault)
        )
        self._painters: Painters[Any] = self._closing(painters_for(self._gl))
        self._canvases: dict[tuple[int, int], Canvas[Any]] = {}
        self._small: dict[tuple[int, int], Readback[Any]] = {}
        self._preparing: tuple[ShotView, Iterator[None]] | None = None
        self._posed: dict[str, ShotView] = {}  # the pose that each shot was prepared for last
        self._readback = self._canvas(self._size).painter.readback()
        self._feeds = FeedsBack(self._canvas(self._size), self._bypass)
        self._wipes(show, on_fault)
        for shot in [s for s in show.row if s.config is not None][:_WARM_SHOTS]:
            self._canvas(self._size).warm(ShotView(shot.id))
        for name in self._stage.pictures:
            self._canvas(self._size).backdrops.get(name)

    def _backgrounds(self, show: Show, on_fault: Callable[[LiveError], None]) -> dict[str, U8]:
        pictures: dict[str, U8] = {}
        for name, scene in show.scenes.items():
            if scene.picture is not None:
                try:
                    pictures[name] = read_backdrop(scene.picture, self._size, read_patiently)
                except LiveError as error:
                    on_fault(error)
        return pictures

    def _wipes(self, show: Show, on_fault: Callable[[LiveError], None]) -> None:
        """The pictures of the rig's wipes, read before a frame needs them."""
        for config in show.rig.transitions:
            if config.kind == "picture" and config.path is not None:
                try:
                    self.files.grey(config.path)
                except NotYet:
                    pass
                except LiveError as error:
                    on_fault(error)

    def _closing(self, thing: Any) -> Any:
        self._stack.callback(thing.close)
        return thing

    def _canvas(self, size: tuple[int, int]) -> Canvas[Any]:
        if size not in self._canvases:
            painter = self._painters.make_painter(size)
            same_shape = size != self._size and size[0] * self._size[1] == size[1] * self._size[0]
            larger = self._canvas(self._size).plates if painter.scales_plates and same_shape else None
            spreads = size == self._size or larger is not None
            self._canvases[size] = self._closing(
                Canvas(self._gl, self._stage, painter, size, spreads=spreads, larger=larger)
            )
        return self._canvases[size]

    @property
    def name(self) -> str:
        """The driver's name for what draws, for logs and golden images."""
        return self._gl.name

    @property
    def software(self) -> bool:
        """True beside software GL: OpenCV paints, and `finish` has depth 0."""
        return self._gl.software

    @property
    def depth(self) -> int:
        """How many frames later a drawn frame comes out of `finish`."""
        return self._readback.depth

    @property
    def plates_made(self) -> int:
        """How many plates of program size were drawn so far."""
        return self._canvas(self._size).plates.made

    def set_mean(self) -> F64 | None:
        """Mean codes / 255 (3) of the set that was shown last in a still shot; None before there was one."""
        return self._canvas(self._size).plates.shown_mean

    def draw(
        self,
        picture: Picture,
        inputs: Mapping[str, SourceInput | None],
        tag: int,
        *,
        taps: Mapping[str, U8] = MappingProxyType({}),
        into: U8 | None = None,
    ) -> None:
        """Draw program frame `tag`; a source that nothing touches is not drawn, but passed on as it is. The planes of
        the inputs are not needed after `finish`. taps: of feedsback.TAPS, the feeds to be had of the same drawing, each
        with the `out` that `take_feed` will be given. into: the `out` of the `finish` that follows; beside software GL
        the picture is painted there, which saves a copy.

        Whatever is raised on its way, the renderer can draw the next picture, or this one again with the same tag;
        until then `finish` says the tag in its turn and has no picture for it (half of one may be in `into`)."""
        try:
            source = self._bypass(picture, inputs)
            if source is None:
                self._gl.activate()
            drawn = self._feeds.taps(picture, inputs, tag, taps)
            if source is not None:
                self._readback.pass_on(source, tag)
            else:
                self._readback.stage(self._canvas(self._size).compose(picture, inputs, taps=drawn, into=into), tag)
        except BaseException:
            self._readback.lose(tag)
            raise

    def _bypass(self, picture: Picture, inputs: Mapping[str, SourceInput | None]) -> SourceInput | None:
        return untouched(picture, self._stage.shots, inputs, self._size)

    def draw_feed(self, name: str, picture: Picture, inputs: Mapping[str, SourceInput | None], tag: int) -> None:
        """Draw a feed that is no stage of program, for frame `tag`: a picture by itself, or (`fill`, `key`) what is
        keyed over it.
        """
        self._gl.activate()
        self._feeds.draw(name, picture, inputs, tag)

    def take_feed(self, name: str, tag: int, out: U8, program: U8) -> bool:
        """Fill `out`, as `finish` does, with a feed of the frame whose program picture that gave; False when it wasn't
        drawn for it.
        """
        self._gl.activate()
        return self._feeds.take(name, tag, out, program)

    def finish(self, out: U8) -> int | None:
        """Fill `out` (flat, I420 of the program's size, BT.709 limited) with the oldest drawn frame that is ready and
        say its tag; None when none is. Beside software GL that is the frame just drawn; on a GPU the one before it."""
        self._gl.activate()
        return self._readback.finish(out)

    def draw_small(
        self, picture: Picture, inputs: Mapping[str, SourceInput | None], out: U8, fmt: PictureFormat
    ) -> None:
        """A picture at another size (width a multiple of 8, I420, BT.709 limited), now. For the preview bus and
        thumbnails.
        """
        size = (fmt.width, fmt.height)
        self._gl.activate()
        if size not in self._small:
            self._small[size] = self._canvas(size).painter.readback(at_once=True)
        self._small[size].stage(self._canvas(size).compose(picture, inputs), 0)
        self._small[size].finish(out)

    def prepare(self, picture: Picture) -> None:
        """Make the plates that a picture needs, so that a cut to it costs no late frame. Nothing to do most of the
        time.
        """
        self._gl.activate()
        for view in (picture.shot, picture.to):
            if view is not None and self._canvas(self._size).warm(view):
                return

    def prepare_small(self, picture: Picture, fmt: PictureFormat) -> None:
        """Make the plates that draw_small needs of a picture."""
        self._gl.activate()
        self._canvas((fmt.width, fmt.height)).warm(picture.shot)

    def prepare_pose(self, view: ShotView) -> bool:
        """Make, over as many calls as it takes, what a shot needs to be seen from a pose; True when it is there. One
        band of one plate a call. Another view begins anew; the pose that a shot has left goes."""
        if self._preparing is None or self._preparing[0] != view:
            self._preparing = (view, self._canvas(self._size).warming(view))
        self._gl.activate()
        steps, self._preparing = self._preparing[1], None  # begun anew, if this step fails
        if next(steps, self) is not self:
            self._preparing = (view, steps)
            return False
        if (left := self._posed.get(view.shot)) is not None and left != view:
            self._canvas(self._size).forget(left)
        self._posed[view.shot] = view
        return True

    def lacks(self, view: ShotView) -> bool:
        """Has a shot that stands still no plate where it stands?"""
        return self._canvas(self._size).lacks(view)

    def make_missing(self) -> None:
        """A band of a plate that program lacked, if it lacked one: of a camera that was moved in a scene's file, or of
        one shot too many.
        """
        program = self._canvas(self._size)
        if self._mending is None and program.missing is not None:
            self._mending = program.mending()
        if self._mending is not None:
            self._gl.activate()
            if next(self._mending, self) is self:
                self._mending = None

    def take_scene(self, name: str, picture: U8 | None = None) -> None:
        """A scene of the show has been exchanged. Plates that show it otherwise go; others are made as they are missed.
        picture: its background, as read_backdrop gives it."""
        if picture is not None:
            self._stage.pictures[name] = picture
        else:
            self._stage.pictures.pop(name, None)
        self._stage.shots.update({s.id: s for s in self._stage.show.all_shots if s.scene == name})
        if name in self._stage.models:
            for canvas in self._canvases.values():
                canvas.plates.forget(self._stage.models[name], self._stage.background(name))

    @property
    def files(self) -> Files:
        """The pictures and fonts that are used."""
        return self._gl.files

    @property
    def shaders(self) -> Shaders:
        return self._gl.shaders

    def step_shaders(self) -> Taken | None:
        """Of a shader that was saved: compile one program, or draw with it from now on, which is said. Raises
        SceneError for one that can't be used; nothing is changed then."""
        self._gl.activate()
        taken = self._gl.shaders.step()
        if taken is not None and "set" in taken.passes:
            canvases = sorted(self._canvases.values(), key=lambda c: c.size != self._size)  # program first
            self._renewing = itertools.chain.from_iterable(c.plates.renewing() for c in canvases)
        return taken

    def renew_plates(self) -> bool:
        """After the shader of sets was saved: draw a band of a plate anew. False when there is nothing to draw."""
        if self._renewing is None:
            return False
        self._gl.activate()
        if next(self._renewing, self) is self:
            self._renewing = None
        return True

    def warm_graphics(self, views: Sequence[GraphicView], stills: Sequence[Path] = (), *, count: int = 1) -> None:
        """Paint graphics, and read stills, that are not on yet: no more than `count` of those that need it."""
        artwork = self._canvas(self._size).artwork
        for view in views:
            if count and not artwork.ready(view):
                artwork.laid(view)
                count -= 1
        for path in stills:
            if count and artwork.read_still(path):
                count -= 1

    def close(self) -> None:
        """Give everything on the GPU back, in reverse order, and the context."""
        self._gl.activate()
        self._renewing = self._mending = None  # what they have half made goes first
        self._stack.close()
        self._gl.close()


def _find(show: Show, name: str) -> Path:
    """The file that a graphic's field names. Reads the disk. Raises SceneError."""
    try:
        return show.places.find(show.places.meant(name))
    except ValueError as error:
        cause, _, action = str(error).partition("; ")
        raise SceneError("picture", cause, action) from None
