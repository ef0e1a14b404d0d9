"""`opora kiosk`: the kiosk, full screen, over a data folder."""

import sys
from pathlib import Path

import click

from ui.commands.folders import data_option


@click.command()
@data_option
@click.option("--panel", help="Diagonal of the screen in inches, where it reports a wrong size.")
@click.option("--window", is_flag=True, help="In a window instead of the full screen.")
def kiosk(data: Path, panel: str | None, window: bool) -> None:
    """Open the kiosk."""
    from ui.forgetful import start_forgetful

    start_forgetful()
    from ui.opening import Opening, application, glass_here, run

    qt = application()
    opening = Opening(data, glass_here(panel), guarded=not window)
    if window:
        opening.window.resize(1280, 720)
        opening.window.show()
    else:
        opening.show_full_screen(panel)
    sys.exit(run(qt, opening))
