"""The window: pyglet gives it and its input, moderngl draws in its context, Dear ImGui lays the desk over the pictures.

All of it belongs to the console's main thread. pyglet's own loop isn't used: the console draws at a modest rate of its
own and sleeps on the window's events in between, so that a key is acted on at once and the processor is left to the
show.
"""

from __future__ import annotations

import ctypes
import logging
import os
from collections import deque
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import moderngl
import numpy as np
import pyglet
from imgui_bundle import imgui

from live.base.errors import DeviceError
from live.console.pressed import Press
from live.picture.tiling import Rect

log = logging.getLogger(__name__)

pyglet.options.shadow_window = False  # before pyglet.window is imported: no second, hidden window and context
pyglet.options.debug_gl = False  # or every GL call of pyglet asks for errors
pyglet.options.dpi_scaling = "real"  # pixels are pixels; the layout scales itself

_SIZE_PX = (1280, 720)
_MOVES = {"tab", "escape", "enter"}  # which line has the keyboard
_AWAY = -3.4e38  # imgui's "the mouse is nowhere"
_BUTTONS = {1: 0, 4: 1, 2: 2}  # pyglet's left, right, middle
_SHIFT, _OTHER_MODIFIERS = 1, 2 | 4 | 64 | 128  # pyglet.window.key.MOD_SHIFT; CTRL, ALT, COMMAND, OPTION


def _key_names() -> dict[int, str]:
    """pyglet's key codes -> names as the table of keys writes them."""
    from pyglet.window import key

    names = {getattr(key, c.upper()): c for c in "abcdefghijklmnopqrstuvwxyz"}
    names |= {getattr(key, f"_{d}"): d for d in "0123456789"}
    names |= {getattr(key, f"NUM_{d}"): f"pad_{d}" for d in "0123456789"}
    names |= {getattr(key, f"F{n}"): f"f{n}" for n in range(1, 13)}
    return names | {
        key.SPACE: "space",
        key.ENTER: "enter",
        key.NUM_ENTER: "enter",
        key.BACKSPACE: "backspace",
        key.ESCAPE: "escape",
        key.TAB: "tab",
        key.DELETE: "delete",
        key.LEFT: "left_arrow",
        key.RIGHT: "right_arrow",
        key.UP: "up_arrow",
        key.DOWN: "down_arrow",
        key.HOME: "home",
        key.END: "end",
        key.LSHIFT: "left_shift",
        key.RSHIFT: "right_shift",
        key.LCTRL: "left_ctrl",
        key.RCTRL: "right_ctrl",
        key.EQUAL: "plus",
        key.PLUS: "plus",
        key.NUM_ADD: "plus",
        key.MINUS: "minus",
        key.NUM_SUBTRACT: "minus",
    }


def _x11_names(window: Any) -> dict[int, str]:
    """The digit row and Tab by key, not by character, on X11: there pyglet names what the key types, so Shift 4 arrives
    as `dollar`, and Shift-Tab as nothing it knows.

    Also makes the row work on layouts that have the digits on Shift (French): the key that has a digit on it is that
    digit. Empty on other systems, where pyglet names the key itself.
    """
    display = getattr(window, "_x_display", None)
    if display is None:
        return {}
    from pyglet.libs.x11 import xlib
    from pyglet.window.key import TAB, user_key

    names: dict[int, str] = {}
    for code in range(8, 256):
        plain, shifted = (int(xlib.XKeycodeToKeysym(display, code, column)) for column in (0, 1))
        digits = [chr(symbol) for symbol in (plain, shifted) if ord("0") <= symbol <= ord("9")]
        if plain == TAB:
            names |= dict.fromkeys((shifted, user_key(code)), "tab")
        if digits:
            names |= dict.fromkeys((plain, shifted, user_key(code)), digits[0])
    return names


def _imgui_keys() -> dict[str, Any]:
    """Our names -> imgui's keys: those that edit text."""
    editing = "enter backspace delete left_arrow right_arrow up_arrow down_arrow home end a c v x y z"
    return {name: getattr(imgui.Key, name) for name in editing.split()}


@dataclass(frozen=True)
class _Release:
    name: str


class Keyboard(Protocol):
    """Whom the window tells of its keys."""

    def press(self, press: Press) -> None:
        """A key of the show, or of a page."""

    def text(self, text: str) -> None:
        """What a press typed."""

    @property
    def words(self) -> bool:
        """What is typed is words: a page of lines is open."""

    def line(self) -> bool:
        """Has one of its lines the keyboard? False: it is to get it now."""


class Window:
    """The console's window. keyboard: told of presses and of what was typed, in order.

    touched: something was pressed or resized since the last frame, so it should be drawn at once. Raises DeviceError
    when there is no display or no OpenGL.
    """

    def __init__(self, title: str, keyboard: Keyboard) -> None:
        # One thread of software drawing: the console never needs the cores that the show runs on.
        os.environ.setdefault("LP_NUM_THREADS", "1")
        self._keyboard = keyboard
        self._typed: deque[Press | str | _Release] = deque()  # into words, in order, and not yet heard by their line
        self.closed, self.touched = False, True
        self._window = _open_window(title)
        self._window.set_minimum_size(640, 400)
        self.gl = moderngl.create_context(require=330)
        self.software = any(
            s in self.gl.info["GL_RENDERER"].lower() for s in ("llvmpipe", "softpipe", "swrast", "software")
        )
        log.info("console: %s, OpenGL %s", self.gl.info["GL_RENDERER"], self.gl.info["GL_VERSION"])
        self._imgui = imgui.create_context()
        self._io = imgui.get_io()
        self._io.set_ini_filename("")  # no imgui.ini beside the program
        self._io.config_input_text_enter_keep_active = True
        self.font = _load_font()
        self._renderer = ImguiRenderer(self.gl)
        self._names, self._imgui_keys = _key_names() | _x11_names(self._window), _imgui_keys()
        self._last_ns: int | None = None
        self._repeats = _Repeats(self._window)
        self._window.push_handlers(self)
        pyglet.app.platform_event_loop.start()

    @property
    def size_px(self) -> tuple[int, int]:
        return self._window.get_framebuffer_size()

    @property
    def time_s(self) -> float:
        """imgui's clock: of the frame that was drawn last."""
        return float(imgui.get_time())

    def set_title(self, title: str) -> None:
        if title != self._window.caption:
            self._window.set_caption(title)

    def wait(self, seconds: float) -> None:
        """Sleep until something happens in the window, at most this long, and handle it."""
        pyglet.app.platform_event_loop.step(max(0.0, seconds))
        self._window.dispatch_events()

    def begin(self, now_ns: int) -> None:
        """Start a frame: what is drawn until `end` lies in the window's frame buffer."""
        self._window.switch_to()
        width, height = self.size_px
        self.gl.screen.use()
        self.gl.viewport = (0, 0, width, height)
        self.gl.scissor = None
        self._io.display_size = (width, height)
        self._io.delta_time = max(1e-4, (now_ns - self._last_ns) / 1e9) if self._last_ns else 1 / 60
        self._last_ns = now_ns
        self.touched = False
        self._feed()
        imgui.new_frame()

    def slab(self, area: Rect, colour: tuple[float, float, float]) -> None:
        """Fill a rectangle (pixels, origin top left) of the frame buffer now: under all of imgui, which is drawn at the
        end."""
        x, y, x1, y1 = round(area.x), round(area.y), round(area.x1), round(area.y1)
        if x1 > x and y1 > y:
            self.gl.screen.clear(*colour, viewport=(x, self.size_px[1] - y1, x1 - x, y1 - y))

    def end(self) -> None:
        imgui.render()
        self._renderer.draw(imgui.get_draw_data(), self.size_px[1])
        self._window.flip()

    def close(self) -> None:
        pyglet.app.platform_event_loop.stop()
        self._renderer.release()
        imgui.destroy_context(self._imgui)
        self._window.close()

    # What pyglet calls. A handler that returns True keeps the event from pyglet's own, which would close the window on
    # Esc.

    def _place(self, x: float, y: float) -> None:
        scale = self.size_px[0] / max(1, self._window.width)
        self._io.add_mouse_pos_event(x * scale, self.size_px[1] - y * scale)

    def on_mouse_motion(self, x: int, y: int, dx: int, dy: int) -> None:
        self._place(x, y)

    def on_mouse_drag(self, x: int, y: int, dx: int, dy: int, buttons: int, modifiers: int) -> None:
        self._place(x, y)

    def on_mouse_leave(self, x: int, y: int) -> None:
        self._io.add_mouse_pos_event(_AWAY, _AWAY)

    def _button(self, button: int, down: bool) -> None:
        if button in _BUTTONS:
            self._io.add_mouse_button_event(_BUTTONS[button], down)
            self.touched = True

    def on_mouse_press(self, x: int, y: int, button: int, modifiers: int) -> None:
        self._place(x, y)
        self._io.add_key_event(imgui.Key.mod_shift, bool(modifiers & _SHIFT))
        self._button(button, True)

    def on_mouse_release(self, x: int, y: int, button: int, modifiers: int) -> None:
        self._place(x, y)
        self._button(button, False)

    def on_mouse_scroll(self, x: int, y: int, scroll_x: float, scroll_y: float) -> None:
        self._io.add_mouse_wheel_event(scroll_x, scroll_y)
        self.touched = True

    def _take(self, event: Press | str | _Release) -> None:
        """At once, or in its turn behind what is being typed. A press that types nothing never waits for a line."""
        self.touched = True
        if isinstance(event, Press) and event.again and self._keyboard.words:
            return  # imgui repeats what is held in a line by itself, as long as it is held
        if (self._typed or self._keyboard.words) and not (isinstance(event, Press) and not event.types):
            self._typed.append(event)
        else:
            self._act(event)

    def _feed(self) -> None:
        """Before a frame: what was typed goes to the line that has the keyboard. imgui takes characters as they come,
        but one change of a key a frame, and a page may give the keyboard to another line then: the rest waits.
        """
        fed = False
        while self._typed and not (self._keyboard.words and not self._keyboard.line()):
            event = self._typed[0]
            if fed and not isinstance(event, str) and event.name in _MOVES:
                break
            self._typed.popleft()
            self._act(event)
            fed = True
            if not isinstance(event, str) and event.name in _MOVES | self._imgui_keys.keys():
                break
        self.touched |= bool(self._typed)

    def _act(self, event: Press | str | _Release) -> None:
        words = self._keyboard.words
        if isinstance(event, str):
            if words:
                self._io.add_input_characters_utf8(event)
            else:
                self._keyboard.text(event)
            return
        down = isinstance(event, Press)
        if words:
            self._edit(event)
        elif event.name.endswith("shift"):
            self._io.add_key_event(imgui.Key.mod_shift, down)
        if isinstance(event, Press) and event.name and (words or not event.other):
            self._keyboard.press(event)

    def _edit(self, event: Press | _Release) -> None:
        """A key that moves about in a line, or with Ctrl does something to it."""
        found = self._imgui_keys.get(event.name)
        if isinstance(event, _Release):
            if found is not None:
                for key in (found, imgui.Key.mod_ctrl, imgui.Key.mod_shift):
                    self._io.add_key_event(key, False)
        elif found is not None and (event.other or len(event.name) > 1):
            self._io.add_key_event(imgui.Key.mod_shift, event.shift)
            self._io.add_key_event(imgui.Key.mod_ctrl, event.other)
            self._io.add_key_event(found, True)

    def on_key_press(self, symbol: int, modifiers: int) -> bool:
        other = bool(modifiers & _OTHER_MODIFIERS)
        press = Press(self._names.get(symbol, ""), bool(modifiers & _SHIFT), other, self._repeats.again)
        self._repeats.press = press
        self._take(press)
        return True

    def on_key_release(self, symbol: int, modifiers: int) -> bool:
        self._repeats.press = None
        self._take(_Release(self._names.get(symbol, "")))
        return True

    def on_text(self, text: str) -> None:
        if self._keyboard.words or self._repeats.is_new():
            self._take(text)
        else:
            self._repeated()

    def on_text_motion(self, motion: int) -> None:
        self.touched = True  # a held arrow or backspace in a line: imgui repeats keys by itself, it only needs frames
        if not self._repeats.is_new() and not self._keyboard.words:
            self._repeated()

    def _repeated(self) -> None:
        """A key that is held, where the system tells of it by what it types alone."""
        if self._repeats.press is not None and not self._repeats.tells:
            self._take(replace(self._repeats.press, again=True))

    def on_deactivate(self) -> None:
        self._io.add_focus_event(False)  # keys that are let go elsewhere don't stay down here
        self._repeats.clear()

    def on_activate(self) -> None:
        self._io.add_focus_event(True)
        self.touched = True

    def on_resize(self, width: int, height: int) -> bool:
        self.touched = True
        return True

    def on_expose(self) -> None:
        self.touched = True

    def on_close(self) -> bool:
        self.closed = True
        return True


class _Repeats:
    """Tells the presses of a hand from those that the system makes of a key that is held.

    pyglet does that by what a key types: `+` pressed with Shift, and Shift let go first, is never let go for it, and
    every later `+` then a repetition, which it keeps to itself; so is Shift 1, a cut. On X11 it is done by the key
    itself here, and pyglet is made to tell of every press.
    """

    def __init__(self, window: Any) -> None:
        self.again = False  # the press that comes is a repetition
        self.press: Press | None = None  # the last one, while it is held
        self._typed: Press | None = None
        self._down: set[int] = set()
        self.tells = getattr(window, "_x_display", None) is not None  # a repetition is a press, too
        if not self.tells:
            return
        from pyglet.libs.x11 import xlib

        inner = window._event_key_view

        def event(event: Any) -> None:
            code = event.xkey.keycode
            if event.type == xlib.KeyPress:
                self.again = code in self._down
                self._down.add(code)
                getattr(window, "pressed_keys", set()).clear()
            else:
                self._down.discard(code)
            inner(event)

        window._event_key_view = event  # what comes to the window itself goes there
        for kind in (xlib.KeyPress, xlib.KeyRelease):
            window._view_event_handlers[kind] = event

    def is_new(self) -> bool:
        """Is what was typed just now the first of its press?"""
        new = not self.again and self._typed is not self.press
        self._typed = self.press
        return new

    def clear(self) -> None:
        """The keyboard is elsewhere: what is let go there isn't told here."""
        self._down.clear()
        self.press = None


def _open_window(title: str) -> Any:
    try:
        from pyglet.window import Window as PygletWindow

        config_of: Any = pyglet.gl.Config  # its type says that it is abstract; calling it makes one of the platform's
        config = config_of(double_buffer=True, major_version=3, minor_version=3, forward_compatible=True, depth_size=0)
        return PygletWindow(*_SIZE_PX, title, config=config, resizable=True, vsync=False)
    # pyglet has a tree of errors per platform, and some of them are found only when its modules are imported.
    except Exception as error:
        cause = f"no window ({type(error).__name__}: {error})"
        raise DeviceError(
            "console", cause, "give it a display with OpenGL 3.3, or run the show with --headless"
        ) from error


def _load_font() -> Any:
    """Noto Sans where its package is installed, imgui's own otherwise. Sizes are chosen when text is drawn."""
    fonts = imgui.get_io().fonts
    try:
        import manimgx_fonts

        path = next(Path(manimgx_fonts.__file__).parent.glob("NotoSans[[]*.ttf"))
        return fonts.add_font_from_file_ttf(str(path), 16.0)
    except (ImportError, StopIteration):
        log.info("console: Noto Sans is not installed; the built-in font has Latin letters only")
        return fonts.add_font_default()


_VERTEX = """#version 330
uniform vec4 clip_from_px; in vec2 p; in vec2 uv; in vec4 c; out vec2 v_uv; out vec4 v_c;
void main() { v_uv = uv; v_c = c; gl_Position = vec4(p * clip_from_px.xy + clip_from_px.zw, 0.0, 1.0); }
"""
_FRAGMENT = """#version 330
uniform sampler2D t; in vec2 v_uv; in vec4 v_c; out vec4 o;
void main() { o = v_c * texture(t, v_uv); }
"""


class ImguiRenderer:
    """Dear ImGui's draw lists on moderngl, with its dynamic textures (1.92 and later)."""

    def __init__(self, gl: moderngl.Context) -> None:
        self._gl = gl
        flags = imgui.BackendFlags_
        imgui.get_io().backend_flags |= flags.renderer_has_textures | flags.renderer_has_vtx_offset
        limits = imgui.get_platform_io()
        limits.renderer_texture_max_width = limits.renderer_texture_max_height = gl.info["GL_MAX_TEXTURE_SIZE"]
        self._program = gl.program(vertex_shader=_VERTEX, fragment_shader=_FRAGMENT)
        self._vertices = gl.buffer(reserve=1 << 18, dynamic=True)
        self._indices = gl.buffer(reserve=1 << 17, dynamic=True)
        self._textures: dict[int, moderngl.Texture] = {}
        self._make_array()

    def _make_array(self) -> None:
        content = [(self._vertices, "2f 2f 4f1", "p", "uv", "c")]
        self._array = self._gl.vertex_array(self._program, content, self._indices, index_element_size=imgui.INDEX_SIZE)

    def draw(self, data: Any, height_px: int) -> None:
        """Draw over what is in the bound frame buffer, straight alpha."""
        self._update_textures()
        width, height = data.display_size
        if width <= 0 or height <= 0:
            return
        gl = self._gl
        gl.enable_only(moderngl.BLEND)
        gl.blend_func = moderngl.SRC_ALPHA, moderngl.ONE_MINUS_SRC_ALPHA, moderngl.ONE, moderngl.ONE_MINUS_SRC_ALPHA
        self._program["clip_from_px"] = (2 / width, -2 / height, -1, 1)
        for commands in data.cmd_lists:
            self._draw_list(commands, height_px)
        gl.scissor = None
        gl.disable(moderngl.BLEND)

    def _draw_list(self, commands: Any, height_px: int) -> None:
        vertex_bytes = commands.vtx_buffer.size() * imgui.VERTEX_SIZE
        index_bytes = commands.idx_buffer.size() * imgui.INDEX_SIZE
        if not index_bytes:
            return
        if vertex_bytes > self._vertices.size or index_bytes > self._indices.size:
            self._vertices.orphan(max(2 * vertex_bytes, self._vertices.size))
            self._indices.orphan(max(2 * index_bytes, self._indices.size))
            self._array.release()
            self._make_array()
        else:
            self._vertices.orphan()
            self._indices.orphan()
        self._vertices.write((ctypes.c_char * vertex_bytes).from_address(commands.vtx_buffer.data_address()))
        self._indices.write((ctypes.c_char * index_bytes).from_address(commands.idx_buffer.data_address()))
        for command in commands.cmd_buffer:
            x0, y0, x1, y1 = command.clip_rect
            if x1 <= x0 or y1 <= y0:
                continue
            self._gl.scissor = (int(x0), int(height_px - y1), int(x1 - x0), int(y1 - y0))
            self._textures[command.tex_ref.get_tex_id()].use(0)
            self._array.render(moderngl.TRIANGLES, vertices=command.elem_count, first=command.idx_offset)

    def _update_textures(self) -> None:
        """imgui keeps its glyphs in textures that it asks to make, change and drop."""
        status = imgui.ImTextureStatus
        for texture in imgui.get_platform_io().textures:
            if texture.status == status.want_create:
                pixels = np.ascontiguousarray(texture.get_pixels_array())
                made = self._gl.texture((texture.width, texture.height), 4, pixels.tobytes())
                self._textures[made.glo] = made
                texture.set_tex_id(made.glo)
                texture.status = status.ok
            elif texture.status == status.want_updates:
                pixels = texture.get_pixels_array().reshape(texture.height, texture.width, 4)
                for r in texture.updates:
                    part = np.ascontiguousarray(pixels[r.y : r.y + r.h, r.x : r.x + r.w])
                    self._textures[texture.tex_id].write(part.tobytes(), viewport=(r.x, r.y, r.w, r.h))
                texture.status = status.ok
            elif texture.status == status.want_destroy and texture.unused_frames > 0:
                if gone := self._textures.pop(texture.tex_id, None):
                    gone.release()
                texture.set_tex_id(0)
                texture.status = status.destroyed

    def release(self) -> None:
        for item in (self._array, self._vertices, self._indices, self._program, *self._textures.values()):
            item.release()
