"""The command line itself: one `app`, and `main`, which turns every LiveError into a line and exit code 2."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from live import __version__
from live.base.errors import LiveError

app = typer.Typer(
    help="Live: a director's show in one program.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Entry point: a LiveError becomes one line (a configuration: one line per fault) and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a pipe that knows only ASCII gets escapes, not an exception
            stream.reconfigure(errors="backslashreplace")
    try:
        app(with_last(sys.argv[1:]))
    except LiveError as error:
        print(error, file=sys.stderr)
        sys.exit(2)


LAST = "last"  # what --resume takes up when it is given nothing


def with_last(argv: Sequence[str]) -> list[str]:
    """The command line with LAST after a bare `--resume`, because an option can't go without a value."""
    out: list[str] = []
    for n, word in enumerate(argv):
        out.append(word)
        following = argv[n + 1] if n + 1 < len(argv) else ""
        if word == "--resume" and not following.endswith((".json", ".jsonl")):
            out.append(LAST)
    return out


def say(text: str) -> None:
    """To the terminal, at once, where a person or a pipe reads it."""
    print(text, flush=True)


def warn(text: str) -> None:
    """A fault, to the terminal, beside what the run says."""
    print(f"! {text}", file=sys.stderr, flush=True)


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
