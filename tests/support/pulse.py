"""A sound server of the tests' own, on a socket that nobody else uses: PulseAudio with null sinks, or PipeWire in its
place.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

needs_pulse = pytest.mark.skipif(
    not all(map(shutil.which, ("pulseaudio", "pactl", "pacat"))), reason="PulseAudio is not installed"
)
needs_pipewire = pytest.mark.skipif(
    not all(map(shutil.which, ("pipewire", "wireplumber", "pipewire-pulse", "dbus-run-session", "pactl", "pacat"))),
    reason="PipeWire is not installed",
)
_PAIRS = ("front-left,front-right", "rear-left,rear-right", "front-center,lfe", "side-left,side-right")
# A rig with an interface "desk", whose two channels are two microphones, one to each side.
TWO_VOICES = """
format = 1
[picture]
width = 320
height = 180
rate_hz = 25
[[sources]]
name = "cam"
kind = "pattern"
[[sources]]
name = "desk"
kind = "audio"
device = "desk"
[[microphones]]
name = "anna"
source = "desk"
channel = 1
pan = -1.0
[[microphones]]
name = "ben"
source = "desk"
channel = 2
pan = 1.0
"""
MAP = {1: "mono"} | {2 * n: ",".join(_PAIRS[:n]) for n in (1, 2, 3, 4)}


class Listened:
    """What a sink plays, as it comes. samples: float32 (n, channels) so far."""

    def __init__(self, process: subprocess.Popen[bytes], channels: int) -> None:
        self._process, self._channels = process, channels
        self._data = bytearray()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        while piece := os.read(self._process.stdout.fileno(), 65_536):
            self._data += piece

    @property
    def samples(self) -> np.ndarray:
        data = bytes(self._data)
        whole = len(data) // (4 * self._channels) * self._channels
        return np.frombuffer(data, np.float32, whole).reshape(-1, self._channels)

    def close(self) -> None:
        self._thread.join()
        assert self._process.stdout is not None
        self._process.stdout.close()


class Pulse:
    """A running server. Every card is a null sink (what is played to it) and an input of the same channels."""

    def __init__(self, folder: Path) -> None:
        self._playing: list[subprocess.Popen[bytes]] = []
        self._processes: list[subprocess.Popen[bytes]] = []
        self._log = (folder / "pulse.log").open("wb")
        try:
            self.socket = self._start(folder)
            self._until(lambda: self._ctl("info", check=False).returncode == 0)
        except BaseException:
            self.close()
            raise

    def _start(self, folder: Path) -> Path:
        """Returns the socket that it will listen on."""
        socket = folder / "server"
        arguments = ["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes"]
        listen = f"module-native-protocol-unix socket={socket} auth-anonymous=1"
        self._run(folder, "pulseaudio", *arguments, "-L", listen)
        return socket

    def _run(self, folder: Path, *words: str) -> None:
        env = {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "PATH": "/usr/bin:/bin", "DISABLE_RTKIT": "1"}
        env["PIPEWIRE_RUNTIME_DIR"] = str(folder)
        self._processes.append(subprocess.Popen(words, env=env, stdout=self._log, stderr=self._log))

    def _until(self, ready: Callable[[], bool]) -> None:
        for _ in range(150):
            if ready():
                return
            try:
                self._processes[-1].wait(0.1)
            except subprocess.TimeoutExpired:
                continue
            break
        raise RuntimeError(f"{type(self).__name__} doesn't start")

    @property
    def server(self) -> str:
        return f"unix:{self.socket}"

    def _ctl(self, *args: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["pactl", "-s", self.server, *args], check=check, capture_output=True, text=True)

    def add_card(self, name: str, channels: int = 2) -> None:
        of = f"rate=48000 channels={channels} channel_map={MAP[channels]}"
        self._ctl(
            "load-module",
            "module-null-sink",
            f"sink_name={name}_out",
            of,
            f"sink_properties=device.description={name}_out",
        )
        self.plug(name, channels)

    def add_sink(self, name: str, channels: int = 2, places: str = "") -> str:
        """A device that only plays; returns what `unplug` takes."""
        of = (f"rate=48000 channels={channels} channel_map={places or MAP[channels]}", f"sink_name={name}")
        words = ("load-module", "module-null-sink", *of, f"sink_properties=device.description={name}")
        return self._ctl(*words).stdout.strip()

    def add_pair_in(self, name: str, of: str, pair: int) -> str:
        """An input that is two channels of what a sink plays, the n-th pair from 0 on; returns what `unplug` takes."""
        words = ("load-module", "module-remap-source", f"master={of}.monitor", f"source_name={name}", "remix=no")
        maps = ("channels=2", f"channel_map={_PAIRS[0]}", f"master_channel_map={_PAIRS[pair]}")
        return self._ctl(*words, *maps, f"source_properties=device.description={name}").stdout.strip()

    def add_pair_out(self, name: str, of: str, pair: int) -> str:
        """An output that leads to two channels of a sink."""
        words = ("load-module", "module-remap-sink", f"master={of}", f"sink_name={name}", "remix=no")
        maps = ("channels=2", f"channel_map={_PAIRS[0]}", f"master_channel_map={_PAIRS[pair]}")
        return self._ctl(*words, *maps, f"sink_properties=device.description={name}").stdout.strip()

    @contextmanager
    def heard_at(self, sink: str, channels: int = 2, places: str = "") -> Iterator[Listened]:
        """Another program that records what a sink plays."""
        words = ["parec", "-s", self.server, "--latency-msec=20", "--raw", "--format=float32le", "--rate=48000"]
        of = [f"--channels={channels}", f"--channel-map={places or MAP[channels]}", "-d", f"{sink}.monitor"]
        process = subprocess.Popen([*words, *of], stdout=subprocess.PIPE)
        listened = Listened(process, channels)
        try:
            yield listened
        finally:
            process.kill()
            process.wait()
            listened.close()

    def plug(self, name: str, channels: int = 2, description: str = "", places: str = "") -> str:
        """The card's input comes; returns what `unplug` takes. places: what its channels are called, as an interface's
        are (aux0, aux1, ...); as those of its sink by itself."""
        words = ("load-module", "module-remap-source", f"master={name}_out.monitor", f"source_name={name}", "remix=no")
        maps = (f"channel_map={places or MAP[channels]}", f"master_channel_map={MAP[channels]}")
        of = (f"channels={channels}", *maps, f"source_properties=device.description={description or name}")
        self._module = self._ctl(*words, *of).stdout.strip()
        return self._module

    def unplug(self, module: str = "") -> None:
        self._ctl("unload-module", module or self._module)

    def play(self, card: str, path: Path, channels: int) -> None:
        """Raw float32 at 48 kHz, played by another program in real time to a card's sink."""
        self.play_to(f"{card}_out", path, channels)

    def play_to(self, sink: str, path: Path, channels: int) -> None:
        words = ["pacat", "-s", self.server, "--latency-msec=20", "--raw", "--format=float32le", "--rate=48000"]
        of = [f"--channels={channels}", f"--channel-map={MAP[channels]}", "-d", sink, str(path)]
        self._playing.append(subprocess.Popen([*words, *of]))

    def close(self) -> None:
        for process in (*self._playing, *reversed(self._processes)):
            process.kill()
            process.wait()
        self._log.close()


class Pipe(Pulse):
    """PipeWire, with its own PulseAudio protocol and a session manager on a bus of its own."""

    def _start(self, folder: Path) -> Path:
        folder.chmod(0o700)
        self._run(folder, "pipewire")
        self._until((folder / "pipewire-0").exists)
        self._run(folder, "dbus-run-session", "wireplumber")
        self._run(folder, "pipewire-pulse")
        return folder / "pulse" / "native"


SERVERS = [
    pytest.param(Pulse, marks=needs_pulse, id="PulseAudio"),
    pytest.param(Pipe, marks=needs_pipewire, id="PipeWire"),
]


@contextmanager
def pulse(folder: Path, kind: type[Pulse] = Pulse) -> Iterator[Pulse]:
    made = kind(folder)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PULSE_SERVER", made.server)
            yield made
    finally:
        made.close()
