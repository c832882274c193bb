"""What a sound device tells: on its board, and in words when it gets worse."""

from __future__ import annotations

import numpy as np
import pytest

from live.shm.status import NO_BOARD
from live.sources import device_board, sight, stream_board
from live.sources.device_board import BOARD, QUIET_NS, DeviceTold, Worse


def test_a_board_is_read_as_it_was_written_and_of_one_that_has_gone_nothing():
    board = np.zeros((), BOARD)
    assert device_board.read(board) is None
    told = DeviceTold(4, 1, 2, 3, -12.5, 21.0)
    device_board.publish(board, told)
    assert device_board.read(board) == told
    device_board.gone(board)
    assert device_board.read(board) is None
    assert device_board.read(np.zeros((), NO_BOARD)) is None


def test_a_spell_of_losses_is_told_once():
    worse, said = Worse(), []
    for n in range(600):  # half a second each: lossy from the 10th to the 60th second, then once in the 200th
        overruns = min(max(0, n - 20), 100) + (n >= 400)
        said += [(n, text) for text in [worse.step(DeviceTold(2, overruns=overruns), n * QUIET_NS // 60)] if text]
    assert [n for n, _ in said] == [21, 400]
    assert said[0][1].startswith("the system lost sound of it (x-run): 1 x-runs, 0 blocks lost")


def test_one_that_was_opened_again_counts_from_nothing_and_that_is_no_news():
    worse = Worse()
    assert worse.step(DeviceTold(2, lost=5), 0)
    assert not worse.step(DeviceTold(2), QUIET_NS * 2)
    assert "was not fetched in time" in worse.step(DeviceTold(2, lost=1), QUIET_NS * 4)


@pytest.mark.parametrize("board", [device_board.BOARD, stream_board.BOARD])
def test_what_is_seen_of_a_picture_is_told_by_every_kind_of_source(board):
    told = np.zeros((), board)
    sight.publish(told, sight.PictureSight(slides=True))
    assert sight.read(told) == (0.0, 0.0, 0)
