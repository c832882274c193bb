"""What the sound desk costs: CPU ms for a second of sound, part by part, and beside an x264 encode in the same run.

    python benchmarks/sound.py              # 16 strips; --strips 64 for a full desk

Every strip is a microphone of its own with speech-like noise. All sections: high-pass, gate, four bands, compressor,
de-esser and limiter, no two strips alike. Groups and buses: a group with all sections, an auxiliary, the mix-minus of a
strip in that group, and a master that turns down. Meters and loudness are always on. Medians of 5 runs of 5 seconds,
with min and max. Ears and noise suppression are apart: benchmarks/hearing.py.

On two busy cores of a Xeon, 2026-11-29: 16 strips with all sections and automix 230 ms (221 to 245), x264 160.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from live.audio.desk import Desk, Strip
from live.audio.mixer import BLOCK, Samples
from live.base.clock import cpu_s
from live.base.samples import SAMPLE_RATE
from live.config.desk import DeskOrders, MasterOrders, StripOrders
from live.config.strips import (
    Compressor,
    DeEsser,
    Equaliser,
    Gate,
    HighPass,
    Send,
    StripLimiter,
    StripSettings,
)

RUNS, SECONDS, WARM_S = 5, 5, 1
BLOCKS_A_SECOND = SAMPLE_RATE // BLOCK


def voices(count: int) -> list[Samples]:
    """Noise that comes and goes like words, (n, 1), different in each."""
    rng = np.random.default_rng(1)
    at = np.arange((SECONDS + WARM_S + 1) * SAMPLE_RATE) / SAMPLE_RATE
    words = [np.maximum(0, np.sin(2 * np.pi * rng.uniform(1, 4) * at + rng.uniform(0, 6))) for _ in range(count)]
    return [(0.15 * word * rng.normal(0, 1, len(at)))[:, None].astype(np.float32) for word in words]


def processed(n: int) -> StripSettings:
    """All sections on, and no two strips alike."""
    return StripSettings(
        gain_db=-n / 4,
        pan=(n % 5 - 2) / 4,
        highpass=HighPass(on=True, hz=80.0 + n),
        gate=Gate(on=True, threshold_db=-45.0 - n / 4),
        eq=Equaliser.model_validate(
            {
                band: {"hz": hz + n, "gain_db": gain_db}
                for band, hz, gain_db in (
                    ("low", 100.0, -2.0),
                    ("low_mid", 400.0, -3.0),
                    ("high_mid", 2500.0, 2.0),
                    ("high", 8000.0, 1.0),
                )
            }
        ),
        compressor=Compressor(on=True, threshold_db=-24.0 - n / 4),
        deesser=DeEsser(on=True, hz=6_000.0 + n),
        limiter=StripLimiter(on=True, ceiling_db=-6.0 - n / 8),
        aux1=Send(on=True),
    )


def cases(count: int) -> dict[str, DeskOrders]:
    names = [f"mic{n}" for n in range(count)]
    plain = {name: StripOrders() for name in names}
    rack = {name: StripOrders(processed(n)) for n, name in enumerate(names)}
    every = {name: StripOrders(processed(n), group="all" * (n % 2), automix=True) for n, name in enumerate(names)}
    loud, group = MasterOrders(gain_db=12.0), {"all": StripOrders(processed(0))}
    quiet = {name: StripOrders(StripSettings(gain_db=-30.0)) for name in names}
    return {
        "faders, all sections off": DeskOrders(quiet),
        "automix": DeskOrders({name: StripOrders(quiet[name].settings, automix=True) for name in names}),
        "a master that turns down": DeskOrders(plain, master=loud),
        "all sections on": DeskOrders(rack),
        "all sections and automix": DeskOrders({n: replace(strip, automix=True) for n, strip in rack.items()}),
        "and groups and buses, loud": DeskOrders(every, group, loud, buses=frozenset({"aux1", "minus-mic1"})),
    }


class Timed:
    """What each part of a desk takes, and a step in all: CPU s."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.spent = desk, dict.fromkeys(("rack", "automix", "mixer", "meters", "in all"), 0.0)
        for part, owner, method in (
            ("rack", desk.rack, "process"),
            ("automix", desk.rider, "gains"),
            ("mixer", desk.mixer, "mix"),
            ("meters", desk.meters, "take"),
        ):
            setattr(owner, method, self._timed(part, getattr(owner, method)))
        self.step = self._timed("in all", desk.step)

    def _timed(self, part: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **more: Any) -> Any:
            began_s = cpu_s()
            try:
                return call(*args, **more)
            finally:
                self.spent[part] += cpu_s() - began_s

        return timed


def measure(count: int, sounds: list[Samples], orders: DeskOrders) -> dict[str, float]:
    """CPU ms a second of sound, by part."""
    names = [f"mic{n}" for n in range(count)]
    of = dict(zip(names, sounds, strict=True))
    desk = Desk(
        [Strip(name, name) for name in names],
        lambda source, start, n: of[source][max(0, start) :][:n],
        BLOCK,
        groups=list(orders.groups),
        listened=names,
    )
    desk.set(orders)
    timed = Timed(desk)
    for _ in range(WARM_S * BLOCKS_A_SECOND):
        timed.step()
    timed.spent = dict.fromkeys(timed.spent, 0.0)
    for _ in range(SECONDS * BLOCKS_A_SECOND):
        timed.step()
    return {part: 1e3 * spent_s / SECONDS for part, spent_s in timed.spent.items()}


def x264_ms(seconds: int = 3) -> float:
    """CPU ms of a second of 1280x720 at 30 frames, ultrafast, as the program's encoder has it."""
    import av

    out = av.open("/dev/null", "w", format="mp4")
    stream = out.add_stream("libx264", rate=Fraction(30))
    stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
    stream.options = {"preset": "ultrafast", "tune": "zerolatency"}
    stream.thread_count = 1
    y, x = np.mgrid[0:1080, 0:1280]
    pictures = []
    for n in range(seconds * 30):
        luma = (128 + 60 * np.sin(x / 40 + n / 5) + 40 * np.cos(y / 30 - n / 7)).astype(np.uint8)
        pictures.append(av.VideoFrame.from_ndarray(luma, format="yuv420p"))
    began_s = cpu_s()
    for picture in pictures:
        out.mux(stream.encode(picture))
    out.mux(stream.encode(None))
    spent_s = cpu_s() - began_s
    out.close()
    return 1e3 * spent_s / seconds


def main() -> None:
    parser = argparse.ArgumentParser(description="what the sound desk costs")
    parser.add_argument("--strips", type=int, default=16)
    count = parser.parse_args().strips
    sounds = voices(count)
    encode = statistics.median(x264_ms() for _ in range(3))
    print(f"{count} strips; x264 ultrafast of 1280x720 at 30 frames a second: {encode:.0f} CPU ms a second")
    print(f"{'CPU ms a second of sound':28}{'rack':>8}{'automix':>9}{'mixer':>8}{'meters':>8}{'in all':>18}  of x264")
    for name, orders in cases(count).items():
        runs = [measure(count, sounds, orders) for _ in range(RUNS)]
        part = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        low, high = min(run["in all"] for run in runs), max(run["in all"] for run in runs)
        print(
            f"{name:28}{part['rack']:8.1f}{part['automix']:9.1f}{part['mixer']:8.1f}{part['meters']:8.1f}"
            f"{part['in all']:8.1f} ({low:.0f}-{high:.0f}){part['in all'] / encode:8.2f}"
        )


if __name__ == "__main__":
    main()
