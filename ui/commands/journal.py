"""``opora journal``: whether it is whole, and as a table."""

import json
import sys
from pathlib import Path

import click

from kiosk.journal import BadEntry
from kiosk.operators import JournalReading
from kiosk.store.backup import beside
from kiosk.store.repositories import Repositories
from kiosk.texts import LANGUAGES, texts_for
from ui.commands.folders import a_kiosk_in, data_option
from ui.commands.terminal import coordinator, now, opened


@click.group()
def journal() -> None:
    """Verify the journal, or export it."""


@journal.command()
@data_option
@click.option(
    "--heads",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What the hub has heard (“opora hub journal KIOSK”): finds what was cut or made anew as a whole.",
)
def verify(data: Path, heads: Path | None) -> None:
    """Name the first bad entry, also while the kiosk runs. Ends with 1 where there is one."""
    a_kiosk_in(data)
    with beside(data) as repositories:
        bad = repositories.journal.verify() or (None if heads is None else _against(repositories, heads))
        head = repositories.journal.head()
    if bad is not None:
        click.echo(f"Entry {bad.number} is the first that does not hold: it was {bad.why}.")
        sys.exit(1)
    click.echo(f"The journal is whole: {0 if head is None else head.number} entries.")


def _against(repositories: Repositories, heads: Path) -> BadEntry | None:
    for line in heads.read_text(encoding="ascii").splitlines():
        heard = json.loads(line)
        here = repositories.journal.hash_at(heard["number"])
        if here is None:
            head = repositories.journal.head()
            return BadEntry(1 if head is None else head.number + 1, "cut off")
        if here.hex() != heard["hash"]:
            return BadEntry(heard["number"], "made anew")
    return None


@journal.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@data_option
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
def export(file: Path, data: Path, language: str) -> None:
    """Write the journal to FILE as CSV; a coordinator signs in for it."""
    with opened(data) as one:
        signed_in = coordinator(one.operators)
        table = JournalReading(one.lane, now).export(signed_in, texts_for(language))
    # With a mark in front, so that a spreadsheet reads the letters of every language.
    file.write_text(table, encoding="utf-8-sig", newline="")
    click.echo(f"{file}: {table.count(chr(10)) - 1} entries.")
