"""``opora pack``: what an author does with a catalogue pack."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from kiosk.catalogue import LIFE_STAGE_NAMES, FormFile, Pack, load_pack
from kiosk.catalogue.demo import ensure_demo_pack
from kiosk.errors import FormFault, Message
from kiosk.texts import Texts, texts_for
from kiosk.updates.installed import PACK_FILE
from ui.commands.folders import data_option

_LANGUAGE = click.option(
    "--language", default="en", show_default=True, help="Language of the words that are shown."
)


@click.group()
def pack() -> None:
    """Build a catalogue pack, show what one holds, or install it."""


@pack.command()
@click.argument("source", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@_LANGUAGE
def build(source: Path, out: Path, language: str) -> None:
    """Build the folder SOURCE into the pack OUT (usually NAME.opora-pack)."""
    from kiosk.catalogue.authoring import build_pack

    texts = texts_for(language)
    console = Console(stderr=True)
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    ) as bar:
        task = bar.add_task(texts.say("Building the pack"))

        def told(doing: str, done: int, total: int) -> None:
            bar.update(task, description=doing, completed=done, total=total)

        built = build_pack(source, out, told, inspect=lambda form: _inspected(form, texts))
    for form, warning in built.warnings:
        console.print(f"{form}: {warning}", highlight=False, markup=False)
    click.echo(
        texts.say(
            "Built {file}. Services: {services}. Forms: {forms}. Bytes: {bytes}.",
            file=str(out),
            services=len(built.pack.services),
            forms=len(built.pack.forms),
            bytes=out.stat().st_size,
        )
    )


def _inspected(form: FormFile, texts: Texts) -> Iterator[str]:
    """What the form engine says about a converted form; a form that a kiosk cannot ask stops the build."""
    from kiosk.forms import Level, check_form

    for finding in check_form(form.source, form.attachments):
        if finding.level is Level.ERROR:
            raise FormFault(
                Message(
                    "The form {id} cannot be asked at a kiosk: {where}: {reason}",
                    {"id": form.id, "where": finding.where, "reason": texts.message(finding.sentence)},
                ),
                Message("Mend it in the pack's sources and build the pack again."),
            )
        if finding.level is Level.WARNING:
            yield f"{finding.where}: {texts.message(finding.sentence)}"


@pack.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_LANGUAGE
def show(file: Path, language: str) -> None:
    """Check the pack FILE and list what it holds."""
    texts = texts_for(language)
    loaded = load_pack(file)
    console = Console()
    console.print(f"{loaded.id} {loaded.version} ({', '.join(loaded.languages)})", highlight=False)
    console.print(_services(loaded, texts))
    for form in loaded.forms.values():
        console.print(f"{form.id} {form.version} sha256:{form.sha256}", highlight=False, soft_wrap=True)


@pack.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@data_option
@_LANGUAGE
def install(file: Path | None, data: Path, language: str) -> None:
    """Give a kiosk the services of the pack FILE; without FILE those of the demonstration, to practise with.

    For kiosks that work alone: what comes signed from the agency takes their place.
    """
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(dir=data, prefix="pack-") as beside:
        copied = Path(beside) / PACK_FILE
        if file is None:
            ensure_demo_pack(copied)
        else:
            shutil.copyfile(file, copied)
        loaded = load_pack(copied)
        # On the disk whole or not at all: a kiosk that may be open reads it at its next start.
        with copied.open("rb") as whole:
            os.fsync(whole.fileno())
        copied.replace(data / PACK_FILE)
    texts = texts_for(language)
    click.echo(
        texts.say(
            "{pack} is installed. Services: {services}. The kiosk has them when it is opened next.",
            pack=f"{loaded.id} {loaded.version}",
            services=len(loaded.services),
        )
    )


def _services(loaded: Pack, texts: Texts) -> Table:
    table = Table(box=None)
    for heading in (
        texts.say("Life stage"),
        texts.say("Service"),
        texts.say("Agency"),
        texts.say("Application form"),
    ):
        table.add_column(heading)
    for service in loaded.services:
        table.add_row(
            texts.say(LIFE_STAGE_NAMES[service.life_stage]),
            service.plain_name.text(texts.language),
            loaded.agencies[service.agency].name.text(texts.language),
            service.form or "–",
        )
    return table
