"""How well microphones share the gain, and what noises do: the product's own listener, automix, ears and director.

    python benchmarks/automix.py [--json FILE]

Two people's recorded conversation at two microphones that hear each other, 6, 12 or 18 dB weaker and 5 ms later, in a
room's noise; then a cough, a knock, a breath and a hand at Ben's microphone, and laughter, applause and a slammed door
in the room (made by arithmetic: tests/support/noises.py), while nobody speaks and while Anna does. Everything is
seeded. Figures of the first table: the total gain against one open microphone; the longest that the beginning of a turn
is more than 8 dB down; how loud each voice is against its own microphone; the share of time in which the right one has
more gain. Of the second: what Anna loses while she speaks (5th percentile, dB), how far gains move while nobody speaks,
for how long Ben is taken to speak, the cuts that follow. Last, what it costs.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.directing import RATE_HZ, Meeting, direct
from live.audio.listener import Heard
from live.audio.mixer import BLOCK
from live.audio.riding import Rider
from live.base.clock import cpu_s
from live.base.samples import SAMPLE_RATE
from live.config.desk import DeskOrders, StripOrders
from live.config.style import Style
from live.ears.activity import SpeechActivity
from tests.support.bleed import NAMES, Mixed, at_microphones, automixed, disturbed, heard, model, voices
from tests.support.footage import turns
from tests.support.noises import OWN, ROOM, Sound

BLEEDS_DB = (-6, -12, -18)
LEVELS_DB = (-6, -14, -22)  # of a noise's peak; voices peak at about -12
CHOPPED_DB = 8.0
ONSET_DB = -35.0
SPEAKING = (8.0, 16.0, 12.0)  # from, to, and when it is disturbed: Anna speaks from 10.6 to 14.5 s
QUIET = (2.0, 6.0, 3.5)


def in_db(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    decibels: npt.NDArray[np.float32] = 20 * np.log10(np.maximum(values, 1e-9))
    return decibels


def cut(sounds: Sequence[Sound], start_s: float, end_s: float) -> list[Sound]:
    return [s[int(start_s * SAMPLE_RATE) : int(end_s * SAMPLE_RATE)] for s in sounds]


def sharing(bleed_db: float) -> dict[str, float]:
    """The first table's figures."""
    sounds = at_microphones(bleed_db)
    result = automixed(sounds, heard(sounds, model()))
    count = result.gains.shape[1]
    program = sum(g * s[:count] for g, s in zip(result.gains, sounds, strict=True))
    total_db = result.total_db[BLOCK:]
    chopped, loud, right = [], [], []
    owners = sorted({t[2] for t in turns()})
    for start_s, end_s, who in turns():
        row, start, end = owners.index(who), int(start_s * SAMPLE_RATE), min(int(end_s * SAMPLE_RATE), count)
        onset = start + int(np.flatnonzero(np.abs(voices()[row][start:end]) > 10 ** (ONSET_DB / 20))[0])
        open_at = np.flatnonzero(in_db(result.gains[row, onset:end]) > -CHOPPED_DB)
        chopped.append(1000 * (int(open_at[0]) if len(open_at) else end - onset) / SAMPLE_RATE)
        others = [(a, b) for a, b, other in turns() if other != who]
        t = np.arange(start, end) / SAMPLE_RATE
        alone = start + np.flatnonzero(~np.any([(t >= a) & (t < b) for a, b in others], axis=0))
        if len(alone) > SAMPLE_RATE // 5:
            own, got = (np.sqrt(np.mean(s[alone] ** 2)) for s in (sounds[row], program))
            loud.append(float(in_db(got / own)))
            right.append(float(np.mean(result.gains[row, alone] > result.gains[1 - row, alone])))
    return {
        "total_least_db": float(total_db.min()),
        "total_most_db": float(total_db.max()),
        "chopped_ms": max(chopped),
        "voice_least_db": min(loud),
        "voice_most_db": max(loud),
        "right": float(np.mean(right)),
    }


def taken_for_speech(told: Sequence[Heard]) -> npt.NDArray[np.bool_]:
    """By frame and person."""
    activity, frames = SpeechActivity(NAMES), []
    for frame in range(len(told) * BLOCK * RATE_HZ // SAMPLE_RATE):
        now = told[max(0, frame * SAMPLE_RATE // RATE_HZ // BLOCK - 1)]
        levels, speech = (dict(zip(NAMES, given, strict=True)) for given in (now.rms_db, now.speech))
        frames.append(list(activity.step(frame / RATE_HZ, levels, speech).values()))
    return np.array(frames)


def cuts_to(flags: npt.NDArray[np.bool_], start_s: float, end_s: float) -> int:
    """To Ben's close-up, between two times."""
    show = direct(Meeting("noise", NAMES, flags), flags, 0.0, 0.2, Style())
    return sum(int(start_s <= f / RATE_HZ < end_s and show.on_air[f] == NAMES.index("ben")) for f in show.cuts)


def disturbance(noise: str, bleed_db: float, level_db: float, when: tuple[float, float, float]) -> dict[str, float]:
    """The second table's figures."""
    start_s, end_s, at_s = when
    sounds = at_microphones(bleed_db)
    plain, noisy = (
        cut(s, start_s, end_s) for s in (sounds, disturbed(sounds, noise, at_s, level_db=level_db, bleed_db=bleed_db))
    )
    told, told_plain = heard(noisy, model()), heard(plain, model())
    mixed, mixed_plain = automixed(noisy, told), automixed(plain, told_plain)
    begin, stop = int((at_s - start_s) * SAMPLE_RATE), int((at_s - start_s + 2.0) * SAMPLE_RATE)
    words = np.sqrt(np.convolve(plain[0] ** 2, np.ones(BLOCK) / BLOCK, "same"))[begin:stop] > 10 ** (-38 / 20)
    flags, flags_plain = taken_for_speech(told), taken_for_speech(told_plain)
    ben = slice(int((at_s - start_s) * RATE_HZ), int((at_s - start_s + 3.0) * RATE_HZ))
    return {
        "lost_db": _lost_db(mixed, mixed_plain, slice(begin, stop), words),
        "moved_db": float(np.ptp(in_db(mixed.gains[:, begin:stop]), 1).max()),
        "ben_s": float((flags[ben, 1].sum() - flags_plain[ben, 1].sum()) / RATE_HZ),
        "cuts": float(cuts_to(flags, at_s - start_s, at_s - start_s + 3.0)),
    }


def _lost_db(noisy: Mixed, plain: Mixed, span: slice, words: npt.NDArray[np.bool_]) -> float:
    lost_db = in_db(noisy.gains[0, span]) - in_db(plain.gains[0, span])
    return float(np.percentile(lost_db[words], 5)) if words.any() else 0.0


def cost_ms(count: int, seconds: float = 10.0) -> float:
    """CPU ms for each second of sound at so many open microphones."""
    rng = np.random.default_rng(1)
    names = [f"m{n}" for n in range(count)]
    orders = DeskOrders(strips={name: StripOrders(automix=True) for name in names})
    rider, block = Rider(names), rng.normal(0, 0.05, (count, BLOCK, 2)).astype(np.float32)
    blocks = dict(zip(names, block, strict=True))
    began_s = cpu_s()
    for at in range(0, int(seconds * SAMPLE_RATE), BLOCK):
        rider.hear(Heard(at + 6 * BLOCK, rng.uniform(-60, -20, count), [0.0] * count, rng.uniform(0, 1, count)))
        rider.gains(at, blocks, orders)
    return (cpu_s() - began_s) * 1000 / seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, default=None, metavar="FILE")
    args = parser.parse_args()
    rows: dict[str, object] = {}
    print("bleed  total gain dB  chopped ms  voice dB       right")
    for bleed_db in BLEEDS_DB:
        f = rows[f"bleed {bleed_db}"] = sharing(bleed_db)
        print(
            f"{bleed_db:4}   {f['total_least_db']:5.2f} {f['total_most_db']:5.2f}   {f['chopped_ms']:8.1f}   "
            f"{f['voice_least_db']:5.2f} {f['voice_most_db']:5.2f}   {f['right']:6.3f}"
        )
    print(
        "\nnoise      bleed peak | while Anna speaks: lost dB, Ben s, cuts | while nobody does: moved dB, Ben s, cuts"
    )
    for noise in (*OWN, *ROOM):
        for bleed_db, level_db in ((-18, LEVELS_DB[0]), (-18, LEVELS_DB[1]), (-18, LEVELS_DB[2]), (-12, LEVELS_DB[1])):
            speaking, quiet = (disturbance(noise, bleed_db, level_db, when) for when in (SPEAKING, QUIET))
            rows[f"{noise} {bleed_db} {level_db}"] = {"speaking": speaking, "quiet": quiet}
            print(
                f"{noise:10} {bleed_db:4}  {level_db:4}  |  {speaking['lost_db']:6.1f} {speaking['ben_s']:7.2f} "
                f"{speaking['cuts']:4.0f}      |  {quiet['moved_db']:6.1f} {quiet['ben_s']:7.2f} {quiet['cuts']:4.0f}"
            )
    costs = {str(count): cost_ms(count) for count in (2, 16, 64)}
    rows["cpu_ms_per_s"] = costs
    print("\nautomix, CPU ms for each second: " + ", ".join(f"{n} microphones {ms:.1f}" for n, ms in costs.items()))
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
