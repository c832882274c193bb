"""Who is heard where: the levels of every channel of the sound devices, in the terminal. A process for each device,
since a sound server's name for it binds a whole process.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from live.base.clock import NS, MonotonicClock
from live.base.errors import DeviceError
from live.sound.capture import Capture
from live.sound.devices import Device, devices

if TYPE_CHECKING:
    from rich.table import Table

FLOOR_DB, HEARD_DB = -60.0, -45.0  # the lower end of the bar; what is louder is somebody
BAR = 30  # characters
FALL_DB_S = 20.0  # of the bar
TOLD_HZ = 10
RETRY_S = 1.0


def db(peaks: npt.NDArray[np.float32]) -> list[float]:
    """dB of full scale of amplitudes."""
    return [round(float(20 * np.log10(max(p, 1e-6))), 1) for p in peaks]


def measure(device: Device, out: Connection) -> None:
    """A process: sends the peaks of each channel in dB, ten times a second, or in words why there are none; until
    nobody listens."""
    clock = MonotonicClock()
    while True:
        try:
            with Capture(device, device.channels) as capture:
                peaks, next_ns = np.zeros(device.channels, np.float32), 0
                for heard in capture.blocks():
                    if heard is not None:
                        peaks = np.maximum(peaks, np.abs(heard[1]).max(0))
                    if clock.now_ns() >= next_ns:
                        out.send(db(peaks) if heard is not None else [])
                        peaks, next_ns = np.zeros(device.channels, np.float32), clock.now_ns() + NS // TOLD_HZ
        except DeviceError as error:
            try:
                out.send(error.cause)
            except OSError:
                return
            clock.wait_until(clock.now_ns() + round(RETRY_S * NS))
        except (OSError, KeyboardInterrupt):  # nobody listens any more
            return


@dataclass
class Levels:
    """The levels of one device as they are shown. now_db falls slowly; most_db is the loudest so far. words: why there
    are none. Pure: time is an argument."""

    device: Device
    now_db: list[float] = field(default_factory=list)
    most_db: list[float] = field(default_factory=list)
    words: str = "waking up"

    def take(self, told: Sequence[float] | str, dt_s: float) -> None:
        if isinstance(told, str):
            self.words, self.now_db = told, []
        elif told:
            self.words = ""
            before = self.now_db or [FLOOR_DB] * len(told)
            self.now_db = [max(new, old - FALL_DB_S * dt_s) for new, old in zip(told, before, strict=True)]
            most = self.most_db or [FLOOR_DB] * len(told)
            self.most_db = [max(new, old) for new, old in zip(told, most, strict=True)]


def bar(level_db: float) -> str:
    """A level as a bar, from FLOOR_DB to full scale."""
    filled = round(BAR * min(1.0, max(0.0, 1 - level_db / FLOOR_DB)))
    return "█" * filled + "·" * (BAR - filled)


def table(all_levels: Sequence[Levels], names: Mapping[tuple[str, int], str]) -> Table:
    """names: who a rig says is there, by device id and channel from 1 on."""
    from rich.table import Table

    made = Table(box=None, pad_edge=False)
    for head in ("device", "channel", "who", "", "dB", "most"):
        made.add_column(head, justify="right" if head in ("channel", "dB", "most") else "left")
    for levels in all_levels:
        if levels.words:
            made.add_row(levels.device.name, "", "", levels.words, "", "")
            continue
        for n, (now, most) in enumerate(zip(levels.now_db, levels.most_db, strict=True), 1):
            colour = "red" if now > -1 else "yellow" if now > -9 else "green"
            made.add_row(
                levels.device.name if n == 1 else "",
                str(n),
                names.get((levels.device.id, n), ""),
                f"[{colour}]{bar(now)}[/]",
                _number(now),
                f"[bold]{_number(most)}[/]" if most > HEARD_DB else _number(most),
            )
    return made


def _number(level_db: float) -> str:
    return f"{level_db:.0f}" if level_db > FLOOR_DB else "-"


def show(names: Mapping[tuple[str, int], str], seconds: float | None) -> int:
    """Until it is interrupted, or for so many seconds. Returns the exit code: 1 when there is nothing to hear."""
    from rich.console import Console
    from rich.live import Live

    wanted = {device for device, _ in names}
    found = [d for d in devices("in") if not d.monitor or d.id in wanted]
    console = Console()
    if not found:
        console.print("no sound device to listen to; plug one in, or see `live devices`")
        return 1
    levels = [Levels(device) for device in found]
    last = Live(table(levels, names), console=console, refresh_per_second=TOLD_HZ, screen=False)
    try:
        if console.is_terminal:
            with last:
                for _ in _heard(levels, seconds):
                    last.update(table(levels, names))
        else:  # once, at the end: nobody looks
            for _ in _heard(levels, seconds):
                continue
            Console(width=120).print(table(levels, names))
    except KeyboardInterrupt:
        pass
    return 0


def _heard(all_levels: Sequence[Levels], seconds: float | None) -> Iterator[None]:
    """After each turn of news."""
    spawn, clock = multiprocessing.get_context("spawn"), MonotonicClock()
    lines, processes = [], []
    for levels in all_levels:
        ours, theirs = spawn.Pipe(duplex=False)
        process = spawn.Process(target=measure, args=(levels.device, theirs), daemon=True)
        process.start()
        theirs.close()
        lines.append((levels, ours))
        processes.append(process)
    start_ns = now_ns = clock.now_ns()
    try:
        while seconds is None or now_ns - start_ns < seconds * NS:
            clock.wait_until(now_ns + NS // TOLD_HZ)
            before_ns, now_ns = now_ns, clock.now_ns()
            for levels, line in lines:
                while not line.closed and line.poll():
                    try:
                        levels.take(line.recv(), (now_ns - before_ns) / NS)
                    except EOFError:
                        levels.take("its process died", 0.0)
                        line.close()
            yield
    finally:
        for process in processes:
            process.kill()
            process.join()
        for _, line in lines:
            line.close()
