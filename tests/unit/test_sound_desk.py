"""The sound desk: its tables, the commands that come from its models, what is kept, and what the mixer is told."""

from __future__ import annotations

import pickle
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.audio.orders import Packer, Unpacker
from live.base.errors import CommandError, ConfigError, OutputError
from live.config.desk import DeskOrders
from live.config.presets import Preset, preset_of, sounds_beside
from live.config.presets import text_of as preset_text
from live.config.strips import Processing, Setting, StripSettings, changed, loaded, settings_of, value_of
from live.control.published import spec_of as published_of
from live.control.registry import parse, to_message
from live.engine.presets import PresetStore
from live.show import ShowState
from live.show.keeping import kept_of, text_of
from live.show.sound import commands as c
from live.show.sound.published import StripSound, StripStatus, strip
from tests.support.shows import SMALL, small_show
from tests.unit.test_show_state import HAND

DESK = (
    SMALL
    + """
[[sources]]
name = "cam1"
kind = "pattern"
[[sources]]
name = "cam2"
kind = "pattern"
[[sources]]
name = "vt"
kind = "player"
clips = [{ path = "a.mp4" }]
gain_db = -6.0
[sources.strip]
group = "all"
duck_db = 12.0
[[microphones]]
name = "anna"
source = "cam1"
gain_db = 3.0
group = "all"
preset = "own"
[microphones.compressor]
ratio = 5.0
[[microphones]]
name = "ben"
source = "cam2"
muted = true
[microphones.eq.low]
gain_db = -3.0
[[groups]]
name = "all"
[groups.limiter]
ceiling_db = -3.0
[sound]
ceiling_db = -2.0
"""
)
OWN = 'title = "Own"\n[highpass]\nhz = 120.0\n[compressor]\nratio = 2.0\nthreshold_db = -30.0\n'


@pytest.fixture
def state(tmp_path: Path) -> ShowState:
    (tmp_path / "a.mp4").write_bytes(b"")
    (tmp_path / "sounds").mkdir()
    (tmp_path / "sounds" / "own.toml").write_text(OWN)
    state = ShowState(small_show(tmp_path, DESK), lambda *_, **__: None)
    state.commanded(0.0)
    return state


def do(state: ShowState, address: str, *args: object) -> None:
    state.apply(parse(address, args), HAND, 0.0)
    state.commanded(0.0)


def test_a_strip_starts_as_its_preset_says_but_for_the_keys_beside_it(state):
    anna = state.sound.strips["anna"]
    assert (anna.highpass.on, anna.highpass.hz) == (True, 120.0)
    assert (anna.compressor.on, anna.compressor.ratio, anna.compressor.threshold_db) == (True, 5.0, -30.0)
    assert anna.gain_db == 3.0 and not anna.gate.on
    ben = state.sound.strips["ben"]
    assert ben.muted and (ben.eq.on, ben.eq.low.shape, ben.eq.low.hz, ben.eq.low.gain_db) == (
        True,
        "low_shelf",
        100.0,
        -3.0,
    ), "what a file doesn't say of a band stays as it is"


def test_the_orders_say_what_the_rig_says_and_are_made_anew_only_when_something_changed(state):
    orders = state.sound.orders()
    assert isinstance(orders, DeskOrders) and list(orders.strips) == ["anna", "ben", "vt"]
    assert list(orders.groups) == ["all"] and orders.groups["all"].settings.limiter.ceiling_db == -3.0
    assert orders.strips["anna"].group == "all" and orders.strips["ben"].group == ""
    assert (orders.strips["vt"].settings.gain_db, orders.strips["vt"].duck_db) == (-6.0, 12.0)
    assert orders.master.ceiling_db == -2.0
    assert state.sound.orders() is orders
    do(state, "/strips/ben/pan", -0.5)
    assert state.sound.orders() is not orders and state.sound.orders().strips["ben"].settings.pan == -0.5
    packer, unpacker = Packer(), Unpacker()
    first = unpacker.unpack(packer.pack(state.sound.orders()))
    assert first == state.sound.orders()
    do(state, "/strips/ben/gain", -6.0)
    second = unpacker.unpack(packer.pack(state.sound.orders()))
    assert second == state.sound.orders() != first
    assert second.strips["anna"].settings is first.strips["anna"].settings, "what is as it was is the same"
    do(state, "/strips/anna/automix", 1)
    third = unpacker.unpack(packer.pack(state.sound.orders()))
    assert third == state.sound.orders() and third.strips["anna"].automix
    assert third.strips["anna"].settings is first.strips["anna"].settings


@pytest.mark.parametrize("setting", settings_of(), ids=lambda s: s.words)
def test_everything_of_a_strip_has_its_command_and_is_published(state, setting):
    before = value_of(state.sound.strips["anna"], setting.path)
    value = not before if setting.type is bool else setting.choices[-1] if setting.choices else setting.high
    do(state, f"/strips/anna/{setting.words}", int(value) if setting.type is bool else value)
    assert value_of(state.sound.strips["anna"], setting.path) == value
    told = next(p for p in strip("anna", state, 0.0) if isinstance(p, StripSound))
    assert getattr(told, "_".join(setting.path)) == value
    if setting.low is not None:
        with pytest.raises(CommandError, match="outside"):
            do(state, f"/strips/anna/{setting.words}", setting.high + 1)
        assert value_of(state.sound.strips["anna"], setting.path) == value


@pytest.mark.parametrize("cls", c.SETS, ids=lambda cls: cls.__name__)
def test_commands_of_settings_survive_a_surface_and_pickle(cls):
    setting = c.SETS[cls]
    value = setting.choices[0] if setting.choices else setting.type(setting.high or 0.0)
    made = cls("anna", value)
    assert parse(*to_message(made)) == made and pickle.loads(pickle.dumps(made)) == made


def test_a_section_is_one_path_of_the_state():
    parts = {part.address: [f.name for f in part.fields] for part in published_of(StripSound).parts}
    assert parts["/state/strips/<strip>/compressor"][:3] == [
        "compressor_on",
        "compressor_threshold_db",
        "compressor_ratio",
    ]
    assert "/state/strips/<strip>/eq/low_mid" in parts and parts["/state/strips/<strip>/gain"] == ["gain_db"]
    assert len(parts) <= 20, "a few paths for each strip, not one for each number"


def test_microphones_have_their_old_addresses_too(state):
    do(state, "/microphones/anna/gain", -9.0)
    do(state, "/microphones/anna/mute", 1)
    assert state.sound.strips["anna"].gain_db == -9.0 and state.sound.strips["anna"].muted
    do(state, "/strips/anna/mute", 0)
    assert state.sound.faders["anna"] == (-9.0, False)


def test_copy_and_presets_carry_the_processing_and_nothing_else(state):
    do(state, "/strips/ben/like", "anna")
    ben, anna = state.sound.strips["ben"], state.sound.strips["anna"]
    assert ben.compressor == anna.compressor and ben.highpass == anna.highpass and not ben.eq.on
    assert ben.muted and ben.gain_db == 0.0
    do(state, "/strips/all/preset", "own")
    assert state.sound.strips["all"].highpass.hz == 120.0 and not state.sound.strips["all"].limiter.on
    with pytest.raises(CommandError, match="no preset is called 'none'"):
        do(state, "/strips/all/preset", "none")


def test_what_a_file_does_not_say_of_a_band_is_the_bands_own():
    given = Preset.model_validate({"eq": {"low": {"gain_db": 3.0}, "high_mid": {"q": 2.0}}})
    low, middle = given.eq.low, given.eq.high_mid
    assert given.eq.on and (low.shape, low.hz, low.gain_db) == ("low_shelf", 100.0, 3.0) and middle.hz == 2_500.0
    defaults = {setting.path: setting.default for setting in settings_of()}
    assert all(value_of(StripSettings(), path) == default for path, default in defaults.items())


def test_a_strip_goes_through_a_group(state):
    do(state, "/strips/ben/group", "all")
    assert state.sound.orders().strips["ben"].group == "all"
    do(state, "/strips/ben/group")
    assert state.sound.orders().strips["ben"].group == ""
    for strip_name, group, cause in (("all", "all", "straight to the program"), ("ben", "band", "no group is called")):
        with pytest.raises(CommandError, match=cause):
            do(state, f"/strips/{strip_name}/group", group)


def test_the_master(state):
    do(state, "/master/gain", -3.0)
    do(state, "/master/mute", 1)
    do(state, "/master/ceiling", -6.0)
    master = state.sound.orders().master
    assert (master.gain_db, master.muted, master.ceiling_db) == (-3.0, True, -6.0)


def test_all_of_it_is_kept(state, tmp_path):
    do(state, "/strips/anna/eq/high/gain", 4.0)
    do(state, "/strips/ben/group", "all")
    do(state, "/master/gain", -2.0)
    kept, broken = kept_of(text_of(state.save(1.0), 1.0), tmp_path)
    other = ShowState(state.show, lambda *_, **__: None)
    other.restore(kept, 0.0)
    other.commanded(0.0)
    assert not broken and other.sound.orders() == state.sound.orders()


def test_labels_and_kinds_for_a_console(state):
    told = [next(p for p in strip(n, state, 0.0) if isinstance(p, StripStatus)) for n in state.sound.strips]
    assert [(s.strip, s.number, s.kind) for s in told] == [
        ("anna", 1, "microphone"),
        ("ben", 2, "microphone"),
        ("vt", 3, "player"),
        ("all", 4, "group"),
    ]


def _faults(tmp_path: Path, rig: str) -> str:
    with pytest.raises(ConfigError) as found:
        small_show(tmp_path, rig)
    return str(found.value)


@pytest.mark.parametrize(
    ("rig", "said"),
    [
        (
            DESK.replace('group = "all"\npreset', 'group = "some"\npreset'),
            "microphones[anna].group: no group is called",
        ),
        (DESK.replace('preset = "own"', 'preset = "opera"'), "microphones[anna].preset: no preset is called opera"),
        (DESK.replace('name = "ben"', 'name = "vt"'), "a player is called vt, too"),
        (DESK.replace('name = "all"\n[groups', 'name = "anna"\n[groups'), "a microphone is called anna"),
        (DESK.replace('name = "all"\n[groups', 'name = "program"\n[groups'), "a bus is called program"),
        (DESK.replace("duck_db = 12.0", "gain_db = 12.0"), "a player has its gain in its own table"),
        (DESK.replace("duck_db = 12.0", 'follow = "shot:cam9"'), "strip.follow: no shot is called cam9"),
        (DESK.replace("duck_db = 12.0", 'follow = "cam9"'), "strip.follow"),
        (DESK.replace("ratio = 5.0", "ratio = 50.0"), "microphones[anna].compressor.ratio"),
        (
            DESK + '[[sources]]\nname = "tone"\nkind = "tone"\n[[microphones]]\nname = "t"\nsource = "tone"\n'
            'follow = "source"\n',
            "microphones[t].follow: no picture goes with it",
        ),
        (DESK.replace("[groups.limiter]", 'follow = "source"\n[groups.limiter]'), "a group has no picture of its own"),
        (DESK.replace("[groups.limiter]", 'group = "all"\n[groups.limiter]'), "a group goes straight to the program"),
    ],
)
def test_what_is_wrong_with_a_desk_is_said_with_its_place(tmp_path, rig, said):
    (tmp_path / "sounds").mkdir()
    (tmp_path / "sounds" / "own.toml").write_text(OWN)
    assert said in _faults(tmp_path, rig)


def test_a_faulty_preset_is_said_with_its_file_and_line(tmp_path):
    (tmp_path / "sounds").mkdir()
    (tmp_path / "sounds" / "own.toml").write_text("[gate]\nrange_db = 200.0\n")
    assert "own.toml:2: gate.range_db" in _faults(tmp_path, DESK)


def test_sixty_four_microphones_and_no_more(tmp_path):
    def rig(count: int) -> str:
        tables = "".join(f'[[microphones]]\nname = "m{n}"\nsource = "cam1"\n' for n in range(count))
        return f'{SMALL}\n[[sources]]\nname = "cam1"\nkind = "pattern"\n{tables}'

    assert len(small_show(tmp_path, rig(64)).rig.microphones) == 64
    assert "65 microphones; the sound desk has places for 64" in _faults(tmp_path, rig(65)).replace(" - ", "; ")


def test_solo_is_the_listenings_unless_it_is_in_place_and_then_the_log_says_so(tmp_path):
    (tmp_path / "a.mp4").write_bytes(b"")
    (tmp_path / "sounds").mkdir()
    (tmp_path / "sounds" / "own.toml").write_text(OWN)
    said: list[str] = []
    rig = DESK + "[listening]\n"
    state = ShowState(small_show(tmp_path, rig), lambda kind, by, **more: said.append(f"{by}: {more.get('reason')}"))
    do(state, "/strips/ben/solo", 1)
    orders = state.listening.orders(state.sound.orders())
    assert orders.afl == {"ben"} and not orders.solo and not said
    do(state, "/sound/solo", "in place")
    do(state, "/strips/anna/solo", 1)
    do(state, "/strips/ben/solo", 1)
    assert state.sound.orders().solo == {"anna", "ben"}
    assert said[-1] == f"{HAND.who}: solo in place: only anna, ben is on air now"
    do(state, "/strips/anna/solo", 0)
    assert state.sound.orders().solo == {"ben"}
    do(state, "/sound/solo", "monitor")
    assert not state.sound.orders().solo, "and the air is whole again"


# -- presets that a hand stores ----------------------------------------------------------------------------------------


def test_a_stored_preset_is_there_at_once_and_reads_back_the_same(state, tmp_path):
    do(state, "/strips/anna/eq/low_mid/gain", -4.5)
    do(state, "/strips/anna/eq/on", 0)
    do(state, "/strips/anna/store", "mine")
    do(state, "/strips/ben/preset", "mine")
    assert loaded(state.sound.strips["ben"]) == loaded(state.sound.strips["anna"])
    store = PresetStore(sounds_beside(state.show.path), None)
    store.keep(*state.sound.stored.pop())
    assert list(store.said) == [str(tmp_path / "sounds" / "mine.toml")]
    again = small_show(tmp_path, DESK)
    assert loaded(again.presets["mine"]) == loaded(state.sound.strips["anna"])


@pytest.mark.parametrize("name", ["", "Mine", "../mine", "a/b", "x" * 41, "con?", "mine\n"])
def test_names_that_are_none_for_a_preset_are_refused(state, name):
    with pytest.raises(CommandError):
        do(state, "/strips/anna/store", name)
    assert not state.sound.stored and name not in state.sound.presets


def test_a_preset_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "sounds").write_text("no folder")
    store = PresetStore(tmp_path / "sounds", None)
    store.keep("mine", Preset())
    (error,) = store.said
    assert isinstance(error, OutputError) and "preset mine" in str(error)


def _any(setting: Setting) -> st.SearchStrategy[Any]:
    if setting.type is bool:
        return st.booleans()
    if setting.choices:
        return st.sampled_from(setting.choices)
    return st.floats(setting.low, setting.high, allow_nan=False)


@given(st.data(), st.text(max_size=60))
def test_whatever_a_strip_is_set_to_its_preset_reads_back_the_same(data, title):
    settings = StripSettings()
    for setting in data.draw(st.lists(st.sampled_from(settings_of(Processing)), max_size=12)):
        settings = changed(settings, setting.path, data.draw(_any(setting)))
    preset = preset_of(settings, title)
    read = Preset.model_validate(tomllib.loads(preset_text(preset)))
    assert loaded(read) == loaded(preset) and read.title == preset.title
