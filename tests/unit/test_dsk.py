"""The downstream keys and the still store."""

from __future__ import annotations

import time
from pathlib import Path

import cv2
import numpy as np
import pytest
from pydantic import ValidationError

from live.base.paths import shipped
from live.config.dsk import KeyConfig
from live.config.graphics import GraphicConfig
from live.config.load import load_file
from live.config.template import Template
from live.engine.stills import StillStore
from live.picture.format import PictureFormat
from live.picture.values import KeyView
from live.show.dsk.model import Keys
from live.show.graphics.model import Graphics
from tests.support.dead_share import full_disk, unanswered

BUG = {"bug": load_file(shipped("graphics") / "bug" / "template.toml", Template)}


def keys(*configs: KeyConfig) -> tuple[Keys, Graphics]:
    graphics = Graphics([GraphicConfig(name="logo", template="bug")], BUG)
    return Keys(configs, graphics), graphics


def test_a_key_fades_at_its_rate_and_cuts_at_once():
    k, _ = keys(KeyConfig(source="cam1", key="cam2"))
    k.switch("1", True, 0.5)
    k.fade(0.25)
    assert k.views() == (KeyView(1, 0.5, None, "cam1", "cam2"),) and k.sources() == {"cam1", "cam2"}
    k.switch("1", False, 0.0)
    k.fade(0.01)
    assert k.views() == () and k.sources() == set()


def test_a_graphic_in_a_key_comes_as_its_template_says():
    k, graphics = keys(KeyConfig(graphic="logo"))
    k.switch("1", True, 0.0)
    graphics.fade(BUG["bug"].enter_s / 2)
    k.fade(0.1)
    assert 0 < k.all["1"].amount < 1 and k.views() == ()  # the graphic draws itself
    graphics["logo"].visible = False
    k.fade(0.1)
    assert not k.all["1"].on


def test_tied_keys_go_along_with_a_transition():
    k, _ = keys(KeyConfig(source="a", tied=True), KeyConfig(source="b"))
    k.tie(1.0)
    k.fade(0.5)
    assert (k.all["1"].amount, k.all["2"].amount) == (0.5, 0.0)
    k.tie(0.0)
    k.fade(0.01)
    assert k.all["1"].amount == 0.0


@pytest.mark.parametrize("wrong", [{}, {"graphic": "a", "source": "b"}, {"graphic": "a", "key": "b"}])
def test_a_key_holds_one_thing(wrong):
    with pytest.raises(ValidationError):
        KeyConfig(**wrong)


def test_a_still_keeps_the_programs_colours(tmp_path: Path):
    fmt = PictureFormat(64, 64)
    data = np.zeros(fmt.size, np.uint8)
    for plane, code in zip(fmt.planes(data), (63, 102, 240), strict=True):  # red, BT.709 limited (SMPTE RP 219)
        plane[:] = code
    store = StillStore(tmp_path / "stills")
    store.grab("one", data, fmt)
    store.close()
    assert list(store.said) == [str(tmp_path / "stills" / "one.png")]
    picture = cv2.imread(str(tmp_path / "stills" / "one.png"))
    assert abs(picture.astype(int) - (0, 0, 255)).max() <= 3


def test_a_still_that_cannot_be_written_is_told(tmp_path: Path):
    (tmp_path / "stills").write_text("a file in its way")
    store = StillStore(tmp_path / "stills")
    store.grab("one", np.zeros(64 * 64 * 3 // 2, np.uint8), PictureFormat(64, 64))
    store.close()
    assert "one.png" in str(store.said[0])


def test_a_full_disk_is_told_and_leaves_no_half_of_a_still(tmp_path: Path):
    noise = np.random.default_rng(1).integers(16, 235, 640 * 360 * 3 // 2, np.uint8)
    with full_disk(tmp_path):
        store = StillStore(tmp_path)
        store.grab("one", noise, PictureFormat(640, 360))
        store.close()
        assert str(store.said[0]) == f"still one.png: No space left on device; see to {tmp_path}"
        assert not list(tmp_path.iterdir())


def test_a_grab_never_waits_for_a_disk_that_does_not_answer(tmp_path: Path):
    store = StillStore(tmp_path)
    began_s = time.monotonic()
    with unanswered(tmp_path):
        for n in range(8):
            store.grab(f"{n}", np.zeros(64 * 64 * 3 // 2, np.uint8), PictureFormat(64, 64))
        assert time.monotonic() - began_s < 0.5
        assert "four pictures are still being written" in str(store.said[-1])
    store.close()
    assert time.monotonic() - began_s < 8
