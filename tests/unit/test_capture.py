"""Cameras of the machine: listings as they were recorded, a driver that answers as real ones do, and films in their
place. No camera has ever been here."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import numpy as np
import pytest

from live.base.clock import NS, MonotonicClock
from live.base.errors import DeviceError, ManyDevicesError, SourceError
from live.config.devices import CameraUse
from live.config.picture import PictureConfig
from live.devices import camera_lines, rig_lines
from live.picture.format import Range
from live.sources import v4l2
from live.sources.camera_board import CameraTold
from live.sources.cameras import Camera, Mode, cameras, choose, find, mode_of, modes_in
from live.sources.kinds.camera import CameraReader, CameraSource, options_of
from live.sources.reader import PictureEvent
from tests.support.shows import small_show

# v4l2-ctl --list-formats-ext of two cameras that many people have.
C920 = {
    "YUYV": {(640, 480): (30, 24, 15), (1280, 720): (10, 5), (1920, 1080): (5,)},
    "H264": {(1280, 720): (30,), (1920, 1080): (30,)},
    "MJPG": {(640, 480): (30,), (1280, 720): (30, 24, 15), (1920, 1080): (30, 24)},
}
CAM_LINK = {"YUYV": {(1920, 1080): (60,)}, "NV12": {(1920, 1080): (60,)}, "YU12": {(1920, 1080): (60,)}}


class Driver:
    """Answers by ioctl as a camera's driver does."""

    def __init__(self, card: str, formats: dict[str, dict[tuple[int, int], tuple[int, ...]]]) -> None:
        self.card, self.formats = card, formats
        self.capabilities = 0x84A00001
        self.own = 0x04200001
        self.controls = {0x009A0901: (0, 3), 0x009A0902: (3, 2047), 0x0098090C: (0, 1), 0x0098091A: (2000, 6500)}
        self.put: dict[int, int] = {}

    def ask(self, request: int, told: bytearray) -> None:
        number, size = request & 0xFF, request >> 16 & 0x3FFF
        assert len(told) == size, "as large as the number of the request says"
        if number == 0:
            struct.pack_into(
                "16s32s32sIII", told, 0, b"uvcvideo", self.card.encode(), b"usb", 0, self.capabilities, self.own
            )
        elif number == 2:
            index, kind = struct.unpack_from("II", told)
            fourcc = self._nth(list(self.formats), index)
            assert kind == 1
            struct.pack_into("III32s4s", told, 0, index, kind, 0, b"words", fourcc.encode())
        elif number == 74:
            index, fourcc = struct.unpack_from("I4s", told)
            width, height = self._nth(list(self.formats[fourcc.decode()]), index)
            struct.pack_into("III", told, 8, 1, width, height)
        elif number == 75:
            index, fourcc, width, height = struct.unpack_from("I4sII", told)
            rate = self._nth(self.formats[fourcc.decode()][width, height], index)
            struct.pack_into("III", told, 16, 1, 1, rate)
        elif number == 36:
            least, most = self._control(struct.unpack_from("I", told)[0])
            struct.pack_into("II32siiiiI", told, 0, 0, 1, b"words", least, most, 1, least, 0)
        else:
            control, value = struct.unpack_from("Ii", told)
            least, most = self._control(control)
            if not least <= value <= most:
                raise OSError(34, "Numerical result out of range")
            self.put[control] = value

    def _nth(self, among: Any, index: int) -> Any:
        if index >= len(among):
            raise OSError(22, "Invalid argument")
        return among[index]

    def _control(self, number: int) -> tuple[int, int]:
        if number not in self.controls:
            raise OSError(22, "Invalid argument")
        return self.controls[number]


def listed(folder: Path, drivers: dict[str, Driver | OSError]) -> list[Camera]:
    """The cameras of a /dev with these nodes."""
    for node in drivers:
        (folder / node).touch()

    @contextmanager
    def opened(path: str) -> Iterator[v4l2.Ask]:
        driver = drivers[Path(path).name]
        if isinstance(driver, OSError):
            raise driver
        yield driver.ask

    return v4l2.cameras(folder, opened)


def test_what_drivers_say_of_cameras(tmp_path: Path) -> None:
    metadata = Driver("HD Pro Webcam C920", {})
    metadata.own = 0x04A00000
    drivers = {
        "video10": Driver("Cam Link 4K: Cam Link 4K", CAM_LINK),
        "video0": Driver("HD Pro Webcam C920", C920),
        "video1": metadata,
        "video3": PermissionError(13, "Permission denied"),
    }
    (tmp_path / "v4l" / "by-id").mkdir(parents=True)
    stable = tmp_path / "v4l" / "by-id" / "usb-046d_HD_Pro_Webcam_C920_8A9-video-index0"
    stable.symlink_to(tmp_path / "video0")
    found = listed(tmp_path, drivers)
    assert [c.number for c in found] == [0, 3, 10]
    assert (found[0].name, found[0].stable) == ("HD Pro Webcam C920", str(stable))
    assert found[0].controls == ("exposure", "white_balance")
    assert len(found[0].modes) == 14 and Mode("mjpeg", 1920, 1080, 24.0) in found[0].modes
    assert "group video" in found[1].state
    assert camera_lines(found[2:])[1] == "    yuyv422 1920x1080 at 60 Hz"


@pytest.mark.parametrize(
    ("formats", "wanted", "expected"),
    [
        (C920, (1280, 720, None), "1280x720 30 Hz mjpeg"),  # unpacked it gives only ten
        (C920, (640, 480, 30.0), "640x480 30 Hz yuyv422"),
        (C920, (1920, 1080, 25.0), "1920x1080 30 Hz mjpeg"),
        (C920, (1280, 720, 10.0), "1280x720 10 Hz yuyv422"),
        (C920, (3840, 2160, None), "1920x1080 30 Hz mjpeg"),
        (CAM_LINK, (1920, 1080, None), "1920x1080 60 Hz nv12"),
        (CAM_LINK, (1280, 720, 50.0), "1920x1080 60 Hz nv12"),
    ],
)
def test_the_mode_that_is_nearest(formats: Any, wanted: tuple[int, int, float | None], expected: str) -> None:
    assert str(choose(v4l2.modes(Driver("cam", formats).ask), *wanted)) == expected


def test_a_format_that_a_rig_asks_for_is_taken_or_told() -> None:
    camera = Camera(0, "C920", modes=tuple(v4l2.modes(Driver("cam", C920).ask)))
    asked = CameraSource(name="cam1", kind="camera", pixel_format="mjpeg", width=640, height=480)
    assert str(mode_of(asked.camera_use, camera, "cam1")) == "640x480 30 Hz mjpeg"
    with pytest.raises(DeviceError, match="cam1: C920 gives no nv12; it gives yuyv422, h264, mjpeg"):
        mode_of(CameraUse(None, 1280, 720, form="nv12"), camera, "cam1")


def test_exposure_focus_and_white_balance_as_far_as_the_driver_has_them() -> None:
    driver = Driver("cam", C920)
    assert v4l2.set_controls(driver.ask, exposure_ms=20.0, focus=0.5, white_balance_k=5600.0) == ["focus"]
    assert driver.put == {0x009A0901: 1, 0x009A0902: 200, 0x0098090C: 0, 0x0098091A: 5600}
    assert v4l2.set_controls(driver.ask, exposure_ms="auto", white_balance_k="auto") == []
    assert (driver.put[0x009A0901], driver.put[0x0098090C]) == (3, 1)


TWO = [
    Camera(0, "HD Pro Webcam C920", "/dev/video0", "/dev/v4l/by-id/a"),
    Camera(2, "HD Pro Webcam C920", "/dev/video2"),
]
CARD = Camera(4, "Cam Link 4K", "/dev/video4")


@pytest.mark.parametrize(
    ("wanted", "number"),
    [(None, 0), (0, 0), (4, 4), ("cam link", 4), ("/dev/v4l/by-id/a", 0), ("/dev/video2", 2), ("c920 #2", 2)],
)
def test_a_camera_is_found_by_name_path_and_number(wanted: str | int | None, number: int) -> None:
    assert find(wanted, [*TWO, CARD], "cam1").number == number


def test_one_that_is_not_there_or_could_be_several_is_told() -> None:
    with pytest.raises(DeviceError, match="cam: no camera number 93; plug it in, or see `live devices`"):
        find(93, TWO, "cam")
    with pytest.raises(DeviceError, match="no camera is called 'Brio'; plug it in; there are: HD Pro Webcam C920"):
        find("Brio", [*TWO, CARD], "cam")
    with pytest.raises(ManyDevicesError, match='2 cameras are called .c920.; say which: /dev/v4l/by-id/a, "c920 #2"'):
        find("c920", TWO, "cam")


# ffmpeg -f dshow -list_options true -i video="..."; ffmpeg -f avfoundation -video_size 2x2 -i ...
DSHOW = """[dshow @ 0000] DirectShow video device options (from video devices)
[dshow @ 0000]  Pin "Capture" (alternative pin name "0")
[dshow @ 0000]   pixel_format=yuyv422  min s=640x480 fps=5 max s=640x480 fps=30
[dshow @ 0000]   pixel_format=nv12  min s=1920x1080 fps=25 max s=1920x1080 fps=60.0002
[dshow @ 0000]   vcodec=mjpeg  min s=1280x720 fps=5 max s=1280x720 fps=30
"""
AVFOUNDATION = """Selected video size (2x2) is not supported by the device.
Supported modes:
  1280x720@[1.000000 30.000030]fps
  1920x1080@[15.000000 30.000030]fps
"""


def test_modes_as_windows_and_macos_print_them() -> None:
    assert [str(m) for m in modes_in(DSHOW)] == [
        "1280x720 30 Hz mjpeg",
        "1920x1080 60 Hz nv12",
        "640x480 30 Hz yuyv422",
    ]
    assert [(m.width, m.height, round(m.rate_hz)) for m in modes_in(AVFOUNDATION)] == [
        (1280, 720, 30),
        (1920, 1080, 30),
    ]
    assert options_of("dshow", modes_in(DSHOW)[1]) == {
        "video_size": "1920x1080",
        "framerate": "60.0002",
        "pixel_format": "nv12",
    }
    assert options_of("v4l2", Mode("mjpeg", 1280, 720, 30.0))["input_format"] == "mjpeg"


def film(path: Path, codec: str, pixels: str, damaged: Callable[[int], bytes | None] = lambda n: None) -> Path:
    """Half a second of one colour, as a camera gives it. damaged: what comes instead of a picture."""
    with av.open(str(path), "w") as out:
        stream: Any = out.add_stream(codec, rate=60)
        stream.width, stream.height, stream.pix_fmt = 320, 180, pixels
        frame = av.VideoFrame.from_ndarray(np.full((180, 320, 3), (40, 120, 200), np.uint8), format="rgb24")
        for n in range(30):
            for packet in stream.encode(frame.reformat(format=pixels)):
                instead = damaged(n)
                other = packet if instead is None else av.Packet(instead)
                other.stream, other.pts, other.dts, other.time_base = stream, packet.pts, packet.dts, packet.time_base
                out.mux(other)
        out.mux(stream.encode())
    return path


@pytest.mark.parametrize(("codec", "pixels"), [("mjpeg", "yuvj422p"), ("rawvideo", "nv12"), ("rawvideo", "yuyv422")])
def test_pictures_of_each_format_have_their_colours_and_the_time_they_came(
    tmp_path: Path, codec: str, pixels: str
) -> None:
    path = film(tmp_path / "cam.nut", codec, pixels)
    reader = camera([CARD], lambda camera, mode: av.open(str(path)))
    begun_ns = MonotonicClock().now_ns()
    seen = events_of(reader)
    assert seen[0] == CameraTold("Cam Link 4K", "320x180")
    pictures = [e for e in seen if isinstance(e, PictureEvent)]
    assert len(pictures) == 30
    assert all(begun_ns <= p.pts_ns < begun_ns + 10 * NS for p in pictures)
    out = np.zeros(pictures[9].format.size, np.uint8)
    pictures[9].write(out)
    y, u, v = (int(plane.mean()) for plane in pictures[9].format.planes(out))
    full = pictures[9].format.range is Range.FULL
    assert full == (codec == "mjpeg")
    for got, right in zip((y, u, v), (105, 181, 82) if full else (106, 175, 87), strict=True):
        assert abs(got - right) <= 3


def camera(found: list[Camera], opened: Callable[..., Any], device: str = "cam link") -> CameraReader:
    config = CameraSource(name="cam1", kind="camera", device=device)
    return CameraReader(config, PictureConfig(), lambda: found, opened)


def events_of(reader: CameraReader) -> list[Any]:
    """All of them, until the camera is unplugged."""
    seen: list[Any] = []
    with pytest.raises(SourceError, match="[Ii]t is looked for by its name"):
        for event in reader.events():
            seen.append(event)
    return seen


@pytest.mark.parametrize(("codec", "pixels"), [("mjpeg", "yuvj422p"), ("rawvideo", "nv12")])
@pytest.mark.parametrize("instead", [b"", b"\xff\xd8\xff\xe0 cut off"])
def test_a_picture_that_came_damaged_is_left_out(tmp_path: Path, codec: str, pixels: str, instead: bytes) -> None:
    path = film(tmp_path / "cam.nut", codec, pixels, lambda n: instead if n in (5, 6, 20) else None)
    seen = events_of(camera([CARD], lambda camera, mode: av.open(str(path))))
    assert sum(isinstance(e, PictureEvent) for e in seen) == 27


def test_a_camera_that_gives_nothing_but_damaged_pictures_is_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("live.sources.kinds.camera._MOST_DAMAGED", 10)
    path = film(tmp_path / "cam.nut", "mjpeg", "yuvj422p", lambda n: b"cut off" if n > 3 else None)
    with pytest.raises(SourceError, match="gives no pictures"):
        list(camera([CARD], lambda camera, mode: av.open(str(path))).events())


def test_one_that_was_plugged_in_elsewhere_is_found_under_its_name(tmp_path: Path) -> None:
    path = film(tmp_path / "cam.nut", "mjpeg", "yuvj422p")
    found = [CARD]
    opened: list[str] = []

    def open_it(at: Camera, mode: Mode | None) -> Any:
        opened.append(at.path)
        return av.open(str(path))

    reader = camera(found, open_it)
    events_of(reader)
    found[:] = [Camera(0, "HD Pro Webcam C920", "/dev/video4"), Camera(1, "Cam Link 4K", "/dev/video1")]
    events_of(reader)
    found.clear()
    with pytest.raises(SourceError, match="cam1: no camera is called 'cam link'; plug it in; there are: none"):
        next(reader.events())
    assert opened == ["/dev/video4", "/dev/video1"]


def test_only_the_camera_that_is_meant_is_asked_for_its_modes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = film(tmp_path / "cam.nut", "mjpeg", "yuvj422p")
    were_asked: list[str] = []

    def printed(system: str, name: str) -> str:
        were_asked.append(name)
        return "1280x720@[1.0 30.0]fps"

    there = [SimpleNamespace(name=n, description=f"Cam {n}", media_types=["video"]) for n in "012"]
    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setattr("live.sources.cameras._printed_modes", printed)
    monkeypatch.setattr("av.device.enumerate_input_devices", lambda word: there)
    config = CameraSource(name="cam1", kind="camera", device="Cam 1")
    reader = CameraReader(config, PictureConfig(), opened=lambda camera, mode: av.open(str(path)))
    assert events_of(reader)[0] == CameraTold("Cam 1", "1280x720 30 Hz")
    assert not list(config.inspect()) and were_asked == ["1", "1"]
    assert [c.modes for c in cameras()] == [(Mode("", 1280, 720, 30.0),)] * 3 and were_asked[2:] == ["0", "1", "2"]


def test_which_camera_a_rigs_lines_take(tmp_path: Path) -> None:
    rig = small_show(tmp_path, '[[sources]]\nname = "a"\nkind = "camera"\ndevice = "cam link"\n').rig
    modes = tuple(v4l2.modes(Driver("x", CAM_LINK).ask))
    lines, _ = rig_lines(rig, {"in": [], "out": []}, [Camera(4, "Cam Link 4K", "/dev/video4", modes=modes)])
    assert lines == ["source a: Cam Link 4K, 1920x1080 60 Hz nv12  [/dev/video4]"]


def test_the_older_word_is_understood() -> None:
    assert CameraSource(name="cam", kind="webcam", device=1).device == 1
