"""`live doctor`."""

from __future__ import annotations

import typer


def doctor() -> None:
    """Can this machine run a show? What is missing, and what to do."""
    from live.doctor import main as doctor_main

    raise typer.Exit(doctor_main())
