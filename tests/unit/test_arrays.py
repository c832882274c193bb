"""Ceiling arrays that say where somebody talks: their protocols, and what becomes of them, against arrays that are made
here, over real sockets on loopback."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.arrays.kinds.sennheiser import SennheiserConfig, SscAnswers
from live.arrays.kinds.shure import SILENT_NS, ShureConfig, ShureStrings
from live.arrays.worker import ArrayEar
from live.base.clock import NS
from live.base.errors import CommandError, ConfigError
from live.config.arrays import ArrayConfig, Zone
from live.config.load import load_show
from live.control.link import Links
from live.control.state import StateTree
from live.control.surface import Incoming
from live.control.worker import Desk
from live.show.people.commands import PersonSpeaks
from tests.support.shows import SMALL, write_rig

FRAME_NS = NS // 25
AREAS = [Zone(person="anna", area=1), Zone(person="ben", area=2)]
ANGLES = [Zone(person="anna", azimuth_deg=(330, 30)), Zone(person="ben", azimuth_deg=(60.0, 120.0))]


def shure(port: int = 2202, by: str = "talkers") -> ShureConfig:
    return ShureConfig(kind="shure", name="ceiling", host="127.0.0.1", port=port, zones=AREAS, by=by)  # type: ignore[arg-type]


# -- what they say ----------------------------------------------------------------------------------------------------


def test_talkers_are_where_the_samples_say_for_a_while() -> None:
    strings = ShureStrings(shure())
    assert strings.greeting == "< SET TALKER_POSITION_RATE 200 >\r\n"
    strings.take("< REP TALKER_POSITION_RATE 00200 >\r\n< SAMPLE TALKER_POSITIONS 1 2 -1524 321 914 0 2 3 12", 0)
    assert strings.areas(0) == set(), "it isn't whole yet"
    strings.take("3 -321 914 0 >", NS // 10)
    assert strings.areas(NS // 10) == {2, 3} and strings.areas(NS) == set() and strings.bad == 0
    strings.take("< SAMPLE TALKER_POSITIONS 4 0 10 20 300 0 >", 2 * NS)
    assert strings.areas(2 * NS) == {4}, "without areas it is the lobe"


def test_gates_are_those_of_areas_else_those_of_lobes() -> None:
    strings = ShureStrings(shure(by="gates"))
    strings.take("< REP 1 AUTOMIX_GATE_OUT_EXT_SIG ON >< REP 3 AUTOMIX_GATE_OUT_EXT_SIG OFF >", 0)
    assert strings.areas(0) == {1}
    strings.take("< REP 02 AUTOMIX_GATE_OUT_CA ON >< REP 01 AUTOMIX_GATE_OUT_CA OFF >< REP ERR >", 0)
    assert strings.areas(10 * NS) == {2} and strings.bad == 0


@given(
    st.lists(st.text(alphabet="<> REPSAMPLETALKER_POSITIONS0129-x", max_size=60)), st.sampled_from(["talkers", "gates"])
)
def test_whatever_comes_breaks_nothing(parts: list[str], by: str) -> None:
    strings = ShureStrings(shure(by=by))
    for n, part in enumerate(parts):
        strings.take(part, n)
    strings.areas(len(parts))


def test_what_never_ends_is_given_up() -> None:
    strings = ShureStrings(shure())
    strings.take("< " + "x" * 20_000, 0)
    strings.take("< SAMPLE TALKER_POSITIONS 1 1 0 0 0 0 >", 0)
    assert strings.bad == 1 and strings.areas(0) == {1}


@pytest.mark.parametrize(
    ("datagram", "azimuth_deg", "peak_db", "bad"),
    [
        (b'{"m":{"beam":{"azimuth":180,"elevation":45}}}', 180.0, None, 0),
        (b'{"m":{"in1":{"peak":-25}}}', None, -25.0, 0),
        (b'{"m":{"beam":{"azimuth":null}}}', None, None, 0),
        (b'{"osc":{"error":[{"m":{"beam":[404,{"desc":"no"}]}}]}}', None, None, 0),
        (b'{"m":{"beam":{"azimuth":"x"}}}', None, None, 0),
        (b"[1]", None, None, 1),
        (b"\xff", None, None, 1),
        (b"[" * 100_000, None, None, 1),
    ],
)
def test_an_answer_is_read(datagram: bytes, azimuth_deg: float | None, peak_db: float | None, bad: int) -> None:
    answers = SscAnswers()
    answers.take(datagram)
    assert (answers.azimuth_deg, answers.peak_db, answers.bad) == (azimuth_deg, peak_db, bad)


def test_a_zone_may_go_through_north() -> None:
    north, east = ANGLES
    assert [a for a in (0, 29, 31, 90, 329, 331) if north.holds(a)] == [0, 29, 331]
    assert [a for a in (0, 59, 60, 120, 121) if east.holds(a)] == [60, 120]


# -- to the show ------------------------------------------------------------------------------------------------------


class Show:
    """The engine's end, and an array's ear, on a clock that is stepped."""

    def __init__(self, config: ArrayConfig, meanwhile: Callable[[], None]) -> None:
        self.links, self.tree = Links(), StateTree()
        self.desk = Desk(self.links.add("ceiling"), NS)
        self.ear = ArrayEar(self.desk, config)
        self.now_ns, self.meanwhile = NS, meanwhile

    def go(self, seconds: float) -> list[Incoming]:
        came: list[Incoming] = []
        for _ in range(round(seconds * NS / FRAME_NS)):
            self.now_ns += FRAME_NS
            self.meanwhile()
            self.ear.turn(self.now_ns)
            self.desk.pump(self.now_ns)
            came += self.links.poll(0, self.now_ns)
        return came

    def said(self, seconds: float) -> list[tuple[str, bool]]:
        found = [i.command for i in self.go(seconds)]
        return [(c.name, c.on) for c in found if isinstance(c, PersonSpeaks)]

    def faults(self, seconds: float) -> list[str]:
        return [str(i.command) for i in self.go(seconds) if isinstance(i.command, CommandError)]

    def close(self) -> None:
        self.ear.close()
        self.desk.close()
        self.links.close()


class Mxa:
    """An MXA920 that says what it is told to, when it is asked to."""

    def __init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.server.setblocking(False)
        self.port: int = self.server.getsockname()[1]
        self.client: socket.socket | None = None
        self.asked = b""
        self.talks: list[int] = []

    def turn(self) -> None:
        with suppress(BlockingIOError):
            self.client = self.server.accept()[0]
            self.client.setblocking(False)
        if self.client is None:
            return
        with suppress(BlockingIOError, OSError):
            self.asked += self.client.recv(4096)
        if b"SET TALKER_POSITION_RATE" in self.asked and self.talks:
            places = " ".join(f"1 {area} 0 0 120 0" for area in self.talks)
            with suppress(OSError):
                self.client.sendall(f"< SAMPLE TALKER_POSITIONS {places} >\r\n".encode())

    def close(self) -> None:
        for sock in (self.client, self.server):
            if sock is not None:
                sock.close()


@pytest.fixture
def mxa() -> Iterator[Mxa]:
    array = Mxa()
    yield array
    array.close()


@pytest.fixture
def at_mxa(mxa: Mxa) -> Iterator[Show]:
    show = Show(shure(mxa.port), mxa.turn)
    yield show
    show.close()


def test_who_talks_under_it_speaks_until_they_stop(mxa: Mxa, at_mxa: Show) -> None:
    assert at_mxa.said(1.0) == [] and at_mxa.ear.connected
    mxa.talks = [1]
    assert at_mxa.said(1.4) == [("anna", True)] * 3, "twice a second"
    mxa.talks = [2, 7]
    assert {("anna", False), ("ben", True)} <= set(at_mxa.said(1.5))
    mxa.talks = []
    assert at_mxa.said(1.5)[-1] == ("ben", False)


def test_one_that_hangs_up_is_told_once_and_found_again(mxa: Mxa, at_mxa: Show) -> None:
    mxa.talks = [1]
    at_mxa.go(1.0)
    port = mxa.port
    mxa.close()
    mxa.client = None
    at_mxa.meanwhile = lambda: None
    came = at_mxa.go(6.0)
    faults = [str(i.command) for i in came if isinstance(i.command, CommandError)]
    assert len(faults) == 1 and "array ceiling at 127.0.0.1" in faults[0] and "tried again" in faults[0]
    assert PersonSpeaks("anna", False) in [i.command for i in came] and not at_mxa.ear.connected
    mxa.server = socket.create_server(("127.0.0.1", port))
    mxa.server.setblocking(False)
    at_mxa.meanwhile = mxa.turn
    assert ("anna", True) in at_mxa.said(7.0) and at_mxa.ear.connected


def test_one_that_falls_silent_is_gone(at_mxa: Show) -> None:
    assert "has fallen silent" in at_mxa.faults(SILENT_NS / NS + 1)[0]


class Tcc2:
    """A TeamConnect Ceiling 2 that answers what it is asked."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.setblocking(False)
        self.port: int = self.socket.getsockname()[1]
        self.azimuth_deg, self.peak_db, self.answers = 0, -70, True

    def turn(self) -> None:
        with suppress(BlockingIOError):
            while True:
                data, whose = self.socket.recvfrom(4096)
                asked = json.loads(data)["m"]
                told = {"beam": {"azimuth": self.azimuth_deg, "elevation": 40}} if "beam" in asked else {}
                told |= {"in1": {"peak": self.peak_db}} if "in1" in asked else {}
                if self.answers:
                    self.socket.sendto(json.dumps({"m": told}).encode(), whose)


def test_who_is_in_its_beam_while_it_is_loud_speaks() -> None:
    array = Tcc2()
    config = SennheiserConfig(kind="sennheiser", name="ceiling", host="127.0.0.1", port=array.port, zones=ANGLES)
    show = Show(config, array.turn)
    try:
        assert show.said(1.0) == [], "the room is quiet"
        array.peak_db = -20
        assert show.said(1.0)[0] == ("anna", True)
        array.azimuth_deg = 90
        assert set(show.said(1.5)) == {("anna", False), ("ben", True)}
        array.azimuth_deg = 200  # where nobody sits
        assert show.said(1.5)[-1] == ("ben", False)
        array.answers = False
        assert "doesn't answer" in show.faults(4.0)[0]
        array.answers, array.azimuth_deg = True, 0
        assert ("anna", True) in show.said(3.0)
    finally:
        show.close()
        array.socket.close()


# -- in a rig ---------------------------------------------------------------------------------------------------------

RIG = SMALL + '[[sources]]\nname = "cam1"\nkind = "pattern"\n[[people]]\nname = "anna"\ncamera = "cam1"\n'
ARRAY = '[[arrays]]\nname = "ceiling"\nkind = "shure"\nhost = "127.0.0.1"\nport = 9\n'


def test_a_rig_has_them_by_kind(tmp_path: Path) -> None:
    rig = load_show(write_rig(tmp_path, RIG + ARRAY + 'zones = [{ person = "anna", area = 1 }]\n')).rig
    assert [type(a) for a in rig.arrays] == [ShureConfig]


@pytest.mark.parametrize(
    ("zones", "words"),
    [
        ('[{ person = "ben", area = 1 }]', "no person is called ben"),
        ('[{ person = "anna" }]', "it has no area"),
        ('[{ person = "anna", azimuth_deg = [0, 10] }]', "it has no area"),
        ("[]", "zones"),
        ('[{ person = "anna", area = 9 }]', "area"),
    ],
)
def test_what_is_wrong_with_a_zone_is_said(tmp_path: Path, zones: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        load_show(write_rig(tmp_path, RIG + ARRAY + f"zones = {zones}\n"))
