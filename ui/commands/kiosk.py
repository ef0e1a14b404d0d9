"""`opora kiosk`: the kiosk, full screen, over a data folder."""

import os
import sys
from pathlib import Path

import click

from ui.commands.folders import data_option


@click.command()
@data_option
@click.option("--panel", help="Diagonal of the screen in inches, where it reports a wrong size.")
@click.option("--window", is_flag=True, help="In a window instead of the full screen.")
@click.option(
    "--alone",
    is_flag=True,
    help="The session shows nothing else: leaving it means switching the computer off.",
)
def kiosk(data: Path, panel: str | None, window: bool, alone: bool) -> None:
    """Open the kiosk."""
    from ui.computer import SESSION
    from ui.forgetful import start_forgetful

    if alone:
        os.environ[SESSION] = "kiosk"

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
