"""A whole show against the clock, with real peers: a recording and a stream at once, a server that is frozen, killed
and back."""

import itertools

import av
import pytest

from tests.nginx import Nginx, wait_for
from tests.support.footage import needs_footage, prepare
from tests.support.running import RunningShow
from tests.support.shows import PATTERNS, of_kind, write_rig


@pytest.fixture
def nginx(tmp_path):
    server = Nginx(tmp_path / "nginx").start()
    yield server
    server.kill()


KEY = "s3cr3t-key"


def output(url):
    return f'\n[[outputs]]\nname = "air"\nkind = "rtmp"\nurl = "{url}"\n'


def is_live(show):
    return (show.get("outputs/air/status") or ("",))[0] == "live"


def test_a_stream_server_that_freezes_dies_and_returns_costs_the_recording_nothing(nginx, tmp_path):
    rig = write_rig(tmp_path, PATTERNS + output(nginx.url(KEY)))
    record = tmp_path / "show.mp4"
    with RunningShow(rig, tmp_path, "--record", str(record)) as show:
        show.wait_on_air()
        show.wait(is_live)
        with av.open(nginx.url(KEY), timeout=10) as stream:
            picture = next(stream.decode(video=0))
            assert (picture.width, picture.height) == (320, 184) and stream.streams.audio
        nginx.freeze()
        show.wait_frames(120)
        nginx.kill()
        show.wait(lambda s: not is_live(s))
        show.wait_frames(60)
        nginx.start()
        show.wait(is_live, 30)
        show.wait_frames(15)
        lines = show.end()
    end = of_kind(lines, "end")[0]
    with av.open(str(record)) as file:
        video, audio = file.streams.video[0], file.streams.audio[0]
        times = [p.pts for p in file.demux(video) if p.pts is not None]
        steps = {b - a for a, b in itertools.pairwise(sorted(times))}
        assert len(times) == end["frames"] and len(steps) == 1, "the recording has a gap"
        assert abs(float(video.duration * video.time_base) - float(audio.duration * audio.time_base)) < 0.1
    assert any(line["subject"] == "air" for line in of_kind(lines, "fault")), "the lost stream is in the log"
    assert not any(KEY in str(line) for line in lines), "a stream key is in the log"


@needs_footage
def test_people_are_cut_by_who_speaks_and_a_hand_wins(tmp_path):
    """Real people, real voices: automatic cuts, none too soon; a hand's cut holds for its lease; a panic stops it
    all."""
    with RunningShow(prepare(tmp_path / "rig"), tmp_path) as show:
        show.wait_on_air()
        show.wait(lambda s: s.get("director/why")[0].startswith("machine"), 40)
        show.send("/program/cut", "cam3")
        show.wait(lambda s: s.get("program/shot") == ("cam3",))
        cut_frame = show.frame()
        show.wait(lambda s: s.get("program/shot") != ("cam3",), 40)
        held = show.frame() - cut_frame
        show.send("/show/panic")
        show.wait(lambda s: s.get("show/panic") == (1,))
        stays = show.get("program/shot")
        show.wait_frames(150)
        assert show.get("program/shot") == stays
        lines = show.end()
    assert held >= 5 * 30 - 3, "the machine acted within the lease"
    cuts = of_kind(lines, "cut")
    assert {c["by"].split()[0] for c in cuts} == {"director", "osc"}
    starts = [0.0] + [c["t_s"] for c in cuts]
    by = ["start"] + [c["by"] for c in cuts]
    assert all(
        b - a >= 2.0 - 1 / 30
        for (a, b), who in zip(itertools.pairwise(starts), by[1:], strict=True)
        if who == "director"
    )


def test_picture_and_sound_of_the_pattern_are_in_sync(tmp_path):
    """The pattern's flash and blip, through rings, mixer, engine and encoder: within a frame and a half of each
    other."""
    import numpy as np

    record = tmp_path / "show.mp4"
    rig = write_rig(tmp_path, PATTERNS + '[director]\nlevel = "off"\n')
    with RunningShow(rig, tmp_path, "--record", str(record), "--seconds", "6") as show:
        show.process.wait(60)
    flashes, blips = [], []
    with av.open(str(record)) as file:
        for frame in file.decode(video=0):
            luma = frame.to_ndarray()[: frame.height]
            if (
                luma[
                    int(frame.height * 0.2) : int(frame.height * 0.3), frame.width // 2 - 20 : frame.width // 2 + 20
                ].mean()
                > 200
            ):
                flashes.append(float(frame.pts * frame.time_base))
    with av.open(str(record)) as file:
        sound = np.concatenate([f.to_ndarray()[0] for f in file.decode(audio=0)])
    loud = np.flatnonzero(np.abs(sound) > 0.03)
    blips = [loud[0] / 48_000] + [b / 48_000 for a, b in itertools.pairwise(loud) if b - a > 24_000]
    firsts = [flashes[0]] + [b for a, b in itertools.pairwise(flashes) if b - a > 0.5]
    pairs = [(f, min(blips, key=lambda b: abs(b - f))) for f in firsts[1:-1]]
    assert len(pairs) >= 3
    offsets = sorted(b - f for f, b in pairs)
    assert abs(offsets[len(offsets) // 2]) < 0.05, offsets


def test_files_of_one_occasion_run_in_step(tmp_path):
    """Two recordings of the same thing are started together: their time lines are the same to the nanosecond."""
    from live.shm.frame_ring import FrameRing
    from tests.support.shows import SMALL

    clip = tmp_path / "clip.mkv"
    with av.open(str(clip), "w") as out:
        stream = out.add_stream("libx264", rate=30, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 320, 184, "yuv420p"
        for _ in range(30):
            out.mux(stream.encode(av.VideoFrame(320, 184, "yuv420p")))
        out.mux(stream.encode())
    sources = "".join(f'[[sources]]\nname = "{n}"\nkind = "media"\npath = "clip.mkv"\n' for n in ("cam1", "cam2"))
    with RunningShow(write_rig(tmp_path, SMALL + sources), tmp_path) as show:
        show.wait_on_air()
        bases = []
        for name in ("cam1", "cam2"):
            ring = FrameRing(show.get(f"rings/source/{name}")[0])
            frame = ring.newest()
            bases.append(frame.capture_ns - frame.pts_ns)
            del frame
            ring.close()
    assert bases[0] == bases[1]


def test_the_process_ends_when_its_time_is_over(tmp_path):
    with RunningShow(write_rig(tmp_path, PATTERNS), tmp_path, "--seconds", "2") as show:
        wait_for(lambda: show.process.poll() is not None, 60, "the end of a show of two seconds")
    assert show.process.returncode == 0 and of_kind(show.lines(), "end")[0]["frames"] == 60
