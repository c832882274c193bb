"""The command line: a file per verb. Each says what it does; errors name the subject, the cause and what to do, and
exit 2.

A new verb is a file here with a function of its name, and its place in the list below, which is also the order of
`live --help`. `live --help` loads no library of the show's: a verb imports what it needs inside its function.
"""

from __future__ import annotations

from live.cli import (
    bench,
    check,
    console,
    demo,
    devices,
    doctor,
    learn,
    models,
    people,
    recut,
    report,
    run,
    save,
    schema,
    screen,
    shows,
    support,
    sync,
    timeline,
    upgrade,
    why,
)
from live.cli.app import app, main

__all__ = ["app", "main"]

for _verb in (
    run.run,
    check.check,
    upgrade.upgrade,
    demo.demo,
    shows.shows,
    save.save,
    report.report,
    why.why,
    learn.learn,
    timeline.timeline,
    recut.recut,
    console.console,
    screen.screen,
    bench.bench,
    models.models,
    doctor.doctor,
    support.support,
    schema.schema,
    devices.devices,
    sync.sync,
):
    app.command()(_verb)
app.add_typer(people.people, name="people")
