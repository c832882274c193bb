"""Speech recognition by Whisper, through faster-whisper. The only module that knows the library.

Whisper's encoder takes 30 s of sound whatever it is given, and most of a pass goes there (0.70 of 0.94 CPU s, tiny.en,
int8, one thread). It works as well on 12 s that end in silence (0.43 CPU s; word errors 4.8 % against 5.3 %), but not
without that silence: it then says the same sentence again and again.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from live.base.errors import ModelError
from live.base.paths import data_dir
from live.captions.transcriber import LIMIT, RATE_HZ, Heard, Samples

if TYPE_CHECKING:
    from faster_whisper import WhisperModel
    from faster_whisper.tokenizer import Tokenizer

MODEL_FOLDER = "whisper-tiny.en"  # as `live models` fetches it: 39 M parameters, English
_FILES = ("model.bin", "config.json", "tokenizer.json")
CONTEXT = LIMIT + 2 * RATE_HZ  # what a pass hears: its sound, then silence
_TOKENS_PER_S = 50  # of the encoder's output
_UNSURE, _NO_SPEECH = -1.0, 0.6  # Whisper's own thresholds: below and above them together it heard nothing
_LONGEST = RATE_HZ * 6 // 5  # of one word: at the end of an utterance the alignment takes the silence in


def default_model() -> Path:
    """Where `live models` puts it."""
    return data_dir() / "models" / MODEL_FOLDER


def missing(model: Path | None) -> ModelError | None:
    """What this machine lacks for captions, or None. Loads nothing."""
    if importlib.util.find_spec("faster_whisper") is None:
        return ModelError(
            "captions", "the speech recognition is not installed", "run `pip install 'live-show[captions]'`"
        )
    folder = model or default_model()
    for name in _FILES:
        if not (folder / name).is_file():
            action = "give the folder of a Whisper model in CTranslate2's form" if model else "run `live models`"
            return ModelError("captions", f"the model is not there ({folder.name}/{name})", action)
    return None


class Recogniser:
    """A Whisper model, loaded. One thread at a time; a pass takes its time with the interpreter's lock released.

    language: a code such as "en", "de". english: translate to English while recognising. Raises ModelError when the
    machine lacks something, or the model knows English only and something else is asked of it.
    """

    def __init__(self, model: Path | None, language: str, *, english: bool = False) -> None:
        if (error := missing(model)) is not None:
            raise error
        from faster_whisper import WhisperModel
        from faster_whisper.tokenizer import Tokenizer

        folder = model or default_model()
        try:
            self._whisper: WhisperModel = WhisperModel(
                str(folder), device="cpu", compute_type="int8", cpu_threads=1, num_workers=1, local_files_only=True
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise ModelError(
                "captions",
                f"the model in {folder.name} can't be read ({error})",
                "run `live models`, or give another folder",
            ) from None
        many = self._whisper.model.is_multilingual
        if not many and (language != "en" or english):
            raise ModelError(
                "captions",
                f"the model in {folder.name} knows English only",
                "give the folder of a multilingual Whisper model",
            )
        try:
            self._tokens: Tokenizer = Tokenizer(
                self._whisper.hf_tokenizer, many, task="translate" if english else "transcribe", language=language
            )
        except ValueError:
            raise ModelError(
                "captions", f"Whisper has no language {language!r}", "give a code such as en, de, fr"
            ) from None

    def hear(self, sound: Samples, start: int, context: str = "") -> list[Heard]:
        """The words of a piece of sound, (n,) float32 mono at RATE_HZ, n up to LIMIT, that starts at a sample
        number."""
        import ctranslate2

        padded = np.zeros(CONTEXT, np.float32)
        padded[: min(len(sound), LIMIT)] = sound[:LIMIT]
        features = self._whisper.feature_extractor(padded, padding=0)[:, : CONTEXT // 160]
        encoded = self._whisper.model.encode(ctranslate2.StorageView.from_array(np.ascontiguousarray(features[None])))
        prompt = self._prompt(context)
        found = self._whisper.model.generate(
            encoded,
            [prompt],
            beam_size=1,
            suppress_blank=True,
            suppress_tokens=[-1],
            max_length=len(prompt) + 16 + 10 * len(sound) // RATE_HZ,
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        if found.no_speech_prob > _NO_SPEECH and found.scores[0] < _UNSURE:
            return []
        tokens = _without_loops([t for t in found.sequences_ids[0] if t < self._tokens.eot])
        if not tokens:
            return []
        frames = min(features.shape[1], 2 * -(-len(sound) // 320))
        aligned = self._whisper.model.align(encoded, self._tokens.sot_sequence, [tokens], frames)[0]
        return _merged(self._words(tokens, aligned.alignments, start))

    def _prompt(self, context: str) -> list[int]:
        before = [self._tokens.sot_prev, *self._tokens.encode(context)[-48:]] if context.strip() else []
        return [*before, *self._tokens.sot_sequence, self._tokens.no_timestamps]

    def _words(self, tokens: list[int], alignments: Any, start: int) -> list[Heard]:
        """Tokens to words; a word begins at the encoder frame where the alignment steps to its first token."""
        texts, groups = self._tokens.split_to_word_tokens([*tokens, self._tokens.eot])
        index, frame = (np.array(column) for column in zip(*alignments, strict=True))
        steps = frame[np.concatenate(([True], np.diff(index) > 0))]
        first = np.concatenate(([0], np.cumsum([len(g) for g in groups[:-1]])))
        at = [start + int(steps[min(i, len(steps) - 1)]) * RATE_HZ // _TOKENS_PER_S for i in first]
        return [Heard(text, a, min(b, a + _LONGEST)) for text, a, b in zip(texts[:-1], at[:-1], at[1:], strict=True)]


def _merged(words: list[Heard]) -> list[Heard]:
    """Punctuation joins the word before it."""
    out: list[Heard] = []
    for word in words:
        if out and not word.plain and not word.text.startswith(" "):
            out[-1] = Heard(out[-1].text + word.text, out[-1].start, out[-1].end)
        elif word.text.strip():
            out.append(word)
    return out


def _without_loops(tokens: list[int]) -> list[int]:
    """Whisper's way to fail: a few words over and over. What is said three times in a row, four tokens or more, is said
    once."""
    for length in range(4, len(tokens) // 3 + 1):
        for i in range(len(tokens) - 3 * length + 1):
            piece = tokens[i : i + length]
            if piece == tokens[i + length : i + 2 * length] == tokens[i + 2 * length : i + 3 * length]:
                return tokens[: i + length]
    return tokens
