"""Streams that are pulled, from real senders on loopback."""

import shutil
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from live.base.errors import SourceError
from live.config.picture import PictureConfig
from live.picture.format import PictureFormat
from live.shm.frame_ring import FrameRing
from live.shm.memory import ring_name
from live.shm.sound_ring import SoundRing
from live.sources import open_reader
from live.sources.kinds.network import NetworkSource
from live.sources.reader import PictureEvent, SoundEvent, play
from live.sources.srt import PASSPHRASE
from tests.nginx import Nginx, free_port, wait_for

pytestmark = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg (the sender) is not installed")

SENDER = [
    "ffmpeg",
    "-nostdin",
    "-loglevel",
    "error",
    "-re",
    "-f",
    "lavfi",
    "-i",
    "testsrc2=size=320x180:rate=30",
    "-f",
    "lavfi",
    "-i",
    "sine=frequency=1000:sample_rate=48000",
    "-c:v",
    "libx264",
    "-preset",
    "ultrafast",
    "-tune",
    "zerolatency",
    "-g",
    "15",
    "-pix_fmt",
    "yuv420p",
    "-c:a",
    "aac",
    "-t",
    "60",
]


@pytest.fixture
def sender():
    running = []

    def send(*target):
        running.append(subprocess.Popen([*SENDER, *target], stderr=subprocess.DEVNULL))
        return running[-1]

    yield send
    for process in running:
        process.kill()
        process.wait()


def pull(url, tries=40):
    """The first pictures and sounds that come from a url; a sender takes a moment to be there."""
    for attempt in range(tries):
        reader = open_reader(NetworkSource(name="net", kind="network", url=url), PictureConfig(), 1)
        pictures, sounds = [], []
        try:
            for event in play(reader):
                (
                    pictures if isinstance(event, PictureEvent) else sounds if isinstance(event, SoundEvent) else []
                ).append(event)
                if len(pictures) >= 10 and sounds:
                    return pictures, sounds
        except SourceError:
            if attempt == tries - 1:
                raise
    raise AssertionError("nothing came")


def check(pictures, sounds):
    assert {p.format for p in pictures} == {PictureFormat(320, 180, pictures[0].format.matrix)}
    steps = {round((b.pts_ns - a.pts_ns) / 1e6) for a, b in zip(pictures, pictures[1:], strict=False)}
    assert steps <= {33, 34}
    assert sounds[0].samples.shape[1] == 2 and abs(sounds[-1].samples).max() > 0.01


def test_rtmp_is_pulled_from_a_real_server(tmp_path, sender):
    nginx = Nginx(tmp_path / "nginx").start()
    try:
        sender("-f", "flv", nginx.url("in"))
        check(*pull(nginx.url("in")))
    finally:
        nginx.kill()


def test_udp_is_received(sender):
    port = free_port()
    sender("-f", "mpegts", f"udp://127.0.0.1:{port}?pkt_size=1316")
    check(*pull(f"udp://127.0.0.1:{port}"))


def test_srt_is_received(sender):
    has_srt = subprocess.run(
        ["ffmpeg", "-hide_banner", "-protocols"], capture_output=True, text=True, check=True
    ).stdout
    if "srt" not in has_srt.split():
        pytest.skip("this ffmpeg speaks no SRT")
    port = free_port()
    sender("-f", "mpegts", f"srt://127.0.0.1:{port}?mode=listener")
    check(*pull(f"srt://127.0.0.1:{port}?mode=caller"))


def test_a_sender_that_is_not_there_is_said_without_its_url():
    with pytest.raises(SourceError) as error:
        pull(f"rtmp://user:secret@127.0.0.1:{free_port()}/live/key", tries=1)
    assert (
        "nobody listens at 127.0.0.1" in str(error.value)
        and "secret" not in str(error.value)
        and "key" not in str(error.value)
    )


def test_a_stream_through_the_worker_is_paced_and_loses_nothing(tmp_path, sender):
    """The worker as a process: pictures on the machine's time line, one interval apart."""
    from live.base.clock import NS, MonotonicClock
    from live.sources.worker import SourceSpec
    from live.workers import Supervisor, Worker
    from tests.nginx import wait_for

    port = free_port()
    sender("-f", "mpegts", f"udp://127.0.0.1:{port}?pkt_size=1316")
    ring, sound = (
        FrameRing(ring_name("t"), capacity=320 * 180 * 3 // 2, slots=64),
        SoundRing(ring_name("t"), create=True),
    )
    supervisor = Supervisor(lambda name, text: None)
    config = NetworkSource(name="net", kind="network", url=f"udp://127.0.0.1:{port}")
    supervisor.add(
        Worker("net", "live.sources.worker:main", SourceSpec(config, PictureConfig(), 1, ring.name, sound.name))
    )
    supervisor.start()
    try:
        wait_for(lambda: ring.count >= 60, 30, "60 pictures")
        stamps = [f.capture_ns for i in range(ring.count - 30, ring.count) if (f := ring.at(i)) is not None]
        gaps_ms = [(b - a) / 1e6 for a, b in zip(stamps, stamps[1:], strict=False)]
        assert all(abs(gap - 1000 / 30) < 2 for gap in gaps_ms)
        assert abs(MonotonicClock().now_ns() - stamps[-1]) < NS
        assert sound.end > 0
    finally:
        supervisor.stop()
        ring.close()
        sound.close()


def has_srt():
    listed = subprocess.run(["ffmpeg", "-hide_banner", "-protocols"], capture_output=True, text=True, check=True)
    return "srt" in listed.stdout.split()


def call(port, seconds, more=""):
    """Somebody who calls us by SRT, until they hang up."""
    return subprocess.run(
        [*SENDER[:-1], str(seconds), "-f", "mpegts", f"srt://127.0.0.1:{port}{more}"], stderr=subprocess.DEVNULL
    )


@pytest.mark.skipif(shutil.which("ffmpeg") is None or not has_srt(), reason="this ffmpeg speaks no SRT")
def test_an_srt_listener_takes_one_caller_after_the_other_and_says_whose_passphrase_is_wrong():
    port = free_port()
    events = []
    with ThreadPoolExecutor(1) as pool:

        def listen(more):
            reader = open_reader(
                NetworkSource(name="guest", kind="network", url=f"srt://127.0.0.1:{port}?mode=listener{more}"),
                PictureConfig(),
                1,
            )
            return reader, pool.submit(lambda: [events.append(e) for e in reader.events()])

        for _ in range(2):
            reader, read = listen("")
            while call(port, 1).returncode:  # it takes a moment to listen
                pass
            with pytest.raises(SourceError, match="guest: the sender ended the stream"):
                read.result(10)
            assert sum(isinstance(e, PictureEvent) for e in events) >= 20
            events.clear()
        reader, read = listen("&passphrase=tenletters")
        wait_for(lambda: call(port, 1) and PASSPHRASE in reader.said, 15, "word of the wrong passphrase")
        assert not read.done(), "others may know it"
        reader.close()
        with pytest.raises(SourceError):
            read.result(10)


def test_one_that_answers_and_sends_nothing_is_told_from_one_that_is_not_there():
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(SourceError, match="answers, and sends nothing"):
            pull(url, tries=1)
    with pytest.raises(SourceError, match="nobody listens at 127.0.0.1"):
        pull(url, tries=1)
