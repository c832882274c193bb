"""A real nginx with its RTMP module, on loopback, for tests: started, frozen, killed and started again on the same
port."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

_MODULES = ("/usr/lib/nginx/modules/ngx_rtmp_module.so", "/usr/share/nginx/modules/ngx_rtmp_module.so")

_CONFIG = """load_module {module};
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log info;
events {{ worker_connections 64; }}
rtmp {{ server {{ listen 127.0.0.1:{port}; chunk_size 4096; ping 5s; ping_timeout 5s;
  application live {{ live on; record off; }}
  application deny {{ live on; deny publish all; }} }} }}
"""


def wait_for(condition: Callable[[], object], timeout_s: float, what: str) -> None:
    """Poll a real peer (a process, a socket, a file) until it is as it should be; fail after timeout_s."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {timeout_s:g} s: {what}"
        time.sleep(0.02)


def free_port() -> int:
    """A TCP port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    """Does anybody take connections on this port of loopback?"""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def require_nginx() -> str:
    """Path of the RTMP module; skips the test when nginx or the module is not installed."""
    if shutil.which("nginx") is None and not Path("/usr/sbin/nginx").exists():
        pytest.skip("nginx is not installed")
    module = next((m for m in _MODULES if Path(m).exists()), None)
    if module is None:
        pytest.skip("nginx has no RTMP module (Debian: libnginx-mod-rtmp)")
    return module


class Nginx:
    """One nginx process. The port stays the same over stop and start, as a server's does."""

    def __init__(self, folder: Path) -> None:
        self._module = require_nginx()
        self.folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._frozen = False

    def url(self, stream: str = "show", application: str = "live") -> str:
        return f"rtmp://127.0.0.1:{self.port}/{application}/{stream}"

    def start(self) -> Nginx:
        """Start it and wait until it listens."""
        self.folder.mkdir(parents=True, exist_ok=True)
        config = self.folder / "nginx.conf"
        config.write_text(_CONFIG.format(module=self._module, folder=self.folder, port=self.port), encoding="utf-8")
        binary = shutil.which("nginx") or "/usr/sbin/nginx"
        command = [binary, "-p", str(self.folder), "-c", str(config), "-e", str(self.folder / "error.log")]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        wait_for(self._listening, 10.0, f"nginx listening on {self.port}")
        return self

    def _listening(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            assert self._process.stderr is not None
            pytest.fail(f"nginx ended: {self._process.stderr.read().decode(errors='replace')}")
        return listens(self.port)

    def freeze(self) -> None:
        """Stop it in its tracks (SIGSTOP): connections stay open, nothing is read any more."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        self._frozen = True

    def thaw(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)
        self._frozen = False

    def kill(self) -> None:
        """SIGKILL, frozen or not."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            if self._process.stderr:
                self._process.stderr.close()
        self._process, self._frozen = None, False
