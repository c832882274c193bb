"""The websocket way in and out, over real connections on loopback."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.base.clock import NS
from live.base.errors import CommandError, DeviceError
from live.control.link import Links
from live.control.registry import all_commands, to_message
from live.control.surfaces import websocket
from live.control.surfaces.websocket import Client, WebsocketConfig, WebsocketSurface, as_text, asked, refused, served
from live.control.worker import Desk
from live.show import commands as c
from tests.support.surfaces import Paths
from tests.unit.test_registry import example

CONFIG = WebsocketConfig(kind="websocket", name="page", port=0)


class Show:
    """The engine's end, its frames stepped by the test."""

    def __init__(self, config=CONFIG) -> None:
        self.links, self.tree = Links(), Paths()
        self.tree.set("program/shot", "cam1")
        self.now_ns, self.frame_number = NS, 0
        self.desk = Desk(self.links.add(config.name), self.now_ns)
        self.surface = WebsocketSurface(self.desk, config, lambda: self.now_ns)
        self.socket = config.bind()
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/ws"

    def frame(self):
        """One frame; what came for it."""
        self.frame_number += 1
        self.now_ns += NS // 30
        self.surface.tick()
        came = self.links.poll(self.frame_number, self.now_ns)
        self.links.publish(self.frame_number, self.tree.take_changes(), self.tree)
        self.surface.tick()
        return came

    async def came(self):
        """What comes for the next frame that something comes for."""
        for _ in range(2000):
            if came := self.frame():
                return came
            await asyncio.sleep(0.001)
        raise AssertionError("nothing came")

    def close(self):
        self.desk.close()
        self.links.close()


def played(scenario, config=CONFIG):
    """Run `scenario(show, session)` with a surface that is served."""

    async def run():
        show = Show(config)
        try:
            async with served(show.surface, show.socket), aiohttp.ClientSession() as session:
                await asyncio.wait_for(scenario(show, session), 20)
        finally:
            show.close()

    asyncio.run(run())


@asynccontextmanager
async def connected(show, session, **more):
    """A client that has had the whole state."""
    async with session.ws_connect(show.url, **more) as ws:
        while not show.desk.whole or not show.surface._clients or any(c.fresh for c in show.surface._clients):
            show.frame()
            await asyncio.sleep(0.001)
        yield ws


async def said(ws):
    return json.loads((await asyncio.wait_for(ws.receive(), 5)).data)


def test_the_whole_state_comes_first_and_then_what_changes():
    async def scenario(show, session):
        async with connected(show, session) as ws:
            whole = await said(ws)
            assert whole["state"] == {"program/shot": {"shot": "cam1"}} and whole["frame"] >= 1
            show.tree.set("program/shot", "cam2")
            show.frame()
            assert await said(ws) == {"frame": show.frame_number, "state": {"program/shot": {"shot": "cam2"}}}

    played(scenario)


def test_a_command_is_carried_out_and_its_error_told_to_whoever_sent_it_and_to_nobody_else():
    async def scenario(show, session):
        async with connected(show, session) as ws, connected(show, session) as other:
            await said(ws), await said(other)
            await ws.send_str(json.dumps({"do": "/program/cut", "args": ["nosuch"], "id": 7}))
            (came,) = await show.came()
            assert came.command == c.ProgramCut("nosuch") and came.hand.who.startswith("page 127.0.0.1:")
            assert came.hand.local
            show.links.answer(came, CommandError("/program/cut", "no shot is called 'nosuch'", ""))
            show.tree.set("late", 1)
            show.frame()
            told = {"error": "/program/cut: no shot is called 'nosuch'", "do": "/program/cut", "id": 7}
            assert await said(ws) == told
            assert "late" in (await said(other))["state"]

    played(scenario)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cut!", "is no JSON"),
        ("[" * 50_000, "is no JSON"),
        ("[]", "does nothing"),
        ('{"do": 5}', "does nothing"),
        ('{"do": "/program/cut", "args": "cam1"}', "args that are no list"),
        ('{"do": "/program/cut", "arguments": []}', "'arguments', which means nothing"),
        ('{"do": "/program/cut", "id": []}', "an id"),
        ('{"do": "/nosuch"}', "no such command"),
        ('{"do": "/program/cut", "args": [{}]}', "not text"),
        ('{"do": "/program/cut", "args": ["\\ud800"]}', "no text (U+D800)"),
        ('{"do": "/director/hold", "args": [NaN]}', "not a number"),
        ('{"do": "/director/hold", "args": [1e400]}', "not a number"),
        ('{"do": "/subscribe", "args": [9000]}', ""),
    ],
)
def test_what_is_no_command_is_answered_in_words(text, words):
    async def scenario(show, session):
        async with connected(show, session) as ws:
            await said(ws)
            await ws.send_str(text)
            if words:
                assert words in (await said(ws))["error"]
                (came,) = await show.came()
                assert isinstance(came.command, CommandError), "the log has it, too"
            else:
                (came,) = await show.came()
                assert came.command == c.Subscribe(9000), "which the engine refuses"

    played(scenario)


@given(
    st.text(max_size=200)
    | st.recursive(st.none() | st.text(max_size=5), lambda s: st.lists(s), max_leaves=5).map(json.dumps)
)
def test_whatever_text_comes_it_is_a_message_or_a_command_error(text):
    for message in (text, f'{{"do": {text}}}', f'{{"do": "/x", "args": {text}}}', f'{{"do": "/x", "id": {text}}}'):
        try:
            do, args, _ = asked(message)
        except CommandError:
            continue
        assert isinstance(do, str) and isinstance(args, list)


def test_a_message_that_is_too_long_ends_the_connection_and_no_other():
    async def scenario(show, session):
        async with connected(show, session) as ws, connected(show, session) as other:
            await said(ws), await said(other)
            await ws.send_str("x" * (websocket.LONGEST + 1))
            closed = await asyncio.wait_for(ws.receive(), 5)
            assert closed.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
            await other.send_str('{"do": "/show/panic"}')
            assert [i.command for i in await show.came()] == [c.ShowPanic()]

    played(scenario)


@pytest.mark.parametrize(
    ("host", "origin", "goes"),
    [
        ("127.0.0.1:9080", None, True),
        ("localhost:9080", None, True),
        ("[::1]:9080", None, True),
        ("192.168.1.20:9080", "http://192.168.1.20:9080", True),
        ("127.0.0.1:9080", "http://127.0.0.1:9080", True),
        ("studio.local:9080", "http://studio.local:9080", True),
        ("127.0.0.1:9080", "https://desk.example.org", True),
        ("127.0.0.1:9080", "http://evil.example", False),
        ("127.0.0.1:9080", "null", False),
        ("127.0.0.1:9080", "http://127.0.0.1:8000", False),  # another server of this machine
        ("evil.example:9080", "http://evil.example:9080", False),  # a name that was made to lead here
        ("evil.example:9080", None, False),
        ("", None, False),
    ],
)
def test_a_page_of_another_origin_or_a_strange_name_is_refused(host, origin, goes):
    config = WebsocketConfig(
        kind="websocket", name="page", origins=["https://desk.example.org"], names=["studio.local"]
    )
    assert (refused(config, host, origin) == "") is goes


def test_who_is_refused_gets_no_connection():
    async def scenario(show, session):
        for headers in ({"Origin": "http://evil.example"}, {"Host": "evil.example"}):
            with pytest.raises(aiohttp.WSServerHandshakeError) as error:
                await session.ws_connect(show.url, headers=headers)
            assert error.value.status == 403
        assert not show.surface._clients

    played(scenario)


def test_there_are_only_so_many_clients(monkeypatch):
    monkeypatch.setattr(websocket, "MOST", 2)

    async def scenario(show, session):
        async with connected(show, session), connected(show, session):
            with pytest.raises(aiohttp.WSServerHandshakeError) as error:
                await session.ws_connect(show.url)
            assert error.value.status == 503
        while show.surface._clients:
            await asyncio.sleep(0.001)
        async with connected(show, session) as ws:
            assert (await said(ws))["state"]

    played(scenario)


def test_who_only_watches_is_told_so():
    async def scenario(show, session):
        async with connected(show, session) as ws:
            await said(ws)
            await ws.send_str('{"do": "/program/cut"}')
            assert "nobody steers from here" in (await said(ws))["error"]

    played(scenario, WebsocketConfig(kind="websocket", name="page", port=0, role="viewer"))


def test_a_slow_client_gets_the_newest_and_holds_nothing_else():
    client = Client(None, None)
    for n in range(10_000):
        client.change(n, {"late": n, f"x/{n % 5}": n})
    assert (client.frame, len(client._state), client._state["late"]) == (9_999, 6, 9_999)
    for n in range(10_000):
        client.tell("a mistake", "/x", None, n / 10_000)
    assert len(client._errors) == websocket.ANSWERED


def test_numbers_that_browsers_do_not_know_are_nothing():
    assert json.loads(as_text({"a": [float("-inf"), 1.5, {"b": float("nan")}]})) == {"a": [None, 1.5, {"b": None}]}


def test_a_port_in_use_is_a_clear_error():
    sock = CONFIG.bind()
    with pytest.raises(DeviceError, match="give the surface page another port"):
        WebsocketConfig(kind="websocket", name="page", port=sock.getsockname()[1]).bind()
    sock.close()


def test_every_command_comes_through_as_what_it_was():
    async def scenario(show, session):
        async with connected(show, session) as ws:
            await said(ws)
            for spec in all_commands():
                command = spec.cls(**{a.name: example(a) for a in spec.args})
                address, args = to_message(command)
                await ws.send_str(json.dumps({"do": address, "args": args}))
                assert [i.command for i in await show.came()] == [command]

    played(scenario)
