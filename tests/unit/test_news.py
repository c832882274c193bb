"""What is shown whoever speaks: another slide, the audience, the shot for silence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from live.base.clock import NS
from live.base.errors import CommandError, ConfigError
from live.base.hand import Hand
from live.config.style import Style, styled
from live.control.registry import parse
from live.director.cost import Candidate
from live.director.director import Director
from live.picture.format import U8
from live.picture.values import Sight
from live.show import ShowState
from live.sound.hearing import Hearing
from live.sources.slides import Slides
from tests.support.shows import SMALL, small_show
from tests.unit.test_director import FRAME_S, LABELS, STUDIO, Cut, Speech, shots, turns

HAND = Hand("script")
LOOK_NS = NS // 5

# -- is it another slide? ---------------------------------------------------------------------------------------------

GROUND = 230


def slide(seed: int, lines: int = 8) -> U8:
    """A bar with a title, and lines of text on one ground."""
    rng = np.random.default_rng(seed)
    found = np.full((180, 320), GROUND, np.uint8)
    found[:22] = 40
    found[8:16, 20:140] = np.where(rng.random((8, 120)) < 0.4, 230, 40)
    for line in range(lines):
        width, top = int(rng.integers(80, 280)), 28 + 18 * line
        found[top : top + 8, 20 : 20 + width] = np.where(rng.random((8, width)) < 0.4, 30, GROUND)
    return found


def looked(*pictures: tuple[U8, float] | Callable[[float], U8], seconds: float = 3.0) -> Slides:
    """Looks at one after the other, five times a second, each for so long."""
    slides, time_ns = Slides(), 0
    for picture in pictures:
        of, lasts_s = picture if isinstance(picture, tuple) else (picture, seconds)
        for i in range(round(lasts_s * 5)):
            slides.look(of(i / 5) if callable(of) else of, time_ns)
            time_ns += LOOK_NS
    return slides


def test_another_slide_is_told_once_it_stands() -> None:
    assert looked((slide(1), 3.0)).count == 0
    assert looked((slide(1), 3.0), (slide(2), 0.4)).count == 0
    assert looked((slide(1), 3.0), (slide(2), 3.0), (slide(3), 3.0), (slide(1), 3.0)).count == 3


def test_a_fade_between_two_is_one_change() -> None:
    def fade(t_s: float) -> U8:
        return np.asarray(slide(1) * (1 - t_s / 1.2) + slide(2) * (t_s / 1.2), np.uint8)

    assert looked((slide(1), 3.0), (fade, 1.2), (slide(2), 3.0)).count == 1  # type: ignore[arg-type]


def test_lines_that_come_one_by_one_are_the_same_slide() -> None:
    assert looked(*((slide(1, lines), 2.0) for lines in range(1, 9))).count == 0


def test_a_pointer_and_an_animation_are_no_news() -> None:
    def pointer(t_s: float) -> U8:
        found = slide(1)
        found[80:88, int(t_s * 36) % 312 : int(t_s * 36) % 312 + 8] = 0
        return found

    def spinner(t_s: float) -> U8:
        found = slide(1)
        found[120:160, 240:300] = int(t_s * 500) % 200
        return found

    assert looked((slide(1), 2.0), (pointer, 10.0)).count == 0  # type: ignore[arg-type]
    assert looked((slide(1), 2.0), (spinner, 20.0), (slide(1), 3.0)).count == 0  # type: ignore[arg-type]


def test_another_slide_with_a_film_in_it_is_told() -> None:
    def film(t_s: float) -> U8:
        found = slide(2)
        found[100:160, 160:300] = np.random.default_rng(round(t_s * 5)).integers(0, 255, (60, 140))
        return found

    assert looked((slide(1), 3.0), (film, 10.0)).count == 1  # type: ignore[arg-type]


def test_noise_of_a_camera_at_a_screen_is_nothing() -> None:
    def noisy(t_s: float) -> U8:
        return np.asarray(slide(1) + np.random.default_rng(round(t_s * 5)).integers(-3, 4, (180, 320)), np.uint8)

    assert looked((noisy, 20.0)).count == 0  # type: ignore[arg-type]


def test_from_an_empty_slide_to_a_full_one_and_another_size() -> None:
    empty = np.full((180, 320), GROUND, np.uint8)
    assert looked((empty, 3.0), (slide(1), 3.0)).count == 1
    assert looked((slide(1), 3.0), (np.ascontiguousarray(slide(1)[:92, :160]), 3.0)).count == 0


# -- what the director makes of it ------------------------------------------------------------------------------------

DECK, HOUSE = Candidate("deck", "slides"), Candidate("house", "audience")
NAMES = LABELS | {"deck": "Slides", "room": "the room"}


def play(
    seconds: float,
    speech: Speech,
    news: Callable[[float, str], Mapping[str, str]] = lambda now_s, on_air: {},
    *,
    on_air: str = "cam1",
    silence: str = "",
    style: Style | None = None,
) -> list[Cut]:
    room = [Candidate(silence, "cutaway")] if silence == "room" else []
    director = Director((*STUDIO, DECK, HOUSE, *room), style or Style(), labels=NAMES)
    cuts: list[Cut] = []
    since_s = 0.0
    for i in range(round(seconds / FRAME_S)):
        now_s = i * FRAME_S
        hearing = Hearing(dict.fromkeys(speech(now_s), True))
        proposal = director.step(
            now_s,
            hearing=hearing,
            on_air=on_air,
            on_air_since_s=since_s,
            epoch=0,
            news=news(now_s, on_air),
            silence=silence,
        )
        if proposal and now_s >= proposal.due_s:
            cuts.append(Cut(now_s, proposal.shot, now_s - since_s, proposal))
            on_air, since_s = proposal.shot, now_s
    return cuts


def test_news_is_shown_and_then_whoever_speaks() -> None:
    cuts = play(
        20.0,
        turns((0.0, 20.0, "anna")),
        lambda now_s, on_air: {"deck": "another slide"} if 5.0 <= now_s < 12.0 else {},
    )
    assert shots(cuts) == ["deck", "cam1"]
    assert cuts[0].at_s == pytest.approx(5.2, abs=0.3) and cuts[1].at_s == pytest.approx(12.2, abs=0.6)
    assert cuts[0].proposal.reason == "another slide, so Slides"


def test_without_news_slides_and_audience_are_never_shown() -> None:
    speech = turns((1.0, 6.0, "anna"), (6.0, 7.0, "ben"), (7.0, 9.0, "anna"), (9.0, 12.0, "ben"), (10.0, 20.0, "anna"))
    assert not {"deck", "house"} & set(shots(play(60.0, speech, on_air="wide")))


def test_the_shot_for_silence_comes_when_nobody_has_spoken_for_so_long_and_stays() -> None:
    style = styled(Style(), {"silence_s": 4.0, "reaction_every_s": 10.0})
    speech = turns((0.0, 3.0, "anna"), (30.0, 36.0, "ben"))
    for on_air in ("cam1", "wide"):
        cuts = play(36.0, speech, on_air=on_air, silence="room", style=style)
        assert shots(cuts)[-2:] == ["room", "cam2"]
        assert cuts[-2].at_s == pytest.approx(7.2, abs=0.6) and cuts[-1].at_s == pytest.approx(30.3, abs=0.3)
        assert (
            cuts[-2].proposal.reason.startswith("nobody has spoken for 4.") and "the room" in cuts[-2].proposal.reason
        )
    assert "room" not in shots(play(36.0, speech, style=style))


# -- a show -----------------------------------------------------------------------------------------------------------

RIG = SMALL + (
    '[director]\nsilence = "room"\n'
    '[[sources]]\nname = "cam1"\nkind = "pattern"\n[[sources]]\nname = "cam2"\nkind = "pattern"\n'
    '[[sources]]\nname = "deck"\nkind = "pattern"\nrole = "slides"\n'
    '[[sources]]\nname = "house"\nkind = "pattern"\nrole = "audience"\n'
    '[[sources]]\nname = "room"\nkind = "pattern"\n'
    '[[people]]\nname = "anna"\ncamera = "cam1"\n[[people]]\nname = "ben"\ncamera = "cam2"\n'
)


class Run:
    """A show on the virtual clock, whose speaker and slides are said."""

    def __init__(self, folder: Path, rig: str = RIG) -> None:
        self.cuts: list[tuple[float, str, str]] = []
        self.now_s, self.slides = 0.0, 0
        self.state = ShowState(small_show(folder, rig), self._log)

    def _log(self, kind: str, by: str, **fields: object) -> None:
        if kind == "cut":
            self.cuts.append((round(self.now_s, 1), str(fields["to"]), str(fields["reason"])))

    def go(self, seconds: float, *speakers: str) -> None:
        for _ in range(round(seconds * 30)):
            hearing = Hearing({name: name in speakers for name in ("anna", "ben")})
            sights = {"deck": Sight(slides=self.slides)}
            self.state.step(self.now_s, 1 / 30, hearing=hearing, faces={}, aspects={}, sights=sights)
            self.now_s += 1 / 30

    def send(self, address: str, *args: object) -> None:
        self.state.apply(parse(address, args), HAND, self.now_s)


def test_a_slide_that_changes_is_shown_for_the_styles_time(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.go(5.0, "anna")
    run.slides = 1
    run.go(12.0, "anna")
    assert [to for _, to, _ in run.cuts] == ["deck", "cam1"]
    assert run.cuts[1][0] - run.cuts[0][0] == pytest.approx(7.2, abs=0.6)
    run.go(10.0, "anna")
    assert len(run.cuts) == 2, "it is no news any more"


def test_a_slide_that_changes_again_stays(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.go(5.0, "anna")
    for run.slides in range(1, 5):
        run.go(5.0, "anna")
    run.go(10.0, "anna")
    assert [to for _, to, _ in run.cuts] == ["deck", "cam1"] and run.cuts[1][0] > 27.0


def test_with_slide_s_0_there_is_no_news(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.send("/director/style/set", "slide_s", 0)
    run.go(5.0, "anna")
    run.slides = 1
    run.go(5.0, "anna")
    assert not run.cuts


def test_the_audience_is_shown_when_somebody_says_that_it_applauds(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.go(5.0, "anna")
    run.send("/sources/house/news")
    run.go(10.0, "anna")
    assert [to for _, to, _ in run.cuts] == ["house", "cam1"]
    with pytest.raises(CommandError, match="no source of news"):
        run.send("/sources/cam1/news")


def test_who_asks_from_the_audience_is_shown_there(tmp_path: Path) -> None:
    run = Run(tmp_path, RIG.replace('"cam2"\n[[people]]', '"cam2"').replace('camera = "cam2"', 'camera = "house"'))
    run.go(5.0, "anna")
    run.go(5.0, "ben")
    run.go(5.0, "anna")
    assert [to for _, to, _ in run.cuts] == ["house", "cam1"]


def test_the_shot_for_silence_is_the_rigs_and_a_hands(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.go(4.0, "anna")
    run.go(12.0)
    assert [to for _, to, _ in run.cuts] == ["room"]
    run.send("/director/silence", "cam2")
    run.go(4.0)
    assert [to for _, to, _ in run.cuts] == ["room", "cam2"]
    run.send("/director/silence")
    assert "room" not in run.state.mix.director.shots


def test_a_shot_for_silence_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no shot is called foyer"):
        small_show(tmp_path, RIG.replace('silence = "room"', 'silence = "foyer"'))
