"""How well the automatic director follows a meeting that it hears: annotated turns spoken by recorded voices, through
the product's own Listener, Ears and Director.

    python benchmarks/directing_sound.py RTTM SPEECH [--meetings N] [--minutes M] [--noise DB ...] [--whole]
                                         [--seed N] [--cache FOLDER] [--json FILE]

RTTM: who spoke when; SPEECH: the folder of voices (footage/speech). As it comes: six meetings, three minutes of each,
at 20 and 10 dB of hiss, seed 1: about three minutes on one core. --whole: all meetings from end to end. What the
listener hears is kept in --cache, by everything that makes it (the code of live/audio and of this
benchmark included), so that a change of ears or director alone takes seconds.

The sound (benchmarks/spoken.py) comes in blocks of 20 ms, as from the rings of the sources, and is known to ears and
director 30 ms later, as on air. Each meeting is directed with a delayed program (0.5 s) and live (0.2 s of preview), by
what was heard and, beside it, by four other tellings of the same minutes:

perfect: the annotation. late: the annotation, known as much later as speech is by ears without a fault. no miss:
as heard, but nobody who speaks is missed. no false: as heard, but nobody is taken to speak who doesn't. So the loss
against perfect ears falls apart into what comes of being late, of missing and of mistaking.

Figures as in benchmarks/directing.py. Of the ears: missed, of the time in which somebody speaks (per person); false, of
the time in which they don't (0.35 s after a word both answers are right); onset_s, from an annotated beginning after a
second of silence until it is known. moved: cuts to a person within 2.5 s of a cough, laugh or "mm-hm" of theirs while
they don't speak, per disturbance.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.directing import RATE_HZ, Bools, Meeting, Show, figures, read
from benchmarks.spoken import Disturbance, Sound, microphones, voices
from live.audio.listener import BLOCK, Heard, Listener
from live.audio.voice import SPEECH_MODEL, SpeechModel
from live.base.paths import model_path
from live.base.samples import SAMPLE_RATE
from live.config.director import DirectorConfig
from live.config.load import load_style
from live.config.microphones import Microphone
from live.config.people import Person
from live.config.style import Style, style_file
from live.director.cost import Candidate
from live.director.director import Director
from live.ears.ears import Ears
from live.engine.sound import sound_of
from live.sound.hearing import LATENCY_S, Hearing
from live.sound.metering import Metered

SEED = 1
MEETINGS, MINUTES = 6, 3.0
NOISES_DB = (20.0, 10.0)
DELAYS_S = (0.5, 0.0)
START_S = 300.0  # past the greetings, where a meeting is long enough
DELIVERY_S = 0.03  # from the microphone to the listener's answer: a device's block, the worker's turn
SETTLE_S = 0.35
ONSET_QUIET_S = 1.0
LATE_S, CLOSE_S = 0.12, 0.2  # of ears without a fault: beginnings, and ends, are known so much later
NEAR_S = 2.5


def part(meeting: Meeting, minutes: float) -> Meeting:
    """Some minutes of it, from START_S on or from where it leaves so many."""
    count = int(minutes * 60 * RATE_HZ)
    start = max(0, min(int(START_S * RATE_HZ), len(meeting.speaking) - count))
    return replace(meeting, speaking=meeting.speaking[start : start + count])


def listened(sounds: Sequence[Sound], names: Sequence[str], model: SpeechModel) -> list[Heard]:
    """What the listener says of every block."""
    listener = Listener([Microphone(name=name, source=name) for name in names], model)
    return [
        listener.hear(
            at,
            {name: np.repeat(sound[at : at + BLOCK, None], 2, 1) for name, sound in zip(names, sounds, strict=True)},
        )
        for at in range(0, len(sounds[0]) - BLOCK + 1, BLOCK)
    ]


def heard(told: Sequence[Heard], names: Sequence[str], frames: int) -> list[Hearing]:
    """What the ears make of it, frame by frame, as on air."""
    ears = Ears([Person(name=name, microphone=name) for name in names], names)
    found = []
    for frame in range(frames):
        now_s = frame / RATE_HZ
        block = int((now_s - DELIVERY_S) * SAMPLE_RATE) // BLOCK - 1
        if block < 0:
            found.append(Hearing(dict.fromkeys(names, False)))
            continue
        now = told[min(block, len(told) - 1)]
        sound = sound_of(names, now, 0, Metered())
        levels_db, speech, echoes, music = sound.rms_db, sound.speech, sound.echoes, sound.music
        found.append(ears.step(now_s, levels_db=levels_db, speech=speech, echoes=echoes, faces={}, music=music))
    return found


def as_flags(hearings: Sequence[Hearing], names: Sequence[str]) -> Bools:
    return np.array([[h.speaking[name] for name in names] for h in hearings])


def as_hearings(flags: Bools, names: Sequence[str]) -> list[Hearing]:
    return [Hearing(dict(zip(names, row, strict=True))) for row in flags.tolist()]


def later(speaking: Bools) -> Bools:
    """As ears without a fault know it."""
    begin, end = round(LATE_S * RATE_HZ), round(CLOSE_S * RATE_HZ)
    out = np.zeros_like(speaking)
    for shift in range(begin, max(begin, end) + 1):
        out[shift:] |= speaking[: len(speaking) - shift]
    return out


def direct(meeting: Meeting, hearings: Sequence[Hearing], delay_s: float, style: Style) -> Show:
    """The show, by the director as a rig with this delay has it."""
    candidates = [Candidate("wide", "wide"), *(Candidate(p, "close_up", p) for p in meeting.people)]
    index = {"wide": -1, **{person: i for i, person in enumerate(meeting.people)}}
    preview_s = DirectorConfig().preview_s
    director = Director(candidates, style, lookahead_s=max(0.0, delay_s - LATENCY_S), preview_s=preview_s)
    on_air, since_s, cuts = "wide", 0.0, []
    program = np.empty(len(hearings), np.int64)
    for frame, hearing in enumerate(hearings):
        now_s = frame / RATE_HZ
        proposal = director.step(now_s, hearing=hearing, on_air=on_air, on_air_since_s=since_s, epoch=0)
        if proposal is not None and now_s >= proposal.due_s:
            on_air, since_s = proposal.shot, now_s
            cuts.append(frame)
        program[frame] = index[on_air]
    return Show(program, tuple(cuts))


def of_ears(flags: Bools, speaking: Bools) -> dict[str, float]:
    settling = np.zeros_like(speaking)
    for shift in range(1, round(SETTLE_S * RATE_HZ) + 1):
        settling[shift:] |= speaking[:-shift]
    quiet = ~speaking & ~settling
    waits = []
    for who in range(speaking.shape[1]):
        for start in np.flatnonzero(np.diff(speaking[:, who].astype(int)) == 1) + 1:
            before = slice(max(0, start - round(ONSET_QUIET_S * RATE_HZ)), start)
            if speaking[before, who].any() or flags[before, who].any():
                continue
            end = start + int(np.argmin(np.append(speaking[start:, who], False)))
            known = np.flatnonzero(flags[start:end, who])
            if len(known):
                waits.append(known[0] / RATE_HZ)
    return {
        "missed": float(np.mean(~flags[speaking])),
        "false": float(np.mean(flags[quiet])),
        "onset_s": float(np.mean(waits or [0.0])),
    }


def moved(show: Show, found: Sequence[Disturbance], speaking: Bools) -> float:
    """The share of disturbances that are followed by a cut to whose they are, who doesn't speak."""
    hits = []
    for one in found:
        first, last = int(one.at_s * RATE_HZ), int((one.at_s + NEAR_S) * RATE_HZ)
        near = [f for f in show.cuts if first <= f < last]
        to = [int(show.on_air[f]) for f in near if one.who in (-1, show.on_air[f]) and show.on_air[f] >= 0]
        hits.append(any(not speaking[max(0, first - 30) : last, who].any() for who in to))
    return float(np.mean(hits or [0.0]))


def _key(*parts: object) -> str:
    here = Path(__file__).resolve().parent
    code = [*sorted((here.parent / "live" / "audio").glob("*.py")), here / "spoken.py"]
    text = "".join(p.read_text() for p in (*code, here.parent / "tests" / "support" / "noises.py"))
    return hashlib.sha256((text + repr(parts)).encode()).hexdigest()[:16]


def listened_once(cache: Path | None, key: str, listen: Callable[[], list[Heard]]) -> list[Heard]:
    """From the cache, where it is there."""
    import pickle  # a cache of one's own

    file = None if cache is None else cache / f"{key}.heard"
    if file is not None and file.exists():
        kept: list[Heard] = pickle.loads(file.read_bytes())
        return kept
    told = listen()
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(pickle.dumps(told))
    return told


def rows(
    meetings: Sequence[Meeting], speech: Path, noise_db: float, *, seed: int, cache: Path | None, style: Style
) -> dict[str, dict[str, float]]:
    """Means over the meetings, by telling and delay; and of the ears."""
    people, model = voices(speech), SpeechModel(model_path(SPEECH_MODEL))
    found: dict[str, list[dict[str, float]]] = {}
    for number, meeting in enumerate(meetings):
        rng = np.random.default_rng([seed, number])
        order = rng.permutation(len(people))
        sounds, noises = microphones(meeting.speaking, RATE_HZ, [people[i] for i in order], noise_db, rng)
        key = _key(meeting.name, meeting.speaking.tobytes(), noise_db, seed, number)
        told = listened_once(cache, key, lambda s=sounds, m=meeting: listened(s, m.people, model))  # type: ignore[misc]
        hearings = heard(told, meeting.people, len(meeting.speaking))
        flags = as_flags(hearings, meeting.people)
        found.setdefault("ears", []).append(of_ears(flags, meeting.speaking))
        tellings = {
            "perfect": as_hearings(meeting.speaking, meeting.people),
            "late": as_hearings(later(meeting.speaking), meeting.people),
            "no miss": as_hearings(flags | later(meeting.speaking), meeting.people),
            "no false": as_hearings(flags & (meeting.speaking | later(meeting.speaking)), meeting.people),
            "heard": hearings,
        }
        for delay_s in DELAYS_S:
            for name, telling in tellings.items():
                show = direct(meeting, telling, delay_s, style)
                row = figures(meeting, show, delay_s, style.min_shot_s)
                row["moved"] = moved(show, noises, meeting.speaking)
                found.setdefault(f"{'delayed' if delay_s else 'live'} {name}", []).append(row)
    return {name: {k: float(np.mean([r[k] for r in of])) for k in of[0]} for name, of in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rttm", type=Path, help="who spoke when, one or more meetings")
    parser.add_argument("speech", type=Path, help="the folder of voices")
    parser.add_argument("--meetings", type=int, default=MEETINGS, metavar="N", help="as many, spread over the file")
    parser.add_argument("--minutes", type=float, default=MINUTES, metavar="M", help="of each")
    parser.add_argument("--whole", action="store_true", help="all meetings from end to end")
    parser.add_argument("--noise", type=float, nargs="+", default=NOISES_DB, metavar="DB", help="a voice over the hiss")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--style", default=DirectorConfig().style, help="by name or path")
    parser.add_argument("--cache", type=Path, default=None, metavar="FOLDER")
    parser.add_argument("--json", type=Path, default=None, metavar="FILE")
    args = parser.parse_args()
    # A rig's names are in lower-case letters.
    meetings = [replace(m, people=tuple(person.lower() for person in m.people)) for m in read(args.rttm)]
    if not meetings:
        sys.exit(f"{args.rttm}: no SPEAKER lines; an RTTM file was expected")
    if not args.whole:
        chosen = np.linspace(0, len(meetings) - 1, min(args.meetings, len(meetings))).round().astype(int)
        meetings = [part(meetings[i], args.minutes) for i in chosen]
    style, result = load_style(style_file(args.style, Path())), {}
    print(f"{len(meetings)} meetings ({', '.join(m.name for m in meetings)}), seed {args.seed}")
    for noise_db in args.noise:
        found = result[f"{noise_db:g} dB"] = rows(
            meetings, args.speech, noise_db, seed=args.seed, cache=args.cache, style=style
        )
        ears = found.pop("ears")
        print(
            f"\n{noise_db:g} dB: missed {ears['missed']:.3f}, false {ears['false']:.4f}, onset {ears['onset_s']:.2f} s"
        )
        print(f"{'':18} close-up  visible    wrong  cuts/min  latency s    moved")
        for name, row in found.items():
            print(
                f"{name:18} {row['close_up']:8.3f} {row['visible']:8.3f} {row['wrong']:8.3f} "
                f"{row['cuts_per_min']:9.2f} "
                f"{row['latency_s']:10.2f} {row['moved']:8.3f}"
            )
        found["ears"] = ears
    if args.json:
        args.json.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
