"""``opora forms``: for whoever makes forms. No window is opened."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from kiosk.errors import FormFault
from kiosk.forms import Form, Level, attachment_names, check_form, fill_randomly, parse_form
from kiosk.texts import Texts, texts_for

_STYLES = {Level.ERROR: "bold red", Level.WARNING: "yellow", Level.NOTE: "dim"}


@click.group()
def forms() -> None:
    """Check forms, and fill them in without a screen."""


@forms.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Say what is wrong with a form, or could be. Fails when a kiosk cannot ask it."""
    texts = _texts()
    source = file.read_bytes()
    found = check_form(source, _attachments(file, source))
    console = Console(highlight=False, soft_wrap=True)
    for finding in found:
        where = f"{finding.where}: " if finding.where else ""
        console.print(f"{where}{texts.message(finding.sentence)}", style=_STYLES[finding.level], markup=False)
    errors = sum(finding.level is Level.ERROR for finding in found)
    if errors:
        console.print(texts.many("{count} fault to mend.", "{count} faults to mend.", errors))
        sys.exit(1)
    console.print(texts.say("A kiosk can ask this form."))


@forms.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--answers", type=click.Choice(["random"]), default="random", show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same answers.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write here instead of to stdout."
)
def fill(file: Path, answers: str, seed: int, out: Path | None) -> None:
    """Fill a form in to the end with valid answers, and write the submission."""
    texts = _texts()
    source = file.read_bytes()
    try:
        form = parse_form(source, _attachments(file, source))
        for warning in form.warnings:
            click.echo(warning, err=True)
        submission = _filled(form, seed, texts)
    except FormFault as fault:
        click.echo(texts.message(fault.title), err=True)
        if fault.detail:
            click.echo(fault.detail, err=True)
        click.echo(texts.message(fault.advice), err=True)
        sys.exit(1)
    if out is None:
        click.echo(submission)
    else:
        out.write_bytes(submission)


def _filled(form: Form, seed: int, texts: Texts) -> bytes:
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task(texts.say("Filling in the form"), total=None)
        session = fill_randomly(
            form, seed, progress=lambda done, of: progress.update(bar, completed=done, total=of)
        )
    return session.submission()


def _attachments(file: Path, source: bytes) -> Mapping[str, bytes]:
    """The files that the form speaks of, where they lie beside it."""
    found: dict[str, bytes] = {}
    for name in attachment_names(source):
        beside = file.parent / name
        if beside.is_file():
            found[name] = beside.read_bytes()
    return found


def _texts() -> Texts:
    return texts_for(os.environ.get("LANGUAGE", os.environ.get("LANG", "en"))[:2])
