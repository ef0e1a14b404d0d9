"""``opora forms``: for whoever makes forms. No window is opened."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import NoReturn

import click
from rich.console import Console
from rich.progress import Progress

from kiosk.errors import Fault, FormFault, Message
from kiosk.forms import Finding, Form, Level, attachment_names, check_form, fill_randomly, parse_form
from kiosk.texts import Texts, texts_for

_STYLES = {Level.ERROR: "bold red", Level.WARNING: "yellow", Level.NOTE: "dim"}
_SPREADSHEETS = frozenset({".xlsx", ".xlsm", ".xls", ".md"})
LARGEST_TYPICAL_BYTES = 1_024
"""What a village's line carries without anybody waiting for it."""


@dataclass(frozen=True, slots=True)
class _Source:
    """A form as an author has it. ``rows``: where a spreadsheet's nodes come from."""

    xform: bytes
    repairs: tuple[Message, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)


@click.group()
def forms() -> None:
    """Check forms, and fill them in without a screen."""


@forms.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Say what is wrong with an XForm or XLSForm, or could be. Fails when a kiosk cannot ask it."""
    texts = _texts()
    console = Console(highlight=False, soft_wrap=True)
    source = _source(file, texts)
    _tell_repairs(console, source, texts)
    attachments = _attachments(file, source.xform)
    found = check_form(source.xform, attachments)
    for finding in found:
        words = f"{_where(finding, source, texts)}{texts.message(finding.sentence)}"
        console.print(words, style=_STYLES[finding.level], markup=False)
    _tell_size(console, source.xform, attachments, texts)
    _tell_second_opinion(console, source.xform, texts)
    errors = sum(finding.level is Level.ERROR for finding in found)
    if errors:
        console.print(texts.many("{count} fault to mend.", "{count} faults to mend.", errors))
        sys.exit(1)
    console.print(texts.say("A kiosk can ask this form."))


@forms.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the XForm here [default: FILE.xml]."
)
def convert(file: Path, out: Path | None) -> None:
    """Make an XForm of a spreadsheet (XLSForm), mend what is mechanical, and say what was mended."""
    texts = _texts()
    console = Console(highlight=False, soft_wrap=True)
    source = _converted(file, texts)
    _tell_repairs(console, source, texts)
    target = out or file.with_name(f"{file.name}.xml")
    try:
        target.write_bytes(source.xform)
    except OSError as error:
        raise click.FileError(str(target), error.strerror or "") from error
    console.print(texts.say("Written: {file}", file=target.name), markup=False)


def _source(file: Path, texts: Texts) -> _Source:
    if file.suffix.lower() in _SPREADSHEETS:
        return _converted(file, texts)
    return _Source(file.read_bytes())


def _converted(file: Path, texts: Texts) -> _Source:
    # pyxform is slow to import and belongs to the part for authors.
    from kiosk.catalogue.repairs import convert_as_found

    try:
        converted = convert_as_found(file)
    except Fault as fault:
        _end(fault, texts)
    return _Source(converted.xform, converted.repairs, converted.rows)


def _tell_repairs(console: Console, source: _Source, texts: Texts) -> None:
    for repair in source.repairs:
        console.print(texts.say("Mended: {what}", what=texts.message(repair)), style="cyan", markup=False)


def _where(finding: Finding, source: _Source, texts: Texts) -> str:
    """Sheet, row and column where the author wrote them; otherwise the path."""
    row = source.rows.get(finding.where)
    if row is None:
        return f"{finding.where}: " if finding.where else ""
    if finding.column:
        words = texts.say("sheet survey, row {row}, column {column}", row=row, column=finding.column)
    else:
        words = texts.say("sheet survey, row {row}", row=row)
    return f"{words} ({finding.where}): "


def _tell_size(console: Console, xform: bytes, attachments: Mapping[str, bytes], texts: Texts) -> None:
    from kiosk.applications.submission import compressed

    try:
        form = parse_form(xform, attachments)
        sizes = [len(compressed(fill_randomly(form, seed).submission(), xform)) for seed in range(1, 4)]
    except FormFault:
        return  # Said already.
    typical = int(median(sizes))
    if typical > LARGEST_TYPICAL_BYTES:
        sentence = Message(
            "A typical application takes {bytes} bytes, more than {most}: it waits long on a slow line.",
            {"bytes": typical, "most": LARGEST_TYPICAL_BYTES},
        )
        console.print(texts.message(sentence), style=_STYLES[Level.WARNING], markup=False)


def _tell_second_opinion(console: Console, xform: bytes, texts: Texts) -> None:
    from kiosk.catalogue.odk_validate import second_opinion

    said = second_opinion(xform)
    if said is None:
        console.print(texts.say("ODK Validate was not asked: it needs Java and pyxform."), style="dim")
    for words in said or ():
        console.print(
            texts.say("ODK Validate says: {words}", words=words), style=_STYLES[Level.WARNING], markup=False
        )


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
        _end(fault, texts)
    if out is None:
        click.echo(submission)
    else:
        out.write_bytes(submission)


def _end(fault: Fault, texts: Texts) -> NoReturn:
    click.echo(texts.message(fault.title), err=True)
    if fault.detail:
        click.echo(fault.detail, err=True)
    click.echo(texts.message(fault.advice), err=True)
    sys.exit(1)


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
