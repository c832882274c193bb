"""`live bench`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from live.cli.app import say
from live.cli.common import writable


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
    should run."""
    from live.bench.bench import run as run_bench

    writable(json, "figures")
    code = run_bench(
        only=only, with_peers=with_peers, show_s=show_s, show_runs=show_runs, folder=folder, path=json, say=say
    )
    raise typer.Exit(code)
