"""What comes out: real files and a real stream, read back as anyone would read them."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from live.base.clock import NS, FrameClock, ManualClock
from live.base.samples import SAMPLE_RATE, sample_at
from live.base.secrets import redact
from live.config.output import EncoderConfig
from live.config.picture import PictureConfig
from live.outputs.board import BOARD, TargetState
from live.outputs.encoder import Encoder
from live.outputs.worker import EncoderSpec, main
from live.picture.format import PictureFormat
from live.shm.frame_ring import FrameRing
from live.shm.memory import ring_name
from live.shm.sound_ring import SoundRing
from live.shm.status import StatusBlock
from live.workers import WorkerContext
from tests.feed import BLACK, FORMAT, SMALL, WHITE, Feed, blips, file_output, picture, read_back, stream_output
from tests.nginx import Nginx


def record(path: Path, frames: list[tuple[int, int]], config: PictureConfig = SMALL, **options: bool) -> Encoder:
    """Encode (program frame number, luma) pairs with blips, as fast as it goes."""
    said: list[str] = []
    encoder = Encoder(
        config, EncoderConfig(), [file_output(path)], lambda m: said.append(str(m)), patient=True, **options
    )
    for number, luma in frames:
        encoder.video(picture(luma, PictureFormat(config.width, config.height)), number)
        encoder.audio(blips(encoder.samples_taken, encoder.samples_wanted - encoder.samples_taken))
    encoder.close(20.0)
    assert encoder.targets[0].state is TargetState.CLOSED, said
    return encoder


def flashing(count: int, rate: int = 30) -> list[tuple[int, int]]:
    """A white frame each second."""
    return [(i, WHITE if i % rate == 0 else BLACK) for i in range(count)]


def probe(path: Path) -> dict[str, dict[str, str]]:
    """ffprobe's view of the streams, by type."""
    if shutil.which("ffprobe") is None:
        pytest.skip("ffprobe is not installed")
    command = ["ffprobe", "-v", "error", "-count_frames", "-show_streams", "-of", "json", str(path)]
    out = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert out.stderr == ""
    return {s["codec_type"]: s for s in json.loads(out.stdout)["streams"]}


def blip_times(sound: np.ndarray, start_s: float) -> list[float]:
    loud = np.flatnonzero(np.abs(sound) > 0.1)
    firsts = loud[np.diff(loud, prepend=-SAMPLE_RATE) > SAMPLE_RATE // 4]
    return [start_s + i / SAMPLE_RATE for i in firsts]


def test_a_recording_is_what_players_and_editors_expect(tmp_path: Path) -> None:
    record(tmp_path / "show.mp4", flashing(150))
    streams = probe(tmp_path / "show.mp4")
    video, audio = streams["video"], streams["audio"]
    assert (video["codec_name"], video["width"], video["height"], video["pix_fmt"]) == ("h264", 320, 176, "yuv420p")
    assert (video["r_frame_rate"], video["avg_frame_rate"], video["nb_read_frames"]) == ("30/1", "30/1", "150")
    assert (video["color_range"], video["color_space"], video["color_primaries"]) == ("tv", "bt709", "bt709")
    assert (audio["codec_name"], audio["sample_rate"], audio["channels"]) == ("aac", "48000", 2)
    assert float(video["duration"]) == pytest.approx(5.0, abs=0.002)
    assert float(audio["duration"]) == pytest.approx(5.0, abs=1024 / SAMPLE_RATE)


def test_ntsc_rates_are_exact(tmp_path: Path) -> None:
    record(tmp_path / "show.mp4", flashing(90), SMALL.model_copy(update={"rate_hz": 29.97}))
    video = probe(tmp_path / "show.mp4")["video"]
    assert (video["r_frame_rate"], video["avg_frame_rate"]) == ("30000/1001", "30000/1001")


def test_flash_and_blip_stay_together(tmp_path: Path) -> None:
    record(tmp_path / "show.mp4", flashing(180))
    pictures, sound, start_s = read_back(tmp_path / "show.mp4")
    flashes = [t for t, luma in pictures if luma > 128]
    heard = blip_times(sound, start_s)
    assert len(flashes) == len(heard) == 6
    # The first blip starts inside the AAC decoder's own fade-in, like any sound cut in at full level.
    np.testing.assert_allclose(heard, flashes, atol=0.005)


def test_frames_that_never_came_are_filled_with_the_one_before(tmp_path: Path) -> None:
    lumas = {i: 40 + 4 * i for i in range(40)}
    kept = [i for i in range(40) if i not in (7, 8, 9, 30)]
    encoder = record(tmp_path / "show.mp4", [(1000 + i, lumas[i]) for i in kept])
    pictures, _, _ = read_back(tmp_path / "show.mp4")
    assert (encoder.frames, encoder.fills, len(pictures)) == (40, 4, 40)
    np.testing.assert_allclose(np.diff([t for t, _ in pictures]), 1 / 30, atol=1e-4)
    shown = [lumas[max(k for k in kept if k <= i)] for i in range(40)]
    np.testing.assert_allclose([luma for _, luma in pictures], shown, atol=2.5)


def test_a_frame_number_that_is_not_new_is_ignored(tmp_path: Path) -> None:
    assert record(tmp_path / "show.mp4", [(5, 50), (6, 60), (6, 70), (4, 80), (7, 90)]).frames == 3


def test_sound_that_falls_short_is_made_up_with_silence(tmp_path: Path) -> None:
    encoder = Encoder(SMALL, EncoderConfig(), [file_output(tmp_path / "show.mp4")], lambda text: None, patient=True)
    for i in range(60):
        encoder.video(picture(BLACK), i)
    encoder.audio(blips(0, SAMPLE_RATE // 2))
    encoder.close(20.0)
    streams = probe(tmp_path / "show.mp4")
    assert float(streams["audio"]["duration"]) == pytest.approx(
        float(streams["video"]["duration"]), abs=1024 / SAMPLE_RATE
    )


def test_no_recording_is_ever_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "show.mp4"
    for count in (10, 20, 30):
        record(path, flashing(count))
    record(path, flashing(40), fresh=False)
    lengths = {p.name: len(read_back(p)[0]) for p in tmp_path.iterdir()}
    assert lengths == {"show.mp4": 30, "show.old.1.mp4": 10, "show.old.2.mp4": 20, "show.2.mp4": 40}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("rtmp://live.example.com/app/sk_us-123_abc", "rtmp://live.example.com/app/***"),
        ("rtmps://a.example.com:443/live2/key?backup=1&token=x", "rtmps://a.example.com:443/live2/***"),
        ("rtmp://me:hunter2@host/app/instance/key", "rtmp://host/app/***"),
        ("failed: 'rtmp://host/live/key': refused", "failed: 'rtmp://host/live/***': refused"),
        ("rtmp://[bad/key", "***"),
        ("recording show.mp4", "recording show.mp4"),
    ],
)
def test_secrets_are_not_shown(text: str, shown: str) -> None:
    assert redact(text) == shown


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Nginx]:
    nginx = Nginx(tmp_path / "nginx").start()
    yield nginx
    nginx.kill()


def test_a_stream_is_received_while_the_recording_runs(tmp_path: Path, server: Nginx) -> None:
    with Feed([file_output(tmp_path / "show.mp4"), stream_output(server.url("secret-key"))]) as feed:
        feed.wait_state("air", TargetState.LIVE)
        with av.open(server.url("secret-key"), timeout=20.0) as received:
            video, audio = received.streams.video[0], received.streams.audio[0]
            assert (video.codec_context.name, video.width, video.height) == ("h264", 320, 176)
            assert (audio.codec_context.name, audio.sample_rate) == ("aac", SAMPLE_RATE)
            packets = [p for p, _ in zip(received.demux(video, audio), range(150), strict=False)]
        times = [float(p.pts * p.time_base) for p in packets if p.stream is video]
        np.testing.assert_allclose(np.diff(times), 1 / 30, atol=0.002)  # FLV counts whole milliseconds
        heard = [float(p.pts * p.time_base) for p in packets if p.stream is audio]
        assert abs(heard[-1] - times[-1]) < 0.2
    assert feed.state("air") is TargetState.CLOSED
    assert feed.close_s < 3.0
    assert feed.said.count(f"air: live: rtmp://127.0.0.1:{server.port}/live/***") == 1
    assert not any("secret-key" in line for line in feed.said)
    assert len(read_back(tmp_path / "show.mp4")[0]) == feed.encoder.frames


# The worker, on a clock that is stepped by hand: the same code, no waiting.


class Engine(ManualClock):
    """A manual clock that plays the engine and the mixer as it is waited on: program frames with a flash, sound with a
    blip, at each whole second of the clock. At the end it asks the worker to stop."""

    def __init__(self, status: StatusBlock, frames: FrameRing, sound: SoundRing) -> None:
        super().__init__(500 * NS)
        self.status, self.frames, self.sound = status, frames, sound
        self.ticks = FrameClock(SMALL.rate, self.now_ns())
        self.delay_ns = 0  # how old the content is at its tick
        self.end_ns = self.now_ns() + 4 * NS
        self.mixer_ends_ns = self.end_ns + NS
        self.skip: set[int] = set()
        self._frame = 0

    def wait_until(self, deadline_ns: int) -> None:
        super().wait_until(deadline_ns)
        now = self.now_ns()
        while self.ticks.deadline_ns(self._frame) <= min(now, self.end_ns):
            self._publish(self._frame)
            self._frame += 1
        mixed = sample_at(min(now - NS // 8, self.mixer_ends_ns))
        start = self.sound.end or sample_at(499 * NS)
        if mixed > start:
            self.sound.write(start, blips(start, mixed - start))
        if now >= self.end_ns:
            self.status.set(stop=1)

    def _publish(self, frame: int) -> None:
        if frame in self.skip:
            return
        tick_ns = self.ticks.deadline_ns(frame)
        content_ns = tick_ns - self.delay_ns
        flash = content_ns % NS < NS / SMALL.rate - 1000
        slot = self.frames.slot(FORMAT.size)
        slot[:] = picture(WHITE if flash else BLACK)
        self.frames.commit(FORMAT, capture_ns=tick_ns, seq=frame)


@pytest.fixture
def engine() -> Iterator[Engine]:
    status = StatusBlock(ring_name("st"), create=True, board=BOARD)
    frames = FrameRing(ring_name("program"), capacity=FORMAT.size, slots=8)
    sound = SoundRing(ring_name("sound"), create=True)
    yield Engine(status, frames, sound)
    for memory in (status, frames, sound):
        memory.close()


def run_worker(engine: Engine, path: Path) -> None:
    ctx = WorkerContext(engine.status)
    ctx.clock = engine  # type: ignore[assignment]
    outputs = (file_output(path),)
    main(EncoderSpec(SMALL, EncoderConfig(), outputs, engine.frames.name, engine.sound.name, engine.delay_ns), ctx)


@pytest.mark.parametrize("delay_frames", [0, 2, 6])
def test_the_worker_puts_the_sound_with_the_picture_it_belongs_to(
    tmp_path: Path, engine: Engine, delay_frames: int
) -> None:
    engine.delay_ns = delay_frames * NS // 30
    run_worker(engine, tmp_path / "show.mp4")
    pictures, sound, start_s = read_back(tmp_path / "show.mp4")
    heard = blip_times(sound, start_s)
    flashes = [t for t, luma in pictures if luma > 128]
    assert len(pictures) == 121
    assert len(heard) >= 4
    for flash in flashes[:-1]:
        assert min(abs(t - flash) for t in heard) < 0.025, (flashes, heard)
    assert engine.status.board["silence"] == 0
    assert engine.status.get("drops") == 0
    streams = probe(tmp_path / "show.mp4")
    assert float(streams["audio"]["duration"]) == pytest.approx(
        float(streams["video"]["duration"]), abs=1024 / SAMPLE_RATE
    )


def test_the_worker_goes_on_without_the_mixer(tmp_path: Path, engine: Engine) -> None:
    """It waits for one that was there (MIXER_LIMIT), and no longer."""
    engine.mixer_ends_ns = engine.now_ns() + NS
    engine.end_ns = engine.now_ns() + 7 * NS
    run_worker(engine, tmp_path / "show.mp4")
    streams = probe(tmp_path / "show.mp4")
    assert streams["video"]["nb_read_frames"] == "211"
    assert float(streams["audio"]["duration"]) == pytest.approx(
        float(streams["video"]["duration"]), abs=1024 / SAMPLE_RATE
    )
    assert engine.status.board["silence"] > SAMPLE_RATE


def test_the_worker_fills_what_the_engine_left_out(tmp_path: Path, engine: Engine) -> None:
    engine.skip = {20, 21, 22, 50}
    run_worker(engine, tmp_path / "show.mp4")
    assert len(read_back(tmp_path / "show.mp4")[0]) == 121
    assert engine.status.board["fills"] == 4


def test_the_worker_counts_what_was_overwritten(tmp_path: Path, engine: Engine) -> None:
    class Slow(Engine):
        def wait_until(self, deadline_ns: int) -> None:
            super().wait_until(deadline_ns + NS)  # looks once a second: 30 frames in 8 slots

    slow = Slow(engine.status, engine.frames, engine.sound)
    run_worker(slow, tmp_path / "show.mp4")
    assert engine.status.get("drops") > 60
    assert len(read_back(tmp_path / "show.mp4")[0]) == 121 - 23, (
        "the frames before the first that was seen are not filled"
    )
