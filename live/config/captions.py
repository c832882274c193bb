"""Live captions: the table `captions`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from live.config.base import LANGUAGE, ExistingPath, NewPath, Wrong
from live.config.check import Known, Table

_HOOK = re.compile(r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$")


class CaptionsConfig(Table):
    """Live captions of what the microphones hear. Without this table there are none."""

    show: bool = Field(
        True, description="key them over program from the start; /captions/show and /captions/hide do it on air"
    )
    closed: bool = Field(True, description="CEA-608 closed captions in every recording and stream, shown or not")
    file: NewPath | None = Field(None, description="also write them here, timed to the recording: .vtt or .srt")
    speakers: Literal["marks", "names", "none"] = Field(
        "marks", description="how a change of speaker shows: >>, the name, or not"
    )
    language: Annotated[str, Field(pattern=LANGUAGE)] = Field("en", description="what is spoken, as a code")
    model: ExistingPath | None = Field(
        None,
        description=(
            "folder of a Whisper model in CTranslate2's form, instead of the one of `live models`, which knows "
            "English only"
        ),
    )
    translate: str | list[str] | None = Field(
        None,
        description=(
            '"english" (by Whisper), "package:function" (text in, text out; looked for beside the rig first), or a '
            "command as a list"
        ),
    )
    translate_timeout_s: Annotated[float, Field(ge=0.1, le=30)] = Field(
        3.0, description="a caption that isn't translated by then goes on as it is"
    )

    @field_validator("file")
    @classmethod
    def _suffix(cls, value: Path | None) -> Path | None:
        if value is not None and value.suffix.lower() not in (".vtt", ".srt"):
            raise ValueError(f"{value.name} is neither WebVTT nor SubRip; give a name that ends in .vtt or .srt")
        return value

    @model_validator(mode="after")
    def _known(self) -> CaptionsConfig:
        if self.model is None and self.language != "en":
            raise ValueError(
                f"the model of `live models` knows English only, not {self.language}; give the folder of a "
                f"multilingual model as model"
            )
        if self.model is None and self.translate == "english":
            raise ValueError(
                "the model of `live models` can't translate; give the folder of a multilingual model as model"
            )
        if isinstance(self.translate, list) and not self.translate:
            raise ValueError("translate is an empty command; give a program and its arguments")
        if isinstance(self.translate, str) and self.translate != "english" and not _HOOK.match(self.translate):
            raise ValueError(
                f"translate is {self.translate!r:.60}; give english, package:function, or a command as a list"
            )
        return self

    def cross_check(self, known: Known) -> Iterator[Wrong]:
        if not known.names("microphones"):
            yield Wrong("", "there is no microphone to listen to", "add [[microphones]]")
