"""Tracks of the microphones: sample for sample under the program, whole whatever happens to their recorder."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from scipy.io import wavfile

from live.base.clock import NS, FrameClock, ManualClock
from live.base.errors import ConfigError
from live.base.samples import SAMPLE_RATE, sample_at
from live.config.output import EncoderConfig
from live.engine.offline import run_offline
from live.outputs.board import BOARD
from live.outputs.tracks import Track, TracksSpec, main
from live.outputs.worker import EncoderSpec
from live.outputs.worker import main as encode
from live.shm.frame_ring import FrameRing
from live.shm.memory import ring_name
from live.shm.sound_ring import SoundRing
from live.shm.status import StatusBlock
from live.workers import WorkerContext
from tests.feed import FORMAT, SMALL, file_output
from tests.support.running import RunningShow
from tests.support.shows import SMALL as SMALL_RIG
from tests.support.shows import options_of, script, small_show, write_rig

# scipy says of every chunk that it doesn't know that it doesn't.
pytestmark = pytest.mark.filterwarnings("ignore::scipy.io.wavfile.WavFileWarning")

START_NS = 500 * NS
DELAY_NS = 20_000_000
NOISE = np.random.default_rng(5).uniform(-0.5, 0.5, (20 * SAMPLE_RATE, 4)).astype(np.float32)
ORIGIN = sample_at(START_NS) - 2 * SAMPLE_RATE  # the sample number of the noise's first


def noise(start: int, count: int, channels: slice | list[int]) -> np.ndarray:
    return NOISE[start - ORIGIN : start - ORIGIN + count, channels]


def sound_of(path: Path) -> np.ndarray:
    """The left channel of a recording, on its pictures' time line."""
    with av.open(str(path)) as container:
        frames = list(container.decode(container.streams.audio[0]))
    sound = np.concatenate([f.to_ndarray()[0] for f in frames])
    at = round(float(frames[0].time or 0.0) * SAMPLE_RATE)
    return sound[-at:] if at < 0 else np.concatenate((np.zeros(at, np.float32), sound))


def read(path: Path) -> np.ndarray:
    rate, samples = wavfile.read(path)
    assert rate == SAMPLE_RATE
    return samples / (1 << 31)


def written_s(path: Path, channels: int = 5) -> float:
    """How much sound is in a file of 24 bits by now."""
    return path.stat().st_size / (channels * 3 * SAMPLE_RATE) if path.exists() else 0.0


def tags(path: Path) -> dict[str, str]:
    told = subprocess.run(
        ["ffprobe", "-v", "error", "-of", "json", "-show_format", str(path)], check=True, capture_output=True
    )
    return json.loads(told.stdout)["format"]["tags"]


class Studio(ManualClock):
    """Engine, interface and mixer, while the recorder waits: an interface with two microphones, one stereo pair, their
    mix (the fourth channel on both sides). away: from one frame to another the interface gives nothing."""

    def __init__(self, seconds: float = 4.0, first: int = 0) -> None:
        super().__init__(START_NS)
        self.status = StatusBlock(ring_name("st"), create=True, board=BOARD)
        self.program = FrameRing(ring_name("program"), capacity=FORMAT.size, slots=24)
        self.desk, self.pair, self.mix = (SoundRing(ring_name(n), create=True) for n in ("d", "p", "m"))
        self.desk.set_channels(2)
        self.ticks = FrameClock(SMALL.rate, START_NS)
        self.seconds, self._frame, self.first = seconds, 0, first
        self.away = (1 << 30, 1 << 30)
        self.hang_s = 0.0  # how long the recorder is away once, after a second
        self.said: list[str] = []

    def wait_until(self, deadline_ns: int) -> None:
        if self.hang_s and self.now_ns() > START_NS + NS:
            deadline_ns += int(self.hang_s * NS)
            self.hang_s = 0.0
        step_ns = NS // 50  # what others do goes on meanwhile
        while (now_ns := min(self.now_ns() + step_ns, max(deadline_ns, self.now_ns()))) < deadline_ns:
            super().wait_until(now_ns)
            self._play()
        super().wait_until(deadline_ns)
        self._play()

    def _play(self) -> None:
        now_ns = self.now_ns()
        end_ns = START_NS + int(self.seconds * NS)
        while self.ticks.deadline_ns(self._frame) <= min(now_ns, end_ns - 1):
            self.program.slot(FORMAT.size)[:] = 0
            at_ns = self.ticks.deadline_ns(self._frame)
            self.program.commit(FORMAT, capture_ns=at_ns, seq=self.first + self._frame)
            self._frame += 1
        here = sample_at(now_ns)
        for ring, channels, behind in ((self.desk, [0, 1], 0), (self.pair, [1, 2], 4800), (self.mix, [3, 3], 5760)):
            if ring is self.desk and self.away[0] <= self._frame < self.away[1]:
                continue
            start = ring.end or ORIGIN
            if ring.end and start < here - SAMPLE_RATE // 2:  # it was away
                start = here - SAMPLE_RATE // 50
            ring.write(start, noise(start, max(0, here - behind - start), channels))
        if now_ns >= end_ns:
            self.status.set(stop=1)

    def spec(self, path: Path, **more: object) -> TracksSpec:
        tracks = (
            Track("anna", self.desk.name, (2,)),
            Track("ben", self.desk.name, (1,)),
            Track("stage", self.pair.name, None),
        )
        fields = {"bits": 24, "title": "Test", "rate": SMALL.rate, "tracks": tracks, "mix": self.mix.name}
        fields |= {"program": self.program.name, "delay_ns": DELAY_NS} | more
        return TracksSpec("tracks", path, **fields)  # type: ignore[arg-type]

    def record(self, path: Path, **more: object) -> None:
        ctx = WorkerContext(self.status)
        ctx.clock = self  # type: ignore[assignment]
        main(self.spec(path, **more), ctx)
        self.said = [str(m) for m in self.status.messages()]


def test_every_sample_is_where_it_belongs(tmp_path: Path) -> None:
    """anna is the interface's second channel, and so on; frame n of the program is sample n * 1600."""
    studio = Studio(first=30 * 3600)
    studio.record(tmp_path / "show.wav")
    tracks = read(tmp_path / "show.wav")
    assert tracks.shape == (4 * SAMPLE_RATE, 6), "two mono microphones, one stereo, the program"
    start = sample_at(START_NS - DELAY_NS)
    np.testing.assert_allclose(tracks, noise(start, len(tracks), [1, 0, 1, 2, 3, 3]), atol=2.0**-23)
    assert tags(tmp_path / "show.wav")["time_reference"] == str(3600 * SAMPLE_RATE), "an hour into the show"
    assert studio.said == ["tracks: live: recording show.wav", "tracks: closed: closed"]


def test_under_the_recording_of_the_program(tmp_path: Path) -> None:
    """The same show encoded: the sound of the video file lies on the tracks' last two, to the sample."""
    studio = Studio(seconds=3.0)
    studio.record(tmp_path / "show.wav")
    again = Studio(seconds=3.0)
    ctx = WorkerContext(again.status)
    ctx.clock = again  # type: ignore[assignment]
    config = EncoderConfig(audio_kbps=320)
    rings = again.program.name, again.mix.name
    encode(EncoderSpec(SMALL, config, (file_output(tmp_path / "show.mp4"),), *rings, DELAY_NS), ctx)
    window = sound_of(tmp_path / "show.mp4")[SAMPLE_RATE : 2 * SAMPLE_RATE]
    program = read(tmp_path / "show.wav")[:, 4]
    fits = [float(np.dot(window, program[SAMPLE_RATE + d : SAMPLE_RATE * 2 + d])) for d in range(-200, 201)]
    assert int(np.argmax(fits)) - 200 == 0


def test_a_recording_goes_on_in_a_new_file_and_overwrites_none(tmp_path: Path) -> None:
    (tmp_path / "show.wav").write_text("of yesterday")
    studio = Studio()
    studio.record(tmp_path / "show.wav")
    assert (tmp_path / "show.old.1.wav").read_text() == "of yesterday"
    assert "tracks: show.wav was there already and is now show.old.1.wav" in studio.said
    before = (tmp_path / "show.wav").read_bytes()
    Studio(first=300).record(tmp_path / "show.wav", fresh=False)
    assert (tmp_path / "show.wav").read_bytes() == before
    assert tags(tmp_path / "show.2.wav")["time_reference"] == str(10 * SAMPLE_RATE)


def test_what_never_came_is_silent_and_told(tmp_path: Path) -> None:
    """The interface was unplugged for a second; all others, and what it gave before and after, are as they were."""
    studio = Studio(seconds=5.0)
    studio.away = (60, 90)
    studio.record(tmp_path / "show.wav")
    tracks = read(tmp_path / "show.wav")
    start = sample_at(START_NS - DELAY_NS)
    expected = noise(start, len(tracks), [1, 0, 1, 2, 3, 3])
    np.testing.assert_allclose(tracks[:, 2:], expected[:, 2:], atol=2.0**-23)
    silent = (tracks[:, 0] == 0) & (expected[:, 0] != 0)
    assert silent.sum() / SAMPLE_RATE == pytest.approx(1.0, abs=0.05)
    np.testing.assert_allclose(tracks[~silent], expected[~silent], atol=2.0**-23)
    told = next(line for line in studio.said if "nothing came" in line)
    assert told.startswith("tracks: lost: nothing came: anna ") and "ben" in told and "stage" not in told


def test_a_disk_that_hangs_loses_only_what_the_rings_could_not_hold(tmp_path: Path) -> None:
    studio = Studio(seconds=8.0)
    studio.hang_s = 2.0
    studio.record(tmp_path / "held.wav")
    assert not any("lost" in line for line in studio.said)
    studio = Studio(seconds=10.0)
    studio.hang_s = 6.0
    studio.record(tmp_path / "lost.wav")
    tracks = read(tmp_path / "lost.wav")
    expected = noise(sample_at(START_NS - DELAY_NS), len(tracks), [1, 0, 1, 2, 3, 3])
    silent = (tracks == 0) & (expected != 0)
    assert 1.0 < silent[:, 0].sum() / SAMPLE_RATE < 4.0
    np.testing.assert_allclose(tracks[~silent], expected[~silent], atol=2.0**-23)
    assert "tracks: behind: can't keep up: sound is lost, silence in its place" in studio.said
    assert any("lost, because the disk was too slow: anna " in line for line in studio.said)


_RECORDER = """
import resource, sys
from tests.show.test_sound_tracks import Live
limit = int(sys.argv[2])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
Live(sys.argv[1]).run()
"""


class Live:
    """A recorder that runs by itself, in real time, in a process of its own: for one that is killed, or whose disk is
    full."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)

    def run(self) -> None:
        studio = Studio(seconds=12.0)

        class Slowly(ManualClock):
            def wait_until(self, deadline_ns: int) -> None:
                studio.wait_until(deadline_ns)
                print(deadline_ns, flush=True)
                sys.stdin.readline()

            def now_ns(self) -> int:
                return studio.now_ns()

        ctx = WorkerContext(studio.status)
        ctx.clock = Slowly()  # type: ignore[assignment]
        main(studio.spec(self._folder / "show.wav"), ctx)
        print("\n".join(str(m) for m in studio.status.messages()), flush=True)


def recorder(folder: Path, limit: int = 0) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _RECORDER, str(folder), str(limit)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def until(process: subprocess.Popen[str], time_ns: int) -> None:
    """Let it go on until its own clock is there."""
    assert process.stdin is not None and process.stdout is not None
    while int(process.stdout.readline()) < time_ns:
        process.stdin.write("\n")
        process.stdin.flush()


def test_killed_it_leaves_a_file_that_can_be_read(tmp_path: Path) -> None:
    with recorder(tmp_path) as process:
        until(process, START_NS + 6 * NS)
        process.kill()
    tracks = read(tmp_path / "show.wav")
    assert len(tracks) >= 4.3 * SAMPLE_RATE, "half a second behind, and a second since the header"
    expected = noise(sample_at(START_NS - DELAY_NS), len(tracks), [1, 0, 1, 2, 3, 3])
    np.testing.assert_allclose(tracks, expected, atol=2.0**-23)


def test_a_full_disk_ends_one_file_and_begins_another(tmp_path: Path) -> None:
    """The system refuses to let a file grow beyond 3 MB, as a full disk would: 3.6 s of six channels."""
    with recorder(tmp_path, 3_000_000) as process:
        until(process, START_NS + 11 * NS)
        process.kill()
    first, second = read(tmp_path / "show.wav"), read(tmp_path / "show.2.wav")
    assert 3.3 * SAMPLE_RATE < len(first) < 3.6 * SAMPLE_RATE
    expected = noise(sample_at(START_NS - DELAY_NS), len(first), [1, 0, 1, 2, 3, 3])
    np.testing.assert_allclose(first, expected, atol=2.0**-23)
    begins = int(tags(tmp_path / "show.2.wav")["time_reference"])
    assert begins > len(first)
    expected = noise(sample_at(START_NS - DELAY_NS) + begins, len(second), [1, 0, 1, 2, 3, 3])
    np.testing.assert_allclose(second, expected, atol=2.0**-23)


TRACKED = (
    SMALL_RIG
    + """
[[sources]]
name = "cam1"
kind = "pattern"
[[sources]]
name = "cam2"
kind = "pattern"
[[microphones]]
name = "anna"
source = "cam1"
channel = 1
[[microphones]]
name = "ben"
source = "cam2"
[[outputs]]
name = "tracks"
kind = "tracks"
path = "show.wav"
"""
)


def test_faults_of_the_rig(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as fault:
        small_show(tmp_path, TRACKED.replace("show.wav", "show.mp4"))
    assert "show.mp4 is no name of a WAV file; let it end in .wav" in str(fault.value)


def test_off_line_under_the_recording(tmp_path: Path) -> None:
    """As on air, of a delayed program; a hand stops them for a second."""
    rig = TRACKED.replace("[picture]", "[picture]\ndelay_s = 0.5")
    rows = [(30, "/outputs/record-tracks/stop", []), (60, "/outputs/record-tracks/start", [])]
    options = options_of(tmp_path, 4.0)
    options = replace(
        options, record=tmp_path / "show.mp4", tracks=tmp_path / "t.wav", commands=script(tmp_path, *rows)
    )
    show = small_show(tmp_path, rig)
    assert show.rig.picture.delay_s == 0.5
    run_offline(show, options, lambda text: None)
    program = sound_of(tmp_path / "show.mp4")
    for name, first, last in (("t.wav", 0, 30), ("t.2.wav", 60, 120)):
        tracks = read(tmp_path / name)
        begins = int(tags(tmp_path / name)["time_reference"])
        # The desk works in blocks, a little behind the frames.
        assert begins == pytest.approx(first * 1600, abs=8000)
        assert begins + len(tracks) == pytest.approx(last * 1600, abs=8000 if last < 120 else 0)
        begun = program[begins:][: len(tracks)]
        together = tracks[: len(begun), 3]
        assert np.abs(together).max() > 0.1, "there is a blip in it"
        fits = [float(np.dot(np.roll(together, d), begun)) for d in range(-100, 101)]
        assert int(np.argmax(fits)) == 100, name
        np.testing.assert_allclose(tracks[:, 0] + tracks[:, 1], tracks[:, 3], atol=1e-3)


@pytest.mark.realtime
def test_on_air_beside_a_recording_killed_and_stopped(tmp_path: Path) -> None:
    """A show records its program and its tracks. The blips of both lie on each other; the recorder is killed in the
    middle and goes on in a new file; a hand stops it, and starts it again."""
    rig = write_rig(tmp_path, TRACKED)
    with RunningShow(rig, tmp_path, "--record", str(tmp_path / "show.mp4")) as show:
        show.wait_on_air()
        show.wait(lambda s: s.get("loudness") and s.get("loudness")[4] > -60)  # the meters move
        assert show.get("strips/anna/meter")[2] > -60
        there_s = written_s(tmp_path / "show.wav")
        show.wait(lambda s: written_s(tmp_path / "show.wav") > there_s + 2.5)  # one may not be in the header yet
        os.kill(show.wait(lambda s: int(s.get("workers/tracks-recorder")[0])), signal.SIGKILL)
        show.wait(lambda s: written_s(tmp_path / "show.2.wav") > 1.5)
        show.send("/outputs/tracks/stop")
        show.wait(lambda s: s.get("outputs/tracks/status")[0] == "stopped")
        show.send("/outputs/tracks/start")
        show.wait(lambda s: written_s(tmp_path / "show.3.wav") > 1.5)
        lines = show.end()
    program = sound_of(tmp_path / "show.mp4")
    for name in ("show.wav", "show.2.wav", "show.3.wav"):
        tracks, begins = read(tmp_path / name), int(tags(tmp_path / name)["time_reference"])
        assert len(tracks) > SAMPLE_RATE and tracks.shape[1] == 5
        # A busy machine's mixer may begin after them.
        begins, tracks = begins + len(tracks) - SAMPLE_RATE, tracks[-SAMPLE_RATE:]
        begun = program[begins:][: len(tracks)]
        together = tracks[: len(begun), 3]
        assert np.abs(together).max() > 0.1, "there is a blip in it"
        fits = [float(np.dot(np.roll(together, d), begun)) for d in range(-100, 101)]
        assert int(np.argmax(fits)) == 100, name
        np.testing.assert_allclose(tracks[:, 0] + tracks[:, 1], tracks[:, 3], atol=1e-3)
    told = [line["message"] for line in lines if line.get("output") == "tracks"]
    assert told[-1] == "closed: closed" and "live: recording show.2.wav" in told
    assert not [line for line in lines if line["kind"] == "fault" and "lost" in line["message"]]
