"""A writer that comes round while its picture is looked at, on purpose and to the byte: torn is never shown."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from live.config.output import EncoderConfig
from live.engine.inputs import LiveInputs, SourceRings, make_rings
from live.engine.offline import OfflineRun
from live.outputs.board import BOARD
from live.outputs.worker import EncoderSpec, ProgramWork
from live.picture.format import Layout, Matrix, PictureFormat, Range
from live.shm.frame_ring import FrameRing
from live.shm.memory import ring_name
from live.shm.sound_ring import SoundRing
from live.shm.status import StatusBlock
from live.workers import WorkerContext
from tests.feed import FORMAT, SMALL, file_output, picture
from tests.support.shows import PATTERNS, options_of, small_show

PICTURE = PictureFormat(320, 184, Matrix.BT709, Range.LIMITED)
NOW_NS = 1_000_000_000  # all pictures of these tests were captured before


def put(ring: FrameRing, luma: int, count: int = 1, fmt: PictureFormat = PICTURE, seq: int | None = None) -> None:
    """Write pictures of one brightness."""
    for _ in range(count):
        slot = ring.slot(fmt.size)
        slot[:] = 128
        fmt.planes(slot)[0][:] = luma
        ring.commit(fmt, capture_ns=ring.count + 1, seq=seq)


@pytest.fixture
def rings(tmp_path: Path) -> Iterator[dict[str, SourceRings]]:
    made = make_rings(small_show(tmp_path, PATTERNS.replace('name = "cam2"', 'name = "cam2"\nkey = "ai"', 1)))
    yield made
    for each in made.values():
        each.close()


def test_what_was_overwritten_is_not_whole_and_the_next_is(tmp_path: Path, rings: dict[str, SourceRings]) -> None:
    inputs, ring = LiveInputs(small_show(tmp_path), rings, None), rings["cam1"].picture
    put(ring, 50, 3)
    given = inputs.pictures(NOW_NS, {"cam1"}, set())
    put(ring, 60, ring.slots - 1)
    assert inputs.whole(given), "the writer is one slot short of it"
    ring.slot(PICTURE.size)  # it begins to write there
    assert not inputs.whole(given) and not inputs.whole(given) and inputs.torn == 1, "counted once"
    put(ring, 70)
    given = inputs.pictures(NOW_NS, {"cam1"}, set())
    assert inputs.whole(given) and given["cam1"].planes[0].max() == 70 and inputs.torn == 1


def test_a_keyed_pictures_matte_is_part_of_it(tmp_path: Path, rings: dict[str, SourceRings]) -> None:
    inputs, ring, mattes = LiveInputs(small_show(tmp_path), rings, None), rings["cam2"].picture, rings["cam2"].matte
    assert mattes is not None
    keyed = PictureFormat(320, 184, Matrix.BT709, Range.LIMITED, Layout.KEYED)
    put(ring, 50)
    put(mattes, 50, fmt=keyed, seq=1)
    given = inputs.pictures(NOW_NS, {"cam2"}, {"cam2"})
    assert given["cam2"].matte is not None and inputs.whole(given)
    put(mattes, 60, mattes.slots, fmt=keyed, seq=1)
    assert not inputs.whole(given), "its picture is whole, its matte isn't"


def test_a_keyed_picture_that_stands_outlives_its_ring(tmp_path: Path, rings: dict[str, SourceRings]) -> None:
    """The vision worker is gone, the camera goes on: the person stands still, for as long as it takes."""
    inputs, ring, mattes = LiveInputs(small_show(tmp_path), rings, None), rings["cam2"].picture, rings["cam2"].matte
    assert mattes is not None
    put(ring, 50)
    put(mattes, 50, fmt=PictureFormat(320, 184, Matrix.BT709, Range.LIMITED, Layout.KEYED), seq=1)
    for n in range(3 * ring.slots):
        given = inputs.pictures(NOW_NS, {"cam2"}, {"cam2"})
        assert inputs.whole(given) and given["cam2"].seq == 1 and (given["cam2"].planes[0] == 50).all(), n
        put(ring, 60 + n)
    assert inputs.torn == 0


def test_program_repeats_the_picture_before_a_torn_one(tmp_path: Path, rings: dict[str, SourceRings]) -> None:
    """The machine stands still between taking a picture in and copying it; its camera does not."""
    options = options_of(tmp_path)
    with OfflineRun(small_show(tmp_path, PATTERNS), options, lambda text: None) as run:
        engine, ring = run.engine, rings["cam1"].picture
        engine.inputs = LiveInputs(small_show(tmp_path, PATTERNS), rings, None)
        finish = engine.renderer.finish

        def late(out: np.ndarray) -> int | None:
            if run.engine.frame_number == 10:
                put(ring, 200, ring.slots + 3)
            return finish(out)

        engine.renderer.finish = late  # type: ignore[method-assign]
        for n in range(20):
            put(ring, 50 + 2 * n)
            run.frame()
        assert engine.inputs.torn == 1 and engine.frames.repeated == 1
        assert engine.notices.count == 0, "it is counted, not told"
    hashes = [line.split()[1] for line in options.hash.read_text().splitlines()]
    assert hashes[10] == hashes[9], "the picture before"
    assert len(set(hashes[:10]) | set(hashes[11:])) == 19, "every other is its own"


@pytest.mark.parametrize("first", [False, True])
def test_the_encoder_repeats_the_picture_before_a_torn_one(tmp_path: Path, first: bool) -> None:
    """Its ring comes round while it copies the third picture; or the first, when there is none to repeat."""
    status = StatusBlock(ring_name("st"), create=True, board=BOARD)
    ring = FrameRing(ring_name("program"), capacity=FORMAT.size, slots=8)
    sound = SoundRing(ring_name("sound"), create=True)
    torn = 0 if first else 2

    def write(number: int, luma: int) -> None:
        ring.slot(FORMAT.size)[:] = picture(luma)
        ring.commit(FORMAT, capture_ns=number, seq=number)

    try:
        work = ProgramWork(
            EncoderSpec(SMALL, EncoderConfig(), (file_output(tmp_path / "a.mp4"),), ring.name, sound.name),
            WorkerContext(status),
        )
        numbers = itertools.count()
        for n in range(6):
            write(next(numbers), 40 + 20 * n)
            frame = ring.newest()
            assert frame is not None
            if n == torn:
                for _ in range(8):
                    write(next(numbers), 220)
            work.encode(frame)
        assert status.get("drops") == 1
        assert work.encoder is not None
        work.encoder.close()
    finally:
        for memory in (ring, sound, status):
            memory.close()
    with av.open(str(tmp_path / "a.mp4")) as recorded:
        lumas = [round(float(f.to_ndarray()[: FORMAT.height].mean())) for f in recorded.decode(video=0)]
    assert max(lumas) < 160, "what was written over it is in no picture"
    if not first:
        assert lumas[1] == pytest.approx(lumas[2], abs=2) and lumas[2] == pytest.approx(60, abs=3)
