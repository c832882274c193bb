"""What the program looks like, case by case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from live.picture.format import Matrix, PictureFormat, Range
from live.picture.transitions import KINDS, WIPES, Style
from live.picture.values import Crop, GraphicView, Picture, ShotView
from live.render import Renderer
from tests.golden.synthetic import drawn, inputs, view

Golden = Callable[..., None]

LATIN = (("title", "Zoë Brontë-Šimůnek"), ("subtitle", "Professorin für Hydrologie, Universität Wien"))
ARABIC = (("title", "ليلى حداد"), ("subtitle", "مراسلة، القاهرة 2026"))
DEVANAGARI = (("title", "अनिता शर्मा"), ("subtitle", "क्षेत्रीय संवाददाता"))
LONG = (
    ("title", "A name so long that no strip of any width could ever hold it in one line of this size"),
    ("subtitle", ""),
)

WIDE, LEFT, VIEW, OVER = (ShotView(s, 9.0) for s in ("studio/wide", "studio/left", "view", "studio/opening"))


def third(fields: tuple[tuple[str, str], ...], amount: float = 1.0) -> tuple[GraphicView, ...]:
    return (GraphicView("name", "lower_third", fields, amount),)


CASES = {
    "source": Picture(VIEW),
    "source-crop": Picture(VIEW, crops=(("view", Crop(0.3, 0.42, 2.3)),)),
    "source-4x3-601-full": Picture(ShotView("anna")),
    "wide": Picture(WIDE),
    "close-up": Picture(LEFT),
    "move-over": Picture(OVER),
    "move-midway": Picture(ShotView("studio/opening", 2.5)),
    "mix-half": Picture(WIDE, VIEW, "mix", 0.5),
    "pip": Picture(ShotView("duo/duo")),
    "lower-third-latin": Picture(LEFT, graphics=third(LATIN)),
    "lower-third-arabic": Picture(LEFT, graphics=third(ARABIC)),
    "lower-third-devanagari": Picture(LEFT, graphics=third(DEVANAGARI)),
    "lower-third-too-long": Picture(VIEW, graphics=third(LONG)),
    "lower-third-coming": Picture(VIEW, graphics=third(LATIN, 0.6)),
}


@pytest.mark.parametrize("name", CASES)
def test_picture(name: str, renderer: Renderer, golden: Golden) -> None:
    golden(name, drawn(renderer, CASES[name], inputs()))


def test_no_signal_shows_a_slate(renderer: Renderer, golden: Golden) -> None:
    golden("slate", drawn(renderer, Picture(VIEW), {}))


def test_the_same_picture_in_another_coding_looks_the_same(renderer: Renderer) -> None:
    """BT.709 limited range and BT.601 full range. At hard edges 4:2:0 itself tells them apart: those are few."""
    other = replace(view(PictureFormat(320, 180, Matrix.BT601, Range.FULL)), seq=11)
    first = drawn(renderer, Picture(VIEW), {"view": view(seq=10)}).astype(int)
    second = drawn(renderer, Picture(VIEW), {"view": other}).astype(int)
    assert (abs(first - second) > 2).mean() < 0.05
    assert abs(first - second).mean() < 0.5


FACE = ShotView("anna")  # full frame: what a transition looks like has nothing to do with sets and keys
BORDERED = Style(softness=0.01, border=0.04, colour="#f0a030")
TRANSITIONS = {name: Picture(FACE, VIEW, name, 0.4) for name in KINDS if name != "cut" and not KINDS[name].file} | {
    "dip-back": Picture(FACE, VIEW, "dip", 0.7, style=Style(colour="#c02020")),
    "circle-border": Picture(FACE, VIEW, "circle", 0.4, style=BORDERED),
    "circle-reverse": Picture(FACE, VIEW, "circle", 0.4, style=Style(reverse=True)),
    "clock-border": Picture(FACE, VIEW, "clock", 0.4, style=BORDERED),
    "diagonal-soft": Picture(FACE, VIEW, "diagonal", 0.5, style=Style(softness=0.4)),
    **{f"{kind}-dressed": Picture(FACE, VIEW, kind, 0.6, style=Style(0.12, 0.05, "#f0a030")) for kind in WIPES},
    "ftb-half": Picture(FACE, black=0.5, graphics=third(LATIN)),
}


@pytest.mark.parametrize("name", TRANSITIONS)
def test_transition(name: str, renderer: Renderer, gl_renderer: Renderer, golden: Golden) -> None:
    golden(f"transition-{name}", drawn(renderer, TRANSITIONS[name], inputs()))
    golden(f"transition-{name}", drawn(gl_renderer, TRANSITIONS[name], inputs()), near=True)


def test_a_wipe_along_a_picture(renderer: Renderer, gl_renderer: Renderer, golden: Golden, tmp_path: Path) -> None:
    x, y = np.meshgrid(np.linspace(0, 9, 160), np.linspace(0, 5, 90))
    path = tmp_path / "ink.png"
    cv2.imwrite(str(path), np.rint(127 + 60 * np.sin(x + np.sin(y * 1.7)) + 60 * np.cos(y - x / 3)).astype(np.uint8))
    wipe = Picture(FACE, VIEW, "picture", 0.5, style=Style(path=path))
    golden("transition-picture", drawn(renderer, wipe, inputs()))
    golden("transition-picture", drawn(gl_renderer, wipe, inputs()), near=True)
