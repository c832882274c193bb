"""What the verbs that run a show share: reading its rig, fetching its models, refusing what can't be written."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from live.base.errors import ModelError, OutputError
from live.cli.app import say, warn

if TYPE_CHECKING:  # only for types: `live --help` reads no rig
    from live.config.load import Show
    from live.engine.options import RunOptions

RigPath = Annotated[Path, typer.Argument(help="a rig file, or the name of one that ships (rigs/)")]
LogPath = Annotated[Path, typer.Argument(help="the log of a show (live run --log FILE)")]

# Nothing is ever written there, though a folder of it says that it may be. Linux alone has one.
_PROC = os.stat("/proc").st_dev if os.path.isdir("/proc") else -1


def load(rig: Path) -> Show:
    """The show of a rig file, or of a rig that ships. Raises ConfigError."""
    from live.base.paths import shipped
    from live.config.load import load_show

    if not rig.exists() and rig.suffix == "" and (shipped("rigs") / f"{rig}.toml").exists():
        rig = shipped("rigs") / f"{rig}.toml"
    return load_show(rig)


def need_models(show: Show) -> None:
    """Fetch what the rig's vision and microphones need, if it isn't there."""
    from live.audio.voice import SPEECH_MODEL
    from live.base.paths import model_path
    from live.fetch import ensure
    from live.vision.keyer import MATTE_MODEL, RVM_MODEL
    from live.vision.people_finder import needed_models

    rig = show.rig
    mattes = {s.keyer.matte for s in rig.sources if "ai" in s.orders.kinds}
    if "rvm" in mattes and not model_path(RVM_MODEL).is_file():
        raise ModelError(
            RVM_MODEL,
            "the rig wants it, and it is GPL-3.0: fetched only by your choice",
            f"run `live models {RVM_MODEL}`",
        )
    needed = {MATTE_MODEL} if "selfie" in mattes else set()
    for source in rig.sources:
        needed |= needed_models(rig.face_search(source))
    ensure(sorted(needed), say=say)
    if rig.microphones:
        try:
            ensure([SPEECH_MODEL], say=say)
        except ModelError as error:  # a show without it is poorer, but it is a show
            warn(str(error))


def writable(path: Path | None, what: str) -> None:
    """Refuse a recording or a log that can't be written before the show starts."""
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            str(path), f"the {what} can't be written there ({error.strerror})", "give another place"
        ) from None
    if path.is_dir():
        raise OutputError(str(path), "is a folder", f"give the name of a file for the {what}")
    if not os.access(path.parent, os.W_OK) or path.parent.stat().st_dev == _PROC:
        raise OutputError(str(path), f"the {what} can't be written there", "give another place")


def run_show(show: Show, options: RunOptions, *, offline: bool) -> int:
    if offline:
        from live.engine.offline import run_offline

        return run_offline(show, options, say, warn)
    from live.engine.live import run_live

    return run_live(show, options, say, warn)


def has_display() -> bool:
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
