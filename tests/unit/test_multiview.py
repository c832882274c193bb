"""The multiview without its process: layouts, what windows say, what stands on the canvas, which picture belongs to
which window."""

import tracemalloc
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.base.errors import CommandError, ConfigError
from live.base.hand import Hand
from live.config.load import load_show
from live.config.multiviews import Kind
from live.control.buses import Buses
from live.control.published import Replica
from live.control.state import StateTree
from live.control.view import View
from live.multiview import meter
from live.multiview.board import Board, Shown, alike
from live.multiview.canvas import Box, Canvas, boxed, codes, words
from live.multiview.cards import card
from live.multiview.meter import Meter
from live.multiview.pictures import Pictures, Source, shrunk
from live.multiview.tile import AMBER, BLUE, LIT, TALLY, Tile
from live.picture.format import Layout, Matrix, PictureFormat, Range
from live.picture.tiling import EXAMPLES, MOST, tiling
from live.shm.frame_ring import FrameRing
from live.shm.memory import ring_name
from live.show import ShowState
from live.show.multiviews.commands import MultiviewLayout, MultiviewWindow
from live.show.multiviews.model import MultiviewDesk
from live.show.multiviews.published import multiviews
from tests.support.shows import PATTERNS, SMALL, small_show, write_rig

HAND = Hand("osc 127.0.0.1:1", "127.0.0.1")


LAYOUTS = [
    *EXAMPLES,
    *(str(n) for n in range(1, MOST + 1)),
    *(f"{large}+{n}" for large in (1, 2) for n in range(1, 28)),
]
NOON = datetime(2026, 11, 22, 12, 0, 0)


# Layouts


@given(st.sampled_from(LAYOUTS), st.integers(40, 480), st.integers(90, 1080))
def test_windows_never_overlap_and_stay_in_the_frame(layout, eighths, half):
    width, height = 8 * eighths, 2 * half
    boxes = [boxed(rect, width, height) for rect in tiling(layout).windows]
    painted = np.zeros((height, width), np.uint8)
    for box in boxes:
        assert box.x >= 0 and box.y >= 0 and box.x1 <= width and box.y1 <= height and box.w > 0 and box.h > 0
        assert all(v % 2 == 0 for v in box)
        painted[box.y : box.y1, box.x : box.x1] += 1
    assert painted.max() == 1


@given(st.sampled_from(LAYOUTS))
def test_a_layout_has_the_windows_that_its_name_says(layout):
    made = tiling(layout)
    large, _, small = layout.rpartition("+")
    assert made.large == int(large or 0)
    assert len(made.windows) == int(large or 0) + int(small) + made.strip
    body = made.windows[made.large : len(made.windows) - made.strip]
    assert all(w.w * w.h < 0.9 * made.windows[0].w * made.windows[0].h for w in body) or not made.large


@pytest.mark.parametrize("layout", ["0", "37", "3+4", "2+", "+4", "2+40", "1+30", "nine", ""])
def test_a_layout_that_there_is_not_is_named(layout):
    with pytest.raises(ValueError, match=f"no layout is called {layout!r}".replace("+", r"\+")):
        tiling(layout)


@given(st.sampled_from(LAYOUTS), st.sampled_from([(1280, 720), (640, 360), (1920, 1080), (720, 576)]))
def test_everything_of_a_tile_is_inside_its_window(layout, size):
    canvas = Canvas(*size)
    for rect in tiling(layout).windows:
        box = boxed(rect, *size)
        if box.w < 32 or box.h < 48:
            continue
        tile = Tile(box, canvas, 16 / 9)
        for part in (tile.frame, tile.picture, tile.label, tile.meter):
            assert box.x <= part.x and box.y <= part.y and part.x1 <= box.x1 and part.y1 <= box.y1, part
        assert abs(tile.picture.w / tile.picture.h - 16 / 9) < 0.12 * 16 / 9  # of even pixels


# The canvas

STATE = {
    "/state/frame": (300,),
    "/state/show/title": ("The Evening Table",),
    "/state/show/time": (10.0,),
    "/state/show/timecode": ("00:00:10:00",),
    "/state/program/shot": ("cam1",),
    "/state/preview/shot": ("cam2",),
    "/state/program/transition": ("cut", 0.0, ""),
    "/state/director/level": ("auto",),
    "/state/director/hold": (0.0,),
    "/state/director/next": ("cam2", "Bo speaks", 12.0, 0.4, "", 0.0),
    "/state/shots/1": ("cam1", "Anna", "cam1"),
    "/state/shots/2": ("cam2", "Bo", "cam2"),
    "/state/shots/3": ("cam3", "Guest", "cam3"),
    **{f"/state/sources/cam{n}/status": ("live", 30.0, "") for n in (1, 2, 3)},
    **{f"/state/sources/cam{n}/tally": (t,) for n, t in ((1, "program"), (2, "preview"), (3, ""))},
}


def board(state, layout="4", size=(640, 360)):
    """cam1, cam2, cam3 and the clock in a grid of four."""
    shown = [("shot", f"cam{n}", f"Camera {n}", f"cam{n}") for n in (1, 2, 3)] + [("clock", "", "Clock", "")]
    places = tiling(layout).windows[:4]
    state = state | {"/state/multiviews/mv": (layout, len(places))}
    for n, (rect, what) in enumerate(zip(places, shown, strict=True), 1):
        state[f"/state/multiviews/mv/window/{n}"] = (*what, rect.x, rect.y, rect.w, rect.h)
    made = Board(*size, aspect=16 / 9, marks=True, voices={"cam1": ("anna",)})
    made.arrange(View(Replica(state)).windows("mv"))
    return made, state


def draw(made, state, luma=(50, 100, 150), counts=(1, 1, 1), meters=None, left=None, age_s=0.0):
    pictures = {}
    for n, (level, count) in enumerate(zip(luma, counts, strict=True)):
        w, h = made.size_of(n)
        planes = (
            np.full((h, w), level, np.uint8),
            np.full((h // 2, w // 2), 128, np.uint8),
            np.full((h // 2, w // 2), 128, np.uint8),
        )
        pictures[n] = Shown(planes, count, age_s)
    made.draw(View(Replica(state)), pictures, meters or {}, left, NOON)
    return made.canvas


def tile_of(made, n):
    area = made.windows[n].area
    return Tile(
        alike(area, boxed(area, made.canvas.format.width, made.canvas.format.height), made.canvas), made.canvas, 16 / 9
    )


def colour_at(canvas, x, y):
    yy, u, v = canvas.planes
    return int(yy[y, x]), int(u[y // 2, x // 2]), int(v[y // 2, x // 2])


def frame_colour(made, n):
    frame = tile_of(made, n).frame
    return colour_at(made.canvas, frame.x, frame.y + frame.h // 2)


def has_colour(canvas, box, colour):
    y, u, v = (p.astype(int) for p in canvas.region(box))
    wanted = codes(colour)
    full = y[::2, ::2][: u.shape[0], : u.shape[1]]
    return bool(((abs(full - wanted[0]) < 3) & (abs(u - wanted[1]) < 3) & (abs(v - wanted[2]) < 3)).mean() > 0.01)


def test_what_is_on_air_has_a_red_frame_and_what_is_next_a_green_one():
    made, state = board(STATE)
    draw(made, state)
    assert [frame_colour(made, n) for n in range(3)] == [codes(LIT["program"]), codes(LIT["preview"]), codes(LIT[""])]
    for n, tally in ((0, "program"), (1, "preview")):
        assert has_colour(made.canvas, tile_of(made, n).label, TALLY[tally])


def test_in_a_transition_both_shots_are_on_air():
    made, state = board(STATE | {"/state/program/transition": ("mix", 0.5, "cam3"), "/state/program/shot": ("cam1",)})
    draw(made, state)
    assert frame_colour(made, 0) == frame_colour(made, 2) == codes(LIT["program"])


def test_a_tally_that_changes_is_painted_over():
    made, state = board(STATE)
    draw(made, state)
    draw(made, state | {"/state/program/shot": ("cam3",), "/state/preview/shot": ("cam1",)})
    assert [frame_colour(made, n) for n in range(3)] == [codes(LIT["preview"]), codes(LIT[""]), codes(LIT["program"])]


def middle(made, n):
    box = tile_of(made, n).picture
    return int(made.canvas.planes[0][box.y + box.h // 2, box.x + box.w // 2])


def test_a_picture_stands_in_its_window_as_it_is():
    made, state = board(STATE)
    draw(made, state, luma=(50, 100, 150))
    assert [middle(made, n) for n in range(3)] == [50, 100, 150]
    draw(made, state, luma=(60, 110, 160), counts=(2, 1, 2))  # the second is the same as before: nothing is painted
    assert [middle(made, n) for n in range(3)] == [60, 100, 160]


def test_a_source_that_stalls_is_dark_and_says_so():
    made, state = board(STATE)
    draw(made, state)
    badge = tile_of(made, 2).picture
    plate = Box(badge.x, badge.y, badge.w // 2, badge.h // 4)
    assert not has_colour(made.canvas, plate, AMBER)
    draw(made, state | {"/state/sources/cam3/status": ("stalled", 0.0, "no picture for 3 s")}, age_s=3.2)
    assert has_colour(made.canvas, plate, AMBER) and middle(made, 2) < 80
    draw(made, state)
    assert not has_colour(made.canvas, plate, AMBER) and middle(made, 2) == 150


def test_the_next_move_is_on_the_tile_it_goes_to():
    made, state = board(STATE)
    draw(made, state, left=(1.4, 0.5))
    tile = tile_of(made, 1)
    low = Box(tile.picture.x, tile.picture.y1 - tile.label_px - 4, tile.picture.w, tile.label_px + 4)
    assert has_colour(made.canvas, low, AMBER)
    bar = made.canvas.planes[0][tile.picture.y1 - 1, tile.picture.x : tile.picture.x1]
    # Half of the time is left.
    assert abs(int((abs(bar.astype(int) - codes(AMBER)[0]) < 3).sum()) - tile.picture.w / 2) <= 2
    for n in (0, 2):
        other = tile_of(made, n).picture
        assert not has_colour(made.canvas, other, AMBER)
    draw(made, state, left=None)  # a human has to take it
    assert has_colour(made.canvas, low, BLUE) and not has_colour(made.canvas, low, AMBER)
    draw(made, state | {"/state/director/next": ("", "", 0.0, 0.0, "", 0.0)})
    assert not has_colour(made.canvas, low, BLUE) and middle(made, 1) == 100


def test_what_did_not_change_is_not_painted_again():
    made, state = board(STATE)
    draw(made, state)
    made.canvas.data[:] = 77
    draw(made, state)
    assert (made.canvas.data == 77).all()


def test_another_layout_leaves_nothing_of_the_one_before():
    made, state = board(STATE)
    draw(made, state)
    _, other = board(STATE, "9")
    made.arrange(View(Replica(other)).windows("mv"))
    draw(made, other)
    fresh, state = board(STATE, "9")
    draw(fresh, state)
    assert np.array_equal(made.canvas.data, fresh.canvas.data)


@given(st.sampled_from(LAYOUTS), st.sampled_from([(1280, 720), (640, 360), (1024, 576), (854, 480)]))
def test_windows_of_one_size_have_pictures_of_one_size(layout, size):
    size = (size[0] & ~7, size[1])
    made = tiling(layout)
    canvas = Canvas(*size)
    small = made.windows[made.large : len(made.windows) - made.strip]
    tiles = [Tile(alike(r, boxed(r, *size), canvas), canvas, 16 / 9) for r in small]
    assert len({(t.picture.w, t.picture.h, t.label_px) for t in tiles}) == 1


def test_one_window_is_exchanged_and_the_others_stay():
    made, state = board(STATE)
    draw(made, state)
    tiles = list(made._made)
    place = state["/state/multiviews/mv/window/3"][4:]
    state["/state/multiviews/mv/window/3"] = ("audio", "", "Audio", "", *place)
    made.arrange(View(Replica(state)).windows("mv"))
    assert [a is b for a, b in zip(tiles, made._made, strict=True)] == [True, True, False, True]
    assert made.size_of(2) is None


# Meters


@pytest.mark.parametrize(("db", "share"), [(-60, 0), (-70, 0), (-30, 0.5), (0, 1), (6, 1)])
def test_a_meter_is_as_high_as_it_is_loud(db, share):
    assert meter.height_of(db, 120) == share * 120


def test_a_meter_falls_by_20_db_in_1_7_s_and_holds_the_peak():
    one = Meter()
    one.step(-6.0, 0.0, 0.1)
    for n in range(1, 18):
        one.step(-90.0, n / 10, 0.1)
        assert one.held_db == -6.0 or n > 15
    assert one.db == pytest.approx(-26.0)
    assert one.held_db < -20


def test_peaks_are_of_full_scale():
    assert meter.peak_db(np.array([[0.5, -1.0]], np.float32)) == 0.0
    assert meter.peak_db(np.full((10, 2), 0.1, np.float32)) == pytest.approx(-20.0, abs=1e-4)
    assert meter.peak_db(np.zeros((10, 2), np.float32)) == meter.SILENCE_DB


@given(st.floats(-80, 5))
def test_a_bar_is_green_then_amber_then_red(db):
    canvas, one = Canvas(16, 120), Meter()
    canvas.fill(canvas.box, "#000000")
    one.step(db, 0.0, 0.1)
    meter.draw(canvas, canvas.box, one)
    lit = [colour for low, _, colour in meter._ZONES if meter.height_of(db, 120) > meter.height_of(low, 120)]
    column = {tuple(int(p[y // s, 0]) for p, s in zip(canvas.planes, (1, 2, 2), strict=True)) for y in range(0, 120, 2)}
    assert {codes(c) for _, _, c in meter._ZONES} & column == {codes(c) for c in lit}


def test_the_meters_of_a_camera_stand_beside_it():
    made, state = board(STATE | {"/state/microphones/anna/level": (-20.0, 1)})
    loud = Meter()
    loud.step(-20.0, 0.0, 0.1)
    draw(made, state, meters={"anna": loud})
    green = meter._ZONES[0][2]
    assert has_colour(made.canvas, tile_of(made, 0).meter, green)
    assert not has_colour(made.canvas, tile_of(made, 1).meter, green)


# Pictures


@pytest.fixture
def ring():
    made = FrameRing(ring_name("test"), capacity=640 * 480 * 3 // 2, slots=8)
    yield made
    made.close()


def put(ring, fmt, luma, seq=None, cb=128, cr=128, capture_ns=0, aux=(0, 0, 0, 0)):
    y, u, v = fmt.planes(ring.slot(fmt.size))
    y[:], u[:], v[:] = luma, cb, cr
    ring.commit(fmt, capture_ns=capture_ns, seq=seq, aux=aux)


def test_a_picture_keeps_its_shape(ring):
    put(ring, PictureFormat(640, 480), 90)
    planes = shrunk(ring.newest(), (160, 90))
    assert [p.shape for p in planes] == [(90, 120), (45, 60), (45, 60)]
    assert all((p == c).all() for p, c in zip(planes, (90, 128, 128), strict=True))


def test_a_small_picture_is_enlarged(ring):
    put(ring, PictureFormat(320, 180), 90)
    assert shrunk(ring.newest(), (480, 270))[0].shape == (270, 480)


@pytest.mark.parametrize(
    ("fmt", "given", "want"),
    [
        (PictureFormat(64, 48, Matrix.BT709, Range.FULL), (0, 128, 128), (16, 128, 128)),
        (PictureFormat(64, 48, Matrix.BT709, Range.FULL), (255, 128, 128), (235, 128, 128)),
        (PictureFormat(64, 48, Matrix.BT601, Range.LIMITED), (81, 90, 240), (63, 102, 240)),  # red: BT.601 to BT.709
    ],
)
def test_another_coding_becomes_the_program_s(ring, fmt, given, want):
    put(ring, fmt, *given[:1], cb=given[1], cr=given[2])
    got = shrunk(ring.newest(), (32, 24))
    assert [int(p[4, 4]) for p in got] == pytest.approx(want, abs=1)


def test_a_keyed_picture_is_no_picture_of_a_window(ring):
    fmt = PictureFormat(64, 48, layout=Layout.KEYED)
    ring.slot(fmt.size)[:] = 100
    ring.commit(fmt, capture_ns=0)
    assert shrunk(ring.newest(), (32, 24)) is None


def test_a_picture_of_a_bus_belongs_to_the_shot_that_was_on_it(ring):
    """The state is heard a little after a picture is there: one of the next shot is never taken for one of the shot
    before."""
    fmt, buses, source = PictureFormat(64, 36), Buses(), Source()
    buses.hear(
        [("/state/frame", (10,)), ("/state/program/shot", ("wide",)), ("/state/program/transition", ("cut", 0.0, ""))]
    )
    put(ring, fmt, 50, seq=10)
    put(ring, fmt, 200, seq=11)  # of the next shot; nothing of it has been heard yet
    bus, frames = buses.showing("wide")
    assert (
        bus == "program" and source.look(ring.name, 0, (32, 18), fits=lambda f: f.seq in frames).planes[0][0, 0] == 50
    )
    buses.hear([("/state/frame", (11,)), ("/state/program/shot", ("close",))])
    assert buses.showing("wide") is None
    bus, frames = buses.showing("close")
    assert Source().look(ring.name, 0, (32, 18), fits=lambda f: f.seq in frames).planes[0][0, 0] == 200
    buses.hear([("/state/frame", (12,)), ("/state/program/transition", ("mix", 0.1, "close"))])
    assert buses.showing("close") is None  # two shots are in the picture


def test_a_delayed_program_has_cameras_as_late(ring):
    fmt, source = PictureFormat(64, 36), Source()
    for n in range(4):
        put(ring, fmt, 50 + n, capture_ns=n * 100)
    assert source.look(ring.name, 300, (32, 18)).planes[0][0, 0] == 53
    assert Source().look(ring.name, 300, (32, 18), delay_ns=200).planes[0][0, 0] == 51


def test_a_ring_that_is_gone_leaves_its_last_picture(ring):
    source = Source()
    put(ring, PictureFormat(64, 36), 50)
    assert source.look(ring.name, 0, (32, 18)).count == 1
    after = source.look("", 5_000_000_000, (32, 18))
    assert after.planes[0][0, 0] == 50 and after.count == 1 and after.age_s == 5.0


def test_a_glance_shows_a_shot_that_is_on_no_bus(ring):
    _, state = board(STATE | {"/state/rings/glances": (ring.name, "duo/left", "duo/wide")})
    state["/state/multiviews/mv/window/1"] = (
        "shot",
        "duo/wide",
        "Wide",
        "",
        *state["/state/multiviews/mv/window/1"][4:],
    )
    shown, pictures = [(w, (32, 18)) for w in View(Replica(state)).windows("mv")][:1], Pictures(0.0)
    put(ring, PictureFormat(64, 36), 60, seq=3, aux=(0, 0, 0, 0))
    put(ring, PictureFormat(64, 36), 70, seq=6, aux=(1, 0, 0, 0))
    pictures.look(shown, View(Replica(state)), 0)
    assert pictures.look(shown, View(Replica(state)), 0)[0].planes[0][0, 0] == 70
    pictures.close()


def test_the_machines_next_move_has_a_window_of_its_own(ring):
    """Its picture is that of the shot, whichever that is, and none while nothing is planned."""
    other = FrameRing(ring_name("test"), capacity=640 * 480 * 3 // 2, slots=8)
    _, state = board(STATE | {"/state/rings/source/cam2": (ring.name,), "/state/rings/source/cam3": (other.name,)})
    state["/state/multiviews/mv/window/1"] = ("next", "", "Next", "", *state["/state/multiviews/mv/window/1"][4:])
    pictures = Pictures(0.0)
    put(ring, PictureFormat(64, 36), 60, seq=1)
    put(other, PictureFormat(64, 36), 90, seq=1)

    def look(shot):
        view = View(Replica(state | {"/state/director/next": (shot, "Bo speaks", 12.0, 0.4, "", 0.0)}))
        shown = [(w, (32, 18)) for w in view.windows("mv")][:1]
        pictures.look(shown, view, 0)
        return pictures.look(shown, view, 0), card(
            view.windows("mv")[0], view, count_down=(1.5, 0.5), stalled_s=0, marks=False, voices={}
        )

    shown, told = look("cam2")
    assert shown[0].planes[0][0, 0] == 60 and (told.title, told.next.left_s) == ("Bo", 1.5)
    shown, told = look("cam3")
    assert shown[0].planes[0][0, 0] == 90 and told.title == "Guest"
    shown, told = look("")
    assert not shown and (told.title, told.next) == ("nothing planned", None)
    pictures.close()
    other.close()


def test_a_shot_that_is_nothing_to_show_says_why_and_a_camera_in_trouble_first():
    made, state = board(STATE | {"/state/shots/3/unfit": ("nobody is in the picture",)})
    view = View(Replica(state))
    third = card(view.windows("mv")[2], view, count_down=None, stalled_s=0, marks=False, voices={})
    assert third.unfit == "nobody is in the picture" and not third.badge
    draw(made, STATE)
    plain = made.canvas.planes[0].copy()
    draw(made, state)
    corner = tile_of(made, 2).picture
    assert (made.canvas.planes[0] != plain)[corner.y : corner.y + 20, corner.x : corner.x + 60].any()


def test_a_hands_preview_says_so():
    _, state = board(STATE | {"/state/preview/by_hand": (1,)})
    state["/state/multiviews/mv/window/1"] = ("preview", "", "Preview", "", 0.0, 0.0, 0.5, 0.5)
    view = View(Replica(state))
    told = card(view.windows("mv")[0], view, count_down=None, stalled_s=0, marks=False, voices={})
    assert told.title == "Bo (by hand)"


# The desk


def desk(tmp_path, more=""):
    show = small_show(tmp_path, PATTERNS + '\n[[multiviews]]\nname = "mv"\n' + more)
    return ShowState(show, lambda *a, **k: None)


def test_a_name_alone_makes_a_multiview_of_the_whole_row(tmp_path):
    state = desk(tmp_path)
    kinds = [(w.kind, w.name) for _, w in state.multiviews.windows("mv")]
    assert kinds == [
        ("preview", ""),
        ("program", ""),
        ("shot", "duo/duo"),
        ("shot", "cam1"),
        ("shot", "cam2"),
        ("next", ""),
        ("audio", ""),
        ("clock", ""),
        ("status", ""),
    ]
    assert state.multiviews.layout("mv") == "2+6"
    assert state.rig.feeds["mv"].width == 1280 and state.rig.feeds["mv"].rate == 15


def test_a_hand_changes_layout_and_windows(tmp_path):
    state = desk(tmp_path)
    state.apply(MultiviewWindow("mv", 4, "source cam2"), HAND, 0.0)
    state.apply(MultiviewLayout("mv", "9"), HAND, 0.0)
    shown = [w for _, w in state.multiviews.windows("mv")]
    assert len(shown) == 10 and (shown[3].kind, shown[3].name) == (Kind.SOURCE, "cam2")
    tree = StateTree()
    for value in multiviews(state, 0.0):
        tree.put(value)
    read = View(Replica(dict(tree.items()))).windows("mv")
    assert [(w.kind, w.name, w.source) for w in read] == [(w.kind, w.name, w.source) for w in shown]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (MultiviewLayout("mv", "7+7"), "no layout is called '7\\+7'"),
        (MultiviewLayout("mv", "own"), "no layout is called 'own'"),
        (MultiviewLayout("main", "9"), "no multiview is called 'main'"),
        (MultiviewWindow("mv", 20, "cam1"), "no window 20"),
        (MultiviewWindow("mv", 1, "cam9"), "nothing called 'cam9'"),
        (MultiviewWindow("mv", 1, "mv"), "nothing called 'mv'"),
        (MultiviewWindow("mv", 1, "source duo/duo"), "nothing called"),
    ],
)
def test_what_can_not_be_done_is_said_and_nothing_changes(tmp_path, command, words):
    state = desk(tmp_path)
    before = state.multiviews.windows("mv")
    with pytest.raises(CommandError, match=words):
        state.apply(command, HAND, 0.0)
    assert state.multiviews.windows("mv") == before


def test_a_rig_draws_its_own_layout(tmp_path):
    window = '[[multiviews.windows]]\nshows = "{}"\nrect = {}\n'
    own = window.format("program", [0, 0, 0.75, 0.75]) + window.format("clock", [0.75, 0, 0.25, 0.25])
    state = desk(tmp_path, own)
    assert [(w.kind, r.w) for r, w in state.multiviews.windows("mv")] == [("program", 0.75), ("clock", 0.25)]
    state.apply(MultiviewLayout("mv", "4"), HAND, 0.0)
    state.apply(MultiviewLayout("mv", "own"), HAND, 0.0)
    assert len(state.multiviews.windows("mv")) == 2


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ('layout = "3+3"', "no layout is called '3+3'"),
        ('[[multiviews.windows]]\nshows = "cam7"', "no shot, source or feed is called cam7"),
        ('[[multiviews.windows]]\nshows = "mv"', "no shot, source or feed is called mv"),
        (
            '[[multiviews.windows]]\nshows = "cam1"\nrect = [0, 0, 1, 1]\n[[multiviews.windows]]\nshows = "cam2"',
            "a rect in every window",
        ),
        ('[[multiviews.windows]]\nshows = "cam1"\nrect = [0.5, 0, 0.6, 1]', "reaches beyond the picture"),
        (
            '[[multiviews.windows]]\nshows = "cam1"\nrect = [0, 0, 0.6, 1]\n[[multiviews.windows]]\nshows = '
            '"cam2"\nrect = [0.5, 0, 0.5, 1]',
            "overlap",
        ),
        ('[[multiviews]]\nname = "clean"', "clean is the name of another feed"),
        ("width = 104", "320 or more"),
    ],
)
def test_a_rig_s_faults_are_named(tmp_path, more, words):
    with pytest.raises(ConfigError) as error:
        load_show(write_rig(tmp_path, PATTERNS + '\n[[multiviews]]\nname = "mv"\n' + more))
    assert words in str(error.value) and "multiviews[" in str(error.value)


def test_an_output_can_take_a_multiview(tmp_path):
    rig = (
        PATTERNS
        + '\n[[multiviews]]\nname = "mv"\n[[outputs]]\nname = "o"\nkind = "file"\npath = "mv.mp4"\nfeed = "mv"\n'
    )
    assert load_show(write_rig(tmp_path, rig)).rig.outputs[0].feed == "mv"


def test_a_show_without_multiviews_has_none(tmp_path):
    show = small_show(tmp_path, SMALL + '[[sources]]\nname = "cam1"\nkind = "pattern"\n')
    assert MultiviewDesk(show, {}).names == []


def test_words_that_never_come_again_do_not_pile_up():
    """A strip as wide as HD, whose count-down says something new ten times a second, for a minute and a half."""
    tracemalloc.start()
    try:
        for n in range(900):
            words(f"NEXT Anna in {n / 10:.1f} s", 28.0, (960, 44), "#f0f2f4", "#0c0f12")
        held = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
        words.cache_clear()
    assert held < 45e6
