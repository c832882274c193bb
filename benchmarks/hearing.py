"""How well the ears tell speech from everything else: the product's own Listener and SpeechActivity on one microphone.

    python benchmarks/hearing.py WAV RTTM [--json FILE]

The microphone hears the recording as it is, quiet (20 dB lower), and from afar in a reverberant room (0.9 s, the room
6 dB louder than the voice itself), each alone and under noise: hiss of a room, hum of a machine, keys and cups on the
table, each as loud as said (dB of speech over noise; of clatter, over its louder moments). Once the level alone tells,
once the speech model does. Frames are 30 a second; everything is seeded. Figures: share of frames right (somebody
speaks or not, as annotated); of the frames without speech, how many are taken for speech; the mean time from an
annotated beginning (after half a second of silence) until it is known. Then two microphones of the same conversation,
one of them turned down, that hear each other 5 ms later: of the time in which one person alone speaks, how much the
other is taken to speak instead or as well, in the first half of the recording and in the second.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from scipy import signal

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from live.audio.listener import BLOCK, Listener
from live.audio.voice import SPEECH_MODEL, SpeechModel
from live.base.clock import cpu_s
from live.base.paths import model_path
from live.base.samples import SAMPLE_RATE
from live.config.microphones import Microphone
from live.ears.activity import SpeechActivity
from tests.support.bleed import NAMES, at_microphones
from tests.support.bleed import heard as heard_by
from tests.support.footage import turns as speakers

RATE_HZ = 30
SEED = 1
SETTLE_S = 0.35  # the hangover: this long after a voice, both answers are right
RATIOS_DB = (20, 10, 5, 0)
HARDER = (("hiss", 20), ("hiss", 10), ("clatter", 10))  # what a quiet and a reverberant voice are heard under
QUIET_DB = -20.0
ROOM_S, ROOM_DB = 0.9, 6.0
LOWER_DB, BLEEDS_DB = (0.0, -10.0), (-18.0, -12.0, -6.0)

Sound = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Figures:
    right: float
    false: float
    latency_s: float
    cpu_ms_per_s: float


def load(path: Path) -> Sound:
    """Mono at 48 kHz."""
    with av.open(str(path)) as file:
        to_mono = av.AudioResampler("flt", "mono", SAMPLE_RATE)
        return np.concatenate([b.to_ndarray()[0] for f in file.decode(audio=0) for b in to_mono.resample(f)])


def turns(path: Path) -> list[tuple[float, float]]:
    """Spans in which anybody speaks, joined where they touch, s."""
    fields = [line.split() for line in path.read_text().splitlines() if line.startswith("SPEAKER")]
    joined: list[tuple[float, float]] = []
    for start, end in sorted((float(f[3]), float(f[3]) + float(f[4])) for f in fields):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def noises(count: int, rng: np.random.Generator) -> dict[str, Sound]:
    """Each with an RMS of 1; clatter while it clatters."""
    spectrum = rng.normal(size=count // 2 + 1) + 1j * rng.normal(size=count // 2 + 1)
    hiss = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(count // 2 + 1), 20)), count)
    t = np.arange(count) / SAMPLE_RATE
    hum = sum(np.sin(2 * np.pi * 50 * k * t + k) / k for k in (1, 2, 3, 5, 8)) * (1 + 0.3 * np.sin(2 * np.pi * 0.4 * t))
    clatter = np.zeros(count)
    for at in rng.integers(0, count - SAMPLE_RATE // 5, int(3 * count / SAMPLE_RATE)):
        length = int(rng.uniform(0.02, 0.2) * SAMPLE_RATE)
        clatter[at : at + length] += (
            rng.normal(0, 1, length) * np.exp(-np.arange(length) / (length / 5)) * rng.uniform(0.2, 1)
        )
    return {
        "hiss": (hiss / hiss.std()).astype(np.float32),
        "hum": (hum / np.std(hum)).astype(np.float32),
        "clatter": (clatter / np.percentile(np.abs(clatter[clatter != 0]), 80)).astype(np.float32),
    }


def reverberant(sound: Sound, rng: np.random.Generator) -> Sound:
    """As loud, from afar."""
    t = np.arange(int(ROOM_S * SAMPLE_RATE)) / SAMPLE_RATE
    room = rng.normal(size=len(t)) * np.exp(-6.9 * t / ROOM_S)
    room *= 10 ** (ROOM_DB / 20) / np.sqrt(np.sum(room**2))
    room[0] += 1.0
    far = signal.oaconvolve(sound, room)[: len(sound)]
    return (far * (sound.std() / far.std())).astype(np.float32)


def wrong_person(bleed_db: float, lower_db: float, model: SpeechModel) -> tuple[float, float]:
    """Of the first half, and of the second."""
    sounds = at_microphones(bleed_db)
    sounds[1] *= np.float32(10 ** (lower_db / 20))
    told, activity, wrong = heard_by(sounds, model), SpeechActivity(NAMES), []
    owners = sorted({who for _, _, who in speakers()})
    for frame in range(len(told) * BLOCK * RATE_HZ // SAMPLE_RATE):
        now = told[max(0, frame * SAMPLE_RATE // RATE_HZ // BLOCK - 1)]
        levels, speech = (dict(zip(NAMES, given, strict=True)) for given in (now.rms_db, now.speech))
        taken = activity.step(frame / RATE_HZ, levels, speech, now.echoes)
        t = frame / RATE_HZ
        alone = {who for start, end, who in speakers() if start - SETTLE_S <= t < end + SETTLE_S}
        if len(alone) == 1:
            wrong.append(taken[NAMES[1 - owners.index(alone.pop())]])
    half = len(wrong) // 2
    return float(np.mean(wrong[:half])), float(np.mean(wrong[half:]))


def listen(sound: Sound, spans: list[tuple[float, float]], model: SpeechModel | None) -> Figures:
    microphone = Microphone(name="mic", source="mic")
    listener, activity = Listener([microphone], model), SpeechActivity(["mic"])
    stereo = np.repeat(sound[:, None], 2, 1)
    began_s, heard_at = cpu_s(), 0
    speaks = np.zeros(len(sound) * RATE_HZ // SAMPLE_RATE, bool)
    heard = None
    for frame in range(len(speaks)):
        while heard_at + BLOCK <= frame * SAMPLE_RATE // RATE_HZ:
            heard = listener.hear(heard_at, {"mic": stereo[heard_at : heard_at + BLOCK]})
            heard_at += BLOCK
        if heard is not None:
            probability = {} if model is None else {"mic": heard.speech[0]}
            speaks[frame] = activity.step(frame / RATE_HZ, {"mic": heard.rms_db[0]}, probability)["mic"]
    return _figures(speaks, spans, (cpu_s() - began_s) * 1000 / (len(sound) / SAMPLE_RATE))


def _figures(speaks: npt.NDArray[np.bool_], spans: list[tuple[float, float]], cpu_ms: float) -> Figures:
    t = np.arange(len(speaks)) / RATE_HZ
    truth = np.any([(t >= start) & (t < end) for start, end in spans], axis=0)
    settling = np.any([(t >= end) & (t < end + SETTLE_S) for _, end in spans], axis=0) & ~truth
    waits = []
    for start, end in spans:
        before = (t >= start - 0.5) & (t < start)
        if not truth[before].any() and not speaks[before].any():
            known = np.flatnonzero(speaks & (t >= start) & (t < end))
            waits.append((t[known[0]] if len(known) else end) - start)
    judged = ~settling
    return Figures(
        float(np.mean((speaks == truth)[judged])),
        float(np.mean(speaks[judged & ~truth])),
        float(np.mean(waits or [0.0])),
        cpu_ms,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wav", type=Path, help="somebody speaking")
    parser.add_argument("rttm", type=Path, help="when")
    parser.add_argument("--json", type=Path, default=None, metavar="FILE")
    args = parser.parse_args()
    sound, spans = load(args.wav), turns(args.rttm)
    t = np.arange(len(sound)) / SAMPLE_RATE
    spoken = sound[np.any([(t >= start) & (t < end) for start, end in spans], axis=0)]
    rms, model = float(np.sqrt(np.mean(spoken**2))), SpeechModel(model_path(SPEECH_MODEL))
    heard, made = {"as it is": sound}, noises(len(sound), np.random.default_rng(SEED))
    for name, noise in made.items():
        heard |= {
            f"{name} {ratio_db} dB": sound + noise * np.float32(rms * 10 ** (-ratio_db / 20)) for ratio_db in RATIOS_DB
        }
    harder = {
        "quiet": (sound * np.float32(10 ** (QUIET_DB / 20)), rms * 10 ** (QUIET_DB / 20)),
        "far": (reverberant(sound, np.random.default_rng(SEED)), rms),
    }
    for name, (voice, loud) in harder.items():
        heard[name] = voice
        for noise_name, ratio_db in HARDER:
            under = made[noise_name] * np.float32(loud * 10 ** (-ratio_db / 20))
            heard[f"{name} {noise_name} {ratio_db}"] = voice + under
    rows: dict[str, object] = {}
    print(f"{'':16} {'right':>15} {'false':>15} {'latency s':>15} {'CPU ms per s':>15}")
    print(f"{'':16} {'level   model':>15} {'level   model':>15} {'level   model':>15} {'level   model':>15}")
    for name, samples in heard.items():
        level, told = listen(samples, spans, None), listen(samples, spans, model)
        rows[name] = {"level": vars(level), "model": vars(told)}
        pairs = [(getattr(level, k), getattr(told, k)) for k in ("right", "false", "latency_s", "cpu_ms_per_s")]
        print(
            f"{name:16} "
            + " ".join(f"{a:7.3f} {b:7.3f}" if a < 2 and b < 2 else f"{a:7.1f} {b:7.1f}" for a, b in pairs)
        )
    print("\nwrong person, first half and second:")
    for lower_db in LOWER_DB:
        for bleed_db in BLEEDS_DB:
            first, second = wrong_person(bleed_db, lower_db, model)
            rows[f"two {lower_db:g} {bleed_db:g}"] = {"first": first, "second": second}
            print(f"bleed {bleed_db:4g} dB, one {-lower_db:2g} dB lower: {first:.3f} {second:.3f}")
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
