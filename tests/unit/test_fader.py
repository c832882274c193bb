import numpy as np

from live.outputs.fader import Fader

ONES = np.ones((100, 2), np.float32)


def test_sound_is_left_alone_while_nothing_fades():
    fader = Fader()
    for n in range(5):
        fader.mark(100 * n, 1.0)
    assert fader.apply(0, ONES) is ONES


def test_sound_follows_the_picture_to_black_and_back():
    fader = Fader()
    for sample, gain in ((100, 1.0), (200, 0.5), (300, 0.0), (400, 0.0), (500, 1.0), (600, 1.0)):
        fader.mark(sample, gain)
    first = np.concatenate([fader.apply(n, ONES) for n in range(0, 600, 100)])
    assert np.allclose(
        first[[0, 99, 150, 200, 250, 300, 350, 450, 500, 599], 0], [1, 1, 0.75, 0.5, 0.25, 0, 0, 0.5, 1, 1], atol=0.02
    )
    assert abs(np.diff(first[:, 0])).max() < 0.011  # no click


def test_what_is_black_stays_silent_and_nothing_is_heaped_up():
    fader = Fader()
    fader.mark(0, 0.0)
    for n in range(1000):
        fader.mark(100 * n, 0.0)
        assert n == 0 or not fader.apply(100 * n, ONES).any()
    assert len(fader._marks) < 5
