"""Which channels a microphone is, and how they are heard."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.audio.listener import Listener
from live.audio.mixer import BLOCK, Mixer
from live.base.channels import cancels, heard, mono, monos
from live.config.desk import PROGRAM, DeskOrders, StripOrders
from live.config.microphones import Microphone
from live.shm.memory import ring_name
from live.shm.sound_ring import SoundRing

TONE = (0.3 * np.sin(2 * np.pi * 440 * np.arange(BLOCK) / 48_000)).astype(np.float32)


def test_a_mono_microphone_is_heard_in_the_middle_at_its_own_level():
    block = np.stack((0 * TONE, 0 * TONE, TONE, 0 * TONE), 1)
    out = heard(block, (3,))
    assert np.array_equal(out[:, 0], TONE) and np.array_equal(out[:, 1], TONE)
    assert np.array_equal(heard(TONE[:, None], None)[:, 1], TONE)


def test_many_microphones_at_once_are_as_each_of_them():
    rng = np.random.default_rng(1)
    blocks = rng.normal(0, 0.1, (6, 2, 960)).astype(np.float32)
    blocks[1, 1] = -blocks[1, 0]
    blocks[2, 0], blocks[3, 1], blocks[4] = 0, 0, 0
    blocks[5, 1] = -2 * blocks[5, 0]
    for block, one in zip(blocks, monos(blocks), strict=True):
        assert np.allclose(one, mono(block.T), atol=1e-7)


def test_two_channels_are_left_and_right_and_one_that_is_not_there_is_silent():
    block = np.stack((TONE, -TONE, 2 * TONE), 1)
    assert np.array_equal(heard(block, (3, 1)), np.stack((2 * TONE, TONE), 1))
    assert not heard(block, (4,)).any()
    assert np.array_equal(heard(block, None), block[:, :2])


def test_two_people_on_one_stereo_device_are_two_microphones():
    mics = [Microphone(name="anna", source="d", channel=1), Microphone(name="ben", source="d", channel=2)]
    listener, mixer = Listener(mics, None), Mixer()
    mixer.set(DeskOrders({m.name: StripOrders() for m in mics}))
    block = np.stack((TONE, 0.01 * TONE), 1)
    blocks = {m.name: heard(block, m.picks) for m in mics}
    rms = listener.hear(0, blocks).rms_db
    assert rms[0] - rms[1] > 35
    program = mixer.mix({"anna": blocks["anna"]})[PROGRAM]
    assert program.any() and np.array_equal(program[:, 0], program[:, 1])


def test_a_side_that_is_turned_over_is_heard_all_the_same_and_said():
    turned = np.stack((TONE, -TONE), 1)
    assert np.array_equal(np.abs(mono(turned)), np.abs(TONE))
    assert cancels(turned) and not cancels(np.stack((TONE, TONE), 1)) and not cancels(np.stack((TONE, 0 * TONE), 1))


@given(st.floats(0, 1), st.floats(0, 1))
def test_what_does_not_cancel_is_the_mean(left, right):
    block = np.stack((left * TONE, right * TONE), 1).astype(np.float32)
    assert np.allclose(mono(block), (left + right) / 2 * TONE, atol=1e-6)


@pytest.mark.parametrize("channels", [1, 2, 6, 32])
def test_a_ring_holds_the_channels_of_its_source(channels):
    ring = SoundRing(ring_name("t"), create=True, most=32)
    other = SoundRing(ring.name)
    try:
        ring.set_channels(channels)
        data = np.arange(1000 * channels, dtype=np.float32).reshape(1000, channels)
        ring.write(48_000 * 4 - 300, data)
        got, n = other.read_all(48_000 * 4 - 300, 1000)
        assert n == 1000 and np.array_equal(got, data)
        assert np.array_equal(other.read(48_000 * 4 - 300, 1000, (channels,))[0][:, 1], data[:, -1])
    finally:
        other.close()
        ring.close()


def test_more_channels_than_there_is_room_for_are_refused():
    ring = SoundRing(ring_name("t"), create=True)
    try:
        with pytest.raises(ValueError, match="3 channels, where there is room for 2"):
            ring.set_channels(3)
    finally:
        ring.close()


def test_a_microphone_is_one_channel_or_two():
    with pytest.raises(ValueError, match="one channel or two"):
        Microphone(name="a", source="d", channel=1, channels=(1, 2))


def test_sides_that_cancel_are_said_once():
    said = []
    mics = [Microphone(name="anna", source="d"), Microphone(name="ben", source="d", channel=1)]
    listener = Listener(mics, None, said.append)
    turned = np.stack((TONE, -TONE), 1)
    for n in range(100):
        listener.hear(n * BLOCK, {"anna": turned, "ben": heard(turned, (1,))})
    assert len(said) == 1 and said[0].startswith("anna: its two channels cancel")
