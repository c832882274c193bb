"""Framing measured: the product's operator on synthetic tracks and on footage, beside a centre crop and simpler paths.

    python benchmarks/framing.py [--json FILE] [--footage FOLDER] [--sizes mcu cu]

Synthetic tracks: one person at 30 looks a second for 120 s, seeded: detector jitter, small sway, leans, walks within
reach, stops, a missed look now and then; a share of the track is drawn as the person really is, and everything is
measured against that truth, never against the looks. The frame is a medium close-up out of 16:9. All the time is on
air: nothing may hide behind a cut.

Footage: every clip of the folder with a face, on air all the time after one second off air (a shot is framed before it
is cut to), seen by the product's own detector as often as the product looks. The truth of a head is not the operator's:
chin, eyes and sides are points of MediaPipe's face mesh, the crown is the top of the segmentation matte
(framing_footage.py).

Figures, as the project's reference on directing names them:

subject_in_frame     the middle of the head is in the frame
head_cropped         more than 2 % of the true head's height or width, as far as the source's picture has it, is outside
the frame; a head
                     that no frame of the program's shape can hold in that picture doesn't count
headroom_error       mean of |headroom - target| / height of the frame. The target is what the shot size asks of the
true head: eyes
                     at a third, the crown no more than 11 % under the top; as far as the source's picture allows (a
                     source that cuts the crown, or whose edge is nearer, has the headroom of its edge)
lead_right           share of the frames, while the head is turned by more than 9 degrees, in which there is more room
before the face than
                     behind it
off_by_a_quarter     the head is more than a quarter of the frame's width from where it ought to be
still                share of frames in which the frame moves less than 0.5 % of its width a second
jerk                 RMS of the third derivative of the frame's middle, in frame widths / s^3, over all frames
reversals_per_min    changes of direction of moves faster than 1 % of the width a second
settle_s             median time from the end of a subject's move until the frame is within 5 % of where it then stays
iou                  of the frame with the one that the truth would get at once
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from framing_footage import Clip, follow, read

from live.framing.heads import DigitalCrop
from live.framing.operator import Operator
from live.framing.shots import CHIN_IN_BOX, CROWN_ABOVE_BOX, Aim, Box, Fit, aim_at, crop_for, overlap
from live.picture.values import Crop, Face

F64 = npt.NDArray[np.float64]
RATE_HZ = 30
WIDE = 16 / 9
FOOTAGE = Path(__file__).resolve().parents[2] / "shared" / "footage" / "people"
CLIPS = {".mp4", ".mkv", ".mpg", ".webm", ".gif", ".mov"}
SEEDS = range(1, 9)
HEAD = CROWN_ABOVE_BOX + CHIN_IN_BOX


# -- what happens -----------------------------------------------------------------------------------------------------


@dataclass
class Track:
    """One run: what the operator sees on each frame (None: no new look), and what is true. yaw: of the true head."""

    looks: list[tuple[Face, ...] | None]
    truth: list[Aim | None]
    fit: Fit
    steps_s: list[float] = field(default_factory=list)  # when the subject has made a move
    rate_hz: float = 30.0


def face_at(x: float, y: float, height: float, yaw: float = 0.0) -> Face:
    """A face whose middle is at x, y; its box is square in pixels."""
    return Face(x - height / WIDE / 2, y - height / 2, height / WIDE, height, 0.9, track=1, yaw=yaw)


def synthetic(seed: int, seconds: float = 120.0) -> Track:
    """A person before a camera: sits, sways, leans, walks a little, stops; and a detector that jitters and misses."""
    rng = np.random.default_rng(seed)
    n = round(seconds * RATE_HZ)
    t = np.arange(n) / RATE_HZ
    x, y, h = np.full(n, 0.5), np.full(n, 0.4), np.full(n, 0.16)
    steps: list[float] = []
    at = 3.0
    while at < seconds - 6:
        kind = rng.choice(["lean", "walk", "back", "near"], p=[0.45, 0.2, 0.2, 0.15])
        size, took = {"lean": (0.035, 0.7), "walk": (0.12, 1.6), "back": (0.08, 1.2), "near": (0.0, 1.0)}[kind]
        to = size * rng.choice([-1, 1]) * rng.uniform(0.7, 1.2)
        if kind == "back" or not 0.3 < x[round(at * RATE_HZ)] + to < 0.7:
            to = 0.5 - x[round(at * RATE_HZ)]
        ease = _eased((t - at) / took)
        x += to * ease
        y += (0.012 if kind == "lean" else 0.0) * rng.choice([-1, 1]) * ease
        if kind == "near":
            h *= 1 + (rng.uniform(0.9, 1.15) * 0.16 / h[round(at * RATE_HZ)] - 1) * ease
        if abs(to) > 0.05:
            steps.append(at + took)
        at += took + rng.uniform(2.0, 9.0)
    x += 0.004 * np.sin(2 * np.pi * 0.23 * t + rng.uniform(0, 6)) + 0.002 * np.sin(2 * np.pi * 0.71 * t)
    y += 0.003 * np.sin(2 * np.pi * 0.31 * t + rng.uniform(0, 6))
    yaw = _looks_aside(rng, t)
    noise = rng.normal(0, 1, (3, n))
    looks: list[tuple[Face, ...] | None] = []
    for i in range(n):
        missed = rng.random() < 0.02
        seen = face_at(x[i] + 0.003 * noise[0, i], y[i] + 0.004 * noise[1, i], h[i] * (1 + 0.02 * noise[2, i]), yaw[i])
        looks.append(() if missed else (seen,))
    fit = Fit(WIDE, WIDE)
    truth: list[Aim | None] = [aim_at([face_at(x[i], y[i], h[i])], WIDE, lead=yaw[i]) for i in range(n)]
    return Track(looks, truth, fit, steps)


def _eased(u: F64) -> F64:
    u = np.clip(u, 0, 1)
    return np.asarray(u * u * u * (10 + u * (6 * u - 15)))


def _looks_aside(rng: np.random.Generator, t: F64) -> F64:
    """To one partner or the other for seconds at a time, with short glances elsewhere."""
    yaw, at = np.zeros(len(t)), 0.0
    while at < t[-1]:
        long_s = rng.uniform(6, 20)
        yaw[(t >= at) & (t < at + long_s)] = rng.choice([-0.8, 0.0, 0.8])
        glance = at + rng.uniform(1, long_s)
        yaw[(t >= glance) & (t < glance + 0.6)] = rng.uniform(-1, 1)
        at += long_s
    return np.convolve(yaw, np.ones(9) / 9, mode="same")


# -- who frames it ----------------------------------------------------------------------------------------------------

Path_ = Callable[[Track, str], list[Crop]]


def ours(delay_s: float) -> Path_:
    """The product's operator, with the program so far behind what it sees."""

    def frames(track: Track, size: str) -> list[Crop]:
        operator = Operator(
            "camera", size, DigitalCrop(track.fit.source_aspect, track.fit.program_aspect), ahead_s=delay_s
        )
        late = round(delay_s * track.rate_hz)
        crops = []
        for i in range(len(track.looks)):
            look = track.looks[min(i + late, len(track.looks) - 1)]  # program is late: the operator sees what comes
            on_air = i >= round(track.rate_hz)
            crops.append(operator.step((i + late) / track.rate_hz, 1 / track.rate_hz, look, on_air=on_air))
        return crops

    return frames


def centre(track: Track, size: str) -> list[Crop]:
    """The middle of the picture, as near as the true head's size asks at the beginning."""
    first = next(a for a in track.truth if a is not None)
    zoom = crop_for(first, size, track.fit).zoom
    return [Crop(0.5, 0.5, zoom)] * len(track.looks)


def per_look(smooth: Callable[[], Callable[[float, Sequence[float]], Sequence[float]]]) -> Path_:
    """A path that follows the frame of every look through a filter."""

    def frames(track: Track, size: str) -> list[Crop]:
        step, crops, crop = smooth(), [], Crop()
        for i, look in enumerate(track.looks):
            if look:
                wanted = crop_for(aim_at([look[0]], track.fit.source_aspect), size, track.fit)
                x, y, zoom = step(i / track.rate_hz, (wanted.x, wanted.y, math.log(wanted.zoom)))
                crop = track.fit.clamped(Crop(x, y, math.exp(zoom)))
            crops.append(crop)
        return crops

    return frames


def exponential() -> Callable[[float, Sequence[float]], Sequence[float]]:
    """An exponential average, 0.15 s."""
    state: list[float] = []
    last = [0.0]

    def step(now_s: float, values: Sequence[float]) -> Sequence[float]:
        if not state:
            state.extend(values)
        a = 1 - math.exp(-(now_s - last[0]) / 0.15)
        last[0] = now_s
        state[:] = [s + a * (v - s) for s, v in zip(state, values, strict=True)]
        return state

    return step


def one_euro() -> Callable[[float, Sequence[float]], Sequence[float]]:
    """The one-euro filter (Casiez, Roussel, Vogel 2012): minimum cutoff 0.8 Hz, beta 2, derivative cutoff 1 Hz."""
    state: dict[str, Any] = {}

    def alpha(cutoff_hz: float, dt_s: float) -> float:
        return 1 / (1 + 1 / (2 * math.pi * cutoff_hz * dt_s))

    def step(now_s: float, values: Sequence[float]) -> Sequence[float]:
        if not state:
            state.update(t=now_s, x=list(values), d=[0.0] * len(values))
            return values
        dt_s = max(now_s - state["t"], 1e-3)
        for i, v in enumerate(values):
            state["d"][i] += alpha(1.0, dt_s) * ((v - state["x"][i]) / dt_s - state["d"][i])
            state["x"][i] += alpha(0.8 + 2.0 * abs(state["d"][i]), dt_s) * (v - state["x"][i])
        state["t"] = now_s
        return tuple(state["x"])

    return step


PATHS: dict[str, Path_] = {
    "operator": ours(0.0),
    "operator, 0.5 s delay": ours(0.5),
    "centre crop": centre,
    "exponential average": per_look(exponential),
    "one-euro": per_look(one_euro),
}


# -- figures ----------------------------------------------------------------------------------------------------------


def figures(track: Track, crops: list[Crop], size: str) -> dict[str, float]:
    """Everything of the list above, from one second on."""
    out: dict[str, list[float]] = {
        k: [] for k in ("subject_in_frame", "head_cropped", "headroom_error", "lead_right", "off_by_a_quarter", "iou")
    }
    for i in range(round(track.rate_hz), len(crops)):
        if (aim := track.truth[i]) is not None:
            for key, value in _of_frame(aim, crops[i], size, track.fit).items():
                out[key].append(value)
    found = {k: float(np.mean(v)) if v else math.nan for k, v in out.items()}
    return (
        found | motion(crops[round(track.rate_hz) :], track.fit, track.rate_hz) | {"settle_s": settle_s(track, crops)}
    )


def _of_frame(aim: Aim, crop: Crop, size: str, fit: Fit) -> dict[str, float]:
    right, box = crop_for(aim, size, fit), fit.box(crop)
    head = Box(max(aim.heads.x0, 0), max(aim.heads.y0, 0), min(aim.heads.x1, 1), min(aim.heads.y1, 1))
    width, height = box.x1 - box.x0, box.y1 - box.y0
    x, y = (head.x0 + head.x1) / 2, (head.y0 + head.y1) / 2
    found = {
        "subject_in_frame": float(box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1),
        "headroom_error": abs((head.y0 - box.y0) / height - target_headroom(aim, size, fit)),
        "off_by_a_quarter": float(abs(crop.x - right.x) / width > 0.25 or abs(crop.y - right.y) / height > 0.25),
        "iou": overlap(box, fit.box(right)),
    }
    if head.y1 - head.y0 <= fit.full[1] and head.x1 - head.x0 <= fit.full[0]:
        lost_y = max(0, box.y0 - head.y0) + max(0, head.y1 - box.y1)
        lost_x = max(0, box.x0 - head.x0) + max(0, head.x1 - box.x1)
        found["head_cropped"] = float(lost_y > 0.02 * (head.y1 - head.y0) or lost_x > 0.02 * (head.x1 - head.x0))
    if abs(aim.lead) > 0.3:
        found["lead_right"] = float((crop.x - x) * aim.lead > 0)
    return found


def target_headroom(aim: Aim, size: str, fit: Fit) -> float:
    """Of the true head in its right frame, in the source's own picture."""
    box = fit.box(crop_for(aim, size, fit))
    return (max(aim.heads.y0, 0.0) - box.y0) / (box.y1 - box.y0)


def motion(crops: list[Crop], fit: Fit, rate_hz: float) -> dict[str, float]:
    """Stillness, jerk and reversals, of the frame's middle in widths of the frame."""
    width = np.array([fit.size(c.zoom)[0] for c in crops])
    path = np.array([(c.x, c.y / fit.source_aspect) for c in crops])
    scale = float(np.median(width))
    v = np.diff(path, axis=0) * rate_hz / scale
    zoom_v = np.abs(np.diff(np.log([c.zoom for c in crops]))) * rate_hz / 2
    speed = np.hypot(v[:, 0], v[:, 1])
    jerk = np.diff(v, n=2, axis=0) * rate_hz**2
    turns = sum(_reversals(v[:, axis]) for axis in (0, 1))
    return {
        "still": float(np.mean((speed < 0.005) & (zoom_v < 0.005))),
        "jerk": float(np.sqrt(np.mean(np.sum(jerk**2, axis=1)))),
        "reversals_per_min": turns / (len(crops) / rate_hz / 60),
    }


def _reversals(v: F64) -> int:
    moving = np.sign(v[np.abs(v) > 0.01])
    return int(np.sum(moving[1:] != moving[:-1]))


def settle_s(track: Track, crops: list[Crop]) -> float:
    """Median over the subject's steps; nan without any."""
    times: list[float] = []
    if not track.steps_s:
        return math.nan
    for at_s, end_s in zip(track.steps_s, [*track.steps_s[1:], len(crops) / track.rate_hz], strict=True):
        window = crops[round(at_s * track.rate_hz) : round(min(end_s - 1.7, at_s + 4) * track.rate_hz)]
        if len(window) > 1:
            far = [i for i, c in enumerate(window) if abs(c.x - window[-1].x) > 0.05 * track.fit.size(c.zoom)[0]]
            times.append((far[-1] + 1) / track.rate_hz if far else 0.0)
    return float(np.median(times)) if times else math.nan


def mean(rows: list[dict[str, float]]) -> dict[str, float]:
    return {
        k: float(np.nanmean([r[k] for r in rows])) if any(r[k] == r[k] for r in rows) else math.nan for k in rows[0]
    }


COLUMNS = {
    "subject_in_frame": ("in frame", "%"),
    "head_cropped": ("cropped", "%"),
    "headroom_error": ("headroom", "%"),
    "lead_right": ("lead", "%"),
    "off_by_a_quarter": ("off 1/4", "%"),
    "still": ("still", ""),
    "jerk": ("jerk", ""),
    "reversals_per_min": ("rev/min", ""),
    "settle_s": ("settle s", ""),
    "iou": ("IoU", ""),
}


def table(title: str, rows: dict[str, dict[str, float]]) -> str:
    lines = [f"{title:26}" + "".join(f"{head:>10}" for head, _ in COLUMNS.values())]
    for name, row in rows.items():
        cells = (f"{row[k] * 100:9.1f}%" if unit else f"{row[k]:10.2f}" for k, (_, unit) in COLUMNS.items())
        lines.append(f"{name:26}" + "".join(cells))
    return "\n".join(lines)


def of_clip(clip: Clip, size: str) -> dict[str, dict[str, float]]:
    """Every path's figures on a clip; empty when nobody is seen there."""
    fit = Fit(clip.aspect, WIDE)
    first = next((look for look in clip.looks if look), None)
    if first is None:
        return {}
    subject = max(first, key=lambda f: f.width * f.height)
    truth = follow(clip, round(clip.rate_hz), subject.x + subject.width / 2)
    if not any(truth):
        return {}
    track = Track(clip.looks, truth, fit, rate_hz=clip.rate_hz)
    return {name: figures(track, path(track, size), size) for name, path in PATHS.items()}


def footage(folder: Path, sizes: Sequence[str]) -> dict[str, dict[str, dict[str, float]]]:
    """By clip and size, and the means of all."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for path in sorted(p for p in folder.iterdir() if p.suffix in CLIPS):
        clip = read(path)
        for size in sizes:
            if rows := of_clip(clip, size):
                found[f"{path.name}, {size}"] = rows
    if found:
        found["all footage"] = {name: mean([rows[name] for rows in found.values()]) for name in PATHS}
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, help="write every figure there")
    parser.add_argument("--footage", type=Path, default=FOOTAGE, help="a folder of clips")
    parser.add_argument("--sizes", nargs="+", default=["mcu", "cu"], help="shot sizes tried on the footage")
    args = parser.parse_args()
    tracks = [synthetic(seed) for seed in SEEDS]
    rows = {name: mean([figures(t, path(t, "mcu"), "mcu") for t in tracks]) for name, path in PATHS.items()}
    print(table("synthetic tracks", rows), flush=True)
    found: dict[str, Any] = {"synthetic": rows}
    if args.footage.is_dir():
        found["footage"] = footage(args.footage, args.sizes)
        for title, rows in found["footage"].items():
            print("\n" + table(title[:26], rows))
    else:
        print(f"no footage at {args.footage}: the synthetic tracks alone", file=sys.stderr)
    if args.json:
        args.json.write_text(json.dumps(found, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
