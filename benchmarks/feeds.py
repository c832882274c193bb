"""What feeds cost the engine: CPU ms of a frame's drawing and copying for each feed, beside program's own.

    python benchmarks/feeds.py              # 1280x720; --height 1080 for 1920x1080

Program is a wide shot of the studio with two cameras cut out in it, their pictures new in every frame, and a lower
third. A feed's figure is what the frame costs more when it is made as well. Medians of 5 runs of 60 frames, with min
and max. Encoding is not in it: each feed that an output takes is one encoder more, in a process of its own.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from live.base.clock import cpu_s
from live.config.load import load_show
from live.picture.format import PictureFormat
from live.picture.values import GraphicView, Picture, ShotView, SourceInput
from live.render import Renderer
from live.render.feedsback import TAPS

RUNS, FRAMES, WARM = 5, 60, 10
RIG = """
title = "Feeds"
[picture]
width = {width}
height = {height}
[[sources]]
name = "anna"
kind = "pattern"
key = "ai"
[[sources]]
name = "ben"
kind = "pattern"
key = "ai"
[[sources]]
name = "view"
kind = "pattern"
[[scenes]]
name = "studio"
talent = {{ left = "anna", right = "ben" }}
"""
LOWER = GraphicView("lower", "lower_third", (("title", "Anna Berg"), ("subtitle", "Reporter")), 1.0, t_s=5.0)
WIDE, CLOSE, VIEW = ShotView("studio/wide", 9.0), ShotView("studio/left", 9.0), ShotView("view")
OVER = Picture(WIDE, graphics=(LOWER,))
CASES: list[tuple[str, Picture, str, Picture | None]] = [
    ("clean, nothing over it", Picture(WIDE), "clean", None),
    ("clean under a lower third", OVER, "clean", None),
    ("unfaded, half way to black", replace(OVER, black=0.5), "unfaded", None),
    ("fill", OVER, "fill", None),
    ("key", OVER, "key", None),
    ("preview: a close-up of the set", OVER, "preview", Picture(CLOSE)),
    ("an auxiliary: a source", OVER, "aux", Picture(VIEW)),
]


def sources(number: int, fmt: PictureFormat) -> dict[str, SourceInput]:
    """Pictures that are new in every frame; people as ellipses."""
    data = np.full(fmt.size, 120 + number % 16, np.uint8)
    y, x = np.mgrid[0 : fmt.height, 0 : fmt.width]
    matte = (
        ((x - fmt.width / 2) / (fmt.width / 5)) ** 2 + ((y - fmt.height * 0.6) / (fmt.height / 2)) ** 2 < 1
    ).astype(np.uint8) * 255
    box = (0.3, 0.1, 0.7, 1.0)
    made = {n: SourceInput(n, number, fmt, fmt.planes(data), matte, box, capture_ns=number) for n in ("anna", "ben")}
    return made | {"view": SourceInput("view", number, fmt, fmt.planes(data), capture_ns=number)}


def frames_ms(
    renderer: Renderer, fmt: PictureFormat, program: Picture, feed: str, picture: Picture | None, pictures: list
) -> float:
    """CPU ms a frame; feed "" for program alone."""
    out, beside = np.zeros(fmt.size, np.uint8), np.zeros(fmt.size, np.uint8)
    start_s = 0.0
    for n in range(WARM + FRAMES):
        if n == WARM:
            start_s = cpu_s()
        given = pictures[n % len(pictures)]
        renderer.draw(program, given, n, taps={feed: beside} if feed in TAPS else {})
        tag = renderer.finish(out)
        if feed and feed not in TAPS:
            renderer.draw_feed(feed, picture or program, given, n)
        if feed and tag is not None:
            renderer.take_feed(feed, tag, beside, out)
    return (cpu_s() - start_s) * 1000 / FRAMES


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--height", type=int, default=720)
    height = parser.parse_args().height
    fmt = PictureFormat(height * 16 // 9, height)
    with tempfile.TemporaryDirectory() as folder:
        rig = Path(folder) / "rig.toml"
        rig.write_text(RIG.format(width=fmt.width, height=fmt.height))
        renderer = Renderer(load_show(rig), on_fault=print)
    pictures = [sources(n, fmt) for n in range(8)]
    print(f"{renderer.name}, {fmt.width}x{fmt.height}: CPU ms a frame, median (min to max)")
    for name, program, feed, picture in CASES:
        alone, more = [], []
        for _ in range(RUNS):
            alone.append(frames_ms(renderer, fmt, program, "", None, pictures))
            more.append(frames_ms(renderer, fmt, program, feed, picture, pictures) - alone[-1])
        print(
            f"{name:34} {statistics.median(more):6.2f} ({min(more):.2f} to {max(more):.2f})   beside program's "
            f"{statistics.median(alone):.2f}"
        )
    renderer.close()


if __name__ == "__main__":
    main()
