"""What to do about what a machine lacks, in the words of its own system: defined once for errors and `live doctor`."""

from __future__ import annotations

import sys
from typing import Final

_LINUX, _MAC, _WINDOWS = "linux", "darwin", "win32"

# By what is lacking, by sys.platform. Another system than these three gets the words of Linux.
ADVICE: Final[dict[str, dict[str, str]]] = {
    "OpenGL": {
        _LINUX: "Debian and Ubuntu: apt-get install libegl1 libgles2 libgl1-mesa-dri, or the GPU's driver",
        _MAC: "start it from a session with a screen (not over ssh)",
        _WINDOWS: "install the GPU maker's own driver: the one that comes with Windows has OpenGL 1.1",
    },
    "vision": {
        _LINUX: "Debian and Ubuntu: apt-get install libgl1 libglib2.0-0 libsm6 libgles2",
        _MAC: "install again: pip install --force-reinstall mediapipe ai-edge-litert",
        _WINDOWS: "install Microsoft's Visual C++ Redistributable (x64), then log in again",
    },
    "PortAudio": {
        _LINUX: "Debian and Ubuntu: apt-get install libportaudio2",
        _MAC: "install again: pip install --force-reinstall sounddevice",
        _WINDOWS: "install again: pip install --force-reinstall sounddevice",
    },
    "sound": {
        _LINUX: "start PipeWire or PulseAudio (systemctl --user start pipewire), or see `aplay -l`",
        _MAC: "see Audio MIDI Setup",
        _WINDOWS: "Settings > System > Sound; a program that has a device in exclusive mode keeps others out "
        "(its properties > Advanced)",
    },
    "camera": {
        _LINUX: "plug it in, or see `live devices`; this user needs the group video",
        _MAC: "plug it in, or see `live devices`; allow this terminal under System Settings > Privacy & Security > "
        "Camera (refused, a camera shows nothing and says nothing), and start it again",
        _WINDOWS: "plug it in, or see `live devices`; Settings > Privacy & security > Camera: let desktop apps access "
        "it; another program may hold it",
    },
    "microphone": {
        _LINUX: "this user needs the group audio, or PipeWire or PulseAudio",
        _MAC: "allow this terminal under System Settings > Privacy & Security > Microphone (refused, it is silent), "
        "and start it again",
        _WINDOWS: "Settings > Privacy & security > Microphone: let desktop apps access it (refused, it is silent)",
    },
    "priority": {
        _LINUX: "a file in /etc/security/limits.d with `@audio - rtprio 95`, your name in the group audio, and log in "
        "again; or rtkit",
        _MAC: "end what else is running",
        _WINDOWS: "power mode: Best performance; end what else is running",
    },
    "shared memory": {
        _LINUX: "in a container: --shm-size=512m; else remove what a killed show left: /dev/shm/live-*",
        _MAC: "end shows that are still running",
        _WINDOWS: "make the page file larger, or end other programs",
    },
    "ffmpeg": {
        _LINUX: "Debian and Ubuntu: apt-get install ffmpeg",
        _MAC: "brew install ffmpeg, or pip install 'live-show[srt]'",
        _WINDOWS: "winget install ffmpeg, or pip install 'live-show[srt]'",
    },
}


def advice(lacking: str, platform: str = sys.platform) -> str:
    """What to do about it. Raises KeyError for what nobody has advice on."""
    return ADVICE[lacking].get(platform, ADVICE[lacking][_LINUX])
