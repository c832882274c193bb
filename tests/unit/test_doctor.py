"""What the doctor says, in every system's words: pure, so all of it is tried on one system."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from live import doctor
from live.base.advice import ADVICE, advice
from live.devices import authorised_of, consent_of
from live.sources.cameras import Camera

SYSTEMS = ("linux", "darwin", "win32")


@pytest.mark.parametrize("lacking", ADVICE)
def test_there_is_advice_for_every_system(lacking: str) -> None:
    assert set(ADVICE[lacking]) == set(SYSTEMS)
    assert advice(lacking, "freebsd14") == advice(lacking, "linux")


@pytest.mark.parametrize("lacking", ADVICE)
@pytest.mark.parametrize(("platform", "foreign"), [("darwin", ("apt-get", "/dev/")), ("win32", ("apt-get", "/dev/"))])
def test_nobody_is_told_what_only_another_system_has(lacking: str, platform: str, foreign: tuple[str, ...]) -> None:
    assert not [word for word in foreign if word in advice(lacking, platform)]


def test_versions_and_cores() -> None:
    assert doctor.of_python((3, 13, 1)) == doctor.Finding("Python", True, "3.13.1")
    assert "3.11 or newer" in str(doctor.of_python((3, 10, 2))) and not doctor.of_python((3, 10, 2)).good
    assert doctor.of_cores(2).good is True
    assert doctor.of_cores(1).good is None


@pytest.mark.parametrize("platform", SYSTEMS)
def test_priority(platform: str) -> None:
    assert doctor.of_priority(True, platform).good is True
    found = doctor.of_priority(False, platform)
    assert found.good is None and advice("priority", platform) in found.text


def test_shared_memory_is_looked_at_where_it_is_a_file_system() -> None:
    assert doctor.of_shared_memory(None, 0, "darwin").good and doctor.of_shared_memory(None, 0, "win32").good
    assert doctor.of_shared_memory(None, 0, "linux").text == "no /dev/shm: mount a tmpfs on it"
    assert doctor.of_shared_memory(64, 64, "linux").good
    short = doctor.of_shared_memory(63, 64, "linux")
    assert short.good is False and "63 of 64 MB free, 64 are needed; in a container: --shm-size" in short.text


@pytest.mark.parametrize("platform", SYSTEMS)
def test_a_context_that_there_is_not(platform: str) -> None:
    found = doctor.of_opengl((False, "no OpenGL 3.3 context"), platform)
    assert found.good is False and found.text == f"no OpenGL 3.3 context; {advice('OpenGL', platform)}"
    assert doctor.of_opengl((True, "llvmpipe; OpenGL 4.5"), platform).text.endswith("(software: drawn by the CPU)")
    assert doctor.of_opengl((True, "Apple M2; OpenGL 4.1"), platform).text.endswith("(GPU)")


def test_a_display_is_what_the_system_shows_windows_on() -> None:
    assert doctor.of_display({}, "win32").good and doctor.of_display({}, "darwin").good
    assert doctor.of_display({"DISPLAY": ":1"}, "linux").text == ":1"
    assert doctor.of_display({"DISPLAY": ":1", "WAYLAND_DISPLAY": "wayland-0"}, "linux").text == "wayland-0"
    assert doctor.of_display({}, "linux").good is None


@pytest.mark.parametrize("platform", SYSTEMS)
def test_sound(platform: str) -> None:
    assert doctor.of_sound((True, "3 devices"), "PipeWire", platform).text == "PortAudio, 3 devices, PipeWire"
    assert doctor.of_sound((True, "3 devices"), "", platform).good is True
    none = doctor.of_sound((True, "0 no device"), "", platform)
    assert none.good is None and advice("sound", platform) in none.text
    broken = doctor.of_sound((False, "live.base.errors.DeviceError: sound: PortAudio fails (x); do y"), "", platform)
    assert broken == doctor.Finding("sound", None, "PortAudio fails (x); do y")


def test_windows_says_that_a_device_may_be_held_by_another() -> None:
    assert "exclusive mode" in doctor.of_sound((True, "0 no device"), "", "win32").text


def test_cameras() -> None:
    assert doctor.of_cameras([]).good is None
    assert doctor.of_cameras([Camera(0, "C920")]) == doctor.Finding("cameras", True, "C920")
    refused = doctor.of_cameras([Camera(0, "/dev/video0", state="Permission denied; is this user in the group video?")])
    assert refused.good is None and "/dev/video0 (Permission denied;" in refused.text


def test_cameras_are_looked_for_elsewhere_with_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(0, "Caméra", "0", "", (), (), ""), (1, "Card", "1", "", (), (), "in use")]
    monkeypatch.setattr(doctor, "_CAMERAS", f"import json; print(json.dumps({found!r}))")
    assert doctor._cameras() == doctor.Finding("cameras", True, "Caméra, Card (in use)")
    monkeypatch.setattr(doctor, "_CAMERAS", "import time; time.sleep(60)")
    monkeypatch.setattr(doctor, "_ASK_S", 0.1)
    assert doctor._cameras() == doctor.Finding("cameras", None, "no answer in 0.1 s")


@pytest.mark.parametrize("kind", ["camera", "microphone"])
def test_a_refusal_that_is_silence_is_said_aloud(kind: str) -> None:
    for platform in ("darwin", "win32"):
        (found,) = doctor.of_permission(kind, False, platform)
        assert found.good is None and found.text == f"refused; {advice(kind, platform)}"
        assert doctor.of_permission(kind, True, platform) == [doctor.Finding(kind, True, "allowed")]
    (unasked,) = doctor.of_permission(kind, None, "darwin")
    assert unasked.good is None and "macOS asks at the first use" in unasked.text
    assert doctor.of_permission(kind, None, "win32") == doctor.of_permission(kind, None, "linux") == []


def test_what_windows_and_macos_answer() -> None:
    assert consent_of(["Allow", "Allow"]) is True
    assert consent_of(["Allow", "Deny"]) is False
    assert consent_of([]) is None and consent_of(["Prompt"]) is None
    assert [authorised_of(status) for status in (0, 1, 2, 3, 9)] == [None, False, False, True, None]


def test_groups_are_named_for_what_this_user_may_not_use() -> None:
    assert doctor.of_access([]) == []
    (found,) = doctor.of_access([("/dev/video0", "video"), ("/dev/dri/renderD128", "render")])
    assert found.good is None
    assert "may not use /dev/video0, /dev/dri/renderD128; sudo usermod -aG render,video" in found.text
    (many,) = doctor.of_access([(f"/dev/video{n}", "video") for n in range(9)])
    assert "/dev/video3 ..." in many.text and "/dev/video4" not in many.text


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may use everything")
def test_a_device_that_is_closed_to_us(tmp_path: Path) -> None:
    (tmp_path / "dri").mkdir()
    for name in ("video0", "video1", "dri/renderD128"):
        (tmp_path / name).touch()
    (tmp_path / "video1").chmod(0)
    assert doctor.refused_devices(tmp_path) == [(str(tmp_path / "video1"), "video")]


def test_devices_that_anybody_may_use(tmp_path: Path) -> None:
    (tmp_path / "video0").touch()
    assert doctor.refused_devices(tmp_path) == []


def test_the_sound_server_is_known_by_its_socket(tmp_path: Path) -> None:
    env = {"XDG_RUNTIME_DIR": str(tmp_path)}
    assert doctor.sound_server(env) == doctor.sound_server({}) == ""
    (tmp_path / "pulse").mkdir()
    (tmp_path / "pulse" / "native").touch()
    assert doctor.sound_server(env) == "PulseAudio"
    (tmp_path / "pipewire-0").touch()
    assert doctor.sound_server(env) == "PipeWire"


@pytest.mark.parametrize("platform", SYSTEMS)
def test_ffmpeg_is_only_missed(platform: str) -> None:
    assert doctor.of_ffmpeg("/usr/bin/ffmpeg", platform).good is True
    lacking = doctor.of_ffmpeg(None, platform)
    assert lacking.good is None and advice("ffmpeg", platform) in lacking.text
