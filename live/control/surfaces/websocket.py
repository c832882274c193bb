"""JSON over a websocket: what a page in a browser, a script, or the desk speaks.

    {"do": "/program/cut", "args": ["studio/left"]}                    a command; args may be left out
    {"frame": 1207, "state": {"program/shot": {"shot": "cam1"}, ...}}   the state: whole at first, then what changes
    {"error": "/program/cut: no shot ...", "do": "/program/cut"}        to whoever sent it, and to nobody else

A message may carry an `id` (a text or a number); the error then has it, too.

Any page that a browser shows can reach a port of this machine. So a page of another origin is refused, and so is a
request whose Host is a name that isn't this machine's: an attacker's name may lead to 127.0.0.1.

Reading a rig imports this module; asyncio and aiohttp are imported where something is served.
"""

from __future__ import annotations

import errno
import ipaddress
import json
import math
import socket
import sys
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field

from live.base.errors import CommandError, DeviceError
from live.base.hand import Hand, Role
from live.config.kinds import SURFACES
from live.config.surface import Port, SurfaceConfig

if TYPE_CHECKING:
    from aiohttp import web

    from live.control.worker import Desk, SurfaceSpec
    from live.workers import WorkerContext

PATH = "/ws"
MOST = 64  # clients
LONGEST = 65_536  # bytes of a message
ANSWERED = 20  # errors that a client is told in a second; the rest is counted
PENDING = 4_096  # commands whose answer may still come
_TICK_S = 0.008
_SILENT_S = 20.0  # a client that doesn't answer a ping for about so long has gone
_SEND_S = 10.0  # one that doesn't take a message for so long, too


@SURFACES.register
class WebsocketConfig(SurfaceConfig):
    """Commands and state as JSON over a websocket, for pages and scripts: ws://HOST:PORT/ws (docs/surfaces.md). Pages
    of other origins are refused unless they are named here."""

    kind: Literal["websocket"]
    port: Port = 9080
    origins: list[str] = Field(
        default_factory=list, description="other origins whose pages may connect, such as https://desk.example.org"
    )
    names: list[str] = Field(
        default_factory=list, description="names of this machine that clients may ask for, beside its addresses"
    )

    def bind(self) -> socket.socket:
        sock = socket.socket(socket.AF_INET6 if ":" in self.host else socket.AF_INET, socket.SOCK_STREAM)
        if sys.platform != "win32":  # a port that a show had a moment ago is free
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((self.host, self.port))
            sock.listen(MOST)
        except OSError as error:
            sock.close()
            action = "set its host to an address of this machine"
            if error.errno == errno.EADDRINUSE:
                action = f"end what uses it, or give the surface {self.name} another port"
            what = f"websocket port {self.host}:{self.port}"
            raise DeviceError(what, error.strerror or "can't be opened", action) from None
        return sock


def refused(config: WebsocketConfig, host: str, origin: str | None) -> str:
    """Why a request is refused, "" when it isn't. host, origin: of its headers. Pure."""
    name = urlsplit(f"//{host}").hostname or ""
    if not (_is_address(name) or name in ("localhost", config.host, *config.names)):
        return f"this machine isn't called {host!r:.60}; give it among the surface's names"
    if origin is None or origin in config.origins or origin.lower() in (f"http://{host}", f"https://{host}"):
        return ""
    return f"a page of {origin!r:.60} may not steer this show; give it among the surface's origins"


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def asked(text: str) -> tuple[str, list[Any], str | int | None]:
    """(address, arguments, id) of a message. Raises CommandError. Pure."""

    def wrong(cause: str) -> CommandError:
        return CommandError("a message", cause, 'send {"do": "/program/cut", "args": ["cam1"]}')

    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise wrong("is no JSON") from None
    if not isinstance(message, dict) or not isinstance(message.get("do"), str):
        raise wrong("does nothing")
    if unknown := set(message) - {"do", "args", "id"}:
        raise wrong(f"has {min(unknown)!r:.40}, which means nothing")
    args, number = message.get("args", []), message.get("id")
    if not isinstance(args, list):
        raise wrong("has args that are no list")
    if not (number is None or isinstance(number, str | int)) or len(str(number)[:65]) > 64:
        raise wrong("has an id that is no short text and no number")
    return message["do"], args, number


def as_text(message: Mapping[str, Any]) -> str:
    """JSON as browsers read it, which know no infinite numbers."""
    try:
        return json.dumps(message, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(message), separators=(",", ":"), ensure_ascii=False)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _finite(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(v) for v in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


class Client:
    """One connection. What it hasn't taken yet is one message, whatever has changed meanwhile: the newest values."""

    def __init__(self, socket: web.WebSocketResponse, hand: Hand) -> None:
        import asyncio

        self.socket, self.hand = socket, hand
        self.fresh = True  # it hasn't had the whole state
        self.frame = 0
        self._state: dict[str, Any] = {}
        self._errors: list[dict[str, Any]] = []
        self._second, self._told = 0, 0
        self._news = asyncio.Event()

    def change(self, frame: int, state: Mapping[str, Any]) -> None:
        self.frame = frame
        self._state.update(state)
        self._news.set()

    def tell(self, error: str, do: str, number: str | int | None, now_s: float) -> None:
        """An error; not more of them than somebody can read."""
        if int(now_s) != self._second:
            self._second, self._told = int(now_s), 0
        self._told += 1
        if self._told <= ANSWERED and len(self._errors) < ANSWERED:
            self._errors.append({"error": error, "do": do[:80], **({} if number is None else {"id": number})})
            self._news.set()

    async def write(self) -> None:
        """Send what there is, for as long as it is taken."""
        import asyncio

        while not self.socket.closed:
            await self._news.wait()
            self._news.clear()
            messages, self._errors = self._errors, []
            if self._state:
                messages.append({"frame": self.frame, "state": self._state})
                self._state = {}
            for message in messages:
                await asyncio.wait_for(self.socket.send_str(as_text(message)), _SEND_S)


class WebsocketSurface:
    """The websocket way in and out. One owner: the loop of its process."""

    def __init__(self, desk: Desk, config: WebsocketConfig, now_ns: Callable[[], int]) -> None:
        """now_ns: tells the time."""
        self._desk, self._config, self._now_ns = desk, config, now_ns
        self._clients: set[Client] = set()
        self._sent: OrderedDict[int, tuple[Client, str, str | int | None]] = OrderedDict()  # by number
        self.bad = 0

    def tick(self) -> None:
        """Everything but reading and writing: to be called often."""
        desk, now_ns = self._desk, self._now_ns()
        desk.pump(now_ns)
        for changes in desk.listen(now_ns):
            named = _named(changes.values)
            for client in self._clients:
                if not client.fresh and named:
                    client.change(changes.frame, named)
        if desk.whole and any(c.fresh for c in self._clients):
            everything = _named(desk.state)
            for client in self._clients:
                if client.fresh:
                    client.fresh = False
                    client.change(desk.frame, everything)
        for number, text in desk.answers():
            if (found := self._sent.pop(number, None)) is not None:
                client, do, wanted = found
                client.tell(text, do, wanted, now_ns / 1e9)
        desk.count({"clients": len(self._clients), "bad": self.bad}, now_ns)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One client, from its coming to its going."""
        import asyncio

        from aiohttp import web

        if why := refused(self._config, request.host, request.headers.get("Origin")):
            return web.Response(status=403, text=why)
        if len(self._clients) >= MOST:
            return web.Response(status=503, text=f"{MOST} clients already")
        response = web.WebSocketResponse(max_msg_size=LONGEST, heartbeat=_SILENT_S)
        await response.prepare(request)
        peer = request.transport.get_extra_info("peername") if request.transport else None
        host, port = (str(peer[0]), int(peer[1])) if peer else ("", 0)
        client = Client(response, Hand(f"{self._config.name} {host}:{port}", host, Role(self._config.role)))
        self._clients.add(client)
        writer = asyncio.ensure_future(self._write(client))
        try:
            async for message in response:
                if message.type is not web.WSMsgType.TEXT:
                    break
                self._hear(client, message.data)
                await asyncio.sleep(0)  # one who sends without a pause lets the others have their turn
        finally:
            self._clients.discard(client)
            writer.cancel()
        return response

    @staticmethod
    async def _write(client: Client) -> None:
        try:
            await client.write()
        except (ConnectionError, TimeoutError):
            await client.socket.close()

    def _hear(self, client: Client, text: str) -> None:
        desk, now_ns, do, number = self._desk, self._now_ns(), "", None
        try:
            try:
                do, args, number = asked(text)
            except CommandError as error:
                self.bad += 1
                desk.mistake(error, client.hand, now_ns)
                raise
            command = desk.hear(client.hand, do, args, now_ns)
            if command is not None:
                self._sent[desk.take(client.hand.who, client.hand, command, now_ns)] = client, do, number
                if len(self._sent) > PENDING:
                    self._sent.popitem(last=False)
                desk.pump(now_ns)
        except CommandError as error:
            client.tell(str(error), do, number, now_ns / 1e9)


def _named(state: Mapping[str, Any]) -> dict[str, Any]:
    """By path without its root: values by name; as a list where they have none."""
    from live.control.published import ROOT, as_json

    named: dict[str, Any] = {}
    for path, values in state.items():
        try:
            named[path.removeprefix(ROOT)] = as_json(path, values)
        except KeyError:
            named[path.removeprefix(ROOT)] = list(values)
    return named


@asynccontextmanager
async def served(surface: WebsocketSurface, sock: socket.socket) -> AsyncIterator[None]:
    """Meanwhile the surface answers at its socket."""
    from aiohttp import web

    app = web.Application()
    app.router.add_get(PATH, surface.serve)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.SockSite(runner, sock).start()
        yield
    finally:
        await runner.cleanup()


async def _run(surface: WebsocketSurface, sock: socket.socket, ctx: WorkerContext) -> None:
    import asyncio

    async with served(surface, sock):
        while not ctx.stopping():
            surface.tick()
            await asyncio.sleep(_TICK_S)


def serve(desk: Desk, spec: SurfaceSpec, ctx: WorkerContext) -> None:
    """The worker."""
    import asyncio

    assert isinstance(spec.config, WebsocketConfig)
    asyncio.run(_run(WebsocketSurface(desk, spec.config, ctx.clock.now_ns), spec.socket, ctx))
