"""Close-up against cuts per minute: the product's director over a range of prices, in its styles, beside simpler
policies.

    python benchmarks/directing.py RTTM --frontier PICTURE

All are played over the same meetings; the figures are those of benchmarks/directing.py. naive follows the voice,
however short; hysteresis waits until somebody has been speaking alone for 0.8 s and the shot is 2 s old; both stay in
pauses and hear with a lag of
0.2 s, as a detector does. The crosses are what the project's reference on directing measured for an earlier form of the
expected cost, over the dev and test splits.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.directing import RATE_HZ, Bools, Meeting, Show, measure, measure_policy
from live.config.director import DirectorConfig
from live.config.load import load_style
from live.config.style import LONGEST_TURN_S, Style, shipped_styles, style_file, styled

LAG_S = 0.2
WAIT_S, MIN_SHOT_S = 0.8, 2.0
PRICES = (0.6, 0.8, 1.0, 1.35)  # of a cut, times the style's
DELAYS_S = (0.0, 0.5, 1.0)
SKIPPED = ("concert", "sermon")  # made for something else than a conversation
REFERENCE = {  # cuts per minute, close-up
    "reference, L = 0.1": (6.7, 0.91),
    "reference, L = 0.5": (6.6, 0.96),
    "reference, L = 1.0": (6.0, 0.97),
}


def follow(meeting: Meeting, flags: Bools, *, wait_s: float, min_shot_s: float) -> Show:
    """To whoever has been speaking alone for wait_s, once the shot is min_shot_s old; heard LAG_S late."""
    lag, wait, shortest = (round(s * RATE_HZ) for s in (LAG_S, wait_s, min_shot_s))
    alone = np.where(flags.sum(1) == 1, flags.argmax(1), -1)
    on_air, since, run, cuts = -1, -shortest, 0, []
    program = np.empty(len(alone), np.int64)
    for frame in range(len(alone)):
        heard = int(alone[max(0, frame - lag)])
        run = run + 1 if frame > lag and heard == alone[frame - lag - 1] else 0
        if heard >= 0 and heard != on_air and run >= wait and frame - since >= shortest:
            on_air, since = heard, frame
            cuts.append(frame)
        program[frame] = on_air
    return Show(program, tuple(cuts))


def priced(style: Style, factor: float) -> Style:
    """The same style with dearer or cheaper cuts, as far as it may go without being caught in the wide shot."""
    most = 0.95 * style.wide_for_one * LONGEST_TURN_S
    return styled(
        style,
        {
            "cut_s": style.cut_s * factor,
            "to_wide_s": style.to_wide_s * factor,
            "from_wide_s": min(most, style.from_wide_s * factor),
        },
    )


def draw(meetings: list[Meeting], picture: Path, style: Style) -> None:
    """Measure everything and draw it; the figures go to the terminal."""
    curves = {delay_s: [_point(meetings, priced(style, k), delay_s) for k in PRICES] for delay_s in DELAYS_S}
    points = {
        name: _point(meetings, load_style(style_file(name, Path())), 0.5)
        for name in shipped_styles()
        if name not in SKIPPED
    }
    simple = dict(
        [_simple(meetings, "naive", 0.0, 0.0), _simple(meetings, "hysteresis 0.8 s / 2 s", WAIT_S, MIN_SHOT_S)]
    )
    for name, (cuts, close_up) in [
        *simple.items(),
        *points.items(),
        *((f"delay {d:g} s", p) for d, ps in curves.items() for p in ps),
    ]:
        print(f"{name:48} {cuts:6.2f} cuts/min  close-up {close_up:.4f}", flush=True)
    _plot(picture, curves, points, simple, len(meetings))


def _point(meetings: list[Meeting], style: Style, delay_s: float) -> tuple[float, float]:
    found = measure(meetings, delay_s, 0.0 if delay_s else DirectorConfig().preview_s, False, style)
    return found["cuts_per_min"], found["close_up"]


def _simple(meetings: list[Meeting], name: str, wait_s: float, min_shot_s: float) -> tuple[str, tuple[float, float]]:
    policy = partial(follow, wait_s=wait_s, min_shot_s=min_shot_s)
    found = measure_policy(meetings, policy, delay_s=0.0, bleed=False, min_shot_s=MIN_SHOT_S)
    short = (
        f" ({100 * found['under_minimum']:.0f} % of its shots under {MIN_SHOT_S:g} s)"
        if min_shot_s < MIN_SHOT_S
        else ""
    )
    return name + short, (found["cuts_per_min"], found["close_up"])


Point = tuple[float, float]


def _plot(
    picture: Path, curves: dict[float, list[Point]], points: dict[str, Point], simple: dict[str, Point], meetings: int
) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    plt.rcParams["svg.hashsalt"] = "frontier"  # the same picture each time
    figure, axes = plt.subplots(figsize=(8, 5))
    colours = {0.0: "#c0504d", 0.5: "#1f6fb2", 1.0: "#4f9d4f"}
    for delay_s, found in curves.items():
        label = f"this director, delay {delay_s:g} s" if delay_s else "this director, live"
        axes.plot(*zip(*found, strict=True), marker="o", ms=4, color=colours[delay_s], label=label, zorder=3)
    for name, (cuts, close_up) in points.items():
        axes.plot(cuts, close_up, marker="D", ms=6, color="#1f6fb2", mfc="white", zorder=4)
        axes.annotate(name, (cuts, close_up), xytext=(-7, -11), textcoords="offset points", fontsize=8, ha="right")
    for (name, (cuts, close_up)), marker in zip(simple.items(), "sv", strict=True):
        axes.plot(cuts, close_up, marker=marker, ms=7, ls="", color="#777777", label=f"{name}, live")
    of_reference = "expected cost of the reference, L = 0.1, 0.5, 1 s"
    axes.plot(*zip(*REFERENCE.values(), strict=True), marker="x", ms=7, ls="", color="black", label=of_reference)
    axes.set(
        xlabel="cuts per minute",
        ylabel="speaker's close-up on program, share",
        title=f"{meetings} meetings: left and up is better",
    )
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8, loc="lower right")
    figure.tight_layout()
    figure.savefig(picture, dpi=110, metadata={"Date": None} if picture.suffix == ".svg" else None)
    plt.close(figure)
