"""Layouts whose places are filled by who speaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from live.base.errors import ConfigError
from live.base.hand import Hand
from live.control.registry import parse
from live.show import ShowState
from live.show.keeping import kept_of, text_of
from live.show.layers.desk import LayerDesk
from live.show.people.places import HOLDS_S, SpeakerPlaces
from live.sound.hearing import Hearing
from tests.support.shows import SMALL, small_show

EVERYBODY = ("anna", "ben", "carla")


class Layout:
    """A layout of these places, and whom each shows."""

    def __init__(self, **shown: str) -> None:
        self.places, self.shown = SpeakerPlaces(), shown
        self.held: set[str] = set()

    def go(self, start_s: float, seconds: float, *speakers: str) -> list[str]:
        for i in range(round(seconds * 10)):
            free = {place: {who} - {""} for place, who in self.shown.items() if place not in self.held}
            self.shown |= self.places.step(start_s + i / 10, speakers, set(self.shown.values()), free)
        return list(self.shown.values())


def test_who_has_the_floor_takes_the_place_of_who_has_been_silent_longest() -> None:
    layout = Layout(left="", right="")
    assert layout.go(0, HOLDS_S - 0.1, "anna") == ["", ""]
    assert layout.go(HOLDS_S - 0.1, 2, "anna") == ["anna", ""]
    assert layout.go(4, 3, "ben") == ["anna", "ben"]
    assert layout.go(7, 3, "anna") == ["anna", "ben"], "whoever stands there stays where they are"
    assert layout.go(10, 1, "carla") == ["anna", "ben"], "a word thrown in"
    assert layout.go(12, 3, "carla") == ["anna", "carla"]
    assert layout.go(15, 3, "ben", "carla") == ["ben", "carla"]


def test_a_hand_s_place_is_nobody_s_and_who_is_there_comes_no_second_time() -> None:
    layout = Layout(left="anna", right="ben")
    assert layout.go(0, 3, "ben") == ["anna", "ben"]
    layout.held = {"left"}
    assert layout.go(4, 3, "carla") == ["anna", "carla"]
    assert layout.go(8, 3, "anna") == ["anna", "carla"]
    layout.held = {"left", "right"}
    assert layout.go(12, 3, "ben") == ["anna", "carla"]


RIG = (
    SMALL
    + "".join(f'[[sources]]\nname = "cam{n}"\nkind = "pattern"\n' for n in (1, 2, 3))
    + '[[scenes]]\nname = "duo"\ntalent = { left = "cam1", right = "cam2" }\nspeakers = ["left", "right"]\n'
    + "".join(f'[[people]]\nname = "{name}"\ncamera = "cam{n}"\n' for n, name in enumerate(EVERYBODY, 1))
)


class Run:
    def __init__(self, folder: Path, rig: str = RIG) -> None:
        self.state, self.now_s = ShowState(small_show(folder, rig), lambda kind, by, **fields: None), 0.0

    def go(self, seconds: float, *speakers: str) -> list[str]:
        for _ in range(round(seconds * 30)):
            hearing = Hearing({name: name in speakers for name in EVERYBODY})
            self.state.step(self.now_s, 1 / 30, hearing=hearing, faces={}, aspects={})
            self.now_s += 1 / 30
        return [str(self.state.layers["duo"].source(name)) for name in ("left", "right")]

    def send(self, address: str, *args: object) -> None:
        self.state.apply(parse(address, args), Hand("script"), self.now_s)


def test_the_layout_shows_who_speaks_and_the_director_knows_whom_it_shows(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.go(3.0, "anna")
    assert run.go(3.0, "ben") == ["cam1", "cam2"]
    assert run.go(3.0, "carla") == ["cam3", "cam2"]
    duo = run.state.mix.director.candidate("duo/duo")
    assert duo is not None and duo.shown(frozenset(EVERYBODY)) == {"carla", "ben"}


def test_nobody_stands_there_twice(tmp_path: Path) -> None:
    run = Run(tmp_path)
    assert run.go(3.0, "ben") == ["cam1", "cam2"], "whoever speaks first, the rig has said where they stand"
    assert run.go(3.0, "carla") == ["cam3", "cam2"]
    kept, _ = kept_of(text_of(run.state.save(run.now_s), run.now_s), tmp_path)
    again = Run(tmp_path)
    again.state.restore(kept, 0.0)
    assert again.go(3.0, "ben") == ["cam3", "cam2"], "nor after a resume"


def test_who_speaks_comes_beside_what_a_hand_has_put_there(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.send("/layers/duo/left/source", "cam3")
    run.send("/layers/duo/right/source", "cam3")
    run.send("/layers/duo/right/reset")
    run.go(3.0, "anna")
    assert run.go(3.0, "ben") == ["cam3", "cam2"]
    assert run.go(3.0, "carla") == ["cam3", "cam2"]


SEATED = RIG.replace('\ncamera = "cam', '\nseat = "s') + "".join(
    f'[[seats]]\nname = "s{n}"\ncamera = "cam{n}"\n' for n in (1, 2, 3, 4)
)


def test_who_takes_another_seat_stays_in_the_layout(tmp_path: Path) -> None:
    run = Run(tmp_path, SEATED + '[[sources]]\nname = "cam4"\nkind = "pattern"\n')
    run.go(3.0, "ben")
    assert run.go(3.0, "carla") == ["cam3", "cam2"]
    run.send("/people/ben/seat", "s4")
    assert run.go(0.1) == ["cam3", "cam4"], "at once, though nobody speaks"
    run.send("/people/ben/seat", "s3")
    assert run.go(0.1) == ["cam3", "cam4"], "carla has none, and ben is seen in hers: nobody twice"
    run.send("/people/carla/seat", "s4")
    assert run.go(0.1) == ["cam3", "cam4"], "they have changed sides"
    run.send("/layers/duo/left/source", "cam3")
    run.send("/people/ben/seat", "s1")
    assert run.go(0.1) == ["cam3", "cam4"], "but a hand's place"
    assert run.go(3.0, "ben") == ["cam3", "cam1"]


def test_what_a_hand_puts_there_stays(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.send("/layers/duo/left/source", "cam2")
    run.go(3.0, "anna")
    assert run.go(3.0, "carla")[0] == "cam2"
    run.send("/layers/duo/left/reset")
    run.go(3.0, "ben")
    assert "cam2" in run.go(3.0, "anna")


def test_a_hand_may_pin_what_is_there_already(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.go(3.0, "anna")
    run.go(3.0, "ben")
    assert run.go(3.0, "carla") == ["cam3", "cam2"]
    run.send("/layers/duo/left/source", "cam3")
    run.go(3.0, "ben")
    assert run.go(3.0, "anna") == ["cam3", "cam1"]
    kept, _ = kept_of(text_of(run.state.save(run.now_s), run.now_s), tmp_path)
    again = Run(tmp_path)
    again.state.restore(kept, 0.0)
    assert again.go(3.0, "ben") == ["cam3", "cam2"], "after a resume, too"


def test_what_the_machine_puts_there_is_not_for_the_rig(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.go(3.0, "anna")
    assert run.go(3.0, "carla") == ["cam1", "cam3"]

    def talent() -> dict[str, object]:
        show = run.state.show
        keys = LayerDesk.rig_keys(run.state.layers.save(run.now_s), show)
        return {str(key.at[-1]): key.value for key in keys if key.at[2:3] == ("talent",) and key.value}

    assert talent() == {"left": "cam1", "right": "cam2"}
    run.send("/layers/duo/right/source", "cam3")
    assert talent() == {"left": "cam1", "right": "cam3"}


@pytest.mark.parametrize(
    ("binds", "lets_go"),
    [
        (("/director/level", "off"), ("/director/level", "auto")),
        (("/director/level", "suggest"), ("/director/level", "armed")),
        (("/director/hold", 30.0), ("/director/release",)),
        (("/director/lock",), ("/director/unlock",)),
        (("/show/panic",), ("/director/level", "auto")),
    ],
)
def test_on_air_it_changes_only_while_the_machine_may_cut(
    binds: tuple[object, ...], lets_go: tuple[object, ...], tmp_path: Path
) -> None:
    run = Run(tmp_path, 'start = "duo/duo"\nshots = ["duo/duo"]\n' + RIG)
    assert run.go(0.1) == ["cam1", "cam2"]
    run.send(str(binds[0]), *binds[1:])
    assert run.go(3.0, "carla") == ["cam1", "cam2"]
    run.send(str(lets_go[0]), *lets_go[1:])
    assert run.go(0.1, "carla") == ["cam3", "cam2"], "who has the floor by then comes at once"


def test_off_air_it_follows_but_after_a_panic(tmp_path: Path) -> None:
    run = Run(tmp_path, 'start = "cam1"\nshots = ["cam1", "duo/duo"]\n' + RIG)
    run.send("/director/level", "off")
    assert run.go(3.0, "carla") == ["cam3", "cam2"]
    run.send("/show/panic")
    assert run.go(3.0, "anna") == ["cam3", "cam2"]


def test_it_goes_on_when_the_show_is_taken_up_again(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.go(3.0, "anna")
    run.go(3.0, "carla")
    kept, _ = kept_of(text_of(run.state.save(run.now_s), run.now_s), tmp_path)
    again = Run(tmp_path)
    again.state.restore(kept, 0.0)
    again.go(3.0, "ben")
    assert "cam2" in again.go(0.1, "ben")


def test_a_place_that_no_layer_has_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no layer's place is called middle"):
        small_show(tmp_path, RIG.replace('speakers = ["left", "right"]', 'speakers = ["middle"]'))
