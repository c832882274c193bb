"""`live run`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from live.base.errors import LiveError, OutputError
from live.cli.common import RigPath, has_display, load, need_models, run_show, writable
from live.cli.resume import identity_of, log_of, offered, to_resume

if TYPE_CHECKING:
    from live.config.load import Show


def run(
    rig: RigPath,
    headless: Annotated[bool, typer.Option("--headless", help="open no window")] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="on the virtual clock: as fast as it goes, to the frame")
    ] = False,
    seconds: Annotated[float | None, typer.Option(min=0.1, help="end after so many seconds of show")] = None,
    record: Annotated[Path | None, typer.Option(help="record the program to this MP4")] = None,
    log: Annotated[Path | None, typer.Option(help="write the show log (JSON lines) here")] = None,
    hash: Annotated[Path | None, typer.Option(help="off line: write one hash of the program picture per frame")] = None,
    commands: Annotated[
        Path | None, typer.Option(help="carry out the commands in this file (JSON lines), each on its frame")
    ] = None,
    osc_port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="instead of the rig's control.osc_port; 0: any")
    ] = None,
    isos: Annotated[
        Path | None, typer.Option(help="also record every source by itself, clean, into this folder")
    ] = None,
    record_feed: Annotated[
        list[str] | None, typer.Option(help="also record a feed, with a bus: clean=clean.mp4, clean+aux1=a.mp4")
    ] = None,
    record_tracks: Annotated[
        Path | None, typer.Option(help="also record a track of every microphone as it came, into this WAV")
    ] = None,
    resume: Annotated[
        str | None,
        typer.Option(
            help="take a show up where it was: FILE.state.json beside its log; with nothing, the last of --log"
        ),
    ] = None,
) -> None:
    """Run a show until its time is over, /show/end, or Ctrl-C."""
    from live.engine.options import RunOptions

    show = load(rig)
    taken_up = to_resume(resume, log) if resume is not None else offered(log) if not offline else None
    if taken_up is not None and log is None:
        log = log_of(taken_up)
    if hash is not None and not offline:
        raise LiveError("--hash", "only an off-line run gives the same picture each time", "add --offline")
    writable(record, "recording")
    writable(log, "log")
    writable(record_tracks, "recording")
    if record_tracks is not None and record_tracks.suffix.lower() != ".wav":
        raise OutputError("--record-tracks", f"{record_tracks.name} is no name of a WAV file", "let it end in .wav")
    if record_tracks is not None and not show.rig.microphones:
        raise OutputError("--record-tracks", "the rig has no microphone", "name one in [[microphones]]")
    need_models(show)
    console = not headless and not offline and has_display()
    writable(isos / "iso" if isos else None, "iso recordings")
    options = RunOptions(
        seconds,
        record,
        log,
        hash,
        commands,
        console,
        osc_port,
        isos,
        taken_up,
        _feeds(show, record_feed or [], offline=offline),
        record_tracks,
        identity_of(taken_up),
    )
    raise typer.Exit(run_show(show, options, offline=offline))


def _feeds(show: Show, wanted: list[str], *, offline: bool) -> tuple[tuple[str, Path], ...]:
    """(feed or feed+bus, file) of what --record-feed was given."""
    from live.engine.options import feed_and_bus

    pairs = [(what, Path(path)) for what, _, path in (text.partition("=") for text in wanted)]
    for what, path in pairs:
        feed, bus = feed_and_bus(what)
        if bus not in show.rig.buses:
            raise OutputError("--record-feed", f"no bus is called {bus}", f"one of: {', '.join(show.rig.buses)}")
        if feed not in show.rig.feeds:
            raise OutputError("--record-feed", f"no feed is called {feed}", f"one of: {', '.join(show.rig.feeds)}")
        if offline and feed in {m.name for m in show.rig.multiviews}:
            raise OutputError(
                "--record-feed", f"{feed} is a multiview, which is made on air only", "leave --offline out"
            )
        if str(path) == ".":
            raise OutputError("--record-feed", f"{feed} has no file", f"write {feed}=FILE.mp4")
        writable(path, "recording")
    return tuple(pairs)
