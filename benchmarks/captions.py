"""How good and how late live captions are: word error rate off line and live, seconds from the end of a word to its
caption, CPU.

    python benchmarks/captions.py [SPEECH_FOLDER] [--json FILE]

Runs the product's own captions (`live.captions`) on speech with transcripts: transcripts.json (file -> text) and
librispeech/ transcripts.jsonl in the folder, by default the footage beside the checkout. Live is on a virtual clock on
which a pass of the recogniser takes the CPU time that it took, so the figures are those of a core of one's own,
whatever else the machine does; latency ends when the engine can take the words, which it does once a frame.

Words are compared in lower case, without punctuation but for apostrophes inside words, digits and single letters that
stand for themselves spelled apart ("F2" is "f two"). Errors are substitutions, insertions and deletions over the words
of the transcript.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from live.base.clock import NS
from live.base.samples import SAMPLE_RATE, time_of_sample
from live.captions.captioner import SOUND_BLOCK, Captioner, CaptionsSetup
from live.captions.recogniser import default_model
from live.captions.transcriber import Heard, Job
from live.config.captions import CaptionsConfig
from live.config.microphones import Microphone
from tests.support.footage import FOOTAGE

STEP_NS = NS // 50  # how often the worker looks
PAUSE_S = 1.0  # after each clip
_DIGITS = "zero one two three four five six seven eight nine".split()


def transcripts(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every clip that is there, with what is said in it."""
    clips = {
        (folder / name).resolve(): text for name, text in json.loads((folder / "transcripts.json").read_text()).items()
    }
    read = folder / "librispeech"
    rows = map(json.loads, (read / "transcripts.jsonl").read_text().splitlines())
    clips |= {read / Path(row["path"]).name: row["text"] for row in rows}
    yield from ((path, text) for path, text in clips.items() if path.is_file())


def normal(text: str) -> list[str]:
    """Words as they are compared."""
    text = re.sub(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])", " ", text.lower().replace("’", "'"))
    text = re.sub(r"\d", lambda m: f" {_DIGITS[int(m.group())]} ", text)
    return [w for w in (w.strip("'") for w in re.sub(r"[^\w']", " ", text).split()) if w]


def errors(truth: list[str], found: list[str]) -> int:
    """Edit distance in words."""
    row = list(range(len(found) + 1))
    for i, old in enumerate(truth, 1):
        diagonal, row[0] = row[0], i
        for j, new in enumerate(found, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (old != new))
    return row[-1]


def sound_of(path: Path) -> np.ndarray:
    """(n, 2) float32 at 48 kHz, with a pause at the end, in whole blocks."""
    resampler = av.AudioResampler("fltp", "stereo", SAMPLE_RATE)
    with av.open(str(path)) as file:
        parts = [out.to_ndarray().T for frame in file.decode(audio=0) for out in resampler.resample(frame)]
    length = sum(map(len, parts)) + int(PAUSE_S * SAMPLE_RATE)
    whole = np.zeros((-(-length // SOUND_BLOCK) * SOUND_BLOCK, 2), np.float32)
    whole[: sum(map(len, parts))] = np.concatenate(parts)
    return whole


class Show:
    """The captions worker on a virtual clock."""

    def __init__(self) -> None:
        microphone = Microphone(name="mic", source="voice")
        self.captioner = Captioner(CaptionsSetup(CaptionsConfig(), (microphone,), (), Path()), print)
        self.text = ""
        self.latencies_s: list[float] = []
        self.passes_s: list[float] = []
        self.cpu_s = 0.0
        self._running: tuple[int, Job, list[Heard]] | None = None
        self._sample = 0

    def play(self, sound: np.ndarray) -> str:
        """The next clip; what the captions said until they had no more to say."""
        self.text, began_s = "", time.process_time()
        first, now_ns = self._sample, time_of_sample(self._sample)
        end = first + len(sound)
        while self._sample < end or not self.captioner.idle:
            now_ns += STEP_NS
            while self._sample < end and time_of_sample(self._sample + SOUND_BLOCK) <= now_ns:
                block = sound[self._sample - first : self._sample - first + SOUND_BLOCK]
                self.captioner.hear(self._sample, block, [block])
                self._sample += SOUND_BLOCK
            self._work(now_ns)
        self.cpu_s += time.process_time() - began_s
        return self.text.strip()

    def _work(self, now_ns: int) -> None:
        if self._running is not None and now_ns >= self._running[0]:
            _, job, words = self._running
            self._running = None
            for said in self.captioner.done(job, words, now_ns):
                self.text += "".join(w.text for w in said.words)
                self.latencies_s += [(now_ns - w.end_ns) / NS for w in said.words]
        if (job := self.captioner.job()) is not None:
            before = time.process_time()
            words = self.captioner.recognise(job)
            self.passes_s.append(time.process_time() - before)
            self._running = now_ns + int(self.passes_s[-1] * NS), job, words


def offline(path: Path, model: Any) -> str:
    """What the model makes of a whole clip by the library's own way, with a beam of 5."""
    segments, _ = model.transcribe(str(path), beam_size=5, language="en", condition_on_previous_text=False)
    return " ".join(s.text for s in segments)


def measure(folder: Path) -> dict[str, Any]:
    """All figures."""
    from faster_whisper import WhisperModel

    model = WhisperModel(str(default_model()), device="cpu", compute_type="int8", cpu_threads=1)
    show, seconds = Show(), 0.0
    clips = []
    for path, text in transcripts(folder):
        truth, sound = normal(text), sound_of(path)
        heard = show.play(sound)
        seconds += len(sound) / SAMPLE_RATE
        whole = errors(truth, normal(offline(path, model)))
        clips.append(
            {
                "clip": path.name,
                "words": len(truth),
                "offline": whole,
                "live": errors(truth, normal(heard)),
                "heard": heard,
            }
        )
    words = sum(c["words"] for c in clips)
    p50, p90 = np.percentile(show.latencies_s, (50, 90))
    return {
        "library": f"faster-whisper {importlib.metadata.version('faster-whisper')}",
        "model": "Whisper tiny.en, int8",
        "licence": "MIT",
        "machine": f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores",
        "seconds": round(seconds, 1),
        "words": words,
        "wer_offline": round(sum(c["offline"] for c in clips) / words, 4),
        "wer_live": round(sum(c["live"] for c in clips) / words, 4),
        "latency_s": {"p50": round(float(p50), 2), "p90": round(float(p90), 2)},
        "cpu_share": round(show.cpu_s / seconds, 3),
        "pass_s": round(float(np.median(show.passes_s)), 3),
        "passes": len(show.passes_s),
        "clips": clips,
    }


def page(result: dict[str, Any]) -> str:
    rows = [f"{result['library']}, {result['model']} ({result['licence']}); {result['machine']}"]
    rows.append(f"speech       {result['seconds']:g} s, {result['words']} words")
    rows.append(f"word errors  {result['wer_offline']:.1%} off line, {result['wer_live']:.1%} live")
    rows.append(
        f"latency      {result['latency_s']['p50']:.2f} s (p90 {result['latency_s']['p90']:.2f}) from the end of "
        f"a word to its caption"
    )
    rows.append(
        f"CPU          {result['cpu_share']:.0%} of a core while somebody speaks; {result['passes']} passes of "
        f"{result['pass_s']:.2f} s"
    )
    rows += [
        f"  {c['offline']:2} {c['live']:2} of {c['words']:2}  {c['clip']:28} {c['heard']}" for c in result["clips"]
    ]
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "speech", type=Path, nargs="?", default=FOOTAGE / "speech", help="folder with clips and transcripts"
    )
    parser.add_argument("--json", type=Path, help="write the figures here")
    options = parser.parse_args()
    if not (options.speech / "transcripts.json").is_file():
        sys.exit(f"{options.speech}: no transcripts.json there; give a folder of speech with transcripts")
    result = measure(options.speech)
    print(page(result))
    if options.json:
        options.json.write_text(json.dumps(result, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
