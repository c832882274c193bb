"""How well the automatic director follows a meeting: the product's own Director, fed with annotations of who spoke
when.

    python benchmarks/directing.py RTTM [--delay S] [--lead S] [--bleed] [--style STYLE] [--json FILE] [--frontier
    PICTURE]

Each meeting of the RTTM file is one show at 30 frames a second on a virtual clock: a wide shot and a close-up per
person, the default style, a cut carried out on the frame it is due. Everything is seeded; two runs give the same
figures.

--delay: by how much the program is behind the microphones (the director's lookahead). 0 is a live program.
--lead: for how long a cut shows on preview first. Left out, it is 0 for a delayed program, which shows it by its delay,
and the rig's default preview time for a live one: what a live show has as it comes.
--bleed: the flags come from the product's own SpeechActivity, over levels made from the annotations: syllables over
room noise, everybody in everybody else's microphone 15 to 25 dB weaker, microphones that drop out for 0.2 to 0.4 s. The
truth stays as annotated.
--style: another style than talk, by name or path. --frontier: draw close-up against cuts per minute instead
(benchmarks/frontier.py).

Figures, means over the meetings, shares from 0 to 1:
close_up, visible, wrong: of the time in which one person alone speaks: their close-up is on program; it or the wide
shot; neither. cuts_per_min, median_shot_s: as they say. under_minimum: the share of shots cut before the minimum shot
length.
latency_s: mean over turns (one person alone, pauses up to 0.3 s bridged, 3 s or longer): from their start until the
close-up is on program, 0 if it is there already; a turn never shown counts with its whole length.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from live.config.director import DirectorConfig
from live.config.load import load_style
from live.config.style import Style, style_file
from live.director.cost import Candidate
from live.director.director import Director
from live.ears.activity import SpeechActivity
from live.sound.hearing import Hearing

RATE_HZ = 30
TURN_S = 3.0
BRIDGE_S = 0.3
SEED = 1

VOICE_DB, VOICE_SPREAD_DB = -26.0, 4.0  # of one person against another, and of one syllable against another
NOISE_DB, NOISE_SPREAD_DB = -60.0, 1.5
BLEED_DB = (-25.0, -15.0)
SYLLABLE_S, GAP_S = 0.2, 0.1
DROP_OUT_S = (0.2, 0.4)
DROP_OUTS_PER_MIN = 4.0  # of each microphone
DROPPED_DB = -90.0

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Meeting:
    """speaking: bool, frames x people, at RATE_HZ from the meeting's time 0."""

    name: str
    people: tuple[str, ...]
    speaking: Bools


def read(path: Path) -> list[Meeting]:
    """The meetings of an RTTM file, in its order. Someone speaks in a frame when they do at its start."""
    spans: dict[str, list[tuple[float, float, str]]] = defaultdict(list)
    for line in path.read_text().splitlines():
        fields = line.split()
        if fields and fields[0] == "SPEAKER":
            spans[fields[1]].append((float(fields[3]), float(fields[3]) + float(fields[4]), fields[7]))
    return [_meeting(name, of) for name, of in spans.items()]


def _meeting(name: str, spans: list[tuple[float, float, str]]) -> Meeting:
    people = tuple(sorted({who for _, _, who in spans}))
    speaking = np.zeros((int(max(end for _, end, _ in spans) * RATE_HZ) + 1, len(people)), bool)
    for start, end, who in spans:
        speaking[int(np.ceil(start * RATE_HZ)) : int(np.ceil(end * RATE_HZ)), people.index(who)] = True
    return Meeting(name, people, speaking)


def heard(meeting: Meeting, rng: np.random.Generator) -> Bools:
    """What the product's speech activity makes of the microphones of a room with bleed and drop-outs; the shape of
    speaking."""
    activity = SpeechActivity(meeting.people)
    steps = (
        activity.step(i / RATE_HZ, dict(zip(meeting.people, map(float, levels), strict=True)))
        for i, levels in enumerate(levels_db(meeting.speaking, rng))
    )
    return np.array([[step[person] for person in meeting.people] for step in steps])


def levels_db(speaking: Bools, rng: np.random.Generator) -> Floats:
    """dBFS by frame and microphone: powers of voices through the bleed matrix, and of the room's noise; then the
    drop-outs."""
    frames, people = speaking.shape
    phase_s = (np.arange(frames)[:, None] / RATE_HZ + rng.uniform(0, 1, people)) % (SYLLABLE_S + GAP_S)
    loudness_db = VOICE_DB + rng.normal(0, VOICE_SPREAD_DB, people) + rng.normal(0, VOICE_SPREAD_DB, (frames, people))
    voices = np.where(speaking & (phase_s < SYLLABLE_S), 10 ** (loudness_db / 10), 0.0)
    bleed_db = rng.uniform(*BLEED_DB, (people, people))
    np.fill_diagonal(bleed_db, 0.0)
    noise = 10 ** ((NOISE_DB + rng.normal(0, NOISE_SPREAD_DB, (frames, people))) / 10)
    levels = 10 * np.log10(voices @ 10 ** (bleed_db / 10) + noise)
    for mic in range(people):
        for start in rng.integers(0, frames, rng.poisson(DROP_OUTS_PER_MIN * frames / RATE_HZ / 60)):
            levels[start : start + int(rng.uniform(*DROP_OUT_S) * RATE_HZ), mic] = DROPPED_DB
    return levels


@dataclass(frozen=True)
class Show:
    """on_air: by frame, the person in close-up as an index, -1: wide. cuts: the frames that came first after one."""

    on_air: Ints
    cuts: tuple[int, ...]


def direct(meeting: Meeting, flags: Bools, delay_s: float, lead_s: float, style: Style) -> Show:
    """The show the director makes of what it hears; shots are captured delay_s before they are on program."""
    candidates = [Candidate("wide", "wide"), *(Candidate(p, "close_up", p) for p in meeting.people)]
    index = {"wide": -1, **{person: i for i, person in enumerate(meeting.people)}}
    director = Director(candidates, style, lookahead_s=delay_s)
    on_air, since_s, cuts = "wide", 0.0, []
    program = np.empty(len(flags), np.int64)
    for frame, row in enumerate(flags.tolist()):
        now_s = frame / RATE_HZ
        hearing = Hearing(dict(zip(meeting.people, row, strict=True)))
        proposal = director.step(now_s, hearing=hearing, on_air=on_air, on_air_since_s=since_s, epoch=0, lead_s=lead_s)
        if proposal is not None and now_s >= proposal.due_s:
            on_air, since_s = proposal.shot, now_s
            cuts.append(frame)
        program[frame] = index[on_air]
    return Show(program, tuple(cuts))


def figures(meeting: Meeting, show: Show, delay_s: float, min_shot_s: float) -> dict[str, float]:
    """One meeting's figures; the program is held against what was said when its frames were captured."""
    behind = round(delay_s * RATE_HZ)
    on_air, speaking = show.on_air[behind:], meeting.speaking[: len(show.on_air) - behind]
    alone = np.where(speaking.sum(1) == 1, speaking.argmax(1), -1)
    sole = alone >= 0
    close_up = float(np.mean(on_air[sole] == alone[sole]))
    wide = float(np.mean(on_air[sole] == -1))
    shots = np.diff((0, *show.cuts)) / RATE_HZ
    return {
        "close_up": close_up,
        "visible": close_up + wide,
        "wrong": 1 - close_up - wide,
        "cuts_per_min": len(show.cuts) / (len(show.on_air) / RATE_HZ / 60),
        "median_shot_s": float(np.median(shots)) if len(shots) else len(show.on_air) / RATE_HZ,
        "latency_s": latency_s(alone, on_air),
        "under_minimum": float(np.mean(shots < min_shot_s - 1e-6)) if len(shots) else 0.0,
    }


def latency_s(alone: Ints, on_air: Ints) -> float:
    """Mean over the long turns of a meeting; 0 without any."""
    waits = []
    for start, end in turns(alone):
        shown = np.flatnonzero(on_air[start:end] == alone[start])
        waits.append((shown[0] if len(shown) else end - start) / RATE_HZ)
    return float(np.mean(waits)) if waits else 0.0


def turns(alone: Ints) -> list[tuple[int, int]]:
    """First frame and frame after the last of every stretch in which one person alone speaks, TURN_S or longer.

    alone: by frame who alone speaks, -1: nobody or several.
    """
    edges = [0, *(np.flatnonzero(np.diff(alone)) + 1).tolist(), len(alone)]
    found: list[tuple[int, int]] = []
    for start, end in zip(edges[:-1], edges[1:], strict=True):
        if alone[start] < 0:
            continue
        if found and alone[found[-1][0]] == alone[start] and start - found[-1][1] <= BRIDGE_S * RATE_HZ:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return [(start, end) for start, end in found if end - start >= TURN_S * RATE_HZ]


Policy = Callable[[Meeting, Bools], Show]


def _row(
    policy: Policy, delay_s: float, bleed: bool, min_shot_s: float, numbered: tuple[int, Meeting]
) -> dict[str, float]:
    number, meeting = numbered
    flags = heard(meeting, np.random.default_rng([SEED, number])) if bleed else meeting.speaking
    return figures(meeting, policy(meeting, flags), delay_s, min_shot_s)


def measure_policy(
    meetings: list[Meeting], policy: Policy, *, delay_s: float, bleed: bool, min_shot_s: float
) -> dict[str, float]:
    """The means over the meetings, two at a time at most."""
    with ProcessPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        rows = list(pool.map(partial(_row, policy, delay_s, bleed, min_shot_s), enumerate(meetings)))
    return {key: float(np.mean([row[key] for row in rows])) for key in rows[0]}


def measure(meetings: list[Meeting], delay_s: float, lead_s: float, bleed: bool, style: Style) -> dict[str, float]:
    """The product's director."""
    policy = partial(direct, delay_s=delay_s, lead_s=lead_s, style=style)
    return measure_policy(meetings, policy, delay_s=delay_s, bleed=bleed, min_shot_s=style.min_shot_s)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rttm", type=Path, help="who spoke when, one or more meetings")
    parser.add_argument("--delay", type=float, default=0.0, metavar="S", help="of the program, seconds")
    parser.add_argument("--lead", type=float, default=None, metavar="S", help="a cut shows on preview so long first")
    parser.add_argument("--bleed", action="store_true", help="microphones with bleed, noise and drop-outs")
    parser.add_argument("--style", default=DirectorConfig().style, help="by name or path")
    parser.add_argument(
        "--frontier",
        type=Path,
        default=None,
        metavar="PICTURE",
        help="draw close-up against cuts per minute (SVG or PNG)",
    )
    parser.add_argument("--json", type=Path, default=None, metavar="FILE")
    args = parser.parse_args()
    meetings = read(args.rttm)
    if not meetings:
        sys.exit(f"{args.rttm}: no SPEAKER lines; an RTTM file was expected")
    style = load_style(style_file(args.style, Path()))
    if args.frontier:
        from benchmarks.frontier import draw

        draw(meetings, args.frontier, style)
        return
    lead_s = args.lead if args.lead is not None else 0.0 if args.delay else DirectorConfig().preview_s
    result = measure(meetings, args.delay, lead_s, args.bleed, style)
    print(
        f"{len(meetings)} meetings, delay {args.delay:g} s, preview {lead_s:g} s, {'bleed' if args.bleed else 'clean'}"
    )
    for key, value in result.items():
        print(
            f"{key:14} {value:.4f}"
            if key in ("close_up", "visible", "wrong", "under_minimum")
            else f"{key:14} {value:.2f}"
        )
    if args.json:
        args.json.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
