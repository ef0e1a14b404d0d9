"""`opora cards`: what to hang beside the kiosk."""

from pathlib import Path

import click

from kiosk.texts import LANGUAGES, texts_for
from ui.commands.folders import data_option


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@data_option
def cards(file: Path, language: str, data: Path) -> None:
    """Write cards to print into FILE (PDF): what to do without sound, printer, line, clock, or screen."""
    from kiosk.checks import setting_of
    from kiosk.store import Setting
    from ui.card_pictures import help_cards

    content = help_cards(texts_for(language), setting_of(data.absolute(), Setting.CENTRE_PHONE))
    file.write_bytes(content)
    click.echo(f"{file}: {len(content)} bytes")
