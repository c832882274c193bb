"""What every template that ships looks like, at rest and on its way."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from live.base.paths import shipped
from live.picture.format import U8
from live.picture.values import GraphicView, Picture, ShotView
from live.render import Renderer
from tests.golden.synthetic import drawn, inputs

Golden = Callable[[str, U8], None]

FIELDS = {
    "lower_third": {"title": "Zoë Brontë-Šimůnek", "subtitle": "Professorin für Hydrologie, Wien"},
    "two_names": {
        "left_title": "Zoë Brontë",
        "left_subtitle": "Hydrologist",
        "right_title": "Jürgen Öztürk-Šimůnek",
        "right_subtitle": "Professor für Physik",
    },
    "title": {"title": "The Evening Show", "subtitle": "Live from Vienna"},
    "ticker": {"lines": "Rain in the north | 日本語のニュース | \u0639\u0627\u062c\u0644 | Trains run again"},
    "clock": {"clock": "20:15"},
    "countdown": {"label": "We begin in", "left": "4:59"},
    "score": {"home": "Rapid", "guest": "Austria", "home_points": "2", "guest_points": "11", "period": "2nd half"},
    "full_screen": {
        "title": "What we know",
        "text": (
            "Water stood two metres high.\n"
            "Nobody was hurt. Schools stay closed until Monday, trains run again from tonight."
        ),
    },
    "goal": {"title": "Spenden für das Ahrtal", "value": "12,500", "goal": "20,000", "unit": "€"},
    "bug": {},
}


def shown(template: str, amount: float = 1.0, **more: object) -> Picture:
    fields = tuple(sorted(FIELDS[template].items()))
    # type: ignore[arg-type]
    return Picture(ShotView("view"), graphics=(GraphicView("g", template, fields, amount, **more),))


def test_every_template_that_ships_is_looked_at() -> None:
    assert set(FIELDS) == {f.parent.name for f in shipped("graphics").glob("*/template.toml")}


@pytest.mark.parametrize("template", FIELDS)
def test_template(template: str, renderer: Renderer, golden: Golden) -> None:
    golden(f"graphic-{template}", drawn(renderer, shown(template, t_s=6.0), inputs()))


@pytest.mark.parametrize("template", FIELDS)
def test_template_on_its_way(template: str, renderer: Renderer, golden: Golden) -> None:
    golden(f"graphic-{template}-coming", drawn(renderer, shown(template, 0.55, t_s=6.0), inputs()))
