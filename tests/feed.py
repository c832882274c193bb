"""A program to encode: pictures and sound made up in the test, and recordings read back."""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType

import av
import numpy as np

from live.base.clock import NS, FrameClock, MonotonicClock
from live.base.samples import SAMPLE_RATE
from live.config.output import EncoderConfig, Output
from live.config.picture import PictureConfig
from live.outputs.board import TargetState
from live.outputs.encoder import Encoder
from live.outputs.kinds.file import FileOutput
from live.outputs.kinds.rtmp import StreamOutput
from live.picture.format import PictureFormat
from tests.nginx import wait_for

SMALL = PictureConfig(width=320, height=176)
FORMAT = PictureFormat(320, 176)
WHITE, BLACK = 235, 16


def picture(luma: int, picture_format: PictureFormat = FORMAT) -> np.ndarray:
    """A grey I420 picture."""
    data = np.full(picture_format.size, 128, np.uint8)
    picture_format.planes(data)[0][:] = luma
    return data


def blips(first_sample: int, count: int) -> np.ndarray:
    """Sound (count, 2): 50 ms of 1 kHz at the start of each whole second of the sample numbers."""
    n = np.arange(first_sample, first_sample + count)
    wave = np.where(n % SAMPLE_RATE < SAMPLE_RATE // 20, 0.5 * np.sin(2 * np.pi * 1000 * n / SAMPLE_RATE), 0.0)
    return np.repeat(wave[:, None], 2, 1).astype(np.float32)


def file_output(path: Path) -> FileOutput:
    return FileOutput(name="record", kind="file", path=path)


def stream_output(url: str) -> StreamOutput:
    return StreamOutput(name="air", kind="rtmp", url=url)


def read_back(path: Path, *, torn: bool = False) -> tuple[list[tuple[float, float]], np.ndarray, float]:
    """(time, mean luma) of each picture; the sound (n,) and the time of its first sample. torn: the file may break
    off."""
    pictures: list[tuple[float, float]] = []
    sound = []
    sound_start = None
    with av.open(str(path)) as container:
        try:
            for frame in container.decode(container.streams.video[0], container.streams.audio[0]):
                if isinstance(frame, av.VideoFrame):
                    pictures.append((frame.time, float(frame.to_ndarray()[: frame.height].mean())))
                else:
                    sound_start = frame.time if sound_start is None else sound_start
                    sound.append(frame.to_ndarray()[0])
        except av.InvalidDataError:
            if not torn:
                raise
    return pictures, np.concatenate(sound), sound_start or 0.0


class Feed:
    """Plays the program into an encoder, in real time, from a thread: pictures that brighten, and blips. `slowest_ms`
    is the longest that handing over one frame and its sound took."""

    def __init__(self, outputs: list[Output]) -> None:
        self.said: list[str] = []
        self.slowest_ms = 0.0
        self.encoder = Encoder(
            SMALL, EncoderConfig(keyframe_s=0.5), outputs, lambda message: self.said.append(str(message))
        )
        self.close_s = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Feed:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        clock = MonotonicClock()
        started_ns = clock.now_ns()
        self.encoder.close()
        self.close_s = (clock.now_ns() - started_ns) / NS

    def _run(self) -> None:
        clock = MonotonicClock()
        ticks = FrameClock(SMALL.rate, clock.now_ns())
        noise = np.random.default_rng(1).integers(60, 180, FORMAT.size, np.uint8)
        while not self._stop.is_set():
            tick = ticks.tick(clock.now_ns())
            clock.wait_until(tick.deadline_ns)
            started_ns = clock.now_ns()
            self.encoder.video(np.roll(noise, tick.frame * 997), tick.frame)
            self.encoder.audio(
                blips(self.encoder.samples_taken, self.encoder.samples_wanted - self.encoder.samples_taken)
            )
            self.slowest_ms = max(self.slowest_ms, (clock.now_ns() - started_ns) / 1e6)

    def state(self, name: str) -> TargetState:
        return next(t.state for t in self.encoder.targets if t.name == name)

    def wait_state(self, name: str, state: TargetState, timeout_s: float = 15.0) -> None:
        wait_for(lambda: self.state(name) is state, timeout_s, f"{name} {state.name}: {self.said}")
