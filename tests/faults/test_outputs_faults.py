"""Outputs that fail, hang or are killed: the others go on, and what failed comes back by itself."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from live.base.clock import NS, MonotonicClock
from live.base.samples import sample_at
from live.config.output import EncoderConfig
from live.outputs import targets
from live.outputs.board import BOARD, TargetState
from live.outputs.encoder import Encoder
from live.outputs.kinds.rtmp import RtmpTarget
from live.outputs.worker import EncoderSpec
from live.shm.frame_ring import FrameRing
from live.shm.memory import ring_name
from live.shm.sound_ring import SoundRing
from live.shm.status import WorkerState
from live.workers import Supervisor, Worker
from tests.feed import FORMAT, SMALL, Feed, blips, file_output, picture, read_back, stream_output
from tests.nginx import Nginx, free_port, listens, wait_for

# A target in trouble must not hold the encoder's thread up. One that does would for seconds (a time-out of the
# connection); a busy machine does for some tens of milliseconds.
STALL_MS = 250.0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Nginx]:
    nginx = Nginx(tmp_path / "nginx").start()
    yield nginx
    nginx.kill()


def assert_whole(path: Path, frames: int) -> None:
    """Every picture is there, 1/30 s after the one before, and the sound has no gap."""
    pictures, sound, _ = read_back(path)
    assert len(pictures) == frames
    np.testing.assert_allclose(np.diff([t for t, _ in pictures]), 1 / 30, atol=1e-4)
    assert len(sound) / 48_000 == pytest.approx(frames / 30, abs=0.05)


def receives(url: str) -> bool:
    """Does a player get pictures from the server?"""
    with av.open(url, timeout=10.0) as received:
        return any(True for _ in zip(range(15), received.demux(video=0), strict=False))


def test_a_server_that_is_killed_and_comes_back(tmp_path: Path, server: Nginx) -> None:
    with Feed([file_output(tmp_path / "show.mp4"), stream_output(server.url())]) as feed:
        feed.wait_state("air", TargetState.LIVE)
        server.kill()
        feed.wait_state("air", TargetState.RETRYING)
        server.start()
        feed.wait_state("air", TargetState.LIVE)
        assert receives(server.url())
    assert feed.slowest_ms < STALL_MS
    assert_whole(tmp_path / "show.mp4", feed.encoder.frames)
    assert [line.split(":")[1].strip() for line in feed.said if line.startswith("air")][:3] == [
        "live",
        "retrying",
        "live",
    ]


def test_a_server_that_freezes_holds_up_nothing_and_closing_is_bounded(tmp_path: Path, server: Nginx) -> None:
    with Feed([file_output(tmp_path / "show.mp4"), stream_output(server.url())]) as feed:
        feed.wait_state("air", TargetState.LIVE)
        server.freeze()
        frames = feed.encoder.frames
        wait_for(lambda: feed.encoder.frames > frames + 60, 10.0, "two more seconds of show")
    assert feed.slowest_ms < STALL_MS
    assert feed.close_s < 3.5
    assert_whole(tmp_path / "show.mp4", feed.encoder.frames)


def test_a_server_that_accepts_and_never_answers(tmp_path: Path, server: Nginx) -> None:
    server.freeze()  # the kernel still accepts its connections
    with Feed([file_output(tmp_path / "show.mp4"), stream_output(server.url())]) as feed:
        feed.wait_state("air", TargetState.RETRYING)
        server.thaw()
        feed.wait_state("air", TargetState.LIVE)
    assert feed.slowest_ms < STALL_MS
    assert_whole(tmp_path / "show.mp4", feed.encoder.frames)


def test_a_server_that_is_dead_from_the_start(tmp_path: Path) -> None:
    with Feed([stream_output(f"rtmp://127.0.0.1:{free_port()}/live/key"), file_output(tmp_path / "show.mp4")]) as feed:
        feed.wait_state("air", TargetState.RETRYING)
        wait_for(lambda: feed.encoder.frames > 60, 10.0, "two seconds of show")
    assert feed.slowest_ms < STALL_MS
    assert feed.close_s < 2.0
    assert_whole(tmp_path / "show.mp4", feed.encoder.frames)
    said = [line for line in feed.said if line.startswith("air")]
    assert said[0] == "air: retrying: Connection refused"
    assert len(said) == 2, "said once, not at every try; then that it was closed"


def test_a_server_that_refuses_the_stream(server: Nginx) -> None:
    with Feed([stream_output(server.url(application="deny"))]) as feed:
        feed.wait_state("air", TargetState.RETRYING)
    assert not any(line.startswith("air: live") for line in feed.said), feed.said


def test_a_server_whose_certificate_is_not_trusted(tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    certificate, key, port = tmp_path / "cert.pem", tmp_path / "key.pem", free_port()
    make = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run([*make, "-keyout", str(key), "-out", str(certificate)], capture_output=True, check=True, timeout=60)
    serve = [openssl, "s_server", "-accept", f"127.0.0.1:{port}", "-cert", str(certificate), "-key", str(key), "-quiet"]
    impostor = subprocess.Popen(serve, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: listens(port), 10.0, "openssl listening")
        with Feed([stream_output(f"rtmps://127.0.0.1:{port}/live/key")]) as feed:
            feed.wait_state("air", TargetState.RETRYING)
    finally:
        impostor.kill()
        impostor.communicate()
    assert feed.said[0] == "air: retrying: the server's certificate is not trusted"


def test_the_sending_process_killed(server: Nginx) -> None:
    with Feed([stream_output(server.url())]) as feed:
        feed.wait_state("air", TargetState.LIVE)
        target = feed.encoder.targets[0]
        assert isinstance(target, RtmpTarget) and target.pid is not None
        os.kill(target.pid, signal.SIGKILL)
        feed.wait_state("air", TargetState.RETRYING)
        feed.wait_state("air", TargetState.LIVE)
    assert feed.slowest_ms < STALL_MS


def test_a_stuck_sending_process_is_replaced(server: Nginx, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "QUEUE_S", 0.5)
    monkeypatch.setattr(targets, "STUCK_LIMIT_NS", NS)
    with Feed([stream_output(server.url())]) as feed:
        feed.wait_state("air", TargetState.LIVE)
        target = feed.encoder.targets[0]
        assert isinstance(target, RtmpTarget) and target.pid is not None
        first = target.pid
        os.kill(first, signal.SIGSTOP)
        wait_for(lambda: target.pid not in (None, first), 20.0, "another process")
        feed.wait_state("air", TargetState.LIVE)
        assert target.dropped > 0
    assert feed.slowest_ms < STALL_MS


def test_a_path_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    bad, good = file_output(tmp_path / "file" / "show.mp4"), file_output(tmp_path / "show.mp4")
    with Feed([bad.model_copy(update={"name": "bad"}), good]) as feed:
        feed.wait_state("bad", TargetState.RETRYING)
        wait_for(lambda: feed.encoder.frames > 30, 10.0, "a second of show")
    assert feed.slowest_ms < STALL_MS
    assert_whole(tmp_path / "show.mp4", feed.encoder.frames)
    assert [line for line in feed.said if line.startswith("bad")][0].startswith("bad: retrying: ")


def test_an_off_line_run_does_not_wait_for_ever_for_a_path_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    said: list[str] = []
    encoder = Encoder(
        SMALL,
        EncoderConfig(),
        [file_output(tmp_path / "file" / "show.mp4")],
        lambda m: said.append(str(m)),
        patient=True,
    )
    for i in range(600):  # more than the queue holds
        encoder.video(picture(50), i)
    encoder.close()
    assert encoder.targets[0].state is TargetState.FAILED
    assert said[0].startswith("record: retrying: ")


@pytest.mark.parametrize("frozen", [False, True])
def test_a_killed_encoder_leaves_no_sending_process_behind(server: Nginx, frozen: bool) -> None:
    code = (
        "import sys; from tests.feed import *; feed = Feed([stream_output(sys.argv[1])]); feed.__enter__()\n"
        "feed.wait_state('air', TargetState.LIVE); print(feed.encoder.targets[0].pid, flush=True)"
    )
    command = [sys.executable, "-c", code, server.url()]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    try:
        assert process.stdout is not None
        sender = int(process.stdout.readline())
        if frozen:
            server.freeze()
    finally:
        _end(process)
    wait_for(lambda: not _alive(sender), 10.0, "the end of the sending process")


def _alive(pid: int) -> bool:
    """Is there such a process, other than one that only waits to be collected?"""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


_RECORDER = """
import resource, signal, sys
from pathlib import Path
from tests.feed import *
Path(sys.argv[1]).mkdir(exist_ok=True)
limit = int(sys.argv[2])
if limit:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
feed = Feed([file_output(Path(sys.argv[1]) / "show.mp4")])
feed.__enter__()
seen = 0
while True:
    wait_for(lambda: feed.encoder.frames > seen or len(feed.said) > 0, 10.0, "frames")
    seen = feed.encoder.frames
    while feed.said:
        print("said", feed.said.pop(0), flush=True)
    print("frames", seen, flush=True)
"""


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that records in real time into tmp_path/out and prints how many frames it has encoded."""
    process = _start_recorder(tmp_path / "out", 0)
    yield process
    _end(process)


def _start_recorder(folder: Path, size_limit: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _RECORDER, str(folder), str(size_limit)]
    root = Path(__file__).parents[2]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root)


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def _frames_at_least(process: subprocess.Popen[str], count: int) -> int:
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("frames") and (seen := int(line.split()[1])) >= count:
            return seen
    pytest.fail("the recorder ended")


def test_a_killed_recording_keeps_nearly_everything(tmp_path: Path, recorder: subprocess.Popen[str]) -> None:
    encoded = _frames_at_least(recorder, 120)
    recorder.kill()
    recorder.wait()
    pictures, sound, _ = read_back(tmp_path / "out" / "show.mp4")
    assert len(pictures) >= encoded - 20, "at most the last fragment (half a second) and what was on its way"
    np.testing.assert_allclose(np.diff([t for t, _ in pictures]), 1 / 30, atol=1e-4)
    assert len(sound) / 48_000 == pytest.approx(len(pictures) / 30, abs=0.1)


def test_a_full_disk_ends_one_file_and_begins_another(tmp_path: Path) -> None:
    # The system refuses to let a file grow beyond this, as a full disk would.
    process = _start_recorder(tmp_path / "out", 3_000_000)
    try:
        wait_for(lambda: (tmp_path / "out" / "show.2.mp4").exists(), 20.0, "the next file")
        _frames_at_least(process, 1)
    finally:
        _end(process)
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 3_000_000
    assert len(read_back(tmp_path / "out" / "show.mp4", torn=True)[0]) > 15, "what had been written can be played"


def test_the_encoder_worker_killed_records_on_in_a_new_file(tmp_path: Path) -> None:
    events: list[str] = []
    frames = FrameRing(ring_name("program"), capacity=FORMAT.size, slots=16)
    sound = SoundRing(ring_name("sound"), create=True)
    spec = EncoderSpec(SMALL, EncoderConfig(), (file_output(tmp_path / "show.mp4"),), frames.name, sound.name)
    worker = Worker("encoder", "live.outputs.worker:main", spec, board=BOARD)
    supervisor = Supervisor(lambda name, text: events.append(text))
    supervisor.add(worker)
    clock = MonotonicClock()
    start_ns, published = clock.now_ns(), 0

    def play() -> None:
        """The engine and the mixer, up to now."""
        nonlocal published
        now = clock.now_ns()
        while start_ns + published * NS // 30 <= now:
            frames.slot(FORMAT.size)[:] = picture(40 + published % 100)
            frames.commit(FORMAT, capture_ns=start_ns + published * NS // 30, seq=published)
            published += 1
        begin = sound.end or sample_at(start_ns)
        sound.write(begin, blips(begin, sample_at(now) - begin))

    def encoded(count: int) -> bool:
        play()
        return worker.status.get("frames") >= count and worker.status.get("state") == WorkerState.RUNNING

    try:
        supervisor.start()
        wait_for(lambda: encoded(60), 30.0, "two seconds recorded")
        worker.process.kill()
        wait_for(lambda: play() or worker.status.get("restarts"), 10.0, f"a restart: {events}")
        worker.status.set(frames=0)
        wait_for(lambda: encoded(30), 30.0, "the second recording")
    finally:
        supervisor.stop()
        frames.close()
        sound.close()
    first, second = read_back(tmp_path / "show.mp4")[0], read_back(tmp_path / "show.2.mp4")[0]
    assert len(first) >= 40
    assert len(second) >= 30
    assert sorted(p.name for p in tmp_path.iterdir()) == ["show.2.mp4", "show.mp4"]
    assert not any("did not end in time" in e for e in events)
